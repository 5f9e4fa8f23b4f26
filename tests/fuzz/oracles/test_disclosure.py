"""`disclosure`: answers that hold the token, or the inside of the server."""

from __future__ import annotations

import json

import pytest

from altcraft_contract.fuzz.identity import Identity
from altcraft_contract.fuzz.oracles.disclosure import DISCLOSURE
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, PAGE, REFUSED, case, exchange, find

TRACES = {
    "a Python traceback": 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in <module>',
    "a Java stack trace": "java.lang.NullPointerException\n\tat com.shop.Order.commit(Order.java:42)",
    "a Go stack trace": "panic: runtime error: index out of range\n\ngoroutine 1 [running]:",
    "a JavaScript stack trace": "TypeError: Cannot read properties of undefined\n    at commit (/srv/app.js:10:5)",
    "a .NET stack trace": "System.NullReferenceException: x\n   at Shop.Order.Commit() in C:\\shop\\Order.cs:line 7",
    "a PHP error": "Fatal error: Uncaught Error in /srv/order.php on line 7",
    "a Ruby stack trace": "/srv/order.rb:12:in `commit'",
    "an SQL error": 'ERROR: syntax error at or near "order"',
    "a file of the server": "root:x:0:0:root:/root:/bin/bash",
}


@pytest.mark.parametrize("token", [IDENTITY.token, 'Tok"en&<Zebra>\\ключ', "sixsix"])
@pytest.mark.parametrize("written", [str, lambda text: json.dumps(text)[1:-1]])
def test_the_token_is_found(token: str, written: object) -> None:
    """The token in a body is found, as it is and in escapes, and is not shown."""
    assert callable(written)
    identity = Identity(token)
    found = find(DISCLOSURE, exchange(), exchange(b"<p>" + written(token).encode()), identity=identity)

    assert [(one.guilty, one.rule, one.place) for one in found] == [(1, "token-disclosed", "token in the body")]
    assert token not in repr(found)


def test_the_token_in_a_header_is_found() -> None:
    """The token in a header is found."""
    found = find(DISCLOSURE, exchange(headers=[("set-cookie", f"session={IDENTITY.token}")]))

    assert [one.place for one in found] == ["token in header set-cookie"]


@pytest.mark.parametrize(("what", "text"), TRACES.items())
@pytest.mark.parametrize("in_json", [True, False])
def test_traces_are_found(what: str, text: str, in_json: bool) -> None:
    """Stack traces, errors of databases and files of the server are found in envelopes and in pages."""
    answer = {**REFUSED, "error_text": text} if in_json else f"<pre>{text}</pre>".encode()
    found = find(DISCLOSURE, exchange(answer))

    assert f"{what} in the body" in [one.place for one in found]
    assert all(one.rule is None for one in found)


@pytest.mark.parametrize("answer", [ACCEPTED, REFUSED, PAGE, b"", {**REFUSED, "error_text": "Select a line from 1"}])
def test_plain_answers_pass(answer: bytes) -> None:
    """Usual answers disclose nothing."""
    assert find(DISCLOSURE, exchange(answer)) == []


@pytest.mark.parametrize("text", TRACES.values())
def test_what_was_sent_may_come_back(text: str) -> None:
    """What stood in the request is not the inside of the server."""
    sent = case(body=text.encode())

    assert find(DISCLOSURE, exchange(text.encode(), of=sent)) == []


def test_a_short_token_is_not_looked_for() -> None:
    """A token of a few characters is part of other words."""
    assert find(DISCLOSURE, exchange(), identity=Identity("err")) == []


def test_names_of_headers_are_told_without_secrets() -> None:
    """A header that is named like the token is shown without it."""
    found = find(DISCLOSURE, exchange(headers=[(f"x-{IDENTITY.token}", IDENTITY.token)]))

    assert found
    assert IDENTITY.token not in repr(found)
