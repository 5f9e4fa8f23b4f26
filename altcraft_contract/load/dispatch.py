"""Who may send what in a run of Locust: the master shares it out, workers ask for their part, and say when they end."""

from __future__ import annotations

import logging
import sys
import time
from threading import Event, Timer
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from locust.runners import MasterRunner, WorkerRunner

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault
from altcraft_contract.fuzz.naming import make_run_id
from altcraft_contract.load.share import read_share, share_out
from altcraft_contract.load.shift import Shift
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.renderers.visible import visible
from altcraft_contract.target.allow_list import check_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from locust.env import Environment

    from altcraft_contract.fuzz.budget import CampaignEnded
    from altcraft_contract.load.settings import LoadSettings
    from altcraft_contract.load.share import Share
    from altcraft_contract.target.address import Target

EXIT_USAGE: Final = 2
EXIT_NO_VERDICT: Final = 3
_ASK: Final = "altcraft-ask"
_SHARE: Final = "altcraft-share"
_ENDED: Final = "altcraft-ended"
_BREACH: Final = "altcraft-breach"
_PATIENCE: Final = 30.0  # seconds until a master has to say what a worker may send
_LONGEST: Final = 500  # characters of what a worker says
_MOMENT: Final = 0.2  # seconds for a message to leave
_LATE: Final = "it came after the orders were shared out, and sends none; start the test again to let it take part"

log: Final = logging.getLogger("altcraft_contract.load")


class End(NamedTuple):
    """Why a worker sends nothing more.

    Attributes:
        code: Exit code of the run; 0 leaves it to the failures.
        detail: In a sentence, without secrets.
        is_final: Whether the run is over for all workers.
    """

    code: int
    detail: str
    is_final: bool = True


def fail_early(fault: AltcraftContractError) -> None:
    """Say what is wrong in a line, and end the process.

    Raises:
        SystemExit: always, with the exit code for it.
    """
    sys.stderr.write(f"altcraft-contract: error: {visible(redact_text(str(fault)))}\n")
    sys.stderr.flush()
    raise SystemExit(EXIT_USAGE)


