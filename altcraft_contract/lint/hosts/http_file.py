"""Files of requests (.http, .rest), as REST Client for VS Code and the HTTP client of JetBrains read them.

The formats: https://github.com/Huachao/vscode-restclient, sections *Usage* and *Variables*, and
https://www.jetbrains.com/help/idea/exploring-http-syntax.html. Where they differ, what either reads is read.

Requests are separated by lines that begin with `###`. Lines that begin with `#` or `//` are comments, in bodies, too.
A response may be pasted behind its request, or stand alone. A comment `altcraft-contract: ignore` leaves its section
out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.endpoint import ENDPOINT_METHOD, is_call
from altcraft_contract.lint.hosts.bodies import syntax_of
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.lint.hosts.lines import join_spans, read_host_text, split_lines
from altcraft_contract.lint.hosts.recording import has_bearer, secrets_beside
from altcraft_contract.lint.hosts.samples import VARIABLE, fill_variables, find_message
from altcraft_contract.renderers.secret_names import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Message
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.lines import Span
    from altcraft_contract.lint.hosts.recording import Headers
    from altcraft_contract.lint.hosts.source_map import SourceMap

_DOCUMENTED_STATUS: Final = 200
_LONGEST_URL: Final = 8_192  # characters: variables may stand for variables without end
_MOST_ROUNDS: Final = 8
_BARE_VARIABLE: Final = (
    "a variable stands outside of its texts, so that it is no JSON before that is filled in; write a sample value there"
)

_comment = re.compile(r"[ \t]*(?:#|//)").match
_ignored = re.compile(r"[ \t]*(?:#|//)[ \t]*altcraft-contract:[ \t]*ignore\b").match
_definition = re.compile(r"[ \t]*@([^\s=]++)[ \t]*=[ \t]*([^\r\n]*)").match
_script = re.compile(r"[ \t]*[<>][ \t]*\{%").match
_status = re.compile(r"[ \t]*HTTP/[\d.]+[ \t]+(\d{3})(?!\d)").match
_request = re.compile(r"[ \t]*(?:([A-Za-z]++)[ \t]+)?(\S[^\r\n]*)").match
_version = re.compile(r"[ \t]+HTTP/[\d.]+$")
_continued = re.compile(r"[ \t]+[/?&{]|[?&]").match
_header = re.compile(r"[ \t]*([^\s:]++)[ \t]*:[ \t]*([^\r\n]*)").match
_from_file = re.compile(r"[ \t]*<(?:@\w*)?[ \t]+\S").match
_after_body = re.compile(r">{1,2}!?[ \t]+\S|>[ \t]*\{%|<>[ \t]*\S").match
_variable = re.compile(r"\{\{[ \t]*([^{}\s]++)[ \t]*\}\}").sub
# A line such as `Authorization: …` or `@token = …`, wherever it stands.
_named_value = re.compile(r"[ \t]*+@?([\w.-]++)[ \t]*+[:=][ \t]*+([^\r\n]++)").match


def iter_http(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The calls to the endpoint in a file of requests; arguments and exceptions as for `Host`."""
    text = read_host_text(data, path)
    yield from iter_calls(text, split_lines(text, path), limits)


def iter_calls(
    text: str, lines: Sequence[Span], limits: Limits, *, within: str = "", first_line: int = 1
) -> Iterator[Exchange]:
    """The calls to the endpoint in lines of a host file.

    Args:
        text: Of the host file.
        lines: Which lines of it, or parts of lines, hold requests.
        limits: Bounds on each body.
        within: The place of the lines for people; empty if they are the whole file.
        first_line: 1-based line of the host file on which the first of *lines* stands.
    """
    if not lines:
        return
    sections = _Sections(text, lines)
    secrets = _secrets_in(text, lines)
    for number, section in enumerate(sections.read(), 1):
        if section.ignored:
            continue
        where = ", ".join(part for part in (within, f"call {number}") if part)
        exchange = _Call(section, text, where, first_line + section.line, limits).exchange(secrets)
        if exchange is not None:
            yield exchange


def _secrets_in(text: str, lines: Sequence[Span]) -> frozenset[str]:
    """Values of headers and variables with the names of secrets: excerpts of the file may show their lines."""
    values: set[str] = set()
    for line in lines:
        match = _named_value(text, *line)
        if match and match[2].strip() and is_secret_name(match[1]):
            values.add(match[2].strip())
    return frozenset(values | {value.split()[-1] for value in values})


@dataclass(slots=True)
class _Side:
    """A message as it stands in a section: the spans of the lines of its body, none if it has none here."""

    headers: Headers = field(default_factory=list)
    body: Sequence[Span] = ()
    elsewhere: bool = False

    def values(self, name: str) -> list[str]:
        """The values of the headers of that *name*, which is in small letters."""
        return [value for key, value in self.headers if key.lower() == name]


class _Section(NamedTuple):
    """What stands between two separators; *line* counts from 0."""

    line: int
    method: str
    url: str
    request: _Side | None
    response: _Side | None
    status: int | None
    ignored: bool


