"""The stub: a contract-aware server for clients in any language.

```python
from altcraft_contract.stub import StubServer

with StubServer() as stub:
    stub.use("outdated", times=1)
    ...  # point the client at stub.url
    assert not stub.journal[0].findings
```

It behaves as the documentation describes, and checks every request. The documentation was read, no live service was
measured: what is invented or inferred is marked so.
"""

from __future__ import annotations

from altcraft_contract.stub.journal import Journal, JournalEntry
from altcraft_contract.stub.scenarios import SCENARIOS, Scenario
from altcraft_contract.stub.server import StubServer
from altcraft_contract.stub.stub import Stub
from altcraft_contract.stub.traffic import ENDPOINT_PATH, Answer, Request

__all__ = [
    "ENDPOINT_PATH",
    "SCENARIOS",
    "Answer",
    "Journal",
    "JournalEntry",
    "Request",
    "Scenario",
    "Stub",
    "StubServer",
]
