"""Sample reports of campaigns that nobody ran."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.case import Case, case_of
from altcraft_contract.fuzz.failure import Cause, Failure, Observation, Received, Step
from altcraft_contract.fuzz.identity import STAND_INS
from altcraft_contract.fuzz.report import CampaignReport, PhaseCount, Timing
from altcraft_contract.fuzz.strictness import Strictness

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.fuzz.case import Order
    from altcraft_contract.fuzz.strictness import StrictnessRow

RUN: Final = "acf-1f3a9c20"
URL: Final = "http://127.0.0.1:8075/api/v1.1/market/orders/preorder_commit"
HOSTILE: Final = (
    "</pre></td></details></script><script>window.hasRun=1</script><img src=x onerror=window.hasRun=1>"
    "\x1b[2J\x1b]0;owned\x07\x9b31m ]]> \u202egnp.exe\u2066\u200b\x00 ```` # head | cell `code` **bold** "
    "[link](http://stranger.test) @someone &lt; \r\ud800"
)
"""What a target says that is up to no good."""

_PLACES: Final = {
    "malformed": ("",),
    "duplicate-field": ("", "/data", "/data/lines/*", "/external_id"),
    "missing-field": (
        "/data",
        "/data/currency",
        "/data/endpoint",
        "/data/lines/*/count",
        "/data/lines/*/external_id",
        "/data/requested_promotions/*/points_info/amount",
        "/external_id",
        "/token",
    ),
    "wrong-type": (
        "/data",
        "/data/currency",
        "/data/custom_fields",
        "/data/lines",
        "/data/lines/*",
        "/data/lines/*/count",
        "/data/lines/*/line_number",
        "/data/requested_promotions/*/promotion/external_id",
        "/data/tags/*",
        "/external_id",
        "/skip_triggers",
        "/token",
    ),
    "empty-value": ("/data/currency", "/data/lines/*/external_id", "/external_id", "/token"),
    "unknown-value": ("/data/requested_promotions/*/type",),
    "invalid-decimal": ("/data/total_price", "/data/final_total_price", "/data/lines/*/base_price_per_item"),
    "invalid-timestamp": ("/data/create_time", "/data/requested_promotions/*/points_info/expiration_date"),
    "out-of-range": ("/data/lines/*/count", "/data/lines/*/line_number"),
    "profile-identifier-missing": ("",),
    "points-info-missing": ("/data/requested_promotions/*",),
    "unknown-field": ("", "/data", "/data/lines/*", "/data/redeem_points/*"),
    "email-format": ("/email",),
    "duplicate-line-id": ("/data/lines/*/external_id",),
    "total-mismatch": ("/data/total_price",),
    "price-above-base": ("/data/lines/*/final_price_per_item",),
}


def make_order(**changed: Any) -> Order:
    """The smallest order, with stand-ins."""
    line = {"external_id": "1", "sku": "4e3f2b78-1c2d-4a8e", "count": 1, "base_price_per_item": "10.00"}
    data = {"endpoint": "shop", "status": "new", "currency": "RUB", "total_price": "10.00", "lines": [line]}
    return {
        "skip_triggers": True,
        "token": STAND_INS.token,
        "external_id": f"{RUN}-17",
        "email": STAND_INS.email,
        "data": {**data, "final_total_price": "10.00"},
        **changed,
    }


def make_case(syntax: Syntax = "json", **settings: Any) -> Case:
    """A case of the smallest order; *settings* as for `Case`."""
    return case_of(make_order(), syntax, **{"title": "the smallest order", **settings})


def make_received(
    text: str = '{"error":0,"error_text":"","data":{"external_id":"acf-1f3a9c20-17"}}', **changed: Any
) -> Received:
    """An answer that accepts an order."""
    media_type = "application/xml" if text.startswith("<") else "application/json"
    settings: dict[str, Any] = {
        "status": 200,
        "headers": (("content-type", media_type), ("server", "nginx"), ("date", "Mon, 30 Nov 2026 12:00:00 GMT")),
        "text": text,
        "size": len(text.encode(errors="replace")),
        "is_cut": False,
        "outcome": "accepted",
        "seconds": 0.0031,
    }
    return Received(**{**settings, **changed})


def make_failure(**changed: Any) -> Failure:
    """An order without `count`, which was accepted in JSON and refused in XML."""
    place = "/data/lines/*/count"
    order = make_order()
    del order["data"]["lines"][0]["count"]
    settings: dict[str, Any] = {
        "title": "without `count`",
        "rule": "missing-field",
        "place": place,
        "expected": "refused",
    }
    refusal = "<response><error>400</error><error_text>count: required</error_text></response>"
    cause = Cause("invalid-accepted", "missing-field", place, "error 0", "")
    found: dict[str, Any] = {
        "cause": cause,
        "phase": "mutations",
        "trial": "mutations-0042",
        "feature": "missing-field",
        "rule": "missing-field",
        "basis": Basis.DOCUMENTED,
        "section": "lines array",
        "message": "An order without `count` in a line was accepted.",
        "expected": "A refusal: `error` is not 0.",
        "steps": (Step(case=case_of(order, "json", **settings), received=make_received()),),
        "twin": Step(case=case_of(order, "xml", **settings), received=make_received(refusal, outcome="refused")),
        "syntaxes": ("json",),
        "count": 12,
        "is_shrunk": True,
        "attempts": 2,
        "confirmed": 2,
        **changed,
    }
    return Failure(id=changed.get("id", found["cause"].fingerprint), **{k: v for k, v in found.items() if k != "id"})


def make_xml_failure() -> Failure:
    """A plain order in XML that the target fails at; it has no twin."""
    page = "<html>\n<head><title>500</title></head>\n<body><h1>Internal Server Error</h1></body>\n</html>"
    received = make_received(page, status=500, outcome="broken", seconds=1.25)
    return make_failure(
        cause=Cause("server-error", "", "CDATA", "HTTP 500", ""),
        phase="valid",
        trial="valid-0007",
        feature="CDATA",
        rule=None,
        section="response body",
        message="The target answers a valid order with HTTP 500.",
        expected="An envelope with `error`.",
        steps=(Step(case=make_case("xml", title="text in a CDATA section"), received=received),),
        twin=None,
        syntaxes=("xml",),
        count=1,
    )


def make_broken_failure() -> Failure:
    """Two requests, the second of bytes that are no text, to which nothing came."""
    body = b'{"token":"' + STAND_INS.token.encode() + b'","x":"\xff\xfe\x00\'%d\\"}'
    nothing = make_received(
        "", status=None, headers=(), outcome="broken", fault="reset", detail="the target closed the connection"
    )
    settings: dict[str, Any] = {"framing": "chunked", "credentials": "header", "headers": (("X-Odd", ""),)}
    broken = make_case(title="bytes that are no UTF-8", body=body, content_type=None, is_odd=True, **settings)
    return make_failure(
        cause=Cause("server-error", "malformed", "", "reset", ""),
        phase="malformed",
        trial="malformed-0003",
        feature="no UTF-8",
        rule="malformed",
        message="The target drops the connection.",
        expected="A refusal.",
        steps=(Step(case=make_case(), received=make_received()), Step(case=broken, received=nothing)),
        twin=None,
        syntaxes=("json",),
        count=3,
        is_shrunk=False,
    )


def make_hostile_failure(text: str = HOSTILE) -> Failure:
    """A failure in which the target has put *text* wherever it could."""
    received = make_received(
        text, headers=(("content-type", text), (text, text), ("location", text)), fault="garbage", detail=text
    )
    return make_failure(
        cause=Cause("response-contract", "wrong-type", "/error", text.replace("\ud800", ""), ""),
        message=text,
        expected=text,
        steps=(Step(case=make_case(), received=received),),
        twin=Step(case=make_case("xml"), received=received),
    )


def make_strictness() -> tuple[StrictnessRow, ...]:
    """A matrix with cells of every kind."""
    strictness = Strictness()
    for rank, (rule, places) in enumerate(_PLACES.items()):
        for number, place in enumerate(places):
            kind = (rank * 5 + number * 3) % 11
            for syntax in ("json", "xml"):
                if syntax == "xml" and rule == "wrong-type" and number % 4 == 1:
                    continue
                strictness.plan(rule, place, syntax)
                if kind == 10:
                    continue
                strictness.add(
                    rule, place, syntax, "accepted" if kind == 7 or (kind == 5 and syntax == "xml") else "refused"
                )
                if kind == 3:
                    strictness.add(rule, place, syntax, "accepted")
    return strictness.rows()


def make_observations(text: str = "") -> tuple[Observation, ...]:
    """Some of each kind, and many of one."""
    many = (
        Observation(
            kind="text", subject=f"missing-field {number}", message=f"answers `field {number}: required`", count=number
        )
        for number in range(1, 21)
    )
    return (
        Observation(
            kind="verdict", subject="an empty `tags`", message=f"was accepted{text}", count=4, trial="edge-0003"
        ),
        Observation(kind="error-code", subject="error 1042", message=f"is not in the documentation{text}", count=31),
        Observation(kind="field", subject="/data/served_by", message=f"is not in the documentation{text}", count=412),
        *many,
    )


def make_report(**changed: Any) -> CampaignReport:
    """A campaign that found three failures; *changed* as for `CampaignReport`."""
    phases = (
        PhaseCount(phase="examples", planned=12, done=12, requests=24, failures=0),
        PhaseCount(phase="edge", planned=61, done=61, requests=122, failures=0),
        PhaseCount(phase="mutations", planned=480, done=400, requests=900, failures=3),
    )
    settings: dict[str, Any] = {
        "run": RUN,
        "target": URL,
        "contract": "v75",
        "tool_version": "0.1.0",
        "seed": 0,
        "started": "2026-11-30T12:00:00Z",
        "seconds": 12.3,
        "ending": "finished",
        "requests": 1500,
        "orders": 412,
        "outcomes": {"accepted": 412, "outdated": 0, "refused": 1080, "broken": 8},
        "phases": phases,
        "failures": (make_failure(), make_xml_failure(), make_broken_failure()),
        "observations": make_observations(),
        "strictness": make_strictness(),
        "timing": Timing(least=0.0011, median=0.0032, p95=0.0107, most=0.251),
        "warm_up": tuple(Step(case=make_case(syntax), received=make_received()) for syntax in ("json", "xml")),
        "journal": f".altcraft-contract/runs/{RUN}/journal.ndjson",
        "directory": f".altcraft-contract/runs/{RUN}",
    }
    return CampaignReport(**{**settings, **changed})


def make_refused_report() -> CampaignReport:
    """A campaign that ended before it began: the plain orders were refused."""
    refusal = make_received('{"error":404,"error_text":"unknown sku: 4e3f2b78"}', outcome="refused")
    return make_report(
        ending="refused-warm-up",
        ending_detail="The target refused plain orders; set values of the installation: skus, endpoints.",
        requests=2,
        orders=0,
        outcomes={"refused": 2},
        phases=(),
        failures=(),
        observations=(),
        strictness=(),
        warm_up=tuple(Step(case=make_case(syntax), received=refusal) for syntax in ("json", "xml")),
        journal=None,
        directory=None,
    )


def sample_reports() -> dict[str, CampaignReport]:
    """Name to a report of each kind."""
    return {
        "failures": make_report(),
        "hostile": make_report(
            failures=(make_hostile_failure(),),
            known=(make_hostile_failure(),),
            observations=make_observations(HOSTILE),
            ending="target-failed",
            ending_detail=HOSTILE,
            warm_up=(make_hostile_failure().step,),
            gone=("0123456789abcdef",),
        ),
        "nothing": make_report(failures=(), observations=()),
        "known": make_report(failures=(), known=(make_failure(),), gone=("0123456789abcdef",), directory=None),
        "refused": make_refused_report(),
        "interrupted": make_report(ending="interrupted", ending_detail="You stopped it."),
        "dry-run": make_report(
            ending="dry-run",
            requests=0,
            orders=0,
            failures=(),
            observations=(),
            outcomes={},
            timing=Timing(),
            warm_up=(),
        ),
        "unreachable": make_report(
            ending="unreachable", ending_detail="Nobody listens there.", failures=(), strictness=(), requests=0
        ),
    }
