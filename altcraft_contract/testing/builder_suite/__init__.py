"""Ready tests of what builds requests."""
