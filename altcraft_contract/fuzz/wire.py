"""Sockets that wait no longer than they are told, and requests on their way through them."""

from __future__ import annotations

import select
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.fuzz.answer_reader import Broken

if TYPE_CHECKING:
    from altcraft_contract.fuzz.answer_reader import AnswerReader
    from altcraft_contract.target.address import Target

Clock = Callable[[], float]
Address = tuple[int, tuple[Any, ...]]
"""The family of an address, and what `connect` takes."""

_PIECE: Final = 64 * 2**10  # bytes that are read at once
_LATER: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_MOMENT: Final = 0.001  # seconds; none at all would not wait, but fail
_has_poll: Final = hasattr(select, "poll")


class Wire:
    """An open connection; none of its methods but `wait` waits."""

    __slots__ = ("_socket", "is_encrypted")

    def __init__(self, connected: socket.socket) -> None:
        connected.setblocking(False)  # noqa: FBT003 - the signature is the standard library's
        self._socket = connected
        self.is_encrypted = isinstance(connected, ssl.SSLSocket)

    def write(self, data: bytes | memoryview) -> int:
        """How many bytes could be written now.

        Raises:
            OSError: if the connection is broken.
        """
        try:
            return self._socket.send(data)
        except _LATER:
            return 0

    def read(self) -> bytes | None:
        """What has come, empty at the end of the connection; None if nothing has.

        Raises:
            OSError: if the connection is broken.
        """
        try:
            return self._socket.recv(_PIECE)
        except _LATER:
            return None

    def wait(self, seconds: float, *, to_write: bool = False) -> tuple[bool, bool]:
        """Wait until something can be read, or written if that is wanted too; whether it can."""
        seconds = max(seconds, 0.0)
        if not _has_poll:  # Windows
            wanted = [self._socket]
            readable, writable, broken = select.select(wanted, wanted if to_write else [], wanted, seconds)
            return bool(readable or broken), bool(writable or (broken and to_write))
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLOUT if to_write else select.POLLIN)
        events = poll.poll(seconds * 1_000)
        if not events:
            return False, False
        mask = events[0][1]
        return bool(mask & ~select.POLLOUT), bool(mask & ~select.POLLIN)

    def read_unasked(self) -> bytes | None:
        """What has come between two requests, empty if the other side has ended the connection; None if nothing has."""
        if not self.wait(0)[0]:
            return None
        try:
            return self.read()
        except OSError:
            return b""

    def close(self) -> None:
        """Close it at once."""
        self._socket.close()


class Passage:
    """One request on its way through a wire, and its answer on the way back.

    Args:
        wire: Where it goes.
        reader: Reads the answer.
        deadline: When the answer has to be whole, by *clock*.
        timeout: The seconds that this deadline stands for.
        clock: Seconds that only grow.

    Attributes:
        is_sent: Whether all that was given to `write` has been taken in.
    """

    __slots__ = ("_clock", "_deadline", "_reader", "_wire", "is_sent", "timeout")

    def __init__(self, wire: Wire, reader: AnswerReader, *, deadline: float, timeout: float, clock: Clock) -> None:
        self._wire = wire
        self._reader = reader
        self._deadline = deadline
        self.timeout = timeout
        self._clock = clock
        self.is_sent = True

    def write(self, data: bytes) -> None:
        """Write on, reading meanwhile; nothing more is written once the answer is whole or the connection broken.

        Raises:
            Broken: if there will be no whole answer.
        """
        if not data:
            return
        if not self.is_sent or self._reader.is_whole:
            self.is_sent = False
            return
        try:
            sent = self._wire.write(data)
            if sent < len(data):
                self._write_rest(memoryview(data)[sent:])
        except OSError:
            # Whoever stops reading may have answered before.
            self.is_sent = False

    def _write_rest(self, rest: memoryview) -> None:
        while rest:
            can_read, can_write = self._wire.wait(self._deadline - self._clock(), to_write=True)
            if can_read:
                self._read()
                if self._reader.is_whole:
                    self.is_sent = False
                    return
            if can_write:
                rest = rest[self._wire.write(rest) :]
            if self._clock() >= self._deadline:
                raise Broken(
                    "timeout", f"the request was not taken in within {self.timeout:g} s: {len(rest)} bytes were left"
                )

    def pause(self, seconds: float, *, until_continued: bool = False) -> None:
        """Write nothing for so long, or until the answer is whole, or HTTP 100 has come.

        Raises:
            Broken: if there will be no whole answer.
        """
        end = min(self._clock() + seconds, self._deadline)
        while not self._reader.is_whole and not (until_continued and self._reader.is_continued):
            left = end - self._clock()
            if left <= 0:
                return
            if self._wire.wait(left)[0]:
                self._read()

    def read_answer(self) -> None:
        """Read until the answer is whole.

        Raises:
            Broken: if it will not be.
        """
        # What has been decrypted already shows no more on the socket.
        is_waiting = not self._wire.is_encrypted
        while not self._reader.is_whole:
            left = self._deadline - self._clock()
            if left <= 0 or (is_waiting and not self._wire.wait(left)[0]):
                raise Broken("timeout", f"the answer was not whole within {self.timeout:g} s: {self._reader.where()}")
            is_waiting = not self._read() or not self._wire.is_encrypted

    def _read(self) -> bool:
        """Take what has come; whether anything has."""
        try:
            data = self._wire.read()
        except OSError as error:
            raise self._broken(error) from None
        if data is None:
            return False
        if data:
            self._reader.feed(data)
        else:
            self._reader.end()
        return True

    def _broken(self, error: OSError) -> Broken:
        if isinstance(error, ssl.SSLError):
            return Broken("tls", f"the TLS connection broke: {self._reader.where()}")
        if isinstance(error, ConnectionError):
            return Broken("reset", f"the connection was reset: {self._reader.where()}")
        return Broken("reset", f"the connection broke ({_reason(error)}): {self._reader.where()}")


