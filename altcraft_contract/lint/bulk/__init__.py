"""Checks of many documents at once: cut into chunks, which may be checked anywhere, and told in their order."""
