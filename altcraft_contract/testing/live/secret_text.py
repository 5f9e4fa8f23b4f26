"""A text that is not shown by mistake."""

from __future__ import annotations

from altcraft_contract.renderers.redaction import MASK


class SecretText(str):
    """A text like any other, which is masked where pytest or a debugger shows the values of a test."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)
