"""The failures of a campaign, each cause once."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.fuzz.oracles import ORACLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.failure import Cause, Failure


class FailureBook:
    """Keeps failures by their causes; it may be used by several threads.

    Args:
        baseline: Fingerprint to remark of the failures that are known.
        most: How many causes end the campaign.
    """

    def __init__(self, baseline: Mapping[str, str], most: int) -> None:
        self._baseline = baseline
        self._most = most
        self._failures: dict[str, Failure] = {}
        self._ids: dict[Cause, str | None] = {}  # None while it is looked into, or if it is excused
        self._features: list[tuple[Cause, frozenset[str], str | None]] = []
        self._general: dict[tuple[str, str, str, str, Syntax], str] = {}
        self._lock = Lock()

    def begin(self, cause: Cause, features: tuple[str, ...], syntax: Syntax) -> bool:
        """Whether a cause is to be looked into; one that is known is counted instead."""
        with self._lock:
            general = self._general.get((cause.oracle, cause.rule, cause.error, cause.text, syntax))
            known = (True, general) if general is not None else self._known(cause, features)
            if known is not None:
                failure_id = known[1]
                if failure_id is not None:
                    self._count(failure_id, syntax)
                return False
            if not features:
                self._ids[cause] = None
            return True

    def _known(self, cause: Cause, features: tuple[str, ...]) -> tuple[bool, str | None] | None:
        if not features:
            return (True, self._ids[cause]) if cause in self._ids else None
        for known, places, failure_id in self._features:
            if (known.oracle, known.rule, known.error) == (cause.oracle, cause.rule, cause.error) and places <= {
                *features
            }:
                return True, failure_id
        return None

    def knows_feature(self, oracle: str, features: tuple[str, ...]) -> bool:
        """Whether an order with these features is refused for one that is known."""
        with self._lock:
            return bool(features) and any(
                known.oracle == oracle and places <= {*features} for known, places, _ in self._features
            )

    def has(self, cause: Cause) -> bool:
        """Whether there is a failure of that very cause."""
        with self._lock:
            return self._ids.get(cause) is not None

    def forget(self, cause: Cause) -> None:
        """Take back that a cause is being looked into."""
        with self._lock:
            self._ids.pop(cause, None)

    def excuse(self, cause: Cause, features: tuple[str, ...]) -> None:
        """Remember features that are refused and do not count."""
        with self._lock:
            if not features:
                return
            self._features.append((cause, frozenset(features), None))

    def add(
        self, cause: Cause, failure: Failure, features: tuple[str, ...], *, is_general: bool = False
    ) -> Failure | None:
        """Add a failure.

        Args:
            cause: As it was met.
            failure: As it was made small, perhaps of another cause.
            features: Of the order with which it was met.
            is_general: Whether a plain order shows it: then others in that syntax show it for the same reason.

        Returns:
            It, unless its cause was known already, or stands in the baseline.
        """
        with self._lock:
            self._ids[cause] = self._ids[failure.cause] = failure.id
            if is_general:
                for syntax in failure.syntaxes:
                    self._general[cause.oracle, cause.rule, cause.error, cause.text, syntax] = failure.id
            if features:
                places = frozenset(failure.cause.place.split(", ")) & {*features} or frozenset(features)
                self._features.append((cause, places, failure.id))
            if failure.id in self._failures:
                self._count(failure.id, failure.syntaxes[0])
                return None
            self._failures[failure.id] = failure
            return None if failure.id in self._baseline else failure

    def _count(self, failure_id: str, syntax: Syntax) -> None:
        failure = self._failures[failure_id]
        syntaxes = failure.syntaxes if syntax in failure.syntaxes else (*failure.syntaxes, syntax)
        self._failures[failure_id] = replace(failure, count=failure.count + 1, syntaxes=tuple(sorted(syntaxes)))

    def check_limit(self) -> None:
        """End the campaign once there are enough.

        Raises:
            CampaignEnded: if there are.
        """
        new = sum(failure_id not in self._baseline for failure_id in self._failures)
        if new >= self._most:
            raise CampaignEnded("max-failures", f"{new:,} failures were found (--max-failures)")

    def sorted(self, *, is_complete: bool) -> tuple[tuple[Failure, ...], tuple[Failure, ...], tuple[str, ...]]:
        """New failures, known ones, and fingerprints of the baseline that were not met in a whole campaign."""
        ranks = {name: rank for rank, name in enumerate(ORACLES)}
        ordered = sorted(
            self._failures.values(),
            key=lambda failure: (ranks[failure.cause.oracle], failure.rule or "", failure.cause),
        )
        new = tuple(failure for failure in ordered if failure.id not in self._baseline)
        known = tuple(failure for failure in ordered if failure.id in self._baseline)
        gone = tuple(name for name in self._baseline if name not in self._failures) if is_complete else ()
        return new, known, gone
