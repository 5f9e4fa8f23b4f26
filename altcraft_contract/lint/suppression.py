"""Findings that count for nothing since the configuration says so, and why: `[[tool.altcraft-contract.suppress]]`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.lint.configured_table import iter_tables, shown
from altcraft_contract.lint.path_pattern import PointerPattern
from altcraft_contract.lint.project import Directory
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from altcraft_contract.lint.configured_table import ConfiguredTable
    from altcraft_contract.lint.path_pattern import PathPattern

SUPPRESS: Final = "suppress"
KEYS: Final = ("rule", "path", "pointer", "reason", "expires")
_ONLY_AT_A_PATH: Final = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """What counts for nothing.

    Attributes:
        number: 1-based, in its file.
        file: The configuration in which it stands; paths are relative to its directory.
        rules: Ids of the rules.
        paths: Of the files; none stands for all of them.
        pointer: To the places; None stands for all of them.
        reason: In the words of people.
        expires: The last day on which it holds; None if it holds for good.
    """

    number: int
    file: Path
    rules: tuple[str, ...]
    paths: tuple[PathPattern, ...] = ()
    pointer: PointerPattern | None = None
    reason: str
    expires: date | None = None

    def __str__(self) -> str:
        noun = "rule" if len(self.rules) == 1 else "rules"
        return f"{SUPPRESS} {self.number} in {self.file.name} ({noun} {', '.join(self.rules)})"

    def fits(self, rule: str, pointer: str) -> bool:
        """Whether it is about a finding of that *rule* at that *pointer*, in whatever file."""
        return rule in self.rules and (self.pointer is None or self.pointer.fits(pointer))


def read_suppressions(raw: Any, file: Path) -> tuple[Suppression, ...]:
    """What a configuration says to count for nothing.

    Args:
        raw: The value of its key `suppress`, as TOML has it.
        file: The configuration.

    Raises:
        ConfigurationFault: if something about it is wrong.
    """
    return tuple(_suppression(table) for table in iter_tables(SUPPRESS, raw, file, KEYS))


def _suppression(table: ConfiguredTable) -> Suppression:
    rules = table.texts("rule", "the id of a rule")
    if not rules:
        table.expect("rule", "the id of a rule, or a list of them")
    for rule in rules:
        _check_rule(table, rule)
    paths = table.paths("path")
    if _ONLY_AT_A_PATH in rules and not paths:
        table.refuse(f"{_ONLY_AT_A_PATH} needs a path: nothing else of such files is checked, so say which they are")
    reason = table.text("reason", "why that counts for nothing")
    if reason is None or not reason.strip():
        table.refuse("say why in reason")
    return Suppression(
        number=table.number,
        file=table.file,
        rules=rules,
        paths=paths,
        pointer=_pointer(table),
        reason=reason.strip(),
        expires=_day(table, "expires"),
    )


def _check_rule(table: ConfiguredTable, rule: str) -> None:
    if rule in RULES or rule in SECRET_RULES:
        return
    from altcraft_contract.errors import UnknownRule  # noqa: PLC0415 - only an error needs it
    from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - as above

    table.refuse(str(UnknownRule(rule[:80], find_nearest(rule, [*RULES, *SECRET_RULES]))))


def _pointer(table: ConfiguredTable) -> PointerPattern | None:
    text = table.text("pointer", "a pattern of pointers, such as /data/lines/*/price")
    if text is None:
        return None
    try:
        return PointerPattern(text)
    except ValueError as error:
        table.refuse(f"pointer = {shown(text)}: {error}")


def _day(table: ConfiguredTable, key: str) -> date | None:
    value = table.values.get(key)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        table.expect(key, "a date such as 2027-01-31, without quotes and time")
    return value


class Suppressions:
    """All that the configuration says to count for nothing, during one run.

    Args:
        entries: In the order of the configuration.
        today: The day of the run; None is that of the clock, in UTC.
        is_checked: Whether a rule is checked in this run; a suppression of another one is not unused.
        is_partial: Whether the files were named one by one, as pre-commit does: of what is about several files, this
            run cannot say that it is unused.
    """

    def __init__(
        self,
        entries: Sequence[Suppression],
        *,
        today: date | None = None,
        is_checked: Callable[[str], bool] = lambda _: True,
        is_partial: bool = False,
    ) -> None:
        day = today or datetime.now(UTC).date()
        self._valid = [entry for entry in entries if entry.expires is None or entry.expires >= day]
        self._expired = [entry for entry in entries if entry.expires is not None and entry.expires < day]
        self._is_checked = is_checked
        self._is_partial = is_partial
        self._directories = {folder: Directory(folder) for folder in {entry.file.parent for entry in entries}}
        self._reached: set[int] = set()  # ids of entries that are about a file that was checked
        self._used: set[int] = set()
        self._path: str | None = None
        self._here: Sequence[Suppression] = ()

    def at(self, path: str) -> Sequence[Suppression]:
        """Those that hold and are about the file at *path*, which is checked now."""
        if path != self._path:  # the records of a file come one after the other
            self._path = path
            self._here = [entry for entry in self._valid if self._is_at(entry, path)]
            self._reached.update(map(id, self._here))
        return self._here

    def find(self, path: str, rule: str, pointer: str) -> Suppression | None:
        """The first that is about a finding in the file at *path*; None if the finding counts."""
        found = None
        for entry in self.at(path):
            if entry.fits(rule, pointer):  # one that stands behind another is not unused
                self._used.add(id(entry))
                found = found or entry
        return found

    def iter_remarks(self) -> Iterator[str]:
        """What people should know after a run: which have expired, and which were of no use in the files checked."""
        for entry in self._expired:
            yield f"{entry} expired on {entry.expires}; mend the finding or take it out"
        for entry in self._valid:
            if id(entry) in self._used or not all(map(self._is_checked, entry.rules)):
                continue
            if id(entry) not in self._reached:
                if (missing := self._missing(entry)) is not None:
                    yield f"{entry} is about no file: there is no {missing}; take it out"
            elif self._names_a_file(entry):
                yield f"{entry} suppressed nothing; take it out"
            elif not self._is_partial:
                yield f"{entry} suppressed nothing in the files checked; take it out if they were all"

    def _is_at(self, entry: Suppression, path: str) -> bool:
        if not entry.paths:
            return True
        way = self._directories[entry.file.parent].below(path)
        return way is not None and any(pattern.fits(way) for pattern in entry.paths)

    def _names_a_file(self, entry: Suppression) -> bool:
        """Whether an entry is about one file, which was checked: so there is no other in which it could be of use."""
        return len(entry.paths) == 1 and self._directories[entry.file.parent].has_file(entry.paths[0].text.strip("/"))

    def _missing(self, entry: Suppression) -> str | None:
        """The first directory or file that an entry names, if there is none of all that it names."""
        directory = self._directories[entry.file.parent]
        named = [pattern.directory for pattern in entry.paths]
        if not named or any(not way or directory.holds(way) for way in named):
            return None
        return named[0]