class _Sections:
    """Cuts lines into sections, and reads them."""

    def __init__(self, text: str, lines: Sequence[Span]) -> None:
        self.text = text
        self.lines = lines
        self.variables: dict[str, str] = {}
        self.ignored = False

    def read(self) -> Iterator[_Section]:
        """The sections that hold a request or a response."""
        starts = [index for index, (start, _) in enumerate(self.lines) if self.text.startswith("###", start)]
        for first, end in zip([-1, *starts], [*starts, len(self.lines)], strict=True):
            section = self.section(first + 1, end)
            if section is not None:
                yield section

    def section(self, at: int, end: int) -> _Section | None:
        self.ignored = False
        at = self.skip_preamble(at, end)
        if at == end:
            return None
        first, method, url = at, "", ""
        request = response = status = None
        if not _status(self.text, *self.lines[at]):
            method, url, at = self.request_line(at, end)
            request, at = self.side(at, end)
        at = next((index for index in range(at, end) if _status(self.text, *self.lines[index])), end)
        if at < end:
            status = int(_status(self.text, *self.lines[at])[1])  # type: ignore[index]  # it has just matched
            response, _ = self.side(at + 1, end)
        return _Section(first, method, url, request, response, status, self.ignored)

    def line(self, index: int) -> str:
        start, end = self.lines[index]
        return self.text[start:end]

    def is_blank(self, index: int) -> bool:
        start, end = self.lines[index]
        return not self.text[start:end].strip()

    def is_comment(self, index: int) -> bool:
        if not _comment(self.text, *self.lines[index]):
            return False
        self.ignored = self.ignored or _ignored(self.text, *self.lines[index]) is not None
        return True

    def skip_preamble(self, at: int, end: int) -> int:
        """Pass what stands before a request: comments, definitions, a script."""
        while at < end:
            definition = _definition(self.text, *self.lines[at])
            if definition:
                self.variables[definition[1]] = definition[2].strip()
            elif _script(self.text, *self.lines[at]):
                while at < end - 1 and "%}" not in self.line(at):
                    at += 1
            elif not self.is_blank(at) and not self.is_comment(at):
                return at
            at += 1
        return at

    def request_line(self, at: int, end: int) -> tuple[str, str, int]:
        match = _request(self.text, *self.lines[at])
        method, url = (match[1] or "GET", match[2]) if match else ("GET", "")
        parts = [url.strip()]
        at += 1
        while at < end and (self.is_comment(at) or _continued(self.text, *self.lines[at])):
            if not _comment(self.text, *self.lines[at]):
                parts.append(self.line(at).strip())
            at += 1
        return method, self.resolve(_version.sub("", "".join(parts))), at

    def resolve(self, url: str) -> str:
        """*url* with the values of the variables that have been defined."""
        for _ in range(_MOST_ROUNDS):
            filled = _variable(lambda match: self.variables.get(match[1], match[0]), url)
            if filled == url or len(filled) > _LONGEST_URL:
                break
            url = filled
        return url

    def side(self, at: int, end: int) -> tuple[_Side, int]:
        """Read headers and a body, up to a status line, a script, a reference to a response, or the end."""
        side = _Side()
        while at < end and not self.is_blank(at):
            match = None if self.is_comment(at) else _header(self.text, *self.lines[at])
            if match:
                side.headers.append((match[1], match[2].strip()))
            at += 1
        body: list[Span] = []
        while at < end and not _after_body(self.text, *self.lines[at]) and not _status(self.text, *self.lines[at]):
            if not self.is_comment(at) and (body or not self.is_blank(at)):
                body.append(self.lines[at])
            at += 1
        while body and not self.text[slice(*body[-1])].strip():
            body.pop()
        side.elsewhere = bool(body) and _from_file(self.text, *body[0]) is not None
        side.body = body
        return side, at


class _Call(NamedTuple):
    """What of a section is a call to the endpoint, or an answer from it."""

    section: _Section
    text: str
    where: str
    line: int
    limits: Limits

    def exchange(self, secrets: frozenset[str]) -> Exchange | None:
        """The call; None if it goes elsewhere, or nothing of it stands here."""
        section = self.section
        if section.request is not None and not self.is_ours(section.request):
            return None
        request = self.message("request", section.request)
        response = self.message("response", section.response) if section.status == _DOCUMENTED_STATUS else None
        if section.request is None and isinstance(response, Excerpt) and not self.is_response(response):
            return None
        if request is None and response is None:
            return None
        if section.request is not None:
            secrets |= secrets_beside(section.request.headers, section.url)
        return Exchange(self.where, self.line, request, response, secrets)

    def is_ours(self, request: _Side) -> bool:
        """Whether the request goes to the endpoint; of an unknown URL its body tells."""
        section = self.section
        if is_call(section.method, section.url):
            return True
        if section.method.upper() != ENDPOINT_METHOD or not section.url.endswith("}}") or not request.body:
            return False
        body = join_spans(self.text, request.body)[0].encode()
        return find_message(body, syntax_of(body, "") or "json", self.limits) == "request"

    def is_response(self, excerpt: Excerpt) -> bool:
        """Whether an answer to nobody knows what is one of the endpoint."""
        return find_message(excerpt.body, excerpt.syntax or "json", self.limits) == "response"

    def message(self, what: Message, side: _Side | None) -> Excerpt | Unseen | None:
        if side is None or side.elsewhere:
            return None
        where = f"{self.where}, {what}"
        source: SourceMap | None = None
        body: bytes | None = b""
        if side.body:
            text, source = join_spans(self.text, side.body)
            body = text.encode()
        syntax = syntax_of(body or b"", ", ".join(side.values("content-type")))
        if syntax != "xml" and body is not None:
            body = fill_variables(body, self.limits)
        if body is None:
            return Unseen(what, where, self.line, _BARE_VARIABLE)
        has_token = what == "request" and has_bearer(side.values("authorization"))
        return Excerpt(what, body, syntax, where, self.line, self.section.url, has_token, source, VARIABLE)
