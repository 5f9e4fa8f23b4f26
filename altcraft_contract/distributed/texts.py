"""Messages in memory to rows of findings, for engines that bring their own data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import MissingExtra
from altcraft_contract.lint.bulk.chunk import Text, Texts
from altcraft_contract.lint.bulk.work import Plan, check_chunk
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.payloads import Payload
from altcraft_contract.renderers.rows import Row, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    import pyarrow as pa

DEFAULTS: Final = LintOptions()
ROW: Final = "row"
"""The column that says where a message stood: its label in the index of the frame."""
_TOGETHER: Final = 1000  # messages that are checked before their findings are told
_NUMBERS: Final = ("document", "line", "column")
_SPARK_TYPES: Final = {**dict.fromkeys(_NUMBERS, "bigint"), "day": "date"}
SPARK_SCHEMA: Final = ", ".join(f"`{name}` {_SPARK_TYPES.get(name, 'string')}" for name in Row._fields)
"""What `check_batches` yields, as Spark wants to be told it; columns that are kept stand before these."""


def iter_rows(texts: Iterable[str | bytes | None], options: LintOptions = DEFAULTS, *, path: str = "") -> Iterator[Row]:
    """The findings of some messages.

    Args:
        texts: The bodies, in JSON or XML; None is passed over.
        options: How to check them.
        path: What to call them; `document` in the rows is the number of the text, from 1.

    Raises:
        TypeError: if something is no text.
    """
    plan = Plan(options)
    payload = Payload(path, None, explicit=True, url=path or "memory:")
    together: list[Text] = []
    for number, text in enumerate(texts, 1):
        if text is not None:
            together.append(Text(number, 1, _as_bytes(text, number)))
        if len(together) >= _TOGETHER:
            yield from _rows(Texts(payload, None, together), plan)
            together = []
    yield from _rows(Texts(payload, None, together), plan)


def _as_bytes(text: object, number: int) -> bytes:
    if isinstance(text, str):
        return text.encode(errors="surrogatepass")
    if isinstance(text, bytes | bytearray | memoryview):
        return bytes(text)
    raise TypeError(f"message {number} is of type {type(text).__name__}: expected text, or bytes")


def _rows(texts: Texts, plan: Plan) -> Iterator[Row]:
    for entry in check_chunk(texts, plan).entries:
        yield from rows_of(entry)


def check_pandas(frame: pd.DataFrame, column: str, options: LintOptions = DEFAULTS) -> pd.DataFrame:
    """Check a column of a pandas frame.

    Args:
        frame: Has a message a row; missing ones are passed over.
        column: Name of the column of texts, or bytes.
        options: How to check them.

    Returns:
        A row a finding: the columns of `Row`, and `row`, the label of the message in the index of *frame*.

    Raises:
        KeyError: if there is no such column.
        TypeError: if it holds something that is no text.
    """
    import pandas as pd  # noqa: PLC0415 - an extra

    values = frame[column]
    labels = values.index
    texts = (None if _is_missing(value) else value for value in values)
    rows = list(iter_rows(texts, options))
    found = pd.DataFrame.from_records([row._asdict() for row in rows], columns=list(Row._fields))
    found[ROW] = pd.Series([labels[(row.document or 1) - 1] for row in rows], dtype=labels.dtype)
    return found.astype({name: "Int64" if name in _NUMBERS else "string" for name in Row._fields})


def _is_missing(value: Any) -> bool:
    """Whether a cell has no message: None, NaN or `pandas.NA`."""
    import pandas as pd  # noqa: PLC0415 - an extra

    return value is None or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN


def check_batches(
    batches: Iterable[pa.RecordBatch], column: str, options: LintOptions = DEFAULTS, *, keep: Sequence[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Check a column of Arrow batches, as `mapInArrow` of Spark hands them out.

    Args:
        batches: Have a message a row; nulls are passed over.
        column: Name of the column of texts, or bytes.
        options: How to check them.
        keep: Names of columns that are taken along, to know the message again.

    Yields:
        A batch of findings for each batch that has any: the columns of *keep*, then those of `Row`. `document` is the
        number of the row in its batch, from 1.

    Raises:
        MissingExtra: if pyarrow is not installed.
        KeyError: if there is no such column.
        ValueError: if a column to keep has the name of one of the findings.
        TypeError: if the column holds something that is no text.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("parquet", "pyarrow") from None
    from altcraft_contract.renderers.parquet_report import SCHEMA  # noqa: PLC0415 - as above

    for name in keep:
        if name in Row._fields:
            raise ValueError(f"{name!r} is a column of the findings: give the one to keep another name")
    for batch in batches:
        rows = list(iter_rows(batch.column(column).to_pylist(), options))
        if not rows:
            continue
        kept = batch.select(list(keep)).take(pa.array([(row.document or 1) - 1 for row in rows], pa.int64()))
        told = [row._replace(day=_date_of(row)) for row in rows]  # type: ignore[arg-type]
        columns = [pa.array(values, field.type) for values, field in zip(zip(*told, strict=True), SCHEMA, strict=True)]
        yield pa.RecordBatch.from_arrays([*kept.columns, *columns], schema=pa.schema([*kept.schema, *SCHEMA]))


def _date_of(row: Row) -> date | None:
    return date.fromisoformat(row.day) if row.day is not None else None
