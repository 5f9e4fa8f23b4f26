"""Schemathesis beside the fuzzer: the document that it is given, its command, and what its report tells."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from openapi_document import PATH, make_openapi
from processes import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME: Final = "Schemathesis"
OWN: Final = "envelope_"  # what the names of our checks for it begin with
PHASES: Final = ("examples", "coverage", "fuzzing")
_SEED: Final = 0
_OTHER_STATUSES: Final = (404, 405, 415)
_GRACE: Final = 20  # seconds to write its report in, when it is told to stop
_BY_STATUS: Final = ("negative_data_rejection", "positive_data_acceptance")


@dataclass(frozen=True, slots=True)
class Peer:
    """The command.

    Attributes:
        command: Its path.
        version: As it says.
    """

    command: str
    version: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A failure of a check on an answer.

    Attributes:
        check: Name of the check.
        text: What is told of it: equal failures have the same text.
        request: Number of the request, from 1.
    """

    check: str
    text: str
    request: int

    @property
    def key(self) -> tuple[str, str]:
        """What makes two failures the same."""
        return self.check, self.text


@dataclass(frozen=True)
class PeerRun:
    """What came of a run.

    Attributes:
        seconds: How long the process took.
        is_cut: Whether it was stopped when its time was over.
        events: Its report, one value for each line.
        output: What it printed.
    """

    seconds: float
    is_cut: bool
    events: list[dict[str, Any]]
    output: str

    @cached_property
    def requests(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The phase and the checks of each request, in the order in which they were sent."""
        found: list[tuple[float, str, list[dict[str, Any]]]] = []
        for event in self.events:
            scenario = event.get("ScenarioFinished")
            if scenario is None or scenario.get("recorder") is None:
                continue
            recorder = scenario["recorder"]
            for case, interaction in recorder.get("interactions", {}).items():
                found.append((interaction["timestamp"], scenario["phase"], recorder["checks"].get(case, [])))
        return [(phase, checks) for _, phase, checks in sorted(found, key=lambda each: each[0])]

    def count(self, phase: str) -> int:
        """Return the number of requests of a phase."""
        return sum(name == phase for name, _ in self.requests)

    def iter_failures(self, most: int) -> Iterator[Shown]:
        """Yield the failures that the first so many requests showed, and at the end the errors of the run."""
        for number, (_, checks) in enumerate(self.requests[:most], start=1):
            for check in checks:
                if check["status"] == "failure":
                    yield Shown(check["name"], tell(check), number)
        for event in self.events:
            if "NonFatalError" in event:
                title = str(event["NonFatalError"].get("info", {}).get("title", "error"))
                yield Shown("error", title, min(len(self.requests), most))


def tell(check: dict[str, Any]) -> str:
    """Return what its report groups a failure by: the title; of our checks the message, which says more."""
    failure = check.get("failure_info", {}).get("failure", {})
    return str(failure.get("message" if check["name"].startswith(OWN) else "title", ""))


def is_offered(check: str, *, looks_inside: bool) -> bool:
    """Tell whether a check belongs to Schemathesis as it comes, or to it with checks of the envelope.

    The latter do the work of those of its own that take HTTP 200 for a yes.
    """
    return check not in _BY_STATUS if looks_inside else not check.startswith(OWN)


def find_peer(command: str | None) -> Peer | None:
    """Return the command that was named, or the one beside Python or on the PATH; None if there is none."""
    path = shutil.which(
        command or "schemathesis", path=None if command else f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    )
    if path is None:
        return None
    run = subprocess.run([path, "--version"], capture_output=True, check=True)
    return Peer(str(Path(path).absolute()), run.stdout.decode().strip().rpartition(" ")[2])


def make_document(token: str) -> dict[str, Any]:
    """Return the endpoint in OpenAPI, with a token that is taken, in JSON and in XML, and with all statuses in use."""
    document = make_openapi()
    call = document["paths"][PATH]["post"]
    content = call["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    schema["properties"]["token"] = {"type": "string", "const": token}
    content["application/xml"]["schema"] = {**schema, "xml": {"name": "xml"}}
    answers = call["responses"]["200"]["content"]
    answers["application/xml"] = {"schema": {}}
    call["responses"] |= {
        str(status): {"description": "error", "content": {"application/json": answers["application/json"]}}
        for status in _OTHER_STATUSES
    }
    return document


def run_peer(
    peer: Peer,
    origin: str,
    token: str,
    *,
    phases: Sequence[str] = PHASES,
    examples: int,
    seconds: float,
    timeout: float = 10.0,
    reports: bool = True,
) -> PeerRun:
    """Let it test a server, with all its checks.

    Args:
        peer: The command.
        origin: Of the server.
        token: That the server takes.
        phases: What it does.
        examples: `--max-examples`.
        seconds: When it is stopped.
        timeout: Seconds for one answer.
        reports: Whether it writes its report, and looks into envelopes; else it is faster.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, log = Path(folder, "openapi.json"), Path(folder, "log")
        file.write_text(json.dumps(make_document(token)), encoding="utf-8")
        command = [peer.command, "run", str(file), "--url", origin, "--phases", ",".join(phases), "--checks", "all"]
        # Every failure costs it a run otherwise: it would end at the first one, and look for a smaller one.
        command += ["--max-examples", str(examples), "--seed", str(_SEED), "--continue-on-failure", "--no-shrink"]
        command += ["--suppress-health-check", "all", "--generation-database", "none", "--no-color"]
        command += ["--request-timeout", f"{timeout:g}"]
        environment = dict(os.environ)
        if reports:
            command += ["--report", "ndjson", "--report-ndjson-path", f"{folder}/report"]
            environment |= {"SCHEMATHESIS_HOOKS": "envelope_check", "PYTHONPATH": str(Path(__file__).resolve().parent)}
        begin = perf_counter()
        with log.open("wb") as out:
            is_cut = run_until(command, seconds, environment=environment, folder=folder, out=out)
        return PeerRun(perf_counter() - begin, is_cut, read_lines(Path(folder, "report")), log.read_text())


def run_until(command: Sequence[str], seconds: float, *, environment: dict[str, str], folder: str, out: Any) -> bool:
    """Run a command, and tell whether it had to be stopped: as by Ctrl-C, or for good if that does not help."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder, env=environment
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
            return True
        return False


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Return the values of the lines of a report; none if there is none; a last line that was cut off is left out."""
    values: list[dict[str, Any]] = []
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                values.append(json.loads(line))
            except ValueError:
                break
    return values
