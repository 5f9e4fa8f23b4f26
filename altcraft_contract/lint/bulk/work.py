"""A chunk to what there is to tell about it, wherever the work is done."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from altcraft_contract.contract import LATEST, load_contract, message_of
from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.findings import CheckResult, with_findings
from altcraft_contract.lint.bulk.chunk import Files, Records, Remark, Remarks, Span, Texts, Whole
from altcraft_contract.lint.bulk.cutting import Cutter, count, read_span
from altcraft_contract.lint.lint_options import CONTRACT, Listener
from altcraft_contract.lint.linter import START, Linter
from altcraft_contract.lint.payloads import reason_of
from altcraft_contract.lint.recognition import syntax_of_file
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.report import Entry, Tally
from altcraft_contract.validation.clean import make_clean_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.bulk.chunk import Chunk
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.payloads import Payload
    from altcraft_contract.renderers.report import RenderOptions
    from altcraft_contract.renderers.summary import Summary


class Rendering(NamedTuple):
    """A report that is rendered where the work is done.

    Attributes:
        format: Its name in `RENDERERS`; its renderer has a method `adopt`.
        options: How to render.
    """

    format: str
    options: RenderOptions


class Plan(NamedTuple):
    """What to do with each chunk.

    Attributes:
        options: How to check.
        tells_clean: Whether every record without findings has an entry of its own; else those of a chunk share one.
        summarises: Whether to count for a summary.
        sums_findings: Whether to count documents with findings, too; else that is left to who knows which ones count.
        renderings: Reports to render at once. If there are any, outcomes have no entries.
        counts_only: Whether nothing but counts is wanted.
    """

    options: LintOptions
    tells_clean: bool = False
    summarises: bool = False
    sums_findings: bool = True
    renderings: tuple[Rendering, ...] = ()
    counts_only: bool = False


class Outcome(NamedTuple):
    """What there is to tell about a chunk.

    Attributes:
        entries: In the order of the input; clean records together come last. Empty if only counts are wanted, or if
            the reports have been rendered.
        tally: Counts of the chunk.
        remarks: What is no finding.
        lines: How many lines of the file the chunk held, if its documents are records.
        records: How many records it held.
        summary: Counts for a summary, if one is wanted.
        rendered: A text for each rendering.
        stored: How many bytes of the input, as stored, are done with.
    """

    entries: tuple[Entry, ...]
    tally: Tally
    remarks: tuple[Remark, ...] = ()
    lines: int = 0
    records: int = 0
    summary: Summary | None = None
    rendered: tuple[str, ...] = ()
    stored: int = 0

    def portable(self) -> Outcome:
        """The same without the documents behind the results, to be sent to another process."""
        entries = tuple(
            entry._replace(result=with_findings(entry.result, entry.result.findings)) for entry in self.entries
        )
        return self._replace(entries=entries)

    def shifted(self, records: int, lines: int) -> Outcome:
        """The same, as part of a file in which so many records and lines stand before."""
        entries = tuple(
            entry
            if entry.document is None
            else entry._replace(document=entry.document + records, first_line=entry.first_line + lines)
            for entry in self.entries
        )
        if self.summary is not None:
            self.summary.shift(records, lines)
        return self._replace(entries=entries)


def prepare(plan: Plan) -> None:
    """Load what the work needs, once for all processes that are copies of this one."""
    import orjson  # noqa: F401, PLC0415 - the quickest reader does, once there is enough to read

    _quick_reader(plan.options, "json")


class Numbering:
    """Makes the numbers of spans those of whole files; is given the outcomes in the order of the input."""

    def __init__(self) -> None:
        self._payload: Payload | None = None
        self._records = 0
        self._lines = 0

    def number(self, chunk: Chunk, outcome: Outcome) -> Outcome:
        """The outcome of *chunk*, with the numbers of its file."""
        if type(chunk) is not Span:
            return outcome
        if not chunk.start or chunk.payload != self._payload:
            self._payload, self._records, self._lines = chunk.payload, 0, 0
        shifted = outcome.shifted(self._records, self._lines)
        self._records += outcome.records
        self._lines += outcome.lines
        return shifted


def outcome_of_lost(chunk: Chunk, fault: str, *, longest: int) -> Outcome:
    """What there is to tell of a chunk that could not be checked: its records and lines count all the same.

    Args:
        chunk: The chunk.
        fault: Why.
        longest: As for `read_span`.
    """
    records = lines = 0
    if type(chunk) is Span:
        with suppress(UnreadableFile, OSError):
            for part in read_span(chunk, longest):
                counts = count(part.data)
                records, lines = records + counts.records, lines + counts.lines
    payloads = () if isinstance(chunk, Remarks) else chunk.payloads if isinstance(chunk, Files) else (chunk.payload,)
    remarks = [Remark("unreadable", payload.path, fault=UnreadableFile(payload.path, fault)) for payload in payloads]
    return Outcome((), Tally(), tuple(remarks), lines, records)


def render_outcome(outcome: Outcome, renderings: Sequence[Rendering]) -> Outcome:
    """*outcome* with its entries rendered, and without them."""
    texts = []
    for rendering in renderings:
        renderer = RENDERERS[rendering.format](rendering.options)
        texts.append("".join(part for entry in outcome.entries for part in renderer.take(entry)))
    return outcome._replace(entries=(), rendered=tuple(texts))


def check_chunk(chunk: Chunk, plan: Plan) -> Outcome:
    """Check what a chunk holds.

    Returns:
        What there is to tell. A file that cannot be read is told in a remark; nothing is raised for any content.
    """
    gathered = _Gathering(plan)
    gathered.take(chunk)
    return gathered.outcome()


class _Gathering:
    """Checks chunks and puts together what comes of them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._entries: list[Entry] = []
        self._remarks: list[Remark] = []
        self._lines = 0
        self._records = 0
        self._stored = 0
        self._tally = Tally()
        self._summary: Summary | None = None
        if plan.summarises:
            from altcraft_contract.renderers.summary import Summary  # noqa: PLC0415 - few runs want one

            self._summary = Summary()
        self._listener = Listener(
            lambda path: self._remarks.append(Remark("skipped", path)),
            lambda path, text: self._remarks.append(Remark("noted", path, text)),
            lambda fault: self._remarks.append(Remark("unreadable", fault.path, fault=fault)),
        )
        makers = [(RENDERERS[rendering.format], rendering.options) for rendering in plan.renderings]
        self._renderers = [make(options) for make, options in makers]
        self._rendered: list[list[str]] = [[] for _ in makers]
        self._keeps_entries = not (makers or plan.counts_only)

    def outcome(self) -> Outcome:
        return Outcome(
            tuple(self._entries),
            self._tally,
            tuple(self._remarks),
            self._lines,
            self._records,
            self._summary,
            tuple(map("".join, self._rendered)),
            self._stored,
        )

    def take(self, chunk: Chunk) -> None:
        match chunk:
            case Remarks(remarks):
                self._remarks += remarks
            case Files(payloads):
                for payload in payloads:
                    self._take_file(payload)
                self._stored += chunk.size
            case _:
                try:
                    if isinstance(chunk, Span):
                        self._take_span(chunk)
                    else:
                        self._take_documents(chunk)
                except UnreadableFile as fault:
                    self._listener.unreadable(fault)
                except OSError as error:
                    self._listener.unreadable(UnreadableFile(chunk.payload.path, reason_of(error)))
                self._stored += chunk.stored

    def _take_file(self, payload: Payload) -> None:
        for chunk in Cutter(self._plan.options).cut(payload):
            if chunk is not None:
                self.take(chunk)

    def _take_span(self, span: Span) -> None:
        before = len(self._remarks)
        for records in read_span(span, self._plan.options.limits.max_bytes + 1):
            self.take(records)
            if span.start:  # its first record is not that of the file, of which something may be noted
                self._remarks[before:] = [remark for remark in self._remarks[before:] if remark.kind != "noted"]

    def _take_documents(self, chunk: Records | Texts | Whole) -> None:
        options = self._plan.options.for_path(chunk.payload.path)
        linter = Linter(options, self._listener, load_contract(options.contract))
        if type(chunk) is Whole:
            for entry in _clean_entries(linter, chunk) or linter.entries(chunk.payload, chunk.data):
                self._tell(entry, b"" if entry.where else chunk.data)
        elif type(chunk) is Records:
            self._take_lines(linter, chunk)
        elif type(chunk) is Texts:
            self._take_texts(linter, chunk)

    def _take_lines(self, linter: Linter, chunk: Records) -> None:
        """Check line by line; this loop runs once a record, and most have no findings."""
        data = chunk.data
        read = _quick_reader(linter.options, chunk.syntax)
        add_clean = self._summary.add_clean if self._summary is not None else None
        keeps_clean = self._plan.tells_clean and self._keeps_entries
        number, line_number, clean = chunk.first_record, chunk.first_line, 0
        has_returns = b"\r" in data
        for line in data.split(b"\n"):
            value = read(line)
            if value is not None and not keeps_clean:
                clean += 1
                number += 1
                if add_clean is not None:
                    add_clean(_day_of(value))
            elif line and not line.isspace():
                message = linter.message(line, chunk.syntax)
                entry = linter.check(
                    chunk.payload, number, line.rstrip(b"\r"), chunk.syntax, message, first_line=line_number
                )
                clean += self._tell(entry, line)
                number += 1
            line_number += 1
            if has_returns:
                line_number += line.count(b"\r") - line.endswith(b"\r")
        self._lines += line_number - chunk.first_line - data.endswith(b"\n")
        self._records += number - chunk.first_record
        self._tell_clean(chunk, chunk.first_record, clean)

    def _take_texts(self, linter: Linter, chunk: Texts) -> None:
        clean = 0
        for text in chunk.texts:
            syntax = chunk.syntax or sniff_syntax(text.data) or "json"
            value = _quick_reader(linter.options, syntax)(text.data)
            if value is not None and not self._plan.tells_clean:
                clean += 1
                if self._summary is not None:
                    self._summary.add_clean(_day_of(value))
                continue
            message = linter.message(text.data, syntax)
            entry = linter.check(chunk.payload, text.number, text.data, syntax, message, first_line=text.first_line)
            if chunk.payload.is_columnar:
                entry = entry._replace(where=f"row {text.number:,}")
            clean += self._tell(entry, text.data)
        if chunk.texts:
            self._tell_clean(chunk, chunk.texts[0].number, clean)

    def _tell(self, entry: Entry, data: bytes) -> bool:
        """Tell of a document; or return True for a record without findings, of which there is nothing to tell."""
        if self._summary is not None and (self._plan.sums_findings or not entry.result.findings):
            self._summary.add(entry if entry.text else entry._replace(text=data.decode(errors="replace")))
        if not entry.result.findings and entry.document is not None and not self._plan.tells_clean:
            return True
        self._tally.add(entry)
        if self._keeps_entries:
            self._entries.append(entry)
        for renderer, rendered in zip(self._renderers, self._rendered, strict=True):
            rendered.extend(renderer.take(entry))
        return False

    def _tell_clean(self, chunk: Records | Texts, first: int, count: int) -> None:
        """Tell of all records of a chunk that have no findings."""
        if not count:
            return
        entry = Entry(chunk.payload.path, first, _nothing_found(chunk.syntax or "json"), "", documents=count)
        self._tally.add(entry)
        if self._keeps_entries:
            self._entries.append(entry)


