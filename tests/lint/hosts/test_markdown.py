"""Messages in the fenced blocks of Markdown documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.hosts import Excerpt, Unseen
from altcraft_contract.lint.hosts.markdown import iter_markdown
from altcraft_contract.validation import check_request
from tests.lint.hosts.excerpts import (
    ANSWER,
    PATH,
    REQUEST,
    RESPONSE,
    SMALL,
    XML,
    assert_verbatim,
    excerpts_of,
    read,
)


def blocks(text: str | bytes) -> list[Excerpt]:
    """The messages in a document."""
    return excerpts_of(read(iter_markdown, text))


def fenced(body: str, info: str = "json") -> str:
    """A fenced block."""
    return f"```{info}\n{body}\n```\n"


def test_messages_are_found_with_what_they_are() -> None:
    """Requests and responses, in JSON and XML, are told apart, with their number among the blocks, and their line."""
    text = f"# API\n\n{fenced('ls', 'sh')}\n{fenced(SMALL)}text\n{fenced(RESPONSE)}{fenced(XML, 'xml')}"
    assert [(found.what, found.syntax, found.where) for found in blocks(text)] == [
        ("request", "json", "code block 2"),
        ("response", "json", "code block 3"),
        ("request", "xml", "code block 4"),
    ]
    assert [text.splitlines()[found.line - 1] for found in blocks(text) if found.line] == [
        "```json",
        "```json",
        "```xml",
    ]


@pytest.mark.parametrize("info", ["json", "JSON", " json title=a.json", "{.json .numberLines}", "json:order.json"])
def test_the_first_word_of_the_info_string_counts(info: str) -> None:
    """However an info string goes on, its first word says what the block holds."""
    assert len(blocks(fenced(SMALL, info))) == 1


@pytest.mark.parametrize("info", ["", "js", "jsonc", "json5", "sh", "yaml", "text", "jsonnet"])
def test_other_blocks_are_not_looked_at(info: str) -> None:
    """A block in another language is none of ours, even if a message stands in it."""
    assert blocks(fenced(SMALL, info)) == []


@pytest.mark.parametrize(
    ("before", "prefix"),
    [
        ("", ""),
        ("- item\n\n", "  "),
        ("1. one\n   - two\n\n", "     "),
        ("> quote\n>\n", "> "),
        ("> - item\n>\n", ">   "),
        ("> > deep\n> >\n", ">> "),
        ("- item\n\n", "\t"),
        ("- > item\n  >\n", "  > "),
    ],
)
@pytest.mark.parametrize("fence", ["```", "~~~", "`````"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_character_is_found_again(before: str, prefix: str, fence: str, end: str, mark: str) -> None:
    """In lists and quotations, with every kind of line end, each character of a message is found in its document."""
    lines = [f"{fence}json", *REQUEST.replace("RUB", "RUБ\U0001f600").split("\n"), fence]
    text = mark + (before + "".join(f"{prefix}{line}\n" for line in lines)).replace("\n", end)
    [found] = blocks(text)
    assert_verbatim(text, found)
    assert found.body.decode().strip() == REQUEST.replace("RUB", "RUБ\U0001f600").replace("\n", end)


@given(st.data())
def test_whatever_is_quoted_how_is_found_again(data: st.DataObject) -> None:
    """Whatever mix of quotations, lists, tabs and blanks stands before the lines of a block, places are true."""
    prefixes = data.draw(st.lists(st.sampled_from(["> ", ">", ">\t", "- ", "  ", "1. ", "\t", " "]), max_size=4))
    first = "".join(prefixes)
    rest = "".join(part if ">" in part or part.isspace() else " " * len(part) for part in prefixes)
    pad = data.draw(st.sampled_from(["", " ", "  ", "\t"]))
    middle = [f"{rest}{pad}{line}" for line in REQUEST.splitlines()]
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join([f"{first}```json", *middle, f"{rest}```", ""])
    for found in blocks(text):
        assert_verbatim(text, found)


def test_a_block_without_end_goes_to_the_end() -> None:
    """A fence that is not closed is closed by the end of the document, with or without a line end."""
    for text in (f"```json\n{SMALL}", f"```json\n{SMALL}\n"):
        [found] = blocks(text)
        assert found.body.decode().strip() == SMALL
        assert_verbatim(text, found)


@pytest.mark.parametrize(
    "body",
    [
        '{"external_id": "a", "data": {"lines": [...]}, "final_total_price": "1"}',
        '{"external_id": "a", "final_total_price": "1", …}',
        '{\n  "final_total_price": "1" // ...\n}',
        '"final_total_price": "10.00"',
        '[{"final_total_price": "10.00"}]',
        '{"external_id": "a", "email": "b", "data": {"final_total_price": {{price}}}}',
        '{"external_id": "a", "email": "b", "data": {"final_total_price": <price>}}',
        '{"external_id": "a", "email": "b", "data": {"final_total_price": $PRICE}}',
        '{"external_id": "a", "email": "b", "data": {"lines": ["..."]}}',
        '{"external_id": "a", "email": "b", "data": {"...": "..."}}',
    ],
)
def test_a_part_of_a_message_raises_no_alarm(body: str) -> None:
    """A block that leaves something out on purpose, or is filled in by a template, is let be."""
    assert blocks(fenced(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<xml><external_id>a</external_id><email>b</email><data><lines>...</lines></data></xml>",
        "<xml><external_id>a</external_id><email>b</email><!-- … --></xml>",
        "<xml><external_id>a</external_id><final_total_price>1</final_total_price> ... </xml",
        "<lines><base_price_per_item>1</base_price_per_item></lines><lines></lines>",
    ],
)
def test_a_part_of_a_message_in_xml_raises_no_alarm(body: str) -> None:
    """In XML, too, an ellipsis in the place of elements, or a fragment, is let be."""
    assert blocks(fenced(body, "xml")) == []


@pytest.mark.parametrize(
    "body",
    [
        SMALL[:-1] + ', "final_total_price": "1",}',
        '{"external_id": "a", "final_total_price": "..." "lines": []}',
        '{"final_total_price": "1", // the price\n}',
    ],
)
def test_a_broken_sample_is_taken(body: str) -> None:
    """A message that is not well-formed, without a sign that this is on purpose, is checked."""
    [found] = blocks(fenced(body))
    assert [finding.rule for finding in check_request(found.body).findings] == ["malformed"]


@pytest.mark.parametrize("value", ["...", "…", "<token>", "{{token}}", "${TOKEN}", "$TOKEN"])
def test_what_stands_for_a_value_is_a_placeholder(value: str) -> None:
    """A sample that writes something in the place of a value is taken, and its placeholder is known."""
    [found] = blocks(fenced(SMALL.replace('"a"', f'"{value}"')))
    assert found.placeholder is not None
    assert found.placeholder.search(value)


@pytest.mark.parametrize("space", ["", "\n"])
def test_a_comment_leaves_a_block_out(space: str) -> None:
    """What a document shows as a mistake is left out by a comment before it, and only that."""
    text = f"<!-- altcraft-contract: ignore -->\n{space}{fenced(SMALL)}{fenced(SMALL)}"
    assert [found.where for found in blocks(text)] == ["code block 2"]
    assert [found.where for found in blocks(f"- a\n\n  <!-- altcraft-contract: ignore -->\n  {fenced(SMALL)}")] == []


@pytest.mark.parametrize("what", ["request", "response"])
def test_a_comment_says_what_a_block_is(what: str) -> None:
    """A block that a comment calls a message is one, whatever it looks like."""
    text = f"<!-- altcraft-contract: {what} -->\n{fenced(ANSWER)}"
    assert [found.what for found in blocks(text)] == [what]


def test_records_are_messages_of_their_own() -> None:
    """Each line of a block of records is checked, with its number and line; so are objects one a line in JSON."""
    for info in ("ndjson", "jsonl", "json"):
        text = fenced(f"{SMALL}\n\n{SMALL}", info) if info != "json" else fenced(f"{SMALL}\n{SMALL}", info)
        found = blocks(text)
        assert [one.where for one in found] == ["code block 1, record 1", "code block 1, record 2"]
        assert [text.splitlines()[one.line - 1] for one in found if one.line] == [SMALL, SMALL]
        for one in found:
            assert_verbatim(text, one)


def test_an_http_message_in_a_block_is_read() -> None:
    """A block of HTTP is read as a file of requests is, also in a quotation, and its credentials are secret."""
    message = f"POST {PATH} HTTP/1.1\nAuthorization: Bearer hidden\n\n{REQUEST}\n\nHTTP/1.1 200 OK\n\n{RESPONSE}"
    text = "".join(f"> {line}\n" for line in fenced(message, "http").splitlines())
    [exchange] = read(iter_markdown, text)
    assert isinstance(exchange.request, Excerpt)
    assert isinstance(exchange.response, Excerpt)
    assert (exchange.where, exchange.request.where) == ("code block 1, call 1", "code block 1, call 1, request")
    assert exchange.request.token_in_header
    assert "hidden" in exchange.secrets
    for found in (exchange.request, exchange.response):
        assert_verbatim(text, found)


def test_blocks_that_follow_one_another_stand_alone() -> None:
    """A request and a response after it are no exchange: they may be of different orders."""
    exchanges = read(iter_markdown, fenced(SMALL) + fenced(ANSWER))
    assert [(exchange.request is None, exchange.response is None) for exchange in exchanges] == [
        (False, True),
        (True, False),
    ]


def test_a_nul_stays_where_it_is() -> None:
    """A NUL in a block is kept, so that it is found."""
    text = fenced(SMALL.replace("new", "n\0w"))
    [exchange] = read(iter_markdown, f"<!-- altcraft-contract: request -->\n{text}")
    [found] = excerpts_of([exchange])
    assert b"n\0w" in found.body


def test_a_document_in_another_encoding_is_a_fault() -> None:
    """What is not UTF-8 is not guessed at."""
    with pytest.raises(UnreadableFile, match="not UTF-8 at byte 4; save it as UTF-8"):
        blocks(b"```\xff\n" + fenced(SMALL).encode())


def test_too_many_lines_are_a_fault() -> None:
    """A document of more lines than people write is refused before it is parsed."""
    with pytest.raises(UnreadableFile, match="more than 200,000 lines; split the file"):
        blocks("\n" * 200_000 + fenced(SMALL))


def test_documents_without_messages_are_not_parsed() -> None:
    """Megabytes of fences and marks without any name of the contract are passed over."""
    assert blocks("`" * 10_000_000) == []
    assert blocks("`" * 10_000_000 + f"\n{fenced(SMALL)}") == []


@given(st.text(alphabet="`~> -\t\n\r!<{}\"':1.#json\0\ufeff😀", max_size=80))
def test_any_marks_end_in_messages_or_none(text: str) -> None:
    """The marks of Markdown, in whatever order, do no harm, and places stay true."""
    document = f"{text}\n{fenced(SMALL)}{text}"
    for found in blocks(document):
        assert_verbatim(document, found)


def test_a_misspelt_comment_is_told_of() -> None:
    """Somebody wanted something of a block; the block is checked, and a note says what the word could be."""
    found = [one.request for one in read(iter_markdown, f"<!-- altcraft-contract: ingore -->\n{fenced(SMALL)}")]
    assert isinstance(found[0], Unseen)
    assert (found[0].line, found[0].reason) == (1, "it says `ingore`, expected one of ignore, request, response")
    assert isinstance(found[1], Excerpt)
