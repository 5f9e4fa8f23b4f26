"""Load on an installation by Locust, also from many machines: valid orders, and a judgement of every answer.

```python
from altcraft_contract.load import OrderUser


class Shop(OrderUser):
    syntax = "json"
```

as `locustfile.py`, for `locust -f locustfile.py`; it needs the extra `load`. Locust patches the standard library when
it is imported, which nothing of this package does but `OrderUser`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from altcraft_contract.load.user import OrderUser

__all__ = ["OrderUser"]


def __getattr__(name: str) -> Any:
    """The user, which imports Locust."""
    if name == "OrderUser":
        from altcraft_contract.load.user import OrderUser  # noqa: PLC0415 - as said above

        return OrderUser
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
