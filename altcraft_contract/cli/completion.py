"""`altcraft-contract completion`."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from altcraft_contract.cli.options import open_output, option

_SHELLS: dict[str, type[ShellComplete]] = {shell.name: shell for shell in (BashComplete, ZshComplete, FishComplete)}
_VARIABLE = "_ALTCRAFT_CONTRACT_COMPLETE"  # click reads it at every start


@click.command(
    "completion",
    short_help="Print a script that completes in a shell.",
    epilog="""
\b
Examples:
  source <(altcraft-contract completion bash)
  source <(altcraft-contract completion zsh)
  altcraft-contract completion fish | source

These complete in the shell that runs; in ~/.bashrc, in ~/.zshrc (after compinit) or in ~/.config/fish/config.fish they
do in every one. Exit codes: 0 printed, 2 wrong usage.
""",
)
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@click.pass_context
def command(ctx: click.Context, /, *, shell: str, output: str | None) -> int:
    """Print the script that has a shell complete commands, options, files, rules, formats and scenarios."""
    root = ctx.find_root()
    completing = _SHELLS[shell](root.command, {}, root.info_name or "altcraft-contract", _VARIABLE)
    with open_output(output) as stream:
        # Not its source(): for bash that runs another bash, to look at the version.
        stream.write(completing.source_template % completing.source_vars())
    return 0
