"""Options, environment and configuration, and which of them wins."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from altcraft_contract.cli import lint
from altcraft_contract.cli.configuration import Sourced, load_configuration
from altcraft_contract.cli.entry import COMMANDS, group
from altcraft_contract.cli.options import CONFIGURED, configuration_keys
from altcraft_contract.configuration import MOST_FILES, read_configuration
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import ConfigurationFault
from tests.cli.running import run_here

OWN = "altcraft-contract.toml"
WARNED = "total-mismatch"  # of the documented request
TABLES = ("extend", "overrides", "profiles", "secrets", "severity", "suppress", "values")
KNOWN = ", ".join(sorted([*configuration_keys(lint.command), *TABLES]))


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
        ("engine = 3", "engine = 3: expected one of fast, reference"),
        ('engine = ["fast"]', "engine = ['fast']: expected one of fast, reference"),
        ("max-size = inf", "max-size = inf: expected a whole number from 1 to 1024"),
        ('fail-on = "nope"', "fail-on = 'nope': expected one of error, warning, never"),
        ("quiet = 1", "quiet = 1: expected true or false"),
        ('verbose = "yes"', "verbose = 'yes': expected true or false"),
        ("max-size = true", "max-size = True: expected a whole number from 1 to 1024"),
        ("max-size = 0", "max-size = 0: expected a whole number from 1 to 1024"),
        ("max-size = 2.5", "max-size = 2.5: expected a whole number from 1 to 1024"),
        ("stdin-filename = 1", "stdin-filename = 1: expected a text"),
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
        ("values = 3", "values = 3: expected a table of what exists on the installation"),
        ("lint = 3", "lint = 3: expected a table of keys for that command"),
        ("fuzz = 3", "fuzz = 3: expected a table of keys for that command"),
        ("[lint]\nignor = 1", "unknown key 'ignor'; did you mean 'ignore'?"),
        ('[lint.severity]\nmissing-field = "error"', "lint: 'severity' can stand at the top only"),
        ("[convert]", f"unknown key 'convert'; known are {KNOWN}"),
        ("[suppress]", "suppress = {}: expected a list of tables, each below [[suppress]]"),
        ("suppress = [1]", "suppress = [1]: expected a list of tables, each below [[suppress]]"),
        ('overrides = "x"', "overrides = 'x': expected a list of tables, each below [[overrides]]"),
        ('secrets = ["x"]', "secrets: expected a table of lists of texts"),
        ("secrets.allowed = []", "unknown key 'secrets.allowed'; did you mean 'secrets.allow'?"),
        ("secrets.allow = [1]", "secrets.allow: expected a list of texts"),
        ("extend = 1", "extend = 1: expected the name of a file, or a list of them"),
        ('extend = "nope.toml"', "extend = 'nope.toml': there is no such file beside this one"),
        ('extend = "."', "extend = '.': there is no such file beside this one"),
        ('extend = "a\\u0000"', "extend = 'a\\x00': there is no such file beside this one"),
        (f'extend = "{OWN}"', f"extend = '{OWN}': that file extends this one; leave one of them out"),
        ("profiles = 1", "profiles = 1: expected a table of profiles"),
        ("profiles.ci = 1", "profiles.ci = 1: expected a table of keys"),
        ("[profiles.ci.profiles]", "profiles.ci: 'profiles' can stand at the top only"),
        ("[profiles.ci]\nextend = []", "profiles.ci: 'extend' can stand at the top only"),
        ("[profiles.ci]\nquiet = 1", "profiles.ci: quiet = 1: expected true or false"),
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


def test_a_token_that_is_no_text_is_not_shown() -> None:
    """A wrong token is told without it."""
    configure("token = 1234567890123")
    assert run_here("stub").last_line.endswith(f"{OWN}: token: expected a text")


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
    monkeypatch.setenv("ALTCRAFT_CONTRACT_ENGINE", "slow")
    outcome = run_here("lint", "order.json")
    assert outcome.code == 2
    assert outcome.last_line == (
        "altcraft-contract: error: Invalid value for '--engine': 'slow' is not one of 'fast', 'reference'. "
        "(it comes from the environment variable ALTCRAFT_CONTRACT_ENGINE)"
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


def test_the_commands_that_read_a_configuration_are_known() -> None:
    """Those commands, and no others, have options that say what configures them."""
    loaded = {name: group.get_command(click.Context(group), name) for name in COMMANDS}
    assert {name for name, command in loaded.items() if command is not None and configuration_keys(command)} == {
        *CONFIGURED
    }


@pytest.mark.parametrize("order", [("--config", "--profile"), ("--profile", "--config")])
def test_a_profile_is_laid_over_the_rest(order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of a profile win, those of the command's own table included, wherever the options stand."""
    configure(
        'fail-on = "warning"\n[lint]\nverbose = true\n[profiles.ci]\nfail-on = "never"\nverbose = false', "c.toml"
    )
    given = {"--config": ("--config", "c.toml"), "--profile": ("--profile", "ci")}
    assert run_here("lint", "order.json", "--config", "c.toml").code == 1
    outcome = run_here("lint", "order.json", *given[order[0]], *given[order[1]])
    assert outcome.code == 0
    assert run_here("lint", "order.json", "--config", "c.toml", "--profile", "ci", "--fail-on", "warning").code == 1
    monkeypatch.setenv("ALTCRAFT_CONTRACT_PROFILE", "ci")
    assert run_here("lint", "order.json", "--config", "c.toml").stdout == outcome.stdout


