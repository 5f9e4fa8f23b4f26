"""Promo codes and pools, made up from what an order says: the same order gets the same ones."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS: Final = "0123456789"
_GROUPS: Final = tuple(
    tuple(second + first for first in alphabet for second in alphabet) for alphabet in (_LETTERS, _DIGITS, _LETTERS)
)
"""Pairs of characters; each group of a code has two of them."""

_POOLS: Final = 9_999


def make_pool_id(promotion_id: str) -> int:
    """The id of the pool that a promotion has its codes from."""
    return 1 + _seed("pool", promotion_id) % _POOLS


def make_code(external_id: str, promotion_id: str, index: int, *, attempt: int, separator: str = "-") -> str:
    """A code in the form of the documented `HYDO-4728-DZGU`.

    Args:
        external_id: Id of the order that gets it.
        promotion_id: Id of the promotion that it is issued for.
        index: Which of the codes of the order it is.
        attempt: A number for each code that is tried.
        separator: What stands between the groups.
    """
    seed = _seed("code", external_id, promotion_id, str(index), str(attempt))
    groups = []
    for pairs in _GROUPS:
        seed, first = divmod(seed, len(pairs))
        seed, second = divmod(seed, len(pairs))
        groups.append(pairs[first] + pairs[second])
    return separator.join(groups)


def _seed(*parts: str) -> int:
    text = "\0".join(parts).encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=16).digest(), "big")
