"""Where the token stands though it should not."""

from __future__ import annotations

import logging
from base64 import b64decode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus

from altcraft_contract.testing.client_suite.report import compose, redact
from altcraft_contract.testing.fixtures import leaks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from altcraft_contract.stub import JournalEntry
    from altcraft_contract.testing.client_suite.trial import Trial

_SHORTEST: Final = 4  # characters; what is shorter is part of too many other words
_MADE_FOR_TOKENS: Final = ("auth", "key", "token")  # in names of headers
_MOST: Final = 5  # places that are shown
_PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Leak(NamedTuple):
    """A place where the token stands.

    Attributes:
        where: The place, as it reads after "the client puts the token into".
        text: What stands there.
    """

    where: str
    text: str


def tokens_of(token: str, entries: Iterable[JournalEntry]) -> frozenset[str]:
    """The token that the client was given, and those that it sent, in each form in which one may be written."""
    tokens = {token}.union(*(leaks.tokens_of(entry.request) for entry in entries))
    forms = (form(text) for text in tokens for form in (str, quote, quote_plus, repr))
    return frozenset(text.strip("'\"") for text in forms if len(text) >= _SHORTEST)


def iter_url_leaks(entries: Iterable[JournalEntry], tokens: frozenset[str]) -> Iterator[Leak]:
    """The URLs of requests that hold the token."""
    for entry in entries:
        query = entry.request.query.decode("latin-1")
        if _holds(f"{query} {unquote_plus(query)}", tokens):
            yield Leak("the query of the URL", f"{entry.request.path}?{query}")
        elif _holds(entry.request.path, tokens):
            yield Leak("the path of the URL", entry.request.path)
        for name, value in entry.request.headers:
            yield from _iter_header_leaks(name.decode("latin-1"), value.decode("latin-1"), tokens)


def _iter_header_leaks(name: str, value: str, tokens: frozenset[str]) -> Iterator[Leak]:
    """A token in a header that is not made for it."""
    if name == "authorization":
        scheme, _, credentials = value.partition(" ")
        if scheme.lower() == "basic" and _holds(_decoded(credentials), tokens):
            yield Leak("the user part of the URL", "Authorization: Basic …")
    elif not any(word in name for word in _MADE_FOR_TOKENS) and _holds(value, tokens):
        yield Leak(f"the header {name.title()}", value)


def _decoded(credentials: str) -> str:
    try:
        return b64decode(credentials, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def iter_log_leaks(records: Iterable[logging.LogRecord], tokens: frozenset[str]) -> Iterator[Leak]:
    """The records of a log that hold the token: in what they say, in the exception they show, in what they carry."""
    formatter = logging.Formatter()
    for record in records:
        try:
            text = formatter.format(record)
        except Exception:  # noqa: BLE001, S112 - a record that cannot be written shows nothing
            continue
        carried = " ".join(str(value) for name, value in vars(record).items() if name not in _PLAIN)
        if _holds(f"{text} {carried}", tokens):
            yield Leak(f"its log ({record.name}, {record.levelname})", text)


def iter_text_leaks(where: str, texts: Iterable[str], tokens: frozenset[str]) -> Iterator[Leak]:
    """Those of *texts* that hold the token."""
    for text in texts:
        if _holds(text, tokens):
            yield Leak(where, text)


def has_url_leak(trial: Trial, token: str) -> bool:
    """Whether the token stands in a URL, which everybody logs: one fault is told once."""
    return any(iter_url_leaks((*trial.sent, *trial.strays), tokens_of(token, trial.sent)))


def judge_leaks(trial: Trial, found: Iterable[Leak], tokens: frozenset[str]) -> str | None:
    """That the token stands where it should not; None if there is no such place."""
    places = list(found)
    if not places:
        return None
    return compose(
        f"the client puts the token into {places[0].where}",
        trial,
        expected="the token only in the body, or in the header Authorization",
        because="documented (neighbouring pages): a token in the URL is insecure; inferred: logs are kept and read",
        advice="send the token in the field token or as Authorization: Bearer, and keep requests out of logs",
        details=[f"{leak.where}: {redact(leak.text, tokens):.300}" for leak in places[:_MOST]],
        tokens=tokens,
    )


@contextmanager
def listening(handler: logging.Handler) -> Iterator[None]:
    """Let *handler* take every record of every logger, of those too that keep their records to themselves."""
    root = logging.getLogger()
    known = [logger for logger in root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    apart = [logger for logger in known if not logger.propagate]
    for logger in apart:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in apart:
            logger.removeHandler(handler)


def _holds(text: str, tokens: frozenset[str]) -> bool:
    return any(token in text for token in tokens)
