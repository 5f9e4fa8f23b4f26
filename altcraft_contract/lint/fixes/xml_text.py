"""Elements of an XML document in its bytes: where they are, and how they are mended."""

from __future__ import annotations

import re
from pyexpat import ParserCreate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.pointer import wanted_tree
from altcraft_contract.documents.shape import Shape
from altcraft_contract.lint.fixes.draft import Edit
from altcraft_contract.lint.fixes.member import Member
from altcraft_contract.lint.fixes.mending import Mended, mend_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.lint.fixes.member import Span

_SEPARATOR: Final = "\x01"  # between the parts of an expanded name; no document can hold it
_SPACE: Final = b" \t\r\n"
_start_tag = re.compile(rb"""<([^\s/>]++)(?:[^<>"']|"[^"]*+"|'[^']*+')*+>""").match
_ASIDE: Final = rb"(?:<!--(?>.*?-->)|<\?(?>.*?\?>))*+"
# Letters, plain or as references, between comments.
_word = re.compile(
    rb"%b(?:<!\[CDATA\[)?+((?:[A-Za-z]|&#[0-9]{1,7};|&#x[0-9A-Fa-f]{1,6};)++)(?:\]\]>)?+%b" % (_ASIDE, _ASIDE),
    re.DOTALL,
).fullmatch

_FREE_VALUE: Final = Shape("free")

_WantedTree = dict[str | None, Any]


class XmlText:
    """The bytes of a well-formed XML document, whose root has a documented *shape*."""

    def __init__(self, data: bytes, shape: Shape) -> None:
        self.data = data
        self.shape = shape

    def find_members(self, pointers: Iterable[str]) -> dict[str, list[Member]]:
        """Every occurrence of the elements at *pointers*; of repeated ones only the last one's insides.

        The pointer of a list shows all of its items. Elements in a namespace are left out.
        """
        scanner = _Scanner(self.data, self.shape, wanted_tree(pointers))
        scanner.parser.Parse(self.data, True)  # noqa: FBT003 - the only form it takes
        return scanner.found

    def are_same(self, members: list[Member]) -> bool:
        """Whether *members* have the same attributes and content, and none holds a comment, which would be lost."""
        first, *others = (_exact(self.data[member.place : member.end]) for member in members)
        return first is not None and all(other == first for other in others)

    def rename(self, member: Member, name: str) -> Iterable[Edit]:
        """The edits that give *member* another name."""
        for span in member.names:
            yield Edit(*span, name.encode())

    def mend(self, member: Member, shape: Shape) -> Mended | None:
        """Its text in the documented form, if it is plain what that is. Numbers need no mending: all is text."""
        word = _word(self.data, *member.value)
        if word is None or (
            b"&" in word[1] and self.data.endswith(b"[", 0, word.start(1))
        ):  # in CDATA no reference is one
            return None
        from html import unescape  # noqa: PLC0415 - few documents need it

        before = unescape(word[1].decode())
        mended = mend_text(before, shape)
        if mended is None:
            return None
        rule, after = mended
        return Mended(rule, Edit(*word.span(1), after.encode()), before, after)


def _exact(element: bytes) -> list[Any] | None:
    """All that an element says; None if something in it is no value."""
    events: list[Any] = []
    asides: list[Any] = []
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = lambda name, attributes: events.append((name, attributes))
    parser.EndElementHandler = lambda _: events.append(None)
    parser.CharacterDataHandler = events.append
    parser.CommentHandler = asides.append
    parser.ProcessingInstructionHandler = lambda *aside: asides.append(aside)
    parser.Parse(element, True)  # noqa: FBT003 - the only form it takes
    return events if not asides else None


class _Open(NamedTuple):
    """An element that is open.

    Attributes:
        shape: What it documents about its children; None if nothing.
        wanted: What is wanted below.
        pointers: Under which it is wanted itself.
        place: As for `Member`.
        gap: As for `Member`.
        name: Where its name stands in the start tag.
        tag_end: Where the start tag ends.
        is_empty: Whether that tag is all of it.
        items: Name of a list to the number of its items so far.
        seen: Names of children.
    """

    shape: Shape | None
    wanted: _WantedTree
    pointers: tuple[str, ...]
    place: int
    gap: int
    name: Span
    tag_end: int
    is_empty: bool
    items: dict[str, int]
    seen: set[str]


