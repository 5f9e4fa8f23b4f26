"""Python source (.py): messages that are passed to calls such as `post`, as literals.

A payload is the argument `json`, `data`, `content`, `body` or `payload` of a call that posts (`requests.post(…)`,
`client.request("POST", …)`) or names the path of the endpoint, or an argument without a name of one that posts. It is
a literal text, a literal value, also within `json.dumps(…)` or `json.loads(…)`, or a name that is given one once. What
is told only when the code runs, such as an f-string, is passed over; so is a file that is no Python.

A payload is taken if it is a message of this contract, or if it is posted to the endpoint. A comment
`altcraft-contract: ignore` on the line of a call or a payload, or on the line before it, leaves it out.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.documents.document import sniff_syntax
from altcraft_contract.documents.limits import MEBIBYTE
from altcraft_contract.endpoint import ENDPOINT_METHOD, ENDPOINT_PATH
from altcraft_contract.lint.hosts.host import Excerpt, Exchange, Unseen
from altcraft_contract.lint.hosts.host_text import BYTE_ORDER_MARK
from altcraft_contract.lint.hosts.lines import split_lines
from altcraft_contract.lint.hosts.python_literals import NoLiteral, PythonSource, read_string, read_value
from altcraft_contract.lint.hosts.python_names import Names
from altcraft_contract.lint.hosts.samples import find_message, lone_exchange
from altcraft_contract.lint.recognition import may_hold_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.python_names import Call, Scope
    from altcraft_contract.lint.hosts.source_map import SourceMap

_MOST_BYTES: Final = MEBIBYTE  # a syntax tree takes some 500 times as much
_MOST_BRACES: Final = 20_000  # before Python 3.12 each in an f-string costs as much as all that follows it
_TOO_LARGE: Final = "the file is too large to be looked into; keep the payload in a file of its own"
_PAYLOADS: Final = frozenset({"json", "data", "content", "body", "payload"})
_DOCUMENTED_STATUS: Final = 200
_MOST_STEPS: Final = 8  # from an argument to its literal
_MOST_PARTS: Final = 64  # of an expression that makes a URL
_line_end = re.compile(r"\r\n|\r|\n")
_formatted = re.compile(rb"\b(?:[fF][rR]?|[rR][fF])['\"]").search
_ignored = re.compile(r"#[ \t]*altcraft-contract:[ \t]*ignore\b").search
_fake = re.compile(r"mock|fake|stub|responses|respx|rsps|httpretty|httpserver|^m$", re.IGNORECASE).search


def iter_python(data: bytes, path: str, limits: Limits) -> Iterator[Exchange]:
    """The messages in a Python file; arguments and exceptions as for `Host`."""
    if not may_hold_message(data) and ENDPOINT_PATH.encode() not in data:
        return
    if len(data) > _MOST_BYTES or (_formatted(data) and data.count(b"{") > _MOST_BRACES):
        yield Exchange("file", 1, Unseen("request", "file", 1, _TOO_LARGE), None)
        return
    text = _read(data)
    tree = _parse(text) if text is not None else None
    if text is None or tree is None:
        return
    names = Names(tree)
    finder = _Finder(text, PythonSource(text, split_lines(text, path)), names, limits)
    for call in names.calls:
        for excerpt in finder.find(call):
            yield lone_exchange(excerpt, names.secrets)


def _read(data: bytes) -> str | None:
    """The text of a file; None if it is in another encoding than UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode() if encoding in {"utf-8", "utf-8-sig"} else None
    except (SyntaxError, UnicodeDecodeError):
        return None


