"""Text to tree, with positions; nothing here knows of orders."""
