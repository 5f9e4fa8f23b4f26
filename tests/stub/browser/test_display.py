"""How the live page shows what a server rarely says, in a real browser."""

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Locator, Page, expect

from tests.stub.browser.backend import ORIGIN, FakeBackend, make_entry, make_finding

if TYPE_CHECKING:
    from tests.stub.browser.browsing import Watch

# One worker runs the browser.
pytestmark = pytest.mark.xdist_group("browser")

HOSTILE = "</td></script><script>window.hasRun=1</script><img src=x onerror=window.hasRun=1>\u202e\u2066\x00\u200b"
SPELT = "</td></script><script>window.hasRun=1</script><img src=x onerror=window.hasRun=1>U+202EU+2066U+0000U+200B"


@pytest.fixture
def backend() -> FakeBackend:
    """A stub that says what a test wants."""
    return FakeBackend()


def rows(page: Page) -> Locator:
    """The rows of the list that can be seen."""
    return page.locator("#list tr:visible")


def open_row(page: Page, number: int) -> Locator:
    """Open the details of a request by its button."""
    page.locator(f"#list tr[data-number='{number}']").get_by_role("button").click()
    return page.get_by_role("complementary")


def poisoned(value: Any) -> Any:
    """The value with hostile text in place of every text."""
    if isinstance(value, dict):
        return {name: item if name in {"severity", "time"} else poisoned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


def test_hostile_text_is_inert_in_every_place(page: Page, watch: "Watch", backend: FakeBackend) -> None:
    """Whatever text of an entry is hostile, it is shown as text, and invisible characters are spelt out."""
    findings = [make_finding(), make_finding(severity="warning", line=None, column=None, hint=None)]
    entry = make_entry(1, findings=findings, exchange_findings=findings, notes=["a note"], refusal="contract")
    backend.entries = [poisoned(entry)]
    backend.open_in(page)

    detail = open_row(page, 1)

    expect(detail.locator(".message").first).to_have_text(SPELT)
    expect(detail.locator(".text-line").first).to_have_text(SPELT)
    assert (page.locator("script").count(), page.locator("img").count()) == (1, 0)
    assert page.evaluate("() => window.hasRun") is None
    assert not set("\u202e\u2066\u200b") & set(page.content())
    assert watch.complaints == []


def test_large_body_is_cut_with_a_note(page: Page, backend: FakeBackend) -> None:
    """Of a body of a megabyte the beginning is shown, with a note that says so."""
    body = "x" * 1_000_000
    backend.entries = [make_entry(1, body=body, body_bytes=len(body))]
    backend.open_in(page)

    detail = open_row(page, 1)

    expect(detail.get_by_text("Cut here: the first 20,000 of 1,000,000 characters are shown.")).to_be_visible()
    assert len(page.content()) < 200_000


def test_list_keeps_the_newest_and_asks_for_what_is_new(page: Page, backend: FakeBackend) -> None:
    """The page keeps the newest 500 requests, says what it lacks, and later asks only for what it has not seen."""
    backend.entries = [make_entry(number) for number in range(201, 901)]
    backend.dropped = 200
    backend.open_in(page)
    expect(rows(page)).to_have_count(500)
    expect(page.locator("#tally")).to_have_text("Showing the newest 500 requests.")
    expect(page.locator("#dropped")).to_contain_text("The 200 oldest requests have been dropped from the journal")
    backend.asked.clear()

    backend.entries.append(make_entry(901))

    expect(rows(page).first).to_contain_text("order_901")
    expect(rows(page)).to_have_count(500)
    assert {call.partition("&")[0] for call in backend.asked if call.startswith("journal")} == {"journal?after=900"}


@pytest.mark.parametrize("received", [1, 3])
def test_restart_begins_the_list_anew(page: Page, backend: FakeBackend, received: int) -> None:
    """A journal with another name has begun anew, whatever its numbers: the list begins anew."""
    backend.entries = [make_entry(number, external_id="before") for number in (1, 2)]
    backend.open_in(page)
    expect(rows(page)).to_have_count(2)
    detail = open_row(page, 2)

    backend.entries = [make_entry(number, external_id="after") for number in range(1, received + 1)]
    backend.run = "another"

    expect(rows(page)).to_have_count(received)
    expect(rows(page).filter(has_text="before")).to_have_count(0)
    expect(detail).to_contain_text("this request is no longer in it")


def test_proxy_shows_answers_and_no_scenarios(page: Page, watch: "Watch") -> None:
    """The page of a proxy has no scenarios and no orders, and shows what was found in answers and exchanges."""
    backend = FakeBackend("proxy")
    answer = {**make_entry(1)["answer"], "findings": [make_finding("unknown-value")]}
    exchange = [make_finding("external-id-mismatch", severity="warning")]
    backend.entries = [make_entry(1, scenario=None, answer=answer, exchange_findings=exchange)]
    backend.open_in(page)
    expect(rows(page)).to_contain_text(["1 error"])

    detail = open_row(page, 1)

    expect(detail).to_contain_text("Findings in the answer")
    expect(detail).to_contain_text("unknown-value")
    expect(detail).to_contain_text("Findings in request and answer together")
    expect(detail).to_contain_text("external-id-mismatch")
    for name in ("Scenario", "State of the stub"):
        expect(page.get_by_role("heading", name=name)).to_be_hidden()
    assert {call.partition("?")[0] for call in backend.asked} == {"", "health", "journal", "summary"}
    assert watch.complaints == []
    assert watch.strangers(ORIGIN) == []


def test_body_on_one_line_is_indented_for_reading(page: Page, backend: FakeBackend) -> None:
    """Indenting a body on one line adds white space between its tokens and changes none of them."""
    answer = {
        **make_entry(1)["answer"],
        "body": '{"error":0,"text":"a, {b}: \\"c\\"","n":1.50,"list":[1,{}],"empty":[]}',
    }
    backend.entries = [make_entry(1, answer=answer)]
    backend.open_in(page)

    shown = open_row(page, 1).get_by_role("group", name="Answer body").locator(".text-line")

    expect(shown).to_have_text(
        [
            "{",
            '"error": 0,',
            '"text": "a, {b}: \\"c\\"",',
            '"n": 1.50,',
            '"list": [',
            "1,",
            "{}",
            "],",
            '"empty": []',
            "}",
        ]
    )


def test_answer_that_is_no_answer_is_told(page: Page, backend: FakeBackend) -> None:
    """A server that answers with an error is not called unreachable: the page says what it answered."""
    backend.open_in(page)
    expect(page.get_by_role("status").first).to_have_text("Running")

    page.route(f"{ORIGIN}/__altcraft__/health", lambda route: route.fulfill(status=503, body="starting"))

    expect(page.get_by_role("status").first).to_contain_text("Not answering as it should since ")
    expect(page.locator("#status-more")).to_contain_text("HTTP 503: starting")
