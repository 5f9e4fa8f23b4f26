"""Failures as a file of tests: each asserts the rule, is red until the service keeps it, and green from then on."""

from __future__ import annotations

import json
import re
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn

from altcraft_contract import __version__
from altcraft_contract.endpoint import ENDPOINT_METHOD
from altcraft_contract.fuzz.case import MEDIA_TYPES
from altcraft_contract.fuzz.case_file import case_as_json, saved_case_of
from altcraft_contract.fuzz.exported_test import REPLAYING, SENDING, TOKENS, head_of
from altcraft_contract.fuzz.failure import Failure
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, STAND_INS
from altcraft_contract.fuzz.naming import PREFIX
from altcraft_contract.fuzz.python_source import docstring_of, name_of, source_of
from altcraft_contract.fuzz.replaying import needs_token, renewed
from altcraft_contract.fuzz.showing import with_placeholders
from altcraft_contract.strategies.wire import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.case_file import SavedCase

_run = re.compile(PREFIX + "[0-9a-f]{8}")
_NO_RUN: Final = f"{PREFIX}00000000"
_PROBE: Final = f"{PREFIX}ffffffff"
_PLACEHOLDERS: Final[Mapping[str, str]] = MappingProxyType(
    {stand_in: f"{name.replace('-', '_').upper()}_TOKEN" for name, stand_in in DERIVED_TOKENS.items()}
)
"""Stand-in of a token that is not the right one to its name in the file."""


def render_pytest(failures: Sequence[Failure | SavedCase], *, url: str, contract: str) -> str:
    """A file of tests, one for each failure.

    It needs this package and pytest, takes the token from `ALTCRAFT_TOKEN`, and holds no secret.

    Args:
        failures: Of a campaign, or as they were saved.
        url: The service, unless `ALTCRAFT_URL` names another one.
        contract: Version of the contract.

    Returns:
        The source.
    """
    cases = [_saved(failure, url) if isinstance(failure, Failure) else failure for failure in failures]
    names: Counter[str] = Counter()
    tests = []
    needs: set[str] = set()
    for case in cases:
        name = name_of("test", case.cause.rule or case.cause.oracle, case.cause.place, case.step.syntax)
        names[name] += 1
        written = _TESTS.get(case.cause.oracle, _replayed) if _is_plain(case) else _replayed
        statements, needed = written(case)
        needs |= needed
        tests.append(_function(name if names[name] == 1 else f"{name}_{names[name]}", case, statements))
    return "\n\n\n".join([head_of(url, contract, f"altcraft-contract {__version__}", needs), *tests]) + "\n"


def _saved(failure: Failure, url: str) -> SavedCase:
    ids = (_run.match(step.case.external_id or "") for step in failure.steps)
    run = next((found[0] for found in ids if found is not None), _NO_RUN)
    return saved_case_of(failure, run=run, target=url)


def _function(name: str, case: SavedCase, statements: Sequence[str]) -> str:
    parameters = "tmp_path: Path" if any("tmp_path" in statement for statement in statements) else ""
    found = f"Found: {_sentence(case.message)} Source: {case.section or 'the page'} ({case.basis})."
    docstring = docstring_of(_law(case), found)
    return "\n    ".join([f"def {name}({parameters}) -> None:", docstring, *statements])


def _law(case: SavedCase) -> str:
    title, cause = case.step.title, case.cause
    laws = {
        "invalid-accepted": f"An order that breaks `{cause.rule}` ({title}) has to be refused.",
        "authentication": f"A request without the right token ({title}) has to be refused.",
        "valid-refused": f"A valid order ({title}) has to be accepted, as the plain ones before and after it are.",
        "server-error": f"Whatever the request ({title}), the answer has to be whole, and no HTTP 5xx.",
        "response-contract": f"The answer ({title}) has to be as documented.",
    }
    return laws.get(cause.oracle) or f"After {title!r} the answer has to be right: {_sentence(case.expected)}"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(".") else f"{text}."


def _is_plain(case: SavedCase) -> bool:
    """Whether a plain HTTP client can send it, and nothing about it is told by anything but one answer."""
    is_alone = len(case.steps) == 1 or case.cause.oracle == "valid-refused"
    again = renewed(case, fresh=lambda: _PROBE)
    return is_alone and all(
        step.framing == "length"
        and not step.is_odd
        and b"$" not in step.body
        and new.body == step.body.replace(case.run.encode(), _PROBE.encode())
        for step, new in zip(case.steps, again, strict=True)
    )


Written = tuple[list[str], frozenset[str]]
"""The statements of a test, and the parts of the file that they need."""


