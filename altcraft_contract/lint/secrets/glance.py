"""A first look at a message that most files pass: nothing in it could be a secret."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.lint.secrets.addresses import is_real_address
from altcraft_contract.lint.secrets.tokens import find_shape
from altcraft_contract.renderers.secret_names import is_secret_name

if TYPE_CHECKING:
    from altcraft_contract.documents.document import Document

_LONGEST: Final = 1 << 16  # bytes of a document that is looked at in this way
_declaration = re.compile(rb"\s*<\?xml[^>]*\?>").match
# What the value of an XML document does not show: comments, instructions, sections and attributes.
_unseen = re.compile(rb"<[!?]|=").search
# What a text within a text would need: a separator, or a name beside its value.
_telling = re.compile(
    r"[@+=:<>{\[]|token|mail|phone|auth|pass|secret|key|bearer|(?<![a-z])(?:tel|basic)(?![a-z])", re.IGNORECASE
).search
_time = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,16}Z?").fullmatch
_address = re.compile(r"[\w.-]+@[\w.-]+").fullmatch
_number = re.compile(r"\+[0-9]{8,15}").fullmatch
_plain_token = re.compile(r"[\w.-]+").fullmatch


def is_plainly_clean(document: Document) -> bool:
    """Whether a glance at the values of a message shows that it holds no secret; False if more has to be looked at."""
    data = document.data
    if data is None or document.malformed or document.problems or len(data) > _LONGEST:
        return False
    if document.syntax == "xml":
        declaration = _declaration(data)
        if _unseen(data, declaration.end() if declaration is not None else 0) is not None:
            return False
    return _is_clean(document.value, name="")


def _is_clean(value: Any, *, name: str) -> bool:
    if isinstance(value, dict):
        return all(_is_plain_name(key) and _is_clean(member, name=key) for key, member in value.items())
    if isinstance(value, list):
        return all(_is_clean(item, name=name) for item in value)
    if isinstance(value, str):
        return _is_clean_text(value, is_secret=is_secret_name(name))
    return value is None or isinstance(value, bool) or not is_secret_name(name)


@lru_cache(maxsize=1024)
def _is_plain_name(name: str) -> bool:
    """Whether a member of that name is judged by its value alone: none below a secret name is, nor one of a pair."""
    return name.replace("_", "a").isalnum() and name.isascii() and name not in ("value", "content")


def _is_clean_text(text: str, *, is_secret: bool) -> bool:
    if is_secret:
        if _address(text):
            return not is_real_address(text)
        return _plain_token(text) is not None and not text.isdigit() and find_shape(text) is None
    return _telling(text) is None or _time(text) is not None
