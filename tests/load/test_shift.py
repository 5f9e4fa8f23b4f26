"""One worker's part of a run, without Locust."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.load.settings import LoadSettings
from altcraft_contract.load.share import Share
from altcraft_contract.load.shift import Shift
from altcraft_contract.strategies.vocabulary import Values
from altcraft_contract.stub import StubServer
from altcraft_contract.target.order_journal import iter_attempts
from altcraft_contract.validation import check_request
from tests.load.locusts import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.load.shift import Served, Till

SHARE = Share("acf-01234567", syntax="json")


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """A server that keeps the contract."""
    with StubServer(token=TOKEN) as server:
        yield server


@contextmanager
def working(folder: Path, url: str, share: Share = SHARE, **settings: Any) -> Iterator[Shift]:
    """A shift, with its files in a folder."""
    shift = Shift(LoadSettings(token=TOKEN, journal_dir=folder / "orders", **settings), share, url)
    try:
        yield shift
    finally:
        shift.close()


def ready(shift: Shift, **settings: Any) -> Till:
    """A till whose first orders have been sent."""
    till = shift.open_till("shop", **settings)
    for _ in till.warm_up():
        pass
    return till


def served(till: Till, number: int) -> list[Served]:
    """What became of so many orders."""
    return [till.serve() for _ in range(number)]


def test_drawn_orders_are_valid_and_have_their_own_ids(stub: StubServer, tmp_path: Path) -> None:
    """Orders keep the contract in both syntaxes, differ, say what exists, and are all listed."""
    values = Values(skus=("mug-white",), endpoints=("shop-7",))
    with working(tmp_path, stub.url, replace_share(syntax="mix"), values=values) as shift:
        results = served(ready(shift), 60)
        journal = shift.journal

    bodies = [entry.request.body for entry in stub.journal]
    ids = [entry.external_id for entry in stub.journal]
    assert {result.name for result in results} == {"order (json)", "order (xml)"}
    assert not [result for result in results if result.failure]
    assert all(check_request(body).ok and b"shop-7" in body for body in bodies)
    assert len(set(ids)) == 62
    assert all(external_id and external_id.startswith("acf-01234567-0-") for external_id in ids)
    assert [attempt.external_id for attempt in iter_attempts(journal)] == ids
    assert {attempt.triggers for attempt in iter_attempts(journal)} == {"skipped"}


def test_workers_draw_other_orders(stub: StubServer, tmp_path: Path) -> None:
    """The seed says which orders are drawn: the same again, and others on the next worker."""
    drawn = []
    for share in (SHARE, SHARE, SHARE._replace(number=1, seed=1)):
        with working(tmp_path, stub.url, share) as shift:
            served(ready(shift), 5)
        drawn.append([without_id(entry.request.body) for entry in list(stub.journal)[-5:]])

    assert drawn[0] == drawn[1] != drawn[2]


def test_a_refusal_is_counted_apart(stub: StubServer, tmp_path: Path) -> None:
    """A refused order has a row of its own and is no failure: that its values are unknown is not known."""
    with working(tmp_path, stub.url) as shift:
        till = ready(shift)
        stub.use("error-400", times=2)
        names = [result.name for result in served(till, 3)]
        outcomes = dict(shift.outcomes)

    assert names == ["order (json), refused", "order (json), refused", "order (json)"]
    assert outcomes == {"accepted": 2, "refused": 2}


def test_every_breach_of_an_answer_gets_its_row(stub: StubServer, tmp_path: Path) -> None:
    """Of the breaches that each answer has, each is the failure in its turn, and the file has all of them."""
    with working(tmp_path, stub.url, findings_dir=tmp_path / "found") as shift:
        till = ready(shift)
        stub.use("points-as-strings")
        failures = {result.failure for result in served(till, 6)}

    place = "/data/points_changes/*"
    expected = {f"response-contract: wrong-type at {place}/{kind}_points" for kind in ("accrue", "redeem")}
    lines = (tmp_path / "found" / "acf-01234567-0.ndjson").read_text("utf-8").splitlines()
    assert failures == expected
    assert {json.loads(line)["name"] for line in lines} == expected
    assert TOKEN not in "".join(lines)


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("http-500", "server-error: HTTP 500"),
        ("http-502-html", "server-error: HTTP 502"),
        ("empty-body", "response-contract: HTTP 200"),
        ("connection-reset", "server-error: closed, a connection that was used before"),
    ],
)
def test_what_is_no_usable_answer_is_a_failure(scenario: str, expected: str, stub: StubServer, tmp_path: Path) -> None:
    """The name of a failure holds nothing that changes from one answer to the next."""
    with working(tmp_path, stub.url) as shift:
        till = ready(shift)
        stub.use(scenario, times=1)
        assert till.serve().failure == expected


def test_late_answers_are_failures_where_there_is_a_limit(stub: StubServer, tmp_path: Path) -> None:
    """Only a limit makes an answer late; that of a user goes before that of the run."""
    with working(tmp_path, stub.url, replace_share(latency_limit=30.0)) as shift:
        assert ready(shift).serve().failure is None
        assert ready(shift, latency_limit=1e-9).serve().failure == "latency: above 1e-09 s"


def test_no_more_orders_are_sent_than_allowed(stub: StubServer, tmp_path: Path) -> None:
    """The first orders count, too."""
    with working(tmp_path, stub.url, replace_share(orders=4)) as shift:
        till = ready(shift)
        served(till, 3)
        with pytest.raises(CampaignEnded) as caught:
            till.serve()

    assert caught.value.ending == "max-orders"
    assert len(stub.journal) == 4


def test_nothing_is_sent_after_a_stop(stub: StubServer, tmp_path: Path) -> None:
    """Who waits or comes after a stop sends nothing."""
    with working(tmp_path, stub.url) as shift:
        till = ready(shift)
        shift.stop()
        with pytest.raises(CampaignEnded, match="interrupted"):
            till.serve()

    assert len(stub.journal) == 1


@pytest.mark.parametrize(
    ("scenario", "ending", "expected"),
    [
        ("error-401", "refused-warm-up", "ALTCRAFT_TOKEN"),
        ("error-400", "refused-warm-up", "these are made up"),
    ],
)
def test_refused_first_orders_end_the_run(
    scenario: str, ending: str, expected: str, stub: StubServer, tmp_path: Path
) -> None:
    """If the plainest orders are refused, nothing else is sent, and it is told what to set."""
    stub.use(scenario)
    with working(tmp_path, stub.url) as shift, pytest.raises(CampaignEnded) as caught:
        ready(shift)

    assert caught.value.ending == ending
    assert expected in caught.value.detail
    assert len(stub.journal) == 1


def test_a_token_that_is_refused_later_ends_the_run(stub: StubServer, tmp_path: Path) -> None:
    """Twenty refusals of the token in a row are enough."""
    with working(tmp_path, stub.url) as shift:
        till = ready(shift)
        stub.use("error-401")
        with pytest.raises(CampaignEnded) as caught:
            served(till, 50)

    assert caught.value.ending == "target-failed"
    assert len(stub.journal) == 21


def test_a_host_that_nobody_allowed_gets_nothing(tmp_path: Path) -> None:
    """A shift cannot begin for another host."""
    with pytest.raises(ConfigurationFault, match="is not allowed"), working(tmp_path, "http://shop.invalid"):
        pass


def test_only_the_user_class_imports_locust() -> None:
    """Whatever else is imported leaves the standard library as it is."""
    code = (
        "import sys, altcraft_contract.load, altcraft_contract.load.settings, altcraft_contract.load.shift;"
        "assert not {'gevent', 'locust'} & sys.modules.keys()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_locust_the_remedy_is_named() -> None:
    """Who lacks the extra is told which one."""
    code = "import sys; sys.modules['locust'] = None; from altcraft_contract.load import OrderUser"
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "pip install 'altcraft-contract[load]'" in ended.stderr


def replace_share(**changes: Any) -> Share:
    """The usual share, with changes."""
    return SHARE._replace(**changes)


def without_id(body: bytes) -> dict[str, Any]:
    """An order in JSON without what tells it from others."""
    value: dict[str, Any] = json.loads(body)
    return {name: member for name, member in value.items() if name != "external_id"}
