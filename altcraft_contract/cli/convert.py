"""`altcraft-contract convert`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from altcraft_contract.cli.options import option
from altcraft_contract.conversion import convert
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.errors import ConversionError, UnreadableFile


@click.command("convert", short_help="Convert a payload between JSON and XML.")
@click.argument("file", metavar="FILE")
@option("--to", type=click.Choice(["json", "xml"]), help="The syntax to write; by default the other one.")
@option(
    "--message",
    type=click.Choice(["request", "response", "auto"]),
    default="auto",
    show_default=True,
    help="What FILE holds; auto: a body with error or error_text at the top is a response.",
)
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest document, in MiB.")
def command(file: str, to: str | None, message: str, output: str | None, max_size: int) -> int:
    """Convert a payload from JSON to XML or from XML to JSON, losing nothing.

    FILE is a path, or - for the standard input. What the other syntax cannot carry is refused with a pointer to it.
    Three limits are documented: an empty list is not written in XML, custom fields come back as text, and whole
    numbers as plain digits.
    """
    try:
        converted = convert(
            _read(file, max_size * MEBIBYTE),
            to=to,  # type: ignore[arg-type]  # one of click's choices
            message=None if message == "auto" else message,  # type: ignore[arg-type]  # as above
            limits=Limits(max_bytes=max_size * MEBIBYTE),
        )
    except ConversionError as error:
        raise click.ClickException(f"{file}: cannot be converted: {error}") from None
    _write(output, converted)
    return 0


def _read(file: str, max_bytes: int) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(max_bytes + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(file, getattr(error, "strerror", None) or str(error)) from None


def _write(output: str | None, data: bytes) -> None:
    if output in (None, "-"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        Path(str(output)).write_bytes(data)
    except OSError as error:
        raise UnreadableFile(str(output), f"cannot be written: {error.strerror}") from None
