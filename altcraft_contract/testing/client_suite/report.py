"""What a failure of the suite says: the fault in its first line, then what was received, answered and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.renderers.redaction import MASK, redact_text
from altcraft_contract.renderers.visible import visible
from altcraft_contract.stub.entry_json import secrets_of_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from altcraft_contract.stub import JournalEntry
    from altcraft_contract.testing.client_suite.trial import Trial

_BODY: Final = 800  # characters of a body that are shown
_MOST: Final = 5  # requests that are shown
_LABEL: Final = 10  # columns


def compose(
    fault: str,
    trial: Trial,
    *,
    expected: str,
    because: str,
    advice: str,
    details: Sequence[str] = (),
    tokens: Iterable[str] = (),
) -> str:
    """The text of a failure, without secrets.

    Args:
        fault: What is wrong, in one line.
        trial: The call of the client that showed it.
        expected: What was expected of the client.
        because: Why, and where that is said.
        advice: What to do.
        details: Lines that show the fault itself.
        tokens: What must not be shown, besides the secrets of the requests.
    """
    secrets = {*tokens}.union(*(secrets_of_request(entry.request) | entry.secrets for entry in trial.sent))
    lines = [redact(fault, secrets)]
    lines += [f"  {visible(redact(detail, secrets))}" for detail in details]
    lines += [_labelled("reported", redact(_told(trial), secrets)), _labelled("expected", expected)]
    lines += [_labelled("because", because), _labelled("to do", advice)]
    for entry in trial.sent[:_MOST]:
        lines += _exchange(entry)
    if len(trial.sent) > _MOST:
        lines.append(_labelled("and", f"{len(trial.sent) - _MOST} more requests"))
    return "\n".join(lines)


def redact(text: str, secrets: Iterable[str]) -> str:
    """*text* without *secrets*, however short they are, and without what looks like one."""
    known = sorted(secrets, key=len, reverse=True)
    told = redact_text(text, known)
    for secret in known:
        told = told.replace(secret, MASK) if secret else told
    return told


def _told(trial: Trial) -> str:
    """What the client told its caller."""
    if trial.fault is None:
        codes = f", promo codes {trial.promocodes!r}" if trial.promocodes is not None else ""
        return f"{trial.outcome}{codes}, after {trial.seconds:.1f} s"
    place = f", at {trial.fault.place}" if trial.fault.place is not None else ""
    kind = "a mistake in the program" if trial.fault.is_crash else "which counts as unknown"
    return f"{trial.fault.text} ({kind}{place}), after {trial.seconds:.1f} s"


def _labelled(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"


def _exchange(entry: JournalEntry) -> Iterator[str]:
    told: dict[str, Any] = entry.as_json()
    content_type = next((value for name, value in told["headers"] if name == "content-type"), "no Content-Type")
    yield _labelled("received", f"{told['method']} {told['path']}, {content_type}")
    yield from _body(told["body"])
    answer = told["answer"]
    if answer is None:
        yield _labelled("answered", "nothing")
        return
    if answer["cut"] == "reset":
        yield _labelled("answered", f"nothing: the connection was reset (scenario {told['scenario']})")
        return
    notes = [f"scenario {told['scenario']}" if told["scenario"] else f"refused by the stub: {told['refusal']}"]
    if answer["delay"]:
        notes.append(f"after {answer['delay']:g} s")
    if answer["cut"] == "truncate":
        notes.append("of which the first half was sent before the connection was closed")
    yield _labelled("answered", f"HTTP {answer['status']}, {', '.join(notes)}")
    yield from _body(answer["body"])


def _body(text: str | None) -> Iterator[str]:
    if not text:
        yield _labelled("", "(no body)")
        return
    shown = visible(" ".join(text[: 2 * _BODY].split()))
    more = f"… ({len(text):,} characters)" if len(shown) > _BODY or len(text) > 2 * _BODY else ""
    yield _labelled("", shown[:_BODY] + more)
