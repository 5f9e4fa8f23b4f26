"""`altcraft-contract schema`: the schema of the configuration, and the catalogue for editors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import jsonschema
import pytest

from altcraft_contract.cli.schema import CATALOG
from altcraft_contract.cli.starting_files import HOOKS, make_configuration
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES
from tests.cli.configuring import keys_of, load_for_all
from tests.cli.running import run_here

TOOL = Path(__file__).parents[2] / "tools/configuration_schema.py"
SCHEMAS = load_contract().directory.parent
SCHEMA = json.loads((SCHEMAS / "configuration.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
SUPPRESSION = '[[suppress]]\nrule = "total-mismatch"\nreason = "x"\n'
MALFORMED = '[[suppress]]\nrule = ["malformed"]\nreason = "x"\n'

GOOD = (
    "",
    'message = "request"\nsyntax = "ndjson"\nfail-on = "never"\nquiet = true\nmax-size = 1024',
    'select = ["malformed", "secret-token"]\nignore = "total-mismatch, missing-field,"',
    'ignore = ["total-mismatch,missing-field", ""]',
    "select = []\nignore = ''",
    'host = "0.0.0.0"\nport = 0\nallow-host = "a"\nrate-limit = 0.5\ntimeout = 1\nseed = -3',
    'report = ["junit", "html"]\nreport-dir = "out"',
    '[lint]\nengine = "reference"\n[fuzz]\nphases = ["valid"]\nvalues = "v.toml"\nreport = "har,html"\n[stub]',
    '[severity]\nmissing-field = "warning"\nsecret-token = "error"',
    'extend = []\nsecrets.allow = ["x"]',
    "[secrets]\n[values]\n[profiles]\n[profiles.ci]",
    'profiles.ci.ignore = ["total-mismatch"]\nprofiles.ci.lint.verbose = true\nprofiles.ci.secrets.allow = []',
    f'{SUPPRESSION}path = ["a/**", "/b.json", ".x/*"]\npointer = "/data/*/x~1y/**"\nexpires = 2030-01-31',
    f'{SUPPRESSION}path = "a"\npointer = ""',
    f'{MALFORMED}path = "a"',
    f"[[profiles.ci.suppress]]{SUPPRESSION.removeprefix('[[suppress]]')}",
    '[[overrides]]\npaths = "a"\nselect = "malformed"\nignore = ["total-mismatch"]',
    '[[overrides]]\npaths = ["a", "b/"]\nmessage = "response"\nsyntax = "xml"\nseverity.missing-field = "warning"',
    '[values]\nproducts = ["P-1"]\nprofile-ids = ["5f43a2c18e9b4d0012ab34cd"]\nphones = ["+12025550123"]',
    '[values]\npoint_currencies = [{iid = 1, eid = "b"}, {eid = "m"}, [1, "x"]]\npools.7 = ["A"]',
    '[values]\nemails = ["a@example.com"]',
)
BAD = (
    "ignor = []",
    "fail_on = 'error'",
    "config = 'x'",
    "profile = 'ci'",
    "[tool.altcraft-contract]",
    "engine = 'slow'",
    "engine = ['fast']",
    "quiet = 1",
    "max-size = 0",
    "max-size = 1025",
    "max-size = true",
    "max-size = 2.5",
    "rate-limit = 0",
    "timeout = '1'",
    "port = 65536",
    "host = 1",
    "ignore = ['malformed']",
    "ignore = 'malformed,total-mismatch'",
    "ignore = ['total-mismatc']",
    "ignore = 'total-mismatch missing-field'",
    "ignore = [1]",
    "select = ['total-mismatch,nope']",
    "select = {}",
    "severity = 'error'",
    "severity.missing-field = 'info'",
    "severity.malformed = 'warning'",
    "severity.nope = 'error'",
    "lint = 1",
    "[lint]\nport = 1",
    "[lint.severity]",
    "[fuzz]\nreport = 'pdf'",
    "[convert]",
    "[init]",
    "extend = 1",
    "extend = [1]",
    "secrets = []",
    "secrets.allowed = []",
    "secrets.allow = 'x'",
    "profiles = []",
    "profiles.ci = 1",
    "[profiles.ci.profiles]",
    "profiles.ci.extend = []",
    "profiles.ci.quiet = 1",
    "profiles.ci.lint.quiet = 1",
    "[suppress]",
    "suppress = [1]",
    "suppress = [{}]",
    "[[suppress]]\nrule = 'total-mismatch'",
    "[[suppress]]\nreason = 'x'",
    "[[suppress]]\nrule = 'total-mismatch'\nreason = ' '",
    "[[suppress]]\nrule = []\nreason = 'x'",
    "[[suppress]]\nrule = 'total-mismatch,missing-field'\nreason = 'x'",
    MALFORMED,
    f"{SUPPRESSION}paths = 'a'",
    f"{SUPPRESSION}path = '!a'",
    f"{SUPPRESSION}path = '/'",
    f"{SUPPRESSION}path = '../a'",
    f"{SUPPRESSION}path = 'a/./b'",
    f"{SUPPRESSION}path = []",
    f"{SUPPRESSION}pointer = 'data'",
    f"{SUPPRESSION}pointer = '/a*'",
    f"{SUPPRESSION}pointer = '/a~2'",
    f"{SUPPRESSION}expires = 2030",
    f"{SUPPRESSION}expires = 'soon'",
    "overrides = {}",
    "[[overrides]]\npaths = 'a'",
    "[[overrides]]\nignore = ['total-mismatch']",
    "[[overrides]]\npaths = 'a'\nignore = ['malformed']",
    "[[overrides]]\npaths = 'a'\nmessage = 'x'",
    "[[overrides]]\npaths = 'a'\nquiet = true",
    "[[overrides]]\npaths = 'a'\nseverity.nope = 'error'",
    "values = 1",
    "values.product = ['a']",
    "values.products = 'a'",
    "values.products = ['']",
    "values.emails = ['a']",
    "values.phones = ['123']",
    "values.profile-ids = ['x']",
    "values.pools.x = ['a']",
    "values.pools.7 = [1]",
    "values.point-currencies = [{}]",
    "values.point-currencies = [{iid = 1, id = 2}]",
    "values.point-currencies = [{iid = '1'}]",
)


def as_json(text: str) -> Any:
    """The content of TOML as editors hand it to a schema: days are texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))


