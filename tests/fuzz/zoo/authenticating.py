"""Servers that take wrong tokens, or break down over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fuzz.zoo.behaviour import TOKEN, Behaviour
from tests.fuzz.zoo.fault import Fault
from tests.fuzz.zoo.samples import ABSENT, raw, sent, sent_plain
from tests.fuzz.zoo.stumbling import breaking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.zoo.behaviour import Exchange
    from tests.fuzz.zoo.client import Sent


def _fault(name: str, description: str, behaviour: Behaviour, *witness: Sent, hard: bool = False) -> Fault:
    return Fault(
        name=f"token-{name}",
        family="authentication",
        description=description,
        told_by="authentication",
        behaviour=behaviour,
        witness=witness,
        is_hard=hard,
    )


def _bearing(token: str) -> Sent:
    """A plain order whose token stands in a header."""
    return raw(sent_plain({"/token": ABSENT}).body, "json", ("Authorization", f"Bearer {token}"))


def _taking() -> Iterator[Fault]:
    """Tokens that are taken although they are wrong."""

    def row(
        name: str, description: str, takes: Callable[[Exchange], bool], *witness: Sent, hard: bool = False
    ) -> Fault:
        behaviour = Behaviour(knows_token=lambda exchange: exchange.token == TOKEN or takes(exchange))
        return _fault(name, f"Takes {description}", behaviour, *witness, hard=hard)

    def text(exchange: Exchange) -> str:
        return exchange.token if isinstance(exchange.token, str) else ""

    other = sent({"/token": "other"})
    yield row("any", "any token", lambda exchange: bool(exchange.token), other)
    yield row("none", "orders without token", lambda exchange: exchange.token is None, sent({"/token": ABSENT}))
    yield row("empty", "an empty token", lambda exchange: exchange.token == "", sent({"/token": ""}))
    blank = sent({"/token": "   "})
    yield row(
        "blank",
        "a token of spaces",
        lambda exchange: bool(text(exchange)) and not text(exchange).strip(),
        blank,
        hard=True,
    )
    prefix = sent({"/token": TOKEN[:10]})
    yield row(
        "prefix",
        "the beginning of the token",
        lambda exchange: bool(text(exchange)) and TOKEN.startswith(text(exchange)),
        prefix,
    )
    longer = sent({"/token": f"{TOKEN}x"})
    yield row(
        "with-more",
        "the token with more behind it",
        lambda exchange: text(exchange).startswith(TOKEN),
        longer,
        hard=True,
    )
    spaced = sent({"/token": f" {TOKEN} "})
    yield row(
        "with-spaces", "the token within spaces", lambda exchange: text(exchange).strip() == TOKEN, spaced, hard=True
    )
    lower = sent({"/token": TOKEN.lower()})
    yield row(
        "in-any-capitals", "the token in any capitals", lambda exchange: text(exchange).lower() == TOKEN.lower(), lower
    )
    of_length = sent({"/token": "x" * len(TOKEN)})
    yield row(
        "of-any-letters",
        "every token of the right length",
        lambda exchange: len(text(exchange)) == len(TOKEN),
        of_length,
    )
    yield row(
        "any-in-xml",
        "any token in XML",
        lambda exchange: exchange.syntax == "xml",
        sent({"/token": "other"}, "xml"),
        hard=True,
    )
    yield row(
        "none-in-xml",
        "XML orders without token",
        lambda exchange: exchange.syntax == "xml" and exchange.token is None,
        sent({"/token": ABSENT}, "xml"),
        hard=True,
    )
    with_codes = lambda exchange: bool(exchange.data.get("promocodes"))  # noqa: E731 - beside its use
    yield row("any-with-promocodes", "any token with promo codes", with_codes, other, hard=True)
    yield row(
        "any-of-phone",
        "any token with `phone`",
        lambda exchange: "phone" in exchange.value,
        sent_plain({"/token": "other", "/phone": "+79991234567"}),
        hard=True,
    )
    yield row(
        "any-bearer",
        "any token in `Authorization`",
        lambda exchange: "token" not in exchange.value and exchange.token is not None,
        _bearing("other"),
        hard=True,
    )
    yield row(
        "any-after-a-right-one",
        "any token on a connection that had the right one",
        lambda exchange: exchange.previous is not None and bool(exchange.token),
        sent(),
        other,
        hard=True,
    )


def _breaking() -> Iterator[Fault]:
    """Breakdowns over tokens."""
    other = sent({"/token": "other"})

    def is_wrong(exchange: Exchange) -> bool:
        return exchange.token != TOKEN

    yield _fault("500-on-wrong", "Answers HTTP 500 to a wrong token", breaking(is_wrong, "500"), other)
    yield _fault(
        "500-on-missing",
        "Answers HTTP 500 without a token",
        breaking(lambda exchange: exchange.token is None, "500"),
        sent({"/token": ABSENT}),
    )
    in_xml = breaking(lambda exchange: exchange.syntax == "xml" and is_wrong(exchange), "drop")
    yield _fault(
        "drop-on-wrong-in-xml",
        "Drops the connection for a wrong token in XML",
        in_xml,
        sent({"/token": "other"}, "xml"),
        hard=True,
    )
    yield _fault(
        "hang-on-empty",
        "Does not answer an empty token",
        breaking(lambda exchange: exchange.token == "", "hang"),
        sent({"/token": ""}),
        hard=True,
    )
    bearer = Behaviour(knows_token=lambda exchange: exchange.value.get("token") == TOKEN)
    yield _fault("never-in-header", "Refuses the right token in `Authorization`", bearer, _bearing(TOKEN))


AUTHENTICATING: Final = (*_taking(), *_breaking())
"""Faults of this family."""
