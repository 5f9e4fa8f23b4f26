"""The stub: a contract-aware server for clients in any language; and the proxy, which checks real traffic.

```python
from altcraft_contract.stub import StubServer

with StubServer() as stub:
    stub.use("outdated", times=1)
    ...  # point the client at stub.url
    assert stub.journal[0].ok
```

It behaves as the documentation describes, and checks every request. The documentation was read, no live service was
measured: what is invented or inferred is marked so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.stub.journal import Journal, JournalEntry
from altcraft_contract.stub.scenarios import SCENARIOS, Scenario
from altcraft_contract.stub.server import StubServer
from altcraft_contract.stub.stub import Stub
from altcraft_contract.stub.traffic import Answer, Request

if TYPE_CHECKING:
    from altcraft_contract.stub.proxy import Proxy, ProxyServer

__all__ = [
    "ENDPOINT_PATH",
    "SCENARIOS",
    "Answer",
    "Journal",
    "JournalEntry",
    "Proxy",
    "ProxyServer",
    "Request",
    "Scenario",
    "Stub",
    "StubServer",
]


def __getattr__(name: str) -> Any:
    """The proxy, whose HTTP client takes longer to import than the whole stub."""
    if name in ("Proxy", "ProxyServer"):
        from altcraft_contract.stub import proxy  # noqa: PLC0415 - as said above

        return getattr(proxy, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
