"""Findings for people: lines, code frames and summaries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.documents.position import LineIndex
from altcraft_contract.findings import Basis, CheckResult, Finding, Severity
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally, render
from altcraft_contract.renderers.text import Style, render_result
from altcraft_contract.renderers.text_report import TextReport
from altcraft_contract.renderers.visible import columns_of, visible
from altcraft_contract.validation import check_request

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def finding(line: int | None = 1, column: int | None = 1, **changes: Any) -> Finding:
    """A finding at a place."""
    facts = {
        "rule": "wrong-type",
        "severity": Severity.ERROR,
        "basis": Basis.DOCUMENTED,
        "pointer": "/data",
        "message": "`data` is a list",
        "hint": None,
        "section": "request body",
        **changes,
    }
    return Finding(line=line, column=column, **facts)


def result_of(*findings: Finding, truncated: bool = False) -> CheckResult:
    """A result with those findings."""
    return CheckResult("request", "json", ok=False, place=lambda: findings, render=str, truncated=truncated)


def frame_of(text: str, line: int, column: int, **settings: Any) -> list[str]:
    """The lines between the finding's own and those that tell of its rule."""
    lines = render_result(result_of(finding(line, column)), text, label="x.json", **settings).splitlines()
    return lines[1:-1]


def test_a_finding_has_its_line_its_frame_and_its_source() -> None:
    """A finding is told as `file:line:col: severity rule: message`, a frame with a caret, and where the rule stands."""
    rendered = render_result(result_of(finding(2, 3, hint="mend it")), '{\n  "data": []\n}', label="a/x.json")
    assert rendered.splitlines() == [
        "a/x.json:2:3: error wrong-type: `data` is a list",
        "  |",
        '2 |   "data": []',
        "  |   ^",
        "  = at /data; request body (documented)",
        "  = hint: mend it",
    ]


def test_a_finding_without_a_place_has_no_frame() -> None:
    """A finding in a body that was never text is told without line, column and frame."""
    rendered = render_result(result_of(finding(None, None, pointer="")), "", label="request")
    assert rendered.splitlines() == [
        "request: error wrong-type: `data` is a list",
        " = at the whole document; request body (documented)",
    ]


def test_lines_count_from_where_the_document_begins() -> None:
    """A record of a file is told with the lines of the file, in the margin, too."""
    assert frame_of("{}", 1, 1, first_line=100) == ["    |", "100 | {}", "    | ^"]


def test_a_frame_below_a_wide_character_points_at_its_place() -> None:
    """The caret stands below the place also after characters of two columns or of none."""
    text = '{"имя": "日本", "e\u0301": 1}'
    source, caret = frame_of(text, 1, text.index(": 1") + 3)[1:]
    assert source == f"1 | {text}"
    assert columns_of(caret[: caret.index("^")]) == columns_of(source[: source.index(" 1}") + 1])


def test_a_tab_is_one_column() -> None:
    """Tabs are shown as one space each, so that the caret stands right whatever the terminal makes of tabs."""
    assert frame_of('{\n\t\t"a": 1}', 2, 3) == ["  |", '2 |   "a": 1}', "  |   ^"]


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    """A minified body shows a hundred characters around the place, and that there are more on either side."""
    text = "[" + ", ".join(str(number) for number in range(10_000)) + "]"
    column = text.index("5000") + 1
    source, caret = frame_of(text, 1, column)[1:]
    assert source.startswith("1 | …")
    assert source.endswith("…")
    assert len(source) < 120
    assert source[caret.index("^") :].startswith("5000")


@pytest.mark.parametrize("text", ['{"a": 1,\n', '{"a": 1,\r\n', '{"a": 1,\r'])
def test_a_place_at_the_end_shows_the_line_before_it(text: str) -> None:
    """Where a body ends too early, on a line with nothing on it, the line above is shown, too."""
    assert frame_of(text, 2, 1) == ["  |", '1 | {"a": 1,', "2 |", "  | ^"]


def test_a_place_after_the_last_character_is_shown() -> None:
    """The caret may stand one column behind the end of a line."""
    assert frame_of('{"a"', 1, 5) == ["  |", '1 | {"a"', "  |     ^"]


def test_an_empty_body_has_no_frame() -> None:
    """Of a body without a character no frame is shown."""
    assert frame_of("", 1, 1) == []


def test_a_byte_order_mark_is_neither_shown_nor_counted() -> None:
    """A byte order mark before the text takes no column."""
    assert frame_of('\ufeff{"a": 1}', 1, 2) == ["  |", '1 | {"a": 1}', "  |  ^"]


def test_many_findings_on_one_long_line_are_told_quickly() -> None:
    """Frames of a minified body of megabytes cost time by their own length, not by that of the line."""
    text = "[" + "1, " * 1_000_000 + "1]"
    findings = [finding(1, 3 * number + 2) for number in range(5_000)]
    assert render_result(result_of(*findings), text, label="x").count("^") == 5_000


