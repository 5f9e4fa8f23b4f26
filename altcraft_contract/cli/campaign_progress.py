"""What a campaign is about to do and has found, while it goes on: on the standard error."""

from __future__ import annotations

import os
import shutil
import time
from collections import defaultdict
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.cli.talk import say
from altcraft_contract.fuzz.events import (
    CampaignFinished,
    CampaignStarted,
    FailureFound,
    PhaseStarted,
    RequestSent,
    Waiting,
)
from altcraft_contract.fuzz.reports.wording import name_of
from altcraft_contract.renderers.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.fuzz.case import Phase
    from altcraft_contract.fuzz.events import Event

_INTERVAL: Final = 0.1  # seconds between two updates of the line
_SILENCE: Final = 10.0  # seconds before the same reason to wait is told again
_WARM_UP: Final = "warm-up"  # is no trial of the plan


class CampaignProgress:
    """A listener that tells of a campaign; it may be called from several threads.

    On a terminal one line is written again and again, with counters. Failures, and reasons to wait, have lines of
    their own; without a terminal, so have the phases.

    Args:
        stream: The standard error.
        quiet: Whether to say nothing.
        clock: Seconds that only grow.
    """

    def __init__(self, stream: Any, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._is_quiet = quiet
        self._clock = clock
        self._is_live = not quiet and stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._lock = Lock()
        self._started = self._next = clock()
        self._planned: Mapping[Phase, int] = {}
        self._done: defaultdict[Phase, set[str]] = defaultdict(set)
        self._failures = 0
        self._is_shown = False
        self._told: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        """Take an event."""
        with self._lock:
            match event:
                case CampaignStarted():
                    self._planned = event.trials
                    self._say(f"run {event.run}, seed {event.seed}: {event.target}")
                    for remark in event.remarks:
                        self._say(remark)
                case PhaseStarted() if not self._is_live:
                    self._say(f"phase {event.phase}: {count(event.trials, 'trial')}")
                case RequestSent():
                    self._count(event)
                case Waiting():
                    self._wait(event)
                case FailureFound():
                    self._failures += 1
                    self._say(
                        f"failure: {event.failure.cause.oracle}, {name_of(event.failure)}: {event.failure.message}"
                    )
                case CampaignFinished():
                    self._erase()

    def _count(self, event: RequestSent) -> None:
        if event.trial != _WARM_UP:
            self._done[event.phase].add(event.trial)
        now = self._clock()
        if not self._is_live or now < self._next:
            return
        self._next = now + _INTERVAL
        seconds = max(now - self._started, 0.001)
        done, planned = len(self._done[event.phase]), self._planned.get(event.phase, 0)
        parts = [
            f"{event.phase} {done:,}/{planned:,}" if done <= planned else f"{event.phase} {done:,}",
            count(event.requests, "request"),
            count(event.orders, "order"),
            count(self._failures, "failure"),
            f"{event.requests / seconds:,.0f}/s",
            f"{int(seconds) // 60}:{int(seconds) % 60:02}",
        ]
        self._show(", ".join(parts))

    def _wait(self, event: Waiting) -> None:
        now = self._clock()
        if now - self._told.get(event.reason, float("-inf")) >= _SILENCE:
            self._told[event.reason] = now
            self._say(f"waits {event.seconds:.1f} s: {event.reason}")

    def _say(self, text: str) -> None:
        if not self._is_quiet:
            self._erase()
            say(text)

    def _show(self, text: str) -> None:
        columns = shutil.get_terminal_size().columns
        self._write(f"\r{text[: columns - 1]}\x1b[K")
        self._is_shown = True

    def _erase(self) -> None:
        if self._is_shown:
            self._write("\r\x1b[K")
            self._is_shown = False

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # a terminal that is gone needs no progress
            self._stream.write(text)
            self._stream.flush()
