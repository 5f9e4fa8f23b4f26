"""The XSD 1.1 files and what `validation/xsd.py` makes of them."""

from __future__ import annotations

import calendar
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from xmlschema.validators import XsdAssert, XsdSimpleType

from altcraft_contract.validation.xsd import iter_xsd_problems, load_xsd
from tests.schemas import MESSAGES, REQUEST, RESPONSE, SCHEMAS, Body, find_pointers, load_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmlschema import XMLSchema11

RULE = "urn:altcraft-contract:rule"
XS = "{http://www.w3.org/2001/XMLSchema}"

# The rules of severity `error` that an XSD can name (rules.md): all but those of reading and of lists,
# and those of two messages together.
ERROR_RULES = {
    "discount-amount-missing",
    "duplicate-field",
    "empty-value",
    "invalid-currency",
    "invalid-decimal",
    "invalid-timestamp",
    "line-item-missing",
    "missing-field",
    "out-of-range",
    "points-currency-missing",
    "points-info-missing",
    "processing-target-unexpected",
    "profile-identifier-missing",
    "redeem-points-missing",
    "unknown-value",
    "wrong-type",
}
BODIES = load_bodies()


@pytest.fixture(scope="module")
def schemas() -> dict[str, XMLSchema11]:
    """The 1.1 file of each message."""
    return {message: load_xsd(SCHEMAS / f"{message}.xsd") for message in MESSAGES}


def find_errors(schema: XMLSchema11, body: Body) -> tuple[tuple[str, str], ...]:
    """Return what is found in a body, as `Body.errors` has it."""
    root = body.read()
    pointers = find_pointers(root, body.message)
    return tuple(sorted((p.rule, pointers[p.element]) for p in iter_xsd_problems(schema, root)))


def iter_components(message: str, tag: str | None = None) -> Iterator[ET.Element]:
    """Yield the components of a 1.1 file that have a tag, or all."""
    yield from ET.parse(SCHEMAS / f"{message}.xsd").iter(tag and f"{XS}{tag}")  # noqa: S314 - our own file


def rules_of(component: ET.Element) -> list[str | None]:
    """Return the rules that a component names."""
    notes = component.iterfind(f"{XS}annotation/{XS}appinfo")
    return [note.text for note in notes if note.get("source") == RULE]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
def test_problems_are_the_documented_errors(schemas: dict[str, XMLSchema11], body: Body) -> None:
    """The XSD finds in every body exactly the errors of rules.md, each once and where it stands."""
    assert find_errors(schemas[body.message], body) == body.errors


@pytest.mark.parametrize("message", MESSAGES)
def test_documented_example_has_no_problem(schemas: dict[str, XMLSchema11], message: str) -> None:
    """The page's own example keeps every rule of severity error."""
    text = (SCHEMAS / "examples" / f"{message}.xml").read_bytes()
    assert find_errors(schemas[message], Body("example", message, text, ())) == ()


@pytest.mark.parametrize("message", MESSAGES)
def test_every_assertion_has_its_own_id_and_a_known_rule(message: str) -> None:
    """An assertion's id is unique, begins with the one rule it names, and the rule is an error."""
    assertions = list(iter_components(message, "assert"))
    ids = [assertion.get("id", "") for assertion in assertions]
    assert max(Counter(ids).values()) == 1
    for assertion in assertions:
        (rule,) = rules_of(assertion)
        assert rule in ERROR_RULES
        assert assertion.get("id", "").partition(".")[0] == rule


@pytest.mark.parametrize("message", MESSAGES)
def test_every_facet_names_a_known_rule(message: str) -> None:
    """Every facet and every content model says which rule it is."""
    tags = ("pattern", "enumeration", "minLength", "minInclusive", "maxInclusive", "all", "simpleType")
    for tag in tags:
        for component in iter_components(message, tag):
            assert rules_of(component)
            assert set(rules_of(component)) <= ERROR_RULES


def test_schemas_name_every_rule_they_can() -> None:
    """The two files together hold every error that an XSD can express."""
    named = {rule for message in MESSAGES for part in iter_components(message) for rule in rules_of(part)}
    assert named == ERROR_RULES


@pytest.mark.parametrize("message", MESSAGES)
def test_every_assertion_fails_somewhere(schemas: dict[str, XMLSchema11], message: str) -> None:
    """No assertion is idle: some body of the test data breaks each."""
    failed = {
        error.validator.elem.get("id")
        for body in BODIES
        if body.message == message
        for error in schemas[message].iter_errors(body.read())
        if isinstance(error.validator, XsdAssert)
    }
    assert failed == {assertion.get("id") for assertion in iter_components(message, "assert")}


