"""`altcraft-contract fuzz`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.cli.campaign_files import CampaignFiles
from altcraft_contract.cli.campaign_preview import preview_lines
from altcraft_contract.cli.campaign_progress import CampaignProgress
from altcraft_contract.cli.completing import complete_names
from altcraft_contract.cli.credentials import read_token, token_options
from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_OK
from altcraft_contract.cli.options import COLOR, CONFIG, configured_values, open_output, option, unwritable, wants_color
from altcraft_contract.cli.talk import say
from altcraft_contract.fuzz.campaign import run_campaign
from altcraft_contract.fuzz.case import PHASES
from altcraft_contract.fuzz.reports import REPORTS, render_text
from altcraft_contract.fuzz.reports.wording import ending_of, summary_of
from altcraft_contract.fuzz.settings import (
    FAIL_BASES,
    MOST_FAILURES,
    MOST_REQUESTS,
    STATE_DIRECTORY,
    TIMEOUT,
    CampaignSettings,
    Target,
)
from altcraft_contract.strategies.values_file import checked_values, load_values
from altcraft_contract.stub import StubServer
from altcraft_contract.target.allow_list import check_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.fuzz.report import CampaignReport
    from altcraft_contract.strategies.vocabulary import Values

REPORT_DIRECTORY: Final = "altcraft-reports"
_MOST: Final = 10_000_000
_MOST_WORKERS: Final = 64
_LONGEST: Final = 30 * 24 * 3600.0  # seconds of a campaign
_LONGEST_ANSWER: Final = 3600.0  # seconds
_FASTEST: Final = 100_000.0  # requests in a second
_SHORT: Final = 30.0  # seconds that a campaign against our own stub may take


def _names(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _export(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The file for the tests; an empty text is the usual one."""
    if value is None:
        return None
    kind, equals, path = value.partition("=")
    if kind != "pytest" or (equals and not path):
        raise click.BadParameter(f"{value!r}: expected pytest, or pytest=FILE", ctx, parameter)
    return path


@click.command(
    "fuzz",
    short_help="Fuzz an installation.",
    epilog="""
\b
Examples:
  altcraft-contract fuzz
  altcraft-contract fuzz https://staging.example.com --dry-run
  altcraft-contract fuzz https://staging.example.com \\
      --allow-host staging.example.com --values values.toml --report html

Exit codes: 0 nothing found, 1 failures, 2 nothing was sent since something is wrong here, 3 the installation could not
be judged, 130 interrupted with a report of what was found until then; a second Ctrl-C stops at once. Every option can
be set by ALTCRAFT_CONTRACT_<OPTION> or in [tool.altcraft-contract] of pyproject.toml.
""",
)
@click.argument("url", required=False)
@option("--allow-host", metavar="HOST", multiple=True, help="A host besides this machine that may get orders.")
@option(
    "--phases",
    metavar="NAMES",
    multiple=True,
    callback=_names,
    shell_complete=complete_names(PHASES),
    help=f"Some of {', '.join(PHASES)}.",
)
@option("--seed", type=int, default=0, show_default=True, help="The same seed sends the same.")
@option(
    "--max-requests",
    type=click.IntRange(1, _MOST),
    default=MOST_REQUESTS,
    show_default=True,
    help="Most requests, those to confirm and to shrink included.",
)
@option(
    "--max-orders",
    type=click.IntRange(1, _MOST),
    help="Most orders that may be accepted.  [default: 500 off this machine]",
)
@option("--max-time", type=click.FloatRange(0, _LONGEST, min_open=True), help="Most seconds.")
@option(
    "--max-failures",
    type=click.IntRange(1, _MOST),
    default=MOST_FAILURES,
    show_default=True,
    help="Most failures, after which it ends.",
)
@option(
    "--rate-limit",
    type=click.FloatRange(0, _FASTEST, min_open=True),
    help="Most requests in a second.  [default: 2 off this machine]",
)
@option(
    "--timeout",
    type=click.FloatRange(0, _LONGEST_ANSWER, min_open=True),
    default=TIMEOUT,
    show_default=True,
    help="Seconds for one answer.",
)
@option(
    "--workers",
    type=click.IntRange(1, _MOST_WORKERS),
    default=1,
    show_default=True,
    help="Connections side by side.",
)
@option("--with-triggers", is_flag=True, help="Send orders that run triggers, too.")
@option(
    "--fail-basis",
    type=click.Choice(FAIL_BASES),
    default="any",
    show_default=True,
    help="documented: rules that are inferred make no failures.",
)
@option("--values", metavar="FILE", help="What exists on the installation (TOML), instead of the configuration's.")
@token_options
@option("--ca-file", metavar="FILE", help="Trust the certificates in this PEM file, too.")
@option("--insecure", is_flag=True, help="Take any certificate of the target.")
@option(
    "--report",
    type=click.Choice(list(REPORTS)),
    multiple=True,
    help="Write a report of this form to --report-dir. May be repeated.",
)
@option(
    "--report-dir",
    metavar="DIR",
    default=REPORT_DIRECTORY,
    show_default=True,
    help="Where reports go; made if it is not there.",
)
@option(
    "--state-dir",
    metavar="DIR",
    default=STATE_DIRECTORY,
    show_default=True,
    help="Where runs are kept, for --resume and replay.",
)
@option("--journal", metavar="FILE", help="List the orders here, instead of in the run's directory.")
@option("--resume", metavar="RUN", help="Go on with a run: its id, its directory, or latest.")
@option("--dry-run", is_flag=True, help="Send nothing; tell what would be sent.")
@option("--baseline", metavar="FILE", help="Failures that are known (TOML), and do not count.")
@option("--baseline-update", is_flag=True, help="Write what was found to --baseline; failures make no exit code 1.")
@option(
    "--export",
    metavar="pytest[=FILE]",
    callback=_export,
    help="Write tests of the failures, as test_campaign.py in --report-dir.",
)
@option("--no-shrink", is_flag=True, help="Leave failing requests as large as they are.")
@COLOR
@option("--quiet", "-q", is_flag=True, help="One line at the end, and nothing else.")
@option("--verbose", "-v", is_flag=True, help="Tell of every place and every observation.")
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, url: str | None, **options: Any) -> int:
    """Send valid, odd and broken orders in JSON and in XML, and judge every answer by the documented contract.

    URL is the installation: its origin, what stands before the path of the endpoint there, or the URL of the endpoint.
    Without it a stub server of our own is tried for 30 seconds at most, and nothing is kept.
    """
    _check_usage(ctx, url, options)
    target = _target(ctx, url, options) if url is not None else None
    values = _values(ctx, options["values"])
    files = CampaignFiles(
        options["report_dir"],
        options["report"],
        export=options["export"],
        baseline=options["baseline"],
        updates=options["baseline_update"],
    )
    known = {entry.id: entry.reason for entry in files.known.values()}
    settings = _settings(options, values, known, is_own=target is None)
    _check_output()
    with ExitStack() as stack:
        service = target if target is not None else stack.enter_context(_own_stub())
        if target is None and not options["quiet"]:
            say(f"no URL: a stub server of our own is tried for {settings.max_time:g} s at most, and nothing is kept")
        return _run(service, settings, files, options)


