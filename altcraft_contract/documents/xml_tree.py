"""XML elements to the JSON form, directed by a shape, one element at a time.

What is not documented is not kept in memory, and nothing below a wrong element is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.pointer import escape, forget_starts
from altcraft_contract.documents.problem import LongInteger, Malformed, Problem, Reading, Tally, exact_integer
from altcraft_contract.documents.shape import Shape

if TYPE_CHECKING:
    from altcraft_contract.documents.limits import Limits
    from altcraft_contract.documents.problem import ProblemKind

XML_SPACE = " \t\r\n"
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_integer_form = re.compile(r"[+-]?[0-9]+").fullmatch

_LONGEST_POINTER = 10_000  # characters; only names that nobody documented are long
_UNKNOWN = "<"  # no name of an element
_FREE_VALUE = Shape("free", type_name="free value")  # a custom field, and all below it


def leaf_value(kind: str, text: str) -> Any:
    """The value of the *text* of an element: the text itself where it is not of the kind's lexical form (XSD's)."""
    if kind == "string":
        return text
    trimmed = text.strip(XML_SPACE)
    if kind == "boolean":
        return _BOOLEANS.get(trimmed, text)
    return exact_integer(trimmed) if _integer_form(trimmed) else text


class _Element:
    """An element that is being read; `shape` is None on and below one that is left out."""

    __slots__ = (
        "children",
        "has_child",
        "is_item",
        "is_member",
        "keeps_space",
        "name",
        "offset",
        "problems",
        "shape",
        "text",
        "unknown",
        "wanted",
    )

    def __init__(
        self,
        name: str,
        offset: int,
        shape: Shape | None = None,
        wanted: dict[str | None, Any] | None = None,
        *,
        is_item: bool = False,
        is_member: bool = True,
    ) -> None:
        self.name = name
        self.offset = offset
        self.shape = shape
        self.wanted = wanted
        self.is_item = is_item
        self.is_member = is_member
        self.keeps_space = shape is _FREE_VALUE or (shape is not None and shape.kind not in ("object", "free"))
        self.children: dict[str, Any] = {}
        self.has_child = False
        self.text: list[str] = []
        self.problems: dict[str, list[Problem]] = {}  # by child; its own under "", of unknown children under _UNKNOWN
        self.unknown: set[str] = set()  # names of the children that have been reported


class TreeBuilder:
    """Builds the JSON form from start tags, texts and end tags."""

    def __init__(
        self, shape: Shape, wanted: dict[str | None, Any], limits: Limits, *, keep_unknown: bool = False
    ) -> None:
        self.shape = shape
        self.wanted = wanted
        self.limits = limits
        self.unknown_shape = _FREE_VALUE if keep_unknown else None
        self.open: list[_Element] = []
        self.elements = 0
        self.text_bytes = 0
        self.tally = Tally()
        self.reading = Reading(None)

    def start(self, name: str, offset: int, attributes: list[str], *, in_namespace: bool) -> None:
        """Take in a start tag with the names of its unknown *attributes*."""
        self.text_bytes = 0
        self.elements += 1
        if self.elements > self.limits.max_values:
            raise Malformed(offset, f"more than {self.limits.max_values:,} elements", "send less at once")
        if len(self.open) >= self.limits.max_depth:
            raise Malformed(offset, f"more than {self.limits.max_depth} levels of nesting", "nest less deeply")
        if not self.open:
            if name != "xml" or in_namespace:
                raise Malformed(offset, "the root element is not <xml> in no namespace", _advise_root(name))
            element = _Element(name, offset, self.shape, self.wanted)
        elif self.open[-1].shape is None:
            element = self.open[-1]  # nothing is kept below what is left out
        else:
            element = self._child(self.open[-1], name, offset, in_namespace=in_namespace)
        self.open.append(element)
        if element.wanted and None in element.wanted:
            self.reading.starts[element.wanted[None]] = offset
        if attributes and element.shape is not None and element.shape.kind != "free":
            for attribute in attributes:
                self._report(element, "", "unknown-attribute", attribute, offset)

    def text(self, text: str) -> None:
        """Take in character data of the innermost element."""
        element = self.open[-1]
        self.text_bytes += len(text) if text.isascii() else len(text.encode())
        if self.text_bytes > self.limits.max_text_bytes:
            detail = f"a text of more than {self.limits.max_text_bytes:,} bytes"
            raise Malformed(element.offset, detail, "send less in one field")
        if element.shape is not None and ((element.keeps_space and not element.has_child) or text.strip(XML_SPACE)):
            element.text.append(text)

    def end(self) -> None:
        """Take in the end tag of the innermost element."""
        self.text_bytes = 0
        element = self.open[-1]
        if element.shape is None:
            self.open.pop()
            return
        value = self._value(element, element.shape)
        self.open.pop()
        problems = [problem for problems in element.problems.values() for problem in problems]
        if not self.open:
            self.reading.value = value
            self.reading.problems = sorted(problems, key=lambda problem: problem.offset or 0)
            return
        parent = self.open[-1]
        if element.is_item:
            parent.children[element.name].append(value)
        elif element.is_member:
            parent.children[element.name] = value
        if problems:
            parent.problems.setdefault(element.name, []).extend(problems)

    def attribute_values(self, values: list[str]) -> None:
        """Take in the values of the innermost element's attributes; they mean nothing."""

    def _child(self, parent: _Element, name: str, offset: int, *, in_namespace: bool) -> _Element:
        """The element that starts within *parent*, with what is wrong about its being there."""
        parent.has_child = True
        if parent.shape is None or parent.shape.kind not in ("object", "free"):
            return _Element(name, offset, self.unknown_shape, is_member=False)
        if parent.shape.kind == "free":
            if name in parent.children and parent.shape is not _FREE_VALUE:
                self._repeat(parent, name, offset)
            return _Element(name, offset, _FREE_VALUE, self._wanted(parent, name))
        shape = None if in_namespace else parent.shape.fields.get(name)
        if shape is None:
            return self._unknown_child(parent, name, offset)
        if shape.kind == "list":
            return self._item(parent, name, offset, shape)
        if name in parent.children:
            self._repeat(parent, name, offset)
        return _Element(name, offset, shape, self._wanted(parent, name))

    def _item(self, parent: _Element, name: str, offset: int, shape: Shape) -> _Element:
        """The next item of the list *name*; the list itself begins where its first item does."""
        items = parent.children.setdefault(name, [])
        wanted = self._wanted(parent, name)
        if wanted and None in wanted and not items:
            self.reading.starts[wanted[None]] = offset
        return _Element(name, offset, shape.item, wanted.get(str(len(items))) if wanted else None, is_item=True)

    def _unknown_child(self, parent: _Element, name: str, offset: int) -> _Element:
        if name not in parent.unknown and self._report(parent, name, "unknown-element", name, offset):
            parent.unknown.add(name)
        is_member = parent.shape is not None and name not in parent.shape.fields
        return _Element(name, offset, self.unknown_shape, is_member=is_member)

    def _repeat(self, parent: _Element, name: str, offset: int) -> None:
        """Note a repeated element; what was read before under its name no longer counts."""
        del parent.children[name]
        self.tally.forget(parent.problems.pop(name, ()))
        forget_starts(self.reading.starts, self._wanted(parent, name))
        self._report(parent, name, "duplicate", name, offset)

    @staticmethod
    def _wanted(parent: _Element, name: str) -> dict[str | None, Any] | None:
        return parent.wanted.get(name) if parent.wanted else None

    def _report(self, element: _Element, name: str, kind: ProblemKind, detail: str, offset: int) -> bool:
        """Report a problem of the innermost element, or of its child *name*; return whether it is kept."""
        kept = self.tally.admits(kind)
        if kept:
            pointer = self._pointer() + (f"/{escape(name)}" if name else "")
            key = _UNKNOWN if kind == "unknown-element" else name
            element.problems.setdefault(key, []).append(Problem(kind, pointer, offset, detail))
        return kept

    def _pointer(self) -> str:
        """The pointer to the innermost open element; to one above it if names are so long that they fill the memory."""
        tokens: list[str] = []
        length = 0
        for parent, element in zip(self.open, self.open[1:], strict=False):
            length += len(element.name)
            if length > _LONGEST_POINTER:
                break
            tokens.append(f"/{escape(element.name)}")
            if element.is_item:
                tokens.append(f"/{len(parent.children[element.name])}")
        return "".join(tokens)

    def _value(self, element: _Element, shape: Shape) -> Any:
        text = "".join(element.text)
        if shape is _FREE_VALUE:
            return element.children if element.has_child else text
        if shape.kind in ("object", "free"):
            return self._members(element, text)
        if element.has_child:
            return {}
        value = leaf_value(shape.kind, text)
        self.reading.long_integers |= isinstance(value, LongInteger)
        return value

    def _members(self, element: _Element, text: str) -> Any:
        """The members of an object; its text, which is of the wrong type, where there is any."""
        if not text.strip(XML_SPACE):
            return element.children
        own = element.problems.pop("", [])
        for problems in element.problems.values():
            self.tally.forget(problems)
        element.problems = {"": own}
        if element.has_child:
            self._report(element, "", "mixed", element.name, element.offset)
        return text


class Locator(TreeBuilder):
    """Finds where values begin, and reports nothing: names may be long, and have been reported before."""

    def _report(self, element: _Element, name: str, kind: ProblemKind, detail: str, offset: int) -> bool:  # noqa: ARG002
        return False


class TextCollector(TreeBuilder):
    """Collects every text and every value of an attribute, with pointer and offset."""

    def __init__(self, shape: Shape, limits: Limits) -> None:
        super().__init__(shape, {}, limits, keep_unknown=True)
        self.texts: list[tuple[str, int, str]] = []

    def attribute_values(self, values: list[str]) -> None:
        """Collect the *values* of the innermost element's attributes."""
        self.texts.extend((self._pointer(), self.open[-1].offset, value) for value in values)

    def end(self) -> None:
        """Collect the text of the innermost element."""
        element = self.open[-1]
        if element.text:
            self.texts.append((self._pointer(), element.offset, "".join(element.text)))
        super().end()


def _advise_root(name: str) -> str:
    if name.lower() == "html":
        return "look at what answered: this is a page, not a message"
    return "name the root element <xml>, without prefix and xmlns"