def test_severities_of_a_profile_are_added() -> None:
    """A profile grades further rules, and replaces lists."""
    configure(
        f'ignore = ["points-amount-missing"]\nseverity.{WARNED} = "error"\n'
        '[profiles.ci]\nignore = []\nseverity.points-amount-missing = "error"'
    )
    assert "1 error, 0 warnings" in run_here("lint", "order.json").stdout
    assert "3 errors, 0 warnings" in run_here("lint", "order.json", "--profile", "ci").stdout


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[profiles.ci]\n[profiles.all]", "unknown profile 'cy'; known are all, ci"),
        ("quiet = true", "unknown profile 'cy'; the configuration has none"),
        (None, "unknown profile 'cy'; there is no configuration"),
    ],
)
def test_a_profile_has_to_be_there(text: str | None, reason: str) -> None:
    """A profile that there is not ends the run, with the names of those that there are."""
    if text is not None:
        configure(text)
    outcome = run_here("lint", "order.json", "--profile", "cy")
    assert outcome.code == 2
    assert outcome.last_line.endswith(f"{OWN}: {reason}")


def test_a_profile_is_no_key() -> None:
    """A configuration cannot choose its own profile."""
    configure('profile = "ci"')
    assert "unknown key 'profile'" in run_here("lint", "order.json").last_line


def test_a_file_wins_over_what_it_extends() -> None:
    """Of several files that are extended the later one wins, and the file that extends them over all."""
    configure(f'extend = ["shared/one.toml", "shared/pyproject.toml"]\nseverity.{WARNED} = "error"')
    configure('fail-on = "never"\nverbose = true\nseverity.points-amount-missing = "error"', "shared/one.toml")
    configure('[tool.altcraft-contract]\nextend = "two.toml"\nfail-on = "error"', "shared/pyproject.toml")
    configure('fail-on = "warning"\nquiet = true', "shared/two.toml")
    outcome = run_here("lint", "order.json")
    assert outcome.code == 1
    assert outcome.stdout.count(": error ") == 3
    assert "checked" not in outcome.stdout
    assert read_configuration(Path(OWN)) == {
        "fail-on": "error",
        "verbose": True,
        "quiet": True,
        "severity": {"points-amount-missing": "error", WARNED: "error"},
    }


def test_a_file_that_several_extend_counts_once() -> None:
    """What two files extend lies below both, and its tables count once."""
    configure('extend = ["b.toml", "c.toml"]\nsecrets.allow = ["four"]', "d.toml")
    configure('extend = "a.toml"\nfail-on = "never"\nsecrets.allow = ["two"]', "b.toml")
    configure('extend = "a.toml"\nsecrets.allow = ["three"]', "c.toml")
    configure('fail-on = "warning"\nsecrets.allow = ["one"]\n[[suppress]]\nrule = "x"', "a.toml")
    loaded = load_configuration("d.toml", configuration_keys(lint.command))
    assert loaded.options == {"fail-on": "never"}
    assert loaded.secrets == {"allow": ["one", "two", "three", "four"]}
    assert loaded.tables["suppress"] == [Sourced([{"rule": "x"}], Path("a.toml"))]
    assert read_configuration(Path("d.toml"))["secrets"] == loaded.secrets


