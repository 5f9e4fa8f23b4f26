"""A page with the documented tables in our own words, made from the contract itself: what drift is tried on."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from altcraft_contract.contract import load_contract
from altcraft_contract.evolution.documented import documented_objects

if TYPE_CHECKING:
    from altcraft_contract.evolution.documented import DocumentedField, DocumentedObject

CONTRACT = load_contract()
_TYPES = {"list": "array", "free": "object"}
_NEEDS = {"required": "yes", "optional": "no", "one of several": "at least one of these", "conditional": "sometimes"}


def make_page() -> str:
    """The page, in HTML; it says what the contract says."""
    source = CONTRACT.source
    parts = [
        "<!DOCTYPE html><html><head><title>Order</title><style>td { color: red }</style></head><body>",
        "<nav><table><tr><td>Field</td><td>Type</td></tr></table></nav>",
        f"<h1>Order Confirmation</h1>\n<p>Send <code>{source['method']} {source['path']}</code> to confirm.</p>",
    ]
    message = ""
    for known in documented_objects(CONTRACT):
        if known.message != message:
            message = known.message
            parts.append(f"<h2>The {message}</h2>")
        parts.append(_table(known))
    for name, data in CONTRACT.examples.items():
        parts.append(f"<h3>{name}</h3>\n<pre><code>{escape(data.decode())}</code></pre>")
    return "\n".join([*parts, "</body></html>\n"])


def _table(known: DocumentedObject) -> str:
    rows = "\n".join(_row(field) for field in known.fields.values())
    head = "<tr><th>Field</th><th>Type</th><th>Required</th><th>Description</th></tr>"
    return f"<h3>{known.section}</h3>\n<table>\n{head}\n{rows}\n</table>"


def _row(field: DocumentedField) -> str:
    shape = field.shape
    about = ["Some words about it."]
    if shape.values:
        about.append(f"One of {', '.join(f'<code>{value}</code>' for value in shape.values)}.")
    if shape.type_name == "timestamp":
        about.append("ISO 8601.")
    if shape.type_name == "currency":
        about.append("A three-letter code.")
    if field.least_items:
        about.append("At least one.")
    kind = _TYPES.get(shape.kind, shape.kind)
    cells = (f"<code>{field.name}</code>", kind, _NEEDS[field.need], " ".join(about))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
