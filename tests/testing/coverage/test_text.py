"""The coverage in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from altcraft_contract.rules import RULES
from altcraft_contract.testing.coverage.summary import GROUPS, summarize
from altcraft_contract.testing.coverage.text import render_shortfall, render_text
from tests.testing.coverage import runs

if TYPE_CHECKING:
    from altcraft_contract.testing.coverage import Coverage


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("all_names", [False, True])
@pytest.mark.parametrize("coverage", [runs.nothing(), runs.something(), runs.everything()])
def test_lines_fit_the_terminal(width: int, all_names: bool, coverage: Coverage) -> None:
    """No line is wider than the terminal, of at least 40 columns, but for a name that is longer by itself."""
    for line in render_text(summarize(coverage), width=width, all_names=all_names):
        assert line.isascii()
        assert line.isprintable()
        assert len(line) <= max(width - 1, 40) or len(line.split()) == 1


def test_table_tells_counts_and_percent() -> None:
    """Each group stands with how many are exercised, how many there are, and the percentage."""
    summary = summarize(runs.something())
    rows = [line.split() for line in render_text(summary)[2:7]]
    for row, (group, share) in zip(rows, summary.shares.items(), strict=False):
        assert row == [*GROUPS[group].split(), str(share.exercised), str(share.all), f"{share.percent:.1f}%"]
    assert rows[4] == ["total", str(summary.total.exercised), str(summary.total.all), f"{summary.total.percent:.1f}%"]


def test_a_long_list_is_cut_and_says_so() -> None:
    """What is left out is counted, with the options that show it."""
    text = "\n".join(render_text(summarize(runs.nothing()), width=10_000))
    assert f"rules never exercised ({len(RULES)}):" in text
    assert f"and {len(RULES) - 12} more" in text
    assert "left out above: -v shows all, and so does --altcraft-report PATH" in text


def test_all_names_are_shown_on_request() -> None:
    """With `all_names` every name stands there, and nothing is left out."""
    summary = summarize(runs.nothing())
    text = " ".join(" ".join(render_text(summary, all_names=True)).split())
    for group in GROUPS:
        assert ", ".join(summary.never(group)) in text
    assert "left out" not in text


def test_of_everything_only_the_table_stands() -> None:
    """Where nothing is missing there is nothing to list."""
    assert not [line for line in render_text(summarize(runs.everything())) if "never" in line]


def test_rules_that_are_off_are_told() -> None:
    """What is switched off is named, since it counts nowhere."""
    lines = render_text(summarize(runs.something()))
    assert "not counted, since they are switched off (1): total-mismatch" in lines


def test_shortfall() -> None:
    """Too little is told with what was found, what was expected, and the option; enough is not."""
    summary = summarize(runs.nothing())
    total = summary.total.all
    expected = f"contract coverage is 0.0% (0 of {total}), expected at least 12.5% (--altcraft-coverage-fail-under)"
    assert render_shortfall(summary, 12.5) == expected
    assert render_shortfall(summary, 0) is None
