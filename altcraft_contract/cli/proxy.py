"""`altcraft-contract proxy`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.cli.exit_codes import EXIT_BUG, EXIT_FINDINGS, EXIT_NO_VERDICT, EXIT_OK
from altcraft_contract.cli.options import CONFIG, FAIL_ON, IGNORE, SELECT, open_output, option, selection, unwritable
from altcraft_contract.cli.serving import (
    HOST,
    LOG_FORMAT,
    PORT_FILE,
    QUIET,
    End,
    flush_line,
    logging_to,
    port_file,
    warn_of_strangers,
)
from altcraft_contract.contract import LATEST
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.errors import NothingToCheck
from altcraft_contract.findings import Severity
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.report import RenderOptions, Tally, render
from altcraft_contract.renderers.text import count
from altcraft_contract.stub import ProxyServer
from altcraft_contract.stub.journal import MOST_ENTRIES
from altcraft_contract.stub.proxy import DEFAULT_PORT, MODES
from altcraft_contract.stub.proxy_report import iter_report_entries
from altcraft_contract.stub.traffic import CONTROL_PATH
from altcraft_contract.stub.upstream import CONNECT_TIMEOUT, READ_TIMEOUT

if TYPE_CHECKING:
    from altcraft_contract.cli.serving import Log
    from altcraft_contract.rules.selection import RuleSelection
    from altcraft_contract.stub.journal import JournalEntry

_GRACE: Final = 5.0  # seconds that requests in progress have at the end
_LONGEST_TIME: Final = 3600.0


@click.command(
    "proxy",
    short_help="Check real traffic on its way.",
    epilog="""
\b
Examples:
  altcraft-contract proxy --target https://example.com
  altcraft-contract proxy --target https://example.com --report findings.json
  altcraft-contract proxy --target https://example.com --mode enforce

