"""Findings to text and to machine forms; every one passes through redaction."""
