"""The reports as files: which, where, and each whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.renderers.redaction import redact_path, redact_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from altcraft_contract.testing.coverage.collector import Coverage
    from altcraft_contract.testing.coverage.summary import Summary

OPTION: Final = "--altcraft-report"
NAME: Final = "altcraft-coverage"
SUFFIXES: Final = (".json", ".html")


def report_files(path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Which files the report at *path* is; nothing is touched.

    A path that ends with `.json` or `.html` is that file. A directory, a path that ends with a separator and one
    without a suffix stand for `altcraft-coverage.json` and `altcraft-coverage.html` in that directory.

    Raises:
        ConfigurationFault: if the path is empty or has another suffix.
    """
    given = os.path.expanduser(os.fspath(path))  # noqa: PTH111 - Path would drop a separator at the end
    if not given or "\0" in given:
        raise ConfigurationFault(OPTION, "the path is empty or has a NUL; name a .json or .html file, or a directory")
    place = Path(given)
    ends_with_separator = given.endswith(tuple(filter(None, (os.sep, os.altsep))))
    if ends_with_separator or place.is_dir() or not place.suffix:
        return tuple(place / f"{NAME}{suffix}" for suffix in SUFFIXES)
    if place.suffix.lower() not in SUFFIXES:
        reason = f"{redact_text(given)!r} has another suffix than .json and .html: expected one of the two"
        raise ConfigurationFault(OPTION, f"{reason}; to get both in a directory, end the path with {os.sep}")
    return (place,)


def write_report(path: str | os.PathLike[str], coverage: Coverage) -> tuple[Path, ...]:
    """Write the report of *coverage* to *path*, as `report_files` tells; missing directories are made.

    Returns:
        The files written.

    Raises:
        ConfigurationFault: if the path has another suffix than `.json` and `.html`, or cannot be written.
    """
    from altcraft_contract.testing.coverage.summary import summarize  # noqa: PLC0415 - to write takes more than to name

    files = report_files(path)
    summary = summarize(coverage)
    texts = {file: _renderers()[file.suffix.lower()](summary) for file in files}
    for file, text in texts.items():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(file, text)
        except OSError as error:
            reason = f"{redact_path(str(file))!r} cannot be written: {error.strerror or type(error).__name__}"
            raise ConfigurationFault(OPTION, reason) from None
    return files


def _renderers() -> Mapping[str, Callable[[Summary], str]]:
    from altcraft_contract.testing.coverage.html_report import render_html  # noqa: PLC0415 - as above
    from altcraft_contract.testing.coverage.json_report import render_json  # noqa: PLC0415 - as above

    return {".json": render_json, ".html": render_html}


def _write(file: Path, text: str) -> None:
    """Write *file*: whoever reads it finds the old content or the new one."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
