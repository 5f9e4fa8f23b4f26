"""`generate` and `mutate`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.cli.entry import run
from altcraft_contract.contract import load_contract
from altcraft_contract.validation import check_request, check_response

if TYPE_CHECKING:
    from pathlib import Path


def manifest_of(directory: Path) -> list[dict[str, Any]]:
    """The rows of the manifest in a directory."""
    return [json.loads(line) for line in (directory / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def generate(directory: Path, *arguments: str) -> int:
    """Run `generate` into a directory."""
    return run(["generate", "--output", str(directory), "--quiet", *arguments])


@pytest.mark.parametrize("kind", ["valid", "edge", "mutation", "malformed", "response"])
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_the_manifest_foretells_the_verdict_of_every_body(tmp_path: Path, kind: str, syntax: str) -> None:
    """Each body has the verdict, the rule and the pointer that the manifest says."""
    assert generate(tmp_path / "out", "-n", "40", "--kind", kind, "--syntax", syntax, "--seed", "7") == 0

    rows = manifest_of(tmp_path / "out")
    assert len(rows) == 40
    for row in rows:
        body = (tmp_path / "out" / row["file"]).read_bytes()
        check = check_request if row["message"] == "request" else check_response
        result = check(body, syntax=row["syntax"])
        assert result.ok == row["ok"]
        if row["rule"] is not None:
            assert [(finding.rule, finding.pointer) for finding in result.findings] == [(row["rule"], row["pointer"])]


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    """Two runs with one seed write the same bytes."""
    for name in ("one", "two"):
        assert generate(tmp_path / name, "-n", "25", "--kind", "mutation", "--seed", "7") == 0

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_records_stand_in_one_file(tmp_path: Path) -> None:
    """With NDJSON all bodies are lines of one file, and the manifest counts them."""
    assert generate(tmp_path / "out", "-n", "30", "--kind", "mutation", "--syntax", "ndjson") == 0

    records = (tmp_path / "out" / "bodies.ndjson").read_bytes().splitlines()
    rows = manifest_of(tmp_path / "out")
    assert [row["document"] for row in rows] == list(range(1, 31))
    for record, row in zip(records, rows, strict=True):
        check = check_request if row["message"] == "request" else check_response
        assert [finding.rule for finding in check(record).findings] == [row["rule"]]


def test_records_go_to_the_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Without a directory NDJSON goes to the standard output, and nothing else does."""
    assert run(["generate", "-n", "3", "--syntax", "ndjson"]) == 0

    lines = capfdbinary.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(check_request(line).ok for line in lines)


def test_parameters_narrow_what_is_generated(tmp_path: Path) -> None:
    """Lines, currency, identifier and types of promotions are as asked for."""
    arguments = ["--lines", "2", "--currency", "JPY", "--identifier", "phone", "--promotion-type", "message"]
    assert generate(tmp_path / "out", "-n", "20", *arguments) == 0

    for row in manifest_of(tmp_path / "out"):
        body = json.loads((tmp_path / "out" / row["file"]).read_bytes())
        assert "phone" in body
        assert body["data"]["currency"] == "JPY"
        assert len(body["data"]["lines"]) == 2
        assert all(item["type"] == "message" for item in body["data"].get("requested_promotions", ()))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["generate"], "--output"),
        (["generate", "--syntax", "ndjson", "--kind", "malformed"], "malformed"),
        (["generate", "--rule", "malformed", "-o", "out"], "--kind mutation"),
        (["generate", "--kind", "mutation", "--rule", "no-such-rule", "-o", "out"], "no-such-rule"),
        (["generate", "--lines", "x", "-o", "out"], "'x'"),
        (["generate", "--lines", "0", "-o", "out"], "lines=(0, 0)"),
        (["generate", "--currency", "DEM", "-o", "out"], "DEM"),
        (["generate", "-n", "0", "-o", "out"], "0"),
        (["mutate", "no-such-file.json"], "no-such-file.json"),
        (["mutate", "no-such-file.json", "--rule", "total"], "total"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use ends with exit code 2 and a line that names what was wrong."""
    monkeypatch.chdir(tmp_path)

    assert run(arguments) == 2

    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert told in last


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written into a directory that is not empty."""
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")

    assert generate(tmp_path) == 2

    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize("example", ["request.json", "request.xml", "response.json", "response.xml"])
def test_neighbours_of_an_example_are_written(tmp_path: Path, example: str) -> None:
    """The neighbours of a file have its syntax, and the finding that the manifest says."""
    path = tmp_path / example
    path.write_bytes(load_contract().examples[example])

    assert run(["mutate", str(path), "--output", str(tmp_path / "out"), "--quiet"]) == 0

    rows = manifest_of(tmp_path / "out")
    assert len(rows) > 100
    for row in rows[::10]:
        check = check_request if row["message"] == "request" else check_response
        result = check((tmp_path / "out" / row["file"]).read_bytes(), syntax=row["syntax"])
        assert (row["rule"], row["pointer"]) in [(finding.rule, finding.pointer) for finding in result.findings]
        assert row["syntax"] == path.suffix[1:]


def test_neighbours_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a directory each neighbour is a line: rule, pointer and mutation."""
    path = tmp_path / "order.json"
    path.write_bytes(load_contract().examples["request.json"])

    assert run(["mutate", str(path), "--rule", "line-item-missing"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "line-item-missing\t/data/lines/0\tno-item",
        "line-item-missing\t/data/lines/1\tno-item",
    ]


def test_a_broken_order_has_no_neighbours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file with errors is refused with the first of them, and nothing is written."""
    path = tmp_path / "order.json"
    path.write_text('{"token": "t"}', encoding="utf-8")

    assert run(["mutate", str(path), "--output", str(tmp_path / "out")]) == 2

    assert "missing-field" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
