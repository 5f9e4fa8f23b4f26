"""`rules`, `explain`, `convert`, `schema`, and help everywhere."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from altcraft_contract import __version__
from altcraft_contract.cli.entry import COMMANDS, group
from altcraft_contract.contract import load_contract
from altcraft_contract.rules.catalogue import RULES
from tests.cli.running import run_here

CONTRACT = load_contract()


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, body in CONTRACT.examples.items():
        Path(name).write_bytes(body)


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_command_has_help(command: tuple[str, ...], option: str) -> None:
    """Help, long or short, is exit code 0, names the command and each of its options, and fits a narrow terminal."""
    outcome = run_here(*command, option)
    assert outcome.code == 0
    assert outcome.stdout.startswith(f"Usage: {' '.join(['altcraft-contract', *command])}")
    assert "-h, --help" in outcome.stdout
    assert max(map(len, outcome.stdout.splitlines())) <= 80
    assert not outcome.stderr


def examples_of(name: str) -> list[list[str]]:
    """The words of each example in the help of a command, without what a shell makes of the rest of its line."""
    text = re.sub(r" \\\n *", " ", run_here(name, "-h").stdout)
    lines = re.findall(rf"^ {{4}}.*?(altcraft-contract {name}\b[^|<>)\n]*)", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_and_exit_codes(name: str) -> None:
    """The help of every command has examples, which its parser takes, and the meaning of exit codes 0 and 2."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    context = click.Context(command, info_name=name)
    text = run_here(name, "-h").stdout

    assert "\n  Examples:\n    " in text
    assert re.search(r"Exit codes: 0 .*\b2 ", " ".join(text.split()))
    assert examples_of(name)
    for _, _, *words in examples_of(name):
        values, _, _ = command.make_parser(context).parse_args(words)
        for parameter in command.params:
            value = values.get(parameter.name)
            if isinstance(value, str | list):
                parameter.type_cast_value(context, value)


def test_without_a_command_help_is_wrong_usage() -> None:
    """Without any argument the help goes to the standard error, and the exit code is 2."""
    outcome = run_here()
    assert (outcome.code, outcome.stdout) == (2, "")
    assert all(f"  {name} " in outcome.stderr for name in COMMANDS)


def test_help_tells_the_exit_codes() -> None:
    """The help of the whole program tells what each exit code means."""
    assert "Exit codes: 0 nothing at or above --fail-on, 1 findings, 2" in run_here("-h").stdout


def test_the_version_is_that_of_the_package() -> None:
    """`--version` tells name and version."""
    assert run_here("--version").stdout == f"altcraft-contract {__version__}\n"


