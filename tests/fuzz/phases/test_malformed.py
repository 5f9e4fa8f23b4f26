"""Bodies that no reader may take."""

from __future__ import annotations

import pytest

from altcraft_contract.fuzz.phases.malformed import UNDOCUMENTED, iter_malformed
from altcraft_contract.strategies.malformed import MALFORMED_JSON, MALFORMED_XML, REPEATS
from altcraft_contract.validation import check_request
from tests.fuzz.phases.made import Made, bytes_of, made_by


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """All that the phase sends."""
    return made_by(iter_malformed)


def test_every_way_is_sent_once(made: list[Made]) -> None:
    """Every way to break a body is sent in its syntax, but for repeated members, which are mutations."""
    found = [(one.cases[0].syntax, one.trial.feature) for one in made]

    assert {way for syntax, way in found if syntax == "json"} == set(MALFORMED_JSON) - set(REPEATS)
    assert {way for syntax, way in found if syntax == "xml"} == set(MALFORMED_XML) - set(REPEATS)
    assert {one.trial.id for one in made} == {f"malformed-{number:04d}" for number in range(1, len(made) + 1)}


def test_no_body_can_be_read(made: list[Made]) -> None:
    """Each body is malformed for the checker, but for a mark at the beginning, which some readers take."""
    for one in made:
        (case,) = one.cases
        result = check_request(case.body, syntax=case.syntax)
        assert case.rule == "malformed"
        assert "malformed" in {finding.rule for finding in result.findings} or one.trial.feature in UNDOCUMENTED


def test_what_some_readers_take_is_undocumented(made: list[Made]) -> None:
    """A byte order mark and nesting depth are never failures; all else must be refused."""
    for one in made:
        wanted = "undocumented" if one.trial.feature in UNDOCUMENTED else "refused"
        assert {case.expected for case in one.cases} == {wanted}
    assert {one.trial.feature for one in made} >= UNDOCUMENTED


def test_what_a_lenient_reader_takes_skips_triggers(made: list[Made]) -> None:
    """`skip_triggers` stands in every body that holds an order."""
    with_order = [one for one in made if b"lines" in one.cases[0].body]

    assert len(with_order) > len(made) / 2
    assert all(b"skip_triggers" in one.cases[0].body for one in with_order)


def test_an_id_is_told_only_if_it_is_there(made: list[Made]) -> None:
    """A case names its order exactly where the name stands in the bytes."""
    for one in made:
        (case,) = one.cases
        assert (case.external_id is not None) == (b"acf-00000000-" in case.body)
        assert case.external_id is None or case.external_id.encode() in case.body


def test_bodies_are_the_same_each_time(made: list[Made]) -> None:
    """Every run sends the same broken bodies but for their ids."""
    assert bytes_of(made_by(iter_malformed)) == bytes_of(made)
