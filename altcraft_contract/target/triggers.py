"""`skip_triggers` in a body: set on the way, and not a byte besides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.json_text import read_json
from altcraft_contract.documents.limits import DEFAULT_LIMITS, Limits
from altcraft_contract.documents.problem import MAX_PROBLEMS
from altcraft_contract.documents.xml_text import read_xml
from altcraft_contract.target.not_sent import NotSent

if TYPE_CHECKING:
    from altcraft_contract.contract import Syntax
    from altcraft_contract.documents.problem import Reading

_NAME: Final = "skip_triggers"
_POINTER: Final = f"/{_NAME}"
_FALSE: Final = "false"
# Of a well-formed document: a start tag, whatever its attributes hold; and the content of an element without children.
_start_tag = re.compile(r"""<[^<>"'/]++(?:"[^"]*+"|'[^']*+'|[^<>"'/]++)*+(/?)>""")
_content = re.compile(r"(?:[^<]++|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>)*+", re.DOTALL)


def skip_triggers(body: bytes, syntax: Syntax, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The same request with `skip_triggers` true.

    Args:
        body: A request, without any encoding.
        syntax: Its syntax.
        limits: Bounds on the document.

    Returns:
        The body with the member put in at its beginning, or with its `false` replaced; every other byte is as it was.
        *body* itself where it is true already.

    Raises:
        NotSent: if the body is not understood so well that it is certain what a service makes of it.
    """
    shape = load_contract().request_shape
    wanted = ("", _POINTER)
    if len(body) > limits.max_bytes:
        raise _unclear(f"the body is larger than {limits.max_bytes:,} bytes")
    if syntax == "json":
        reading = read_json(body, wanted=wanted, limits=limits)
    else:
        reading = read_xml(body, shape, wanted=wanted, limits=limits)
    _refuse_doubt(reading)
    value = reading.value.get(_NAME)
    if value is True:
        return body
    if value is not False and _NAME in reading.value:
        raise _unclear(f"its {_NAME} is neither true nor false")
    text = body.decode()
    return (_with_json if syntax == "json" else _with_xml)(text, reading).encode()


def _refuse_doubt(reading: Reading) -> None:
    """Refuse what another reader may take for something else.

    Raises:
        NotSent: if there is such a thing.
    """
    if not isinstance(reading.value, dict):
        detail = reading.problems[0].detail if reading.problems else "it is not an object"
        raise _unclear(f"the body cannot be read: {detail}" if reading.value is None else "the root is not an object")
    if len(reading.problems) >= MAX_PROBLEMS:
        raise _unclear("more is wrong with the body than can be told")
    for problem in reading.problems:
        if problem.kind == "duplicate":
            raise _unclear("a member is repeated, and services differ in which one counts")
        if problem.pointer.count("/") < 2 and _is_like(problem.detail):  # noqa: PLR2004 - of the root, or a child of it
            raise _unclear(f"beside {_NAME} there is something of nearly the same name")
    if any(_is_like(name) and name != _NAME for name in reading.value):
        raise _unclear(f"beside {_NAME} there is something of nearly the same name")


def _is_like(name: str) -> bool:
    """Whether a service that is careless of case, prefixes and hyphens may take *name* for ours."""
    return re.sub("[^a-z]", "", name.rpartition(":")[2].casefold()) == "skiptriggers"


def _with_json(text: str, reading: Reading) -> str:
    place = reading.starts.get(_POINTER)
    if place is not None:
        return f"{text[:place]}true{text[place + len(_FALSE) :]}"
    after = reading.starts[""] + 1
    comma = ", " if reading.value else ""
    return f'{text[:after]}"{_NAME}": true{comma}{text[after:]}'


def _with_xml(text: str, reading: Reading) -> str:
    place = reading.starts.get(_POINTER)
    tag = _start_tag.match(text, reading.starts[""] if place is None else place)
    if tag is None:  # never: expat has read it
        raise _unclear("its tags cannot be told apart")
    if place is not None:
        end = _content.match(text, tag.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
        return f"{text[: tag.end()]}true{text[end:]}"
    element = f"<{_NAME}>true</{_NAME}>"
    if tag[1]:
        return f"{text[: tag.start(1)]}>{element}</xml>{text[tag.end() :]}"
    return f"{text[: tag.end()]}{element}{text[tag.end() :]}"


def _unclear(reason: str) -> NotSent:
    return NotSent(f"{_NAME} cannot be set in it: {reason}")
