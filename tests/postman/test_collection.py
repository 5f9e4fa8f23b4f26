"""The Postman collection, as our own reader of collections reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.rules import RULES
from tests.cli.running import run_here
from tools import postman

PATH = load_contract().postman_path
COLLECTION: dict[str, Any] = json.loads(PATH.read_bytes())
CONFIRMED, REFUSED = COLLECTION["item"]


def test_the_collection_is_current() -> None:
    """What is in the repository is what the tool makes."""
    assert postman.main(["--check"]) == 0


def test_each_request_is_what_its_name_says() -> None:
    """`lint --extract` finds no error in what is to be confirmed, and in each other order the rule that names it."""
    outcome = run_here("lint", "--extract", "--format", "json", str(PATH))
    results = json.loads(outcome.stdout)["results"]
    errors = [{f["rule"] for f in result["findings"] if f["severity"] == "error"} for result in results]

    assert errors[:2] == [set(), set()]
    assert errors[2:] == [{item["name"]} for item in REFUSED["item"]]
    assert len(REFUSED["item"]) > 10
    assert {item["name"] for item in REFUSED["item"]} <= RULES.keys()


@pytest.mark.parametrize("item", [*CONFIRMED["item"], *REFUSED["item"]], ids=lambda item: item["name"])
def test_every_request_has_a_test_and_no_token(item: dict[str, Any]) -> None:
    """The token is a variable, and a script tests the answer by its `error`."""
    (event,) = item["event"]

    assert event["listen"] == "test"
    assert "error" in "\n".join(event["script"]["exec"])
    assert "{{token}}" in item["request"]["body"]["raw"] or item["name"] in {"missing-field", "empty-value"}
    assert item["request"]["url"]["raw"].startswith("{{base_url}}/")


def test_the_command_prints_the_collection() -> None:
    """`schema postman` prints the file, and takes no kind of schema."""
    assert run_here("schema", "postman").stdout == PATH.read_text("utf-8")
    outcome = run_here("schema", "postman", "--kind", "xsd")
    assert outcome.code == 2
    assert outcome.last_line == "altcraft-contract: error: postman is a document of its own; leave out --kind"
