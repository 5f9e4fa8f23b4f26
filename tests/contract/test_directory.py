"""A version of the contract in a directory: loading it, and checking, fixing and converting by it."""

from __future__ import annotations

import json
import pickle
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.contract import Contract, load_contract
from altcraft_contract.conversion import convert, from_xml, to_xml
from altcraft_contract.errors import AltcraftContractError, UnusableContract
from altcraft_contract.validation import ENGINES, check_request, check_response
from tests.cli.running import run_here
from tests.contract.versions.v76 import BEFORE, read_schema, write_schema, write_v76

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from altcraft_contract.contract import Syntax
    from altcraft_contract.validation import Engine

ORDER: dict[str, Any] = json.loads(BEFORE.examples["request.json"])
ANSWER: dict[str, Any] = json.loads(BEFORE.examples["response.json"])
SYNTAXES: tuple[Syntax, ...] = ("json", "xml")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of v76."""
    return write_v76(tmp_path_factory.mktemp("versions") / "v76")


@pytest.fixture
def order() -> dict[str, Any]:
    """An order that breaks v76 in three places and keeps v75 in these."""
    order: dict[str, Any] = json.loads(json.dumps(ORDER))
    order["data"].pop("region", None)
    order["data"]["lines"][0]["line_number"] = 1
    order["data"]["requested_promotions"] = [{"type": "message", "promotion": {"external_id": "a"}}]
    return order


def errors_of(body: Any, contract: Contract, engine: Engine, syntax: Syntax = "json") -> set[tuple[str, str]]:
    """The errors in a request."""
    data = json.dumps(body).encode() if syntax == "json" else to_xml(body, contract=BEFORE)
    result = check_request(data, contract=contract, engine=engine)
    return {(finding.rule, finding.pointer) for finding in result.errors}


def test_a_directory_is_loaded_by_its_path(directory: Path) -> None:
    """A directory gives the version that its source.toml names, as text and as a path, and survives pickling."""
    contract = load_contract(directory)

    assert contract.version == "v76"
    assert contract == load_contract(str(directory))
    assert contract.name == str(directory.resolve())
    assert pickle.loads(pickle.dumps(contract)) == contract  # noqa: S301 - pickled on the same line


def test_a_path_is_taken_from_where_it_is_said(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path means the directory that it leads to now, not the one that it led to before."""
    monkeypatch.chdir(directory.parent)
    assert load_contract("v76").directory == directory.resolve()
    monkeypatch.chdir(directory)
    with pytest.raises(AltcraftContractError):
        load_contract("v76")


def test_a_version_of_the_package_goes_by_its_name() -> None:
    """A version of the package is named by itself, even if its directory was given."""
    assert load_contract().name == "v75"
    assert load_contract(BEFORE.directory).name == "v75"


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_check_by_the_directory(directory: Path, order: dict[str, Any], engine: Engine) -> None:
    """Both engines find in JSON what the version in the directory refuses; by v75 there is no error."""
    contract = load_contract(directory)
    broken = {
        ("missing-field", "/data"),
        ("wrong-type", "/data/lines/0/line_number"),
        ("unknown-value", "/data/requested_promotions/0/type"),
    }

    assert errors_of(order, contract, engine) == broken
    assert errors_of(order, BEFORE, engine) == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_check_xml_by_the_directory(directory: Path, order: dict[str, Any], engine: Engine) -> None:
    """In XML the same is found, but that a number as text is no mistake there."""
    broken = {("missing-field", "/data"), ("unknown-value", "/data/requested_promotions/0/type")}

    assert errors_of(order, load_contract(directory), engine, "xml") == broken
    assert errors_of(order, BEFORE, engine, "xml") == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_new_fields_are_known(directory: Path, engine: Engine) -> None:
    """What is new in a version is no unknown field by it, and is one by v75."""
    body = {**ORDER, "data": {**ORDER["data"], "gift_card": "1"}}

    def unknown(contract: Contract) -> list[str]:
        found = check_request(body, contract=contract, engine=engine).findings
        return [finding.pointer for finding in found if finding.rule == "unknown-field"]

    assert unknown(load_contract(directory)) == []
    assert unknown(BEFORE) == ["/data/gift_card"]


@pytest.mark.parametrize("engine", ENGINES)
def test_responses_are_checked_by_the_directory(directory: Path, engine: Engine) -> None:
    """A response is checked by the same version."""
    answer = {**ANSWER, "data": {**ANSWER["data"], "processing_target": "queued"}}
    contract = load_contract(directory)

    def errors(used: Contract) -> set[str]:
        return {finding.pointer for finding in check_response(answer, contract=used, engine=engine).errors}

    assert "/data/processing_target" not in errors(contract)
    assert "/data/points_changes/0/accrue_points" in errors(contract)
    assert errors(BEFORE) == {"/data/processing_target"}