@pytest.mark.parametrize(
    "body",
    [body for body in BODIES if "duplicate-field" not in dict(body.errors)],
    ids=lambda body: body.name,
)
def test_failed_assertions_fold_by_themselves(schemas: dict[str, XMLSchema11], body: Body) -> None:
    """Without any tool of ours, no assertion fails whose rule the body does not break."""
    errors = schemas[body.message].iter_errors(body.read())
    failed = {
        rule for error in errors if isinstance(error.validator, XsdAssert) for rule in rules_of(error.validator.elem)
    }
    assert failed <= {rule for rule, _ in body.errors}


def test_missing_fields_are_named(schemas: dict[str, XMLSchema11]) -> None:
    """Each absent field is one problem that names it, by a content model and by an assertion alike."""
    request = Body("", "request", "<xml><data/></xml>", ()).read()
    response = Body("", "response", "<xml><error>0</error><data><status>success</status></data></xml>", ()).read()
    fields = [
        [p.field for p in iter_xsd_problems(schemas["request"], request) if p.rule == "missing-field"],
        [p.field for p in iter_xsd_problems(schemas["response"], response)],
    ]
    assert fields[0] == [
        *("token", "external_id"),
        *("endpoint", "status", "currency", "total_price", "final_total_price", "lines"),
    ]
    assert fields[1] == ["error_text", "processing_target", "external_id"]


def test_problems_stand_in_document_order(schemas: dict[str, XMLSchema11]) -> None:
    """Problems come in the order of their elements in the document."""
    text = REQUEST.replace(">9.50<", ">x<").replace("<email>", "<email/><email>").replace("<count>2<", "<count><")
    root = Body("", "request", text.replace("<token>t<", "<token><"), ()).read()
    order = {element: index for index, element in enumerate(root.iter())}
    found = [order[problem.element] for problem in iter_xsd_problems(schemas["request"], root)]
    assert len(found) == 4
    assert found == sorted(found)


@pytest.mark.parametrize("message", MESSAGES)
def test_attributes_are_open(schemas: dict[str, XMLSchema11], message: str) -> None:
    """An attribute that the documentation does not list is no error, on an object and on a value."""
    text = {"request": REQUEST, "response": RESPONSE}[message]
    root = ET.fromstring(text)  # noqa: S314 - our own test data
    for element in root.iter():
        element.set("note", "x")
    assert schemas[message].is_valid(root)


def test_another_root_is_malformed(schemas: dict[str, XMLSchema11]) -> None:
    """A root other than xml, which the reader should have refused, is a problem and no exception."""
    (problem,) = iter_xsd_problems(schemas["request"], ET.Element("order"))
    assert problem.rule == "malformed"


def test_deep_and_wide_bodies_end_in_problems(schemas: dict[str, XMLSchema11]) -> None:
    """Depth and number of free elements raise nothing."""
    deep = "<a>" * 120 + "</a>" * 120
    wide = "<tags/>" * 20_000
    text = REQUEST.replace("<colour>red</colour>", deep).replace("<tags></tags>", wide + deep)
    assert find_errors(schemas["request"], Body("", "request", text, ())) == ()


def test_pattern_of_timestamps_knows_the_calendar(schemas: dict[str, XMLSchema11]) -> None:
    """A day is right in the pattern exactly when it exists: all month ends of the years 1 to 9999."""
    timestamp = schemas["request"].types["timestamp-value"]
    assert isinstance(timestamp, XsdSimpleType)
    patterns = timestamp.patterns
    assert patterns is not None
    for year in range(1, 10_000):
        for month in range(1, 13):
            last = calendar.monthrange(year, month)[1]
            found = [bool(patterns.re_match(f"{year:04}-{month:02}-{day:02}")) for day in (0, 1, 28, 29, 30, 31, 32)]
            assert found == [1 <= day <= last for day in (0, 1, 28, 29, 30, 31, 32)]


def test_no_pattern_uses_digits_of_other_scripts() -> None:
    r"""No pattern and no assertion uses \d, \s or \w, which take more than ASCII."""
    for message in MESSAGES:
        text = (SCHEMAS / f"{message}.xsd").read_text(encoding="utf-8")
        values = [part.get("value", "") for part in iter_components(message, "pattern")]
        values += [part.get("test", "") for part in iter_components(message, "assert")]
        assert text
        assert not [value for value in values if any(f"\\{letter}" in value for letter in "dDsSwW")]
