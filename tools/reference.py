"""Write the tables of the reference from the code's own tables.

    python tools/reference.py            # rewrite docs/reference/*.md
    python tools/reference.py --check    # compare only; print a diff and exit 1 if something is stale

A page holds a table between two comments, `<!-- generated: NAME -->` and `<!-- end: NAME -->`; the rest of the page is
written by hand.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import sys
from dataclasses import fields
from difflib import unified_diff
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from lxml import etree

from altcraft_contract import strategies, validation
from altcraft_contract.cli import exit_codes
from altcraft_contract.cli.configuration import SEVERITY
from altcraft_contract.cli.entry import COMMANDS, group
from altcraft_contract.contract import Contract, Message, Syntax, load_contract
from altcraft_contract.documents.limits import Limits
from altcraft_contract.documents.pointer import split
from altcraft_contract.findings import CheckResult, Finding
from altcraft_contract.rules import RULES, Rule, RuleSelection
from altcraft_contract.rules.rule import ExchangeSample, Sample
from altcraft_contract.rules.samples import sample_texts
from altcraft_contract.strategies.mutations.table import fits
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

PAGES: Final = Path(__file__).resolve().parents[1] / "docs/reference"
XS: Final = "{http://www.w3.org/2001/XMLSchema}"
WIDTH: Final = 90  # characters of arguments that stand on one line
LINE: Final = 120  # characters of a whole signature that stands on one line
MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
SYNTAXES: Final[tuple[Syntax, ...]] = ("json", "xml")
PUBLIC: Final[Mapping[str, tuple[str, ...]]] = {
    "altcraft_contract.validation": tuple(name for name in validation.__all__ if name.islower()),
    "altcraft_contract.conversion": ("to_xml", "from_xml", "convert"),
    "altcraft_contract.contract": ("load_contract",),
    "altcraft_contract.strategies": tuple(name for name in strategies.__all__ if name.islower()),
}
EXIT_CODES: Final[Mapping[str, str]] = {
    "EXIT_OK": "Nothing at or above `--fail-on`, which is `error` unless told otherwise.",
    "EXIT_FINDINGS": "At least one finding at or above `--fail-on`.",
    "EXIT_USAGE": "Wrong usage or configuration, a file that cannot be read or converted, or nothing to check.",
    "EXIT_NO_VERDICT": "No verdict: whoever reads the output closed it before the end.",
    "EXIT_BUG": "A bug in this program. `ALTCRAFT_CONTRACT_TRACEBACK=1` shows where; please report it.",
    "EXIT_INTERRUPTED": "Interrupted by the user; the report tells of what was checked until then.",
}
BASES: Final[Mapping[str, str]] = {
    "documented": "the page says so",
    "example": "only the page's examples show it",
    "contradicted": "the page's table and its example disagree",
    "inferred": "ours: the page is silent",
}


def main(arguments: list[str] | None = None) -> int:
    """Rewrite or compare the pages, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    options = parser.parse_args(arguments)
    found: set[str] = set()
    stale = False
    for path in sorted(PAGES.glob("*.md")):
        before = path.read_text("utf-8")
        after = render_page(before, found)
        if before == after:
            continue
        stale = True
        if options.check:
            name = path.relative_to(PAGES.parents[1]).as_posix()
            sys.stdout.writelines(
                unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, "as generated")
            )
        else:
            path.write_text(after, "utf-8", newline="\n")
    if missing := TABLES.keys() - found:
        sys.stderr.write(f"no page has the comments for: {', '.join(sorted(missing))}\n")
        return 1
    return 1 if options.check and stale else 0


def render_page(text: str, found: set[str]) -> str:
    """Return a page with every table made anew; add the names of its tables to *found*."""

    def table(match: re.Match[str]) -> str:
        name = match[1]
        found.add(name)
        body = "\n".join(TABLES[name]()).strip()
        return f"<!-- generated: {name} -->\n\n{body}\n\n<!-- end: {name} -->"

    return re.sub(r"<!-- generated: (.*?) -->.*?<!-- end: \1 -->", table, text, flags=re.DOTALL)


