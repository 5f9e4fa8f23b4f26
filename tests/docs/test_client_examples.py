"""The clients in other languages pass their tests against the stub, and fail them with a bug."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.markdown import ROOT, iter_blocks

CLIENTS = ROOT / "docs/examples/clients"
SCRIPT = ROOT / "docs/examples/stub/run-with-stub.sh"
PAGE = ROOT / "docs/how-to/test-a-client-in-another-language.md"
PATIENCE = 120


class Client(NamedTuple):
    """A client in a language.

    Attributes:
        command: What runs its test, in its folder.
        file: The file in which the bug is put.
        code: What is right there.
        bug: What is put in its place.
        finding: What the stub refuses it for.
    """

    command: tuple[str, ...]
    file: str
    code: str
    bug: str
    finding: str


LANGUAGES = {
    "node": Client(
        ("node", "--test", "client.test.mjs"),
        "client.mjs",
        "      total_price: cart.price.toFixed(2)",
        "      total_price: cart.price",
        "wrong-type at /data/total_price",
    ),
    "java": Client(
        ("java", "ClientTest.java"),
        "ClientTest.java",
        "formatted(token, id, price)",
        "formatted(token, id, price.replace('.', ','))",
        "invalid-decimal at /data/total_price",
    ),
    "php": Client(
        ("php", "client_test.php"),
        "client.php",
        "'total_price' => $text",
        "'total_price' => $price",
        "wrong-type at /data/total_price",
    ),
    "go": Client(
        ("go", "test", "./..."), "client.go", '`json:"sku"`', '`json:"SKU"`', "line-item-missing at /data/lines/0"
    ),
}


def run(language: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the test of a client with a stub beside it."""
    command = LANGUAGES[language].command
    if shutil.which(command[0]) is None or shutil.which("sh") is None:
        pytest.skip(f"{command[0]} is not installed")
    environment = os.environ | {
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}",
        "GOCACHE": str(folder.parent / "cache"),
        "no_proxy": "127.0.0.1",
    }
    return subprocess.run(
        ["sh", str(SCRIPT), *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def copy_of(language: str, folder: Path) -> Path:
    """A copy of the client, in which things may be written."""
    return Path(shutil.copytree(CLIENTS / language, folder / language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_passes_its_test(language: str, tmp_path: Path) -> None:
    """Both tests of each client pass, and what it sends keeps the contract."""
    outcome = run(language, copy_of(language, tmp_path))

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bug_fails_the_test_and_is_named(language: str, tmp_path: Path) -> None:
    """With a bug in it the test fails, and its output has the rule and the place."""
    client = LANGUAGES[language]
    file = copy_of(language, tmp_path) / client.file
    text = file.read_text("utf-8")
    assert text.count(client.code) == 1
    file.write_text(text.replace(client.code, client.bug), "utf-8")

    outcome = run(language, file.parent)

    assert outcome.returncode != 0
    assert client.finding in outcome.stdout + outcome.stderr


def test_the_page_shows_the_clients_as_they_are() -> None:
    """Each block with a title is the file of that name, and all files are shown or linked."""
    shown = {block.title: block.text for block in iter_blocks(PAGE) if block.title is not None}

    assert shown
    for title, text in shown.items():
        (file,) = CLIENTS.rglob(title)
        assert file.read_text("utf-8") == text
    page = PAGE.read_text("utf-8")
    for language in LANGUAGES:
        assert f"../examples/clients/{language}/" in page
