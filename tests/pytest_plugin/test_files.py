"""Payload files and recordings as tests of a client repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree import ElementTree as ET

import pytest
import requests
import vcr
import yaml

from altcraft_contract.contract import load_contract
from altcraft_contract.findings import Severity
from altcraft_contract.rules.selection import RuleSelection
from altcraft_contract.stub import StubServer
from altcraft_contract.testing import observing
from altcraft_contract.testing.files.checking import check_file
from altcraft_contract.testing.files.collection import matches
from altcraft_contract.testing.settings import FailOn, JudgingSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altcraft_contract.findings import Finding

URL = "https://market.example/api/v1.1/market/orders/preorder_commit"
REQUEST = load_contract().examples["request.json"].decode()
REQUEST_XML = load_contract().examples["request.xml"].decode()
RESPONSE = load_contract().examples["response.json"].decode()
WRONG = REQUEST.replace('"2500.00"', "2500")
LINE = json.dumps(json.loads(REQUEST))
SECRETS = ("tok-5f3a9c17", "head-7d21b8e4", "anna.private@shop.example", "+7 912 345-67-89", "79123456789")


class Run(Protocol):
    """Runs pytest over files."""

    def __call__(
        self, files: Mapping[str, str], *arguments: str, patterns: Sequence[str] = ..., ini: str = ...
    ) -> pytest.RunResult:
        """Run it, with *arguments*."""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs pytest in a repository with *files*, of which those that match *patterns* are tests."""

    def run(
        files: Mapping[str, str], *arguments: str, patterns: Sequence[str] = ("payloads/**",), ini: str = ""
    ) -> pytest.RunResult:
        for name, text in files.items():
            file = pytester.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        lines = ["[pytest]", "asyncio_default_fixture_loop_scope = function", ini, "altcraft_files ="]
        pytester.makeini("\n".join([*lines, *(f"    {pattern}" for pattern in patterns)]))
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "--strict-config", "-W", "error", *arguments)

    return run


def check(file: Path, *, fail_on: FailOn = "error", **rules: Any) -> Any:
    """Check a file without a run of pytest."""
    return check_file(file, file.name, JudgingSettings(RuleSelection(**rules), fail_on, {}))


def cassette(body: object, answer: object, **request: object) -> str:
    """A cassette with one interaction."""
    interaction = {
        "request": {"method": "POST", "uri": URL, "body": body, "headers": {}, **request},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": answer}},
    }
    return yaml.safe_dump({"version": 1, "interactions": [interaction]})


def test_each_file_is_a_test(run: Run) -> None:
    """A file that matches is one test, named after its path, whatever it holds; other files are none."""
    result = run(
        {
            "payloads/order.json": REQUEST,
            "payloads/deep/order.xml": REQUEST_XML,
            "payloads/orders.ndjson": f"{LINE}\n\n{LINE}\n",
            "payloads/answer.json": RESPONSE,
            "payloads/call.yaml": cassette(REQUEST, RESPONSE),
            "other/wrong.json": WRONG,
        },
        "-v",
    )
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["payloads/call.yaml::contract PASSED*", "payloads/orders.ndjson::contract PASSED*"])


def test_a_failure_reads_as_lint_prints_it(run: Run) -> None:
    """A failure has place, rule, frame and source of each finding, the counts and the way to more; no traceback."""
    result = run({"payloads/wrong.json": WRONG})
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*payloads/wrong.json: contract*",
            "breaks wrong-type",
            "payloads/wrong.json:10:20: error wrong-type: `total_price` is the number 2500, expected a string",
            '10 |     "total_price": 2500,',
            "   |                    ^",
            "   = at /data/total_price; data object (documented)",
            "1 document checked: 1 error, * warnings",
            "`altcraft-contract explain wrong-type` shows that rule, its source and samples",
            "FAILED payloads/wrong.json::contract - breaks wrong-type",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "file_check.py" not in result.stdout.str()


def test_very_verbose_tells_what_the_rules_say(run: Run) -> None:
    """With `-vv` each finding has the statement of its rule."""
    run({"payloads/wrong.json": WRONG}, "-vv").stdout.fnmatch_lines(["*= rule: Every field has a type*"])


