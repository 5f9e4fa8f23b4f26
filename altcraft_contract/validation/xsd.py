"""What xmlschema says of an element tree, as rules at elements.

The XSD carries the rules: each facet and each assertion names its rule in an `appinfo`, and this module only
reads those names and finds the elements. It never reads a message text of xmlschema, which changes between
releases, and never asks for an error's path, which costs the length of the document each time.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from elementpath import DocumentNode, ElementNode, XPath2Parser, XPathContext, get_node_tree
from xmlschema import XMLSchema11, XMLSchemaChildrenValidationError, XMLSchemaValidationError
from xmlschema.validators import (
    XMLSchemaDecodeError,
    XsdAssert,
    XsdComponent,
    XsdElement,
    XsdGroup,
    XsdPatternFacets,
    XsdSimpleType,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree import ElementTree as ET

_RULE: Final = "urn:altcraft-contract:rule"
_FIELD: Final = "urn:altcraft-contract:field"
_APPINFO: Final = "{*}annotation/{*}appinfo"

# The rules of what has no facet and no assertion to name them: the shape of the tree itself.
_MALFORMED: Final = "malformed"
_MISSING: Final = "missing-field"
_REPEATED: Final = "duplicate-field"
_WRONG_TYPE: Final = "wrong-type"

_XML_SPACE: Final = " \t\r\n"
# An integer with more significant digits is out of any range. int() refuses more than a limit, which is 4300 digits
# unless the user sets another, of 640 at least.
_DIGITS_ENOUGH: Final = 600


@dataclass(frozen=True, slots=True)
class XsdProblem:
    """A rule that a document breaks, and where.

    Attributes:
        rule: The rule's id.
        element: The value that breaks it, or the object that lacks something.
        field: For `missing-field`, the name of the absent field.
    """

    rule: str
    element: ET.Element
    field: str | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A problem before folding.

    Attributes:
        problem: The problem.
        guarded: Whether an assertion found it, which looks itself whether the element is of the right type.
    """

    problem: XsdProblem
    guarded: bool


def load_xsd(path: Path) -> XMLSchema11:
    """Build a validator from one of the published schemas, with nothing fetched and no entity expanded.

    Args:
        path: An XSD 1.1 file.
    """
    return XMLSchema11(str(path), allow="local", defuse="always", use_location_hints=False)


def iter_xsd_problems(schema: XMLSchema11, root: ET.Element) -> Iterator[XsdProblem]:
    """Yield the problems of a document in document order, each once.

    A repeated element is judged by its last occurrence; below a value of the wrong type nothing is judged.

    Args:
        schema: What `load_xsd` built.
        root: The document, without attributes, comments, processing instructions and elements in a namespace.
    """
    errors = list(schema.iter_errors(root, extra_validator=_iter_lexical_errors))
    if not errors:
        return
    parents = {child: parent for parent in root.iter() for child in parent}
    order = {element: index for index, element in enumerate(root.iter())}
    survivors = _fold(list(_iter_candidates(errors, root)), parents)
    yield from sorted(survivors, key=lambda problem: order[problem.element])


def _iter_candidates(errors: Iterable[XMLSchemaValidationError], root: ET.Element) -> Iterator[_Candidate]:
    assertions = _AssertionReader(root)
    contents_seen: set[ET.Element] = set()
    for error in errors:
        element: ET.Element = root if error.elem is None else error.elem
        found: Iterable[XsdProblem] = ()
        if isinstance(error.validator, XsdAssert):
            found = assertions.iter_problems(error.validator, element)
        elif isinstance(error, XMLSchemaChildrenValidationError) and isinstance(error.validator, XsdGroup):
            if element not in contents_seen:
                contents_seen.add(element)
                found = _iter_content(error.validator, element)
        elif not (isinstance(error, XMLSchemaDecodeError) and _is_integer(element)):
            found = (XsdProblem(_rule_of_value(error.validator), element),)
        guarded = isinstance(error.validator, XsdAssert)
        yield from (_Candidate(problem, guarded=guarded) for problem in found)


def _rule_of_value(validator: object) -> str:
    """Return the rule that a facet names, else the rule of the shape: elements, text or lexical form."""
    if isinstance(validator, XsdComponent) and (rules := _appinfo(validator, _RULE)):
        return rules[0]
    return _MALFORMED if isinstance(validator, XMLSchema11) else _WRONG_TYPE


def _appinfo(component: XsdComponent, source: str) -> list[str]:
    found = component.elem.iterfind(_APPINFO)
    return [note.text.strip() for note in found if note.get("source") == source and note.text]


def _iter_content(group: XsdGroup, element: ET.Element) -> Iterator[XsdProblem]:
    """Yield what an object lacks and repeats, by the occurrences its content model allows."""
    counts = Counter(child.tag for child in element)
    last = {child.tag: child for child in element}
    for particle in group.iter_elements():
        if not isinstance(particle, XsdElement) or particle.name is None:
            continue
        if particle.min_occurs and not counts[particle.name]:
            yield XsdProblem(_MISSING, element, particle.local_name)
        if particle.max_occurs == 1 and counts[particle.name] > 1:
            yield XsdProblem(_REPEATED, last[particle.name])