class _Scanner:
    def __init__(self, data: bytes, shape: Shape, wanted: _WantedTree) -> None:
        self.data = data
        self.found: dict[str, list[Member]] = {}
        self.root = shape, wanted
        self.open: list[_Open] = []
        self.passed = 0  # elements open that nothing wanted stands in
        self.parser = ParserCreate("utf-8", _SEPARATOR)
        self.parser.namespace_prefixes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, expanded_name: str, _: object) -> None:
        if self.passed:
            self.passed += 1
        elif not self.open:
            self.open.append(self.opened(*self.root, ()))
        elif (child := self.child(self.open[-1], expanded_name)) is not None:
            self.open.append(child)
        else:
            self.passed = 1

    def child(self, parent: _Open, expanded_name: str) -> _Open | None:
        """The element that starts within *parent*; None if nothing of it is wanted."""
        namespace, _, name = _names(expanded_name)
        below = parent.wanted.get(name)
        if below is None or parent.shape is None:
            return None
        pointers = (below[None],) if None in below else ()
        if parent.shape.kind == "free":
            self.meet(parent, name, below)
            return self.opened(_FREE_VALUE, below, pointers)
        if namespace:
            return None
        shape = parent.shape.fields.get(name)
        if shape is None or shape.kind != "list":
            if shape is not None:
                self.meet(parent, name, below)
            return self.opened(shape, below, pointers)
        index = parent.items.get(name, 0)
        parent.items[name] = index + 1
        item = below.get(str(index), {})
        return self.opened(shape.item, item, (*pointers, item[None]) if None in item else pointers)

    def meet(self, parent: _Open, name: str, wanted: _WantedTree) -> None:
        """Note the child *name*; if it is repeated, what was found below it no longer counts."""
        if name in parent.seen:
            self.forget(wanted)
        parent.seen.add(name)

    def forget(self, wanted: _WantedTree) -> None:
        for token, below in wanted.items():
            if token is not None:
                self.found.pop(below.get(None, ""), None)
                self.forget(below)

    def opened(self, shape: Shape | None, wanted: _WantedTree, pointers: tuple[str, ...]) -> _Open:
        """The element whose start tag is at hand."""
        start = self.parser.CurrentByteIndex
        tag = _start_tag(self.data, start)
        name, end = tag.span(1), tag.end()  # type: ignore[union-attr]  # expat has just read it
        is_empty = self.data.endswith(b"/>", start, end)
        return _Open(shape, wanted, pointers, start, self.gap(start), name, end, is_empty, {}, set())

    def gap(self, start: int) -> int:
        """Where the white space begins that stands between a tag and the one at *start*."""
        gap = start
        while gap and self.data[gap - 1] in _SPACE:
            gap -= 1
        return gap if self.data.endswith(b">", 0, gap) else start

    def end(self, _: str) -> None:
        if self.passed:
            self.passed -= 1
            return
        element = self.open.pop()
        if not element.pointers:
            return
        if element.is_empty:
            member = Member(
                element.place, element.gap, (element.name,), (element.tag_end, element.tag_end), element.tag_end
            )
        else:
            at = self.parser.CurrentByteIndex
            name = at + 2, at + 2 + element.name[1] - element.name[0]
            member = Member(
                element.place, element.gap, (element.name, name), (element.tag_end, at), self.data.index(b">", at) + 1
            )
        for pointer in element.pointers:
            self.found.setdefault(pointer, []).append(member)


def _names(expanded_name: str) -> tuple[str, str, str]:
    """Namespace, local name, and the name as written."""
    namespace, *rest = expanded_name.split(_SEPARATOR) if _SEPARATOR in expanded_name else ("", expanded_name)
    local_name, *prefix = rest
    return namespace, local_name, f"{prefix[0]}:{local_name}" if prefix else local_name