def find_addresses(target: Target) -> list[Address]:
    """The addresses of a target.

    Raises:
        Broken: if it has none.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Broken("refused-connection", "no connection: no such host") from None
    return list(dict.fromkeys((int(family), address) for family, _, _, _, address in found))


def open_wire(address: Address, *, host: str, tls: ssl.SSLContext | None, deadline: float, clock: Clock) -> Wire:
    """A connection to an address.

    Args:
        address: Where to.
        host: What its certificate has to name.
        tls: Makes it an encrypted one.
        deadline: When it has to stand, by *clock*.
        clock: Seconds that only grow.

    Raises:
        Broken: if there is none.
    """
    connected = socket.socket(address[0], socket.SOCK_STREAM)
    try:
        connected.settimeout(max(deadline - clock(), _MOMENT))
        _connect(connected, address)
        if tls is None:
            return Wire(connected)
        connected.settimeout(max(deadline - clock(), _MOMENT))
        return Wire(_encrypted(connected, tls, host))
    except BaseException:
        connected.close()
        raise


def _connect(new: socket.socket, address: Address) -> None:
    try:
        new.connect(address[1])
    except TimeoutError:
        raise Broken("timeout", "no connection came about in time") from None
    except ConnectionResetError:
        raise _gone() from None
    except OSError as error:
        raise Broken("refused-connection", f"no connection: {_reason(error)}") from None
    try:
        is_own = new.getsockname() == new.getpeername()
        new.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        raise _gone() from None
    if is_own:
        # Where nobody listens, the system may have chosen that very port for this end.
        raise Broken("refused-connection", f"no connection: {_reason(ConnectionRefusedError())}")


def _gone() -> Broken:
    """A connection that stood, and was reset before anything could be sent."""
    return Broken("reset", "the connection was reset as soon as it stood")


def _encrypted(connected: socket.socket, tls: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    try:
        return tls.wrap_socket(connected, server_hostname=host.rstrip("."))
    except ssl.SSLCertVerificationError as error:
        told = error.verify_message or "it is not trusted"
        raise Broken("tls", f"its certificate is not taken: {told}; name its issuer with --ca-file") from None
    except TimeoutError:
        raise Broken("timeout", "TLS was not agreed on in time") from None
    except ConnectionError:
        raise Broken("tls", "the connection ended while TLS was being agreed on") from None
    except (OSError, ValueError):
        raise Broken("tls", "no TLS connection; is it a service for http:// URLs?") from None


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused; is the service running?"
    return error.strerror.lower() if error.strerror else "the system does not say why"
