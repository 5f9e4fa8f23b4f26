"""What came of a run, in few words and in a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from altcraft_contract.renderers.text import count

if TYPE_CHECKING:
    from altcraft_contract.renderers.report import Tally


def verdict_of(tally: Tally) -> str:
    """What was found, or that nothing was."""
    parts = [count(tally.errors, "error")] if tally.errors else []
    parts += [count(tally.warnings, "warning")] if tally.warnings else []
    if not parts:
        parts.append("no findings" if tally.documents else "nothing checked")
    if tally.unreadable:
        parts.append(f"{count(tally.unreadable, 'path')} unreadable")
    return ", ".join(parts)


def state_of(tally: Tally) -> Literal["ok", "warn", "bad"]:
    """How that is to be taken: `bad` if there is an error, or something was not read."""
    if tally.errors or tally.unreadable:
        return "bad"
    return "ok" if tally.documents and not tally.warnings else "warn"
