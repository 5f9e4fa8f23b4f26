"""Checks of what Dask holds already: bags of messages, and data frames with a column of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.distributed.texts import DEFAULTS, check_pandas, iter_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    import dask.bag as db
    import dask.dataframe as dd

    from altcraft_contract.lint.lint_options import LintOptions


def check_bag(bag: db.Bag, options: LintOptions = DEFAULTS) -> db.Bag:
    """Check the messages of a bag.

    Args:
        bag: Of texts, or bytes; None is passed over.
        options: How to check them.

    Returns:
        A bag of findings, each of which is a dictionary with the attributes of `Row`. `document` is the number of the
        message in its partition, from 1; `external_id` tells the order.
    """
    found: db.Bag = bag.map_partitions(_rows_of, options)  # type: ignore[no-untyped-call]  # Dask's
    return found


def _rows_of(texts: Iterable[str | bytes | None], options: LintOptions) -> list[dict[str, Any]]:
    return [row._asdict() for row in iter_rows(texts, options)]


def check_dataframe(frame: dd.DataFrame, column: str, options: LintOptions = DEFAULTS) -> dd.DataFrame:
    """Check a column of a data frame.

    Args:
        frame: Has a message a row; missing ones are passed over.
        column: Name of the column of texts, or bytes.
        options: How to check them.

    Returns:
        A frame of findings, as `check_pandas` makes it of each partition.
    """
    meta = check_pandas(frame._meta, column, options)  # noqa: SLF001 - Dask's own way to say what will come
    found: dd.DataFrame = frame.map_partitions(  # type: ignore[no-untyped-call]  # Dask's
        check_pandas, column, options, meta=meta
    )
    return found
