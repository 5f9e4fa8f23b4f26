"""Where the characters of a message stand in its host file."""

from __future__ import annotations

import json
import re
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.lint.hosts.json_tree import read_json_tree
from altcraft_contract.lint.hosts.source_map import ChainedMap, Piece, assemble
from altcraft_contract.lint.hosts.yaml_tree import read_yaml_tree

if TYPE_CHECKING:
    from altcraft_contract.lint.hosts.source_map import SourceMap

JSON_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
YAML_ESCAPES = {**JSON_ESCAPES, "0": "\0", "a": "\a", "v": "\v", "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028"}
texts = st.lists(
    st.sampled_from(
        [
            "a",
            "b c",
            '{"x": 1}',
            "'",
            '"',
            "\n",
            "\n\n",
            "\n  ",
            "\\",
            "\\n",
            " ",
            "\t",
            "é",
            "😀",
            "#",
            "# c",
            ": ",
            "-",
        ]
    ),
    max_size=9,
).map("".join)


def stands(host: str, character: str, escapes: dict[str, str]) -> bool:
    """Whether *host* begins with *character*, verbatim or as an escape of it."""
    if host.startswith(character) or (character == "'" and host.startswith("''")):
        return True
    if host.startswith("\\"):
        code = re.match(r"\\(?:x(..)|u([dD][89abAB]..\\u....)|u(....)|U(.{8}))", host)
        if code is None:
            return escapes.get(host[1], host[1]) == character
        if code[2]:
            return bool(json.loads(f'"{code[0]}"') == character)
        return chr(int(code[1] or code[3] or code[4], 16)) == character
    return character in " \n" and host[:1] in ("\r", "\n")  # a line end is folded, or CRLF


def assert_mapped(host: str, text: str, source: SourceMap | None, escapes: dict[str, str]) -> None:
    """Every character of *text* stands where the map says, and its end within the file."""
    assert source is not None
    for offset, character in enumerate(text):
        assert stands(host[source.find(offset) :], character, escapes), (host, text, offset)
    assert source.find(max(len(text) - 1, 0)) <= source.find(len(text)) <= source.end <= len(host)


@given(st.text() | texts, st.booleans(), st.sampled_from([None, 2]), st.sampled_from(["", "\ufeff"]))
def test_strings_of_json_are_mapped(text: str, ascii_only: bool, width: int | None, mark: str) -> None:
    """Every character is found, as it is or as its escape: those of surrogate pairs, too."""
    host = mark + json.dumps({"a": [0, {"b": text}]}, ensure_ascii=ascii_only, indent=width)
    try:
        data = host.encode()
    except UnicodeEncodeError:
        assume(False)  # noqa: FBT003 - as hypothesis has it
    tree = read_json_tree(data, "a.json", DEFAULT_LIMITS)
    [place] = tree.locate([("a", 1)]).values()
    assert_mapped(host, text, place.find_text(("b",), text), JSON_ESCAPES)


def test_long_strings_are_mapped_in_blocks() -> None:
    """Thousands of escapes do not shift what follows."""
    text = '"\n😀\\é' * 5_000
    for host in (json.dumps([text]), json.dumps([text], ensure_ascii=False)):
        [place] = read_json_tree(host.encode(), "a.json", DEFAULT_LIMITS).locate([(0,)]).values()
        source = place.find_text((), text)
        assert source is not None
        for offset in [*range(0, len(text), 997), len(text) - 1]:
            assert stands(host[source.find(offset) :], text[offset], JSON_ESCAPES)
        assert host[source.end :] == '"]'


@given(
    texts,
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([10, 20, 80]),
    st.booleans(),
    st.sampled_from([("\n", ""), ("\r\n", "\ufeff")]),
)
def test_scalars_that_yaml_writes_are_mapped(
    text: str, style: Any, width: int, unicode: bool, ends: tuple[Any, str]
) -> None:
    """Whatever style, width and line ends a writer chose, every character is found."""
    line_break, mark = ends
    value = {"a": [0, {"b": text, "c": "x"}]}
    host = mark + yaml.dump(value, default_style=style, width=width, allow_unicode=unicode, line_break=line_break)
    assert_yaml_mapped(host, text)


