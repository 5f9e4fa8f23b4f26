"""What a redactor hides of a text, and what it leaves."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from altcraft_contract.contract import load_contract
from altcraft_contract.renderers.redaction import Redactor, redact_path, redact_text, secrets_of
from altcraft_contract.renderers.text import render_result
from altcraft_contract.validation import check_request
from tests.renderers.bodies import STRAY

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "QXZ-49f0_Wq7"  # noqa: S105 - made up
HALVES = (SECRET[:6], SECRET[6:])

WHOLE = (
    f'{{"a":1,"token":"{SECRET}","b":"c"}}',
    f'{{\n  "x": "y",\n  "email" : "{SECRET}",\n  "b": "c"\n}}',
    f'{{"a": [1], "phone": "{SECRET}"}}',
    f"<xml><a>1</a><token>{SECRET}</token><b>c</b></xml>",
    f"<xml>\n  <a>1</a>\n  <phone>\n    {SECRET}\n  </phone>\n</xml>",
    f'<xml><a b="c" email="{SECRET}" d="e">1</a></xml>',
)
HIDDEN = (
    r'{"\u0074oken": "SECRET"}',
    r'{"t\u006fken" : "SECRET"}',
    "{'token': 'SECRET'}",
    '{"token": ["SECRET", {"x": "SECRET"}]}',
    '{"token": {"SECRET": "SECRET"}}',
    '{"a": {"b": [{"access_token": "SECRET"}]}}',
    '{"userEmail": "SECRET"}',
    '{"E-MAIL": "SECRET"}',
    '{"PHONE": "SECRET"}',
    '{"телефон": "SECRET"}',
    '{"\uff54\uff4f\uff4b\uff45\uff4e": "SECRET"}',  # full width
    '{"t\u043eken": "SECRET"}',  # a Cyrillic letter that looks like a Latin one
    '{"emial": "SECRET"}',
    '{"access_to0ken": ["SECRET"]}',
    '{"session_tok3n": ["SECRET"]}',
    '{"token": "SECRET", "token": "SECRET"}',
    '{"token": "SECRET", "status": "SECRET"}',
    '{"status": "SECRET", "token": "SECRET"}',
    r'{"raw": "{\"token\": \"SECRET\"}"}',
    r'{"raw": "{\\\"token\\\": \\\"SECRET\\\"}"}',
    '{"headers": [{"name": "Authorization", "value": "SECRET"}]}',
    '["token", "SECRET"]',
    '{"log": "Authorization: Bearer SECRETSECRET"}',
    '{"url": "https://x.example/?token=SECRET&x=1"}',
    '{"token": "SECRET',
    '{"token": SECRET',
    "<xml><token>SECRET",
    "<xml><token>SECRET</tok",
    "<xml><token><![CDATA[SECRET]]></token></xml>",
    "<xml><token>SEC<!-- x -->RET</token><status>SECRET</status></xml>",
    "<xml><token>&#83;&#x45;CRET</token><status>SECRET</status></xml>",
    "<xml><token><value>SECRET</value></token></xml>",
    "<xml><token><token>SECRET</token>SECRET</token></xml>",
    "<xml><a:token>SECRET</a:token></xml>",
    '<xml><data token="SECRET" x="y">1</data></xml>',
    '<xml><token value="SECRET"/></xml>',
    '<xml><field name="token">SECRET</field></xml>',
    '<xml><field name="token" value="SECRET"/></xml>',
    "<xml><!-- token: SECRET --></xml>",
    "<xml><!-- <token>SECRET</token> --></xml>",
    "<xml><?token SECRET?></xml>",
    '<!DOCTYPE xml [<!ENTITY token "SECRET">]><xml/>',
    "<xml><data>&lt;token&gt;SECRET&lt;/token&gt;</data></xml>",
    '{"data": {"external_id": "</tokens"}, "phone": ["SECRET"], "status": 1}',
    '{"external_id": "</token", "email": "SECRET", "status": ">"}',
    "token: SECRET\nexternal_id: 1\n",
    "token:\n  - x\nphone: SECRET",
    "external_id=1&token=SECRET&x=y",
    "token%3DSECRET%26x",
    "Authorization: SECRET\r\n",
)
KEPT = (
    '{"external_id": "order_12345", "total_price": "2500.00", "name": "Summer Sale"}',
    '{"headphones": "Sony", "smartphone": "x", "endpoint": "bot", "token": null, "email": ""}',
    '{"contents": [{"type": "email", "message": "Thank you"}]}',
    '{"create_time": "2026-02-18T13:01:05+03:00", "image": "icon 2x.png", "sum": "1 + 12"}',
    "<xml><external_id>order_12345</external_id><token/><name>Phone case</name></xml>",
    "<xml><token></token><email/><external_id>1</external_id></xml>",
)


def iter_slips(text: str) -> Iterator[str]:
    """Every text that is one character away from *text*, and every beginning of it."""
    for place in range(len(text)):
        start, end = text[:place], text[place:]
        yield start
        yield start + end[1:]
        yield start + end[1:2] + end[:1] + end[2:]
        for stray in STRAY:
            yield start + stray + end
            yield start + stray + end[1:]


@pytest.mark.parametrize("text", WHOLE)
def test_one_slip_in_any_place_uncovers_nothing(text: str) -> None:
    """Whatever single character is added, lost, changed or swapped, neither half of the secret is shown."""
    for damaged in iter_slips(text):
        source = Redactor(damaged).source
        assert not [half for half in HALVES if half in source], (damaged, source)


@pytest.mark.parametrize("text", HIDDEN)
def test_a_secret_is_hidden_wherever_its_name_stands(text: str) -> None:
    """A value that the name of a secret leads to is hidden, in any syntax, nesting and spelling."""
    source = Redactor(text).source
    assert "SEC" not in source
    assert "RET" not in source


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_secret_stays(text: str) -> None:
    """Ids, prices, names, times and absent secrets stand in the source as they are."""
    assert Redactor(text).source == text


@pytest.mark.parametrize("name", ["request.json", "request.xml", "response.json", "response.xml"])
def test_of_a_documented_example_only_the_token_is_hidden(name: str) -> None:
    """A documented example loses its token and nothing else."""
    text = load_contract().examples[name].decode()
    token = "abcdefghijklmnqrstuvwxyz"  # noqa: S105 - the documented one
    assert Redactor(text).source == text.replace(token, "*" * len(token))


@given(text=st.text('"\\u0074oken{}[]<>/:=,& @+1a%\r\n\t\x00é', max_size=80) | st.text(max_size=40))
@example(text='{"token": "a\r\nb')
@example(text="<token>\n")
@example(text="\\ud83d\\ude00&#xD800;&#9999999;%7")
def test_columns_stay(text: str) -> None:
    """The source is as long as the text, and has its line ends where the text has them."""
    source = Redactor(text).source
    assert len(source) == len(text)
    assert [index for index, letter in enumerate(source) if letter in "\r\n"] == [
        index for index, letter in enumerate(text) if letter in "\r\n"
    ]


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("abc/def~ghi", "stands at /data/abc~1def~0ghi"),
        ("+79991234567", 'write "79991234567"'),
        ("0012345678", "write 12345678 without quotes"),
        ("QXZ49f0Wq7" * 5, '`status` is "QXZ49f0Wq7QXZ49f0Wq7QXZ49f0Wq7QXZ49f0Wq7…", expected'),
        ("QXZ49f0Wq7" * 5, '`status` is "some words before itQXZ49f0Wq7QXZ49f0Wq…", expected'),
        ("QXZ49f0Wq7" * 12, f"`{'QXZ49f0Wq7' * 8}` is not documented"),
        ("short", '`status` is "short", expected'),
        ("a & b < c", '`status` is "a & b < c", expected'),
    ],
)
def test_a_message_shows_no_secret_in_the_form_that_it_would(secret: str, message: str) -> None:
    """Secrets are masked in messages also where these escape them, cut them off or write a number in another way."""
    redacted = Redactor(f"<xml><token>{secret.replace('&', '&amp;').replace('<', '&lt;')}</token></xml>").redact(
        message
    )
    assert "***" in redacted
    assert secret[:6] not in redacted
    assert secret.strip("+0")[:6] not in redacted


def test_the_secrets_of_a_request_are_hidden_in_its_response() -> None:
    """What one document tells a redactor to be secret is masked in another."""
    secrets = Redactor(f'{{"token": "{SECRET}", "broken').secrets
    assert SECRET in secrets
    assert SECRET not in Redactor(f'{{"error_text": "not {SECRET}"}}', secrets=secrets).source


def test_a_longer_secret_is_not_uncovered_by_a_shorter_one() -> None:
    """Where one secret is the beginning of another, the longer one is masked whole."""
    assert Redactor('{"token": "abc123", "old_token": "abc123-456"}').redact("abc123-456") == "***"


def test_messages_of_a_body_that_was_never_text_hide_what_they_are_told() -> None:
    """The secrets of a parsed body, handed to the renderer, are masked in what it says."""
    body = {"token": SECRET, "external_id": "1", "email": "a@b.example", "data": {"currency": SECRET, "lines": []}}
    assert secrets_of(body) == {SECRET, "a@b.example"}
    rendered = render_result(check_request(body), "", label="request", secrets=secrets_of(body))
    assert "invalid-currency" in rendered
    assert SECRET not in rendered


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("token: no such file", "token: no such file"),
        ("`token` is missing", "`token` is missing"),
        ("unknown key 'token'; did you mean 'tags'?", "unknown key 'token'; did you mean 'tags'?"),
        ("token=abc and more", "token=*** and more"),
        ("'token': 'abc', x", "'token': '***', x"),
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer ***"),
        ("mail to ann@example.com, call +79991234567", "mail to ***, call ***"),
    ],
)
def test_a_sentence_keeps_its_words(text: str, redacted: str) -> None:
    """Of talk only values that are written as such are masked, not the words about secret fields."""
    assert redact_text(text) == redacted


@pytest.mark.parametrize(
    ("path", "redacted"),
    [
        ("a/order@2x.json", "a/order@2x.json"),
        ("a/ann@example.com.json", "a/***.json"),
        ("ann@example.com/order.xml", "***/order.xml"),
        ("ann%40example.com.xml", "***.xml"),
        ("orders/2026-02-18/1.json", "orders/2026-02-18/1.json"),
    ],
)
def test_a_path_loses_addresses_only(path: str, redacted: str) -> None:
    """An address in a path is masked; what only looks like one because of the suffix stays."""
    assert redact_path(path) == redacted


def test_a_pickled_result_keeps_its_secrets() -> None:
    """What pytest-xdist sends from one process to another shows no secret either."""
    result = pickle.loads(pickle.dumps(check_request(f'{{"token": "{SECRET}", "status": "{SECRET}"}}')))  # noqa: S301 - our own
    assert SECRET not in str(result)
