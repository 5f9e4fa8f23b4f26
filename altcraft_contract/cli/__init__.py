"""The command line. Each command's module is imported only when it runs."""

from altcraft_contract.cli.entry import main

__all__ = ["main"]
