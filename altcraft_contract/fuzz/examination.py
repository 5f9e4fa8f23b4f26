"""Looking at what a trial shows, and closer where it is suspicious."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.budget import CampaignEnded
from altcraft_contract.fuzz.events import FailureFound
from altcraft_contract.fuzz.installation import plainest_forms, unknown_values
from altcraft_contract.fuzz.laboratory import MOST_SHRINKING, PLACED_BY_ORDER
from altcraft_contract.fuzz.oracles.valid_refused import is_refused
from altcraft_contract.fuzz.shrinking import differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.budget import Budget
    from altcraft_contract.fuzz.case import Order, Trial
    from altcraft_contract.fuzz.collecting import Observations
    from altcraft_contract.fuzz.events import Event
    from altcraft_contract.fuzz.failure import Failure
    from altcraft_contract.fuzz.failure_book import FailureBook
    from altcraft_contract.fuzz.laboratory import Experiment, Laboratory
    from altcraft_contract.fuzz.oracles.oracle import Suspicion
    from altcraft_contract.fuzz.run_directory import RunDirectory
    from altcraft_contract.fuzz.settings import CampaignSettings
    from altcraft_contract.fuzz.strictness import Strictness

_PART_TO_LOOK_CLOSER: Final = 4  # a quarter of the requests
_LEAST_TO_LOOK_CLOSER: Final = 150
_ABOUT_REQUESTS: Final = ("server-error", "latency")
"""Oracles that place what they find in the request: if a plain order shows it, no other place is to blame."""
_MOST_BROKEN: Final = 40  # requests in a row
_MOST_REFUSED: Final = 3  # control orders in a row
_PAUSES: Final = (0.5, 1.0, 2.0)  # seconds


class Examiner:
    """Sends trials, and reports what is wrong; it may be used by several threads, each with its own laboratory.

    Args:
        settings: Of the campaign.
        budget: What may be used up.
        book: Gets the failures.
        observations: Gets what the documentation is silent about.
        strictness: Gets what became of broken rules.
        directory: Gets the cases, and what was done.
        plain: The smallest valid order.
        target_url: Of the endpoint.
        tell: Is told of failures.

    Attributes:
        done: How many trials of each phase were sent and judged.
        reducible: Ids of the trials whose order is to be one that the target takes.
    """

    def __init__(
        self,
        settings: CampaignSettings,
        budget: Budget,
        *,
        book: FailureBook,
        observations: Observations,
        strictness: Strictness,
        directory: RunDirectory,
        plain: Order,
        target_url: str,
        tell: Callable[[Event], None],
    ) -> None:
        self.done: Counter[str] = Counter(trial.rpartition("-")[0] for trial in directory.done)
        self.reducible: frozenset[str] = frozenset()
        self._settings = settings
        self._budget = budget
        self._book = book
        self._observations = observations
        self._strictness = strictness
        self._directory = directory
        self._plain = plain
        self._target_url = target_url
        self._tell = tell
        self._looks = 0
        self._knows_little = False
        self._broken = 0
        self._refused = 0
        self._taken_codes: dict[Syntax, list[Any]] = {}
        self._lock = Lock()

    def examine(self, laboratory: Laboratory, trial: Trial) -> None:
        """Send a trial and look at what it shows."""
        sent = self._grounded(laboratory, trial)
        experiment = laboratory.run(sent) if sent is not None else None
        if experiment is None:
            return
        cells = [exchange for exchange in experiment.exchanges if exchange.case.rule is not None]
        with self._lock:
            for exchange in cells:
                self._strictness.count(exchange)
            self._observations.count(trial, trial.kind, experiment.exchanges)
            self._remember_codes(trial, experiment)
        is_clean = not self.judge(laboratory, experiment)
        self._watch(laboratory, experiment)
        with self._lock:
            self.done[trial.phase] += 1
            if is_clean:
                self._directory.note(trial, experiment.exchanges)

    def _grounded(self, laboratory: Laboratory, trial: Trial) -> Trial | None:
        """The trial, made of an order that the target takes; None if there is none: a refusal would say nothing."""
        if trial.id in self.reducible:
            reduced = laboratory.reduced(trial)
            self._knows_little = self._knows_little or reduced is not trial
            return reduced
        is_doubtful = self._knows_little and trial.phase == "mutations"
        return None if is_doubtful and not laboratory.takes(trial, trial.order) else trial

    def _watch(self, laboratory: Laboratory, experiment: Experiment) -> None:
        """Step back from a target that gives no usable answers any more, and give it up if it does not recover.

        Raises:
            CampaignEnded: if a plain order has no usable answer either.
        """
        outcomes = [exchange.outcome for exchange in experiment.exchanges if not exchange.case.is_odd]
        with self._lock:
            if outcomes:
                self._broken = self._broken + len(outcomes) if {*outcomes} == {"broken"} else 0
            if self._broken < _MOST_BROKEN:
                return
            self._broken = 0
        for pause in _PAUSES:
            laboratory.wait(pause, "the target gives no usable answers")
            if laboratory.is_answered(experiment.trial):
                return
        raise CampaignEnded(
            "target-failed", f"{_MOST_BROKEN} requests in a row, and plain orders, had no usable answer"
        )

    def _watch_controls(self, controlled: Experiment | None) -> None:
        """Stop when plain orders are refused that were accepted before: nothing can be judged any more.

        Raises:
            CampaignEnded: if that is so several times in a row.
        """
        after = controlled.exchanges[-1] if controlled is not None else None
        with self._lock:
            self._refused = self._refused + 1 if after is not None and after.outcome == "refused" else 0
            if self._refused < _MOST_REFUSED or after is None:
                return
        raise CampaignEnded(
            "target-failed", f"the target refuses plain orders with error {after.error}, and took them before"
        )

    def _remember_codes(self, trial: Trial, experiment: Experiment) -> None:
        """Remember the first promo codes that were taken in each syntax."""
        codes = trial.order.get("data", {}).get("promocodes")
        for exchange in experiment.exchanges if codes else ():
            if exchange.outcome == "accepted":
                self._taken_codes.setdefault(exchange.case.syntax, codes)

    def judge(self, laboratory: Laboratory, experiment: Experiment) -> bool:
        """Look closer at what is suspicious; whether there was anything."""
        suspicious = False
        for suspicion in experiment.suspicions:
            suspicious = True
            self._look_closer(laboratory, experiment, suspicion)
        index = next((index for index, exchange in enumerate(experiment.exchanges) if is_refused(exchange)), None)
        if index is None or suspicious:
            return suspicious
        if self._book.knows_feature("valid-refused", self._features(experiment, index)):
            return True
        controlled = laboratory.run(laboratory.controlled(experiment.trial, index))
        self._watch_controls(controlled)
        for suspicion in controlled.suspicions if controlled is not None else ():
            if controlled is not None and suspicion.oracle == "valid-refused":
                self._look_closer(laboratory, controlled, suspicion)
        return True

    def _features(self, experiment: Experiment, index: int) -> tuple[str, ...]:
        """What is special about the order of a trial, as places; nothing where its form is."""
        trial = experiment.trial
        is_control = trial.kind == "controlled" and index == 0
        is_placed = (
            is_control or trial.kind == "variant" or not trial.order or bool(experiment.exchanges[index].case.place)
        )
        return () if is_placed else differences(trial.order, self._plain, outer_alone=False)

    def _look_closer(self, laboratory: Laboratory, experiment: Experiment, suspicion: Suspicion) -> None:
        """Confirm and shrink what is met for the first time; count what is known."""
        is_about_order = suspicion.oracle in PLACED_BY_ORDER
        features = self._features(experiment, suspicion.guilty) if is_about_order else ()
        syntax = experiment.exchanges[suspicion.guilty].case.syntax
        if not self._book.begin(suspicion.cause, features, syntax):
            return
        try:
            self._report_failure(laboratory, experiment, suspicion, features)
        except (CampaignEnded, KeyboardInterrupt):
            # What was seen is told, though there was no time to look closer.
            is_excused = bool(self._unknown_values(suspicion, experiment.trial.order, features))
            if not self._book.has(suspicion.cause) and not is_excused:
                failure = laboratory.failure(
                    experiment, suspicion, experiment.trial.order, is_shrunk=False, confirmation=(0, 0), twin=None
                )
                self._add(suspicion, failure, features)
            raise

    def _report_failure(
        self, laboratory: Laboratory, experiment: Experiment, suspicion: Suspicion, features: tuple[str, ...]
    ) -> None:
        left = max(_LEAST_TO_LOOK_CLOSER, self._settings.max_requests // _PART_TO_LOOK_CLOSER) - self._looks
        before = self._budget.requests
        confirmation = laboratory.confirm(experiment, suspicion) if left > 0 else (0, 0)
        if confirmation is None:
            message = f"{suspicion.message}; it did not show again"
            self._observations.add("warning", suspicion.oracle, message, experiment.trial.id)
            self._book.forget(suspicion.cause)
            return
        most = min(MOST_SHRINKING, left // len(experiment.exchanges))
        is_shrinkable = self._settings.shrink and confirmation[0] == confirmation[1] and most > 0
        order, is_shrunk = experiment.trial.order, False
        if is_shrinkable:
            experiment, suspicion_now, order, is_shrunk = laboratory.shrink(experiment, suspicion, most)
        else:
            suspicion_now = suspicion
        twin = laboratory.twin_of(experiment, order, suspicion_now.guilty) if left > 0 else None
        self._looks += self._budget.requests - before
        failure = laboratory.failure(
            experiment, suspicion_now, order, is_shrunk=is_shrunk, confirmation=confirmation, twin=twin
        )
        excuse = self._excuse(laboratory, experiment, suspicion_now, order, features)
        if excuse is not None:
            message = f"an order with {failure.cause.place} is refused; that is not judged {excuse}"
            self._observations.add("verdict", "values", message, experiment.trial.id)
            self._book.excuse(suspicion.cause, differences(order, self._plain))
            return
        case = experiment.exchanges[suspicion_now.guilty].case
        is_plain = order == self._plain and experiment.trial.kind in ("twins", "single") and case.rule is None
        self._add(suspicion, failure, features, is_plain=is_plain)

    def _excuse(
        self,
        laboratory: Laboratory,
        experiment: Experiment,
        suspicion: Suspicion,
        order: Order,
        features: tuple[str, ...],
    ) -> str | None:
        """Why the refusal of a valid order is no failure; None if it is one, or something else."""
        unknown = self._unknown_values(suspicion, order, features)
        if unknown:
            return f"while nothing is set for {', '.join(unknown)}"
        if suspicion.oracle != "valid-refused" or not features:
            return None
        syntax = experiment.exchanges[suspicion.guilty].case.syntax
        places = differences(order, self._plain)
        forms = list(plainest_forms(places, order, self._plain, self._taken_codes.get(syntax, ())))
        if forms and not any(laboratory.takes(experiment.trial, form, syntax) for form in forms):
            return "since nothing of that kind is taken, or not any more"
        return None

    def _unknown_values(self, suspicion: Suspicion, order: Order, features: tuple[str, ...]) -> tuple[str, ...]:
        """Keys of `Values` for want of which the refusal of a valid order is no failure."""
        if suspicion.oracle != "valid-refused" or not features:
            return ()
        return unknown_values(differences(order, self._plain), self._settings.values)

    def _add(
        self, suspicion: Suspicion, failure: Failure, features: tuple[str, ...], *, is_plain: bool = False
    ) -> None:
        is_certain = not failure.step.case.is_odd and failure.confirmed == failure.attempts
        is_general = is_plain and is_certain and suspicion.oracle in _ABOUT_REQUESTS
        shown = self._book.add(suspicion.cause, failure, features, is_general=is_general)
        if shown is not None:
            self._directory.keep(shown, self._target_url)
            self._tell(FailureFound(shown))
        self._book.check_limit()