def test_each_record_of_a_stream_is_judged(run: Run) -> None:
    """Of an NDJSON file each wrong record is shown on its line of the file."""
    wrong = json.dumps(json.loads(WRONG))
    result = run({"payloads/o.jsonl": f"{LINE}\n\n{wrong}\n{LINE}\n{wrong}\n"})
    errors = re.findall(r"^payloads/o\.jsonl:(\d+):\d+: error", result.stdout.str(), re.MULTILINE)
    assert errors == ["3", "5"]
    result.stdout.fnmatch_lines(["4 documents checked: 2 errors, *"])


def test_what_a_recording_holds_is_found_in_its_place(run: Run) -> None:
    """A finding in a cassette has its line and column there, and the name of the message."""
    text = cassette(WRONG, RESPONSE.replace("order_12345", "another"))
    result = run({"payloads/call.yaml": text})
    result.assert_outcomes(failed=1)
    place = re.search(r"payloads/call\.yaml:(\d+):(\d+): error wrong-type:", result.stdout.str())
    assert place is not None
    assert text.splitlines()[int(place[1]) - 1][int(place[2]) - 1 :].startswith("2500,")
    result.stdout.fnmatch_lines(
        [
            "*= at /data/total_price of interaction 1, request; data object (documented)",
            "payloads/call.yaml:*: error external-id-mismatch: *",
            "*= at /data/external_id of interaction 1, response to its request; *",
        ]
    )
    result.stdout.fnmatch_lines(["2 documents checked: *"])


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.har", "{", "error: payloads/a.har: not JSON: *; export or record it again"),
        ("a.yaml", "interactions: 1", "error: payloads/a.yaml: no cassette: it has no list *"),
        ("a.yaml", "services: {}", "error: payloads/a.yaml: neither a cassette * name only files that hold messages"),
        ("a.json", '{"log": {}}', "error: payloads/a.json: no HTTP Archive: *; export it as HAR 1.2"),
        ("a.ndjson", "\n \n", "error: payloads/a.ndjson: nothing to check; *"),
    ],
)
def test_a_file_that_cannot_be_read_fails_in_one_line(run: Run, name: str, text: str, reason: str) -> None:
    """A fault of the file is told in one line, with a remedy."""
    result = run({f"payloads/{name}": text})
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a.*: contract*", reason, "*short test summary info*"], consecutive=True)


def test_a_recording_without_a_call_is_skipped(run: Run) -> None:
    """A recording that holds no call to the endpoint says so."""
    result = run({"payloads/none.yaml": "interactions: []"}, "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*payloads/none.yaml: no call to the endpoint*preorder_commit"])


def test_warnings_pass_and_are_shown_on_request(run: Run) -> None:
    """A file with nothing but warnings passes; they stand in a section of its report."""
    result = run({"payloads/order.json": REQUEST}, "-rP")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*altcraft-contract call*", "payloads/order.json:10:20: warning total-mismatch:*"])


@pytest.mark.parametrize(
    ("ini", "text", "outcome"),
    [
        ("altcraft_fail_on = warning", REQUEST, "failed"),
        ("altcraft_fail_on = never", WRONG, "passed"),
        ("altcraft_ignore = wrong-type", WRONG, "passed"),
        ("altcraft_select = missing-field", WRONG, "passed"),
    ],
)
def test_the_configuration_decides_what_fails(run: Run, ini: str, text: str, outcome: str) -> None:
    """Rules and the severity that fails are those of the configuration."""
    run({"payloads/order.json": text}, ini=ini).assert_outcomes(**{outcome: 1})


def test_a_wrong_configuration_is_told_without_a_traceback(run: Run) -> None:
    """An unknown rule in the configuration is told by name."""
    result = run({"payloads/order.json": REQUEST}, ini="altcraft_ignore = wrong-tipe")
    shown = result.stdout.str() + result.stderr.str()
    assert "did you mean 'wrong-type'?" in shown
    assert "Traceback" not in shown
    assert "During handling" not in shown


FILES = {"payloads/a.json": REQUEST, "payloads/b.json": WRONG, "payloads/c.yaml": cassette(REQUEST, RESPONSE)}


@pytest.mark.parametrize(
    ("arguments", "outcomes"),
    [
        (["-k", "yaml"], {"passed": 1, "deselected": 2}),
        (["-k", "contract"], {"passed": 2, "failed": 1}),
        (["-m", "not slow"], {"passed": 2, "failed": 1}),
        (["--deselect", "payloads/b.json::contract"], {"passed": 2, "deselected": 1}),
        (["payloads/b.json::contract"], {"failed": 1}),
        (["payloads/a.json"], {"passed": 1}),
        (["-n", "2"], {"passed": 2, "failed": 1}),
    ],
)
def test_tests_are_selected_as_any_others(run: Run, arguments: list[str], outcomes: dict[str, int]) -> None:
    """Names, markers, node ids and several processes work as for functions."""
    run(FILES, *arguments).assert_outcomes(**outcomes)


