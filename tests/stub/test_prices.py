"""The price list of the stub."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault, UnreadableFile
from altcraft_contract.stub.prices import PriceFile, check_price, check_prices, load_prices

if TYPE_CHECKING:
    from pathlib import Path


def _kind(value: object) -> str:
    """The name of a case: pytest cannot write a very long number."""
    return type(value).__name__


_PRICES = {"SKU-1": Decimal("100.00"), "кружка, белая": Decimal(5)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prices.json", '{"SKU-1": "100.00", "кружка, белая": 5}'),
        ("prices.json", '\ufeff{"prices": {"SKU-1": "100.00", "кружка, белая": "5"}}'),
        ("prices.toml", '"SKU-1" = "100.00"\n"кружка, белая" = 5\n'),
        ("prices.TOML", '[prices]\nSKU-1 = "100.00"\n"кружка, белая" = "5"\n'),
        ("prices.csv", 'item,price\nSKU-1,100.00\n\n"кружка, белая",5\n'),
        ("prices.csv", '\ufeffname,price,item\r\nMug,100.00,SKU-1\r\n,5,"кружка, белая"\r\n'),
    ],
)
def test_a_price_list_is_loaded(tmp_path: Path, name: str, text: str) -> None:
    """Each form of a price list gives the same prices, exactly as written."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    prices = load_prices(path)
    assert prices == _PRICES
    assert str(prices["SKU-1"]) == "100.00"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("p.json", '{"SKU-1": 100.5}', r'item \'SKU-1\': 100.5 is a binary number.*write it as text: "100.5"'),
        ("p.toml", "SKU-1 = 100.5", r"item 'SKU-1': 100.5 is a binary number"),
        ("p.json", '{"SKU-1": "1,5"}', r"item 'SKU-1': '1,5' is no price; write it as text"),
        ("p.json", '{"SKU-1": NaN}', r"item 'SKU-1': nan is a binary number"),
        ("p.json", '{"SKU-1": "1", "SKU-1": "2"}', "'SKU-1' has two prices; keep one"),
        ("p.json", '{"SKU-1": null}', "item 'SKU-1': None is no price"),
        ("p.json", '{"": "1"}', "'' names no item"),
        ("p.json", '{"prices": {}, "SKU-1": "1"}', "'SKU-1' stands beside `prices`; move it there"),
        ("p.json", '["SKU-1"]', "is no price list; write"),
        ("p.json", '{"SKU-1":', "is no JSON .*; mend it"),
        ("p.json", '{"SKU-1": ' + "9" * 5000 + "}", "is no JSON .*; mend it"),
        ("p.json", "[" * 100_000, "is no JSON .*; mend it"),
        ("p.toml", "SKU-1", "is no TOML .*; mend it"),
        ("p.toml", 'a = "1"\na = "2"', "is no TOML .*; mend it"),
        ("p.csv", "SKU-1,100.00\n", "no header with `item` and `price`"),
        ("p.csv", "", "no header with `item` and `price`"),
        ("p.csv", "item,price\nSKU-1,1\nSKU-1,1\n", "'SKU-1' has two prices"),
        ("p.csv", "item,price\nSKU-1\n", "item 'SKU-1': None is no price"),
        ("p.csv", "item,price\n,1\n", "line 2: '' names no item"),
        ("p.csv", 'item,price\n"SKU-1,1\n', r"is no CSV \(line 1: .*\); mend it"),
        ("p.yaml", "SKU-1: 1", "is one of .json, .toml, .csv; rename or convert it"),
    ],
)
def test_a_bad_price_list_is_told(tmp_path: Path, name: str, text: str, reason: str) -> None:
    """What cannot be used is told with the file, the item and a remedy."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ConfigurationFault, match=reason) as caught:
        load_prices(path)
    assert caught.value.where.startswith(str(path))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A missing file, and one that is no text, are faults of the path."""
    with pytest.raises(UnreadableFile, match="give the path of a price list"):
        load_prices(tmp_path / "missing.json")
    path = tmp_path / "prices.csv"
    path.write_bytes(b"item,price\n\xff,1\n")
    with pytest.raises(UnreadableFile, match="save it as UTF-8"):
        load_prices(path)


