"""The exact JSON reader: strict (RFC 8259), iterative, with positions.

It decides what the fast reader leaves open, says where and why a body is malformed, finds repeated members, and maps
pointers to positions.
"""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from math import isinf
from typing import TYPE_CHECKING, Any

from altcraft_contract.documents.json_slips import Expected, explain_json_slip
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.pointer import forget_starts, join, wanted_tree
from altcraft_contract.documents.problem import LongInteger, Malformed, Problem, Reading, Tally, exact_integer
from altcraft_contract.documents.utf8 import decode_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable

_space = re.compile(r"[ \t\n\r]*")
_number = re.compile(r"-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_plain_text = re.compile(r'[^"\\\x00-\x1f]*+')
_sound_text = re.compile(
    r"""(?:
        [^"\\\x00-\x1f]++
      | \\ ["\\/bfnrt]
      | \\u (?![dD][89a-fA-F]) [0-9a-fA-F]{4}
      | \\u [dD][89abAB][0-9a-fA-F]{2} \\u [dD][c-fC-F][0-9a-fA-F]{2}
    )*+""",
    re.VERBOSE,
)
_hexadecimal = re.compile(r"[0-9A-Fa-f]{4}")

_MAX_POINTERS = 50_000_000  # characters, of all pointers that are written
_MOST_NAMES = 10_000
_CONTROLS = {
    "\n": "close the text with a double quote, or write \\n for a line end within it",
    "\r": "close the text with a double quote, or write \\r for a line end within it",
    "\t": "write \\t for the tab",
}
_LITERALS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


