"""Two engines, two syntaxes, one verdict."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altcraft_contract.conversion import write_xml
from altcraft_contract.rules.samples import sample_message
from altcraft_contract.validation import ENGINES, check_exchange, check_request, check_response
from tests.validation.messages import as_xml, json_text, messages, mutated, odd_xml, pointers, value_at

if TYPE_CHECKING:
    from altcraft_contract.contract import Message
    from altcraft_contract.findings import CheckResult

CHECKS = {"request": check_request, "response": check_response}
MESSAGES: tuple[Message, ...] = ("request", "response")
# A few more than the profile draws: these tests are cheap, and the space is large.
MANY = settings(max_examples=2 * settings().max_examples)


def told(result: CheckResult) -> list[tuple]:
    """All that a result says, but for the places."""
    return [(f.rule, f.severity, f.basis, f.pointer, f.message, f.hint, f.section) for f in result.findings]


def pairs(result: CheckResult) -> Counter[tuple[str, str]]:
    """Rule and pointer of each finding, counted."""
    return Counter((finding.rule, finding.pointer) for finding in result.findings)


@pytest.mark.parametrize("message", MESSAGES)
def test_drawn_messages_have_no_error(message: Message) -> None:
    """A message drawn as a right one has no error, so that the tests below start from something."""

    @given(messages(message))
    def check(value: Any) -> None:
        assert CHECKS[message](json_text(value)).errors == ()

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_engines_agree_on_json(message: Message) -> None:
    """Both engines say the same of any JSON body, down to the words and the places."""

    @MANY
    @given(mutated(message))
    def check(value: Any) -> None:
        text = json_text(value)
        fast, reference = (CHECKS[message](text, engine=engine) for engine in ENGINES)

        assert fast.findings == reference.findings
        assert fast.ok == reference.ok

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_engines_agree_on_xml(message: Message) -> None:
    """Both engines find the same rules broken at the same places of any XML body."""

    @MANY
    @given(mutated(message).map(lambda value: as_xml(value, message)))
    def check(value: Any) -> None:
        text = write_xml(value, message, strict=False)
        fast, reference = (CHECKS[message](text, engine=engine) for engine in ENGINES)

        assert pairs(fast) == pairs(reference)
        assert [(f.line, f.column) for f in fast.findings] == [(f.line, f.column) for f in reference.findings]
        assert fast.ok == reference.ok

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_engines_agree_on_odd_xml(message: Message) -> None:
    """Both engines say the same of XML that no JSON could be written as."""

    @MANY
    @given(odd_xml(message))
    def check(text: str) -> None:
        fast, reference = (CHECKS[message](text, engine=engine) for engine in ENGINES)

        assert pairs(fast) == pairs(reference)
        assert [(f.line, f.column) for f in fast.findings] == [(f.line, f.column) for f in reference.findings]

    check()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("message", MESSAGES)
def test_parsed_value_is_judged_like_its_text(message: Message, engine: Any) -> None:
    """A parsed body gets the findings of its text, in the same order, without places."""

    @given(mutated(message))
    def check(value: Any) -> None:
        text, parsed = CHECKS[message](json_text(value), engine=engine), CHECKS[message](value, engine=engine)

        assert told(parsed) == told(text)
        assert {(finding.line, finding.column) for finding in parsed.findings} <= {(None, None)}

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_syntaxes_agree(message: Message) -> None:
    """JSON and XML of one body break the same rules at the same places, where XML can tell them apart."""
    from altcraft_contract.contract import load_contract  # noqa: PLC0415 - next to its only use
    from altcraft_contract.documents.xml_text import read_xml  # noqa: PLC0415 - next to its only use

    @MANY
    @given(mutated(message).map(lambda value: as_xml(value, message)))
    def check(value: Any) -> None:
        xml = write_xml(value, message, strict=False)
        # What XML cannot tell apart (5 and "5", true and "true") is what it reads as.
        as_read_back = read_xml(xml.encode(), load_contract().shape(message), keep_unknown=True).value

        assert pairs(CHECKS[message](json_text(as_read_back))) == pairs(CHECKS[message](xml))

    check()


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("syntax", ["json", "xml"])
def test_findings_stand_in_the_order_of_the_document(message: Message, syntax: str) -> None:
    """Findings are sorted by line and column."""

    @given(mutated(message, at_most=8))
    def check(value: Any) -> None:
        text = json_text(value) if syntax == "json" else write_xml(as_xml(value, message), message, strict=False)

        places = [(finding.line, finding.column) for finding in CHECKS[message](text).findings]

        assert places == sorted(places)

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_value_begins_where_a_finding_in_json_stands(message: Message) -> None:
    """At the line and column of a finding begins the value at its pointer."""
    from json import JSONDecoder  # noqa: PLC0415 - next to its only use

    @given(mutated(message, at_most=8), st.sampled_from(["\n", "\r\n", "\r"]))
    def check(value: Any, line_end: str) -> None:
        text = json_text(value).replace("\n", line_end)
        lines = text.split(line_end)

        for finding in CHECKS[message](text).findings:
            assert finding.line is not None
            assert finding.column is not None
            rest = line_end.join([lines[finding.line - 1][finding.column - 1 :], *lines[finding.line :]])
            found, _ = JSONDecoder().raw_decode(rest)
            assert found == value_at(value, finding.pointer)

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_start_tag_begins_where_a_finding_in_xml_stands(message: Message) -> None:
    """At the line and column of a finding begins the start tag of the element at its pointer."""

    @given(mutated(message, at_most=8).map(lambda value: as_xml(value, message)))
    def check(value: Any) -> None:
        text = write_xml(value, message, strict=False)
        lines = text.split("\n")

        for finding in CHECKS[message](text).findings:
            assert finding.line is not None
            assert finding.column is not None
            names = [token for token in finding.pointer.split("/")[1:] if not token.isdigit()]
            name = names[-1] if names else "xml"
            rest = lines[finding.line - 1][finding.column - 1 :]
            assert rest.startswith((f"<{name}>", f"<{name}/>"))

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_finding_points_at_something(message: Message) -> None:
    """The pointer of a finding leads to a value of the body."""

    @given(mutated(message, at_most=8))
    def check(value: Any) -> None:
        assert {finding.pointer for finding in CHECKS[message](value).findings} <= pointers(value)

    check()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("message", MESSAGES)
def test_checks_are_deterministic(message: Message, engine: Any) -> None:
    """A body that is judged twice gets the same findings and the same text."""

    @given(mutated(message))
    def check(value: Any) -> None:
        text = json_text(value)
        once, twice = CHECKS[message](text, engine=engine), CHECKS[message](text, engine=engine)

        assert once.findings == twice.findings
        assert str(once) == str(twice)

    check()


@pytest.mark.parametrize("message", MESSAGES)
def test_body_is_not_changed(message: Message) -> None:
    """A parsed body is the same after it has been judged."""

    @given(mutated(message))
    def check(value: Any) -> None:
        before = json_text(value)
        CHECKS[message](value)

        assert json_text(value) == before

    check()


@given(mutated("request", at_most=2), mutated("response", at_most=2))
def test_engines_agree_on_exchanges(request: Any, response: Any) -> None:
    """Both engines say the same of any exchange in JSON."""
    fast, reference = (check_exchange(json_text(request), json_text(response), engine=engine) for engine in ENGINES)

    assert fast.findings == reference.findings


@given(
    mutated("request", at_most=2).map(lambda value: as_xml(value, "request")),
    mutated("response", at_most=2).map(lambda value: as_xml(value, "response")),
)
def test_engines_agree_on_exchanges_in_xml(request: Any, response: Any) -> None:
    """Both engines say the same of any exchange in XML."""
    bodies = write_xml(request, "request", strict=False), write_xml(response, "response", strict=False)
    fast, reference = (check_exchange(*bodies, engine=engine) for engine in ENGINES)

    assert fast.findings == reference.findings


@pytest.mark.parametrize("engine", ENGINES)
def test_integers_that_engines_cannot_take(engine: Any) -> None:
    """An integer of thousands of digits is out of range for either engine, wherever it stands, and breaks neither."""
    text = json_text(sample_message({"/data/lines/0/count": -777, "/data/custom_fields": {"a": -777}}, "request"))

    result = check_request(text.replace("-777", "8" * 5_000), engine=engine)

    assert pairs(result) == {("out-of-range", "/data/lines/0/count"): 1}
