"""The tables of the command line, of its configuration and of its exit codes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

import click

from altcraft_contract.cli import exit_codes
from altcraft_contract.cli.entry import group
from altcraft_contract.cli.options import configuration_keys
from altcraft_contract.configuration import EXTEND, OVERRIDES, PROFILES, SECRETS, SEVERITY, SUPPRESS, VALUES
from tools.tables.markdown import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXIT_CODES: Final[Mapping[str, str]] = {
    "EXIT_OK": "Nothing at or above `--fail-on`, which is `error` unless told otherwise; no failure of a campaign.",
    "EXIT_FINDINGS": "At least one finding at or above `--fail-on`, or one failure of a campaign.",
    "EXIT_USAGE": "Wrong usage or configuration, a file that cannot be read or converted, or nothing to check.",
    "EXIT_NO_VERDICT": "No verdict: a service could not be judged, or who reads the output closed it before the end.",
    "EXIT_BUG": "A bug in this program. `ALTCRAFT_CONTRACT_TRACEBACK=1` shows where; please report it.",
    "EXIT_INTERRUPTED": "Interrupted by the user; the report tells of what was checked until then.",
}

TABLES: Final[Mapping[str, tuple[str, str]]] = {
    EXTEND: ("file, or list of files", "What this file lies on, relative to it."),
    f"[{SEVERITY}]": ("table of rules to `error` or `warning`", "Severities instead of the rules' own."),
    f"[[{SUPPRESS}]]": ("tables: `rule`, `path`, `pointer`, `reason`, `expires`", "Findings that count for nothing."),
    f"[[{OVERRIDES}]]": ("tables: `paths` and what is different there", "What is different for some files."),
    f"[{SECRETS}]": ("table: `allow`, a list of texts", "What is no secret, though it looks like one."),
    f"[{VALUES}]": ("table of lists", "What exists on the installation."),
    f"[{PROFILES}]": ("table of names to tables of keys", "What `--profile` lays over the rest."),
}
"""Key beside the options to what it takes and what it does."""


def enter_command(name: str) -> click.Context:
    """Return the context of a command, as if it ran; of the whole program by its own name."""
    top = click.Context(group, info_name="altcraft-contract", **group.context_settings)
    command = group.get_command(top, name)
    return click.Context(command, parent=top, info_name=name) if command is not None else top


def iter_options(context: click.Context) -> Iterator[tuple[str, ...]]:
    """Yield a row for each option of a command."""
    for option in context.command.get_params(context):
        if not isinstance(option, click.Option):
            continue
        values = option.metavar or ("" if option.is_flag else option.type.name)
        if isinstance(option.type, click.Choice):
            values = ", ".join(f"`{choice}`" for choice in option.type.choices)
        elif isinstance(option.type, click.IntRange):
            values = f"{option.type.min} to {option.type.max}"
        elif isinstance(option.type, click.FloatRange):
            most = f", to {option.type.max:.10g}" if option.type.max is not None else ""
            values = f"{'above' if option.type.min_open else 'from'} {option.type.min:g}{most}"
        names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len, reverse=True))
        default = f"`{option.default}`" if option.show_default else ""
        yield names, values, default, option.help or "", f"`{option.envvar}`" if option.envvar else ""


def iter_command(name: str) -> Iterator[str]:
    """Yield the usage, the description and the options of a command."""
    context = enter_command(name)
    usage = " ".join((context.command_path, *context.command.collect_usage_pieces(context)))
    usage = usage.replace("[[", "[").replace("]]", "]")  # older versions of click bracket an optional choice twice
    yield from ("```text", usage, "```", "")
    for paragraph in inspect.cleandoc(context.command.help or "").split("\n\n"):
        yield from (paragraph.replace("\n", " "), "")
    yield from make_table(("option", "value", "default", "does", "environment"), iter_options(context))


def iter_configuration() -> Iterator[str]:
    """Yield the table of configuration keys."""
    context = enter_command("lint")
    keys = configuration_keys(context.command)
    rows = []
    for names, values, default, does, _ in iter_options(context):
        key = names.split("`")[1].removeprefix("--")
        if key in keys:
            kind = "list of rules" if values == "RULES" else values or "`true`, `false`"
            rows.append((f"`{key}`", kind, default, does))
    rows += ((f"`{key}`", kind, "", does) for key, (kind, does) in TABLES.items())
    yield from make_table(("key", "value", "default", "does"), rows)


def iter_exit_codes() -> Iterator[str]:
    """Yield the table of exit codes; every constant has its words, and the other way round."""
    codes = {name: code for name, code in vars(exit_codes).items() if name.startswith("EXIT_")}
    if codes.keys() != EXIT_CODES.keys():
        raise LookupError(codes.keys() ^ EXIT_CODES.keys())
    yield from make_table(("code", "means"), ((str(code), EXIT_CODES[name]) for name, code in codes.items()))
