"""What a change of the contract is, and whom it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Subject = Literal["endpoint", "request", "response"]
Side = Literal["clients", "servers"]
Effect = Literal["narrowed", "widened", "replaced", "none"]

SUBJECTS: Final[tuple[Subject, ...]] = ("endpoint", "request", "response")
BOTH: Final[tuple[Side, ...]] = ("clients", "servers")

_BREAKS: Final[Mapping[tuple[Subject, Effect], tuple[Side, ...]]] = {
    ("request", "narrowed"): ("clients",),
    ("request", "widened"): ("servers",),
    ("response", "narrowed"): ("servers",),
    ("response", "widened"): ("clients",),
}
"""Who sends goes wrong by what is no longer allowed, who reads by what is allowed now. All else breaks both."""

VERDICTS: Final[Mapping[tuple[Side, ...], str]] = {
    ("clients", "servers"): "breaking for clients and servers",
    ("clients",): "breaking for clients",
    ("servers",): "breaking for servers",
    (): "harmless",
}
"""Whom a change breaks, to how it is called; in the order of the reports."""


def sides_of(subject: Subject, effect: Effect) -> tuple[Side, ...]:
    """Whom a change breaks.

    Args:
        subject: What changed.
        effect: Whether fewer messages are allowed than before (`narrowed`), more (`widened`), others (`replaced`), or
            the same (`none`).
    """
    if effect == "none":
        return ()
    return _BREAKS.get((subject, effect), BOTH)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of the contract.

    Attributes:
        subject: `request`, `response`, or `endpoint` for what is about no message.
        pointer: RFC 6901 pointer to what changed, in which `*` stands for any item of a list; empty for the whole.
        keyword: What changed about it: `field` if it came or went, `values` for a closed set, a keyword of JSON Schema
            such as `required`, `type` or `pattern`; a key of `source.toml` or `example` for the endpoint.
        rule: Id of the rule that says so in the schema; None if none does.
        condition: When it holds, as a clause such as "if `status` is `success`"; empty if always.
        before: What the older version says, as JSON; None if nothing.
        after: What the newer version says, as JSON; None if nothing.
        breaks: Whom it breaks: `clients` if what they send today may be refused or what they read may be gone,
            `servers` if one that answers as of old may be wrong.
        text: The change in a sentence.
    """

    subject: Subject
    pointer: str
    keyword: str
    rule: str | None
    condition: str
    before: Any
    after: Any
    breaks: tuple[Side, ...]
    text: str

    @property
    def verdict(self) -> str:
        """How the change is classified, in words."""
        return VERDICTS[self.breaks]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many changes there are.

    Attributes:
        all: All of them.
        clients: Those that break clients.
        servers: Those that break servers; some break both.
        harmless: Those that break nobody.
    """

    all: int
    clients: int
    servers: int
    harmless: int


def count_changes(changes: Iterable[Change]) -> Counts:
    """Count *changes* by whom they break."""
    listed = list(changes)
    return Counts(
        len(listed),
        sum("clients" in change.breaks for change in listed),
        sum("servers" in change.breaks for change in listed),
        sum(not change.breaks for change in listed),
    )
