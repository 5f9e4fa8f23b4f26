"""Markdown documents (.md, .markdown): messages in fenced blocks.

A block is looked at if its info string begins with `json`, `xml`, `ndjson`, `jsonl` or `http`, and taken if it holds a
message of this contract, whole or broken (see `samples` for what is let be as a part of one). Commands, such as calls
of curl, are not looked into. Blocks stand alone: a request and the response after it are two samples, maybe of two
orders.

A comment `<!-- altcraft-contract: ignore -->` before a block leaves it out, as it may show a mistake on purpose;
`<!-- altcraft-contract: request -->` and `response` say what it is, so that it is checked in any case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.lint.hosts.host_text import BYTE_ORDER_MARK
from altcraft_contract.lint.hosts.http_file import iter_calls
from altcraft_contract.lint.hosts.lines import join_spans, read_host_text, split_lines
from altcraft_contract.lint.hosts.samples import PLACEHOLDER, find_message, lone_exchange
from altcraft_contract.lint.recognition import is_object_a_line, may_hold_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.lines import Span
    from altcraft_contract.lint.hosts.source_map import SourceMap

_RECORDS: Final = frozenset({"ndjson", "jsonl"})
_LANGUAGES: Final = frozenset({"json", "xml", "http"}) | _RECORDS
_word = re.compile(r"\W*([\w+-]*)").match
_directive = re.compile(r"<!--\s*+altcraft-contract:\s*+([\w-]{1,40}+)\s*+-->").findall
_DIRECTIVES: Final = frozenset({"ignore", "request", "response"})


def iter_markdown(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The messages in the fenced blocks of a document; arguments and exceptions as for `Host`."""
    if (b"```" not in data and b"~~~" not in data) or not may_hold_message(data):
        return
    text = read_host_text(data, path)
    lines = split_lines(text, path)
    number = 0
    directives: list[str] = []
    for token in _blocks(text.removeprefix(BYTE_ORDER_MARK)):
        if token.type == "html_block":
            given = _directive(token.content)
            directives += [word for word in given if word in _DIRECTIVES]
            yield from (_unknown(word, token.map[0] + 1) for word in given if word not in _DIRECTIVES)
            continue
        if token.type == "fence":
            number += 1
            language = _word(token.info)[1].lower()  # type: ignore[index]  # it matches nothing, too
            if language in _LANGUAGES and "ignore" not in directives and may_hold_message(token.content.encode()):
                block = _Block(text, lines, token, f"code block {number}", limits)
                yield from block.exchanges(language, _message_in(directives))
        directives = []


def _blocks(text: str) -> Sequence[Any]:
    """The blocks of a document, whose text is not looked into."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only documents that may hold a message need it

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    # Nothing here needs the definitions of links; and their rule reads a paragraph again for each of them.
    parser.disable("reference")
    return parser.parse(text)


def _unknown(word: str, line: int) -> Exchange:
    """What a comment with a misspelt word amounts to: somebody wanted something of the block below it."""
    reason = f"it says `{word}`, expected one of {', '.join(sorted(_DIRECTIVES))}"
    return Exchange("comment", line, Unseen("request", "the comment above a code block", line, reason), None)


def _message_in(directives: Sequence[str]) -> Message | None:
    if not directives:
        return None
    return "response" if directives[-1] == "response" else "request"


class _Block:
    """A fenced block.

    Args:
        text: Of the host file.
        lines: All lines of the host file.
        token: As the parser of Markdown gives it.
        where: The place of the block for people.
        limits: Bounds on each message.
    """

    def __init__(self, text: str, lines: Sequence[Span], token: Any, where: str, limits: Limits) -> None:
        self.text = text
        self.where = where
        self.limits = limits
        self.line = token.map[0] + 1
        self.spans = _spans_of(token, text, lines)

    def exchanges(self, language: str, what: Message | None) -> Iterator[Exchange]:
        """The messages in it, of which *what*, if given, tells what they are."""
        if not self.spans:
            return
        if language == "http":
            yield from iter_calls(self.text, self.spans, self.limits, within=self.where, first_line=self.line + 1)
        elif language in _RECORDS or (language == "json" and is_object_a_line(self.body(self.spans)[0])):
            yield from self.records(what)
        else:
            syntax: Syntax = "xml" if language == "xml" else "json"
            exchange = self.sample(self.spans, self.where, self.line, syntax, what)
            if exchange is not None:
                yield exchange

    def records(self, what: Message | None) -> Iterator[Exchange]:
        """The records, one a line; the first that is not blank tells whether they are messages."""
        number = 0
        for index, span in enumerate(self.spans):
            if not self.text[slice(*span)].strip():
                continue
            number += 1
            where = f"{self.where}, record {number}"
            exchange = self.sample([span], where, self.line + 1 + index, "json", what)
            if exchange is not None:
                yield exchange
            elif number == 1:
                return

    def sample(
        self, spans: Sequence[Span], where: str, line: int, syntax: Syntax, what: Message | None
    ) -> Exchange | None:
        body, source = self.body(spans)
        syntax = sniff_syntax(body) or syntax
        what = what or find_message(body, syntax, self.limits)
        if what is None:
            return None
        excerpt = Excerpt(what, body, syntax, where, line, source=source, placeholder=PLACEHOLDER)
        return lone_exchange(excerpt)

    def body(self, spans: Sequence[Span]) -> tuple[bytes, SourceMap]:
        text, source = join_spans(self.text, spans)
        return text.encode(), source


def _spans_of(token: Any, text: str, lines: Sequence[Span]) -> list[Span]:
    """What of each line belongs to a block: its end, behind quotation marks and indentation.

    A tab of which only a part is indentation is left out as a whole: at the beginning of a line of JSON or XML, white
    space means nothing.
    """
    spans: list[Span] = []
    first = token.map[0] + 1
    for index, content in enumerate(token.content.split("\n")):
        if first + index >= len(lines) or first + index >= token.map[1]:
            break
        start, end = lines[first + index]
        line = text[start:end].rstrip("\r\n")
        tail = content if line.replace("\0", "\ufffd").endswith(content) else content.lstrip(" ")
        spans.append((start + len(line) - len(tail), end))
    return spans
