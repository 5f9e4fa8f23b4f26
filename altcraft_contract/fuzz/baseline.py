"""Baselines: files of what is known to be wrong, which makes no run fail. TOML, for people to read and to say why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from altcraft_contract.lint.known_findings import KnownForm

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Mapping

    from altcraft_contract.fuzz.failure import Failure


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


_FORM: Final = KnownForm(
    Known,
    """\
What is known to be wrong, and makes no run fail. Say why in `reason`: it is kept. --baseline-update adds what is new
and takes out what is gone.""",
    MappingProxyType({"path": "it was written by `altcraft-contract lint`; name another file for failures"}),
)


def load_baseline(path: str | os.PathLike[str], *, may_be_missing: bool = False) -> Mapping[str, Known]:
    """What is known, by fingerprint.

    Args:
        path: The file.
        may_be_missing: Whether nothing is known if there is no file, since it is about to be made.

    Raises:
        UnreadableFile: if it cannot be read, or is no baseline.
    """
    return _FORM.load(path, may_be_missing=may_be_missing)


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
    _FORM.write(path, ordered)


def _known_of(failure: Failure, day: date) -> Known:
    cause = failure.cause
    return Known(id=failure.id, oracle=cause.oracle, rule=cause.rule, place=cause.place, since=day)
