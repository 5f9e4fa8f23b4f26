"""What to call files for programs: by their way from one directory, whatever the working directory is."""

from __future__ import annotations

import os
from typing import Final

STANDARD_INPUT_NAME: Final = "<stdin>"
_PARENT: Final = ".."


class Directory:
    """A directory from which files are named. Symbolic links within it are names like others; none is followed.

    Args:
        path: Of the directory; it need not be there.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._plain = os.path.abspath(path)  # noqa: PTH100 - links are not followed
        self._real = os.path.realpath(path)
        self._known: dict[str, str | None] = {}  # the way to a directory that was asked for

    def below(self, path: str) -> str | None:
        """The way to the file at *path*, with `/`; None if the file lies elsewhere.

        The name of the standard input stays as it is.
        """
        if path == STANDARD_INPUT_NAME:
            return path
        folder, name = os.path.split(path)
        if name in ("", os.curdir, _PARENT):
            folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - as above
        if folder not in self._known:
            self._known[folder] = self._way_to(folder)
        way = self._known[folder]
        return None if way is None else f"{way}/{name}" if way else name

    def relative(self, path: str) -> str:
        """The way to the file at *path*, with `/`, and with `..` if the file lies elsewhere."""
        way = self.below(path)
        if way is not None:
            return way
        try:
            way = os.path.relpath(path, self._real)
        except ValueError:  # on another drive
            way = os.path.abspath(path)  # noqa: PTH100 - as above
        return _with_slashes(way)

    def holds(self, way: str) -> bool:
        """Whether there is something at the end of *way*, as `relative` tells it; if in doubt, there is."""
        try:
            os.lstat(self._end(way))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError):
            return True
        return True

    def has_file(self, way: str) -> bool:
        """Whether there is a file at the end of *way*."""
        return os.path.isfile(self._end(way))  # noqa: PTH113 - it is a text already

    def _end(self, way: str) -> str:
        return os.path.join(self._real, way)  # noqa: PTH118 - as above

    def _way_to(self, folder: str) -> str | None:
        plain = os.path.abspath(folder)  # noqa: PTH100 - as above
        for start in (self._plain, self._real):
            way = _way(plain, start)
            if way is not None:
                return way
        return _way(os.path.realpath(plain), self._real)  # a link above the directory gives it another name


class ProjectRoot(Directory):
    """The directory from which programs name the files of a project."""

    def name_of(self, path: str) -> str:
        """The name of the file at *path*, with `/`: from the root on; of a file that lies elsewhere, all of it."""
        way = self.below(path)
        return _with_slashes(os.path.abspath(path)) if way is None else way  # noqa: PTH100 - links are not followed


def find_project_root(start: str | os.PathLike[str] = ".") -> ProjectRoot:
    """The nearest directory with a `.git`, *start* or one above it; else *start*."""
    first = folder = os.path.abspath(start)  # noqa: PTH100 - as above
    while not os.path.lexists(os.path.join(folder, ".git")):  # noqa: PTH118 - each of them is a text already
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if above == folder:
            return ProjectRoot(first)
        folder = above
    return ProjectRoot(folder)


def _way(folder: str, start: str) -> str | None:
    """From *start* to *folder*, with `/`; empty if they are the same, None if one is not in the other."""
    known, given = os.path.normcase(start), os.path.normcase(folder)
    if known == given:
        return ""
    prefix = start if start.endswith(os.sep) else start + os.sep
    return _with_slashes(folder[len(prefix) :]) if given.startswith(os.path.normcase(prefix)) else None


def _with_slashes(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")
