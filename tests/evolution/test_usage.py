"""Which changes hit a client, by the coverage of its tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.evolution import Change
from altcraft_contract.evolution.usage import Usage, hit_of, load_usage
from altcraft_contract.testing.coverage import Coverage
from altcraft_contract.testing.coverage.json_report import render_json
from altcraft_contract.testing.coverage.summary import summarize
from tests.contract.versions.v76 import BEFORE

if TYPE_CHECKING:
    from pathlib import Path

    from altcraft_contract.evolution.changes import Side, Subject

USAGE = Usage(
    "v75",
    {"request": 3, "response": 2},
    {
        ("request", "/data"): 3,
        ("request", "/data/region"): 2,
        ("request", "/data/status"): 3,
        ("request", "/data/tags"): 0,
        ("request", "/data/promocodes"): 0,
        ("request", "/data/lines"): 3,
        ("request", "/data/lines/*/sku"): 3,
        ("response", "/data"): 2,
        ("response", "/data/status"): 2,
        ("response", "/data/contents"): 0,
    },
)


def change(
    subject: Subject, pointer: str, keyword: str, *, before: Any = None, breaks: tuple[Side, ...] = ("clients",)
) -> Change:
    """A change, of which only these matter here."""
    return Change(subject, pointer, keyword, None, "", before, None, breaks, "")


@pytest.mark.parametrize(
    ("changed", "hits", "why"),
    [
        (change("request", "/data/region", "required", before=False), True, "2 of 3 requests with /data had it"),
        (change("request", "/data/status", "required", before=False), False, "each of 3 requests had it"),
        (change("request", "/shop", "field"), True, "0 of 3 requests with a body had it"),
        (change("request", "/data/promocodes/*/x", "field"), False, "no request had /data/promocodes"),
        (
            change("request", "/data/lines/*/sku", "required", before=False),
            True,
            "3 of 3 requests with /data/lines had it",
        ),
        (change("request", "/data/tags", "field", before="array"), False, "no request had it"),
        (change("request", "/data/region", "field", before="string"), True, "2 requests had it"),
        (change("request", "", "anyOf"), True, "3 requests had a body"),
        (change("request", "/data/lines/*", "anyOf"), True, "3 requests had /data/lines"),
        (change("response", "/data/status", "values"), True, "2 responses had it"),
        (change("response", "/data/contents", "field", before="array"), False, "no response had it"),
        (change("response", "/data/status", "values", breaks=("servers",)), False, "it breaks no client"),
        (change("endpoint", "", "path", breaks=("clients", "servers")), True, "every call is made there"),
    ],
)
def test_hits(changed: Change, hits: bool, why: str) -> None:
    """A change hits a client that sends or reads what it is about, or lacks what is required now."""
    assert hit_of(changed, USAGE) == (hits, why)


def test_nothing_checked_is_nothing_known() -> None:
    """Without a checked message every change that breaks clients may hit."""
    nothing = Usage("v75", {"request": 0, "response": 0}, {})

    assert hit_of(change("response", "/data/status", "values"), nothing).hits


def test_report_of_the_plugin_is_read(tmp_path: Path) -> None:
    """What the plugin writes is read as it is."""
    coverage = Coverage()
    coverage.take_message("request", BEFORE.examples["request.json"], None, ())
    path = tmp_path / "coverage.json"
    path.write_text(render_json(summarize(coverage)), "utf-8")

    usage = load_usage(str(path))

    assert (usage.contract, usage.checked) == ("v75", {"request": 1, "response": 0})
    assert usage.fields["request", "/data/lines/*/requested_promotions/*/type"] == 1
    assert usage.fields["response", "/data/status"] == 0


GOOD = {"version": 1, "contract": "v75", "checked": {"requests": 1, "responses": 0}, "fields": []}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        "\ud800",
        json.dumps({**GOOD, "version": 2}),
        json.dumps({**GOOD, "contract": 75}),
        json.dumps({**GOOD, "checked": {"requests": -1, "responses": 0}}),
        json.dumps({**GOOD, "checked": {"requests": True, "responses": 0}}),
        json.dumps({**GOOD, "fields": [{"message": "request", "pointer": 1, "messages": 1}]}),
        json.dumps({**GOOD, "fields": [{}]}),
        json.dumps({**GOOD, "fields": 7}),
    ],
)
def test_what_is_no_report_is_told(tmp_path: Path, text: str) -> None:
    """Anything else is a fault that says how to make a report."""
    path = tmp_path / "coverage.json"
    path.write_bytes(text.encode(errors="surrogatepass"))

    with pytest.raises(UnreadableFile, match=r"is no JSON report of contract coverage, version 1; make one with"):
        load_usage(str(path))


def test_large_and_absent_reports(tmp_path: Path) -> None:
    """A file that is not there, a directory and one that is too large are faults."""
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)

    for path in (tmp_path / "no.json", tmp_path, large):
        with pytest.raises(UnreadableFile):
            load_usage(str(path))
