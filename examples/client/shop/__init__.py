"""A small shop that confirms its orders with Altcraft Marketing."""
