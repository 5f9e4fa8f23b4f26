"""`proxy`, as a process: what it prints, how it ends, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.cli.running import COMMAND, PATIENCE, environment, run_here, run_process
from tests.stub.proxy_targets import BAD_REQUEST, ENVELOPE, REQUEST, Target, answer_of, post, talk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.stub.proxy_targets import Received

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

CLEAN = b'{"error": 402, "error_text": "declined"}'


class Running:
    """A proxy that runs."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        self.port = int(url.split(":")[2].split("/", maxsplit=1)[0])
        self.stderr = ""

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and wait for the exit code."""
        self.process.send_signal(number)
        _, self.stderr = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


@contextmanager
def running(target: str, *arguments: str, cwd: Path, **variables: str) -> Iterator[Running]:
    """Run a proxy before *target* until the end of the test."""
    process = subprocess.Popen(
        [*COMMAND, "proxy", "--target", target, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=environment(**variables),
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, process.communicate(timeout=PATIENCE)
        yield Running(process, url)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("request_", "answer", "fail_on", "code"),
    [
        (REQUEST, CLEAN, "error", 0),
        (REQUEST, CLEAN, "warning", 1),
        (BAD_REQUEST, CLEAN, "error", 1),
        (BAD_REQUEST, CLEAN, "never", 0),
        (REQUEST, b"<html>", "error", 1),
        (REQUEST, ENVELOPE.replace(b"order_12345", b"order_2"), "error", 1),
    ],
)
def test_the_exit_code_is_that_of_what_was_found(
    request_: bytes, answer: bytes, fail_on: str, code: int, tmp_path: Path
) -> None:
    """--fail-on decides whether findings in request, answer or both together make the exit code 1."""
    with Target(answer_of(answer)) as target, running(target.url, "--fail-on", fail_on, cwd=tmp_path) as proxy:
        assert talk(proxy.port, post(request_))[0].body == answer
        assert proxy.end() == code
    assert "ended; 1 request to the endpoint, 1 checked" in proxy.stderr


def test_either_signal_ends_it_in_good_order(tmp_path: Path) -> None:
    """SIGTERM, as services are ended, gives the same exit code as Ctrl-C."""
    with Target(answer_of(CLEAN)) as target:
        for body, code in ((REQUEST, 0), (BAD_REQUEST, 1)):
            with running(target.url, cwd=tmp_path) as proxy:
                talk(proxy.port, post(body))
                assert proxy.end(signal.SIGTERM) == code


def test_a_service_that_never_answers_is_no_verdict(tmp_path: Path) -> None:
    """If the target answered none of the requests the exit code is 3, and says so."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with running(url, cwd=tmp_path) as proxy:
        assert talk(proxy.port, post())[0].status == 502
        assert proxy.end() == 3
    assert f"no verdict: {url} answered none of the requests" in proxy.stderr
    assert "1 without an answer of the target" in proxy.stderr


def test_what_cannot_be_checked_is_no_verdict(tmp_path: Path) -> None:
    """If nothing that came could be checked the exit code is 3."""
    with Target() as target, running(target.url, cwd=tmp_path) as proxy:
        talk(proxy.port, post(b"....", b"Content-Encoding: br"))
        assert proxy.end() == 3
    assert "no verdict: nothing that came could be checked" in proxy.stderr


@pytest.mark.parametrize("others", [0, 2])
def test_without_a_request_there_is_nothing_to_check(others: int, tmp_path: Path) -> None:
    """If no request to the endpoint came the exit code is 2, and other traffic is told of."""
    with Target() as target, running(target.url, cwd=tmp_path) as proxy:
        for _ in range(others):
            talk(proxy.port, b"GET /x HTTP/1.1\r\nHost: test\r\n\r\n")
        assert proxy.end() == 2
    assert "error: nothing to check:" in proxy.stderr
    assert ("2 other requests passed on" in proxy.stderr) is bool(others)


