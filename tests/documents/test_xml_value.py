"""The fast XML reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.xml_value import read_xml_value
from tests.documents.bodies import SHAPE, xml_documents

if TYPE_CHECKING:
    from altcraft_contract.documents.shape import Shape

READ: dict[str, tuple[str, dict[str, Any]]] = {
    "empty root": ("<xml/>", {}),
    "declaration": ('<?xml version="1.0" encoding="UTF-8"?>\n<xml></xml>\n', {}),
    "declaration in single quotes": ("<?xml version='1.0'?><xml/>", {}),
    "byte order mark": ("\ufeff<xml/>", {}),
    "byte order mark and declaration": ("\ufeff<?xml version='1.0' encoding='utf-8' ?><xml/>", {}),
    "leaves": (
        "<xml><text> a </text><number> +07\n</number><flag>1</flag></xml>",
        {"text": " a ", "number": 7, "flag": True},
    ),
    "wrong lexical form": ("<xml><number>1.5</number><flag>yes</flag></xml>", {"number": "1.5", "flag": "yes"}),
    "no-break space is no white space": ("<xml><number>\u00a01</number></xml>", {"number": "\u00a01"}),
    "empty leaves": ("<xml><text/><number></number><list/></xml>", {"text": "", "number": "", "list": [""]}),
    "empty objects": ("<xml><group/><extra> </extra></xml>", {"group": {}, "extra": {}}),
    "list": ("<xml><list>a</list>\n<list/><list>b</list></xml>", {"list": ["a", "", "b"]}),
    "nested": (
        "<xml><group><items/><items> </items><text>x</text></group></xml>",
        {"group": {"items": [{}, {}], "text": "x"}},
    ),
    "custom fields": ("<xml><extra><a-b.c>1</a-b.c><_d/></extra></xml>", {"extra": {"a-b.c": "1", "_d": ""}}),
    "references": ("<xml><text>&lt;&amp;&quot;&apos;&gt;&amp;lt;</text></xml>", {"text": "<&\"'>&lt;"}),
    "text like an empty element": ("<xml><text>a/>b</text></xml>", {"text": "a/>b"}),
    "greater-than in a text": ("<xml><text>a>/b></text><flag>1</flag></xml>", {"text": "a>/b>", "flag": True}),
    "question and exclamation marks": ("<?xml version='1.0'?><xml><text>a?!?b</text></xml>", {"text": "a?!?b"}),
    "tags in an instruction": ("<xml><text>a></text><?c <flag>1</flag>?></xml>", {"text": "a>"}),
    "brackets in an instruction": ("<xml><text>a>b</text><?c <?></xml>", {"text": "a>b"}),
    "instruction that begins like a document": ("<?c <xml><text>a</text></xml><d ?><xml/>", {}),
    "instruction after the declaration": ("<?xml version='1.0'?><?c <xml>?><xml/>", {}),
    "tags in a comment": ("<xml><!--<text>a</text>--></xml>", {}),
    "tags in CDATA": (
        "<xml><text><![CDATA[</text><flag>1</flag><text>]]></text></xml>",
        {"text": "</text><flag>1</flag><text>"},
    ),
    "line ends between elements": ("<xml>\r\n<list>\r</list>\r\n</xml>\r\n", {"list": ["\n"]}),
    "empty and other elements": (
        "<xml><list/><list>a</list><extra><b/></extra></xml>",
        {"list": ["", "a"], "extra": {"b": ""}},
    ),
    "line ends": ("<xml>\r\n<text>a\r\nb\rc</text>\r</xml>", {"text": "a\nb\nc"}),
    "space in a tag": ("<xml ><text >b</text ></xml >", {"text": "b"}),
    "comments": ("<xml><!-- --><text>a<!-- -->b</text></xml>", {"text": "ab"}),
    "CDATA": ("<xml><text>a<![CDATA[<]]>b</text></xml>", {"text": "a<b"}),
    "processing instructions": ("<xml><?a b?><text>a<?b?>b</text></xml>", {"text": "ab"}),
    "interleaved list": ("<xml><list>a</list><text/><list>b</list></xml>", {"list": ["a", "b"], "text": ""}),
    "custom field in Cyrillic": ("<xml><extra><ц>a</ц></extra></xml>", {"extra": {"ц": "a"}}),
    "character references": ("<xml><text>&#65;&#x42;&#13;</text></xml>", {"text": "AB\r"}),
    "noncharacters": ("<xml><text>\x7f\x85\u2028\U0001ffff</text></xml>", {"text": "\x7f\x85\u2028\U0001ffff"}),
}


@pytest.mark.parametrize(("text", "value"), READ.values(), ids=READ.keys())
def test_plain_documents_are_read(text: str, value: dict[str, Any]) -> None:
    """Documented elements in their places are read as their types say."""
    assert read_xml_value(text.encode(), SHAPE) == value


LEFT_OPEN = {
    "empty": "",
    "no root": "\n",
    "another root": "<yml/>",
    "two roots": "<xml/><xml/>",
    "text before the root": "x<xml/>",
    "text after the root": "<xml/>x",
    "unclosed": "<xml><text>a</text>",
    "closed twice": "<xml></xml></xml>",
    "closed by another": "<xml><text>a</flag></xml>",
    "crossed": "<xml><group><text>a</group></text></xml>",
    "tag without end": "<xml><text",
    "end tag without end": "<xml><text>a</text",
    "lone less-than": "<xml><text>a<</text></xml>",
    "empty tag": "<xml><></></xml>",
    "solidus alone": "<xml></></xml>",
    "attribute": "<xml><text a='1'>b</text></xml>",
    "namespace": "<xml xmlns='u'/>",
    "prefix": "<xml><extra><xml:a>1</xml:a></extra></xml>",
    "document type": "<!DOCTYPE xml><xml/>",
    "late declaration": "\n<?xml version='1.0'?><xml/>",
    "version 1.1": "<?xml version='1.1'?><xml/>",
    "another encoding": "<?xml version='1.0' encoding='latin-1'?><xml/>",
    "unknown element": "<xml><a/></xml>",
    "unknown element that is not empty": "<xml><a>1</a></xml>",
    "repeated element": "<xml><text>a</text><text/></xml>",
    "repeated object": "<xml><group/><group/></xml>",
    "repeated custom field": "<xml><extra><a/><a/></extra></xml>",
    "element in a leaf": "<xml><text><flag>1</flag></text></xml>",
    "element in a custom field": "<xml><extra><a><b/></a></extra></xml>",
    "text in an object": "<xml><group>a</group></xml>",
    "text after an element": "<xml><text/>a</xml>",
    "no-break space between elements": "<xml>\u00a0<text/></xml>",
    "no-break space before an element": "<xml>\u00a0<text>a</text></xml>",
    "no-break space after an element": "<xml><text>a</text>\u00a0</xml>",
    "next line in an object": "<xml><group>\x85</group></xml>",
    "attribute of a custom field": "<xml><extra><a b='1'>c</a></extra></xml>",
    "attribute with a bracket": "<xml><extra><a b='>'>c</a></extra></xml>",
    "attribute of the root": "<xml a='1'></xml>",
    "repeated object with members": "<xml><group><text>a</text></group><group></group></xml>",
    "repeated number": "<xml><number>1</number><number>1</number></xml>",
    "repeated flag": "<xml><flag>true</flag><flag>true</flag></xml>",
    "repeated object with one between": "<xml><group></group><text>a</text><group></group></xml>",
    "repeated element that is not empty": "<xml><text>a</text><text>b</text></xml>",
    "element in an item": "<xml><list><text>a</text></list></xml>",
    "element in a number": "<xml><number><text>a</text></number></xml>",
    "custom field that is no name": "<xml><extra><1>a</1></extra></xml>",
    "NUL": "<xml><text>\0</text></xml>",
    "escape character": "<xml>\x1b</xml>",
    "U+FFFE": "<xml><text>\ufffe</text></xml>",
    "end of CDATA in a text": "<xml><text>]]></text></xml>",
    "ampersand": "<xml><text>a & b</text></xml>",
    "unknown entity": "<xml><text>&euro;</text></xml>",
    "reference without end": "<xml><text>&amp</text></xml>",
    "reference between elements": "<xml>&amp;</xml>",
    "integer of many digits": f"<xml><number>{'9' * 4301}</number></xml>",
}


@pytest.mark.parametrize("text", LEFT_OPEN.values(), ids=LEFT_OPEN.keys())
def test_what_is_odd_is_left_to_the_exact_reader(text: str) -> None:
    """The fast reader takes no decision on what is malformed, unknown, repeated or merely rare."""
    assert read_xml_value(text.encode(), SHAPE) is None


@pytest.mark.parametrize(
    "data", [b"<xml><text>\xff</text></xml>", b"<xml><text>\xed\xa0\x80</text></xml>", "<xml/>".encode("utf-16")]
)
def test_other_encodings_are_left_to_the_exact_reader(data: bytes) -> None:
    """What is not UTF-8 is not decided."""
    assert read_xml_value(data, SHAPE) is None


@pytest.mark.parametrize(
    "limits", [Limits(max_depth=2), Limits(max_bytes=20), Limits(max_values=20), Limits(max_text_bytes=20)]
)
def test_a_callers_limits_are_kept(limits: Limits) -> None:
    """A document that may exceed a limit is not decided."""
    body = b"<xml><group><text>a</text></group></xml>"

    assert read_xml_value(body, SHAPE) is not None
    assert read_xml_value(body, SHAPE, limits=limits) is None


@given(xml_documents)
def test_how_a_document_is_read_does_not_change_the_value(text: str) -> None:
    """A low limit on depth, which has the document read event by event, gives the same value or none."""
    body = text.encode()
    assert read_xml_value(body, SHAPE, limits=Limits(max_depth=9)) == read_xml_value(body, SHAPE)


def test_no_documented_element_is_too_deep_for_the_quickest_way() -> None:
    """Elements of both messages stand within ten levels, so that a limit on depth beyond that is kept."""

    def depth(shape: Shape) -> int:
        below = [*shape.fields.values(), *([shape.item] if shape.item else [])]
        extra = {"list": 0, "free": 2}.get(shape.kind, 1)
        return extra + max(map(depth, below), default=0)

    assert max(depth(load_contract().shape(message)) for message in ("request", "response")) < 10
