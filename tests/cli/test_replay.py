"""`replay`: what it prints, what it sends, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from altcraft_contract.cli.replay import command
from altcraft_contract.fuzz.case_file import write_case_file
from altcraft_contract.fuzz.settings import STATE_DIRECTORY, TIMEOUT
from altcraft_contract.stub import StubServer
from tests.cli.running import COMMAND, PATIENCE, environment, run_here, run_process
from tests.fuzz.saved_cases import (
    EMAIL,
    FORGIVING,
    PHONE,
    RUN,
    TOKEN,
    accepted_failure,
    refused_failure,
)
from tests.stub.proxy_targets import Target as Service
from tests.stub.proxy_targets import answer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.failure import Failure
    from tests.stub.proxy_targets import Received

REFUSED = answer_of(b'{"error": 400, "error_text": "Incorrect request"}')
OTHER_RUN = "acf-0000aaaa"


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("TOKEN", TOKEN), ("EMAIL", EMAIL), ("PHONE", PHONE)):
        monkeypatch.setenv(f"ALTCRAFT_{name}", value)


def save(*failures: Failure, url: str, run: str = RUN, state: str = STATE_DIRECTORY) -> Path:
    """Keep failures as a campaign does; the directory of the run."""
    home = Path(state, "runs", run)
    (home / "cases").mkdir(parents=True)
    (home / "run.ndjson").write_text("{}\n", "utf-8")
    for failure in failures:
        write_case_file(failure, home / "cases", run=run, target=url)
    return home


@pytest.fixture(name="faulty")
def _faulty() -> Iterator[StubServer]:
    """A server that takes what breaks the rule."""
    with StubServer(rules=FORGIVING, token=TOKEN) as stub:
        yield stub


@pytest.fixture(name="right")
def _right() -> Iterator[StubServer]:
    """A server that does not."""
    with StubServer(token=TOKEN) as stub:
        yield stub


def test_the_exit_code_tells_whether_all_is_fixed(faulty: StubServer, right: StubServer) -> None:
    """What still fails is exit code 1 and told with what was expected and what came; all fixed is 0."""
    failure = accepted_failure()
    save(failure, url=faulty.url)

    before, after = run_here("replay", "latest"), run_here("replay", "latest", "--url", right.base_url)

    assert (before.code, before.stderr) == (1, "")
    assert before.stdout.startswith(
        f"still failing: invalid-accepted invalid-decimal at /data/total_price in JSON ({failure.id}): a request that "
        "breaks `invalid-decimal` is answered with `error` 0 (a word)\n  expected an `error` other than 0: a price is "
        'a decimal number (request body, data, documented)\n  came: HTTP 200 {"data": {'
    )
    assert before.stdout.endswith("\n1 case replayed: 0 fixed, 1 still failing, 0 changed\n")
    assert (after.code, after.stderr) == (0, "")
    assert after.stdout == (
        f"fixed: invalid-accepted invalid-decimal at /data/total_price in JSON ({failure.id}): answered as it should "
        "be: error 400\n1 case replayed: 1 fixed, 0 still failing, 0 changed\n"
    )


def test_runs_and_cases_are_named_in_any_way(right: StubServer) -> None:
    """A run is its id, its directory or the latest one; files are cases; what is named twice is sent once."""
    home = save(accepted_failure(), refused_failure(), url=right.url)
    newest = save(accepted_failure("xml"), url=right.url, run=OTHER_RUN)
    os.utime(home / "run.ndjson", (1, 1))
    files = list(map(str, sorted((home / "cases").iterdir())))

    def cases(*sources: str) -> int:
        outcome = run_here("replay", *sources, "--format", "json")
        assert outcome.code == 0, outcome
        return len(json.loads(outcome.stdout)["results"])

    assert cases(RUN) == cases(str(home)) == cases(*files, RUN) == len(files)
    assert cases("latest") == cases(OTHER_RUN) == cases(str(newest)) == 1
    assert cases(RUN, "latest") == len(files) + 1


def test_the_state_may_lie_elsewhere(right: StubServer) -> None:
    """--state-dir says where campaigns keep their runs."""
    save(accepted_failure(), url=right.url, state="elsewhere")

    assert run_here("replay", RUN, "--state-dir", "elsewhere").code == 0
    assert run_here("replay", RUN).code == 2


def test_json_tells_all(faulty: StubServer) -> None:
    """As JSON there is each case with its verdict and its steps, and a summary."""
    failure = accepted_failure()
    save(failure, url=faulty.url)

    outcome = run_here("replay", RUN, "-f", "json", "-o", "replayed.json")

    report = json.loads(Path("replayed.json").read_text("utf-8"))
    (result,) = report["results"]
    assert (outcome.code, outcome.stdout) == (1, "")
    assert (report["version"], report["target"]) == (1, faulty.url)
    assert (result["id"], result["run"], result["verdict"]) == (failure.id, RUN, "still-failing")
    assert [(step["status"], step["outcome"]) for step in result["steps"]] == [(200, "accepted")]
    assert report["summary"] == {"cases": 1, "fixed": 0, "still_failing": 1, "changed": 0, "not_replayed": 0}


def test_quiet_tells_what_is_not_fixed(faulty: StubServer, right: StubServer) -> None:
    """With --quiet there is neither what is fixed nor a summary; colours are used when asked for."""
    save(accepted_failure(), url=faulty.url)

    assert run_here("replay", RUN, "-q", "--url", right.url).stdout == ""
    assert len(run_here("replay", RUN, "-q").stdout.splitlines()) == 3
    assert run_here("replay", RUN, "--color", "always").stdout.startswith("\x1b[1;31mstill failing\x1b[0m: ")


def test_a_change_shows_what_came() -> None:
    """An answer of another kind is exit code 1, with its status and its text on one line."""
    with Service(answer_of(b"<html>\n<b>\x1b[2J oops", status=b"502 Bad Gateway")) as service:
        save(accepted_failure(), url=service.url)
        outcome = run_here("replay", RUN)

    assert outcome.code == 1
    assert "): another failure: the answer is HTTP 502\n" in outcome.stdout
    assert "\n  came: HTTP 502 <html> <b>\\x1b[2J oops\n" in outcome.stdout


def test_nothing_secret_is_written_anywhere(tmp_path: Path) -> None:
    """Neither streams nor files hold the token, the e-mail or the telephone number, though an answer does."""
    body = json.dumps({"error": 0, "error_text": f"{TOKEN} {EMAIL} {PHONE}"}).encode()
    with Service(answer_of(body)) as service:
        save(accepted_failure(), refused_failure(), url=service.url)
        outcomes = [
            run_here("replay", RUN, "--journal", "orders.ndjson"),
            run_here("replay", RUN, "-f", "json"),
            run_here("replay", RUN, "--export", "pytest", "-o", "test_it.py"),
        ]
        sent = b"".join(request.body for request in service.received)

    files = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    text = "".join([*files, *(outcome.stdout + outcome.stderr for outcome in outcomes)])
    assert TOKEN.encode() in sent
    assert EMAIL.encode() in sent
    assert not {secret for secret in (TOKEN, EMAIL, PHONE) if secret in text}


def test_the_token_comes_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another variable or a file may hold the token; space at the end of the file is none of it."""
    monkeypatch.delenv("ALTCRAFT_TOKEN")
    monkeypatch.setenv("MY_TOKEN", "from-the-variable")
    Path("token").write_text("from-the-file \r\n", "utf-8")
    with Service(REFUSED) as service:
        save(accepted_failure(), url=service.url)
        outcomes = [
            run_here("replay", RUN, *arguments)
            for arguments in (("--token-env", "MY_TOKEN"), ("--token-file", "token"), ())
        ]
        tokens = [json.loads(request.body)["token"] for request in service.received]

    assert tokens[:2] == ["from-the-variable", "from-the-file"]
    assert tokens[2].startswith("made-up-")
    assert [outcome.stderr.startswith("altcraft-contract: note: no token is given") for outcome in outcomes] == [
        False,
        False,
        True,
    ]
    assert "from-the" not in "".join(outcome.stdout + outcome.stderr for outcome in outcomes)


