"""Files to findings about the secrets in them."""

from __future__ import annotations

import json

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.limits import Limits
from altcraft_contract.findings import Severity
from altcraft_contract.lint.secrets import check_secrets, merge, text_of
from altcraft_contract.rules.catalogue import SECRET_RULES
from altcraft_contract.rules.rule import Sample
from altcraft_contract.rules.samples import sample_texts
from altcraft_contract.rules.selection import RuleSelection
from altcraft_contract.validation import check_request

TOKEN = "f3b1c09e7a5d4c2f8e6b0a9d7c5e3f10"  # noqa: S105 - made up
EMAIL = "anna.petrova@mail.ru"
PHONE = "+79455718264"
KINDS = {"T": ("secret-token", TOKEN), "E": ("secret-email", EMAIL), "P": ("secret-phone", PHONE)}

MESSAGES = [
    ("json", '{"token": "<T>", "email": "<E>", "phone": "<P>"}'),
    ("json", '{"data": {"custom_fields": {"a": "<E>", "b": "<P>", "c": ["<E>"]}}}'),
    ("json", '{"token": "<T>, "email": "<E>", "phone": "<P>"'),
    ("json", '{"token": <T>, "email": <E>}'),
    ("json", "{'token': '<T>'}"),
    ("json", '{"Authorization": "Bearer <T>"}'),
    ("json", '{"toekn": "<T>", "emial": "<E>"}'),
    ("json", '{"note": "https://shop.example/?api_key=<T>&x=1"}'),
    ("json", '{"raw": "{\\"token\\": \\"<T>\\"}"}'),
    ("json", '{"token": {"value": "<T>"}, "phone": ["<P>", "<P>"]}'),
    ("json", '{"headers": [{"name": "Authorization", "value": "<T>"}]}'),
    ("json", '\ufeff{\r\n  "x": "\\u00e9\U0001f600",\r\n  "token": "<T>"}'),
    ("xml", "<xml><token><T></token><email><E></email>\n<phone> <P> </phone></xml>"),
    ("xml", '<xml token="<T>"><data><custom_fields><q><E></q></custom_fields></data></xml>'),
    ("xml", "<xml><token><![CDATA[<T>]]></token><!-- token: <T> --></xml>"),
    ("xml", "<xml><token><T></tok"),
    ("xml", "<xml><token>&#102;3b1c09e7a5d4c2f8e6b0a9d7c5e3f10</token><phone><P></phone></xml>"),
]
HOSTS = [
    'Write to anna@shop-kazan.ru or +7 945 571-82-65.\n\n```json\n{"token": "<T>", "email": "<E>"}\n```\n',
    "POST https://shop.example/x?token=<T>\nAuthorization: Bearer <T>\n\n<xml><phone><P></phone></xml>\n",
    "E-mail: anna@shop-kazan.ru\nauthor_email='anna@shop-kazan.ru'\nAPI_TOKEN = '<T>'\n",
    'post(url, json={"token": os.environ["TOKEN"], "email": user.email, "phone": "<P>"})\n',
    'headers:\n  Authorization:\n  - Bearer <T>\nemail: <E>\nbody: "{\\"token\\": \\"<T>\\"}"\n',
    '{"postData": {"text": "{\\"token\\":\\"<T>\\",\\"phone\\":\\"<P>\\"}"}}',
]
CLEAN = [
    ("json", '{"token": "your-api-token", "email": "a@example.com", "phone": "+79991234567", "skip_triggers": true}'),
    ("json", '{"data": {"comment": "ask anna@shop-kazan.ru", "create_time": "2026-02-18T13:01:05.141+03:00"}}'),
    ("json", '{"token": null, "email": "", "phone": 5, "token_type": "Bearer", "email_verified": true}'),
    ("json", f'{{"email_hash": "{TOKEN}", "profile_id": "{TOKEN}", "phone_id": 79455718264}}'),
    ("json", f'{{"idempotency": "{TOKEN}", "data": {{"external_id": "{TOKEN}"}}}}'),
    ("xml", "<xml><token>your-api-token</token><email>a@example.com</email></xml>"),
    ("json", ""),
    ("xml", ""),
]


def filled(template: str) -> tuple[str, list[tuple[str, int]]]:
    """A text with secrets, and the rule and offset of each."""
    parts = template.replace("<T>", "\0T\0").replace("<E>", "\0E\0").replace("<P>", "\0P\0").split("\0")
    text, expected = "", []
    for index, part in enumerate(parts):
        rule, value = KINDS[part] if index % 2 else ("", part)
        if rule:
            expected.append((rule, len(text)))
        text += value
    return text, expected


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset."""
    before = text[:offset].removeprefix("\ufeff").split("\n")
    return len(before), len(before[-1]) + 1


@pytest.mark.parametrize(("syntax", "template"), MESSAGES)
def test_secrets_of_a_message_are_found_in_place(syntax: str, template: str) -> None:
    """Every secret of a message, well-formed or not, is found at the line and column at which it begins."""
    text, expected = filled(template)
    if "&#102;" in text:
        expected.insert(0, ("secret-token", text.index("&#102;")))

    result = check_secrets(text.encode(), syntax=syntax)  # type: ignore[arg-type]  # one of the two

    assert [(found.rule, (found.line, found.column)) for found in result.findings] == [
        (rule, place(text, offset)) for rule, offset in expected
    ]


@pytest.mark.parametrize("template", HOSTS)
def test_secrets_of_a_host_file_are_found_in_place(template: str) -> None:
    """Of a file that holds messages among other things, tokens and the fields of data count; sentences do not."""
    text, expected = filled(template)

    result = check_secrets(text.encode())

    assert [(found.rule, (found.line, found.column)) for found in result.findings] == [
        (rule, place(text, offset)) for rule, offset in expected
    ]
    assert all(found.pointer == "" for found in result.findings)


@pytest.mark.parametrize(("syntax", "text"), CLEAN)
def test_a_clean_message_has_no_finding(syntax: str, text: str) -> None:
    """Samples, sentences, and fields that only tell of a secret are no findings."""
    assert not check_secrets(text.encode(), syntax=syntax).findings  # type: ignore[arg-type]  # one of the two


@pytest.mark.parametrize("name", ["request.json", "request.xml", "response.json", "response.xml"])
def test_the_documented_examples_are_clean(name: str) -> None:
    """What the vendor's page shows is made up."""
    text = load_contract().examples[name]
    data = bytes(text)
    message = "request" if name.startswith("request") else "response"

    result = check_secrets(data, syntax="xml" if name.endswith("xml") else "json", message=message)  # type: ignore[arg-type]

    assert not result.findings


