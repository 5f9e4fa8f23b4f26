"""`fuzz`: what it prints, sends and keeps, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.fuzz.reports import REPORTS
from altcraft_contract.stub import StubServer
from tests.cli.running import COMMAND, PATIENCE, environment, run_here, run_process, run_shell
from tests.fuzz.hostile import hostile_server

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN: Final = "Marked-Token-5f1e-Nobody"  # noqa: S105 - of no service
EMAIL: Final = "marked.member@secret-domain.example"
PHONE: Final = "+79995550177"
VALUES: Final = f"emails = ['{EMAIL}']\nphones = ['{PHONE}']\nstatuses = ['paid']\n"
SHORT: Final = ("--phases", "examples,transport", "--max-requests", "40")
FAULT: Final = "answers with nothing"


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ALTCRAFT")]:
        monkeypatch.delenv(name)


@pytest.fixture(name="right")
def _right() -> Iterator[StubServer]:
    """A server that does as documented, and counts what comes."""
    with StubServer() as stub:
        yield stub


@pytest.fixture(name="faulty")
def _faulty() -> Iterator[str]:
    """The URL of a server whose answers are empty."""
    with hostile_server(FAULT) as url:
        yield url


def kept() -> set[str]:
    """Names of what stands in the working directory."""
    return {path.name for path in Path().iterdir()} - {".git"}


def header_of_latest_run() -> dict[str, object]:
    """What the only run says about itself."""
    (file,) = Path(".altcraft-contract/runs").glob("acf-*/run.ndjson")
    header: dict[str, object] = json.loads(file.read_text("utf-8").splitlines()[0])
    return header


def test_without_a_url_our_own_stub_is_tried_and_nothing_is_kept() -> None:
    """Without a URL there is a campaign against a stub of its own, which finds nothing, tells the coverage, exits 0."""
    outcome = run_here("fuzz", "--max-requests", "100")

    assert outcome.code == 0, outcome.stdout + outcome.stderr
    assert "no URL: a stub server of our own is tried for 30 s at most, and nothing is kept" in outcome.stderr
    assert "Covered: " in outcome.stdout
    assert "nothing found" in outcome.stdout.splitlines()[-1]
    assert "Invalid HTTP request" not in outcome.stderr
    assert kept() == set()


def test_a_right_server_is_exit_code_0_and_the_run_is_kept(right: StubServer) -> None:
    """A server without faults makes exit code 0; the run is kept with a journal, out of version control."""
    outcome = run_here("fuzz", right.url, *SHORT)

    assert outcome.code == 0
    assert kept() == {".altcraft-contract"}
    assert Path(".altcraft-contract/.gitignore").read_text("utf-8") == "*\n"
    (run,) = Path(".altcraft-contract/runs").iterdir()
    assert {path.name for path in run.iterdir()} == {"cases", "journal.ndjson", "run.ndjson"}


def test_failures_are_exit_code_1_and_told_at_once(faulty: str) -> None:
    """A failure is told in one line when it is found and in full at the end, is kept, and makes exit code 1."""
    outcome = run_here("fuzz", faulty, *SHORT)

    assert outcome.code == 1
    assert "altcraft-contract: failure: response-contract" in outcome.stderr
    assert "\nfailure: response-contract" in f"\n{outcome.stdout}"
    assert list(Path(".altcraft-contract/runs").glob("acf-*/cases/*.json"))


def test_a_server_that_refuses_plain_orders_is_exit_code_3(right: StubServer) -> None:
    """If plain orders are refused there is no verdict: exit code 3, with the answer and what needs setting."""
    right.use("error-402")
    outcome = run_here("fuzz", right.url)

    assert outcome.code == 3
    assert "--values FILE" in outcome.stdout
    assert len(right.journal) == 2


def test_nobody_at_the_address_is_exit_code_3() -> None:
    """If nobody listens, no verdict is given, and with --quiet the reason is still told."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    outcome = run_here("fuzz", url, "-q", *SHORT)

    assert outcome.code == 3
    assert len(outcome.stdout.splitlines()) == 1
    assert "could not be reached" in outcome.last_line


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--report", "pdf"), "'pdf' is not one of 'junit'"),
        (("--phases", "edge,nope"), "expected some of examples, valid"),
        (("--workers", "0"), "0 is not in the range"),
        (("--rate-limit", "0"), "0.0 is not in the range"),
        (("--max-time", "nan"), "max-time: nan: expected a number above 0"),
        (("--insecure", "--ca-file", "ca.pem"), "leave out --ca-file, or --insecure"),
        (("--baseline-update",), "--baseline-update needs --baseline FILE"),
        (("--baseline", "nope.toml"), "nope.toml: there is no such baseline"),
        (("--values", "nope.toml"), "nope.toml: it cannot be read: No such file"),
        (("--token-env", "NO_SUCH_VARIABLE"), "--token-env NO_SUCH_VARIABLE"),
        (("--token-file", "nope"), "nope: no such file"),
        (("--export", "unittest"), "expected pytest, or pytest=FILE"),
        (("--export", "pytest="), "expected pytest, or pytest=FILE"),
        (("--export", "pytest=no/such/test.py"), "no/such/test.py: cannot be written"),
        (("--report", "json", "--report-dir", "file/reports"), "file/reports: cannot be written"),
        (("--report", "json", "--report-dir", "taken"), "campaign.json: cannot be written: is a directory"),
        (("--baseline", "taken", "--baseline-update"), "taken: is a directory"),
        (("--state-dir", "file"), "cannot be written"),
        (("--resume", "latest"), "there is none in .altcraft-contract"),
    ],
)
def test_what_is_wrong_here_is_told_before_anything_is_sent(
    arguments: tuple[str, ...], reason: str, right: StubServer
) -> None:
    """A mistake in an option, or a file that cannot be read or written, is exit code 2, and no request leaves."""
    Path("file").touch()
    Path("taken/campaign.json").mkdir(parents=True)
    outcome = run_here("fuzz", right.url, *arguments)

    assert outcome.code == 2, outcome.stdout
    assert reason in outcome.last_line
    assert outcome.stdout == ""
    assert len(right.journal) == 0


