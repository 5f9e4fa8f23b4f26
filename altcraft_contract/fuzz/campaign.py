"""A campaign: plan, send, judge, look closer, report."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock, RLock
from typing import TYPE_CHECKING, Final

from altcraft_contract import __version__
from altcraft_contract.contract import LATEST
from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.errors import AltcraftContractError
from altcraft_contract.fuzz.budget import Budget, CampaignEnded
from altcraft_contract.fuzz.case import PHASES, Trial
from altcraft_contract.fuzz.collecting import Observations, Times, count_outcomes
from altcraft_contract.fuzz.events import (
    CampaignFinished,
    CampaignStarted,
    PhaseStarted,
    RequestSent,
    Waiting,
)
from altcraft_contract.fuzz.examination import Examiner
from altcraft_contract.fuzz.failure_book import FailureBook
from altcraft_contract.fuzz.identity import Identity
from altcraft_contract.fuzz.installation import explain_refusal
from altcraft_contract.fuzz.laboratory import Laboratory
from altcraft_contract.fuzz.naming import OrderIds
from altcraft_contract.fuzz.orders import Orders
from altcraft_contract.fuzz.plan import make_plan
from altcraft_contract.fuzz.report import CampaignReport, PhaseCount
from altcraft_contract.fuzz.run_directory import RunDirectory, open_run
from altcraft_contract.fuzz.sending import Sender
from altcraft_contract.fuzz.settings import CampaignSettings
from altcraft_contract.fuzz.strictness import Strictness
from altcraft_contract.fuzz.twins import make_twins
from altcraft_contract.strategies.vocabulary import MADE_UP
from altcraft_contract.target.allow_list import check_allowed, is_loopback
from altcraft_contract.target.guard import Guard, rate_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.fuzz.case import Order, Phase
    from altcraft_contract.fuzz.events import Event, Listener
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.failure import Step
    from altcraft_contract.fuzz.plan import Plan
    from altcraft_contract.fuzz.report import Ending
    from altcraft_contract.fuzz.settings import Target

MOST_ORDERS: Final = 500  # that a target off this machine may accept, unless another number is given
_MADE_UP_TOKEN: Final = "made-up-token-0000"  # noqa: S105 - it opens nothing
_MOST_SILENCES: Final = 20  # requests without an answer in time, after which the target is let be


def run_campaign(
    target: Target, settings: CampaignSettings | None = None, *, on_event: Listener | None = None
) -> CampaignReport:
    """Send a campaign to a target, and judge what comes back.

    Ctrl-C ends it: the report tells of what was found until then, and its `ending` is `interrupted`.

    Args:
        target: The service under test.
        settings: What is sent, and how much of it.
        on_event: Is told what happens, as it happens; called from the threads of the campaign, one at a time.

    Returns:
        What was found. Nothing in it is secret.

    Raises:
        ConfigurationFault: if the target is not allowed, or a setting cannot be used.
        UnreadableFile: if a file cannot be read or written.
    """
    settings = settings or CampaignSettings()
    return _Campaign(target, settings, on_event or (lambda _: None)).run()


class _Campaign:
    """One run."""

    def __init__(self, target: Target, settings: CampaignSettings, on_event: Listener) -> None:
        self.target = target
        self.settings = settings
        self._listener = on_event
        self.address = check_allowed(target.url, target.allow_hosts)
        self.target_url = str(self.address) + ENDPOINT_PATH
        self.directory: RunDirectory = open_run(settings, self.target_url)
        self.plan_settings = self.directory.plan_settings
        self.guard = self._make_guard()
        most_orders = settings.max_orders
        if most_orders is None and not is_loopback(self.address):
            most_orders = MOST_ORDERS
        self.budget = Budget(settings.max_requests, most_orders, settings.max_time)
        self.identity = Identity(
            target.token or _MADE_UP_TOKEN,
            (settings.values.emails or MADE_UP.emails)[0],
            (settings.values.phones or MADE_UP.phones)[0],
        )
        self.ids = OrderIds(self.directory.run, self.directory.next_number)
        self.plain = Orders(settings.values).plain()
        self.times = Times()
        self.observations = Observations(self.identity)
        self.strictness = Strictness()
        self.book = FailureBook(settings.baseline or {}, settings.max_failures)
        self.outcomes: Counter[str] = Counter()
        self.requests: Counter[Phase] = Counter()
        self.silences = 0
        self.warm_up: tuple[Step, ...] = ()
        self.started = datetime.now(UTC)
        self._lock = Lock()
        self._telling = RLock()
        self._answered = False
        self._is_through = False
        self._taken: dict[str, Order] = {}
        self.examiner = Examiner(
            settings,
            self.budget,
            book=self.book,
            observations=self.observations,
            strictness=self.strictness,
            directory=self.directory,
            plain=self.plain,
            target_url=self.target_url,
            tell=self._tell,
        )

    def run(self) -> CampaignReport:
        """Plan, send and report."""
        plan = make_plan(self.plan_settings)
        self._tell(
            CampaignStarted(
                self.directory.run,
                self.target_url,
                self.plan_settings.seed,
                {phase: len(trials) for phase, trials in plan.first.items()},
                tuple(self._remarks()),
            )
        )
        ending: Ending = "finished"
        detail = ""
        try:
            self._plan_strictness(plan)
            if self.settings.dry_run:
                ending, detail = "dry-run", "nothing was sent (--dry-run)"
            else:
                self.budget.begin()
                self._send_all(plan)
        except CampaignEnded as ended:
            ending, detail = self._ending(ended)
        except KeyboardInterrupt:
            self.budget.stopped.set()
            ending, detail = "interrupted", "it was interrupted"
        finally:
            if self.guard is not None:
                self.guard.close()
        report = self._report(plan, ending, detail or "everything that was planned was sent")
        self.directory.close()
        self._tell(CampaignFinished(report))
        return report

    def _ending(self, ended: CampaignEnded) -> tuple[Ending, str]:
        """Why it ended; a target that answered before has failed since."""
        if ended.ending == "unreachable" and self._answered:
            return "target-failed", f"the target takes no connection any more: {ended.detail}"
        if ended.ending in ("max-requests", "max-time") and self._is_through:
            return "finished", f"every phase was sent, and more of the same until {ended.detail}"
        if ended.ending == "max-time" and not self._answered:
            return "unreachable", f"{ended.detail} before anything was answered"
        return ended.ending, ended.detail

    def _remarks(self) -> Iterator[str]:
        if self.target.token is None:
            yield "no token was given: a made-up one is sent, and whether a wrong one is refused is not judged"
        if self.directory.done:
            yield f"{len(self.directory.done):,} trials were done before, and are not sent again"

    def _send_all(self, plan: Plan) -> None:
        """Send the plain orders, then both rounds.

        Raises:
            CampaignEnded: when nothing more may be sent.
        """
        with self._laboratory() as laboratory:
            self._warm_up(laboratory)
            self.examiner.reducible = frozenset(
                trial.id
                for phase in ("mutations", "relations")
                for trial in plan.first.get(phase, ())
                if trial.order and trial.kind != "twins"
            )
            workers = self.settings.workers
            for phase, trials in plan.first.items():
                self._tell(PhaseStarted(phase, len(trials)))
                self._send_trials(laboratory, iter(trials), workers)
            self._is_through = plan.is_whole
            self._send_trials(laboratory, plan.more, workers)

    def _send_trials(self, laboratory: Laboratory, trials: Iterator[Trial], workers: int) -> None:
        """Send trials on one connection, or on several side by side.

        Raises:
            CampaignEnded: when nothing more may be sent.
        """
        left = (trial for trial in trials if trial.id not in self.directory.done)
        if workers == 1:
            for trial in left:
                self.examiner.examine(laboratory, trial)
            return
        lock = Lock()
        ended: list[CampaignEnded] = []

        def work() -> None:
            with self._laboratory() as own:
                while True:
                    with lock:
                        trial = next(left, None)
                    if trial is None:
                        return
                    try:
                        self.examiner.examine(own, trial)
                    except CampaignEnded as reason:
                        ended.append(reason)
                        self.budget.stopped.set()
                        return

        with ThreadPoolExecutor(workers) as pool:
            futures = [pool.submit(work) for _ in range(workers)]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                self.budget.stopped.set()
                raise
        if ended:
            raise ended[0]

    def _make_guard(self) -> Guard | None:
        """The rules of safety; none are needed where nothing is sent. What limits requests and orders is the budget."""
        settings = self.settings
        if settings.dry_run:
            return None
        try:
            return Guard(
                self.target.url,
                allowed_hosts=self.target.allow_hosts,
                with_triggers=settings.with_triggers,
                journal=self.directory.journal,
                rate_limit=settings.rate_limit,
                max_orders=settings.max_requests,
            )
        except AltcraftContractError:
            self.directory.close()
            raise

    def _usual_wait(self) -> float:
        """Seconds between two requests, as the rules of safety have it."""
        rate = rate_for(self.address, self.settings.rate_limit)
        return 1 / rate if rate is not None else 0.0

    def _laboratory(self) -> Laboratory:
        if self.guard is None:
            raise RuntimeError("nothing is sent in a dry run")
        sender = Sender(
            self.target,
            self.guard,
            self.identity,
            timeout=self.settings.timeout,
            budget=self.budget,
            on_wait=lambda seconds, reason: self._tell(Waiting(seconds, reason)),
            usual_wait=self._usual_wait(),
        )
        return Laboratory(
            sender,
            ids=self.ids,
            identity=self.identity,
            plain=self.plain,
            usual=lambda: self.times.usual,
            has_token=self.target.token is not None,
            fail_basis=self.settings.fail_basis,
            on_exchange=self._count,
            taken=self._taken,
        )

    def _warm_up(self, laboratory: Laboratory) -> None:
        """Send a plain order in each syntax.

        Raises:
            CampaignEnded: if both are refused: then nothing can be judged.
        """
        trial = Trial(
            id="warm-up",
            phase="examples",
            kind="twins",
            feature="plain",
            order=self.plain,
            make=make_twins("a plain order"),
        )
        experiment = laboratory.run(trial)
        if experiment is None:
            return
        self.warm_up = tuple(laboratory.step(exchange) for exchange in experiment.exchanges)
        if all(exchange.outcome == "refused" for exchange in experiment.exchanges):
            first = experiment.exchanges[0]
            text = self.identity.conceal(first.error_text or "")[:200]
            raise CampaignEnded("refused-warm-up", explain_refusal(first, self.settings.values, text))
        if any(exchange.outcome == "outdated" for exchange in experiment.exchanges):
            message = "a plain order is outdated: our prices are not those of the target, and its answers say little"
            self.observations.add("verdict", "outdated", message, trial.id)
        self.examiner.judge(laboratory, experiment)

    def _count(self, trial: Trial, exchange: Exchange) -> None:
        """Count an exchange.

        Raises:
            CampaignEnded: if too many requests get no answer in time.
        """
        with self._lock:
            self._answered = self._answered or exchange.answer.status is not None
            self.outcomes[exchange.outcome] += 1
            self.requests[trial.phase] += 1
            self.times.count(exchange)
            self.silences += exchange.answer.fault == "timeout"
            silences = self.silences
        self._tell(
            RequestSent(
                trial.phase,
                trial.id,
                exchange.case.title,
                exchange.case.method,
                exchange.answer.status,
                exchange.outcome,
                exchange.answer.seconds,
                self.budget.requests,
                self.budget.orders,
            )
        )
        if exchange.answer.fault == "tls":
            raise CampaignEnded("unreachable", exchange.answer.detail)
        if silences >= _MOST_SILENCES:
            detail = f"{silences} requests were not answered within {self.settings.timeout:g} s (--timeout)"
            raise CampaignEnded("target-failed", detail)

    def _plan_strictness(self, plan: Plan) -> None:
        """Say which cells of the matrix the first round would fill."""
        ids = OrderIds(self.directory.run)
        for trial in (trial for trials in plan.first.values() for trial in trials):
            for case in trial.make(ids.fresh(trial.order)) or ():
                if case.rule is not None:
                    self.strictness.plan(case.rule, case.place, case.syntax)

    def _tell(self, event: Event) -> None:
        with self._telling, suppress(BrokenPipeError):
            self._listener(event)

    def _report(self, plan: Plan, ending: Ending, detail: str) -> CampaignReport:
        is_complete = ending == "finished" and len(plan.first) == len(PHASES)
        failures, known, gone = self.book.sorted(is_complete=is_complete)
        met = Counter(failure.phase for failure in failures)
        return CampaignReport(
            run=self.directory.run,
            target=self.target_url,
            contract=LATEST,
            tool_version=__version__,
            seed=self.plan_settings.seed,
            started=self.started.isoformat(timespec="seconds").replace("+00:00", "Z"),
            seconds=self.budget.seconds,
            ending=ending,
            ending_detail=detail,
            requests=self.budget.requests,
            orders=self.budget.orders,
            outcomes=count_outcomes(self.outcomes),
            phases=tuple(
                PhaseCount(
                    phase=phase,
                    planned=max(len(plan.first[phase]), self.examiner.done[phase]),
                    done=self.examiner.done[phase],
                    requests=self.requests[phase],
                    failures=met[phase],
                )
                for phase in PHASES
                if phase in plan.first
            ),
            failures=failures,
            known=known,
            gone=gone,
            observations=self.observations.all(),
            strictness=self.strictness.rows(),
            timing=self.times.timing(),
            warm_up=self.warm_up,
            journal=self.directory.journal,
            directory=self.directory.path,
        )
