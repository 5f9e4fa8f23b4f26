"""The tables of the stub: scenarios, refusals, the members of a journal entry, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from altcraft_contract.documents.limits import DEFAULT_LIMITS
from altcraft_contract.stub import ENDPOINT_PATH, SCENARIOS, Request, Stub
from altcraft_contract.stub.journal import LARGEST_BODY, MOST_BYTES, MOST_ENTRIES, Refusal
from altcraft_contract.stub.memory import DEFAULT_MOST_ORDERS
from altcraft_contract.stub.memory import MOST_BYTES as MOST_REMEMBERED
from altcraft_contract.stub.protocol import LARGEST_HEAD, MOST_HEADERS, PATIENCE
from altcraft_contract.stub.scenarios import KINDS
from tools.tables.markdown import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REFUSALS: Final[Mapping[str, tuple[str, str, str]]] = {
    "contract": ("200", "400", "The body breaks the contract; `error_text` tells the first five errors."),
    "token": ("200", "401", "A token was asked for, and there is none, or a wrong one."),
    "path": ("404", "404", "There is nothing at that path."),
    "method": ("405", "405", "Not a POST."),
    "content-type": ("415", "415", "Neither JSON nor XML, another charset than UTF-8, or a compressed body."),
    "too-large": ("413", "413", "The body is larger than `--max-size`."),
    "scenario": ("400", "400", "`Prefer` names a scenario that there is not, or a wait that is none."),
    "incomplete": (
        "400",
        "400",
        "The client went away before its body was whole; the journal alone has the answer.",
    ),
    "failure": ("500", "500", "The stub cannot go on: its state file cannot be written, or it has a bug."),
}
MEMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "number": ("integer", "From 1, in the order of arrival since the last reset."),
    "time": ("text", "When the request was whole: UTC, RFC 3339."),
    "duration_ms": ("number", "From then until the answer was ready; the delay of a scenario is not in it."),
    "method": ("text", ""),
    "path": ("text", "Without the query."),
    "headers": ("list of pairs", "Name and value; tokens and cookies are masked."),
    "syntax": ("`json`, `xml` or null", "As `Content-Type` says."),
    "body": ("text or null", "The request's, masked; of a large one the beginning."),
    "body_bytes": ("integer", "Size of the body that came."),
    "external_id": ("text or null", "Of the order, as far as it can be read; 200 characters at most."),
    "ok": ("boolean", "No error, and not refused for how it was sent."),
    "findings": ("list", "What was found in the request, as in [the JSON report](json-report.md); 200 at most."),
    "refusal": ("text or null", "Why it was [refused](#refusals)."),
    "scenario": ("text or null", "Which [scenario](#scenarios) answered; null if the request was refused."),
    "is_repeat": ("boolean", "Whether the order had been confirmed before."),
    "notes": ("list of texts", "What is worth knowing and breaks no rule."),
    "answer": ("object or null", "Null if there was none."),
    "answer.status": ("integer", "HTTP status."),
    "answer.headers": ("list of pairs", "As above, without those that the server itself sets."),
    "answer.body": ("text or null", "The whole body, even if a scenario sends less; masked."),
    "answer.body_bytes": ("integer", "Its size."),
    "answer.error": ("integer or null", "`error` in the body; null if a scenario spoils the answer."),
    "answer.error_text": ("text or null", "`error_text` in the body."),
    "answer.outcome": ("`success`, `outdated`, `refused`, `broken` or null", "What the answer comes to."),
    "answer.delay": ("number", "Seconds before it was sent."),
    "answer.cut": ("`reset`, `truncate` or null", "What was done to the connection."),
    "answer.findings": ("list", "What was found in the answer; the proxy alone judges answers."),
    "exchange_findings": ("list", "What was found in request and answer together; the proxy alone does."),
}


def iter_scenarios() -> Iterator[str]:
    """Yield the table of the scenarios, by their kinds."""
    rows = [
        (
            f"`{row.name}`",
            KINDS[row.kind],
            row.description,
            "yes" if row.commits is not None else "no",
            str(row.status),
            "yes" if row.keeps_contract else "no",
        )
        for kind in KINDS
        for row in SCENARIOS.values()
        if row.kind == kind
    ]
    yield from make_table(("name", "one of", "what the client meets", "confirmed", "HTTP", "keeps the contract"), rows)


def iter_refusals() -> Iterator[str]:
    """Yield the table of refusals; every one has its words, and the other way round."""
    if REFUSALS.keys() != set(get_args(Refusal)):
        raise LookupError(REFUSALS.keys() ^ set(get_args(Refusal)))
    rows = ((f"`{name}`", *cells) for name, cells in REFUSALS.items())
    yield from make_table(("refusal", "HTTP", "`error`", "means"), rows)


def iter_entry() -> Iterator[str]:
    """Yield the table of the members of a journal entry; a real one has these, and no other."""
    stub = Stub()
    stub.receive(Request("POST", ENDPOINT_PATH, ()))
    entry = stub.journal[0].as_json()
    members = {*entry, *(f"answer.{name}" for name in entry["answer"])}
    stub.close()
    if members != MEMBERS.keys():
        raise LookupError(members ^ MEMBERS.keys())
    yield from make_table(("member", "type", "is"), ((f"`{name}`", *cells) for name, cells in MEMBERS.items()))


def iter_stub_limits() -> Iterator[str]:
    """Yield the table of what the stub bounds."""
    rows = (
        ("head of a request", f"{LARGEST_HEAD // 1024} KiB", "HTTP 431, and the connection ends"),
        ("headers of a request", f"{MOST_HEADERS}", "HTTP 431, and the connection ends"),
        ("time for a head, and between two pieces of a body", f"{PATIENCE:.0f} s", "HTTP 408, and the connection ends"),
        ("body", f"{DEFAULT_LIMITS.max_bytes // 1024**2} MiB, or `--max-size`", "HTTP 413"),
        ("entries in the journal", f"{MOST_ENTRIES:,}, or `--journal-size`", "the oldest go, and are counted"),
        (
            "bodies and headers in the journal, all together, with an allowance for each header and each entry",
            f"{MOST_BYTES // 1024**2} MiB",
            "the oldest entries go",
        ),
        ("one body in the journal", f"{LARGEST_BODY // 1024**2} MiB", "the beginning is kept"),
        ("orders in memory", f"{DEFAULT_MOST_ORDERS:,}", "the oldest are forgotten; a state file keeps all"),
        (
            "answers and first requests of orders in memory, all together",
            f"{MOST_REMEMBERED // 1024**2} MiB",
            "the oldest orders are forgotten",
        ),
    )
    yield from make_table(("bound", "is", "beyond it"), rows)
