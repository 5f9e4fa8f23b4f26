"""Secrets pass through the proxy, and come out nowhere else."""

from __future__ import annotations

import gzip
import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from altcraft_contract.cli.serving import _line
from altcraft_contract.contract import LATEST
from altcraft_contract.conversion import convert
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.report import RenderOptions, Tally, render
from altcraft_contract.stub import ENDPOINT_PATH, ProxyServer
from altcraft_contract.stub.proxy_report import iter_report_entries
from tests.stub.proxy_targets import BAD_REQUEST, REQUEST, Target, answer_of, post, talk

TOKEN = "marked-token-0123456789"  # noqa: S105 - made up
BEARER = "marked-bearer-9876543210"
EMAIL = "marked.person@example.com"
PHONE = "+79165550123"
COOKIE = "marked-cookie-value"
SECRETS = (TOKEN, BEARER, EMAIL, PHONE, COOKIE)
ORDER = {**json.loads(BAD_REQUEST), "token": TOKEN, "email": EMAIL, "phone": PHONE}
JSON = json.dumps(ORDER).encode()
XML = convert(json.dumps({**json.loads(REQUEST), "token": TOKEN, "email": EMAIL, "phone": PHONE}), to="xml")
TALKATIVE = json.dumps(
    {
        "data": {"external_id": TOKEN, "status": f"no {PHONE}", "email": EMAIL, f"{TOKEN}": 1},
        "error": 0,
        "error_text": f"{TOKEN} {BEARER} {EMAIL} {PHONE}",
    }
).encode()
CASES = {
    "json": (JSON, b"application/json", b""),
    "xml": (XML, b"application/xml", b""),
    "broken json": (JSON[:-20], b"application/json", b""),
    "broken xml": (XML[:-20], b"application/xml", b""),
    "the other syntax": (JSON, b"application/xml", b""),
    "compressed": (gzip.compress(JSON), b"application/json", b"gzip"),
    "stored, and not decodable": (b"x" + JSON, b"application/json", b"gzip"),
    "unknown encoding": (JSON, b"application/json", b"br"),
    "large, the token at the end": (
        json.dumps(
            {**{name: ORDER[name] for name in ORDER if name != "token"}, "filler": ["x" * 100] * 20_000, "token": TOKEN}
        ).encode(),
        b"application/json",
        b"",
    ),
}


def _headers(content_type: bytes, coding: bytes) -> tuple[bytes, ...]:
    return (
        b"Content-Type: " + content_type,
        *((b"Content-Encoding: " + coding,) if coding else ()),
        b"Authorization: Bearer " + BEARER.encode(),
        b"Cookie: session=" + COOKIE.encode(),
        b"X-Phone: " + PHONE.encode(),
        b"X-Said: " + EMAIL.encode(),
    )


def _reports(proxy: ProxyServer) -> str:
    written: list[str] = []
    for make in RENDERERS.values():
        tally = Tally()
        entries = tally.watch(iter_report_entries(proxy.journal))
        written += render(make(RenderOptions(verbose=True, contract=LATEST)), entries, tally)
    return "".join(written)


@pytest.mark.parametrize("answer", [TALKATIVE, TALKATIVE[:-3], gzip.compress(TALKATIVE)])
@pytest.mark.parametrize("mode", ["observe", "enforce"])
@pytest.mark.parametrize("case", CASES)
def test_no_secret_comes_out(case: str, mode: str, answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Tokens, addresses and numbers of a request are in no log, no journal, no page and no report, echoed or not."""
    body, content_type, coding = CASES[case]
    back: tuple[bytes, ...] = (b"Content-Type: application/json", b"Set-Cookie: session=" + COOKIE.encode())
    back += (b"Content-Encoding: gzip",) if answer[:1] == b"\x1f" else ()
    target = Target(answer_of(answer, *back))
    caplog.set_level(logging.INFO)
    with target, ProxyServer(target.url, mode=mode) as proxy:
        path = f"{ENDPOINT_PATH}?token={TOKEN}"
        received = talk(proxy.port, post(body, *_headers(content_type, coding), path=path))[0]
        journal = httpx.get(f"{proxy.base_url}/__altcraft__/journal", trust_env=False).text
        shown = journal + json.dumps(proxy.journal[0].as_json(), ensure_ascii=False) + _reports(proxy)
    ours = received.body.decode() if received.status != 200 or received.body != answer else ""
    for secret in SECRETS:
        assert secret not in shown
        assert secret not in ours
    assert all(secret not in record.getMessage() for record in caplog.records for secret in SECRETS)
    if mode == "observe":
        assert target.received[0].body == body
        assert received.body == answer


@pytest.mark.parametrize("mode", ["observe", "enforce"])
def test_nothing_of_a_target_that_is_not_there_is_told_but_its_origin(mode: str) -> None:
    """What stands before the path of the endpoint may be a key of its own: no answer and no note tells it."""
    with ProxyServer("http://127.0.0.1:9/marked-prefix-0123", mode=mode) as proxy:
        answer = talk(proxy.port, post())[0]
        assert b"marked-prefix" not in answer.body
        assert "marked-prefix" not in json.dumps(proxy.journal[0].as_json())


def test_the_report_shows_where_findings_are() -> None:
    """A report names exchange and message, and frames the line; each finding is that of the journal."""
    with Target(answer_of(b'{"error": 0}')) as target, ProxyServer(target.url) as proxy:
        talk(proxy.port, post(BAD_REQUEST), post())
        text = _reports(proxy)
    assert "exchange 1: request:46:7: error line-item-missing: the line has neither `product` nor `sku`" in text
    assert "exchange 1: answer:1:1: error missing-field: " in text
    assert "exchange 1:1:11: error invalid-request-accepted: " in text
    assert "exchange 2: answer:1:1: error missing-field: " in text
    assert '"path": "exchange 2: request"' in text
    assert str(Path.cwd()) not in text


@pytest.mark.parametrize("mode", ["observe", "enforce"])
def test_what_is_cut_is_masked_first(mode: Any) -> None:
    """A secret that stands where a text is cut is masked whole: its beginning is not shown either."""
    name = "order-" * 32 + TOKEN
    body = json.dumps({**ORDER, "external_id": name}).encode()
    answer = answer_of(b"{}", b"Content-Type: application/json")
    with Target(answer) as target, ProxyServer(target.url, mode=mode) as proxy:
        logged: list[str] = []
        proxy.journal.listen(lambda entry: logged.append(_line(entry)))
        talk(proxy.port, post(body, b"Content-Type: application/json"))
        proxy.journal.wait_for(1)
        shown = json.dumps(proxy.journal[0].as_json())
    assert "order-order-" in shown
    assert "order-order-" in logged[0]
    assert not any(TOKEN[:size] in text for text in (shown, logged[0]) for size in (6, len(TOKEN)))
