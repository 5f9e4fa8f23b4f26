"""What it means that a keyword says something else: whether fewer or more values are allowed, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.evolution.claims import TEXTS, canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from altcraft_contract.evolution.changes import Effect

_LEAST: Final[Mapping[str, str]] = {
    "minimum": "least value",
    "exclusiveMinimum": "bound below",
    "minLength": "least length",
    "minItems": "least number of items",
    "minProperties": "least number of fields",
}
_MOST: Final[Mapping[str, str]] = {
    "maximum": "greatest value",
    "exclusiveMaximum": "bound above",
    "maxLength": "greatest length",
    "maxItems": "greatest number of items",
    "maxProperties": "greatest number of fields",
}
_LONGEST: Final = 200  # characters of a value that is shown


class Meaning(NamedTuple):
    """What a change of a keyword means.

    Attributes:
        effect: What is allowed now, beside what was.
        text: The change in words, without its place.
        before: What the older version says of it; None if nothing.
        after: What the newer version says of it; None if nothing.
    """

    effect: Effect
    text: str
    before: Any
    after: Any


def effects_of(keyword: str, before: Any, after: Any) -> Iterator[Meaning]:
    """What it means that *keyword* says *after* instead of *before*; None of them if it is not there."""
    if keyword in TEXTS:
        yield Meaning("none", f"the {keyword} is another one", before, after)
    elif keyword in _TESTS:
        yield from _TESTS[keyword](before, after)
    elif keyword in _LEAST or keyword in _MOST:
        yield _bound(keyword, before, after)
    else:
        yield _whole(keyword, before, after)


def shown(value: Any) -> str:
    """*value* as JSON in code, cut if it is long; "nothing" for None."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else canonical(value)
    return f"`{text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'}`"


def _required(before: Any, after: Any) -> Iterator[Meaning]:
    if after:
        yield Meaning("narrowed", "is required now; it was optional", False, True)  # noqa: FBT003 - what the schemas say
    else:
        yield Meaning("widened", "is optional now; it was required", bool(before), False)  # noqa: FBT003 - as above


def _values(before: list[Any] | None, after: list[Any] | None) -> Iterator[Meaning]:
    if before is None or after is None:
        if after is not None:
            text = f"is one of a closed set now: {_list(after)}; any value was documented"
            yield Meaning("narrowed", text, None, after)
        else:
            yield Meaning("widened", f"may have any value now; it was one of {_list(before or [])}", before, None)
        return
    known, kept = {canonical(value) for value in before}, {canonical(value) for value in after}
    gone = [value for value in before if canonical(value) not in kept]
    added = [value for value in after if canonical(value) not in known]
    if gone:
        yield Meaning("narrowed", f"can no longer be {_list(gone)}", gone, None)
    if added:
        yield Meaning("widened", f"can be {_list(added)} as well now", None, added)
    if not gone and not added:
        yield Meaning("none", "its values stand in another order", before, after)


def _type(before: Any, after: Any) -> Iterator[Meaning]:
    known, kept = _types(before), _types(after)
    effect: Effect = "replaced"
    if known > kept:
        effect = "narrowed"
    elif known < kept:
        effect = "widened"
    elif known == kept:
        effect = "none"
    yield Meaning(effect, f"is {_kind(after)} now; it was {_kind(before)}", before, after)


def _types(said: Any) -> set[str]:
    names = {"object", "array", "string", "number", "boolean", "null"} if said is None else set(_as_list(said))
    return names | {"integer"} if "number" in names else names


def _kind(said: Any) -> str:
    return "of any type" if said is None else " or ".join(f"`{name}`" for name in _as_list(said))


def _as_list(said: Any) -> list[str]:
    return [said] if isinstance(said, str) else [str(name) for name in said]


def _alternatives(before: Any, after: Any) -> Iterator[Meaning]:
    """One of several: most often of fields, at least one of which is required."""
    known, kept = ({canonical(part) for part in said or ()} for said in (before, after))
    effect: Effect = "replaced"
    if before is None or (after is not None and known > kept):
        effect = "narrowed"
    elif after is None or known < kept:
        effect = "widened"
    elif known == kept:
        effect = "none"
    names = [_names(before), _names(after)]
    if None not in names:
        text = f"needs at least one of {names[1]} now; it needed {names[0]}"
        if before is None or after is None:
            text = f"needs at least one of {names[1]} now" if before is None else f"needs none of {names[0]} any more"
        yield Meaning(effect, text, before, after)
    else:
        yield Meaning(effect, f"has other alternatives now: {shown(after)}; they were {shown(before)}", before, after)


def _names(said: Any) -> str | None:
    """The fields of alternatives that are a required field each; None if they are something else."""
    names: list[str] = []
    for part in said or ():
        if not isinstance(part, dict) or part.keys() != {"required"} or len(part["required"]) != 1:
            return None
        names.append(f"`{part['required'][0]}`")
    return ", ".join(names)


def _forbidden(before: Any, after: Any) -> Iterator[Meaning]:
    if after == {} and before is None:
        yield Meaning("narrowed", "must not be there now", None, after)
    elif before == {} and after is None:
        yield Meaning("widened", "may be there now", before, None)
    else:
        yield _whole("not", before, after)


def _bound(keyword: str, before: Any, after: Any) -> Meaning:
    name = _LEAST.get(keyword) or _MOST[keyword]
    is_least = keyword in _LEAST
    if before is None:
        return Meaning("narrowed", f"has a {name} now: {shown(after)}", None, after)
    if after is None:
        return Meaning("widened", f"has no {name} any more; it was {shown(before)}", before, None)
    is_narrower = (after > before) == is_least
    return Meaning(
        "narrowed" if is_narrower else "widened",
        f"has the {name} {shown(after)} now; it was {shown(before)}",
        before,
        after,
    )


def _whole(keyword: str, before: Any, after: Any) -> Meaning:
    """A keyword of which only equality can be told."""
    if before is None:
        return Meaning("narrowed", f"has to keep the {keyword} {shown(after)} now", None, after)
    if after is None:
        return Meaning("widened", f"need not keep the {keyword} {shown(before)} any more", before, None)
    return Meaning("replaced", f"has to keep the {keyword} {shown(after)} now; it was {shown(before)}", before, after)


def _list(values: list[Any]) -> str:
    return ", ".join(shown(value) for value in values)


_TESTS: Final[Mapping[str, Callable[[Any, Any], Iterator[Meaning]]]] = {
    "required": _required,
    "values": _values,
    "type": _type,
    "anyOf": _alternatives,
    "not": _forbidden,
}
