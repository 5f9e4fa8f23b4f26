"""The phases: each makes the trials of one kind."""
