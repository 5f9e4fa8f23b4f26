"""`altcraft-contract init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from altcraft_contract.cli.options import argument, open_output, option, unwritable
from altcraft_contract.cli.starting_files import HOOKS, make_configuration, make_hooks
from altcraft_contract.cli.talk import say
from altcraft_contract.configuration import OWN_FILE, SHARED_FILE, TABLE, read_toml
from altcraft_contract.errors import ConfigurationFault

if TYPE_CHECKING:
    from collections.abc import Iterator

HOOKS_FILE: Final = ".pre-commit-config.yaml"
_LARGEST: Final = 4 * 1024 * 1024  # bytes of a configuration of pre-commit that is searched for our hooks


class _Change(NamedTuple):
    """Something to be written: *text* to *path*, anew or at its end."""

    path: Path
    text: str
    mode: str

    @property
    def deed(self) -> str:
        """What is done to the file."""
        return f"added [tool.{TABLE}] to" if self.mode == "a" else "wrote"


@click.command(
    "init",
    short_help="Write a starting configuration.",
    epilog="""
\b
Examples:
  altcraft-contract init
  altcraft-contract init --dry-run
  altcraft-contract init --pyproject shop/

Exit codes: 0 written, 2 wrong usage, or a file is there already.
""",
)
@argument("directory", metavar="[DIR]", default=".")
@option("--pyproject", is_flag=True, help=f"Add a table to {SHARED_FILE} there, instead of writing {OWN_FILE}.")
@click.option("--force", is_flag=True, help=f"Overwrite {OWN_FILE}; no other file is ever overwritten.")
@option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
def command(directory: str, *, pyproject: bool, force: bool, dry_run: bool) -> int:
    """Write a commented configuration, and hooks for pre-commit, into DIR (this directory).

    The configuration changes nothing until a key in it is taken out of its comment. A .pre-commit-config.yaml that is
    there already stays as it is, and what to add to it is printed.
    """
    folder = Path(directory)
    if not folder.is_dir():
        raise ConfigurationFault(directory, "there is no such directory; make it first")
    configuration = _pyproject_change(folder) if pyproject else _own_change(folder, force=force)
    hooks = folder / HOOKS_FILE
    if not _is_there(hooks):
        _make([configuration, _Change(hooks, make_hooks(), "x")], dry_run=dry_run)
    else:
        _make([configuration], dry_run=dry_run)
        _tell_of_hooks(hooks)
    if not dry_run:
        say(f"next: take a # away in {configuration.path}; altcraft-contract lint .; pre-commit install")
    return 0


def _own_change(folder: Path, *, force: bool) -> _Change:
    path = folder / OWN_FILE
    if path.is_symlink():
        raise ConfigurationFault(str(path), "is a symbolic link, which is not followed; take it away first")
    if path.exists() and not force:
        raise ConfigurationFault(str(path), "is there already; --force overwrites it")
    shared = folder / SHARED_FILE
    if not force and shared.is_file() and _has_table(shared):
        raise ConfigurationFault(
            str(shared), f"has [tool.{TABLE}], over which {OWN_FILE} would win; --force writes that all the same"
        )
    return _Change(path, make_configuration(), "w" if force else "x")


def _pyproject_change(folder: Path) -> _Change:
    path, own = folder / SHARED_FILE, folder / OWN_FILE
    if not path.is_file():
        raise ConfigurationFault(str(path), "there is no such file; leave out --pyproject")
    if _has_table(path):
        raise ConfigurationFault(str(path), f"has [tool.{TABLE}] already; change it by hand")
    if _is_there(own):
        raise ConfigurationFault(str(own), f"is there, and wins over {SHARED_FILE}; leave out --pyproject")
    return _Change(path, _addition_to(path), "a")


def _addition_to(path: Path) -> str:
    """Our table, with the line ends of the file, which has to be TOML afterwards, too."""
    import tomllib  # noqa: PLC0415 - only this way needs it

    data = path.read_bytes()
    line_end = "\r\n" if b"\r\n" in data else "\n"
    before = "" if not data.strip() else "\n" if data.endswith(b"\n") else "\n\n"
    text = (before + make_configuration(f"tool.{TABLE}")).replace("\n", line_end)
    try:
        tomllib.loads((data + text.encode()).decode("utf-8-sig"))
    except ValueError:
        raise ConfigurationFault(str(path), "takes no table at its end: [tool] is written in one line") from None
    return text


def _has_table(path: Path) -> bool:
    tool = read_toml(path).get("tool")
    return isinstance(tool, dict) and TABLE in tool


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _make(changes: list[_Change], *, dry_run: bool) -> None:
    if dry_run:
        with open_output(None) as output:
            output.writelines(_iter_preview(changes))
        return
    for change in changes:
        try:
            with change.path.open(change.mode, encoding="utf-8", newline="") as stream:
                stream.write(change.text)
        except OSError as error:
            raise unwritable(str(change.path), error) from None
        say(f"{change.deed} {change.path}")


def _iter_preview(changes: list[_Change]) -> Iterator[str]:
    for change in changes:
        yield f"# {change.path}{', at its end' if change.mode == 'a' else ''}:\n\n{change.text}\n"


def _tell_of_hooks(path: Path) -> None:
    """Say what to add to a configuration of pre-commit that is there, unless it has our hooks."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST)
    except OSError:
        data = b""
    if any(hook.id.encode() in data for hook in HOOKS):
        say(f"{path} has the hooks already")
        return
    say(f"{path} is there already and stays as it is; add these hooks to it:")
    with open_output(None) as output:
        output.write(make_hooks().partition("repos:\n")[2])