class Dispatch:
    """What one process of Locust knows about its run.

    Args:
        environment: Locust's.
        settings: What the options of this process say: those of the master, which Locust hands on to its workers, and
            what is typed in its web interface, change nothing about what is allowed here.
        own_class: `OrderUser`.
    """

    def __init__(self, environment: Environment, settings: LoadSettings, own_class: type) -> None:
        self._environment = environment
        self._settings = settings
        self._own_class = own_class
        self._runner: Any = environment.runner
        self._shift: Shift | None = None
        self._shares: dict[str, Share] = {}
        self._unlimited: Share | None = None
        self._gone: set[str] = set()
        self._is_ready = Event()
        self._has_breach = False
        self._end: End | None = None
        if isinstance(self._runner, WorkerRunner):
            self._runner.register_message(_SHARE, self._on_share)
        elif isinstance(self._runner, MasterRunner):
            self._runner.register_message(_ASK, self._on_ask)
            self._runner.register_message(_ENDED, self._on_ended)
            self._runner.register_message(_BREACH, self._on_breach)

    def check(self) -> None:
        """Check what is known of the target before anything is started; what is wrong ends the process."""
        try:
            url = self._url()
            if url is not None:
                self._check_target(url)
            elif not isinstance(self._runner, WorkerRunner) and getattr(self._options, "headless", False):
                raise _no_url()
        except AltcraftContractError as fault:
            self._leave_master(fault)
            fail_early(fault)

    def begin(self) -> None:
        """Begin a run: find out what may be sent."""
        self._is_ready.clear()
        self._end, self._shift, self._has_breach = None, None, False
        if isinstance(self._runner, WorkerRunner):
            self._runner.send_message(_ASK, {})
            return
        try:
            self._share_out()
        except AltcraftContractError as fault:
            self._finish(End(EXIT_USAGE, str(fault)))

    def _share_out(self) -> None:
        """Share out what the run may do.

        Raises:
            ConfigurationFault: if the target is not allowed.
        """
        url = self._url()
        if url is None:
            raise _no_url()
        target = self._check_target(url)
        is_master = isinstance(self._runner, MasterRunner)
        clients = self._clients() if is_master else [""]
        shares = share_out(self._settings, target, make_run_id(), workers=len(clients))
        self._shares, self._gone = dict(zip(clients, shares, strict=True)), set()
        self._unlimited = shares[0] if not shares[0].is_limited else None
        log.info("%s", describe(shares, target))
        if not is_master:
            self._open(shares[0], url)

    def _open(self, share: Share, url: str) -> None:
        self._shift = Shift(self._settings, share, url)
        self._is_ready.set()
        log.info("every order is listed in %s before it leaves", visible(str(self._shift.journal)))

    def shift(self) -> Shift | None:
        """The shift, once it is known what may be sent; None if nothing may be."""
        if not self._is_ready.wait(_PATIENCE) and self._end is None:
            self.end(End(EXIT_NO_VERDICT, f"the master has not said within {_PATIENCE:g} s what may be sent"))
        return self._shift if self._end is None else None

    def end_for(self, ended: CampaignEnded) -> None:
        """Send nothing more from here, for a reason that sending has shown."""
        if ended.ending == "max-orders":
            self.end(End(0, ended.detail, is_final=False))
        elif ended.ending != "interrupted":
            self.end(End(EXIT_NO_VERDICT, ended.detail))

    def end(self, end: End) -> None:
        """Send nothing more from here; the first reason counts."""
        if self._end is not None:
            return
        self._end = end
        self._is_ready.set()
        if self._shift is not None:
            self._shift.stop()
        if isinstance(self._runner, WorkerRunner):
            self._runner.send_message(_ENDED, end._asdict())
            _log_end(end)
            self._environment.process_exit_code = end.code or None
            if end.code == EXIT_USAGE:
                _soon(self._runner.quit)
        else:
            self._finish(end)

    def close(self) -> None:
        """End a run: close the files, and say what became of the orders."""
        shift, self._shift = self._shift, None
        if shift is None:
            return
        shift.close()
        told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(shift.outcomes.items()))
        log.info("orders %s-…: %s", shift.share.name, told or "none was sent")

    def note_breach(self) -> None:
        """Make the exit code that of failures; a master hears of the first at once, whatever becomes of the worker."""
        if not self._has_breach and isinstance(self._runner, WorkerRunner):
            self._runner.send_message(_BREACH, {})
        self._has_breach = True

    def settle_exit_code(self) -> None:
        """Let failures go before the lack of a verdict, as for campaigns."""
        if self._has_breach and self._environment.process_exit_code in (None, EXIT_NO_VERDICT):
            self._environment.process_exit_code = getattr(self._options, "exit_code_on_error", 1)

    def _finish(self, end: End) -> None:
        """Stop the run, in the process that leads it."""
        self._end = end
        self._is_ready.set()
        _log_end(end)
        if end.code:
            self._environment.process_exit_code = end.code
        is_headless = getattr(self._options, "headless", False)
        _soon(self._runner.quit if is_headless else self._runner.stop)

    def _on_ask(self, *, environment: Environment, msg: Any) -> None:  # noqa: ARG002 - Locust's signature
        share = self._shares.get(msg.node_id)
        if share is None and self._unlimited is not None:
            index = self._runner.get_worker_index(msg.node_id) + len(self._shares)
            share = self._unlimited._replace(number=index, seed=self._settings.seed + index)
        self._runner.send_message(_SHARE, share._asdict() if share is not None else {}, msg.node_id)

    def _on_share(self, *, environment: Environment, msg: Any) -> None:  # noqa: ARG002 - Locust's signature
        try:
            if not msg.data:
                self.end(End(0, _LATE, is_final=False))
                return
            url = self._url()
            if url is None:
                raise _no_url()
            self._check_target(url)
            self._open(read_share(msg.data), url)
        except AltcraftContractError as fault:
            self.end(End(EXIT_USAGE, str(fault)))

    def _on_breach(self, *, environment: Environment, msg: Any) -> None:  # noqa: ARG002 - Locust's signature
        self._has_breach = True

    def _on_ended(self, *, environment: Environment, msg: Any) -> None:  # noqa: ARG002 - Locust's signature
        if self._end is not None or msg.node_id not in (*self._shares, *self._runner.clients):
            return
        data = msg.data if isinstance(msg.data, dict) else {}
        detail = visible(redact_text(str(data.get("detail", ""))[:_LONGEST]))
        name = f"worker {self._runner.get_worker_index(msg.node_id)}"
        code = data.get("code")
        end = End(code if code in (0, EXIT_USAGE) else EXIT_NO_VERDICT, f"{name}: {detail}", bool(data.get("is_final")))
        self._gone.add(msg.node_id)
        if not self._shares and self._unlimited is None:  # no run has begun: the master waits for other workers
            _log_end(end)
        elif end.is_final:
            self._finish(end)
        elif self._gone >= self._shares.keys() & set(self._runner.clients):
            self._finish(end._replace(detail="no worker may send any more (--max-orders)"))
        else:
            _log_end(end)

    def _clients(self) -> list[str]:
        """Ids of the workers that take part, in the order in which they came."""
        clients = self._runner.clients
        active = [client.id for client in (*clients.ready, *clients.spawning, *clients.running)]
        return sorted(active, key=self._runner.get_worker_index)

    @property
    def _options(self) -> Any:
        return self._environment.parsed_options

    def _url(self) -> str | None:
        """The one target; None if nobody has named it yet.

        Raises:
            ConfigurationFault: if there are several.
        """
        own = [user for user in self._environment.user_classes if issubclass(user, self._own_class)]
        urls = {self._environment.host or user.host for user in own}
        if len(urls) > 1:
            raise ConfigurationFault("host", "all users that send orders need the same one; or give it with --host")
        return next(iter(urls), None)

    def _check_target(self, url: str) -> Target:
        return check_allowed(url, self._settings.allow_hosts)

    def _leave_master(self, fault: AltcraftContractError) -> None:
        """Tell the master that this worker takes no part: it has heard of it already."""
        if isinstance(self._runner, WorkerRunner):
            self._runner.send_message(_ENDED, End(EXIT_USAGE, str(fault))._asdict())
            quitting: Any = self._environment.events.quitting
            quitting.fire(environment=self._environment, reverse=True)
            time.sleep(_MOMENT)


