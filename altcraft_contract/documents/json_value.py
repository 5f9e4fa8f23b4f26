"""The fast JSON reader: the value and nothing else, or no decision."""

from __future__ import annotations

from math import isinf
from typing import Any, Final

import jiter

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits

_DIGITS: Final = bytes.maketrans(b"123456789E", b"000000000e")
_MANY_DIGITS: Final = b"0" * 200


def read_json_value(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any] | None:
    """The value of a JSON document, if it is an object without anything odd.

    Returns:
        The value, or None where the exact reader must decide: the body is malformed, repeats a member, or comes near a
        limit.
    """
    if len(data) > limits.max_values and _may_exceed(data, limits.max_values):
        return None
    try:
        value = jiter.from_json(data, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError:
        return None
    if type(value) is not dict:
        return None
    if _may_be_odd(data, limits.max_depth) and not keeps_limits(value, limits.max_depth):
        return None
    return value


def _may_exceed(data: bytes, max_values: int) -> bool:
    return data.count(b",") + data.count(b"{") + data.count(b"[") >= max_values


def _may_be_odd(data: bytes, max_depth: int) -> bool:
    """Whether the value may be too deep or hold a number that became infinite; told from the text, which is quicker.

    No double overflows with fewer than 200 digits and an exponent of two.
    """
    if data.count(b"{") + data.count(b"[") > max_depth:
        return True
    plain = data.translate(_DIGITS)
    return b"e000" in plain or b"e+000" in plain or _MANY_DIGITS in plain


def keeps_limits(value: dict[str, Any], max_depth: int) -> bool:
    """Whether *value* is not too deep and holds no number that became infinite.

    Args:
        value: As parsed.
        max_depth: Levels of nesting, *value* being level 1.
    """
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > max_depth:
            return False
        below: list[Any] = []
        for container in level:
            for child in container.values() if type(container) is dict else container:
                kind = type(child)
                if kind is str:  # nearly all are
                    continue
                if kind is dict or kind is list:
                    below.append(child)
                elif kind is float and isinf(child):
                    return False
        level = below
    return True
