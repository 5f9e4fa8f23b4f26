"""`server-error`: HTTP 5xx, and answers that did not come whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.fuzz.oracles.server_error import SERVER_ERROR, describe_failure
from tests.fuzz.exchanges import PAGE, REFUSED, case, exchange, find, lost

if TYPE_CHECKING:
    from altcraft_contract.fuzz.exchange import Exchange


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (exchange(PAGE, status=500), "HTTP 500"),
        (exchange(REFUSED, status=502), "HTTP 502"),
        (exchange(b"", status=599), "HTTP 599"),
        (lost("closed"), "closed"),
        (lost("timeout"), "timeout"),
        (exchange(fault="truncated"), "truncated"),
        (exchange(surplus=3), "surplus"),
        (exchange(status=501), "HTTP 501"),
    ],
)
def test_failures_are_found(bad: Exchange, error: str) -> None:
    """HTTP 5xx, a dropped connection, silence, a part of an answer and bytes after one are failures of a server."""
    (found,) = find(SERVER_ERROR, exchange(), bad)

    assert (found.guilty, found.error, found.rule, found.place) == (1, error, None, "a plain order")


@pytest.mark.parametrize(
    "good",
    [
        exchange(),
        exchange(REFUSED, status=400),
        exchange(PAGE, status=404),
        exchange(b"", status=204),
        lost("refused-connection"),
        lost("tls"),
        exchange(PAGE, status=501, of=case(is_odd=True)),
        exchange(PAGE, status=505, of=case(is_odd=True)),
    ],
)
def test_whole_answers_pass(good: Exchange) -> None:
    """Other answers are no failure of a server, nor is a connection that was never there, or 501 to an odd request."""
    assert find(SERVER_ERROR, good) == []
    assert describe_failure(good) is None


def test_repeats_are_anothers() -> None:
    """What comes to a repeat is told of by the oracle for repeats, what comes to its first order here."""
    broken = exchange(PAGE, status=500)

    assert find(SERVER_ERROR, exchange(), broken, kind="repeat") == []
    assert [one.guilty for one in find(SERVER_ERROR, broken, broken, kind="repeat")] == [0]


def test_the_place_is_that_of_the_mutant() -> None:
    """Failures are told apart by the place that the request breaks, and by what the server says."""
    here = case(place="/data/currency", title="a case")
    texts = [{**REFUSED, "error_text": text} for text in ("No order 12 in 'a'", "No order 977 in 'b'", "Another")]
    causes = {find(SERVER_ERROR, exchange(text, status=500, of=here))[0].cause for text in texts}

    assert len(causes) == 2
    assert {cause.place for cause in causes} == {"/data/currency"}
