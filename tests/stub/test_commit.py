"""What the stub does with a valid order confirmation."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from copy import deepcopy
from decimal import Decimal
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract import strategies as st
from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import from_xml, to_xml, write_xml
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.stub.commit import Commit, commit_order, outdated_answer
from altcraft_contract.stub.currencies import MOST_POINTS
from altcraft_contract.stub.memory import open_state
from altcraft_contract.stub.state_file import FileState
from altcraft_contract.validation import check_exchange, check_request, check_response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from altcraft_contract.stub.state import State

_TIME = "2026-11-24T12:00:00.123Z"
_BONUS = {"points_currency_iid": 1, "points_currency_eid": "bonus"}
_FIXED = ("success", "immediate", "processed", "text", "Successful operation")


def _commit(request: Mapping[str, Any], state: State, **options: Any) -> Commit:
    return commit_order(request, state, **{"prices": {}, "time": _TIME, **options})


def _order(external_id: str = "order_1", **data: Any) -> dict[str, Any]:
    request = deepcopy(st.EDGE_CASES["no-optional-field"](SeededSource(0)))
    request["external_id"] = external_id
    request["data"] |= data
    return request


def _accrual(amount: str, **info: Any) -> dict[str, Any]:
    points_info = {**(info or _BONUS), "amount": "1"}
    return {
        "type": "accrue_points",
        "promotion": {"external_id": "cashback"},
        "amount": amount,
        "points_info": points_info,
    }


def _redemption(external_id: str, amount: int, **names: Any) -> dict[str, Any]:
    return _order(external_id, redeem_points=[{**(names or _BONUS), "amount": amount}])


def _points(commit: Commit) -> list[tuple[str, int, int]]:
    changes = commit.answer["data"]["points_changes"]
    return [(item["points_info"]["amount"], item["accrue_points"], item["redeem_points"]) for item in changes]


@given(hypothesis_strategies.lists(st.requests(), min_size=1, max_size=4), hypothesis_strategies.integers(0, 2_000))
def test_no_answer_has_a_finding(requests: list[dict[str, Any]], opening_balance: int) -> None:
    """Whatever comes after whatever, the answer is right by itself and for its request, in either syntax."""
    with open_state() as state:
        for request in requests:
            answer = _commit(request, state, opening_balance=opening_balance).answer
            assert not check_response(answer).findings
            assert not check_exchange(request, answer).findings
            xml = write_xml(answer, "response")
            assert not check_response(xml).findings
            assert not check_exchange(write_xml(request, "request"), xml).findings


@pytest.mark.parametrize("name", st.EDGE_CASES)
def test_no_answer_to_an_edge_case_has_a_finding(name: str) -> None:
    """Valid requests that break careless servers are answered without a finding."""
    request = st.EDGE_CASES[name](SeededSource(1))
    with open_state() as state:
        answer = _commit(request, state).answer
    assert answer["data"]["status"] == "success"
    assert not check_response(answer).findings
    assert not check_exchange(request, answer).findings
    xml = to_xml(answer)
    assert not check_exchange(to_xml(request), xml).findings


@given(st.requests())
def test_both_syntaxes_are_one_order(request: dict[str, Any]) -> None:
    """An order that comes as XML after it came as JSON is a repeat without a difference."""
    with open_state() as state:
        first = _commit(request, state)
        second = _commit(from_xml(to_xml(request)), state)
    assert second == Commit(first.text, "success", is_repeat=True, notes=())


@given(hypothesis_strategies.lists(st.requests(), max_size=6))
def test_the_same_requests_get_the_same_answers(requests: list[dict[str, Any]]) -> None:
    """A fresh state gives the same texts for the same requests."""
    with open_state() as one, open_state() as other:
        assert [_commit(request, one) for request in requests] == [_commit(request, other) for request in requests]


@given(
    st.requests(),
    hypothesis_strategies.one_of(
        hypothesis_strategies.text(min_size=1, max_size=3),
        hypothesis_strategies.sampled_from(
            ["-", "A", "7", "1", "00", "bonus", "Pool", "promo_1", "welcome", "Mug", "A m"]
        ),
    ),
)
def test_the_token_is_disclosed_only_where_it_must_be(request: dict[str, Any], token: str) -> None:
    """No text of an answer holds the token, but the order's own id and words that are fixed."""
    request["token"] = token
    with open_state() as state:
        answer = _commit(request, state).answer
    assert not check_response(answer).errors
    findings = check_exchange(request, answer).errors
    if not any(token in text for text in (*_FIXED, request["external_id"])):
        assert not findings
    assert {finding.rule for finding in findings} <= {"token-disclosed"}