@pytest.mark.parametrize("value", ["0", "100.00", "0010", Decimal("1.5"), 5, "9" * 10_000, 10**10_000], ids=_kind)
def test_a_price_is_exact(value: Any) -> None:
    """Texts, decimals and whole numbers are taken as they are, however long."""
    assert check_price(value) == Decimal(value)


@pytest.mark.parametrize(
    "value",
    [
        "", " 1", "1\n", "-1", "+1", "1e5", "1.", ".5", "1,5", "NaN", "\N{ARABIC-INDIC DIGIT ONE}", -1, True,
        None, [], -(10**10_000),
        Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("1E+999999999"), 1.5, float("nan"),
    ],
    ids=_kind,
)  # fmt: skip
def test_what_is_no_price_is_refused(value: Any) -> None:
    """Only plain decimals from zero on are prices, and the message says how to write one."""
    with pytest.raises(ConfigurationFault, match=r"^here: .*write it as text"):
        check_price(value, where="here")


def test_a_mapping_of_prices_is_checked() -> None:
    """A mapping gives a list of its own, and what is no mapping of texts to prices is refused."""
    given = {"SKU-1": "100.00"}
    assert check_prices(given) == {"SKU-1": Decimal(100)}
    with pytest.raises(ConfigurationFault, match="1 names no item"):
        check_prices({1: "1"})
    with pytest.raises(ConfigurationFault, match="is no price list"):
        check_prices("SKU-1")


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds since it was made."""
        return self.now


def _write(path: Path, text: str, clock: Clock) -> None:
    """Write a list at another time than the one before, and let the interval pass."""
    clock.now += 1
    path.write_text(text)
    os.utime(path, ns=(int(clock.now) * 10**9,) * 2)


def test_a_price_file_follows_its_file(tmp_path: Path) -> None:
    """A changed file is read again, though not before the interval is over."""
    path, clock = tmp_path / "prices.json", Clock()
    _write(path, '{"SKU-1": "1"}', clock)
    prices = PriceFile(path, check_every=500, clock=clock)
    before = prices.current()
    assert dict(prices) == {"SKU-1": Decimal(1)}

    path.write_text(json.dumps({"SKU-1": "22", "SKU-2": "3"}))
    assert prices["SKU-1"] == 1
    clock.now += 0.5
    assert prices["SKU-1"] == 22
    assert len(prices) == 2
    assert before == {"SKU-1": Decimal(1)}


def test_a_bad_price_file_is_told_once(tmp_path: Path) -> None:
    """While the file is bad the last good list holds, and each time that it becomes bad is told once."""
    path, clock = tmp_path / "prices.json", Clock()
    faults: list[AltcraftContractError] = []
    _write(path, '{"SKU-1": "1"}', clock)
    prices = PriceFile(path, on_fault=faults.append, clock=clock)

    for text in ("{", '{"SKU-1": 1.5}'):
        _write(path, text, clock)
        assert prices["SKU-1"] == 1
        assert len(faults) == 1
    path.unlink()
    clock.now += 1
    assert prices["SKU-1"] == 1
    assert len(faults) == 1

    _write(path, '{"SKU-1": "2"}', clock)
    assert prices["SKU-1"] == 2
    path.unlink()
    clock.now += 1
    assert prices.get("SKU-1") == 2
    assert [type(fault) for fault in faults] == [ConfigurationFault, UnreadableFile]


def test_a_price_file_that_is_bad_at_first_is_refused(tmp_path: Path) -> None:
    """There is no last good list to begin with."""
    with pytest.raises(UnreadableFile):
        PriceFile(tmp_path / "missing.json")
