"""`skip_triggers` set in a body, and nothing else changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, reject
from hypothesis import strategies as some

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.target.not_sent import NotSent
from altcraft_contract.target.triggers import skip_triggers
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax

SYNTAXES: tuple[Syntax, ...] = ("json", "xml")


def _value(body: bytes, syntax: Syntax) -> dict:
    return read_document(body, load_contract().request_shape, syntax=syntax, exact=True).value


def _common(first: bytes, second: bytes) -> int:
    """How many bytes both begin with."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))


def _difference(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """What stands in either between the longest common beginning and the longest common end."""
    beginning = _common(first, second)
    first, second = first[beginning:], second[beginning:]
    end = _common(first[::-1], second[::-1])
    return first[: len(first) - end], second[: len(second) - end]


def _findings(body: bytes, syntax: Syntax) -> list[tuple[str, str, str]]:
    return sorted((f.rule, f.pointer, f.message) for f in check_request(body, syntax=syntax).findings)


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(data=some.data())
def test_only_the_one_member_is_other(syntax: Syntax, data: some.DataObject) -> None:
    """However a request is spelt: read again it is the same but for the member, and so is what is found in it."""
    body = data.draw(st.bodies(st.requests(), syntax=syntax))
    changed = skip_triggers(body, syntax)
    assert _value(changed, syntax) == {**_value(body, syntax), "skip_triggers": True}
    assert _findings(changed, syntax) == _findings(body, syntax)
    assert skip_triggers(changed, syntax) is changed


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(data=some.data())
def test_a_body_is_cut_in_one_place_at_most(syntax: Syntax, data: some.DataObject) -> None:
    """What stands before the change and after it is, byte for byte, what stood there."""
    body = data.draw(st.bodies(st.requests(), syntax=syntax))
    changed = skip_triggers(body, syntax)
    gone, came = _difference(body, changed)
    if "skip_triggers" not in _value(body, syntax):
        assert (gone, len(came)) == (b"", len(changed) - len(body))
        assert len(came) <= len("<xml><skip_triggers>true</skip_triggers></xml>")
    else:
        assert came in b"true"


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(data=some.data())
def test_a_wrong_order_stays_wrong_in_the_same_way(syntax: Syntax, data: some.DataObject) -> None:
    """Of a request with one mistake in it the findings stay the same, or it is not sent."""
    mutant = data.draw(st.mutated_requests(syntax=syntax))
    try:
        changed = skip_triggers(mutant.body, syntax)
    except NotSent:
        reject()
    assert _findings(changed, syntax) == _findings(mutant.body, syntax)


@given(body=some.binary() | some.text().map(str.encode) | st.malformed_bodies(), syntax=some.sampled_from(SYNTAXES))
def test_any_bytes_are_changed_or_refused(body: bytes, syntax: Syntax) -> None:
    """Whatever the bytes, they come back with triggers skipped, or not at all and with a reason in one line."""
    try:
        changed = skip_triggers(body, syntax)
    except NotSent as refused:
        assert refused.reason.startswith("skip_triggers cannot be set in it: ")  # noqa: PT017 - or it is not raised
        assert "\n" not in refused.reason  # noqa: PT017 - as above
    else:
        assert _value(changed, syntax)["skip_triggers"] is True


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("{}", '{"skip_triggers": true}'),
        (" {\n}\n", ' {"skip_triggers": true\n}\n'),
        ('{"a":1}', '{"skip_triggers": true, "a":1}'),
        ('\t{ "é": "{" , "b": [] }', '\t{"skip_triggers": true,  "é": "{" , "b": [] }'),
        ('{"a":1, "skip_triggers" : false }', '{"a":1, "skip_triggers" : true }'),
        ('{"é":1,"skip\\u005ftriggers":false}', '{"é":1,"skip\\u005ftriggers":true}'),
        ('{"data":{"skip_triggers":false}}', '{"skip_triggers": true, "data":{"skip_triggers":false}}'),
        ('{"skip_triggers":true}', '{"skip_triggers":true}'),
        ('{"n":1.50,"m":1e2}', '{"skip_triggers": true, "n":1.50,"m":1e2}'),
    ],
)
def test_a_member_is_set_in_json(body: str, changed: str) -> None:
    """It is put in right after the brace, or its `false` becomes `true`."""
    assert skip_triggers(body.encode(), "json").decode() == changed


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("<xml/>", "<xml><skip_triggers>true</skip_triggers></xml>"),
        ("<xml />\n", "<xml ><skip_triggers>true</skip_triggers></xml>\n"),
        ("<xml></xml>", "<xml><skip_triggers>true</skip_triggers></xml>"),
        ("<xml\n>\n</xml\t>", "<xml\n><skip_triggers>true</skip_triggers>\n</xml\t>"),
        (
            "\ufeff<?xml version='1.0'?><!--<xml>é--><xml xml:lang='/>'><a/></xml>",
            "\ufeff<?xml version='1.0'?><!--<xml>é--><xml xml:lang='/>'><skip_triggers>true</skip_triggers><a/></xml>",
        ),
        (
            '<?a <xml>?><xml xml:lang="a>b" xml:space=\'"\'/>',
            '<?a <xml>?><xml xml:lang="a>b" xml:space=\'"\'><skip_triggers>true</skip_triggers></xml>',
        ),
        (
            "<xml><!--é--><a/><skip_triggers> false\n</skip_triggers></xml>",
            "<xml><!--é--><a/><skip_triggers>true</skip_triggers></xml>",
        ),
        (
            "<xml><skip_triggers xml:lang='>'><!--</skip_triggers>-->f<![CDATA[alse]]><?x </?></skip_triggers ></xml>",
            "<xml><skip_triggers xml:lang='>'>true</skip_triggers ></xml>",
        ),
        ("<xml><skip_triggers>&#48;</skip_triggers></xml>", "<xml><skip_triggers>true</skip_triggers></xml>"),
        ("<xml><skip_triggers>1</skip_triggers></xml>", "<xml><skip_triggers>1</skip_triggers></xml>"),
        (
            "<xml><data><skip_triggers>false</skip_triggers></data></xml>",
            "<xml><skip_triggers>true</skip_triggers><data><skip_triggers>false</skip_triggers></data></xml>",
        ),
    ],
)
def test_an_element_is_set_in_xml(body: str, changed: str) -> None:
    """It is put in right after the root's start tag, or its content becomes `true`."""
    assert skip_triggers(body.encode(), "xml").decode() == changed