def test_the_documented_request_is_answered_in_the_documented_form() -> None:
    """The example of the page gets an answer with the fields of the example."""
    request = json.loads(load_contract().examples["request.json"])
    with open_state() as state:
        data = _commit(request, state, processing_target="processed").answer["data"]

    assert list(data) == [
        "status",
        "processing_target",
        "external_id",
        "issued_promocodes",
        "points_changes",
        "contents",
    ]
    assert data["processing_target"] == "processed"
    assert [item["promotion"]["external_id"] for item in data["issued_promocodes"]] == ["welcome_promo"]
    (points,) = data["points_changes"]
    assert points["points_info"]["amount"] == "975"
    assert (points["accrue_points"], points["redeem_points"]) == (75, 100)


def test_a_repeat_gets_the_first_answer() -> None:
    """The same order id gets the very same text, nothing changes, and what differs is noted."""
    request = _order(requested_promotions=[_accrual("50")])
    with open_state() as state:
        first = _commit(request, state)
        again = _commit({**request, "token": "other", "skip_triggers": True}, state, processing_target="processed")
        other = _commit(_order(requested_promotions=[_accrual("99")]), state)
        listing = state.listing()

    assert (again.text, again.is_repeat, again.notes) == (first.text, True, ())
    assert other.text == first.text
    assert "differs from the first one" in other.notes[0]
    assert listing["orders"][0]["repeats"] == 2
    assert [balance["balance"] for balance in listing["balances"]] == ["1050"]


@pytest.mark.parametrize("field", ["product", "sku"])
def test_another_price_makes_an_order_outdated(field: str) -> None:
    """A line whose product or SKU costs something else now makes the order outdated, and nothing is stored."""
    request = _order(requested_promotions=[_accrual("50")])
    line = request["data"]["lines"][0]
    del line["sku"]
    line[field] = "mug"
    with open_state() as state:
        commit = _commit(request, state, prices={"mug": Decimal("10.01")})
        assert state.listing() == {"orders": [], "balances": [], "codes": []}
        assert (commit.status, commit.is_repeat) == ("outdated", False)
        assert commit.answer == outdated_answer("order_1")
        assert commit.notes == (f'outdated: {field} "mug" costs 10.01 now, 10.00 in the order',)

        assert _commit(request, state, prices={"mug": Decimal(10), "cup": Decimal(1)}).status == "success"
        assert _commit(request, state, prices={"mug": Decimal("10.01")}).is_repeat


def test_notes_are_few() -> None:
    """An order with many changed prices has some notes, and one that says how many more."""
    request = st.EDGE_CASES["1000-lines"](SeededSource(0))
    with open_state() as state:
        notes = _commit(request, state, prices={"mug-white": Decimal(1)}).notes
    assert (len(notes), notes[-1]) == (11, "and 990 more notes of this kind")


def test_the_outdated_answer_may_be_minimal() -> None:
    """Which fields go with `outdated` is not documented, so there are two forms."""
    assert outdated_answer("order_1")["data"] == {"status": "outdated", "external_id": "order_1"}
    assert outdated_answer("order_1", minimal=True)["data"] == {"status": "outdated"}
    for answer in (outdated_answer("order_1"), outdated_answer("order_1", minimal=True)):
        assert not check_exchange(_order(), answer).findings


def test_points_are_a_balance() -> None:
    """Accruals raise the balance, redemptions lower it, and with strict points what it does not hold is outdated."""
    with open_state() as state:
        assert _points(_commit(_order("1", requested_promotions=[_accrual("50.99")]), state)) == [("1050", 50, 0)]
        assert _points(_commit(_redemption("2", 1000), state)) == [("50", 0, 1000)]
        refused = _commit(_redemption("3", 51), state, strict_points=True)
        assert refused.status == "outdated"
        assert refused.notes == ('outdated: 51 points of currency "bonus" are redeemed, the balance is 50',)
        assert state.find_order("3") is None
        assert _points(_commit(_redemption("3", 50), state)) == [("0", 0, 50)]


