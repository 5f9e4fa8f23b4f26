"""The entry point: the group of commands, and every exception turned into an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract import __version__
from altcraft_contract.cli.exit_codes import EXIT_BUG, EXIT_INTERRUPTED, EXIT_NO_VERDICT, EXIT_OK, EXIT_USAGE
from altcraft_contract.cli.talk import ClosedStream, abandon, say, tell
from altcraft_contract.errors import AltcraftContractError, TargetUnreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Final[Mapping[str, str]] = {
    "lint": "Check payload files.",
    "coverage": "Tell what payload files exercise.",
    "rules": "List the rules.",
    "explain": "Explain one rule, with samples.",
    "generate": "Write valid, edge-case or broken bodies.",
    "mutate": "Write the one-fault neighbours of an order.",
    "convert": "Convert a payload between JSON and XML.",
    "stub": "Run the stub server.",
    "proxy": "Check real traffic on its way.",
    "fuzz": "Fuzz an installation.",
    "replay": "Send saved failures again.",
    "schema": "Print or export the schemas.",
    "diff": "Tell what changes between two versions of the contract.",
    "drift": "Tell what the vendor's page says otherwise than the contract.",
    "init": "Write a starting configuration.",
    "completion": "Print a script that completes in a shell.",
}
"""Command to its one line of help; the module of a command has its name."""

_EPILOG: Final = """
\b
Examples:
  altcraft-contract lint orders/
  altcraft-contract stub
  altcraft-contract COMMAND --help

\b
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or unreadable
input, 3 no verdict, 4 a bug in this program, 130 interrupted.
"""


class CommandGroup(click.Group):
    """Loads a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the commands, in the order of their table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"altcraft_contract.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of an unknown one say which was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - only an error needs it

            nearest = find_nearest(args[0], COMMANDS)
            remedy = f"did you mean {nearest!r}?" if nearest else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no such command {args[0]!r}; {remedy}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=CommandGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="altcraft-contract", message="%(prog)s %(version)s")
def group() -> None:
    """Contract tests for the Order Confirmation call of the Altcraft platform."""


def run(args: list[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code.
    """
    if sys.stdout is None:
        sys.stdout = ClosedStream()
    try:
        outcome: Any = group.main(args=args, prog_name="altcraft-contract", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return _tell_of_usage(error)
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return EXIT_INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:  # click exits when nobody reads any more, or to complete a command
        abandon(sys.stdout)
        return EXIT_OK if isinstance(error, SystemExit) and not error.code else EXIT_NO_VERDICT
    except Exception as error:  # noqa: BLE001 - the last line of defence
        return _tell_of(error)
    return outcome if isinstance(outcome, int) else EXIT_OK


def _tell_of_usage(error: click.ClickException) -> int:
    """Say how the command is used, and last what was wrong."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and context is not None:
        tell(context.get_help())
        return EXIT_USAGE
    if context is not None:
        tell(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n")
    say(f"error: {error.format_message()}{_origin_of(error)}")
    return EXIT_USAGE


def _origin_of(error: click.ClickException) -> str:
    """Which environment variable a wrong value comes from, if it does."""
    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None:
        return ""
    if error.ctx.get_parameter_source(str(error.param.name)) is not click.core.ParameterSource.ENVIRONMENT:
        return ""
    return f" (it comes from the environment variable {error.param.envvar})"


def _tell_of(error: Exception) -> int:
    """Say what a run could not go on for, a fault or a bug of ours; return the exit code."""
    if isinstance(error, AltcraftContractError):
        say(f"error: {error}")
        return EXIT_NO_VERDICT if isinstance(error, TargetUnreachable) else EXIT_USAGE
    if isinstance(error, OSError):
        say(f"error: {error.filename or 'the standard output cannot be written'}: {error.strerror or error}")
        abandon(sys.stdout)
        return EXIT_USAGE
    if os.environ.get("ALTCRAFT_CONTRACT_TRACEBACK"):
        import traceback  # noqa: PLC0415 - only a bug needs it

        tell("".join(traceback.format_exception(error)))
    say(
        f"internal error: {type(error).__name__}; this is a bug of altcraft-contract, please report it "
        "(ALTCRAFT_CONTRACT_TRACEBACK=1 shows where)"
    )
    return EXIT_BUG
