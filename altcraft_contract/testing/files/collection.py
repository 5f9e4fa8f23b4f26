"""Payload files and recordings as tests: what pytest collects."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Self

    from altcraft_contract.testing.settings import JudgingSettings

_ITEM_NAME: Final = "contract"
_RULES_IN_FULL: Final = 2  # verbosity, `-vv`, from which on a failure says what each rule says


def matches(path: Path, rootpath: Path, patterns: Iterable[str]) -> bool:
    """Whether one of *patterns* names the file at *path*.

    Args:
        path: Of the file, absolute.
        rootpath: The root of the tests.
        patterns: Globs, relative to *rootpath* or absolute, whose separators may be those of Windows, too. `*` stays
            within a directory, `**` stands for any number of them, and a pattern that ends with a separator for all
            that lies below.
    """
    relative = _parts(os.path.relpath(path, rootpath)) if path.drive == rootpath.drive else ()
    for pattern in patterns:
        segments = _parts(pattern)
        parts = _parts(str(path)) if Path(pattern).is_absolute() else relative
        if pattern.endswith(("/", "\\")):
            segments = (*segments, "**", "*")
        if parts and _match(parts, segments):
            return True
    return False


def _parts(path: str) -> tuple[str, ...]:
    parts = os.path.normcase(path).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in {"", "."})


def _match(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether all of *parts* match: for each the places in *pattern* that it may have come to are kept."""
    places = _past_stars({0}, pattern)
    for part in parts:
        places = _past_stars(
            {
                place if pattern[place] == "**" else place + 1
                for place in places
                if place < len(pattern) and (pattern[place] == "**" or fnmatchcase(part, pattern[place]))
            },
            pattern,
        )
    return len(pattern) in places


def _past_stars(places: set[int], pattern: Sequence[str]) -> set[int]:
    """*places* and those that can be had from them without a part, since `**` may stand for nothing."""
    reached = set(places)
    for place, segment in enumerate(pattern):
        if place in reached and segment == "**":
            reached.add(place + 1)
    return reached


def collect_file(
    file_path: Path, parent: pytest.Collector, *, settings: Callable[[], JudgingSettings]
) -> pytest.Collector:
    """The collector of a file that `matches`, for the hook `pytest_collect_file`.

    Args:
        file_path: Of the file.
        parent: As the hook gets it.
        settings: How to judge; it is asked when a test runs.
    """
    return PayloadFile.from_parent(parent, path=file_path, settings=settings)


class PayloadFile(pytest.File):
    """A file that holds messages: payload, NDJSON, or a recording of traffic."""

    def __init__(self, *, settings: Callable[[], JudgingSettings], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._settings = settings

    @classmethod
    def from_parent(cls, parent: Any, **kwargs: Any) -> Self:
        """As pytest wants it: the way to make one."""
        file: Self = super().from_parent(parent, **kwargs)
        return file

    def collect(self) -> Iterator[pytest.Item]:
        """One test, for all that stands in the file."""
        yield PayloadItem.from_parent(self, name=_ITEM_NAME, settings=self._settings)


class PayloadItem(pytest.Item):
    """The test that a file keeps the contract."""

    def __init__(self, *, settings: Callable[[], JudgingSettings], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._settings = settings

    @classmethod
    def from_parent(cls, parent: Any, **kwargs: Any) -> Self:
        """As pytest wants it: the way to make one."""
        item: Self = super().from_parent(parent, **kwargs)
        return item

    @property
    def label(self) -> str:
        """The path of the file as people know it: relative to the root of the tests, where it lies below that."""
        root = self.config.rootpath
        return (self.path.relative_to(root) if self.path.is_relative_to(root) else self.path).as_posix()

    def runtest(self) -> None:
        """Check the file."""
        from altcraft_contract.testing.files.checking import check_file  # noqa: PLC0415 - collecting must stay cheap

        verbose = self.config.get_verbosity() >= _RULES_IN_FULL
        verdict = check_file(self.path, self.label, self._settings(), verbose=verbose)
        if verdict.fails:
            raise ContractBroken(verdict.text)
        if verdict.skip is not None:
            pytest.skip(verdict.skip)
        if verdict.text:
            self.add_report_section("call", "altcraft-contract", verdict.text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The findings, or what is wrong with the configuration; where our code ran says nothing about either."""
        if isinstance(excinfo.value, (ContractBroken, pytest.UsageError, pytest.fail.Exception)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The file, and what reports call the test."""
        return self.path, None, f"{self.label}: {self.name}"


class ContractBroken(Exception):
    """A file fails its test; the text is what the report shows."""
