"""Processes side by side, and signals that come while they are started."""

from __future__ import annotations

import os
import signal
from multiprocessing.process import active_children
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.lint.bulk import crew as crews
from altcraft_contract.lint.bulk.crew import Crew

if TYPE_CHECKING:
    from types import FrameType


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be kept waiting here")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_started_amid_a_signal_is_ended(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that comes when a process has just been started waits until the crew knows of it."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    def start() -> object:
        worker = original()
        os.kill(os.getpid(), number)
        return worker

    others = set(active_children())
    original = crews._start
    monkeypatch.setattr(crews, "_start", start)
    crew = Crew(1)
    before = signal.signal(number, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            crew.submit(len, "four")
        assert len(set(active_children()) - others) == 1
    finally:
        signal.signal(number, before)
        crew.close()
    assert set(active_children()) == others