def test_points_that_are_missing_were_accrued_elsewhere() -> None:
    """A balance that does not cover a redemption is raised to it first, so that it ends with what is accrued."""
    request = _redemption("2", 100)
    request["data"]["requested_promotions"] = [_accrual("50")]
    with open_state() as state:
        _commit(_redemption("1", 975), state)
        commit = _commit(request, state)
        assert _points(commit) == [("50", 50, 100)]
        (note,) = commit.notes
        assert note == (
            'the balance of 25 points (currency "bonus") does not cover the 100 redeemed; '
            "taken as accrued elsewhere - the documentation does not say what happens"
        )
        assert _commit(_redemption("3", 50), state).notes == ()


def test_points_accrued_cannot_be_redeemed_by_the_same_order() -> None:
    """What an order redeems must have been there before."""
    with open_state() as state:
        _commit(_redemption("1", 1000), state)
        request = _redemption("2", 10)
        request["data"]["requested_promotions"] = [_accrual("50")]
        assert _commit(request, state, strict_points=True).status == "outdated"


def test_a_stranger_has_the_opening_balance() -> None:
    """With strict points a customer first met has the opening balance and no more, otherwise as much as is redeemed."""
    with open_state() as state:
        strict = _commit(_redemption("1", 1001), state, strict_points=True)
        assert strict.notes == ('outdated: 1001 points of currency "bonus" are redeemed, the balance is 1000',)
        commit = _commit(_redemption("1", 5000), state)
        assert _points(commit) == [("0", 0, 5000)]
        assert "the balance of 1000 points" in commit.notes[0]
        assert _points(_commit(_redemption("2", 1000, points_currency_iid=2), state, strict_points=True)) == [
            ("0", 0, 1000)
        ]


def test_the_documented_order_never_runs_out_of_points() -> None:
    """A client that sends the example again and again with new ids is served each time."""
    request = json.loads(load_contract().examples["request.json"])
    with open_state() as state:
        statuses = {_commit({**request, "external_id": str(number)}, state).status for number in range(100)}
    assert statuses == {"success"}


def test_points_that_are_set_are_what_a_customer_has() -> None:
    """An order redeems from the points that were set for its customer, by either id of the currency."""
    with open_state() as state:
        state.set_points(10, email="bob@example.com", eid="bonus")
        request = {**_redemption("1", 11), "email": "bob@example.com"}
        assert _commit(request, state, strict_points=True).status == "outdated"
        request["data"]["redeem_points"][0]["amount"] = 10
        assert _points(_commit(request, state, strict_points=True)) == [("0", 0, 10)]


def test_an_outdated_order_leaves_nothing() -> None:
    """A redemption too large undoes other currencies, codes and links of ids, too."""
    with open_state() as state:
        _commit(_redemption("1", 1000), state)
        before = state.listing()
        request = _redemption("2", 10)
        request["data"]["redeem_points"].insert(0, {"points_currency_iid": 5, "amount": 7})
        request["data"]["promocodes"] = [{"code": "SPRING", "pool_id": 1}]
        request["data"]["requested_promotions"] = [{"type": "code_issue", "promotion": {"external_id": "gift"}}]
        assert _commit(request, state, strict_points=True).status == "outdated"
        assert state.listing() == before


def test_ids_of_a_currency_named_together_name_one() -> None:
    """Once an order names both ids, each of them alone names the same balance."""
    with open_state() as state:
        _commit(_redemption("1", 100), state)
        by_iid = _commit(_redemption("2", 100, points_currency_iid=1), state)
        by_eid = _commit(_redemption("3", 100, points_currency_eid="bonus"), state)
    assert (_points(by_iid), _points(by_eid)) == ([("800", 0, 100)], [("700", 0, 100)])
    for commit in (by_iid, by_eid):
        info = commit.answer["data"]["points_changes"][0]["points_info"]
        assert (info["points_currency_iid"], info["points_currency_eid"]) == (1, "bonus")


def test_an_order_that_names_a_currency_in_several_ways_changes_it_once() -> None:
    """Promotions and redemptions of one currency are added up, in data and in lines, with and without an amount."""
    request = _order(requested_promotions=[_accrual("5"), _accrual("7", points_currency_iid=1)])
    without_amount = _accrual("", points_currency_eid="bonus", name="Bonus")
    del without_amount["amount"]
    request["data"]["lines"][0]["requested_promotions"] = [without_amount]
    with open_state() as state:
        commit = _commit(request, state)
    assert _points(commit) == [("1013", 13, 0)]
    assert commit.answer["data"]["points_changes"][0]["points_info"]["name"] == "Bonus"


