"""Files of HTTP requests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Excerpt, Unseen
from altcraft_contract.lint.hosts.http_file import iter_http
from tests.lint.hosts.excerpts import (
    ANSWER,
    PATH,
    REQUEST,
    RESPONSE,
    SMALL,
    XML,
    assert_verbatim,
    excerpts_of,
    read,
)

URL = f"https://market.example{PATH}"


def calls(text: str | bytes) -> list[Excerpt]:
    """The messages in a file of requests."""
    return excerpts_of(read(iter_http, text))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_character_is_found_again(end: str, mark: str) -> None:
    """With every kind of line end, and comments within, each character of a body is found in its file."""
    body = REQUEST.replace("RUB", "Б\U0001f600").replace('"data"', '\n# comment\n  // another\n"data"')
    text = mark + f"### first\nPOST {URL} HTTP/1.1\nContent-Type: application/json\n\n\n{body}\n\n###\n".replace(
        "\n", end
    )
    [found] = calls(text)
    assert_verbatim(text, found)
    assert "comment" not in found.body.decode()
    assert found.body.decode().startswith("{")
    assert (found.where, found.line, found.url) == ("call 1, request", 2, URL)


@pytest.mark.parametrize(
    "request_line",
    [
        f"POST {URL}",
        f"POST {URL} HTTP/1.1",
        f"POST {PATH} HTTP/2",
        f"post {URL}?a=1#b",
        "POST {{base}}" + PATH,
        "POST https://{{host}}:{{port}}" + PATH,
        "POST {{defined}}/orders/preorder_commit",
        "POST {{whole}}",
        "POST {{ whole }} HTTP/1.1",
        f"POST https://market.example\n    {PATH}\n    ?a=1\n    # why\n    &b=2 HTTP/1.1",
        f"POST {URL}\n?a=1\n&b=2",
        "POST {{unknown}}",
    ],
)
def test_calls_to_the_endpoint_are_told_by_their_url(request_line: str) -> None:
    """However a URL is written, with variables and on several lines, calls to the endpoint are found."""
    text = (
        "@host = market.example\n@defined = https://{{host}}/api/v1.1/market\n"
        f"@whole={URL}\n\n{request_line}\nContent-Type: application/json\n\n{SMALL}\n"
    )
    assert [found.body.decode().strip() for found in calls(text)] == [SMALL]


@pytest.mark.parametrize(
    "request_line",
    [
        URL,
        f"GET {URL}",
        "POST https://market.example/api/v1.1/market/orders/preorder",
        "POST {{other}}",
        "POST",
        "PUT x",
    ],
)
def test_other_calls_are_passed_over(request_line: str) -> None:
    """Requests of another method, or to elsewhere, are none of ours."""
    assert calls(f"@other = https://market.example/x\n{request_line}\n\n{SMALL}\n") == []


def test_an_unknown_url_with_another_body_is_passed_over() -> None:
    """Of a URL that nothing tells, a body that is no message says that it is not ours."""
    assert calls('POST {{url}}\n\n{"a": 1}\n###\nPOST {{url}}\n') == []


def test_sections_are_told_apart() -> None:
    """Calls have their number among the requests of the file, and the line of their request."""
    text = (
        f"### a\n\nGET x\n\n###\n# only a comment\n###\n# @name commit\nPOST {URL}\n\n{SMALL}\n### b\n"
        f"POST {URL}\n\n{XML}"
    )
    found = calls(text)
    assert [(one.where, one.line, one.syntax) for one in found] == [
        ("call 2, request", 9, "json"),
        ("call 3, request", 13, "xml"),
    ]
    for one in found:
        assert_verbatim(text, one)


@pytest.mark.parametrize(
    "between",
    [
        "",
        "> {%\n  client.test('x', () => {});\n%}\n",
        "> ./check.js\n",
        "<> 2026-01-01T000000.200.json\n",
        ">> answer.json\n",
        ">>! answer.json\n",
        "# comment\n",
    ],
)
def test_a_pasted_response_is_checked_with_its_request(between: str) -> None:
    """What follows a body is no part of it, and a response behind that is the answer to the request."""
    text = f"POST {URL}\n\n{REQUEST}\n\n{between}\nHTTP/1.1 200 OK\nDate: x\n\n{RESPONSE}\n\n{between}###\n"
    [exchange] = read(iter_http, text)
    assert [found.what for found in excerpts_of([exchange])] == ["request", "response"]
    assert [found.body.decode().strip() for found in excerpts_of([exchange])] == [REQUEST, RESPONSE]
    for found in excerpts_of([exchange]):
        assert_verbatim(text, found)


@pytest.mark.parametrize("status", ["500 Error", "400", "2000"])
def test_a_response_that_is_not_documented_is_passed_over(status: str) -> None:
    """Only the bodies of answers with HTTP status 200 are documented."""
    assert calls(f"HTTP/1.1 {status}\n\n{ANSWER}") == []
    assert [found.what for found in calls(f"POST {URL}\n\n{SMALL}\n\nHTTP/1.1 500 x\n\n{ANSWER}")] == ["request"]


def test_a_lone_response_is_taken_if_it_is_one() -> None:
    """A saved answer is checked if it is one of this contract."""
    assert [found.what for found in calls(f"HTTP/1.1 200 OK\nA: b\n\n{ANSWER}\n")] == ["response"]
    assert calls('HTTP/1.1 200 OK\n\n{"a": 1}\n###\nHTTP/1.1 200 OK\n') == []


@pytest.mark.parametrize("line", ["< ./order.json", "<@ ./order.json", "<@utf8 order.json"])
def test_a_body_from_a_file_is_not_here(line: str) -> None:
    """A body that stands in another file is checked there."""
    assert read(iter_http, f"POST {URL}\n\n{line}\n") == []
    assert [found.what for found in calls(f"POST {URL}\n\n{line}\n\nHTTP/1.1 200\n\n{ANSWER}")] == ["response"]


def test_a_script_before_a_request_is_passed_over() -> None:
    """What runs before a request is no part of it."""
    assert len(calls(f"### x\n< {{%\n  POST /\n\n  x\n%}}\n@a = b\nPOST {URL}\n\n{SMALL}")) == 1


def test_a_variable_outside_of_texts_is_told() -> None:
    """A body that only its variables keep from being JSON is not judged, with the reason and a remedy."""
    [exchange] = read(iter_http, f'POST {URL}\n\n{{"external_id": "{{{{id}}}}", "data": {{{{ data }}}}}}\n')
    assert isinstance(exchange.request, Unseen)
    assert exchange.request.reason.startswith("a variable stands outside of its texts")


def test_a_variable_in_a_text_is_a_placeholder() -> None:
    """A body with variables within its texts is judged, without what they stand for."""
    [found] = calls(f"POST {URL}\n\n{SMALL.replace('RUB', '{{currency}}')}\n")
    assert found.placeholder is not None
    assert found.placeholder.fullmatch("{{currency}}")


def test_a_broken_body_is_broken_where_it_is() -> None:
    """With variables outside of texts a body is still judged if something else is wrong with it, and places stay."""
    text = f'POST {URL}\n\n{{"count": {{{{count}}}}, "a": ]}}\n'
    [found] = calls(text)
    source = found.find_source()
    assert source is not None
    at = source.find(found.body.index(b"]"))
    assert text[at] == "]"
    assert b"{{" not in found.body


def test_a_request_without_a_body_has_an_empty_one() -> None:
    """A call without anything to send is judged, as a server would do."""
    for text in (f"POST {URL}", f"POST {URL}\nA: b\n\n\n###\n"):
        [found] = calls(text)
        assert found.body == b""


@pytest.mark.parametrize(
    ("header", "expected"),
    [("Authorization: Bearer abcdef", True), ("authorization:Bearer {{token}}", True), ("Accept: a", False)],
)
def test_a_token_in_a_header_is_seen(header: str, expected: bool) -> None:
    """The token may come in a header, or as a variable there."""
    [found] = calls(f"POST {URL}\n{header}\n\n{SMALL}")
    assert found.token_in_header is expected


def test_what_is_secret_beside_bodies_is_known() -> None:
    """Credentials in headers, variables and URLs of the whole file are secrets of each of its calls."""
    text = (
        f"@token = first-secret\nPOST {URL}?token=second-secret\nAuthorization: Bearer third-secret\nX: shown\n\n"
        f"{SMALL}\n###\nGET /\nX-Api-Key: fourth-secret\nAuthorization: Basic fifth-secret\n"
    )
    [exchange] = read(iter_http, text)
    assert {"first-secret", "second-secret", "third-secret", "fifth-secret"} <= exchange.secrets
    assert "shown" not in exchange.secrets
    assert "secret" not in repr(exchange)


def test_a_comment_leaves_a_section_out() -> None:
    """What is wrong on purpose is left out by a comment, before or within the request, and only that."""
    text = (
        f"# altcraft-contract: ignore\nPOST {URL}\n\n{SMALL}\n###\nPOST {URL}\n//altcraft-contract: ignore\n\n{SMALL}\n"
    )
    assert calls(text) == []
    assert [found.where for found in calls(f"{text}###\nPOST {URL}\n\n{SMALL}")] == ["call 3, request"]


def test_variables_cannot_grow() -> None:
    """Variables of variables of variables end, and so do rings of them."""
    growing = "".join(f"@a{n} = " + f"{{{{a{n + 1}}}}}" * 20 + "\n" for n in range(50))
    assert (
        calls(f"{growing}@b = {{{{c}}}}\n@c = {{{{b}}}}\nPOST {{{{a0}}}}\n\n{{}}\n###\nPOST {{{{b}}}}\n\n{{}}\n") == []
    )


def test_a_file_in_another_encoding_is_a_fault() -> None:
    """What is not UTF-8 is not guessed at."""
    with pytest.raises(UnreadableFile, match="not UTF-8 at byte 1; save it as UTF-8"):
        calls(b"\xff")


lines = st.sampled_from(
    [
        "###",
        f"POST {URL}",
        "POST {{x}}",
        "@x = {{y}}",
        "@y={{x}}",
        "Authorization: Bearer x",
        "",
        SMALL,
        "{{x}}",
        '{"a": {{x}},',
        "HTTP/1.1 200 OK",
        ANSWER,
        "> {%",
        "%}",
        "< {%",
        "< a",
        "<> a",
        "# altcraft-contract: ignore",
        "  ?a",
        "<xml>",
        "\0",
        "\ufeff",
        "é😀",
    ]
)


@given(st.lists(lines, max_size=14), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_lines_end_in_calls_or_none(parts: list[str], end: str) -> None:
    """Lines of requests, in whatever order, do no harm; places stay true wherever no variable is filled in."""
    text = end.join(parts)
    for found in calls(text):
        if found.source is not None and b"1  " not in found.body:
            assert_verbatim(text, found)
