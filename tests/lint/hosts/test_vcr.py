"""Cassettes of VCR.py and its kin."""

from __future__ import annotations

import gzip
import zlib
from base64 import b64encode
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from altcraft_contract.documents.limits import Limits
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Excerpt
from tests.lint.hosts.recordings import (
    REQUEST,
    RESPONSE,
    URL,
    bodies_of,
    bytes_of,
    cassette,
    interaction,
    read_json,
    read_yaml,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.lint.hosts import Exchange

BOTH = (REQUEST.encode(), RESPONSE.encode())
PACKED = gzip.compress(RESPONSE.encode())


@pytest.mark.parametrize("read", [read_json, lambda value: read_yaml(yaml.safe_dump(value))])
@pytest.mark.parametrize("name", ["interactions", "http_interactions"])
def test_both_forms_of_a_cassette_hold_the_same(read: Callable[..., list[Exchange]], name: str) -> None:
    """JSON and YAML, and both names of the list, give the same calls."""
    made = cassette(
        interaction(uri="https://market.example/"), interaction(headers={"Authorization": ["X"]}), name=name
    )
    [exchange] = read(made)
    assert (exchange.where, bodies_of(exchange)) == ("interaction 2", BOTH)
    assert isinstance(exchange.request, Excerpt)
    assert exchange.request.token_in_header


def test_the_line_is_that_of_the_interaction() -> None:
    """Each call has the line on which its interaction begins, in either form."""
    made = cassette(interaction(), interaction())
    for read, text in ((read_yaml, yaml.safe_dump(made)), (read_json, bytes_of(made).decode())):
        lines = text.splitlines()
        starts = [number for number, line in enumerate(lines, 1) if line in {"- request:", "  {"}]
        assert [exchange.line for exchange in read(text)] == starts


@pytest.mark.parametrize(
    "body",
    [
        REQUEST,
        {"string": REQUEST},
        {"encoding": "utf-8", "string": REQUEST},
        {"encoding": "utf-8", "base64_string": b64encode(REQUEST.encode()).decode()},
        REQUEST.encode(),
        {"string": REQUEST.encode()},
    ],
)
def test_every_way_to_write_a_body_is_read(body: Any) -> None:
    """Text, a text with its encoding, base64 and YAML's binary hold the same body."""
    [exchange] = read_yaml(yaml.safe_dump(cassette(interaction(body))))
    assert bodies_of(exchange) == BOTH


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", PACKED),
        ("x-gzip", PACKED + gzip.compress(b"")),
        ("deflate", zlib.compress(RESPONSE.encode())),
        ("deflate", zlib.compress(RESPONSE.encode())[2:-4]),
        ("identity, GZIP", PACKED),
        ("gzip, gzip", gzip.compress(PACKED)),
        ("gzip", RESPONSE.encode()),
        ("br", RESPONSE.encode()),
    ],
)
def test_content_encodings_are_undone(encoding: str, body: Any) -> None:
    """A recorded body is decoded as its header says, unless the recorder has done so."""
    made = interaction(answer={"string": body}, response_headers={"Content-Encoding": [encoding]})
    [exchange] = read_yaml(yaml.safe_dump(cassette(made)))
    assert bodies_of(exchange) == BOTH


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("br", b"\x8b\xff\x00", "its content encoding, br, cannot be decoded here; record it decoded"),
        ("secret token", b"\x8b\xff\x00", "its content encoding, of no known name, cannot be decoded here"),
        ("gzip", PACKED[:-9], "its end is missing; record it again"),
        ("gzip", b"\x00\x01", "it is not the gzip that its content encoding promises; record it again"),
        ("deflate", b"\xff\x01", "it is not the deflate that its content encoding promises; record it again"),
        ("gzip", gzip.compress(bytes(3 << 20)), "the bodies of the file decode to more than 1 MiB; split the file"),
    ],
)
def test_a_body_that_cannot_be_decoded_says_why(encoding: str, body: Any, reason: str) -> None:
    """What cannot be decoded, or would decode to too much, is not judged, with the reason and a remedy."""
    made = interaction(answer={"string": body}, response_headers={"content-encoding": encoding})
    [exchange] = read_yaml(yaml.safe_dump(cassette(made)), Limits(max_bytes=1 << 20))
    assert str(bodies_of(exchange)[1]).startswith(reason)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (None, b""),
        ([], "it was recorded as a list, not as a text; record it again as one"),
        ({"io": 1}, "it was recorded as an object, not as a text; record it again as one"),
        ({"base64_string": 5}, "it was recorded as base64, but is none; record it again"),
    ],
)
def test_a_body_of_another_kind_says_so(body: Any, seen: object) -> None:
    """No body is an empty body; one that is no text cannot be had."""
    [exchange] = read_json(cassette(interaction(body)))
    assert bodies_of(exchange)[0] == seen


