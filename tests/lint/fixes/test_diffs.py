"""What fixing would change."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract import strategies
from altcraft_contract.lint.fixes.hunks import Hunks
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.payloads import Payload
from tests.lint.fixes.runs import BAD, BAD_LINE, GOOD, GOOD_LINE, Run
from tests.lint.fixes.slips import iter_slips, with_slips

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from hypothesis.strategies import DataObject

    from altcraft_contract.contract import Syntax


class Kept(Payload):
    """A payload from memory."""

    data: bytes

    def __new__(cls, data: bytes, path: str = "order.json") -> Self:
        """Make one of its bytes."""
        kept = super().__new__(cls, path, None, explicit=True)
        kept.data = data
        return kept

    def open(self) -> BinaryIO:
        """The bytes that it was made of."""
        return BytesIO(self.data)


def patched(text: str, diff: str) -> str:
    """*text*, whose last line has an end, after a diff."""
    old, new, position = lines_of(text), [], 0
    hunk = re.compile(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n")
    for line in lines_of(diff.replace("\n\\ No newline at end of file\n", "\n")):
        if match := hunk.fullmatch(line):
            start = int(match[1]) - (match[2] != "0")
            new += old[position:start]
            position = start
            assert len(new) == int(match[3]) - (match[4] != "0")
        elif line[:1] in ("+", " ") and not line.startswith("+++"):
            new.append(line[1:])
        if line[:1] in ("-", " ") and not line.startswith("---"):
            assert old[position] == line[1:]
            position += 1
    return "".join([*new, *old[position:]])


def lines_of(text: str) -> list[str]:
    """The lines of *text* with their ends, which are LF."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def test_a_diff_shows_the_lines_that_change(tmp_path: Path) -> None:
    """A diff has git's headers and three lines around a change, and nothing is written."""
    path = tmp_path / "order.json"
    path.write_text(BAD)
    run = Run()
    head, first, second = run.diff(path).split("@@ -")
    assert head == f"--- a{path}\n+++ b{path}\n"
    assert first == (
        "6,7 +6,7 @@\n"
        '   "data": {\n     "endpoint": "bot",\n     "status": "confirmed",\n'
        '-    "currency": "rub",\n+    "currency": "RUB",\n'
        '     "total_price": "2500.00",\n     "final_total_price": "2150.00",\n     "delivery_cost": "300.00",\n'
    )
    assert second.startswith("18,7 +18,7 @@\n")
    assert [line for line in second.splitlines() if line[0] in "-+"] == [
        '-        "count": "1",',
        '+        "count": 1,',
    ]
    assert path.read_text() == BAD
    assert run.tally.summary("would fix") == f"would fix 2 findings in 1 file ({path}: 2)"


def test_a_line_that_goes_is_all_that_is_shown() -> None:
    """Of a repeated member only the line that is taken out is marked."""
    repeated = BAD.replace('"currency": "rub",', '"currency": "RUB",\n    "currency": "RUB",').replace('"1",', "1,", 1)
    marked = [line for line in Run().diff(Kept(repeated.encode())).splitlines() if re.match(r"[+-](?!--|\+\+)", line)]
    assert '-    "currency": "RUB",' in marked
    assert '+    "currency": "RUB",' not in marked


def test_nothing_is_shown_where_nothing_changes() -> None:
    """A sound file has no diff."""
    run = Run()
    assert run.diff(Kept(GOOD.encode()), Kept(f"{GOOD_LINE}\n{GOOD_LINE}".encode(), "a.ndjson")) == ""
    assert run.tally.files == 0


