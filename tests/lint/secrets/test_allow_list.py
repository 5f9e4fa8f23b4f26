"""What an allow-list allows."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.lint.secrets import NOTHING_ALLOWED, check_secrets, read_allowed

TOKEN = "k7Qe2mVx9TzRw4LpB6sN"  # noqa: S105 - made up
BODY = f'{{"token": "{TOKEN}", "email": "Anna@shop-kazan.ru", "phone": "8 945 571-82-64"}}'.encode()
FULL = {"secret-token", "secret-email", "secret-phone"}


def found(*allow: str) -> set[str]:
    """The rules that the body breaks, though something is allowed."""
    allowed = read_allowed({"allow": list(allow)}, "pyproject.toml")
    return {finding.rule for finding in check_secrets(BODY, allow=allowed, syntax="json").findings}


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (TOKEN, "secret-token"),
        (f"sha256:{sha256(TOKEN.encode()).hexdigest()}", "secret-token"),
        (f"SHA256:{sha256(TOKEN.encode()).hexdigest().upper()}", "secret-token"),
        ("k7Qe*", "secret-token"),
        ("*4LpB6sN", "secret-token"),
        ("k7*Tz*sN", "secret-token"),
        ("anna@shop-kazan.ru", "secret-email"),
        ("*@shop-kazan.ru", "secret-email"),
        ("*@*.ru", "secret-email"),
        ("8 945 571-82-64", "secret-phone"),
        ("+79455718264", "secret-phone"),
    ],
)
def test_an_entry_allows_what_it_means(entry: str, rule: str) -> None:
    """A value, its hash, a pattern or a domain allows the one, and nothing else."""
    assert found(entry) == FULL - {rule}


@pytest.mark.parametrize("entry", ["k7qe2mvx9tzrw4lpb6sn", "k7Qe", "*@shop", "sn*k7", "945*"])
def test_an_entry_allows_no_more(entry: str) -> None:
    """A part of a value, or a token in other letters, allows nothing."""
    assert found(entry) == FULL


def test_the_hint_gives_the_line_that_allows() -> None:
    """The hash in the hint of a token is what the allow-list takes; of an address or a number there is none."""
    hints = {finding.rule: finding.hint or "" for finding in check_secrets(BODY, syntax="json").findings}
    digest = hints["secret-token"].split('"')[1]

    assert found(digest) == FULL - {"secret-token"}
    assert "sha256" not in hints["secret-email"] + hints["secret-phone"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ([TOKEN], "no table"),
        ({"alow": [TOKEN]}, "unknown key 'alow'"),
        ({"allow": TOKEN}, "no list"),
        ({"allow": [TOKEN, 79455718264]}, "entry 2: expected a string"),
        ({"allow": [" "]}, "entry 1: empty"),
        ({"allow": ["sha256:f3b1"]}, "64 hexadecimal digits"),
        ({"allow": ["**"]}, "nearly everything"),
        ({"allow": ["*@"]}, "nearly everything"),
    ],
)
def test_a_wrong_table_is_refused(raw: Any, reason: str) -> None:
    """What cannot be used is refused with the place and the reason, and without the value."""
    with pytest.raises(ConfigurationFault) as fault:
        read_allowed(raw, "pyproject.toml")

    assert str(fault.value).startswith("pyproject.toml: ")
    assert reason in str(fault.value)
    assert TOKEN not in str(fault.value)
    assert "79455718264" not in str(fault.value)


def test_without_a_table_nothing_is_allowed() -> None:
    """No table, and an empty one, allow nothing."""
    assert read_allowed(None, "pyproject.toml") == NOTHING_ALLOWED == read_allowed({}, "pyproject.toml")
