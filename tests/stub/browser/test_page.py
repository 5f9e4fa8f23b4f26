"""The live page of a running stub, in a real browser."""

import http.client
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Locator, Page, expect

from altcraft_contract.contract import load_contract
from altcraft_contract.stub import ENDPOINT_PATH, StubServer

if TYPE_CHECKING:
    from tests.stub.browser.browsing import Watch

# One worker runs the browser.
pytestmark = pytest.mark.xdist_group("browser")

PHONE = (390, 844)
EXAMPLE = load_contract().examples["request.json"]


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """A running stub."""
    with StubServer() as stub:
        yield stub


@pytest.fixture
def live(stub: StubServer, watch: "Watch", page: Page) -> Page:
    """The page of that stub, once it has heard of it."""
    assert not watch.complaints
    page.goto(f"{stub.base_url}/__altcraft__/")
    expect(page.get_by_role("status").first).to_have_text("Running")
    return page


def order(external_id: str, **members: Any) -> dict[str, Any]:
    """The documented example as another order."""
    return {**json.loads(EXAMPLE), "external_id": external_id, **members}


def send(stub: StubServer, body: dict[str, Any] | bytes, **headers: str) -> Any:
    """Send a body as a client would, and return the answer."""
    connection = http.client.HTTPConnection(urlsplit(stub.base_url).netloc, timeout=20)
    try:
        content = body if isinstance(body, bytes) else json.dumps(body, indent=1).encode()
        connection.request("POST", ENDPOINT_PATH, content, {"Content-Type": "application/json", **headers})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def figure(page: Page, name: str) -> Locator:
    """The number below a heading of the overview."""
    return page.locator(f"[data-figure={name}]")


def rows(page: Page) -> Locator:
    """The rows of the list that can be seen."""
    return page.locator("#list tr:visible")


def open_row(page: Page, number: int) -> Locator:
    """Open the details of a request by its button."""
    page.locator(f"#list tr[data-number='{number}']").get_by_role("button").click()
    detail = page.get_by_role("complementary")
    expect(detail.get_by_role("heading", level=2)).to_contain_text(f"Request {number}")
    return detail


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_page_keeps_to_itself(stub: StubServer, live: Page, watch: "Watch") -> None:
    """The page causes no error and no warning in the console, and asks nobody but its own server."""
    send(stub, EXAMPLE)

    open_row(live, 1)

    assert watch.complaints == []
    assert watch.strangers(stub.base_url) == []


def test_policy_is_in_force(live: Page, watch: "Watch") -> None:
    """A script that is put into the page does not run, and a request to another host does not leave it."""
    live.evaluate(
        """() => {
            const script = document.createElement("script");
            script.append("window.hasRun = true");
            try { document.body.append(script); } catch (refused) { /* the better */ }
        }"""
    )
    reached = live.evaluate("() => fetch('http://127.0.0.1:9/').then(() => true, (problem) => problem.name)")

    assert live.evaluate("() => window.hasRun") is None
    assert reached == "TypeError"
    assert any("Content Security Policy" in complaint for complaint in watch.complaints)


def test_counts_follow_the_requests(stub: StubServer, live: Page) -> None:
    """Requests, refusals and broken rules are counted soon after they come in, errors and warnings apart."""
    expect(live.get_by_text("No request has come in yet.")).to_be_visible()

    send(stub, EXAMPLE)
    send(stub, b'{"token": ')

    expect(figure(live, "received")).to_have_text("2")
    expect(figure(live, "accepted")).to_have_text("1")
    expect(figure(live, "refused")).to_have_text("1")
    expect(figure(live, "errors")).to_have_text("1")
    expect(figure(live, "warnings")).to_have_text("3")
    broken = live.get_by_role("region", name="Broken rules").get_by_role("listitem")
    expect(broken).to_have_text(["✕malformed1", "▲points-amount-missing2", "▲total-mismatch1"])
    expect(rows(live)).to_have_count(2)
    expect(rows(live).first).to_contain_text("refused")
    expect(rows(live).first).to_contain_text("1 error")


def test_scenario_chosen_on_the_page_answers_next(stub: StubServer, live: Page) -> None:
    """A scenario chosen once on the page answers the next order and no other."""
    form = live.locator("#scenario-form")
    form.get_by_label("Answer with").select_option("outdated")
    form.get_by_label("Once").check()
    form.get_by_role("button", name="Apply").click()
    expect(live.locator("#scenario-said")).to_have_text("In force: outdated, once.")
    expect(live.locator("#queue")).to_contain_text("outdated once")

    statuses = [send(stub, order(f"order_{number}"))["data"]["status"] for number in range(2)]

    assert statuses == ["outdated", "success"]
    expect(live.locator("#queue li")).to_have_count(0)


