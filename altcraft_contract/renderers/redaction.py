"""Secrets never reach a terminal, a report or a file: the token, Authorization, e-mail addresses and telephone numbers.

What is secret is told by the name of a field, however it is spelt or misspelt, and in broken documents too; besides,
what looks like an address or a number is masked wherever it stands.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.documents.document import Syntax

MASK: Final = "***"
_SHORTEST = 6  # characters of a secret that is masked wherever it stands; shorter ones are part of other words

_NAME = r"(?:token|authori[sz]ation|e-?mail|phone|secret|passw|api[_-]?key)"
_secret_name = re.compile(_NAME, re.IGNORECASE)
_address = re.compile(r"[^\s\"'<>@,;:(){}\[\]]{1,256}@[^\s\"'<>@,;:(){}\[\]]{1,256}\.[^\s\"'<>@,;:(){}\[\]]+")
_number = re.compile(r"\+[0-9]{8,15}(?![0-9])")

_json_key = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:\s*', re.DOTALL)
_json_string = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_json_scalar = re.compile(r"[^\s,}\]]+")
_json_structure = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_loose_field = re.compile(rf"[\w.-]*{_NAME}[\w.-]*[\"']?\s*[:=]\s*(?!\s)", re.IGNORECASE)
_loose_value = re.compile(r"\"[^\"\n]*\"?|'[^'\n]*'?|[^\n,;&}\])<>]+")
_xml_element = re.compile(rf"<([^\s<>/!?]*{_NAME}[^\s<>/]*)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)


def redact_text(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """*text* without *secrets* and without anything that looks like an e-mail address or a telephone number."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    if "@" in text:
        text = _address.sub(MASK, text)
    return _number.sub(MASK, text) if "+" in text else text


class Redactor:
    """Knows the secrets of one document.

    Attributes:
        source: The text of the document, in which each character of a secret is a `*`, so that columns stay true.
    """

    def __init__(self, text: str, syntax: Syntax) -> None:
        spans = list(_merged(_secret_spans(text, syntax)))
        self._secrets = frozenset(text[start:end] for start, end in spans if end - start >= _SHORTEST)
        source = _masked(text, spans)
        for secret in self._secrets:
            source = source.replace(secret, "*" * len(secret))
        source = _address.sub(_stars, source) if "@" in source else source
        self.source = _number.sub(_stars, source) if "+" in source else source
        self._secrets |= frozenset(_decoded(secret) for secret in self._secrets)

    def redact(self, text: str) -> str:
        """*text*, which speaks of the document, without its secrets."""
        return redact_text(text, self._secrets)


def _decoded(secret: str) -> str:
    try:
        return str(json.loads(f'"{secret}"'))
    except ValueError:
        return secret


def _stars(match: re.Match[str]) -> str:
    return "*" * len(match[0])


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    parts = []
    position = 0
    for start, end in spans:
        parts += [text[position:start], re.sub(r"[^\r\n]", "*", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _merged(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if current is not None and start <= current[1]:
            current = (current[0], max(end, current[1]))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def _secret_spans(text: str, syntax: Syntax) -> Iterator[tuple[int, int]]:
    """Where secrets stand in *text*, well-formed or not."""
    if syntax == "json":
        yield from _json_spans(text)
    else:
        for match in _xml_element.finditer(text):
            end = text.find(f"</{match[1]}", match.end())
            yield match.end(), end if end >= 0 else len(text)
    for match in _loose_field.finditer(text):
        value = _loose_value.match(text, match.end())
        if value is not None:
            yield value.span()


def _json_spans(text: str) -> Iterator[tuple[int, int]]:
    for key in _json_key.finditer(text):
        name = _decoded(key[1]) if "\\" in key[1] else key[1]
        if not _secret_name.search(name):
            continue
        start = key.end()
        opening = text[start : start + 1]
        if opening == '"':
            string = _json_string.match(text, start)
            yield string.span(1) if string is not None else (start, len(text))
        elif opening in ("{", "["):
            yield start, _end_of_container(text, start)
        else:
            scalar = _json_scalar.match(text, start)
            if scalar is not None:
                yield scalar.span()


def _end_of_container(text: str, start: int) -> int:
    depth = 0
    for token in _json_structure.finditer(text, start):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth == 0:
                return token.end()
    return len(text)
