"""What there is to check at a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from altcraft_contract.errors import EmptyDirectory, UnreadableFile
from altcraft_contract.lint.bulk.sources.remote import Place
from altcraft_contract.lint.bulk.sources.urls import redact_url
from altcraft_contract.lint.payloads import NEVER_ENTERED, Found, Payload, found_file, real_path, suffix_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from pathlib import Path

    from altcraft_contract.lint.bulk.sources.remote import Entry


def key_of_url(url: str) -> Hashable:
    """One name for all URLs that lead to the same object; None if there is no way to it."""
    try:
        place = Place(url)
    except UnreadableFile:
        return None
    return real_path(place.key) if place.is_local else place.identity(place.key)


def find_objects(
    url: str,
    is_wanted: Callable[[str], bool],
    files: Callable[[str], list[Path]],
    report: Callable[[UnreadableFile], None],
) -> Iterator[Found]:
    """The files at *url*, those below directories in the order of their names.

    Args:
        url: Of a file, of a directory, or of all that match it.
        is_wanted: Whether a file with such a name is looked for in directories.
        files: The files at a path of this machine.
        report: Is told of places at which nothing can be read; the others are still found.
    """
    try:
        place = Place(url)
        entries = place.matches() if place.is_pattern else [place.look()]
    except UnreadableFile as fault:
        report(fault)
        return
    if place.is_local:
        for path in [entry.key for entry in entries] if place.is_pattern else [place.key]:
            yield from map(found_file, files(path))
        return
    finder = _Finder(place, is_wanted, report)
    yield from finder.find(entries)
    if not finder.has_found and not finder.has_told:
        where = "nothing of this name is" if place.is_pattern else "nothing in the directory is"
        report(EmptyDirectory(redact_url(url), f"nothing to check: {where} a file whose suffix is known"))


class _Finder:
    """Finds objects in one file system.

    Args:
        place: In which they are looked for.
        is_wanted: Whether a file with such a name is looked for.
        report: Is told of directories that cannot be read.

    Attributes:
        has_found: Whether there is any.
        has_told: Whether something could not be read.
    """

    def __init__(
        self, place: Place, is_wanted: Callable[[str], bool], report: Callable[[UnreadableFile], None]
    ) -> None:
        self.has_found = False
        self.has_told = False
        self._place = place
        self._is_wanted = is_wanted
        self._report = report
        # Whoever asks for `*.log` wants these.
        self._suffix = suffix_of(place.name) if place.is_pattern else ""

    def find(self, entries: list[Entry]) -> Iterator[Found]:
        """The objects that *entries* of the file system are, or hold."""
        for entry in entries:
            if entry.is_directory:
                yield from self._below(entry)
            elif not self._place.is_pattern or self._fits(entry):
                yield self._found(entry, explicit=not self._place.is_pattern)

    def _fits(self, entry: Entry) -> bool:
        name = _file_name(entry)
        return self._is_wanted(name) or (bool(self._suffix) and suffix_of(name) == self._suffix)

    def _below(self, folder: Entry) -> Iterator[Found]:
        """The files in a directory and below it: those of a directory first."""
        waiting = [folder]
        while waiting:
            folders = []
            for entry in self._listing(waiting.pop()):
                name = _file_name(entry)
                if not entry.is_directory:
                    if self._is_wanted(name):
                        yield self._found(entry, explicit=False)
                elif not name.startswith(".") and name not in NEVER_ENTERED:
                    folders.append(entry)
            waiting += reversed(folders)

    def _listing(self, folder: Entry) -> list[Entry]:
        try:
            return self._place.listing(folder.key)
        except UnreadableFile as fault:
            self.has_told = True
            self._report(fault)
            return []

    def _found(self, entry: Entry, *, explicit: bool) -> Found:
        self.has_found = True
        place, key = self._place, entry.key
        payload = Payload(place.path_of(key), None, explicit, url=place.url, key=key, length=entry.size)
        return Found(place.identity(key), payload)


def _file_name(entry: Entry) -> str:
    return entry.key.partition("?")[0].rstrip("/").rpartition("/")[2]
