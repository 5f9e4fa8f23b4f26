"""The reference is complete and current, and links lead somewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import httpx
import pytest

from altcraft_contract import errors, fuzz, strategies, stub, validation
from altcraft_contract.cli import exit_codes
from altcraft_contract.cli.entry import COMMANDS, group
from altcraft_contract.cli.options import configuration_keys
from altcraft_contract.configuration import EXTEND, OVERRIDES, PROFILES, SECRETS, SEVERITY, SUPPRESS, VALUES
from altcraft_contract.documents.problem import MAX_PROBLEMS
from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.rules import RULES
from tests.docs.markdown import PAGES, ROOT, find_anchors, iter_links, name_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFERENCE = ROOT / "docs/reference"
TOOL = ROOT / "tools/reference.py"


def read_section(page: str, heading: str) -> str:
    """Return a page of the reference from a heading to the next one of its level."""
    text = (REFERENCE / page).read_text("utf-8")
    return re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], flags=re.MULTILINE)[0]


def load_command(name: str) -> click.Command:
    """Return a command of the program."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link into the project leads to a file that is there, and its fragment to a heading in it."""
    for link in iter_links(page):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not fragment or fragment in find_anchors(target), link


def test_every_page_can_be_reached() -> None:
    """Every page of the documentation is linked from the README, those of the rules from their table."""
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in (ROOT / "README.md", REFERENCE / "rules.md")
        for link in iter_links(page)
    }

    assert {page for page in PAGES if ROOT / "docs" in page.parents} <= linked