def test_the_first_identifier_says_who_the_customer_is() -> None:
    """The profile id wins over the e-mail address, and that over the telephone number."""
    ids = {"profile_id": "696e304f547840a7286619e0", "email": "bob@example.com", "phone": "+79991234567"}

    def request(number: int, *kinds: str) -> dict[str, Any]:
        order = _order(str(number), requested_promotions=[_accrual("1")])
        del order["email"]
        return order | {kind: ids[kind] for kind in kinds}

    with open_state() as state:
        orders = [("phone",), ("email", "phone"), ("phone", "email", "profile_id"), ("profile_id",), ("email",)]
        balances = [_points(_commit(request(number, *kinds), state))[0][0] for number, kinds in enumerate(orders)]
    assert balances == ["1001", "1001", "1001", "1002", "1002"]


@pytest.mark.parametrize("amount", ["9" * 10_000, f"{2**63 - 1}", f"{2**63}", "0" * 5000 + f"{2**64}.5"])
def test_huge_amounts_are_cut_down(amount: str) -> None:
    """No amount and no sum of amounts leaves the 64 bits of the answer."""
    request = _order(requested_promotions=[_accrual(amount)] * 3)
    request["data"]["redeem_points"] = [{**_BONUS, "amount": MOST_POINTS}] * 3
    with open_state() as state:
        commit = _commit(request, state, opening_balance=10**30)
        again = _commit(_redemption("order_2", MOST_POINTS), state)
    assert _points(commit) == [(str(MOST_POINTS), MOST_POINTS, MOST_POINTS)]
    assert _points(again) == [("0", 0, MOST_POINTS)]
    assert not check_response(commit.answer).findings


def test_numbers_of_any_form_are_taken() -> None:
    """Whole numbers written as `1.0`, and numbers too long for Python, end in an answer and in a repeat."""
    request = _order(
        redeem_points=[{"points_currency_iid": 1.0, "amount": 5.0}], promocodes=[{"code": "A", "pool_id": 2.0}]
    )
    request["data"]["custom_fields"] = {"long": -(10**6000), "none": None, "deep": [{"a": [1e300, True, []]}]}
    assert check_request(request).ok
    with open_state() as state:
        commit = _commit(request, state)
        assert _points(commit) == [("995", 0, 5)]
        assert _commit(request, state).notes == ()
    assert '"points_currency_iid": 1,' in commit.text


def test_codes_are_issued_one_for_each_promotion() -> None:
    """Each `code_issue` promotion gives a new code, and one promotion always the same pool."""
    issuing = {"type": "code_issue", "promotion": {"external_id": "gift", "name": "Gift"}}
    with open_state() as state:
        items = []
        for external_id in ("order_1", "order_2"):
            request = _order(external_id, requested_promotions=[issuing, issuing])
            request["data"]["lines"][0]["requested_promotions"] = [issuing]
            items += _commit(request, state).answer["data"]["issued_promocodes"]
    codes = [code for item in items for code in item["codes"]]
    assert len(set(codes)) == len(items) == 6
    assert {(len(code), code[4], code[9]) for code in codes} == {(14, "-", "-")}
    assert {json.dumps([item["pool"], item["promotion"]]) for item in items} == {
        json.dumps([items[0]["pool"], issuing["promotion"]])
    }
    assert items[0]["pool"]["pool_id"] > 0


def test_a_code_that_is_taken_is_not_issued_again() -> None:
    """Where a code is another order's already, the next one is tried."""
    request = _order(requested_promotions=[{"type": "code_issue", "promotion": {"external_id": "gift"}}])
    with open_state() as state:
        (item,) = _commit(request, state).answer["data"]["issued_promocodes"]
    with open_state() as state:
        state.issue_code(item["codes"][0], pool_id=1, number=99)
        (other,) = _commit(request, state).answer["data"]["issued_promocodes"]
    assert len(other["codes"]) == 1
    assert other["codes"] != item["codes"]


