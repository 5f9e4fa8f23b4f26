"""How much of a value is left to chance: what no word, run or repetition explains."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, Final

from altcraft_contract.lint.secrets.words import count_known, is_like_word, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 512  # characters of a value that are looked at
_ENOUGH: Final = 46.0  # bits; 12 hexadecimal digits have more
_ENOUGH_SPREAD: Final = (
    34.0  # bits by the frequencies of the characters, which are less than there are in a short value
)
_RUN_BITS: Final = 4.0
_KNOWN_BITS: Final = 2.0
_LIKELY_BITS: Final = 5.0
_LIKELY_BITS_OF_LETTER: Final = 3.0  # the same where a word is written together with something else
_DIGIT_BITS: Final = log2(10)
_RUN: Final = 4  # characters of the shortest run
_SAME: Final = 3  # the same for one character again and again, and where nearly everything is a run
_NEARLY_ALL: Final = 0.8  # share of the characters
_BRAIDED: Final = 6  # the same for two runs that take turns, such as `a1b2c3`
_ALPHABETS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890")
_KEYBOARD: Final = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)


def _pairs(rows: tuple[str, ...]) -> frozenset[str]:
    return frozenset(first + second for row in rows for first, second in pairwise(row))


_SAME_PAIRS: Final = frozenset(character * 2 for character in "abcdefghijklmnopqrstuvwxyz0123456789")
_STEPS: Final = (
    _SAME_PAIRS,
    _SAME_PAIRS | _pairs(_ALPHABETS),
    _SAME_PAIRS | _pairs(tuple(row[::-1] for row in _ALPHABETS)),
    _pairs(_KEYBOARD),
    _pairs(tuple(row[::-1] for row in _KEYBOARD)),
)
"""Kinds of runs: which character may follow which."""

_hexadecimal = re.compile(r"[0-9a-f]+|[0-9A-F]+").fullmatch
_piece = re.compile(r"[A-Za-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_year = re.compile(r"(?:19|20)[0-9]{2}").fullmatch
_separator = re.compile(r"[\W_]+")


def is_random(value: str) -> bool:
    """Whether nothing explains *value*; separators count for nothing."""
    value = value[:_LONGEST]
    value = value[: _period(value)]
    compact = _separator.sub("", value)
    return _shannon(compact) >= _ENOUGH_SPREAD and _unexplained(value, compact) >= _ENOUGH


def _shannon(text: str) -> float:
    """What a text of that length and of those characters holds at most, in bits."""
    return -sum(count * log2(count / len(text)) for count in Counter(text).values())


def _unexplained(value: str, compact: str) -> float:
    """An estimate of what somebody would have to guess of *value*, in bits."""
    of_character = _bits_of_character(compact)
    bits = 0.0
    rest = list(value)
    places = [index for index, character in enumerate(value) if character.isalnum()]
    for start, end in _runs(_separator.sub("", value).lower() if len(places) == len(compact) else ""):
        bits += _RUN_BITS
        for index in places[start:end]:
            rest[index] = " "
    for piece in _piece.finditer("".join(rest)):
        around = value[max(0, piece.start() - 1) : piece.start()] + value[piece.end() : piece.end() + 1]
        bits += _bits_of_piece(piece[0], of_character, stands_alone=not any(map(str.isalnum, around)))
    return bits


def _bits_of_character(compact: str) -> float:
    if compact.isdigit():
        return _DIGIT_BITS
    if _hexadecimal(compact):
        return 4.0
    letters = 52 if compact != compact.lower() and compact != compact.upper() else 26
    return log2(letters + 10 * any(map(str.isdigit, compact)))


def _bits_of_piece(piece: str, of_character: float, *, stands_alone: bool) -> float:
    if piece.isdigit():
        return _KNOWN_BITS if _year(piece) else _DIGIT_BITS * len(piece)
    if not piece.isascii():
        return _KNOWN_BITS  # letters beyond ASCII: a token has none
    whole = _bits_of_word(piece.lower(), of_character, stands_alone=stands_alone)
    words = split_words(piece)
    return min(whole, sum(_bits_of_word(word, of_character, stands_alone=stands_alone) for word in words))


def _bits_of_word(word: str, of_character: float, *, stands_alone: bool) -> float:
    unknown = of_character * len(word)
    known = count_known(word)
    if known is not None:
        return min(unknown, _KNOWN_BITS * known)
    likely = _LIKELY_BITS if stands_alone else _LIKELY_BITS_OF_LETTER * len(word)
    return min(unknown, likely) if is_like_word(word) else unknown


def _period(value: str) -> int:
    """After how many characters *value* repeats itself, at least once in full; its length, if it does not."""
    borders = [0] * len(value)
    length = 0
    for index in range(1, len(value)):
        while length and value[index] != value[length]:
            length = borders[length - 1]
        length += value[index] == value[length]
        borders[index] = length
    period = len(value) - (borders[-1] if borders else 0)
    return period if period * 2 <= len(value) else len(value)


def _runs(text: str) -> list[tuple[int, int]]:
    """Where characters follow each other as in the alphabet, on a keyboard, or as the same again and again."""
    short = list(_iter_runs(text, _SAME))
    if sum(end - start for start, end in short) >= _NEARLY_ALL * len(text):
        return short  # such as `abc123def456`: by chance short runs stand here and there, but not one after the other
    return list(_iter_runs(text, _RUN))


def _iter_runs(text: str, least: int) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(text):
        end = max(_run_end(text, position, step, least=_SAME if step is _SAME_PAIRS else least) for step in _STEPS)
        if end == position:
            end = max(_run_end(text, position, step, least=_BRAIDED, apart=2) for step in _STEPS[:3])
        if end > position:
            yield position, end
        position = max(end, position + 1)


def _run_end(text: str, start: int, step: frozenset[str], *, least: int, apart: int = 1) -> int:
    """The end of a run at *start* whose steps lead *apart* characters on; *start* if it has fewer than *least*."""
    end = start + apart
    while end < len(text) and text[end - apart] + text[end] in step:
        end += 1
    return end if end - start >= least else start
