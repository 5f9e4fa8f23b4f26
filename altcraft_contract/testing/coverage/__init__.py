"""Which documented fields, rules and scenarios the tests of a client exercised, and which never.

What counts, precisely, stands in `legend.py`; the reports print it.
"""

from altcraft_contract.testing.coverage.collector import Coverage

__all__ = ["Coverage"]