def _clean_entries(linter: Linter, chunk: Whole) -> tuple[Entry, ...]:
    """The entry of a file that is one message without findings; nothing where the full check must decide."""
    options = linter.options
    if options.extract and linter.is_host_suffix(chunk.payload):
        return ()
    syntax = syntax_of_file(chunk.data[:START], chunk.payload.suffix) if options.syntax == "auto" else options.syntax
    whole: Syntax = "xml" if syntax == "xml" else "json"
    value = _quick_reader(options, whole)(chunk.data)
    if value is None:
        return ()
    message = options.message if options.message != "auto" else message_of(value)
    return (Entry(chunk.payload.path, None, _nothing_found(whole, message), ""),)


def _quick_reader(options: LintOptions, syntax: Syntax) -> Callable[[bytes], Any]:
    """What tells documents that certainly have no finding from others."""
    is_plain = options.engine == "fast" and tuple(options.checks) == CONTRACT and options.contract == LATEST
    if not is_plain or options.keeps_text:
        return _undecided
    return _clean_reader(syntax, options.message, options.limits)


@cache
def _clean_reader(syntax: Syntax, message: Message | Literal["auto"], limits: Limits) -> Callable[[bytes], Any]:
    return make_clean_reader(syntax, message, limits=limits)


def _undecided(_: bytes) -> None:
    """Leave every document to the full check."""


@cache
def _nothing_found(syntax: Syntax, message: Message = "request") -> CheckResult:
    nothing = CheckResult(message, syntax, ok=True, place=tuple, render=lambda _: "")
    return with_findings(nothing, ())


def _day_of(value: Any) -> str | None:
    from altcraft_contract.renderers.summary import day_of  # noqa: PLC0415 - few runs want a summary

    return day_of(value)
