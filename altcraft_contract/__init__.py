"""Contract tests for the Order Confirmation call of the Altcraft marketing platform.

The capabilities are the modules: `altcraft_contract.validation`, `altcraft_contract.conversion`,
`altcraft_contract.rules`, `altcraft_contract.contract`.
"""

__version__ = "0.1.0"
