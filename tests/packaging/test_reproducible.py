"""The same sources give the same bytes, wherever and whenever they are built."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[2]
HERE: Final = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C"}
THERE: Final = {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"}
EPOCH: Final = 1_700_000_000  # 2023-11-14T22:13:20Z
ZIPPED_EPOCH: Final = (2023, 11, 14, 22, 13, 20)

# One worker builds, and all that look at what it built run there.
pytestmark = pytest.mark.xdist_group("distribution")


def build(source: Path, outside: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Build both distributions of a source tree; return their file names and bytes."""
    variables = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"} | environment
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(outside), str(source)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    assert run.returncode == 0, run.stdout + run.stderr
    return {path.name: path.read_bytes() for path in outside.iterdir() if path.suffix in {".whl", ".gz"}}


def age(folder: Path, *, seconds: float, mode: int) -> None:
    """Give every file a time and permissions of its own, as another checkout under another umask would have them."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode | (0o100 if path.stat().st_mode & 0o100 else 0))
            os.utime(path, (seconds, seconds))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distributions of this checkout, and what its sdist unpacks to, in `source`."""
    folder = tmp_path_factory.mktemp("first")
    build(ROOT, folder, HERE)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (top,) = (path for path in folder.iterdir() if path.is_dir())
    top.rename(folder / "source")
    return folder


def test_the_same_bytes_elsewhere_and_later(first: Path, tmp_path: Path) -> None:
    """Sources copied to another folder, with other times and permissions, give the same sdist and the same wheel."""
    there = tmp_path / "another place" / "deeper"
    shutil.copytree(first / "source", there)
    age(there, seconds=EPOCH, mode=0o600)

    built = build(there, tmp_path / "dist", THERE)

    assert {name: (first / name).read_bytes() == content for name, content in built.items()} == dict.fromkeys(
        built, True
    )
    assert len(built) == len(("sdist", "wheel"))


def test_source_date_epoch_is_the_time_of_every_file(first: Path, tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH is the time of every file in sdist and wheel."""
    build(first / "source", tmp_path, {"SOURCE_DATE_EPOCH": str(EPOCH)})
    (wheel,) = tmp_path.glob("*.whl")
    (sdist,) = tmp_path.glob("*.tar.gz")

    with zipfile.ZipFile(wheel) as zipped:
        assert {member.date_time for member in zipped.infolist()} == {ZIPPED_EPOCH}
    with tarfile.open(sdist) as tarred:
        assert {member.mtime for member in tarred} == {EPOCH}


def test_nobody_owns_what_is_in_the_sdist(first: Path) -> None:
    """The sdist names no user, no group and no permissions but readable and executable."""
    (sdist,) = first.glob("*.tar.gz")

    with tarfile.open(sdist) as archive:
        assert {(member.uname, member.gname, member.uid, member.gid) for member in archive} == {("", "", 0, 0)}
        assert {member.mode for member in archive} == {0o644, 0o755}
