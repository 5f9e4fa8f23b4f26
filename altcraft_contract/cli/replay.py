"""`altcraft-contract replay`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.cli.credentials import read_token, token_options
from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_NO_VERDICT, EXIT_OK
from altcraft_contract.cli.interruption import Interruption
from altcraft_contract.cli.options import (
    COLOR,
    CONFIG,
    argument,
    configured_values,
    open_output,
    option,
    refuse_overwriting,
    wants_color,
)
from altcraft_contract.cli.progress import Progress
from altcraft_contract.cli.talk import say
from altcraft_contract.contract import LATEST
from altcraft_contract.errors import NothingToCheck, TargetUnreachable, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.case_file import SavedCase
    from altcraft_contract.fuzz.replaying import Replayed, ReplaySettings
    from altcraft_contract.fuzz.settings import Target

_LONGEST_TIME: Final = 3600.0
_JOURNAL: Final = "replays.ndjson"
_MEMBER: Final = {"email": "ALTCRAFT_EMAIL", "phone": "ALTCRAFT_PHONE"}


@click.command(
    "replay",
    short_help="Send saved failures again.",
    epilog="""
\b
Examples:
  altcraft-contract replay latest
  altcraft-contract replay .altcraft-contract/runs/acf-1f3a9c20/cases/*.json
  altcraft-contract replay latest --export pytest --output test_target.py

Exit codes: 0 all are fixed, 1 some are not, 2 there is nothing to replay or it cannot be read, 3 the target takes no
requests, 130 interrupted. ALTCRAFT_EMAIL and ALTCRAFT_PHONE say which member orders. Every option can be set by
ALTCRAFT_CONTRACT_<OPTION> or in [tool.altcraft-contract] of pyproject.toml.
""",
)
@argument("sources", metavar="CASE|RUN...", nargs=-1)
@option("--url", metavar="URL", help="Where to send them.  [default: where they were sent]")
@option(
    "--allow-host",
    metavar="HOST",
    multiple=True,
    help="Host, with or without a port, that orders may be sent to besides this machine. May be repeated.",
)
@token_options
@option(
    "--state-dir",
    metavar="DIR",
    default=".altcraft-contract",
    show_default=True,
    help="Where campaigns keep their runs.",
)
@option(
    "--timeout",
    type=click.FloatRange(0, _LONGEST_TIME, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds for one answer.",
)
@option(
    "--rate-limit",
    type=click.FloatRange(0, min_open=True),
    help="Requests in a second.  [default: 2 off this machine, as many as can be on it]",
)
@option(
    "--journal",
    metavar="FILE",
    help=f"File that lists the orders.  [default: {_JOURNAL} in --state-dir, off this machine]",
)
@option(
    "--export", type=click.Choice(["pytest"]), help="Send nothing, but write a file of tests that assert the rules."
)
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write what has become of them.",
)
@COLOR
@option("--quiet", "-q", is_flag=True, help="Only what is not fixed, no summary.")
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, sources: tuple[str, ...], **options: Any) -> int:
    """Send the failures of a campaign again, and say what has become of them: fixed, still failing, or changed.

    CASE is a case file. RUN is the id of a run, its directory, or latest. Each order is a new one. What was saved holds
    no secret: the token comes from the environment or from a file.
    """
    if not sources:
        raise click.UsageError("no CASE and no RUN given: name case files or runs, or latest", ctx)
    refuse_overwriting(ctx, options["output"], sources)
    cases = list(_iter_cases(sources, options["state_dir"]))
    url = options["url"] or _saved_target(ctx, cases)
    if options["export"] is not None:
        return _export(cases, url, options["output"])
    return _Run(_target(ctx, url, options), _settings(ctx, url, options), options).run(cases)


def _iter_cases(sources: Sequence[str], state_directory: str) -> Iterator[SavedCase]:
    """The cases that are meant, each once.

    Raises:
        ConfigurationFault: if there is no such run.
        UnreadableFile: if a file cannot be read, or is no case file.
        NothingToCheck: if there is none.
    """
    from altcraft_contract.fuzz.case_file import read_case_file  # noqa: PLC0415 - `--help` does not pay for it

    seen: set[tuple[str, str]] = set()
    for source in sources:
        for path in _files(source, state_directory):
            case = read_case_file(path)
            if (case.run, case.id) not in seen:
                seen.add((case.run, case.id))
                yield case
    if not seen:
        raise NothingToCheck("nothing to replay: no failure was saved there")


def _files(source: str, state_directory: str) -> list[Path]:
    from altcraft_contract.fuzz.naming import PREFIX  # noqa: PLC0415 - as above
    from altcraft_contract.fuzz.run_directory import CASES, find_run  # noqa: PLC0415 - as above

    path = Path(source)
    is_run = path.is_dir() or source == "latest" or (source.startswith(PREFIX) and not path.exists())
    return sorted((find_run(source, state_directory) / CASES).glob("*.json")) if is_run else [path]


def _saved_target(ctx: click.Context, cases: Sequence[SavedCase]) -> str:
    targets = sorted({case.target for case in cases})
    if len(targets) > 1:
        raise click.UsageError(f"the cases are of several targets ({', '.join(targets)}): choose one with --url", ctx)
    return targets[0]


def _export(cases: Sequence[SavedCase], url: str, output: str | None) -> int:
    from altcraft_contract.fuzz.pytest_export import render_pytest  # noqa: PLC0415 - only this needs it
    from altcraft_contract.target.address import parse_target  # noqa: PLC0415 - as above

    parse_target(url)
    text = render_pytest(cases, url=url, contract=cases[0].contract)
    with open_output(output) as stream:
        stream.write(text)
    return EXIT_OK


def _target(ctx: click.Context, url: str, options: dict[str, Any]) -> Target:
    from altcraft_contract.fuzz.settings import Target  # noqa: PLC0415 - it loads Hypothesis; `--help` does not

    return Target(url, read_token(ctx, options), tuple(options["allow_host"]))


def _settings(ctx: click.Context, url: str, options: dict[str, Any]) -> ReplaySettings:
    from altcraft_contract.fuzz.replaying import ReplaySettings  # noqa: PLC0415 - `--help` does not pay for it

    journal = options["journal"] or _default_journal(url, options["state_dir"])
    return ReplaySettings(timeout=options["timeout"], rate_limit=options["rate_limit"], journal=journal, **_member(ctx))


def _member(ctx: click.Context) -> dict[str, str | None]:
    """Who orders: as the environment says, or the first whom the configuration names, as in a campaign."""
    from altcraft_contract.strategies.values_file import checked_values  # noqa: PLC0415 - `--help` does not pay for it

    table, file = configured_values(ctx)
    values = checked_values(table, str(file))
    configured = {"email": values.emails, "phone": values.phones}
    return {name: os.environ.get(variable) or next(iter(configured[name]), None) for name, variable in _MEMBER.items()}


def _default_journal(url: str, state_directory: str) -> Path | None:
    """The journal of a target off this machine; its directory is made, and kept out of repositories.

    Raises:
        UnreadableFile: if it cannot be made.
    """
    from altcraft_contract.target.address import parse_target  # noqa: PLC0415 - `--help` does not pay for it
    from altcraft_contract.target.allow_list import is_loopback  # noqa: PLC0415 - as above

    if is_loopback(parse_target(url)):
        return None
    directory = Path(state_directory)
    try:
        if not directory.exists():
            directory.mkdir(parents=True)
            (directory / ".gitignore").write_text("*\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        from altcraft_contract.lint.payloads import reason_of  # noqa: PLC0415 - only a fault needs it

        raise UnreadableFile(state_directory, f"cannot be written: {reason_of(error)}") from None
    return directory / _JOURNAL


class _Run:
    def __init__(self, target: Target, settings: ReplaySettings, options: dict[str, Any]) -> None:
        self.target = target
        self.settings = settings
        self.options = options
        self.done: list[Replayed] = []
        self.unreachable: TargetUnreachable | None = None

    def run(self, cases: Sequence[SavedCase]) -> int:
        """Replay, write the report, and return the exit code."""
        from altcraft_contract.cli.replay_report import RENDERERS, ReplayReport  # noqa: PLC0415 - `--help` does not
        from altcraft_contract.fuzz.replaying import replay_cases  # noqa: PLC0415 - pay for these

        replays = replay_cases(cases, self.target, self.settings)
        if self.target.token is None:
            say("note: no token is given (ALTCRAFT_TOKEN, --token-env, --token-file): a made-up one is sent")
        with open_output(self.options["output"]) as output, Interruption() as interruption:
            progress = Progress("cases", sys.stderr, beside=output)
            report = ReplayReport(
                target=self.target.url,
                contract=LATEST,
                cases=len(cases),
                color=wants_color(self.options["color"], output),
                quiet=self.options["quiet"],
            )
            watched = progress.watch(interruption.watch(self.watch(replays)))
            for part in RENDERERS[self.options["format_"]](watched, report):
                progress.hide()
                output.write(part)
                output.flush()
        return self.exit_code(len(cases), is_interrupted=interruption.happened)

    def watch(self, replays: Iterator[Replayed]) -> Iterator[Replayed]:
        """Pass on what is replayed, until the target takes no more."""
        try:
            for replayed in replays:
                self.done.append(replayed)
                yield replayed
        except TargetUnreachable as fault:
            self.unreachable = fault

    def exit_code(self, cases: int, *, is_interrupted: bool) -> int:
        left = f"{cases - len(self.done):,} of {cases:,} were not replayed"
        if is_interrupted:
            say(f"interrupted; {left}")
            return EXIT_INTERRUPTED
        if self.unreachable is not None:
            say(f"error: {self.unreachable}; {left}")
            return EXIT_NO_VERDICT
        return EXIT_OK if all(replayed.verdict == "fixed" for replayed in self.done) else EXIT_FINDINGS