def test_a_promo_code_used_before_is_noted() -> None:
    """Whether a promo code may be used twice is not documented, so it is taken, with a note."""
    promocodes = [{"code": "SPRING", "pool_id": 42}] * 2
    with open_state() as state:
        assert _commit(_order("order_1", promocodes=promocodes), state).notes == ()
        commit = _commit(_order("order_2", promocodes=promocodes[:1]), state)
    assert commit.status == "success"
    assert 'promo code "SPRING" of pool 42 was activated by order "order_1" before' in commit.notes[0]


def test_messages_are_texts() -> None:
    """Each `message` promotion gives a text."""
    promotion = {"external_id": "hello", "name": "Hello"}
    with open_state() as state:
        data = _commit(_order(requested_promotions=[{"type": "message", "promotion": promotion}]), state).answer["data"]
    message = {"type": "text", "message": "A message of Hello"}
    assert data["contents"] == [{"promotion": promotion, "contents": [message]}]


@pytest.mark.parametrize("kind", ["accrue_points", "code_issue", "message"])
def test_very_many_promotions_are_answered(kind: str) -> None:
    """An order with 100,000 promotions is answered whole."""
    promotions = [
        {**_accrual("1", points_currency_iid=number % 1000), "type": kind, "promotion": {"external_id": str(number)}}
        for number in range(100_000)
    ]
    codes = [{"code": str(number), "pool_id": 1} for number in range(1000)]
    with open_state() as state:
        data = _commit(_order(requested_promotions=promotions, promocodes=codes), state).answer["data"]
    lengths = [len(data[field]) for field in ("points_changes", "issued_promocodes", "contents")]
    assert sum(lengths) == (1000 if kind == "accrue_points" else 100_000)


def test_a_forgotten_order_is_new_again() -> None:
    """Beyond the bound the oldest order is taken for a new one, and the balances have stayed."""
    with open_state(most_orders=2) as state:
        for number in range(3):
            _commit(_order(str(number), requested_promotions=[_accrual("1")]), state)
        commit = _commit(_order("0", requested_promotions=[_accrual("1")]), state)
    assert not commit.is_repeat
    assert _points(commit) == [("1004", 1, 0)]


@pytest.mark.parametrize("kind", ["memory", "one-state", "two-states"])
def test_orders_at_once_add_up(tmp_path: Path, kind: str) -> None:
    """Orders of one customer that threads commit at once lose no point, and each id is committed once."""
    path = tmp_path / "state.db"
    first = open_state(None if kind == "memory" else path)
    second = open_state(path) if kind == "two-states" else first
    commits: list[Commit] = []

    def commit_all(state: State, name: str) -> None:
        for number in range(40):
            commits.append(_commit(_order(f"{name}_{number}", requested_promotions=[_accrual("1")]), state))
            commits.append(_commit(_order(f"both_{number}", requested_promotions=[_accrual("1")]), state))

    with first, second:
        threads = [
            Thread(target=commit_all, args=(state, name))
            for state, name in zip([first, second] * 2, "abcd", strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (balance,) = first.listing()["balances"]
    assert sum(not commit.is_repeat for commit in commits) == 200
    assert len({commit.text for commit in commits}) == 200
    assert balance["balance"] == "1200"


_COMMITTING = """
import json, sys
from itertools import count
from altcraft_contract.stub.commit import commit_order
from altcraft_contract.stub.state_file import FileState
request = json.loads(sys.argv[2])
state = FileState(sys.argv[1])
for number in count():
    request["external_id"] = f"order_{number}"
    print(commit_order(request, state, prices={}, time="").text, flush=True)
"""


def test_a_killed_process_loses_no_answer(tmp_path: Path) -> None:
    """Each order that was answered before the process was killed is known, with that very answer."""
    path = tmp_path / "state.db"
    request = _order(requested_promotions=[_accrual("1")])
    command = [sys.executable, "-c", _COMMITTING, str(path), json.dumps(request)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stdout is not None
    texts = [process.stdout.readline() for _ in range(100)]
    process.kill()
    texts += [line for line in process.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]
    if sys.platform != "win32":
        assert process.returncode == -signal.SIGKILL

    with FileState(path) as state:
        for number, text in enumerate(texts):
            commit = _commit({**request, "external_id": f"order_{number}"}, state)
            assert (commit.is_repeat, f"{commit.text}\n", commit.notes) == (True, text, ())
        (balance,) = state.listing()["balances"]
        assert int(balance["balance"]) == 1000 + state.next_number() - 1
