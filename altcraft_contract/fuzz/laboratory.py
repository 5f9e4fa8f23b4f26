"""Sends trials and looks into what they show: is it so each time, and how little does it take."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from altcraft_contract.fuzz.case import Trial, case_of
from altcraft_contract.fuzz.failure import Failure, Received, Step
from altcraft_contract.fuzz.judging import judge
from altcraft_contract.fuzz.oracles.oracle import Judgement
from altcraft_contract.fuzz.oracles.valid_refused import is_refused
from altcraft_contract.fuzz.shrinking import Shrinker, differences, reduce_until_taken
from altcraft_contract.strategies.mutations.mutation import BOTH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Case, Order
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.fuzz.identity import Identity
    from altcraft_contract.fuzz.naming import OrderIds
    from altcraft_contract.fuzz.oracles.oracle import Suspicion
    from altcraft_contract.fuzz.sending import Sender
    from altcraft_contract.fuzz.settings import FailBasis

MOST_SHRINKING: Final = 40  # trials to make one order small
FEW_SHRINKING: Final = 3  # where each of them takes seconds, or many have been sent already
_LONG: Final = 0.5  # seconds of an answer that make shrinking short
_AGAIN: Final = {"server-error": 1, "syntax-parity": 1, "latency": 2}
"""Oracle to how often the same is sent again; what others tell of need not be confirmed."""
_ONCE_IS_ENOUGH: Final = ("server-error",)
_ONCE: Final = "which did not show when the same was sent again"
_SHOWN: Final = 20_000  # characters of a body
_MARGIN: Final = 1_000
_MOST_HEADERS: Final = 100
PLACED_BY_ORDER: Final = ("valid-refused", "syntax-parity", "server-error", "latency")
"""Oracles whose failures are placed by what is special about the order; others place them in the answer."""
_MOST_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Experiment:
    """A trial that was sent.

    Attributes:
        trial: The trial.
        exchanges: Its exchanges, in the order in which they were sent.
        suspicions: What the oracles have against them.
    """

    trial: Trial
    exchanges: tuple[Exchange, ...]
    suspicions: tuple[Suspicion, ...]


class Laboratory:
    """Sends trials on the connection of one sender.

    Args:
        sender: Sends cases.
        ids: Gives orders their ids.
        identity: What must not be shown.
        plain: The smallest valid order.
        usual: Tells how long an answer usually takes.
        has_token: As for `Judgement`.
        fail_basis: As for `Judgement`.
        on_exchange: Is told of each exchange, with the trial that it belongs to.
        taken: Remembers what the target takes of orders, for all connections.
    """

    def __init__(
        self,
        sender: Sender,
        *,
        ids: OrderIds,
        identity: Identity,
        plain: Order,
        usual: Callable[[], float],
        has_token: bool,
        fail_basis: FailBasis,
        on_exchange: Callable[[Trial, Exchange], None],
        taken: dict[str, Order],
    ) -> None:
        self._sender = sender
        self._ids = ids
        self._identity = identity
        self._plain = plain
        self._usual = usual
        self._has_token = has_token
        self._fail_basis: FailBasis = fail_basis
        self._on_exchange = on_exchange
        self._taken = taken

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.close()

    def run(self, trial: Trial, order: Order | None = None) -> Experiment | None:
        """Send a trial, made of *order* or of its own; None if the order has no place for it."""
        cases = trial.make(self._ids.fresh(trial.order if order is None else order))
        if cases is None:
            return None
        if trial.on_new_connection:
            self._sender.close()
        exchanges = tuple(self._send(trial, case, is_judged=True) for case in cases)
        judgement = Judgement(
            kind=trial.kind,
            identity=self._identity,
            has_token=self._has_token,
            fail_basis=self._fail_basis,
            usual=self._usual(),
        )
        return Experiment(trial, exchanges, tuple(judge(exchanges, judgement)))

    def _send(self, trial: Trial, case: Case, *, is_judged: bool = False) -> Exchange:
        repeats_dropped = not is_judged or trial.phase != "transport"
        exchange = self._sender.send(case, repeats_dropped=repeats_dropped, is_judged=is_judged)
        self._on_exchange(trial, exchange)
        return exchange

    def reduced(self, trial: Trial) -> Trial | None:
        """A trial like *trial* whose order the target takes when nothing is wrong with it.

        Returns:
            *trial* itself where its order is taken; None if what is taken of its order has no place for it.
        """
        key = json.dumps(trial.order)
        if key not in self._taken:
            self._taken[key] = reduce_until_taken(trial.order, self._plain, partial(self.takes, trial))
        order = self._taken[key]
        if order == trial.order:
            return trial
        smaller = replace(trial, order=order)
        return smaller if smaller.make(self._ids.fresh(order)) is not None else None

    def is_answered(self, trial: Trial) -> bool:
        """Whether a plain order has a usable answer in one syntax at least; *trial* is what it is asked for."""
        plain = self._ids.fresh(self._plain)
        cases = (case_of(plain(), syntax, title="a plain order") for syntax in BOTH)
        return any(self._send(trial, case).outcome != "broken" for case in cases)

    def wait(self, seconds: float, reason: str) -> None:
        """Send nothing for a while."""
        self._sender.wait(seconds, reason)

    def takes(self, trial: Trial, order: Order, syntax: Syntax = "json") -> bool:
        """Whether the target takes an order; *trial* is what it is asked for."""
        case = case_of(
            self._ids.fresh(order)(), syntax, title="an order that others are made of", expected="undocumented"
        )
        return self._send(trial, case).outcome != "refused"

    def controlled(self, trial: Trial, index: int) -> Trial:
        """A trial of one case between two controls: the same order in its plain form, or a plain order."""

        def make(fresh: Callable[[], Order]) -> tuple[Case, ...] | None:
            cases = trial.make(fresh)
            if cases is None or len(cases) <= index:
                return None
            controls = [self._control(trial, cases[index], fresh) for _ in range(2)]
            # What comes before on the connection may be what it is refused for.
            tried = cases[: index + 1] if trial.kind == "single" else (cases[index],)
            # The second is on a connection of its own, which nothing that came before has spoilt.
            return (controls[0], *tried, replace(controls[1], own_connection=True))

        return replace(trial, kind="controlled", make=make, twin=None)

    def _control(self, trial: Trial, case: Case, fresh: Callable[[], Order]) -> Case:
        if trial.kind == "variant":
            cases = trial.make(fresh)
            if cases:
                return cases[0]
        plain = self._ids.fresh(self._plain)()
        return case_of(plain, case.syntax, title="a control order: nothing but what is required")

    def confirm(self, experiment: Experiment, suspicion: Suspicion) -> tuple[int, int] | None:
        """Send the same again.

        Returns:
            How often it was sent, and how often it showed again; None if it is nothing after all.
        """
        times = _AGAIN.get(suspicion.oracle, 0)
        shown = 0
        for _ in range(times):
            again = self.run(experiment.trial)
            shown += again is not None and any(_is_same(found, suspicion) for found in again.suspicions)
        if shown < times and suspicion.oracle not in _ONCE_IS_ENOUGH:
            return None
        return times, shown

    def shrink(
        self, experiment: Experiment, suspicion: Suspicion, most: int
    ) -> tuple[Experiment, Suspicion, Order, bool]:
        """Make the order small.

        Returns:
            The smallest experiment that shows the same, its suspicion, its order, and whether nothing more can go.
        """
        trial = experiment.trial
        best: list[tuple[Experiment, Suspicion, Order]] = [(experiment, suspicion, trial.order)]
        if not trial.order or (trial.kind == "controlled" and suspicion.guilty == 0):
            return (*best[0], True)
        if experiment.exchanges[suspicion.guilty].answer.seconds > _LONG:
            most = min(most, FEW_SHRINKING)
        is_controlled = trial.kind == "controlled"

        def fails(order: Order) -> bool:
            if is_controlled:
                return self._is_refused(trial, order, suspicion.guilty)
            found = self.run(trial, order)
            same = next((one for one in found.suspicions if _is_same(one, suspicion)), None) if found else None
            if found is None or same is None:
                return False
            best.append((found, same, order))
            return True

        case = experiment.exchanges[suspicion.guilty].case
        shrinker = Shrinker(self._plain, fails, place=case.place, most=most)
        order = shrinker.shrink(trial.order)
        if is_controlled and order is not trial.order:
            found = self.run(trial, order)
            for one in found.suspicions if found else ():
                if found is not None and one.oracle == suspicion.oracle:
                    return found, one, order, shrinker.is_done
        return (*best[-1], shrinker.is_done)

    def _is_refused(self, trial: Trial, order: Order, index: int) -> bool:
        """Whether the case of a controlled trial is refused; its controls are sent again at the end."""
        cases = trial.make(self._ids.fresh(order))
        if cases is None:
            return False
        *_, last = (self._send(trial, case) for case in cases[1 : index + 1])
        return is_refused(last)

    def twin_of(self, experiment: Experiment, order: Order, guilty: int) -> Step | None:
        """The same order in the other syntax, and what came."""
        trial, exchanges = experiment.trial, experiment.exchanges
        if trial.kind == "twins" and len(exchanges) > 1:
            return self.step(exchanges[1 - guilty % 2])
        if trial.twin is None:
            return None
        case = trial.twin(self._ids.fresh(order))
        return None if case is None else self.step(self._send(trial, case))

    def failure(
        self,
        experiment: Experiment,
        suspicion: Suspicion,
        order: Order,
        *,
        is_shrunk: bool,
        confirmation: tuple[int, int],
        twin: Step | None,
    ) -> Failure:
        """What is reported."""
        trial = experiment.trial
        cause = suspicion.cause
        is_control = trial.kind == "controlled" and suspicion.guilty == 0
        if (
            not is_control
            and trial.kind != "variant"
            and trial.order
            and not experiment.exchanges[suspicion.guilty].case.place
        ):
            places = differences(order, self._plain)
            is_certain = confirmation[0] == confirmation[1]
            if is_certain and cause.oracle in PLACED_BY_ORDER and 0 < len(places) <= _MOST_PLACES:
                cause = cause._replace(place=", ".join(places))
        return Failure(
            id=cause.fingerprint,
            cause=cause,
            phase=trial.phase,
            trial=trial.id,
            feature=trial.feature,
            rule=suspicion.rule,
            basis=suspicion.basis,
            section=suspicion.section,
            message=suspicion.message if confirmation[1] == confirmation[0] else f"{suspicion.message}, {_ONCE}",
            expected=suspicion.expected,
            steps=tuple(self.step(exchange) for exchange in experiment.exchanges),
            guilty=suspicion.guilty,
            twin=twin,
            syntaxes=(experiment.exchanges[suspicion.guilty].case.syntax,),
            is_shrunk=is_shrunk,
            attempts=confirmation[0],
            confirmed=confirmation[1],
        )

    def step(self, exchange: Exchange) -> Step:
        """An exchange as it may be shown."""
        answer = exchange.answer
        beginning = answer.body[: 4 * (_SHOWN + _MARGIN)].decode(errors="replace")
        text = self._identity.conceal(beginning[: _SHOWN + _MARGIN])
        return Step(
            case=exchange.case,
            received=Received(
                status=answer.status,
                headers=_shown_headers(answer.headers, self._identity),
                text=text[:_SHOWN],
                size=len(answer.body),
                is_cut=len(text) > _SHOWN or len(answer.body) > 4 * _SHOWN,
                outcome=exchange.outcome,
                seconds=answer.seconds,
                fault=answer.fault,
                detail=self._identity.conceal(answer.detail),
            ),
        )


def _is_same(found: Suspicion, suspicion: Suspicion) -> bool:
    """Whether two suspicions of one trial are the same: what is said of a smaller order may read otherwise."""
    if suspicion.oracle not in PLACED_BY_ORDER and found.place != suspicion.place:
        return False
    return (found.oracle, found.rule, found.error, found.guilty) == (
        suspicion.oracle,
        suspicion.rule,
        suspicion.error,
        suspicion.guilty,
    )


def _shown_headers(headers: Sequence[tuple[str, str]], identity: Identity) -> tuple[tuple[str, str], ...]:
    return tuple(
        (identity.conceal(name[:_MARGIN]), identity.conceal(value[:_MARGIN])) for name, value in headers[:_MOST_HEADERS]
    )
