"""Write the tables of the page that compares `lint` with check-jsonschema.

    python tools/comparison.py             # rewrite docs/explanation/compared-with-check-jsonschema.md
    python tools/comparison.py --check     # compare only; print a diff and exit 1 if something is stale
    python tools/comparison.py --record    # run check-jsonschema, which must be installed, and keep what it says

What check-jsonschema says is kept in tools/peers/check-jsonschema.json, with its version and the day, so that only
`--record` needs it. What `lint` says is made anew every time.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from altcraft_contract.validation import check_request
from tools.tables.markdown import make_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.findings import Finding

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs/explanation/compared-with-check-jsonschema.md"
MISTAKES: Final = ROOT / "docs/examples/mistakes"
RECORD: Final = ROOT / "tools/peers/check-jsonschema.json"
SCHEMA: Final = ROOT / "schemas/v75/request.schema.json"
HEAD: Final = 45  # characters that are shown of a long line, at its beginning and at its end
TAIL: Final = 50
MISTAKE_OF: Final = {
    "currency-in-small-letters": "the code of the currency in small letters",
    "price-with-spaces-and-comma": "a price as people write it",
    "price-as-a-number": "a number where the contract has text",
    "price-with-a-sign-of-currency": "a price with the sign of its currency",
    "negative-discount": "a discount below 0",
    "currency-left-out": "a required field is not there",
    "order-without-id": "likewise, at the root",
    "nobody-ordered": "none of three fields of which one is needed",
    "line-without-an-item": "none of two, in a line",
    "count-of-zero": "no piece is ordered",
    "half-a-piece": "half a piece is ordered",
    "misspelt-promotion-type": "a slip in a closed set of words",
    "discount-without-amount": "a field that one type of promotion needs",
    "points-without-their-currency": "points, but not which, in a file of one line",
    "points-without-info": "promised points that nothing describes",
    "redemption-not-asked-for": "points are paid with, but not told how many",
    "time-with-a-space": "a space where ISO 8601 has a T",
    "time-of-another-country": "day, month, year",
    "a-day-that-does-not-exist": "30 February",
    "no-lines": "an order of nothing",
    "lines-as-an-object": "numbered members where a list belongs",
    "misspelt-field": "a slip in the name of a required field",
    "name-in-camel-case": "the name of an optional field in another style",
    "boolean-as-a-text": "a boolean in quotes",
    "null-for-nothing": "null for an optional field",
    "a-comma-too-many": "a comma before the end of a list",
    "printed-by-python": "a dictionary printed, instead of JSON",
    "with-a-comment": "a comment in JSON",
    "cut-off": "the end is missing",
    "field-twice": "a field with two values",
}
"""What is wrong with each file, by its name without the number."""


class Peer(NamedTuple):
    """What check-jsonschema said.

    Attributes:
        version: Its version.
        day: When it was run.
        output: File to the lines that it printed.
    """

    version: str
    day: str
    output: dict[str, list[str]]


def main(arguments: list[str] | None = None) -> int:
    """Rewrite or compare the page, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    parser.add_argument("--record", action="store_true", help="run check-jsonschema first, and keep what it says")
    options = parser.parse_args(arguments)
    if options.record:
        record()
    before = PAGE.read_text("utf-8")
    after = render_page(before)
    if options.check:
        lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
        sys.stdout.writelines(unified_diff(lines[0], lines[1], PAGE.name, "as generated"))
        return int(before != after)
    PAGE.write_text(after, "utf-8", newline="\n")
    return 0


