"""Options, environment and configuration, and which of them wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from altcraft_contract.contract import load_contract
from tests.cli.running import run_here

OWN = "altcraft-contract.toml"
WARNED = "total-mismatch"  # of the documented request
KNOWN = (
    "color, engine, fail-on, format, ignore, max-size, message, output, quiet, select, severity, stdin-filename, "
    "syntax, verbose"
)


@pytest.fixture(autouse=True)
def _in_a_repository_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "order.json").write_bytes(load_contract().examples["request.json"])
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def configure(text: str, path: str = OWN) -> None:
    """Write a configuration."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def rules_found(*arguments: str) -> list[str]:
    """The rules of the findings of a run over the documented request."""
    outcome = run_here("lint", "order.json", *arguments)
    return [line.split(" ")[2].rstrip(":") for line in outcome.stdout.splitlines() if line.startswith("order.json:")]


@pytest.mark.parametrize("table", ["", "[tool.altcraft-contract]\n"])
def test_a_configuration_sets_options(table: str) -> None:
    """Keys are long options, in a file of ours or in the table of pyproject.toml."""
    text = f'{table}ignore = ["{WARNED}"]\nquiet = true\nmax-size = 5\n'
    configure(text, "pyproject.toml" if table else OWN)
    outcome = run_here("lint", "order.json")
    assert WARNED not in outcome.stdout
    assert "checked" not in outcome.stdout


def test_a_list_of_rules_may_be_a_text() -> None:
    """Rules may be one text with commas, as on the command line."""
    configure(f'ignore = "{WARNED}, points-amount-missing"')
    assert rules_found() == []


def test_severities_are_a_table() -> None:
    """The table `severity` makes an error of a warning."""
    assert run_here("lint", "order.json").code == 0
    configure(f'[severity]\n{WARNED} = "error"')
    assert run_here("lint", "order.json").code == 1


def test_the_nearest_configuration_above_counts() -> None:
    """Configurations are looked for in the directory and above; a file of ours wins over pyproject.toml beside it."""
    configure('[tool.altcraft-contract]\nfail-on = "warning"', "pyproject.toml")
    configure("[tool.other]\nx = 1", "sub/deep/pyproject.toml")
    path = str(Path("order.json").resolve())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir("sub/deep")
        assert run_here("lint", path).code == 1
        configure('[tool.altcraft-contract]\nfail-on = "warning"', "../pyproject.toml")
        configure('fail-on = "never"', f"../{OWN}")
        assert run_here("lint", path).code == 0


def test_an_empty_table_ends_the_search() -> None:
    """A table without a key is a configuration, too."""
    configure('fail-on = "warning"')
    configure("[tool.altcraft-contract]", "sub/pyproject.toml")
    path = str(Path("order.json").resolve())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir("sub")
        assert run_here("lint", path).code == 0


def test_the_search_ends_at_the_repository() -> None:
    """Above the directory that holds `.git` nothing is looked for."""
    configure('fail-on = "warning"')
    Path("inner/.git").mkdir(parents=True)
    path = str(Path("order.json").resolve())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir("inner")
        assert run_here("lint", path).code == 0


def test_an_option_wins_over_the_environment_and_that_over_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Option, environment, configuration, default: the first that is there counts."""
    assert run_here("lint", "order.json").code == 0
    configure('fail-on = "warning"')
    assert run_here("lint", "order.json").code == 1
    monkeypatch.setenv("ALTCRAFT_CONTRACT_FAIL_ON", "never")
    assert run_here("lint", "order.json").code == 0
    assert run_here("lint", "order.json", "--fail-on", "warning").code == 1


@pytest.mark.parametrize("separator", [",", " ", ", "])
def test_a_list_in_the_environment_has_commas_or_spaces(separator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules in an environment variable are separated by commas or spaces."""
    monkeypatch.setenv("ALTCRAFT_CONTRACT_IGNORE", separator.join([WARNED, "points-amount-missing"]))
    assert rules_found() == []
    monkeypatch.delenv("ALTCRAFT_CONTRACT_IGNORE")
    monkeypatch.setenv("ALTCRAFT_CONTRACT_SELECT", separator.join([WARNED, "malformed"]))
    assert rules_found() == [WARNED]


