"""`altcraft-contract init`: what a repository starts with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from altcraft_contract import __version__
from altcraft_contract.cli.starting_files import HOOKS, make_configuration, make_hooks
from altcraft_contract.contract import load_contract
from tests.cli.configuring import keys_of, load_for_all
from tests.cli.running import run_here

ROOT = Path(__file__).parents[2]
OWN, SHARED, PRE_COMMIT = "altcraft-contract.toml", "pyproject.toml", ".pre-commit-config.yaml"
TABLE = "tool.altcraft-contract"


@pytest.fixture(autouse=True)
def _in_a_repository_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "order.json").write_bytes(load_contract().examples["request.json"])
    monkeypatch.chdir(tmp_path)


def uncomment(text: str) -> str:
    """Put every key in force."""
    return re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE)


def test_a_repository_gets_a_configuration_and_hooks() -> None:
    """Both files are written, the next step is told, and `lint` runs as before."""
    before = run_here("lint", "order.json").stdout
    outcome = run_here("init")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr.splitlines() == [
        f"altcraft-contract: wrote {OWN}",
        f"altcraft-contract: wrote {PRE_COMMIT}",
        f"altcraft-contract: next: take a # away in {OWN}; altcraft-contract lint .; pre-commit install",
    ]
    assert Path(OWN).read_text("utf-8") == make_configuration()
    assert Path(PRE_COMMIT).read_text("utf-8") == make_hooks()
    assert run_here("lint", "order.json").stdout == before


@pytest.mark.parametrize("table", ["", TABLE])
def test_the_configuration_loads_with_and_without_comments(table: str) -> None:
    """It is valid as it is, and with every key and every table in force, for every command."""
    file = SHARED if table else OWN
    text = make_configuration(table)
    Path(file).write_text(text, "utf-8")
    load_for_all(file)
    assert tomllib.loads(text) == ({"tool": {"altcraft-contract": {}}} if table else {})
    Path(file).write_text(uncomment(text), "utf-8")
    load_for_all(file)
    load_for_all(file, "ci")


def test_every_line_of_the_configuration_is_a_comment() -> None:
    """Prose has a space behind the #, and what can be put in force has none."""
    lines = make_configuration().splitlines()
    assert all(re.match(r"#(?: |[a-z\[])|$", line) for line in lines)
    assert max(map(len, lines)) <= 120


def test_the_configuration_shows_the_defaults() -> None:
    """With every key in force a key says what holds without it, and both forms have the same keys."""
    content = tomllib.loads(uncomment(make_configuration()))
    options = keys_of("lint")
    shown = {key: value for key, value in {**content, **content["lint"]}.items() if key in options}
    assert {"select", "ignore", "fail-on", "engine", "max-size", "format"} <= shown.keys()
    for key, value in shown.items():
        default: Any = options[key].default
        assert value in (default, []) or value is False or not isinstance(default, (str, int, float)), key
    assert tomllib.loads(uncomment(make_configuration(TABLE)))["tool"]["altcraft-contract"] == content


def test_there_is_an_example_of_every_table() -> None:
    """Suppressions, overrides, secrets, severities and a profile are shown."""
    content = tomllib.loads(uncomment(make_configuration()))
    for key in ("extend", "severity", "suppress", "overrides", "secrets", "profiles", "lint"):
        assert key in content
    assert content["profiles"].keys() == {"ci"}
    assert content["secrets"]["allow"]


def test_the_hooks_are_those_that_the_project_publishes() -> None:
    """The local hooks do what the published ones do, and the commented variant names all of them."""
    published = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    text = make_hooks()
    (repository,) = yaml.safe_load(text)["repos"]
    assert repository["repo"] == "local"
    assert {hook["id"] for hook in repository["hooks"]} == published.keys() == {hook.id for hook in HOOKS}
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        for key in ("name", "entry", "files"):
            assert hook[key] == published[hook["id"]][key], hook["id"]
    elsewhere = yaml.safe_load(re.sub("(?m)^  # (?=- repo|  )", "  ", text))["repos"][1]
    assert elsewhere["rev"] == f"v{__version__}"
    assert {hook["id"] for hook in elsewhere["hooks"]} == published.keys()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_table_is_added_to_pyproject(line_end: str, end: str) -> None:
    """The bytes that are there stay, the table comes behind them with the same line ends, and is in force at once."""
    before = f"\ufeff[project]{line_end}name = 'é'{end and line_end}".encode()
    Path(SHARED).write_bytes(before)
    outcome = run_here("init", "--pyproject")
    assert outcome.code == 0
    assert outcome.stderr.startswith(f"altcraft-contract: added [{TABLE}] to {SHARED}\n")
    after = Path(SHARED).read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == after.count(line_end.encode())
    assert f"{line_end}{line_end}[{TABLE}]{line_end}".encode() in after
    assert not Path(OWN).exists()
    load_for_all(SHARED)


