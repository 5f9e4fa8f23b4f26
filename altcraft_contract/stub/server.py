"""The stub on a socket: uvicorn in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.errors import CannotServe
from altcraft_contract.stub.shortcut import SHORTCUT, ShortcutProtocol
from altcraft_contract.stub.stub import Stub

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

DEFAULT_PORT: Final = 8075
_ACCEPTING: Final = 5  # turns of the loop in which an accepted socket becomes a connection
_BACKLOG: Final = 1024
_LARGEST_PORT: Final = 65535
_STARTING: Final = 30.0  # seconds
_TICK: Final = 0.5  # seconds between two looks at the clock for the Date header


class Listener:
    """Serves an ASGI application on a port, in a thread of its own.

    Args:
        app: The application.
        host: Address or name to listen on.
        port: 0 is any free one.
        grace: Seconds that requests in progress have when the server stops.
        dates: Whether answers get a `Date` header.
    """

    def __init__(
        self, app: Any, *, host: str = "127.0.0.1", port: int = 0, grace: float = 0.0, dates: bool = True
    ) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._grace = grace
        self._dates = dates
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._thread: Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on, or was; of a server that has not been started, the one that was asked for."""
        return self._port

    @property
    def base_url(self) -> str:
        """The origin, such as `http://127.0.0.1:8075`; a server that listens everywhere is named by the loopback."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self._host, self._host)  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether requests are served."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Listen; requests are served when this returns.

        Raises:
            CannotServe: if the address cannot be listened on.
            RuntimeError: if it is listened on already.
        """
        if self._thread is not None:
            raise RuntimeError("the server has been started already")
        self._socket = _bind(self._host, self._port)
        self._port = self._socket.getsockname()[1]
        self._server = _Server(self._app, self._grace, dates=self._dates)
        self._thread = Thread(
            target=self._server.run, args=([self._socket],), name=f"altcraft-contract:{self.port}", daemon=True
        )
        self._thread.start()
        if not self._server.is_ready.wait(_STARTING) or not self._thread.is_alive():
            raise CannotServe(self.base_url, "the server did not start")

    def stop(self) -> None:
        """Stop listening, and wait until every connection is closed; a server that was not started is left alone."""
        thread, self._thread = self._thread, None
        if thread is None or self._server is None:
            return
        self._server.stop()
        thread.join()
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class Served:
    """What a server of ours tells of its address; `_listener` is what listens."""

    _listener: Listener

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._listener.port

    @property
    def base_url(self) -> str:
        """The origin, such as `http://127.0.0.1:8075`."""
        return self._listener.base_url

    @property
    def url(self) -> str:
        """The full URL of the endpoint."""
        return self.base_url + ENDPOINT_PATH

    @property
    def is_running(self) -> bool:
        """Whether requests are served."""
        return self._listener.is_running

    def start(self) -> None:
        """Listen; requests are served when this returns; exceptions as for `Listener`."""
        self._listener.start()

    def stop(self) -> None:
        """Stop listening; the journal can still be read."""
        self._listener.stop()


class StubServer(Served, Stub):
    """The stub on a socket: `with StubServer() as stub:`, and clients find it at `stub.url`.

    Args:
        host: Address to listen on.
        port: 0 is any free one.
        grace: Seconds that requests in progress have when the server stops.
        **settings: As for `Stub`.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, grace: float = 0.0, **settings: Any) -> None:
        super().__init__(**settings)
        self._listener = Listener(self, host=host, port=port, grace=grace)
        self._is_closed = False

    def start(self) -> None:
        """Listen; requests are served when this returns.

        Raises:
            CannotServe: if the address cannot be listened on.
            RuntimeError: if it is listened on already, or the state has been let go of.
        """
        if self._is_closed:
            raise RuntimeError("the stub has been closed; make a new one")
        super().start()

    def close(self) -> None:
        """Stop listening, and let go of the state."""
        self.stop()
        self._is_closed = True
        super().close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except CannotServe:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<StubServer at {self.base_url}, {'running' if self.is_running else 'stopped'}>"


class _Server(uvicorn.Server):
    """A server that stops when it is told to, not when it next looks, and within its grace."""

    def __init__(self, app: Any, grace: float, *, dates: bool) -> None:
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            http=ShortcutProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=dates,
            proxy_headers=False,
            backlog=_BACKLOG,
            timeout_keep_alive=75,
        )
        setattr(config, SHORTCUT, getattr(app, "answer_at_once", None))
        super().__init__(config)
        self.is_ready = Event()
        self._app = app
        self._grace = grace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until `stop` is called."""
        try:
            super().run(sockets)
        finally:
            self.is_ready.set()

    def stop(self) -> None:
        """Tell the server to stop, from another thread."""
        if self._loop is not None and self._stopped is not None:
            with suppress(RuntimeError):  # it has stopped already
                self._loop.call_soon_threadsafe(self._stopped.set)

    async def main_loop(self) -> None:
        """Wait for the end; until then the clock is looked at now and then."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self.is_ready.set()
        while not self._stopped.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), _TICK)
            await self.on_tick(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections; let requests in progress come to their end while the grace lasts."""
        await self._accept_no_more(sockets or ())
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        tasks = set(self.server_state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._grace)
            self._abort()
            await asyncio.sleep(0)  # connections tell those who answer that nobody reads any more
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._abort()

    async def _accept_no_more(self, sockets: Sequence[socket.socket]) -> None:
        """Let what has been accepted become a connection, which can be closed: a closed server forgets it."""
        for listening in sockets:
            with suppress(NotImplementedError):  # not every loop has readers
                asyncio.get_running_loop().remove_reader(listening)
        for _ in range(_ACCEPTING):
            await asyncio.sleep(0)

    def _abort(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request; that it is given up when the server stops is no fault."""
        with suppress(asyncio.CancelledError):
            await self._app(scope, receive, send)


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        CannotServe: if there is none to be had.
    """
    address = f"{host}:{port}"
    if not 0 <= port <= _LARGEST_PORT:
        raise CannotServe(address, f"a port is a number from 0 to {_LARGEST_PORT}")
    try:
        family, kind, protocol, _, place = _resolve(host, port)[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise CannotServe(address, _reason(error)) from None
    try:
        # A port that was left a moment ago is taken again; on Windows the option would share a port that is in use.
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        raise CannotServe(address, _reason(error)) from None
    return listening


def _resolve(host: str, port: int) -> Sequence[Any]:
    return socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)


def _reason(error: Exception) -> str:
    import errno  # noqa: PLC0415 - only a fault needs it

    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "the port is in use; choose another one, or 0 for any that is free"
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return "the system does not allow it; ports below 1024 need privileges"
    return str(getattr(error, "strerror", None) or error)
