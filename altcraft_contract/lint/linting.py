"""Payload files to checked documents, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.lint.bulk.cutting import iter_chunks
from altcraft_contract.lint.bulk.work import Plan, check_chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.lint.bulk.chunk import Remark
    from altcraft_contract.lint.lint_options import LintOptions, Listener
    from altcraft_contract.lint.payloads import Payload
    from altcraft_contract.renderers.report import Entry


def iter_entries(payloads: Iterable[Payload], options: LintOptions, listener: Listener) -> Iterator[Entry]:
    """Check every document of *payloads*, each of which has an entry."""
    plan = Plan(options, tells_clean=True)
    for chunk in iter_chunks(payloads, options):
        if chunk is not None:
            outcome = check_chunk(chunk, plan)
            tell_remarks(outcome.remarks, listener)
            yield from outcome.entries


def tell_remarks(remarks: Iterable[Remark], listener: Listener) -> None:
    """Tell *listener* what is no entry."""
    for remark in remarks:
        if remark.kind == "skipped":
            listener.skipped(remark.path)
        elif remark.kind == "noted":
            listener.noted(remark.path, remark.text)
        elif remark.fault is not None:
            listener.unreadable(remark.fault)
