"""Bodies and orders that failed, as tests to paste."""
