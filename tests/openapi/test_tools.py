"""The OpenAPI document in the hands of other tools."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.stub import StubServer

PROGRAMS = os.environ.get("OPENAPI_TOOLS", "")
pytestmark = pytest.mark.skipif(not PROGRAMS, reason="OPENAPI_TOOLS names no folder of programs: `nox -s openapi` does")

DOCUMENT = load_contract().openapi_path
PATIENCE = 300
STEADY = ("--max-examples", "25", "--request-timeout", "60", "--generation-deterministic")


def run(program: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment that holds the tools."""
    command = [str(Path(PROGRAMS) / program), *arguments]
    environment = os.environ | {"no_proxy": "127.0.0.1"}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_a_validator_accepts_the_document(tmp_path: Path) -> None:
    """It is OpenAPI 3.1; the same without its paths is not, so that the validator is known to look."""
    broken = tmp_path / "broken.yaml"
    broken.write_text(DOCUMENT.read_text("utf-8").replace("operationId: confirmOrder", "operationId: 1"), "utf-8")

    assert run("openapi-spec-validator", str(DOCUMENT), cwd=tmp_path).returncode == 0
    assert run("openapi-spec-validator", str(broken), cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--mode", "positive"),
        # A refusal has HTTP 200 here; and which status a call has that is none of the contract is not documented.
        ("--mode", "all", "--exclude-checks", "negative_data_rejection,status_code_conformance,unsupported_method"),
    ],
    ids=["valid", "all"],
)
def test_schemathesis_finds_nothing_in_the_stub(options: tuple[str, ...], tmp_path: Path) -> None:
    """What is valid by the document is answered as the document says, and refusals are, too."""
    with StubServer() as stub:
        arguments = ("run", str(DOCUMENT), "--url", stub.base_url, *STEADY, *options)
        outcome = run("schemathesis", *arguments, cwd=tmp_path)
        assert outcome.returncode == 0, outcome.stdout
        assert len(stub.journal) > 20


def test_schemathesis_finds_a_broken_answer(tmp_path: Path) -> None:
    """An answer that breaks the contract is a failure by the document, too."""
    with StubServer() as stub:
        stub.use("points-as-strings", times=None)
        arguments = ("run", str(DOCUMENT), "--url", stub.base_url, *STEADY, "--mode", "positive")
        outcome = run("schemathesis", *arguments, cwd=tmp_path)
    assert outcome.returncode == 1
    assert "Response violates schema" in outcome.stdout