def test_the_schema_is_one() -> None:
    """The schema of the configuration is a JSON Schema, and what is in the repository is what the tool makes."""
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    run = subprocess.run([sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("text", GOOD)
def test_the_schema_accepts_what_the_commands_accept(text: str, tmp_path: Path) -> None:
    """A configuration that every command loads is valid."""
    file = tmp_path / "c.toml"
    file.write_text(text, "utf-8")
    load_for_all(str(file))
    assert [error.message for error in VALIDATOR.iter_errors(as_json(text))] == []


@pytest.mark.parametrize("text", BAD)
def test_the_schema_refuses_what_the_commands_refuse(text: str, tmp_path: Path) -> None:
    """A configuration that some command refuses is not valid."""
    file = tmp_path / "c.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationFault):
        load_for_all(str(file))
    assert not VALIDATOR.is_valid(as_json(text))


def test_the_starting_configuration_is_valid() -> None:
    """What `init` writes is valid as it is, and with every key in force."""
    for text in (make_configuration(), re.sub(r"(?m)^#(?=[a-z\[])", "", make_configuration())):
        assert [error.message for error in VALIDATOR.iter_errors(as_json(text))] == []


@pytest.mark.parametrize("command", ["lint", "stub", "proxy", "fuzz", "replay"])
def test_every_option_is_in_the_schema(command: str) -> None:
    """Every key of a command stands in its table, at the top and in profiles, with what it does."""
    own = SCHEMA["definitions"][command]["properties"]
    assert own.keys() == keys_of(command).keys()
    assert own.keys() <= SCHEMA["properties"].keys()
    assert own.keys() <= SCHEMA["definitions"]["profile"]["properties"].keys()
    for key, option in keys_of(command).items():
        assert own[key]["description"] == " ".join((option.help or "").split())


def test_every_rule_is_in_the_schema() -> None:
    """Editors offer every rule, and none that cannot be ignored."""
    rules = [*RULES, *SECRET_RULES]
    assert SCHEMA["definitions"]["rule"]["enum"] == rules
    assert SCHEMA["definitions"]["other-rule"]["enum"] == [rule for rule in rules if rule != "malformed"]


def test_nothing_unknown_is_valid() -> None:
    """Every table of the schema says what may stand in it."""

    def iter_tables(schema: Any) -> Any:
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                yield schema
            for part in schema.values():
                yield from iter_tables(part)
        elif isinstance(schema, list):
            for part in schema:
                yield from iter_tables(part)

    tables = list(iter_tables(SCHEMA))
    assert len(tables) > 10
    assert all("additionalProperties" in table for table in tables)


@pytest.mark.parametrize("name", ["configuration", "lint-report", "lint-summary", "diff-report", "drift-report"])
def test_other_schemas_are_printed(name: str) -> None:
    """Schemas that are of no message are printed character for character, and there is none for XML."""
    assert run_here("schema", name).stdout == (SCHEMAS / f"{name}.schema.json").read_text("utf-8")
    outcome = run_here("schema", name, "--kind", "xsd")
    assert (outcome.code, outcome.last_line) == (
        2,
        f"altcraft-contract: error: the {name} has a JSON Schema only",
    )


def read_catalog(*arguments: str) -> dict[str, Any]:
    """What `schema --catalog` prints."""
    outcome = run_here("schema", "--catalog", *arguments)
    assert outcome.code == 0
    catalog: dict[str, Any] = json.loads(outcome.stdout)
    return catalog


def path_of(url: str) -> Path:
    """The file at a file URI."""
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("file", "")
    return Path(url2pathname(parts.path))


def test_the_catalogue_leads_to_the_installed_schemas() -> None:
    """Each entry has a name, a description, patterns and the address of a schema that is there."""
    catalog = read_catalog()
    assert catalog["version"] == 1
    assert len(catalog["schemas"]) == len(CATALOG)
    for entry in catalog["schemas"]:
        assert entry.keys() == {"name", "description", "fileMatch", "url"}
        assert json.loads(path_of(entry["url"]).read_bytes())["$id"].startswith("urn:altcraft-contract:")
        assert path_of(entry["url"]).is_relative_to(SCHEMAS.resolve())


def test_the_catalogue_leads_to_exported_schemas(tmp_path: Path) -> None:
    """With --export the addresses are those of the files that are written."""
    directory = tmp_path / "a folder #1"
    catalog = read_catalog("--export", str(directory))
    assert {path_of(entry["url"]).parent for entry in catalog["schemas"]} == {directory.resolve()}
    assert all(path_of(entry["url"]).is_file() for entry in catalog["schemas"])


def test_the_catalogue_is_of_all_schemas() -> None:
    """A message beside --catalog is refused."""
    outcome = run_here("schema", "request", "--catalog")
    assert (outcome.code, outcome.last_line) == (
        2,
        "altcraft-contract: error: --catalog is of all schemas; leave out the message",
    )


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("preorder_commit.json", "request"),
        ("gift-card.preorder_commit.json", "request"),
        ("preorder_commit.request.json", "request"),
        ("preorder_commit-7-request.json", "request"),
        ("preorder_commit.response.json", "response"),
        ("preorder_commit-response.json", "response"),
        ("ci.altcraft-lint.json", "lint-report"),
        ("ci.altcraft-lint-summary.json", "lint-summary"),
        ("v76.altcraft-diff.json", "diff-report"),
        ("v75.altcraft-drift.json", "drift-report"),
        ("altcraft-contract.toml", "configuration"),
        ("package.json", None),
        ("request.json", None),
    ],
)
def test_a_file_has_one_schema(name: str, schema: str | None) -> None:
    """No file has two schemas, and what is said to be a message is checked by the hooks, too."""
    found = [key for key, entry in CATALOG.items() if any(fnmatchcase(name, pattern) for pattern in entry.patterns)]
    assert found == ([schema] if schema is not None else [])
    if schema in ("request", "response"):
        (files,) = (hook.files for hook in HOOKS if hook.id == "altcraft-contract-lint")
        assert re.search(files, f"tests/{name}")


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_the_place_of_a_schema_in_xml_is_no_finding(engine: str, tmp_path: Path) -> None:
    """An attribute that tells editors where the schema is changes nothing; a member of JSON that does is a warning."""
    examples = load_contract().examples
    place = (
        b'<xml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="request.xsd10.xsd">'
    )
    plain, with_place, member = (tmp_path / name for name in ("plain.xml", "place.xml", "member.json"))
    plain.write_bytes(examples["request.xml"])
    with_place.write_bytes(examples["request.xml"].replace(b"<xml>", place))
    member.write_bytes(examples["request.json"].replace(b"{", b'{"$schema": "request.schema.json",', 1))

    def found(path: Path) -> list[str]:
        report = json.loads(run_here("lint", "--engine", engine, "--format", "json", str(path)).stdout)
        return [finding["rule"] for finding in report["results"][0]["findings"]]

    assert found(with_place) == found(plain)
    assert "unknown-field" not in found(plain)
    assert "unknown-field" in found(member)
