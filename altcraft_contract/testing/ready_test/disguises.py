"""Secrets of what a test was made of, replaced by what belongs to nobody.

A token becomes `token`, an address `customer@example.com`, a number `+79990000000`; or, where the mistake lies in how a
secret is written, each of its letters an `x` and each of its digits a `0`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.renderers.decoded_text import DecodedText
from altcraft_contract.renderers.known_secrets import KnownSecrets
from altcraft_contract.renderers.redaction import MASK, Redactor
from altcraft_contract.renderers.secret_names import is_secret_name
from altcraft_contract.renderers.secret_places import find_secrets, iter_contacts
from altcraft_contract.testing.ready_test.literals import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Manner = Literal["stand-in", "shape"]

TOKEN: Final = "token"  # noqa: S105 - the token of nobody
EMAIL: Final = "customer@example.com"
PHONE: Final = "+79990000000"
_DEEPEST: Final = 200  # levels; what is deeper has no literal either
STAND_INS: Final = frozenset({TOKEN, EMAIL, PHONE})

_is_of_mail = re.compile(r"mail|почт", re.IGNORECASE).search
_is_of_phone = re.compile(r"phone|tel|mobile|msisdn|телефон", re.IGNORECASE).search
_letter = re.compile(r"[^\W\d_]")
_digit = re.compile(r"\d")


class Disguise:
    """Replaces the secrets of some values, and of whatever repeats them.

    Args:
        values: Bodies or orders: what stands in a field with the name of a secret is one.
        manner: `stand-in`, or `shape`: letters and digits are replaced one by one.

    Attributes:
        used: Whether anything has been replaced.
    """

    def __init__(self, values: Iterable[object], manner: Manner = "stand-in") -> None:
        self._manner = manner
        named = dict(secret for value in values for secret in _iter_named(value))
        self._names = {secret: name for secret, name in named.items() if secret not in STAND_INS}
        self._known = KnownSecrets(self._names)
        self.used = False

    def scalar(self, path: Sequence[str], value: Any) -> Any:
        """What is shown instead of *value*, to which the fields of *path* lead, the outermost first."""
        name = next((name for name in reversed(path) if is_secret_name(name)), "")
        kind = type(value)
        if kind is str:
            return self._of_field(name, value)
        if kind is bytes:
            return self._of_field(name, value.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        if name and kind in (int, float, Decimal):
            self.used = True
            return kind(_digit.sub("1", str(int(value))))
        return value

    def _of_field(self, name: str, text: str) -> str:
        if not name:
            return self.text(text)
        if not text or text in STAND_INS:
            return text
        self.used = True
        return self._replaced(name, text)

    def text(self, text: str) -> str:
        """*text* in which every secret that it repeats, and what looks like one, is replaced."""
        decoded = DecodedText(text)
        spans = [*self._known.iter_spans(decoded.text), *iter_contacts(decoded.text)]
        if "=" in text or ":" in text:
            spans += find_secrets(decoded.text, in_prose=True).spans
        return self._replaced_at(text, ((decoded.place(start), decoded.place(end)) for start, end in spans))

    def document(self, text: str) -> str:
        """*text*, a whole body in either syntax or in none, without secrets."""
        redactor = Redactor(text, secrets=self._names)
        if self._manner == "stand-in":
            decoded = DecodedText(text)
            known = KnownSecrets(redactor.secrets - STAND_INS)
            spans = {*find_secrets(decoded.text).values, *iter_contacts(decoded.text), *known.iter_spans(decoded.text)}
            shown = self._replaced_at(text, ((decoded.place(start), decoded.place(end)) for start, end in spans))
            if self._is_harmless(shown, known):
                return shown
        self.used |= redactor.source != text
        return redactor.source

    def _is_harmless(self, shown: str, known: KnownSecrets) -> bool:
        """Whether *shown* holds neither a secret that is *known* nor another one."""
        stand_ins = KnownSecrets({*STAND_INS, MASK}).values
        if any(secret not in stand_ins and secret.strip("1") for secret in Redactor(shown).secrets):
            return False
        return next(known.iter_spans(DecodedText(shown).text), None) is None

    def _replaced_at(self, text: str, spans: Iterable[tuple[int, int]]) -> str:
        parts, position = [], 0
        for start, end in sorted(spans):
            if end <= position or text[start:end] in STAND_INS:
                continue
            parts += [text[position : max(start, position)], self._replaced("", text[start:end])]
            position = end
            self.used = True
        return "".join([*parts, text[position:]])

    def _replaced(self, name: str, secret: str) -> str:
        if self._manner == "shape":
            return _digit.sub("0", _letter.sub("x", secret))
        name = name or self._names.get(secret, "")
        if not name and secret.isdecimal():  # a number, perhaps, of which a text would make something else
            return _digit.sub("1", secret)
        if _is_of_mail(name) or "@" in secret:
            return EMAIL
        return PHONE if _is_of_phone(name) or (secret[:1] == "+" and _digit.search(secret)) else TOKEN


def _iter_named(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every secret that stands in a field of its own, and the name of that field."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _iter_named(member, str(key) if is_secret_name(str(key)) else name, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset) and not hasattr(value, "_fields"):
        for item in value:
            yield from _iter_named(item, name, depth + 1)
    elif (fields := fields_of(value)) is not None:
        for key, member in fields:
            yield from _iter_named(member, key if is_secret_name(key) else name, depth + 1)
    elif name and value is not None and not isinstance(value, bool) and str(value):
        yield str(value), name
