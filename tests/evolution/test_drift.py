"""What a saved page says otherwise than the contract; the pages are made from the contract, and edited."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.evolution.documented import documented_objects
from altcraft_contract.evolution.drift import Comparison, compare_page
from altcraft_contract.evolution.page import LARGEST, load_page, read_page
from tests.evolution.pages import CONTRACT, make_page

if TYPE_CHECKING:
    from pathlib import Path

PAGE = make_page()


def compare(text: str) -> Comparison:
    """Compare a page with v75."""
    return compare_page(read_page(text.encode()), CONTRACT)


def edited(before: str, after: str) -> str:
    """The page with one edit, at the first place."""
    assert before in PAGE, before
    return PAGE.replace(before, after, 1)


def line_of(text: str, part: str) -> int:
    """The line, from 1, at which *part* begins."""
    return text[: text.index(part)].count("\n") + 1


def test_page_that_agrees() -> None:
    """A page that says what the contract says has no difference, and all of it was looked at."""
    compared = compare(PAGE)

    assert compared.drifts == []
    assert compared.tables == len(documented_objects(CONTRACT))
    assert compared.fields == sum(len(known.fields) for known in documented_objects(CONTRACT))
    assert compared.examples == 4


REGION = "<tr><td><code>region</code></td><td>string</td><td>no</td><td>Some words about it.</td></tr>\n"

# Name: what is edited, and of each difference its kind, its pointer, and words of what page and contract say.
EDITS: dict[str, tuple[str, str, tuple[str, str | None, str, str]]] = {
    "new field": (
        REGION,
        f"{REGION}<tr><td>gift_card</td><td>string</td><td>no</td><td>x</td></tr>\n",
        ("field", "/data/gift_card", "a field `gift_card` of the type string", ""),
    ),
    "field that is gone": (REGION, "", ("field", "/data/region", "", "a field `region` of the type string")),
    "type": (
        "<code>skip_triggers</code></td><td>boolean",
        "<code>skip_triggers</code></td><td>string",
        ("type", "/skip_triggers", "string", "boolean"),
    ),
    "type that is none": (
        "<code>skip_triggers</code></td><td>boolean",
        "<code>skip_triggers</code></td><td>maybe",
        ("type", "/skip_triggers", "maybe", "boolean"),
    ),
    "type of items": (
        "<code>tags</code></td><td>array",
        "<code>tags</code></td><td>array of integers",
        ("type", "/data/tags", "array of integers", "list of string"),
    ),
    "required": (
        REGION,
        REGION.replace("<td>no</td>", "<td>yes</td>"),
        ("required", "/data/region", "yes", "optional"),
    ),
    "one of several": (
        "<code>profile_id</code></td><td>string</td><td>at least one of these",
        "<code>profile_id</code></td><td>string</td><td>Yes",
        ("required", "/profile_id", "Yes", "one of several"),
    ),
    "condition": (
        "<code>redeem_points</code></td><td>array</td><td>sometimes",
        "<code>redeem_points</code></td><td>array</td><td>no",
        ("required", "/data/redeem_points", "no", "conditional"),
    ),
    "new value": (
        "<code>outdated</code>.",
        "<code>outdated</code>, <code>queued</code>.",
        ("value", "/data/status", "the value `queued`", ""),
    ),
    "value that is gone": (
        "<code>success</code>, ",
        "",
        ("value", "/data/status", "", "the value `success`"),
    ),
    "time": ("ISO 8601.", "", ("statement", "/data/create_time", "", "a time in ISO 8601")),
    "currency": ("A three-letter code.", "", ("statement", "/data/currency", "", "a code of three letters")),
    "list that may be empty": ("At least one.", "", ("statement", "/data/lines", "", "at least one item")),
    "statement that is new": (
        REGION,
        REGION.replace("Some words", "ISO 8601"),
        ("statement", "/data/region", "a time in ISO 8601", ""),
    ),
    "path": ("orders/preorder_commit", "orders/commit", ("statement", None, "orders/commit`", "preorder_commit`")),
    "method": ("<code>POST ", "<code>PUT ", ("statement", None, "the method PUT", "the method POST")),
    "example with another value": (
        "&quot;currency&quot;: &quot;RUB&quot;",
        "&quot;currency&quot;: &quot;EUR&quot;",
        ("example", "/data/currency", "an example with another value", "the value of its own example"),
    ),
    "example that is broken": (
        "&lt;currency&gt;RUB",
        "&lt;currency&gt;rub",
        ("example", "/data/currency", "an example that breaks it", "the rule invalid-currency"),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_edit(name: str) -> None:
    """One edit of the page is told with what page and contract say, and where."""
    before, after, (kind, pointer, page, contract) = EDITS[name]

    drifts = compare(edited(before, after)).drifts

    told = [drift for drift in drifts if (drift.kind, drift.pointer) == (kind, pointer)]
    assert told, drifts
    assert page in told[0].page
    assert contract in told[0].contract
    assert bool(told[0].page) == bool(page)
    assert bool(told[0].contract) == bool(contract)
    assert {drift.pointer for drift in drifts} == {pointer}


def test_line_is_that_of_the_row() -> None:
    """A difference stands at the line of its row; in an example, at the line of the value."""
    text = edited(REGION, REGION.replace("<td>no</td>", "<td>yes</td>"))
    (row,) = compare(text).drifts
    broken = edited("&lt;currency&gt;RUB", "&lt;currency&gt;rub")
    found = compare(broken).drifts

    assert row.line == line_of(text, "<td><code>region</code>")
    assert line_of(broken, "&lt;currency&gt;rub") in {drift.line for drift in found}


def test_table_that_is_gone() -> None:
    """An object whose table is gone is told last, without a line."""
    start = PAGE.index("<h3>promocodes array</h3>")
    text = PAGE[:start] + PAGE[PAGE.index("<h3>", start + 4) :]

    (drift,) = compare(text).drifts

    assert (drift.kind, drift.line, drift.where) == ("table", None, "request, promocodes array")
    assert drift.contract == "a table of code, pool_id"


def test_object_told_in_a_row_needs_no_table() -> None:
    """An object whose fields a row of another table names, as the page does, is documented."""
    start = PAGE.rindex("<h3>pool object</h3>")
    text = PAGE[:start] + PAGE[PAGE.index("<h3>", start + 4) :]
    row = "<code>pool</code></td><td>object</td><td>no</td><td>"

    assert [drift.kind for drift in compare(text).drifts] == ["table"]
    assert compare(text.replace(row, f"{row}pool_id, name. ")).drifts == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no page",
        "<table><tr><th>Field</th><th>Type</th></tr></table>",
        "<table><tr><th>Country</th><th>Capital</th></tr><tr><td>token</td><td>string</td></tr></table>",
        "<table><tr><th>Field</th><th>Type</th></tr><tr><td>colour</td><td>string</td></tr></table>",
        "<!--" + PAGE,
        "\0\ufffd<table><tr><td>",
    ],
)
def test_another_page(text: str) -> None:
    """A page without a table of the contract's fields is a fault, not a list of differences."""
    with pytest.raises(UnreadableFile, match=r"is not the page of this contract: it has [0-9]+ tables?, none of which"):
        compare(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    """A page in UTF-8 or UTF-16 with a mark is read, with either line end."""
    text = PAGE.replace("\n", "\r\n")

    assert compare_page(read_page(text.encode(encoding)), CONTRACT).drifts == []


def test_what_is_not_shown_is_not_read() -> None:
    """Scripts, styles, comments and navigation are no part of the page."""
    hidden = f"<script>{REGION}</script><!-- {REGION} --><nav>{REGION}</nav><style><!-- </style>"

    assert compare(edited("<h2>The response", f"{hidden}<h2>The response")).drifts == []


def test_cells_and_rows_without_an_end() -> None:
    """HTML need not close its cells, its rows, and what stands last."""
    text = PAGE.replace("</td>", "").replace("</tr>", "").replace("</th>", "").replace("</body></html>", "")

    assert compare(text).drifts == []


@settings(max_examples=150, deadline=None)
@given(
    hypothesis_strategies.lists(
        hypothesis_strategies.sampled_from(
            [
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<pre>",
                "{",
                "<h1>",
                "token",
                "<code>",
                "<!--",
                "<![",
                "&#0;",
                "string",
            ]
        )
        | hypothesis_strategies.text(max_size=5),
        max_size=40,
    )
)
def test_any_page_is_read(parts: list[str]) -> None:
    """Any text at all is read, and is a page of the contract or a fault."""
    page = read_page("".join(parts).encode(errors="surrogatepass"))
    with suppress(UnreadableFile):
        compare_page(page, CONTRACT)


@settings(max_examples=100, deadline=None)
@given(hypothesis_strategies.binary(max_size=200), hypothesis_strategies.integers(0, len(PAGE)))
def test_a_damaged_page_is_compared(junk: bytes, at: int) -> None:
    """A page with any bytes in the middle of it is read on, and compared or refused."""
    data = PAGE.encode()
    with suppress(UnreadableFile):
        compare_page(read_page(data[:at] + junk + data[at:]), CONTRACT)


def test_limits(tmp_path: Path) -> None:
    """A page beyond the limit, a directory and a file that is not there are faults."""
    large = tmp_path / "large.html"
    with large.open("wb") as stream:
        stream.truncate(LARGEST + 1)

    for path in (large, tmp_path, tmp_path / "no.html"):
        with pytest.raises(UnreadableFile):
            load_page(str(path))
