"""No secret of any body, whole or damaged, reaches any output."""

from __future__ import annotations

from contextlib import chdir
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import given

from altcraft_contract.renderers import BINARY_RENDERERS, RENDERERS, SUMMARY_RENDERERS
from altcraft_contract.renderers.report import Entry, RenderOptions, Suppressed, Tally, render
from altcraft_contract.renderers.summary import Summary
from altcraft_contract.validation import check_request, check_response
from tests.cli.running import run_here
from tests.renderers.bodies import Body, bodies, damaged_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.findings import CheckResult

OPTIONS = (RenderOptions(contract="v75"), RenderOptions(color=True, verbose=True, contract="v75"))


def iter_outputs(result: CheckResult, text: str) -> Iterator[str]:
    """What every renderer makes of a result: of a file, and of a host file in which its findings are suppressed."""
    yield str(result)
    suppressed = tuple(Suppressed(finding, "baseline", "", "0" * 7) for finding in result.findings)
    run = (
        Entry("order.json", None, result, text),
        Entry("a.md", 2, result, text, 7, "code block 2", name="docs/a.md", suppressed=suppressed),
    )
    for make in RENDERERS.values():
        for options in OPTIONS:
            tally = Tally()
            yield "".join(render(make(options), tally.watch(run), tally))
    yield from iter_tables(run)
    yield from iter_summaries(run)


def iter_tables(run: Sequence[Entry]) -> Iterator[str]:
    """What formats that are no text hold, where their libraries are installed."""
    parquet = pytest.importorskip("pyarrow.parquet")
    for make in BINARY_RENDERERS.values():
        renderer = make(OPTIONS[0])
        parts = [*renderer.begin(), *(part for entry in run for part in renderer.take(entry)), *renderer.end(Tally())]
        yield repr(parquet.read_table(BytesIO(b"".join(parts))).to_pylist())
        yield b"".join(parts).decode(errors="replace")


def iter_summaries(run: Sequence[Entry]) -> Iterator[str]:
    """What summaries show of a run."""
    summary, tally = Summary(), Tally()
    for entry in tally.watch(run):
        summary.add(entry)
    for make in SUMMARY_RENDERERS.values():
        for options in OPTIONS:
            yield "".join(make(options).render(summary, tally))


def iter_readings(output: str) -> Iterator[str]:
    """An output as it is, and as those read it who decode the escapes of HTML, Markdown, XML and URIs."""
    yield output
    yield unescape(output)
    yield unquote(output)


def assert_silent(body: Body) -> None:
    """No renderer shows a secret of a body, whichever message it is taken for."""
    for check in (check_request, check_response):
        for output in iter_outputs(check(body.text), body.text):
            for reading in iter_readings(output):
                assert not body.leaks(reading), output


@given(body=bodies())
def test_no_renderer_shows_a_secret(body: Body) -> None:
    """Neither a renderer nor the text of a result shows any part of a token, an address or a number."""
    assert_silent(body)


@given(body=damaged_bodies())
def test_no_renderer_shows_a_secret_of_a_damaged_body(body: Body) -> None:
    """A body that one character was added to, taken from or changed in keeps its secrets, and so does half a body."""
    assert_silent(body)


@given(body=bodies() | damaged_bodies())
def test_no_command_shows_a_secret(body: Body) -> None:
    """Neither stream of `lint`, nor what `convert` says when it refuses, shows a secret."""
    with TemporaryDirectory() as directory, chdir(directory):
        Path("order.json").write_text(body.text, encoding="utf-8", newline="")
        for arguments in (["lint", "order.json"], ["lint", "-", "--message", "response"]):
            outcome = run_here(*arguments, stdin=body.text.encode())
            assert not body.leaks(outcome.stdout + outcome.stderr), outcome
        assert not body.leaks(run_here("convert", "order.json").stderr)


@pytest.mark.parametrize("name", ["{}.json", "{}/order.json", "{}.d/order.xml"])
def test_a_path_named_after_a_secret_is_masked(name: str, tmp_path: Path) -> None:
    """An address, and the token of the document, are masked in the path of a finding and of a missing file, too."""
    token = "QXZ49f0Wq7JJ8K"  # noqa: S105 - made up
    for secret in (token, "ann@example.com"):
        path = tmp_path / name.format(secret)
        missing = run_here("lint", str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"token": "{token}", "email": "ann@example.com"}}', encoding="utf-8")
        found = [run_here("lint", str(path), "--format", format_) for format_ in RENDERERS]
        assert all(secret not in reading for outcome in found for reading in iter_readings(outcome.stdout))
        assert all("***" in unescape(outcome.stdout) for outcome in found)
        assert "ann@example.com" not in missing.stderr
