"""The reports of `lint`: each format with the file that it goes to, all written while the run goes on."""

from __future__ import annotations

import os
from contextlib import ExitStack
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from altcraft_contract.cli.options import open_output, wants_color
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.renderers import RENDERERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self, TextIO

    from altcraft_contract.renderers.report import Entry, Renderer, RenderOptions, Tally

COMMANDLINE: Final = click.core.ParameterSource.COMMANDLINE
_ORDER: Final = "altcraft_contract.order"
_FORMAT, _OUTPUT = "format_", "output"
_BEGINNING: Final = methodcaller("begin")
_MOST_OF_A_JOB: Final = 1 << 20  # bytes that GitHub takes as the summary of one step


class OrderedCommand(click.Command):
    """Remembers in which order options were given: an `--output` belongs to the `--format` before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and remember the order."""
        if not ctx.resilient_parsing:
            _, _, given = self.make_parser(ctx).parse_args(list(args))
            ctx.meta[_ORDER] = [parameter.name for parameter in given]
        return super().parse_args(ctx, args)


class Planned(NamedTuple):
    """A report that is wanted.

    Attributes:
        format: Its name in `RENDERERS`.
        output: Where it goes; None is the standard output.
    """

    format: str
    output: str | None


def plan_reports(ctx: click.Context, formats: Sequence[str], outputs: Sequence[str]) -> tuple[Planned, ...]:
    """Which report goes where.

    Raises:
        click.UsageError: if that cannot be told, or two of them would go to one place.
    """
    sources = [ctx.get_parameter_source(name) for name in (_FORMAT, _OUTPUT)]
    if sources[0] is COMMANDLINE is not sources[1]:
        outputs = ()  # those that are configured are for the formats that are configured
    reports = _paired(list(_order_of(ctx, formats, outputs)), iter(formats or ("text",)), iter(outputs))
    places = [None if report.output in (None, "-") else str(report.output) for report in reports]
    targets = [_target_of(place) for place in places]
    for number, place in enumerate(places):
        if targets[number] in targets[:number]:
            first = reports[targets.index(targets[number])]
            where = f"to {place}" if place is not None else "to the standard output"
            remedy = "give --output FILE after the --format that it is for"
            raise click.UsageError(
                f"{first.format} and {reports[number].format} would both go {where}; {remedy}",
                ctx,
            )
    return tuple(Planned(report.format, place) for report, place in zip(reports, places, strict=True))


def _target_of(place: str | None) -> str | None:
    """One name for all that lead to the same file; what leads nowhere is told when it is opened."""
    try:
        return os.path.realpath(place) if place is not None else None
    except (OSError, ValueError):
        return place


def _order_of(ctx: click.Context, formats: Sequence[str], outputs: Sequence[str]) -> Iterator[str]:
    """The order of both options; by turns, where one of them was not given on the command line."""
    given = [name for name in ctx.meta.get(_ORDER, ()) if name in (_FORMAT, _OUTPUT)]
    if given.count(_FORMAT) == len(formats) and given.count(_OUTPUT) == len(outputs) and formats:
        yield from given
        return
    for number in range(max(len(formats) or 1, len(outputs))):
        if number < (len(formats) or 1):
            yield _FORMAT
        if number < len(outputs):
            yield _OUTPUT


def _paired(order: Iterable[str], formats: Iterator[str], outputs: Iterator[str]) -> list[Planned]:
    reports: list[Planned] = []
    early: list[str] = []  # outputs that were given before their format
    for name in order:
        if name == _FORMAT:
            reports.append(Planned(next(formats), early.pop(0) if early else None))
        elif reports and reports[-1].output is None:
            reports[-1] = reports[-1]._replace(output=next(outputs))
        else:
            early.append(next(outputs))
    if early:
        raise click.UsageError(f"--output {early[0]} has no --format of its own; give both, one after the other")
    return reports


class Reports:
    """Writes all reports of one run.

    Args:
        planned: Which ones.
        options: How to render, for a stream that colours are wanted on or not.
        color: As `--color` has it.

    Attributes:
        screen: The standard output, if a report goes there.
    """

    def __init__(
        self,
        planned: Sequence[Planned],
        options: Callable[[bool], RenderOptions],
        *,
        color: str,
    ) -> None:
        self._planned = planned
        self._options = options
        self._color = color
        self._stack = ExitStack()
        self._open: list[tuple[Renderer, TextIO]] = []
        self._summary: Renderer | None = None
        self._parts: list[str] = []
        self.screen: TextIO | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for report in self._planned:
                stream = stack.enter_context(open_output(report.output))
                if report.output is None:
                    self.screen = stream
                renderer = RENDERERS[report.format](self._options(wants_color(self._color, stream)))
                self._open.append((renderer, stream))
            self._stack = stack.pop_all()
        if _job_summary() is not None and any(report.format == "github" for report in self._planned):
            self._summary = RENDERERS["markdown"](self._options(False))  # noqa: FBT003 - one flag, in its place
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, fault, trace)

    def write(self, entries: Iterable[Entry], tally: Tally, *, make_room: Callable[[], None]) -> None:
        """Write what *entries* hold, in every format.

        Args:
            entries: The documents.
            tally: Counts them while they are taken.
            make_room: Is called before anything is written to the standard output.
        """
        self._write(_BEGINNING, make_room)
        for entry in entries:
            self._write(methodcaller("take", entry), make_room)
        self._write(methodcaller("end", tally), make_room)
        self._write_summary()

    def _write(self, render: Callable[[Renderer], Iterator[str]], make_room: Callable[[], None]) -> None:
        for renderer, stream in self._open:
            for part in render(renderer):
                if stream is self.screen:
                    make_room()
                stream.write(part)
        if self._summary is not None:
            self._parts.extend(render(self._summary))

    def _write_summary(self) -> None:
        """Add to the summary of the job, where GitHub Actions runs this."""
        path = _job_summary()
        if self._summary is None or path is None:
            return
        text = "".join(self._parts).encode(errors="backslashreplace")
        try:
            with Path(path).open("ab") as stream:
                if stream.tell() + len(text) <= _MOST_OF_A_JOB:
                    stream.write(text)
        except (OSError, ValueError) as error:
            from altcraft_contract.lint.payloads import reason_of  # noqa: PLC0415 - only a fault needs it

            raise UnreadableFile(path, f"cannot be written (GITHUB_STEP_SUMMARY): {reason_of(error)}") from None


def _job_summary() -> str | None:
    return os.environ.get("GITHUB_STEP_SUMMARY") or None
