"""`altcraft-contract schema`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from altcraft_contract.cli.options import open_output, option, unwritable
from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from altcraft_contract.contract import Contract, Message

KINDS: Final = ("json-schema", "xsd", "xsd10")
_REPORT: Final = "lint-report"


@click.command("schema", short_help="Print or export the schemas.")
@click.argument("message", type=click.Choice(["request", "response", _REPORT]), required=False)
@option(
    "--kind",
    type=click.Choice(KINDS),
    default="json-schema",
    show_default=True,
    help="JSON Schema 2020-12, XML Schema 1.1, or XML Schema 1.0 for libxml2, .NET and Java.",
)
@option("--export", metavar="DIR", help="Write all schemas and the documented examples into this directory.")
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@click.pass_context
def command(ctx: click.Context, message: str | None, kind: str, export: str | None, output: str | None) -> int:
    """Print the schema of the request, of the response, or of lint's JSON report; or export all of them."""
    contract = load_contract()
    if export is not None:
        _export(contract, Path(export))
    if message is None:
        if export is None:
            raise click.UsageError("name a message (request, response, lint-report), or --export DIR", ctx)
        return 0
    if message == _REPORT and kind != "json-schema":
        raise click.UsageError(f"the {_REPORT} has a JSON Schema only", ctx)
    with open_output(output) as stream:
        stream.write(_path(contract, message, kind).read_text(encoding="utf-8"))
    return 0


def _path(contract: Contract, message: str, kind: str) -> Path:
    if message == _REPORT:
        return contract.directory.parent / f"{_REPORT}.schema.json"
    name: Message = "request" if message == "request" else "response"
    if kind == "json-schema":
        return contract.schema_path(name)
    return contract.xsd_path(name, "1.1" if kind == "xsd" else "1.0")


def _export(contract: Contract, directory: Path) -> None:
    files = sorted(path for path in contract.directory.rglob("*") if path.is_file())
    try:
        for path in [*files, contract.directory.parent / f"{_REPORT}.schema.json"]:
            target = directory / path.relative_to(contract.directory if path in files else contract.directory.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            click.echo(f"wrote {target}", err=True)
    except OSError as error:
        raise unwritable(str(directory), error) from None
