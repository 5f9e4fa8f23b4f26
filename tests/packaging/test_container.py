"""What can be told of the container file without a container engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest

from altcraft_contract.cli.entry import group
from altcraft_contract.stub import StubServer
from altcraft_contract.stub.proxy import ProxyServer
from tests.docs.markdown import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDE = ROOT / "docs/how-to/run-in-a-container.md"
COMPOSE = ROOT / "docs/examples/container/compose.yaml"
SECRET = re.compile(r"token|secret|password|credential|api_?key", re.IGNORECASE)


def read_instructions() -> list[tuple[str, str]]:
    """Return the instructions of the file, each with its arguments on one line, without comments."""
    text = (ROOT / "Containerfile").read_text("utf-8")
    text = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def arguments_of(instruction: str) -> list[str]:
    """Return the arguments of each such instruction."""
    return [rest for word, rest in read_instructions() if word == instruction]


def probe() -> list[str]:
    """Return the command of the health check, run by the interpreter that runs the tests."""
    (check,) = arguments_of("HEALTHCHECK")
    program, *rest = json.loads(check.partition("CMD ")[2])
    assert program == "python"
    return [sys.executable, *rest]


def find_command(arguments: list[str]) -> dict[str, Any]:
    """Return the options of a command line, as the command reads them."""
    name, *rest = arguments
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command.make_context(name, rest).params


def load_services() -> dict[str, dict[str, Any]]:
    """Return the services of the compose file."""
    yaml = pytest.importorskip("ruamel.yaml").YAML(typ="safe", pure=True)
    services: dict[str, dict[str, Any]] = yaml.load(COMPOSE)["services"]
    return services


def iter_runs() -> Iterator[list[str]]:
    """Yield the command line behind the name of the image in each `docker run` of the guide."""
    for line in re.findall(r"^docker run .*$", GUIDE.read_text("utf-8"), re.MULTILINE):
        words = shlex.split(line.partition(" < ")[0])
        yield words[words.index("altcraft-contract") + 1 :]


def test_nobody_runs_it_as_root() -> None:
    """The last user is a number above those of the system, so that a cluster can see that it is not root."""
    user, _, _ = arguments_of("USER")[-1].partition(":")

    assert int(user) >= 10000


def test_the_base_is_slim_and_of_a_supported_python() -> None:
    """Every stage starts from a slim image with a Python that the package supports, by its version."""
    supported = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))
    bases = [words.split()[0] for words in arguments_of("FROM")]

    assert bases
    assert {base.removeprefix("python:").removesuffix("-slim") for base in bases} <= set(supported)


def test_no_secret_can_be_in_a_layer() -> None:
    """No variable or argument of the build could hold a secret, and nothing is copied but what is named."""
    assert not arguments_of("ARG")
    assert not [row for row in arguments_of("ENV") if SECRET.search(row)]
    assert not arguments_of("ADD")
    assert not [row for row in arguments_of("COPY") if row.split()[0] in {".", "./"}]


def test_what_is_copied_is_let_in() -> None:
    """What the build copies exists, is let in by the ignore file, and is all that is let in."""
    copied = {word.rstrip("/") for row in arguments_of("COPY") for word in row.split()[:-1]}
    let_in = set(re.findall(r"^!(.*)$", (ROOT / ".containerignore").read_text("utf-8"), re.MULTILINE))

    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_docker_and_podman_ignore_the_same() -> None:
    """Docker reads one ignore file, Podman the other: they are the same."""
    assert (ROOT / ".dockerignore").read_bytes() == (ROOT / ".containerignore").read_bytes()


def test_the_entry_point_is_the_command_of_the_package() -> None:
    """The entry point is the console script, and without arguments it prints its help."""
    assert json.loads(arguments_of("ENTRYPOINT")[0]) == ["altcraft-contract"]
    assert json.loads(arguments_of("CMD")[0]) == ["--help"]


def test_the_health_check_finds_a_stub_that_is_up() -> None:
    """The health check succeeds while a stub listens on the configured port, and fails once it does not."""
    with StubServer(port=0) as stub:
        variables = {**os.environ, "ALTCRAFT_CONTRACT_PORT": str(stub.port)}
        up = subprocess.run(probe(), env=variables, capture_output=True, check=False)
    down = subprocess.run(probe(), env=variables, capture_output=True, check=False)

    assert (up.returncode, down.returncode) == (0, 1), up.stderr


def test_the_health_check_finds_a_proxy_that_is_up() -> None:
    """The health check succeeds for a proxy, too, whatever its service does."""
    with ProxyServer("http://127.0.0.1:9") as proxy:
        variables = {**os.environ, "ALTCRAFT_CONTRACT_PORT": str(proxy.port)}
        run = subprocess.run(probe(), env=variables, capture_output=True, check=False)

    assert run.returncode == 0, run.stderr


def test_the_variables_of_the_image_are_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that the image sets is the one that stub and proxy listen on."""
    variables = dict(word.split("=", 1) for row in arguments_of("ENV") for word in row.split())
    monkeypatch.setenv("ALTCRAFT_CONTRACT_HOST", variables["ALTCRAFT_CONTRACT_HOST"])

    for line in (["stub"], ["proxy", "--target", "http://127.0.0.1:9"]):
        assert find_command(line)["host"] == "0.0.0.0"  # noqa: S104 - compared, not bound


def test_the_guide_shows_commands_that_there_are() -> None:
    """Every command line of the guide is one that its command takes."""
    runs = list(iter_runs())

    assert {run[0] for run in runs} == {"lint", "stub", "proxy"}
    for run in runs:
        find_command(run)


def test_the_services_listen_where_their_ports_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each service of the compose file takes its command line, and listens on the port that is published."""
    for service in load_services().values():
        port = service.get("environment", {}).get("ALTCRAFT_CONTRACT_PORT", "8075")
        monkeypatch.setenv("ALTCRAFT_CONTRACT_PORT", port)
        options = find_command(service["command"])

        assert str(options["port"]) == port
        assert service["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_services_can_write_nowhere_else() -> None:
    """Each service of the compose file has a root that it cannot write to, and no capability."""
    for service in load_services().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
