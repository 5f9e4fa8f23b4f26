"""Assertions about single bodies, and what their failures say."""
