"""Archives of orders, as a shop would keep them: each order is another one, and nearly all of them keep every rule.

They are made from a seed, so that they are the same in every run and on every machine.
"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.conversion import write_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Order = dict[str, Any]
    Change = Callable[[Order, random.Random], None]

HUNDRED: Final = 100  # of so many orders in a row, one is broken
_SEED: Final = 75
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_CENTS: Final = 100
_COMMENTS: Final = (
    "leave at the door, please",
    "call before delivery",
    "Позвонить за час до доставки",
    "Оставить возле двери, домофон не работает",
    "no change needed",
)


@dataclass(frozen=True, slots=True)
class Archive:
    """A file of orders, one on each line, or a folder with a file for each.

    Attributes:
        path: Where it is.
        records: How many orders it holds.
        broken: How many of them have errors.
        errors: How many errors they have.
        warnings: How many warnings all orders have.
    """

    path: Path
    records: int
    broken: int
    errors: int
    warnings: int = 0

    @property
    def size(self) -> int:
        """How many bytes the orders take."""
        files = self.path.iterdir() if self.path.is_dir() else [self.path]
        return sum(file.stat().st_size for file in files)


def iter_orders(count: int, change: Change | None = None) -> Iterator[Order]:
    """Yield so many orders.

    Args:
        count: How many.
        change: What happens to each; None breaks one in a hundred.
    """
    draw = random.Random(_SEED)  # noqa: S311 - nothing here is secret
    unlucky = -1
    for number in range(count):
        order = make_order(draw, number)
        if number % HUNDRED == 0:
            unlucky = number + draw.randrange(HUNDRED)
        if change is not None:
            change(order, draw)
        elif number == unlucky:
            break_order(order, draw)
        yield order


def make_order(draw: random.Random, number: int) -> Order:
    """Return an order that keeps all rules."""
    lines = [_make_line(draw, f"{number}-{place}") for place in range(1, draw.randint(1, 3) + 1)]
    total = sum(_cents(line["base_price_per_item"]) * line["count"] for line in lines)
    due = sum(_cents(line["final_price_per_item"]) * line["count"] for line in lines)
    delivery = draw.choice((0, 0, 30_000))
    data: Order = {
        "endpoint": draw.choice(("bot", "site", "app")),
        "status": "confirmed",
        "create_time": _make_time(draw),
        "currency": draw.choices(("RUB", "KZT", "BYN"), (90, 7, 3))[0],
        "region": draw.choice(("region_moscow", "region_spb", "region_kazan")),
        "delivery_cost": _price(delivery),
        "total_price": _price(total),
        "final_total_price": _price(due + delivery),
        "lines": lines,
        "custom_fields": {
            "channel": "web",
            "shop": f"Moscow-{draw.randint(1, 50)}",
            "comment": draw.choice(_COMMENTS),
            "campaign": "autumn_sale_2025",
            "source": "telegram_bot",
            "gift": _happens(draw, 10),
        },
        "tags": draw.sample(("new", "promo", "premium", "first_order"), 2),
    }
    if _happens(draw, 30):
        data["promocodes"] = [{"code": f"SPRING{draw.randint(1, 999)}", "pool_id": 42}]
    if _happens(draw, 5):
        _redeem(data, draw.randint(1, 500))
    return {
        "token": "0123456789abcdef0123456789abcdef",
        "external_id": f"order_{number}",
        **_make_customer(draw, number),
        "skip_triggers": False,
        "data": data,
    }


def break_order(order: Order, draw: random.Random) -> None:
    """Make one error, which a schema of either language can tell."""
    data = order["data"]
    line = data["lines"][0]
    match draw.randrange(5):
        case 0:
            data["currency"] = data["currency"].lower()
        case 1:
            del line["sku"], line["product"]
        case 2:
            data["total_price"] = data["total_price"].replace(".", ",")
        case 3:
            line["count"] = 0
        case _:
            del data["endpoint"]


def warn(order: Order, _: random.Random) -> None:
    """Make one warning."""
    order["data"]["final_price"] = "1.00"


def ruin_order(order: Order, _: random.Random) -> None:
    """Make five errors."""
    data = order["data"]
    line = data["lines"][0]
    data |= {"currency": "rub", "total_price": "2 500,00", "endpoint": ""}
    line["count"] = "1"
    del line["sku"], line["product"]


def write_ndjson(
    path: Path, count: int, change: Change | None = None, *, errors: int = 1, warnings: int = 0
) -> Archive:
    """Write orders as JSON, one on each line.

    Args:
        path: Of the file.
        count: How many orders.
        change: As of `iter_orders`.
        errors: How many of them each order has that was changed.
        warnings: How many of them each order has that was changed.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{_json(order)}\n" for order in iter_orders(count, change))
    changed = count if change is not None else count // HUNDRED
    return Archive(path, count, changed if errors else 0, changed * errors, changed * warnings)