@pytest.mark.parametrize(
    "text",
    [
        f"""
        - request: {{method: POST, url: '{URL}', body: hello}}
          response: {{status: {{http_version: '1.1', code: '200', message: OK}}, body: there}}
        """,
        f"""
        version: 2
        interactions:
        - id: 0
          request: {{method: POST, url: '{URL}', body: hello, headers: {{}}}}
          response: {{status: 200 OK, code: 200, body: there}}
        """,
        f"""
        http_interactions:
        - request: {{method: post, uri: '{URL}', body: {{encoding: UTF-8, string: hello}}}}
          response: {{status: {{code: 200}}, body: {{string: !binary 'dGhlcmU='}}}}
        """,
        f"""
        interactions:
        - request: {{method: POST, uri: '{URL}', body: !!python/unicode 'hello'}}
          response: {{status_code: 200, content: there}}
        """,
    ],
    ids=["PHP-VCR", "go-vcr", "VCR for Ruby", "VCR.py of old"],
)
def test_kin_of_vcr_is_read(text: Any) -> None:
    """The cassettes of other recorders hold the same in other words."""
    [exchange] = read_yaml(dedent(text))
    assert bodies_of(exchange) == (b"hello", b"there")


def test_aliases_are_followed() -> None:
    """PyYAML writes what occurs twice once, and an alias for the second."""
    text = f"""
        interactions:
        - request: &r {{method: POST, uri: '{URL}', body: &b hello}}
          response: {{status: {{code: 200}}, body: *b}}
        - request: *r
    """
    assert [bodies_of(exchange) for exchange in read_yaml(dedent(text))] == [(b"hello", b"hello"), (b"hello", None)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no cassette: it has no list interactions or http_interactions"),
        ("openapi: 3.1.0", "no cassette"),
        ("interactions: [1]", "no cassette: interaction 1 is a text"),
        ("interactions: [{request: {method: POST}}]", "no cassette: interaction 1 has no request.uri"),
        ("a: [", "not YAML: "),
        ("\x00", "not YAML: "),
        (b"\xff\xfe\x00", "not YAML: "),
        ("a: *b", "line 1: an alias of nothing"),
        ("\n- &a [*a]", "line 2: an alias within what it stands for"),
        ("a: !!binary YWJjZ", "line 1: a binary that is not base64"),
        ("- " * 200, "line 1: more than 128 levels"),
        ("interactions: []\n---\na: 1", "holds several YAML documents"),
        ("&a : 1\n? [x]\n: 2", "no cassette"),
    ],
)
def test_what_is_no_cassette_is_a_fault(text: Any, reason: str) -> None:
    """A file that is no cassette cannot be read, and the fault says why in one line."""
    with pytest.raises(UnreadableFile, match=r"^order\.yaml: ") as caught:
        read_yaml(text)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_to_play_is_no_fault() -> None:
    """A cassette without interactions holds no call."""
    assert read_yaml("interactions: []") == read_yaml("interactions:") == read_json("[]") == []


def test_a_fault_shows_nothing_of_the_file() -> None:
    """What stands where the YAML breaks may be a token."""
    for text in ("a: *token-1234567", "a: !token-1234567!x y", "a: !<token-1234567 y", "%token-1234567\n--- !t!"):
        with pytest.raises(UnreadableFile) as caught:
            read_yaml(text)
        assert "1234567" not in str(caught.value)
