"""Words for values that were found and expected, and hints that can be typed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.rules.additions import about_of, sample_of
from altcraft_contract.rules.mending import MENDED, mend
from altcraft_contract.rules.nearest import find_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.documents.shape import Shape

_LONGEST = 40  # characters of a value that a message shows
_DIGITS = 30  # of a number that a message shows
_EXPECTED: Final = {
    "string": ("a string", "text without elements"),
    "integer": ("a whole number", "a whole number"),
    "boolean": ("true or false", "true or false"),
    "array": ("a list", "a list"),
    "object": ("an object", "elements"),
}
_WORDS: Final = {None: "null", True: "true", False: "false"}
_decimal = re.compile(r"[0-9]+(?:\.[0-9]+)?").fullmatch
_PLAIN_FORMS: Final[Mapping[str, str]] = {
    "invalid-decimal": "write digits, with a point before the decimals, such as {}",
    "invalid-currency": "write the code of ISO 4217, such as {}",
    "invalid-timestamp": "write it like {}",
}
_ROUNDED: Final = "round it, or count in a smaller unit"
_ASKED: Final[Mapping[str, str]] = {
    "boolean": "write true or false",
    "integer": "write a whole number, such as 1",
    "array": "write a list: […]",
    "object": "write an object: {…}",
}
_EXCHANGED: Final[Mapping[tuple[type, str], str]] = {
    (dict, "array"): "write a list, also for one item: [{…}]",
    (list, "object"): "write the object itself, without the list",
}


class Place(NamedTuple):
    """Where a value stands.

    Attributes:
        shape: The documented form of the value.
        in_xml: Whether the document is XML.
        is_optional: Whether the field may be left out.
        is_item: Whether the value is an item of a list.
    """

    shape: Shape
    in_xml: bool
    is_optional: bool = False
    is_item: bool = False

    def quote(self, text: str) -> str:
        """*text* as it is typed in."""
        return text if self.in_xml else f'"{text}"'


def describe_found(value: Any, *, secret: bool = False, in_xml: bool = False) -> str:
    """What *value* is, in words; a secret one is not shown."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, dict):
        return "an element with elements" if in_xml else "an object"
    if isinstance(value, list):
        return "a list"
    if secret:
        return "text" if isinstance(value, str) else "a number"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= _LONGEST else f'"{value[:_LONGEST]}…"'
    return describe_number(value)


def describe_number(value: float) -> str:
    """A number as it is read; a very long one only by its size."""
    if isinstance(value, int) and not -(10**_DIGITS) < value < 10**_DIGITS:
        return f"a number of more than {_DIGITS} digits"
    return f"the number {value}"