@pytest.mark.parametrize(
    ("files", "arguments", "fault"),
    [
        ({OWN: ""}, (), f"{OWN}: is there already; --force overwrites it"),
        (
            {SHARED: f"[{TABLE}]"},
            (),
            f"{SHARED}: has [{TABLE}], over which {OWN} would win; --force writes that all the same",
        ),
        ({SHARED: f"[{TABLE}.lint]"}, ("--pyproject",), f"{SHARED}: has [{TABLE}] already; change it by hand"),
        ({SHARED: f"[{TABLE}]"}, ("--pyproject", "--force"), f"{SHARED}: has [{TABLE}] already; change it by hand"),
        ({}, ("--pyproject",), f"{SHARED}: there is no such file; leave out --pyproject"),
        ({SHARED: "", OWN: ""}, ("--pyproject",), f"{OWN}: is there, and wins over {SHARED}; leave out --pyproject"),
        ({SHARED: "a ="}, ("--pyproject",), f"{SHARED}: not TOML: Invalid value (at end of document)"),
        (
            {SHARED: "tool = {a = 1}"},
            ("--pyproject",),
            f"{SHARED}: takes no table at its end: [tool] is written in one line",
        ),
        ({}, ("nope",), "nope: there is no such directory; make it first"),
        ({"file": ""}, ("file",), "file: there is no such directory; make it first"),
    ],
)
def test_nothing_is_lost(files: dict[str, str], arguments: tuple[str, ...], fault: str) -> None:
    """What cannot be done without a loss is refused with what to do, exit code 2, and nothing written."""
    for name, text in files.items():
        Path(name).write_text(text, "utf-8")
    outcome = run_here("init", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.last_line.removeprefix("altcraft-contract: error: ").removeprefix(f".{'/'}") == fault
    assert {name: Path(name).read_text("utf-8") for name in files} == files
    assert not Path(PRE_COMMIT).exists()


def test_force_overwrites_the_configuration_only() -> None:
    """With --force our own file is written anew; the hooks of other programs stay."""
    Path(OWN).write_text("quiet = true", "utf-8")
    Path(PRE_COMMIT).write_text("repos: []\n", "utf-8")
    assert run_here("init", "--force").code == 0
    assert Path(OWN).read_text("utf-8") == make_configuration()
    assert Path(PRE_COMMIT).read_text("utf-8") == "repos: []\n"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A symbolic link in the place of our file is left alone, whatever it leads to."""
    (tmp_path / "elsewhere").write_text("mine", "utf-8")
    Path(OWN).symlink_to("elsewhere")
    outcome = run_here("init", "--force")
    assert (outcome.code, "symbolic link" in outcome.last_line) == (2, True)
    assert (tmp_path / "elsewhere").read_text("utf-8") == "mine"


def test_hooks_are_printed_where_there_are_others() -> None:
    """A configuration of pre-commit that is there stays, and what is printed can be added to its list."""
    before = "repos:\n  - repo: https://example.com/other\n    rev: v1\n    hooks:\n      - id: other\n"
    Path(PRE_COMMIT).write_text(before, "utf-8")
    outcome = run_here("init")
    assert outcome.code == 0
    assert f"{PRE_COMMIT} is there already and stays as it is; add these hooks to it:" in outcome.stderr
    assert Path(PRE_COMMIT).read_text("utf-8") == before
    added = yaml.safe_load(before + outcome.stdout)["repos"]
    assert [hook["id"] for hook in added[1]["hooks"]] == [hook.id for hook in HOOKS]
    assert len(added) == 2


def test_hooks_that_are_there_are_not_printed_again() -> None:
    """A second run, or hooks that somebody wrote by hand, need none."""
    run_here("init")
    outcome = run_here("init", "--force")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert f"{PRE_COMMIT} has the hooks already" in outcome.stderr


@pytest.mark.parametrize("arguments", [(), ("--pyproject",)])
def test_a_dry_run_writes_nothing(arguments: tuple[str, ...]) -> None:
    """--dry-run prints all that would be written, each below its name."""
    Path(SHARED).write_text("[project]\n", "utf-8")
    outcome = run_here("init", "--dry-run", *arguments)
    assert outcome.code == 0
    assert f"# {SHARED if arguments else OWN}" in outcome.stdout
    assert make_configuration(TABLE if arguments else "") in outcome.stdout
    assert make_hooks() in outcome.stdout
    assert outcome.stderr == ""
    assert {path.name for path in Path().iterdir()} == {".git", "order.json", SHARED}


def test_another_directory_can_be_named() -> None:
    """DIR is where the files go."""
    Path("sub").mkdir()
    assert run_here("init", "sub").code == 0
    assert {path.name for path in Path("sub").iterdir()} == {OWN, PRE_COMMIT}
    assert not Path(OWN).exists()
