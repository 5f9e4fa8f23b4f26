"""The collector takes anything, from any thread, and adds up what several processes counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from threading import Thread
from typing import Any

import execnet
import pytest
from hypothesis import given
from hypothesis import strategies as hypotheses

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.stub.scenarios import SCENARIOS
from altcraft_contract.testing.coverage import Coverage
from altcraft_contract.validation import RuleSelection
from tests.testing.coverage.messages import coverage_of, take

EXAMPLES = load_contract().examples


class Unreadable(Mapping[str, Any]):
    """A mapping that cannot be read."""

    def __getitem__(self, name: str) -> Any:
        raise OSError(name)

    def __iter__(self) -> Iterator[str]:
        raise OSError

    def __len__(self) -> int:
        return 1


BODIES: dict[str, object] = {
    "none": None,
    "number": 5,
    "list": [],
    "object": object(),
    "no-bytes": b"",
    "no-text": "",
    "half-a-pair": "\ud800",
    "deep": b"[" * 5_000,
    "deep-objects": b'{"data":' * 100 + b"1" + b"}" * 100,
    "long-integer": b'{"data": {"lines": [{"count": 1' + b"0" * 10_000 + b"}]}}",
    "utf-16": b"\xff\xfe<\x00",
    "deep-xml": b"<xml>" * 1_000,
    "unreadable": Unreadable(),
    "number-as-name": {"data": {"lines": [{1: 2}]}},
    "unreadable-inside": {"data": Unreadable()},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("message", ["request", "response"])
def test_no_body_makes_it_raise(message: Any, body: object) -> None:
    """Whatever is told, it is counted as one message."""
    coverage = Coverage()
    coverage.take_message(message, body, None, ())
    assert coverage.as_json()["messages"] == {message: 1}


@given(st.malformed_bodies() | hypotheses.binary())
def test_no_bytes_make_it_raise(body: Any) -> None:
    """Any bytes at all are counted as one message."""
    data = body if isinstance(body, bytes) else body.body
    assert coverage_of("request", data).as_json()["messages"] == {"request": 1}


def test_threads_lose_nothing() -> None:
    """What many threads tell at once is all counted."""
    coverage = Coverage()
    threads = [Thread(target=tell, args=(coverage,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert coverage.count("request", "/token") == 200
    assert coverage.count("scenarios", "success") == 200
    assert coverage.count("messages", "request") == 200


def tell(coverage: Coverage) -> None:
    """Tell of 25 messages and answers."""
    for _ in range(25):
        take(coverage, "request", EXAMPLES["request.json"])
        coverage.take_scenario("success")


@given(hypotheses.lists(st.requests(), max_size=4), hypotheses.integers(0, 4))
def test_merged_is_as_if_counted_at_once(requests: list[dict[str, Any]], cut: int) -> None:
    """What two processes counted adds up to what one would have counted."""
    first, second = coverage_of("request", *requests[:cut]), coverage_of("request", *requests[cut:])
    first.merge(second.as_json())
    assert first.as_json() == coverage_of("request", *requests).as_json()


def test_merged_takes_all_counters() -> None:
    """Messages, fields, rules and scenarios of another process are all taken."""
    other = Coverage()
    for name, body in EXAMPLES.items():
        take(other, "request" if name.startswith("request") else "response", body)
    other.take_exchange(())
    for scenario in SCENARIOS:
        other.take_scenario(scenario)
    coverage = Coverage()
    coverage.merge(other.as_json())
    coverage.merge(other.as_json())
    twice = coverage.as_json()
    for counter, counts in other.as_json().items():
        if isinstance(counts, dict):
            assert counts
            assert twice[counter] == {name: 2 * number for name, number in counts.items()}


def test_json_form_is_plain() -> None:
    """The form that goes between processes is made of what execnet carries, and comes back the same."""
    form = coverage_of("request", EXAMPLES["request.xml"]).as_json()
    assert json.loads(json.dumps(form)) == form
    assert execnet.loads(execnet.dumps(form)) == form
    assert {type(part) for part in iter_parts(form)} == {dict, list, str, int}


def iter_parts(value: Any) -> Iterator[Any]:
    """A value and all that stands in it."""
    yield value
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from iter_parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from iter_parts(part)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"contract": "v74"}, "counted by the contract 'v74', here it is 'v75'; use one version everywhere"),
        ({"form": 2}, "of another form"),
        ({"more": {}}, "of another form"),
        ({"off": ["missing-field"]}, "other rules switched off"),
        ({"request": {"/nothing": 1}}, "its counts of 'request'"),
        ({"response": {"/data": -1}}, "its counts of 'response'"),
        ({"kept": {"missing-field": True}}, "its counts of 'kept'"),
        ({"broken": {"no-such-rule": 1}}, "its counts of 'broken'"),
        ({"messages": {"exchange": "1"}}, "its counts of 'messages'"),
        ({"scenarios": [["success", 1]]}, "its counts of 'scenarios'"),
        ({"scenarios": {5: 1}}, "its counts of 'scenarios'"),
    ],
)
def test_merge_refuses_what_it_cannot_add(changes: dict[str, Any], reason: str) -> None:
    """Counts of another version or form are refused with the reason, and nothing of them is taken."""
    coverage = coverage_of("request", EXAMPLES["request.json"])
    before = deepcopy(coverage.as_json())
    with pytest.raises(ConfigurationFault, match="contract coverage of another process: ") as caught:
        coverage.merge({**before, **changes})
    assert reason in str(caught.value)
    assert coverage.as_json() == before


@pytest.mark.parametrize("other", [None, [], "text", {}])
def test_merge_refuses_what_is_no_coverage(other: object) -> None:
    """Anything but the form of a collector is refused."""
    with pytest.raises(ConfigurationFault, match="of another form"):
        Coverage().merge(other)


def test_merge_needs_the_same_selection() -> None:
    """Counts are merged where the same rules are switched off."""
    selection = RuleSelection(ignore=["missing-field"])
    coverage = Coverage(rules=selection)
    coverage.merge(Coverage(rules=selection).as_json())
    with pytest.raises(ConfigurationFault, match="switched off"):
        coverage.merge(Coverage().as_json())


def test_a_contract_may_be_given() -> None:
    """The collector counts by the contract that it is given."""
    coverage = Coverage(contract=load_contract("v75"))
    take(coverage, "request", EXAMPLES["request.json"])
    assert coverage.as_json()["contract"] == "v75"
    assert coverage.count("request", "/data/lines/*/product") == 1


def test_no_secret_is_kept() -> None:
    """Nothing of a message stands in what is counted but names from the contract."""
    body = {"token": "s3cret", "s3cret": 1, "data": {"custom_fields": {"s3cret": "s3cret"}, "lines": [{"s3cret": 1}]}}
    assert "s3cret" not in json.dumps(coverage_of("request", body).as_json())


def test_loading_the_package_is_cheap() -> None:
    """To load the package and to make a collector takes no engine, no parser and no server."""
    heavy = ("jsonschema", "jsonschema_rs", "lxml", "xmlschema", "hypothesis", "uvicorn", "httpx", "jiter", "starlette")
    script = (
        "import sys; from altcraft_contract.testing.coverage import Coverage; Coverage().as_json();"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
