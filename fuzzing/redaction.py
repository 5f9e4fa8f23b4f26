"""Fuzzes redaction: a marked secret is in nothing that any renderer writes."""

from __future__ import annotations

import json
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers import RENDERERS, SUMMARY_RENDERERS
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.renderers.report import Entry, RenderOptions, Tally, render
from altcraft_contract.renderers.summary import Summary
from altcraft_contract.validation import check_request, check_response
from fuzzing.readers import LIMITS

if TYPE_CHECKING:
    from altcraft_contract.findings import CheckResult

SECRET: Final = "QXZ49f0Wq7JJ8KQXZ"  # noqa: S105 - made up
PARTS: Final = (SECRET[:8], SECRET[-8:])
"""Neither may be shown: half a token is as bad as all of it."""
NAMES: Final = ("token", "Token", "access_token", "Authorization", "email", "phone", "x-auth-token")
_HEAD: Final = 5  # bytes that say where the secret stands, and what shows it
_RAW: Final = 32
_NONE, _STRAY, _LOST, _CUT = range(4)


def check_redaction(data: bytes) -> None:
    """Render what is found in a body with a secret, and look for the secret.

    Args:
        data: Five bytes say in which field the secret stands, in which syntax, how the body is damaged where, and which
            format shows it; the rest is the text around it.

    Raises:
        AssertionError: A renderer shows a part of the secret.
    """
    text = make_body(data)
    assert_hidden(Redactor(text).source, text)
    check = (check_request, check_response)[data[1] >> 4 & 1 if len(data) > 1 else 0]
    result = check(text, limits=LIMITS)
    for output in (str(result), _render(result, text, data[4] if len(data) >= _HEAD else 0)):
        assert_hidden(output, text)
        assert_hidden(unescape(output), text)


def assert_hidden(output: str, body: str) -> None:
    """Raise if an output shows a part of the secret."""
    assert not any(part in output for part in PARTS), f"{body!r} leaks in {output!r}"


def make_body(data: bytes) -> str:
    """Return the body that some bytes stand for; it holds the secret, unless it is cut off before."""
    head, rest = data[:_HEAD].ljust(_HEAD, b"\0"), data[_HEAD:].decode(errors="replace")
    name = NAMES[head[0] % len(NAMES)]
    before, _, after = rest.partition("\n")
    if head[1] & _RAW:  # broken as it is: more damage could take the name away, by which a secret is told
        return _as_raw(name, before, after, is_xml=bool(head[1] & 1))
    is_nested = bool(head[1] & 2)
    whole = _as_xml(name, before, after) if head[1] & 1 else _as_json(name, before, after, is_nested=is_nested)
    damage, place = head[1] >> 2 & 3, (head[2] << 8 | head[3]) % (len(whole) + 1)
    start, end = whole[:place], whole[place:]
    if damage == _STRAY:
        return start + (after[:1] or '"') + end
    if damage == _LOST:
        return start + end[1:]
    return start if damage == _CUT else whole


def _as_json(name: str, before: str, after: str, *, is_nested: bool) -> str:
    secret = {name: [SECRET]} if is_nested else {name: SECRET}
    return json.dumps({"data": {"external_id": before}, **secret, after or "status": 1}, ensure_ascii=False)


def _as_raw(name: str, before: str, after: str, *, is_xml: bool) -> str:
    field = f"<{name}>{SECRET}</{name}>" if is_xml else f'"{name}": "{SECRET}"'
    return f"{before}{field}{after}"


def _as_xml(name: str, before: str, after: str) -> str:
    data = f"<data><external_id>{escape(before)}</external_id></data>"
    return f"<xml>{data}<{name}>{SECRET}</{name}><status>{escape(after)}</status></xml>"


def _render(result: CheckResult, text: str, choice: int) -> str:
    options, tally = RenderOptions(verbose=True, contract="v75"), Tally()
    entries = tally.watch([Entry("order.json", None, result, text)])
    choice %= len(RENDERERS) + len(SUMMARY_RENDERERS)
    if choice < len(RENDERERS):
        return "".join(render(list(RENDERERS.values())[choice](options), entries, tally))
    summary = Summary()
    for entry in entries:
        summary.add(entry)
    make = list(SUMMARY_RENDERERS.values())[choice - len(RENDERERS)]
    return "".join(make(options).render(summary, tally))
