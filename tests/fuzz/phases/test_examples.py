"""The documented examples as trials."""

from __future__ import annotations

from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import from_json, from_xml
from altcraft_contract.fuzz.phases.examples import iter_examples
from altcraft_contract.validation import check_request
from tests.fuzz.phases.made import (
    INSTALLATION,
    find_lost_stand_ins,
    find_triggers,
    find_unknown_values,
    made_by,
)


def test_both_examples_are_sent_in_both_syntaxes() -> None:
    """Each documented request is sent in JSON and in XML, safely, and is what it claims to be."""
    made = made_by(iter_examples)

    assert [one.trial.feature for one in made] == ["documented-json", "documented-xml"]
    assert [[case.syntax for case in one.cases] for one in made] == [["json", "xml"]] * 2
    assert not [*find_triggers(made), *find_lost_stand_ins(made)]
    assert all(case.expected == "accepted" for one in made for case in one.cases)
    assert all(check_request(case.body, syntax=case.syntax).ok for one in made for case in one.cases)


def test_only_what_must_differs_from_the_page() -> None:
    """An example keeps all that it has in the documentation but for token, member, id and triggers."""
    examples = load_contract().examples
    documented = [from_json(examples["request.json"]), from_xml(examples["request.xml"])]

    for one, known in zip(made_by(iter_examples), documented, strict=True):
        assert one.trial.order["data"] == known["data"]
        assert one.trial.order.keys() == known.keys() | {"skip_triggers"}


def test_values_of_the_installation_are_used() -> None:
    """Where values of the installation are known, the examples hold them and no others."""
    made = made_by(iter_examples, values=INSTALLATION)

    assert not [found for one in made for found in find_unknown_values(one.trial.order)]
