"""Files cut into documents, so that what stands between them is kept."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.contract import load_contract
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import read_at_most
from altcraft_contract.lint.recognition import RECORD_SYNTAXES, is_message, message_of_body, syntax_of_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.payloads import Payload

_START: Final = 1 << 16  # bytes, from which the syntax of a file is told, as in a check


class Part(NamedTuple):
    """Some bytes of a file; all parts together are the file.

    Attributes:
        body: A document, or what is none.
        end: What ends its line.
        syntax: Of the document; None if it is none.
        message: What the document is.
        first_line: 1-based line of the file on which it begins.
        is_record: Whether the file has one document a line.
    """

    body: bytes
    end: bytes = b""
    syntax: Syntax | None = None
    message: Message = "request"
    first_line: int = 1
    is_record: bool = False


def iter_parts(
    payload: Payload, file: BinaryIO, options: LintOptions, skipped: Callable[[str], None]
) -> Iterator[Part]:
    """The parts of a file, which is judged to hold the same documents as in a check.

    Args:
        payload: What the file is called.
        file: Its bytes.
        options: What the files hold, and the bounds on each document.
        skipped: Is told of a file that was found in a directory and is no message of this contract: it has no parts.

    Yields:
        The parts; none of a document that is too large, or of a host file whose messages are extracted.

    Raises:
        UnreadableFile: if the file is a table.
    """
    cutter = _Cutter(payload, options, skipped)
    if payload.is_columnar:
        if payload.explicit:
            raise UnreadableFile(payload.path, "holds a table, in which nothing can be fixed")
        skipped(payload.path)
        return
    start = file.read(_START)
    if options.extract and _is_host(payload, start):
        return
    syntax = syntax_of_file(start, payload.suffix) if options.syntax == "auto" else options.syntax
    if syntax in RECORD_SYNTAXES:
        yield from cutter.records(start, file, RECORD_SYNTAXES[syntax])
        return
    data = start + read_at_most(file, options.limits.max_bytes + 1 - len(start))
    whole: Syntax = "xml" if syntax == "xml" else "json"
    if len(data) <= options.limits.max_bytes and (message := cutter.message(data, whole, is_first=True)):
        yield Part(data, syntax=whole, message=message)


def _is_host(payload: Payload, start: bytes) -> bool:
    from altcraft_contract.lint.hosts import find_host  # noqa: PLC0415 - only with `extract`

    return find_host(PurePath(payload.path), start) is not None


class _Cutter:
    def __init__(self, payload: Payload, options: LintOptions, skipped: Callable[[str], None]) -> None:
        self.payload = payload
        self.options = options
        self.skipped = skipped
        self.contract = load_contract(options.contract)

    def message(self, data: bytes, syntax: Syntax, *, is_first: bool) -> Message | None:
        """What a document is; None if the whole file, of which it is the first, is no message of this contract."""
        options = self.options
        message: Message
        if options.message == "auto":
            message = message_of_body(data, syntax, self.contract, options.limits)
        else:
            message = options.message
        if (
            is_first
            and not self.payload.explicit
            and not is_message(data, syntax, message, self.contract, options.limits)
        ):
            self.skipped(self.payload.path)
            return None
        return message

    def records(self, start: bytes, file: BinaryIO, syntax: Syntax) -> Iterator[Part]:
        number, is_first = 1, True
        for line, is_whole in _lines(start, file, self.options.limits.max_bytes + 1):
            body = line.rstrip(b"\r\n")
            if not is_whole or not line.strip():
                yield Part(line, first_line=number, is_record=True)
            else:
                message = self.message(body, syntax, is_first=is_first)
                if message is None:
                    return
                is_first = False
                yield Part(body, line[len(body) :], syntax, message, number, is_record=True)
            number += line.count(b"\n") + line.count(b"\r") - line.count(b"\r\n")


def _lines(start: bytes, file: BinaryIO, longest: int) -> Iterator[tuple[bytes, bool]]:
    """The lines of a file whose first bytes, *start*, have been read, and whether each is whole.

    A line that is too long comes in several, of which none is.
    """
    head = BytesIO(start)
    while line := head.readline():
        if not line.endswith(b"\n"):
            line += file.readline(longest)
        yield line, len(line) < longest or line.endswith(b"\n")
        yield from _rest(line, file, longest)
    while line := file.readline(longest):
        yield line, len(line) < longest or line.endswith(b"\n")
        yield from _rest(line, file, longest)


def _rest(line: bytes, file: BinaryIO, longest: int) -> Iterator[tuple[bytes, bool]]:
    """What follows the beginning of a line, up to its end."""
    while len(line) >= longest and not line.endswith(b"\n"):
        line = file.readline(longest)
        if not line:
            return
        yield line, False
        if len(line) < longest:
            return
