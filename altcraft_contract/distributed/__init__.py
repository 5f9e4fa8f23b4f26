"""The same checks beyond one machine: on a cluster of Dask, on its bags and data frames, and within Spark.

It needs the extra `distributed`; `check_pandas` needs pandas alone, and `check_batches` pyarrow, as Spark has it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from altcraft_contract.distributed.cluster import iter_outcomes
    from altcraft_contract.distributed.collections import check_bag, check_dataframe
    from altcraft_contract.distributed.texts import SPARK_SCHEMA, check_batches, check_pandas

__all__ = ["SPARK_SCHEMA", "check_bag", "check_batches", "check_dataframe", "check_pandas", "iter_outcomes"]

_HOMES = {
    "SPARK_SCHEMA": "texts",
    "check_bag": "collections",
    "check_batches": "texts",
    "check_dataframe": "collections",
    "check_pandas": "texts",
    "iter_outcomes": "cluster",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: none of it needs all libraries."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
