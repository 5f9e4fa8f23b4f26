"""What a repository starts with: a configuration that says nothing yet, and hooks for pre-commit."""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from altcraft_contract import __version__
from altcraft_contract.cli import lint
from altcraft_contract.cli.options import configuration_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH: Final = 110
_OF_ONE_RUN: Final = frozenset(
    {"allow-empty", "baseline-prune", "baseline-update", "diff", "fix", "fix-only", "output", "quiet", "stdin-filename"}
)
_SAMPLES: Final[Mapping[str, str]] = {"baseline": "altcraft-baseline.toml"}  # of keys without a default
_OF_LINT: Final = frozenset({"baseline", "format"})  # other commands take other values for them

_HEAD: Final = """
# Every key is optional. A line that begins with # and no space is not in force: take the # away.
# All keys: `altcraft-contract lint --help`, and the other commands' --help; a key is a long option without --.
# For editors: `altcraft-contract schema configuration` prints the JSON Schema of this file.
"""
_EXTEND: Final = """
# Files that this one lies on, relative to this one: a key here wins over theirs.
#extend = []
"""
_TABLES: Final = """
# Severities instead of the rules' own.
#[severity]
#total-mismatch = "error"

# Findings that count for nothing: which rule, in which files, at which places, why, and until when.
#[[suppress]]
#rule = "total-mismatch"
#path = "samples/legacy/**"
#pointer = "/data/total_price"
#reason = "Recorded from a shop that is gone."
#expires = 2030-12-31

# What is different for some files.
#[[overrides]]
#paths = ["tests/broken/**"]
#ignore = ["unknown-field"]

# Texts that are no secrets, though they look like some.
#[secrets]
#allow = ["0123456789abcdef0123456789abcdef"]

# What `--profile ci`, or ALTCRAFT_CONTRACT_PROFILE=ci in the environment, lays over the rest.
#[profiles.ci]
#fail-on = "warning"
#color = "never"
"""
_LINT: Final = """
# Keys for `altcraft-contract lint` alone.
#[lint]
"""


class Hook(NamedTuple):
    """A hook for pre-commit, as `.pre-commit-hooks.yaml` has it, too.

    Attributes:
        id: Its name in configurations.
        name: What it says that it looks for.
        entry: The command, to which the names of files are added.
        files: A regular expression that finds them.
    """

    id: str
    name: str
    entry: str
    files: str


_PAYLOADS: Final = r"preorder[_-]?commit.*\.(json|jsonl|ndjson|xml)$|altcraft[^/]*order[^/]*\.(json|jsonl|ndjson|xml)$"
_HOSTS: Final = (
    r"\.(har|http|markdown|md|rest)$|postman_collection\.json$"
    r"|(^|/)cassettes/.*\.(json|ya?ml)$|(^|/)(openapi|swagger)[^/]*\.(json|ya?ml)$"
)
HOOKS: Final = (
    Hook(
        "altcraft-contract-fix",
        "mend what can be mended in orders",
        "altcraft-contract lint --fix-only --allow-empty",
        f"(?i){_PAYLOADS}",
    ),
    Hook(
        "altcraft-contract-lint",
        "orders keep the contract",
        "altcraft-contract lint --allow-empty",
        f"(?i){_PAYLOADS}",
    ),
    Hook(
        "altcraft-contract-docs",
        "orders in documents and recordings keep the contract",
        "altcraft-contract lint --extract --allow-empty",
        f"(?i){_HOSTS}",
    ),
    Hook(
        "altcraft-contract-secrets",
        "orders hold no secrets",
        "altcraft-contract lint --check secrets --extract --allow-empty",
        f"(?i){_PAYLOADS}|{_HOSTS}",
    ),
)


def make_configuration(table: str = "") -> str:
    """The text of a configuration, with every key that is common as a comment.

    Args:
        table: Name of the table in which it is to stand; empty for a file of our own.
    """
    options = configuration_keys(lint.command)
    shared = "".join(_iter_keys({key: option for key, option in options.items() if key not in _OF_LINT}))
    of_lint = "".join(_iter_keys({key: option for key, option in options.items() if key in _OF_LINT}))
    tables = f"{_TABLES}{_LINT}{of_lint}"
    if table:
        tables = tables.replace("\n#[[", f"\n#[[{table}.").replace("\n#[", f"\n#[{table}.")
        tables = tables.replace(f"[{table}.[{table}.", f"[[{table}.")
    title = f"[{table}]" if table else "# Configuration of altcraft-contract."
    return f"{title}{_HEAD}{_EXTEND}{shared}{tables}"


def _iter_keys(options: Mapping[str, click.Option]) -> Iterator[str]:
    """For each option that says something to all runs: what it does, and its default as a comment."""
    for key, option in options.items():
        value = _value_of(key, option)
        if key in _OF_ONE_RUN or value is None:
            continue
        help_lines = wrap(" ".join((option.help or "").split()), _WIDTH)
        choices = f"# Of {', '.join(option.type.choices)}.\n" if isinstance(option.type, click.Choice) else ""
        comment = "".join(f"# {line}\n" for line in help_lines)
        yield f"\n{comment}{choices}#{key} = {json.dumps(value, ensure_ascii=False)}\n"


def _value_of(key: str, option: click.Option) -> Any:
    """What a key is if nobody says anything; None if that cannot be written down."""
    default = option.default
    if option.multiple:
        return list(default) if isinstance(default, (list, tuple)) else []
    if option.is_flag:
        return default is True
    return default if isinstance(default, (str, int, float)) else _SAMPLES.get(key)


def make_hooks() -> str:
    """The text of a configuration of pre-commit, with our hooks."""
    hooks = "".join(
        f"      - id: {hook.id}\n        name: {hook.name}\n        entry: {hook.entry}\n"
        f"        language: system\n        files: {hook.files}\n"
        for hook in HOOKS
    )
    ids = "".join(f"  #     - id: {hook.id}\n" for hook in HOOKS)
    return f"""\
# Hooks for pre-commit. `pre-commit install` makes git run them before each commit.
repos:
  # They run the altcraft-contract that is installed; say in `files` where your orders are.
  - repo: local
    hooks:
{hooks}  # Instead of all that, pre-commit can install altcraft-contract by itself:
  # - repo: https://example.com/altcraft-contract  # where your team keeps it
  #   rev: v{__version__}
  #   hooks:
{ids}"""
