"""Payload files and recordings as tests."""
