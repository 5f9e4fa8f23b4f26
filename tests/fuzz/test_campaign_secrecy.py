"""Token, e-mail and phone of a campaign: they leave for the target, and come back into nothing that is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from altcraft_contract.strategies import Values
from tests.fuzz.campaign_servers import echoing, iter_texts, service
from tests.fuzz.zoo.behaviour import Behaviour
from tests.fuzz.zoo.listener import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from altcraft_contract.fuzz import CampaignReport, Event

PLAIN = ("Plain-Token-4711-Zebra", "zebra.crossing@example.com", "+79990001122")
ODD = ("Tok\"en&<Zebra>\\'ключ-4711", 'o\'zebra&co+"x"@пример.example', "+79990001122")
SECRETS = [pytest.param(PLAIN, id="plain"), pytest.param(ODD, id="odd")]


def forms_of(secret: str) -> set[str]:
    """How either syntax writes a secret, in capitals or without."""
    written = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escape(secret),
        escape(secret, {'"': "&quot;", "'": "&apos;"}),
        quoteattr(secret)[1:-1],
    }
    return written | {text.lower() for text in written}


def find_leaks(report: CampaignReport, directory: Path, secrets: tuple[str, ...], events: list[Event]) -> set[str]:
    """What of the secrets stands in a report, in what it looks like, in its events, or in a file."""
    texts = {"the report": "\n".join(iter_texts(report)), "its look": repr(report), "the events": repr(events)}
    texts |= {
        str(path.relative_to(directory)): path.read_text(errors="replace")
        for path in directory.rglob("*")
        if path.is_file()
    }
    return {
        f"{form} in {name}"
        for secret in secrets
        for form in forms_of(secret)
        for name, text in texts.items()
        if form in text
    }


def leaks_of(behaviour: Behaviour, secrets: tuple[str, str, str], directory: Path, **settings: Any) -> set[str]:
    """What a campaign with these secrets leaves behind."""
    token, email, phone = secrets
    events: list[Event] = []
    with service(behaviour) as shop:
        report = shop.campaign(
            token=token,
            values=Values(emails=(email,), phones=(phone,)),
            directory=directory,
            on_event=events.append,
            **settings,
        )
        sent = b"\n".join(request.body for request in shop.requests)
    assert json.dumps(token, ensure_ascii=False)[1:-1].encode() in sent
    assert escape(email).encode() in sent
    assert report.requests > 2
    return find_leaks(report, directory, secrets, events)


@pytest.mark.parametrize("secrets", SECRETS)
def test_an_echo_is_concealed(secrets: tuple[str, str, str], tmp_path: Path) -> None:
    """A target that sends back all that it gets, in bodies and headers, puts no secret into report, events or files."""
    phases = ("examples", "edge", "malformed", "relations", "transport")

    assert leaks_of(echoing(secrets[0]), secrets, tmp_path, phases=phases, max_requests=150) == set()


@pytest.mark.parametrize("secrets", SECRETS)
def test_an_echo_of_mutants_is_concealed(secrets: tuple[str, str, str], tmp_path: Path) -> None:
    """A target that takes all and sends it back puts no secret into report, events or files."""
    behaviour = echoing(secrets[0], Behaviour(forgives=lambda _, __: True))

    assert leaks_of(behaviour, secrets, tmp_path, phases=("mutations",), max_requests=70) == set()


@pytest.mark.parametrize("header", ["Content-Type", "X-Other", "Location"])
def test_headers_are_concealed(header: str, tmp_path: Path) -> None:
    """A token in any header of the answer, its Content-Type included, is concealed, whatever its capitals."""

    def replies(exchange: Any, reply: Reply) -> Reply:
        value = f"text/{exchange.token}; of={exchange.token}"
        return replace(
            reply,
            content_type=value if header == "Content-Type" else reply.content_type,
            headers=() if header == "Content-Type" else ((header, value),),
        )

    behaviour = replace(echoing(PLAIN[0]), answers=Behaviour().answers, replies=replies)

    assert leaks_of(behaviour, PLAIN, tmp_path, phases=("examples",)) == set()


@pytest.mark.parametrize("place", ["unknown", "repeated", "data", "status"])
def test_names_of_members_are_concealed(place: str, tmp_path: Path) -> None:
    """A token that the target makes the name of a member, or a value that breaks a rule, is concealed."""

    def writes(exchange: Any, text: bytes) -> bytes:
        if exchange.syntax != "json":
            return text
        token = json.dumps(exchange.token)
        answer = json.loads(text)
        if place == "data":
            answer["data"] = {**answer["data"], exchange.token: {exchange.token: 1}}
        if place == "status":
            answer["data"] = {**answer["data"], "status": exchange.token, "contents": [{exchange.token: 1}]}
        written = json.dumps(answer)
        more = {"unknown": f"{token}: 1, ", "repeated": f"{token}: 1, {token}: 2, "}.get(place, "")
        return f"{{{more}{written[1:]}".encode()

    behaviour = replace(echoing(PLAIN[0]), answers=Behaviour().answers, replies=Behaviour().replies, writes=writes)

    assert leaks_of(behaviour, PLAIN, tmp_path, phases=("examples",)) == set()


@pytest.mark.parametrize("status", [200, 500])
def test_pages_are_concealed(status: int, tmp_path: Path) -> None:
    """A page of HTML, or of nothing that can be read, which shows the request is concealed."""

    def replies(exchange: Any, reply: Reply) -> Reply:
        if exchange.serial < 3:
            return reply
        page = f"<html><pre>{escape(exchange.body.decode(errors='replace'))}</pre>".encode()
        return Reply(status=status, content_type="text/html", body=page + exchange.body + b"\xff")

    behaviour = replace(echoing(ODD[0]), answers=Behaviour().answers, replies=replies)

    assert leaks_of(behaviour, ODD, tmp_path, phases=("examples", "malformed"), max_requests=60) == set()


def test_a_refused_warm_up_tells_no_secret(tmp_path: Path) -> None:
    """What the target says of a plain order that it refuses is told without secrets."""
    events: list[Event] = []
    behaviour = replace(echoing(PLAIN[0]), refuses=lambda _: True)
    with service(behaviour) as shop:
        report = shop.campaign(
            token=PLAIN[0],
            phases=("examples",),
            values=Values(emails=PLAIN[1:2]),
            directory=tmp_path,
            on_event=events.append,
        )

    assert report.ending == "refused-warm-up"
    assert find_leaks(report, tmp_path, PLAIN, events) == set()
