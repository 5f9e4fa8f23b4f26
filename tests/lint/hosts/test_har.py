"""HTTP Archives."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Excerpt
from tests.lint.hosts.recordings import REQUEST, RESPONSE, URL, bodies_of, entry, har, read_har


def test_a_call_is_found_with_its_place() -> None:
    """A call has its number among all entries, the line of its entry, its URL and the syntax of its bodies."""
    archive = har(entry(url="https://market.example/health", method="GET"), entry())
    [exchange] = read_har(archive)
    assert (exchange.where, bodies_of(exchange)) == ("entry 2", (REQUEST.encode(), RESPONSE.encode()))
    assert isinstance(exchange.request, Excerpt)
    assert (exchange.request.where, exchange.request.url, exchange.request.syntax) == ("entry 2, request", URL, "json")
    lines = json.dumps(archive, indent=1).splitlines()
    assert exchange.line == [number for number, line in enumerate(lines, 1) if line == "   {"][1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_found_behind_repeated_members(end: str) -> None:
    """Of members of one name the last counts, for the line as for the value; the byte order mark does no harm."""
    text = end.join(
        [
            '\ufeff{"log": {"entries": []},',
            '"log": {"entries": [1]},',
            '"log": {"a": "]", "entries":',
            "[",
            f"{json.dumps(entry())},",
            "",
            json.dumps(entry()),
            "]}}",
        ]
    )
    assert [exchange.line for exchange in read_har(text)] == [5, 7]


@pytest.mark.parametrize(
    ("url", "method", "is_call"),
    [
        (URL, "POST", True),
        (URL + "/?token=x", "post", True),
        ("http://localhost:8080/gateway//api/v1.1/market/orders/preorder%5Fcommit", "POST", True),
        (URL, "OPTIONS", False),
        (URL + "s", "POST", False),
        ("https://market.example/x?next=/api/v1.1/market/orders/preorder_commit", "POST", False),
        ("http://[/api/v1.1/market/orders/preorder_commit", "POST", False),
    ],
)
def test_only_calls_to_the_endpoint_count(url: str, method: str, is_call: bool) -> None:
    """A call is a POST whose path ends as documented."""
    assert bool(read_har(har(entry(url=url, method=method)))) is is_call


@pytest.mark.parametrize("status", [0, 201, 500, None, "500", "OK", [], True])
def test_an_answer_counts_only_with_the_documented_status(status: object) -> None:
    """The bodies of answers with another status than 200 are not documented."""
    [exchange] = read_har(har(entry(status=status)))
    assert bodies_of(exchange) == (REQUEST.encode(), None)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"text": b64encode(RESPONSE.encode()).decode(), "encoding": "base64"}, RESPONSE.encode()),
        ({"text": RESPONSE, "encoding": "utf-8"}, RESPONSE.encode()),
        ({"text": "\ud800"}, b"\xed\xa0\x80"),
        ({"size": 0}, b""),
        ({"size": 5}, "the archive was saved without response.content.text; export it with content"),
        ({"text": "%", "encoding": "base64"}, "it was recorded as base64, but is none; record it again"),
        ({"text": ["x"]}, "response.content.text is a list, not a text; export it as HAR 1.2"),
        ("x", "the archive was saved without response.content.text; export it with content"),
    ],
)
def test_an_answer_is_read_as_it_was_saved(content: object, body: Any) -> None:
    """Text and base64 are read; what was left out is said."""
    [exchange] = read_har(har(entry(content=content)))
    assert bodies_of(exchange)[1] == body


def test_a_request_without_its_body_is_told_from_an_empty_one() -> None:
    """Without `postData` only a `bodySize` of 0 makes an empty body."""
    kept, left_out = entry(), entry()
    for made, size in ((kept, 0), (left_out, 7)):
        del made["request"]["postData"]
        made["request"]["bodySize"] = size
    empty, unseen = read_har(har(kept, left_out))
    assert bodies_of(empty)[0] == b""
    assert bodies_of(unseen)[0] == "the archive was saved without request.postData.text; export it with content"


@pytest.mark.parametrize(
    ("value", "is_token"),
    [("Bearer abc", True), ("bearer a b", True), ("[REDACTED]", True), ("Basic dTpw", False), ("Bearer ", True)],
)
def test_a_token_in_the_header_need_not_stand_in_the_body(value: Any, is_token: bool) -> None:
    """`Authorization: Bearer`, or a placeholder in its place, counts as the token."""
    [exchange] = read_har(har(entry(Authorization=value)))
    assert isinstance(exchange.request, Excerpt)
    assert exchange.request.token_in_header is is_token


def test_credentials_beside_the_bodies_are_known() -> None:
    """The values of `Authorization` and of a token in the URL are secret, and no representation shows them."""
    [exchange] = read_har(har(entry(url=URL + "?token=in-url&x=1", Authorization="Bearer in-header")))
    assert exchange.secrets >= {"in-header", "in-url"}
    assert "in-" not in repr(exchange) + repr(exchange.request)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON: Expecting value at line 1, column 1; export or record it again"),
        ("{", "not JSON"),
        (b"\xff", "not UTF-8 at byte 1; save it as UTF-8"),
        ("[" * 100_000, "JSON nested too deeply"),
        ("1" * 5_000, "thousands of digits"),
        ("[]", "no HTTP Archive: it has no list log.entries; export it as HAR 1.2"),
        ({"log": {"entries": {}}}, "no list log.entries"),
        ({"log": {"entries": [None]}}, "no HTTP Archive: log.entries[0] is null; export it as HAR 1.2"),
        ({"log": {"entries": [{"request": {"method": "GET"}}]}}, "log.entries[0] has no request.url"),
    ],
)
def test_what_is_no_archive_is_a_fault(text: Any, reason: str) -> None:
    """A file that is no archive cannot be read, and the fault says what to do in one line."""
    with pytest.raises(UnreadableFile) as caught:
        read_har(text)
    assert reason in str(caught.value)
    assert str(caught.value).startswith("traffic.har: ")
    assert "\n" not in str(caught.value)
