"""Checks what the interpreter that runs it has installed: the version, every module, the command, an example.

    PYTHON tools/installed.py VERSION EXAMPLE

It needs nothing but the installed package. A module may want an extra, or pytest, which brings the plugin in.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

import altcraft_contract
from altcraft_contract.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND: Final = "altcraft-contract"
WANTED: Final = frozenset({"locust", "pytest"})
"""What whoever imports such a module has installed, or has been told to: Locust and pytest run them."""

DOCUMENTED: Final = "total-mismatch"
"""A warning that the documented example of a request has: it was read and judged."""


def main(arguments: list[str] | None = None) -> int:
    """Check, tell what is wrong, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("version", help="version that must be installed")
    parser.add_argument("example", help="the documented example of a request")
    options = parser.parse_args(arguments)
    faults = [*iter_faults(options.version), *iter_command_faults(options.version, options.example)]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def iter_faults(version: str) -> Iterator[str]:
    """Yield what is wrong with the package: its place, its version, its marker, modules that cannot be imported."""
    folder = Path(altcraft_contract.__file__).parent
    if folder == Path(__file__).resolve().parents[1] / "altcraft_contract":
        yield f"the checkout answers in place of what is installed: {folder}"
    if altcraft_contract.__version__ != version:
        yield f"version {altcraft_contract.__version__} instead of {version}"
    if not (folder / "py.typed").is_file():
        yield "py.typed is missing"
    for module in pkgutil.walk_packages(altcraft_contract.__path__, "altcraft_contract.", onerror=lambda _: None):
        if module.name.endswith(".__main__"):
            continue
        try:
            importlib.import_module(module.name)
        except MissingExtra:
            continue
        except ModuleNotFoundError as error:
            if error.name not in WANTED:
                yield f"{module.name}: {error}"


def iter_command_faults(version: str, example: str) -> Iterator[str]:
    """Yield what is wrong with the command: its version, and what it says of the documented example."""
    suffix = ".exe" if os.name == "nt" else ""
    command = str(Path(sysconfig.get_path("scripts"), COMMAND + suffix))
    for arguments, expected in ((["--version"], f"{COMMAND} {version}\n"), (["lint", example], DOCUMENTED)):
        run = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our own
        if run.returncode or expected not in run.stdout:
            yield f"{COMMAND} {' '.join(arguments)}: exit code {run.returncode}\n{run.stdout}{run.stderr}"


if __name__ == "__main__":
    sys.exit(main())
