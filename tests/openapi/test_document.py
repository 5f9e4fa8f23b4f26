"""The OpenAPI document says what the JSON Schemas say, and how it looks in XML."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml

from altcraft_contract.contract import load_contract, message_of
from tests.cli.running import run_here
from tools import openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Message

CONTRACT = load_contract()
DOCUMENT: dict[str, Any] = yaml.safe_load(CONTRACT.openapi_path.read_bytes())
CASES = Path(__file__).parents[1] / "acceptance"
MESSAGES: tuple[Message, ...] = ("request", "response")


def iter_samples(message: Message) -> Iterator[Any]:
    """The JSON forms of all sample messages that can be read, valid and broken ones."""
    for line in (CASES / "cases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["message"] == message and case["syntax"] == "json":
            try:
                yield json.loads((CASES / "cases" / case["file"]).read_bytes())
            except ValueError:
                continue


@cache
def validator(message: Message) -> jsonschema_rs.Validator:
    """What judges a message by the document alone."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{message}", "components": DOCUMENT["components"]}
    )


def iter_schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """*schema* and all that it holds."""
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from iter_schemas(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from iter_schemas(part)


def test_the_document_is_current() -> None:
    """What is in the repository is what the tool makes."""
    assert openapi.main(["--check"]) == 0


def test_a_stale_document_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` shows what differs and writes nothing; without it the file is written."""
    path = tmp_path / "openapi.yaml"
    path.write_text("openapi: 3.0.0\n", "utf-8")
    monkeypatch.setattr(type(CONTRACT), "openapi_path", path)

    assert openapi.main(["--check"]) == 1
    assert "-openapi: 3.0.0\n" in capsys.readouterr().out
    assert openapi.main([]) == 0
    assert yaml.safe_load(path.read_bytes()) == DOCUMENT


@pytest.mark.parametrize("message", MESSAGES)
def test_the_document_judges_as_the_schema_does(message: Message) -> None:
    """Every sample has the same verdict by the document as by the JSON Schema, and some are refused."""
    schema = jsonschema_rs.Draft202012Validator(CONTRACT.schema(message))
    verdicts = set()
    for sample in iter_samples(message):
        verdict = schema.is_valid(sample)
        assert validator(message).is_valid(sample) == verdict, sample
        verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.mark.parametrize("message", MESSAGES)
def test_every_rule_of_a_schema_is_in_the_document(message: Message) -> None:
    """The ids of rules beside keywords are as many as in the JSON Schema."""
    names = [message, *(name for name in DOCUMENT["components"]["schemas"] if name.startswith(f"{message}_"))]
    shared = [name for name in DOCUMENT["components"]["schemas"] if name.partition("_")[0] not in MESSAGES]
    parts = [DOCUMENT["components"]["schemas"][name] for name in (*names, *shared)]
    in_document = sorted(str(part["x-rules"]) for part in iter_schemas(parts) if "x-rules" in part)
    in_schema = sorted(str(part["x-rules"]) for part in iter_schemas(CONTRACT.schema(message)) if "x-rules" in part)

    assert set(in_schema) <= set(in_document)
    assert [rules for rules in in_document if rules not in in_schema] == []


def test_examples_are_the_documented_ones() -> None:
    """Each message has its documented example in both content types."""
    call = DOCUMENT["paths"][CONTRACT.source["path"]]["post"]
    for content in (call["requestBody"]["content"], call["responses"]["200"]["content"]):
        values = {name: part["examples"]["documented"]["value"] for name, part in content.items()}
        message = message_of(values["application/json"])

        assert values == {
            "application/json": json.loads(CONTRACT.examples[f"{message}.json"]),
            "application/xml": CONTRACT.examples[f"{message}.xml"].decode(),
        }


def test_every_list_says_that_it_has_no_wrapper() -> None:
    """Roots are named `xml`, and every list is its element repeated."""
    schemas = DOCUMENT["components"]["schemas"]
    lists = [part for part in iter_schemas(schemas) if part.get("type") == "array" and "items" in part]

    assert [schemas[message]["xml"] for message in MESSAGES] == [{"name": "xml"}] * 2
    assert len(lists) > 10
    assert all(part["xml"] == {"wrapped": False} for part in lists)


def test_references_lead_somewhere() -> None:
    """No reference leaves the document or leads nowhere, and no schema is left over."""
    references = {part["$ref"] for part in iter_schemas(DOCUMENT) if isinstance(part.get("$ref"), str)}

    assert {reference.rpartition("/")[2] for reference in references} == set(DOCUMENT["components"]["schemas"])
    assert all(reference.startswith("#/components/schemas/") for reference in references)


def test_the_command_prints_the_document() -> None:
    """`schema openapi` prints the file, and takes no kind of schema."""
    assert run_here("schema", "openapi").stdout == CONTRACT.openapi_path.read_text("utf-8")
    outcome = run_here("schema", "openapi", "--kind", "xsd")
    assert (outcome.code, outcome.stderr.splitlines()[-1]) == (
        2,
        "altcraft-contract: error: openapi is a document of its own; leave out --kind",
    )