def describe_expected(schema: Mapping[str, Any], *, in_xml: bool) -> str:
    """What the `type` keyword of *schema* asks for, in words."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join("null" if name == "null" else _EXPECTED[name][in_xml] for name in types)


def advise(rule: str, value: Any, schema: Mapping[str, Any], place: Place) -> str | None:
    """A hint on how to mend *value*, or None; a secret one is not told."""
    if rule == "wrong-type":
        return _mend_type(value, schema, place)
    if rule in MENDED and isinstance(value, str):
        return _mend_pattern(rule, value, schema, place)
    if rule == "unknown-value" and isinstance(value, str):
        nearest = find_nearest(value, schema["enum"])
        return f"did you mean {place.quote(nearest)}?" if nearest is not None else "write one of these, exactly so"
    if rule == "out-of-range":
        return _mend_range(value, schema, place)
    if rule == "empty-value":
        about = about_of(place.shape)
        told = f"write the value ({about})" if about else "write the value"
        return f"{told}, or leave the field out" if place.is_optional else told
    return None


def _mend_pattern(rule: str, value: str, schema: Mapping[str, Any], place: Place) -> str:
    """What to write for a text of another form: only what keeps the pattern, since another mistake helps nobody."""
    text, more = mend(rule, value)
    if text is not None and re.search(schema["pattern"], text):
        return f"write {place.quote(text)}{more}"
    if text is not None and text.startswith("-"):
        return _without_sign(text, place)
    if text is not None and "," in text:
        thousands, decimals = place.quote(text.replace(",", "")), place.quote(text.replace(",", "."))
        return f"write {thousands} or {decimals}, whichever is meant"
    if more and text is None:
        return more
    sample = place.quote(place.shape.example or "…")
    told = _PLAIN_FORMS[rule].format(sample)
    return f"{told}, or leave the field out" if place.is_optional and not value.strip() else told


def _without_sign(text: str, place: Place) -> str:
    """What to do about an amount below 0."""
    if place.shape.section == "requested_promotions array":
        return f"write {place.quote(text[1:])}: what is taken off stands without a sign"
    if place.shape.section == "points_info object":
        return "write how many points there are, without a sign"
    return "write a price that is not negative; what is taken off is the `amount` of a promotion"


def _mend_range(value: float, schema: Mapping[str, Any], place: Place) -> str | None:
    least = schema.get("minimum", 0)
    if value > least:
        return "write a smaller number, or look where this one comes from"
    if least <= 0:
        return "write 0 or more" if least == 0 else None
    what = "line" if place.shape.section == "lines array" else "item"
    return f"write {least} or more, or leave the {what} out"


def _mend_type(value: Any, schema: Mapping[str, Any], place: Place) -> str | None:
    expected = schema["type"]
    if value is None:
        return _mend_null(place)
    if expected == "string":
        return _mend_to_text(value, schema, place)
    if isinstance(value, str):
        return _mend_text(value.strip(), expected, place)
    if expected == "boolean" and value in (0, 1):
        return f"write {'true' if value else 'false'}"
    if expected == "integer" and isinstance(value, float):
        return _ROUNDED if place.shape.type_name == "positive_integer" else "write a whole number"
    kinds = (type(value), f"{expected}")
    return _EXCHANGED.get(kinds) or _ASKED.get(kinds[1], "write an object, or leave it out")


def _mend_null(place: Place) -> str:
    if place.is_item:
        return "leave the item out; null is not documented"
    return f"{'leave the field out' if place.is_optional else 'write a value'}; null is not documented"


def _mend_text(text: str, expected: str, place: Place) -> str | None:
    """What to do about a text where something else is documented."""
    quotes = "" if place.in_xml else " without quotes"
    if expected == "boolean":
        return f"write {text.lower()}{quotes}" if text.lower() in ("true", "false") else f"write true or false{quotes}"
    if expected == "integer":
        whole = re.fullmatch(r"(-?[0-9]+)(?:\.0*)?", text) if len(text) <= _DIGITS else None
        if whole is not None:
            return f"write {int(whole[1])}{quotes}"
        is_fraction = place.shape.type_name == "positive_integer" and len(text) <= _DIGITS and "." in text
        return _ROUNDED if is_fraction and _decimal(text) else f"write a whole number{quotes}, such as 1"
    if expected == "array":
        item = "…" if place.shape.item is not None and place.shape.item.kind == "object" else '"…"'
        return f"write a list, also for one item: [{item}]"
    if place.in_xml:
        return "write its fields as elements within it"
    return "write the object itself, not a text that holds it" if text[:1] == "{" else "write an object: {…}"


def _mend_to_text(value: Any, schema: Mapping[str, Any], place: Place) -> str:
    """What to do about something else where a text is documented."""
    if isinstance(value, dict):
        return f"write the text alone, without {'elements' if place.in_xml else 'the object'}"
    if isinstance(value, list):
        return "write the item alone, without the list"
    if place.shape.secret:
        return "write it as text, in quotes"
    is_price = place.shape.type_name == "decimal"
    text = _number_text(value, is_price=is_price) if not isinstance(value, bool) else None
    if text is not None and "pattern" in schema and not re.search(schema["pattern"], text):
        text = mend(schema["x-rules"]["pattern"], text).text
    if text is not None and text.startswith("-") and is_price:
        return _without_sign(text, place)
    if text is not None and re.search(schema.get("pattern", ""), text):
        return f'write "{text}"'
    sample = sample_of(place.shape)
    return f'write a text, such as "{sample}"' if sample is not None else "write a text, in quotes"


def _number_text(value: float, *, is_price: bool) -> str | None:
    """The text of a number; a price gets the usual two decimals. None if it cannot be written plainly."""
    if isinstance(value, int) and abs(value) >= 10**_DIGITS:
        return None
    text = repr(value)
    if not _decimal(text.removeprefix("-")):
        return None
    if not is_price:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"
