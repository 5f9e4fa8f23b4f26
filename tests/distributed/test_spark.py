"""The example for Spark, where there is a Spark."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from altcraft_contract.distributed.texts import iter_rows
from tests.distributed.orders import order_texts

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "spark" / "check_orders.py"

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")


def test_spark_finds_what_is_found_here(tmp_path: Path) -> None:
    """The findings that Spark writes are those of the same orders, each with the id of its order."""
    pytest.importorskip("pyspark", reason="Spark is too large for every run")
    texts = list(order_texts(200))
    ids = [f"id-{number}" for number in range(200)]
    parquet.write_table(pa.table({"order_id": ids, "body": texts}), tmp_path / "orders.parquet")

    subprocess.run(
        [sys.executable, EXAMPLE, tmp_path / "orders.parquet", tmp_path / "findings"],
        cwd=tmp_path,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"},
        check=True,
        timeout=300,
    )

    found = parquet.read_table(tmp_path / "findings").to_pylist()
    assert Counter((row["order_id"], row["rule"], row["pointer"]) for row in found) == Counter(
        (ids[row.document - 1], row.rule, row.pointer) for row in iter_rows(texts) if row.document is not None
    )
