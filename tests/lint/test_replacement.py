"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.replacement import check_replaceable, replace_file

if TYPE_CHECKING:
    from pathlib import Path

is_posix = pytest.mark.skipif(os.name == "nt", reason="modes and links are those of POSIX")


@is_posix
def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    """What was private stays so; what is new can be read by whom the user lets read files."""
    old, new, usual = (tmp_path / name for name in ("old", "new", "usual"))
    old.write_bytes(b"1")
    old.chmod(0o640)
    usual.write_bytes(b"")

    replace_file(old, b"2")
    replace_file(new, b"3")

    assert (old.read_bytes(), new.read_bytes()) == (b"2", b"3")
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


@is_posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file to which a link leads is replaced."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"1")
    link = tmp_path / "link"
    link.symlink_to("folder/file")

    replace_file(link, b"2")

    assert link.is_symlink()
    assert (tmp_path / "folder" / "file").read_bytes() == b"2"


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full half-way, the file is what it was, and nothing lies beside it."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "file"
    path.write_bytes(b"1")
    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(UnreadableFile, match="cannot be written: no space left on device"):
        replace_file(path, b"2")

    assert path.read_bytes() == b"1"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_replaced_is_told(tmp_path: Path) -> None:
    """A directory, and a file in a directory that is not there, are refused, whether asked or written to."""
    for path, reason in ((tmp_path, "is a directory"), (tmp_path / "x" / "y", "there is no such directory")):
        with pytest.raises(UnreadableFile, match=f"cannot be written: {reason}"):
            check_replaceable(path)
        with pytest.raises(UnreadableFile, match=f"cannot be written: {reason}"):
            replace_file(path, b"")


@is_posix
def test_what_is_no_file_is_written_to() -> None:
    """A device stays where it is."""
    replace_file(os.devnull, b"1")

    assert not os.path.isfile(os.devnull)  # noqa: PTH113 - it is a text
