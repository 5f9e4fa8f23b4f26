"""What a shell completes: files, directories, rules, and other names, some of them in lists.

A shell runs the program for each completion, so that what is completed from is imported only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import click

    Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave it to the shell to complete a file."""
    return [CompletionItem(incomplete, type="file")]


def complete_directories(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave it to the shell to complete a directory."""
    return [CompletionItem(incomplete, type="dir")]


def complete_rule(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the id of one rule, each with what it says."""
    return _items(_rules(), incomplete)


def complete_rules(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the last of some ids of rules, which commas separate."""
    return _last_items(_rules(), incomplete)


def complete_scenarios(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a scenario of the stub, each with what it does."""
    from altcraft_contract.stub.scenarios import SCENARIOS  # noqa: PLC0415 - only a shell that asks for it needs it

    return _items({name: row.description for name, row in SCENARIOS.items()}, incomplete)


def complete_names(names: Iterable[str]) -> Completion:
    """Return what completes the last of some names, which commas separate.

    Args:
        names: All that there are.
    """
    known = dict.fromkeys(names, "")

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return _last_items(known, incomplete)

    return complete


def _rules() -> dict[str, str]:
    from altcraft_contract.rules.catalogue import RULES, SECRET_RULES  # noqa: PLC0415 - as above

    return {name: rule.statement.partition(". ")[0] for name, rule in {**RULES, **SECRET_RULES}.items()}


def _items(known: Mapping[str, str], incomplete: str, before: str = "") -> list[CompletionItem]:
    return [CompletionItem(before + name, help=text) for name, text in known.items() if name.startswith(incomplete)]


def _last_items(known: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    given, comma, last = incomplete.rpartition(",")
    taken = given.split(",")
    left = {name: text for name, text in known.items() if name not in taken}
    return _items(left, last, given + comma)


BY_METAVAR: Final[Mapping[str, Completion]] = {
    "CASE|RUN...": complete_files,
    "DIR": complete_directories,
    "FILE": complete_files,
    "PAGE": complete_files,
    "PATH...": complete_files,
    "RULE": complete_rule,
    "RULES": complete_rules,
    "[DIR]": complete_directories,
}
"""What stands for a value in the help to what completes it."""
