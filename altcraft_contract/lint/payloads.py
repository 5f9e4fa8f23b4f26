"""Which files there are to check, and their bytes."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.errors import EmptyDirectory, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

STANDARD_INPUT: Final = "-"
SUFFIXES: Final = frozenset({".json", ".xml", ".ndjson", ".jsonl"})
_PART: Final = 1 << 20  # bytes read at once
_NEVER_ENTERED: Final = frozenset({"__pycache__", "node_modules", "venv"})  # besides hidden directories


class Payload(NamedTuple):
    """A file that may hold messages.

    Attributes:
        path: As the user named it; `<stdin>` for the standard input.
        file: Where to read it; None is the standard input.
        explicit: Whether the user named the file itself, not a directory above it.
    """

    path: str
    file: Path | None
    explicit: bool

    @property
    def suffix(self) -> str:
        """The suffix of the path, in small letters."""
        return Path(self.path).suffix.lower()

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the file for reading; the standard input stays open afterwards.

        Raises:
            UnreadableFile: if that is not possible.
        """
        if self.file is None:
            if sys.stdin is None:
                raise UnreadableFile(self.path, "the standard input is closed")
            return nullcontext(sys.stdin.buffer)
        try:
            return self.file.open("rb")
        except (OSError, ValueError) as error:
            raise UnreadableFile(self.path, reason_of(error)) from error


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
        suffixes: Of the files that are looked for in directories, in small letters.
        report: Is told of paths at which nothing can be read; the others are still found.
    """
    named = {_real(path) for path in paths if path != STANDARD_INPUT and not os.path.isdir(path)}  # noqa: PTH112
    seen = {_real(file) for file in exclude}
    for path in paths:
        if path == STANDARD_INPUT:
            payloads = [Payload(stdin_name, None, explicit=True)]
        else:
            payloads = [
                Payload(str(file), file, explicit=_real(file) in named) for file in _files(path, suffixes, report)
            ]
        for payload in payloads:
            key = STANDARD_INPUT if payload.file is None else _real(payload.file)
            if key not in seen:
                seen.add(key)
                yield payload


def _real(path: str | Path) -> str:
    """One name for all that lead to the same file; the path itself if it leads nowhere."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def _files(path: str, suffixes: Collection[str], report: Callable[[UnreadableFile], None]) -> list[Path]:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - Path("") is the working directory, and "a.json/" a file
    except (OSError, ValueError) as error:
        report(UnreadableFile(path or "''", _reason_of_absence(path, error)))
        return []
    if not stat.S_ISDIR(mode):
        return [Path(path)]
    files = _below(Path(path), suffixes, report)
    if not files:
        known = ", ".join(sorted(suffixes))
        report(EmptyDirectory(path, f"nothing to check: the directory holds no file ending with {known}"))
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


def _below(directory: Path, suffixes: Collection[str], report: Callable[[UnreadableFile], None]) -> list[Path]:
    def tell(error: OSError) -> None:
        report(UnreadableFile(str(error.filename), reason_of(error)))

    files = []
    for folder, folders, names in os.walk(directory, onerror=tell):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER_ENTERED)
        files += [
            Path(folder, name)
            for name in sorted(names)
            if Path(name).suffix.lower() in suffixes and Path(folder, name).is_file()
        ]
    return files
