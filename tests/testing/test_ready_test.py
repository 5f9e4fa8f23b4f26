"""Failures as pytest tests that are ready to be pasted."""

from __future__ import annotations

import ast
import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as hs

from altcraft_contract import strategies as st
from altcraft_contract.conversion import to_xml
from altcraft_contract.errors import ContractViolated
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.testing.assertions.judging import judge_exchange, judge_message
from altcraft_contract.testing.assertions.violation import violation_of
from altcraft_contract.testing.ready_test.disguises import EMAIL, PHONE, TOKEN
from altcraft_contract.testing.ready_test.explanations import without_our_lines
from altcraft_contract.testing.ready_test.literals import WIDTH, NotWritable, evaluate, write_value
from altcraft_contract.testing.ready_test.rendering import (
    LARGEST,
    ReadyTest,
    ready_test_of,
    render_ready_test,
    take_ready_tests,
)
from altcraft_contract.validation import RuleSelection, check_request, check_response
from tests.renderers.bodies import Body, bodies, damaged_bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.strategies import Mutant

MARKED_TOKEN = "QXZW-7731-token"  # noqa: S105 - of nobody
MARKED_EMAIL = "zoe.quixote@shop.example"
MARKED_PHONE = "+79161234567"
MARKS = ("7731", "quixote", "9161234567")


def broken(**members: Any) -> dict[str, Any]:
    """A request whose line names no item, with marked secrets."""
    request = st.EDGE_CASES["no-optional-field"](SeededSource(0))
    del request["data"]["lines"][0]["sku"]
    return request | {"token": MARKED_TOKEN, "email": MARKED_EMAIL} | members


