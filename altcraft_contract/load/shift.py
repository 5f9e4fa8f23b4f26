"""One worker's part of one run: it sends orders, judges their answers, and ends when nothing more may be sent."""

from __future__ import annotations

from collections import Counter
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault
from altcraft_contract.fuzz.budget import Budget, CampaignEnded
from altcraft_contract.fuzz.installation import explain_refusal
from altcraft_contract.fuzz.settings import Target
from altcraft_contract.load.findings_file import FindingsFile
from altcraft_contract.load.judging import Judge
from altcraft_contract.load.sending import NOT_CONNECTED, Allowance, OrderSender
from altcraft_contract.load.settings import SYNTAXES, LoadSettings, SyntaxChoice
from altcraft_contract.load.supply import Supply
from altcraft_contract.target.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.exchange import Exchange
    from altcraft_contract.load.share import Share
    from altcraft_contract.strategies.vocabulary import Values

_ANY: Final = 10**12  # requests: what limits them is the allowance
_UNAUTHORISED: Final = (401, 403)
_MOST_IN_A_ROW: Final = 20
"""Refusals of the token, missing answers or requests to wait, without anything else between them, that end a run."""
_LONGEST_TEXT: Final = 200
_SUFFIXES: Final = {"refused": ", refused", "outdated": ", outdated"}
REQUEST_TYPE: Final = "POST"


class Served(NamedTuple):
    """What became of an order, for Locust's table.

    Attributes:
        name: The row: orders that were refused have one of their own, since a refusal need not be a failure.
        seconds: That the answer took.
        size: Bytes of its body.
        failure: What is wrong with it; None if nothing is.
    """

    name: str
    seconds: float
    size: int
    failure: str | None


class Shift:
    """What all users of one process share during one run.

    Args:
        settings: Of this machine.
        share: What this worker may do.
        url: The target.

    Raises:
        ConfigurationFault: if the target is not allowed, or a setting cannot be used.
        UnreadableFile: if a file cannot be used.

    Attributes:
        share: As above.
        guard: The rules of safety.
        journal: The file that lists the orders.
        outcomes: How many orders were accepted, refused and so on.
    """

    def __init__(self, settings: LoadSettings, share: Share, url: str) -> None:
        self.share = share
        self.journal = settings.journal_dir / f"{share.name}.ndjson"
        self.outcomes: Counter[str] = Counter()
        self._settings = settings
        self._target = Target(
            url, settings.token, settings.allow_hosts, ca_file=settings.ca_file, is_insecure=settings.is_insecure
        )
        _make_directory(settings.journal_dir)
        self.guard = Guard(
            url,
            allowed_hosts=settings.allow_hosts,
            with_triggers=share.with_triggers,
            journal=self.journal,
            rate_limit=share.rate,
            max_orders=_ANY,
        )
        self._findings = self._open_findings()
        self._budget = Budget(_ANY, None, None)
        self._allowance = Allowance(share.orders)
        self._judge = Judge(share.latency_limit)
        self._numbers = count(1)
        self._lock = Lock()
        self._supplies: dict[object, Supply] = {}
        self._row: tuple[str, int] = ("", 0)
        self._senders: list[OrderSender] = []

    def _open_findings(self) -> FindingsFile | None:
        directory = self._settings.findings_dir
        if directory is None:
            return None
        try:
            return FindingsFile(directory / f"{self.share.name}.ndjson")
        except AltcraftContractError:
            self.guard.close()
            raise

    def open_till(
        self,
        key: object,
        *,
        syntax: SyntaxChoice | None = None,
        values: Values | None = None,
        lines: int | tuple[int, int] = (1, 3),
        latency_limit: float | None = None,
    ) -> Till:
        """Open a till for a user.

        Args:
            key: What users have in common that send the same orders.
            syntax: Of the orders; None is that of the share.
            values: What exists on the installation; None is what the settings say.
            lines: How many lines an order has.
            latency_limit: Seconds after which an answer is too late; None is what the share says.

        Raises:
            ImpossibleRequest: if no order can be made so.
        """
        with self._lock:
            supply = self._supplies.get(key)
            if supply is None:
                supply = self._supplies[key] = self._draw(syntax, values, lines)
        sender = OrderSender(
            self._target,
            self.guard,
            supply.identity,
            timeout=self.share.timeout,
            budget=self._budget,
            allowance=self._allowance,
        )
        self._senders.append(sender)
        return Till(self, supply, sender, latency_limit=latency_limit)

    def _draw(self, syntax: SyntaxChoice | None, values: Values | None, lines: int | tuple[int, int]) -> Supply:
        return Supply(
            values or self._settings.values,
            token=self._settings.token,
            syntaxes=SYNTAXES[syntax or self.share.syntax],
            share=self.share,
            fresh_id=lambda: f"{self.share.name}-{next(self._numbers)}",
            lines=lines,
        )

    def take_in(self, exchange: Exchange, supply: Supply, *, is_busy: bool, latency_limit: float | None) -> Served:
        """Judge an answer and count it.

        Raises:
            CampaignEnded: if nothing more can be learnt from this target.
        """
        answer, case = exchange.answer, exchange.case
        name = f"order ({case.syntax})"
        failure = None
        if answer.fault not in NOT_CONNECTED and not is_busy:
            self.outcomes[exchange.outcome] += 1
            breaches = self._judge.judge(exchange, supply.identity, latency_limit=latency_limit)
            for breach in breaches if self._findings is not None else ():
                self._findings.write(exchange, breach, supply.identity)  # type: ignore[union-attr]  # looked at above
            failure = breaches[0].name if breaches else None
        suffix = ", asked to wait" if is_busy else _SUFFIXES.get(exchange.outcome, "")
        self._watch(exchange, supply, is_busy=is_busy)
        return Served(name + suffix, answer.seconds, len(answer.body), failure)

    def _watch(self, exchange: Exchange, supply: Supply, *, is_busy: bool) -> None:
        """End the run when the same comes again and again that says nothing about the contract.

        Raises:
            CampaignEnded: if that is so.
        """
        answer = exchange.answer
        kind: str = "busy" if is_busy else answer.fault if answer.fault == "timeout" else ""
        if exchange.outcome == "refused" and exchange.error in _UNAUTHORISED and not is_busy:
            kind = "token"
        with self._lock:
            self._row = (kind, self._row[1] + 1 if kind and kind == self._row[0] else 1)
            times = self._row[1]
        if answer.fault == "tls":
            raise CampaignEnded("unreachable", supply.identity.conceal(answer.detail))
        if not kind or times < _MOST_IN_A_ROW:
            return
        if kind == "busy":
            raise CampaignEnded("rate-limited", f"the target asks to wait, {times} times in a row; lower --rate-limit")
        if kind == "timeout":
            detail = f"{times} orders in a row were not answered within {self.share.timeout:g} s (--timeout)"
            raise CampaignEnded("target-failed", detail)
        raise CampaignEnded("target-failed", explain(exchange, supply))

    def stop(self) -> None:
        """Let nothing more be sent; who waits for a turn goes home."""
        self._budget.stopped.set()

    def close(self) -> None:
        """Stop, and close connections and files."""
        self.stop()
        for sender in self._senders:
            sender.close()
        self.guard.close()
        if self._findings is not None:
            self._findings.close()


