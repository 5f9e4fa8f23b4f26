"""What pytest says of a comparison of findings."""

from __future__ import annotations

from typing import Any

import pytest

from altcraft_contract.strategies import EDGE_CASES
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.testing.assertions.explaining import compare
from altcraft_contract.validation import check_request


def findings_of(*removed: str, **members: Any) -> tuple[Any, ...]:
    """What is found in a small request without the fields *removed* of its line."""
    request = EDGE_CASES["no-optional-field"](SeededSource(0))
    for name in removed:
        del request["data"]["lines"][0][name]
    return check_request(request | members).findings


def explained(op: str, left: object, right: object) -> str:
    """The explanation as a text."""
    lines = compare(op, left, right)
    assert lines is not None
    return "\n".join(lines)


def test_findings_where_none_are_expected_are_listed() -> None:
    """Each finding is told in a line, whatever kind of sequence they are compared with."""
    found = findings_of("sku")
    nothing: tuple[object, ...] = ((), [])
    for expected in nothing:
        first, title, line, *_ = compare("==", found, expected) or []
        assert first == "1 finding == no findings"
        assert title == "found:"
        assert line == "  error line-item-missing: the line has neither `product` nor `sku` (/data/lines/0)"


def test_missing_and_extra_findings_are_told_apart() -> None:
    """Of two sets of findings those are shown that only one has."""
    left, right = findings_of("sku"), findings_of("count")
    text = explained("==", left, right)
    assert text.startswith("1 finding == 1 finding\nonly on the left:\n  error line-item-missing")
    assert "only on the right:\n  error missing-field" in text
    assert "missing:\n  error" in explained("==", (), right)


def test_the_same_findings_in_another_form_are_named_as_such() -> None:
    """A list that is compared with a tuple, or another order, is no riddle."""
    found = findings_of("sku", "count")
    assert "a list never equals a tuple" in explained("==", list(found), found)
    assert "in another order" in explained("==", found[::-1], found)
    assert "both sides:" in explained("!=", found, found)


def test_rules_are_compared_with_rules() -> None:
    """A list of findings that is compared with ids is explained, with the way to do it."""
    text = explained("==", findings_of("sku"), ["line-item-missing"])
    assert "[finding.rule for finding in result.findings]" in text
    assert "['line-item-missing']" in text
    assert "[finding.rule for finding" in explained("in", "line-item-missing", findings_of("sku"))


def test_a_result_is_explained_with_its_findings() -> None:
    """A result that is compared with anything shows what was found."""
    result = check_request({})
    text = explained("==", result, ())
    assert "error missing-field" in text
    assert "compare its `findings`" in text


def test_what_is_none_of_ours_is_left_to_pytest() -> None:
    """Comparisons without findings are explained by pytest."""
    for op, left, right in (("==", [], []), ("==", 1, 2), ("in", "a", []), ("<", findings_of("sku"), 1)):
        assert compare(op, left, right) is None


def test_a_long_list_is_cut() -> None:
    """Of many findings some are shown and the others are counted."""
    found = findings_of("sku") * 50
    assert "… and 30 more" in explained("==", found, ())


def test_no_explanation_shows_a_secret() -> None:
    """Neither a finding nor the other side brings an address to the terminal."""
    text = explained("==", findings_of("sku"), ["zoe.quixote@example.com"])
    assert "quixote" not in text


@pytest.mark.parametrize(
    "assertion",
    [
        "result.findings == ()",
        "result.errors == []",
        "not [*result.findings, *result.warnings]",
        "result.ok",
        "not result.errors",
    ],
)
def test_a_failure_in_pytest_is_readable(pytester: pytest.Pytester, assertion: str) -> None:
    """The failure of an ordinary assertion names the rule."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(
        f"""
        from altcraft_contract.validation import check_request

        def test_order(altcraft_order):
            del altcraft_order["data"]["lines"][0]["product"]
            result = check_request(altcraft_order)
            assert {assertion}
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *line-item-missing*" if "==" in assertion else "E *assert*"])
