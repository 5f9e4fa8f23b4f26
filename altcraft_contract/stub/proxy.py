"""The proxy: real traffic on its way to the service, unchanged, and checked in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.stub.asgi import take_part
from altcraft_contract.stub.control import make_control
from altcraft_contract.stub.journal import MOST_ENTRIES, Journal
from altcraft_contract.stub.proxy_client import Client
from altcraft_contract.stub.proxy_judge import Judge
from altcraft_contract.stub.proxy_passage import Enforcing, Observing, Passing
from altcraft_contract.stub.proxy_record import Record
from altcraft_contract.stub.server import Listener, Served
from altcraft_contract.stub.traffic import CONTROL_PATH
from altcraft_contract.stub.upstream import CONNECT_TIMEOUT, READ_TIMEOUT, Upstream, UpstreamSettings
from altcraft_contract.target.address import parse_target

if TYPE_CHECKING:
    from typing import Self

    from altcraft_contract.stub.asgi import Receive, Scope, Send

Mode = Literal["observe", "enforce"]

MODES: Final[tuple[Mode, ...]] = ("observe", "enforce")
DEFAULT_PORT: Final = 8076
_CONTROL: Final = CONTROL_PATH.rstrip("/")


class Proxy:
    """Passes requests on to a service and checks those to the endpoint with their answers: an ASGI application.

    `ProxyServer` is the same on a socket. It needs asyncio.

    Args:
        target: URL of the service, of what stands before the path of the endpoint there, or of the endpoint.
        mode: `observe` changes nothing; `enforce` neither sends requests with errors nor passes answers with errors.
        rules: Which rules count, and how severely.
        limits: Bounds on a body that is checked; `observe` passes larger ones unchecked.
        most_entries: How many requests the journal keeps.
        connect_timeout: Seconds until a connection to the service stands.
        read_timeout: Seconds between two pieces of an answer.
        ca_file: Certificates, in PEM, that are trusted besides those of the system.
        is_insecure: Whether any certificate of the service is taken.

    Raises:
        ConfigurationFault: if *target* is no such URL.
        UnreadableFile: if *ca_file* cannot be used.
        ValueError: if there is no such *mode*.

    Attributes:
        target: The service.
        mode: As above.
        journal: Every request to the endpoint with its answer, and what was found, the newest at the end.
        passed: How many other requests were passed on.
    """

    def __init__(
        self,
        target: str,
        *,
        mode: Mode = "observe",
        rules: RuleSelection = ALL_RULES,
        limits: Limits = DEFAULT_LIMITS,
        most_entries: int = MOST_ENTRIES,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        ca_file: str | None = None,
        is_insecure: bool = False,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"mode={mode!r}: expected one of {', '.join(MODES)}")
        self.target = parse_target(target)
        self.mode: Mode = mode
        self.journal = Journal(most_entries=most_entries)
        self.passed = 0
        self._judge = Judge(rules, limits)
        settings = UpstreamSettings(connect_timeout, read_timeout, ca_file, is_insecure)
        self._upstream = Upstream(self.target, settings)
        self._control = make_control(self.journal, "proxy")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI has it."""
        if scope["type"] != "http":
            await take_part(scope, receive, send, at_end=self._upstream.close)
            return
        path: str = scope["path"]
        if path == _CONTROL or path.startswith(CONTROL_PATH):
            await self._control(scope, receive, send)
            return
        await self._serve(Client(scope, receive, send))

    async def _serve(self, client: Client) -> None:
        """Serve one request that is no control call."""
        request = client.request
        if request.method != "POST" or not request.path.endswith(ENDPOINT_PATH):
            self.passed += 1
            await Passing(client, self._upstream).run()
        elif self.mode == "observe":
            await Observing(client, self._upstream, self._record(client)).run()
        else:
            await Enforcing(client, self._upstream, self._record(client), self._judge.limits.max_bytes).run()

    def _record(self, client: Client) -> Record:
        return Record(client.request, self._judge, self.journal)


class ProxyServer(Served, Proxy):
    """The proxy on a socket: `with ProxyServer("https://example.com") as proxy:`, and clients go to `proxy.url`.

    Args:
        target: As for `Proxy`.
        host: Address to listen on.
        port: 0 is any free one.
        grace: Seconds that requests in progress have when the server stops.
        **settings: As for `Proxy`.
    """

    def __init__(
        self, target: str, *, host: str = "127.0.0.1", port: int = 0, grace: float = 0.0, **settings: Any
    ) -> None:
        super().__init__(target, **settings)
        self._host = host
        self._listener = Listener(self, host=host, port=port, grace=grace, dates=False)

    def start(self) -> None:
        """Listen; requests are served when this returns.

        Raises:
            CannotServe: if the address cannot be listened on.
            ConfigurationFault: if the target is the proxy itself.
            RuntimeError: if it is listened on already.
        """
        self._refuse_loop()
        super().start()
        try:
            self._refuse_loop()  # the port may have been any free one
        except ConfigurationFault:
            self.stop()
            raise

    def _refuse_loop(self) -> None:
        if self.target.is_at(self._host, self.port):
            raise ConfigurationFault("the URL of the target", f"it is the proxy itself, at {self.base_url}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return (
            f"<ProxyServer at {self.base_url} for {self.target.origin}, {'running' if self.is_running else 'stopped'}>"
        )
