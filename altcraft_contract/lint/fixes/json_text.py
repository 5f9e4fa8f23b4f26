"""Members of a JSON document in its bytes: where they are, and how they are mended."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.documents.pointer import wanted_tree
from altcraft_contract.lint.fixes.draft import Edit
from altcraft_contract.lint.fixes.member import Member
from altcraft_contract.lint.fixes.mending import Mended, mend_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.documents.shape import Shape

# Possessive throughout: a text of many megabytes leaves nothing to go back to.
_SPACE: Final = rb"[ \t\n\r]*+"
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_to_next = re.compile(rb"%b,?%b" % (_SPACE, _SPACE)).match
_member = re.compile(rb"(%b)%b:%b" % (_STRING, _SPACE, _SPACE), re.DOTALL).match
_scalar = re.compile(rb'%b|[^\[\]{}",: \t\n\r]++' % _STRING, re.DOTALL).match
_bracket = re.compile(rb'[^\[\]{}"]*+(?:%b[^\[\]{}"]*+)*+([\[\]{}])' % _STRING, re.DOTALL).match
_plain_number = re.compile(rb"(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?").fullmatch

_LONGEST: Final = 200  # bytes of a text that can be mended, all of it escaped

_WantedTree = dict[str | None, Any]


class JsonText:
    """The bytes of a well-formed JSON document."""

    def __init__(self, data: bytes, _: Shape) -> None:
        self.data = data

    def find_members(self, pointers: Iterable[str]) -> dict[str, list[Member]]:
        """Every occurrence of the members at *pointers*; of repeated objects only the last counts, as in the check."""
        scanner = _Scanner(self.data)
        scanner.value(_after(self.data, 0), wanted_tree(pointers))
        return scanner.found

    def are_same(self, members: list[Member]) -> bool:
        """Whether *members* have exactly the same value, apart from white space and escapes."""
        first, *others = (_exact(self.data[slice(*member.value)]) for member in members)
        return all(other == first for other in others)

    def rename(self, member: Member, name: str) -> Iterable[Edit]:
        """The edits that give *member* another name."""
        yield Edit(*member.names[0], json.dumps(name).encode())

    def mend(self, member: Member, shape: Shape) -> Mended | None:
        """Its value in the documented form, if it is plain what that is."""
        raw = self.data[slice(*member.value)]
        if shape.type_name == "decimal" and _plain_number(raw):
            return Mended("wrong-type", Edit(*member.value, b'"%b"' % raw), raw.decode(), f'"{raw.decode()}"')
        if not raw.startswith(b'"') or len(raw) > _LONGEST:
            return None
        mended = mend_text(json.loads(raw), shape)
        if mended is None:
            return None
        rule, new = mended
        written = json.dumps(new) if shape.kind == "string" else new
        return Mended(rule, Edit(*member.value, written.encode()), json.dumps(json.loads(raw)), written)


def _after(data: bytes, position: int) -> int:
    """The position after white space and the comma that may stand in it."""
    return _to_next(data, position).end()  # type: ignore[union-attr]  # it matches nothing, too


def _exact(raw: bytes) -> Any:
    """The value that *raw* writes, in which nothing is equal that is written differently."""
    return json.loads(
        raw,
        parse_int=lambda text: ("number", text),
        parse_float=lambda text: ("number", text),
        object_pairs_hook=lambda pairs: ("object", pairs),
    )


class _Scanner:
    """Each method takes the position of a value and returns that of its end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.found: dict[str, list[Member]] = {}

    def value(self, position: int, wanted: _WantedTree) -> int:
        """Pass a value that something wanted may stand in."""
        opening = self.data[position : position + 1]
        if opening == b"{":
            return self.members(position + 1, wanted)
        if opening == b"[":
            return self.items(position + 1, wanted)
        return self.skip(position)

    def members(self, end: int, wanted: _WantedTree) -> int:
        data, seen = self.data, set()
        position = _after(data, end)
        while match := _member(data, position):
            start, gap = match.end(), end
            key = match[1]
            name = json.loads(key) if b"\\" in key else key[1:-1].decode()
            below = wanted.get(name)
            if below is None:
                end = self.skip(start)
            else:
                if name in seen:
                    self.forget(below)
                seen.add(name)
                end = self.value(start, below)
                if None in below:
                    self.found.setdefault(below[None], []).append(
                        Member(start, gap, (match.span(1),), (start, end), end)
                    )
            position = _after(data, end)
        return position + 1

    def items(self, end: int, wanted: _WantedTree) -> int:
        data, index = self.data, 0
        position = _after(data, end)
        while not data.startswith(b"]", position):
            below = wanted.get(str(index))
            end = self.value(position, below) if below is not None else self.skip(position)
            position = _after(data, end)
            index += 1
        return position + 1

    def forget(self, wanted: _WantedTree) -> None:
        """Take out what was found below a member that is repeated."""
        for token, below in wanted.items():
            if token is not None:
                self.found.pop(below.get(None, ""), None)
                self.forget(below)

    def skip(self, position: int) -> int:
        """Pass a value in which nothing is wanted."""
        if scalar := _scalar(self.data, position):
            return scalar.end()
        depth = 0
        while bracket := _bracket(self.data, position):
            position = bracket.end()
            depth += 1 if bracket[1] in b"[{" else -1
            if depth == 0:
                break
        return position
