"""A live target in the place of the stub."""
