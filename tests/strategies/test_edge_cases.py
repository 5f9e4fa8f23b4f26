"""Edge cases: valid by the letter."""

from __future__ import annotations

import pytest

from altcraft_contract import strategies as st
from altcraft_contract.conversion import write_xml
from altcraft_contract.errors import ImpossibleRequest
from altcraft_contract.strategies.source import SeededSource
from altcraft_contract.validation import check_request


@pytest.mark.parametrize("name", st.EDGE_CASES)
def test_no_edge_case_has_an_error(name: str) -> None:
    """An edge case has no error, in either syntax."""
    request = st.EDGE_CASES[name](SeededSource(0))

    assert check_request(request).ok
    assert check_request(write_xml(request, "request")).ok


@pytest.mark.parametrize("name", [name for name in st.EDGE_CASES if name != "1000-lines"])
def test_no_edge_case_has_an_error_by_the_reference_engine(name: str) -> None:
    """An edge case has no error by the reference engine, in either syntax."""
    request = st.EDGE_CASES[name](SeededSource(0))

    assert check_request(request, engine="reference").ok
    assert check_request(write_xml(request, "request"), engine="reference").ok


def test_an_unknown_edge_case_is_refused() -> None:
    """A name that the table does not have is refused, and shown."""
    with pytest.raises(ImpossibleRequest, match="no-such-case"):
        st.edge_cases(names=["no-such-case"])