def _refused(case: SavedCase) -> Written:
    lines, needs = _sent(case.step, case)
    return [*lines, *_no_verdict(case), _assertion("answer.is_refused", case)], needs


def _accepted(case: SavedCase) -> Written:
    lines: list[str] = []
    needs: frozenset[str] = frozenset()
    for index, step in enumerate(case.steps):
        name = "answer" if index == case.guilty else "control"
        sent, needed = _sent(step, case, name=name)
        lines += sent
        needs |= needed
        if name == "control":
            message = "no verdict: the plain order beside it is not accepted either"
            lines.append(f"assert control.error == 0, {source_of(message)}")
    return [*lines, _assertion("answer.error == 0", case)], needs


def _without_server_error(case: SavedCase) -> Written:
    lines, needs = _sent(case.step, case)
    return [*lines, _assertion("answer.status < 500", case)], needs


def _as_documented(case: SavedCase) -> Written:
    lines, needs = _sent(case.step, case)
    lines = [*lines, *_no_verdict(case), _assertion("answer.error is not None", case)]
    if case.rule is not None:
        lines.append(_assertion(f"{source_of(case.rule)} not in answer.broken_rules", case))
    return lines, needs


def _replayed(case: SavedCase) -> Written:
    """The statements that send the saved case as the campaign did, and let its oracles judge."""
    return [f"assert_fixed({source_of(case_as_json(case), depth=1)}, tmp_path)"], frozenset((REPLAYING,))


_TESTS: Final[Mapping[str, Callable[[SavedCase], Written]]] = MappingProxyType(
    {
        "invalid-accepted": _refused,
        "authentication": _refused,
        "valid-refused": _accepted,
        "server-error": _without_server_error,
        "response-contract": _as_documented,
    }
)
"""Oracle to what writes its tests; the others let the oracle itself judge."""


def _no_verdict(case: SavedCase) -> list[str]:
    """What keeps a test red where the token is not good: it would be green for the wrong reason."""
    if not needs_token(case.step, case):
        return []
    return ['assert answer.error not in (401, 403), "no verdict: the token is refused"']


def _assertion(condition: str, case: SavedCase) -> str:
    where = f"{case.section or 'the page'}, {case.basis}"
    rule = f"`{case.rule}`, " if case.rule is not None else ""
    start, message = f"assert {condition}, ", f"expected {case.expected} ({rule}{where})"
    return start + source_of(message, depth=1, before=len(start))


def _sent(step: Case, case: SavedCase, *, name: str = "answer") -> Written:
    arguments = [_body(step, case), source_of(step.syntax), *_settings(step)]
    call = "".join(f"\n        {argument}," for argument in arguments)
    needs = {SENDING, *(TOKENS for token in _PLACEHOLDERS.values() if f"${token}" in call)}
    return [f"{name} = send({call}\n    )"], frozenset(needs)


def _settings(step: Case) -> Iterator[str]:
    if step.method != ENDPOINT_METHOD:
        yield f"method={source_of(step.method)}"
    if step.content_type != MEDIA_TYPES[step.syntax]:
        yield f"content_type={source_of(step.content_type)}"
    bearers = {"header": STAND_INS.token, "wrong-header": DERIVED_TOKENS["wrong"]}
    headers = [[name, value] for name, value in step.headers]
    if step.credentials in bearers:
        headers.append(["Authorization", _with_names(f"Bearer {bearers[step.credentials]}")])
    if headers:
        yield f"headers={source_of(headers, depth=2)}"


def _body(step: Case, case: SavedCase) -> str:
    """The body: a dictionary where that says all, else text, else bytes."""
    try:
        text = _with_names(step.body.decode()).replace(case.run, "$RUN")
    except UnicodeDecodeError:
        body = step.body.replace(case.run.encode(), b"$RUN")
        return source_of(_with_names(body.decode("latin-1")).encode("latin-1"), depth=2)
    value = _value_of(text) if step.syntax == "json" else None
    return source_of(text if value is None else value, depth=2)


def _value_of(text: str) -> dict[str, Any] | None:
    """The object of a JSON text; None if it is written in a way that tells more than its value."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        is_plain = isinstance(value, dict) and plain_body(value, "json") == text.encode()
    except (ValueError, RecursionError):
        return None
    return value if is_plain else None


def _refuse(_: str) -> NoReturn:
    raise ValueError("Python has no name for it")


def _with_names(text: str) -> str:
    """*text* with the name of a value, after a dollar sign, for each stand-in."""
    for stand_in, name in _PLACEHOLDERS.items():
        text = text.replace(stand_in, f"${name}")
    return with_placeholders(text)