def _iter_repeated(element: ET.Element) -> Iterator[XsdProblem]:
    counts = Counter(child.tag for child in element)
    last = {child.tag: child for child in element}
    yield from (XsdProblem(_REPEATED, last[tag]) for tag, count in counts.items() if count > 1)


class _AssertionReader:
    """Places failed assertions in one document."""

    def __init__(self, root: ET.Element) -> None:
        self._root = root
        self._tree: ElementNode | DocumentNode | None = None

    def iter_problems(self, assertion: XsdAssert, element: ET.Element) -> Iterator[XsdProblem]:
        """Yield the problems of an assertion that an element fails.

        An assertion of the form `… or empty(OFFENDING)` is placed at the elements that OFFENDING finds, any
        other at the element that fails it.
        """
        rule = (_appinfo(assertion, _RULE) or [_WRONG_TYPE])[0]
        field = next(iter(_appinfo(assertion, _FIELD)), None)
        offending = list(self._iter_offending(assertion)) if element is self._root else []
        if offending:
            yield from (XsdProblem(rule, found, field) for found in offending)
        elif rule == _REPEATED:
            yield from _iter_repeated(element)
        else:
            yield XsdProblem(rule, element, field)

    def _iter_offending(self, assertion: XsdAssert) -> Iterator[ET.Element]:
        test = XPath2Parser().parse(assertion.path)
        if test.symbol != "or" or test[1].symbol != "empty":
            return
        if self._tree is None:
            self._tree = get_node_tree(self._root, fragment=True)
        for node in test[1][0].select(XPathContext(self._tree, fragment=True)):
            if isinstance(node, ElementNode):
                yield cast("ET.Element", node.value)


def _iter_lexical_errors(element: ET.Element, declaration: XsdElement) -> Iterator[XMLSchemaValidationError]:
    """Judge integers and booleans where xmlschema differs from XML Schema.

    It takes a no-break space for white space, and cannot read an integer of more digits than int() takes.
    """
    simple = declaration.type.simple_type
    if simple is None or simple.white_space != "collapse" or len(element):
        return
    text = (element.text or "").strip(_XML_SPACE)
    patterns = _find_patterns(simple)
    if patterns is not None and patterns.re_match(text) is None:
        yield XMLSchemaValidationError(patterns, element)
    elif len(text) > _DIGITS_ENOUGH:
        for error in simple.iter_errors(_shorten_integer(text)):
            yield XMLSchemaValidationError(error.validator, element)


def _find_patterns(simple: XsdSimpleType) -> XsdPatternFacets | None:
    """Return the nearest pattern of a type, its own or an ancestor's."""
    level: object = simple
    while isinstance(level, XsdSimpleType):
        if level.patterns is not None:
            return level.patterns
        level = level.base_type
    return None


def _shorten_integer(text: str) -> str:
    """Return an integer that is in the same ranges: without leading zeros, and of a readable length."""
    sign = "-" if text.startswith("-") else ""
    return sign + (text.lstrip("+-").lstrip("0")[:_DIGITS_ENOUGH] or "0")


def _is_integer(element: ET.Element) -> bool:
    text = (element.text or "").strip(_XML_SPACE)
    return not len(element) and re.fullmatch("[+-]?[0-9]+", text) is not None


def _fold(candidates: list[_Candidate], parents: dict[ET.Element, ET.Element]) -> Iterator[XsdProblem]:
    """Drop what is not judged: discarded occurrences, and what a value of the wrong type breaks besides."""
    discarded = _find_discarded([c.problem for c in candidates if c.problem.rule == _REPEATED], parents)
    wrong = {c.problem.element for c in candidates if c.problem.rule == _WRONG_TYPE}
    seen: set[XsdProblem] = set()
    for candidate in candidates:
        problem = candidate.problem
        element = problem.element
        if problem in seen or element in discarded:
            continue
        if element in wrong and not candidate.guarded and problem.rule not in (_WRONG_TYPE, _REPEATED):
            continue
        if any(above in wrong or above in discarded for above in _iter_above(element, parents)):
            continue
        seen.add(problem)
        yield problem


def _find_discarded(repeated: Iterable[XsdProblem], parents: dict[ET.Element, ET.Element]) -> set[ET.Element]:
    """Return the occurrences before the last one of each repeated element."""
    tags: dict[ET.Element, set[str]] = {}
    last: set[ET.Element] = set()
    for problem in repeated:
        tags.setdefault(parents[problem.element], set()).add(problem.element.tag)
        last.add(problem.element)
    return {child for parent, names in tags.items() for child in parent if child.tag in names} - last


def _iter_above(element: ET.Element, parents: dict[ET.Element, ET.Element]) -> Iterator[ET.Element]:
    while (above := parents.get(element)) is not None:
        yield above
        element = above
