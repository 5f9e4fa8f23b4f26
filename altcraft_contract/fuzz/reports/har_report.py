"""What failed, and the requests before it, as an HTTP archive (HAR 1.2) for the tools that read it."""

from __future__ import annotations

from base64 import b64encode
from http.client import responses as REASONS  # noqa: N812 - it is a table
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from altcraft_contract.fuzz.reports.json_form import TOOL, dumped
from altcraft_contract.fuzz.reports.wording import ENDINGS, title_of
from altcraft_contract.fuzz.showing import is_text, request_headers, safe, safe_body, safe_headers, shown_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.failure import Failure, Received, Step
    from altcraft_contract.fuzz.report import CampaignReport

_LONGEST: Final = 100_000  # bytes of a request's body; the case file has all of it
_WARM_UP: Final = "warm-up"


def render_har(report: CampaignReport) -> Iterator[str]:
    """One archive: a page for the warm-up, and one for each failure with its steps and its twin."""
    failures = (*report.failures, *report.known)
    pages = [(failure.id, title_of(failure), _steps(failure)) for failure in failures]
    if report.warm_up:
        pages.insert(0, (_WARM_UP, "plain orders", report.warm_up))
    log = {
        "version": "1.2",
        "creator": {"name": TOOL, "version": report.tool_version},
        "pages": [_page(report, *page[:2]) for page in pages],
        "entries": [_entry(report, step, name) for name, _, steps in pages for step in steps],
        "comment": f"run {report.run}, seed {report.seed}: {ENDINGS[report.ending]}",
    }
    yield dumped({"log": log}, indent=1) + "\n"


def _steps(failure: Failure) -> Iterable[Step]:
    return failure.steps if failure.twin is None else (*failure.steps, failure.twin)


def _page(report: CampaignReport, name: str, title: str) -> dict[str, Any]:
    timings = {"onContentLoad": -1, "onLoad": -1}
    return {"startedDateTime": report.started, "id": name, "title": title, "pageTimings": timings}


def _entry(report: CampaignReport, step: Step, page: str) -> dict[str, Any]:
    milliseconds = round(step.received.seconds * 1000, 3)
    return {
        "pageref": page,
        "startedDateTime": report.started,
        "time": milliseconds,
        "request": _request(step.case, safe(report.target)),
        "response": _response(step.received),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": step.case.title,
    }


def _request(case: Case, url: str) -> dict[str, Any]:
    post = {"mimeType": case.content_type or "", "params": [], **_content(case)}
    return {
        "method": case.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in request_headers(case)],
        "queryString": [{"name": name, "value": value} for name, value in parse_qsl(urlsplit(url).query)],
        "postData": post,
        "headersSize": -1,
        "bodySize": len(case.body),
    }


def _content(case: Case) -> dict[str, str]:
    """The body as text; what is none in Base64, which the format knows of answers alone."""
    remark = {"comment": "cut off"} if len(case.body) > _LONGEST else {}
    if is_text(case.body):
        return {"text": shown_body(case)[:_LONGEST], **remark}
    return {"text": b64encode(case.body[:_LONGEST]).decode(), "_encoding": "base64", **remark}


def _response(received: Received) -> dict[str, Any]:
    headers = safe_headers(received)
    first = dict(reversed(headers))
    content = {
        "size": received.size,
        "mimeType": first.get("content-type", ""),
        "text": safe_body(received.text),
        **({"comment": "cut off"} if received.is_cut else {}),
    }
    fault = {"_error": safe(f"{received.fault}: {received.detail}")} if received.fault is not None else {}
    return {
        "status": received.status or 0,
        "statusText": REASONS.get(received.status or 0, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in headers],
        "content": content,
        "redirectURL": first.get("location", ""),
        "headersSize": -1,
        "bodySize": received.size,
        **fault,
    }
