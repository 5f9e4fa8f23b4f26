"""`lint --fix`, `--fix-only`, `--diff`, `--extract` and `--check`, as users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.validation import check_request
from tests.cli.running import run_here

REQUEST = load_contract().examples["request.json"]
MENDABLE = REQUEST.replace(b'"RUB"', b'"rub"')
BROKEN = MENDABLE.replace(b'"sku": "skuf",', b"")
FENCE = "```"
TOKEN = "9f2c4b7de18a5630c1d94e7fb2a86053"  # noqa: S105 - nobody's


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    Path("order.json").write_bytes(BROKEN)


def test_what_can_be_mended_is_mended_then_checked() -> None:
    """The report tells of what is left; a second run has nothing to mend."""
    outcome = run_here("lint", "--fix", "order.json")
    assert outcome.stderr == "altcraft-contract: fixed 1 finding in 1 file (order.json: 1)\n"
    assert outcome.code == 1
    assert "invalid-currency" not in outcome.stdout
    assert "line-item-missing" in outcome.stdout
    assert Path("order.json").read_bytes() == BROKEN.replace(b'"rub"', b'"RUB"')
    again = run_here("lint", "--fix", "order.json")
    assert again.stderr == "altcraft-contract: fixed nothing\n"
    assert again.stdout == outcome.stdout


def test_mending_may_be_all() -> None:
    """`--fix-only` mends, reports nothing, and is content whatever is left."""
    outcome = run_here("lint", "--fix-only", "-v", "order.json")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr.startswith("altcraft-contract: order.json:9:17: invalid-currency: ")
    quiet = run_here("lint", "--fix-only", "-q", "order.json")
    assert (quiet.code, quiet.stdout, quiet.stderr) == (0, "", "")


def test_a_file_that_cannot_be_read_is_told_once() -> None:
    """Mending and checking both meet it; the exit code is 2, also when mending is all."""
    for option in ("--fix", "--fix-only", "--diff"):
        outcome = run_here("lint", option, "missing.json", "order.json")
        assert outcome.code == 2
        assert outcome.stderr.count("missing.json") == 1


def test_a_diff_changes_nothing() -> None:
    """`--diff` shows what would change, and its exit code says whether something would."""
    outcome = run_here("lint", "--diff", "order.json")
    assert outcome.code == 1
    assert '-    "currency": "rub",\n+    "currency": "RUB",\n' in outcome.stdout
    assert outcome.stderr == "altcraft-contract: would fix 1 finding in 1 file (order.json: 1)\n"
    assert Path("order.json").read_bytes() == BROKEN
    Path("order.json").write_bytes(REQUEST)
    outcome = run_here("lint", "--diff", "order.json")
    assert (outcome.code, outcome.stdout) == (0, "")


def test_a_diff_of_the_standard_input_is_shown() -> None:
    """Where nothing is written, the standard input will do."""
    outcome = run_here("lint", "--diff", "-", stdin=BROKEN)
    assert outcome.code == 1
    assert '+    "currency": "RUB",' in outcome.stdout


def test_overrides_hold_for_what_is_mended() -> None:
    """A rule that is ignored for a path is not mended there."""
    Path("altcraft-contract.toml").write_text(
        '[[overrides]]\npaths = "order.json"\nignore = ["invalid-currency"]\n', "utf-8"
    )
    assert run_here("lint", "--fix-only", "order.json").stderr == "altcraft-contract: fixed nothing\n"


def test_messages_within_documents_are_found() -> None:
    """`--extract` takes host files of a directory, too, and places findings in them."""
    Path("order.json").unlink()
    text = f"# Orders\n\n- like this:\n\n  {FENCE}json\n"
    text += "".join(f"  {line}\n" for line in MENDABLE.decode().splitlines())
    Path("README.md").write_text(f"{text}  {FENCE}\n", "utf-8")
    Path("other.yaml").write_text("a: 1\n", "utf-8")
    assert run_here("lint", ".").code == 2
    outcome = run_here("lint", ".", "--extract")
    assert outcome.code == 1
    assert "README.md:14:19: error invalid-currency: " in outcome.stdout
    assert "at /data/currency of code block 1;" in outcome.stdout
    assert outcome.stdout.endswith("1 document checked, 1 file skipped: 1 error, 3 warnings\n")
    report = json.loads(run_here("lint", "README.md", "--extract", "-f", "json").stdout)
    assert report["results"][0]["path"] == "README.md"
    assert report["results"][0]["findings"][0]["line"] == 14


def test_a_host_file_that_is_named_without_extract_is_told_of() -> None:
    """Whoever forgets the option is told of it."""
    Path("README.md").write_text("# Orders\n", "utf-8")
    outcome = run_here("lint", "README.md")
    assert outcome.code == 1
    assert "README.md is checked as one message; --extract checks those that stand within it" in outcome.stderr


@pytest.mark.parametrize(
    ("checks", "rules"),
    [
        (("--check", "secrets"), {"secret-token"}),
        (("--check", "contract,secrets"), {"secret-token", "line-item-missing", "invalid-currency"}),
        (("--check", "contract", "--check", "secrets"), {"secret-token", "line-item-missing", "invalid-currency"}),
        ((), {"line-item-missing", "invalid-currency"}),
    ],
)
def test_checks_may_be_chosen(checks: tuple[str, ...], rules: set[str]) -> None:
    """The contract is checked unless something else is asked for; a token is found and never shown."""
    Path("order.json").write_bytes(BROKEN.replace(b"abcdefghijklmnqrstuvwxyz", TOKEN.encode()))
    outcome = run_here("lint", "order.json", *checks, "-f", "json")
    (result,) = json.loads(outcome.stdout)["results"]
    assert {finding["rule"] for finding in result["findings"] if finding["severity"] == "error"} == rules
    assert TOKEN not in run_here("lint", "order.json", *checks).stdout + outcome.stdout


def test_secrets_may_be_allowed() -> None:
    """What the configuration allows is no secret."""
    Path("order.json").write_bytes(REQUEST.replace(b"abcdefghijklmnqrstuvwxyz", TOKEN.encode()))
    assert run_here("lint", "--check", "secrets", "order.json").code == 1
    Path("altcraft-contract.toml").write_text(f'[secrets]\nallow = ["{TOKEN}"]\n', "utf-8")
    assert run_here("lint", "--check", "secrets", "order.json").code == 0


def test_secrets_are_found_in_host_files() -> None:
    """A token in a header of a recorded request is found, at its place."""
    Path("orders.http").write_text(
        "POST https://shop.example.com/api/v1.1/market/orders/preorder_commit\n"
        f"Authorization: Bearer {TOKEN}\nContent-Type: application/json\n\n{REQUEST.decode()}\n",
        "utf-8",
    )
    outcome = run_here("lint", "--check", "secrets", "--extract", "orders.http")
    assert outcome.code == 1
    assert "orders.http:2:" in outcome.stdout
    assert TOKEN not in outcome.stdout


def test_names_of_parts_hold_no_secret() -> None:
    """Who names an item of a collection after its token does not see it in findings and notes."""
    url = "https://shop.example.com/api/v1.1/market/orders/preorder_commit"
    order = MENDABLE.decode().replace("abcdefghijklmnqrstuvwxyz", TOKEN)
    bodies = {f"first {TOKEN}": order, f"second {TOKEN}": order.replace('"count": 2', '"count": {{n}}')}
    items = [
        {"name": name, "request": {"method": "POST", "url": url, "body": {"mode": "raw", "raw": body}}}
        for name, body in bodies.items()
    ]
    Path("orders.postman_collection.json").write_text(json.dumps({"info": {"name": "x"}, "item": items}), "utf-8")
    outcome = run_here("lint", "--extract", "orders.postman_collection.json")
    assert "invalid-currency" in outcome.stdout
    assert "request second ***, request (line 1) cannot be checked: " in outcome.stderr
    assert TOKEN not in outcome.stdout + outcome.stderr


def test_what_is_not_checked_is_not_mended() -> None:
    """Whoever looks for secrets alone wants no other change."""
    for option in ("--fix", "--diff", "--fix-only"):
        outcome = run_here("lint", "--check", "secrets", option, "order.json")
        assert outcome.code == 2
        assert f"{option} mends what --check contract finds: add it" in outcome.last_line
    assert Path("order.json").read_bytes() == BROKEN


def test_the_engine_judges_in_host_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--engine reference` is heeded wherever a message stands."""
    engines: list[str] = []

    def check(body: bytes, *, engine: str, **settings: object) -> object:
        engines.append(engine)
        return check_request(body, engine=engine, **settings)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("altcraft_contract.lint.hosts.judging.check_request", check)
    Path("README.md").write_text(f"{FENCE}json\n{MENDABLE.decode()}\n{FENCE}\n", "utf-8")
    found = [run_here("lint", "--extract", "README.md", "--engine", engine).stdout for engine in ("fast", "reference")]
    assert engines == ["fast", "reference"]
    assert found[0] == found[1]
