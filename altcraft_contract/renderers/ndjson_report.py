"""Findings as NDJSON: one flat JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from altcraft_contract.renderers.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.renderers.report import Entry, RenderOptions, Tally


class NdjsonReport:
    """A run as lines, each of them a `Row`; nothing stands before or after them."""

    def __init__(self, _: RenderOptions) -> None:
        pass

    def begin(self) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def take(self, entry: Entry) -> Iterator[str]:
        """A line for each finding of a document."""
        for row in rows_of(entry):
            yield json.dumps(row._asdict(), ensure_ascii=False, separators=(",", ":")) + "\n"

    def adopt(self, text: str) -> Iterator[str]:
        """What another one has made of documents, as part of this report."""
        yield text

    def end(self, _: Tally) -> Iterator[str]:
        """Nothing."""
        yield from ()