def test_reports_are_written_at_the_end(tmp_path: Path) -> None:
    """A file that ends in .json gets the form of `lint --format json`, another one text; a dash is the output."""
    (tmp_path / "old.txt").write_text("old", encoding="utf-8")
    arguments = ("--report", "a.json", "--report", "old.txt", "--select", "line-item-missing")
    with Target() as target, running(target.url, *arguments, cwd=tmp_path) as proxy:
        talk(proxy.port, post(BAD_REQUEST), post())
        assert proxy.end() == 1
    report = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    paths = [result["path"] for result in report["results"]]
    assert paths == [f"exchange {number}{part}" for number in (1, 2) for part in (": request", ": answer", "")]
    assert [finding["rule"] for finding in report["results"][0]["findings"]] == ["line-item-missing"]
    assert report["summary"] == {"documents": 6, "failed": 1, "skipped": 0, "errors": 1, "warnings": 0}
    text = (tmp_path / "old.txt").read_text(encoding="utf-8")
    assert text.startswith("exchange 1: request:46:7: error line-item-missing: ")
    assert text.endswith("6 documents checked: 1 error, 0 warnings\n")


def test_what_the_journal_has_forgotten_counts_and_is_told_of(tmp_path: Path) -> None:
    """Exchanges beyond the bound of the journal decide the exit code; the report says how many it lacks."""
    arguments = ("--journal-size", "1", "--report", "report.txt", "-q")
    with Target(answer_of(CLEAN)) as target, running(target.url, *arguments, cwd=tmp_path) as proxy:
        talk(proxy.port, post(BAD_REQUEST), post(), post())
        assert proxy.end() == 1
    told = "the oldest 2 exchanges had left the journal and cannot be reported"
    assert told in proxy.stderr
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").endswith(f"{told}\n")


def test_a_reset_of_the_journal_changes_no_exit_code(tmp_path: Path) -> None:
    """Whoever empties the journal through the page does not make a failed run a good one."""
    with Target() as target, running(target.url, cwd=tmp_path) as proxy:
        talk(proxy.port, post(BAD_REQUEST))
        base = proxy.url.split("/api/")[0]
        assert httpx.post(f"{base}/__altcraft__/reset", trust_env=False).status_code == 200
        assert proxy.end() == 1


def test_each_request_is_a_line(tmp_path: Path) -> None:
    """The log has a line for each request, in text or as JSON, and no secret."""
    token = b"marked-token-0123456789"
    body = BAD_REQUEST.replace(json.loads(BAD_REQUEST)["token"].encode(), token)
    answer = answer_of(b'{"error": 401, "error_text": "wrong token %s"}' % token)
    stderr = ""
    for arguments in ((), ("--log-format", "json")):
        with Target(answer) as target, running(target.url, "--report", "-", *arguments, cwd=tmp_path) as proxy:
            talk(proxy.port, post(body))
            proxy.process.send_signal(signal.SIGTERM)
            stdout, stderr = proxy.process.communicate(timeout=PATIENCE)
        assert "line-item-missing" in stderr
        assert "order_12345" in stderr
        assert "line-item-missing" in stdout
        assert token.decode() not in stdout + stderr
    # Whoever reads the URL may be faster than the line that says that it is listened on.
    lines = sorted(map(json.loads, stderr.splitlines()), key=lambda line: line["event"] != "listening")
    assert [line["event"] for line in lines] == ["listening", "request", "ended"]
    assert lines[1]["findings"][0] == "line-item-missing"
    assert (lines[2]["received"], lines[2]["errors"], lines[2]["unanswered"]) == (1, 1, 0)


