"""How the contract changes: between two versions of it, and between it and the vendor's page.

```python
from altcraft_contract.contract import load_contract
from altcraft_contract.evolution import compare_contracts

for change in compare_contracts(load_contract("v75"), load_contract("./v76")):
    print(change.verdict, change.pointer, change.text)
```
"""

from altcraft_contract.evolution.changes import Change
from altcraft_contract.evolution.compare import compare_contracts

__all__ = ["Change", "compare_contracts"]