def test_a_failure_is_whole_in_another_process(run: Run) -> None:
    """The findings come back from a worker as they are."""
    run(FILES, "-n", "1").stdout.fnmatch_lines(
        ["payloads/b.json:10:20: error wrong-type*", "FAILED *breaks wrong-type"]
    )


def test_collecting_names_the_tests_and_loads_nothing(run: Run, pytester: pytest.Pytester) -> None:
    """`--collect-only` shows the tests, and reads no file for it."""
    result = run({"payloads/broken.har": "{", **FILES}, "--collect-only", "-q")
    result.stdout.fnmatch_lines(["payloads/a.json::contract", "payloads/broken.har::contract", "*4 tests collected*"])
    pytester.makeconftest(
        """
        import sys

        def pytest_collection_finish(session):
            print(sorted(sys.modules.keys() & {"yaml", "altcraft_contract.lint.linting", "altcraft_contract.rules"}))
        """
    )
    pytester.runpytest_subprocess("--collect-only", "-q", "-s").stdout.fnmatch_lines(["[[]]"])


def test_junit_has_file_and_reason(run: Run, pytester: pytest.Pytester) -> None:
    """In JUnit's form each test has its file for a class, and a failure its findings."""
    run(FILES, "--junitxml=report.xml")
    cases = {case.get("classname"): case for case in ET.parse(pytester.path / "report.xml").iter("testcase")}  # noqa: S314 - our own
    assert sorted(map(str, cases)) == ["payloads.a.json", "payloads.b.json", "payloads.c.yaml"]
    failure = cases["payloads.b.json"].find("failure")
    assert failure is not None
    assert "error wrong-type" in (failure.text or "")


def test_a_named_file_that_does_not_match_is_no_test(run: Run) -> None:
    """A file that no pattern names stays what it was without the plugin, even on the command line."""
    result = run({"other/order.json": REQUEST}, "other/order.json")
    assert result.ret is pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("path", "pattern", "is_match"),
    [
        ("payloads/a.json", "payloads/*.json", True),
        ("payloads/a.json", "payloads\\*.json", True),
        ("payloads/a.json", "./payloads/a.json", True),
        ("payloads/x/a.json", "payloads/*.json", False),
        ("payloads/x/a.json", "payloads/**/*.json", True),
        ("payloads/a.json", "payloads/**/*.json", True),
        ("payloads/x/y/a.json", "payloads/**", True),
        ("payloads/x/y/a.json", "payloads/", True),
        ("payloads/x/y/a.json", "**/y/**", True),
        ("payloads/x/y/a.json", "**/a.json", True),
        ("a.json", "**/*.json", True),
        ("a.json", "*.js[no]n", True),
        ("x/a.json", "*.json", False),
        ("a.json", "", False),
        ("a.json", "a.json/", False),
        ("../a.json", "*.json", False),
        ("../shared/a.json", "../shared/*.json", True),
        ("a/" * 60 + "b", "**/a/" * 30 + "c", False),
    ],
)
def test_patterns_are_globs_from_the_root(tmp_path: Path, path: str, pattern: str, is_match: bool) -> None:
    """`*` stays within a directory, `**` does not, and either separator will do."""
    assert matches(Path(f"{tmp_path}/{path}").resolve(), tmp_path, [pattern]) is is_match


def test_a_pattern_may_be_absolute(tmp_path: Path) -> None:
    """Files outside of the repository are named in full."""
    assert matches(tmp_path / "x" / "a.json", tmp_path / "root", [f"{tmp_path}/x/*.json"])