def test_the_port_is_in_a_file(tmp_path: Path) -> None:
    """Once requests are served the port file holds the port; at the end it is gone."""
    with Target() as target, running(target.url, "--port-file", "port", cwd=tmp_path) as proxy:
        health = f"http://127.0.0.1:{proxy.port}/__altcraft__/health"
        assert httpx.get(health, trust_env=False).json()["kind"] == "proxy"
        assert (tmp_path / "port").read_text(encoding="ascii") == f"{proxy.port}\n"
        proxy.end()
    assert not (tmp_path / "port").exists()


def test_a_second_ctrl_c_is_heeded_at_once(tmp_path: Path) -> None:
    """While a request is waited for, a second Ctrl-C ends the proxy with 130."""
    has_come, is_over = threading.Event(), threading.Event()

    def answer(_: Received, __: socket.socket) -> None:
        has_come.set()
        assert is_over.wait(PATIENCE)

    with Target(answer) as target, running(target.url, cwd=tmp_path) as proxy:
        with socket.create_connection(("127.0.0.1", proxy.port), PATIENCE) as client:
            client.sendall(post())
            assert has_come.wait(PATIENCE)
            proxy.process.send_signal(signal.SIGINT)
            while _is_listening(proxy.port):
                pass
            assert proxy.end() == 130
        is_over.set()


def _is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_enforce_holds_back(tmp_path: Path) -> None:
    """In the other mode a request with errors is refused, and counts."""
    with Target() as target, running(target.url, "--mode", "enforce", cwd=tmp_path) as proxy:
        assert b"line-item-missing" in talk(proxy.port, post(BAD_REQUEST))[0].body
        assert proxy.end() == 1
        assert target.received == []


def test_options_come_from_the_environment_too(tmp_path: Path) -> None:
    """Each option is a variable as well."""
    variables = {"ALTCRAFT_CONTRACT_FAIL_ON": "never", "ALTCRAFT_CONTRACT_REPORT": "report.json"}
    with Target() as target, running(target.url, cwd=tmp_path, **variables) as proxy:
        talk(proxy.port, post(BAD_REQUEST))
        assert proxy.end() == 0
    assert (tmp_path / "report.json").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Missing option '--target'"),
        (("--target", "example.com"), "it has to begin with http:// or https://"),
        (("--target", "http://user:marked-pw@example.com"), "leave out the user and password"),
        (("--target", "http://127.0.0.1:8099", "--port", "8099"), "it is the proxy itself"),
        (("--target", "http://example.com", "--mode", "watch"), "'watch' is not one of"),
        (("--target", "http://example.com", "--report", "no/such/a.json"), "there is no such directory"),
        (("--target", "https://example.com", "--ca-file", "missing.pem"), "missing.pem: no such file"),
        (("--target", "https://example.com", "--ca-file", "a", "--insecure"), "--insecure takes any certificate"),
        (("--target", "http://example.com", "--select", "nonsense"), "unknown rule 'nonsense'"),
        (("--target", "http://example.com", "--read-timeout", "0"), "not in the range"),
    ],
)
def test_what_cannot_be_is_one_line(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command line that makes no sense is exit code 2 and a line with the remedy, before anything is served."""
    monkeypatch.chdir(tmp_path)
    outcome = run_here("proxy", *arguments)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert told in outcome.last_line
    assert "marked-pw" not in outcome.stderr


def test_strangers_are_warned_of(tmp_path: Path) -> None:
    """A proxy that others can reach says what they can read."""
    with Target() as target, running(target.url, "--host", "0.0.0.0", "--insecure", cwd=tmp_path) as proxy:  # noqa: S104
        proxy.end()
    assert "warning: whoever reaches 0.0.0.0 can" in proxy.stderr
    assert "warning: any certificate of the target is taken" in proxy.stderr


def test_the_help_names_every_option() -> None:
    """The help tells what each option does and how the run ends."""
    outcome = run_process("proxy", "--help")
    assert outcome.code == 0
    for option in ("--target", "--mode", "--port-file", "--fail-on", "--report", "--ca-file", "--insecure"):
        assert option in outcome.stdout
