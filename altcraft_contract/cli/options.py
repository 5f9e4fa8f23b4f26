"""Options that commands share, and what becomes of them."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from altcraft_contract.cli.configuration import load_configuration
from altcraft_contract.cli.talk import abandon
from altcraft_contract.errors import AltcraftContractError, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.rules.selection import RuleSelection

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_ENVIRONMENT: Final = "ALTCRAFT_CONTRACT_"
_META_SEVERITY: Final = "altcraft_contract.severity"


def option(*names: str, **settings: Any) -> Decorator:
    """A click option that can be set by `ALTCRAFT_CONTRACT_<OPTION>`, too."""
    long_name = next(name for name in names if name.startswith("--"))
    variable = _ENVIRONMENT + long_name.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=False, **settings)


def _split_rules(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(rule.strip() for value in values for rule in value.split(",") if rule.strip())


def _split_selection(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    rules = _split_rules(ctx, parameter, values)
    if values and not rules:
        raise click.BadParameter("names no rule; leave it out to select all of them", ctx, parameter)
    return rules


SELECT: Final = option(
    "--select", metavar="RULES", multiple=True, callback=_split_selection, help="Only these rules, separated by commas."
)
IGNORE: Final = option(
    "--ignore", metavar="RULES", multiple=True, callback=_split_rules, help="Without these rules, separated by commas."
)
FAIL_ON: Final = option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The least severe finding that makes the exit code 1.",
)
COLOR: Final = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to use colours; NO_COLOR and FORCE_COLOR are heeded.",
)


def _load(ctx: click.Context, _: click.Parameter, path: str | None) -> str | None:
    options = {
        name.removeprefix("--"): parameter
        for parameter in ctx.command.params
        if isinstance(parameter, click.Option) and parameter.name not in ("config", "help")
        for name in parameter.opts
        if name.startswith("--")
    }
    values, severities = load_configuration(path, options)
    ctx.meta[_META_SEVERITY] = severities
    ctx.default_map = {options[key].name: value for key, value in values.items()}
    return path


CONFIG: Final = option(
    "--config",
    metavar="FILE",
    is_eager=True,
    callback=_load,
    help="Configuration, instead of altcraft-contract.toml or pyproject.toml in this directory or above.",
)


def selection(ctx: click.Context, select: Sequence[str], ignore: Sequence[str]) -> RuleSelection:
    """Which rules count, by options and configuration."""
    from altcraft_contract.rules.selection import RuleSelection  # noqa: PLC0415 - not every command needs it

    try:
        return RuleSelection(select, ignore, ctx.meta.get(_META_SEVERITY, {}))
    except (AltcraftContractError, ValueError) as error:
        raise click.UsageError(str(error), ctx) from None


def wants_color(choice: str, stream: Any) -> bool:
    """Whether to use colours on *stream*."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


@contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """The stream to write to, in UTF-8: the standard output, or the file at *path*.

    Raises:
        UnreadableFile: if it cannot be written.
    """
    is_file = path not in (None, "-")
    try:
        if is_file:
            with open(str(path), "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:  # noqa: PTH123
                yield stream
        else:
            yield _utf8(sys.stdout)
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        if not is_file:
            abandon(sys.stdout)
        raise unwritable(path, error) from None


def _utf8(stream: Any) -> TextIO:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream  # type: ignore[no-any-return]  # the standard output, or what a test put in its place


def unwritable(path: str | None, error: Exception) -> UnreadableFile:
    """The fault of an output that cannot be written."""
    from altcraft_contract.lint.payloads import reason_of  # noqa: PLC0415 - only a fault needs it

    is_missing = isinstance(error, FileNotFoundError)
    reason = "there is no such directory; make it first" if is_missing else reason_of(error)
    name = "the standard output" if path in (None, "-") else str(path)
    return UnreadableFile(name, f"cannot be written: {reason}")


def refuse_overwriting(ctx: click.Context, output: str | None, inputs: Sequence[str]) -> None:
    """Refuse to write to a file that is read.

    Raises:
        click.UsageError: if *output* is one of the *inputs*.
    """
    if output in (None, "-"):
        return
    for path in inputs:
        try:
            is_same = Path(path).is_file() and Path(str(output)).samefile(path)
        except (OSError, ValueError):
            continue
        if is_same:
            raise click.UsageError(f"--output {output} is an input, too, and would be lost; name another file", ctx)
