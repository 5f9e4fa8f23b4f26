"""What a text of another form was probably meant to be, and what to do where that is not plain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST = 40  # characters of a text that is written out
_FAR = 100  # characters of a text that is looked at; what is longer is nothing of the kind
_decimal = re.compile(r"[0-9]+(?:\.[0-9]+)?").fullmatch
_thousands = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}").fullmatch  # 1,500 may be 1500 or 1.5
_groups = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}").fullmatch
_MONEY: Final = r"(?:[$\u00a3\u00a5\u20a0-\u20cf]|[A-Z]{3}|[Рр]уб(?:\.|л[а-я]{1,4})?|[Рр]\.?|тг\.?|грн\.?)"  # noqa: RUF001 - Russian
_price = re.compile(rf"(?:{_MONEY}\s*)?([+-]?[0-9.,\s'\u2019_]*[0-9][.,]?)(?:\s*{_MONEY})?").fullmatch
_CODES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("₽", "руб", "руб.", "рубль", "рублей", "rouble", "ruble", "rubles", "643"), "RUB"),  # noqa: RUF001 - Russian
    **dict.fromkeys(("€", "euro", "евро", "978"), "EUR"),
    **dict.fromkeys(("₸", "тенге", "tenge", "398"), "KZT"),
    **dict.fromkeys(("840",), "USD"),
    **dict.fromkeys(("933",), "BYN"),
}
_MONTHS: Final = (
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
)
_HOURS, _MINUTES = 24, 60
_epoch = re.compile(r"([0-9]{9,10})([0-9]{3})?").fullmatch
_DATE_FORMS: Final = tuple(
    re.compile(form).match
    for form in (
        r"(?P<year>[0-9]{4})(?P<mark>[-./])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})(?![0-9])",
        r"(?P<day>[0-9]{1,2})(?P<mark>[-./])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})(?![0-9])",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?=T|$)",
    )
)
_time_of_day = re.compile(
    r"[ \u00a0tT,]+(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})"
    r"(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?P<zone>[zZ]|(?P<offset>[+-][0-9]{2}):?(?P<rest>[0-9]{2}))?"
).fullmatch


class Advice(NamedTuple):
    """What to do about a text.

    Attributes:
        text: What to write instead; None if that is not plain.
        more: What to say beside it, or instead of it.
    """

    text: str | None
    more: str = ""


def mend(rule: str, text: str) -> Advice:
    """What to do about a *text* that breaks *rule*, one of `MENDED`."""
    return _MENDERS[rule](text.strip()) if len(text) <= _FAR else Advice(None)


def _mend_decimal(text: str) -> Advice:
    """A plain decimal: grouping and signs of currency taken out, a decimal comma made a point."""
    match = _price(text)
    plain = re.sub(r"[\s'\u2019_]", "", match[1]).removeprefix("+") if match is not None else ""
    if "," in plain and "." in plain:
        is_english = plain.rindex(".") > plain.rindex(",")
        plain = plain.replace(",", "") if is_english else plain.replace(".", "").replace(",", ".")
    elif _groups(plain):
        plain = plain.replace(",", "")
    elif plain.count(",") == 1 and not _thousands(plain):
        plain = plain.replace(",", ".")
    plain = f"0{plain}" if plain.startswith(".") else plain.removesuffix(".")
    if len(plain) > _LONGEST:
        return Advice(None)
    return Advice(plain if _decimal(plain) or _thousands(plain) or _decimal(plain.removeprefix("-")) else None)


def _mend_currency(text: str) -> Advice:
    """The three letters in capitals, or the code of a sign, a name or a number that is well known."""
    if re.fullmatch(r"[A-Za-z]{3}", text):
        return Advice(text.upper())
    return Advice(_CODES.get(text.lower()))


def _mend_timestamp(text: str) -> Advice:
    """An ISO 8601 time, if *text* is an epoch number or names a day in another way that leaves no doubt."""
    if epoch := _epoch(text):
        from datetime import UTC, datetime  # noqa: PLC0415 - only a finding needs it

        moment = datetime.fromtimestamp(int(epoch[1]), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return Advice(f"{moment}.{epoch[2]}Z" if epoch[2] else f"{moment}Z")
    date = next((match for form in _DATE_FORMS if (match := form(text)) is not None), None)
    rest = text[date.end() :] if date is not None else ""
    time, day = _time_of_day(rest), _day_of(date)
    if day is None or (rest.strip() and time is None):
        return Advice(None)
    impossible = _impossible(*day, time)
    if impossible:
        return Advice(None, impossible)
    written = f"{day[0]:04}-{day[1]:02}-{day[2]:02}"
    if time is None:
        return Advice(written, ", and add the time of day with Z or your offset from UTC")
    return Advice(written + _written_time(time), "" if time["zone"] else ", and add Z or your offset from UTC")


def _day_of(date: re.Match[str] | None) -> tuple[int, int, int] | None:
    """Year, month and day; None if there is none, or it is not certain which is which."""
    if date is None:
        return None
    year, month, day = int(date["year"]), int(date["month"]), int(date["day"])
    mark = date.groupdict().get("mark")
    if mark in (None, ".") or date.start("year") == 0:
        return year, month, day
    if month > len(_MONTHS) >= day:
        return year, day, month  # as written in the USA
    return (year, month, day) if day > len(_MONTHS) else None


def _impossible(year: int, month: int, day: int, time: re.Match[str] | None) -> str:
    """What a calendar or a clock does not have; empty if both have it all."""
    if year == 0:
        return "the calendar begins with the year 0001"
    if not 1 <= month <= len(_MONTHS):
        return "months go from 01 to 12"
    name, days = _MONTHS[month - 1]
    if name == "February" and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        days += 1
    if not 1 <= day <= days:
        return f"{name} {year:04} has {days} days" if day else "days begin with 01"
    if time is not None and int(time["hour"]) >= _HOURS:
        return "hours go from 00 to 23; midnight is 00:00 of the next day"
    if time is not None and max(int(time["minute"]), int(time["second"] or 0)) >= _MINUTES:
        return "minutes and seconds go from 00 to 59"
    return ""


def _written_time(time: re.Match[str]) -> str:
    text = f"T{int(time['hour']):02}:{time['minute']}"
    if time["second"]:
        text += f":{time['second']}"
    if time["fraction"]:
        text += f".{time['fraction']}"
    return f"{text}{time['offset']}:{time['rest']}" if time["offset"] else text + (time["zone"] or "").upper()


_MENDERS: Final[Mapping[str, Callable[[str], Advice]]] = {
    "invalid-decimal": _mend_decimal,
    "invalid-currency": _mend_currency,
    "invalid-timestamp": _mend_timestamp,
}
MENDED: Final = tuple(_MENDERS)
"""The rules about the form of a text, which can be mended."""
