"""The strictness matrix: what each cell says, and in which order they come."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.fuzz.case import Case
from altcraft_contract.fuzz.exchange import Answer, Exchange
from altcraft_contract.fuzz.strictness import ENFORCEMENTS, Strictness, StrictnessCell, StrictnessRow, tally
from altcraft_contract.rules.catalogue import RULES


@pytest.mark.parametrize(
    ("counts", "enforcement"),
    [
        ({}, "impossible"),
        ({"planned": 1}, "not-reached"),
        ({"planned": 1, "broken": 2}, "not-reached"),
        ({"planned": 1, "refused": 1}, "enforced"),
        ({"refused": 3, "broken": 1}, "enforced"),
        ({"accepted": 1}, "not-enforced"),
        ({"accepted": 1, "refused": 9}, "partly"),
    ],
)
def test_a_cell_says_whether_its_rule_is_kept(counts: dict[str, int], enforcement: str) -> None:
    """A broken answer says nothing; what is neither refused nor accepted was not reached, or cannot be."""
    assert StrictnessCell(**counts).enforcement == enforcement
    assert enforcement in ENFORCEMENTS


def row_of(json: dict[str, int], xml: dict[str, int]) -> StrictnessRow:
    """A row of two cells."""
    rule = "wrong-type"
    return StrictnessRow(rule, "", RULES[rule].severity, StrictnessCell(**json), StrictnessCell(**xml))


@pytest.mark.parametrize(
    ("json", "xml", "differs"),
    [
        ({"refused": 1}, {"refused": 1}, False),
        ({"refused": 1}, {"accepted": 1}, True),
        ({"refused": 1, "accepted": 1}, {"accepted": 1}, True),
        ({"refused": 1}, {}, False),
        ({"accepted": 1}, {"planned": 1}, False),
        ({"accepted": 1}, {"broken": 1, "planned": 1}, False),
    ],
)
def test_only_known_cells_differ(json: dict[str, int], xml: dict[str, int], differs: bool) -> None:
    """The syntaxes differ where both are known, and are not treated alike."""
    assert row_of(json, xml).differs is differs


def test_rows_come_in_the_order_of_the_catalogue() -> None:
    """Rows are ordered by rule as in the catalogue, then by place; every cell counts what it was told."""
    strictness = Strictness()
    strictness.plan("total-mismatch", "", "json")
    for place in ("/token", "/data"):
        strictness.plan("missing-field", place, "xml")
    strictness.add("missing-field", "/data", "xml", "refused")
    strictness.add("missing-field", "/data", "xml", "outdated")
    strictness.add("malformed", "", "json", "broken")

    rows = strictness.rows()

    assert [(row.rule, row.place) for row in rows] == [
        ("malformed", ""),
        ("missing-field", "/data"),
        ("missing-field", "/token"),
        ("total-mismatch", ""),
    ]
    assert rows[1].xml == StrictnessCell(refused=1, accepted=1, planned=1)
    assert rows[1].json == StrictnessCell()
    assert rows[0].json.broken == 1


@pytest.mark.parametrize(("rule", "rows"), [("wrong-type", 1), (None, 0)])
def test_only_requests_that_break_a_rule_count(rule: str | None, rows: int) -> None:
    """An exchange fills the cell of the rule that its request breaks; one that breaks none fills no cell."""
    settings: dict[str, Any] = {"rule": rule, "place": "/data"}
    case = Case(title="a case", syntax="json", body=b"{}", **settings)
    strictness = Strictness()
    strictness.count(Exchange(case=case, sent=b"{}", answer=Answer(), outcome="accepted"))

    assert len(strictness.rows()) == rows


def test_a_tally_counts_every_cell() -> None:
    """A tally has every kind of cell in both syntaxes, and counts each row once in each."""
    rows = [row_of({"refused": 1}, {}), row_of({"refused": 1}, {"accepted": 1})]
    totals = tally(rows)

    assert {syntax: sum(counts.values()) for syntax, counts in totals.items()} == {"json": 2, "xml": 2}
    assert totals["json"]["enforced"] == 2
    assert (totals["xml"]["impossible"], totals["xml"]["not-enforced"]) == (1, 1)