def test_no_secret_is_shown(run: Run) -> None:
    """What identifies the caller or the customer is masked: in JSON, XML and recordings, wherever it stands."""
    token, header, email, phone, digits = SECRETS
    order = {**json.loads(WRONG), "token": token, "email": email, "phone": phone, token: 1, "phone2": digits}
    order["data"]["status"] = f"{token} {email} {phone}"
    text = json.dumps(order)
    broken = text.encode() + b"\xff"
    xml = REQUEST_XML.replace("<data>", f"<token>{token}</token><email>{email}</email><phone>{phone}</phone><data>", 1)
    answer = json.dumps({"error": f"{token} {header} {email} {phone}", "error_text": f"{header}"})
    request: dict[str, Any] = {
        "method": "POST",
        "url": f"{URL}?token={token}",
        "headers": [{"name": "Authorization", "value": f"Bearer {header}"}],
        "postData": {"text": text},
    }
    archive = {"log": {"entries": [{"request": request, "response": {"status": 200, "content": {"text": answer}}}]}}
    result = run(
        {
            "payloads/a.json": text,
            "payloads/b.json": text.replace("}", ""),
            "payloads/c.xml": xml,
            "payloads/d.xml": xml.replace("</data>", ""),
            "payloads/e.har": json.dumps(archive),
            "payloads/f.yaml": cassette(broken, answer, headers={"Authorization": [f"Bearer {header}"]}),
            "payloads/g.yaml": cassette(xml, xml, headers={"authorization": header}),
            "payloads/h.yaml": f"a: *{token}",
            "payloads/i.har": f'{{"token": "{token}"',
            "payloads/j.ndjson": f"{text}\n{text}\n",
        },
        "-rA",
        "-vv",
    )
    result.assert_outcomes(failed=10)
    shown = result.stdout.str() + result.stderr.str()
    assert [secret for secret in SECRETS if secret in shown] == []


def test_what_a_real_recorder_writes_is_judged(tmp_path: Path) -> None:
    """A call that VCR.py recorded passes, in both of its forms, compressed or not; a wrong one fails."""
    for serializer in ("yaml", "json"):
        for body, fails in ((LINE, False), (json.dumps(json.loads(WRONG)), True)):
            file = tmp_path / f"call-{fails}.{serializer}"
            with StubServer() as stub, vcr.use_cassette(str(file), serializer=serializer):
                headers = {"Content-Type": "application/json", "Authorization": "Bearer abc"}
                assert requests.post(stub.url, data=body, headers=headers, timeout=10).ok
            assert check(file).fails is fails
            assert f"{file.name}:" in check(file).text


def test_a_body_that_cannot_be_read_is_no_success(tmp_path: Path) -> None:
    """A message that nobody can judge fails, unless nothing shall."""
    file = tmp_path / "a.har"
    request = {"method": "POST", "url": URL, "bodySize": 9}
    file.write_text(json.dumps({"log": {"entries": [{"request": request}]}}), encoding="utf-8")
    verdict = check(file)
    assert verdict.fails
    assert verdict.text.startswith("a.har:1 (entry 1, request): the body cannot be checked: the archive was saved")
    assert "1 message not checked; nothing checked" in verdict.text
    assert not check(file, fail_on="never").fails


def test_long_reports_end(tmp_path: Path) -> None:
    """Of very many findings the first are shown, and the others counted."""
    file = tmp_path / "a.ndjson"
    file.write_text("[]\n" * 1_000, encoding="utf-8")
    text = check(file).text
    assert text.count("error malformed") == 200
    assert (
        "800 findings more: `altcraft-contract lint a.ndjson` shows all\n1,000 documents checked: 1,000 errors" in text
    )


class Noting:
    """An observer that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def take_message(self, message: str, body: object, syntax: str | None, findings: Sequence[Finding]) -> None:
        """A message."""
        self.told.append((message, body, syntax, any(finding.severity is Severity.ERROR for finding in findings)))

    def take_exchange(self, findings: Sequence[Finding]) -> None:
        """An exchange."""
        self.told.append(("exchange", len(findings)))

    def take_scenario(self, name: str) -> None:
        """A scenario."""
        self.told.append((name,))


def test_observers_are_told_what_was_checked(tmp_path: Path) -> None:
    """Each message that was checked is told with its own bytes, each exchange with its findings."""
    files = {
        "a.json": (WRONG, [("request", WRONG.encode(), "json", True)]),
        "b.xml": (REQUEST_XML, [("request", REQUEST_XML.encode(), "xml", False)]),
        "c.ndjson": (
            f"\n{LINE}\r\n \n[]",
            [("request", LINE.encode(), "json", False), ("request", b"[]", "json", True)],
        ),
        "d.yaml": (
            cassette(REQUEST, RESPONSE),
            [
                ("request", REQUEST.encode(), "json", False),
                ("response", RESPONSE.encode(), "json", False),
                ("exchange", 0),
            ],
        ),
    }
    for name, (text, expected) in files.items():
        (tmp_path / name).write_bytes(text.encode())
        noting = Noting()
        observing.observe(noting)
        try:
            check(tmp_path / name)
        finally:
            observing.forget(noting)
        assert noting.told == expected
