"""The digest of what an order says, by which a repeat is compared with the first request."""

from __future__ import annotations

import json
import marshal
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from jsonschema_rs import canonical

from altcraft_contract.documents.problem import LongInteger

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_THE_ORDER: Final = ("token", "skip_triggers")  # may change from one attempt to the next
_SIZE: Final = 16  # bytes of each of the two parts
_PLAIN: Final = 2  # the form of marshal that does not depend on which texts are one object
_write_canonical: Final = canonical.json.to_string
_MOST_KEPT: Final = 4096  # bytes of an order that is kept instead of its digest
_MOST_BITS: Final = 14_000  # of an integer that is written as a number; Python writes up to 4,300 digits


def digest_order(request: Mapping[str, Any]) -> bytes:
    """Digest of what is ordered, which `is_same_order` reads; the token and `skip_triggers` do not count."""
    order = _order_of(request)
    return _digest_meaning(order) + _digest_form(order)


def is_same_order(request: Mapping[str, Any], digest: bytes) -> bool:
    """Whether a request orders the same as the one that has the *digest*, in either syntax."""
    order = _order_of(request)
    form = _digest_form(order)
    return form == digest[_SIZE:] != b"" or _digest_meaning(order) == digest[:_SIZE]


def keep_order(request: Mapping[str, Any]) -> bytes:
    """What is ordered, for `is_kept_order`: quicker to make than its digest, which it is if the order is large."""
    form = _write_form(_order_of(request))
    return form if 2 * _SIZE < len(form) <= _MOST_KEPT else digest_order(request)


def is_kept_order(request: Mapping[str, Any], kept: bytes) -> bool:
    """Whether a request orders the same as the one that was *kept* in this process, in either syntax."""
    if len(kept) <= 2 * _SIZE:
        return is_same_order(request, kept)
    order = _order_of(request)
    if _write_form(order) == kept:
        return True
    first = marshal.loads(kept)  # noqa: S302 - written by this process and never stored
    return _digest_meaning(order) == _digest_meaning(first)


def _order_of(request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in _NOT_THE_ORDER}


def _digest_form(order: dict[str, Any]) -> bytes:
    """Digest of an order with its fields in their order; quick, and most repeats have the same; it may be empty."""
    form = _write_form(order)
    return form and blake2b(form, digest_size=_SIZE).digest()


def _write_form(order: dict[str, Any]) -> bytes:
    """An order with its fields in their order; it may be empty."""
    try:
        return marshal.dumps(order, _PLAIN)
    except ValueError:  # very deep, or an integer of more digits than Python writes
        return b""


def _digest_meaning(order: dict[str, Any]) -> bytes:
    """Digest of what is ordered, the same in either syntax."""
    try:
        text = _write_canonical(order)
        if not _is_regular(order, text):
            text = _write_canonical(_canonical(order))
    except ValueError:  # an integer of more digits than Python writes, or half of a surrogate pair
        text = json.dumps(_canonical(order), sort_keys=True)
    return blake2b(text.encode(), digest_size=_SIZE).digest()


def _is_regular(order: Mapping[str, Any], text: str) -> bool:
    """Whether it is certain that `_canonical` has nothing to do, told from the text where that is quicker."""
    if "[]" in text:
        return False
    data = order.get("data")
    if type(data) is not dict:
        return False
    lines = data.get("lines")
    places = [data, *lines] if type(lines) is list else [data]
    seen = 0
    for place in places:
        fields = place.get("custom_fields") if type(place) is dict else None
        if fields is not None:
            if type(fields) is not dict or not all(type(value) is str for value in fields.values()):
                return False
            seen += 1
    return text.count('"custom_fields":') == seen


def _canonical(value: Any, *, is_custom: bool = False) -> Any:
    """A value as both syntaxes have it: without empty lists, numbers without `.0`, custom fields as text."""
    if isinstance(value, dict):
        return {
            name: member if type(member) is str else _canonical(member, is_custom=is_custom or name == "custom_fields")
            for name, member in value.items()
            if member or member != []
        }
    if isinstance(value, list):
        return [_canonical(item, is_custom=is_custom) for item in value]
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and not is_custom:
        value = int(value)
    if isinstance(value, LongInteger):
        return value.text
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"{Decimal(value):f}"
    return json.dumps(value) if is_custom else value
