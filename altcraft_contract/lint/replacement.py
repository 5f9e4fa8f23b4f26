"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import reason_of

_MODE: Final = 0o666  # of a new file, before the user's mask


def check_replaceable(path: str | os.PathLike[str]) -> None:
    """Find out whether a file can be replaced, or made.

    Raises:
        UnreadableFile: if it cannot.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            reason = "is a directory"
        elif not target.parent.is_dir():
            reason = "there is no such directory; make it first"
        elif target.exists() and not os.access(target, os.W_OK):
            reason = "permission denied"
        else:
            return
    except (OSError, ValueError) as error:
        reason = reason_of(error)
    raise UnreadableFile(str(path), f"cannot be written: {reason}")


def replace_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write *content* to a file: to another one beside it first, which then takes its place and its mode.

    Where *path* is a symbolic link, the file to which it leads is replaced. What is no file, such as a device, is
    written to as it is.

    Raises:
        UnreadableFile: if that is not possible; the file is as it was then.
    """
    check_replaceable(path)
    try:
        target = Path(os.path.realpath(path))
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            target.write_bytes(content)
        else:
            _replace(target, content, mode)
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(path), f"cannot be written: {reason_of(error)}") from None


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    beside = target.with_name(f".altcraft-contract-{token_hex(4)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(beside, flags, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
