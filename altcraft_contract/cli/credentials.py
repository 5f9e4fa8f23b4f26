"""Where a command takes the token of a service from: never from its command line, which others can see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.cli.options import option

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN_ENV: Final = option(
    "--token-env",
    metavar="NAME",
    help="Environment variable that holds the token of the API.  [default: ALTCRAFT_TOKEN]",
)
_TOKEN_FILE: Final = option("--token-file", metavar="FILE", help="The same, from a file.")


def token_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where the token is."""
    return _TOKEN_ENV(_TOKEN_FILE(command))


def read_token(ctx: click.Context, options: dict[str, Any]) -> str | None:
    """The token; None if there is none and the user has not said where it is.

    Args:
        ctx: Of the command.
        options: Those of the command, with `token_env` and `token_file`.

    Raises:
        click.UsageError: if the user says where it is in two ways.
        ConfigurationFault: if there is no token where the user says there is.
        UnreadableFile: if the file cannot be read.
    """
    from altcraft_contract.target.api_token import load_token  # noqa: PLC0415 - `--help` does not pay for it

    variable, file = options["token_env"], options["token_file"]
    if variable is not None and file is not None:
        raise click.UsageError("--token-env and --token-file both say where the token is: leave one out", ctx)
    return load_token(variable, file)