def make_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table."""
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def iter_rule_index() -> Iterator[str]:
    """Yield the table of all rules."""
    rows = ((f"[`{rule.id}`](#{rule.id})", rule.severity, rule.basis, rule.scope) for rule in RULES.values())
    yield from make_table(("rule", "severity", "basis", "applies to"), rows)


def iter_rules() -> Iterator[str]:
    """Yield a section for each rule."""
    for rule in RULES.values():
        yield from (f"### {rule.id}", "")
        yield f"**{rule.severity}** · {rule.basis} ({BASES[rule.basis]}) · {rule.scope} · {rule.section}"
        yield from ("", rule.statement, "")
        yield f"- Remedy: {rule.remedy}"
        yield f"- Kept: {show_sample(rule, valid=True)}"
        yield f"- Broken: {show_sample(rule, valid=False)}"
        yield from (f"- Schema languages: {', '.join(iter_languages(rule)) or 'none'}", "")


def show_sample(rule: Rule, *, valid: bool) -> str:
    """Return the sample of a rule in JSON, on one line; of an exchange, both messages."""
    texts = [text for text in sample_texts(rule, valid=valid) if text.syntax == "json"]
    if isinstance(rule.sample, ExchangeSample):
        texts = sample_texts(rule, valid=valid)[:2]
    shown = []
    for text in texts:
        line = re.sub(r"\n\s*", " " if text.syntax == "json" else "", text.text)
        shown.append(re.sub(r"([{[]) | ([]}])", r"\1\2", line) if text.syntax == "json" else line)
    return " answered by ".join(f"`{line}`" for line in shown)


def find_json_rules(node: Any) -> set[str]:
    """Return the rules that the keywords of a JSON Schema name."""
    if isinstance(node, list):
        return {rule for item in node for rule in find_json_rules(item)}
    if not isinstance(node, dict):
        return set()
    inner = {rule for name, item in node.items() if name != "x-rules" for rule in find_json_rules(item)}
    return inner | set(node.get("x-rules", {}).values())


def find_xsd_rules(path: Path, *, only: str = "*", but: str | None = None) -> set[str]:
    """Return the rules that the components of an XML Schema name.

    Args:
        path: The file.
        only: Only components of this name, such as `assert`.
        but: Only components without a note of this source.
    """
    rules = set()
    for component in etree.parse(path).getroot().iter(f"{XS}{only}"):
        notes = component.findall(f"{XS}annotation/{XS}appinfo")
        if but not in {note.get("source") for note in notes}:
            rules |= {note.text for note in notes if note.get("source") == "urn:altcraft-contract:rule" and note.text}
    return rules


def tell_coverage(contract: Contract, message: Message) -> dict[str, dict[str, str]]:
    """Return, for each schema language, what it does about each rule: `yes` or `in part`."""
    modern, old = contract.xsd_path(message), contract.xsd_path(message, "1.0")
    lost = find_xsd_rules(modern, only="assert", but="urn:altcraft-contract:xsd10")
    # In 1.0 files the wildcards for unknown elements are gone, so that these are refused.
    closed = 'notQName="##definedSibling"' not in old.read_text("utf-8")
    return {
        "JSON Schema": dict.fromkeys(find_json_rules(contract.schema(message)), "yes"),
        "XSD 1.1": dict.fromkeys(find_xsd_rules(modern), "yes"),
        "XSD 1.0": {rule: "in part" if rule in lost else "yes" for rule in find_xsd_rules(old)}
        | ({"unknown-field": "in part"} if closed else {}),
    }


COVERAGE: Final = {message: tell_coverage(load_contract(), message) for message in MESSAGES}
LANGUAGES: Final = tuple(COVERAGE["request"])


def tell_language(rule: Rule, language: str) -> str:
    """Return what a schema language does about a rule, in a word or two."""
    if isinstance(rule.sample, Sample) and rule.sample.json_only and language != "JSON Schema":
        return "cannot occur"
    messages = [message for message in MESSAGES if rule.scope in (message, "message")]
    told = {message: COVERAGE[message][language].get(rule.id, "no") for message in messages}
    if len(set(told.values())) < len(MESSAGES):
        return next(iter(told.values()), "no")
    return ", ".join(f"{message}: {word}" for message, word in told.items())


def iter_languages(rule: Rule) -> Iterator[str]:
    """Yield the schema languages that say something of a rule."""
    for language in LANGUAGES:
        word = tell_language(rule, language)
        if word not in ("no", "cannot occur"):
            yield language if word == "yes" else f"{language} ({word})"


def iter_schema_languages() -> Iterator[str]:
    """Yield the table of rules and schema languages."""
    rows = (
        (f"[`{rule.id}`](rules.md#{rule.id})", rule.severity, *(tell_language(rule, name) for name in LANGUAGES))
        for rule in RULES.values()
    )
    yield from make_table(("rule", "severity", *LANGUAGES), rows)


def enter_command(name: str) -> click.Context:
    """Return the context of a command, as if it ran; of the whole program by its own name."""
    top = click.Context(group, info_name="altcraft-contract", **group.context_settings)
    command = group.get_command(top, name)
    return click.Context(command, parent=top, info_name=name) if command is not None else top


def iter_options(context: click.Context) -> Iterator[tuple[str, ...]]:
    """Yield a row for each option of a command."""
    for option in context.command.get_params(context):
        if not isinstance(option, click.Option):
            continue
        values = option.metavar or ("" if option.is_flag else option.type.name)
        if isinstance(option.type, click.Choice):
            values = ", ".join(f"`{choice}`" for choice in option.type.choices)
        elif isinstance(option.type, click.IntRange):
            values = f"{option.type.min} to {option.type.max}"
        names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len, reverse=True))
        default = f"`{option.default}`" if option.show_default else ""
        yield names, values, default, option.help or "", f"`{option.envvar}`" if option.envvar else ""


def iter_command(name: str) -> Iterator[str]:
    """Yield the usage, the description and the options of a command."""
    context = enter_command(name)
    usage = " ".join((context.command_path, *context.command.collect_usage_pieces(context)))
    usage = usage.replace("[[", "[").replace("]]", "]")  # older versions of click bracket an optional choice twice
    yield from ("```text", usage, "```", "")
    for paragraph in inspect.cleandoc(context.command.help or "").split("\n\n"):
        yield from (paragraph.replace("\n", " "), "")
    yield from make_table(("option", "value", "default", "does", "environment"), iter_options(context))


def iter_configuration() -> Iterator[str]:
    """Yield the table of configuration keys."""
    rows = [(f"`[{SEVERITY}]`", "table of rules to `error` or `warning`", "", "Severities instead of the rules' own.")]
    for names, values, default, does, _ in reversed(list(iter_options(enter_command("lint")))):
        key = names.split("`")[1].removeprefix("--")
        if key not in ("config", "help"):
            kind = "list of rules" if values == "RULES" else values or "`true`, `false`"
            rows.insert(0, (f"`{key}`", kind, default, does))
    yield from make_table(("key", "value", "default", "does"), rows)


def iter_exit_codes() -> Iterator[str]:
    """Yield the table of exit codes; every constant has its words, and the other way round."""
    codes = {name: code for name, code in vars(exit_codes).items() if name.startswith("EXIT_")}
    if codes.keys() != EXIT_CODES.keys():
        raise LookupError(codes.keys() ^ EXIT_CODES.keys())
    yield from make_table(("code", "means"), ((str(code), EXIT_CODES[name]) for name, code in codes.items()))


def iter_functions() -> Iterator[str]:
    """Yield the signatures of the public functions."""
    for name, functions in PUBLIC.items():
        yield from (f"From `{name}`:", "", "```pyi")
        for function in functions:
            (node,) = ast.parse(inspect.getsource(inspect.unwrap(getattr(import_module(name), function)))).body
            if not isinstance(node, ast.FunctionDef) or node.returns is None:
                raise LookupError(function)
            listed = list(iter_arguments(node.args))
            arguments = ", ".join(listed)
            result = ast.unparse(node.returns).replace("'", '"')
            if len(arguments) > WIDTH or len(f"def {function}({arguments}) -> {result}: ...") > LINE:
                arguments = "".join(f"\n    {argument}," for argument in listed) + "\n"
            yield f"def {function}({arguments}) -> {result}: ..."
        yield from ("```", "")


def iter_arguments(arguments: ast.arguments) -> Iterator[str]:
    """Yield the arguments of a function, which has neither `*args` nor `**kwargs`, with annotations and defaults."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*(None for _ in positional[len(arguments.defaults) :]), *arguments.defaults]
    for argument, default in zip(positional, defaults, strict=True):
        yield show_argument(argument, default)
    if arguments.kwonlyargs:
        yield "*"
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield show_argument(argument, default)


