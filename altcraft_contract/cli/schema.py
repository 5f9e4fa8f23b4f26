"""`altcraft-contract schema`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from altcraft_contract.cli.options import CONTRACT, open_output, option, unwritable
from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.contract import Contract, Message

KINDS: Final = ("json-schema", "xsd", "xsd10")
OTHERS: Final = ("lint-report", "lint-summary", "diff-report", "drift-report", "configuration")
"""Schemas that belong to no version of the contract, and are JSON Schemas only."""
DOCUMENTS: Final = ("openapi", "postman")
"""Documents of their own, which are of the endpoint."""
NAMES: Final = ("request", "response", *DOCUMENTS, *OTHERS)
_CATALOG_FORM: Final = "https://json.schemastore.org/schema-catalog.json"  # Taplo reads no catalogue without it


class _Entry(NamedTuple):
    description: str
    patterns: tuple[str, ...]


CATALOG: Final[Mapping[str, _Entry]] = {
    "request": _Entry(
        "Order Confirmation of the Altcraft platform, preorder_commit: the request",
        ("*preorder_commit.json", "*preorder_commit*request.json"),
    ),
    "response": _Entry(
        "Order Confirmation of the Altcraft platform, preorder_commit: the response",
        ("*preorder_commit*response.json",),
    ),
    "lint-report": _Entry("Report of `altcraft-contract lint --format json`", ("*altcraft-lint.json",)),
    "lint-summary": _Entry(
        "Summary of `altcraft-contract lint --summary --format json`", ("*altcraft-lint-summary.json",)
    ),
    "diff-report": _Entry("Report of `altcraft-contract diff --format json`", ("*altcraft-diff.json",)),
    "drift-report": _Entry("Report of `altcraft-contract drift --format json`", ("*altcraft-drift.json",)),
    "configuration": _Entry("Configuration of altcraft-contract", ("altcraft-contract.toml",)),
}
"""Schema to what it is of, and to the names of the files that editors apply it to."""


@click.command(
    "schema",
    short_help="Print or export the schemas.",
    epilog="""
\b
Examples:
  altcraft-contract schema request --output request.schema.json
  altcraft-contract schema response --kind xsd10
  altcraft-contract schema --export schemas

Exit codes: 0 written, 2 wrong usage, or the file cannot be written.
""",
)
@click.argument("message", type=click.Choice(NAMES), required=False)
@option(
    "--kind",
    type=click.Choice(KINDS),
    default="json-schema",
    show_default=True,
    help="JSON Schema, XML Schema 1.1, or XML Schema 1.0 for libxml2, .NET and Java.",
)
@CONTRACT
@option("--export", metavar="DIR", help="Write all schemas and the documented examples into this directory.")
@option("--catalog", is_flag=True, help="Print a catalogue for editors: which schema is for which files.")
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
@click.pass_context
def command(
    ctx: click.Context,
    message: str | None,
    *,
    kind: str,
    contract: str,
    export: str | None,
    catalog: bool,
    output: str | None,
) -> int:
    """Print the schema of a message, of a report or of settings, an OpenAPI document or a Postman collection."""
    if message in DOCUMENTS and kind != "json-schema":
        raise click.UsageError(f"{message} is a document of its own; leave out --kind", ctx)
    used = load_contract(contract)
    if message in OTHERS and kind != "json-schema":
        raise click.UsageError(f"the {message} has a JSON Schema only", ctx)
    if catalog and message is not None:
        raise click.UsageError("--catalog is of all schemas; leave out the message", ctx)
    if export is not None:
        _export(used, Path(export))
    if message is None and not catalog:
        if export is None:
            raise click.UsageError(f"name what to print ({', '.join(NAMES)}), or --export DIR", ctx)
        return 0
    with open_output(output) as stream:
        if message is not None:
            stream.write(_path(used, message, kind).read_text(encoding="utf-8"))
        else:
            json.dump(_catalog(used, export), stream, indent=2)
            stream.write("\n")
    return 0


def _path(contract: Contract, message: str, kind: str) -> Path:
    if message in DOCUMENTS:
        return contract.openapi_path if message == "openapi" else contract.postman_path
    if message in OTHERS:
        return load_contract().directory.parent / f"{message}.schema.json"
    name: Message = "request" if message == "request" else "response"
    if kind == "json-schema":
        return contract.schema_path(name)
    return contract.xsd_path(name, "1.1" if kind == "xsd" else "1.0")


def _catalog(contract: Contract, directory: str | None) -> dict[str, Any]:
    """A catalogue in the form of SchemaStore's, of the schemas in *directory*, or of those of this installation."""
    return {"$schema": _CATALOG_FORM, "version": 1, "schemas": list(_iter_catalog(contract, directory))}


def _iter_catalog(contract: Contract, directory: str | None) -> Iterator[dict[str, Any]]:
    for name, entry in CATALOG.items():
        installed = _path(contract, name, "json-schema")
        path = installed if directory is None else Path(directory) / installed.name
        yield {
            "name": f"altcraft-contract {name}",
            "description": entry.description,
            "fileMatch": list(entry.patterns),
            "url": path.resolve().as_uri(),
        }


def _export(contract: Contract, directory: Path) -> None:
    files = {path: path.relative_to(contract.directory) for path in sorted(contract.directory.rglob("*"))}
    files |= {path: Path(path.name) for path in (_path(contract, name, "json-schema") for name in OTHERS)}
    try:
        for path, name in files.items():
            if path.is_file():
                target = directory / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                click.echo(f"wrote {target}", err=True)
    except OSError as error:
        raise unwritable(str(directory), error) from None