def test_the_member_comes_from_the_environment_or_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable goes before the first member of the configuration, and without either one is made up."""
    with Service(REFUSED) as service:
        save(accepted_failure(), url=service.url)
        Path("altcraft-contract.toml").write_text('[values]\nemails = ["configured@example.com"]\n', "utf-8")
        run_here("replay", RUN)
        monkeypatch.delenv("ALTCRAFT_EMAIL")
        run_here("replay", RUN)
        Path("altcraft-contract.toml").unlink()
        run_here("replay", RUN)
        emails = [json.loads(request.body)["email"] for request in service.received]

    assert emails == [EMAIL, "configured@example.com", "ann@example.com"]


def test_the_export_sends_nothing(faulty: StubServer) -> None:
    """--export pytest writes the file, to the standard output or to a file, and sends nothing."""
    save(accepted_failure(), url=faulty.url)

    outcome = run_here("replay", RUN, "--export", "pytest")
    written = run_here("replay", RUN, "--export", "pytest", "-o", "test_it.py")

    assert (outcome.code, written.code, written.stdout) == (0, 0, "")
    assert "\ndef test_invalid_decimal_data_total_price_json() -> None:\n" in outcome.stdout
    assert Path("test_it.py").read_text("utf-8") == outcome.stdout
    assert len(faulty.journal) == 0


def test_a_target_that_is_gone_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the target takes no connection the exit code is 3, and says how many cases are left."""
    monkeypatch.setattr("altcraft_contract.fuzz.sending._PAUSES", ())
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    save(accepted_failure(), refused_failure(), url=url)

    outcome = run_here("replay", RUN, "-f", "json")

    assert outcome.code == 3
    assert outcome.last_line.startswith(f"altcraft-contract: error: {url}: ")
    assert outcome.last_line.endswith("; 2 of 2 were not replayed")
    assert json.loads(outcome.stdout)["summary"]["not_replayed"] == 2


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_tells_what_has_been_done() -> None:
    """Ctrl-C ends it with 130; the report has what was replayed until then, and is whole."""
    has_come, is_over = threading.Event(), threading.Event()

    def answer(_: Received, __: socket.socket) -> bytes:
        if len(service.received) > 1:
            has_come.set()
            assert is_over.wait(PATIENCE)
        return REFUSED

    with Service(answer) as service:
        save(accepted_failure(), refused_failure(), url=service.url)
        cases = sorted(Path(STATE_DIRECTORY, "runs", RUN, "cases").iterdir())
        save(accepted_failure(), url=service.url, run=OTHER_RUN)
        process = subprocess.Popen(
            [*COMMAND, "replay", OTHER_RUN, *map(str, cases), "-f", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(ALTCRAFT_TOKEN=TOKEN),
        )
        assert has_come.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        is_over.set()

    assert process.returncode == 130
    assert json.loads(stdout)["summary"]["fixed"] == 1
    assert f"interrupted; {len(cases)} of {len(cases) + 1} were not replayed" in stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no CASE and no RUN given: name case files or runs, or latest"),
        (("missing.json",), "missing.json: no such file or directory"),
        (("broken.json",), "broken.json: it is no case file: it is not JSON"),
        (("acf-00000000",), "acf-00000000: there is no such run"),
        (("nowhere",), "nowhere: no such file or directory"),
        ((".git",), ".git: there is no such run"),
        (("empty",), "nothing to replay: no failure was saved there"),
        (
            ("latest", OTHER_RUN),
            "the cases are of several targets (http://127.0.0.1:8, http://127.0.0.1:9): choose one",
        ),
        (("latest", "--url", "http://staging.example"), "staging.example is not this machine and is not allowed"),
        (("latest", "--url", "example.com"), "it has to begin with http:// or https://"),
        (("latest", "--export", "pytest", "--url", "example.com"), "it has to begin with http:// or https://"),
        (("latest", "--token-env", "NO_SUCH"), "the environment variable is not set, or empty"),
        (("latest", "--token-file", "no-such"), "no-such: no such file"),
        (("latest", "--token-file", "empty-file"), "expected the token and nothing else"),
        (("latest", "--token-file", "a", "--token-env", "B"), "both say where the token is"),
        (("latest", "--timeout", "0"), "not in the range"),
        (("latest", "--rate-limit", "0"), "not in the range"),
        (("latest", "-o", "no/such/file"), "there is no such directory"),
        (("broken.json", "-o", "broken.json"), "is an input, too, and would be lost"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: tuple[str, ...], told: str) -> None:
    """A command line that makes no sense is exit code 2 and a line with the remedy, and nothing is sent."""
    save(accepted_failure(), url="http://127.0.0.1:9")
    os.utime(save(accepted_failure(), url="http://127.0.0.1:8", run=OTHER_RUN) / "run.ndjson", (1, 1))
    Path("broken.json").write_text("{", "utf-8")
    Path("empty-file").touch()
    Path("empty/cases").mkdir(parents=True)
    Path("empty/run.ndjson").touch()

    outcome = run_here("replay", *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert told in outcome.last_line


def test_off_this_machine_orders_are_in_a_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off this machine the journal lies in the state directory, which is kept out of repositories."""
    monkeypatch.setattr("altcraft_contract.fuzz.sending._PAUSES", ())
    save(accepted_failure(), url="http://localhost.invalid", state="cases")

    outcome = run_here("replay", RUN, "--state-dir", "cases", "--allow-host", "localhost.invalid")
    other = run_here(
        "replay", f"cases/runs/{RUN}", "--state-dir", "new", "--allow-host", "localhost.invalid", "--rate-limit", "100"
    )

    assert (outcome.code, other.code) == (3, 3)
    assert Path("cases/replays.ndjson").read_text("utf-8").count('"sent"') == 1
    assert Path("new/replays.ndjson").exists()
    assert Path("new/.gitignore").read_text("utf-8") == "*\n"


def test_the_help_says_what_the_defaults_are() -> None:
    """The defaults of the command line are those of the campaign; help does not load what it does not need."""
    defaults = {
        parameter.name: parameter.default for parameter in command.params if isinstance(parameter, click.Option)
    }
    code = "import sys, altcraft_contract.cli.replay; print('hypothesis' in sys.modules)"
    loaded = subprocess.run([COMMAND[0], "-c", code], capture_output=True, text=True, check=True).stdout

    assert (defaults["state_dir"], defaults["timeout"]) == (STATE_DIRECTORY, TIMEOUT)
    assert loaded == "False\n"
    assert run_process("replay", "--help").code == 0
