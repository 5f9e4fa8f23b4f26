"""Secrets that are known by their value, found again wherever they stand."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.renderers.secret_places import Span

_SHORTEST: Final = 4  # characters; what is shorter is part of too many other words
_WHOLE_WORD: Final = 6  # what is shorter than this is found only as a word of its own
_LONGEST_NUMBER: Final = 8  # the same for what is made of digits
_FEW: Final = 32  # secrets; more of them are looked up by their beginnings
_MOST_WORK: Final = 1 << 31  # secrets times characters; beyond that only words of their own are looked up
_CUT: Final = _SHORTEST  # characters of a secret that a message cuts off, from which they are masked
_LONGEST_CUT: Final = 100  # characters that a message shows of a value or a name
_DIGITS_ENOUGH: Final = 6
_EXACT: Final = 4300  # digits that Python converts

_word = re.compile(r"[\w.-]")
_run = re.compile(r"[^\s\"'`<>&,;(){}\[\]\ue000-\ue002]+")
_number = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?").fullmatch
_spelt_number = re.compile(r"[+0-9 ()._,'\u2019-]+").fullmatch
_no_digit = re.compile("[^0-9]+")
_cut = re.compile("[…`]")


class KnownSecrets:
    """A set of secrets.

    Attributes:
        values: The secrets, and the other forms in which a number among them may be shown.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self.values = {form for value in values for form in _iter_forms(value) if len(form) >= _SHORTEST}
        self._ordered = sorted(self.values, key=len, reverse=True)

    def iter_spans(self, text: str) -> Iterator[Span]:
        """Where the secrets stand in *text*, in no order."""
        if len(self.values) * len(text) > _MOST_WORK:
            for run in _run.finditer(text):
                if run[0] in self.values:
                    yield run.span()
            return
        if len(self._ordered) > _FEW:
            yield from self._iter_looked_up(text)
            return
        for value in self._ordered:
            start = text.find(value)
            while start >= 0:
                end = start + len(value)
                if not (_is_word(value) and _is_within_word(text, start, end)):
                    yield start, end
                start = text.find(value, end)

    def iter_cut_spans(self, text: str) -> Iterator[Span]:
        """Where a message shows the beginning of a secret and cuts off the rest."""
        if not any(beginning in text for beginning in self._beginnings):
            return
        for mark in _cut.finditer(text):
            first = max(0, mark.start() - _LONGEST_CUT)
            for start in range(first, mark.start() - _CUT + 1):
                shown = text[start : mark.start()]
                if any(value.startswith(shown) for value in self._beginnings.get(shown[:_CUT], ())):
                    yield start, mark.start()
                    break

    def _iter_looked_up(self, text: str) -> Iterator[Span]:
        """The same as `iter_spans`, in a time that does not grow with the number of secrets."""
        for start in range(len(text) - _SHORTEST + 1):
            for value in self._beginnings.get(text[start : start + _SHORTEST], ()):
                end = start + len(value)
                if text.startswith(value, start) and not (_is_word(value) and _is_within_word(text, start, end)):
                    yield start, end

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        """The first characters of secrets to these secrets, the longest first."""
        found: dict[str, list[str]] = {}
        for value in self._ordered:
            found.setdefault(value[:_SHORTEST], []).append(value)
        return found


def _is_word(value: str) -> bool:
    """Whether *value* is found only as a word of its own."""
    return len(value) < (_LONGEST_NUMBER if value.isdigit() else _WHOLE_WORD)


def _is_within_word(text: str, start: int, end: int) -> bool:
    return bool((start and _word.match(text, start - 1)) or _word.match(text, end))


def _iter_forms(value: str) -> Iterator[str]:
    """*value*, as it stands in a pointer, and, if it is a number, as messages and hints write it."""
    value = value.strip()
    yield value
    if "/" in value or "~" in value:
        yield value.replace("~", "~0").replace("/", "~1")
    if len(value) > _EXACT or _spelt_number(value) is None:
        return
    digits = _no_digit.sub("", value)
    if len(digits) >= _DIGITS_ENOUGH:
        yield digits
        yield digits.lstrip("0")
    match = _number(value)
    if match is not None and (match[1] or match[2]):
        yield repr(float(value))
