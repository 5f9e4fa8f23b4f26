"""Findings to edits of the files that they are about: only what loses nothing, and only where one thing can be meant.

`fixing` mends one document, bytes to bytes; `files` mends whole files in their place; `diffs` shows what would change.
"""
