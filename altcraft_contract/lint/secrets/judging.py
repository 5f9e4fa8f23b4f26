"""From values that are to be judged to secrets, and the words in which they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from altcraft_contract.lint.secrets.addresses import is_real_address
from altcraft_contract.lint.secrets.allow_list import digest_of
from altcraft_contract.lint.secrets.field_names import shown_name
from altcraft_contract.lint.secrets.numbers import is_real_number
from altcraft_contract.lint.secrets.places import iter_candidates
from altcraft_contract.lint.secrets.tokens import find_shape, token_in
from altcraft_contract.renderers.decoded_text import DecodedText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.lint.secrets.allow_list import Allowed
    from altcraft_contract.lint.secrets.places import Candidate

_TABLE: Final = "[tool.altcraft-contract.secrets]"
_TOKEN_HINT: Final = (
    "revoke it if it was ever real, and write a sample such as `your-api-token`; "
    'if it opens nothing, put "{digest}" into `allow` of ' + _TABLE
)
_ADDRESS_HINT: Final = (
    "write an address at `example.com`; if it belongs to nobody, put it, or `*@` and its domain, into `allow` of "
    + _TABLE
)
_NUMBER_HINT: Final = (
    "write a number kept for examples, such as one from (202) 555-0100 to 555-0199; if it belongs to nobody, "
    "put it into `allow` of " + _TABLE
)


class Disclosure(NamedTuple):
    """A secret that was found.

    Attributes:
        rule: Id of the rule.
        offset: Where it stands in the text, in characters from 0.
        value: The secret.
        message: What was found, without the secret.
        hint: What to do about it.
    """

    rule: str
    offset: int
    value: str
    message: str
    hint: str


def iter_disclosures(text: str, allow: Allowed, *, is_message: bool) -> Iterator[Disclosure]:
    """The secrets in *text* that are not allowed, in no order.

    Args:
        text: A message, or a file that holds messages among other things.
        allow: What is no secret.
        is_message: Whether *text* is a message of its own.
    """
    decoded = DecodedText(text)
    for candidate in iter_candidates(decoded.text, is_message=is_message):
        told = _JUDGES[candidate.kind](candidate)
        if told is not None and not allow.allows(told.value):
            yield told._replace(offset=decoded.place(candidate.start + told.offset))


def _judge_token(candidate: Candidate) -> Disclosure | None:
    shape = find_shape(candidate.value)
    if shape is None:
        return None
    token = token_in(candidate.value)
    message = f"{_subject(candidate, 'a field for secrets')} holds {shape}, as a real token does; expected a sample"
    hint = _TOKEN_HINT.format(digest=digest_of(token))
    return Disclosure("secret-token", candidate.value.find(token), token, message, hint)


def _judge_address(candidate: Candidate) -> Disclosure | None:
    if not is_real_address(candidate.value):
        return None
    message = f"{_subject(candidate, 'the text')} holds an e-mail address at a domain that is not kept for examples"
    return Disclosure("secret-email", 0, candidate.value, message, _ADDRESS_HINT)


def _judge_number(candidate: Candidate) -> Disclosure | None:
    if not is_real_number(candidate.value):
        return None
    message = f"{_subject(candidate, 'the text')} holds a telephone number that is not kept for examples"
    return Disclosure("secret-phone", 0, candidate.value.strip(), message, _NUMBER_HINT)


_JUDGES: Final = {"token": _judge_token, "email": _judge_address, "phone": _judge_number}


def _subject(candidate: Candidate, otherwise: str) -> str:
    name = shown_name(candidate.field)
    return f"`{name}`" if name is not None else otherwise