def test_conversion_goes_by_the_directory(directory: Path) -> None:
    """A field that is a number by v75 and text by v76 comes back from XML as what the version says."""
    order = json.loads(json.dumps(ORDER))
    order["data"]["lines"][0]["line_number"] = 7
    xml = to_xml(order)
    contract = load_contract(directory)

    assert from_xml(xml)["data"]["lines"][0]["line_number"] == 7
    assert from_xml(xml, contract=contract)["data"]["lines"][0]["line_number"] == "7"
    assert json.loads(convert(xml, contract=contract))["data"]["lines"][0]["line_number"] == "7"


def test_rules_with_logic_pass_over_what_they_cannot_read(tmp_path: Path) -> None:
    """Where a version lets a price be any text, a price that is no number is no finding, and no crash."""
    schema = read_schema("request")
    schema["$defs"]["data"]["properties"]["total_price"]["$ref"] = "#/$defs/text"
    shutil.copytree(BEFORE.directory, tmp_path / "text")
    write_schema(tmp_path / "text", "request", schema)
    body = {**ORDER, "data": {**ORDER["data"], "total_price": "much"}}

    result = check_request(body, contract=load_contract(tmp_path / "text"))

    assert {finding.rule for finding in result.findings} == {"points-amount-missing"}


def _without(name: str) -> Callable[[Path], object]:
    return lambda path: (path / name).unlink()


def _with(name: str, text: str) -> Callable[[Path], object]:
    return lambda path: (path / name).write_text(text, "utf-8")