@pytest.mark.parametrize("syntax", ["json", "xml"])
@given(data=st.data())
def test_a_diff_without_secrets_is_what_would_change(syntax: Syntax, data: DataObject) -> None:
    """Applied to the document, apart from what is masked, the diff gives the fixed one."""
    message = data.draw(strategies.responses(outcome="success"))
    body = data.draw(strategies.bodies(st.just(message), syntax=syntax))
    possible = list(iter_slips(body, syntax))
    if not possible:
        return
    broken = with_slips(body, [data.draw(st.sampled_from(possible))])
    diff = Run().diff(Kept(broken, f"answer.{syntax}"))
    texts = [text.decode().replace("\r\n", "\n") for text in (broken, body)]
    if texts[0].isascii() and "\r" not in texts[0] and "*" not in diff:
        whole = [text if text.endswith("\n") else f"{text}\n" for text in texts]
        assert patched(whole[0], diff) == whole[1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_records_are_shown_with_those_around(end: str) -> None:
    """In NDJSON the records around a changed one are shown, without secrets, and the others are not."""
    lines = [GOOD_LINE] * 9
    lines[4] = BAD_LINE
    diff = Run().diff(Kept(end.join(lines).encode(), "a.ndjson")).splitlines()
    assert [line[0] for line in diff] == list("-+@   -+   ")
    assert diff[2] == "@@ -2,7 +2,7 @@"


def test_the_last_line_may_have_no_end() -> None:
    """A last line without an end is marked as diffs do."""
    diff = Run().diff(Kept(BAD_LINE.encode())).splitlines()
    assert [line[:2] for line in diff] == ["--", "++", "@@", "-{", "\\ ", "+{", "\\ "]


@pytest.mark.parametrize("name", ["order.json", "orders.ndjson"])
def test_no_secret_is_shown(name: str) -> None:
    """Neither changed lines nor those around show a token, an address or a number."""
    secrets = ["Zx81-very-secret-token", "anna@example.org", "+79991234567"]
    text = BAD_LINE.replace(
        '"profile_id"', f'"tokn": "{secrets[0]}", "email": "{secrets[1]}", "phone": "{secrets[2]}", "profile_id"'
    )
    text = text.replace('"token"', '"tok"')
    if name.endswith(".json"):
        text = text.replace(", ", ",\n")
    diff = Run(LintOptions(message="request")).diff(
        Kept(f"{text}\n{text if name.endswith('.ndjson') else ''}".encode(), name)
    )
    assert diff.count("RUB") >= 1
    assert not any(secret in diff for secret in secrets)


def test_nothing_in_a_diff_moves_the_cursor() -> None:
    """Control characters are shown as escapes."""
    xml = "<xml><data><currency>rub</currency><endpoint>\u009b2J\u202e\t</endpoint></data></xml>\r\n"
    diff = Run(LintOptions(message="request")).diff(Kept(xml.encode(), "a\x1b[2J.xml"))
    assert "\\x9b2J\\u202e\t<" in diff
    assert "a\\x1b[2J.xml" in diff
    assert all(character.isprintable() or character in "\n\t" for character in diff)


@given(data=st.data())
def test_hunks_are_those_of_the_texts(data: DataObject) -> None:
    """Hunks tell what became of each line, wherever changes are, and numbers and counts are right."""
    blocks = data.draw(
        st.lists(st.integers(0, 9) | st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any), max_size=8)
    )
    old, new, number = "", "", 0
    parts: list[str] = []
    hunks = Hunks(lambda line: line)
    for block in blocks:
        if isinstance(block, int):
            for _ in range(block):
                number += 1
                parts += hunks.same(f"same {number}\n")
                old, new = f"{old}same {number}\n", f"{new}same {number}\n"
        else:
            number += 1
            olds, news = (
                [f"{kind} {number}.{index}\n" for index in range(block[side])]
                for side, kind in enumerate(("old", "new"))
            )
            parts += hunks.changed(olds, news)
            old, new = old + "".join(olds), new + "".join(news)
    parts += hunks.end()
    assert patched(old, "".join(parts)) == new


def test_a_hunk_does_not_grow_without_end() -> None:
    """Many changed lines come in several hunks, so that none has to be kept as a whole."""
    hunks = Hunks(lambda line: line)
    parts: list[Any] = []
    for number in range(3_000):
        parts += hunks.changed([f"a{number}\n"], [f"b{number}\n"])
    parts += hunks.end()
    assert sum(part.startswith("@@") for part in parts) == 6
    assert patched("".join(f"a{n}\n" for n in range(3_000)), "".join(parts)) == "".join(f"b{n}\n" for n in range(3_000))
