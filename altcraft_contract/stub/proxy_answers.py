"""What the proxy answers by itself, in the vendor's envelope."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING

from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.stub.envelope import encode, refusal
from altcraft_contract.stub.journal import LARGEST_BODY
from altcraft_contract.stub.refusal_text import LONGEST_TEXT, tell_findings
from altcraft_contract.stub.traffic import CONTENT_TYPES, Answer

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.stub.proxy_judge import Examined
    from altcraft_contract.stub.traffic import Headers, Request


def own_answer(
    status: int, text: str, syntax: Syntax | None, *, code: int | None = None, headers: Headers = ()
) -> tuple[Answer, int, str]:
    """An answer that refuses, its `error` and its `error_text`; the code is the *status* unless another is given."""
    syntax, code = syntax or "json", status if code is None else code
    date = formatdate(usegmt=True).encode()
    head = ((b"content-type", CONTENT_TYPES[syntax].encode()), (b"date", date), *headers)
    return Answer(status, head, encode(refusal(code, text), syntax)), code, text


def request_text(request: Request, asked: Examined) -> str:
    """What is wrong with a request, without its secrets."""
    errors = asked.check().errors if asked.check is not None else ()
    return Redactor("", secrets=asked.secrets_in(request)).redact(tell_findings(errors))[:LONGEST_TEXT]


def answer_text(request: Request, asked: Examined, answered: Examined, exchange: CheckResult | None) -> str:
    """What is wrong with an answer, without the secrets of the request and without its own."""
    if asked.is_opaque:  # what the answer says may repeat a secret that nobody knows
        return f"the answer of the target breaks the contract: {', '.join(dict.fromkeys(answered.errors))}"
    errors = answered.check().errors if answered.check is not None else ()
    errors += exchange.errors if exchange is not None else ()
    redactor = Redactor(answered.body[:LARGEST_BODY].decode(errors="replace"), secrets=asked.secrets_in(request))
    text = redactor.redact(f"the answer of the target breaks the contract: {tell_findings(errors)}")
    return text[:LONGEST_TEXT]
