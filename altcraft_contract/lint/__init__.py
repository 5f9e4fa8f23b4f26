"""Files to documents to findings."""
