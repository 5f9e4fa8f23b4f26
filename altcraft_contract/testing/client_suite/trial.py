"""One call of the client, and what the stub saw of it."""

from __future__ import annotations

import sysconfig
from asyncio import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable
from pathlib import Path
from threading import enumerate as enumerate_threads
from time import perf_counter
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.endpoint import ENDPOINT_PATH
from altcraft_contract.testing.outcome import Confirmation, Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from traceback import FrameSummary

    from altcraft_contract.stub import JournalEntry, Stub

# Mistakes in a program: no answer of a service should lead to one. Other exceptions tell the caller something.
_CRASHES: Final = (
    *(LookupError, TypeError, AttributeError, NameError, ArithmeticError, AssertionError, NotImplementedError),
    *(RecursionError, MemoryError, SystemExit),
)
_NEVER_USERS: Final = tuple(
    str(path)
    for path in (
        Path(__file__).parents[2],
        *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    )
)
_MOST_TEXTS: Final = 20  # of one exception and those behind it
_LONGEST: Final = 300  # characters of an exception that are shown


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception that came out of the client.

    Attributes:
        text: Its type and what it says.
        place: The innermost place in the user's code, such as `shop/client.py:12 in confirm`; None if there is none.
        is_crash: Whether it is a mistake in the program, not something that the client tells its caller.
        texts: All that it and the exceptions behind it say.
    """

    text: str
    place: str | None
    is_crash: bool
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One call of the client.

    Attributes:
        order: What the client was given.
        outcome: What it reported; an exception counts as UNKNOWN.
        promocodes: Those that it reported; None if it reported none.
        fault: The exception that it raised; None if it returned.
        sent: What reached the endpoint, in the order of arrival.
        strays: What else reached the stub.
        seconds: How long the call took.
    """

    order: Mapping[str, Any]
    outcome: Outcome
    promocodes: object
    fault: Fault | None
    sent: tuple[JournalEntry, ...]
    strays: tuple[JournalEntry, ...]
    seconds: float

    @property
    def crashed(self) -> bool:
        """Whether the client made a mistake of its own."""
        return self.fault is not None and self.fault.is_crash

    @property
    def refused(self) -> JournalEntry | None:
        """The first request that the stub refused by itself; None if there is none."""
        return next((entry for entry in self.sent if entry.refusal is not None), None)

    @property
    def is_success_after_repeat(self) -> bool:
        """Whether the client reports truly that a later request was answered with success."""
        return len(self.sent) > 1 and self.sent[-1].outcome == "success" and self.outcome is Outcome.SUCCESS


class NotAnOutcome(Exception):
    """What `confirm` returned tells no outcome."""


def run_trial(
    confirm: Callable[[dict[str, Any]], object],
    order: dict[str, Any],
    stub: Stub,
    *,
    run_async: Callable[[Awaitable[object]], object],
    grace: float = 0.0,
) -> Trial:
    """Let the client confirm *order*; if it leaves a thread behind, wait for *grace* seconds for what that sends.

    Raises:
        NotAnOutcome: if it returns something else than an outcome.
    """
    before = stub.journal.received
    threads = set(enumerate_threads())
    call = _Call(confirm, order)
    fault = None
    reported: object = Outcome.UNKNOWN
    started = perf_counter()
    try:
        reported = call.begin()
        if isawaitable(reported):
            reported = run_async(call.finish(reported))
    except (Exception, SystemExit, CancelledError) as error:  # noqa: BLE001 - whatever it is, it is what is judged
        fault, reported = _fault_of(error), Outcome.UNKNOWN
    seconds = (call.ended or perf_counter()) - started
    confirmation = _read(reported)
    if grace and any(thread not in threads for thread in enumerate_threads()):
        with suppress(TimeoutError):
            stub.journal.wait_for(stub.journal.received + 1, timeout=grace)
    arrived = [entry for entry in stub.journal if entry.number > before]
    sent = tuple(entry for entry in arrived if _is_commit(entry))
    strays = tuple(entry for entry in arrived if not _is_commit(entry))
    return Trial(order, Outcome(confirmation.outcome), confirmation.promocodes, fault, sent, strays, seconds)


class _Call:
    """A call of `confirm`, which may be a coroutine: its end is noted within the event loop.

    A loop that is closed waits for the threads that it started, though the client has long returned.
    """

    def __init__(self, confirm: Callable[[dict[str, Any]], object], order: dict[str, Any]) -> None:
        self._confirm = confirm
        self._order = order
        self.ended: float | None = None

    def begin(self) -> object:
        return self._confirm(self._order)

    async def finish(self, awaitable: Awaitable[object]) -> object:
        try:
            return await awaitable
        finally:
            self.ended = perf_counter()


def issued_promocodes(entry: JournalEntry) -> list[str] | None:
    """The promo codes in the answer of the stub; None where the journal has not kept the whole of it."""
    if entry.answer is None or entry.answer_size > len(entry.answer.body):
        return None
    document = read_document(entry.answer.body, load_contract().response_shape, syntax=entry.syntax)
    data = document.value.get("data") if isinstance(document.value, dict) else None
    items = data.get("issued_promocodes") if isinstance(data, dict) else None
    return [code for item in items or () for code in item["codes"]]


def _is_commit(entry: JournalEntry) -> bool:
    return entry.request.path == ENDPOINT_PATH and entry.request.method == "POST"


def _read(reported: object) -> Confirmation:
    """What the client reported, if it is an outcome.

    Raises:
        NotAnOutcome: if it is not.
    """
    confirmation = reported if isinstance(reported, Confirmation) else None
    told = confirmation.outcome if confirmation is not None else reported
    if isinstance(told, str) and told.lower() in tuple(Outcome):
        return Confirmation(Outcome(told.lower()), confirmation.promocodes if confirmation is not None else None)
    raise NotAnOutcome(f"{type(told).__name__}: {told!r:.80}")


def _fault_of(error: BaseException) -> Fault:
    leaves = list(_iter_leaves(error))
    crash = next((leaf for leaf in leaves if _is_crash(leaf)), None)
    told = crash or (leaves[0] if leaves else error)
    text = f"{type(told).__name__}: {told}" if str(told) else type(told).__name__
    return Fault(
        " ".join(text.split())[:_LONGEST], _place_of(told) or _place_of(error), crash is not None, _texts_of(error)
    )


def _iter_leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions of a group, in any depth; an exception that is no group is its own."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _iter_leaves(inner)
    else:
        yield error


def _is_crash(error: BaseException) -> bool:
    """Whether *error* is one of Python's own that tell of a mistake; what a library derives from them tells more."""
    return type(error).__module__ == "builtins" and isinstance(error, _CRASHES)


def _place_of(error: BaseException) -> str | None:
    frames = extract_tb(error.__traceback__)
    users = [frame for frame in frames if _is_users(frame)]
    if not users:
        return None
    file, here = Path(users[-1].filename), Path.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    return f"{shown}:{users[-1].lineno} in {users[-1].name}"


def _is_users(frame: FrameSummary) -> bool:
    return not frame.filename.startswith(("<", *_NEVER_USERS))


def _texts_of(error: BaseException) -> tuple[str, ...]:
    texts: list[str] = []
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_TEXTS:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        texts += [str(current), repr(current), *getattr(current, "__notes__", ())]
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
    return tuple(texts)
