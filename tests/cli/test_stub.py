"""`altcraft-contract stub` as a process: its address, its log, its token and its end."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.rules.samples import SAMPLE_REQUEST
from altcraft_contract.stub import SCENARIOS
from tests.cli.running import COMMAND, PATIENCE, environment, run_here, run_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "mNq7Zr2LkXvT9b"  # noqa: S105 - a made-up one
EMAIL = "anna.ivanova@shop-of-anna.example"
PHONE = "+79991230045"
ORDER = {**SAMPLE_REQUEST, "token": TOKEN, "email": EMAIL}
ORDER.pop("profile_id", None)


class Running:
    """A stub that runs as a process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip()
        self.port = urlsplit(self.url).port or 0
        self.log = ""

    def send(self, body: Any = ORDER, **headers: str) -> tuple[int, dict[str, Any]]:
        """Send an order and return status and envelope."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request("POST", ENDPOINT_PATH, text, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal and return its exit code."""
        self.process.send_signal(number)
        _, self.log = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


def events_of(log: str) -> list[dict[str, Any]]:
    """The lines of a log; who reads the URL may be faster than the line that says that it is listened on."""
    return sorted(map(json.loads, log.splitlines()), key=lambda event: event["event"] != "listening")


@contextmanager
def running(*options: str, **variables: str) -> Iterator[Running]:
    """A stub on a free port, as a process of its own."""
    process = subprocess.Popen(
        [*COMMAND, "stub", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(**variables),
    )
    watchdog = Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        yield Running(process)
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_it_prints_its_url_and_ends_gracefully(tmp_path: Path) -> None:
    """The URL is the one line on the standard output, the port stands in its file, and SIGTERM is exit code 0."""
    port_file = tmp_path / "port"
    with running("--port-file", str(port_file)) as stub:
        assert stub.url == f"http://127.0.0.1:{stub.port}{ENDPOINT_PATH}"
        assert port_file.read_text() == f"{stub.port}\n"
        status, envelope = stub.send()
        assert (status, envelope["error"], envelope["data"]["status"]) == (200, 0, "success")
        assert stub.end() == 0
    assert not port_file.exists()
    assert "ended; 1 request, 0 refused" in stub.log


def test_ctrl_c_is_exit_code_130() -> None:
    """Ctrl-C ends it with what was promised for every command, without a traceback."""
    with running() as stub:
        stub.send()
        assert stub.end(signal.SIGINT) == 130
    assert "Traceback" not in stub.log
    assert "ended; 1 request," in stub.log


def test_the_log_tells_each_request_and_no_secret() -> None:
    """A line a request says what became of it, and neither token, address nor number."""
    with running() as stub:
        stub.send()
        stub.send({**ORDER, "phone": PHONE, "data": {}})
        stub.send(json.dumps(ORDER).encode()[:-20], Authorization=f"Bearer {TOKEN}")
        stub.send(Prefer="scenario=error-402")
        stub.end()
    lines = [line for line in stub.log.splitlines() if " #" in line]
    assert [line.split(" ", 2)[1] for line in lines] == ["#1", "#2", "#3", "#4"]
    assert ": success" in lines[0]
    assert "refused, error 400 (" in lines[1]
    assert "malformed" in lines[2]
    assert "scenario error-402" in lines[3]
    assert not any(secret in stub.log for secret in (TOKEN, EMAIL, PHONE))


def test_the_log_can_be_json() -> None:
    """With --log-format json every line of the standard error is one object with an event."""
    with running("--log-format", "json") as stub:
        stub.send()
        stub.send({**ORDER, "phone": PHONE, "data": {}})
        stub.end()
    events = events_of(stub.log)
    assert [event["event"] for event in events] == ["listening", "request", "request", "ended"]
    assert events[0]["url"] == stub.url
    assert events[1]["outcome"] == "success"
    assert events[2]["refusal"] == "contract"
    assert "missing-field" in events[2]["findings"]
    assert events[3]["received"] == 2
    assert not any(secret in stub.log for secret in (TOKEN, EMAIL, PHONE))


def test_quiet_leaves_the_requests_out() -> None:
    """With --quiet only the beginning and the end are told."""
    with running("--quiet") as stub:
        stub.send()
        stub.end()
    assert len(stub.log.splitlines()) == 2


@pytest.mark.parametrize("way", ["variable", "named variable", "file", "option"])
def test_the_token(way: str, tmp_path: Path) -> None:
    """Each way to give the token lets that token in and no other."""
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    options = {
        "variable": [],
        "named variable": ["--token-env", "SHOP_TOKEN"],
        "file": ["--token-file", str(file)],
        "option": ["--token", TOKEN],
    }[way]
    variables = {"variable": {"ALTCRAFT_TOKEN": TOKEN}, "named variable": {"SHOP_TOKEN": TOKEN}}.get(way, {})
    with running(*options, **variables) as stub:
        assert stub.send()[1]["error"] == 0
        assert stub.send({**ORDER, "token": "another"})[1]["error"] == 401
        stub.end()
    assert "takes requests with the right token" in stub.log
    assert TOKEN not in stub.log


def test_prices_scenario_and_state(tmp_path: Path) -> None:
    """Prices make orders outdated, the scenario stands from the start, and the state is there again after kill -9."""
    item = ORDER["data"]["lines"][0]
    prices, state = tmp_path / "prices.json", tmp_path / "state.sqlite"
    prices.write_text(json.dumps({item.get("product") or item["sku"]: "1.00"}))
    with running("--prices", str(prices)) as stub:
        assert stub.send()[1]["data"]["status"] == "outdated"
        stub.end()
    with running("--state", str(state)) as stub:
        first = stub.send()
        stub.process.kill()
        stub.process.wait(PATIENCE)
    with running("--state", str(state), "--scenario", "error-403") as stub:
        assert stub.send()[1]["error"] == 403
        assert stub.send(Prefer="scenario=success") == first
        stub.end()


def test_it_lists_its_scenarios() -> None:
    """Every scenario is listed with what it means."""
    listed = run_here("stub", "--list-scenarios")
    assert listed.code == 0
    for row in SCENARIOS.values():
        assert f"  {row.name} " in listed.stdout
        assert row.description in listed.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--scenario", "outdatet"], "did you mean 'outdated'?"),
        (["--port", "65536"], "65536 is not in the range"),
        (["--prices", "no-such.json"], "no-such.json"),
        (["--prices", "prices.txt"], "prices.txt"),
        (["--state", "no-such-directory/state"], "no-such-directory"),
        (["--token-env", "NO_SUCH_VARIABLE"], "the environment variable is not set"),
        (["--token-file", "no-such-token"], "no-such-token"),
        (["--port-file", "no-such-directory/port"], "there is no such directory"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid"),
        (["--select", "no-such-rule"], "no-such-rule"),
        (["--opening-balance", "-1"], "-1 is not in the range"),
    ],
)
def test_what_cannot_be_is_one_line(options: list[str], told: str, tmp_path: Path) -> None:
    """A wrong option is exit code 2 and one line with the remedy."""
    outcome = run_process("stub", "--port", "0", *options, cwd=tmp_path)
    assert outcome.code == 2
    assert told in outcome.last_line
    assert outcome.stdout == "" or "--port-file" in options
    assert "Traceback" not in outcome.stderr