def _parse(text: str) -> ast.Module | None:
    """The syntax tree; None if the text is no Python, or means harm."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # escapes that do not exist are not our business
            return ast.parse(text.removeprefix(BYTE_ORDER_MARK))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Payload(NamedTuple):
    """A literal that is passed to a call."""

    node: ast.expr
    body: bytes
    source: SourceMap | None

    @property
    def place(self) -> tuple[int, int]:
        """What tells it from others: one literal may be passed to many calls."""
        return self.node.lineno, self.node.col_offset


class _Finder:
    """Finds the messages that calls are given."""

    def __init__(self, text: str, source: PythonSource, names: Names, limits: Limits) -> None:
        self.source = source
        self.names = names
        self.limits = limits
        self.ignored = frozenset(_iter_ignored(text))
        self.has_authorization = "authorization" in text.lower()
        self.counts: dict[str, int] = {}
        self.seen: set[tuple[int, int]] = set()

    def find(self, call: Call) -> Iterator[Excerpt]:
        """The messages that *call* is given, and no call before it."""
        node = call.node
        posts, to_endpoint = _posts(node), self.names_endpoint(call)
        if not posts and not to_endpoint:
            return
        for argument in _arguments(node, posts=posts):
            payload = self.payload(argument, call.scope)
            if payload is None or payload.place in self.seen or self.is_ignored(node, argument, payload.node):
                continue
            # A value without a name may as well be headers.
            is_body = isinstance(payload.node, ast.Constant) or argument not in node.args
            what = self.message_of(node, payload.body, posted=posts and to_endpoint and is_body)
            if what is not None:
                self.seen.add(payload.place)
                yield self.excerpt(what, payload, call)

    def message_of(self, node: ast.Call, body: bytes, *, posted: bool) -> Message | None:
        """Which message *body* is; None if it is none, or an answer whose body is not documented."""
        if not body.lstrip().startswith((b"{", b"<")):
            return None
        what = find_message(body, _syntax_of(body), self.limits)
        if what == "response":
            return what if _has_documented_status(node) else None
        return "request" if what is None and posted and not _is_fake(node) else what

    def excerpt(self, what: Message, payload: _Payload, call: Call) -> Excerpt:
        function = call.scope.where
        number = self.counts[function] = self.counts.get(function, 0) + 1
        return Excerpt(
            what,
            payload.body,
            _syntax_of(payload.body),
            "payload" + (f" {number}" if number > 1 else "") + (f" in {function}" if function else ""),
            payload.node.lineno,
            token_in_header=what == "request" and self.may_be_authorized(call.node),
            source=payload.source,
        )

    def names_endpoint(self, call: Call) -> bool:
        """Whether an argument holds the path of the endpoint."""
        return any(
            ENDPOINT_PATH in text
            for argument in [*call.node.args, *(keyword.value for keyword in call.node.keywords)]
            for text in self.texts(argument, call.scope)
        )

    def texts(self, node: ast.expr, scope: Scope) -> Iterator[str]:
        """The texts that *node* is put together of, as far as they are literal."""
        rest = [(node, scope)]
        for _ in range(_MOST_PARTS):
            if not rest:
                return
            part, within = rest.pop()
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
            elif isinstance(part, ast.Name) and (value := self.names.find(part.id, within)) is not None:
                rest.append((value.node, value.scope))
            elif isinstance(part, ast.JoinedStr):
                rest += [(inner, within) for inner in part.values]
            elif isinstance(part, ast.BinOp):
                rest += [(part.left, within), (part.right, within)]

    def payload(self, argument: ast.expr, scope: Scope) -> _Payload | None:
        """The literal that *argument* is, or leads to."""
        node: ast.expr | None = argument
        changed = False
        for _ in range(_MOST_STEPS):
            if isinstance(node, ast.Name):
                value = self.names.find(node.id, scope)
                if value is None:
                    return None
                node, scope, changed = value.node, value.scope, changed or value.changed
            elif isinstance(node, ast.Call):
                node = _unwrapped(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            return _Payload(node, *read_string(node, self.source))
        if not isinstance(node, ast.Dict) or changed:
            return None
        try:
            return _Payload(node, *read_value(node, self.source))
        except NoLiteral:
            return None

    def is_ignored(self, *nodes: ast.expr) -> bool:
        return any(line in self.ignored for node in nodes for line in (node.lineno - 1, node.lineno))

    def may_be_authorized(self, node: ast.Call) -> bool:
        """Whether the token may come in a header, which only the running code tells for sure."""
        return self.has_authorization or any(keyword.arg in {"headers", "auth"} for keyword in node.keywords)


def _iter_ignored(text: str) -> Iterator[int]:
    """The lines with a comment that leaves something out."""
    if _ignored(text):
        yield from (number for number, line in enumerate(_line_end.split(text), 1) if _ignored(line))


def _syntax_of(body: bytes) -> Syntax:
    return sniff_syntax(body) or "json"


def _posts(node: ast.Call) -> bool:
    """Whether a call posts, by its name, or by a method among its arguments."""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "post":
        return True
    methods = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "method")]
    return any(
        isinstance(method, ast.Constant) and isinstance(method.value, str) and method.value.upper() == ENDPOINT_METHOD
        for method in methods
    )


def _arguments(node: ast.Call, *, posts: bool) -> list[ast.expr]:
    """The arguments of a call that may be payloads."""
    named = [keyword.value for keyword in node.keywords if keyword.arg in _PAYLOADS]
    return [*node.args, *named] if posts else named


def _unwrapped(node: ast.Call) -> ast.expr | None:
    """What a call makes its result of, if that means the same in JSON; None if it may not."""
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in {"encode", "strip"}:
        return function.value
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return node.args[0] if name in {"dumps", "loads", "dedent", "deepcopy"} and node.args else None


def _has_documented_status(node: ast.Call) -> bool:
    """Whether a faked answer comes with HTTP status 200, which it does unless the call says otherwise."""
    statuses = [keyword.value for keyword in node.keywords if keyword.arg in {"status", "status_code"}]
    return all(isinstance(status, ast.Constant) and status.value == _DOCUMENTED_STATUS for status in statuses)


def _is_fake(node: ast.Call) -> bool:
    """Whether a call looks like one that sets up an answer instead of sending a request."""
    part: ast.expr = node.func
    for _ in range(_MOST_STEPS):
        if isinstance(part, ast.Attribute):
            if _fake(part.attr):
                return True
            part = part.value
    return isinstance(part, ast.Name) and _fake(part.id) is not None
