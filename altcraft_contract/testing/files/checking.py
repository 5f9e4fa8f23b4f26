"""The verdict on one file that holds messages, as its test shows it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from altcraft_contract.documents.limits import DEFAULT_LIMITS, MEBIBYTE
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import HOST_SUFFIXES, NO_HOST, Unseen, find_host, iter_judgements
from altcraft_contract.lint.hosts.host_text import HostText
from altcraft_contract.lint.hosts.judging import place_of
from altcraft_contract.lint.lint_options import LintOptions, Listener
from altcraft_contract.lint.linting import iter_entries
from altcraft_contract.lint.payloads import SUFFIXES, Payload, read_at_most, reason_of
from altcraft_contract.renderers.redaction import redact_path
from altcraft_contract.renderers.report import Tally
from altcraft_contract.renderers.text import count, render_result
from altcraft_contract.renderers.text_report import summary_of
from altcraft_contract.renderers.visible import visible
from altcraft_contract.testing.observing import is_observed, tell_exchange, tell_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.lint.hosts import Host
    from altcraft_contract.renderers.report import Entry
    from altcraft_contract.testing.settings import JudgingSettings

_START: Final = 1 << 16  # bytes, from which the kind of a file is told
_MOST_SHOWN: Final = 200  # findings; a report of more helps nobody, and travels between processes
_NO_CALL: Final = "no call to the endpoint: it holds no POST to /api/v1.1/market/orders/preorder_commit"


class FileVerdict(NamedTuple):
    """What a test of a file has to say.

    Attributes:
        fails: Whether the test fails.
        text: What was found, if anything was; lines without a final line end.
        skip: Why there was nothing to check; None if there was.
    """

    fails: bool
    text: str
    skip: str | None = None


def check_file(path: Path, label: str, settings: JudgingSettings, *, verbose: bool = False) -> FileVerdict:
    """Check all messages that stand in a file.

    Args:
        path: Where it is.
        label: What to call it.
        settings: Which rules count, and what fails.
        verbose: Whether to tell what each rule says.
    """
    check = _Check(label, settings, verbose=verbose)
    try:
        with Payload(label, path, explicit=True).open() as file:
            start = file.read(_START)
            host = find_host(path, start)
            rest = b"" if host is None else read_at_most(file, DEFAULT_LIMITS.max_bytes + 1 - len(start))
        if host is not None:
            check.take_host(host, start + rest)
        elif path.suffix.lower() in HOST_SUFFIXES - SUFFIXES:
            check.tell_fault(UnreadableFile(label, NO_HOST))
        else:
            check.take_payload(path)
    except UnreadableFile as fault:
        check.tell_fault(fault)
    except OSError as error:
        check.tell_fault(UnreadableFile(label, reason_of(error)))
    return check.verdict()


class _Check:
    def __init__(self, label: str, settings: JudgingSettings, *, verbose: bool) -> None:
        self.label = label
        self.settings = settings
        self.verbose = verbose
        self.tally = Tally()
        self.blocks: list[str] = []
        self.notes: list[str] = []
        self.broken: dict[str, None] = {}  # rules that fail the test, in order
        self.rule: str | None = None
        self.fails = False
        self.shown = 0
        self.unseen = 0
        self.is_host = False

    def take_payload(self, path: Path) -> None:
        """Check a file that holds one message, or one a line."""
        payload = Payload(self.label, path, explicit=True)
        listener = Listener(lambda _: None, self.note, self.tell_fault)
        records = _iter_records(path)
        for entry in iter_entries([payload], LintOptions(rules=self.settings.rules), listener):
            self.take_entry(entry)
            if is_observed():
                body = _read_whole(path) if entry.document is None else next(records, b"")
                self.tell(entry, body)
        if not self.tally.documents and not self.blocks:
            self.fails = True
            self.blocks.append(f"error: {_shown(self.label)}: nothing to check; name only files that hold messages")

    def take_host(self, host: Host, data: bytes) -> None:
        """Check the calls to the endpoint that a file records."""
        self.is_host = True
        if len(data) > DEFAULT_LIMITS.max_bytes:
            raise UnreadableFile(self.label, f"larger than {DEFAULT_LIMITS.max_bytes // MEBIBYTE} MiB; split the file")
        exchanges = host.iter_exchanges(data, self.label, DEFAULT_LIMITS)
        for judgement in iter_judgements(exchanges, self.label, HostText(data), rules=self.settings.rules):
            if isinstance(judgement, Unseen):
                self.take_unseen(judgement)
                continue
            self.take_entry(judgement.entry)
            if judgement.body is None:
                self.tally.documents -= 1  # the two that were checked together are counted already
                tell_exchange(judgement.entry.result.findings)
            else:
                self.tell(judgement.entry, judgement.body)

    def take_unseen(self, unseen: Unseen) -> None:
        """A message that nobody can judge must not pass for a good one."""
        self.unseen += 1
        self.fails = self.fails or self.settings.fail_on != "never"
        place = _shown(place_of(self.label, unseen.line, unseen.where))
        self.blocks.append(f"{place}: the body cannot be checked: {unseen.reason}")

    def take_entry(self, entry: Entry) -> None:
        result = next(self.tally.watch([entry])).result
        if not result.findings:
            return
        self.fails = self.fails or self.settings.fails(result)
        self.broken.update(dict.fromkeys(finding.rule for finding in self.settings.failing(result.findings)))
        self.rule = self.rule or result.findings[0].rule
        if self.shown >= _MOST_SHOWN:
            return
        self.shown += len(result.findings)
        self.blocks.append(
            render_result(
                result,
                entry.text,
                label=entry.path,
                verbose=self.verbose,
                first_line=entry.first_line,
                secrets=entry.secrets,
                where=entry.where,
            )
        )

    def tell(self, entry: Entry, body: bytes) -> None:
        result = entry.result
        tell_message(cast("Message", result.message), body, cast("Syntax", result.syntax), result.findings)

    def tell_fault(self, fault: UnreadableFile) -> None:
        self.fails = True
        self.blocks.append(f"error: {_shown(fault.path)}: {fault.reason}")

    def note(self, path: str, oddity: str) -> None:
        self.notes.append(f"note: {_shown(path)} {oddity}")

    def verdict(self) -> FileVerdict:
        """All that there is to say."""
        if not self.blocks:
            has_call = self.tally.documents or not self.is_host
            return FileVerdict(fails=False, text="", skip=None if has_call else f"{_shown(self.label)}: {_NO_CALL}")
        # Summaries of pytest show the first line.
        parts = [f"breaks {', '.join(self.broken)}"] if self.broken else []
        parts += self.blocks
        if self.tally.documents or self.unseen:
            parts.append("\n".join(self.notes + list(self.closing())))
        return FileVerdict(self.fails, "\n\n".join(parts))

    def closing(self) -> Iterator[str]:
        """The counts, and how to see more."""
        hidden = self.tally.errors + self.tally.warnings - self.shown
        if hidden > 0:
            where = "" if self.is_host else f": `altcraft-contract lint {_shown(self.label)}` shows all"
            yield f"{count(hidden, 'finding')} more{where}"
        summary = summary_of(self.tally)
        yield f"{count(self.unseen, 'message')} not checked; {summary}" if self.unseen else summary
        rule = next(iter(self.broken), self.rule)
        if rule is not None:
            yield f"`altcraft-contract explain {rule}` shows that rule, its source and samples"


def _shown(path: str) -> str:
    return visible(redact_path(path))


def _read_whole(path: Path) -> bytes:
    with path.open("rb") as file:
        return read_at_most(file, DEFAULT_LIMITS.max_bytes)


def _iter_records(path: Path) -> Iterator[bytes]:
    """The records of an NDJSON file, as `iter_entries` numbers them."""
    with path.open("rb") as file:
        for line in iter(partial(file.readline, DEFAULT_LIMITS.max_bytes), b""):
            if line.strip():
                yield line.rstrip(b"\r\n")