def test_a_run_without_a_url_cannot_be_gone_on_with() -> None:
    """--resume needs the URL, since a run does not say where it may go."""
    assert "--resume needs the URL" in run_here("fuzz", "--resume", "latest").last_line


def test_no_file_is_left_behind_by_the_check(right: StubServer) -> None:
    """What was only looked at before the campaign is not there if that does not begin."""
    outcome = run_here("fuzz", right.url, "--report", "json", "--report", "html", "--resume", "latest")

    assert outcome.code == 2
    assert list(Path("altcraft-reports").iterdir()) == []


def test_another_host_has_to_be_allowed() -> None:
    """A host that is not this machine and not allowed is exit code 2, with the option that allows it."""
    outcome = run_here("fuzz", "https://staging.example.com")

    assert outcome.code == 2
    assert "add --allow-host staging.example.com" in outcome.last_line
    assert kept() == set()


def test_a_dry_run_tells_what_would_be_sent_and_sends_nothing(right: StubServer) -> None:
    """--dry-run tells trials, limits and what is known of the installation, sends nothing, and keeps nothing."""
    Path("values.toml").write_text(VALUES, "utf-8")
    outcome = run_here("fuzz", right.url, "--dry-run", "--values", "values.toml", "--max-orders", "7")

    assert outcome.code == 0
    assert len(right.journal) == 0
    assert all(f"\n  {phase:<10} " in outcome.stdout for phase in PHASES)
    assert "\n  orders        7 that the target accepts\n" in outcome.stdout
    assert "\n  statuses          1 given\n" in outcome.stdout
    assert "\n  products          made up\n" in outcome.stdout
    assert EMAIL not in outcome.stdout
    assert kept() == {"values.toml"}


def test_a_dry_run_off_this_machine_needs_no_network() -> None:
    """What would be sent to another host can be looked at before, with the limits that hold there."""
    outcome = run_here("fuzz", "https://staging.invalid", "--allow-host", "staging.invalid", "--dry-run")

    assert outcome.code == 0, outcome.stderr
    assert "2 a second, which makes 12 minutes" in outcome.stdout
    assert "500 that the target accepts" in outcome.stdout
    assert kept() == set()


def test_the_same_seed_sends_the_same() -> None:
    """Two campaigns of one seed send the same bodies but for the run's id; another seed sends others."""

    def sent(seed: int) -> list[str]:
        with StubServer() as stub:
            run_here("fuzz", stub.url, "--seed", str(seed), "--max-requests", "40", "--phases", "valid")
            (run,) = {str(entry.external_id)[:12] for entry in stub.journal if entry.external_id is not None}
            return [entry.request.body.decode().replace(run, "") for entry in stub.journal]

    assert sent(1) == sent(1)
    assert sent(1) != sent(2)


