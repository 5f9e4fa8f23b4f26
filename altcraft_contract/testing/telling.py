"""What a failure says of a message, a call and a place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from altcraft_contract.findings import with_findings
from altcraft_contract.renderers.redaction import redact_path, redact_text
from altcraft_contract.renderers.text import count, render_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from altcraft_contract.capture import CapturedCall, Place
    from altcraft_contract.findings import CheckResult, Finding
    from altcraft_contract.stub import Journal, JournalEntry

EXPLAIN: Final = "`altcraft-contract explain RULE` tells more of a rule."
T = TypeVar("T")
_TOLD: Final = 20  # wrong requests that are told of in full
_MOST_PLACES: Final = 3
_MOST_ENTRIES: Final = 20
_MOST_TEXT: Final = 30_000  # characters of the findings of one message


def tell_result(
    result: CheckResult,
    body: bytes | str,
    *,
    label: str,
    failing: Sequence[Finding] | None = None,
    secrets: Iterable[str] = (),
) -> str:
    """Findings with code frames and what each rule says, without secrets.

    Args:
        result: What the check found.
        body: The text of the message.
        label: What to call it.
        failing: The findings to tell in full; None is all, and of the others only their number is told.
        secrets: What must not be shown besides the secrets of the body.
    """
    text = body if isinstance(body, str) else body.decode(errors="replace")
    shown = result if failing is None else with_findings(result, failing)
    told = render_result(shown, text, label=label, verbose=True, secrets=secrets).rstrip("\n")
    if len(told) > _MOST_TEXT:
        told = told[:_MOST_TEXT].rpartition("\n")[0] + f"\n… cut short: {count(len(shown.findings), 'finding')} in all"
    if others := len(result.findings) - len(shown.findings):
        told += f"\n(and {count(others, 'warning')}, which do not fail the test)"
    return told


def tell_call(call: CapturedCall | None, root: Path) -> str:
    """Which line of the user's code made a call."""
    if call is None or not call.where:
        return "  sent by: not seen (another process, or a library that is not watched)"
    lines = [f"  sent with {call.http_library} by"]
    inside = [place for place in call.where if Path(place.file).is_relative_to(root)]
    lines += [f"    {tell_place(place, root)}" for place in (inside or call.where)[:_MOST_PLACES]]
    return "\n".join(lines)


def tell_place(place: Place, root: Path) -> str:
    """A line of code, its file as seen from *root*."""
    file = Path(place.file)
    shown = file.relative_to(root) if file.is_relative_to(root) else file
    return f"{redact_path(str(shown))}:{place.line} in {place.function}"


def tell_failing(name: str, head: str, failing: Sequence[T], tell: Callable[[T], str]) -> str:
    """What breaks the contract, each told by *tell*, and how a test says that it is meant to.

    Args:
        name: The fixture that says so.
        head: How much breaks it.
        failing: What does.
        tell: Tells of one.
    """
    parts = [f"{name}: {head}", *map(tell, failing[:_TOLD])]
    if len(failing) > _TOLD:
        parts.append(f"… and {len(failing) - _TOLD} more")
    parts.append(f"If a request is meant to be wrong, say {name}.allow_invalid() in the test. {EXPLAIN}")
    return "\n\n".join(parts)


def tell_leaks(name: str, leaks: Iterable[str]) -> str:
    """That the token has been printed, logged or put into a URL; *name* is the fixture that says so."""
    told = "\n".join(f"  {leak}" for leak in leaks)
    return (
        f"{name}: the token has been given away; logs are kept\n{told}\n"
        f"Keep it out of URLs and of what the client prints; if it is meant so, say {name}.allow_token_in_output()."
    )


def tell_journal(journal: Journal) -> str:
    """A line for each request that came in and what was answered, the newest at the end; empty if none came."""
    entries = list(journal)
    lines = [f"(the last {_MOST_ENTRIES} of {journal.received})"] if journal.received > _MOST_ENTRIES else []
    lines += [tell_entry(entry) for entry in entries[-_MOST_ENTRIES:]]
    return "\n".join(lines)


def tell_entry(entry: JournalEntry) -> str:
    """A request that came in and what was answered, in a line without secrets."""
    answer = entry.answer
    parts = [f"{entry.number}. {entry.request.method} {entry.request.path}"]
    if entry.external_id:
        parts.append(f"order {entry.external_id}")
    status = f"HTTP {answer.status}" if answer is not None else "no answer"
    parts.append(f"-> {status}, {entry.scenario or entry.refusal or entry.outcome or 'unknown'}")
    if entry.error_text:
        parts.append(f"error {entry.error}: {entry.error_text}")
    return redact_text(" ".join(parts), entry.secrets)


def tell_share(failing: int, seen: int, noun: str) -> str:
    """How many of what was seen break something: `1 of 2 requests breaks`."""
    return f"{failing} of {count(seen, noun)} {'breaks' if failing == 1 else 'break'}"
