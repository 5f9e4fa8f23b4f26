"""Which files there are to check, and their bytes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import NothingToCheck, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

STANDARD_INPUT: Final = "-"
SUFFIXES: Final = frozenset({".json", ".xml", ".ndjson", ".jsonl"})
_NEVER_ENTERED: Final = frozenset({"__pycache__", "node_modules", "venv"})  # besides hidden directories


@dataclass(frozen=True, slots=True)
class Payload:
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

    def open(self) -> BinaryIO:
        """Open the file for reading.

        Raises:
            UnreadableFile: if that is not possible.
        """
        if self.file is None:
            return sys.stdin.buffer
        try:
            return self.file.open("rb")
        except (OSError, ValueError) as error:
            raise UnreadableFile(self.path, reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Why a file cannot be read, in words."""
    return getattr(error, "strerror", None) or str(error)


def iter_payloads(
    paths: Sequence[str], *, stdin_name: str = "<stdin>", report: Callable[[UnreadableFile], None]
) -> Iterator[Payload]:
    """The files at *paths*, those below directories in the order of their names, each once.

    Args:
        paths: Files, directories, or `-` for the standard input.
        stdin_name: What to call the standard input.
        report: Is told of paths that cannot be read; the others are still found.

    Raises:
        NothingToCheck: if a directory holds no file with a suffix of payloads.
    """
    seen: set[Path] = set()
    for name in paths:
        if name == STANDARD_INPUT:
            yield Payload(stdin_name, None, explicit=True)
            continue
        path = Path(name)
        try:
            is_directory = path.is_dir()
            if not is_directory and not path.exists():
                report(UnreadableFile(name, "no such file or directory"))
                continue
        except (OSError, ValueError) as error:
            report(UnreadableFile(name, reason_of(error)))
            continue
        files = _below(path, report) if is_directory else [path]
        if not files:
            known = ", ".join(sorted(SUFFIXES))
            raise NothingToCheck(f"{name}: nothing to check, the directory holds no file ending with {known}")
        for file in files:
            if file not in seen:
                seen.add(file)
                yield Payload(str(file), file, explicit=not is_directory)


def _below(directory: Path, report: Callable[[UnreadableFile], None]) -> list[Path]:
    def tell(error: OSError) -> None:
        report(UnreadableFile(str(error.filename), reason_of(error)))

    files = []
    for folder, folders, names in os.walk(directory, onerror=tell):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER_ENTERED)
        files += [
            Path(folder, name)
            for name in sorted(names)
            if Path(name).suffix.lower() in SUFFIXES and Path(folder, name).is_file()
        ]
    return files
