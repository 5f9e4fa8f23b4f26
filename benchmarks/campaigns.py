"""Campaigns beside Schemathesis: cases a second on a fast server, and the faults of the zoo that each of them finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from fuzz_peer import is_offered, run_peer
from fuzz_server import COUNT
from processes import SCRIPTS
from servers import ask
from zoo import FAULTS, TOKEN, Application, Listener

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.fuzz import CampaignSettings, RequestSent, Target, run_campaign

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fuzz_peer import Peer, PeerRun

    from altcraft_contract.fuzz import Event

REQUESTS: Final = 1_500
TIMEOUT: Final = 2.0  # seconds for one answer of a server of the zoo
_TRIAL_EXAMPLES: Final = 20  # of the run that shows how many requests each phase has
_AT_ONCE: Final = 2
_PLENTY: Final = 100_000  # failures that end a campaign
_LONG: Final = 600.0  # seconds of a run that is measured
_NOTHING_FOUND: Final = 0
_FOUND: Final = 1


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast something went.

    Attributes:
        requests: That reached the endpoint.
        seconds: How long it took, from the call or the start of the process to its end.
        span: Seconds from the first request to the last.
    """

    requests: int
    seconds: float
    span: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a tool told of one server.

    Attributes:
        first: Request that first showed a failure, for each failure.
        requests: How many were sent.
        is_cut: Whether it was stopped when its time was over.
    """

    first: dict[object, int]
    requests: int
    is_cut: bool = False

    def beyond(self, other: Found) -> list[int]:
        """Return the requests that first showed what it did not tell of another server."""
        return sorted(request for key, request in self.first.items() if key not in other.first)


@contextmanager
def run_fuzz_server(kind: str) -> Iterator[int]:
    """Start a server that counts, give its port, and end it."""
    script = Path(__file__).with_name("fuzz_server.py")
    with subprocess.Popen([sys.executable, str(script), kind], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def take_pace(port: int, seconds: float) -> Pace:
    """Ask a server what came since it was last asked."""
    count, span = json.loads(ask(port, "GET", COUNT).partition(b" ")[2])
    return Pace(count, seconds, span)


def pace_campaign(port: int, requests: int) -> Pace:
    """Run a campaign in this process."""
    settings = CampaignSettings(max_requests=requests, max_failures=_PLENTY, shrink=False)
    ask(port, "GET", COUNT)
    begin = perf_counter()
    run_campaign(Target(f"http://127.0.0.1:{port}", token=TOKEN), settings)
    return take_pace(port, perf_counter() - begin)


def pace_command(port: int, requests: int) -> Pace:
    """Run the whole command."""
    command = [str(SCRIPTS / "altcraft-contract"), "fuzz", f"http://127.0.0.1:{port}", "--no-shrink", "--quiet"]
    command += ["--max-requests", str(requests), "--max-failures", str(_PLENTY)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALTCRAFT")}
    environment["ALTCRAFT_TOKEN"] = TOKEN
    ask(port, "GET", COUNT)
    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        run = subprocess.run(command, capture_output=True, check=False, cwd=folder, env=environment)
        seconds = perf_counter() - begin
    assert run.returncode in (_NOTHING_FOUND, _FOUND), (run.stdout + run.stderr).decode()
    return take_pace(port, seconds)


def pace_peer(peer: Peer, port: int, phase: str, examples: int) -> Pace:
    """Run a phase of Schemathesis."""
    ask(port, "GET", COUNT)
    origin = f"http://127.0.0.1:{port}"
    run = run_peer(peer, origin, TOKEN, phases=[phase], examples=examples, seconds=_LONG, reports=False)
    pace = take_pace(port, run.seconds)
    assert pace.requests > 1, run.output
    return pace


def iter_paces(peer: Peer, port: int, *, rounds: int, requests: int, examples: int) -> Iterator[dict[str, Pace]]:
    """Yield the paces of each round; the one before the first, which loads and builds, does not count."""
    for number in range(-1, rounds):
        turns = {
            "campaign": lambda: pace_campaign(port, requests),
            "command": lambda: pace_command(port, requests),
            "fuzzing": lambda: pace_peer(peer, port, "fuzzing", examples),
            "coverage": lambda: pace_peer(peer, port, "coverage", examples),
        }
        names = list(turns) if number % 2 else list(reversed(turns))
        paces = {name: turns[name]() for name in names}
        if number >= 0:
            yield paces


@contextmanager
def serve_fault(name: str | None) -> Iterator[str]:
    """Serve a fault of the zoo in this process, or the server without one, and give its origin."""
    application = Application() if name is None else Application(FAULTS[name].behaviour)
    with Listener(application.answer) as listener:
        yield f"http://127.0.0.1:{listener.port}"


def hunt(name: str | None, requests: int) -> Found:
    """Run a campaign against a fault, or against the server without one."""
    sent: dict[str, int] = {}

    def listen(event: Event) -> None:
        if isinstance(event, RequestSent):
            sent.setdefault(event.trial, event.requests)

    with serve_fault(name) as origin:
        settings = CampaignSettings(max_requests=requests, timeout=TIMEOUT)
        report = run_campaign(Target(f"{origin}{ENDPOINT_PATH}", token=TOKEN), settings, on_event=listen)
    return Found({failure.id: sent.get(failure.trial, report.requests) for failure in report.failures}, report.requests)


def fit_examples(peer: Peer, requests: int, seconds: float) -> tuple[int, str]:
    """Return the `--max-examples` with which Schemathesis sends so many requests; 0 and why, if it does not work."""
    with serve_fault(None) as origin:
        run = run_peer(peer, origin, TOKEN, examples=_TRIAL_EXAMPLES, seconds=seconds, timeout=TIMEOUT)
    drawn, others = run.count("fuzzing"), run.count("examples") + run.count("coverage")
    if not drawn or not others or run.is_cut:
        said = next((line for line in run.output.splitlines() if "object" in line or "Error" in line), "no requests")
        return 0, "it was too slow" if run.is_cut else said.strip()
    return max(1, round((requests - others) * _TRIAL_EXAMPLES / drawn)), ""


def hunt_peer(peer: Peer, name: str | None, *, examples: int, seconds: float) -> PeerRun:
    """Let Schemathesis test a fault, or the server without one."""
    with serve_fault(name) as origin:
        return run_peer(peer, origin, TOKEN, examples=examples, seconds=seconds, timeout=TIMEOUT)


def judge_peer(run: PeerRun, requests: int, *, looks_inside: bool) -> Found:
    """Return what it told of the first so many requests, with its own checks or with those that look inside."""
    first: dict[object, int] = {}
    for shown in run.iter_failures(requests):
        if is_offered(shown.check, looks_inside=looks_inside):
            first.setdefault(shown.key, shown.request)
    return Found(first, min(len(run.requests), requests), run.is_cut)


def iter_peer_runs(peer: Peer, names: Sequence[str], *, examples: int, seconds: float) -> Iterator[PeerRun]:
    """Yield a run for each fault, some of which are under way at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(lambda name: hunt_peer(peer, name, examples=examples, seconds=seconds), names)
