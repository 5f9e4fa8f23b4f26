"""Names of secrets, escapes, and how long it takes to find them."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.renderers.decoded_text import DecodedText, with_plain_quotes
from altcraft_contract.renderers.known_secrets import KnownSecrets
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.renderers.secret_names import ends_with_secret_name, is_secret_name
from altcraft_contract.renderers.secret_places import SecretPlaces, _Finder, find_secrets
from altcraft_contract.strategies import requests
from tests.renderers.bodies import EXAMPLE, Body, bodies, damaged_bodies

SECRET_NAMES = (
    *("token", "Token", "TOKEN", "access_token", "accessToken", "x-auth-token", "tokens", "token2"),
    *("authorization", "Authorization", "authorisation", "Proxy-Authorization", "auth", "authorizaton"),
    *("email", "e-mail", "E_MAIL", "userEmail", "mail", "customer_mail", "emial", "emal", "gmail"),
    *("phone", "PHONE", "phone_number", "workphone", "telephone", "phne", "phonee", "mobile", "tel"),
    *("api_key", "client-secret", "password", "токен", "Телефон", "почта"),
)
OTHER_NAMES = (
    *("external_id", "profile_id", "status", "endpoint", "currency", "total_price", "name", "type", "code", "sku"),
    *("headphones", "iPhone", "smartphone_case", "author", "mailing", "promotion", "points_currency_eid", "count"),
    *("amount", "region", "message", "contents", "error_text", "processing_target", "pool_id", "hotel", "one", "ten"),
)
PATHOLOGICAL = (
    *('"', '\\"', "\\", "{", "[", "}", "<", "<token", "<token>", "</token>", "<token/>", "<!--", "<?", "<a>", "</a>"),
    *(
        "token",
        "token:",
        "token=",
        '"token"',
        '"token":',
        '"token":"',
        '"token":{',
        '"token":[',
        '{"token":"',
        "token:[",
    ),
    *("a:", '"a" ', "x,", "token:x,", "token: a,b", "@", "a@", "a@b.c ", "+", "+1", "+12345678 ", "bearer ", " ", "\n"),
    *(
        "\\u0074",
        "&amp;",
        "%41",
        "<![CDATA[",
        "]]>",
        "it's ",
        "token ",
        'name="token" value={',
        '"tokn":',
        "-",
        "…",
        "`",
    ),
)


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_name_of_a_secret_is_known(name: str) -> None:
    """The documented names, their relatives, and each with one slip, are names of secrets."""
    assert is_secret_name(name)


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_another_name_is_none(name: str) -> None:
    """Documented fields without a secret, and words that only contain the name of one, are no names of secrets."""
    assert not is_secret_name(name)


@pytest.mark.parametrize("text", ['"tok"en"', '"tok,en', "to\tken", "tok\n", "a_tok en"])
def test_a_broken_name_is_known_by_its_letters(text: str) -> None:
    """A name that a stray character divides is known by the letters before the separator."""
    assert ends_with_secret_name(text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\\&%]<\ue000\ue001\ue002")))
def test_escapes_of_either_syntax_are_decoded(text: str) -> None:
    """A text that was escaped as JSON or as XML is decoded to itself."""
    for quoted in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], escape(text, {'"': "&quot;"})):
        assert with_plain_quotes(DecodedText(quoted).text) == text


@given(st.text('a"\\u0041&#x;7%4<![CDATA]>', max_size=40))
def test_every_decoded_character_has_its_place(text: str) -> None:
    """Places are in order, within the text, and those of characters that were never escaped hold these."""
    decoded = DecodedText(text)
    places = [decoded.place(index) for index in range(len(decoded.text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)
    assert all(
        text[place] in (character, "\\", "&", "%") for place, character in zip(places, decoded.text, strict=False)
    )


def test_a_short_secret_is_found_as_a_word_of_its_own() -> None:
    """A secret of four characters makes no holes in other words; one of three is only hidden where it stands."""
    assert list(KnownSecrets(["bot1"]).iter_spans("bot1 bot12 a-bot1 bot1")) == [(0, 4), (18, 22)]
    assert not list(KnownSecrets(["bot"]).iter_spans("bot"))


def test_many_secrets_are_looked_up_as_words() -> None:
    """With more secrets than can be searched for one by one each is still found where it stands by itself."""
    secrets = [f"secret-{number:06}" for number in range(50_000)]
    text = " ".join(["x"] * 50_000 + secrets[:2])
    assert len(list(KnownSecrets(secrets).iter_spans(text))) == 2


@pytest.mark.parametrize("piece", PATHOLOGICAL)
def test_no_text_takes_forever(piece: str) -> None:
    """Any piece repeated to a hundred thousand characters is redacted; with backtracking it would take days."""
    text = piece * (100_000 // len(piece))
    assert len(Redactor(text).source) == len(text)


def find_everywhere(text: str) -> SecretPlaces:
    """What the whole search finds, which takes no short way."""
    finder = _Finder(text, in_prose=False)
    finder.find()
    return SecretPlaces(finder.spans, finder.values, finder.joined)


@given(body=bodies() | damaged_bodies())
def test_the_short_way_finds_the_same_secrets(body: Body) -> None:
    """Plain documents are searched for names of members alone, and give what the whole search gives."""
    text = DecodedText(body.text).text
    assert find_secrets(text) == find_everywhere(text)


@given(order=requests(), indent=st.sampled_from([None, 2, "\t"]))
def test_the_short_way_finds_the_same_in_right_orders(order: dict[str, object], indent: int | str | None) -> None:
    """Where nothing is wrong, both ways find the same, in every layout."""
    text = DecodedText(json.dumps(order, indent=indent, ensure_ascii=False)).text
    assert find_secrets(text) == find_everywhere(text)


def test_the_short_way_is_taken() -> None:
    """The documented example and orders like it are plain."""
    finder = _Finder(json.dumps(EXAMPLE, indent=2), in_prose=False)
    assert finder.find_members()
    assert finder.values == find_everywhere(finder.text).values


def test_words_beside_a_secret_are_no_secrets() -> None:
    """What a Postman collection calls its token is not masked in every sentence; the token is."""
    text = '{"auth": {"type": "bearer", "bearer": [{"key": "token", "value": "QX7ZWJ01QX7ZWJ01", "type": "string"}]}}'
    redactor = Redactor(text)
    assert (
        redactor.redact("`token` holds QX7ZWJ01QX7ZWJ01, of the type string") == "`token` holds ***, of the type string"
    )
    assert "QX7ZWJ" not in redactor.source
