"""Texts to the documented form of their value, where there is one form that they can mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from altcraft_contract.rules.currencies import CURRENCY_DECIMALS

if TYPE_CHECKING:
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.lint.fixes.draft import Edit

_whole_number = re.compile(r"0|-?[1-9][0-9]{0,18}").fullmatch  # of more digits none is within 64 bits
_boolean = re.compile(r"true|false", re.IGNORECASE | re.ASCII).fullmatch
_code = re.compile(r"[A-Za-z]{3}").fullmatch


class Mended(NamedTuple):
    """A value in its documented form.

    Attributes:
        rule: Id of the rule that it broke before.
        edit: Puts it in place of the old one.
        before: The old value as it stands in the document.
        after: The new one.
    """

    rule: str
    edit: Edit
    before: str
    after: str


def mend_text(text: str, shape: Shape) -> tuple[str, str] | None:
    """The rule that *text* breaks where *shape* is documented, and what keeps it; None if that is not plain.

    The form must be exact: no space, no sign `+`, no leading zero, no fraction.
    """
    if shape.kind == "integer":
        return ("wrong-type", text) if _whole_number(text) else None
    if shape.kind == "boolean":
        return ("wrong-type", text.lower()) if _boolean(text) else None
    if shape.type_name == "currency" and _code(text) and text != text.upper() and text.upper() in CURRENCY_DECIMALS:
        return "invalid-currency", text.upper()
    return None
