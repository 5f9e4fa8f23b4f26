"""Chunks to outcomes on all cores of one machine, in the order of the input."""

from __future__ import annotations

import os
import sys
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.lint.bulk.chunk import Files, Records, Span, size_of
from altcraft_contract.lint.bulk.crew import Crew
from altcraft_contract.lint.bulk.work import Numbering, check_chunk, outcome_of_lost, prepare, render_outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from altcraft_contract.lint.bulk.chunk import Chunk
    from altcraft_contract.lint.bulk.crew import Task
    from altcraft_contract.lint.bulk.work import Outcome, Plan

_WORTH_IT: Final = 2 << 20  # bytes; to check fewer takes less time than to start processes
FILE_COST: Final = 4 << 10
"""Bytes of records that it takes as long to check as to open a file."""
_AHEAD: Final = 4  # chunks a process that are cut before they are needed
_LONGEST: Final = 1 << 20  # bytes of a line that is only counted
_MUCH: Final = 64  # entries of an outcome that is rendered by another process
_MOST_AHEAD: Final = 32 << 20  # bytes of them, at most


def count_cores() -> int:
    """How many processors this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def iter_outcomes(
    chunks: Iterable[Chunk | None], plan: Plan, *, jobs: int, expected: int | None = None
) -> Iterator[Outcome]:
    """Check *chunks*; the outcomes come in their order.

    Args:
        chunks: What to check; None where there is nothing more for now.
        plan: What to do with each.
        jobs: How many processes may work. With one, all work is done in this process; else the work is handed out once
            there is enough of it.
        expected: Bytes of all chunks, if that is known.

    Yields:
        An outcome a chunk. Of a chunk whose process dies again and again it is a remark that says so.
    """
    rest = iter(chunks)
    done = 0
    numbering = Numbering()
    while jobs == 1 or max(done, expected or 0) < _WORTH_IT:
        try:
            chunk = next(rest)
        except StopIteration:
            return
        if chunk is not None:
            outcome = numbering.number(chunk, check_chunk(chunk, plan_for(chunk, plan)))
            yield render_outcome(outcome, plan.renderings) if outcome.entries and plan.renderings else outcome
            done += cost_of(chunk)
    prepare(plan)
    with _Pool(plan, jobs, numbering) as pool:
        yield from pool.outcomes(rest)


def cost_of(chunk: Chunk) -> int:
    """How much work a chunk is, in bytes of records."""
    if type(chunk) is Span:
        return chunk.stored
    return size_of(chunk) + (FILE_COST * len(chunk.payloads) if type(chunk) is Files else 0)


def plan_for(chunk: Chunk, plan: Plan) -> Plan:
    """What to do with *chunk* where it is checked: what has no numbers yet is not rendered there."""
    return plan._replace(renderings=()) if type(chunk) is Span else plan


class _Pending(NamedTuple):
    """A chunk that has been handed out.

    Attributes:
        chunk: The chunk.
        task: What checks it.
        size: Bytes that it takes here.
    """

    chunk: Chunk
    task: Task
    size: int


class _Pool:
    """Checks chunks on several processes and tells of them in their order."""

    def __init__(self, plan: Plan, jobs: int, numbering: Numbering) -> None:
        self._plan = plan
        self._most = _AHEAD * jobs
        self._crew = Crew(jobs)
        self._pending: deque[_Pending] = deque()
        self._ahead = 0
        self._numbering = numbering
        self._renderings: deque[tuple[Outcome, Task | None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._crew.close()

    def outcomes(self, chunks: Iterator[Chunk | None]) -> Iterator[Outcome]:
        """The outcomes of *chunks*, numbered and rendered."""
        for chunk in chunks:
            if chunk is None:
                yield from self._rest()
                continue
            plan = plan_for(chunk, self._plan)
            size = size_of(chunk)
            self._pending.append(_Pending(chunk, self._crew.submit(_work, chunk, plan), size))
            self._ahead += size
            self._crew.poll(wait=False)
            yield from self._told()
            while self._is_full():
                self._crew.poll(wait=True)
                yield from self._told()
        yield from self._rest()

    def _is_full(self) -> bool:
        waiting = len(self._pending) + len(self._renderings)
        return waiting >= self._most or (self._ahead > _MOST_AHEAD and len(self._pending) > 1)

    def _rest(self) -> Iterator[Outcome]:
        yield from self._told()
        while self._pending or self._renderings:
            self._crew.poll(wait=True)
            yield from self._told()

    def _told(self) -> Iterator[Outcome]:
        """What can be told by now."""
        while self._pending and self._pending[0].task.is_done:
            chunk, task, size = self._pending.popleft()
            self._ahead -= size
            outcome = outcome_of_lost(chunk, _fault_of(chunk), longest=_LONGEST) if task.is_lost else task.result
            outcome = self._numbering.number(chunk, outcome)
            self._renderings.append((outcome, self._render(outcome)))
        while self._renderings:
            outcome, rendering = self._renderings[0]
            if rendering is not None and not rendering.is_done:
                return
            self._renderings.popleft()
            if rendering is not None and not rendering.is_lost:
                yield rendering.result
            elif self._plan.renderings and outcome.entries:
                yield render_outcome(outcome, self._plan.renderings)
            else:
                yield outcome

    def _render(self, outcome: Outcome) -> Task | None:
        """Have *outcome* rendered by another process, if that is much work."""
        if not self._plan.renderings or len(outcome.entries) <= _MUCH:
            return None
        return self._crew.submit(render_outcome, outcome, self._plan.renderings)


def _work(chunk: Chunk, plan: Plan) -> Outcome:
    return check_chunk(chunk, plan).portable()


def _fault_of(chunk: Chunk) -> str:
    """Why there is no verdict on a chunk whose processes died."""
    part = ""
    if isinstance(chunk, Span):
        part = f" lines that begin at bytes {chunk.start:,} to {chunk.stop:,} of"
    elif isinstance(chunk, Records):
        part = f" the lines from {chunk.first_line:,} on of"
    return f"the process that checked{part} it was killed, twice (out of memory?); try --jobs 1"