def show_argument(argument: ast.arg, default: ast.expr | None) -> str:
    """Return an argument as it is written."""
    shown = ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")
    return shown.replace("'", '"')


def read_attributes(of: type[object]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that a class's docstring lists, and its properties, with what they are."""
    section = (inspect.getdoc(of) or "").partition("Attributes:\n")[2].partition("\n\n")[0]
    for name, text in re.findall(r"^    (\w+): (.*(?:\n        .*)*)", section, re.MULTILINE):
        yield name, re.sub(r"\s+", " ", text)
    for name, member in vars(of).items():
        if isinstance(member, property):
            yield name, (member.__doc__ or "").partition("\n")[0]


def iter_attributes(of: type[object]) -> Iterator[str]:
    """Yield the table of the attributes of a class."""
    yield from make_table(("attribute", "is"), ((f"`{name}`", text) for name, text in read_attributes(of)))


def iter_edge_cases() -> Iterator[str]:
    """Yield the table of the edge cases, and the warnings that each has."""
    rows = []
    for name, build in strategies.EDGE_CASES.items():
        findings = validation.check_request(plain_body(build(SeededSource(0)), "json")).findings
        rows.append((f"`{name}`", link_rules(finding.rule for finding in findings)))
    yield from make_table(("name", "warnings"), rows)


def link_rules(rules: Iterable[str]) -> str:
    """Return links to the sections of some rules, each once."""
    return ", ".join(f"[`{rule}`](rules.md#{rule})" for rule in dict.fromkeys(rules))


def iter_mutations() -> Iterator[str]:
    """Yield the table of the mutations."""
    rows = []
    for name, row in strategies.MUTATIONS.items():
        messages = [word for word in (*MESSAGES, "exchange") if any(fits(row, word, syntax) for syntax in SYNTAXES)]
        syntaxes = [syntax for syntax in SYNTAXES if any(fits(row, word, syntax) for word in messages)]
        rows.append((f"`{name}`", link_rules([row.rule]), ", ".join(messages), ", ".join(syntaxes)))
    yield from make_table(("name", "rule", "message", "syntaxes"), rows)


def iter_malformed(syntax: Syntax) -> Iterator[str]:
    """Yield the table of the ways to break the text of a body, with the rule of the finding."""
    table = strategies.MALFORMED_JSON if syntax == "json" else strategies.MALFORMED_XML
    request = plain_body(strategies.EDGE_CASES["no-optional-field"](SeededSource(0)), syntax)
    rows = []
    for name, change in table.items():
        findings = validation.check_request(change(SeededSource(0), request), syntax=syntax).findings
        rows.append((f"`{name}`", link_rules(finding.rule for finding in findings)))
    yield from make_table(("name", "rule"), rows)


def iter_limits() -> Iterator[str]:
    """Yield the table of the limits on a document."""
    defaults = {field.name: field.default for field in fields(Limits)}
    rows = ((f"`{name}`", f"{defaults[name]:,}", text) for name, text in read_attributes(Limits))
    yield from make_table(("limit", "default", "bounds"), rows)


def iter_report() -> Iterator[str]:
    """Yield the table of the members of lint's JSON report."""
    schema = json.loads((load_contract().directory.parent / "lint-report.schema.json").read_bytes())
    yield from make_table(("member", "type", "is"), iter_members(schema, schema, ""))


def iter_members(root: dict[str, Any], schema: dict[str, Any], prefix: str) -> Iterator[tuple[str, ...]]:
    """Yield a row for each member of an object and of the objects in it."""
    for name, part in schema["properties"].items():
        inner = part.get("items", part)
        kinds = part.get("type", "object" if "$ref" in part else "string")
        kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
        if values := part.get("enum", [part["const"]] if "const" in part else []):
            kind = ", ".join(f"`{json.dumps(value)}`" for value in values)
        place = f"{prefix}{name}{'[]' if 'items' in part else ''}"
        yield f"`{place}`", kind, part.get("description", "")
        if "$ref" in inner:
            yield from iter_members(root, root["$defs"][split(inner["$ref"].removeprefix("#"))[-1]], f"{place}.")


TABLES: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "rule-index": iter_rule_index,
    "rules": iter_rules,
    "schema-languages": iter_schema_languages,
    **{f"command: {name}": partial(iter_command, name) for name in ("altcraft-contract", *COMMANDS)},
    "configuration": iter_configuration,
    "exit-codes": iter_exit_codes,
    "functions": iter_functions,
    "finding": partial(iter_attributes, Finding),
    "result": partial(iter_attributes, CheckResult),
    "rule": partial(iter_attributes, Rule),
    "selection": partial(iter_attributes, RuleSelection),
    "contract": partial(iter_attributes, Contract),
    "limits": iter_limits,
    "values": partial(iter_attributes, strategies.Values),
    "mutant": partial(iter_attributes, strategies.Mutant),
    "edge-cases": iter_edge_cases,
    "mutations": iter_mutations,
    "malformed-json": partial(iter_malformed, "json"),
    "malformed-xml": partial(iter_malformed, "xml"),
    "report": iter_report,
}
"""Name, as the comments have it, to what yields the lines between them."""


if __name__ == "__main__":
    sys.exit(main())
