"""`altcraft-contract diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from altcraft_contract.cli.exit_codes import EXIT_FINDINGS, EXIT_OK
from altcraft_contract.cli.options import open_output, option, refuse_overwriting
from altcraft_contract.cli.talk import say
from altcraft_contract.contract import load_contract
from altcraft_contract.evolution.compare import compare_contracts
from altcraft_contract.evolution.diff_report import DIFF_RENDERERS, DiffReport
from altcraft_contract.evolution.usage import hit_of, load_usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from altcraft_contract.evolution.changes import Change
    from altcraft_contract.evolution.usage import Usage

FAIL_ON: Final = ("breaking", "clients", "servers", "any", "never")


@click.command(
    "diff",
    short_help="Tell what changes between two versions of the contract.",
    epilog="""
\b
Examples:
  altcraft-contract diff v75 contracts/v76
  altcraft-contract diff --usage coverage.json v75 contracts/v76

Exit codes: 0 no change that --fail-on names, 1 there is one, 2 wrong usage, or a contract cannot be read. With --usage
only changes that hit the client count.
""",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@option("--usage", metavar="FILE", help="Say which changes hit a client, by the JSON report of its contract coverage.")
@option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="breaking",
    show_default=True,
    help="Which changes make the exit code 1; breaking: for clients or for servers.",
)
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice([*DIFF_RENDERERS]),
    default="text",
    show_default=True,
    help="How to write the changes.",
)
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@click.pass_context
def command(
    ctx: click.Context, /, *, old: str, new: str, usage: str | None, fail_on: str, format_: str, output: str | None
) -> int:
    """Tell what changes from OLD to NEW, and whom each change breaks.

    OLD and NEW are versions, or directories with a contract, as schema --export writes them. A change breaks clients if
    what they send today may be refused, or what they read may be gone or new to them; it breaks servers, and stubs, if
    one that answers as of old may be wrong.
    """
    refuse_overwriting(ctx, output, [usage] if usage is not None else [])
    before, after = load_contract(old), load_contract(new)
    used = load_usage(usage) if usage is not None else None
    if used is not None and used.contract != before.version:
        say(f"note: {usage} was counted by the contract {used.contract[:40]!r}, not by {before.version!r}")
    changes = compare_contracts(before, after)
    with open_output(output) as stream:
        stream.write(DIFF_RENDERERS[format_](DiffReport(before.version, after.version, changes, used)))
    return EXIT_FINDINGS if any(_fails(change, fail_on, used) for change in changes) else EXIT_OK


def _fails(change: Change, fail_on: str, usage: Usage | None) -> bool:
    if usage is not None and not hit_of(change, usage).hits:
        return False
    wanted: dict[str, Iterable[str] | bool] = {
        "any": True,
        "breaking": change.breaks,
        "clients": {"clients"} & set(change.breaks),
        "servers": {"servers"} & set(change.breaks),
        "never": False,
    }
    return bool(wanted[fail_on])