def _run(target: Target, settings: CampaignSettings, files: CampaignFiles, options: dict[str, Any]) -> int:
    """Run the campaign, write what there is to write, and return the exit code."""
    quiet = options["quiet"]
    with _second_interrupt_ends():
        report = run_campaign(target, settings, on_event=CampaignProgress(sys.stderr, quiet=quiet))
        if settings.dry_run:
            with open_output(None) as output:
                output.writelines(f"{line}\n" for line in preview_lines(report, target, settings))
            return EXIT_OK
        try:
            files.write(report, quiet=quiet)
        finally:
            _print(report, options)
    is_recorded = options["baseline_update"] and report.exit_code == EXIT_FINDINGS
    return EXIT_OK if is_recorded else report.exit_code


def _print(report: CampaignReport, options: dict[str, Any]) -> None:
    with open_output(None) as output:
        if options["quiet"]:
            output.write(f"{summary_of(report)}\n")
        else:
            color = wants_color(options["color"], output)
            output.writelines(render_text(report, color=color, verbose=options["verbose"]))
    if options["quiet"] and not report.ok and not report.failures:
        say(f"error: {ending_of(report)}")


def _check_usage(ctx: click.Context, url: str | None, options: dict[str, Any]) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: if some do not.
    """
    if options["insecure"] and options["ca_file"]:
        raise click.UsageError("--insecure takes any certificate: leave out --ca-file, or --insecure", ctx)
    if options["baseline_update"] and options["baseline"] is None:
        raise click.UsageError("--baseline-update needs --baseline FILE", ctx)
    if options["resume"] is not None and url is None:
        raise click.UsageError("--resume needs the URL that the run went to", ctx)


def _check_output() -> None:
    """Find out before anything is sent whether there is a standard output.

    Raises:
        UnreadableFile: if it is closed.
    """
    try:
        sys.stdout.write("")
    except (OSError, ValueError) as error:
        raise unwritable(None, error) from None


def _target(ctx: click.Context, url: str, options: dict[str, Any]) -> Target:
    check_allowed(url, options["allow_host"])
    return Target(
        url,
        token=read_token(ctx, options),
        allow_hosts=options["allow_host"],
        ca_file=options["ca_file"],
        is_insecure=options["insecure"],
    )


def _values(ctx: click.Context, path: str | None) -> Values:
    if path is not None:
        return load_values(Path(path))
    table, file = configured_values(ctx)
    return checked_values(table, str(file))


def _settings(options: dict[str, Any], values: Values, known: dict[str, str], *, is_own: bool) -> CampaignSettings:
    """What the options ask for; against our own stub less is done, and nothing kept."""
    longest = options["max_time"]
    return CampaignSettings(
        seed=options["seed"],
        phases=options["phases"] or PHASES,
        values=values,
        max_requests=options["max_requests"],
        max_orders=options["max_orders"],
        max_time=min(longest or _SHORT, _SHORT) if is_own else longest,
        max_failures=options["max_failures"],
        rate_limit=options["rate_limit"],
        timeout=options["timeout"],
        workers=options["workers"],
        with_triggers=options["with_triggers"],
        fail_basis=options["fail_basis"],
        shrink=not options["no_shrink"],
        directory=None if is_own else options["state_dir"],
        journal=options["journal"],
        resume=options["resume"],
        dry_run=options["dry_run"],
        baseline=known,
    )


@contextmanager
def _own_stub() -> Iterator[Target]:
    """A stub server on a free port, with a token that nobody knows; it is not heard."""
    logger, silence = logging.getLogger("uvicorn.error"), logging.NullHandler()
    propagates = logger.propagate
    logger.addHandler(silence)
    logger.propagate = False
    try:
        token = token_hex(16)
        with StubServer(token=token) as stub:
            yield Target(stub.url, token=token)
    finally:
        logger.removeHandler(silence)
        logger.propagate = propagates


@contextmanager
def _second_interrupt_ends() -> Iterator[None]:
    """The first Ctrl-C is a `KeyboardInterrupt`, for which a campaign has a report; the second one waits for nobody."""
    is_heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_heeded or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def handle(number: int, _: object) -> None:
        if came:
            os._exit(EXIT_INTERRUPTED)
        came.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