def test_scenario_for_one_order_is_taken_back(stub: StubServer, live: Page) -> None:
    """A scenario for one order and with a delay is shown as such, and one button takes every choice back."""
    form = live.locator("#scenario-form")
    form.get_by_label("Answer with").select_option("error-402")
    form.get_by_label("Always").check()
    form.get_by_label("Only for order id").fill("order_7")
    form.get_by_label("Delay, seconds").fill("0.25")
    form.get_by_role("button", name="Apply").click()
    expect(live.locator("#queue")).to_contain_text("error-402 always, for order order_7, after 0.25 s")
    assert [send(stub, order(name))["error"] for name in ("order_6", "order_7")] == [0, 402]

    form.get_by_role("button", name="Back to success").click()

    expect(live.locator("#queue li")).to_have_count(0)
    assert send(stub, order("order_7"))["error"] == 0


def test_refused_choice_is_told(live: Page) -> None:
    """What the server says against a choice stands below the form."""
    live.route("**/__altcraft__/scenario", lambda route: route.fulfill(status=400, json={"error": "no such scenario"}))

    live.get_by_role("button", name="Apply").click()

    expect(live.locator("#scenario-said")).to_have_text("Not done: no such scenario")


def test_details_show_findings_and_no_secret(stub: StubServer, live: Page) -> None:
    """The details hold rule, place, advice and bodies, and neither token nor e-mail nor phone stand anywhere."""
    secrets = {"token": "planted-token-8391", "email": "planted@shop.example", "phone": "+79995554433"}
    body = order("order_1", **secrets)
    body["data"] |= {"currency": 7, "custom_fields": {"contact": secrets["email"], "call": secrets["phone"]}}
    send(stub, body, Authorization="Bearer planted-bearer-1177")

    detail = open_row(live, 1)

    finding = detail.get_by_role("listitem").filter(has_text="wrong-type")
    expect(finding).to_contain_text("✕ error")
    expect(finding).to_contain_text("/data/currency")
    expect(finding).to_contain_text("data object")
    expect(finding.get_by_role("button")).to_have_text("line 9, column 15")
    expect(detail.get_by_role("group", name="Request body")).to_contain_text('"external_id": "order_1"')
    expect(detail.get_by_role("group", name="Answer body")).to_contain_text('"error": 400')
    shown = live.content()
    planted = [*secrets.values(), "planted-bearer-1177", "79995554433", "planted"]
    assert [secret for secret in planted if secret in shown] == []


def test_place_of_a_finding_is_shown_in_the_body(stub: StubServer, live: Page) -> None:
    """The place of a finding leads to the line of the body, where the very character is marked."""
    body = order("order_1")
    body["data"]["currency"] = 7
    send(stub, body)
    detail = open_row(live, 1)

    detail.get_by_role("listitem").filter(has_text="wrong-type").get_by_role("button").click()

    line = detail.locator(".text-line:focus")
    expect(line).to_have_text('  "currency": 7,')
    expect(line.locator("mark")).to_have_text("7")


def test_hostile_order_is_inert(stub: StubServer, live: Page) -> None:
    """Markup in an order stays text, and what would turn text around is spelt out."""
    send(stub, order("<img src=x onerror=window.hasRun=1>\u202eevil"))

    detail = open_row(live, 1)

    expect(detail).to_contain_text("<img src=x onerror=window.hasRun=1>U+202Eevil")
    assert live.locator("img").count() == 0
    assert live.evaluate("() => window.hasRun") is None
    assert "\u202e" not in live.content()


def test_reset_asks_first(stub: StubServer, live: Page) -> None:
    """Nothing is reset until that is confirmed; then the list is empty, and numbers begin with 1 again."""
    send(stub, order("order_1"))
    send(stub, order("order_2"))
    expect(rows(live)).to_have_count(2)
    dialog = live.get_by_role("dialog")
    live.get_by_role("button", name="Reset…").click()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert stub.journal.received == 2

    live.get_by_role("button", name="Reset…").click()
    dialog.get_by_role("button", name="Reset").click()

    expect(rows(live)).to_have_count(0)
    expect(figure(live, "received")).to_have_text("0")
    assert (stub.journal.received, send(stub, order("order_1"))["error"]) == (0, 0)
    expect(rows(live).first).to_contain_text("order_1")
    expect(rows(live)).to_have_count(1)