def _schema_with(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        schema = read_schema("request")
        change(schema)
        write_schema(path, "request", schema)

    return damage


def _cycle(schema: dict[str, Any]) -> None:
    schema["$defs"]["text"] = {"$ref": "#/$defs/text"}


def _unknown_rule(schema: dict[str, Any]) -> None:
    schema["$defs"]["text"]["x-rules"]["type"] = "no-such-rule"


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no schema": (_without("response.schema.json"), "there is no response.schema.json; a contract lies"),
    "no XSD": (_without("request.xsd"), "there is no request.xsd; a contract lies"),
    "no source": (_without("source.toml"), "there is no source.toml; a contract lies"),
    "source that is no TOML": (_with("source.toml", "= ="), "cannot be read as TOML"),
    "source without a version": (_with("source.toml", "page = 1"), "names no version of the documentation"),
    "version with a line end": (_with("source.toml", 'version = "a\\nb"'), "names no version of the documentation"),
    "schema that is no JSON": (_with("request.schema.json", "{"), "start from what `schema --export DIR` writes"),
    "schema that is a list": (_with("request.schema.json", "[]"), "an object with $defs was expected"),
    "schema nested deeply": (_with("request.schema.json", "[" * 100_000), "nested too deeply"),
    "schema of no kind": (_schema_with(lambda schema: schema.update(type=7)), "is no schema of this kind"),
    "foreign reference": (
        _schema_with(lambda schema: schema["$defs"]["text"].update({"$ref": "http://127.0.0.1:9/a"})),
        "a reference leads out of the file",
    ),
    "reference to nothing": (
        _schema_with(lambda schema: schema["$defs"]["data"]["properties"]["tags"].update({"$ref": "#/$defs/no"})),
        "is no schema of this kind (ValueError: #/$defs/no is not there)",
    ),
    "reference to itself": (_schema_with(_cycle), "refers to itself"),
    "no data": (_schema_with(lambda schema: schema["properties"].pop("data")), "is no schema of this kind"),
    "unknown rule": (_schema_with(_unknown_rule), "x-rules names the rule 'no-such-rule' for 'type'"),
    "keyword without a rule": (
        _schema_with(lambda schema: schema["$defs"]["text"].update(maxLength=3)),
        "/$defs/text: 'maxLength' has no rule; name one of the catalogue",
    ),
    "bad pattern": (_schema_with(lambda schema: schema["$defs"]["decimal"].update(pattern="(")), "is not a 'regex'"),
    "pattern of Python only": (
        _schema_with(lambda schema: schema["$defs"]["decimal"].update(pattern=r"\N{DIGIT ONE}")),
        "is no JSON Schema",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_directory_is_told(tmp_path: Path, name: str) -> None:
    """A directory that cannot be used is one line with what is wrong, before anything is checked."""
    damage, expected = DAMAGES[name]
    path = tmp_path / "v76"
    shutil.copytree(BEFORE.directory, path)
    damage(path)

    outcome = run_here("lint", "--contract", str(path), str(BEFORE.directory / "examples/request.json"))

    assert (outcome.code, outcome.stdout) == (2, "")
    assert expected in outcome.last_line
    assert outcome.stderr.count("\n") == 1


def test_a_damaged_xsd_is_told(tmp_path: Path) -> None:
    """An XSD that is none is told by the engine that needs it."""
    path = tmp_path / "v76"
    shutil.copytree(BEFORE.directory, path)
    (path / "request.xsd").write_text("<a/>", "utf-8")
    arguments = ("lint", "--contract", str(path), "--engine", "reference", str(BEFORE.directory / "examples"))

    outcome = run_here(*arguments)

    assert outcome.code == 2
    assert "request.xsd: is no XML Schema 1.1" in outcome.last_line
    assert outcome.stderr.count("\n") == 1


def test_the_fault_pickles() -> None:
    """The fault survives pickling, as parallel runs do it."""
    copy = pickle.loads(pickle.dumps(UnusableContract("a", "b")))  # noqa: S301 - pickled on the same line

    assert (copy.path, copy.reason, str(copy)) == ("a", "b", "a: b")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("engine", ENGINES)
def test_lint_goes_by_the_directory(
    directory: Path, tmp_path: Path, order: dict[str, Any], engine: Engine, jobs: str
) -> None:
    """`lint --contract` checks by that version, in one process and in several, and the report names it."""
    path = tmp_path / "order.ndjson"
    path.write_text(f"{json.dumps(order)}\n" * 3, "utf-8")

    outcome = run_here(
        *("lint", "--contract", str(directory), "--engine", engine, "--jobs", jobs, "--format", "json", str(path))
    )

    report = json.loads(outcome.stdout)
    assert (outcome.code, report["contract"], len(report["results"])) == (1, "v76", 3)
    found = {finding["pointer"] for result in report["results"] for finding in result["findings"]}
    assert {"/data", "/data/lines/0/line_number", "/data/requested_promotions/0/type"} <= found


def test_lint_extracts_by_the_directory(directory: Path, tmp_path: Path, order: dict[str, Any]) -> None:
    """Messages within other files are checked by that version, too."""
    path = tmp_path / "page.md"
    path.write_text(f"```json\n{json.dumps(order)}\n```\n", "utf-8")

    assert run_here("lint", "--extract", str(path)).code == 0
    assert run_here("lint", "--extract", "--contract", str(directory), str(path)).code == 1


def test_lint_fixes_by_the_directory(directory: Path, tmp_path: Path) -> None:
    """What is mended is mended to what that version says: a misspelt new field gets its name."""
    path = tmp_path / "order.json"
    path.write_text(json.dumps({**ORDER, "data": {**ORDER["data"], "region": "1", "gift_crad": "1"}}), "utf-8")

    run_here("lint", "--fix", str(path))
    assert "gift_crad" in json.loads(path.read_text("utf-8"))["data"]
    run_here("lint", "--fix", "--contract", str(directory), str(path))
    assert "gift_card" in json.loads(path.read_text("utf-8"))["data"]


def test_convert_and_schema_go_by_the_directory(directory: Path, tmp_path: Path) -> None:
    """`convert --contract` and `schema --contract` take that version; what is exported can be loaded again."""
    body = tmp_path / "order.xml"
    body.write_bytes(to_xml({"data": {"lines": [{"line_number": 7}]}}))
    export = tmp_path / "export"

    converted = run_here("convert", "--contract", str(directory), str(body))
    printed = run_here("schema", "request", "--contract", str(directory))
    exported = run_here("schema", "--export", str(export), "--contract", str(directory))

    assert json.loads(converted.stdout)["data"]["lines"][0]["line_number"] == "7"
    assert json.loads(printed.stdout) == load_contract(directory).request_schema
    assert (converted.code, printed.code, exported.code) == (0, 0, 0)
    assert load_contract(export).request_schema == load_contract(directory).request_schema


@pytest.mark.parametrize("command", [("lint", "a.json"), ("convert", "a.json"), ("schema", "request")])
def test_an_unknown_version_is_told(command: tuple[str, ...]) -> None:
    """A version that there is not is exit code 2, with those that there are."""
    outcome = run_here(*command, "--contract", "v76")

    assert outcome.code == 2
    assert "no contract 'v76'; known: v75, and any directory that `schema --export` has written" in outcome.stderr
