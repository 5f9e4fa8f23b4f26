"""What may stand in files though it looks like a secret, by the configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.lint.secrets.numbers import digits_of

_DIGEST: Final = "sha256:"
_KEY: Final = "secrets"
_LEAST: Final = 3  # characters of a pattern besides its `*`, so that it does not allow everything
_digest = re.compile("[0-9a-f]{64}").fullmatch


@dataclass(frozen=True, slots=True)
class Allowed:
    """Values that are no finding.

    Attributes:
        values: Exactly these; addresses in small letters.
        numbers: The digits of telephone numbers among them, so that it does not matter how a number is spelt.
        patterns: The pieces between the `*` of each pattern, in small letters.
        digests: SHA-256 of values, in hexadecimal digits.
    """

    values: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    patterns: tuple[tuple[str, ...], ...] = ()
    digests: frozenset[str] = frozenset()

    def allows(self, value: str) -> bool:
        """Whether *value*, as it stands in a file, was allowed."""
        lower = value.lower()
        if value in self.values or ("@" in value and lower in self.values):
            return True
        if self.numbers and digits_of(value) in self.numbers:
            return True
        if any(_matches(pieces, lower) for pieces in self.patterns):
            return True
        return bool(self.digests) and digest_of(value).removeprefix(_DIGEST) in self.digests


NOTHING_ALLOWED: Final = Allowed()


def digest_of(value: str) -> str:
    """What stands for *value* in an allow-list that is to hold no secret."""
    return _DIGEST + sha256(value.encode(errors="surrogatepass")).hexdigest()


def read_allowed(raw: Any, file: str) -> Allowed:
    """What the table `[tool.altcraft-contract.secrets]` allows.

    Args:
        raw: The table, `{"allow": [...]}`; None if there is none.
        file: Path of the configuration.

    Raises:
        ConfigurationFault: if the table cannot be used. It repeats no value.
    """
    if raw is None:
        return NOTHING_ALLOWED
    if not isinstance(raw, dict):
        raise ConfigurationFault(file, f'`{_KEY}` is no table; write `{_KEY} = {{ allow = ["…"] }}`')
    for key in raw:
        if key != "allow":
            raise ConfigurationFault(file, f"unknown key {key!r} in `{_KEY}`; known: allow")
    entries = raw.get("allow", [])
    if not isinstance(entries, list):
        raise ConfigurationFault(file, f"`{_KEY}.allow` is no list of strings")
    for index, entry in enumerate(entries):
        reason = _reason_against(entry)
        if reason is not None:
            raise ConfigurationFault(file, f"`{_KEY}.allow`, entry {index + 1}: {reason}")
    return _allowed([entry.strip() for entry in entries])


def _reason_against(entry: object) -> str | None:
    """Why *entry* cannot be used, without repeating it; None if it can."""
    if not isinstance(entry, str):
        return 'expected a string; put a number in quotes, such as "+79…"'
    entry = entry.strip()
    if not entry:
        return "empty"
    if entry.lower().startswith(_DIGEST):
        return None if _digest(entry.lower()[len(_DIGEST) :]) else "expected 64 hexadecimal digits after `sha256:`"
    if "*" in entry and len(entry.replace("*", "")) < _LEAST:
        return f"a pattern needs {_LEAST} characters besides its `*`; it would allow nearly everything"
    return None


def _allowed(entries: list[str]) -> Allowed:
    plain = [entry for entry in entries if "*" not in entry and not entry.lower().startswith(_DIGEST)]
    digests = [entry.lower()[len(_DIGEST) :] for entry in entries if entry.lower().startswith(_DIGEST)]
    return Allowed(
        values=frozenset(entry.lower() if "@" in entry else entry for entry in plain),
        numbers=frozenset(digits for entry in plain if (digits := digits_of(entry)) is not None),
        patterns=tuple(tuple(entry.lower().split("*")) for entry in entries if "*" in entry),
        digests=frozenset(digests),
    )


def _matches(pieces: tuple[str, ...], text: str) -> bool:
    """Whether *text* is *pieces* with anything between them."""
    first, *between, last = pieces
    if not text.startswith(first):
        return False
    position = len(first)
    for piece in between:
        position = text.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return text.endswith(last) and len(text) - len(last) >= position