def test_lists_of_tables_keep_the_file_that_they_stand_in() -> None:
    """Lists of tables come with their files, in order: those that are extended, the file itself, the profile."""
    configure(
        'extend = "shared/one.toml"\n[[overrides]]\npaths = "b"\n[[profiles.ci.overrides]]\npaths = "c"', "c.toml"
    )
    configure('[[overrides]]\npaths = "a"\n[[overrides]]\npaths = "a2"', "shared/one.toml")
    options = configuration_keys(lint.command)
    shared = Sourced([{"paths": "a"}, {"paths": "a2"}], Path("shared/one.toml"))
    own, of_profile = (Sourced([{"paths": path}], Path("c.toml")) for path in "bc")
    assert load_configuration("c.toml", options).tables == {"suppress": [], "overrides": [shared, own]}
    assert load_configuration("c.toml", options, profile="ci").tables["overrides"] == [shared, own, of_profile]
    merged = read_configuration(Path("c.toml"), profile="ci")
    assert [table["paths"] for table in merged["overrides"]] == ["a", "a2", "b", "c"]


def test_a_fault_names_the_file_that_it_is_in() -> None:
    """Whatever is wrong in a file that is extended is told of that file."""
    configure('extend = "shared/one.toml"')
    for text, reason in [
        ("quiet = 1", "quiet = 1: expected"),
        ("a = ", "not TOML"),
        ('ignore = ["x"]', "unknown rule"),
    ]:
        configure(text, "shared/one.toml")
        assert f"{Path('shared/one.toml')}: {reason}" in run_here("lint", "order.json").last_line


def test_files_that_extend_each_other_end_the_run() -> None:
    """A circle is told, with the file that closes it."""
    configure('extend = "b.toml"', "a.toml")
    configure('extend = "c.toml"', "b.toml")
    configure('extend = "./b.toml"', "c.toml")
    outcome = run_here("lint", "order.json", "--config", "a.toml")
    expected = "c.toml: extend = './b.toml': that file extends this one; leave one of them out"
    assert (outcome.code, outcome.stderr) == (2, f"altcraft-contract: error: {expected}\n")


def test_there_are_not_too_many_files() -> None:
    """A configuration may be made of so many files, and of no more."""
    for number in range(MOST_FILES):
        configure(f'extend = "{number + 1}.toml"', f"{number}.toml")
    configure("quiet = true", f"{MOST_FILES}.toml")
    assert load_configuration("1.toml", configuration_keys(lint.command)).options == {"quiet": True}
    with pytest.raises(ConfigurationFault, match="too many files, the limit is 20"):
        load_configuration("0.toml", configuration_keys(lint.command))


def test_a_configuration_is_not_read_beyond_its_limit() -> None:
    """A file without end is refused."""
    with Path(OWN).open("wb") as stream:
        stream.truncate(5 * 1024 * 1024)
    assert "larger than 4 MiB" in run_here("lint", "order.json").last_line


def _paths_option(**settings: object) -> dict[str, click.Option]:
    return {"out": click.Option(["--out"], metavar="FILE", **settings)}  # type: ignore[arg-type]  # any of its settings


@pytest.mark.parametrize(
    ("text", "expected"), [("x.json", "conf/x.json"), ("../x.json", "conf/../x.json"), ("-", "-"), ("", "")]
)
def test_a_path_is_relative_to_its_file(text: str, expected: str, tmp_path: Path) -> None:
    """A path in a configuration is that from its directory on; the standard streams and absolute paths stay."""
    configure(f"out = '{text}'", "conf/c.toml")
    assert load_configuration("conf/c.toml", _paths_option()).options == {"out": str(Path(expected)) if text else ""}
    configure(f"out = ['{text}', 'a,b']", "conf/c.toml")
    several = load_configuration("conf/c.toml", _paths_option(multiple=True)).options["out"]
    assert several[1] == str(Path("conf/a,b"))
    absolute = str(tmp_path / "x.json")
    configure(f"out = '{absolute}'", "conf/c.toml")
    assert load_configuration("conf/c.toml", _paths_option()).options == {"out": absolute}


def test_a_path_of_the_working_directory_stays_short(tmp_path: Path) -> None:
    """A path in a configuration of the working directory is shown as it stands there; of one above, it is whole."""
    configure("out = 'x.json'")
    assert load_configuration(None, _paths_option()).options == {"out": "x.json"}
    (tmp_path / "sub").mkdir()
    assert load_configuration(None, _paths_option(), tmp_path / "sub").options == {"out": "x.json"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir("sub")
        assert load_configuration(None, _paths_option()).options == {"out": str(tmp_path / "x.json")}


def test_a_report_is_written_beside_its_configuration() -> None:
    """What a configuration says to write is written in its directory."""
    configure('output = "report.txt"', "conf/c.toml")
    assert run_here("lint", "order.json", "--config", "conf/c.toml").code == 0
    assert "1 document checked" in Path("conf/report.txt").read_text("utf-8")
