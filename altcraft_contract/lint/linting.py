"""Payload files to checked documents."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import SUFFIXES, read_at_most, reason_of
from altcraft_contract.lint.recognition import is_message, is_object_a_line, message_of_body, syntax_of_file
from altcraft_contract.renderers.report import Entry
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import BinaryIO

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.lint.hosts.host import Host, Unseen
    from altcraft_contract.lint.overrides import Overrides
    from altcraft_contract.lint.payloads import Payload
    from altcraft_contract.lint.recognition import FileSyntax
    from altcraft_contract.lint.secrets import Allowed
    from altcraft_contract.validation.checking import Engine

Check = Literal["contract", "secrets"]
CHECKS: Final[tuple[Check, ...]] = ("contract", "secrets")
"""What `lint` can look for."""
CONTRACT: Final[tuple[Check, ...]] = ("contract",)

_START: Final = 1 << 16  # bytes, from which the syntax of a file is told
_FRAME: Final = 1 << 10  # bytes, enough for a code frame


class LintOptions(NamedTuple):
    """How to check files.

    Attributes:
        message: `auto` tells it by the fields of each document.
        syntax: `auto` tells it by content, then by suffix.
        engine: `fast` or `reference`.
        rules: Which rules count, and how severely.
        limits: Bounds on each document.
        overrides: What is different for some files; None if nothing is.
        checks: What to look for: `contract`, `secrets`, or both.
        allowed: What is no secret; None allows nothing besides what is known as a sample.
        extract: Whether to check the messages within host files.
    """

    message: Message | Literal["auto"] = "auto"
    syntax: FileSyntax | Literal["auto"] = "auto"
    engine: Engine = "fast"
    rules: RuleSelection = ALL_RULES
    limits: Limits = DEFAULT_LIMITS
    overrides: Overrides | None = None
    checks: Collection[Check] = CONTRACT
    allowed: Allowed | None = None
    extract: bool = False

    def for_path(self, path: str) -> LintOptions:
        """The options for the file at *path*."""
        return self if self.overrides is None else self.overrides.options_for(path, self)


class Listener(NamedTuple):
    """Is told what is no entry.

    Attributes:
        skipped: A file found in a directory is no message of this contract.
        noted: A file is checked, but something about it is odd: its path, and what that is.
        unreadable: A file cannot be read.
    """

    skipped: Callable[[str], None]
    noted: Callable[[str, str], None]
    unreadable: Callable[[UnreadableFile], None]


def iter_entries(payloads: Iterable[Payload], options: LintOptions, listener: Listener) -> Iterator[Entry]:
    """Check every document of *payloads*, one after the other."""
    contract = load_contract()
    for payload in payloads:
        linter = _Linter(options.for_path(payload.path), listener, contract)
        try:
            with payload.open() as file:
                yield from linter.entries(payload, file)
        except UnreadableFile as fault:
            listener.unreadable(fault)
        except OSError as error:
            listener.unreadable(UnreadableFile(payload.path, reason_of(error)))


class _Linter:
    def __init__(self, options: LintOptions, listener: Listener, contract: Contract) -> None:
        self.options = options
        self.listener = listener
        self.contract = contract

    def entries(self, payload: Payload, file: BinaryIO) -> Iterator[Entry]:
        start = file.read(_START)
        if self.options.extract and self.is_host_suffix(payload):
            host = self.find_host(payload, start)
            if host is not None:
                yield from self.messages(payload, host, start + self.rest(file, len(start)))
                return
            if payload.suffix not in SUFFIXES:
                self.listener.skipped(payload.path)
                return
        syntax = self.options.syntax
        if syntax == "auto":
            syntax = syntax_of_file(start, payload.suffix)
        if syntax == "ndjson":
            yield from self.records(payload, start, file)
            return
        data = start + self.rest(file, len(start))
        message = self.message(data, syntax)
        if not payload.explicit and not self.is_message(data, syntax, message):
            self.listener.skipped(payload.path)
            return
        yield self.check(payload, None, data, syntax, message)

    def rest(self, file: BinaryIO, length: int) -> bytes:
        """What follows the first *length* bytes, up to one byte too many."""
        return read_at_most(file, self.options.limits.max_bytes + 1 - length)

    def is_host_suffix(self, payload: Payload) -> bool:
        from altcraft_contract.lint.hosts.registry import HOST_SUFFIXES  # noqa: PLC0415 - most runs do not need it

        return payload.suffix in HOST_SUFFIXES

    def find_host(self, payload: Payload, start: bytes) -> Host | None:
        from altcraft_contract.lint.hosts import find_host  # noqa: PLC0415 - only with `extract`

        return find_host(PurePath(payload.path), start)

    def messages(self, payload: Payload, host: Host, data: bytes) -> Iterator[Entry]:
        """Check every message within a host file, and the file as a whole for secrets."""
        from altcraft_contract.lint.hosts.linting import iter_host_entries  # noqa: PLC0415 - only with `extract`

        limits = self.options.limits
        if len(data) > limits.max_bytes:
            raise UnreadableFile(payload.path, f"larger than {limits.max_bytes // MEBIBYTE} MiB; split the file")
        unseen: list[Unseen] = []
        is_other = True
        for entry in iter_host_entries(
            host,
            data,
            payload.path,
            rules=self.options.rules,
            limits=limits,
            engine=self.options.engine,
            unseen=unseen.append,
        ):
            is_other = False
            if "contract" in self.options.checks:
                yield entry
        if "contract" in self.options.checks:
            self.tell_unseen(payload, unseen)
        if is_other and not unseen:
            self.listener.skipped(payload.path)
        elif "secrets" in self.options.checks:
            from altcraft_contract.lint.secrets import text_of  # noqa: PLC0415 - only if wanted

            result = self.find_secrets(data, None, "request")
            yield Entry(payload.path, None, result, text_of(data, limits) if result.findings else "")

    def tell_unseen(self, payload: Payload, unseen: Iterable[Unseen]) -> None:
        for message in unseen:
            place = f" (line {message.line})" if message.line is not None else ""
            self.listener.noted(payload.path, f"{message.where}{place} cannot be checked: {message.reason}")

    def find_secrets(self, data: bytes, syntax: Syntax | None, message: Message) -> CheckResult:
        from altcraft_contract.lint.secrets import NOTHING_ALLOWED, check_secrets  # noqa: PLC0415 - only if wanted

        options = self.options
        return check_secrets(
            data,
            allow=options.allowed or NOTHING_ALLOWED,
            syntax=syntax,
            message=message,
            limits=options.limits,
            rules=options.rules,
        )

    def records(self, payload: Payload, start: bytes, file: BinaryIO) -> Iterator[Entry]:
        """Check every line that is not blank."""
        number = 0
        for line_number, line in _lines(start, file, self.options.limits.max_bytes + 1):
            if not line.strip():
                continue
            number += 1
            message = self.message(line, "json")
            if number == 1 and not payload.explicit and not self.is_message(line, "json", message):
                self.listener.skipped(payload.path)
                return
            yield self.check(payload, number, line.rstrip(b"\r\n"), "json", message, first_line=line_number)
        if not number:
            self.listener.noted(payload.path, "holds no record")

    def is_message(self, data: bytes, syntax: Syntax, message: Message) -> bool:
        return is_message(data, syntax, message, self.contract, self.options.limits)

    def message(self, data: bytes, syntax: Syntax) -> Message:
        if self.options.message != "auto":
            return self.options.message
        return message_of_body(data, syntax, self.contract, self.options.limits)

    def check(
        self,
        payload: Payload,
        document: int | None,
        data: bytes,
        syntax: Syntax,
        message: Message,
        *,
        first_line: int = 1,
    ) -> Entry:
        result = self.judge(data, syntax, message)
        if "contract" in self.options.checks and not result.ok and document in (None, 1):
            self.note_oddities(payload, data, syntax, message, is_record=document is not None)
        # Of what is too large to be read no more is shown than a code frame can hold.
        shown = data if len(data) <= self.options.limits.max_bytes else data[:_FRAME]
        text = shown.decode(errors="replace") if result.findings else ""
        return Entry(payload.path, document, result, text, first_line)

    def judge(self, data: bytes, syntax: Syntax, message: Message) -> CheckResult:
        """What all checks that are wanted find out about one message."""
        options = self.options
        if "contract" not in options.checks:
            return self.find_secrets(data, syntax, message)
        check = check_request if message == "request" else check_response
        result = check(data, syntax=syntax, engine=options.engine, rules=options.rules, limits=options.limits)
        if "secrets" not in options.checks:
            return result
        from altcraft_contract.lint.secrets import merge  # noqa: PLC0415 - only if wanted

        return merge(result, self.find_secrets(data, syntax, message))

    def note_oddities(
        self, payload: Payload, data: bytes, syntax: Syntax, message: Message, *, is_record: bool
    ) -> None:
        """Tell why a document may have errors for another reason than those that the findings give."""
        if not is_record and syntax == "json" and is_object_a_line(data[:_START]):
            self.listener.noted(payload.path, "holds one object a line; --syntax ndjson checks each of them")
        elif payload.suffix not in SUFFIXES and self.is_host_suffix(payload):
            self.listener.noted(payload.path, "is checked as one message; --extract checks those that stand within it")
        elif data.strip() and not self.is_message(data, syntax, message):
            checked = f"looks like no message of this contract; checked as a {message} (--message says which it is)"
            self.listener.noted(payload.path, checked)


def _lines(start: bytes, file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a file whose first bytes, *start*, have been read, with their 1-based numbers.

    Lines end with LF; a lone CR is white space within a record, though it counts as a line of the file. Of a line of
    more than *longest* bytes only so many are kept: enough to see that it is too long.
    """
    head = BytesIO(start)
    number = 1
    while True:
        line = head.readline()
        if not line.endswith(b"\n"):
            line += file.readline(longest)
        if not line:
            return
        yield number, line
        number += 1 + line.count(b"\r") - line.endswith(b"\r\n")
        while len(line) >= longest and not line.endswith(b"\n"):
            line = file.readline(longest) or b"\n"