def describe(shares: Iterable[Share], target: Target) -> str:
    """What may be sent, in a line."""
    parts = tuple(shares)
    first, workers = parts[0], len(parts)
    rate = f"{first.rate * workers:g} a second" if first.rate is not None else "as fast as they can be"
    orders = f"{sum(share.orders or 0 for share in parts):,} at most" if first.orders is not None else "any number"
    each = ""
    if workers > 1 and first.is_limited:
        of_rate = [f"{first.rate:.3g} a second"] if first.rate is not None else []
        of_orders = [f"{parts[-1].orders:,} or {first.orders:,}"] if first.orders is not None else []
        each = f" (each of {workers} workers: {', '.join(of_rate + of_orders)})"
    triggers = "may run" if first.with_triggers else "skipped"
    return f"run {first.run} to {target}: orders {rate}, {orders}{each}; triggers {triggers}"


def _no_url() -> ConfigurationFault:
    return ConfigurationFault("--host", "give the URL of the installation, such as http://127.0.0.1:8075")


def _soon(act: Callable[[], None]) -> None:
    """Do something in a moment, outside of what is being stopped by it; threads are Locust's greenlets here."""
    timer = Timer(_MOMENT, act)
    timer.daemon = True
    timer.start()


def _log_end(end: End) -> None:
    log.log(logging.ERROR if end.code else logging.INFO, "stopped: %s", visible(redact_text(end.detail)))
