"""What commands that serve have in common: the port file, the log, and the end."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.cli.options import option, unwritable
from altcraft_contract.cli.talk import say, tell
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.renderers.text import count
from altcraft_contract.renderers.visible import visible
from altcraft_contract.stub.entry_json import LONGEST_ID, render_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from altcraft_contract.stub.journal import JournalEntry

_LONGEST_NOTE: Final = 300  # characters of a note in the log
_OK: Final = 200
_MOST_LINES: Final = 1000  # of the log that wait to be written
_PATIENCE: Final = 2.0  # seconds for the last of them
_LOOK: Final = 0.5  # seconds; on Windows a wait without an end cannot be interrupted
_MOST_RULES: Final = 5  # rule ids in a line of the log

HOST: Final = option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address or name to listen on."
)
PORT_FILE: Final = option("--port-file", metavar="FILE", help="Write the port to FILE once requests are served.")
LOG_FORMAT: Final = option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write a line for each request, to the standard error.",
)
QUIET: Final = option("--quiet", "-q", is_flag=True, help="No line for each request.")


@contextmanager
def logging_to(style: str, *, quiet: bool) -> Iterator[Log]:
    """A log, which also has what the server's libraries say, until the end of the command."""
    log = Log(style, quiet=quiet)
    handler = _Records(log)
    loggers = [logging.getLogger(name) for name in ("uvicorn.error", "altcraft_contract.stub")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield log
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.propagate = True
        log.close()


class _Records(logging.Handler):
    """Records of the server's libraries, as lines of the log; of an exception only its type and its place."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        text = record.getMessage().strip()
        if record.exc_info is not None and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
            text += f": {type(error).__name__}{place}"
        self._log.say("warning", f"{record.levelname.lower()}: {text}")


class Log:
    """Lines on the standard error: talk, and one for each request; as JSON objects if that was asked for."""

    def __init__(self, style: str, *, quiet: bool) -> None:
        self._is_json = style == "json"
        self._is_quiet = quiet
        self._lines: Queue[str | None] = Queue(_MOST_LINES)
        self._lost = 0
        self._is_over = threading.Event()
        self._writer = Thread(target=self._write, name="altcraft-contract:log", daemon=True)
        self._writer.start()

    def _write(self) -> None:
        for line in iter(self._lines.get, None):
            if self._is_taken():
                tell(line)
            else:
                self._lost += 1

    def _is_taken(self) -> bool:
        """Wait until the standard error takes a line; false if it does not, and the end has come."""
        while True:
            try:
                ready = select.select([], [sys.stderr], [], 0 if self._is_over.is_set() else _LOOK)[1]
            except (OSError, ValueError, TypeError, AttributeError):  # no file, or a system that cannot tell
                return True
            if ready or self._is_over.is_set():
                return bool(ready)

    def _put(self, line: str) -> None:
        try:
            self._lines.put_nowait(line)
        except Full:  # nobody reads the standard error: requests do not wait for that
            self._lost += 1

    def close(self) -> None:
        """Write what is left, unless nobody reads it."""
        with suppress(Full):
            self._lines.put(None, timeout=_PATIENCE)
        self._writer.join(_PATIENCE)
        self._is_over.set()
        if self._writer.is_alive():
            self._lines.put(None)
            self._writer.join(_PATIENCE)
        if self._lost and self._is_taken():
            say(f"warning: {count(self._lost, 'line')} of this log not written: nobody read it in time")

    def say(self, event: str, text: str, **members: Any) -> None:
        """Tell of an event: *text* for people, *members* for programs."""
        if self._is_json:
            self._put(json.dumps({"event": event, "message": redact_text(text), **members}, ensure_ascii=False))
        else:
            self._put(f"altcraft-contract: {visible(redact_text(text))}")

    def request(self, entry: JournalEntry) -> None:
        """Tell of a request."""
        if self._is_quiet:
            return
        if self._is_json:
            self._put(json.dumps(_members(entry), ensure_ascii=False))
        else:
            self._put(visible(redact_text(_line(entry))))


def _members(entry: JournalEntry) -> dict[str, Any]:
    return {
        "event": "request",
        "time": render_time(entry.time),
        "number": entry.number,
        "method": entry.request.method[:20],
        "path": redact_text(entry.request.path, entry.secrets)[:200],
        "syntax": entry.syntax,
        "external_id": redact_text(entry.external_id, entry.secrets)[:LONGEST_ID]
        if entry.external_id is not None
        else None,
        "status": entry.answer.status if entry.answer is not None else None,
        "outcome": entry.outcome,
        "error": entry.error,
        "refusal": entry.refusal,
        "scenario": entry.scenario,
        "is_repeat": entry.is_repeat,
        "findings": entry.rules,
        "notes": [redact_text(note, entry.secrets)[:_LONGEST_NOTE] for note in entry.notes],
        "duration_ms": round(entry.duration * 1000, 3),
    }


def _line(entry: JournalEntry) -> str:
    """Such as `12:00:01 #3 POST json order_1: refused, error 400 (line-item-missing)`."""
    words = [f"{entry.time.astimezone():%H:%M:%S}", f"#{entry.number}", entry.request.method[:20]]
    words += [entry.syntax] if entry.syntax is not None else [redact_text(entry.request.path, entry.secrets)[:80]]
    words += [redact_text(entry.external_id, entry.secrets)[:LONGEST_ID]] if entry.external_id is not None else []
    outcome: str = entry.outcome or ("no answer" if entry.answer is None else "answered, not checked")
    if entry.outcome == "refused":
        outcome += f", error {entry.error}"
    if entry.answer is not None and entry.answer.status != _OK:
        outcome += f", HTTP {entry.answer.status}"
    if entry.scenario not in (None, "success"):
        outcome += f", scenario {entry.scenario}"
    if entry.is_repeat:
        outcome += ", repeated"
    rules = entry.rules
    told = ", ".join(rules[:_MOST_RULES]) + (
        f" and {len(rules) - _MOST_RULES} more" if len(rules) > _MOST_RULES else ""
    )
    line = f"{' '.join(words)}: {outcome}" + (f" ({told})" if rules else "")
    return "; ".join([line, *(redact_text(note, entry.secrets)[:_LONGEST_NOTE] for note in entry.notes)])


@contextmanager
def port_file(path: str | None, port: int) -> Iterator[None]:
    """Write the port to a file, whole or not at all, while a server listens on it.

    Raises:
        UnreadableFile: if it cannot be written.
    """
    if path is None:
        yield
        return
    file = Path(path)
    if path.endswith(("/", os.sep)) or not file.name or file.is_dir():
        raise UnreadableFile(path, "is a directory; name a file in it")
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_text(f"{port}\n", encoding="ascii")
        temporary.replace(file)
    except (OSError, ValueError) as error:
        raise unwritable(path, error if isinstance(error, OSError) else ValueError(str(error))) from None
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            if int(file.read_text(encoding="ascii")) == port:  # else it is another server's by now
                file.unlink()


class End:
    """Waits for SIGINT or SIGTERM while it is entered.

    The first one ends the waiting; a second one is a `KeyboardInterrupt`.

    Attributes:
        signal: The number of the signal that came; 0 if none has.
    """

    def __init__(self) -> None:
        self.signal = 0
        self._came = threading.Event()
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._previous[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: object) -> None:
        if self._came.is_set():
            raise KeyboardInterrupt
        self.signal = number
        self._came.set()

    def wait(self, is_running: Callable[[], bool]) -> None:
        """Wait for a signal, or until the server does not run any more."""
        while not self._came.wait(_LOOK) and is_running():
            pass


def warn_of_strangers(log: Log, host: str) -> None:
    """Say who can read the journal if it is not this machine alone."""
    if host not in ("127.0.0.1", "localhost", "::1"):
        log.say(
            "warning",
            f"warning: whoever reaches {host} can send orders and read the journal at /__altcraft__/, "
            "which holds orders without tokens, e-mail addresses and telephone numbers",
        )


def flush_line(text: str) -> None:
    """One line on the standard output, at once: a program may wait for it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