def write_xml_lines(path: Path, count: int) -> Archive:
    """Write orders as XML, one on each line."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{xml}\n" for xml in _iter_xml(count))
    return Archive(path, count, count // HUNDRED, count // HUNDRED)


def write_xml_files(folder: Path, count: int) -> Archive:
    """Write the same orders as XML, each to a file of its own."""
    folder.mkdir()
    for number, xml in enumerate(_iter_xml(count)):
        (folder / f"order-{number:06}.xml").write_text(f"{xml}\n", encoding="utf-8", newline="\n")
    return Archive(folder, count, count // HUNDRED, count // HUNDRED)


def repeat(archive: Archive, path: Path, times: int) -> Archive:
    """Write the lines of an archive again and again."""
    with path.open("wb") as file:
        for _ in range(times):
            file.write(archive.path.read_bytes())
    numbers = (archive.records, archive.broken, archive.errors, archive.warnings)
    return Archive(path, *(number * times for number in numbers))


def compress(archive: Archive, path: Path) -> Archive:
    """Write an archive again, compressed."""
    with archive.path.open("rb") as file, gzip.open(path, "wb", compresslevel=1) as packed:
        while part := file.read(1 << 20):
            packed.write(part)
    return Archive(path, archive.records, archive.broken, archive.errors, archive.warnings)


def read_lines(archive: Archive, count: int) -> list[bytes]:
    """Return the first so many lines."""
    with archive.path.open("rb") as file:
        return [line for line, _ in zip(file, range(count), strict=False)]


def _iter_xml(count: int) -> Iterator[str]:
    for order in iter_orders(count):
        # No text of an order has a line break, so those between elements are all there are.
        lines = write_xml(order, "request", strict=False).split("\n")
        yield _DECLARATION + "".join(line.strip() for line in lines)


def _make_customer(draw: random.Random, number: int) -> Order:
    kind = draw.choices(("email", "profile_id", "phone"), (45, 45, 10))[0]
    values = {"email": f"user{number}@example.com", "profile_id": f"{number:024x}", "phone": f"+7900{number:07}"}
    return {kind: values[kind]}


def _make_line(draw: random.Random, name: str) -> Order:
    base = draw.randint(1_000, 500_000)
    final = base * draw.randint(70, 100) // 100
    line: Order = {
        "external_id": name,
        "sku": f"SKU-{draw.randint(10_000, 99_999)}",
        "product": f"prod-{draw.randint(1, 99_999)}",
        "count": draw.randint(1, 3),
        "base_price_per_item": _price(base),
        "final_price_per_item": _price(final),
    }
    if _happens(draw, 15):
        line["min_price_per_item"] = _price(final * draw.randint(50, 100) // 100)
    if _happens(draw, 40):
        discount = {"type": "discount", "promotion": {"external_id": "summer"}, "amount": _price(base - final)}
        line["requested_promotions"] = [discount]
    elif _happens(draw, 30):
        line["requested_promotions"] = [_points("accrue_points", "cashback", draw.randint(1, 50))]
    return line


def _points(kind: str, name: str, amount: int) -> Order:
    points = {"points_currency_eid": "bonus", "amount": f"{amount}"}
    return {"type": kind, "promotion": {"external_id": name}, "amount": f"{amount}", "points_info": points}


def _redeem(data: Order, amount: int) -> None:
    """Let an order be paid with points, in part."""
    data["redeem_points"] = [{"points_currency_eid": "bonus", "amount": amount}]
    data["requested_promotions"] = [_points("redeem_points", "redemption", amount)]


def _happens(draw: random.Random, percent: int) -> bool:
    return draw.randrange(100) < percent


def _make_time(draw: random.Random) -> str:
    day = f"2025-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    time = f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"
    return f"{day}T{time}.{draw.randint(0, 999):03}{draw.choices(('Z', '+03:00'), (80, 20))[0]}"


def _cents(price: str) -> int:
    return int(price.replace(".", ""))


def _price(cents: int) -> str:
    return f"{cents // _CENTS}.{cents % _CENTS:02}"


def _json(order: Order) -> str:
    return json.dumps(order, ensure_ascii=False, separators=(",", ":"))
