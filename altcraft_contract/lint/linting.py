"""Payload files to checked documents."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import read_at_most, reason_of
from altcraft_contract.lint.recognition import is_message, is_object_a_line, message_of_body, syntax_of_file
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
    """

    message: Message | Literal["auto"] = "auto"
    syntax: FileSyntax | Literal["auto"] = "auto"
    engine: Engine = "fast"
    rules: RuleSelection = ALL_RULES
    limits: Limits = DEFAULT_LIMITS


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
    linter = _Linter(options, listener, load_contract())
    for payload in payloads:
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
        syntax = self.options.syntax
        if syntax == "auto":
            syntax = syntax_of_file(start, payload.suffix)
        if syntax == "ndjson":
            yield from self.records(payload, start, file)
            return
        data = start + read_at_most(file, self.options.limits.max_bytes + 1 - len(start))
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
        check = check_request if message == "request" else check_response
        options = self.options
        result = check(data, syntax=syntax, engine=options.engine, rules=options.rules, limits=options.limits)
        if not result.ok and document in (None, 1):
            self.note_oddities(payload, data, syntax, message, is_record=document is not None)
        # Of what is too large to be read no more is shown than a code frame can hold.
        shown = data if len(data) <= options.limits.max_bytes else data[:_FRAME]
        text = shown.decode(errors="replace") if result.findings else ""
        return Entry(payload.path, document, result, text, first_line)

    def note_oddities(
        self, payload: Payload, data: bytes, syntax: Syntax, message: Message, *, is_record: bool
    ) -> None:
        """Tell why a document may have errors for another reason than those that the findings give."""
        if not is_record and syntax == "json" and is_object_a_line(data[:_START]):
            self.listener.noted(payload.path, "holds one object a line; --syntax ndjson checks each of them")
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
