"""Malformed bodies, and bodies that are spelt in many ways."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hypothesis_strategies

from altcraft_contract import strategies as st
from altcraft_contract.conversion import from_xml, to_xml
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.validation import check_request

WAYS = [("json", name) for name in st.MALFORMED_JSON] + [("xml", name) for name in st.MALFORMED_XML]
REPEATS = {"repeated-member", "repeated-member-escaped", "repeated-element"}


@pytest.mark.parametrize(("syntax", "name"), WAYS)
def test_malformed_bodies_have_one_finding(syntax: Any, name: str) -> None:
    """A body that is broken in one way has one finding: malformed, or the repeated field."""

    @settings(max_examples=10)
    @given(st.malformed_bodies(syntax, names=[name]))
    def draw(body: bytes) -> None:
        rules = [finding.rule for finding in check_request(body, syntax=syntax).findings]
        assert rules == ["duplicate-field" if name in REPEATS else "malformed"]

    draw()


@pytest.mark.parametrize(("syntax", "names"), [("yaml", None), ("json", ["no-such-way"]), ("xml", [])])
def test_impossible_malformed_bodies_are_refused(syntax: Any, names: Any) -> None:
    """A syntax or a way that there is not is refused."""
    with pytest.raises(ImpossibleRequest):
        st.malformed_bodies(syntax, names=names)


@given(
    st.requests().flatmap(
        lambda request: hypothesis_strategies.tuples(
            hypothesis_strategies.just(request),
            st.bodies(hypothesis_strategies.just(request)),
            st.bodies(hypothesis_strategies.just(request), syntax="xml"),
        )
    )
)
def test_spellings_mean_the_same(bodies: tuple[dict[str, Any], bytes, bytes]) -> None:
    """However a message is spelt, it means the same and has no finding."""
    request, json_body, xml_body = bodies

    assert not check_request(json_body).findings
    assert not check_request(xml_body).findings
    assert from_xml(to_xml(json_body)) == from_xml(xml_body) == from_xml(to_xml(request))


@settings(max_examples=15)
@given(st.bodies(st.requests(), syntax="xml"))
def test_spellings_of_xml_have_no_finding_by_the_reference_engine(body: bytes) -> None:
    """However a request is spelt in XML, the reference engine has nothing against it."""
    assert not check_request(body, engine="reference").findings


def test_bodies_of_another_syntax_are_refused() -> None:
    """There are JSON and XML."""
    with pytest.raises(ImpossibleRequest, match="syntax='yaml'"):
        st.bodies(st.requests(), syntax="yaml")  # type: ignore[arg-type]
