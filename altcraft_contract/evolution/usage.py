"""Which changes hit a client, by the coverage of its tests: the JSON report of `--altcraft-report`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.evolution.changes import Change

VERSION: Final = 1
"""Of the report that is read."""
_LARGEST: Final = 16 * 1024 * 1024  # bytes of a report
_MESSAGES: Final = ("request", "response")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a client sends and reads, as far as its tests show.

    Attributes:
        contract: Version of the contract that the report was made by.
        checked: `request` and `response` to the number of those that were checked.
        fields: Message and template of a field to the number of messages that had it.
    """

    contract: str
    checked: Mapping[str, int]
    fields: Mapping[tuple[str, str], int]


class Hit(NamedTuple):
    """Whether a change hits the client.

    Attributes:
        hits: Whether it does, or may do.
        why: What the tests of the client show, in a clause.
    """

    hits: bool
    why: str


def load_usage(path: str) -> Usage:
    """Read a report of contract coverage.

    Raises:
        UnreadableFile: if it is none, or cannot be read.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > _LARGEST:
        raise UnreadableFile(path, f"is larger than {_LARGEST // 1024 // 1024} MiB; no report of coverage is")
    try:
        report = json.loads(data)
        return _read(report)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        remedy = "make one with `pytest --altcraft-coverage --altcraft-report coverage.json`"
        raise UnreadableFile(path, f"is no JSON report of contract coverage, version {VERSION}; {remedy}") from None


def _read(report: Any) -> Usage:
    if report["version"] != VERSION:
        raise ValueError(report["version"])
    fields = {
        (_text(entry["message"]), _text(entry["pointer"])): _count(entry["messages"]) for entry in report["fields"]
    }
    checked = {message: _count(report["checked"][f"{message}s"]) for message in _MESSAGES}
    return Usage(_text(report["contract"]), checked, fields)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


def hit_of(change: Change, usage: Usage) -> Hit:
    """Whether *change* hits the client that *usage* is of.

    A change hits unless the tests show that it cannot: which values of a field were sent is not known, so a client that
    sends the field is taken to send any of them.
    """
    if "clients" not in change.breaks:
        return Hit(hits=False, why="it breaks no client")
    if change.subject == "endpoint":
        return Hit(hits=True, why="every call is made there")
    message = change.subject
    if not usage.checked[message]:
        return Hit(hits=True, why=f"no {message} was checked, so nothing is known")
    if message == "request" and (change.keyword == "required" or (change.keyword == "field" and change.before is None)):
        return _hit_of_demand(change.pointer, usage)
    place, number = _nearest(change.pointer, message, usage)
    what = (place or "a body") if place != change.pointer or not place else "it"
    return Hit(hits=number > 0, why=f"{number or 'no'} {message}{'' if number < 2 else 's'} had {what}")  # noqa: PLR2004


def _hit_of_demand(pointer: str, usage: Usage) -> Hit:
    """Whether it hits a client that a field of a request is required now."""
    used = usage.fields.get(("request", pointer), 0)
    holder, number = _nearest(pointer.rpartition("/")[0], "request", usage)
    if not number:
        return Hit(hits=False, why=f"no request had {holder}")
    if used >= number and "*" not in pointer:
        return Hit(hits=False, why=f"each of {number} requests had it")
    return Hit(hits=True, why=f"{used} of {number} requests with {holder or 'a body'} had it")


def _nearest(pointer: str, message: str, usage: Usage) -> tuple[str, int]:
    """The field at *pointer*, or the nearest one around it, and how many messages had it."""
    while pointer:
        if (message, pointer) in usage.fields:
            return pointer, usage.fields[message, pointer]
        pointer = pointer.rpartition("/")[0]
    return "", usage.checked[message]
