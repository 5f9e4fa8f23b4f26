"""Words for values that were found and expected, and hints that can be typed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.nearest import find_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
_thousands = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}").fullmatch  # 1,500 may be 1500 or 1.5: no hint
_ends = re.compile(r".*(?:Z|[+-][0-9]{2}:[0-9]{2})").fullmatch  # with an offset from UTC
_epoch = re.compile(r"[0-9]{9,10}").fullmatch


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


def advise(rule: str, value: Any, schema: Mapping[str, Any], shape: Shape | None, *, in_xml: bool) -> str | None:
    """A hint on how to mend *value*, or None."""
    if rule == "wrong-type":
        return _mend_type(value, schema, shape, in_xml=in_xml)
    if rule in _MENDERS and isinstance(value, str):
        mended = _mend_pattern(rule, value, schema)
        if mended is None:
            return None
        ending = ", and add Z or your offset from UTC" if rule == "invalid-timestamp" and not _ends(mended) else ""
        return f"write {_quoted(mended, in_xml=in_xml)}{ending}"
    if rule == "unknown-value" and isinstance(value, str):
        nearest = find_nearest(value, schema["enum"])
        return f"did you mean {_quoted(nearest, in_xml=in_xml)}?" if nearest is not None else None
    return None


def _quoted(text: str, *, in_xml: bool) -> str:
    return text if in_xml else f'"{text}"'


def _mend_pattern(rule: str, text: str, schema: Mapping[str, Any]) -> str | None:
    """What *text* probably is, if that keeps the pattern of *schema*: a hint that breaks a rule helps nobody."""
    mended = _MENDERS[rule](text)
    return mended if mended is not None and re.search(schema["pattern"], mended) else None


def _mend_type(value: Any, schema: Mapping[str, Any], shape: Shape | None, *, in_xml: bool) -> str | None:
    expected = schema["type"]
    if value is None:
        return "leave the field out; null is not documented"
    if isinstance(value, str):
        return _mend_text(value.strip(), expected, in_xml=in_xml)
    if expected == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        text = _number_text(value, is_price=shape is not None and shape.type_name == "decimal")
        if text is not None and "pattern" in schema and not re.search(schema["pattern"], text):
            text = _mend_pattern(schema["x-rules"]["pattern"], text, schema)
        return f'write "{text}"' if text is not None else None
    if expected == "boolean" and value in (0, 1):
        return f"write {'true' if value else 'false'}"
    if expected == "array" and isinstance(value, dict):
        return "write a list, also for one item: [{…}]"
    return None


def _mend_text(text: str, expected: str, *, in_xml: bool) -> str | None:
    if expected == "boolean" and text.lower() in ("true", "false"):
        return f"write {text.lower()}" + ("" if in_xml else " without quotes")
    if expected == "integer" and not in_xml and len(text) <= _DIGITS and re.fullmatch(r"-?[0-9]+", text):
        return f"write {int(text)} without quotes"
    return None


def _number_text(value: float, *, is_price: bool) -> str | None:
    """The text of a number; a price gets the usual two decimals. None if it cannot be written plainly."""
    if isinstance(value, int) and abs(value) >= 10**_DIGITS:
        return None
    text = repr(value)
    if not _decimal(text):
        return text if text.startswith("-") and _decimal(text[1:]) and not is_price else None
    if not is_price:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def _mend_decimal(text: str) -> str | None:
    """The plain decimal that *text* probably is: grouping taken out, a decimal comma made a point."""
    text = re.sub(r"[\s'\u2019_]", "", text).removeprefix("+")
    if "," in text and "." in text:
        text = text.replace(",", "") if text.rindex(".") > text.rindex(",") else text.replace(".", "").replace(",", ".")
    elif text.count(",") == 1 and not _thousands(text):
        text = text.replace(",", ".")
    text = f"0{text}" if text.startswith(".") else text.removesuffix(".")
    return text if len(text) <= _LONGEST and _decimal(text) else None


def _mend_currency(text: str) -> str | None:
    text = text.strip()
    return text.upper() if re.fullmatch(r"[A-Za-z]{3}", text) else None


def _mend_timestamp(text: str) -> str | None:
    """An ISO 8601 time made of *text*, if it is an epoch number or has only a space or small letters wrong."""
    text = text.strip()
    if _epoch(text):
        from datetime import UTC, datetime  # noqa: PLC0415 - only a finding needs it

        return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    match = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ tT]+([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) ?([zZ]|[+-][0-9:]{5})?", text
    )
    if match is None:
        return None
    return f"{match[1]}T{match[2]}{(match[3] or '').upper()}"


_MENDERS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "invalid-decimal": _mend_decimal,
    "invalid-currency": _mend_currency,
    "invalid-timestamp": _mend_timestamp,
}