def test_an_option_given_twice_adds_up() -> None:
    """Rules may be given by several options, and several in each."""
    assert rules_found("--ignore", WARNED, "--ignore", "points-amount-missing,missing-field") == []
    assert rules_found("--select", f"malformed,{WARNED}") == [WARNED]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('ignor = ["x"]', "unknown key 'ignor'; did you mean 'ignore'?"),
        ('fail_on = "error"', "unknown key 'fail_on'; did you mean 'fail-on'?"),
        ("zzz = 1", f"unknown key 'zzz'; known are {KNOWN}"),
        ('config = "x"', f"unknown key 'config'; known are {KNOWN}"),
        (
            "[tool.altcraft-contract]\nquiet = true",
            "unknown key 'tool'; in a file of this name keys stand at the top, without [tool.altcraft-contract]",
        ),
        ('"a\\u001b[31m" = 1', f"unknown key 'a\\x1b[31m'; known are {KNOWN}"),
        ("format = 3", "format = 3: expected one of text, json"),
        ('format = ["text"]', "format = ['text']: expected one of text, json"),
        ('fail-on = "nope"', "fail-on = 'nope': expected one of error, warning, never"),
        ("quiet = 1", "quiet = 1: expected true or false"),
        ('verbose = "yes"', "verbose = 'yes': expected true or false"),
        ("max-size = true", "max-size = True: expected a whole number from 1 to 1024"),
        ("max-size = 0", "max-size = 0: expected a whole number from 1 to 1024"),
        ("max-size = 2.5", "max-size = 2.5: expected a whole number from 1 to 1024"),
        ("output = 1", "output = 1: expected a text"),
        ("ignore = [1]", "ignore = [1]: expected a list of texts"),
        ("ignore = {a = 1}", "ignore = {'a': 1}: expected a list of texts"),
        ('ignore = ["total-mismatc"]', "unknown rule 'total-mismatc'; did you mean 'total-mismatch'?"),
        ('select = ["nope"]', "unknown rule 'nope'; `altcraft-contract rules` lists them"),
        (
            'ignore = ["malformed"]',
            "'malformed' cannot be ignored or changed: nothing else of such a body can be judged",
        ),
        ('severity = "error"', "severity = 'error': expected a table of rules and severities"),
        ('[severity]\nmissing-field = "info"', "severity.missing-field = 'info': expected one of error, warning"),
        ("[severity]\nmissing-field = 1", "severity.missing-field = 1: expected one of error, warning"),
        ('[severity]\nnope = "error"', "unknown rule 'nope'; `altcraft-contract rules` lists them"),
        ("a = ", "not TOML: Invalid value (at end of document)"),
        ("a = " + "[" * 100_000, "not TOML that can be read: nested too deeply"),
    ],
)
def test_a_wrong_configuration_says_where_and_what(text: str, reason: str) -> None:
    """A configuration that cannot be used ends the run with its file, the key, what was expected, and exit code 2."""
    configure(text)
    outcome = run_here("lint", "order.json")
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr == f"altcraft-contract: error: {Path(OWN).resolve()}: {reason}\n"


@pytest.mark.parametrize(
    ("data", "start"),
    [(b"a = '\xff'", "not TOML: 'utf-8' codec"), (b"a = " + b"1" * 5_000, "not TOML: Exceeds the limit")],
)
def test_a_configuration_that_is_no_text_says_so(data: bytes, start: str) -> None:
    """Bytes that are not UTF-8, and numbers without end, are no bug of ours."""
    Path(OWN).write_bytes(data)
    outcome = run_here("lint", "order.json")
    assert outcome.code == 2
    assert f"{OWN}: {start}" in outcome.stderr


def test_a_byte_order_mark_does_no_harm() -> None:
    """A configuration written by an editor that adds a byte order mark is read."""
    configure("\ufeffquiet = true")
    assert "checked" not in run_here("lint", "order.json").stdout


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nope.toml", "nope.toml: the configuration cannot be read: No such file or directory"),
        (".git", ".git: the configuration cannot be read: Is a directory"),
        ("pyproject.toml", "pyproject.toml: has no table [tool.altcraft-contract]"),
    ],
)
def test_a_named_configuration_must_be_one(path: str, reason: str) -> None:
    """A file that --config names must be there and configure us."""
    configure("[tool.other]", "pyproject.toml")
    outcome = run_here("lint", "order.json", "--config", path)
    assert (outcome.code, outcome.stderr) == (2, f"altcraft-contract: error: {reason}\n")


def test_a_named_configuration_replaces_the_one_that_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of --config, or of its environment variable, is the only one that is read."""
    configure("broken")
    configure('fail-on = "warning"', "other.toml")
    assert run_here("lint", "order.json", "--config", "other.toml").code == 1
    monkeypatch.setenv("ALTCRAFT_CONTRACT_CONFIG", "other.toml")
    assert run_here("lint", "order.json").code == 1


@pytest.mark.parametrize("text", ["[tool]\naltcraft-contract = 3", "tool = 'altcraft-contract'"])
def test_a_table_that_is_none(text: str) -> None:
    """A value in the place of our table is told; in the place of all tables it is another program's concern."""
    configure(text, "pyproject.toml")
    outcome = run_here("lint", "order.json")
    assert (outcome.code, "is not a table" in outcome.stderr) in ((2, True), (0, False))


def test_a_wrong_value_in_the_environment_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for a mistake on the command line that stands in the environment."""
    monkeypatch.setenv("ALTCRAFT_CONTRACT_FORMAT", "yaml")
    outcome = run_here("lint", "order.json")
    assert outcome.code == 2
    assert outcome.last_line == (
        "altcraft-contract: error: Invalid value for '--format' / '-f': 'yaml' is not one of 'text', 'json'. "
        "(it comes from the environment variable ALTCRAFT_CONTRACT_FORMAT)"
    )


@pytest.mark.parametrize(
    ("variables", "arguments", "on_terminal", "is_colored"),
    [
        ({}, (), True, True),
        ({}, (), False, False),
        ({"TERM": "dumb"}, (), True, False),
        ({"NO_COLOR": "1"}, (), True, False),
        ({"NO_COLOR": ""}, (), True, True),
        ({"FORCE_COLOR": "1"}, (), False, True),
        ({"FORCE_COLOR": "0"}, (), False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, (), True, False),
        ({"NO_COLOR": "1"}, ("--color", "always"), False, True),
        ({"FORCE_COLOR": "1"}, ("--color", "never"), True, False),
        ({"ALTCRAFT_CONTRACT_COLOR": "always"}, (), False, True),
    ],
)
def test_colours_are_for_those_who_want_them(
    variables: dict[str, str],
    arguments: tuple[str, ...],
    on_terminal: bool,
    is_colored: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The option decides, then NO_COLOR, then FORCE_COLOR, then whether there is a terminal that has colours."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    outcome = run_here("lint", "order.json", *arguments, on_terminal=on_terminal)
    assert ("\x1b[" in outcome.stdout) == is_colored
