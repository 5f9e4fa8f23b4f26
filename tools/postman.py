"""Make the Postman collection of the endpoint from its examples and from the samples of the rules.

    python tools/postman.py            # rewrite schemas/v75/preorder_commit.postman_collection.json
    python tools/postman.py --check    # compare only; print a diff and exit 1 on a difference

It has the documented request in both syntaxes, and an order for each rule of severity error that breaks this rule and
nothing else. Each request has a test of what the answer has to be, for Postman and newman.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from altcraft_contract.contract import load_contract
from altcraft_contract.findings import Severity
from altcraft_contract.rules import RULES
from altcraft_contract.rules.rule import Sample
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import check_request
from tools.generated import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from altcraft_contract.contract import Contract
    from altcraft_contract.rules import Rule

# The format's own name for itself, by which Postman knows it.
FORM: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
TOKEN: Final = "{{token}}"  # noqa: S105 - a variable of Postman
DESCRIPTION: Final = """\
Order Confirmation as read from the vendor's documentation, version {version}, never measured on a live server. Each
request has a test. Start the stub with `altcraft-contract stub`, or set `base_url` and `token` to those of a staging
installation: what is confirmed there are real orders.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite or compare the file, and return the exit code."""
    contract = load_contract()
    text = json.dumps(make_collection(contract), indent=2, ensure_ascii=False) + "\n"
    return settle({contract.postman_path: text}, __doc__, arguments)


def make_collection(contract: Contract) -> dict[str, Any]:
    """Return the collection."""
    return {
        "info": {
            "_postman_id": str(uuid5(NAMESPACE_URL, f"urn:altcraft-contract:{contract.version}:postman")),
            "name": f"Altcraft Marketing: Order Confirmation, {contract.version}",
            "description": DESCRIPTION.format(version=contract.version),
            "schema": FORM,
        },
        "variable": [{"key": "base_url", "value": "http://127.0.0.1:8075"}, {"key": "token", "value": "any-token"}],
        "item": [
            {"name": "Confirmed", "item": list(_iter_documented(contract))},
            {"name": "Refused", "item": list(_iter_refused(contract))},
        ],
    }


def _iter_documented(contract: Contract) -> Iterator[dict[str, Any]]:
    token = json.loads(contract.examples["request.json"])["token"]
    for syntax in ("json", "xml"):
        body = contract.examples[f"request.{syntax}"].decode().replace(token, TOKEN)
        is_done = (
            "pm.expect(pm.response.json().error).to.eql(0);"
            if syntax == "json"
            else 'pm.expect(pm.response.text()).to.include("<error>0</error>");'
        )
        yield _item(contract, f"the documented order, {syntax.upper()}", body, syntax=syntax, test=is_done)


def _iter_refused(contract: Contract) -> Iterator[dict[str, Any]]:
    """An order for each rule that a JSON form can break."""
    for rule in RULES.values():
        sample = rule.sample
        if rule.severity is not Severity.ERROR or not isinstance(sample, Sample) or sample.message != "request":
            continue
        order = sample_message(sample.invalid, "request")
        if {finding.rule for finding in check_request(order).errors} == {rule.id}:
            body = json.dumps(_with_token(order, rule), indent=2, ensure_ascii=False)
            is_refused = "pm.expect(pm.response.json().error).to.be.a('number').and.not.eql(0);"
            yield _item(contract, rule.id, body, syntax="json", test=is_refused, about=rule.statement)


def _with_token(order: dict[str, Any], rule: Rule) -> dict[str, Any]:
    """The order with the token of the collection, unless the rule is about its own."""
    touched = "/token" in getattr(rule.sample, "invalid", {})
    return order if touched else {**order, "token": TOKEN}


def _item(contract: Contract, name: str, body: str, *, syntax: str, test: str, about: str = "") -> dict[str, Any]:
    path = contract.source["path"]
    script = [f"pm.test({json.dumps(name)}, function () {{", f"  {test}", "});"]
    return {
        "name": name,
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}],
        "request": {
            "method": contract.source["method"],
            **({"description": about} if about else {}),
            "header": [{"key": "Content-Type", "value": f"application/{syntax}"}],
            "body": {"mode": "raw", "raw": body, "options": {"raw": {"language": syntax}}},
            "url": {"raw": "{{base_url}}" + path, "host": ["{{base_url}}"], "path": path.strip("/").split("/")},
        },
        "response": [],
    }


if __name__ == "__main__":
    sys.exit(main())