@pytest.mark.parametrize(
    ("syntax", "text", "pointers"),
    [
        ("json", f'{{"a": [1, {{"token": "{TOKEN}"}}], "phone": {PHONE[1:]}}}', ["/a/1/token", "/phone"]),
        ("json", f'{{"a/b": {{"~email": "{EMAIL}"}}}}', ["/a~1b/~0email"]),
        ("json", f'{{"raw": "\\"token\\": \\"{TOKEN}\\""}}', ["/raw"]),
        ("json", f'{{"token": "{TOKEN}"', [""]),
        ("xml", f"<xml><data><custom_fields><q>{EMAIL}</q></custom_fields></data></xml>", ["/data/custom_fields/q"]),
        ("xml", f"<xml><token>{TOKEN}</token><!-- token={TOKEN} --></xml>", ["/token", ""]),
    ],
)
def test_a_finding_has_the_pointer_of_its_value(syntax: str, text: str, pointers: list[str]) -> None:
    """Where the message is well-formed, a finding points to the scalar that holds the secret."""
    result = check_secrets(text.encode(), syntax=syntax)  # type: ignore[arg-type]  # one of the two

    assert [found.pointer for found in result.findings] == pointers


@pytest.mark.parametrize("rule", SECRET_RULES)
def test_the_samples_of_the_rules_show_what_they_say(rule: str) -> None:
    """What keeps a rule about secrets has no finding, and what breaks it has that one."""
    sample = SECRET_RULES[rule].sample
    assert isinstance(sample, Sample)

    for valid, expected in ((True, []), (False, [rule])):
        for shown in sample_texts(SECRET_RULES[rule], valid=valid):
            result = check_secrets(shown.text.encode(), syntax=shown.syntax)
            assert [found.rule for found in result.findings] == expected


def test_rules_are_selected_and_regraded() -> None:
    """A rule that does not count has no findings, and another severity is the one of the findings."""
    text = filled('{"token": "<T>", "email": "<E>"}')[0].encode()

    result = check_secrets(
        text, syntax="json", rules=RuleSelection(ignore=["secret-email"], severity={"secret-token": "warning"})
    )

    assert [(found.rule, found.severity) for found in result.findings] == [("secret-token", Severity.WARNING)]
    assert result.ok


def test_both_checks_are_merged_in_the_order_of_the_document() -> None:
    """What the contract and the search for secrets find stands in one result, by line and column."""
    text = filled('{"token": "<T>",\n "odd": 1,\n "email": "<E>",\n "data": {"status": 5}}')[0].encode()
    contract, secrets = check_request(text), check_secrets(text, syntax="json")

    merged = merge(contract, secrets)

    places = [(found.line, found.column) for found in merged.findings]
    assert places == sorted(places)
    assert len(merged.findings) == len(contract.findings) + len(secrets.findings)
    assert (merged.message, merged.syntax, merged.ok) == ("request", "json", False)


def test_nothing_is_merged_into_a_message_without_secrets() -> None:
    """The result of the contract stays as it is if nothing else was found."""
    contract = check_request("{}")

    assert merge(contract, check_secrets(b"{}", syntax="json")) is contract


def test_utf16_is_read() -> None:
    """A file that an editor wrote as UTF-16 keeps no secret from the search."""
    data = f'{{"token": "{TOKEN}"}}'.encode("utf-16")

    (found,) = check_secrets(data, syntax="json").findings

    assert (found.line, found.column) == (1, 12)
    assert TOKEN in text_of(data)


def test_a_file_beyond_the_limits_is_looked_at_up_to_them() -> None:
    """Of a file that is too large, the beginning is searched."""
    data = (f'{{"token": "{TOKEN}", "x": "' + "a" * 1000 + f'", "email": "{EMAIL}"}}').encode()

    result = check_secrets(data, syntax="json", limits=Limits(max_bytes=200))

    assert [found.rule for found in result.findings] == ["secret-token"]


def test_many_secrets_are_cut_off() -> None:
    """A file of secrets has so many findings, and says that there are more."""
    result = check_secrets(json.dumps({"phone": [PHONE] * 10_001}).encode(), syntax="json")

    assert len(result.findings) == 10_000
    assert result.truncated
