"""Rules about messages that are kept in files: what must not stand there, though it may be sent."""

from __future__ import annotations

from typing import Final

from altcraft_contract.rules.rule import ERROR, INFERRED, WARNING, Rule, Sample

RULES: Final = (
    Rule(
        id="secret-token",
        severity=ERROR,
        basis=INFERRED,
        scope="message",
        section="request body",
        statement="A file that is kept holds no token that could be a real one: whoever reads the file could use it. "
        "A long value without words, runs or repetitions is taken for real.",
        remedy="Revoke the token if it was ever real, since it stays in the history of the repository, and put a "
        "sample in its place, such as `your-api-token`. What opens nothing can be allowed by its hash.",
        sample=Sample(valid={"/token": "your-api-token"}, invalid={"/token": "f3b1c09e7a5d4c2f8e6b0a9d7c5e3f10"}),
    ),
    Rule(
        id="secret-email",
        severity=WARNING,
        basis=INFERRED,
        scope="message",
        section="request body",
        statement="A file that is kept holds no e-mail address that may belong to a person.",
        remedy="Use an address at a domain that nobody can own, such as `customer@example.com`, or allow your own test "
        "domain in the configuration.",
        sample=Sample(valid={"/email": "customer@example.com"}, invalid={"/email": "anna.petrova@mail.ru"}),
    ),
    Rule(
        id="secret-phone",
        severity=WARNING,
        basis=INFERRED,
        scope="message",
        section="request body",
        statement="A file that is kept holds no telephone number that may belong to a person.",
        remedy="Use a number that is set aside for examples, such as `+12025550123`, or one that is a sample at a "
        "glance, such as `+79991234567`.",
        sample=Sample(valid={"/phone": "+12025550123"}, invalid={"/phone": "+79455718264"}),
    ),
)
