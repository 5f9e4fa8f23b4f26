"""Findings made safe to show."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from altcraft_contract.renderers.fingerprint import fingerprints_of
from altcraft_contract.renderers.report import Entry, Suppressed
from altcraft_contract.renderers.shown import ShownEntry, encodable
from altcraft_contract.validation import check_request
from tests.renderers.bodies import Body, bodies, damaged_bodies
from tests.renderers.entries import entries, entry_of, finding


def test_a_finding_is_shown_where_it_stands_in_its_file() -> None:
    """Lines count from the beginning of the file, and a finding has the fingerprint that the entry tells."""
    entry = entry_of(finding(2, 3, hint="mend it"), finding(None, None), first_line=10)
    first, second = ShownEntry(entry).iter_findings()
    assert (first.line, first.column, first.hint, first.suppression) == (11, 3, "mend it", None)
    assert (second.line, second.column) == (None, None)
    assert (first.fingerprint, second.fingerprint) == fingerprints_of(entry)


def test_a_fingerprint_that_is_known_is_kept() -> None:
    """Fingerprints are not computed twice."""
    (shown,) = ShownEntry(entry_of(finding(), fingerprints=("known",))).iter_findings()
    assert shown.fingerprint == "known"


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [
        ("configuration", "a sample that is wrong on purpose", "a sample that is wrong on purpose"),
        ("configuration", "ask ann@example.com", "ask ***"),
        ("configuration", "", "suppressed in the configuration"),
        ("baseline", "", "known before: in the baseline"),
    ],
)
def test_a_suppressed_finding_says_why(kind: str, reason: str, told: str) -> None:
    """The reason is that of people, without secrets; where they gave none, it is where the finding is suppressed."""
    shown = ShownEntry(entry_of(suppressed=(Suppressed(finding(), kind, reason, "f"),)))  # type: ignore[arg-type]  # a parameter
    (item,) = shown.iter_suppressed()
    assert (item.suppression, item.fingerprint) == (told, "f")
    assert not list(shown.iter_findings())


@pytest.mark.parametrize(
    ("path", "name", "told", "for_programs"),
    [
        ("./a//b.json", "", "./a//b.json", "a/b.json"),
        ("b.json", "a/b.json", "b.json", "a/b.json"),
        ("/a/b.json", "", "/a/b.json", "/a/b.json"),
        ("a\n\udcff.json", "", "a\\n\\xff.json", "a\n\udcff.json"),
        ("ann@example.com.json", "d/ann@example.com.json", "***.json", "d/***.json"),
    ],
)
def test_a_path_is_told_to_people_and_to_programs(path: str, name: str, told: str, for_programs: str) -> None:
    """People see the path that they gave, in print; programs get its name, whatever characters it has."""
    shown = ShownEntry(entry_of(path=path, name=name))
    assert (shown.path, shown.name) == (told, for_programs)


@pytest.mark.parametrize(
    ("text", "told"), [("ж\x1b", "ж\x1b"), ("a\udcff", "a\\xff"), ("a\ud800\udcff", "a\\ud800\\udcff")]
)
def test_any_text_can_be_made_encodable(text: str, told: str) -> None:
    """What UTF-8 cannot hold is written as an escape, of a byte where it was one; the rest stays."""
    assert encodable(text) == told


@given(entries())
def test_what_is_shown_is_in_print(entry: Entry) -> None:
    """No text of a shown finding has a character that moves the cursor, or that cannot be encoded."""
    shown = ShownEntry(entry)
    for item in (*shown.iter_findings(), *shown.iter_suppressed()):
        assert all(part.isprintable() for part in item if isinstance(part, str))
    assert shown.where.isprintable()
    assert shown.path.isprintable()
    encodable(shown.name).encode()


@given(body=bodies() | damaged_bodies())
def test_what_is_shown_holds_no_secret(body: Body) -> None:
    """The secrets of a document are in nothing that is shown of it: findings, reasons of suppression, and place."""
    result = check_request(body.text)
    suppressed = tuple(Suppressed(item, "configuration", body.token, "f") for item in result.findings)
    secrets = frozenset({body.token})
    entry = Entry("order.json", None, result, body.text, 1, f"block {body.token}", secrets, suppressed=suppressed)
    shown = ShownEntry(entry)
    told = [[*item] for item in (*shown.iter_findings(), *shown.iter_suppressed())]
    assert not body.leaks(json.dumps([told, shown.where], ensure_ascii=False))
