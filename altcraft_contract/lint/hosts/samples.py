"""Samples: texts within documents and source code that may be messages, whole or, on purpose, in part.

People write samples for people. A wrong alarm in a document is worse than a sample that is missed, and that is worse
than nothing; so what was meant as a part of a message is let be:

- what is not well-formed and begins with neither `{` nor `<xml` or `<?xml`, such as a member or a line by itself;
- what is not well-formed because of an ellipsis, a comment with one, or the mark of a template (`{{count}}`, `<count>`,
  `$COUNT`) outside of its texts;
- what is well-formed and says by an ellipsis as a name, an item or a comment that something is left out.

What stands for the value of a field, such as `{{token}}`, `<token>` or an ellipsis, is a placeholder: the rest of the
message is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.lint.hosts.host import Exchange
from altcraft_contract.lint.recognition import is_message, message_of_body

if TYPE_CHECKING:
    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.lint.hosts.host import Excerpt

_BEGINNINGS: Final = (b"{", b"<xml", b"<?xml")
_ELLIPSES: Final = frozenset({"...", "…"})
# Texts are passed over, one without an end up to the end of its line.
_json_sign = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|(\.\.\.|…|\{\{|\{%|<[A-Za-z]|\$\{?[A-Za-z_])').finditer
# A comment without an end goes to the end of the text, lest each of its openings is tried.
_xml_sign = re.compile(r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)|<token>[^<]*+|(>\s*+(?:\.\.\.|…)\s*+(?=<)|\{%)").finditer

VARIABLE: Final = re.compile(r"\{\{[^{}\r\n]*+\}\}")
"""What editors and templates fill in."""

PLACEHOLDER: Final = re.compile(rf"{VARIABLE.pattern}|<[^<>\r\n]*+>|\$\{{?[A-Za-z_]|\.\.\.|…")
"""What a document writes in the place of a value."""


def find_message(body: bytes, syntax: Syntax, limits: Limits) -> Message | None:
    """Which message a sample is; None if it is no message of this contract, or a part of one on purpose."""
    contract = load_contract()
    what = message_of_body(body, syntax, contract, limits)
    if not is_message(body, syntax, what, contract, limits) or is_part(body, syntax, limits):
        return None
    return what


def is_part(body: bytes, syntax: Syntax, limits: Limits) -> bool:
    """Whether a sample was meant as a part of a message."""
    value = _read(body, syntax, limits)
    if value is None and not body.lstrip().startswith(_BEGINNINGS):
        return True
    if syntax == "xml":
        return _xml_leaves_out(body.decode(errors="replace"))
    if value is None:
        return any(match[1] for match in _json_sign(body.decode(errors="replace")))
    return _leaves_out(value)


def fill_variables(body: bytes, limits: Limits) -> bytes | None:
    """A JSON body whose variables, `{{count}}`, are numbers instead, as long as they were.

    Returns:
        The body, which may still be malformed; None if only the variables make it so.
    """
    if b"{{" not in body or _read(body, "json", limits) is not None:
        return body
    filled = VARIABLE.sub(lambda match: "1".ljust(len(match[0])), body.decode(errors="surrogateescape"))
    data = filled.encode(errors="surrogateescape")
    return data if _read(data, "json", limits) is None else None


def lone_exchange(excerpt: Excerpt, secrets: frozenset[str] = frozenset()) -> Exchange:
    """The exchange of which only *excerpt* is there; *secrets* stand beside it."""
    request, response = (excerpt, None) if excerpt.what == "request" else (None, excerpt)
    return Exchange(excerpt.where, excerpt.line, request, response, secrets)


def _read(body: bytes, syntax: Syntax, limits: Limits) -> Any:
    return read_document(body, load_contract().request_shape, syntax=syntax, limits=limits).value


def _xml_leaves_out(text: str) -> bool:
    return any(
        match[1] or (match[0].startswith("<!--") and any(mark in match[0] for mark in _ELLIPSES))
        for match in _xml_sign(text)
    )


def _leaves_out(value: Any) -> bool:
    """Whether an ellipsis stands in the place of members or items."""
    rest: list[Any] = [value]
    while rest:
        container = rest.pop()
        if any(isinstance(part, str) and part in _ELLIPSES for part in container):  # names, or items
            return True
        children = container.values() if isinstance(container, dict) else container
        rest += [child for child in children if isinstance(child, dict | list)]
    return False
