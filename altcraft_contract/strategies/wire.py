"""Bodies: one message, spelt in many equivalent ways."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import message_of
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.messages import TEXTS
from altcraft_contract.strategies.source import DrawnSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from altcraft_contract.contract import Syntax
    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.strategies.source import Source

_EXACT_IN_A_DOUBLE: Final = 2**53
_ORDERS: Final = ("as made", "reversed", "sorted")
_SPACES: Final = ((",", ":", ""), (", ", ": ", ""), (" ,\r\n", " :\t", " \n"))


def bodies(messages: SearchStrategy[dict[str, Any]], *, syntax: Syntax = "json") -> SearchStrategy[bytes]:
    """Bodies of *messages*, with varied but equivalent spelling.

    In JSON the order of members, white space, escapes and the forms of numbers vary; in XML the order of elements,
    white space, CDATA, character references, comments, processing instructions, the declaration and the lexical forms
    of numbers and booleans. The plainest spelling is the simplest.

    Raises:
        ImpossibleRequest: if there is no such *syntax*.
    """
    if syntax not in ("json", "xml"):
        raise ImpossibleRequest("syntax", syntax, "json or xml")
    return _bodies(messages, syntax)


@st.composite
def _bodies(draw: DrawFn, messages: SearchStrategy[dict[str, Any]], syntax: Syntax) -> bytes:
    message = draw(messages)
    source = DrawnSource(draw, TEXTS)
    return spell_json(source, message) if syntax == "json" else spell_xml(source, message)


def plain_body(value: dict[str, Any], syntax: Syntax) -> bytes:
    """The plainest body of a message."""
    if syntax == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return XmlSpelling().document(value)


def spell_json(source: Source, value: Any, *, plain: frozenset[str] = frozenset()) -> bytes:
    """A JSON body of *value*, spelt as *source* chooses; values of the members named *plain* stand as they are."""
    return JsonSpelling(
        order=source.pick(_ORDERS),
        spaces=source.pick(_SPACES),
        escapes=source.pick(("few", "ascii", "all")),
        numbers=source.pick(("plain", "fraction", "exponent")),
        plain=plain,
    ).document(value)


def spell_xml(source: Source, value: dict[str, Any], *, plain: frozenset[str] = frozenset()) -> bytes:
    """An XML body of *value*, spelt as *source* chooses; texts of the elements named *plain* stand as they are."""
    return XmlSpelling(
        order=source.pick((*_ORDERS, "interleaved")),
        space=source.pick(("", "\n  ", "\r\n\t")),
        texts=source.pick(("plain", "cdata", "references", "commented")),
        integers=source.pick(("", "+", "00", " ")),
        booleans=source.pick((("false", "true"), ("0", "1"), (" false ", "\ttrue\n"))),
        between=source.pick(("", "<!-- a - b -->", "<?note to nobody?>")),
        declaration=source.pick(
            (
                '<?xml version="1.0" encoding="UTF-8"?>',
                "",
                "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n",
                "\ufeff<?xml version='1.0'?>",
            )
        ),
        plain=plain,
    ).document(value)


def _ordered(members: dict[str, Any], order: str) -> list[str]:
    names = list(members)
    return names[::-1] if order == "reversed" else sorted(names) if order == "sorted" else names


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonSpelling:
    """Writes JSON in one way out of many.

    Attributes:
        order: Of the members: `as made`, `reversed` or `sorted`.
        spaces: The comma, the colon, and what stands inside brackets and around the whole.
        escapes: Which characters of texts and names are escaped.
        numbers: How integers that are documented as such are written.
        plain: Names of members whose texts stand as they are.
    """

    order: str = "as made"
    spaces: tuple[str, str, str] = (",", ":", "")
    escapes: Literal["few", "slashes", "ascii", "all"] = "few"
    numbers: Literal["plain", "fraction", "exponent"] = "plain"
    plain: frozenset[str] = frozenset()

    def document(self, value: Any) -> bytes:
        """The body of a message."""
        edge = self.spaces[2]
        return f"{edge}{self._written(value, load_contract().shape(message_of(value)))}{edge}".encode()

    def _written(self, node: Any, shape: Shape | None) -> str:
        comma, colon, edge = self.spaces
        if isinstance(node, dict):
            names = _ordered(node, self.order)
            members = [f"{self._text(name)}{colon}{self._member(node, name, shape)}" for name in names]
            return f"{{{edge}{comma.join(members)}{edge}}}"
        if isinstance(node, list):
            item_shape = shape.item if shape is not None else None
            return f"[{edge}{comma.join(self._written(item, item_shape) for item in node)}{edge}]"
        if isinstance(node, str):
            return self._text(node)
        if shape is not None and shape.kind == "integer" and abs(node) < _EXACT_IN_A_DOUBLE:
            return {"plain": f"{node}", "fraction": f"{node}.0", "exponent": f"{node}.0E+0"}[self.numbers]
        return json.dumps(node)

    def _member(self, node: dict[str, Any], name: str, shape: Shape | None) -> str:
        value = node[name]
        if name in self.plain and isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        return self._written(value, shape.fields.get(name) if shape is not None else None)

    def _text(self, string: str) -> str:
        if self.escapes == "all":
            units = string.encode("utf-16-be")
            return '"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02X}" for i in range(0, len(units), 2)) + '"'
        text = json.dumps(string, ensure_ascii=self.escapes == "ascii")
        return text.replace("/", "\\/") if self.escapes == "slashes" else text


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlSpelling:
    """Writes XML in one way out of many.

    Attributes:
        order: Of the elements: `as made`, `reversed`, `sorted`, or `interleaved`: items of lists apart from each other.
        space: What stands before each tag that is not beside text.
        texts: How texts are written; `references` are hexadecimal, `commented` and `split` have comments around or
            within.
        integers: What stands before the digits; a space stands around them.
        booleans: False and true.
        between: What else stands before each element.
        declaration: The XML declaration.
        plain: Names of elements whose texts stand as they are.
    """

    order: str = "as made"
    space: str = ""
    texts: Literal["plain", "cdata", "references", "decimal-references", "commented", "split"] = "plain"
    integers: str = ""
    booleans: tuple[str, str] = ("false", "true")
    between: str = ""
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>'
    plain: frozenset[str] = frozenset()

    def document(self, value: dict[str, Any]) -> bytes:
        """The body of a message."""
        shape = load_contract().shape(message_of(value))
        return f"{self.declaration}{''.join(self._element('xml', value, shape))}{self.space}".encode()

    def _element(self, name: str, value: Any, shape: Shape | None) -> Iterator[str]:
        yield f"<{name}>"
        if isinstance(value, dict):
            for member, item, item_shape in self._children(value, shape):
                yield self.space + self.between
                yield from self._element(member, item, item_shape)
            yield self.space if value else ""
        elif name in self.plain and isinstance(value, str):
            yield _escaped(value)
        else:
            yield self._leaf(value, shape)
        yield f"</{name}>"

    def _children(self, value: dict[str, Any], shape: Shape | None) -> Iterator[tuple[str, Any, Shape | None]]:
        """The child elements in the order in which they are written; items of a list keep theirs."""
        rows = []
        for name in _ordered(value, self.order):
            child = shape.fields.get(name) if shape is not None else None
            if child is not None and child.kind == "list":
                rows += [(index, name, item, child.item) for index, item in enumerate(value[name])]
            else:
                rows.append((0, name, value[name], child))
        if self.order == "interleaved":
            rows.sort(key=lambda row: row[0])
        yield from ((name, item, child) for _, name, item, child in rows)

    def _leaf(self, value: Any, shape: Shape | None) -> str:
        if isinstance(value, bool):
            return self.booleans[value] if shape is not None else ("true" if value else "false")
        if isinstance(value, float) and shape is not None and value.is_integer():
            value = int(value)
        if isinstance(value, int) and shape is not None:
            sign, digits = ("-", str(-value)) if value < 0 else ("", str(value))
            if self.integers == " ":
                return f" {value}\n"
            return f"{sign or self.integers}{digits}" if self.integers == "+" else f"{sign}{self.integers}{digits}"
        return self._text(value if isinstance(value, str) else json.dumps(value))

    def _text(self, text: str) -> str:
        if self.texts == "references":
            return "".join(f"&#x{ord(character):X};" for character in text)
        if self.texts == "decimal-references":
            return "".join(f"&#{ord(character)};" for character in text)
        if self.texts == "cdata" and "\r" not in text:
            return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
        if self.texts == "split":
            middle = (len(text) + 1) // 2
            return f"{_escaped(text[:middle])}<!-- within -->{_escaped(text[middle:])}"
        return f"<!-- before -->{_escaped(text)}<!-- after -->" if self.texts == "commented" else _escaped(text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
