"""`altcraft-contract explain`."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING, Final

import click

from altcraft_contract.cli.options import argument, open_output, option
from altcraft_contract.contract import load_contract
from altcraft_contract.errors import UnknownRule
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES, find_rule
from altcraft_contract.rules.nearest import find_nearest
from altcraft_contract.rules.rule import BASIS_MEANINGS
from altcraft_contract.rules.samples import sample_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.rules.rule import Rule

_WIDTH: Final = 96
_IN_FILES: Final = " that are kept in files (lint --check secrets)"
_SYNTAXES: Final = {"json": "JSON", "xml": "XML"}


@click.command(
    "explain",
    short_help="Explain one rule, with samples.",
    epilog="""
\b
Examples:
  altcraft-contract explain total-mismatch
  altcraft-contract explain missing-field --output missing-field.txt

Exit codes: 0 explained, 2 there is no such rule.
""",
)
@argument("rule", metavar="RULE")
@option("--output", "-o", metavar="FILE", help="Where to write, instead of the standard output.")
def command(rule: str, output: str | None) -> int:
    """Explain a rule: its source, what the page says, samples that keep and break it, and how to silence it."""
    known = [*RULES, *SECRET_RULES]
    if rule not in known:
        raise UnknownRule(rule, find_nearest(rule, known))
    with open_output(output) as stream:
        stream.write("\n".join(_iter_lines(find_rule(rule))) + "\n")
    return 0


def _iter_lines(rule: Rule) -> Iterator[str]:
    source = load_contract().source
    yield f"{rule.id} ({rule.severity})"
    yield ""
    yield fill(rule.statement, _WIDTH)
    yield ""
    yield f"Basis:   {rule.basis}: {BASIS_MEANINGS[rule.basis]}"
    yield f"Source:  {source['page']}, {source['version']}; {rule.section}"
    yield f"Applies: {_applies(rule)}{_IN_FILES if rule.id in SECRET_RULES else ''}"
    yield f"Remedy:  {rule.remedy}"
    for valid, title in ((True, "Keeps the rule"), (False, "Breaks the rule")):
        yield ""
        yield f"{title}:"
        for text in sample_texts(rule, valid=valid):
            part = f" {text.message}" if rule.scope == "exchange" else ""
            yield ""
            yield f"  {_SYNTAXES[text.syntax]}{part}"
            yield indent(text.text, "    ")
    yield ""
    yield from _how_to_silence(rule)


def _applies(rule: Rule) -> str:
    scopes = {
        "message": "to requests and responses",
        "request": "to requests",
        "response": "to responses",
        "exchange": "to a request and its response together",
    }
    return scopes[rule.scope]


def _how_to_silence(rule: Rule) -> Iterator[str]:
    if rule.id == "malformed":
        yield "It cannot be silenced: nothing else of such a body can be judged."
        return
    if rule.scope == "exchange":
        yield f'To silence it: check_exchange(…, rules=RuleSelection(ignore=["{rule.id}"]))'
        return
    other = "warning" if rule.severity == "error" else "error"
    check = "--check secrets " if rule.id in SECRET_RULES else ""
    yield "To silence it:"
    yield ""
    yield f"  altcraft-contract lint {check}--ignore {rule.id} PATH"
    yield ""
    yield "or, in pyproject.toml:"
    yield ""
    yield "  [tool.altcraft-contract]"
    yield f'  ignore = ["{rule.id}"]'
    yield ""
    yield f"To make it a{'n' if other == 'error' else ''} {other}:"
    yield ""
    yield "  [tool.altcraft-contract.severity]"
    yield f'  {rule.id} = "{other}"'
