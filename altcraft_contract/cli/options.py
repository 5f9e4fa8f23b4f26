"""Options that commands share, and what becomes of them."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from altcraft_contract.cli.configuration import SEVERITY, load_configuration
from altcraft_contract.errors import AltcraftContractError, ConfigurationFault, UnreadableFile

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


SELECT: Final = option(
    "--select", metavar="RULES", multiple=True, callback=_split_rules, help="Only these rules, separated by commas."
)
IGNORE: Final = option(
    "--ignore", metavar="RULES", multiple=True, callback=_split_rules, help="Without these rules, separated by commas."
)
COLOR: Final = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to use colours; NO_COLOR and FORCE_COLOR are heeded.",
)


def _load(ctx: click.Context, _: click.Parameter, path: str | None) -> str | None:
    keys = [
        name.removeprefix("--")
        for parameter in ctx.command.params
        if isinstance(parameter, click.Option) and parameter.name not in ("config", "help")
        for name in parameter.opts
        if name.startswith("--")
    ]
    table = load_configuration(path, keys)
    ctx.meta[_META_SEVERITY] = table.pop(SEVERITY, {})
    ctx.default_map = {key.replace("-", "_"): _plain(key, value) for key, value in table.items()}
    return path


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    if key in ("select", "ignore"):
        if not isinstance(value, str):
            raise ConfigurationFault("configuration", f"{key!r} is not a list of rules")
        return [value]
    if isinstance(value, str | int | bool):
        return value
    raise ConfigurationFault("configuration", f"{key!r} is neither text, a number, true, false nor a list of texts")


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

    severity = ctx.meta.get(_META_SEVERITY, {})
    for rule, level in severity.items():
        if level not in ("error", "warning"):
            raise ConfigurationFault(SEVERITY, f'{rule} = {level!r}: expected "error" or "warning"')
    try:
        return RuleSelection(select, ignore, severity)
    except (AltcraftContractError, ValueError) as error:
        raise click.UsageError(str(error), ctx) from None


def wants_color(choice: str, stream: Any) -> bool:
    """Whether to use colours on *stream*."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


@contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """The stream to write to, in UTF-8: the standard output, or the file at *path*.

    Raises:
        UnreadableFile: if the file cannot be written.
    """
    if path is None or path == "-":
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        stream = open(path, "w", encoding="utf-8", newline="\n")  # noqa: PTH123, SIM115 - closed below
    except OSError as error:
        raise UnreadableFile(path, f"cannot be written: {error.strerror}") from None
    with stream:
        yield stream