def assert_yaml_mapped(host: str, text: str) -> None:
    """The text at a/1/b is found in *host*."""
    tree = read_yaml_tree(host.encode(), "a.yaml", DEFAULT_LIMITS)
    [place] = tree.locate([("a", 1)]).values()
    source = place.find_text(("b",), text)
    if source is None:
        assert not text.strip()  # of white space alone nobody can tell how far it is indented
        return
    assert_mapped(host, text, source, YAML_ESCAPES)


@given(
    texts,
    st.sampled_from(["", "&x ", "!!str ", "!t &b ", "&x # why\n     "]),
    st.sampled_from(["|", ">", "|-", ">+", "|2", ">1-", "|4+ # c"]),
    st.sampled_from(["    ", "      "]),
    st.sampled_from(["", "\n", "\n\n   d: 1\n"]),
)
def test_blocks_that_people_write_are_mapped(text: str, before: str, header: str, margin: str, after: str) -> None:
    """Indentation, its indicator, chomping and comments do not shift anything."""
    host = f"a:\n - 0\n - b: {before}{header}\n{indent(text, margin)}{after}"
    assert_as_read(host)


@given(texts, st.sampled_from(["", "&x ", "! "]), st.sampled_from(["'", '"', ""]))
def test_scalars_that_people_write_are_mapped(text: str, before: str, quote: str) -> None:
    """Lines of plain and quoted scalars are folded, and every character is found."""
    lines = text.replace("\n", "\n    ")
    assert_as_read(f"a:\n - 0\n - b: {before}{quote}{lines}{quote}\n")


def assert_as_read(host: str) -> None:
    """What PyYAML reads at a/1/b, if it reads anything, is found."""
    try:
        value = yaml.load(host, Loader=yaml.BaseLoader)["a"][1]["b"]  # noqa: S506 - it makes nothing but texts
    except (yaml.YAMLError, KeyError, TypeError, IndexError):
        assume(False)  # noqa: FBT003 - as hypothesis has it
    assume(isinstance(value, str) and value not in {"", "~"})
    assert_yaml_mapped(host, value)


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ('a: [0, {b: "x\\\n\n   y\\ \\x41\\u00e9\\U0001F600"}]', "x\ny Aé😀"),
        ("x: &t 'it''s'\na: [0, {b: *t}]", "it's"),
        ("a: [0, {b: !!str\n  plain text}]", "plain text"),
        ("a:\n- 0\n- b: >\n    one\n    two\n\n      more\n    \n    end\n  c: 1", "one two\n\n  more\n\nend\n"),
    ],
)
def test_odd_scalars_are_mapped(host: str, text: str) -> None:
    """Continued lines, escapes, aliases, tags on a line of their own, folds around lines that are indented more."""
    assert_yaml_mapped(host, text)


def test_unknown_forms_are_not_guessed() -> None:
    """Line ends that only YAML 1.1 knows are not told, rather than wrongly."""
    host = "a: [0, {b: 'x\u2028 y'}]"
    tree = read_yaml_tree(host.encode(), "a.yaml", DEFAULT_LIMITS)
    [place] = tree.locate([("a", 1)]).values()
    assert place.find_text(("b",), tree.value["a"][1]["b"]) is None
    assert place.find_text(("b",), "something else") is None
    assert place.find_text(("c",), "x") is None


def test_maps_may_follow_each_other() -> None:
    """A message that was made of a text is found by way of that."""
    text, first = assemble([Piece(0, "ab"), Piece(2, "VALUE"), Piece(7, "cd")], 9)
    chain = ChainedMap(first, assemble([Piece(10, "ab{{x}}cd")], 19)[1])
    assert text == "abVALUEcd"
    assert [chain.find(offset) for offset in (0, 1, 2, 7, 8)] == [10, 11, 12, 17, 18]
