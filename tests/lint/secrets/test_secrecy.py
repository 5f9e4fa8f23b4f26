"""The search for secrets shows none, misses none by haste, and takes any bytes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.lint.secrets import NOTHING_ALLOWED, check_secrets
from altcraft_contract.lint.secrets.addresses import is_real_address
from altcraft_contract.lint.secrets.glance import is_plainly_clean
from altcraft_contract.lint.secrets.judging import iter_disclosures
from altcraft_contract.lint.secrets.numbers import is_real_number
from altcraft_contract.lint.secrets.tokens import find_shape
from altcraft_contract.renderers import RENDERERS
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally, render
from tests.renderers.bodies import Body, bodies, damaged_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import CheckResult

MADE = {name: make for name, make in RENDERERS.items() if find_spec(f"altcraft_contract.renderers.{name}_report")}
HOST = st.sampled_from(
    ["{}", "# Order\n\n```json\n{}\n```\n", "POST https://shop.example/\nA: b\n\n{}\n", "BODY = '''{}'''\n"]
)


def iter_outputs(result: CheckResult, text: str) -> Iterator[str]:
    """What every renderer makes of a result."""
    yield str(result)
    for make in MADE.values():
        for options in (RenderOptions(contract="v75"), RenderOptions(color=True, verbose=True, contract="v75")):
            tally = Tally()
            yield "".join(render(make(options), tally.watch([Entry("order.json", None, result, text)]), tally))


def syntax_of(text: str) -> Syntax:
    """The syntax that a body begins like."""
    return "xml" if text.startswith("<") else "json"


@given(body=bodies() | damaged_bodies())
def test_no_renderer_shows_what_was_found(body: Body) -> None:
    """Neither message, hint, pointer nor code frame shows a part of a secret, in any format."""
    for syntax in (syntax_of(body.text), None):
        result = check_secrets(body.text.encode(), syntax=syntax)
        for output in iter_outputs(result, body.text):
            assert not body.leaks(output), output


@given(body=bodies() | damaged_bodies(), host=HOST)
def test_whatever_is_found_is_masked(body: Body, host: str) -> None:
    """The redactor of a text hides every secret that the search finds in it."""
    text = host.replace("{}", body.text)
    redactor = Redactor(text)

    for found in iter_disclosures(text, NOTHING_ALLOWED, is_message=host == "{}"):
        assert found.value in redactor.redact(found.value) or found.value not in redactor.source
        assert redactor.source[found.offset] == "*"
        assert found.value not in redactor.redact(f"see {found.value} there")


@given(body=bodies())
def test_secrets_of_whole_bodies_are_found(body: Body) -> None:
    """Token, address and number of an order are found, whichever syntax it is in, unless they could be samples."""
    address, number = body.contacts
    wanted = {
        "secret-token": body.token.isalnum() and find_shape(body.token) is not None,
        "secret-email": is_real_address(address),
        "secret-phone": is_real_number(number),
    }

    found = {finding.rule for finding in check_secrets(body.text.encode(), syntax=syntax_of(body.text)).findings}

    assert {rule for rule, is_wanted in wanted.items() if is_wanted} <= found


@given(body=bodies() | damaged_bodies(), secret=st.sampled_from(["your-api-token", "QXZ49f0Wq7JJ8Kq2Zx0W71"]))
def test_a_glance_misses_nothing(body: Body, secret: str) -> None:
    """What a glance takes for clean has no finding when everything is looked at."""
    text = body.text.replace(body.token, secret)
    for contact, sample in zip(body.contacts, ("ann@example.com", "sample"), strict=True):
        text = text.replace(contact, sample).replace(contact.lstrip("+"), sample)
    document = read_document(text.encode(), load_contract().shape("request"), syntax=syntax_of(text))

    if is_plainly_clean(document):
        assert not list(iter_disclosures(text, NOTHING_ALLOWED, is_message=True))


@given(st.binary(max_size=300) | st.text(alphabet="{}[]<>\"':=,@+ token\\u0%&;/\n.0123456789ab").map(str.encode))
def test_any_bytes_are_searched(data: bytes) -> None:
    """Whatever a file holds, the search ends in findings, each with a place."""
    for syntax in ("json", "xml", None):
        result = check_secrets(data, syntax=syntax)
        assert all(finding.line is not None and finding.column is not None for finding in result.findings)
        assert str(result)