def test_a_port_in_use_says_what_to_do() -> None:
    """The port of another server is exit code 2 and a remedy."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = run_process("stub", "--port", str(taken.getsockname()[1]))
    assert outcome.code == 2
    assert "the port is in use; choose another one, or 0 for any that is free" in outcome.last_line


def test_a_closed_standard_error_does_not_end_it() -> None:
    """A log that nobody reads any more stops no request."""
    with running() as stub:
        assert stub.process.stderr is not None
        stub.process.stderr.close()
        assert [stub.send()[1]["error"] for _ in range(3)] == [0, 0, 0]
        stub.process.send_signal(signal.SIGTERM)
        assert stub.process.wait(PATIENCE) == 0


def test_help_costs_no_server() -> None:
    """The help of another command does not import the server's libraries."""
    script = (
        "import sys; from altcraft_contract.cli.entry import run; run(['lint', '--help']); "
        "print([name for name in ('uvicorn', 'starlette', 'httpx', 'anyio') if name in sys.modules])"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment()
    )
    assert outcome.stdout.splitlines()[-1] == "[]"


def test_a_log_that_nobody_reads_stops_no_order() -> None:
    """A pipe that is full neither holds up requests nor the end."""
    with running() as stub:
        for number in range(1500):
            assert stub.send({**ORDER, "external_id": f"order_{number}"})[1]["error"] == 0
        stub.process.send_signal(signal.SIGTERM)
        assert stub.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("field", ["external_id", "path"])
def test_the_log_masks_a_secret_wherever_it_stands(field: str) -> None:
    """A secret that stands in another place of the request is masked there, too."""
    with running() as stub:
        if field == "external_id":
            stub.send({**ORDER, "external_id": f"order-{TOKEN}"}, Authorization="Bearer another-secret")
            stub.send({**ORDER, "external_id": "another-secret-2"}, Authorization="Bearer another-secret-2")
        else:
            connection = http.client.HTTPConnection("127.0.0.1", stub.port, timeout=PATIENCE)
            connection.request("POST", f"/api/{PHONE}", json.dumps(ORDER), {"Content-Type": "application/json"})
            connection.getresponse().read()
            connection.close()
        stub.end()
    assert not any(secret in stub.log for secret in (TOKEN, PHONE, "another-secret"))


@pytest.mark.parametrize("options", [["--token", ""], ["--token", "x", "--token-env", "HOME"]])
def test_a_token_that_is_none_is_refused(options: list[str]) -> None:
    """An empty token, or two, let nobody in by mistake."""
    outcome = run_process("stub", "--port", "0", *options)
    assert outcome.code == 2
    assert "--token" in outcome.last_line


@pytest.mark.parametrize("path", [".", "/", "x/"])
def test_a_port_file_is_a_file(path: str, tmp_path: Path) -> None:
    """A directory is no port file."""
    outcome = run_process("stub", "--port", "0", "--port-file", path, cwd=tmp_path)
    assert outcome.code == 2
    assert "is a directory" in outcome.last_line


def test_what_is_no_http_is_a_line_of_the_log() -> None:
    """What the server's library says stands in the log in the form that was asked for."""
    with running("--log-format", "json") as stub:
        with socket.create_connection(("127.0.0.1", stub.port), timeout=PATIENCE) as connection:
            connection.sendall(b"GARBAGE\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        stub.end()
    events = events_of(stub.log)
    assert [event["event"] for event in events] == ["listening", "warning", "ended"]