def test_generated_tables_are_current() -> None:
    """The tables of the reference are what the code's tables give now."""
    run = subprocess.run([sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_a_stale_table_is_told(tmp_path: Path) -> None:
    """A copy of the project with one table changed makes the check print the difference, fail, and change nothing."""
    page = tmp_path / "docs/reference/command-line.md"
    for source in (*REFERENCE.glob("*.md"), TOOL, *TOOL.parent.glob("tables/*.py")):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
    stale = page.read_text("utf-8").replace("| 130 |", "| 131 |")
    page.write_text(stale, "utf-8")

    command = [sys.executable, str(tmp_path / "tools/reference.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 1, run.stderr
    assert "-| 131 |" in run.stdout
    assert "+| 130 |" in run.stdout
    assert page.read_text("utf-8") == stale


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_in_the_reference(rule: str) -> None:
    """A rule has a page of its own, and a row in the tables of rules, of schema languages and of tests."""
    assert (REFERENCE / f"rules/{rule}.md").read_text("utf-8").startswith(f"# {rule}\n")
    assert f"| [`{rule}`](" in (REFERENCE / "rules.md").read_text("utf-8")
    assert f"| [`{rule}`](" in (REFERENCE / "traceability.md").read_text("utf-8")
    assert f"| [`{rule}`](" in (REFERENCE / "schema-languages.md").read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_in_the_reference(name: str) -> None:
    """Every option of a command, and its variable, stands in the command's section."""
    section = read_section("command-line.md", name)

    for option in load_command(name).params:
        if isinstance(option, click.Option):
            assert all(f"`{spelling}`" in section for spelling in option.opts)
            assert option.envvar is None or f"`{option.envvar}`" in section


def test_every_configuration_key_is_in_the_reference() -> None:
    """Every long option of lint but those that say what configures it is a key, and so are the tables beside them."""
    section = read_section("command-line.md", "Configuration")
    tables = {EXTEND, OVERRIDES, PROFILES, SECRETS, SEVERITY, SUPPRESS, VALUES}

    found = set(re.findall(r"^\| `\[*([a-z-]+)\]*`", section, re.MULTILINE))

    assert found == configuration_keys(load_command("lint")).keys() | tables


def test_every_exit_code_is_in_the_reference() -> None:
    """The table of exit codes holds those that there are, and no other."""
    section = read_section("command-line.md", "Exit codes")
    codes = {code for name, code in vars(exit_codes).items() if name.startswith("EXIT_")}

    assert {int(code) for code in re.findall(r"^\| ([0-9]+) \|", section, re.MULTILINE)} == codes


def test_the_python_interface_is_in_the_reference() -> None:
    """Everything that the module of the checks exports, and every exception, stands on the page of the interface."""
    page = (REFERENCE / "python.md").read_text("utf-8")
    exceptions = {
        name for name, item in vars(errors).items() if isinstance(item, type) and item.__module__ == errors.__name__
    }

    assert {name for name in {*validation.__all__, *exceptions} if not re.search(rf"\b{name}\b", page)} == set()


def test_the_strategies_are_in_the_reference() -> None:
    """Everything that the module of the strategies exports stands on its page, with every case, mutation and way."""
    page = (REFERENCE / "strategies.md").read_text("utf-8")
    tables = (strategies.EDGE_CASES, strategies.MUTATIONS, strategies.MALFORMED_JSON, strategies.MALFORMED_XML)

    assert {name for name in strategies.__all__ if not re.search(rf"\b{name}\b", page)} == set()
    assert {name for table in tables for name in table if f"| `{name}` |" not in page} == set()


def test_the_stub_is_in_the_reference() -> None:
    """What the module of the stub exports stands on the page of the interface, and every scenario on the stub's."""
    interface, page = ((REFERENCE / name).read_text("utf-8") for name in ("python.md", "stub.md"))

    assert {name for name in stub.__all__ if not re.search(rf"\b{name}\b", interface)} == set()
    assert {name for name in stub.SCENARIOS if f"| `{name}` |" not in page} == set()


def test_the_fuzzer_is_in_the_reference() -> None:
    """What the module of the fuzzer exports stands on its page, with every phase and every oracle."""
    page = (REFERENCE / "fuzzer.md").read_text("utf-8")

    assert {name for name in fuzz.__all__ if not re.search(rf"\b{name}\b", page)} == set()
    assert {name for name in (*PHASES, *fuzz.ORACLES) if f"| `{name}` |" not in page} == set()


CALLS: dict[str, tuple[str, Any]] = {
    "health": ("GET", None),
    "journal": ("GET", None),
    "summary": ("GET", None),
    "orders": ("GET", None),
    "scenario": ("POST", {"scenario": "outdated", "times": 2, "external_id": None, "delay": None}),
    "prices": ("PUT", {"prices": {"SKU-1": "100.00"}}),
    "reset": ("POST", {"journal": True, "state": True, "scenarios": True, "prices": True}),
}


def iter_shapes(value: object, path: str = "") -> Iterator[str]:
    """Yield the path of each member of a JSON value; names that are ids are left alone."""
    if isinstance(value, list) and value:
        yield from iter_shapes(value[0], f"{path}[]")
    elif isinstance(value, dict) and path not in (".findings", ".scenarios", ".prices"):
        for name, member in value.items():
            yield f"{path}.{name}"
            yield from iter_shapes(member, f"{path}.{name}")


def test_control_calls_answer_as_the_reference_shows() -> None:
    """Each control call takes what the page shows, and answers the members that it shows and no other."""
    section = read_section("stub.md", "Control calls")
    shown = [set(iter_shapes(json.loads(text))) for text in re.findall(r"```json\n(.*?)```", section, re.DOTALL)]
    headers = {"content-type": "application/json"}
    order = (ROOT / "schemas/v75/examples/request.json").read_bytes()

    with stub.StubServer() as server, httpx.Client(base_url=server.base_url, trust_env=False) as client:
        client.post(stub.ENDPOINT_PATH, content=order, headers=headers)
        for name, (method, body) in CALLS.items():
            answer = client.request(method, f"/__altcraft__/{name}", json=body)
            assert answer.is_success, name
            value = {**answer.json(), "entries": []} if name == "journal" else answer.json()
            assert set(iter_shapes(value)) in shown, name
            assert body is None or set(iter_shapes(body)) in shown, name
            assert f"`{method} /__altcraft__/{name}`" in section


def test_limits_are_those_of_the_code() -> None:
    """The number of problems that are kept of one document stands in the page of limits."""
    assert f"{MAX_PROBLEMS:,}" in (REFERENCE / "limits.md").read_text("utf-8")


def test_the_changelog_counts_the_rules() -> None:
    """The changelog tells how many rules the contract has."""
    assert f"{len(RULES)} rules" in (ROOT / "CHANGELOG.md").read_text("utf-8")