@pytest.mark.parametrize("place", ["environment", "another variable", "file"])
def test_the_token_comes_from_the_environment_or_a_file(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its token a server that wants one accepts orders."""
    Path("token").write_text(f"{TOKEN}\n", "utf-8")
    arguments = {"environment": (), "another variable": ("--token-env", "STAGING"), "file": ("--token-file", "token")}
    monkeypatch.setenv("STAGING" if place == "another variable" else "ALTCRAFT_TOKEN", TOKEN)
    with StubServer(token=TOKEN) as stub:
        outcome = run_here("fuzz", stub.url, *SHORT, *arguments[place])

    assert outcome.code == 0
    assert "no token was given" not in outcome.stderr


def test_without_a_token_a_remark_is_made(right: StubServer) -> None:
    """No token is allowed, and what follows from that is told."""
    outcome = run_here("fuzz", right.url, *SHORT)

    assert outcome.code == 0
    assert "no token was given: a made-up one is sent" in outcome.stderr


def test_every_report_is_written(faulty: str) -> None:
    """Each form of report gets a file of its own in the directory that is named, which is made."""
    forms = [part for name in REPORTS for part in ("--report", name)]
    outcome = run_here("fuzz", faulty, *SHORT, *forms, "--report-dir", "new/reports", "--export", "pytest")

    written = {f"campaign.{report.suffix}" for report in REPORTS.values()} | {"test_campaign.py"}
    assert {path.name for path in Path("new/reports").iterdir()} == written
    assert all(path.stat().st_size for path in Path("new/reports").iterdir())
    assert "wrote new/reports/campaign.xml, " in outcome.stderr
    assert json.loads(Path("new/reports/campaign.json").read_text("utf-8"))


def test_tests_go_to_the_file_that_is_named(faulty: str) -> None:
    """--export pytest=FILE writes tests to FILE, which Python can read."""
    run_here("fuzz", faulty, *SHORT, "--export", "pytest=test_staging.py")

    compile(Path("test_staging.py").read_text("utf-8"), "test_staging.py", "exec")
    assert kept() == {".altcraft-contract", "test_staging.py"}


def test_known_failures_do_not_count(faulty: str) -> None:
    """What --baseline-update writes makes no exit code 1, then or later; what is new does."""
    assert run_here("fuzz", faulty, *SHORT).code == 1
    updated = run_here("fuzz", faulty, *SHORT, "--baseline", "known.toml", "--baseline-update")
    later = run_here("fuzz", faulty, *SHORT, "--baseline", "known.toml")

    assert updated.code == 0
    assert "wrote known.toml" in updated.stderr
    assert later.code == 0, later.stdout
    assert "failure:" not in later.stderr
    assert "known" in later.stdout.splitlines()[-1]
    Path("known.toml").write_text("version = 1\n", "utf-8")
    assert run_here("fuzz", faulty, *SHORT, "--baseline", "known.toml").code == 1


def test_a_run_can_be_gone_on_with(right: StubServer) -> None:
    """--resume sends what was not sent before, with the seed of the run, under its id."""
    first = run_here("fuzz", right.url, "--seed", "5", *SHORT)
    before = len(right.journal)
    again = run_here("fuzz", right.url, "--resume", "latest", *SHORT)

    run = header_of_latest_run()["run"]
    assert (first.code, again.code) == (0, 0)
    assert f"run {run}, seed 5" in again.stderr
    assert "trials were done before, and are not sent again" in again.stderr
    names = [entry.external_id for entry in right.journal if entry.external_id]
    assert all(str(name).startswith(f"{run}-") for name in names)
    assert before < len(right.journal)


def test_values_of_the_configuration_are_sent(right: StubServer) -> None:
    """What the configuration says to exist is what orders name; a file that is named goes before it."""
    Path("altcraft-contract.toml").write_text("[values]\nstatuses = ['STATUS-ONE']\n", "utf-8")
    Path("values.toml").write_text("[values]\nstatuses = ['STATUS-TWO']\n", "utf-8")
    run_here("fuzz", right.url, "--phases", "valid", "--max-requests", "9")
    bodies = b"".join(entry.request.body for entry in right.journal)
    right.reset("journal")
    run_here("fuzz", right.url, "--phases", "valid", "--max-requests", "9", "--values", "values.toml")

    assert b"STATUS-ONE" in bodies
    assert b"STATUS-TWO" in b"".join(entry.request.body for entry in right.journal)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("values = 3", "values = 3: expected a table"),
        ("[values]\nnope = ['x']", "values='nope'"),
        ("seed = 'x'", "seed = 'x': expected a whole number"),
        ("seed = 1.5", "seed = 1.5: expected a whole number"),
        ("rate-limit = 0", "rate-limit = 0: expected a number above 0 to"),
        ("rate-limit = true", "rate-limit = True: expected a number above 0 to"),
        ("[fuzz]\nreport = ['json', 'pdf']", "report = 'pdf': expected one of junit, json"),
        ("fuzz = 3", "fuzz = 3: expected a table of keys for that command"),
        ("[fuzz]\nfail-on = 'error'", "unknown key 'fail-on'"),
        ("nope = 3", "unknown key 'nope'"),
    ],
)
def test_a_wrong_configuration_is_told(text: str, reason: str, right: StubServer) -> None:
    """A key or value of the configuration that cannot be used is exit code 2, and nothing is sent."""
    Path("altcraft-contract.toml").write_text(text, "utf-8")
    outcome = run_here("fuzz", right.url)

    assert outcome.code == 2
    assert "altcraft-contract.toml: " in outcome.last_line
    assert reason in outcome.last_line
    assert len(right.journal) == 0


def test_a_configuration_may_be_shared_with_other_commands(right: StubServer) -> None:
    """Keys of other commands are passed over, and a table named after the command is for it alone, and wins."""
    shared = "fail-on = 'warning'\nseed = 1\nallow-host = ['a.example']\n"
    own = "[fuzz]\nseed = 7\nmax-requests = 9\nphases = 'examples, edge'\n[lint]\nquiet = true\n"
    Path("altcraft-contract.toml").write_text(shared + own, "utf-8")
    Path("order.json").write_text("{}", "utf-8")

    assert run_here("fuzz", right.url).code == 0
    assert len(right.journal) == 9
    assert header_of_latest_run()["seed"] == 7
    assert "checked" not in run_here("lint", "order.json").stdout


def test_quiet_is_one_line(faulty: str) -> None:
    """--quiet leaves one line on the standard output, and nothing on the standard error."""
    outcome = run_here("fuzz", faulty, *SHORT, "-q", on_terminal=True)

    assert outcome.code == 1
    (line,) = outcome.stdout.splitlines()
    assert " requests, 0 orders accepted, " in line
    assert outcome.stderr == ""


def test_a_terminal_gets_one_line_that_counts(faulty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a line is written again and again, fits its width, and is removed for failures and at the end."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    outcome = run_here("fuzz", faulty, "--phases", "examples,transport", "--max-requests", "200", on_terminal=True)

    shown = [part.partition("\x1b[K")[0] for part in outcome.stderr.split("\r") if "/s" in part]
    assert any(part.startswith("transport ") and " requests, 0 orders, 1 failure" in part for part in shown)
    assert max(map(len, shown)) < 60
    assert outcome.stderr.endswith("\r\x1b[K")
    assert "phase transport" not in outcome.stderr


def test_without_a_terminal_there_is_a_line_for_a_phase(right: StubServer) -> None:
    """Without a terminal nothing moves the cursor: each phase is told once."""
    outcome = run_here("fuzz", right.url, *SHORT)

    told = [line.split()[2] for line in outcome.stderr.splitlines() if " phase " in line]
    assert told == ["examples:", "transport:"]
    assert "\r" not in outcome.stderr


@pytest.mark.parametrize(
    "name",
    ["dies", "hangs", "resets at once", "answers with HTML", "answers with 100 MB", "streams forever", "redirects"],
)
def test_no_target_holds_a_campaign(name: str) -> None:
    """Whatever a target does, the campaign ends within its time, says what happened, and with the right exit code."""
    with hostile_server(name) as url:
        outcome = run_here("fuzz", url, "--timeout", "0.3", "--max-time", "2", *SHORT)

    assert outcome.code == 1
    assert "\nfailure: " in f"\n{outcome.stdout}"
    assert "0 orders accepted" in outcome.stdout.splitlines()[-1]


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A campaign as a process, until the end of the test."""
    process = subprocess.Popen(
        [*COMMAND, "fuzz", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    """Read the standard error up to a line that has *text*."""
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    pytest.fail(f"{text!r} never came")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interruption_leaves_a_report_of_what_was_done(right: StubServer) -> None:
    """Ctrl-C ends the campaign with exit code 130; what was done until then is printed, and reports are written."""
    with running(right.url, "--phases", "edge", "--rate-limit", "20", "--report", "json") as process:
        wait_for(process, "phase edge")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert "interrupted" in stdout.splitlines()[-1]
    assert "wrote altcraft-reports/campaign.json" in stderr
    assert json.loads(Path("altcraft-reports/campaign.json").read_text("utf-8"))
    assert "Traceback" not in stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_second_interruption_waits_for_nobody(right: StubServer) -> None:
    """The first Ctrl-C waits for requests that are under way; after a second one nobody is waited for."""
    arguments = ("--phases", "edge", "--rate-limit", "20", "--workers", "2", "--timeout", "600")
    with running(right.url, *arguments) as process:
        wait_for(process, "phase edge")
        right.use("slow", delay=600)
        deadline = time.monotonic() + PATIENCE
        while sum(entry.scenario == "slow" for entry in right.journal) < 2:
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)

    assert process.returncode == 130


def test_reports_are_written_though_nobody_reads(faulty: str) -> None:
    """If the standard output is closed by its reader, the reports are there all the same."""
    outcome = run_shell(
        f"$RUN fuzz {faulty} {' '.join(SHORT)} --report html | true; exit ${{PIPESTATUS[0]}}", cwd=Path()
    )

    assert outcome.code in (1, 3)  # the pipe may take all before it is closed
    assert "Traceback" not in outcome.stderr
    assert Path("altcraft-reports/campaign.html").stat().st_size


@pytest.mark.skipif(os.name != "posix", reason="closes a stream as shells of POSIX do")
def test_a_closed_standard_output_is_told_before_anything_is_sent(right: StubServer) -> None:
    """Without a standard output nothing is sent, and the exit code is 2."""
    outcome = run_shell(f"$RUN fuzz {right.url} >&-", cwd=Path())

    assert outcome.code == 2
    assert "the standard output: cannot be written" in outcome.stderr
    assert len(right.journal) == 0


class _Echo(BaseHTTPRequestHandler):
    """Accepts every order, and sends back whatever it got."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a request."""
        size = int(self.headers.get("content-length", "0"))
        self.close_connection = "transfer-encoding" in self.headers
        body = self.rfile.read(size).decode("utf-8", "replace")
        if "xml" in self.headers.get("content-type", ""):
            self._send(f"<response><error>0</error><error_text><![CDATA[{body}]]></error_text></response>", "xml")
        else:
            echoed = {"text": body, "authorization": self.headers.get("authorization")}
            self._send(json.dumps({"error": 0, "error_text": body, "data": echoed}), "json")

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"application/{kind}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Echo", " ".join(text.split())[:200].encode("ascii", "replace").decode())
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def echoing() -> Iterator[str]:
    """A server that gives back what it gets."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_no_secret_is_in_anything_that_is_written() -> None:
    """Token, e-mail and telephone number stand in no output, report, journal, case file, test or baseline."""
    Path("values.toml").write_text(VALUES, "utf-8")
    forms = [part for name in REPORTS for part in ("--report", name)]
    with echoing() as url:
        outcome = run_process(
            *("fuzz", url, "--values", "values.toml", "--max-requests", "150", "--timeout", "1", "-v", *forms),
            *("--phases", "examples,edge,malformed,transport,relations"),
            *("--export", "pytest", "--baseline", "known.toml", "--baseline-update"),
            env=environment(ALTCRAFT_TOKEN=TOKEN),
        )

    Path("values.toml").unlink()
    files = [path for path in Path().rglob("*") if path.is_file()]
    written = {str(path): path.read_bytes() for path in files}
    written |= {"stdout": outcome.stdout.encode(), "stderr": outcome.stderr.encode()}
    assert len(files) > 10, outcome.stderr
    assert "failure: " in outcome.stdout
    secrets = (TOKEN, EMAIL, EMAIL.replace("@", "%40"), PHONE.removeprefix("+"), TOKEN[::-1])
    for secret in secrets:
        found = [name for name, content in written.items() if secret.lower().encode() in content.lower()]
        assert found == [], secret
