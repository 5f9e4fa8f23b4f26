"""The price list of the stub: what an item costs now, so that an order with another price is outdated."""

from __future__ import annotations

import csv
import json
import os
import re
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import AltcraftContractError, ConfigurationFault, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_CHECK_EVERY: Final = 200  # milliseconds
_LONGEST_EXPONENT: Final = 10_000
_SHOWN: Final = 60  # characters of a value that a message shows
_plain_decimal = re.compile(r"[0-9]+(?:\.[0-9]+)?").fullmatch

_Signature = tuple[int, int, int] | None


def check_price(value: object, *, where: str = "price") -> Decimal:
    """The price that *value* says: a text such as `"100.00"`, a `Decimal` or a whole number, not below zero.

    Raises:
        ConfigurationFault: if it says none; *where* names the place.
    """
    if isinstance(value, str):
        if _plain_decimal(value):
            return Decimal(value)
    elif isinstance(value, float):
        raise ConfigurationFault(
            where, f'{value!r} is a binary number, which is not exact; write it as text: "{value}"'
        )
    elif isinstance(value, Decimal):
        if value.is_finite() and value >= 0 and abs(value.adjusted()) <= _LONGEST_EXPONENT:
            return value
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Decimal(value)
    raise ConfigurationFault(where, f'{_shown(value)} is no price; write it as text, digits with a point: "100.00"')


def check_prices(prices: object, *, where: str = "prices") -> dict[str, Decimal]:
    """A price list given as a mapping of product ids and SKU ids to prices.

    Raises:
        ConfigurationFault: if it is no mapping, or an item has no price; it names the item.
    """
    if not isinstance(prices, Mapping):
        raise ConfigurationFault(where, f'{_shown(prices)} is no price list; write {{"SKU-1": "100.00"}}')
    return {_check_item(item, where): check_price(value, where=_place(where, item)) for item, value in prices.items()}


def load_prices(path: str | os.PathLike[str]) -> dict[str, Decimal]:
    """Load a price list.

    Args:
        path: A file in UTF-8: `.json` or `.toml`, ids of products and SKUs with their prices at the top or under
            `prices`; or `.csv`, with a header that has `item` and `price`.

    Returns:
        The ids and their prices.

    Raises:
        ConfigurationFault: if it holds no price list, names an item twice, or is of another kind; it names the item.
        UnreadableFile: if it cannot be read.
    """
    name = os.fspath(path)
    read = _READERS.get(Path(name).suffix.lower())
    if read is None:
        raise ConfigurationFault(name, f"a price list is one of {', '.join(_READERS)}; rename or convert it")
    try:
        text = Path(name).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(name, f"{error.strerror or error}; give the path of a price list") from error
    except ValueError as error:
        raise UnreadableFile(name, "is not UTF-8; save it as UTF-8") from error
    return read(text, name)


class PriceFile(Mapping[str, Decimal]):
    """A price list that follows its file.

    The file is looked at when a price is asked for, and read again when it has changed. While it is bad, the last good
    list holds.

    Args:
        path: The file, as for `load_prices`.
        check_every: Milliseconds for which the file is not looked at again.
        on_fault: Called with the fault once when the file becomes bad, and again only after it has been good.
        clock: Seconds that never go back.

    Raises:
        AltcraftContractError: if the file is bad at the start, as `load_prices` does.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        check_every: int = _CHECK_EVERY,
        on_fault: Callable[[AltcraftContractError], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = os.fspath(path)
        self._interval = check_every / 1000
        self._on_fault = on_fault
        self._clock = clock
        self._lock = Lock()
        self._is_good = True
        self._signature = _signature(self.path)
        self._prices = load_prices(self.path)
        self._looked = clock()

    def __getitem__(self, item: str) -> Decimal:
        return self.current()[item]

    def __iter__(self) -> Iterator[str]:
        return iter(self.current())

    def __len__(self) -> int:
        return len(self.current())

    def __repr__(self) -> str:
        return f"PriceFile({self.path!r})"

    def current(self) -> Mapping[str, Decimal]:
        """The list as the file has it now; what was returned does not change any more."""
        fault = None
        with self._lock:
            now = self._clock()
            if now - self._looked >= self._interval:
                self._looked = now
                fault = self._look()
            prices = self._prices
        if fault is not None and self._on_fault is not None:
            self._on_fault(fault)
        return prices

    def _look(self) -> AltcraftContractError | None:
        """Read the file if it has changed; return the fault if it has become bad."""
        signature = _signature(self.path)
        if signature == self._signature:
            return None
        self._signature = signature  # taken before reading: a change in between shows next time
        try:
            self._prices = load_prices(self.path)
        except AltcraftContractError as fault:
            was_good, self._is_good = self._is_good, False
            return fault if was_good else None
        self._is_good = True
        return None


def _signature(path: str) -> _Signature:
    try:
        status = os.stat(path)  # noqa: PTH116 - asked for often
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read_json(text: str, name: str) -> dict[str, Decimal]:
    def check_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
        _check_unique((item for item, _ in members), name)
        return dict(members)

    try:
        return _read_table(json.loads(text, object_pairs_hook=check_members), name)
    except (ValueError, RecursionError) as error:
        raise ConfigurationFault(name, f"is no JSON ({_first_line(error)}); mend it") from error


def _read_toml(text: str, name: str) -> dict[str, Decimal]:
    import tomllib  # noqa: PLC0415 - few price lists need it

    try:
        return _read_table(tomllib.loads(text), name)
    except (ValueError, RecursionError) as error:
        raise ConfigurationFault(name, f"is no TOML ({_first_line(error)}); mend it") from error


def _read_table(value: Any, name: str) -> dict[str, Decimal]:
    if isinstance(value, dict) and isinstance(value.get("prices"), dict):
        if len(value) > 1:
            other = next(item for item in value if item != "prices")
            raise ConfigurationFault(name, f"{_shown(other)} stands beside `prices`; move it there")
        value = value["prices"]
    return check_prices(value, where=name)


def _read_csv(text: str, name: str) -> dict[str, Decimal]:
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    prices: dict[str, Decimal] = {}
    try:
        if not {"item", "price"} <= set(rows.fieldnames or ()):
            raise ConfigurationFault(name, "has no header with `item` and `price`; begin it with the line item,price")
        for row in rows:
            item = _check_item(row["item"], f"{name}, line {rows.line_num}")
            _check_unique((*[item] * (item in prices), item), name)
            prices[item] = check_price(row["price"], where=_place(name, item))
    except csv.Error as error:
        raise ConfigurationFault(name, f"is no CSV (line {rows.line_num}: {error}); mend it") from error
    return prices


_READERS: Final[Mapping[str, Callable[[str, str], dict[str, Decimal]]]] = {
    ".json": _read_json,
    ".toml": _read_toml,
    ".csv": _read_csv,
}


def _check_item(item: object, where: str) -> str:
    if not isinstance(item, str) or not item:
        raise ConfigurationFault(where, f"{_shown(item)} names no item; give the id of a product or of a SKU")
    return item


def _check_unique(items: Iterable[str], where: str) -> None:
    seen = set()
    for item in items:
        if item in seen:
            raise ConfigurationFault(where, f"{_shown(item)} has two prices; keep one")
        seen.add(item)


def _place(where: str, item: object) -> str:
    return f"{where}, item {_shown(item)}"


def _first_line(error: BaseException) -> str:
    return _cut(str(error).partition("\n")[0])


def _shown(value: object) -> str:
    try:
        return _cut(repr(value))
    except ValueError:  # a whole number of more digits than Python writes
        return f"a value of type {type(value).__name__}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
