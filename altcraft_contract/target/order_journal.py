"""The journal of orders: a file that tells of every order that a service was sent, and what became of it.

An order is written down before it leaves, and its outcome after that: whatever is killed in between, the file names the
orders that may exist. Lines are only added, each in one write and under a lock, so that processes may share the file.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal

from altcraft_contract.errors import ConfigurationFault, UnreadableFile
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.target.not_sent import NotSent

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from typing import Self

Outcome = Literal["accepted", "outdated", "refused", "unknown", "not-sent"]
Triggers = Literal["skipped", "run"]

VERSION: Final = 1
_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_MODE: Final = 0o600
_LONGEST: Final = 10_000  # characters of an order's id or of a test's
_OK: Final = 200
_REFUSALS: Final = range(400, 500)
_TIMEOUTS: Final = (408, 499)
_OUTCOMES: Final[frozenset[str]] = frozenset({"accepted", "outdated", "refused", "unknown", "not-sent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An order that was sent, or was about to be.

    Attributes:
        attempt: Tells it from every other.
        time: When it left, in UTC, as RFC 3339.
        target: Origin of the service.
        external_id: Of the order, with what may be secret in it masked; None if it has none.
        test: What sent it; None if that is not known.
        triggers: Whether the service was told to skip them.
        outcome: `accepted`, `outdated` (nothing was ordered, by the documentation), `refused`, `not-sent` (the service
            could not be reached) or `unknown`: the order may exist.
        status: HTTP status of the answer; None without one.
        error: `error` of the answer; None without one.
    """

    attempt: str
    time: str
    target: str
    external_id: str | None
    test: str | None
    triggers: Triggers
    outcome: Outcome = "unknown"
    status: int | None = None
    error: int | None = None


class OrderJournal:
    """Writes the file.

    Args:
        path: The file; made, readable by its owner only, if there is none.
        target: Origin of the service.
        now: The time, in UTC.
        is_durable: Whether every line is seen on the disk: else only what the system loses, such as by a power cut, is
            lost.

    Raises:
        ConfigurationFault: if it cannot be written.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, target: str, now: Callable[[], datetime], is_durable: bool = True
    ) -> None:
        self.path = os.fspath(path)
        self._target = target
        self._now = now
        self._is_durable = is_durable
        self._lock = Lock()
        try:
            self._file = os.open(self.path, _FLAGS, _MODE)
        except (OSError, ValueError) as error:
            raise ConfigurationFault(*self._fault(error)) from None
        if not stat.S_ISREG(os.fstat(self._file).st_mode):
            os.close(self._file)
            raise ConfigurationFault(*self._fault(OSError(errno.EINVAL, "is not a regular file")))

    def sent(
        self, external_id: str | None, *, test: str | None, triggers: Triggers, secrets: Iterable[str] = ()
    ) -> str:
        """Write down an order that is about to leave.

        Args:
            external_id: Of the order, if it has one.
            test: What sends it.
            triggers: Whether the service is told to skip them.
            secrets: What must not be written.

        Returns:
            What `settle` wants to be told.

        Raises:
            NotSent: if it cannot be written down: then it must not leave.
        """
        secrets = frozenset(secrets)
        attempt = token_hex(8)
        line = {
            "event": "sent",
            "attempt": attempt,
            "target": self._target,
            "external_id": _shown(external_id, secrets),
            "test": _shown(test, secrets),
            "triggers": triggers,
        }
        try:
            self._write(line)
        except (OSError, ValueError) as error:
            raise NotSent(": ".join(self._fault(error))) from None
        return attempt

    def settle(self, attempt: str, outcome: Outcome, *, status: int | None = None, error: int | None = None) -> None:
        """Write down what became of an order.

        A fault of the file is passed over: what is not settled counts as `unknown`.
        """
        try:
            self._write({"event": "outcome", "attempt": attempt, "outcome": outcome, "status": status, "error": error})
        except (OSError, ValueError):
            return

    def close(self) -> None:
        """Close the file; nothing can be sent any more."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, members: dict[str, Any]) -> None:
        """Add a line.

        Raises:
            OSError: if that fails.
        """
        time = self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"version": VERSION, "time": time, **members}).encode() + b"\n"
        with self._lock:
            if self._file < 0:
                raise OSError(errno.EBADF, "it has been closed")
            with _locked(self._file):
                if self._is_torn():
                    line = b"\n" + line
                if os.write(self._file, line) != len(line):  # the next line mends it
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if self._is_durable:
                os.fsync(self._file)

    def _is_torn(self) -> bool:
        """Whether the last line has no end: who wrote it was killed, or the disk was full."""
        size = os.fstat(self._file).st_size
        if size == 0:
            return False
        os.lseek(self._file, size - 1, os.SEEK_SET)
        return os.read(self._file, 1) not in (b"\n", b"")

    def _fault(self, error: Exception) -> tuple[str, str]:
        reason = getattr(error, "strerror", None) or str(error)
        return f"the journal of orders {self.path}", f"it cannot be written: {reason.lower()}"


@contextmanager
def _locked(file: int) -> Iterator[None]:
    """Keep other processes from writing, where the system can (Windows cannot keep them from that alone)."""
    if sys.platform == "win32":
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def outcome_of(status: int | None, error: int | None, order_status: str | None) -> Outcome:
    """What became of an order, from what is certain of the answer; in doubt it is `unknown`.

    Args:
        status: HTTP status; None if no whole answer came.
        error: `error` of the answer, if it is a whole number.
        order_status: `data.status` of the answer.
    """
    if status is None:
        return "unknown"
    if status == _OK and error is not None:
        if error != 0:
            return "refused"
        return "outdated" if order_status == "outdated" else "accepted"
    return "refused" if status in _REFUSALS and status not in _TIMEOUTS and error != 0 else "unknown"


def iter_attempts(path: str | os.PathLike[str]) -> Iterator[Attempt]:
    """The orders in a journal, each with its outcome, in the order in which they left.

    Lines that are not whole are passed over: whoever wrote them was killed before anything was sent.

    Raises:
        UnreadableFile: if the file cannot be read.
    """
    attempts: dict[str, Attempt] = {}
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a path of any kind
            for line in file:
                _take(attempts, line)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(os.fspath(path), reason.lower()) from None
    yield from attempts.values()


def _take(attempts: dict[str, Attempt], line: bytes) -> None:
    try:
        members = json.loads(line)
        if members["version"] != VERSION:
            return
        event, attempt = members["event"], str(members["attempt"])
        if event == "sent":
            names = ("time", "target", "external_id", "test", "triggers")
            attempts[attempt] = Attempt(attempt=attempt, **{name: members[name] for name in names})
        elif event == "outcome" and attempt in attempts and members["outcome"] in _OUTCOMES:
            told = {name: members[name] for name in ("outcome", "status", "error")}
            attempts[attempt] = replace(attempts[attempt], **told)
    except (ValueError, TypeError, KeyError, RecursionError):
        return


def _shown(text: str | None, secrets: frozenset[str]) -> str | None:
    return redact_text(text[:_LONGEST], secrets) if text is not None else None
