"""Baselines: files of what is known to be wrong, which makes no run fail. TOML, for people to read and to say why."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import reason_of

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Mapping

    from altcraft_contract.fuzz.failure import Failure

VERSION: Final = 1
_HEAD: Final = f"""\
# What is known to be wrong, and makes no run fail. Say why in `reason`: it is kept. --baseline-update adds what is new
# and takes out what is gone.
version = {VERSION}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Something that is known to be wrong.

    Attributes:
        id: Its fingerprint.
        oracle: What found it.
        rule: Id of the rule; empty if the oracle judges by none.
        place: Pointer with `*` for indexes, or what is special about the request.
        reason: Why nobody minds for now, in the words of a person; empty if none has said it.
        since: The day on which it was written down.
    """

    id: str
    oracle: str
    rule: str
    place: str
    reason: str = ""
    since: date


def load_baseline(path: str | os.PathLike[str], *, may_be_missing: bool = False) -> Mapping[str, Known]:
    """What is known, by fingerprint.

    Args:
        path: The file.
        may_be_missing: Whether nothing is known if there is no file, since it is about to be made.

    Raises:
        UnreadableFile: if it cannot be read, or is no baseline.
    """
    name = str(path)
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if may_be_missing:
            return {}
        raise UnreadableFile(name, "there is no such baseline; --baseline-update makes it") from None
    except OSError as error:
        raise UnreadableFile(name, reason_of(error)) from None
    except RecursionError:
        raise UnreadableFile(name, "it is no baseline: nested too deeply") from None
    except ValueError as error:
        raise UnreadableFile(name, f"it is no baseline: not TOML: {error}") from None
    try:
        return _read(table)
    except _Unfit as unfit:
        raise UnreadableFile(name, f"it is no baseline: {unfit}") from None


def kept_after(known: Mapping[str, Known], met: Collection[str], *, is_finished: bool) -> Mapping[str, Known]:
    """What stays in a baseline after a run.

    Args:
        known: What was in it.
        met: Fingerprints of what the run found, known or not.
        is_finished: Whether the run has looked everywhere; else what it has not met may still be there.
    """
    return {id_: entry for id_, entry in known.items() if id_ in met} if is_finished else known


def write_baseline(
    path: str | os.PathLike[str], failures: Iterable[Failure], kept: Mapping[str, Known], *, today: date | None = None
) -> None:
    """Write what is known from now on.

    Args:
        path: The file; it is made, or replaced.
        failures: What a run found.
        kept: What was known before and stays, with its reasons; `kept_after` tells.
        today: The day, for what is new; None is that of the clock, in UTC.

    Raises:
        UnreadableFile: if it cannot be written.
    """
    day = today or datetime.now(UTC).date()
    entries = {**{failure.id: _known_of(failure, day) for failure in failures}, **kept}
    ordered = sorted(entries.values(), key=lambda entry: (entry.oracle, entry.rule, entry.place, entry.id))
    try:
        Path(path).write_text("\n".join([_HEAD, *map(_written, ordered)]), encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(path), f"cannot be written: {reason_of(error)}") from None


def _known_of(failure: Failure, day: date) -> Known:
    cause = failure.cause
    return Known(id=failure.id, oracle=cause.oracle, rule=cause.rule, place=cause.place, since=day)


def _written(entry: Known) -> str:
    members = "".join(f"{field.name} = {_toml(getattr(entry, field.name))}\n" for field in fields(entry))
    return f"[[known]]\n{members}"


def _toml(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return '"' + "".join(_toml_character(character) for character in value) + '"'


def _toml_character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    # Half a surrogate pair is nothing that TOML can hold.
    return "\ufffd" if "\ud800" <= character <= "\udfff" else f"\\U{ord(character):08x}"


class _Unfit(Exception):
    """Something in the file is not as the form says; the message lacks only its name."""


def _read(table: Mapping[str, Any]) -> dict[str, Known]:
    if table.get("version") != VERSION:
        raise _Unfit(f"expected version = {VERSION} at its top")
    unknown = sorted(table.keys() - {"version", "known"})
    if unknown:
        raise _Unfit(f"unknown key {unknown[0]!r}")
    entries = table.get("known", [])
    if not isinstance(entries, list):
        raise _Unfit("known is no list: each entry begins with [[known]]")
    known = [_entry(number, entry) for number, entry in enumerate(entries, start=1)]
    return {entry.id: entry for entry in known}


def _entry(number: int, entry: Any) -> Known:
    where = f"entry {number} of known"
    if not isinstance(entry, dict):
        raise _Unfit(f"{where} is no table")
    kinds = {field.name: date if field.name == "since" else str for field in fields(Known)}
    unknown = sorted(entry.keys() - kinds)
    if unknown:
        raise _Unfit(f"{where}: unknown key {unknown[0]!r}")
    for name, kind in kinds.items():
        value = entry.get(name, "" if name == "reason" else None)
        if not isinstance(value, kind) or isinstance(value, datetime):
            expected = "a date such as 2026-02-18" if kind is date else "a text"
            raise _Unfit(f"{where}: expected {name} to be {expected}")
    return Known(**entry)
