"""What is different for some files: `[[tool.altcraft-contract.overrides]]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import AltcraftContractError
from altcraft_contract.lint.configured_table import iter_tables, shown
from altcraft_contract.lint.project import Directory
from altcraft_contract.rules.selection import RuleSelection

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.lint.configured_table import ConfiguredTable
    from altcraft_contract.lint.lint_options import LintOptions
    from altcraft_contract.lint.path_pattern import PathPattern

OVERRIDES: Final = "overrides"
KEYS: Final = ("paths", "select", "ignore", "severity", "message", "syntax")
_MESSAGES: Final = ("request", "response", "auto")
_SYNTAXES: Final = ("json", "xml", "ndjson", "xml-lines", "auto")
_LEVELS: Final = ("error", "warning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What is different for some files.

    Attributes:
        file: The configuration in which it stands; paths are relative to its directory.
        paths: Of the files.
        select: Ids of the only rules that count; empty changes nothing.
        ignore: Ids of rules that do not count either.
        severity: Rule id to `error` or `warning`.
        message: What the files hold; None changes nothing.
        syntax: In which form; None changes nothing.
    """

    file: Path
    paths: tuple[PathPattern, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    message: str | None = None
    syntax: str | None = None


def read_overrides(raw: Any, file: Path) -> tuple[Override, ...]:
    """What a configuration says to be different for some files.

    Args:
        raw: The value of its key `overrides`, as TOML has it.
        file: The configuration.

    Raises:
        ConfigurationFault: if something about it is wrong.
    """
    return tuple(_override(table) for table in iter_tables(OVERRIDES, raw, file, KEYS))


def _override(table: ConfiguredTable) -> Override:
    paths = table.paths("paths")
    if not paths:
        table.expect("paths", "a pattern of paths, or a list of them")
    if len(table.values) == 1:
        table.refuse(f"changes nothing: give one of {', '.join(KEYS[1:])}")
    override = Override(
        file=table.file,
        paths=paths,
        select=table.texts("select", "the id of a rule"),
        ignore=table.texts("ignore", "the id of a rule"),
        severity=_severity(table),
        message=table.choice("message", _MESSAGES),
        syntax=table.choice("syntax", _SYNTAXES),
    )
    try:
        RuleSelection(override.select, override.ignore, override.severity)
    except AltcraftContractError as error:
        table.refuse(str(error))
    return override


def _severity(table: ConfiguredTable) -> Mapping[str, str]:
    levels = table.values.get("severity", {})
    if not isinstance(levels, dict):
        table.expect("severity", "a table of rules and severities")
    for rule, level in levels.items():
        if level not in _LEVELS:
            table.refuse(f"severity.{rule[:80]} = {shown(level)}: expected one of {', '.join(_LEVELS)}")
    return dict(levels)


class Overrides:
    """All that the configuration says to be different for some files.

    Args:
        entries: In the order of the configuration; of two that are about a file, the later one wins.
        given: What the user asked for on the command line, and no entry changes: some of `select`, `message`, `syntax`.
    """

    def __init__(self, entries: Sequence[Override], *, given: Collection[str] = ()) -> None:
        self._entries = entries
        self._given = given
        self._directories = {folder: Directory(folder) for folder in {entry.file.parent for entry in entries}}
        self._path: str | None = None
        self._here: tuple[Override, ...] = ()
        self._known: dict[tuple[int, ...], tuple[RuleSelection, RuleSelection]] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self._entries, self._given)

    def rules_for(self, path: str, rules: RuleSelection) -> RuleSelection:
        """Which rules count in the file at *path*, where *rules* do elsewhere."""
        here = self._at(path)
        if not any(entry.select or entry.ignore or entry.severity for entry in here):
            return rules
        key = tuple(map(id, here))
        base, made = self._known.get(key, (None, rules))
        if base is not rules:
            made = self._changed(rules, here)
            self._known[key] = (rules, made)
        return made

    def options_for(self, path: str, options: LintOptions) -> LintOptions:
        """How to check the file at *path*, where *options* hold elsewhere."""
        here = self._at(path)
        if not here:
            return options
        changes: dict[str, Any] = {"rules": self.rules_for(path, options.rules)}
        for entry in here:
            if entry.message is not None and "message" not in self._given:
                changes["message"] = entry.message
            if entry.syntax is not None and "syntax" not in self._given:
                changes["syntax"] = entry.syntax
        return options._replace(**changes)

    def _at(self, path: str) -> tuple[Override, ...]:
        if path != self._path:
            self._path = path
            self._here = tuple(entry for entry in self._entries if self._is_at(entry, path))
        return self._here

    def _is_at(self, entry: Override, path: str) -> bool:
        way = self._directories[entry.file.parent].below(path)
        return way is not None and any(pattern.fits(way) for pattern in entry.paths)

    def _changed(self, rules: RuleSelection, here: Sequence[Override]) -> RuleSelection:
        select, ignore, severity = rules.select, [*rules.ignore], dict(rules.severity)
        for entry in here:
            if entry.select and "select" not in self._given:
                select = entry.select
            ignore += entry.ignore
            severity |= entry.severity
        return RuleSelection(select, ignore, severity)


def _restored(entries: Sequence[Override], given: Collection[str]) -> Overrides:
    """The same in another process: what is known of paths and rules is of this one."""
    return Overrides(entries, given=given)