@pytest.mark.parametrize(
    ("syntax", "body", "reason"),
    [
        ("json", "", "empty"),
        ("json", "[]", "root is not an object"),
        ("json", "\ufeff{}", "byte order mark"),
        ("json", "{} {}", "after the end"),
        ("json", '{"a":1,"\\u0061":2}', "repeated"),
        ("json", '{"data":{"a":1,"a":2}}', "repeated"),
        ("json", '{"skip_triggers":true,"skip_triggers":false}', "repeated"),
        ("json", '{"skip_triggers":null}', "neither true nor false"),
        ("json", '{"skip_triggers":"false"}', "neither true nor false"),
        ("json", '{"skip_triggers":0}', "neither true nor false"),
        ("json", '{"skip_triggers":1}', "neither true nor false"),
        ("json", '{"Skip_Triggers":false}', "nearly the same name"),
        ("json", '{"skip_triggers":true,"skipTriggers":false}', "nearly the same name"),
        ("json", "<xml/>", "cannot be read"),
        ("xml", "{}", "cannot be read"),
        ("xml", "<order/>", "root element"),
        ("xml", "<xml xmlns='urn:x'/>", "root element"),
        ("xml", "<!DOCTYPE xml><xml/>", "document type"),
        ("xml", "<xml>text</xml>", "not an object"),
        ("xml", "<xml><skip_triggers/></xml>", "neither true nor false"),
        ("xml", "<xml><skip_triggers>no</skip_triggers></xml>", "neither true nor false"),
        ("xml", "<xml><skip_triggers><a/></skip_triggers></xml>", "neither true nor false"),
        ("xml", "<xml><skip_triggers>1</skip_triggers><skip_triggers>0</skip_triggers></xml>", "repeated"),
        ("xml", "<xml><Skip_triggers>false</Skip_triggers></xml>", "nearly the same name"),
        ("xml", "<xml><a:skip_triggers xmlns:a='urn:x'>false</a:skip_triggers></xml>", "nearly the same name"),
        ("xml", "<xml><skip_triggers xmlns='urn:x'>false</skip_triggers></xml>", "nearly the same name"),
        ("xml", "<xml skip_triggers='false'/>", "nearly the same name"),
        ("xml", "<xml><skip_triggers>false</skip_triggers>", "cannot be read"),
    ],
)
def test_a_body_in_doubt_is_not_sent(syntax: Syntax, body: str, reason: str) -> None:
    """What another reader may take for something else is refused with the reason."""
    with pytest.raises(NotSent, match=reason):
        skip_triggers(body.encode(), syntax)


def test_a_crowd_of_unknown_elements_hides_nothing() -> None:
    """A document with more problems than are kept is refused: one of those left out could be the switch."""
    crowd = "".join(f"<u{number}/>" for number in range(10_000))
    with pytest.raises(NotSent, match="more is wrong"):
        skip_triggers(f"<xml>{crowd}<Skip_Triggers>false</Skip_Triggers></xml>".encode(), "xml")


def test_a_reason_shows_no_value() -> None:
    """A reason never shows what stands in the body."""
    body = json.dumps({"token": "marked-token", "skip_triggers": "marked-token"}).encode()
    with pytest.raises(NotSent) as raised:
        skip_triggers(body, "json")
    assert "marked" not in raised.value.reason
