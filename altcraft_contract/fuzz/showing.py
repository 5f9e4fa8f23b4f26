"""How a request is shown: as text with placeholders for what is secret, and as a command that sends it again."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from xml.parsers.expat import ExpatError

from altcraft_contract.documents.xml_elements import read_elements
from altcraft_contract.endpoint import ENDPOINT_METHOD
from altcraft_contract.fuzz.identity import DERIVED_TOKENS, PLACEHOLDERS, STAND_INS
from altcraft_contract.renderers.redaction import MASK, Redactor, redact_text, secrets_of
from altcraft_contract.renderers.secret_names import is_secret_name
from altcraft_contract.renderers.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from altcraft_contract.fuzz.case import Case
    from altcraft_contract.fuzz.failure import Received

LONGEST_IN_CURL: Final = 20_000  # bytes of a body that a command line still holds
_EXPECT: Final = 1_024  # bytes of a body from which some versions of curl ask before they send it
_HEAD_TIMEOUT: Final = 10  # seconds: curl waits for the body that an answer to HEAD announces and does not have

_FROM_TOKEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wrong": "sed 's/[^a]/_/g; s/a/b/g; s/_/a/g'",
        "half": "awk '{ print substr($0, 1, int((length($0) + 1) / 2)) }'",
        "swapped-case": "tr a-zA-Z A-Za-z",
    }
)
"""Name of a token that is not the right one to the command that makes it of the right one."""

_BEARERS: Final = {"header": STAND_INS.token, "wrong-header": DERIVED_TOKENS["wrong"]}
_FRAMINGS: Final = {"chunked": ("Transfer-Encoding", "chunked"), "expect-continue": ("Expect", "100-continue")}

_PRINTF: Final = {"%": "%%", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_surrogate = re.compile("[\ud800-\udfff]")
_line_end = re.compile(r"\r\n|\n|\r")


def shown_body(case: Case) -> str:
    r"""The body as text, with `$ALTCRAFT_TOKEN` and the like for stand-ins; bytes that are no UTF-8 as `\xNN`."""
    return with_placeholders(case.body.decode(errors="backslashreplace"))


def with_placeholders(text: str) -> str:
    """*text*, of a request, with the name of the variable, after a dollar sign, for each stand-in."""
    for stand_in, name in PLACEHOLDERS.items():
        text = text.replace(stand_in, f"${name}")
    return text


def is_text(body: bytes) -> bool:
    """Whether *body* is UTF-8 without characters that no text file has."""
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False


def request_headers(case: Case) -> tuple[tuple[str, str], ...]:
    """The headers of a request that tell something, in the order in which they are shown; no secret."""
    return tuple((name, with_placeholders(value)) for name, value in _raw_headers(case))


def _raw_headers(case: Case) -> Iterator[tuple[str, str]]:
    """The same, with stand-ins."""
    if case.content_type is not None:
        yield "Content-Type", case.content_type
    if case.credentials in _BEARERS:
        yield "Authorization", f"Bearer {_BEARERS[case.credentials]}"
    if case.framing in _FRAMINGS:
        yield _FRAMINGS[case.framing]
    yield from case.headers


def safe(text: str) -> str:
    """*text*, which the target may have had a hand in: without what looks like a secret, and as Unicode text.

    Characters that move the cursor or hide something are still in it.
    """
    return safe_unicode(redact_text(text))


def safe_unicode(text: str) -> str:
    """*text* with escapes for halves of surrogate pairs, which no file can hold."""
    return _surrogate.sub(lambda found: visible(found[0]), text)


def safe_body(text: str) -> str:
    """The body of an answer, as `safe` would have it; of a body with secrets in its fields, and of a damaged one, less.

    The sentences of an envelope are best left whole: in `invalid token: not found` there is no secret.
    """
    plain = redact_text(text)
    return safe_unicode(plain if plain == text and not _holds_secret(text) else Redactor(text).source)


def _holds_secret(text: str) -> bool:
    """Whether a field has the name of a secret, or *text* is no document."""
    try:
        if text.lstrip()[:1] in ("{", "["):
            return bool(secrets_of(json.loads(text)) - {MASK})
        if "<!" in text:
            return True
        return any(map(_is_secret, read_elements(text.encode()).iter()))
    except (ValueError, RecursionError, ExpatError):
        return bool(text)


def _is_secret(element: Element) -> bool:
    told = (element.text or "").strip() not in ("", MASK) or len(element) > 0
    return (told and is_secret_name(element.tag)) or any(map(is_secret_name, element.attrib))


def safe_line(text: str) -> str:
    """*text* as `safe` leaves it, on one line, with every character in print."""
    return visible(" ".join(safe(text).split()))


def safe_headers(received: Received) -> tuple[tuple[str, str], ...]:
    """The headers of an answer, without what is secret by the name of its header or looks like it."""
    return tuple(
        (safe_line(name), MASK if is_secret_name(name) or "cookie" in name.lower() else safe_line(value))
        for name, value in received.headers
    )


def printable_lines(text: str) -> list[str]:
    """The lines of *text*, with every character in print."""
    return [visible(line.replace("\t", "    ")) for line in _line_end.split(text)]


def curl_line(case: Case, url: str) -> str | None:
    """A command for a POSIX shell that sends *case* to *url*; None if its body is too long for a command line.

    It takes the token from `$ALTCRAFT_TOKEN`, and the member from `$ALTCRAFT_EMAIL` and `$ALTCRAFT_PHONE`, or another.
    """
    if len(case.body) > LONGEST_IN_CURL:
        return None
    source, body = _body_arguments(case.body)
    return " ".join([*source, "curl", "-sS", *_options(case, url), *_header_arguments(case), *body, _quoted(url)])


def _options(case: Case, url: str) -> Iterator[str]:
    if url.startswith("https:"):
        yield "--http1.1"
    if case.method == "HEAD":
        yield f"-m {_HEAD_TIMEOUT}"
    if case.method != ENDPOINT_METHOD:
        yield f"-X {_quoted(case.method)}"


def _header_arguments(case: Case) -> Iterator[str]:
    if case.content_type is None:
        yield "-H 'Content-Type:'"
    for name, value in _raw_headers(case):
        yield f"-H {_word(f'{name}: {value}' if value else f'{name};')}"
    if case.framing != "expect-continue" and len(case.body) > _EXPECT:
        yield "-H 'Expect:'"


def _body_arguments(body: bytes) -> tuple[list[str], list[str]]:
    """What stands before `curl`, and what hands it the body."""
    text = body.decode("utf-8", "surrogateescape")
    if text.isprintable():
        return [], [f"--data-raw {_word(text)}"]
    parts = _split(text)
    written = "".join("%s" if part in _SHELL else _printf(part) for part in parts)
    values = [f'"{_SHELL[part]}"' for part in parts if part in _SHELL]
    written = written.replace("-", "\\055", 1) if written.startswith("-") else written  # it would be an option
    return [f"printf '{written}'", *values, "|"], ["--data-binary @-"]


def _made_of_token(name: str) -> str:
    return f'$(printf %s "${PLACEHOLDERS[STAND_INS.token]}" | {_FROM_TOKEN[name]})'


_SHELL: Final[Mapping[str, str]] = MappingProxyType(
    {
        STAND_INS.token: f"${PLACEHOLDERS[STAND_INS.token]}",
        STAND_INS.email: f"${{{PLACEHOLDERS[STAND_INS.email]}:-ann@example.com}}",
        STAND_INS.phone: f"${{{PLACEHOLDERS[STAND_INS.phone]}:-+79991234567}}",
        **{stand_in: _made_of_token(name) for name, stand_in in DERIVED_TOKENS.items() if name in _FROM_TOKEN},
    }
)
"""Stand-in to what a shell puts in its place, between double quotes."""

_stand_in = re.compile("({})".format("|".join(map(re.escape, _SHELL))))


def _split(text: str) -> list[str]:
    """*text* in parts, each of which is a stand-in or holds none."""
    return [part for part in _stand_in.split(text) if part]


def _printf(text: str) -> str:
    """*text*, bytes that are no UTF-8 as lone surrogates, as `printf` takes it between single quotes."""
    return "".join(_printf_character(character) for character in text)


def _printf_character(character: str) -> str:
    if character in _PRINTF:
        return _PRINTF[character]
    if character.isprintable() and character != "'":
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _word(text: str) -> str:
    """*text*, which may hold stand-ins, as one word of a shell."""
    return "".join(f'"{_SHELL[part]}"' if part in _SHELL else _quoted(part) for part in _split(text)) or "''"


def _quoted(text: str) -> str:
    """*text* as one word of a shell."""
    if text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    return f"\"$(printf '{_printf(text)}')\""
