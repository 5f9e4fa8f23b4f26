"""Which addresses and telephone numbers are taken for somebody's."""

from __future__ import annotations

import re

import pytest

from altcraft_contract.lint.secrets.addresses import is_real_address
from altcraft_contract.lint.secrets.numbers import digits_of, is_real_number
from altcraft_contract.lint.secrets.reserved_numbers import RESERVED_RANGES, ReservedRange

REAL_ADDRESSES = """
anna.petrova@mail.ru test@gmail.com petrov+shop@yandex.ru a.b@company-group.ru user@mail.ru info@shop-kazan.ru
anna@xn--80aswg.xn--p1ai анна@почта.рф ANNA@MAIL.RU petrova@company.com john.doe@gmail.com o'neil@corp.ie
""".split()  # noqa: SIM905 - as a table
SAMPLE_ADDRESSES = """
customer@example.com a@example.org a@example.net a@example.edu a@mail.example.com a@shop.example a@shop.test
a@x.invalid a@x.localhost root@printer.local a@db.internal user@domain.com name@company.com test@test.com test@test.ru
foo@bar.com your@yourdomain.ru user123@domain.com anna@example.ru no-reply@shop-kazan.ru noreply@mail.ru
do.not.reply@company.com icon@2x.png a***a@mail.ru user-%d@mail.ru user@localhost user@domain xxxx@mail.ru a@b.c
ivanov@company.com
""".split()  # noqa: SIM905 - as a table
REAL_NUMBERS = [
    "+79455718264",
    "89455718264",
    "9455718264",
    "79455718264",
    "8 (945) 571-82-64",
    "+7 945 571 82 64",
    "+375 20 183-74-65",
    "+44 4911 483716",
    "0049 10 90183746",
    "+1 415 167 2904",
]
SAMPLE_NUMBERS = [
    "+79991234567",
    "+7 999 123-45-67",
    "8 (999) 123-45-67",
    "+7 (900) 000-00-00",
    "+70000000000",
    "+71234567890",
    "+79000000000",
    "+79999999999",
    "+79161234567",
    "+79876543210",
    "+79121212121",
    "+12025550123",
    "202-555-0199",
    "+1 (555) 867-5309",
    "+447700900461",
    "07700 900461",
    "+442079460123",
    "01632 960983",
    "+61 2 5550 1873",
    "0491 570 156",
    "+4930 23125 483",
    "+33 6 39 98 41 27",
    "12345",
    "+7945571",
    "5718264",
    "+0123987465",
    "no number",
    "",
]


@pytest.mark.parametrize("value", REAL_ADDRESSES)
def test_an_address_that_may_have_an_owner_is_found(value: str) -> None:
    """An address at a domain that people can own is taken for somebody's, whatever stands before the `@`."""
    assert is_real_address(value)


@pytest.mark.parametrize("value", SAMPLE_ADDRESSES)
def test_an_address_of_nobody_passes(value: str) -> None:
    """Reserved domains, samples as people write them, and addresses that nobody reads are no findings."""
    assert not is_real_address(value)


@pytest.mark.parametrize("value", REAL_NUMBERS)
def test_a_number_that_may_have_an_owner_is_found(value: str) -> None:
    """A whole number is found however it is spelt, with its country code or without."""
    assert is_real_number(value)


@pytest.mark.parametrize("value", SAMPLE_NUMBERS)
def test_a_number_of_nobody_passes(value: str) -> None:
    """Numbers that are set aside, runs, repeated digits and what is too short are no findings."""
    assert not is_real_number(value)


@pytest.mark.parametrize("reserved", RESERVED_RANGES, ids=lambda reserved: reserved.digits)
def test_a_reserved_range_is_whole_and_sourced(reserved: ReservedRange) -> None:
    """Each row of the table is a pattern of digits, and says what the numbers are for and who keeps them."""
    assert re.compile(reserved.digits).fullmatch("") is None
    assert reserved.purpose
    assert reserved.source


def test_a_number_has_one_form() -> None:
    """However a Russian number is spelt, its digits are the same."""
    spelt = ["+7 (945) 571-82-64", "8 945 571 82 64", "9455718264", "79455718264"]

    assert {digits_of(value) for value in spelt} == {"79455718264"}
