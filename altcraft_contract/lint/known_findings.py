"""Files of what is known to be wrong: TOML, for people to read and to say why."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import read_at_most, reason_of
from altcraft_contract.lint.replacement import replace_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

VERSION: Final = 1
_LARGEST: Final = 1 << 26  # bytes: some hundred thousand entries
_LONGEST: Final = 80  # characters of a key that a fault shows


class _Known(Protocol):
    """A frozen dataclass of texts and dates; members with a default may be left out."""

    @property
    def id(self) -> str: ...


K = TypeVar("K", bound=_Known)


@dataclass(frozen=True, slots=True)
class KnownForm(Generic[K]):
    """The form of one kind of file.

    Attributes:
        entry: What an entry is read to: a frozen dataclass of texts and dates, with a fingerprint as its `id`.
        head: What people should know, without `#`.
        foreign: Key that only entries of another kind of file have, to what that file is and what to do.
    """

    entry: type[K]
    head: str
    foreign: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def load(self, path: str | os.PathLike[str], *, may_be_missing: bool = False) -> dict[str, K]:
        """What a file says to be known, by fingerprint.

        Args:
            path: The file.
            may_be_missing: Whether nothing is known if there is no file, since it is about to be made.

        Raises:
            UnreadableFile: if it cannot be read, or is of another form.
        """
        name = str(path)
        try:
            with Path(path).open("rb") as file:
                data = read_at_most(file, _LARGEST + 1)
        except FileNotFoundError:
            if may_be_missing:
                return {}
            raise UnreadableFile(name, "there is no such baseline; --baseline-update makes it") from None
        except (OSError, ValueError) as error:
            raise UnreadableFile(name, reason_of(error)) from None
        try:
            return self._read(_table(data))
        except _Unfit as unfit:
            raise UnreadableFile(name, f"it is no baseline: {unfit}") from None

    def write(self, path: str | os.PathLike[str], entries: Iterable[K]) -> None:
        """Replace a file, or make it; it is written whole or not at all.

        Raises:
            UnreadableFile: if that is not possible.
        """
        head = "".join(f"# {line}\n" for line in self.head.splitlines()) + f"version = {VERSION}\n"
        data = "\n".join([head, *map(_written, entries)]).encode()
        if len(data) > _LARGEST:
            raise UnreadableFile(str(path), f"cannot be written: it would be larger than {_LARGEST >> 20} MiB")
        replace_file(path, data)

    def _read(self, table: Mapping[str, Any]) -> dict[str, K]:
        version: Any = table.get("version")
        if not _is_whole(version) or version != VERSION:
            is_newer = _is_whole(version) and VERSION < version < _LARGEST
            found = f", found {version}: a later release wrote it" if is_newer else ""
            raise _Unfit(f"expected version = {VERSION} at its top{found}")
        unknown = sorted(table.keys() - {"version", "known"})
        if unknown:
            raise _Unfit(f"unknown key {unknown[0][:_LONGEST]!r}")
        entries = table.get("known", [])
        if not isinstance(entries, list):
            raise _Unfit("known is no list: each entry begins with [[known]]")
        known = [self._entry(number, entry) for number, entry in enumerate(entries, start=1)]
        return {entry.id: entry for entry in known}

    def _entry(self, number: int, entry: Any) -> K:
        where = f"entry {number} of known"
        if not isinstance(entry, dict):
            raise _Unfit(f"{where} is no table")
        members = fields(self.entry)  # type: ignore[arg-type]  # it is a dataclass
        unknown = sorted(entry.keys() - {member.name for member in members})
        for key in unknown:
            if key in self.foreign:
                raise _Unfit(self.foreign[key])
        if unknown:
            raise _Unfit(f"{where}: unknown key {unknown[0][:_LONGEST]!r}")
        for member in members:
            if member.name not in entry and member.default is not MISSING:
                continue
            value = entry.get(member.name)
            kind, expected = (date, "a date such as 2026-02-18") if member.type == "date" else (str, "a text")
            if not isinstance(value, kind) or isinstance(value, datetime):
                raise _Unfit(f"{where}: expected {member.name} to be {expected}")
        return self.entry(**entry)


class _Unfit(Exception):
    """Something in the file is not as the form says; the message lacks only its name."""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _table(data: bytes) -> dict[str, Any]:
    if len(data) > _LARGEST:
        raise _Unfit(f"larger than {_LARGEST >> 20} MiB")
    import tomllib  # noqa: PLC0415 - most runs have no baseline

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise _Unfit("nested too deeply") from None
    except ValueError as error:
        raise _Unfit(f"not TOML: {error}") from None


def _written(entry: Any) -> str:
    members = "".join(f"{member.name} = {_toml(getattr(entry, member.name))}\n" for member in fields(entry))
    return f"[[known]]\n{members}"


def _toml(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return '"' + "".join(_toml_character(character) for character in value) + '"'


def _toml_character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    # Half a surrogate pair is nothing that TOML can hold.
    return "\ufffd" if "\ud800" <= character <= "\udfff" else f"\\U{ord(character):08x}"
