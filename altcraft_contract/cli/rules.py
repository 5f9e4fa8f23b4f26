"""`altcraft-contract rules`."""

from __future__ import annotations

import json
from typing import Any

import click

from altcraft_contract.cli.options import open_output, option
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES


@click.command(
    "rules",
    short_help="List the rules.",
    epilog="""
\b
Examples:
  altcraft-contract rules
  altcraft-contract rules --format json --output rules.json

Exit codes: 0 listed, 2 wrong usage.
""",
)
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to list.",
)
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
def command(format_: str, output: str | None) -> int:
    """List the rules: id, severity, basis, and what the page says or we infer."""
    with open_output(output) as stream:
        stream.write(_as_json() if format_ == "json" else _as_text())
    return 0


def _as_json() -> str:
    rules: list[dict[str, Any]] = [
        {
            "id": rule.id,
            "severity": str(rule.severity),
            "basis": str(rule.basis),
            "scope": rule.scope,
            "section": rule.section,
            "statement": rule.statement,
            "remedy": rule.remedy,
        }
        for rule in RULES.values()
    ]
    return json.dumps(rules, indent=2, ensure_ascii=False) + "\n"


def _as_text() -> str:
    widths = [max(len(str(getattr(rule, field))) for rule in RULES.values()) for field in ("id", "severity", "basis")]
    lines = [
        f"{rule.id:{widths[0]}}  {rule.severity:{widths[1]}}  {rule.basis:{widths[2]}}  "
        f"{_first_sentence(rule.statement)}"
        for rule in RULES.values()
    ]
    more = f"`lint --check secrets` has rules of its own: {', '.join(SECRET_RULES)}."
    return "\n".join([*lines, "", more, "`altcraft-contract explain RULE` tells more of one.", ""])


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."
