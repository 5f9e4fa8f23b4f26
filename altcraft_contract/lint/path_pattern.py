"""Patterns of paths, as in `.gitignore`, and of pointers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Part = Callable[[str], object] | None  # what tells whether a name fits; None fits any number of names

_WILD: Final = frozenset("*?[\\")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern of paths below a directory, as a line of `.gitignore` has it; a `!` at its beginning is no pattern.

    `*` and `?` stand for characters other than `/`, `[a-z]` for one of several, `**` for any number of directories;
    a backslash takes the meaning from what follows. Without a `/` before its end a pattern fits at any depth. A
    directory that fits stands for everything below it.

    Attributes:
        text: As people wrote it.

    Raises:
        ValueError: if it is none; says what to do.
    """

    text: str
    _parts: tuple[Part, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parts", tuple(_parts_of_path(self.text)))

    def fits(self, path: str) -> bool:
        """Whether the file at *path* fits: from the directory on, with `/`."""
        return _fits(self._parts, path.split("/"))

    @property
    def directory(self) -> str:
        """The longest way without wild cards with which everything that fits begins; empty if it can be anywhere."""
        names = self.text.strip("/").split("/")
        if len(names) == 1 and not self.text.startswith("/"):
            return ""
        plain = next((number for number, name in enumerate(names) if _WILD & set(name)), len(names))
        return "/".join(names[:plain])


@dataclass(frozen=True, slots=True)
class PointerPattern:
    """A pattern of RFC 6901 pointers: `*` stands for one token, `**` for any number of them, none included.

    Attributes:
        text: As people wrote it.

    Raises:
        ValueError: if it is none; says what to do.
    """

    text: str
    _parts: tuple[Part, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_parts", tuple(_parts_of_pointer(self.text)))

    def fits(self, pointer: str) -> bool:
        """Whether *pointer* fits."""
        return _fits(self._parts, pointer.split("/")[1:])


def _parts_of_path(text: str) -> list[Part]:
    names = text.strip("/").split("/")
    if text.startswith("!"):
        raise ValueError("a pattern cannot be negated; name what is meant, or write \\! for a name that begins with it")
    if names == [""]:
        raise ValueError("expected a pattern of paths; ** stands for all of them")
    if not {"", ".", ".."}.isdisjoint(names):
        raise ValueError("expected a way down from the directory of this file, without empty parts, . and ..")
    is_anchored = len(names) > 1 or text.startswith("/")
    parts: list[Part] = [] if is_anchored else [None]
    parts += [None if name == "**" else _part(name) for name in names]
    if names[-1] == "**":
        parts[-1] = _any  # what is below, not the directory itself
    if text.endswith("/"):
        parts.append(_any)  # as above
    return [*parts, None]


def _part(name: str) -> Part:
    """What tells whether the name of a file or directory fits."""
    if _WILD.isdisjoint(name):
        return name.__eq__
    if name == "*":
        return _any
    return partial(_fits, tuple(_iter_characters(name)))


def _iter_characters(name: str) -> Iterator[Part]:
    """What tells of each character in turn whether it fits."""
    position = 0
    while position < len(name):
        character = name[position]
        if character == "[":
            part, position = _one_of_several(name, position + 1)
            yield part
            continue
        if character == "\\":
            position += 1
            yield _escaped(name, position).__eq__
        else:
            yield None if character == "*" else _any if character == "?" else character.__eq__
        position += 1


def _one_of_several(name: str, start: int) -> tuple[Part, int]:
    """What tells whether a character is one of those in brackets, the first of which stands at *start*; and the end."""
    is_negated = name[start : start + 1] in ("!", "^")
    position = first = start + is_negated
    ranges: list[tuple[str, str]] = []
    while position < len(name) and (name[position] != "]" or position == first):
        if name.startswith("[:", position):
            raise ValueError("names of kinds of characters, such as [:alpha:], are not known; write [a-z]")
        lowest, position = _character(name, position)
        highest = lowest
        if name[position : position + 1] == "-" and name[position + 1 : position + 2] not in ("", "]"):
            highest, position = _character(name, position + 1)
        ranges.append((lowest, highest))
    if position >= len(name):
        raise ValueError("a [ has no ]; write \\[ for the character itself")
    return lambda found: any(low <= found <= high for low, high in ranges) is not is_negated, position + 1


def _character(name: str, position: int) -> tuple[str, int]:
    """The character at *position*, which may be escaped, and where the next one stands."""
    if name[position] != "\\":
        return name[position], position + 1
    return _escaped(name, position + 1), position + 2


def _escaped(name: str, position: int) -> str:
    if position >= len(name):
        raise ValueError("nothing follows the \\; names of a way are separated by /")
    return name[position]


def _parts_of_pointer(text: str) -> list[Part]:
    if text and not text.startswith("/"):
        raise ValueError(f"a pointer begins with /; did you mean {'/' + text!r:.80}?")
    tokens = text.split("/")[1:]
    for name in tokens:
        if "*" in name and name not in ("*", "**"):
            raise ValueError("* stands for a whole token between two /, and ** for any number of them")
        if "~" in name.replace("~0", "").replace("~1", ""):
            raise ValueError("in a pointer ~ is written ~0, and / within a token ~1")
    return [None if name == "**" else _any if name == "*" else name.__eq__ for name in tokens]


def _any(_: str) -> bool:
    return True


def _fits(parts: Sequence[Part], names: Sequence[str]) -> bool:
    """Whether *names* are what *parts* stand for, in a number of steps that is at most the product of their numbers."""
    part = name = 0
    retry: tuple[int, int] | None = None  # the last part that fits any number, and the name after those that it took
    while name < len(names):
        if part < len(parts) and parts[part] is None:
            retry = (part, name)
            part += 1
        elif part < len(parts) and (fits := parts[part]) is not None and fits(names[name]):
            part += 1
            name += 1
        elif retry is not None:
            part, name = retry[0] + 1, retry[1] + 1
            retry = (retry[0], name)
        else:
            return False
    return all(left is None for left in parts[part:])
