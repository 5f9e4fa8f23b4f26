"""What the proxy answers by itself, in the vendor's envelope."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.stub.endpoint import FINDINGS_HEADER
from altcraft_contract.stub.envelope import encode, refusal
from altcraft_contract.stub.journal import LARGEST_BODY
from altcraft_contract.stub.traffic import CONTENT_TYPES, Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altcraft_contract.contract import Syntax
    from altcraft_contract.findings import CheckResult
    from altcraft_contract.stub.proxy_judge import Examined
    from altcraft_contract.stub.traffic import Headers, Request

_MOST_TOLD: Final = 5  # findings in an error_text
_MOST_RULES: Final = 20  # rule ids in a header
_LONGEST_TEXT: Final = 2000  # characters of an error_text


def own_answer(
    status: int, text: str, syntax: Syntax | None, *, code: int | None = None, headers: Headers = ()
) -> tuple[Answer, int, str]:
    """An answer that refuses, its `error` and its `error_text`; the code is the *status* unless another is given."""
    syntax, code = syntax or "json", status if code is None else code
    date = formatdate(usegmt=True).encode()
    head = ((b"content-type", CONTENT_TYPES[syntax].encode()), (b"date", date), *headers)
    return Answer(status, head, encode(refusal(code, text), syntax)), code, text


def findings_header(errors: Sequence[str]) -> Headers:
    """The header that names the broken rules; none without them."""
    if not errors:
        return ()
    return ((FINDINGS_HEADER, ", ".join(list(dict.fromkeys(errors))[:_MOST_RULES]).encode()),)


def request_text(request: Request, asked: Examined) -> str:
    """What is wrong with a request, without its secrets."""
    told = _told(asked.check()) if asked.check is not None else []
    return Redactor("", secrets=asked.secrets_in(request)).redact(_joined(told))


def answer_text(request: Request, asked: Examined, answered: Examined, exchange: CheckResult | None) -> str:
    """What is wrong with an answer, without the secrets of the request and without its own."""
    if asked.is_opaque:  # what the answer says may repeat a secret that nobody knows
        return f"the answer of the target breaks the contract: {', '.join(dict.fromkeys(answered.errors))}"
    told = _told(answered.check()) if answered.check is not None else []
    told += _told(exchange) if exchange is not None else []
    redactor = Redactor(answered.body[:LARGEST_BODY].decode(errors="replace"), secrets=asked.secrets_in(request))
    return redactor.redact(f"the answer of the target breaks the contract: {_joined(told)}")


def _told(result: CheckResult) -> list[str]:
    return [f"{finding.rule} at {finding.pointer or 'the root'}: {finding.message}" for finding in result.errors]


def _joined(told: Sequence[str]) -> str:
    text = "; ".join(told[:_MOST_TOLD])
    if len(told) > _MOST_TOLD:
        text += f"; and {len(told) - _MOST_TOLD} more"
    return text[:_LONGEST_TEXT]
