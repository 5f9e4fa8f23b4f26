"""The HTTP archive."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from altcraft_contract.fuzz.reports.har_report import render_har
from tests.fuzz.fakes import make_broken_failure, make_report, sample_reports

SAMPLES = sample_reports()
REQUEST = {"method", "url", "httpVersion", "cookies", "headers", "queryString", "postData", "headersSize", "bodySize"}
RESPONSE = {
    "status",
    "statusText",
    "httpVersion",
    "cookies",
    "headers",
    "content",
    "redirectURL",
    "headersSize",
    "bodySize",
}
ENTRY = {"pageref", "startedDateTime", "time", "request", "response", "cache", "timings", "comment"}


def load(sample: str) -> Any:
    """The log of a sample."""
    return json.loads("".join(render_har(SAMPLES[sample])))["log"]


@pytest.mark.parametrize("sample", SAMPLES)
def test_archive_has_the_keys_of_the_format(sample: str) -> None:
    """Every key that HAR 1.2 requires is there, every other begins with an underscore, and each entry has its page."""
    log = load(sample)
    assert log["version"] == "1.2"
    assert log["creator"].keys() == {"name", "version"}
    pages = [page["id"] for page in log["pages"]]
    assert len(set(pages)) == len(pages) or sample == "hostile"
    for entry in log["entries"]:
        assert entry.keys() == ENTRY
        assert entry["pageref"] in pages
        assert entry["request"].keys() == REQUEST
        assert {key for key in entry["response"] if not key.startswith("_")} == RESPONSE
        assert {"size", "mimeType", "text"} <= entry["response"]["content"].keys()
        assert entry["timings"].keys() == {"send", "wait", "receive"}
        assert all(header.keys() == {"name", "value"} for header in entry["request"]["headers"])


def test_archive_has_all_steps_and_twins() -> None:
    """The warm-up, every step of each failure and its twin are there."""
    report = SAMPLES["failures"]
    expected = len(report.warm_up) + sum(len(failure.steps) + bool(failure.twin) for failure in report.failures)
    assert len(load("failures")["entries"]) == expected


def test_bytes_that_are_no_text_are_in_base64() -> None:
    """A body that is no UTF-8 is in Base64, and says so; an answer that never came has the status 0."""
    log = json.loads("".join(render_har(make_report(failures=(make_broken_failure(),)))))["log"]
    entry = log["entries"][-1]
    assert entry["request"]["postData"]["_encoding"] == "base64"
    assert b64decode(entry["request"]["postData"]["text"]) == make_broken_failure().step.case.body
    assert entry["response"]["status"] == 0
    assert entry["response"]["_error"].startswith("reset")