def test_pause_holds_the_list(stub: StubServer, live: Page) -> None:
    """While the page is paused the list stays as it is, and the button says how much is new."""
    send(stub, order("order_1"))
    expect(rows(live)).to_have_count(1)
    live.get_by_role("button", name="Pause").click()
    expect(live.get_by_role("status").first).to_have_text("Running, page paused")

    send(stub, order("order_2"))

    resume = live.get_by_role("button", name="Resume (1 new)")
    expect(resume).to_be_visible()
    expect(rows(live)).to_have_count(1)
    resume.click()
    expect(rows(live)).to_have_count(2)


def test_server_that_has_gone_is_told(stub: StubServer, live: Page) -> None:
    """A server that is gone is told with the time since when, and what it said stays until there is another one."""
    send(stub, order("order_1"))
    expect(rows(live)).to_have_count(1)
    port = stub.port

    stub.stop()

    expect(live.get_by_role("status").first).to_contain_text("Not reachable since ")
    expect(rows(live)).to_have_count(1)
    with StubServer(port=port):
        expect(live.get_by_role("status").first).to_have_text("Running")
        expect(rows(live)).to_have_count(0)


def test_filters_choose_rows(stub: StubServer, live: Page) -> None:
    """The list can be narrowed to requests with findings, to an order and to a rule."""
    send(stub, order("order_apple"))
    send(stub, b"{")
    connection = http.client.HTTPConnection(urlsplit(stub.base_url).netloc, timeout=20)
    connection.request("GET", ENDPOINT_PATH)
    connection.getresponse().read()
    connection.close()
    expect(rows(live)).to_have_count(3)
    live.get_by_label("Only with findings").check()
    expect(rows(live)).to_have_count(2)

    live.get_by_label("Filter by order id or rule").fill("apple")
    expect(rows(live)).to_have_count(1)
    expect(live.locator("#tally")).to_have_text("Showing 1 of 3 requests.")

    live.get_by_role("button", name="malformed: 1 error").click()
    expect(rows(live)).to_contain_text(["1 error"])


def test_keyboard_is_enough(stub: StubServer, live: Page) -> None:
    """Rows are reached, opened, walked and left with the keyboard, and the focus comes back to the row."""
    for number in range(3):
        send(stub, order(f"order_{number}"))
    expect(rows(live)).to_have_count(3)
    live.get_by_label("Filter by order id or rule").focus()
    live.keyboard.press("Tab")
    live.keyboard.press("ArrowDown")
    live.keyboard.press("Enter")
    heading = live.get_by_role("complementary").get_by_role("heading", level=2)
    expect(heading).to_contain_text("Request 2")
    live.get_by_role("button", name="Older request").press("Enter")
    expect(heading).to_contain_text("Request 1")

    live.keyboard.press("Escape")

    expect(live.get_by_role("complementary")).to_be_hidden()
    expect(live.locator("#list tr[data-number='1']").get_by_role("button")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, (1000, 800), (1440, 900)])
def test_page_is_never_wider_than_the_window(stub: StubServer, live: Page) -> None:
    """No window makes the page scroll sideways, neither with long names nor with open details."""
    send(stub, order("order_" + "x" * 300))
    send(stub, json.dumps({"token": "t", "x" * 500: "y" * 3000}).encode())
    expect(rows(live)).to_have_count(2)
    for card in ("#scenario-card", "#state-card"):
        live.locator(card).evaluate("card => { card.open = true; }")
    live.locator("#orders summary").click()
    assert overflow(live) == 0

    open_row(live, 1)
    assert overflow(live) == 0
    live.get_by_role("button", name="Close").click()
    open_row(live, 2)
    assert overflow(live) == 0


def test_every_control_has_a_name(stub: StubServer, live: Page) -> None:
    """Every button and every field has a name for those who cannot see it."""
    send(stub, EXAMPLE)
    open_row(live, 1)

    nameless = live.evaluate(
        """() => [...document.querySelectorAll("button, input, select, summary")]
            .filter((control) => !control.ariaLabel && !control.textContent.trim() && !control.labels?.length)
            .map((control) => control.outerHTML)"""
    )

    assert nameless == []
