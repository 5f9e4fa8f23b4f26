"""Host files to the entries of a run."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from altcraft_contract.lint.hosts import Unseen, find_host
from altcraft_contract.lint.hosts.linting import iter_host_entries
from altcraft_contract.renderers.fingerprint import fingerprints_of
from altcraft_contract.renderers.text import render_result
from tests.lint.hosts.recordings import (
    REQUEST,
    RESPONSE,
    bytes_of,
    cassette,
    collection,
    entry,
    har,
    interaction,
    postman_item,
)
from tests.lint.hosts.recordings import openapi as document

if TYPE_CHECKING:
    from altcraft_contract.renderers.report import Entry

WRONG = REQUEST.replace('"2500.00"', "77777")
SECRETS = ('tok"-5f3a9c17', "anna.private@shop.example", "+7 912 345-67-89", "head-7d21b8e4")


def check(name: str, data: bytes) -> tuple[list[Entry], list[Unseen]]:
    """The entries of a file, and what cannot be checked."""
    host = find_host(PurePath(name), data[: 1 << 16])
    assert host is not None
    unseen: list[Unseen] = []
    return list(iter_host_entries(host, data, name, unseen=unseen.append)), unseen


def shown(made: Entry) -> str:
    """An entry as the text report has it."""
    return render_result(
        made.result, made.text, label=made.path, first_line=made.first_line, secrets=made.secrets, where=made.where
    )


def crlf(text: str) -> bytes:
    """*text* as Windows keeps it."""
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


FILES = {
    "a.har": bytes_of(har(entry({"text": WRONG}))),
    "b.har": json.dumps(har(entry({"text": WRONG}))).encode(),
    "c.har": crlf(json.dumps(har(entry({"text": WRONG})), indent="\t")),
    "d.json": bytes_of(cassette(interaction(WRONG))),
    "e.yaml": yaml.safe_dump(cassette(interaction(WRONG))).encode(),
    "f.yaml": yaml.dump(cassette(interaction(json.dumps(json.loads(WRONG), indent=2))), default_style="|").encode(),
    "g.yaml": crlf(yaml.safe_dump(cassette(interaction(WRONG)), width=1_000)),
    "h.json": bytes_of(collection(postman_item(WRONG))),
    "i.json": bytes_of(document({"application/json": {"example": json.loads(WRONG)}})),
    "j.yaml": yaml.safe_dump(document({"application/json": {"example": json.loads(WRONG)}})).encode(),
    "k.yaml": yaml.safe_dump(document({"application/json": {"example": WRONG}})).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_finding_stands_at_its_place_in_the_file(name: str) -> None:
    """Line, column and code frame are those of the wrong value in the host file, whatever that is."""
    entries, unseen = check(name, FILES[name])
    assert unseen == []
    [(finding, made)] = [(one, made) for made in entries for one in made.result.findings if one.rule == "wrong-type"]
    assert (made.path, made.document) == (name, None)
    lines = FILES[name].decode("utf-8-sig").splitlines()
    line = lines[(finding.line or 0) + made.first_line - 2]
    assert line[(finding.column or 0) - 1 :].startswith("77777")
    told = shown(made).splitlines()
    frame = told[next(index for index, part in enumerate(told) if " wrong-type: " in part) :]
    caret = next(index for index, part in enumerate(frame) if part.rstrip().endswith("^"))
    assert frame[caret - 1][frame[caret].index("^") :].startswith("77777")


def test_an_encoded_body_is_told_where_its_entry_begins() -> None:
    """What stands in the file as base64 has the line of the entry, and its own place in words."""
    packed = b64encode(gzip.compress(WRONG.encode())).decode()
    made = har(entry(), entry({"text": packed, "encoding": "base64"}, Content_Encoding="gzip"))
    entries, _ = check("a.har", bytes_of(made))
    [finding] = [one for made in entries for one in made.result.findings if one.rule == "wrong-type"]
    assert bytes_of(made).decode().splitlines()[(finding.line or 0) - 1].strip() == "{"
    assert finding.line != 1
    assert finding.column == 1
    assert f"(line 1, column {WRONG.index('77777') + 1} of the decoded body)" in finding.message


def test_each_message_is_an_entry() -> None:
    """What a response does wrong to its request is found in the entry of the response, in order."""
    answer = RESPONSE.replace("order_12345", "another").replace('"Successful operation"', "5")
    entries, _ = check("a.json", bytes_of(cassette(interaction(answer={"string": answer}))))
    assert [made.where for made in entries] == ["interaction 1, request", "interaction 1, response"]
    findings = entries[1].result.findings
    assert {"external-id-mismatch", "wrong-type"} <= {finding.rule for finding in findings}
    assert [finding.column for finding in findings] == sorted(finding.column or 0 for finding in findings)
    assert not entries[1].result.ok


def test_what_only_the_two_do_wrong_is_found_in_its_place() -> None:
    """A response that is good by itself has the findings of the exchange, in the lines of the file."""
    made = bytes_of(cassette(interaction(answer={"string": RESPONSE.replace("order_12345", "another")})))
    entries, _ = check("a.json", made)
    [finding] = [one for one in entries[1].result.findings if one.rule == "external-id-mismatch"]
    line = made.decode().splitlines()[(finding.line or 0) + entries[1].first_line - 2]
    assert line[(finding.column or 0) - 1 :].startswith('\\"another')


def test_fingerprints_do_not_depend_on_lines() -> None:
    """A file that is written in another way has the same fingerprints."""
    made = har(entry({"text": WRONG}))
    both = [
        [fingerprints_of(one) for one in check("a.har", data)[0]]
        for data in (json.dumps(made).encode(), b"\n\n" + json.dumps(made, indent=4).encode())
    ]
    assert both[0] == both[1]
    assert any(both[0])


def test_what_cannot_be_checked_is_told() -> None:
    """A message without its body is no entry."""
    entries, unseen = check("a.har", bytes_of(har(entry(content={"size": 3}))))
    assert [made.where for made in entries] == ["entry 1, request"]
    assert [one.where for one in unseen] == ["entry 1, response"]


@pytest.mark.parametrize("name", ["a.har", "one-line.har", "b.yaml", "c.json", "d.json", "e.yaml"])
def test_no_secret_is_shown(name: str) -> None:
    """The secrets of a message, of its neighbours and beside it are masked, escaped once or twice, or not."""
    token, email, phone, header = SECRETS
    order: dict[str, Any] = {**json.loads(WRONG), "token": token, "email": email, "phone": phone, token: 1}
    order["data"]["status"] = f"{token} {email} {phone}"
    text = json.dumps(order)
    answer = json.dumps({"error": f"{token} {header} {email}", "error_text": 5, "zzz": phone})
    authorization = {"Authorization": f"Bearer {header}"}
    traffic = har(entry({"text": text}, {"text": answer}, **authorization), entry({"text": text}, **authorization))
    written: dict[str, bytes] = {
        "a.har": bytes_of(traffic),
        "one-line.har": json.dumps(traffic).encode(),
        "b.yaml": yaml.safe_dump(cassette(interaction(text, {"string": answer}, headers=authorization))).encode(),
        "c.json": bytes_of(collection(postman_item(text, answer, header=f"Authorization: Bearer {header}"))),
        "d.json": bytes_of(document({"application/json": {"example": order}})),
        "e.yaml": yaml.safe_dump(document({"application/json": {"example": order}})).encode(),
    }
    entries, _ = check(name, written[name])
    told = "\n".join(shown(made) for made in entries)
    assert "wrong-type" in told
    forms = {form for secret in SECRETS for form in (secret, json.dumps(secret)[1:-1])}
    assert [form for form in (*forms, "5f3a9c17") if form in told] == []
    # What stands in the entry for frames is masked already.
    assert [form for made in entries for form in (*forms, "5f3a9c17") if form in made.text] == []


def test_the_text_for_frames_is_bounded() -> None:
    """Of a file of one very long line no more is kept than the message, and nothing where the line is too long."""
    for padding, has_text in ((1_000, True), (1_000_000, False)):
        made = har({"request": {"method": "GET", "url": "x" * padding}}, entry({"text": WRONG}))
        entries, _ = check("a.har", json.dumps(made).encode())
        assert bool(entries[0].text) is has_text
        assert len(entries[0].text) < 2 * len(WRONG) + 2 * padding
        [finding] = [one for one in entries[0].result.findings if one.rule == "wrong-type"]
        assert (finding.column or 0) > padding


def test_files_of_very_many_calls_take_no_time() -> None:
    """A thousand wrong calls on one line are placed in one pass each way."""
    made = json.dumps(har(*(entry({"text": WRONG}) for _ in range(1_000)))).encode()
    assert len(check("a.har", made)[0]) == 2_000
