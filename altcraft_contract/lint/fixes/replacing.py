"""A file's new content, which takes the place of the old one at once or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from hashlib import blake2b
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = 1 << 20  # bytes copied at once
_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Replacement:
    """Is told of a file's content, part by part, and writes a new one beside it once a part is to be another.

    Owner and permissions are those of the file. Of a symbolic link, what it leads to is replaced.

    Args:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        self._target = os.path.realpath(path)
        self._seen = blake2b()
        self._length = 0
        self._file: Any = None

    def take(self, old: bytes, new: bytes) -> None:
        """Take in the next part of the file, and what is to stand in its place.

        Raises:
            OSError: if that cannot be written.
        """
        if self._file is None and new != old:
            self._file = _file_beside(self._target)
            self._copy(self._length)
        if self._file is not None:
            self._file.write(new)
        self._seen.update(old)
        self._length += len(old)

    def finish(self) -> bool:
        """Put the new content in the place of the old one, if it is another; return whether it is.

        Raises:
            OSError: if that cannot be done, or if the file is no longer what has been taken in.
        """
        if self._file is None:
            return False
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if _digest_of(self._target) != self._seen.digest():
            raise OSError("it changed in the meantime; run the command again")
        os.replace(self._file.name, self._target)  # noqa: PTH105 - a name, not a path
        self._file = None
        return True

    def abandon(self) -> None:
        """Leave the file as it is, and nothing beside it."""
        if self._file is not None:
            self._file.close()
            with suppress(OSError):
                os.unlink(self._file.name)  # noqa: PTH108 - a name, not a path

    def _copy(self, size: int) -> None:
        with open(self._target, "rb") as file:  # noqa: PTH123 - a name, not a path
            while size > 0 and (block := file.read(min(size, _BLOCK))):
                self._file.write(block)
                size -= len(block)


@contextmanager
def replacing(path: str, name: str) -> Iterator[Replacement]:
    """A replacement of the file at *path*; nothing stays of it if it is not finished.

    Raises:
        UnreadableFile: called *name*, if the file cannot be read or written.
    """
    replacement = Replacement(path)
    try:
        yield replacement
    except (OSError, ValueError) as error:
        raise UnreadableFile(name, f"cannot be fixed: {reason_of(error)}") from error
    finally:
        replacement.abandon()


def _file_beside(target: str) -> Any:
    """An empty file with the owner and the permissions of *target*, in the same directory."""
    status = os.stat(target)  # noqa: PTH116 - a name, not a path
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is no regular file")
    # What forbids writing forbids replacing, too, though the directory may allow it, and the superuser anything.
    if not status.st_mode & _WRITABLE or not os.access(target, os.W_OK):
        raise OSError("it is read-only")
    folder = os.path.dirname(target)  # noqa: PTH120 - a name, not a path
    file = NamedTemporaryFile(dir=folder, prefix=".altcraft-contract-", suffix=".tmp", delete=False)  # noqa: SIM115
    try:
        if hasattr(os, "fchown"):
            own = os.fstat(file.fileno())
            if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
        os.chmod(file.name, stat.S_IMODE(status.st_mode))  # noqa: PTH101 - a name, not a path
    except BaseException as error:
        file.close()
        os.unlink(file.name)  # noqa: PTH108 - a name, not a path
        if isinstance(error, PermissionError):
            raise OSError("it would change its owner or its group") from None
        raise
    return file


def _digest_of(path: str) -> bytes:
    digest = blake2b()
    with open(path, "rb") as file:  # noqa: PTH123 - a name, not a path
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.digest()