@given(
    text=st.text('{"a:1,é日\t\r\n \x1b\u202e', max_size=60),
    place=st.integers(0, 60),
)
def test_every_frame_points_at_its_character(text: str, place: int) -> None:
    """Wherever the place is, the caret stands below its character, or behind the end of its line."""
    place = min(place, len(text))
    position = LineIndex(text).position(place)
    frame = frame_of(text, position.line, position.column)
    if not text:
        assert frame == []
        return
    source, caret = frame[-2], frame[-1]
    shown = visible(text[place].replace("\t", " ")) if place < len(text) and text[place] not in "\r\n" else ""
    column = caret.index("^")
    taken = 0
    while taken < len(source) and columns_of(source[:taken]) < column:
        taken += 1
    assert source[taken:].startswith(shown.rstrip(" "))


@given(st.text())
def test_what_is_visible_cannot_move_the_cursor(text: str) -> None:
    """Control characters, line ends and marks of direction are written as escapes; printable text stays as it is."""
    shown = visible(text)
    assert shown.isprintable()
    assert shown == text or not text.isprintable()


def test_a_byte_of_a_name_that_is_no_text_is_shown_as_a_byte() -> None:
    """Bytes of a file name that are not UTF-8 are written as escapes of bytes."""
    assert visible("a\udcff.json") == "a\\xff.json"


@pytest.mark.parametrize("hostile", ["\x1b[31m", "\u202e", "\x9b", "\x07", "\u2066", "\x00"])
def test_hostile_text_never_reaches_the_terminal_raw(hostile: str) -> None:
    """Terminal escapes and bidirectional controls of a body, its names or its path are shown as escapes."""
    text = f'{{"data": "{hostile}", "un{hostile}known": 1}}'
    rendered = render_result(check_request(text), text, label=f"x{hostile}.json")
    assert hostile not in rendered
    pointed = result_of(finding(pointer=f"/{hostile}", message=f"`{hostile}`", hint=hostile))
    assert hostile not in render_result(pointed, text, label="x")


def test_colours_change_nothing_else() -> None:
    """With colours the text is the same, but for the escapes."""
    text = '{"data": []}'
    plain = render_result(check_request(text), text, label="x.json", verbose=True)
    colored = render_result(check_request(text), text, label="x.json", verbose=True, style=Style(color=True))
    assert colored != plain
    assert ESCAPES.sub("", colored) == plain


def test_verbose_tells_what_the_rule_says() -> None:
    """A verbose finding is followed by the statement of its rule."""
    assert "\n  = rule: Every field has a type." in render_result(result_of(finding()), "[]", label="x", verbose=True)


def test_a_result_without_findings_is_one_line() -> None:
    """A result without findings says so."""
    assert str(check_request(b'{"a": 1}')).count("\n") > 1
    assert render_result(result_of(), "{}", label="request") == "request: no findings"


def test_a_result_that_was_cut_off_says_so() -> None:
    """A result that does not hold every finding tells that there are more."""
    last = render_result(result_of(finding(), truncated=True), "[]", label="x").splitlines()[-1]
    assert last == "x: there are more findings than the 1 shown"


@pytest.mark.parametrize(
    ("tally", "summary"),
    [
        (Tally(documents=1), "1 document checked: no findings"),
        (Tally(documents=1200, errors=1, warnings=2), "1,200 documents checked: 1 error, 2 warnings"),
        (
            Tally(documents=2, skipped=["a"], unreadable=1),
            "2 documents checked, 1 file skipped, 1 path unreadable: no findings",
        ),
        (Tally(skipped=["a", "b"]), "nothing checked, 2 files skipped"),
        (Tally(unreadable=2), "nothing checked, 2 paths unreadable"),
    ],
)
def test_the_summary_counts(tally: Tally, summary: str) -> None:
    """The last line counts documents, findings, skipped files and unreadable paths, each in its number."""
    assert list(render(TextReport(RenderOptions()), [], tally)) == [f"{summary}\n"]
    assert not list(render(TextReport(RenderOptions(quiet=True)), [], tally))


def test_a_run_tells_documents_apart() -> None:
    """Findings of each document are followed by an empty line; a verbose run names the skipped files."""
    tally = Tally(skipped=["other\x1b.json"])
    entries = [Entry(name, None, check_request(b"["), "[") for name in ("a.json", "b.json")]
    parts = list(render(TextReport(RenderOptions(verbose=True)), tally.watch(entries), tally))
    assert [part.endswith("\n\n") for part in parts] == [True, True, False, False]
    assert parts[2] == "other\\x1b.json: skipped, not a message of this contract\n"
    assert parts[3] == "2 documents checked, 1 file skipped: 2 errors, 0 warnings\n"


@pytest.mark.parametrize("format_", ["text", "concise"])
def test_no_path_begins_a_command_of_github(format_: str) -> None:
    """GitHub Actions takes a line that begins with `::` for a command, also if it is the name of a file."""
    entry = Entry("::stop-commands::x.json", None, check_request("[]"), "[]")
    tally = Tally()
    text = "".join(render(RENDERERS[format_](RenderOptions()), tally.watch([entry]), tally))
    assert text.startswith("./::stop-commands::x.json:1:1: error malformed: ")
