"""Findings as flat rows: NDJSON and Parquet."""

from __future__ import annotations

import builtins
import json
import sys
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.errors import MissingExtra
from altcraft_contract.renderers import ADOPTED, BINARY_RENDERERS, FORMATS, RENDERERS
from altcraft_contract.renderers.report import Adopting, Entry, RenderOptions, Tally
from altcraft_contract.renderers.rows import Row, rows_of
from altcraft_contract.validation import check_request
from tests.renderers.entries import entries, entry_of, finding, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from altcraft_contract.renderers.report import BinaryRenderer

EXAMPLE = load_contract().examples["request.json"].decode()
BROKEN = EXAMPLE.replace('"RUB"', '"rub"')


def lines_of(*run: Entry) -> list[dict[str, Any]]:
    """The parsed lines of a run."""
    text = rendered("ndjson", *run)
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def parquet_of(parts: Iterable[bytes]) -> Any:
    """The table of a Parquet file."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    return parquet.ParquetFile(BytesIO(b"".join(parts)))


def written(run: Iterable[Entry]) -> list[bytes]:
    """A run as a Parquet file, in parts."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    renderer = BINARY_RENDERERS["parquet"](RenderOptions())
    return [*renderer.begin(), *(part for entry in run for part in renderer.take(entry)), *renderer.end(Tally())]


def adopted(texts: Sequence[str]) -> list[bytes]:
    """Lines of NDJSON as a Parquet file, in parts."""
    renderer: BinaryRenderer = BINARY_RENDERERS["parquet"](RenderOptions())
    return [*renderer.begin(), *(part for text in texts for part in renderer.adopt(text)), *renderer.end(Tally())]


def as_line(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a table as a line of NDJSON has it."""
    return {**row, "day": str(row["day"]) if row["day"] is not None else None}


def test_a_row_tells_all_of_a_finding() -> None:
    """A row has the place of the finding, its rule, and the name and the day of the order."""
    entry = Entry("a.ndjson", 7, check_request(BROKEN), BROKEN, 100)
    row = next(rows_of(entry))
    order = json.loads(EXAMPLE)
    line = BROKEN[: BROKEN.index('"rub"')].count("\n") + 100
    assert row == Row(
        path="a.ndjson",
        document=7,
        line=line,
        column=row.column,
        message_type="request",
        syntax="json",
        rule="invalid-currency",
        severity="error",
        basis=row.basis,
        pointer="/data/currency",
        place="/data/currency",
        message=row.message,
        hint=row.hint,
        section="data object",
        external_id=order["external_id"],
        day=order["data"]["create_time"][:10],
    )
    assert row.message
    assert row.hint


def test_documents_without_findings_have_no_rows() -> None:
    """Of a clean run there is nothing to write."""
    assert lines_of(entry_of(), entry_of(document=1, path="a.ndjson", text="{}")) == []


@given(run=st.lists(entries(), max_size=4))
def test_every_line_is_a_row(run: list[Entry]) -> None:
    """Whatever the findings, each of them is a line with the same members, in UTF-8, and nothing else is a line."""
    lines = lines_of(*run)
    assert len(lines) == sum(len(entry.result.findings) for entry in run)
    assert all(tuple(line) == Row._fields for line in lines)


@given(run=st.lists(entries(), max_size=4))
def test_parquet_holds_the_same_rows(run: list[Entry]) -> None:
    """Both formats have the same rows, whether they are written here or were rendered elsewhere."""
    expected = lines_of(*run)
    texts = [rendered("ndjson", entry) for entry in run]
    for parts in (written(run), adopted(texts)):
        rows = parquet_of(parts).read().to_pylist()
        assert [as_line(row) for row in rows] == expected


def test_a_file_without_rows_has_its_columns() -> None:
    """An empty file can be read, and has the same columns and types as any other."""
    empty, full = parquet_of(written([])), parquet_of(written([entry_of(finding())]))
    assert empty.read().num_rows == 0
    assert empty.schema_arrow == full.schema_arrow
    assert empty.schema_arrow.names == list(Row._fields)
    kinds = {str(kind): name for name, kind in zip(Row._fields, empty.schema_arrow.types, strict=True)}
    assert set(kinds) == {"string", "int64", "date32[day]"}


def test_a_day_is_a_date() -> None:
    """Whoever reads the table need not parse days."""
    row, *_ = parquet_of(written([Entry("a", None, check_request(BROKEN), BROKEN)])).read().to_pylist()
    assert row["day"] == date.fromisoformat(json.loads(EXAMPLE)["data"]["create_time"][:10])


def test_rows_are_written_while_the_run_goes_on() -> None:
    """Rows are written in groups of bounded length, as soon as there are enough, and none is lost."""
    module = pytest.importorskip("altcraft_contract.renderers.parquet_report")
    many = entry_of(*[finding()] * (module.MOST_ROWS // 4))
    renderer = BINARY_RENDERERS["parquet"](RenderOptions())
    head = b"".join(renderer.begin())
    early = [b"".join(renderer.take(many)) for _ in range(9)]
    end = b"".join(renderer.end(Tally()))
    assert head == b"PAR1"
    assert [bool(part) for part in early] == [False, False, False, True] * 2 + [False]
    file = parquet_of([head, *early, end])
    sizes = [file.metadata.row_group(index).num_rows for index in range(file.num_row_groups)]
    assert sizes == [module.MOST_ROWS] * 2 + [module.MOST_ROWS // 4]


def test_long_texts_are_written_early() -> None:
    """Rows of long texts are not kept until there are many."""
    long = entry_of(*[finding(message="long " * 2**18)] * 20)
    assert parquet_of(written([long])).num_row_groups > 1


def test_without_pyarrow_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyarrow is not installed, making the renderer says how to get it."""
    load = builtins.__import__

    def refuse(name: str, *arguments: Any) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return load(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, "altcraft_contract.renderers.parquet_report", raising=False)
    with pytest.raises(MissingExtra, match=r"altcraft-contract\[parquet\]"):
        BINARY_RENDERERS["parquet"](RenderOptions())


def test_long_names_of_orders_are_cut() -> None:
    """A name of a megabyte does not stand in each row."""
    text = json.dumps({"external_id": "x " * 2**19})
    assert {len(row.external_id or "") for row in rows_of(Entry("a", None, check_request(text), text))} == {200}


def test_names_that_are_secrets_are_masked() -> None:
    """The name of an order may be an address, or the token; no row shows it."""
    for name in ("ann@example.com", "QXZWJ0123456789"):
        text = json.dumps({"token": "QXZWJ0123456789", "external_id": name})
        assert {row.external_id for row in rows_of(Entry("a", None, check_request(text), text))} == {"***"}


def test_formats_are_known_by_one_name_each() -> None:
    """No format is both text and none, and what is adopted is a format whose documents stand for themselves."""
    assert len(set(FORMATS)) == len(RENDERERS) + len(BINARY_RENDERERS)
    assert set(ADOPTED) <= set(BINARY_RENDERERS)
    for format_ in ADOPTED.values():
        assert isinstance(RENDERERS[format_](RenderOptions()), Adopting)
