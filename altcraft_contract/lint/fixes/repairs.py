"""Broken rules to repairs: what could be edited, before anybody has looked whether it does good."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from altcraft_contract.documents.pointer import escape, split
from altcraft_contract.lint.fixes.draft import Edit
from altcraft_contract.lint.fixes.json_text import JsonText
from altcraft_contract.lint.fixes.misspelling import find_meant, iter_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from altcraft_contract.documents.document import Syntax
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.lint.fixes.member import Member
    from altcraft_contract.lint.fixes.mending import Mended

FIXABLE: Final = ("duplicate-field", "invalid-currency", "unknown-field", "wrong-type")
"""Ids of the rules whose findings may be fixed."""

Breakage = tuple[str, str]
"""Id of a rule, and pointer to where it is broken."""


class Repair(NamedTuple):
    """What could be done about one finding.

    Attributes:
        rule: Id of the broken rule.
        pointer: Where the finding stands.
        place: Where it would stand if it were still there: the name may have changed.
        offset: Where the finding stands, in bytes from 0.
        edits: What to do.
        message: The same in words.
        before: The old value, or name.
        after: The new one; empty if there is none.
    """

    rule: str
    pointer: str
    place: str
    offset: int
    edits: tuple[Edit, ...]
    message: str
    before: str
    after: str


class _Text(Protocol):
    """The bytes of a document in one syntax."""

    data: bytes

    def find_members(self, pointers: Iterable[str]) -> Mapping[str, list[Member]]: ...

    def are_same(self, members: list[Member]) -> bool: ...

    def rename(self, member: Member, name: str) -> Iterable[Edit]: ...

    def mend(self, member: Member, shape: Shape) -> Mended | None: ...


def find_repairs(data: bytes, syntax: Syntax, shape: Shape, broken: Iterable[Breakage]) -> list[Repair]:
    """What could be done, in the order of the document, without two things in one place.

    Args:
        data: A well-formed document.
        syntax: Of the document.
        shape: The documented form of the message.
        broken: What the check found.
    """
    found = {breakage for breakage in broken if breakage[0] in FIXABLE and breakage[1]}
    if not found:
        return []
    return _without_overlaps(_Workshop(_text_of(data, syntax, shape), shape, found).repairs())


def _text_of(data: bytes, syntax: Syntax, shape: Shape) -> _Text:
    if syntax == "json":
        return JsonText(data, shape)
    from altcraft_contract.lint.fixes.xml_text import XmlText  # noqa: PLC0415 - JSON does not pay for it

    return XmlText(data, shape)


def _without_overlaps(repairs: Iterable[Repair]) -> list[Repair]:
    """*repairs* in the order of the document; what is taken out is not edited as well."""
    kept: list[Repair] = []
    taken_to = 0
    for repair in sorted(repairs, key=lambda repair: repair.edits[0].start):
        if repair.edits[0].start >= taken_to:
            kept.append(repair)
            if repair.rule == "duplicate-field":
                taken_to = repair.edits[-1].end
    return kept


class _Workshop:
    def __init__(self, text: _Text, shape: Shape, broken: set[Breakage]) -> None:
        self.text = text
        self.shape = shape
        self.broken = broken
        self.documented = frozenset(iter_names(shape))

    def repairs(self) -> Iterator[Repair]:
        meant = dict(self.meant())
        members = self.text.find_members({pointer for _, pointer in self.broken} | {*meant.values()})
        for rule, pointer in self.broken:
            occurrences = members.get(pointer)
            if not occurrences:
                continue
            if rule == "duplicate-field":
                repair = self.without_repeats(pointer, occurrences)
            elif rule != "unknown-field":
                repair = self.mended(rule, pointer, occurrences[-1])
            elif pointer in meant and meant[pointer] not in members:
                repair = self.renamed(pointer, meant[pointer], occurrences)
            else:
                continue
            if repair is not None:
                yield repair

    def meant(self) -> Iterator[tuple[str, str]]:
        """Pointer to a misspelt member, and the one that it should have; no two have the same."""
        targets = {}
        for rule, pointer in self.broken:
            *path, name = split(pointer)
            holder = self.shape_at(path)
            if rule != "unknown-field" or holder is None or holder.kind != "object" or name in self.documented:
                continue
            nearest = find_meant(name, holder.fields)
            if nearest is not None:
                targets[pointer] = f"{pointer.rpartition('/')[0]}/{escape(nearest)}"
        times = Counter(targets.values())
        return ((pointer, target) for pointer, target in targets.items() if times[target] == 1)

    def shape_at(self, path: list[str]) -> Shape | None:
        shapes = list(self.shape.along(iter(path)))
        return shapes[-1] if len(shapes) == len(path) + 1 else None

    def without_repeats(self, pointer: str, members: list[Member]) -> Repair | None:
        _, *repeats = members
        if not repeats or not self.text.are_same(members):
            return None
        name = split(pointer)[-1]
        edits = tuple(Edit(member.gap, member.end, b"") for member in repeats)
        message = f"took out the repeated `{name}`, whose value is the same"
        return Repair("duplicate-field", pointer, pointer, repeats[0].place, edits, message, name, "")

    def mended(self, rule: str, pointer: str, member: Member) -> Repair | None:
        shape = self.shape_at(split(pointer))
        mended = self.text.mend(member, shape) if shape is not None else None
        if mended is None or mended.rule != rule:
            return None
        message = f"wrote {mended.before} as {mended.after}"
        return Repair(rule, pointer, pointer, member.place, (mended.edit,), message, mended.before, mended.after)

    def renamed(self, pointer: str, target: str, members: list[Member]) -> Repair | None:
        shape = self.shape_at(split(target))
        if shape is None or (len(members) > 1 and not self.may_repeat(shape)):
            return None
        old, new = split(pointer)[-1], split(target)[-1]
        edits = [edit for member in members for edit in self.text.rename(member, new)]
        mended = self.text.mend(members[0], shape)
        message = f"renamed `{old}` to `{new}`"
        if mended is not None:
            edits.append(mended.edit)
            message += f", and wrote {mended.before} as {mended.after}"
        return Repair("unknown-field", pointer, target, members[0].place, tuple(sorted(edits)), message, old, new)

    def may_repeat(self, shape: Shape) -> bool:
        return shape.kind == "list" and not isinstance(self.text, JsonText)
