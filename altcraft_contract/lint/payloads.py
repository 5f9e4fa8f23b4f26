"""Which files there are to check, and their bytes."""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import nullcontext
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.errors import EmptyDirectory, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

STANDARD_INPUT: Final = "-"
SUFFIXES: Final = frozenset({".json", ".xml", ".ndjson", ".jsonl"})
COMPRESSED_SUFFIXES: Final = frozenset({".gz", ".zst"})
"""Suffixes that may follow another one."""
COLUMN_SUFFIXES: Final = frozenset({".parquet", ".arrow", ".arrows", ".feather"})
"""Suffixes of tables."""
_UNKNOWN: Final = b""
_COMPRESSED_STARTS: Final = frozenset({_UNKNOWN, b"\x1f", b"\x28", *(bytes([byte]) for byte in range(0x50, 0x60))})
_PART: Final = 1 << 20  # bytes read at once
NEVER_ENTERED: Final = frozenset({"__pycache__", "node_modules", "venv"})  # besides hidden directories


class Payload(NamedTuple):
    """A file that may hold messages.

    Attributes:
        path: As the user named it, but for what is secret in a URL; `<stdin>` for the standard input.
        file: Where to read it on this machine; None is the standard input, or a URL.
        explicit: Whether the user named the file itself, not a directory above it.
        url: How to reach a file elsewhere; what is secret stands in it.
        key: Name of the file in the file system that the URL leads to; None if the URL is that of the file.
        length: How many bytes a file elsewhere has, as stored; None if that is not known.
    """

    path: str
    file: Path | None
    explicit: bool
    url: str | None = None
    key: str | None = None
    length: int | None = None

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Payload({self.path!r}, {self.file!r}, explicit={self.explicit})"

    @property
    def suffix(self) -> str:
        """The suffix of the path, but for that of a compressed file, in small letters."""
        return suffix_of(self._name)

    @property
    def is_standard_input(self) -> bool:
        """Whether this is the standard input."""
        return self.file is None and self.url is None

    @property
    def is_plain(self) -> bool:
        """Whether this is a file on this machine that is not compressed, so that any part of it can be read."""
        if self.file is None or self.is_compressed:
            return False
        try:
            return stat.S_ISREG(self.file.stat().st_mode)
        except (OSError, ValueError):
            return False

    @property
    def is_compressed(self) -> bool:
        """Whether the suffix says so."""
        return PurePath(self._name).suffix.lower() in COMPRESSED_SUFFIXES

    @property
    def is_columnar(self) -> bool:
        """Whether the messages stand in a column of a table."""
        return not self.is_standard_input and self.suffix in COLUMN_SUFFIXES

    @property
    def size(self) -> int | None:
        """Bytes, as stored; None if that is not known."""
        if self.file is None:
            return self.length
        try:
            status = self.file.stat()
        except (OSError, ValueError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    @property
    def _name(self) -> str:
        """What the suffix is told from."""
        if self.url is None:
            return self.path
        name = self.key or self.url.partition("::")[0]
        return re.split("[?#]", name, maxsplit=1)[0] if name.startswith(("http:", "https:")) else name

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the file for reading, decompressed; the standard input stays open afterwards.

        The stream of a file that is not plain, but for the standard input, has an attribute `stored`: how many bytes
        have been read of what is stored.

        Raises:
            UnreadableFile: if that is not possible; of a file that is not plain also by each way of reading.
        """
        if self.url is not None:
            from altcraft_contract.lint.bulk.sources.remote import open_object  # noqa: PLC0415 - few runs need it

            return open_object(self.url, self.key, self.length)
        if self.file is None:
            return self._open_standard_input()
        if self.is_compressed:
            from altcraft_contract.lint.bulk.sources.streams import open_file  # noqa: PLC0415 - few runs need it

            return open_file(self.file, self.path, reason_of)
        return self._open_file(self.file)

    def open_seekable(self) -> AbstractContextManager[BinaryIO]:
        """Open the file as it is stored, for reading anywhere in it.

        Raises:
            UnreadableFile: if that is not possible.
        """
        if self.url is not None:
            from altcraft_contract.lint.bulk.sources.remote import Place  # noqa: PLC0415 - few runs need it

            place = Place(self.url)
            opened: BinaryIO = place.open(self.key or place.key, self.length, seekable=True)
            return opened
        if self.file is None:
            raise UnreadableFile(self.path, "the standard input can only be read from its start to its end")
        return self._open_file(self.file)

    def _open_file(self, file: Path) -> BinaryIO:
        try:
            return file.open("rb")
        except (OSError, ValueError) as error:
            raise UnreadableFile(self.path, reason_of(error)) from error

    def _open_standard_input(self) -> AbstractContextManager[BinaryIO]:
        if sys.stdin is None:
            raise UnreadableFile(self.path, "the standard input is closed")
        stream = sys.stdin.buffer
        try:
            start = stream.peek(1)[:1] if hasattr(stream, "peek") else _UNKNOWN
        except OSError as error:
            raise UnreadableFile(self.path, reason_of(error)) from error
        if start not in _COMPRESSED_STARTS:
            return nullcontext(stream)
        from altcraft_contract.lint.bulk.sources.streams import open_input  # noqa: PLC0415 - few runs need it

        return open_input(stream, self.path, reason_of)


def suffix_of(name: str) -> str:
    """The suffix of a name, but for that of a compressed file, in small letters."""
    path = PurePath(name)
    suffix = path.suffix.lower()
    return PurePath(path.stem).suffix.lower() if suffix in COMPRESSED_SUFFIXES else suffix


def read_at_most(file: BinaryIO, size: int) -> bytes:
    """The next bytes of *file*, up to *size* of them; `read(size)` would make room for all of them at once."""
    parts = []
    while size > 0 and (part := file.read(min(size, _PART))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def reason_of(error: Exception) -> str:
    """Why a file cannot be read, in words."""
    if isinstance(error, ValueError):  # Pythons differ in what they call it
        return "a path cannot hold a NUL character"
    reason = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]


def iter_payloads(
    paths: Sequence[str],
    *,
    stdin_name: str = "<stdin>",
    exclude: Collection[str] = (),
    suffixes: Collection[str] = SUFFIXES,
    report: Callable[[UnreadableFile], None],
) -> Iterator[Payload]:
    """The files at *paths*, those below directories in the order of their names, each once.

    Args:
        paths: Files, directories, or `-` for the standard input.
        stdin_name: What to call the standard input.
        exclude: Files that are no payloads though they lie in one of the directories, such as the reports.
        suffixes: Of the files that are looked for in directories, in small letters. Compressed ones are found if they
            are `SUFFIXES`, and so are tables.
        report: Is told of paths at which nothing can be read; the others are still found.
    """
    finder = _Finder(suffixes, report)
    named = {finder.key_of(path) for path in paths} - {None}
    seen: set[Hashable] = {real_path(file) for file in exclude}
    for path in paths:
        if path == STANDARD_INPUT:
            found: Iterable[Found] = [Found(STANDARD_INPUT, Payload(stdin_name, None, explicit=True))]
        else:
            found = finder.find(path)
        for key, payload in found:
            if key not in seen:
                seen.add(key)
                yield payload._replace(explicit=payload.explicit or key in named)


class Found(NamedTuple):
    """A file that was found.

    Attributes:
        key: One name for all paths that lead to it.
        payload: The file.
    """

    key: Hashable
    payload: Payload


def found_file(file: Path) -> Found:
    """A file of this machine, as it is found."""
    return Found(real_path(file), Payload(str(file), file, explicit=False))


def _is_url(path: str) -> bool:
    if "://" not in path:
        return False
    from altcraft_contract.lint.bulk.sources.urls import is_url  # noqa: PLC0415 - few runs need it

    return is_url(path)


def real_path(path: str | Path) -> str:
    """One name for all that lead to the same file; the path itself if it leads nowhere."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


class _Finder:
    """Finds payloads.

    Args:
        suffixes: Of the files that are looked for in directories.
        report: Is told of paths at which nothing can be read.
    """

    def __init__(self, suffixes: Collection[str], report: Callable[[UnreadableFile], None]) -> None:
        self._suffixes = suffixes
        self._report = report

    def key_of(self, path: str) -> Hashable:
        """One name for all paths that lead to the file that *path* names; None if it names no file."""
        if path == STANDARD_INPUT or os.path.isdir(path):  # noqa: PTH112 - a text already
            return None
        if not _is_url(path):
            return real_path(path)
        from altcraft_contract.lint.bulk.sources.finding import key_of_url  # noqa: PLC0415 - few runs need it

        return key_of_url(path)

    def find(self, path: str) -> Iterable[Found]:
        """The files at *path*."""
        if not _is_url(path):
            return map(found_file, self._files(path))
        from altcraft_contract.lint.bulk.sources.finding import find_objects  # noqa: PLC0415 - few runs need it

        return find_objects(path, self.is_wanted, self._files, self._report)

    def is_wanted(self, name: str) -> bool:
        """Whether a file with this name is looked for."""
        suffix = suffix_of(name)
        if suffix == PurePath(name).suffix.lower():
            return suffix in self._suffixes or suffix in COLUMN_SUFFIXES
        return suffix in SUFFIXES and suffix in self._suffixes

    def _files(self, path: str) -> list[Path]:
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116 - Path("") is the working directory, and "a.json/" a file
        except (OSError, ValueError) as error:
            self._report(UnreadableFile(path or "''", _reason_of_absence(path, error)))
            return []
        if not stat.S_ISDIR(mode):
            return [Path(path)]
        files = self._below(Path(path))
        if not files:
            self._report(
                EmptyDirectory(path, f"nothing to check: the directory holds no file ending with {self.known}")
            )
        return files

    @property
    def known(self) -> str:
        """The suffixes that are looked for, for people."""
        return ", ".join(sorted(self._suffixes))

    def _below(self, directory: Path) -> list[Path]:
        def tell(error: OSError) -> None:
            self._report(UnreadableFile(str(error.filename), reason_of(error)))

        files = []
        for folder, folders, names in os.walk(directory, onerror=tell):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in NEVER_ENTERED)
            files += [
                Path(folder, name) for name in sorted(names) if self.is_wanted(name) and Path(folder, name).is_file()
            ]
        return files


def _reason_of_absence(path: str, error: Exception) -> str:
    reason = reason_of(error)
    folder, name = os.path.split(path)
    if not isinstance(error, FileNotFoundError) or not name:
        return reason
    if os.path.islink(path):  # noqa: PTH114 - a text already
        return "it is a link that leads nowhere"
    from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - only an error needs it

    try:
        nearest = find_nearest(name, os.listdir(folder or "."))  # noqa: PTH208 - names, not paths
    except OSError:
        return f"{reason}; there is no directory {folder!r}"
    return f"{reason}; did you mean {os.path.join(folder, nearest)!r}?" if nearest is not None else reason  # noqa: PTH118 - as named