def run(source: str) -> None:
    """Run the only test of a module."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "test_pasted.py", "exec"), namespace)  # noqa: S102 - what users do with it
    (test,) = (value for name, value in namespace.items() if name.startswith("test_"))
    test()


def rules_of(source: str) -> list[str]:
    """The rules that a ready test finds broken."""
    with pytest.raises(ContractViolated) as caught:
        run(source)
    return sorted(finding.rule for finding in caught.value.result.findings)


def widest(source: str) -> int:
    """Columns of the longest line."""
    return max(map(len, source.splitlines()))


def test_a_ready_test_names_and_states_the_rule() -> None:
    """Name and docstring are those of the broken rule, and the body is a literal."""
    source = render_ready_test(broken())
    (function,) = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    assert function.name == "test_request_has_no_line_item_missing"
    assert ast.get_docstring(function) == "Every line names what was bought, by `product`, by `sku`, or by both."
    assert '"base_price_per_item": "10.00",' in source
    assert rules_of(source) == ["line-item-missing"]


def test_a_ready_test_is_green_when_the_mistake_is_mended() -> None:
    """What the test asserts is the mistake alone."""
    run(render_ready_test(broken()).replace('"count": 1,', '"count": 1, "sku": "mug-white",'))


@pytest.mark.parametrize(
    "write",
    [
        dict,
        json.dumps,
        lambda body: json.dumps(body).encode(),
        to_xml,
        lambda body: json.dumps(body)[:-2],
        lambda body: b"\xff" + json.dumps(body).encode(),
        lambda body: json.dumps(body).replace('"token":', '"token": 1, "token":'),
    ],
    ids=["mapping", "str", "bytes", "xml", "truncated", "not-utf-8", "duplicate-key"],
)
def test_every_kind_of_body_is_written_without_secrets(write: Callable[[Any], Any]) -> None:
    """The ready test finds what was found in the body, and holds none of its secrets."""
    body = write(broken(phone=MARKED_PHONE))
    source = render_ready_test(body)
    assert not [mark for mark in MARKS if mark in source]
    assert rules_of(source) == sorted(finding.rule for finding in check_request(body).findings)


def test_secrets_become_what_belongs_to_nobody() -> None:
    """Token, address and number have a plain stand-in each, also where another field repeats them."""
    note = f"call {MARKED_PHONE} or write to {MARKED_EMAIL}"
    source = render_ready_test(broken(phone=MARKED_PHONE, external_id=f"{MARKED_TOKEN}-1", region=note))
    assert f'"token": "{TOKEN}"' in source
    assert f'"phone": "{PHONE}"' in source
    assert f'"external_id": "{TOKEN}-1"' in source
    assert f"call {PHONE} or write to {EMAIL}" in source
    assert "# Secrets are replaced by what belongs to nobody." in source


@pytest.mark.parametrize("write", [dict, json.dumps, to_xml])
def test_a_secret_that_is_the_mistake_keeps_its_shape(write: Callable[[Any], Any]) -> None:
    """Where a stand-in would mend the mistake, letters and digits are masked one by one."""
    body = write(broken(email="zoe.quixote"))
    source = render_ready_test(body)
    assert "quixote" not in source
    assert "email-format" in rules_of(source)


def test_a_body_without_secrets_has_no_remark() -> None:
    """Nothing is said of secrets where none was replaced."""
    assert "Secrets" not in render_ready_test(broken(token=TOKEN, email=EMAIL))


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ({"rules": RuleSelection(select=["line-item-missing"])}, 'rules=["line-item-missing"]'),
        ({"rules": RuleSelection(ignore=["empty-list"])}, 'rules=RuleSelection(ignore=["empty-list"])'),
        (
            {"rules": RuleSelection(severity={"email-format": "error"})},
            'rules=RuleSelection(severity={"email-format": "error"})',
        ),
        ({"token_in_header": True}, "token_in_header=True"),
        ({"engine": "reference"}, 'engine="reference"'),
        ({"syntax": "json"}, 'syntax="json"'),
    ],
)
def test_options_of_the_assertion_are_kept(options: Any, written: str) -> None:
    """The ready test asserts by the same rules as the failure."""
    source = render_ready_test(broken(), **options)
    assert written in source
    assert rules_of(source) == ["line-item-missing"]


def test_an_exchange_is_written_whole() -> None:
    """A ready test of an exchange has both messages, and finds the same in them and in the two together."""
    answer = json.dumps({"error": 0, "error_text": f"for {MARKED_EMAIL}"})
    syntaxes: Any = {"request_syntax": None, "response_syntax": None}
    exchange = judge_exchange(broken(), answer, rules=RuleSelection(), engine="fast", token_in_header=False, **syntaxes)
    source = ready_test_of(exchange.parts)
    assert not [mark for mark in MARKS if mark in source]
    assert rules_of(source) == sorted(finding.rule for finding in exchange.result.findings)


def test_a_response_has_its_own_assertion() -> None:
    """A ready test of a response asserts of a response."""
    source = render_ready_test({"error": "0"}, message="response")
    assert "assert_valid_response(" in source
    assert "def test_response_has_no_" in source
    assert "wrong-type" in rules_of(source)


def test_a_body_that_is_too_large_is_not_written() -> None:
    """A body of thousands of lines is named, not shown."""
    body = broken()
    body["data"]["lines"] *= 500
    source = render_ready_test(body)
    assert source.startswith("# No ready test")
    assert len(source) < LARGEST


def test_what_has_no_literal_is_named() -> None:
    """A body that no source makes again is named by its type."""
    assert "object" in render_ready_test(broken(data=object()))
    endless: list[Any] = []
    endless.append(endless)
    assert render_ready_test(broken(data=endless)).startswith("# No ready test")


@given(mutant=st.mutated_requests())
def test_the_ready_test_of_every_mistake_is_red(mutant: Mutant) -> None:
    """Whatever is wrong with a body, its ready test finds the same, on lines of 100 columns."""
    found = check_request(mutant.body)
    source = render_ready_test(mutant.body)
    if found.ok or source.startswith("# No ready test"):
        return
    assert rules_of(source) == sorted(finding.rule for finding in found.findings)


def is_like_a_mask(body: Body) -> bool:
    """Whether a secret is made of few characters, so that what masks another may look like it."""
    return any(len(set(secret)) <= 5 for secret in (body.token, *body.contacts))


@given(body=bodies())
def test_no_ready_test_shows_a_secret(body: Body) -> None:
    """Neither a ready test nor a failure shows a secret of any body, and the ready test finds the same in it."""
    assume(not is_like_a_mask(body))
    for message, check in (("request", check_request), ("response", check_response)):
        source = render_ready_test(body.text, message=message)  # type: ignore[arg-type]  # one of the two
        assert not body.leaks(source), source
        judgement = judge_message(message, body.text)  # type: ignore[arg-type]  # as above
        if not judgement.result.ok:
            assert not body.leaks(str(violation_of(message, [judgement])))
        ast.parse(source)
        assert judgement.result.findings == check(body.text).findings


@given(body=damaged_bodies())
def test_no_ready_test_of_a_damaged_body_shows_a_secret(body: Body) -> None:
    """Whatever a body has become, no secret of it is shown."""
    assume(not is_like_a_mask(body))
    source = render_ready_test(body.text)
    assert not body.leaks(source), source
    ast.parse(source)


def test_lines_are_of_moderate_width() -> None:
    """Long texts are split, and long literals stand on lines of their own."""
    body = broken(region="long " * 100, lines=["x" * 70] * 3)
    source = render_ready_test(body)
    assert widest(source) <= WIDTH
    assert 'x" * 70' in source


class Colour(Enum):
    """An enumeration."""

    RED = "red"


@dataclass
class Line:
    """A class with fields."""

    sku: str
    price: Decimal


class Pair(NamedTuple):
    """A tuple with fields."""

    left: int
    right: list[Line]


@pytest.mark.parametrize(
    "value",
    [
        Line("mug", Decimal("10.00")),
        Pair(1, [Line("a", Decimal(1)), Line("b" * 80, Decimal("1e5"))]),
        {"at": dt.datetime(2026, 2, 18, 13, 1, tzinfo=dt.UTC), "day": dt.date(2026, 2, 18)},
        dt.datetime(2026, 2, 18, tzinfo=ZoneInfo("Europe/Moscow")),
        [Colour.RED, UUID(int=5), Fraction(1, 3), dt.timedelta(seconds=5)],
        {1: (1,), (2, 3): (), "s": {1}, "f": frozenset({2}), "e": set(), "n": None, "b": b"\x00", "t": True},
        "quote \" and ' and \\ and \u202e and 🎁\n" * 5,
        float("-inf"),
        "",
        "x" * 500,
    ],
)
def test_source_makes_the_value_again(value: object) -> None:
    """What is written is evaluated to an equal value."""
    assert evaluate(write_value(value)) == value


@given(
    value=hs.recursive(
        hs.none() | hs.booleans() | hs.integers() | hs.floats(allow_nan=False) | hs.text() | hs.binary(),
        lambda inner: hs.lists(inner) | hs.dictionaries(hs.text(), inner) | hs.tuples(inner),
    )
)
def test_source_makes_any_plain_value_again(value: object) -> None:
    """Whatever is made of built-in types comes back."""
    again = evaluate(write_value(value))
    assert again == value
    assert repr(again) == repr(value)


def test_what_cannot_be_imported_is_not_writable() -> None:
    """A class within a function has no name elsewhere."""

    class Local:
        pass

    for value in (Local, Local(), lambda: 0):
        with pytest.raises(NotWritable):
            write_value(value)


def test_ready_tests_are_taken_from_notes() -> None:
    """The plugin takes ready tests out of an exception or a group, each once, and leaves other notes."""
    first, second = ValueError("a"), ValueError("b")
    first.add_note(ReadyTest("one"))
    first.add_note("plain")
    second.add_note(ReadyTest("one"))
    second.add_note(ReadyTest("two"))
    group = ExceptionGroup("both", [first, second])
    assert take_ready_tests(group) == ["one", "two"]
    assert first.__notes__ == ["plain"]
    assert take_ready_tests(group) == []


OURS = without_our_lines.__code__.co_filename
EXPLANATION = ("Explanation:", "    These lines were always and only run by failing test cases:")
MORE = "        (and 5 more with settings.verbosity >= verbose)"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ([f"        {OURS}:5"], None),
        ([f"        {OURS}:5", MORE], None),
        ([f"        {OURS}:5", "        /shop/payload.py:7", MORE], ["        /shop/payload.py:7", MORE]),
        (["        /shop/payload.py:7"], ["        /shop/payload.py:7"]),
        ([MORE], [MORE]),
        (["        some other words"], ["        some other words"]),
    ],
)
def test_our_lines_are_taken_from_an_explanation(lines: list[str], left: list[str] | None) -> None:
    """Lines of this package go, and the explanation with the last line; what else there is stays."""
    rest = ["\nYou can reproduce this test case", 5]
    expected = [] if left is None else [*EXPLANATION, *left]
    assert without_our_lines(["a note", *EXPLANATION, *lines, *rest]) == ["a note", *expected, *rest]


@pytest.mark.parametrize(
    "notes",
    [
        [],
        ["Explanation:"],
        ["Explanation:", f"        {OURS}:5"],
        ["\n".join([*EXPLANATION, f"        {OURS}:5"])],
        [f"        {OURS}:5"],
    ],
)
def test_notes_of_another_form_are_left(notes: list[str]) -> None:
    """What is not known to be an explanation of Hypothesis is not touched."""
    assert without_our_lines(notes) == notes
