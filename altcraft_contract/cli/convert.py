"""`altcraft-contract convert`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from altcraft_contract.cli.exit_codes import EXIT_OK
from altcraft_contract.cli.options import CONTRACT, argument, option, refuse_overwriting, unwritable
from altcraft_contract.cli.talk import abandon
from altcraft_contract.contract import load_contract
from altcraft_contract.conversion import convert
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.errors import ConversionError, UnreadableFile
from altcraft_contract.lint.payloads import STANDARD_INPUT, Payload, read_at_most, reason_of


@click.command(
    "convert",
    short_help="Convert a payload between JSON and XML.",
    epilog="""
\b
Examples:
  altcraft-contract convert order.json
  altcraft-contract convert order.xml --output order.json
  altcraft-contract convert - --to xml < order.json

Exit codes: 0 converted, 2 wrong usage, or the document cannot be read or has no equal in the other syntax.
""",
)
@argument("file", metavar="FILE")
@option("--to", type=click.Choice(["json", "xml"]), help="The syntax to write; by default the other one.")
@option(
    "--message",
    type=click.Choice(["request", "response", "auto"]),
    default="auto",
    show_default=True,
    help="What FILE holds; auto: a body with error or error_text at the top is a response.",
)
@CONTRACT
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest document, in MiB.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    file: str,
    to: str | None,
    message: str,
    contract: str,
    output: str | None,
    max_size: int,
) -> int:
    """Convert a payload from JSON to XML or from XML to JSON, losing nothing.

    FILE is a path, or - for the standard input. What the other syntax cannot carry is refused with a pointer to it.
    Three limits are documented: an empty list is not written in XML, custom fields come back as text, and whole
    numbers as plain digits.
    """
    refuse_overwriting(ctx, output, [file])
    used = load_contract(contract)
    data = read_file(file, max_size * MEBIBYTE)
    try:
        converted = convert(
            data,
            to=to,  # type: ignore[arg-type]  # one of click's choices
            message=None if message == "auto" else message,  # type: ignore[arg-type]  # as above
            contract=used,
            limits=Limits(max_bytes=max_size * MEBIBYTE),
        )
    except ConversionError as error:
        from altcraft_contract.renderers.redaction import Redactor  # noqa: PLC0415 - only an error needs it

        reason = Redactor(data.decode(errors="replace")).redact(str(error))
        raise UnreadableFile(file, f"cannot be converted: {reason}") from None
    _write(output, converted)
    return EXIT_OK


def read_file(file: str, max_bytes: int) -> bytes:
    """The bytes of a file, or of the standard input for `-`; one more than *max_bytes* at most.

    Raises:
        UnreadableFile: if the file cannot be read.
    """
    with Payload(file, None if file == STANDARD_INPUT else Path(file), explicit=True).open() as stream:
        try:
            return read_at_most(stream, max_bytes + 1)
        except OSError as error:
            raise UnreadableFile(file, reason_of(error)) from None


def _write(output: str | None, data: bytes) -> None:
    try:
        if output in (None, "-"):
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
        else:
            Path(str(output)).write_bytes(data)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        abandon(sys.stdout if output in (None, "-") else None)
        raise unwritable(output, error) from None
