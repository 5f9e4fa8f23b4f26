"""The conformance suite for the client of a shop: what it sends, and what it makes of every answer."""

from altcraft_contract.testing.client_suite.suite import ClientSuite

__all__ = ["ClientSuite"]
