"""What stands where a JSON document goes wrong, and what to do about it.

The words are about the form alone: they show punctuation and well-known words, never anything that may be a value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from altcraft_contract.documents.problem import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

Expected = Literal["value", "name", "colon", "more", "end"]

_FAR = 1000  # characters that are looked at before a place, and of a word that begins there
_MOST_CLOSINGS = 12  # that are written out
_TYPOGRAPHIC_QUOTES: Final = "“”„«»‘’‹›"  # noqa: RUF001 - these are meant
_NAMES: Final[Mapping[str, str]] = {
    "": "the document ends",
    '"': "a text",
    "'": "a single quote",
    "`": "a grave accent",
    **dict.fromkeys(_TYPOGRAPHIC_QUOTES, "a typographic quote"),
    **dict.fromkeys("0123456789", "a number"),
}
_word = re.compile(r"-?[^\W\d]\w*").match
_WORDS: Final[Mapping[str, str]] = {
    "True": "write true in small letters",
    "TRUE": "write true in small letters",
    "False": "write false in small letters",
    "FALSE": "write false in small letters",
    "None": "leave the field out; JSON has no such word",
    "undefined": "leave the field out; JSON has no such word",
    "nil": "leave the field out; JSON has no such word",
    "NULL": "leave the field out; JSON has no such word",
    "Null": "leave the field out; JSON has no such word",
    "NaN": "leave the field out; JSON has no such number",
    "Infinity": "leave the field out; JSON has no such number",
    "-Infinity": "leave the field out; JSON has no such number",
}
_STARTS: Final[Mapping[str, str]] = {"+": "write the number without `+`", ".": "write a digit before the point"}
_LITERALS: Final = ("true", "false", "null")
_EXPECTATIONS: Final[Mapping[Expected, str]] = {
    "value": "a value",
    "name": "a name in double quotes",
    "colon": "`:`",
}


def explain_json_slip(text: str, position: int, expected: Expected, closings: str) -> Malformed:
    """What is wrong with *text* at *position*.

    Args:
        text: The document.
        position: Where reading stops, in characters from 0.
        expected: What the grammar wants there; `more` is a comma or a closing bracket.
        closings: The closing brackets of what is open, the outermost first.
    """
    found = _describe(text, position)
    if expected == "end":
        detail = f"{found} after the end of the document"
    elif expected == "more":
        detail = f"{found} where `,` or `{closings[-1]}` is expected"
    else:
        detail = f"{found} where {_EXPECTATIONS[expected]} is expected"
    return Malformed(position, detail, _advise(text, position, expected, closings))


def _describe(text: str, position: int) -> str:
    character = text[position : position + 1]
    if _is_comment(text, position):
        return "a comment"
    if word := _word_at(text, position):
        return f"`{word}`" if word in _WORDS or word in _LITERALS else "a word without quotes"
    if character in _NAMES:
        return _NAMES[character]
    return f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"


def _is_comment(text: str, position: int) -> bool:
    return text.startswith(("//", "/*", "#"), position)


def _word_at(text: str, position: int) -> str:
    """The word without quotes that begins at *position*; empty if there is none."""
    match = _word(text, position, position + _FAR)
    return match[0] if match is not None else ""


def _advise(text: str, position: int, expected: Expected, closings: str) -> str:
    character = text[position : position + 1]
    if not character:
        return _add_the_end(expected, closings)
    general = _of_any_place(text, position, character)
    if general is not None:
        return general
    before = text[max(0, position - _FAR) : position].rstrip(" \t\n\r")[-1:]
    if expected == "end":
        return _take_out(character)
    if expected == "colon":
        return "write a colon in its place" if character in "=;,-" else "put a colon after the name"
    if expected == "more":
        return _part(text, position, before, closings[-1])
    return _member(text, position, before, closings)


def _of_any_place(text: str, position: int, character: str) -> str | None:
    """What to do about what no JSON document holds outside of a text."""
    if _is_comment(text, position):
        return "take out the comment; JSON has none"
    if character == "'" or character in _TYPOGRAPHIC_QUOTES:
        return "write names and texts in straight double quotes"
    if character.isspace() or character in "\0\ufeff":
        return "take the character out, or write an ordinary space"
    return None


def _add_the_end(expected: Expected, closings: str) -> str:
    if len(closings) > _MOST_CLOSINGS:
        return "close what is open, or add what was cut off"
    end = f"`{closings[::-1]}`"
    return f"add {end} at the end, or what was cut off" if expected == "more" else f"add what was cut off, up to {end}"


def _take_out(character: str) -> str:
    if character in "}]":
        return f"take out this `{character}`, or look where one too few was opened"
    if character == "{":
        return "keep one document; several go into a file *.ndjson, one a line"
    return f"take out the `{character}`" if character in ",;" else "take out what stands after the document"


def _part(text: str, position: int, before: str, closing: str) -> str:
    """What to do where a comma or a closing bracket is expected."""
    character, is_beside = text[position], text[position - 1] == before
    holder, part = ("object", "field") if closing == "}" else ("list", "item")
    punctuation = {
        **dict.fromkeys("}]", f"close the {holder} with `{closing}` first"),
        ";": "write a comma in its place",
        ":": "put fields with names into braces" if closing == "]" else "take out the colon",
    }
    if character in punctuation:
        return punctuation[character]
    is_value = character.isdigit() or _word_at(text, position) in _LITERALS
    if before == '"' and character not in '"{[' and not is_value:
        return 'write a quote within a text as \\"'
    if character in '"{[-' or (not is_beside and is_value):
        is_split = before.isdigit() and character.isdigit()
        return "take out the space within the number" if is_split else f"put a comma after the {part} before it"
    if is_beside and before.isdigit():
        return _number(text, position)
    return "put the whole value in double quotes"


def _number(text: str, position: int) -> str:
    """What to do where a number is followed by what no number holds."""
    character, before = text[position], text[position - 1]
    if character == ".":
        return "write a digit after the point, or take it out"
    if character.isdigit() and before == "0":
        return "take out the leading zero, or put a text in double quotes"
    if character in "xX":
        return "write the number in decimal digits"
    return "put the whole value in double quotes"


def _member(text: str, position: int, before: str, closings: str) -> str:
    """What to do where a name or a value is expected."""
    character = text[position]
    if character == closings[-1:] and before == ",":
        return f"take out the comma before `{character}`"
    if character == ",":
        return "take out the comma" if before in ",[{" else "write the value before the comma, or leave the field out"
    return _name(text, position, before) if closings[-1:] == "}" and before in "{," else _value(text, position, before)


def _name(text: str, position: int, before: str) -> str:
    character = text[position]
    if character.isdigit() and before == text[position - 1] == "," and text[position - 2].isdigit():
        return "write the decimal comma as a point"
    if character in "]}":
        return "close the object with `}` first"
    if character in "{[":
        return "give it a name, or put what has none into a list"
    return "put the name in double quotes"


def _value(text: str, position: int, before: str) -> str:
    character, word = text[position], _word_at(text, position)
    if character in "}]:" and before == ":":
        return "write the value after the colon, or leave the field out"
    if character == "<" and not before:
        return "send JSON; this looks like XML or HTML"
    if word:
        return _WORDS.get(word, "put a text in double quotes")
    return _STARTS.get(character, "write a value: a text in double quotes, a number, a list or an object")
