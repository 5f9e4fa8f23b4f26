"""The book of failures: each cause once, counted, told from those that are known, and enough at some time."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.fuzz.failure import Cause
from altcraft_contract.fuzz.failure_book import FailureBook
from tests.fuzz.fakes import make_failure

COUNT = Cause("invalid-accepted", "missing-field", "/data/lines/*/count", "accepted", "")
TOKEN = COUNT._replace(place="/token")
CRASH = Cause("server-error", "", "/data/tags", "HTTP 500", "")
REFUSAL = Cause("valid-refused", "", "a valid order", "error 400", "incorrect request")


def failure_of(cause: Cause, **settings: Any) -> Any:
    """A failure of a cause."""
    return make_failure(cause=cause, count=1, **settings)


def book_of(*causes: Cause, baseline: dict[str, str] | None = None, most: int = 100) -> FailureBook:
    """A book with failures of these causes."""
    book = FailureBook(baseline or {}, most)
    for cause in causes:
        assert book.begin(cause, (), "json")
        book.add(cause, failure_of(cause), ())
    return book


def test_a_cause_is_looked_into_once() -> None:
    """A cause that is being looked into, or is known, is not looked into again."""
    book = FailureBook({}, 10)

    assert book.begin(COUNT, (), "json")
    assert not book.begin(COUNT, (), "json")
    assert not book.has(COUNT)
    book.add(COUNT, failure_of(COUNT), ())
    assert not book.begin(COUNT, (), "xml")
    assert book.has(COUNT)
    assert book.begin(TOKEN, (), "json")


def test_what_is_met_again_is_counted() -> None:
    """A known cause is counted, with the syntaxes in which it was met."""
    book = book_of(COUNT)
    for syntax in ("xml", "xml", "json"):
        book.begin(COUNT, (), syntax)
    ((failure,), _, _) = book.sorted(is_complete=True)

    assert (failure.count, failure.syntaxes) == (4, ("json", "xml"))


def test_what_was_nothing_may_be_looked_into_again() -> None:
    """A cause that did not show again is forgotten."""
    book = FailureBook({}, 10)
    book.begin(COUNT, (), "json")
    book.forget(COUNT)

    assert book.begin(COUNT, (), "json")


def test_two_that_shrink_to_one_are_one() -> None:
    """Failures that turn out to have one cause once they are small are one, counted."""
    book = book_of(CRASH)
    other = CRASH._replace(place="/data/region")
    book.begin(other, (), "xml")

    assert book.add(other, failure_of(CRASH, syntaxes=("xml",)), ()) is None
    ((failure,), _, _) = book.sorted(is_complete=True)
    assert (failure.count, failure.syntaxes) == (2, ("json", "xml"))
    assert not book.begin(other, (), "json")


def test_orders_with_a_known_feature_are_known() -> None:
    """An order that is refused for a known feature, whatever else it has, is counted and not looked into."""
    book = FailureBook({}, 10)
    small = REFUSAL._replace(place="/data/region")

    assert book.begin(REFUSAL, ("/data/region", "/data/tags"), "json")
    book.add(REFUSAL, failure_of(small), ("/data/region", "/data/tags"))

    assert not book.begin(REFUSAL, ("/data/region", "/data/currency"), "json")
    assert book.begin(REFUSAL, ("/data/tags",), "json")
    assert book.begin(REFUSAL._replace(error="error 402"), ("/data/region",), "json")
    assert book.knows_feature("valid-refused", ("/data/currency", "/data/region"))
    assert not book.knows_feature("valid-refused", ("/data/currency",))
    assert not book.knows_feature("valid-refused", ())
    assert not book.knows_feature("server-error", ("/data/region",))


def test_what_is_excused_is_remembered_and_not_reported() -> None:
    """A feature that is not judged is not looked into again, and is no failure."""
    book = FailureBook({}, 1)
    book.excuse(REFUSAL, ("/data/region",))

    assert not book.begin(REFUSAL, ("/data/region", "/data/tags"), "json")
    assert book.knows_feature("valid-refused", ("/data/region",))
    book.check_limit()
    assert book.sorted(is_complete=True) == ((), (), ())


def test_the_baseline_tells_known_failures_apart() -> None:
    """Failures of the baseline are known and not shown; names that nobody met are gone, in a whole campaign only."""
    known = COUNT.fingerprint
    book = FailureBook({known: "is known", "0" * 16: "was mended"}, 1)

    assert book.add(COUNT, failure_of(COUNT), ()) is None
    assert book.add(TOKEN, failure_of(TOKEN), ()) is not None
    new, old, gone = book.sorted(is_complete=True)
    assert [failure.cause for failure in new] == [TOKEN]
    assert [failure.cause for failure in old] == [COUNT]
    assert gone == ("0" * 16,)
    assert book.sorted(is_complete=False)[2] == ()


@pytest.mark.parametrize(("most", "ends"), [(1, True), (2, True), (3, False)])
def test_enough_failures_are_enough(most: int, ends: bool) -> None:
    """Once there are as many failures as were wanted the campaign ends; those of the baseline do not count."""
    book = book_of(COUNT, TOKEN, CRASH, baseline={CRASH.fingerprint: "is known"}, most=most)
    if ends:
        with pytest.raises(CampaignEnded, match="max-failures"):
            book.check_limit()
    else:
        book.check_limit()


def test_failures_come_in_the_order_of_the_oracles() -> None:
    """The gravest oracle comes first, then rules and places by their names."""
    book = book_of(TOKEN, COUNT, REFUSAL, CRASH)

    assert [failure.cause for failure in book.sorted(is_complete=True)[0]] == [CRASH, REFUSAL, COUNT, TOKEN]
