"""Documents to entries."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.limits import MEBIBYTE
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import SUFFIXES
from altcraft_contract.lint.recognition import is_message, is_object_a_line, message_of_body, syntax_of_file
from altcraft_contract.renderers.report import Entry
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.contract import Contract, Message, Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.lint.hosts.host import Host, Unseen
    from altcraft_contract.lint.lint_options import LintOptions, Listener
    from altcraft_contract.lint.payloads import Payload

START: Final = 1 << 16  # bytes, from which the syntax of a file is told
_FRAME: Final = 1 << 10  # bytes, enough for a code frame


class Linter:
    """Checks documents of one file.

    Args:
        options: How.
        listener: Is told of what is no entry.
        contract: The version of the contract.
    """

    def __init__(self, options: LintOptions, listener: Listener, contract: Contract) -> None:
        self.options = options
        self.listener = listener
        self.contract = contract

    def entries(self, payload: Payload, data: bytes) -> Iterator[Entry]:
        """Check a file that is no list of documents, or the messages within it."""
        if self.options.extract and self.is_host_suffix(payload):
            host = self.find_host(payload, data)
            if host is not None:
                yield from self.messages(payload, host, data)
                return
            if payload.suffix not in SUFFIXES:
                self.listener.skipped(payload.path)
                return
        syntax = self.options.syntax
        if syntax == "auto":
            syntax = syntax_of_file(data[:START], payload.suffix)
        document_syntax: Syntax = "xml" if syntax == "xml" else "json"
        message = self.message(data, document_syntax)
        if payload.explicit or self.is_message(data, document_syntax, message):
            yield self.check(payload, None, data, document_syntax, message)
        else:
            self.listener.skipped(payload.path)

    def is_host_suffix(self, payload: Payload) -> bool:
        """Whether the suffix is one of files that hold messages among other things."""
        from altcraft_contract.lint.hosts.registry import HOST_SUFFIXES  # noqa: PLC0415 - most runs do not need it

        return payload.suffix in HOST_SUFFIXES

    def find_host(self, payload: Payload, start: bytes) -> Host | None:
        """What reads a file that begins with *start*; None if it holds no messages."""
        from altcraft_contract.lint.hosts import find_host  # noqa: PLC0415 - only with `extract`

        return find_host(PurePath(payload.path), start[:START])

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
            contract=self.contract,
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
        """Tell of messages that cannot be checked."""
        for message in unseen:
            place = f" (line {message.line})" if message.line is not None else ""
            self.listener.noted(payload.path, f"{message.where}{place} cannot be checked: {message.reason}")

    def find_secrets(self, data: bytes, syntax: Syntax | None, message: Message) -> CheckResult:
        """What looks like a secret in one message, or in a whole host file."""
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

    def is_message(self, data: bytes, syntax: Syntax, message: Message) -> bool:
        """Whether a document looks like a message of this contract, broken or not."""
        return is_message(data, syntax, message, self.contract, self.options.limits)

    def message(self, data: bytes, syntax: Syntax) -> Message:
        """Which message a document is."""
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
        """Check one document."""
        result = self.judge(data, syntax, message)
        if "contract" in self.options.checks and not result.ok and document in (None, 1):
            self.note_oddities(payload, data, syntax, message, is_record=document is not None)
        # Of what is too large to be read no more is shown than a code frame can hold.
        shown = data if len(data) <= self.options.limits.max_bytes else data[:_FRAME]
        text = shown.decode(errors="replace") if result.findings or self.options.keeps_text else ""
        return Entry(payload.path, document, result, text, first_line)

    def judge(self, data: bytes, syntax: Syntax, message: Message) -> CheckResult:
        """What all checks that are wanted find out about one message."""
        options = self.options
        if "contract" not in options.checks:
            return self.find_secrets(data, syntax, message)
        check = check_request if message == "request" else check_response
        result = check(
            data,
            syntax=syntax,
            engine=options.engine,
            rules=options.rules,
            contract=self.contract,
            limits=options.limits,
        )
        if "secrets" not in options.checks:
            return result
        from altcraft_contract.lint.secrets import merge  # noqa: PLC0415 - only if wanted

        return merge(result, self.find_secrets(data, syntax, message))

    def note_oddities(
        self, payload: Payload, data: bytes, syntax: Syntax, message: Message, *, is_record: bool
    ) -> None:
        """Tell why a document may have errors for another reason than those that the findings give."""
        if not is_record and syntax == "json" and is_object_a_line(data[:START]):
            self.listener.noted(payload.path, "holds one object a line; --syntax ndjson checks each of them")
        elif payload.suffix not in SUFFIXES and self.is_host_suffix(payload):
            self.listener.noted(payload.path, "is checked as one message; --extract checks those that stand within it")
        elif data.strip() and not self.is_message(data, syntax, message):
            checked = f"looks like no message of this contract; checked as a {message} (--message says which it is)"
            self.listener.noted(payload.path, checked)
