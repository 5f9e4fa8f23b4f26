"""Which names are those of secrets: the documented ones, their relatives, and slips of the pen."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final
from unicodedata import normalize

_contained = re.compile(
    "token|authori[sz]ation|email|phone|secret|passw|apikey|credential|msisdn|токен|почт|телефон|парол"
).search
_harmless = re.compile("(?:head|ear|smart|micro|mega|gramo|saxo)phones?|iphones?", re.IGNORECASE)
_part = re.compile(r"[^\W\d_]+")
_word = re.compile(r"[^\W_]+")  # a stray digit may have come into it
_camel = re.compile(r"(?<=[a-z])(?=[A-Z])")
_no_letter = re.compile(r"[\W_]+")

_PARTS: Final = frozenset({"mail", "mails", "tel", "mobile", "auth", "bearer", "pwd"})  # secret as a whole word only
_MISSPELT: Final = ("token", "email", "phone", "telephone", "authorization", "authorisation")
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789?"  # `?` is any letter beyond ASCII
_CONTROLS: Final = str.maketrans("\b\f\n\r\t", "bfnrt")  # a stray reverse solidus made them of these letters
_ENDING: Final = 3
_LONGEST: Final = 100  # characters at either end of a name that are looked at
_TAIL_LENGTHS: Final = (4, 5, 6, 8, 9, 10, 12, 13, 14)  # of the words above, one letter more or less


_ASCII_FOLD: Final = {
    code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)
}  # for str.translate


def fold(text: str) -> str:
    """*text* in small letters and digits alone."""
    if text.isascii():
        return text.translate(_ASCII_FOLD)
    return _no_letter.sub("", normalize("NFKC", text)).casefold()


@cache
def _variants() -> frozenset[str]:
    """Every word that is one slip away: a letter left out, added, replaced, or two of them swapped."""
    found = set(_MISSPELT)
    for word in _MISSPELT:
        for index in range(len(word) + 1):
            head, tail = word[:index], word[index:]
            found.update(head + letter + tail for letter in _ALPHABET)
            if tail:
                found.add(head + tail[1:])
                found.update(head + letter + tail[1:] for letter in _ALPHABET)
            if len(tail) > 1:
                found.add(head + tail[1] + tail[0] + tail[2:])
    return frozenset(found)


@cache
def _endings() -> frozenset[str]:
    return frozenset(word[-_ENDING:] for word in _variants())


def _latin(word: str) -> str:
    return word if word.isascii() else "".join(letter if letter.isascii() else "?" for letter in word)


def is_secret_name(name: str) -> bool:
    """Whether a field of that *name* holds a secret, by its name."""
    return _is_secret_name(name if len(name) <= _LONGEST else name[:_LONGEST] + name[-_LONGEST:])


@lru_cache(maxsize=2048)
def _is_secret_name(name: str) -> bool:
    name = _harmless.sub("", name)
    folded = fold(name)
    if _contained(folded):
        return True
    spaced = _camel.sub(" ", name)
    parts = [fold(part) for part in _part.findall(spaced)]
    if any(part in _PARTS for part in parts):
        return True
    variants = _variants()
    words = (folded, *parts, *map(fold, _word.findall(spaced)))
    return any(_latin(word) in variants for word in words)


def ends_with_secret_name(text: str) -> bool:
    """Whether *text* ends with the name of a secret, with other characters, or a slip, among its letters."""
    return _ends_with_variant(text) or (not text.isprintable() and _ends_with_variant(text.translate(_CONTROLS)))


def _ends_with_variant(text: str) -> bool:
    folded = _latin(fold(text))
    if folded[-_ENDING:] not in _endings():
        return False
    variants = _variants()
    return any(folded[-length:] in variants for length in _TAIL_LENGTHS)
