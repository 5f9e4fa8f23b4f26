"""The exact XML reader."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.problem import MAX_PROBLEMS, LongInteger
from altcraft_contract.documents.xml_text import iter_xml_texts, read_xml
from tests.documents.bodies import SHAPE

XSI = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"

MALFORMED = {
    "empty": "",
    "blank": " \n",
    "byte order mark only": "\ufeff",
    "no root": "<?xml version='1.0'?>",
    "another root": "<yml/>",
    "root in a namespace": "<xml xmlns='u'/>",
    "prefixed root": "<p:xml xmlns:p='u'/>",
    "two roots": "<xml/><xml/>",
    "text after the root": "<xml/>x",
    "NUL": "<xml>\0</xml>",
    "escape character": "<xml>\x1b</xml>",
    "U+FFFE": "<xml>\ufffe</xml>",
    "reference to NUL": "<xml>&#0;</xml>",
    "reference to a surrogate": "<xml>&#xD800;</xml>",
    "reference to U+FFFF": "<xml>&#xFFFF;</xml>",
    "unknown entity": "<xml>&euro;</xml>",
    "end of CDATA in a text": "<xml>]]></xml>",
    "hyphens in a comment": "<xml><!-- -- --></xml>",
    "document type": "<!DOCTYPE xml><xml/>",
    "entity": "<!DOCTYPE xml [<!ENTITY a 'b'>]><xml>&a;</xml>",
    "external entity": "<!DOCTYPE xml SYSTEM 'file:///etc/passwd'><xml/>",
    "late declaration": "\n<?xml version='1.0'?><xml/>",
    "version 1.1": "<?xml version='1.1'?><xml/>",
    "declaration without version": "<?xml encoding='utf-8'?><xml/>",
    "declaration in capitals": "<?XML version='1.0'?><xml/>",
    "standalone neither yes nor no": "<?xml version='1.0' standalone='1'?><xml/>",
    "Latin-1 declared": "<?xml version='1.0' encoding='ISO-8859-1'?><xml/>",
    "utf8 declared": "<?xml version='1.0' encoding='utf8'?><xml/>",
    "UTF-16 declared": "\ufeff<?xml version='1.0' encoding='UTF-16'?><xml/>",
    "undeclared prefix": "<xml><p:a/></xml>",
    "undeclared prefix of an attribute": "<xml p:a=''/>",
    "prefix undeclared": "<xml><a xmlns:p=''/></xml>",
    "prefix xmlns declared": "<xml xmlns:xmlns='u'/>",
    "prefix xml for another namespace": "<xml xmlns:xml='u'/>",
    "attribute twice": "<xml a='' a=''/>",
    "attribute twice by namespace": "<xml xmlns:p='u' xmlns:q='u' p:a='' q:a=''/>",
    "less-than in an attribute": "<xml a='<'/>",
    "129 levels": "<xml>" + "<a>" * 128 + "</a>" * 128 + "</xml>",
    "129 levels of custom fields": "<xml><extra>" + "<a>" * 127 + "</a>" * 127 + "</extra></xml>",
    "open tags": "<xml>" * 100_000,
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_documents_have_that_one_problem(text: str) -> None:
    """What XML 1.0, its namespaces and our limits do not allow is the one problem of the reading."""
    reading = read_xml(text.encode(), SHAPE)

    assert reading.value is None
    assert [(problem.kind, problem.pointer) for problem in reading.problems] == [("malformed", "")]


VALUES: dict[str, tuple[str, Any]] = {
    "empty": ("<xml/>", {}),
    "declaration": ("<?xml version='1.0' encoding='Utf-8' standalone='no'?><xml/>", {}),
    "white space in the declaration": ('<?xml\n version = "1.0"\tencoding="UTF-8" ?>\n<xml/>', {}),
    "byte order mark and declaration": ("\ufeff<?xml version='1.0'?><xml/>", {}),
    "white space before the root": (" \n<xml/>", {}),
    "text at the root": ("<xml> a </xml>", " a "),
    "CDATA and references": ("<xml><text>a<![CDATA[<&]]>&#x42;&lt;&#13;</text></xml>", {"text": "a<&B<\r"}),
    "comment and instruction within a value": ("<xml><number>1<!-- 0 -->2<?a?>3</number></xml>", {"number": 123}),
    "line ends": ("<xml><text>a\r\nb\rc&#13;&#10;</text></xml>", {"text": "a\nb\nc\r\n"}),
    "white space in a string stays": ("<xml><text> \n </text></xml>", {"text": " \n "}),
    "booleans": ("<xml><flag> 0\n</flag></xml>", {"flag": False}),
    "booleans in capitals": ("<xml><flag>TRUE</flag></xml>", {"flag": "TRUE"}),
    "integers": ("<xml><number>-0</number></xml>", {"number": 0}),
    "long integers with zeros first": (f"<xml><number>+{'0' * 5000}7</number></xml>", {"number": 7}),
    "other digits": ("<xml><number>٣</number></xml>", {"number": "٣"}),
    "list": ("<xml><list>a</list><list/></xml>", {"list": ["a", ""]}),
    "interleaved list": ("<xml><list>a</list><text/><list>b</list></xml>", {"list": ["a", "b"], "text": ""}),
    "custom fields": ("<xml><extra><a>1</a><ж> </ж></extra></xml>", {"extra": {"a": "1", "ж": " "}}),
    "nested custom fields": ("<xml><extra><a>x<b>1</b></a></extra></xml>", {"extra": {"a": {"b": "1"}}}),
    "prefixed custom field": ("<xml><extra xmlns:p='u'><p:a>1</p:a></extra></xml>", {"extra": {"p:a": "1"}}),
    "attributes of custom fields": ("<xml><extra a=''><b c=''>1</b></extra></xml>", {"extra": {"b": "1"}}),
    "prefix xml": ("<xml><extra><xml:a>1</xml:a></extra></xml>", {"extra": {"xml:a": "1"}}),
    "ignored attributes": (f"<xml {XSI} xsi:schemaLocation='a b' xml:lang='ru' xml:space='default'/>", {}),
    "unused namespace": ("<xml xmlns:p='u'><text xmlns:q='v'/></xml>", {"text": ""}),
    "128 levels": ("<xml><extra>" + "<a>" * 126 + "</a>" * 126 + "</extra></xml>", None),
}


@pytest.mark.parametrize(("text", "value"), VALUES.values(), ids=VALUES.keys())
def test_well_formed_documents_are_read(text: str, value: Any) -> None:
    """Comments, CDATA and namespaces are transparent, and each value is of its documented type."""
    reading = read_xml(text.encode(), SHAPE)

    assert reading.problems == []
    assert reading.value == value if value is not None else reading.value is not None


PROBLEMS: dict[str, tuple[str, Any, list[tuple[str, str, str]]]] = {
    "repeated leaf": ("<xml><text>a</text><text>b</text></xml>", {"text": "b"}, [("duplicate", "/text", "text")]),
    "three times": ("<xml><text/><text/><text/></xml>", {"text": ""}, [("duplicate", "/text", "text")]),
    "problems of a discarded element": (
        "<xml><group><a/></group><group/></xml>",
        {"group": {}},
        [("duplicate", "/group", "group")],
    ),
    "repeated custom field": (
        "<xml><extra><a>1</a><a>2</a></extra></xml>",
        {"extra": {"a": "2"}},
        [("duplicate", "/extra/a", "a")],
    ),
    "repeated below a custom field": ("<xml><extra><a><b/><b/></a></extra></xml>", {"extra": {"a": {"b": ""}}}, []),
    "unknown element": ("<xml><a><text/></a></xml>", {}, [("unknown-element", "/a", "a")]),
    "unknown element twice": ("<xml><a/><a/></xml>", {}, [("unknown-element", "/a", "a")]),
    "element in a namespace": ("<xml><text xmlns='u'/></xml>", {}, [("unknown-element", "/text", "text")]),
    "element in a namespace and repeated": (
        "<xml><text xmlns='u'/><text>a</text><text>b</text></xml>",
        {"text": "b"},
        [("unknown-element", "/text", "text"), ("duplicate", "/text", "text")],
    ),
    "prefixed element": ("<xml xmlns:p='u'><p:text/></xml>", {}, [("unknown-element", "/p:text", "p:text")]),
    "attributes": (
        "<xml xmlns:p='u' a='1'><text b='&lt;' p:c=''/></xml>",
        {"text": ""},
        [
            ("unknown-attribute", "", "a"),
            ("unknown-attribute", "/text", "b"),
            ("unknown-attribute", "/text", "p:c"),
        ],
    ),
    "attribute on an unknown element": ("<xml><a b=''/></xml>", {}, [("unknown-element", "/a", "a")]),
    "schema instance type": (f"<xml {XSI} xsi:type='a'/>", {}, [("unknown-attribute", "", "xsi:type")]),
    "text beside elements": ("<xml><group>a<text/><b/></group></xml>", {"group": "a"}, [("mixed", "/group", "group")]),
    "text beside custom fields": ("<xml><extra>a<b/></extra></xml>", {"extra": "a"}, [("mixed", "/extra", "extra")]),
    "text beside elements of an item": (
        "<xml><group><items/><items><a/>x</items></group></xml>",
        {"group": {"items": [{}, "x"]}},
        [("mixed", "/group/items/1", "items")],
    ),
    "text instead of an object": ("<xml><group>a</group></xml>", {"group": "a"}, []),
    "element in a leaf": ("<xml><text>a<b/></text></xml>", {"text": {}}, []),
    "element in an item": ("<xml><list><list>a</list></list></xml>", {"list": [{}]}, []),
    "interleaved lists in the order of the document": (
        "<xml><group><items a=''/><c/><items b=''/></group></xml>",
        {"group": {"items": [{}, {}]}},
        [
            ("unknown-attribute", "/group/items/0", "a"),
            ("unknown-element", "/group/c", "c"),
            ("unknown-attribute", "/group/items/1", "b"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "value", "problems"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_problems_are_told_in_the_order_of_the_document(
    text: str, value: Any, problems: list[tuple[str, str, str]]
) -> None:
    """What is repeated, unknown or mixed is told once, and nothing within what does not count."""
    reading = read_xml(text.encode(), SHAPE)

    assert reading.value == value
    assert [(problem.kind, problem.pointer, problem.detail) for problem in reading.problems] == problems


def test_unknown_elements_become_members_on_demand() -> None:
    """Whoever asks for them gets undocumented elements as custom fields are given."""
    reading = read_xml(b"<xml><a><b>1</b></a><text>x</text></xml>", SHAPE, keep_unknown=True)

    assert reading.value == {"a": {"b": "1"}, "text": "x"}


def test_many_unknown_elements_hide_no_repeated_one() -> None:
    """Warnings and errors are counted apart, so that no number of the former makes a document look right."""
    unknown = "".join(f"<a{number}/>" for number in range(MAX_PROBLEMS + 5))

    reading = read_xml(f"<xml>{unknown}<text/><text/></xml>".encode(), SHAPE)

    assert len(reading.problems) == MAX_PROBLEMS + 1
    assert reading.problems[-1].kind == "duplicate"


def test_an_element_repeated_beyond_the_limit_on_problems_is_found() -> None:
    """However often one element is repeated, it stays one problem."""
    reading = read_xml(f"<xml>{'<text/>' * (MAX_PROBLEMS + 5)}</xml>".encode(), SHAPE)

    assert [problem.pointer for problem in reading.problems] == ["/text"]


def test_integers_beyond_the_limit_on_digits_stay_exact() -> None:
    """An integer of more than 4,300 digits is kept as text, without plus sign and leading zeros."""
    digits = "1" * 4301

    reading = read_xml(f"<xml><number>+00{digits}</number></xml>".encode(), SHAPE)

    assert reading.long_integers
    assert type(reading.value["number"]) is LongInteger
    assert reading.value["number"].text == digits


def test_texts_are_bounded_each_by_itself() -> None:
    """One text may have 10,000,000 bytes of UTF-8, whatever stands beside it."""
    limits = Limits(max_text_bytes=8)

    assert read_xml("<xml><text>ЖЖЖЖ</text></xml>".encode(), SHAPE, limits=limits).problems == []
    assert read_xml("<xml><list>ЖЖЖЖ</list><list>ЖЖЖЖ</list></xml>".encode(), SHAPE, limits=limits).problems == []
    assert read_xml("<xml><text>ЖЖЖЖЖ</text></xml>".encode(), SHAPE, limits=limits).value is None
    assert read_xml(b"<xml><a>123456789</a></xml>", SHAPE, limits=limits).value is None


def test_elements_are_counted() -> None:
    """A document of more elements than the limit is malformed, where the first one too many begins."""
    body = b"<xml><a><b/></a></xml>"

    assert read_xml(body, SHAPE, limits=Limits(max_values=3)).value == {}
    assert read_xml(body, SHAPE, limits=Limits(max_values=2)).problems[0].offset == 8


@pytest.mark.parametrize(
    ("text", "pointer", "start"),
    [
        ("<xml><text/></xml>", "", "<xml>"),
        ("<xml> <text/></xml>", "/text", "<text/>"),
        ("<xml><text>a</text><text>b</text></xml>", "/text", "<text>b"),
        ("<xml><list>a</list><text/><list>b</list></xml>", "/list", "<list>a"),
        ("<xml><list>a</list><text/><list>b</list></xml>", "/list/1", "<list>b"),
        ("<xml><group><items/></group><group><items/><items  /></group></xml>", "/group/items/1", "<items  />"),
        ("\ufeff<?xml version='1.0'?>\r\n<!-- Ж😀 --><xml>\r\n<text>a</text></xml>", "/text", "<text>"),
        ("<xml><extra><ж>😀</ж><a>1</a></extra></xml>", "/extra/a", "<a>"),
        ("<xml><extra><a/><a><b/><b >1</b></a></extra></xml>", "/extra/a/b", "<b >"),
    ],
)
def test_wanted_pointers_are_located(text: str, pointer: str, start: str) -> None:
    """A value begins at its start tag, a list at that of its first item; of repeated elements the last counts."""
    reading = read_xml(text.encode(), SHAPE, wanted=[pointer])

    assert text.startswith(start, reading.starts[pointer])


def test_what_stood_in_a_discarded_element_is_not_located() -> None:
    """Only the last of repeated elements has places."""
    body = b"<xml><group><text/></group><group/></xml>"

    assert read_xml(body, SHAPE, wanted=["/group", "/group/text"]).starts == {"/group": 27}


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        ("\ufeff<xml>Ж</yml>".encode(), 9),
        ("<xml>😀\0</xml>".encode(), 6),
        ("<xml>Ж\n<text>".encode(), 13),
        ("<!-- Ж --><!DOCTYPE xml><xml/>".encode(), 23),
        (b"<xml>\xd0\x96\xff</xml>", 6),
        (b"<xml><a xmlns:p=''/></xml>", 5),
    ],
)
def test_malformed_documents_are_placed_by_characters(data: bytes, offset: int) -> None:
    """Where the parser stops is counted in characters, a byte order mark being one."""
    assert read_xml(data, SHAPE).problems[0].offset == offset


def test_every_text_is_told_with_its_place() -> None:
    """Texts and values of attributes are told, documented or not, with the pointer to their element."""
    body = b"<xml a='1'><text>b</text><list>c</list><list>d</list><z>e<y y='f'>g</y></z></xml>"

    assert list(iter_xml_texts(body, SHAPE)) == [
        ("", 0, "1"),
        ("/text", 11, "b"),
        ("/list/0", 25, "c"),
        ("/list/1", 39, "d"),
        ("/z/y", 57, "f"),
        ("/z/y", 57, "g"),
        ("/z", 53, "e"),
    ]


def test_texts_of_a_document_read_with_wider_limits_are_told() -> None:
    """Who has set limits of their own has read the document: it is not refused afterwards."""
    body = b"<xml><z>" + b"<a>" * 300 + b"deep" + b"</a>" * 300 + b"</z></xml>"

    assert [text for _, _, text in iter_xml_texts(body, SHAPE)] == ["deep"]


def test_pointers_of_texts_never_fill_the_memory() -> None:
    """Below a name of megabytes texts are told with the pointer to an element above."""
    name = "k" * 100_000

    texts = list(iter_xml_texts(f"<xml><extra><{name}>{'<a>x</a>' * 1000}</{name}></extra></xml>".encode(), SHAPE))

    assert {(pointer, text) for pointer, _, text in texts} == {("/extra", "x")}


def test_different_names_are_counted() -> None:
    """Expat keeps every name, so that a document of too many different ones is refused; of the same ones it is not."""
    limits = Limits(max_names=15_000)
    many = "".join(f"<a{number}/>" for number in range(30_000))

    assert read_xml(f"<xml><extra>{many}</extra></xml>".encode(), SHAPE, limits=limits).value is None
    assert read_xml(f"<xml>{'<list/>' * 30_000}</xml>".encode(), SHAPE, limits=limits).problems == []


@pytest.mark.parametrize(
    ("tag", "is_refused"),
    [
        ("<a b='' c=\"\" d=''/>", True),
        ("<a b='1>2' c=\"'=\" d = ''/>", True),
        ("<a b='' c=''/>", False),
        ("<a b='= = = =' c='\"\"\"\"'/>", False),
        ("<a b=''>c='' d='' e=''</a>", False),
        ("<!-- b='' c='' d='' -->", False),
        ("<?a b='' c='' d=''?>", False),
    ],
)
def test_attributes_of_one_element_are_counted(tag: str, is_refused: bool) -> None:
    """An element of more attributes than the limit is malformed; quotes and equals signs elsewhere are none."""
    reading = read_xml(f"<xml>Ж{tag}</xml>".encode(), SHAPE, limits=Limits(max_names=2))

    assert [(problem.kind, problem.offset) for problem in reading.problems if problem.kind == "malformed"] == (
        [("malformed", 6)] if is_refused else []
    )
