"""Payload files to checked documents."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Literal

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import reason_of
from altcraft_contract.lint.recognition import is_message, message_of_body, syntax_of_file
from altcraft_contract.renderers.report import Entry
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.lint.payloads import Payload
    from altcraft_contract.lint.recognition import FileSyntax
    from altcraft_contract.validation.checking import Engine

_START = 1 << 16  # bytes, from which the syntax of a file is told


@dataclass(frozen=True, slots=True)
class LintOptions:
    """How to check files.

    Attributes:
        message: `auto` tells it by the fields of each document.
        syntax: `auto` tells it by content, then by suffix.
        engine: `fast` or `reference`.
        rules: Which rules count, and how severely.
        limits: Bounds on each document.
    """

    message: Message | Literal["auto"] = "auto"
    syntax: FileSyntax | Literal["auto"] = "auto"
    engine: Engine = "fast"
    rules: RuleSelection = ALL_RULES
    limits: Limits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class Listener:
    """Is told what is no entry.

    Attributes:
        skipped: A file found in a directory is no message of this contract.
        unlikely: A file named by the user looks like no message of this contract, but is checked.
        unreadable: A file cannot be read.
    """

    skipped: Callable[[str], None]
    unlikely: Callable[[str, Message], None]
    unreadable: Callable[[UnreadableFile], None]


def iter_entries(payloads: Iterable[Payload], options: LintOptions, listener: Listener) -> Iterator[Entry]:
    """Check every document of *payloads*, one after the other."""
    linter = _Linter(options, listener, load_contract())
    for payload in payloads:
        try:
            file = payload.open()
            with file:
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
        syntax = self.options.syntax
        if syntax == "auto":
            syntax = syntax_of_file(start, payload.suffix)
        if syntax == "ndjson":
            yield from self.records(payload, start, file)
            return
        rest = file.read(max(0, self.options.limits.max_bytes + 1 - len(start)))
        data = start + rest
        message = self.message(data, syntax)
        if not payload.explicit and not self.is_message(data, syntax, message):
            self.listener.skipped(payload.path)
            return
        yield self.check(payload, None, data, syntax, message)

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
        check = check_request if message == "request" else check_response
        options = self.options
        result = check(data, syntax=syntax, engine=options.engine, rules=options.rules, limits=options.limits)
        if not result.ok and document in (None, 1) and not self.is_message(data, syntax, message):
            self.listener.unlikely(payload.path, message)
        text = data.decode(errors="replace") if result.findings else ""
        return Entry(payload.path, document, result, text, first_line)


def _lines(start: bytes, file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a file whose first bytes, *start*, have been read, with their 1-based numbers.

    Of a line longer than *longest* bytes only so many are kept: enough to see that it is too long.
    """
    head = BytesIO(start)
    for number in count(1):
        line = head.readline()
        if not line.endswith(b"\n"):
            line += file.readline(longest)
        if not line:
            return
        yield number, line
        while len(line) >= longest and not line.endswith(b"\n"):
            line = file.readline(longest) or b"\n"
