"""The reports of `lint`: each format with the file that it goes to, all written while the run goes on."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from altcraft_contract.cli.options import open_binary_output, open_output, wants_color
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.renderers import ADOPTED, BINARY_RENDERERS, RENDERERS, SUMMARY_RENDERERS
from altcraft_contract.renderers.report import Adopting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import IO, Any, Self

    from altcraft_contract.lint.bulk.work import Rendering
    from altcraft_contract.renderers.report import (
        BinaryRenderer,
        Entry,
        Renderer,
        RenderOptions,
        SummaryRenderer,
        Tally,
    )
    from altcraft_contract.renderers.summary import Summary

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
        format: Its name in `FORMATS`.
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
        if place is None and reports[number].format in BINARY_RENDERERS and sys.stdout.isatty():
            raise click.UsageError(f"--format {reports[number].format} needs --output FILE: it is no text", ctx)
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


class _Summing:
    """Writes the summary, and nothing of the documents."""

    def __init__(self, renderer: SummaryRenderer, summary: Summary) -> None:
        self._renderer = renderer
        self._summary = summary

    def begin(self) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def take(self, _: Entry) -> Iterator[str]:
        """Nothing."""
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """The summary."""
        yield from self._renderer.render(self._summary, tally)


class _Opened(NamedTuple):
    """A report that is being written.

    Attributes:
        format: Its name in `FORMATS`.
        renderer: What writes it.
        stream: Where it goes.
    """

    format: str
    renderer: Renderer | BinaryRenderer
    stream: IO[Any]


class Reports:
    """Writes all reports of one run.

    Args:
        planned: Which ones.
        options: How to render, for a stream that colours are wanted on or not.
        color: As `--color` has it.
        summarises: Whether formats that have a summary write that one instead of the findings.

    Attributes:
        screen: The standard output, if a report goes there.
        summary: What the summary will tell, to be counted by others; None if none is wanted.
    """

    def __init__(
        self,
        planned: Sequence[Planned],
        options: Callable[[bool], RenderOptions],
        *,
        color: str,
        summarises: bool = False,
    ) -> None:
        self._planned = planned
        self._options = options
        self._color = color
        self._stack = ExitStack()
        self._open: list[_Opened] = []
        self._job: Renderer | None = None
        self._parts: list[str] = []
        self._make_room: Callable[[], object] = bool
        self.screen: IO[Any] | None = None
        self.summary: Summary | None = None
        if summarises:
            from altcraft_contract.renderers.summary import Summary  # noqa: PLC0415 - few runs want one

            self.summary = Summary()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for report in self._planned:
                renderer, stream = self._opened(report, stack)
                if report.output is None:
                    self.screen = stream
                self._open.append(_Opened(report.format, renderer, stream))
            self._stack = stack.pop_all()
        if _job_summary() is not None and any(report.format == "github" for report in self._planned):
            self._job = RENDERERS["markdown"](self._options(False))  # noqa: FBT003 - one flag, in its place
        return self

    def _opened(self, report: Planned, stack: ExitStack) -> tuple[Renderer | BinaryRenderer, IO[Any]]:
        if report.format in BINARY_RENDERERS:  # what it needs may be missing: then nothing is overwritten
            written = BINARY_RENDERERS[report.format](self._options(False))  # noqa: FBT003 - one flag, in its place
            return written, stack.enter_context(open_binary_output(report.output))
        stream = stack.enter_context(open_output(report.output))
        options = self._options(wants_color(self._color, stream))
        if self.summary is not None and report.format in SUMMARY_RENDERERS:
            return _Summing(SUMMARY_RENDERERS[report.format](options), self.summary), stream
        return RENDERERS[report.format](options), stream

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, fault, trace)

    @property
    def tells_findings(self) -> bool:
        """Whether any of them tells of single findings."""
        return self._job is not None or bool(self._telling())

    def begin(self, make_room: Callable[[], None]) -> None:
        """Write what stands before everything else.

        Args:
            make_room: Is called before anything is written to the standard output, now and later.
        """
        self._make_room = make_room
        self._write(_BEGINNING)

    def take(self, entry: Entry) -> None:
        """Write what *entry* holds, in every format."""
        self._write(methodcaller("take", entry))

    def adopt(self, rendered: Sequence[str]) -> None:
        """Write what was rendered elsewhere, a text for each of `renderings`."""
        for report, text in zip(self._telling(), rendered, strict=True):
            if text and isinstance(report.renderer, Adopting):
                self._put(report.renderer.adopt(text), report.stream)

    def end(self, tally: Tally) -> None:
        """Write what stands after everything else."""
        self._write(methodcaller("end", tally))
        self._write_job_summary()

    def renderings(self) -> tuple[Rendering, ...]:
        """The reports of findings, if all of them can be rendered elsewhere, document by document; else none."""
        telling = self._telling()
        if self._job is not None or not all(isinstance(report.renderer, Adopting) for report in telling):
            return ()
        from altcraft_contract.lint.bulk.work import Rendering  # noqa: PLC0415 - `--help` does not need it

        return tuple(
            Rendering(ADOPTED.get(report.format, report.format), self._options(wants_color(self._color, report.stream)))
            for report in telling
        )

    def _telling(self) -> list[_Opened]:
        """The reports that tell of single findings."""
        return [report for report in self._open if not isinstance(report.renderer, _Summing)]

    def _write(self, render: Callable[[Renderer | BinaryRenderer], Iterator[Any]]) -> None:
        for report in self._open:
            self._put(render(report.renderer), report.stream)
        if self._job is not None:
            self._parts.extend(render(self._job))

    def _put(self, parts: Iterator[Any], stream: IO[Any]) -> None:
        for part in parts:
            if stream is self.screen:
                self._make_room()
            stream.write(part)

    def _write_job_summary(self) -> None:
        """Add to the summary of the job, where GitHub Actions runs this."""
        path = _job_summary()
        if self._job is None or path is None:
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
