"""What the fuzzers start from: the documented examples, the samples of the rules, and the names of fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from altcraft_contract.contract import load_contract
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.samples import sample_texts
from fuzzing.hosts import iter_host_seeds
from fuzzing.redaction import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator


def iter_seeds(target: str) -> Iterator[bytes]:
    """Yield the inputs to start from.

    Args:
        target: The harness. Inputs of `redaction` and `hosts` have a head that says what the rest is.
    """
    if target == "redaction":
        forms = range(64)
        yield from (bytes((name, form, 0, 60, form)) + b"order\nstatus" for name in range(len(NAMES)) for form in forms)
        return
    if target == "hosts":
        yield from iter_host_seeds()
        return
    yield from load_contract().examples.values()
    for rule in RULES.values():
        if rule.scope != "exchange":
            for valid in (True, False):
                yield from (text.text.encode(errors="surrogatepass") for text in sample_texts(rule, valid=valid))


def iter_words() -> Iterator[str]:
    """Yield the names of the documented fields, and marks of both syntaxes, as a dictionary of libFuzzer has them."""
    names = {name for text in load_contract().examples.values() for name in re.findall(rb"\w{3,}", text)}
    yield from sorted(name.decode() for name in names if name.isascii())
    yield from ("<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE", "&#x", "&amp;", "xmlns:", "\\\\u", "null", "1e999")
    yield from ("\\xEF\\xBB\\xBF", "\\xED\\xA0\\x80", "\\xC0\\x80", "\\x00")
