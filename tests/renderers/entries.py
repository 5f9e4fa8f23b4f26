"""Entries made by hand, tame and hostile, for the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from altcraft_contract.findings import Basis, CheckResult, Finding, Severity
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.report import Entry, RenderOptions, Suppressed, Tally, render
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = (
    "]]>",
    "<!-- <script>alert(1)</script> &amp;",
    "\x00\x07\x1b[31m\x9b",
    "\u202e\u2028\u2029\ufeff\ufffe",
    "\ud800",
    "\udcff",
    "\"'`\\",
    "\n::set-output name=a::b",
    "\r\n::add-mask::***",
    "::stop-commands::x",
    "##[error]x",
    "100%0A::error::x",
    "a,b:c=d;e|f",
    "```\n# x\n| a |",
    "  \t ",
)
"""Texts that some format could take for its own syntax, or that no encoding holds."""

PATHS = (
    "order.json",
    "./a/./b c.json",
    "../up.xml",
    "/abs/ж.json",
    "<stdin>",
    *(f"a{text}b.json".replace("\x00", "") for text in HOSTILE),
)
"""Names of files that a system may have."""


def finding(line: int | None = 1, column: int | None = 1, **changes: Any) -> Finding:
    """A finding at a place."""
    facts = {
        "rule": "wrong-type",
        "severity": Severity.ERROR,
        "basis": Basis.DOCUMENTED,
        "pointer": "/data",
        "message": "`data` is a list",
        "hint": None,
        "section": "request body",
        **changes,
    }
    return Finding(line=line, column=column if line is not None else None, **facts)


def entry_of(*findings: Finding, path: str = "order.json", truncated: bool = False, **changes: Any) -> Entry:
    """A document with those findings."""
    result = CheckResult(
        "request",
        "json",
        ok=not any(item.severity is Severity.ERROR for item in findings),
        place=lambda: findings,
        render=str,
        truncated=truncated,
    )
    facts = {"document": None, "text": "", **changes}
    return Entry(path, result=result, **facts)


def rendered(format_: str, *entries: Entry, options: RenderOptions | None = None, tally: Tally | None = None) -> str:
    """A run in one format; it can be written in UTF-8."""
    tally = tally or Tally()
    renderer = RENDERERS[format_](options or RenderOptions(contract="v75"))
    text = "".join(render(renderer, tally.watch(entries), tally))
    text.encode()
    return text


texts = st.sampled_from(HOSTILE) | st.text(max_size=20) | st.text(st.characters(), max_size=20)
paths = st.sampled_from(PATHS) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
    min_size=1,
    max_size=12,
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """Findings whose every text is hostile."""
    return finding(
        draw(st.none() | st.integers(1, 10**6)),
        draw(st.integers(1, 10**6)),
        rule=draw(st.sampled_from([*RULES, *SECRET_RULES])),
        severity=draw(st.sampled_from(Severity)),
        basis=draw(st.sampled_from(Basis)),
        pointer=draw(texts.map(lambda text: f"/{text}") | st.just("")),
        message=draw(texts),
        hint=draw(st.none() | texts),
    )


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Documents, records and messages of host files, with and without findings."""
    suppressed: Sequence[Suppressed] = [
        Suppressed(item, draw(st.sampled_from(["configuration", "baseline"])), draw(texts), "0123456789abcdef")
        for item in draw(st.lists(findings(), max_size=2))
    ]
    return entry_of(
        *draw(st.lists(findings(), max_size=4)),
        path=draw(paths),
        truncated=draw(st.booleans()),
        document=draw(st.none() | st.integers(1, 99)),
        first_line=draw(st.integers(1, 99)),
        where=draw(st.just("") | texts),
        name=draw(st.just("") | paths),
        suppressed=tuple(suppressed),
    )
