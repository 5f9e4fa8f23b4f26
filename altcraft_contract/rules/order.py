"""A request as rules with logic look at it: only values without an error of their own can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Unreadable:
    """What stands in place of a value that has an error of its own."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = Unreadable()

Path = tuple[str | int, ...]


def without_unreadable(value: Any, paths: Iterable[Path]) -> Any:
    """A copy of *value* in which the values at *paths* are replaced by `UNREADABLE`; the rest is shared."""
    copies: dict[Path, Any] = {}
    holder = {"": value}
    for path in paths:
        node: Any = holder
        full_path: Path = ("", *path)
        for depth, token in enumerate(full_path[:-1], start=1):
            if full_path[:depth] not in copies:
                child = node[token]
                copies[full_path[:depth]] = node[token] = dict(child) if isinstance(child, dict) else list(child)
            node = copies[full_path[:depth]]
        node[full_path[-1]] = UNREADABLE
    return holder[""]


class Promotion(NamedTuple):
    """A requested promotion and where it stands.

    Attributes:
        line: Index of its line; None for one of the whole order.
        number: Its index in its list.
        members: The promotion.
        type: Its type; None if that cannot be read.
    """

    line: int | None
    number: int
    members: Mapping[str, Any]
    type: str | None

    @property
    def pointer(self) -> str:
        """RFC 6901 pointer to the promotion."""
        place = "/data" if self.line is None else f"/data/lines/{self.line}"
        return f"{place}/requested_promotions/{self.number}"


class Order:
    """A request, taken apart once for all rules.

    Attributes:
        body: The whole request.
        data: Its order; empty if there is none to read.
        lines: Index and line, for the lines that can be read.
        all_lines_readable: Whether there is at least one line, and none that cannot be read.
        promotions: Those of the order and those of its lines, as far as they can be read.
        all_promotions_readable: Whether it is certain that `promotions` are all, and the type of each is known.
    """

    __slots__ = ("all_lines_readable", "all_promotions_readable", "body", "data", "lines", "promotions")

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        data = body.get("data")
        self.data: Mapping[str, Any] = data if type(data) is dict else {}
        self.all_promotions_readable = type(data) is dict
        self.promotions: list[Promotion] = []
        self.lines: list[tuple[int, Mapping[str, Any]]] = []
        lines = self.data.get("lines", [])
        if type(lines) is list:
            self.lines = [(index, line) for index, line in enumerate(lines) if type(line) is dict]
            self.all_lines_readable = 0 < len(self.lines) == len(lines)
            self.all_promotions_readable &= len(self.lines) == len(lines)
        else:
            self.all_lines_readable = self.all_promotions_readable = False
        for index, line in self.lines:
            self._gather(line, index)
        self._gather(self.data, None)

    def _gather(self, holder: Mapping[str, Any], line: int | None) -> None:
        promotions = holder.get("requested_promotions")
        if promotions is None:
            return
        if type(promotions) is not list:
            self.all_promotions_readable = False
            return
        for index, promotion in enumerate(promotions):
            if type(promotion) is not dict:
                self.all_promotions_readable = False
                continue
            kind = promotion.get("type")
            if type(kind) is not str:
                self.all_promotions_readable = False
                kind = None
            self.promotions.append(Promotion(line, index, promotion, kind))
