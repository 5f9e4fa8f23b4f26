"""Tokens as services make them, and placeholders as people write them."""

from __future__ import annotations

import string
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

PLACEHOLDERS: Final = tuple(Path(__file__).with_name("placeholders.txt").read_text("utf-8").splitlines())


def _of(alphabet: str) -> Callable[[Random, int], str]:
    return lambda random, length: "".join(random.choices(alphabet, k=length))


def _uuid(random: Random, _: int) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _jwt(random: Random, length: int) -> str:
    parts = (b'{"alg":"HS256"}', b'{"sub":"%d"}' % random.getrandbits(32), random.randbytes(32 + length))
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


SHAPES: Final[dict[str, Callable[[Random, int], str]]] = {
    "hexadecimal": _of("0123456789abcdef"),
    "HEXADECIMAL": _of("0123456789ABCDEF"),
    "small letters": _of(string.ascii_lowercase),
    "letters": _of(string.ascii_letters),
    "small letters and digits": _of(string.ascii_lowercase + string.digits),
    "letters and digits": _of(string.ascii_letters + string.digits),
    "base32": _of(string.ascii_uppercase + "234567"),
    "base58": _of("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
    "base64": lambda random, length: b64encode(random.randbytes(length * 3 // 4)).decode(),
    "base64 for URLs": lambda random, length: urlsafe_b64encode(random.randbytes(length * 3 // 4)).decode().rstrip("="),
    "with a prefix": lambda random, length: "sk_live_" + _of(string.ascii_letters + string.digits)(random, length),
    "uuid": _uuid,
    "uuid without hyphens": lambda random, length: _uuid(random, length).replace("-", ""),
    "JSON Web Token": _jwt,
    "Bearer": lambda random, length: "Bearer " + _of(string.ascii_letters + string.digits)(random, length),
}
LENGTHS: Final = (20, 24, 32, 40, 64)
ROUNDS: Final = 4

TOKENS: Final = tuple(
    make(Random(f"{shape} {length} {turn}"), length)
    for shape, make in SHAPES.items()
    for length in LENGTHS
    for turn in range(ROUNDS)
)
