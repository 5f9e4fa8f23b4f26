"""A server for the page that says whatever a test wants, without a socket: the browser asks it before the network."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route

from altcraft_contract.stub.page import PageKind, load_page

ORIGIN = "http://stub.test"


def make_finding(rule: str = "wrong-type", **changed: Any) -> dict[str, Any]:
    """A finding in its JSON form."""
    plain = {
        "rule": rule,
        "severity": "error",
        "basis": "documented",
        "pointer": "/data/currency",
        "line": 1,
        "column": 2,
        "message": "`currency` is 1, expected text",
        "hint": "write it in quotes",
        "section": "data object",
    }
    return {**plain, **changed}


def make_entry(number: int, **changed: Any) -> dict[str, Any]:
    """An entry of the journal in its JSON form."""
    plain = {
        "number": number,
        "time": "2026-11-24T12:00:00.123Z",
        "duration_ms": 0.41,
        "method": "POST",
        "path": "/api/v1.1/market/orders/preorder_commit",
        "headers": [["content-type", "application/json"]],
        "syntax": "json",
        "body": '{"external_id": "order_1"}',
        "body_bytes": 26,
        "external_id": f"order_{number}",
        "ok": True,
        "findings": [],
        "refusal": None,
        "scenario": "success",
        "is_repeat": False,
        "notes": [],
        "answer": {
            "status": 200,
            "headers": [["content-type", "application/json"]],
            "body": '{"error": 0}',
            "body_bytes": 12,
            "error": 0,
            "error_text": None,
            "outcome": "success",
            "findings": [],
        },
        "exchange_findings": [],
    }
    return {**plain, **changed}


class FakeBackend:
    """Serves the page of one kind and what it asks for.

    Attributes:
        entries: The journal; the page is told of those that it asks for.
        dropped: How many older ones the journal has lost.
        run: Name of the journal.
        asked: Name and query of every call, in order.
    """

    def __init__(self, kind: PageKind = "stub") -> None:
        self.kind: PageKind = kind
        self.entries: list[dict[str, Any]] = []
        self.dropped = 0
        self.run = "one"
        self.asked: list[str] = []

    def open_in(self, page: Page) -> None:
        """Load the page in a tab."""
        page.route(f"{ORIGIN}/**", self._answer)
        page.goto(f"{ORIGIN}/__altcraft__/")

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        name = url.path.removeprefix("/__altcraft__/")
        self.asked.append(f"{name}?{url.query}" if url.query else name)
        if not name:
            body, policy = load_page(self.kind)
            headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
            route.fulfill(body=body, headers=headers)
            return
        answers = {"health": self._health, "summary": self._summary, "scenario": self._scenario, "orders": self._orders}
        if name == "journal":
            value = self._journal({key: int(values[0]) for key, values in parse_qs(url.query).items()})
        elif name in answers:
            value = answers[name]()
        else:
            route.fulfill(status=404, json={"error": f"there is nothing at {name}"})
            return
        route.fulfill(body=json.dumps(value), content_type="application/json")

    @property
    def received(self) -> int:
        """How many requests have come in."""
        return self.entries[-1]["number"] if self.entries else 0

    def _health(self) -> dict[str, Any]:
        return {
            "status": "ok",
            "kind": self.kind,
            "tool_version": "0.1.0",
            "contract": "v75",
            "received": self.received,
            "dropped": self.dropped,
            "run": self.run,
            "uptime_seconds": 60.0,
        }

    def _journal(self, query: dict[str, int]) -> dict[str, Any]:
        entries = [entry for entry in self.entries if entry["number"] > query["after"]]
        return {"version": 1, "received": self.received, "dropped": self.dropped, "entries": entries[: query["limit"]]}

    def _summary(self) -> dict[str, Any]:
        found = [finding for entry in self.entries for finding in _findings_of(entry)]
        rules: dict[str, Any] = {}
        for finding in found:
            row = rules.setdefault(finding["rule"], {"count": 0, "severity": finding["severity"]})
            row["count"] += 1
        refused = sum(entry["refusal"] is not None for entry in self.entries)
        accepted = self.received - refused
        return {"received": self.received, "dropped": self.dropped, "refused": refused, "accepted": accepted} | {
            "findings": rules,
            "scenarios": {},
        }

    def _scenario(self) -> dict[str, Any]:
        available = [{"name": "success", "description": "The order is confirmed."}]
        return {"standing": {"scenario": "success", "delay": None}, "queued": [], "available": available}

    def _orders(self) -> dict[str, Any]:
        return {"orders": [], "balances": [], "codes": []}


def _findings_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    answer = entry["answer"]
    return [*entry["findings"], *(answer["findings"] if answer else ()), *entry["exchange_findings"]]
