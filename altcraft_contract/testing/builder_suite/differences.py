"""Where two values differ, such as an order before and after."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import join, split
from altcraft_contract.renderers.redaction import MASK, redact_text
from altcraft_contract.renderers.secret_names import is_secret_name
from altcraft_contract.renderers.visible import visible
from altcraft_contract.testing.ready_test.literals import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_SHOWN: Final = 5
_LONGEST: Final = 60  # characters of a value


class Difference(NamedTuple):
    """A place at which two values differ; `ABSENT` on the side that lacks it."""

    pointer: str
    before: Any
    after: Any


class Absent:
    """What is not there."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent()


def iter_differences(before: Any, after: Any, path: tuple[str | int, ...] = ()) -> Iterator[Difference]:
    """Every place at which *after* is not what *before* is: the innermost ones, in the order of *before*."""
    members = _members_of(before), _members_of(after)
    if members[0] is None or members[1] is None or type(before) is not type(after):
        if type(before) is not type(after) or before != after:
            yield Difference(join(path), before, after)
        return
    count = 0
    for name in dict.fromkeys((*members[0], *members[1])):
        for difference in iter_differences(members[0].get(name, ABSENT), members[1].get(name, ABSENT), (*path, name)):
            count += 1
            yield difference
    if not count and before != after:
        yield Difference(join(path), before, after)


def tell_differences(differences: Iterable[Difference]) -> str:
    """A line for each of the first *differences*, without secrets."""
    lines = [
        f"  at {redact_text(difference.pointer) or 'the whole'}: "
        f"{_shown(difference.pointer, difference.before)}, then {_shown(difference.pointer, difference.after)}"
        for difference in islice(differences, _MOST_SHOWN)
    ]
    return "\n".join(lines)


def _members_of(value: Any) -> dict[Any, Any] | None:
    if type(value) is dict:
        return {str(name): member for name, member in value.items()}
    if type(value) in (list, tuple):
        return dict(enumerate(value))
    fields = fields_of(value)
    return None if fields is None else dict(fields)


def _shown(pointer: str, value: Any) -> str:
    if value is ABSENT:
        return "absent"
    if any(is_secret_name(name) for name in split(pointer)):
        return MASK
    shown = visible(redact_text(repr(value)))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
