"""Check a column of orders within Spark, and write the findings as Parquet.

    spark-submit check_orders.py ORDERS FINDINGS

ORDERS is a Parquet file, or a folder of them, with the columns `order_id` (a text) and `body` (the request).
FINDINGS is a folder that does not exist yet.
"""

import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import SparkSession

from altcraft_contract.distributed import SPARK_SCHEMA, check_batches


def find(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The findings of some orders; runs on the executors."""
    return check_batches(batches, "body", keep=["order_id"])


def main(orders: str, findings: str) -> None:
    """Check, write, and count by rule."""
    spark = SparkSession.builder.appName("check-orders").getOrCreate()
    found = spark.read.parquet(orders).mapInArrow(find, f"order_id string, {SPARK_SCHEMA}")
    found.write.parquet(findings)
    spark.read.parquet(findings).groupBy("severity", "rule").count().orderBy("severity", "rule").show(truncate=False)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
