"""The files that run the stub as a service say what its command line and its health check take."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import click
import pytest

from altcraft_contract.cli.entry import group
from altcraft_contract.stub import StubServer
from tests.docs.markdown import ROOT

EXAMPLES = ROOT / "docs/examples/stub"
UNIT = EXAMPLES / "altcraft-stub.service"
needs_shell = pytest.mark.skipif(shutil.which("sh") is None, reason="the script is one of a POSIX shell")


def load_service() -> dict[str, Any]:
    """Return the only service of the compose file."""
    yaml = pytest.importorskip("ruamel.yaml").YAML(typ="safe", pure=True)
    (service,) = yaml.load(EXAMPLES / "compose.yaml")["services"].values()
    assert isinstance(service, dict)
    return service


def parse_stub(command: list[str]) -> dict[str, Any]:
    """Return the options of a command line that runs the stub, as the command reads them."""
    program, name, *arguments = command
    stub = group.get_command(click.Context(group), name)
    assert Path(program).name == "altcraft-contract"
    assert name == "stub"
    assert stub is not None
    return stub.make_context(name, arguments).params


def read_unit() -> list[tuple[str, str]]:
    """Return the settings of the unit, in order."""
    return re.findall(r"^(\w+)=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)


def test_the_container_runs_a_stub_that_its_port_leads_to() -> None:
    """The command line of the container is one that the stub takes, and listens where the published port leads."""
    service = load_service()
    options = parse_stub(service["command"])

    assert options["host"] == "0.0.0.0"  # noqa: S104 - compared, not bound
    assert [str(port).rpartition(":")[2] for port in service["ports"]] == [str(options["port"])]
    assert options["log_format"] == "json"


def test_the_container_keeps_its_state_in_the_volume() -> None:
    """The state file lies in a volume, whose directory the image gives to the user that runs the stub."""
    service = load_service()
    (volume,) = service["volumes"]
    directory = volume.partition(":")[2]
    image = service["build"]["dockerfile_inline"]
    (user,) = re.findall(r"^USER (\d+)$", image, re.MULTILINE)

    assert Path(parse_stub(service["command"])["state"]).parent == Path(directory)
    assert f"install -d -o {user} {directory}" in image


def test_the_container_is_published_to_this_machine_only_and_has_a_token() -> None:
    """The published port is bound to the loopback, and without a token nothing starts."""
    service = load_service()

    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["environment"]["ALTCRAFT_TOKEN"].startswith("${ALTCRAFT_TOKEN:?")


def test_the_health_check_tells_whether_the_stub_is_up() -> None:
    """The health check ends with 0 while the stub runs, and with something else once it does not."""
    kind, program, *arguments = load_service()["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")

    def check(port: int) -> int:
        command = [sys.executable, *(argument.replace("8075", str(port)) for argument in arguments)]
        return subprocess.run(command, env={"no_proxy": "127.0.0.1"}, capture_output=True, check=False).returncode

    with StubServer() as stub:
        port = stub.port
        assert check(port) == 0
    assert check(port) != 0


def test_the_unit_runs_a_stub_on_the_loopback() -> None:
    """The command line of the unit listens on the loopback and keeps the state in the directory of the unit."""
    settings = dict(read_unit())
    options = parse_stub(settings["ExecStart"].split())

    assert options["host"] == "127.0.0.1"
    assert options["state"] == f"%S/{settings['StateDirectory']}/orders.db"
    assert options["token"] is None


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Systemd finds nothing wrong with the unit, once the command is where the unit says."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("there is no systemd-analyze")
    unit = tmp_path / UNIT.name
    program = Path(sysconfig.get_path("scripts"), "altcraft-contract")
    unit.write_text(
        UNIT.read_text("utf-8").replace("/opt/altcraft-contract/bin/altcraft-contract", str(program)), "utf-8"
    )

    run = subprocess.run([tool, "verify", str(unit)], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout + run.stderr) == (0, "")


SEND = """
import os, sys
from urllib.request import Request, urlopen

with open(sys.argv[1], "rb") as file:
    headers = {"Content-Type": "application/json", "Prefer": "scenario=" + sys.argv[2]}
    urlopen(Request(os.environ["STUB_URL"], file.read(), headers), timeout=10).close()
"""


def run_with_stub(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a stub beside it, in *folder*."""
    path = f"{sysconfig.get_path('scripts')}:/usr/bin:/bin"
    return subprocess.run(
        ["sh", str(EXAMPLES / "run-with-stub.sh"), *command],
        cwd=folder,
        env={"PATH": path, "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@needs_shell
def test_the_script_ends_as_its_command_does(tmp_path: Path) -> None:
    """Whoever runs a command with a stub beside it gets the command's exit code, and no stub is left behind."""
    run = run_with_stub(tmp_path, "sh", "-c", "exit 7")

    assert run.returncode == 7
    assert "ended; 0 requests" in (tmp_path / "stub.log").read_text("utf-8")


@needs_shell
@pytest.mark.parametrize(
    ("order", "scenario", "expected"),
    [
        ("docs/examples/broken-order.json", "success", 1),
        ("schemas/v75/examples/request.json", "success", 0),  # it has warnings
        ("schemas/v75/examples/request.json", "error-402", 0),
    ],
)
def test_the_script_fails_on_errors_only(tmp_path: Path, order: str, scenario: str, expected: int) -> None:
    """A command that succeeds has sent no order with errors; warnings, and refusals that a scenario gave, may be."""
    run = run_with_stub(tmp_path, sys.executable, "-c", SEND, str(ROOT / order), scenario)

    assert run.returncode == expected, run.stderr
    assert ("line-item-missing" in run.stderr) == bool(expected)
    assert "ended; 1 request" in (tmp_path / "stub.log").read_text("utf-8")


@needs_shell
def test_the_check_of_the_page_fails_on_errors_only() -> None:
    """What the page pipes the summary into ends with 1 if there is an error, whatever was refused by a scenario."""
    page = (ROOT / "docs/how-to/run-the-stub-as-a-service.md").read_text("utf-8")
    (code,) = re.findall(r"^  python -c \"(import json, sys; .*)\"$", page, re.MULTILINE)

    def check(severity: str) -> int:
        summary = f'{{"refused": 1, "findings": {{"some-rule": {{"count": 1, "severity": "{severity}"}}}}}}'
        return subprocess.run([sys.executable, "-c", code], input=summary.encode(), check=False).returncode

    assert check("error") == 1
    assert check("warning") == 0
