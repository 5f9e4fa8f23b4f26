"""Secrets never reach a terminal, a report or a file: the token, Authorization, e-mail addresses and telephone numbers.

What is secret is told by the name of its field, however that is spelt or misspelt, in broken documents too. It is
masked wherever else it stands, and so is whatever looks like an address, a number or credentials.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.renderers.decoded_text import DecodedText, with_escaped_quotes, with_plain_quotes
from altcraft_contract.renderers.known_secrets import KnownSecrets
from altcraft_contract.renderers.secret_names import is_secret_name
from altcraft_contract.renderers.secret_places import find_secrets, iter_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.documents.document import Syntax
    from altcraft_contract.renderers.secret_places import Span

MASK: Final = "***"
_SENTENCE: Final = 1000  # characters of a text that is remembered
_STRONG: Final = 12  # characters of a secret that is masked in a path, too
_no_line_end = re.compile(r"[^\r\n]")


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """*text*, a sentence or a line of a log, without *secrets* and without anything that looks like one."""
    return _redacted(text, KnownSecrets(secrets))


def redact_path(path: str, secrets: Iterable[str] = ()) -> str:
    """*path* without *secrets* and without addresses, its suffix apart: `order@2x.json` is no address."""
    suffix = PurePath(path).suffix
    return _redacted(path.removesuffix(suffix), KnownSecrets(secrets)) + suffix


def secrets_of(value: Any) -> frozenset[str]:
    """The secrets of a parsed body: every scalar below a field with the name of a secret."""
    return frozenset(_iter_secrets(value, is_secret=False))


class Redactor:
    """Knows the secrets of one document.

    Args:
        text: The text of the document, well-formed or not.
        syntax: Makes no difference: of a broken document it is not certain.
        secrets: What else is secret, such as those of the request that the document answers.

    Attributes:
        source: *text*, in which each character of a secret is a `*`, so that columns stay true.
    """

    def __init__(self, text: str, syntax: Syntax = "json", *, secrets: Iterable[str] = ()) -> None:  # noqa: ARG002
        decoded = DecodedText(text)
        fields = find_secrets(decoded.text)
        contacts = list(iter_contacts(decoded.text))
        values = {*fields.joined, *secrets}
        values.update(*map(with_escaped_quotes, tuple(values)))
        forms = set(values)
        for start, end in {*fields.values, *contacts}:
            values.add(decoded.text[start:end])
            forms.update(_iter_forms(text[decoded.place(start) : decoded.place(end)], decoded.text[start:end]))
        spans = [*fields.spans, *contacts, *KnownSecrets(values).iter_spans(decoded.text)]
        self.source = _masked(text, _merged((decoded.place(start), decoded.place(end)) for start, end in spans))
        self._secrets = KnownSecrets(forms)

    @property
    def secrets(self) -> frozenset[str]:
        """The secrets of the document, in each form in which a message may show them."""
        return frozenset(self._secrets.values)

    def redact(self, text: str) -> str:
        """*text*, which speaks of the document, without its secrets."""
        return _redacted(text, self._secrets)

    def redact_path(self, path: str) -> str:
        """*path*, which may be named after a secret of the document."""
        return redact_path(path, (secret for secret in self._secrets.values if len(secret) >= _STRONG))


def _spans_in_prose(text: str) -> tuple[Span, ...]:
    """Where *text*, a sentence, holds what looks like a secret."""
    return _known_spans(text) if len(text) <= _SENTENCE else _known_spans.__wrapped__(text)


@lru_cache(maxsize=1024)  # the findings of many files say the same
def _known_spans(text: str) -> tuple[Span, ...]:
    decoded = DecodedText(text)
    found = [*iter_contacts(decoded.text)]
    if "=" in text or ":" in text:
        found += find_secrets(decoded.text, in_prose=True).spans
    return tuple((decoded.place(start), decoded.place(end)) for start, end in found)


def _redacted(text: str, secrets: KnownSecrets) -> str:
    spans = [*secrets.iter_spans(text), *secrets.iter_cut_spans(text), *_spans_in_prose(text)]
    if not spans:
        return text
    parts = []
    position = 0
    for start, end in _merged(spans):
        parts += [text[position:start], MASK]
        position = end
    return "".join([*parts, text[position:]])


def _iter_secrets(value: Any, *, is_secret: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _iter_secrets(member, is_secret=is_secret or is_secret_name(str(name)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _iter_secrets(item, is_secret=is_secret)
    elif is_secret and value is not None and not isinstance(value, bool):
        yield str(value)


def _iter_forms(raw: str, decoded: str) -> Iterator[str]:
    """How messages may write a secret: as it stands in the text, and as either syntax reads it."""
    plain = with_plain_quotes(decoded)
    yield plain
    if raw == plain:
        return
    yield raw
    if "&" in raw:
        from html import unescape  # noqa: PLC0415 - few secrets need it

        yield unescape(raw)
    if "\\" in raw:
        import json  # noqa: PLC0415 - as above

        try:
            yield str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            return


def _masked(text: str, spans: Iterable[Span]) -> str:
    parts = []
    position = 0
    for start, end in spans:
        parts += [text[position:start], _no_line_end.sub("*", text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for start, end in sorted(spans):
        if current is not None and start <= current[1]:
            current = (current[0], max(end, current[1]))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current
