"""Messages that engines bring themselves: bags and frames of Dask, frames of pandas, and batches of Arrow."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import dask.bag as db
import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pytest

from altcraft_contract.distributed import SPARK_SCHEMA, check_bag, check_batches, check_dataframe, check_pandas
from altcraft_contract.distributed.texts import iter_rows
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.renderers.parquet_report import SCHEMA
from altcraft_contract.renderers.rows import Row
from altcraft_contract.rules.selection import RuleSelection
from tests.distributed.orders import ORDER, order_texts

if TYPE_CHECKING:
    from tests.distributed.clusters import Cluster

TEXTS = list(order_texts(25))
ERRORS = LintOptions(rules=RuleSelection(select=["wrong-type"]))
BROKEN = [0, 10, 20]
KEPT = pa.schema([("id", pa.string()), ("shop", pa.int64())])


def make_frame(index: Any = None) -> pd.DataFrame:
    """Orders, two of which are missing."""
    bodies: list[str | None] = [*TEXTS]
    bodies[3], bodies[20] = None, None
    return pd.DataFrame({"id": range(25), "body": bodies}, index=index)


def test_rows_tell_which_text_is_meant() -> None:
    """Texts and bytes are numbered from 1, with those that are missing; JSON and XML may stand side by side."""
    rows = list(iter_rows([None, TEXTS[0].encode(), TEXTS[1], TEXTS[0], "<xml/>"], path="here"))

    assert {row.document for row in rows if row.rule == "wrong-type"} == {2, 4}
    assert {row.syntax for row in rows if row.document == 5} == {"xml"}
    assert {row.path for row in rows} == {"here"}


def test_rows_come_before_all_texts_are_read() -> None:
    """Whoever has very many texts needs no memory for all of them."""

    def endless() -> Any:
        while True:
            yield TEXTS[0]

    assert next(iter_rows(endless())).document == 1


@pytest.mark.parametrize("text", [7, {"data": {}}, 1.5, [TEXTS[0]]])
def test_what_is_no_text_is_refused(text: Any) -> None:
    """A value that is no text is never passed over."""
    with pytest.raises(TypeError, match=f"message 2 is of type {type(text).__name__}: expected text, or bytes"):
        list(iter_rows([None, text]))
    with pytest.raises(TypeError, match="expected text, or bytes"):
        check_pandas(pd.DataFrame({"body": [None, text]}), "body")


def test_no_secret_is_in_a_row() -> None:
    """Tokens, e-mail addresses and telephone numbers are masked."""
    secrets = {"token": "s3cr3t-of-a-shop", "email": "anna@example.org", "phone": 79991234567}
    rows = list(iter_rows([json.dumps({**ORDER, **secrets, "data": {**ORDER["data"], **secrets}})]))

    assert rows
    for secret in ("s3cr3t", "anna@", "79991234567"):
        assert secret not in repr(rows)


@pytest.mark.parametrize(
    "index", [None, [f"row-{number}" for number in range(25)], pd.date_range("2025-01-01", periods=25)]
)
def test_a_frame_of_pandas(index: Any) -> None:
    """Each finding tells the label of its row, and the columns are of the same types whether there is one or not."""
    frame = make_frame(index)
    found = check_pandas(frame, "body", ERRORS)

    assert found["row"].tolist() == [frame.index[0], frame.index[10]]
    assert found["row"].dtype == frame.index.dtype
    assert list(found.columns) == [*Row._fields, "row"]
    pd.testing.assert_series_equal(check_pandas(frame.iloc[:0], "body", ERRORS).dtypes, found.dtypes)
    assert not len(check_pandas(frame.iloc[1:3], "body", ERRORS))


def test_frames_have_to_have_the_column() -> None:
    """A column that is not there is a `KeyError`."""
    with pytest.raises(KeyError, match="nope"):
        check_pandas(make_frame(), "nope")


def test_a_frame_of_dask_finds_what_pandas_finds() -> None:
    """However it is partitioned, with the types that were announced."""
    frame = make_frame()
    found = check_dataframe(dd.from_pandas(frame, npartitions=4), "body")
    computed = found.compute(scheduler="synchronous")

    pd.testing.assert_frame_equal(
        computed.drop(columns="document").reset_index(drop=True), check_pandas(frame, "body").drop(columns="document")
    )
    pd.testing.assert_series_equal(found.dtypes, computed.dtypes)


def test_a_bag_of_dask_finds_what_is_found_here() -> None:
    """Findings are dictionaries, in the order of the bag."""
    found = check_bag(db.from_sequence(TEXTS, npartitions=4), ERRORS).compute(scheduler="synchronous")

    assert [row["external_id"] for row in found] == [f"order_{number}" for number in BROKEN]
    assert all(set(row) == set(Row._fields) for row in found)


@pytest.mark.costly
@pytest.mark.xdist_group("cluster")
def test_bags_and_frames_work_on_a_cluster(cluster: Cluster) -> None:
    """What workers find comes back as it is found here."""
    bag = check_bag(db.from_sequence(TEXTS, npartitions=4), ERRORS)
    frame = check_dataframe(dd.from_pandas(make_frame(), npartitions=4), "body", ERRORS)
    with cluster.client() as client:
        rows, table = client.compute(bag).result(), client.compute(frame).result()

    assert rows == bag.compute(scheduler="synchronous")
    pd.testing.assert_frame_equal(table, frame.compute(scheduler="synchronous"))


def test_batches_of_arrow() -> None:
    """Each batch gives a batch of findings, if it has any, with the columns that were kept before those of `Row`."""
    ids = [f"id-{number}" for number in range(25)]
    table = pa.table({"id": ids, "shop": range(25), "body": [None, *TEXTS[1:]]})
    batches = [*table.to_batches(max_chunksize=5), table.slice(1, 2).to_batches()[0]]

    found = list(check_batches(batches, "body", ERRORS, keep=["id", "shop"]))

    assert [batch.schema.names for batch in found] == [["id", "shop", *Row._fields]] * 2
    assert [batch.column("id").to_pylist() for batch in found] == [["id-10"], ["id-20"]]
    assert [batch.column("day").to_pylist() for batch in found] == [[date(2026, 2, 18)]] * 2
    assert pa.schema(list(found[0].schema)[2:]) == pa.schema(list(SCHEMA))
    assert not list(check_batches(batches[:1], "body", ERRORS))
    assert not list(check_batches([], "body"))


def test_batches_have_to_have_the_column() -> None:
    """A column that is not there is a `KeyError`, and one to keep has a name of its own."""
    batch = pa.RecordBatch.from_pydict({"body": TEXTS, "path": TEXTS})
    with pytest.raises(KeyError, match="nope"):
        list(check_batches([batch], "nope"))
    with pytest.raises(KeyError, match="nope"):
        list(check_batches([batch], "body", keep=["nope"]))
    with pytest.raises(ValueError, match="'path' is a column of the findings: give the one to keep another name"):
        list(check_batches([batch], "body", keep=["path"]))


def test_spark_is_told_what_the_batches_hold() -> None:
    """The schema for Spark has the names and the types of the batches."""
    types = {pa.string(): "string", pa.int64(): "bigint", pa.date32(): "date"}

    assert ", ".join(f"`{field.name}` {types[field.type]}" for field in SCHEMA) == SPARK_SCHEMA
