"""Payloads to parts: what one worker reads by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.bulk.chunk import Files, Records, Remark, Remarks, Span
from altcraft_contract.lint.bulk.cutting import Counts, Cutter, count, iter_spans, read_span
from altcraft_contract.lint.bulk.work import check_chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.lint.bulk.work import Outcome, Plan
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.payloads import Payload

_ABSENT: Final = (FileNotFoundError, PermissionError)
_COMPARED: Final = 64  # bytes that tell whether a file is stored as it is read

Part = Files | Span | Remarks


class PartSizes(NamedTuple):
    """How large parts are.

    Attributes:
        span: Bytes of a part of a large file that is not compressed.
        small: Bytes of files that go together, at most; larger ones are parts by themselves.
        files: Files that go together, at most.
    """

    span: int = 1 << 24
    small: int = 1 << 22
    files: int = 500


LARGE: Final = PartSizes()
"""A part takes about a second: longer than to hand it out, and not too long to do it again."""


def iter_parts(payloads: Iterable[Payload], options: LintOptions, sizes: PartSizes = LARGE) -> Iterator[Part]:
    """Cut payloads into parts, in their order; of each large file only the beginning is read here.

    Args:
        payloads: Files that all workers can read.
        options: How they are to be checked.
        sizes: How large the parts are.
    """
    together: list[Payload] = []
    size = 0
    for payload in map(_absolute, payloads):
        parts = list(_parts_of(payload, options, sizes))
        here = payload.size or 0
        if together and (parts or size + here > sizes.small or len(together) >= sizes.files):
            yield Files(tuple(together), size)
            together, size = [], 0
        yield from parts
        if not parts:
            together.append(payload)
            size += here
    if together:
        yield Files(tuple(together), size)


def _absolute(payload: Payload) -> Payload:
    """*payload* as workers find it, who work in folders of their own."""
    if payload.file is None or payload.file.is_absolute():
        return payload
    return payload._replace(file=payload.file.absolute())


def _parts_of(payload: Payload, options: LintOptions, sizes: PartSizes) -> Iterator[Part]:
    """The parts of one payload; none if it is so small that it goes together with others."""
    if payload.is_standard_input:
        yield _unreadable(payload, "the standard input cannot be read on a cluster; name files")
        return
    size = payload.size
    if size is None or size <= sizes.small:
        return
    if size <= sizes.span or payload.is_compressed or payload.is_columnar:
        yield Files((payload,), size)
        return
    syntax = _syntax_of_lines(payload, options)
    if syntax is None:
        yield Files((payload,), size)
    else:
        yield from iter_spans(payload, syntax, size, sizes.span)


def _unreadable(payload: Payload, reason: str) -> Remarks:
    return Remarks((Remark("unreadable", payload.path, fault=UnreadableFile(payload.path, reason)),))


def _syntax_of_lines(payload: Payload, options: LintOptions) -> Syntax | None:
    """The syntax of the lines of a file that can be read in parts; None of others."""
    try:
        first = next(iter(Cutter(options).cut(payload)), None)
        return first.syntax if isinstance(first, Records) and _is_stored_as_read(payload) else None
    except (UnreadableFile, OSError):  # the worker tells why
        return None


def _is_stored_as_read(payload: Payload) -> bool:
    """Whether a file is not compressed, whatever its name says."""
    if payload.url is None:
        return True
    try:
        with payload.open_seekable() as stored:
            start = stored.read(_COMPARED)
        with payload.open() as file:
            return file.read(_COMPARED) == start
    except Exception:  # noqa: BLE001 - file systems raise what they like; whoever reads it as a whole tells why
        return False


def check_part(part: Part, plan: Plan) -> Outcome:
    """Check what a part holds; numbers of records and lines in a span are those of a file that begins with it."""
    outcome = check_chunk(part, plan).portable()
    return outcome._replace(remarks=tuple(map(_placed, outcome.remarks)))


def _placed(remark: Remark) -> Remark:
    """*remark* with the worker's name, if a file may be missing only there."""
    if remark.fault is None or not isinstance(remark.fault.__cause__, _ABSENT):
        return remark
    from distributed import get_worker  # noqa: PLC0415 - whoever runs this has it

    try:
        name = get_worker().address
    except ValueError:  # this is no worker
        return remark
    reason = f"{remark.fault.reason} (on worker {name}; every worker must be able to read it)"
    return remark._replace(fault=UnreadableFile(remark.fault.path, reason))


def count_part(span: Span, plan: Plan) -> Counts:
    """How many records and lines a span has, without a check."""
    records = lines = 0
    for part in read_span(span, plan.options.limits.max_bytes + 1):
        counts = count(part.data)
        records += counts.records
        lines += counts.lines
    return Counts(records, lines)


def lost_part(part: Part, reason: str) -> Remarks:
    """What to tell of a part that nobody has checked, file by file.

    Args:
        part: The part.
        reason: Why it has no verdict.
    """
    match part:
        case Files(payloads):
            faults = [UnreadableFile(payload.path, reason) for payload in payloads]
        case Span(payload=payload):
            where = f"the lines that begin at bytes {part.start:,} to {part.stop:,}"
            faults = [UnreadableFile(payload.path, f"{where}: {reason}")]
        case _:
            return part
    return Remarks(tuple(Remark("unreadable", fault.path, fault=fault) for fault in faults))
