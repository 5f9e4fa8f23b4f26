"""The table of oracles is whole, and every row says what it is."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import altcraft_contract.fuzz.oracles as package
from altcraft_contract.fuzz.judging import judge
from altcraft_contract.fuzz.oracles import ORACLES
from altcraft_contract.fuzz.oracles.oracle import Judgement, Oracle, starred
from tests.fuzz.exchanges import ACCEPTED, IDENTITY, PAGE, REFUSED, exchange

MODULES = {
    path.stem for path in Path(str(package.__file__)).parent.glob("*.py") if path.stem not in ("__init__", "oracle")
}


def test_every_module_has_its_row() -> None:
    """Every module of an oracle has the one row that is named after it, and there is no other row."""
    assert {name.replace("-", "_") for name in ORACLES} == MODULES
    for name, oracle in ORACLES.items():
        module = import_module(f"{package.__name__}.{name.replace('-', '_')}")
        assert [value for value in vars(module).values() if isinstance(value, Oracle)] == [oracle]
        assert oracle.name == name
        assert re.fullmatch("[a-z]+(-[a-z]+)*", name)


@pytest.mark.parametrize("oracle", ORACLES.values(), ids=lambda oracle: oracle.name)
def test_every_oracle_says_what_it_fails_for(oracle: Oracle) -> None:
    """The statement of an oracle is a sentence that tells it from the others."""
    assert oracle.statement.endswith(".")
    assert [other.name for other in ORACLES.values() if other.statement == oracle.statement] == [oracle.name]
    assert str(import_module(oracle.find.__module__).__doc__ or "").startswith(f"`{oracle.name}`: ")


@pytest.mark.parametrize("oracle", ORACLES.values(), ids=lambda oracle: oracle.name)
@pytest.mark.parametrize("kind", ["single", "twins", "variant", "repeat", "authentication", "controlled"])
def test_right_answers_pass(oracle: Oracle, kind: str) -> None:
    """No oracle has anything against three right answers, whatever they have to do with each other."""
    judgement = Judgement(kind=kind, identity=IDENTITY)  # type: ignore[arg-type]  # each of them is a kind

    assert list(oracle.find([exchange(), exchange(), exchange()], judgement)) == []


def test_all_are_asked_in_their_order() -> None:
    """An answer that is wrong in many ways is told of by each oracle that minds, in the order of the table."""
    broken = exchange({**ACCEPTED, "error_text": IDENTITY.token, "data": {"external_id": "x"}}, content_type=None)
    found = [one.oracle for one in judge([broken], Judgement(kind="single", identity=IDENTITY))]

    assert list(dict.fromkeys(found)) == ["response-contract", "echo", "content-type", "disclosure"]
    assert [name for name in ORACLES if name in found] == list(dict.fromkeys(found))
    assert [one.oracle for one in judge([exchange(PAGE)], Judgement(kind="single", identity=IDENTITY))] == [
        "response-contract"
    ]
    assert list(judge([exchange(REFUSED)], Judgement(kind="single", identity=IDENTITY))) == []


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [("", ""), ("/data/lines/0/sku", "/data/lines/*/sku"), ("/a/1/2/b3", "/a/*/*/b3"), ("/lines/12", "/lines/*")],
)
def test_indexes_are_starred(pointer: str, expected: str) -> None:
    """A place does not say which item of a list it is in."""
    assert starred(pointer) == expected
