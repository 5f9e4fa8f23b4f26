"""An order as Hypothesis shows it: readable, in lines, without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.testing.ready_test.disguises import Disguise
from altcraft_contract.testing.ready_test.literals import NotWritable, write_value

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter


class ShownOrder:
    """An order that was drawn.

    Attributes:
        value: The order itself.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        try:
            return write_value(self.value, disguise=Disguise([self.value]).scalar).expression
        except NotWritable:
            return redact_text(repr(self.value))

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002, FBT001 - so it is called
        for number, line in enumerate(repr(self).splitlines()):
            if number:
                printer.break_()
            printer.text(line)
