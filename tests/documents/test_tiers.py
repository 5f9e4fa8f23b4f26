"""The fast readers and the exact ones are one reader: same verdict, same value, for any bytes; and positions hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.documents.json_places import find_starts
from altcraft_contract.documents.json_text import read_json
from altcraft_contract.documents.json_value import read_json_value
from altcraft_contract.documents.problem import exact_integer
from altcraft_contract.documents.xml_text import iter_xml_texts, read_xml
from altcraft_contract.documents.xml_value import read_xml_value
from tests.documents.bodies import (
    SHAPE,
    acceptance_bodies,
    iter_mutants,
    json_texts,
    pointers_of,
    seeded,
    touch,
    value_at,
    xml_documents,
)

if TYPE_CHECKING:
    from altcraft_contract.contract import Message
    from altcraft_contract.documents.shape import Shape

SEEDS = range(6)
MUTANTS = 300
REREADER = json.JSONDecoder(parse_int=exact_integer)


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal in type, and in the sign of zero."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return repr(left) == repr(right) if isinstance(left, float) else bool(left == right)


def assert_json_tiers_agree(body: bytes) -> None:
    """The fast reader decides just for what the exact one takes without a problem, and gives the same value."""
    fast, exact = read_json_value(body), read_json(body)
    assert (fast is not None) == (exact.value is not None and not exact.problems and not exact.long_integers)
    if fast is not None:
        assert same(fast, exact.value)
        assert json.dumps(fast) == json.dumps(exact.value)


def assert_xml_tiers_agree(body: bytes, shape: Shape) -> None:
    """The fast reader decides for no document that the exact one finds something in, and gives the same value."""
    fast, exact = read_xml_value(body, shape), read_xml(body, shape)
    if fast is not None:
        assert exact.problems == []
        assert not exact.long_integers
        assert same(fast, exact.value)


def assert_json_located(body: bytes) -> None:
    """Both ways of locating agree, and the text at a located offset re-reads to the value."""
    document = read_document(body, SHAPE, syntax="json")
    if document.malformed:
        return
    pointers = list(pointers_of(document.value))
    starts = document.locate([*pointers, "/no such", "/0/0/0", "/data/lines/00"])
    assert starts == read_json(body, wanted=[*pointers, "/no such", "/0/0/0", "/data/lines/00"]).starts
    for pointer in pointers:
        assert same(REREADER.raw_decode(document.text, starts[pointer])[0], value_at(document.value, pointer))


def assert_xml_located(body: bytes, shape: Shape) -> None:
    """Every value but the empty list begins at a start tag of its name."""
    document = read_document(body, shape, syntax="xml")
    if document.malformed:
        return
    pointers = [pointer for pointer in pointers_of(document.value) if value_at(document.value, pointer) != []]
    starts = document.locate(pointers)
    assert starts == read_xml(body, shape, wanted=pointers).starts
    for pointer in pointers:
        *_, name = [token for token in f"/xml{pointer}".split("/") if not token.isdigit()]
        assert document.text.startswith(f"<{name}", starts[pointer])


def test_json_tiers_agree_on_the_acceptance_bodies() -> None:
    """Of every acceptance body both readers of JSON make the same, and both ways of locating find the same."""
    for _, body in acceptance_bodies("json"):
        assert_json_tiers_agree(body)
        assert_json_located(body)


@pytest.mark.parametrize("message", ["request", "response"])
def test_xml_tiers_agree_on_the_acceptance_bodies(message: Message) -> None:
    """Of every acceptance body both readers of XML make the same, by the shape of either message."""
    shape = load_contract().shape(message)
    for _, body in acceptance_bodies("xml"):
        assert_xml_tiers_agree(body, shape)
        assert_xml_located(body, shape)


@pytest.mark.parametrize("seed", SEEDS)
def test_json_tiers_agree_on_mutants(seed: int) -> None:
    """Of a damaged acceptance body both readers of JSON make the same, and both ways of locating find the same."""
    for _, body in iter_mutants("json", seeded(seed), MUTANTS):
        assert_json_tiers_agree(body)
        assert_json_located(body)


@pytest.mark.parametrize("seed", SEEDS)
def test_xml_tiers_agree_on_mutants(seed: int) -> None:
    """Of a damaged acceptance body both readers of XML make the same, and its values begin at their start tags."""
    contract = load_contract()
    for message, body in iter_mutants("xml", seeded(seed), MUTANTS):
        assert_xml_tiers_agree(body, contract.shape(message))
        assert_xml_located(body, contract.shape(message))


def test_xml_tiers_agree_on_touched_documents() -> None:
    """Of a plain document with one piece more both readers make the same, and often the fast one reads it still."""
    shape, random = load_contract().request_shape, seeded(1)
    plain = [body for _, body in acceptance_bodies("xml") if read_xml_value(body, shape) is not None]

    touched = [touch(random.choice(plain), random) for _ in range(2000)]

    for body in touched:
        assert_xml_tiers_agree(body, shape)
    assert sum(read_xml_value(body, shape) is not None for body in touched) > 200


@given(json_texts)
def test_json_tiers_agree_on_generated_texts(text: str) -> None:
    """Of a generated text, well-formed or nearly so, both readers of JSON make the same."""
    body = text.encode()

    assert_json_tiers_agree(body)
    assert_json_tiers_agree(b'{"a":' + body + b"}")
    assert_json_located(b'{"a":' + body + b',"b":0}')


@given(xml_documents)
def test_xml_tiers_agree_on_generated_documents(text: str) -> None:
    """Of a generated document, well-formed or nearly so, both readers of XML make the same."""
    body = text.encode()

    assert_xml_tiers_agree(body, SHAPE)
    assert_xml_located(body, SHAPE)


@given(st.binary(max_size=40), st.sampled_from([b"", b'{"a":', b"<xml>", b"\xef\xbb\xbf", b"\xff\xfe"]))
def test_any_bytes_end_in_a_reading(noise: bytes, start: bytes) -> None:
    """Whatever the bytes are, both exact readers return, with a value or with the one problem that there is none."""
    body = start + noise

    for reading in (read_json(body), read_xml(body, SHAPE)):
        assert reading.value is not None or [problem.kind for problem in reading.problems] == ["malformed"]
    assert_json_tiers_agree(body)
    assert_xml_tiers_agree(body, SHAPE)


@given(st.text(alphabet="<>/&;!-[]?= \"'xmlab\r\n", max_size=30))
def test_xml_tiers_agree_on_markup_at_random(text: str) -> None:
    """The characters that XML is made of, in any order, mean the same to both readers."""
    assert_xml_tiers_agree(f"<xml><text>{text}</text></xml>".encode(), SHAPE)
    assert_xml_tiers_agree(f"<xml>{text}</xml>".encode(), SHAPE)


@given(xml_documents)
def test_every_text_is_told(text: str) -> None:
    """Each string of the JSON form of a well-formed document is among its texts."""
    body = text.encode()
    value = read_xml(body, SHAPE).value
    if not isinstance(value, dict):
        return

    told = {found for _, _, found in iter_xml_texts(body, SHAPE)}

    texts = [value_at(value, pointer) for pointer in pointers_of(value)]
    assert {found for found in texts if isinstance(found, str) and found} <= told


@pytest.mark.parametrize("pointers", [[], ["/nowhere"], ["/data/lines/2"], ["/data/lines/-1"], ["/data/lines/01"]])
def test_what_stands_nowhere_has_no_start(pointers: list[str]) -> None:
    """A pointer that shows nowhere is left out of what is located."""
    text = load_contract().examples["request.json"].decode()

    assert find_starts(text, pointers) == {}
