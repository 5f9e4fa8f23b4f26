"""Two versions of the contract to the changes between them.

Requests and responses have opposite directions. A client sends requests, so it breaks where a request may hold less
than before; it reads responses, so it breaks where a response may hold more, or lacks what was always there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.contract import MESSAGES
from altcraft_contract.evolution.changes import Change, sides_of
from altcraft_contract.evolution.claims import Claim, Claims, Key, canonical, claims_of
from altcraft_contract.evolution.effects import effects_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from altcraft_contract.contract import Contract, Message
    from altcraft_contract.evolution.changes import Effect, Subject

_ENDPOINT: Final = ("method", "path")  # what of source.toml a caller goes by
_SOURCE: Final = ("product", "page", "page_updated")
_NOTHING: Final = Claim(None, None)


def compare_contracts(old: Contract, new: Contract) -> tuple[Change, ...]:
    """What changes from *old* to *new*.

    Returns:
        The changes about the endpoint, about requests and about responses, each in the order of the documentation.

    Raises:
        UnusableContract: if a contract in a directory is damaged.
    """
    return (*_iter_source_changes(old, new), *(c for message in MESSAGES for c in _Comparison(old, new, message).run()))


def _iter_source_changes(old: Contract, new: Contract) -> Iterator[Change]:
    for name in (*_ENDPOINT, *_SOURCE):
        before, after = (_plain(contract.source.get(name)) for contract in (old, new))
        if before != after:
            effect: Effect = "replaced" if name in _ENDPOINT else "none"
            text = f"the {name.replace('_', ' ')} was {_shown(before)}, and is {_shown(after)} now"
            yield Change("endpoint", "", name, None, "", before, after, sides_of("endpoint", effect), text)
    for name in sorted({*old.examples, *new.examples}):
        if old.examples.get(name) != new.examples.get(name):
            before, after = (name if name in contract.examples else None for contract in (old, new))
            text = f"the documented example {name} is another one"
            yield Change("endpoint", "", "example", None, "", before, after, (), text)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else str(value)


class _Difference(NamedTuple):
    """What differs about one claim."""

    key: Key
    before: Claim
    after: Claim


class _Comparison:
    """The changes of one message."""

    def __init__(self, old: Contract, new: Contract, message: Message) -> None:
        self.subject: Subject = message
        self.old: Claims = claims_of(old, message)
        self.new: Claims = claims_of(new, message)
        self.settled: list[tuple[str, str]] = []  # places below which, and conditions under which, nothing more is told

    def run(self) -> Iterator[Change]:
        order = {pointer: index for index, pointer in enumerate(_merged([*self.old.fields], [*self.new.fields]))}
        changes = [*self.fields(), *self.types(), *self.claims()]
        return iter(sorted(changes, key=lambda change: order.get(change.pointer, -1)))

    def fields(self) -> Iterator[Change]:
        """The fields that came and went, without those within them."""
        for pointer in self.old.fields:
            if pointer not in self.new.fields and not self.is_settled(pointer):
                self.settled.append((pointer, ""))
                # A reader of requests that still gets it overlooks it: what the client meant is lost.
                effect: Effect = "narrowed" if self.subject == "request" else "widened"
                text = "is no longer documented; it was " + self.described(self.old, pointer)
                yield self.change(pointer, "field", effect, text, before=self.old.fields[pointer])
        for pointer in self.new.fields:
            if pointer not in self.old.fields and not self.is_settled(pointer):
                self.settled.append((pointer, ""))
                yield self.new_field(pointer)

    def new_field(self, pointer: str) -> Change:
        demands = [key for key in self.new.said if key.pointer == pointer and key.keyword == "required"]
        required = min(demands, key=lambda key: len(key.condition), default=None)
        condition = required.condition if required is not None else ""
        rule = self.new.said[required].rule if required is not None else None
        effect: Effect = "narrowed" if required is not None else "widened"
        if effect == "widened" and self.subject == "response":
            effect = "none"  # readers overlook what they do not know
        text = f"is new: {self.described(self.new, pointer)}"
        return self.change(
            pointer, "field", effect, text, after=self.new.fields[pointer], condition=condition, rule=rule
        )

    def described(self, claims: Claims, pointer: str) -> str:
        required = any(key.keyword == "required" for key in claims.said if key.pointer == pointer)
        kind = claims.fields[pointer] or "value"
        return f"{'a required' if required else 'an optional'} {kind}"

    def types(self) -> Iterator[Change]:
        """The places whose type is another one; all else that is said there is told by that."""
        for difference in self.differences():
            key, before, after = difference
            if key.keyword != "type" or self.is_settled(key.pointer, key.condition) or before.value == after.value:
                continue
            for effect, text, was, now in effects_of("type", before.value, after.value):
                if effect == "replaced":
                    self.settled.append((key.pointer, key.condition))
                yield self.change(
                    key.pointer,
                    "type",
                    effect,
                    text,
                    before=was,
                    after=now,
                    condition=key.condition,
                    rule=after.rule or before.rule,
                )

    def claims(self) -> Iterator[Change]:
        """All other changes."""
        for key, before, after in self.differences():
            if self.is_settled(key.pointer, key.condition):
                continue
            rule = after.rule or before.rule
            if canonical(before.value) == canonical(after.value):
                text = f"the rule for {key.keyword} was {_shown(before.rule)}, and is {_shown(after.rule)} now"
                yield self.change(
                    key.pointer,
                    key.keyword,
                    "none",
                    text,
                    before=before.rule,
                    after=after.rule,
                    condition=key.condition,
                    rule=rule,
                )
                continue
            if key.keyword == "type":
                continue
            for effect, text, was, now in effects_of(key.keyword, before.value, after.value):
                yield self.change(
                    key.pointer, key.keyword, effect, text, before=was, after=now, condition=key.condition, rule=rule
                )

    def differences(self) -> Iterator[_Difference]:
        for key in _merged([*self.old.said], [*self.new.said]):
            before, after = self.old.said.get(key, _NOTHING), self.new.said.get(key, _NOTHING)
            if canonical(before) != canonical(after):
                yield _Difference(key, before, after)

    def is_settled(self, pointer: str, condition: str = "") -> bool:
        return any(
            f"{pointer}/".startswith(f"{place}/") and condition.startswith(under) for place, under in self.settled
        )

    def change(
        self,
        pointer: str,
        keyword: str,
        effect: Effect,
        text: str,
        *,
        before: Any = None,
        after: Any = None,
        condition: str = "",
        rule: str | None = None,
    ) -> Change:
        sentence = f"{text}, {condition}" if condition else text
        breaks = sides_of(self.subject, effect)
        return Change(self.subject, pointer, keyword, rule, condition, before, after, breaks, sentence)


def _merged(old: list[Any], new: list[Any]) -> list[Any]:
    """Both lists in one, the items of *new* that *old* lacks behind the one that they follow there."""
    merged = dict.fromkeys(old)
    if all(item in merged for item in new):
        return old
    result, behind = [*old], -1
    for item in new:
        if item in merged:
            behind = result.index(item)
        else:
            behind += 1
            result.insert(behind, item)
    return result


def _shown(value: Any) -> str:
    return "nothing" if value is None else f"`{value}`"
