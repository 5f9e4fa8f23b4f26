"""Parts to outcomes on a cluster of Dask, in the order of the input."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.distributed.connection import connected, count_threads, in_one_line
from altcraft_contract.distributed.parts import LARGE, check_part, count_part, iter_parts, lost_part
from altcraft_contract.errors import MissingExtra
from altcraft_contract.lint.bulk.chunk import Remarks, Span
from altcraft_contract.lint.bulk.work import Numbering, Outcome
from altcraft_contract.renderers.report import Tally

try:
    from dask.distributed import KilledWorker
except ImportError:
    raise MissingExtra("distributed", "distributed") from None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from altcraft_contract.distributed.parts import Part, PartSizes
    from altcraft_contract.lint.bulk.work import Plan
    from altcraft_contract.lint.payloads import Payload

_AHEAD: Final = 4  # parts a thread that are handed out before they are needed
_KILLED: Final = "the workers that checked it were killed, again and again (out of memory?)"


class Patience(NamedTuple):
    """How long to wait for whom, in seconds.

    Attributes:
        scheduler: Until it answers.
        workers: Until there is one again, once all are gone.
        look: Between two looks at whether there is one.
    """

    scheduler: float = 10.0
    workers: float = 60.0
    look: float = 5.0


PATIENT: Final = Patience()
"""Enough for workers that are started again by a nanny, or by the system that runs the cluster."""


def iter_outcomes(
    payloads: Iterable[Payload],
    plan: Plan,
    address: str,
    *,
    sizes: PartSizes = LARGE,
    patience: Patience = PATIENT,
) -> Iterator[Outcome]:
    """Check files on a cluster; the outcomes come in the order of the input, with the numbers of the whole files.

    Args:
        payloads: Files that all workers can read, under the same paths or URLs.
        plan: What to do with them; what it renders would have wrong numbers, so it renders nothing.
        address: Of the scheduler, such as `tcp://127.0.0.1:8786`.
        sizes: How large the parts are that are handed out.
        patience: How long to wait for whom.

    Yields:
        An outcome a part. Where a part kills its workers, or the cluster goes away, remarks say what has no verdict.

    Raises:
        TargetUnreachable: if no scheduler answers, or its workers cannot do this work.
    """
    with connected(address, patience.scheduler) as client:
        yield from _Run(client, plan._replace(renderings=()), patience).outcomes(
            iter_parts(payloads, plan.options, sizes)
        )


class _Task(NamedTuple):
    """A part that has been handed out.

    Attributes:
        part: The part.
        future: What will come of it; None if there is nothing to do, or nobody to do it.
    """

    part: Part
    future: Any


class _Gone(Exception):
    """There is no cluster any more."""


class _Run:
    """Hands parts out, and takes what comes back.

    Args:
        client: Of the cluster.
        plan: What to do with each part.
        patience: How long to wait.
    """

    def __init__(self, client: Any, plan: Plan, patience: Patience) -> None:
        self._client = client
        self._plan = plan
        self._patience = patience
        self._tasks: deque[_Task] = deque()
        self._numbering = Numbering()
        self._threads = 0
        self._next_look = 0.0
        self._loss: str | None = None  # why there is no cluster any more

    def outcomes(self, parts: Iterator[Part]) -> Iterator[Outcome]:
        """The outcomes of *parts*, in their order."""
        try:
            for part in parts:
                self._tasks.append(_Task(part, self._submit(check_part, part)))
                while self._tasks and (self._is_full() or self._is_done()):
                    yield self._next()
            while self._tasks:
                yield self._next()
        finally:
            if self._loss is None:
                self._client.cancel([task.future for task in self._tasks])

    def _submit(self, work: Callable[..., Any], part: Part) -> Any:
        if self._loss is not None or isinstance(part, Remarks):
            return None
        return self._client.submit(work, part, self._plan, pure=False)

    def _is_full(self) -> bool:
        """Whether enough is handed out for the workers that there are by now."""
        if self._loss is None and time.monotonic() >= self._next_look:
            try:
                self._threads = count_threads(self._client)
            except Exception as error:  # noqa: BLE001 - whatever Dask raises once there is no scheduler
                self._loss = in_one_line(error)
            self._next_look = time.monotonic() + self._patience.look
        return len(self._tasks) >= _AHEAD * max(self._threads, 1)

    def _is_done(self) -> bool:
        future = self._tasks[0].future
        return future is None or future.done()

    def _next(self) -> Outcome:
        """What came of the oldest part; a killed one is tried once more, when those beside it are not to blame."""
        task = self._tasks[0]
        if isinstance(task.part, Remarks):
            self._tasks.popleft()
            return Outcome((), Tally(), task.part.remarks)
        outcome = self._checked(task.future, lambda: self._submit(check_part, task.part))
        self._tasks.popleft()
        if isinstance(outcome, str):
            return self._lost(task.part, outcome)
        return self._numbering.number(task.part, outcome)

    def _checked(self, future: Any, again: Callable[[], Any]) -> Any:
        """What came of a future, or why nothing did.

        Args:
            future: The future; None if there is no cluster any more.
            again: Hands the work out once more.
        """
        for is_last in (False, True):
            try:
                return self._result_of(future)
            except _Gone:
                return f"the cluster is gone: {self._loss}"
            except (KilledWorker, CancelledError) as error:
                if is_last:
                    return _KILLED if isinstance(error, KilledWorker) else in_one_line(error)
                future = again()
            except Exception as error:  # noqa: BLE001 - whatever goes wrong on a worker, the rest goes on
                return f"the worker failed: {type(error).__name__}: {in_one_line(error)}"
        raise AssertionError

    def _result_of(self, future: Any) -> Any:
        """Wait for a future, as long as there is a cluster.

        Raises:
            _Gone: if there is none.
            Exception: whatever the work has raised.
        """
        since: float | None = None
        while self._loss is None:
            try:
                return future.result(timeout=self._patience.look)
            except CancelledError:
                if self._client.status == "running":
                    raise
                self._loss = "the connection to the scheduler is lost"
            except TimeoutError:
                if future.done():  # by now, or because the work has raised it
                    return future.result()
                since = self._missed(since)
        raise _Gone

    def _missed(self, since: float | None) -> float | None:
        """Since when there has been no worker; None if there is one."""
        now = time.monotonic()
        try:
            if count_threads(self._client):
                return None
        except Exception as error:  # noqa: BLE001 - as above
            self._loss = in_one_line(error)
        if since is not None and now - since >= self._patience.workers:
            self._loss = f"it has had no worker for {self._patience.workers:.0f} seconds"
        return now if since is None else since

    def _lost(self, part: Part, reason: str) -> Outcome:
        """What to tell of a part without a verdict; what comes behind it in its file is still numbered rightly."""
        if isinstance(part, Span):
            counts = self._checked(self._submit(count_part, part), lambda: self._submit(count_part, part))
            if isinstance(counts, str) and self._loss is None:
                reason += "; record and line numbers behind it are too small"
            elif not isinstance(counts, str):
                self._numbering.number(part, Outcome((), Tally(), lines=counts.lines, records=counts.records))
        lost: Remarks = lost_part(part, reason)
        return Outcome((), Tally(), lost.remarks)
