"""A page for each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES
from altcraft_contract.rules.rule import BASIS_MEANINGS, ExchangeSample, Sample, TextSample
from altcraft_contract.rules.samples import sample_message, sample_texts
from altcraft_contract.strategies import MUTATIONS
from altcraft_contract.validation import check_request, check_response
from tools.tables.places import find_json_places, find_xsd_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from altcraft_contract.contract import Message
    from altcraft_contract.findings import Finding
    from altcraft_contract.rules import Rule

MESSAGES: Final[tuple[Message, ...]] = ("request", "response")
APPLIES: Final[Mapping[str, str]] = {
    "message": "requests and responses",
    "request": "requests",
    "response": "responses",
    "exchange": "a request together with its response",
}
MOST_PLACES: Final = 8  # of one schema that are listed
SYNTAXES: Final = {"json": "JSON", "xml": "XML"}


def make_rule_pages(folder: Path) -> dict[Path, str]:
    """Return path to text of the page of every rule."""
    rules = (*RULES.values(), *SECRET_RULES.values())
    return {folder / f"{rule.id}.md": "\n".join(iter_rule_page(rule)) + "\n" for rule in rules}


def iter_rule_page(rule: Rule) -> Iterator[str]:
    """Yield the lines of the page of a rule."""
    yield from (f"# {rule.id}", "")
    yield f"**{rule.severity}** · {rule.basis}: {BASIS_MEANINGS[rule.basis]} · applies to {APPLIES[rule.scope]}"
    yield from ("", rule.statement, "")
    source = load_contract().source
    yield f"Source: {source['page']}, {source['version']}; {rule.section}."
    yield from ("", "## What to do", "", rule.remedy, "")
    for valid, title in ((True, "Keeps the rule"), (False, "Breaks the rule")):
        yield from (f"## {title}", "")
        yield from _iter_samples(rule, valid=valid)
    yield from _iter_finding(rule)
    yield from _iter_places(rule)
    yield from _iter_mutations(rule)
    yield from _iter_silence(rule)


def _iter_samples(rule: Rule, *, valid: bool) -> Iterator[str]:
    """The least that shows it; only members that matter are there."""
    is_text = isinstance(rule.sample, TextSample)
    for text in sample_texts(rule, valid=valid):
        part = f" {text.message}" if rule.scope == "exchange" else ""
        yield from (f"{SYNTAXES[text.syntax]}{part}:", "")
        yield from (f"```{'text' if is_text else text.syntax}", text.text.rstrip("\n"), "```", "")


def _iter_finding(rule: Rule) -> Iterator[str]:
    found = find_finding(rule)
    if found is None:
        return
    yield from ("## The finding", "", "```text")
    yield f"{found.severity} {found.rule}: {found.message}"
    yield f"  = at {found.pointer or 'the root'}; {found.section} ({found.basis})"
    if found.hint is not None:
        yield f"  = hint: {found.hint}"
    yield from ("```", "")


def find_finding(rule: Rule) -> Finding | None:
    """Return what a check finds in the sample that breaks a rule; None for rules of exchanges and of secrets."""
    if isinstance(rule.sample, TextSample):
        findings: Sequence[Finding] = check_request(rule.sample.invalid["json"]).findings
    elif isinstance(rule.sample, Sample) and rule.id in RULES:
        body = sample_message(rule.sample.invalid, rule.sample.message)
        findings = (check_request if rule.sample.message == "request" else check_response)(body).findings
    else:
        return None
    return next(finding for finding in findings if finding.rule == rule.id)


def _iter_places(rule: Rule) -> Iterator[str]:
    contract = load_contract()
    yield from ("## Where it is enforced", "")
    has_place = False
    for message in MESSAGES:
        for path, places in (
            (contract.schema_path(message), find_json_places(message)),
            (contract.xsd_path(message), find_xsd_places(contract.xsd_path(message))),
        ):
            names = places.get(rule.id, ())
            if names:
                has_place = True
                shown = ", ".join(f"`{name}`" for name in names[:MOST_PLACES])
                more = f" and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
                yield f"- `{path.name}`: {shown}{more}"
    if has_place:
        yield "- `lint`, the checks in Python, the stub and the fuzzer"
    elif rule.id in SECRET_RULES:
        yield "- `lint --check secrets`; no schema can say it"
    elif isinstance(rule.sample, ExchangeSample):
        yield "- `check_exchange`, the proxy and the fuzzer; no schema can say it, nor `lint`, which sees one message"
    else:
        yield "- `lint`, the checks in Python, the stub and the fuzzer; no schema can say it"
    yield from ("", "[What each schema language enforces](../schema-languages.md).", "")


def _iter_mutations(rule: Rule) -> Iterator[str]:
    names = [name for name, row in MUTATIONS.items() if row.rule == rule.id]
    if names:
        yield from ("## Mutations that break it", "")
        yield ", ".join(f"`{name}`" for name in names) + "; [all mutations](../strategies.md)."
        yield ""


def _iter_silence(rule: Rule) -> Iterator[str]:
    yield from ("## Silence or re-grade it", "")
    if rule.id == "malformed":
        yield "It cannot be silenced: nothing else of such a body can be judged."
        return
    if rule.scope == "exchange":
        yield from ("```py", f'check_exchange(request, response, rules=RuleSelection(ignore=["{rule.id}"]))', "```")
        return
    other = "warning" if rule.severity == "error" else "error"
    yield from ("```toml", "[tool.altcraft-contract]", f'ignore = ["{rule.id}"]', "")
    yield from ("[tool.altcraft-contract.severity]", f'{rule.id} = "{other}"  # instead', "```", "")
    yield "[For some paths or places only](../../how-to/live-with-known-findings.md)."
