"""`altcraft-contract stub`."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import click

from altcraft_contract.cli.completing import complete_scenarios
from altcraft_contract.cli.exit_codes import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK
from altcraft_contract.cli.options import CONFIG, IGNORE, SELECT, option, selection
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
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.errors import UnknownScenario
from altcraft_contract.renderers.text import count
from altcraft_contract.stub import SCENARIOS, StubServer
from altcraft_contract.stub.journal import MOST_ENTRIES
from altcraft_contract.stub.scenarios import KINDS
from altcraft_contract.stub.server import DEFAULT_PORT
from altcraft_contract.stub.switch import find_scenario
from altcraft_contract.stub.traffic import CONTROL_PATH
from altcraft_contract.target.api_token import load_token

if TYPE_CHECKING:
    from altcraft_contract.cli.serving import Log
    from altcraft_contract.rules.selection import RuleSelection

_GRACE = 5.0  # seconds that requests in progress have at the end


def _check_scenario(ctx: click.Context, parameter: click.Parameter, name: str) -> str:
    try:
        find_scenario(name)
    except UnknownScenario as error:
        raise click.BadParameter(str(error), ctx, parameter) from None
    return name


def _list_scenarios(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if not value or ctx.resilient_parsing:
        return
    for kind, title in KINDS.items():
        click.echo(f"{title}:")
        for row in SCENARIOS.values():
            if row.kind == kind:
                click.echo(f"  {row.name:<19} {row.description}")
    ctx.exit()


@click.command(
    "stub",
    short_help="Run the stub server.",
    epilog="""
\b
Examples:
  altcraft-contract stub
  altcraft-contract stub --port 0 --port-file port --scenario outdated
  curl --data-binary @order.json -H 'Content-Type: application/json' \\
       -H 'Prefer: scenario=error-402' \\
       http://127.0.0.1:8075/api/v1.1/market/orders/preorder_commit

It ends with Ctrl-C or SIGTERM. Exit codes: 0 ended by SIGTERM, 2 wrong usage, or the port cannot be had, 130 ended by
Ctrl-C. Every option can be set by ALTCRAFT_CONTRACT_<OPTION> or in [tool.altcraft-contract] of pyproject.toml.
""",
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
@option("--token", metavar="TOKEN", help="Let in this token only. Others see a command line: make one up.")
@option("--token-env", metavar="NAME", help="The same, from this environment variable.  [default: ALTCRAFT_TOKEN]")
@option("--token-file", metavar="FILE", help="The same, from a file.")
@option(
    "--scenario",
    metavar="NAME",
    default="success",
    show_default=True,
    callback=_check_scenario,
    shell_complete=complete_scenarios,
    help="How to answer valid orders.",
)
@option("--prices", metavar="FILE", help="Prices (.json, .toml, .csv): an order with others is outdated.")
@option("--state", metavar="FILE", help="Keep orders, balances and codes in this SQLite file; else in memory.")
@option(
    "--opening-balance",
    type=click.IntRange(0, 2**63 - 1),
    default=1000,
    show_default=True,
    help="Points of a customer who is first met.",
)
@option("--strict-points", is_flag=True, help="An order that redeems more points than there are is outdated.")
@option(
    "--journal-size",
    type=click.IntRange(1, 10_000_000),
    default=MOST_ENTRIES,
    show_default=True,
    help="How many requests the journal keeps.",
)
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest body, in MiB.")
@SELECT
@IGNORE
@LOG_FORMAT
@QUIET
@click.option(
    "--list-scenarios", is_flag=True, is_eager=True, expose_value=False, callback=_list_scenarios, help="Name them all."
)
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int:
    """Run a server that behaves as the vendor's endpoint is documented, for clients in any language.

    It checks every request, refuses bad ones with what is wrong and where, and answers good ones: point a client at the
    URL that it prints. The page at /__altcraft__/ shows what came in and switches scenarios.
    """
    rules = selection(ctx, options["select"], options["ignore"])
    if options["token"] is not None and (options["token_env"] or options["token_file"]):
        raise click.UsageError("--token goes with neither --token-env nor --token-file: give the token once", ctx)
    if options["token"] == "":
        raise click.UsageError("--token is empty: is a variable not set? Leave it out to let in any token", ctx)
    token = (
        options["token"] if options["token"] is not None else load_token(options["token_env"], options["token_file"])
    )
    with logging_to(options["log_format"], quiet=options["quiet"]) as log:
        stub = _make_stub(options, rules, token, log)
        try:
            return _serve(stub, options, log, has_token=token is not None)
        finally:
            stub.close()


def _make_stub(options: dict[str, Any], rules: RuleSelection, token: str | None, log: Log) -> StubServer:
    stub = StubServer(
        host=options["host"],
        port=options["port"],
        grace=_GRACE,
        token=token,
        prices=options["prices"],
        state=options["state"],
        opening_balance=options["opening_balance"],
        strict_points=options["strict_points"],
        rules=rules,
        limits=Limits(max_bytes=options["max_size"] * MEBIBYTE),
        most_entries=options["journal_size"],
        on_price_fault=lambda fault: log.say("warning", f"warning: {fault}; the last good prices hold"),
    )
    stub.use(options["scenario"])
    stub.journal.listen(log.request)
    return stub


def _serve(stub: StubServer, options: dict[str, Any], log: Log, *, has_token: bool) -> int:
    with End() as end:
        stub.start()
        with port_file(options["port_file"], stub.port):
            flush_line(stub.url)
            letting_in = "requests with the right token" if has_token else "requests with any token"
            log.say(
                "listening",
                f"listening; takes {letting_in}; what came in: {stub.base_url}{CONTROL_PATH} (Ctrl-C ends)",
                url=stub.url,
                page=f"{stub.base_url}{CONTROL_PATH}",
            )
            warn_of_strangers(log, options["host"])
            end.wait(lambda: stub.is_running)
        has_ended = stub.is_running
        stub.stop()
    counts = stub.journal.counts
    log.say(
        "ended",
        f"ended; {count(counts.received, 'request')}, {counts.refused} refused",
        received=counts.received,
        refused=counts.refused,
        dropped=stub.journal.dropped,
    )
    if not has_ended:
        return EXIT_BUG
    return EXIT_INTERRUPTED if end.signal == signal.SIGINT else EXIT_OK
