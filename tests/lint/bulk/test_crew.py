"""Processes side by side, and signals that come while they are started."""

from __future__ import annotations

import os
import signal
from multiprocessing.process import active_children
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.lint.bulk import crew as crews
from altcraft_contract.lint.bulk.crew import Crew

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from types import FrameType


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals come in other ways here")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_started_amid_a_signal_is_ended(
    number: signal.Signals, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that comes when a process has just been started waits until the crew knows of it."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    def start(context: BaseContext) -> object:
        worker = original(context)
        os.kill(os.getpid(), number)
        return worker

    others = set(active_children())
    original = crews._start
    monkeypatch.setattr(crews, "_start", start)
    crew = Crew(1)
    end = Event()
    helpers = [Thread(target=end.wait) for _ in range(threads - 1)]  # to which the signal may go as well
    for helper in helpers:
        helper.start()
    before = signal.signal(number, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            crew.submit(len, "four")
        assert len(set(active_children()) - others) == 1
    finally:
        signal.signal(number, before)
        crew.close()
        end.set()
        for helper in helpers:
            helper.join()
    assert set(active_children()) == others
