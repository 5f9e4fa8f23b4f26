"""Where values stand in a JSON text."""

from __future__ import annotations

import pytest

from altcraft_contract.documents.json_places import find_starts

TEXT = ' {\n "a" : [ 1 , "x]" , {"b~/":null} ] ,"":-1.5e3, "c\\u0041": {"d":[[],{}]}, "Жя":"\\"{"}\n'


@pytest.mark.parametrize(
    ("pointer", "start"),
    [
        ("", "{\n"),
        ("/a", "[ 1"),
        ("/a/0", "1 "),
        ("/a/1", '"x]"'),
        ("/a/2", '{"b~/"'),
        ("/a/2/b~0~1", "null"),
        ("/", "-1.5e3"),
        ("/cA", '{"d"'),
        ("/cA/d/0", "[],"),
        ("/cA/d/1", "{}"),
        ("/Жя", '"\\"{"'),
    ],
)
def test_a_value_begins_at_its_first_character(pointer: str, start: str) -> None:
    """What is skipped on the way, strings with brackets and quotes among it, does not lead astray."""
    starts = find_starts(TEXT, [pointer])

    assert TEXT.startswith(start, starts[pointer])


def test_many_pointers_are_found_in_one_pass() -> None:
    """A value and what it holds are located together."""
    assert find_starts('{"a":[0,{"b":1}]}', ["/a/1/b", "/a", "", "/a/1"]) == {"": 0, "/a": 5, "/a/1": 8, "/a/1/b": 13}


def test_of_repeated_members_the_last_is_located() -> None:
    """The last occurrence counts, and nothing within the others."""
    assert find_starts('{"a":{"b":1},"\\u0061":{"c":2}}', ["/a", "/a/b", "/a/c"]) == {"/a": 22, "/a/c": 27}


def test_a_member_of_a_scalar_is_nowhere() -> None:
    """A pointer into a string, a number or null shows nowhere."""
    assert find_starts('{"a":"b","c":1,"d":null}', ["/a/0", "/c/0", "/d/x"]) == {}


def test_long_and_deep_texts_are_skipped() -> None:
    """Neither megabytes of escapes nor levels that nobody asks for take memory or recursion."""
    text = f'{{"a":"{chr(92)}n{"x" * 10}{(chr(92) + "n") * 200_000}","b":{"[" * 5000}{"]" * 5000},"c":0}}'

    assert find_starts(text, ["/c"]) == {"/c": len(text) - 2}
