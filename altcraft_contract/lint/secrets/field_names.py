"""What the name of a secret field says about its value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from altcraft_contract.renderers.secret_names import fold

if TYPE_CHECKING:
    from altcraft_contract.lint.secrets.places import Kind

_SHOWN: Final = frozenset(
    {
        "token", "access_token", "api_token", "auth_token", "session_token", "api_key", "apikey", "x-api-key",
        "authorization", "x-auth-token", "x-api-token", "altcraft_token", "password", "secret", "client_secret",
        "email", "user_email", "phone", "user_phone",
    }
)  # fmt: skip
_tokens = re.compile("token|auth|bearer|secret|passw|pwd|key|credential|токен|парол").search
_addresses = re.compile("mail|почт").search
_numbers = re.compile("phone|msisdn|mobile|tel|телефон").search
_camel = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_about = re.compile(
    r"[_.-](?:hash|count|type|format|length|verified|confirmed|at|status|limit|in|url|expires?)$"
).search
_identifies = re.compile(r"[_.-](?:ids?|code|country)$").search
_RELATIVES: Final[dict[str, Kind]] = {
    "token": "token",
    "authorization": "token",
    "email": "email",
    "phone": "phone",
    "telephone": "phone",
}


@lru_cache(maxsize=1024)
def kind_of_name(name: str) -> Kind | None:
    """What the values of a secret field are; None if it tells of one, such as `phone_type`, without holding it."""
    parts = _camel.sub("_", name).lower()
    if _about(parts):
        return None
    folded = fold(name)
    if _tokens(folded):
        return "token"
    if _identifies(parts):
        return None
    if _addresses(folded):
        return "email"
    if _numbers(folded):
        return "phone"
    from altcraft_contract.rules.nearest import find_nearest  # noqa: PLC0415 - only a slip of the pen needs it

    return _RELATIVES.get(find_nearest(folded, list(_RELATIVES)) or "", "token")


def shown_name(name: str) -> str | None:
    """*name* as a message may show it; None if it is none that is known: a damaged one may hold a part of a value."""
    return name if name.lower() in _SHOWN else None
