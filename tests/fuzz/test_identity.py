"""Stand-ins and what stands for them: put in when a request leaves, and taken out of what comes back."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.fuzz.identity import DERIVED_TOKENS, PLACEHOLDERS, STAND_INS, Identity
from altcraft_contract.strategies.wire import plain_body

ODD = Identity("Tok\"en&<Zebra>\\'ключ-4711", 'o\'zebra&co+"x"@example.com', "+79990001122")
SECRETS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=12, max_size=30)


@given(token=SECRETS)
def test_a_revealed_body_reads_as_the_real_values(token: str) -> None:
    """Whatever characters a token has, a reader of either syntax reads just that token."""
    identity = Identity(token)
    order = {"token": STAND_INS.token, "email": STAND_INS.email, "phone": STAND_INS.phone}

    told = json.loads(identity.reveal(plain_body(order, "json"), "json"))
    root = ET.fromstring(identity.reveal(plain_body(order, "xml"), "xml"))  # noqa: S314 - our own

    assert told == {"token": token, "email": identity.email, "phone": identity.phone}
    assert root.findtext("token") == token


def test_derived_tokens_are_wrong() -> None:
    """Each stand-in of a wrong token becomes a text that is like the token and not the token."""
    told = {name: ODD.reveal(stand_in.encode(), "xml").decode() for name, stand_in in DERIVED_TOKENS.items()}

    assert set(told) == {"wrong", "half", "swapped-case"}
    assert escape(ODD.token) not in told.values()
    assert len(set(told.values())) == 3
    assert told["swapped-case"] == escape(ODD.token.swapcase())


def test_no_stand_in_is_part_of_another() -> None:
    """Stand-ins are told apart wherever they stand, and each of the identity has a placeholder."""
    known = [STAND_INS.token, STAND_INS.email, STAND_INS.phone, *DERIVED_TOKENS.values()]

    assert not [(one, other) for one in known for other in known if one != other and one in other]
    assert list(PLACEHOLDERS) == known[:3]


def test_a_body_without_stand_ins_stays_as_it_is() -> None:
    """Bytes that hold no stand-in leave as they are, broken or not."""
    assert ODD.reveal(b"\xff\x00{", "json") == b"\xff\x00{"


@pytest.mark.parametrize("name", ["token", "email", "phone"])
@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda text: text, id="plain"),
        pytest.param(lambda text: json.dumps(text)[1:-1], id="JSON in ASCII"),
        pytest.param(lambda text: json.dumps(text, ensure_ascii=False)[1:-1], id="JSON"),
        pytest.param(escape, id="XML"),
        pytest.param(lambda text: quoteattr(text)[1:-1], id="an XML attribute"),
        pytest.param(lambda text: escape(text, {'"': "&quot;", "'": "&apos;"}), id="XML with quotes"),
        pytest.param(str.lower, id="small letters"),
    ],
)
def test_secrets_are_concealed_however_they_are_written(name: str, written: object) -> None:
    """What comes back is shown without the secrets, as plain text, in escapes of either syntax, in small letters."""
    assert callable(written)
    secret = written(getattr(ODD, name))

    assert secret not in ODD.conceal(f"the answer says {secret} and more")
    assert ODD.conceal(f"the answer says {secret} and more").startswith("the answer says ")


def test_derived_tokens_are_secret_too() -> None:
    """Half of the token, and the token in other capitals, tell too much to be shown."""
    identity = Identity("Real-Token-4711-Zebra")
    shown = identity.conceal(f"got {identity.token.swapcase()} and {identity.token[:11]}.")

    assert shown == "got *** and ***."


def test_what_is_no_secret_is_shown() -> None:
    """Texts without secrets stay as they are."""
    assert ODD.conceal("count: expected a number above 0") == "count: expected a number above 0"