def read_json(data: bytes, *, wanted: Iterable[str] = (), limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read a JSON document exactly.

    Args:
        data: The body.
        wanted: Pointers whose positions are asked for.
        limits: Bounds on the document.

    Returns:
        The value (an object) with its problems, or a reading whose only problem is `malformed`.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return Malformed(0, "a byte order mark before the document", "save it as UTF-8 without one").reading()
    try:
        return _Reader(decode_utf8(data), wanted_tree(wanted), limits).read()
    except Malformed as malformed:
        return malformed.reading()


class _Frame:
    """An object or a list that is being read."""

    __slots__ = ("closing", "container", "key", "problems", "repeated", "wanted")

    def __init__(self, opening: str, wanted: dict[str | None, Any] | None) -> None:
        self.container: Any = {} if opening == "{" else []
        self.closing = "}" if opening == "{" else "]"
        self.wanted = wanted
        self.key: Any = 0
        self.problems: dict[Any, list[Problem]] = {}
        self.repeated: dict[str, str] = {}  # member to pointer

    def attach(self, value: Any, problems: list[Problem]) -> None:
        """Take in the value that has just been read under the current key."""
        if self.closing == "}":
            self.container[self.key] = value
        else:
            self.container.append(value)
        if problems:
            self.problems.setdefault(self.key, []).extend(problems)
        if self.closing == "]":
            self.key += 1


class _Reader:
    def __init__(self, text: str, wanted: dict[str | None, Any], limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.wanted = wanted
        self.frames: list[_Frame] = []
        self.values = 0
        self.tally = Tally()
        self.names: dict[str, str] = {}
        self.pointers = 0  # characters of those written
        self.reading = Reading(None)

    def read(self) -> Reading:
        start = self.skip(0)
        if start == len(self.text):
            raise Malformed(start, "the body is empty", "write the message into it, as one JSON object")
        value, problems, end = self.document(start)
        end = self.skip(end)
        if end != len(self.text):
            raise explain_json_slip(self.text, end, "end", "")
        if not isinstance(value, dict):
            raise Malformed(start, "the root is not an object", _advise_root(value))
        self.reading.value = value
        self.reading.problems = problems
        return self.reading

    def skip(self, position: int) -> int:
        """The position after any white space."""
        return _space.match(self.text, position).end()  # type: ignore[union-attr]  # it matches nothing, too

    def document(self, position: int) -> tuple[Any, list[Problem], int]:
        """Read the value at *position*; return it with its problems and the position after it."""
        text = self.text
        while True:
            opening = text[position : position + 1]
            self.begin(position)
            problems: list[Problem] = []
            if opening in ("{", "["):
                frame = self.open(opening, position)
                position = self.skip(position + 1)
                if text[position : position + 1] != frame.closing:
                    position = self.key(frame, position)
                    continue
                value, problems = self.close()
                position += 1
            else:
                value, position = self.scalar(opening, position)
            while self.frames:
                frame = self.frames[-1]
                frame.attach(value, problems)
                position = self.skip(position)
                follower = text[position : position + 1]
                if follower == ",":
                    position = self.key(frame, self.skip(position + 1))
                    break
                if follower != frame.closing:
                    raise self.slip(position, "more")
                value, problems = self.close()
                position += 1
            else:
                return value, problems, position

    def slip(self, position: int, expected: Expected) -> Malformed:
        """What is wrong at *position*, where something else is *expected*."""
        return explain_json_slip(self.text, position, expected, "".join(frame.closing for frame in self.frames))

    def begin(self, position: int) -> None:
        """Count the value that begins at *position*, and keep the position if it is wanted."""
        self.values += 1
        if self.values > self.limits.max_values:
            raise Malformed(position, f"more than {self.limits.max_values:,} values", "send less at once")
        wanted = self.wanted_here()
        if wanted and None in wanted:
            self.reading.starts[wanted[None]] = position

    def wanted_here(self) -> dict[str | None, Any] | None:
        if not self.frames:
            return self.wanted
        frame = self.frames[-1]
        return frame.wanted.get(str(frame.key)) if frame.wanted else None

    def open(self, opening: str, position: int) -> _Frame:
        if len(self.frames) >= self.limits.max_depth:
            raise Malformed(position, f"more than {self.limits.max_depth} levels of nesting", "nest less deeply")
        frame = _Frame(opening, self.wanted_here())
        self.frames.append(frame)
        return frame

    def close(self) -> tuple[Any, list[Problem]]:
        frame = self.frames.pop()
        return frame.container, [problem for problems in frame.problems.values() for problem in problems]

    def key(self, frame: _Frame, position: int) -> int:
        """Read the key of the next member, if *frame* is an object; return the position of its value."""
        if frame.closing == "]":
            return position
        if self.text[position : position + 1] != '"':
            raise self.slip(position, "name")
        name, end = self.string(position)
        frame.key = self.names.get(name) or self.remember(name)
        colon = self.skip(end)
        if self.text[colon : colon + 1] != ":":
            raise self.slip(colon, "colon")
        value_position = self.skip(colon + 1)
        if frame.key in frame.container:
            self.repeat(frame, value_position)
        return value_position

    def remember(self, name: str) -> str:
        """Keep *name*, so that the same one, read again, takes no more memory; but not without end."""
        if len(self.names) < _MOST_NAMES:
            self.names[name] = name
        return name

    def repeat(self, frame: _Frame, position: int) -> None:
        """Note a repeated member; what was read before under its name no longer counts."""
        del frame.container[frame.key]
        self.tally.forget(frame.problems.pop(frame.key, ()))
        forget_starts(self.reading.starts, frame.wanted.get(frame.key) if frame.wanted else None)
        if self.tally.admits("duplicate"):
            pointer = frame.repeated.get(frame.key) or self.pointer(position)
            frame.repeated[frame.key] = pointer
            frame.problems[frame.key] = [Problem("duplicate", pointer, position, frame.key)]

    def pointer(self, position: int) -> str:
        """The pointer to the value at *position*, which is to be read."""
        pointer = join(open_frame.key for open_frame in self.frames)
        self.pointers += len(pointer)
        if self.pointers > max(_MAX_POINTERS, len(pointer)):
            detail = "too many repeated members below names that are too long"
            raise Malformed(position, detail, "write every member once")
        return pointer

    def scalar(self, first: str, position: int) -> tuple[Any, int]:
        if first == '"':
            return self.string(position)
        if first in _LITERALS:
            word, value = _LITERALS[first]
            if self.text.startswith(word, position):
                return value, position + len(word)
        match = _number.match(self.text, position)
        if match is None:
            raise self.slip(position, "value")
        return self.number(match), match.end()

    def number(self, match: re.Match[str]) -> int | float:
        if not match[1]:
            integer = exact_integer(match[0])
            self.reading.long_integers |= isinstance(integer, LongInteger)
            return integer
        double = float(match[0])
        if isinf(double):
            raise Malformed(match.start(), "a number too large for a double", "write a smaller number")
        return double

    def string(self, position: int) -> tuple[str, int]:
        """Read the string whose opening quote stands at *position*."""
        match = _plain_text.match(self.text, position + 1)
        end = match.end()  # type: ignore[union-attr]  # it matches nothing, too
        if self.text.startswith('"', end):
            return match[0], end + 1  # type: ignore[index]
        end = _sound_text.match(self.text, end).end()  # type: ignore[union-attr]
        if self.text.startswith('"', end):
            return scanstring(self.text, position + 1)[0], end + 1
        raise self.fault_within_string(position, end)

    def fault_within_string(self, start: int, position: int) -> Malformed:
        """What is wrong at *position* in the string whose opening quote stands at *start*."""
        character, letter = self.text[position : position + 1], self.text[position + 1 : position + 2]
        if not character:
            return Malformed(start, "a text that does not end", "add the double quote at its end, or what was cut off")
        if character != "\\":
            detail = f"a control character (U+{ord(character):04X}) within a text"
            hint = _CONTROLS.get(character, f"leave it out, or write \\u{ord(character):04x}")
            return Malformed(position, detail, hint)
        if letter != "u":
            return Malformed(position, "an escape that JSON does not have", "write a backslash as two")
        if _hexadecimal.match(self.text, position + 2) is None:
            hint = "write four digits after \\u, or a backslash as two"
            return Malformed(position, "an escape without four hexadecimal digits", hint)
        return Malformed(position, "half of a surrogate pair", "write the character itself, or both halves")


def _advise_root(value: Any) -> str:
    if isinstance(value, list):
        return "send what the list holds, each by itself, without the list"
    return "send the object itself, not a text that holds it" if isinstance(value, str) else "write one JSON object"
