"""Processes that work side by side, any of which may die at any time.

Each has a pipe of its own. The executors of the standard library share one among all processes, and wait for ever for
the rest of a message whose sender was killed while it wrote (seen in CPython 3.11).
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

_DEPTH: Final = 2  # tasks that a process has: one that it does, and the next
_CONTAINERS: Final = 50_000  # new ones after which cycles among them are looked for
_ATTEMPTS: Final = 2  # how often a task may cost a process its life


class _Failure(NamedTuple):
    """An exception where a result was expected."""

    error: BaseException


@dataclass(slots=True, eq=False)
class Task:
    """Something to do.

    Attributes:
        work: What does it, a function of a module.
        arguments: Of the function.
        attempts: How many processes have died of it.
        is_done: Whether there is a result, or there will never be one.
        is_lost: Whether the processes that did it died, again and again.
        result: What the function returned.
    """

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    attempts: int = 0
    is_done: bool = False
    is_lost: bool = False
    result: Any = None


@dataclass(slots=True, eq=False)
class _Worker:
    """A process with the tasks that it has, the one that it does being the first."""

    process: BaseProcess
    connection: Connection
    tasks: deque[Task] = field(default_factory=deque)


class Crew:
    """Does tasks on several processes, which are started when there is something to do.

    Args:
        size: How many there are.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._workers: list[_Worker] = []
        self._waiting: deque[Task] = deque()

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Task:
        """Have something done."""
        task = Task(work, arguments)
        self._waiting.append(task)
        self._hand_out()
        return task

    def poll(self, *, wait: bool) -> None:
        """Take what has been done; if there is nothing, *wait* for it.

        Raises:
            Exception: what a task has raised.
        """
        from multiprocessing.connection import wait as wait_for  # noqa: PLC0415 - small runs start no processes

        busy = {worker.connection: worker for worker in self._workers if worker.tasks}
        for connection in wait_for(list(busy), None if wait else 0) if busy else ():
            self._receive(busy[connection])  # type: ignore[index]  # those that were given
        self._hand_out()

    def close(self) -> None:
        """End all processes, whatever they are about."""
        for worker in self._workers:
            worker.process.kill()
            worker.connection.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _receive(self, worker: _Worker) -> None:
        try:
            result = worker.connection.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        task = worker.tasks.popleft()
        if isinstance(result, _Failure):
            raise result.error
        task.result, task.is_done = result, True

    def _hand_out(self) -> None:
        while self._waiting:
            if len(self._workers) < self._size and all(worker.tasks for worker in self._workers):
                context = _context()
                with _without_interruption():  # a process that nobody knows of would not be ended
                    self._workers.append(_start(context))
            worker = min(self._workers, key=lambda worker: len(worker.tasks))
            if len(worker.tasks) >= _DEPTH:
                return
            task = self._waiting.popleft()
            worker.tasks.append(task)
            try:
                worker.connection.send((task.work, task.arguments))
            except OSError:
                self._bury(worker)

    def _bury(self, worker: _Worker) -> None:
        """Take a process that has died out of the crew, and have its tasks done by others."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.kill()  # if only its pipe is gone
        worker.process.join()
        if worker.tasks:
            suspect = worker.tasks[0]
            suspect.attempts += 1
            if suspect.attempts >= _ATTEMPTS:
                suspect.is_lost = suspect.is_done = True
                worker.tasks.popleft()
        self._waiting.extendleft(reversed(worker.tasks))


def _start(context: BaseContext) -> _Worker:
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]  # all have it
    process.start()
    theirs.close()  # so that the end of the process is the end of the pipe
    return _Worker(process, ours)


@contextlib.contextmanager
def _without_interruption() -> Iterator[None]:
    """Keep signals waiting: here, in whichever thread they come, and in the process that is started until it serves."""
    import signal  # noqa: PLC0415 - small runs start no processes
    import threading  # noqa: PLC0415 - as above

    numbers = (signal.SIGINT, signal.SIGTERM)
    came: list[int] = []
    handlers: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():  # no other runs handlers, or may change them
        handlers = {number: signal.getsignal(number) for number in numbers}
        handlers = {number: handler for number, handler in handlers.items() if handler not in {None, signal.SIG_IGN}}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, numbers) if hasattr(signal, "pthread_sigmask") else None
    for number in handlers:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for late in came:
            signal.raise_signal(late)


def _context() -> BaseContext:
    """How to start processes: by a copy of this one, which is quick, where that is safe."""
    import multiprocessing  # noqa: PLC0415 - small runs start no processes

    threads = "/proc/self/task"
    is_alone = sys.platform == "linux" and os.path.isdir(threads) and len(os.listdir(threads)) == 1  # noqa: PTH112, PTH208
    if is_alone:
        return multiprocessing.get_context("fork")
    if sys.platform != "win32":
        from multiprocessing import resource_tracker  # noqa: PLC0415 - as above

        resource_tracker.ensure_running()  # else the first start does it, which lets waiting signals through
    return multiprocessing.get_context("spawn")


def _serve(connection: Connection) -> None:
    """Do what comes through a pipe, until it is closed: Ctrl-C is for the process that has started this one."""
    import gc  # noqa: PLC0415 - small runs start no processes
    import signal  # noqa: PLC0415 - as above
    from multiprocessing import parent_process  # noqa: PLC0415 - as above
    from multiprocessing.connection import wait  # noqa: PLC0415 - as above
    from queue import SimpleQueue  # noqa: PLC0415 - as above
    from threading import Thread  # noqa: PLC0415 - as above

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    gc.freeze()  # what has been loaded stays; and records leave no cycles, but are many
    gc.set_threshold(_CONTAINERS)
    tasks: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...]]] = SimpleQueue()

    parent = parent_process()
    ends: list[Any] = [connection, *([parent.sentinel] if parent is not None else [])]

    def read() -> None:
        # Beside the work, so that the other side never has to wait until a task is taken. That it is gone the pipe does
        # not always tell: processes that are copies of it keep its end open.
        while True:
            if connection not in wait(ends):
                os._exit(0)
            try:
                tasks.put(connection.recv())
            except (EOFError, OSError):
                os._exit(0)

    Thread(target=read, daemon=True).start()
    while True:
        work, arguments = tasks.get()
        result: Any
        try:
            result = work(*arguments)
        except Exception as error:  # noqa: BLE001 - it is raised on the other side
            result = _Failure(error)
        with contextlib.suppress(OSError):  # then nobody is there any more, and the reader ends this process
            connection.send(result)
