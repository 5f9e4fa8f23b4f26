"""Bodies with marked secrets, whole and damaged."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from hypothesis import strategies as st

from altcraft_contract.contract import load_contract

WINDOW = 8  # characters of a token in a row that are as good as all of it
EXAMPLE = json.loads(load_contract().examples["request.json"])
NAMES = ("token", "Token", "access_token", "toekn", "tokn", "Authorization", "x-auth-token")
STRAY = "\"'\\,:;{}[]<>/&=!?-\n\t x0é\x00\x1b\u202e"


@dataclass(frozen=True)
class Body:
    """A body and the secrets in it.

    Attributes:
        text: As sent.
        token: Of which not even a part may be shown.
        contacts: An address and a number.
    """

    text: str
    token: str
    contacts: tuple[str, ...]

    def leaks(self, output: str) -> list[str]:
        """Which secrets *output* shows, or `WINDOW` characters of the token in a row."""
        parts = {self.token[index : index + WINDOW] for index in range(len(self.token) - WINDOW + 1)}
        return [part for part in (*parts, *self.contacts) if part in output]


def as_xml(name: str, value: Any) -> str:
    """The XML form of a value, written without any check."""
    if isinstance(value, list):
        return "".join(as_xml(name, item) for item in value)
    if isinstance(value, dict):
        inner = "\n".join(as_xml(member, child) for member, child in value.items())
    else:
        inner = escape(str(value).lower() if isinstance(value, bool) else str(value))
    return f"<{name}>{inner}</{name}>"


def escaped(text: str) -> str:
    """A JSON text with escapes where none are needed."""
    return text.replace('"token"', '"\\u0074oken"').replace("/", "\\/").replace("Q", "\\u0051")


# Letters that no rule, field or message spells a word with.
tokens = st.text("QXZWJ0123456789", min_size=10, max_size=50) | st.from_regex(
    r"[QXZWJ][QXZWJ01+/=._~-]{9,48}[QXZWJ]", fullmatch=True
)
addresses = st.from_regex(r"[QXZWJ]{3,12}@[QXZWJ]{3,12}\.(com|ru)", fullmatch=True)
numbers = st.from_regex(r"\+[1-9][0-9]{9,13}", fullmatch=True)


@st.composite
def orders(draw: st.DrawFn, token: str, address: str, number: str, *, has_copies: bool) -> dict[str, Any]:
    """Orders that hold the secrets in their own fields and, with copies, in others."""
    order: dict[str, Any] = json.loads(json.dumps(EXAMPLE))
    del order["token"]
    own = {draw(st.sampled_from(NAMES)): token, "email": address, "phone": draw(st.sampled_from([number, int(number)]))}
    places = [order, order["data"], order["data"]["lines"][0], order["data"]["custom_fields"]]
    nested = draw(st.sampled_from([token, [token], {"value": token}, {"a": [{"b": token}]}]))
    draw(st.sampled_from(places))[draw(st.sampled_from(["session_token", "userEmail", "PHONE"]))] = nested
    if not has_copies:
        return {**own, **order}
    for field in ("status", "endpoint", "currency", "total_price", "create_time", "region", "undocumented"):
        copy = draw(st.sampled_from([token, address, number, f"see {token} there", None]))
        order["data"].update({field: copy} if copy else {})
    if token.isalnum():
        draw(st.sampled_from(places))[f"k{token}"] = 1
    return {**own, **order} if draw(st.booleans()) else {**order, **own}


@st.composite
def bodies(draw: st.DrawFn, *, has_copies: bool = True) -> Body:
    """Whole bodies in either syntax."""
    token, address, number = draw(tokens), draw(addresses), draw(numbers)
    order = draw(orders(token, address, number, has_copies=has_copies))
    if draw(st.booleans()):
        return Body(as_xml("xml", order), token, (address, number))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    text = json.dumps(order, indent=draw(st.sampled_from([None, 1])), separators=separators)
    return Body(escaped(text) if draw(st.booleans()) else text, token, (address, number))


@st.composite
def damaged_bodies(draw: st.DrawFn) -> Body:
    """Bodies with one character too many, too few, wrong or out of order, or with the end cut off.

    They hold no copies: half a copy of a secret, in a field that is none, cannot be known for what it is.
    """
    body = draw(bodies(has_copies=False))
    place = draw(st.integers(0, len(body.text) - 1) | st.integers(0, min(120, len(body.text) - 1)))
    stray = draw(st.sampled_from(STRAY))
    start, end = body.text[:place], body.text[place:]
    swapped = start + end[1:2] + end[:1] + end[2:]
    texts = [start, start + stray + end, start + end[1:], start + stray + end[1:], swapped]
    return replace(body, text=draw(st.sampled_from(texts)))
