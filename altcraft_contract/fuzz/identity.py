"""Who orders, and with which token: cases hold stand-ins, and the real values are put in when a request leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cached_property
from html import escape as html
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from altcraft_contract.renderers.redaction import redact_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.contract import Syntax


@dataclass(frozen=True, repr=False)
class Identity:
    """What must not be seen.

    Attributes:
        token: Of the installation's API.
        email: Of the member who orders.
        phone: Of the member who orders.
    """

    token: str
    email: str = "ann@example.com"
    phone: str = "+79991234567"

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The values, and the tokens that are derived from the right one, in every form in which texts hold them."""
        derived = (derive(self.token) for derive in _DERIVATIONS.values())
        return frozenset(form for value in (self.token, self.email, self.phone, *derived) for form in _forms(value))

    def reveal(self, body: bytes, syntax: Syntax) -> bytes:
        """*body*, which holds stand-ins, with these values instead."""
        for stand_in, written in self._replacements[syntax]:
            body = body.replace(stand_in, written)
        if b"\0" in body:  # a body in another encoding, which is refused for that and not for its token
            for stand_in, written in self._replacements[syntax]:
                for encoding in ("utf-16-le", "utf-32-le"):
                    body = body.replace(stand_in.decode().encode(encoding), written.decode().encode(encoding))
        return body

    @cached_property
    def _replacements(self) -> Mapping[Syntax, tuple[tuple[bytes, bytes], ...]]:
        pairs = [(getattr(STAND_INS, field.name), getattr(self, field.name)) for field in fields(self)]
        pairs += [(stand_in, _DERIVATIONS[name](self.token)) for name, stand_in in DERIVED_TOKENS.items()]
        return {
            "json": tuple((old.encode(), json.dumps(new, ensure_ascii=False)[1:-1].encode()) for old, new in pairs),
            "xml": tuple((old.encode(), escape(new).encode()) for old, new in pairs),
        }

    def conceal(self, text: str) -> str:
        """*text*, which came from the target, without these values and without what looks like one of them."""
        return redact_text(text, self.secrets)


def _forms(value: str) -> Iterator[str]:
    """A value as it is, as either syntax writes it, and in small letters."""
    double, single = {'"': "&quot;"}, {"'": "&apos;"}
    in_json = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    in_xml = (escape(value), escape(value, double), escape(value, single), escape(value, double | single), html(value))
    for form in (value, *in_json, *in_xml, ascii(value)[1:-1]):
        yield form
        yield form.lower()


STAND_INS: Final = Identity("altcraft-token-stand-in", "member.stand-in@example.com", "+10005550199")
"""What cases hold. None of them occurs in any other text that is sent."""

DERIVED_TOKENS: Final[Mapping[str, str]] = {
    "wrong": "altcraft-token-wrong",
    "half": "altcraft-token-half",
    "swapped-case": "altcraft-token-swapped",
}
"""Name of a token that is not the right one to its stand-in."""

_DERIVATIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "wrong": lambda token: "".join("a" if character != "a" else "b" for character in token),
    "half": lambda token: token[: (len(token) + 1) // 2],
    "swapped-case": str.swapcase,
}

PLACEHOLDERS: Final[Mapping[str, str]] = {
    STAND_INS.token: "ALTCRAFT_TOKEN",
    STAND_INS.email: "ALTCRAFT_EMAIL",
    STAND_INS.phone: "ALTCRAFT_PHONE",
}
"""Stand-in to the environment variable that holds the real value when a case is sent again."""
