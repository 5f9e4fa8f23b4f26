"""A live target in the place of the stub: the same test, and orders that really go to a service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

from altcraft_contract.stub.proxy import ProxyServer
from altcraft_contract.stub.transport import Refused, check_transport
from altcraft_contract.target.guard import Guard
from altcraft_contract.testing.fixtures.judged_server import JudgedServer
from altcraft_contract.testing.fixtures.witness import DEFAULT_SETTINGS
from altcraft_contract.testing.live.passage import LivePassage, refuse_unsent
from altcraft_contract.testing.live.secret_text import SecretText
from altcraft_contract.testing.live.verdict import TargetWitness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from altcraft_contract.stub.proxy_client import Client
    from altcraft_contract.testing.fixtures.leaks import Section
    from altcraft_contract.testing.settings import JudgingSettings

TOKEN_VARIABLE: Final = "ALTCRAFT_TOKEN"  # noqa: S105 - the name of a variable
JOURNAL_NAME: Final = "altcraft-orders.ndjson"
_PREFIX: Final = "--altcraft-"
_ONLY_STUB: Final = "a live target answers as it does; scenarios, prices and points need the stub"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """What the options of pytest say about the live target.

    Attributes:
        url: The target.
        allowed_hosts: Hosts that are allowed besides this machine.
        with_triggers: Whether orders may run triggers.
        journal: File that tells of every order; off this machine there has to be one.
        rate_limit: Requests in a second, of all workers together; None is the default.
        max_orders: Requests of a run, of all workers together; None is the default.
        token: What the target wants; None if nobody said.
        workers: How many processes share the run.
    """

    url: str
    allowed_hosts: tuple[str, ...] = ()
    with_triggers: bool = False
    journal: Path | None = None
    rate_limit: float | None = None
    max_orders: int | None = None
    token: str | None = field(default=None, repr=False)
    workers: int = 1

    def open_guard(self) -> Guard:
        """The rules of safety, for all the tests of this process: of the limits it gets its share.

        Raises:
            ConfigurationFault: if the target is not allowed, or a setting cannot be used.
        """
        return Guard(
            self.url,
            allowed_hosts=self.allowed_hosts,
            with_triggers=self.with_triggers,
            journal=self.journal,
            rate_limit=self.rate_limit,
            max_orders=self.max_orders,
            workers=self.workers,
            prefix=_PREFIX,
        )


class LiveTarget(JudgedServer, ProxyServer):
    """What a test marked `altcraft_live` gets for the stub: a proxy on this machine, and the target behind it.

    The client needs no change. Only requests to the endpoint are passed on, with `skip_triggers` set, and of those with
    errors only what the test allows. What the target answers comes back as it is; what is wrong with it is told at the
    end of the test.

    Args:
        settings: What the options say.
        guard: The rules of safety, which all tests of the process share.
        name: What the test calls it.
        test: What the journal of orders calls the test.
        judging: How messages are judged.
        root: What files of the user's code are named from.
        **proxy: As for `ProxyServer`.

    Attributes:
        name: As above.
    """

    def __init__(
        self,
        settings: LiveSettings,
        guard: Guard,
        *,
        name: str = "altcraft_stub",
        test: str | None = None,
        judging: JudgingSettings = DEFAULT_SETTINGS,
        root: Path | None = None,
        **proxy: Any,
    ) -> None:
        super().__init__(settings.url, **{"mode": "enforce", "rules": judging.rules, **proxy})
        self.name = name
        self._token = settings.token
        self._guard = guard
        self._test = test
        self._judging = judging
        self._root = root
        self._target_witness = TargetWitness(name, self.target.origin, self.journal, judging)

    @property
    def token(self) -> str:
        """What the client has to send: the target's own token, from the environment; its representation is masked."""
        if self._token is None:
            pytest.fail(
                f"{self.name}.token: the target at {self.target.origin} wants its own token, and {TOKEN_VARIABLE} is "
                "not set; set it in the environment",
                pytrace=False,
            )
        return SecretText(self._token)

    def problems(self, sections: Sequence[Section] = ()) -> str:
        """What is wrong with requests, with answers of the target, and with what the test printed; empty if nothing is.

        Args:
            sections: What pytest has captured: name and text of each.
        """
        tokens = (self._token,) if self._token is not None else ()
        told = (self.witness.problems(sections, tokens), self._target_witness.problems())
        return "\n\n".join(part for part in told if part)

    def use(self, *_: object, **__: object) -> NoReturn:
        """Skip the test: a live target plays no scenario."""
        pytest.skip(_ONLY_STUB)

    def set_prices(self, *_: object, **__: object) -> NoReturn:
        """Skip the test: the prices of a live target are its own."""
        pytest.skip(_ONLY_STUB)

    def set_points(self, *_: object, **__: object) -> NoReturn:
        """Skip the test: the points of a live target are its own."""
        pytest.skip(_ONLY_STUB)

    def reset(self, *what: str) -> None:
        """Forget what came in; skip the test if anything but the `journal` is named: the target keeps its state."""
        if set(what) - {"journal"}:
            pytest.skip(_ONLY_STUB)
        self.journal.reset()

    async def _serve(self, client: Client) -> None:
        """Serve one request: to the endpoint, or refused as the stub would."""
        limits = self._judge.limits
        try:
            check_transport(client.request, limits)
        except Refused as refused:
            await refuse_unsent(client, refused, self.journal, limits.max_bytes)
            return
        passage = LivePassage(
            client,
            self._upstream,
            self._record(client),
            limits.max_bytes,
            guard=self._guard,
            test=self._test,
            permits=self._permits,
            on_held=self._target_witness.take_held,
        )
        await passage.run()

    def _permits(self, rules: Sequence[str]) -> bool:
        allowances = self.witness.allowances
        return allowances.permit(allowances.now(), rules, is_only_rules=True)

    def __repr__(self) -> str:
        state = "running" if self.is_running else "stopped"
        return f"<LiveTarget at {self.base_url} for {self.target.origin}, {state}>"
