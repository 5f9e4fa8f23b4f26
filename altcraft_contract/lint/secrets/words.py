"""What looks like words: English, or Russian in Latin letters."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final

_KNOWN: Final = """
    abc account admin alpha altcraft any api app application auth authorization babe backend bar baz bearer beef beta
    bot browser cafe change changeme check checkout ci client code config console content correct customer data dead
    debug default delta demo dev development devs docs document dummy empty env environment error example expired
    fake feed face file first fixture foo from gamma gateway get github gitlab here hello hidden host id input insert
    integration invalid invoice key keys kiosk lint local loyalty main market marketing mask masked me member message
    missing mobile mock my name new no nobody none not null number of old omitted only order orders our page pass
    passphrase password paste payload personal phone pizza place placeholder please pos preorder private prod
    production profile project promo promotion promotions proxy public put pytest qa random read real redacted
    refresh removed replace replaced request response retail root sample sandbox schema second secret secure server
    service session set shop site some something staging stage start status store string stub super sure system
    temp temporary test tester testing tests the this tmp to todo token tokens top type undefined unit unknown unset
    upstream use user valid value values var variable vault version void web webhook will with world wrong yes you
    your yours zero zulu token1 one two three four five six seven eight nine ten xyz qux quux lorem ipsum dolor
    api1 klyuch kluch parol pochta primer obrazec obrazets zaglushka testovyj testoviy tvoj tvoy vash vashi
    moj moy zakaz magazin zdes syuda vstavte zamenite dlya znachenie nastoyashchiy sekret sekretnyj sekretny
"""
_WORDS: Final = frozenset(_KNOWN.split())
# Second letters, by the first, of the pairs that 96 of 100 pairs in words are.
_PAIRS: Final = {
    "a": "bcdfgiklmnprstuvwyz",
    "b": "aeilorsuy",
    "c": "acehiklortu",
    "d": "adegilorsuy",
    "e": "abcdefgilmnpqrstvwxy",
    "f": "aefilortu",
    "g": "aehinorsu",
    "h": "aeiortu",
    "i": "abcdefglmnoprstvxz",
    "j": "ou",
    "k": "aeinlo",
    "l": "adeilostuy",
    "m": "abeilmopsu",
    "n": "acdefgiknorstuvy",
    "o": "abcdfgiklmnoprstuvwy",
    "p": "aehiloprstuy",
    "q": "u",
    "r": "acdegiklmnoprstuvy",
    "s": "acdehiklopstuwy",
    "t": "acdehiloprstuwy",
    "u": "abcdegilmnprst",
    "v": "aeiosy",
    "w": "aehinors",
    "x": "acept",
    "y": "aenpst",
    "z": "aeo",
}
_LEAST: Final = 4  # letters of a word that is in no list
_COMMON: Final = 0.8  # share of the pairs of a word that are common ones
_LONG: Final = 12  # letters of a word of which more is asked, since several may be written together
_COMMON_IN_LONG: Final = 0.9
_VOWELS: Final = (0.2, 0.7)  # share of them among the letters of a word
_SHORTEST: Final = 2
_LONGEST: Final = 100

_camel = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def split_words(letters: str) -> list[str]:
    """The words of a run of Latin letters in `camelCase`, in small letters."""
    return [word.lower() for word in _camel.findall(letters)]


@cache
def _longest_known() -> int:
    return max(map(len, _WORDS))


def count_known(word: str) -> int | None:
    """Of how many known words *word*, in small letters, is put together at least; None if it is of none."""
    if len(word) > _LONGEST:
        return None
    longest = _longest_known()
    counts: list[int | None] = [0]
    for end in range(1, len(word) + 1):
        least: int | None = None
        for start in range(max(0, end - longest), end - _SHORTEST + 1):
            before = counts[start]
            if before is not None and word[start:end] in _WORDS and (least is None or before + 1 < least):
                least = before + 1
        counts.append(least)
    return counts[-1]


def is_like_word(word: str) -> bool:
    """Whether *word*, in small letters, may be one by its pairs of letters, though it is in no list."""
    if len(word) < _LEAST:
        return False
    vowels = sum(letter in "aeiouy" for letter in word) / len(word)
    if not _VOWELS[0] <= vowels <= _VOWELS[1]:
        return False
    common = sum(second in _PAIRS.get(first, "") for first, second in pairwise(word))
    return common >= (_COMMON_IN_LONG if len(word) > _LONG else _COMMON) * (len(word) - 1)