class Till:
    """Sends the orders of one user on one connection.

    Args:
        shift: What users share.
        supply: The orders.
        sender: Sends them.
        latency_limit: As for `Shift.open_till`.
    """

    def __init__(self, shift: Shift, supply: Supply, sender: OrderSender, *, latency_limit: float | None) -> None:
        self._shift = shift
        self._supply = supply
        self._sender = sender
        self._latency_limit = latency_limit

    def warm_up(self) -> Iterator[Served]:
        """Send the plainest orders, unless another user has, and wait for that user.

        Raises:
            CampaignEnded: if all of them are refused, or nothing more may be sent.
        """
        with self._supply.opening:
            if self._supply.is_open:
                return
            exchanges = []
            for make_case in self._supply.plain_cases():
                exchange, is_busy, served = self._send(make_case())
                yield served
                while is_busy:
                    exchange, is_busy, served = self._send(make_case())
                    yield served
                exchanges.append(exchange)
            if all(exchange.outcome == "refused" for exchange in exchanges):
                raise CampaignEnded("refused-warm-up", explain(exchanges[0], self._supply))
            self._supply.is_open = True

    def serve(self) -> Served:
        """Send any order.

        Raises:
            CampaignEnded: if nothing more may be sent.
        """
        return self._send(self._supply.next_case())[2]

    def _send(self, case: Case) -> tuple[Exchange, bool, Served]:
        exchange = self._sender.send(case)
        is_busy = self._sender.asks_to_wait(exchange)
        served = self._shift.take_in(exchange, self._supply, is_busy=is_busy, latency_limit=self._latency_limit)
        return exchange, is_busy, served

    def close(self) -> None:
        """Close the connection."""
        self._sender.close()


def explain(exchange: Exchange, supply: Supply) -> str:
    """Why an order is refused, probably, and what to do."""
    text = supply.identity.conceal((exchange.error_text or "")[: 10 * _LONGEST_TEXT])[:_LONGEST_TEXT]
    return explain_refusal(exchange, supply.values, text)


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationFault(f"--journal-dir {path}", f"it cannot be made: {reason.lower()}") from None