def record() -> None:
    """Keep what check-jsonschema says of each file."""
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    version = run([program, "--version"]).split()[-1]
    output = {}
    for path in sorted(MISTAKES.glob("*.json")):
        command = [program, "--color", "never", "--schemafile", str(SCHEMA), path.name]
        output[path.name] = run(command).splitlines()
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    kept = {"version": version, "day": day, "output": output}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def run(command: list[str]) -> str:
    """Run a command beside the files, and return what it prints."""
    finished = subprocess.run(  # noqa: S603 - a command of ours
        command, cwd=MISTAKES, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    return finished.stdout


def read_peer() -> Peer:
    """Read what was kept."""
    return Peer(**json.loads(RECORD.read_text("utf-8")))


def render_page(text: str) -> str:
    """Return the page with everything that is generated made anew."""
    peer = read_peer()
    tables = {"measured": iter_measured(peer), "mistakes": iter_rows(peer)}
    for name, lines in tables.items():
        body = "\n".join(lines)
        block = f"<!-- generated: {name} -->\n\n{body}\n\n<!-- end: {name} -->"
        before, _, rest = text.partition(f"<!-- generated: {name} -->")
        text = before + block + rest.partition(f"<!-- end: {name} -->")[2]
    return text


def iter_measured(peer: Peer) -> Iterator[str]:
    """Yield the counts, with what was measured and when."""
    found = sum(tell_peer(lines) is not None for lines in peer.output.values())
    results = [check_request(path.read_bytes()) for path in sorted(MISTAKES.glob("*.json"))]
    told = sum(bool(result.findings) for result in results)
    advised = sum(first_of(result.findings).hint is not None for result in results)
    yield f"Measured with check-jsonschema {peer.version} on {peer.day}, and with this version of `lint`."
    yield ""
    head = ("of the orders", "check-jsonschema", "`lint`")
    placed = sum("line " in (tell_peer(lines) or "") for lines in peer.output.values())
    yield from make_table(
        head,
        [
            ("are found to be wrong", f"{found} of {len(results)}", f"{told} of {len(results)}"),
            ("come with line and column", f"{placed}, those that are no JSON", f"{told}"),
            ("come with a remedy", "0, but a field that is missing is named", f"{advised}"),
        ],
    )


def iter_rows(peer: Peer) -> Iterator[str]:
    """Yield the table of the mistakes."""
    rows = [_row(path, peer) for path in sorted(MISTAKES.glob("*.json"))]
    yield from make_table(("file", "what is wrong", "check-jsonschema", "`lint`: place", "rule", "remedy"), rows)


def _row(path: Path, peer: Peer) -> tuple[str, ...]:
    number, _, name = path.stem.partition("-")
    finding = first_of(check_request(path.read_bytes()).findings)
    said = tell_peer(peer.output[path.name])
    return (
        f"[{number}](../examples/mistakes/{path.name})",
        MISTAKE_OF[name],
        as_code(said) if said is not None else "*nothing: `ok -- validation done`*",
        f"{finding.line}:{finding.column}",
        f"[`{finding.rule}`](../reference/rules/{finding.rule}.md)",
        finding.hint or "",
    )


def first_of(findings: tuple[Finding, ...]) -> Finding:
    """Return the one finding to look at first: an error, if there is one."""
    return min(findings, key=lambda finding: finding.severity != "error")


def tell_peer(lines: list[str]) -> str | None:
    """Return what check-jsonschema says of one file, without its frame and shortened; None if it finds nothing."""
    text = "\n".join(lines)
    if match := re.search(r"^ +(\w+Error: .*)$", text, re.MULTILINE):
        return match[1]
    match = re.search(r"^ +\S+\.json::(\S+): (.*)$", text, re.MULTILINE)
    if match is None:
        return None
    message = f"{match[1]}: {shorten(match[2])}"
    best = re.search(r"^ +Best Match:\n +(.*)$", text, re.MULTILINE)
    return f"{message} Best Match: {best[1]}" if best is not None else message


def shorten(text: str) -> str:
    """Return a line, or its beginning and its end."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}…{text[-TAIL:]}"


def as_code(text: str) -> str:
    """Return a text as code in which nothing is HTML or Markdown; the code of Markdown could hold no `|` in a table."""
    escaped = re.sub(r"[][*_`$|~\\]", lambda match: f"&#{ord(match[0])};", html.escape(text, quote=False))
    return f"<code>{escaped}</code>"


if __name__ == "__main__":
    sys.exit(main())