def test_rules_lists_every_rule() -> None:
    """The list has a line a rule, in the order of the catalogue; as JSON it has every fact of it."""
    lines = run_here("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines[: len(RULES)]] == list(RULES)
    listed = json.loads(run_here("rules", "-f", "json").stdout)
    assert [rule["id"] for rule in listed] == list(RULES)
    assert set(listed[0]) == {"id", "severity", "basis", "scope", "section", "statement", "remedy"}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained(rule: str) -> None:
    """Each rule is explained with its statement, its source, samples that keep and break it, and how to silence it."""
    outcome = run_here("explain", rule)
    assert outcome.code == 0
    for part in (
        f"{rule} ({RULES[rule].severity})\n",
        "Basis:",
        "Source:",
        "Keeps the rule:",
        "Breaks the rule:",
        "silence",
    ):
        assert part in outcome.stdout


@pytest.mark.parametrize(
    ("rule", "remedy"),
    [("line-item-mising", "did you mean 'line-item-missing'?"), ("zzz", "`altcraft-contract rules` lists them")],
)
def test_an_unknown_rule_is_told_with_its_nearest(rule: str, remedy: str) -> None:
    """An unknown rule is exit code 2, with the one that was meant or where to look."""
    outcome = run_here("explain", rule)
    assert (outcome.code, outcome.stderr) == (2, f"altcraft-contract: error: unknown rule {rule!r}; {remedy}\n")


@pytest.mark.parametrize("name", ["request.json", "request.xml", "response.json", "response.xml"])
def test_convert_goes_there_and_back(name: str) -> None:
    """A documented example converted twice is what it was; files and the standard streams give the same."""
    other = "xml" if name.endswith("json") else "json"
    once = run_here("convert", name)
    assert once.code == 0
    assert run_here("convert", "-", stdin=Path(name).read_bytes()).stdout == once.stdout
    assert run_here("convert", name, "-o", f"out.{other}").stdout == ""
    assert Path(f"out.{other}").read_text(encoding="utf-8") == once.stdout
    twice = run_here("convert", f"out.{other}", "--to", "json")
    assert json.loads(twice.stdout) == json.loads(run_here("convert", name, "--to", "json").stdout)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the document: malformed: the body is empty"),
        (b'{"data": null}', "/data: is null where an object is documented"),
        (
            b'{"data": {"custom_fields": {"a b": "c"}}}',
            "/data/custom_fields/a b: the name cannot be that of an XML element",
        ),
    ],
)
def test_what_cannot_be_converted_is_pointed_at(body: bytes, reason: str) -> None:
    """What the other syntax cannot carry is exit code 2, with a pointer and the reason."""
    outcome = run_here("convert", "-", stdin=body)
    assert outcome.code == 2
    assert outcome.stderr.startswith("altcraft-contract: error: -: cannot be converted: ")
    assert reason in outcome.stderr or reason.partition(": ")[0] in outcome.stderr


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nope.json", "no such file or directory"),
        (".git", "is a directory"),
        ("a\0", "a path cannot hold a NUL character"),
    ],
)
def test_convert_says_why_a_file_cannot_be_read(path: str, reason: str) -> None:
    """A file that cannot be read is exit code 2."""
    outcome = run_here("convert", path)
    shown = path.replace("\0", "\\x00")
    assert (outcome.code, outcome.stderr) == (2, f"altcraft-contract: error: {shown}: {reason}\n")


def test_convert_reads_no_more_than_allowed() -> None:
    """A body larger than --max-size is refused before it is read whole."""
    outcome = run_here("convert", "-", "--max-size", "1", stdin=b"[" * (1 << 21))
    assert outcome.code == 2
    assert "allowed" in outcome.stderr


def test_convert_needs_an_open_standard_input() -> None:
    """A closed standard input cannot be converted."""
    assert run_here("convert", "-", stdin=None).code == 2


@pytest.mark.parametrize("message", ["request", "response"])
@pytest.mark.parametrize(
    ("kind", "name"), [("json-schema", "{}.schema.json"), ("xsd", "{}.xsd"), ("xsd10", "{}.xsd10.xsd")]
)
def test_schema_prints_the_published_file(message: str, kind: str, name: str) -> None:
    """What is printed is the published schema, character for character."""
    expected = (CONTRACT.directory / name.format(message)).read_text(encoding="utf-8")
    assert run_here("schema", message, "--kind", kind).stdout == expected


def test_schema_prints_that_of_the_report() -> None:
    """The JSON Schema of lint's report can be had, too."""
    assert json.loads(run_here("schema", "lint-report").stdout)["$id"].startswith("urn:altcraft-contract:lint-report")


def test_schema_exports_everything() -> None:
    """An export holds every file of the contract, and the schemas of the reports and of the configuration."""
    outcome = run_here("schema", "--export", "out")
    assert (outcome.code, outcome.stdout) == (0, "")
    published = {path.relative_to(CONTRACT.directory) for path in CONTRACT.directory.rglob("*") if path.is_file()}
    written = {path.relative_to("out") for path in Path("out").rglob("*") if path.is_file()}
    assert written == published | {
        Path(f"{name}.schema.json")
        for name in ("lint-report", "lint-summary", "diff-report", "drift-report", "configuration")
    }
    assert all((Path("out") / path).read_bytes() == (CONTRACT.directory / path).read_bytes() for path in published)
    assert outcome.stderr.count("wrote ") == len(written)


def test_an_export_that_cannot_be_written_says_why() -> None:
    """A directory that cannot be made is exit code 2."""
    outcome = run_here("schema", "--export", "request.json")
    assert (outcome.code, outcome.stderr) == (
        2,
        "altcraft-contract: error: request.json: cannot be written: not a directory\n",
    )
