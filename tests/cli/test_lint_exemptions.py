"""`lint` with suppressions, overrides, profiles and a baseline."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from altcraft_contract.contract import load_contract
from tests.cli.running import run_here

REQUEST = load_contract().examples["request.json"]
BROKEN = REQUEST.replace(b'"RUB"', b'"rub"')
TAKE_IT_OUT = "mend the finding or take it out"
SUPPRESS = """
[[suppress]]
rule = "invalid-currency"
path = "legacy/"
reason = "the old shop sends it so"
"""


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "legacy").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    Path("order.json").write_bytes(BROKEN)
    Path("legacy/order.json").write_bytes(BROKEN)


def configure(text: str) -> None:
    """Write the configuration."""
    Path("altcraft-contract.toml").write_text(text, "utf-8")


def test_what_is_suppressed_counts_for_nothing() -> None:
    """A suppressed finding is not shown and fails no run, elsewhere it does; the summary counts it."""
    configure(SUPPRESS)
    assert run_here("lint", "order.json").code == 1
    outcome = run_here("lint", "legacy/order.json")
    assert outcome.code == 0
    assert "invalid-currency" not in outcome.stdout
    assert outcome.stdout.endswith("1 document checked: 0 errors, 3 warnings (1 finding suppressed)\n")


def test_reports_for_programs_say_why() -> None:
    """SARIF and JUnit tell what was suppressed, and the reason that people gave."""
    configure(SUPPRESS)
    run_here("lint", "legacy/order.json", "-f", "sarif", "-o", "s.sarif", "-f", "junit", "-o", "j.xml")
    (run,) = json.loads(Path("s.sarif").read_text("utf-8"))["runs"]
    (suppressed,) = [result for result in run["results"] if result["suppressions"]]
    assert suppressed["ruleId"] == "invalid-currency"
    assert suppressed["suppressions"][0]["justification"] == "the old shop sends it so"
    assert "the old shop sends it so" in Path("j.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("table", "remark"),
    [
        (
            '[[suppress]]\nrule = "email-format"\npath = "order.json"\nreason = "x"\n',
            "suppress 1 in altcraft-contract.toml (rule email-format) suppressed nothing; take it out",
        ),
        (
            '[[suppress]]\nrule = "invalid-currency"\nreason = "x"\nexpires = 2020-01-31\n',
            f"suppress 1 in altcraft-contract.toml (rule invalid-currency) expired on 2020-01-31; {TAKE_IT_OUT}",
        ),
    ],
)
def test_suppressions_of_no_use_are_told(table: str, remark: str) -> None:
    """What suppresses nothing, or no longer, is told after the run, and the finding counts."""
    configure(table)
    outcome = run_here("lint", "order.json")
    assert (outcome.code, outcome.last_line) == (1, f"altcraft-contract: {remark}")


def test_a_suppression_needs_a_reason() -> None:
    """Without one the configuration is wrong, which is told before anything is checked."""
    configure('[[suppress]]\nrule = "invalid-currency"\n')
    outcome = run_here("lint", "order.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "altcraft-contract.toml: suppress 1: say why in reason" in outcome.last_line


def test_files_may_be_checked_differently() -> None:
    """Overrides are about some paths; what the command line says stands above them."""
    configure('[[overrides]]\npaths = "legacy"\nignore = ["invalid-currency"]\nmessage = "request"\n')
    assert (run_here("lint", "legacy/order.json").code, run_here("lint", "order.json").code) == (0, 1)
    configure('[[overrides]]\npaths = "legacy"\nmessage = "response"\n')
    assert "missing-field" in run_here("lint", "legacy/order.json").stdout
    assert "missing-field" not in run_here("lint", "legacy/order.json", "--message", "request").stdout


def test_a_profile_is_laid_over_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--profile`, or its variable, chooses what else counts."""
    configure(f'fail-on = "never"\n{SUPPRESS}\n[profiles.ci]\nfail-on = "warning"\nformat = "concise"\n')
    assert run_here("lint", "order.json").code == 0
    outcome = run_here("lint", "order.json", "--profile", "ci")
    assert outcome.code == 1
    assert len(outcome.stdout.splitlines()) == 5
    monkeypatch.setenv("ALTCRAFT_CONTRACT_PROFILE", "ci")
    assert run_here("lint", "order.json").stdout == outcome.stdout
    unknown = run_here("lint", "order.json", "--profile", "cl")
    assert (unknown.code, "ci" in unknown.last_line) == (2, True)


def test_known_findings_fail_nothing() -> None:
    """A baseline takes what there is; what is new fails, what is gone can be taken out."""
    made = run_here("lint", ".", "--baseline", "known.toml", "--baseline-update")
    assert made.code == 0
    assert made.last_line == "altcraft-contract: wrote known.toml: 8 added, 0 taken out, 0 kept"
    Path("order.json").write_text(json.dumps(json.loads(BROKEN), indent="\t", sort_keys=True), "utf-8")
    assert run_here("lint", ".", "--baseline", "known.toml").code == 0
    Path("order.json").write_bytes(BROKEN.replace(b'"2150.00"', b'"2 150.00"'))
    new = run_here("lint", ".", "--baseline", "known.toml")
    assert new.code == 1
    assert "2 documents checked: 1 error, 0 warnings (8 findings suppressed)" in new.stdout
    Path("order.json").write_bytes(REQUEST)
    gone = run_here("lint", ".", "--baseline", "known.toml")
    assert gone.code == 0
    assert "1 finding of the baseline was not met again" in gone.last_line
    pruned = run_here("lint", ".", "--baseline", "known.toml", "--baseline-prune")
    assert pruned.last_line == "altcraft-contract: wrote known.toml: 0 added, 1 taken out, 7 kept"


def test_what_could_not_be_read_is_not_gone() -> None:
    """Findings behind the end of what can be read, and below a path that is not there, stay in the baseline."""
    lines = b"".join(
        json.dumps({**json.loads(BROKEN), "external_id": f"order_{number}", "note": "x" * 999}).encode() + b"\n"
        for number in range(500)
    )
    Path("orders.ndjson.gz").write_bytes(gzip.compress(lines, 0))
    known = ("--baseline", "known.toml")
    made = run_here("lint", ".", *known, "--baseline-update")
    assert made.code == 0
    whole = Path("known.toml").read_bytes()

    Path("orders.ndjson.gz").write_bytes(gzip.compress(lines, 0)[:300_000])
    cut = run_here("lint", ".", *known, "--baseline-prune")
    assert cut.code == 2
    assert "orders.ndjson.gz" in cut.last_line
    assert Path("known.toml").read_bytes() == whole

    Path("legacy").rename("elsewhere")
    assert run_here("lint", "legacy", "order.json", *known, "--baseline-prune").code == 2
    assert Path("known.toml").read_bytes() == whole
    assert run_here("lint", "order.json", *known, "--baseline-prune").code == 0
    assert b"legacy/order.json" not in Path("known.toml").read_bytes()


def test_a_baseline_that_is_not_there_is_a_fault() -> None:
    """A missing baseline must not pass for an empty one."""
    outcome = run_here("lint", ".", "--baseline", "known.toml")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "known.toml: there is no such baseline; --baseline-update makes it" in outcome.last_line


def test_suppressed_findings_are_not_mended() -> None:
    """What people want to stay stays, also with --fix."""
    configure(SUPPRESS)
    outcome = run_here("lint", ".", "--fix")
    assert outcome.stderr == "altcraft-contract: fixed 1 finding in 1 file (order.json: 1)\n"
    assert Path("legacy/order.json").read_bytes() == BROKEN
    assert Path("order.json").read_bytes() == REQUEST