It ends with Ctrl-C or SIGTERM: then the reports are written. Exit codes: 0 nothing at or above --fail-on, 1 findings, 2
no request came, or wrong usage, 3 the target answered nothing. Every option can be set by ALTCRAFT_CONTRACT_<OPTION>
or in [tool.altcraft-contract] of pyproject.toml.
""",
)
@option(
    "--target",
    metavar="URL",
    required=True,
    help="The service: its origin, what stands before the path of the endpoint there, or the URL of the endpoint.",
)
@option(
    "--mode",
    type=click.Choice(MODES),
    default="observe",
    show_default=True,
    help="observe changes nothing; enforce lets neither requests nor answers with errors pass.",
)
@HOST
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 is any free one.",
)
@PORT_FILE
@SELECT
@IGNORE
@FAIL_ON
@option(
    "--report",
    metavar="FILE",
    multiple=True,
    help="Write the findings to FILE at the end, as JSON if it ends in .json, else as text. May be repeated.",
)
@option(
    "--connect-timeout",
    type=click.FloatRange(0, _LONGEST_TIME, min_open=True),
    default=CONNECT_TIMEOUT,
    show_default=True,
    help="Seconds until a connection to the target stands.",
)
@option(
    "--read-timeout",
    type=click.FloatRange(0, _LONGEST_TIME, min_open=True),
    default=READ_TIMEOUT,
    show_default=True,
    help="Seconds between two pieces of an answer.",
)
@option("--ca-file", metavar="FILE", help="Trust the certificates in this PEM file, too.")
@option("--insecure", is_flag=True, help="Take any certificate of the target.")
@option(
    "--journal-size",
    type=click.IntRange(1, 10_000_000),
    default=MOST_ENTRIES,
    show_default=True,
    help="How many exchanges the journal and the reports hold.",
)
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest checked body, in MiB.")
@LOG_FORMAT
@QUIET
@option("--verbose", "-v", is_flag=True, help="Tell in reports what each rule says.")
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int:
    """Stand before the real service, pass traffic on unchanged, and check both directions.

    Point a client at the URL that is printed instead of at the service. What is found is logged, shown at
    /__altcraft__/, and decides the exit code at the end. Secrets are neither logged nor reported.
    """
    if options["insecure"] and options["ca_file"]:
        raise click.UsageError("--insecure takes any certificate: leave out --ca-file, or --insecure", ctx)
    rules = selection(ctx, options["select"], options["ignore"])
    _check_reports(options["report"])
    proxy = ProxyServer(
        options["target"],
        mode=options["mode"],
        host=options["host"],
        port=options["port"],
        grace=_GRACE,
        rules=rules,
        limits=Limits(max_bytes=options["max_size"] * MEBIBYTE),
        most_entries=options["journal_size"],
        connect_timeout=options["connect_timeout"],
        read_timeout=options["read_timeout"],
        ca_file=options["ca_file"],
        is_insecure=options["insecure"],
    )
    with logging_to(options["log_format"], quiet=options["quiet"]) as log:
        return _Run(proxy, options, rules, log).run()


@dataclass(slots=True)
class _Seen:
    """What has come through, whatever the journal has forgotten since.

    Attributes:
        entries: Requests to the endpoint.
        checked: Those that were looked at.
        sent: Those that went to the target.
        answered: Those that the target answered.
        errors: Those with an error in themselves, in their answer or in both together.
        warnings: Those with a warning.
    """

    entries: int = 0
    checked: int = 0
    sent: int = 0
    answered: int = 0
    errors: int = 0
    warnings: int = 0

    def see(self, entry: JournalEntry, rules: RuleSelection) -> None:
        """Take an entry into account."""
        severities = {rules.severity_of(rule) for rule in entry.rules}
        self.entries += 1
        self.checked += entry.check is not None
        self.sent += entry.refusal is None
        self.answered += entry.refusal is None and entry.answer is not None and not entry.is_unreachable
        self.errors += Severity.ERROR in severities
        self.warnings += Severity.WARNING in severities


class _Run:
    def __init__(self, proxy: ProxyServer, options: dict[str, Any], rules: RuleSelection, log: Log) -> None:
        self.proxy = proxy
        self.options = options
        self.log = log
        self.seen = _Seen()
        proxy.journal.listen(lambda entry: self.seen.see(entry, rules))
        proxy.journal.listen(log.request)

    def run(self) -> int:
        """Serve until a signal comes; write the reports, and return the exit code."""
        proxy = self.proxy
        with End() as end:
            try:
                proxy.start()
                with port_file(self.options["port_file"], proxy.port):
                    self.tell_of_start()
                    end.wait(lambda: proxy.is_running)
                has_ended = proxy.is_running
            finally:
                proxy.stop()
            self.tell_of_end()
            self.write_reports()
        return self.exit_code() if has_ended else EXIT_BUG

    def tell_of_start(self) -> None:
        proxy, page = self.proxy, f"{self.proxy.base_url}{CONTROL_PATH}"
        flush_line(proxy.url)
        self.log.say(
            "listening",
            f"listening; passes requests on to {proxy.target}, mode {proxy.mode}; what came through: {page} "
            "(Ctrl-C ends)",
            url=proxy.url,
            page=page,
            mode=proxy.mode,
        )
        warn_of_strangers(self.log, self.options["host"])
        if self.options["insecure"]:
            self.log.say("warning", "warning: any certificate of the target is taken; do not send real tokens")

    def tell_of_end(self) -> None:
        seen, others = self.seen, self.proxy.passed
        text = f"ended; {count(seen.entries, 'request')} to the endpoint, {seen.checked:,} checked"
        text += f", {seen.errors:,} with errors, {seen.warnings:,} with warnings"
        unanswered = seen.sent - seen.answered
        text += f", {unanswered:,} without an answer of the target" if unanswered else ""
        text += f"; {count(others, 'other request')} passed on" if others else ""
        self.log.say(
            "ended",
            text,
            received=seen.entries,
            checked=seen.checked,
            errors=seen.errors,
            warnings=seen.warnings,
            unanswered=unanswered,
            passed=others,
        )

    def write_reports(self) -> None:
        """Write every report that was asked for."""
        paths = self.options["report"]
        missing = self.seen.entries - len(self.proxy.journal)
        lacks = f"the oldest {count(missing, 'exchange')} had left the journal and cannot be reported"
        if missing and paths:
            self.log.say("warning", f"warning: {lacks}; raise --journal-size", unreported=missing)
        for path in paths:
            format_ = "json" if path.lower().endswith(".json") else "text"
            tally, settings = Tally(), RenderOptions(verbose=self.options["verbose"], contract=LATEST)
            entries = tally.watch(iter_report_entries(self.proxy.journal))
            with open_output(path) as output:
                output.writelines(render(RENDERERS[format_](settings), entries, tally))
                if missing and format_ == "text":
                    output.write(f"{lacks}\n")

    def exit_code(self) -> int:
        seen, fail_on = self.seen, self.options["fail_on"]
        if (seen.errors and fail_on != "never") or (seen.warnings and fail_on == "warning"):
            return EXIT_FINDINGS
        if not seen.entries:
            others = " other requests were passed on, but" if self.proxy.passed else ""
            raise NothingToCheck(
                f"nothing to check:{others} no request to the endpoint came; is the client told the URL?"
            )
        reason = None
        if seen.sent and not seen.answered:
            reason = f"{self.proxy.target} answered none of the requests"
        elif not seen.checked:
            reason = "nothing that came could be checked"
        if reason is not None:
            self.log.say("error", f"error: no verdict: {reason}")
            return EXIT_NO_VERDICT
        return EXIT_OK


def _check_reports(paths: tuple[str, ...]) -> None:
    """Find out before the run whether reports can be written after it.

    Raises:
        UnreadableFile: if one cannot.
    """
    for path in paths:
        if path == "-":
            continue
        try:
            with Path(path).open("ab"):
                pass
        except (OSError, ValueError) as error:
            raise unwritable(path, error) from None
