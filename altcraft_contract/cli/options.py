"""Options that commands share, and what becomes of them."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TextIO

import click

from altcraft_contract.cli.completing import BY_METAVAR
from altcraft_contract.cli.configuration import Loaded, load_configuration
from altcraft_contract.cli.talk import abandon
from altcraft_contract.contract import LATEST
from altcraft_contract.errors import AltcraftContractError, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from altcraft_contract.rules.selection import RuleSelection

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_ENVIRONMENT: Final = "ALTCRAFT_CONTRACT_"
_META: Final = "altcraft_contract.configuration"
_GIVEN: Final = "altcraft_contract.given"
NOTHING_CONFIGURED: Final = Loaded({}, {}, {})
CONFIGURED: Final = ("lint", "coverage", "stub", "proxy", "fuzz", "replay")
"""The commands that read a configuration."""


def option(*names: str, **settings: Any) -> Decorator:
    """A click option that can be set by `ALTCRAFT_CONTRACT_<OPTION>`, too."""
    long_name = next(name for name in names if name.startswith("--"))
    variable = _ENVIRONMENT + long_name.removeprefix("--").replace("-", "_").upper()
    settings.setdefault("shell_complete", BY_METAVAR.get(settings.get("metavar", "")))
    return click.option(*names, envvar=variable, show_envvar=False, **settings)


def argument(name: str, *, metavar: str, **settings: Any) -> Decorator:
    """A click argument that a shell completes by what its *metavar* says that it is."""
    return click.argument(name, metavar=metavar, shell_complete=BY_METAVAR.get(metavar), **settings)


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
CONTRACT: Final = option(
    "--contract",
    metavar="VERSION|DIR",
    default=LATEST,
    show_default=True,
    help="The version of the contract, or a directory that holds one, as schema --export writes it.",
)
COLOR: Final = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to use colours; NO_COLOR and FORCE_COLOR are heeded.",
)


def configuration_keys(command: click.Command) -> dict[str, click.Option]:
    """Key of the configuration to the option that it sets; nothing of a command that reads none."""
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if not any(option.name == "config" for option in options):
        return {}
    return {
        name.removeprefix("--"): option
        for option in options
        if option.name not in ("config", "profile", "help")
        for name in option.opts
        if name.startswith("--")
    }


def _commands(ctx: click.Context) -> dict[str, Callable[[], click.Command | None]]:
    """Name of a command to what loads it; none if a command runs by itself, without the program."""
    group = ctx.find_root().command
    if not isinstance(group, click.Group):
        return {}
    return {name: partial(group.get_command, ctx, name) for name in CONFIGURED}


def _gather(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Load the configuration once both the file and the profile are known, in whatever order they are given."""
    given = ctx.meta.setdefault(_GIVEN, {})
    given[parameter.name] = value
    if len(given) == len(("config", "profile")):
        del ctx.meta[_GIVEN]
        _load(ctx, given["config"], given["profile"])
    return value


def _load(ctx: click.Context, path: str | None, profile: str | None) -> None:
    options = configuration_keys(ctx.command)
    commands = _commands(ctx)

    def is_of_others(key: str) -> bool:  # commands are loaded up to the first that takes the key
        loading = (load() for load in commands.values())
        return any(key in configuration_keys(command) for command in loading if command is not None)

    loaded = load_configuration(
        path,
        options,
        command=ctx.command.name,
        commands=commands.keys(),
        is_of_others=is_of_others,
        profile=profile,
    )
    ctx.meta[_META] = loaded
    ctx.default_map = {options[key].name: value for key, value in loaded.options.items()}


def configuration(ctx: click.Context) -> Loaded:
    """What the configuration says to the command that runs."""
    loaded: Loaded = ctx.meta.get(_META, NOTHING_CONFIGURED)
    return loaded


def configured_values(ctx: click.Context) -> tuple[Any, Path | None]:
    """What the configuration says to exist on the installation, as it stands there, and the file."""
    loaded = configuration(ctx)
    return loaded.values, loaded.file


_CONFIG: Final = option(
    "--config",
    metavar="FILE",
    is_eager=True,
    callback=_gather,
    help="Configuration, instead of altcraft-contract.toml or pyproject.toml in this directory or above.",
)
_PROFILE: Final = option(
    "--profile",
    metavar="NAME",
    is_eager=True,
    expose_value=False,
    callback=_gather,
    help="A profile of the configuration, to be laid over the rest of it.",
)


def CONFIG(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - used as the options beside it are
    """The options that say what configures a command: `--config` and `--profile`."""
    return _CONFIG(_PROFILE(command))


def selection(ctx: click.Context, select: Sequence[str], ignore: Sequence[str]) -> RuleSelection:
    """Which rules count, by options and configuration."""
    from altcraft_contract.rules.selection import RuleSelection  # noqa: PLC0415 - not every command needs it

    try:
        return RuleSelection(select, ignore, configuration(ctx).severities)
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
    with _faults_told(path) as is_file:
        if is_file:
            with open(str(path), "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:  # noqa: PTH123
                yield stream
        else:
            yield _utf8(sys.stdout)
            sys.stdout.flush()


@contextmanager
def open_binary_output(path: str | None) -> Iterator[BinaryIO]:
    """The stream to write bytes to: the standard output, or the file at *path*.

    Raises:
        UnreadableFile: if it cannot be written.
    """
    with _faults_told(path) as is_file:
        if is_file:
            with open(str(path), "wb") as stream:  # noqa: PTH123 - as above
                yield stream
        else:
            sys.stdout.flush()
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()


@contextmanager
def _faults_told(path: str | None) -> Iterator[bool]:
    """Tell why an output cannot be written; whether it is a file."""
    is_file = path not in (None, "-")
    try:
        yield is_file
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
