"""The page that compares us with check-jsonschema shows what happens."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.validation import ENGINES, check_request
from tests.docs.markdown import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TOOL = ROOT / "tools/comparison.py"
PAGE = ROOT / "docs/explanation/compared-with-check-jsonschema.md"
MISTAKES = sorted((ROOT / "docs/examples/mistakes").glob("*.json"))
TWO_PLACES = "22-misspelt-field.json"  # the missing name and the wrong one


def check(tool: Path) -> subprocess.CompletedProcess[str]:
    """Ask whether the page is current."""
    return subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)


def test_the_page_is_current() -> None:
    """The tables of the page are what the kept words of the peer and our own give now."""
    run = check(TOOL)

    assert run.returncode == 0, run.stdout + run.stderr


def test_a_stale_page_is_told(tmp_path: Path) -> None:
    """A copy of the project in which a remedy is another makes the check print the difference and fail."""
    for name in ("tools", "docs", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    page = tmp_path / PAGE.relative_to(ROOT)
    page.write_text(page.read_text("utf-8").replace('write "KZT"', 'write "KZ"'), "utf-8")

    run = check(tmp_path / TOOL.relative_to(ROOT))

    assert run.returncode == 1, run.stderr
    assert 'write "KZT"' in run.stdout


def test_the_words_of_the_peer_are_kept_for_every_file() -> None:
    """There are thirty files, and what check-jsonschema says is kept for these and no other."""
    kept = json.loads((ROOT / "tools/peers/check-jsonschema.json").read_text("utf-8"))

    assert [path.name for path in MISTAKES] == list(kept["output"])
    assert len(MISTAKES) == 30


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_place_and_remedy(path: Path, engine: str) -> None:
    """Each file has one mistake, and one finding with its line, its column and what to do."""
    findings = check_request(path.read_bytes(), engine="fast" if engine == "fast" else "reference").findings

    assert len(findings) == (2 if path.name == TWO_PLACES else 1)
    for finding in findings:
        assert finding.line
        assert finding.column
        assert finding.hint
