"""Whether a value could be a real token, by its shape and by how much of it is left to chance."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from functools import cache, lru_cache
from typing import Final

from altcraft_contract.lint.secrets.randomness import is_random

_SHORTEST: Final = 12  # characters
_LONGEST: Final = 4096  # characters of a value that are looked at
_PRINTABLE: Final = frozenset(map(chr, range(0x20, 0x7F)))
_HASHED: Final = ("", "test", "password", "secret", "token", "admin", "123456")
_KNOWN_SAMPLES: Final = frozenset(
    {
        "abcdefghijklmnqrstuvwxyz",  # of the vendor's page
        "123e4567-e89b-12d3-a456-426614174000",  # of RFC 9562 and its forerunners, where it is no real one either
        "123e4567-e89b-12d3-a456-426655440000",
        "550e8400-e29b-41d4-a716-446655440000",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",  # a name space of RFC 9562
        "sflkxwrjsmekkf2qt4fwpmejf36pok6yjv_adqssw5c",  # signatures of the samples of jwt.io
        "xbptbpbkbjvpjb3vadasz0xyzd9_5xtrnrvgr0uxqzm",
        "tjva95orm7e2cbab30rmhrhdcefxjoyzgefonfh7hgq",
    }
)
_MARKERS: Final = ("example", "sample", "dummy", "placeholder", "changeme", "redacted", "replaceme", "primer")

_marker = re.compile("|".join(_MARKERS) + r"|(?<![a-z])(?:fake|your|masked|mock|todo|stub)(?![a-z])", re.IGNORECASE)
_scheme = re.compile(r"(?:bearer|basic|digest|token|apikey|api-key|key)\s+(?=\S)", re.IGNORECASE).match
_code = re.compile(r"[A-Za-z_$][\w.$]*[(\[]").match
_url = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE).match
_time = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]{4,6})?)?"
)
# What is filled in later, or was taken out.
_template = re.compile(
    r"\{\{.*?\}\}|\$\{[^}]*+\}|#\{[^}]*+\}|\$\([^)]*+\)|\$[A-Za-z_]\w*+|%[A-Za-z_]\w*+%|%\(\w++\)s|%[sdr]\b|<[^<>]*+>"
    r"|\{[^{}]*+\}|\[[^\[\]]*+\]|@[A-Z_]++@|__\w++__|\*{2,}+|\.{3,}+|…++|[xX]{4,}+|[•█#_-]{4,}+"
)
_hexspeak = re.compile("baadf00d|8badf00d|c0ffee|f00d|b16b00b5|c001d00d", re.IGNORECASE)
_jwt = re.compile(r"eyJ[\w-]+\.[\w-]+\.([\w-]*)$").match
_uuid = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE).fullmatch
_hexadecimal = re.compile(r"[0-9a-f]+|[0-9A-F]+").fullmatch
_base64 = re.compile(r"[\w+/-]+={0,2}").fullmatch
_ODD_BASE64: Final = 1  # characters over a multiple of 4 that base64 never has
_LONG: Final = 20  # characters of what could be a token, though a word says that it is none
_COMMON_LENGTHS: Final = frozenset({32, 40, 64, 96, 128})  # of digests in hexadecimal digits: saying so helps nobody


@cache
def _digests_of_words() -> frozenset[str]:
    from hashlib import md5, sha1, sha256  # noqa: PLC0415 - only hexadecimal digits need it

    return frozenset(
        make(word.encode(), usedforsecurity=False).hexdigest() for word in _HASHED for make in (md5, sha1, sha256)
    )


@lru_cache(maxsize=1024)
def find_shape(value: str) -> str | None:
    """What *value* looks like, in words, if it could be a real token; None if it is a sample, or no token."""
    core = token_in(value)
    if len(core) < _SHORTEST or core.lower() in _KNOWN_SAMPLES:
        return None
    if _url(core) or _code(core):
        return None
    marker = _marker.search(core)
    if marker is not None:  # a word such as `sample` before a token does not vouch for it
        is_before = marker.start() == 0 and core[marker.end() : marker.end() + 1] in ("-", "_", ".", ":")
        core = core[marker.end() + 1 :]
        if not is_before or len(core) < _LONG or _marker.search(core):
            return None
    jwt = _jwt(core)
    if jwt is not None:
        return "a signed JSON Web Token" if find_shape(jwt[1]) is not None else None
    rest = _hexspeak.sub("", _template.sub("", _time.sub("", core)))
    if len(rest) < _SHORTEST or not is_random(rest) or _stands_for_sample(rest):
        return None
    return _shape(rest)


def token_in(value: str) -> str:
    """The token in *value*: without its scheme, and without what was written after it."""
    value = value[:_LONGEST].strip().strip("\"'`,;")
    scheme = _scheme(value)
    if scheme is not None:
        value = value[scheme.end() :]
    words = value.split(None, 1)
    return words[0].rstrip(",;") if words else ""


def _stands_for_sample(value: str) -> bool:
    """Whether *value* is the digest or the encoding of something that is no secret."""
    is_hexadecimal = _hexadecimal(value) is not None
    if is_hexadecimal and value.lower() in _digests_of_words():
        return True
    text = _decoded(value, is_hexadecimal=is_hexadecimal)
    if text is None:
        return False
    user, colon, password = text.partition(":")
    return find_shape(password if colon and user else text) is None


def _decoded(value: str, *, is_hexadecimal: bool) -> str | None:
    """The text that *value* encodes; None if it encodes none that could be read."""
    try:
        if is_hexadecimal:
            data = bytes.fromhex(value)
        elif _base64(value) and len(value.rstrip("=")) % 4 != _ODD_BASE64:
            data = b64decode(value.rstrip("=").translate(str.maketrans("-_", "+/")) + "==")
        else:
            return None
    except (ValueError, Error):
        return None
    text = data.decode("latin-1")
    return text if _PRINTABLE.issuperset(text) else None


def _shape(value: str) -> str:
    if _uuid(value):
        return "a UUID"
    if value.isdigit():
        return "digits in no order"
    if _hexadecimal(value):
        return f"{len(value)} hexadecimal digits" if len(value) in _COMMON_LENGTHS else "hexadecimal digits in no order"
    return "letters and digits in no order" if any(map(str.isdigit, value)) else "letters in no order"
