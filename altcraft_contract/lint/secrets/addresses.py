"""Whether a value could be somebody's e-mail address."""

from __future__ import annotations

import re
from typing import Final

_RESERVED_DOMAINS: Final = ("example.com", "example.net", "example.org", "example.edu", "home.arpa")
"""With everything below them: RFC 2606, section 3; example.edu is kept by EDUCAUSE; RFC 8375."""

_RESERVED_ENDINGS: Final = frozenset({"example", "test", "invalid", "localhost", "local", "internal"})
"""Top-level domains that are given to nobody: RFC 6761 and RFC 6762; ICANN's resolution 2024.07.29.06."""

_ENDINGS_OF_FILES: Final = "css gif htm html ico jpeg jpg js json md pdf png py svg toml ts txt webp xml xsd yaml yml"
_NO_ENDINGS: Final = frozenset(_ENDINGS_OF_FILES.split())  # `icon@2x.png`

_NOBODYS: Final = frozenset({"noreply", "donotreply", "nereply", "mailerdaemon"})  # without `-`, `_` and `.`
_PERSONS: Final = """
    a abc account admin b bar baz buyer client customer email example foo foobar jane janedoe john johndoe johnsmith
    klient mail me member mymail myname name nobody pochta pokupatel qwerty sample shopper somebody someone test tester
    testuser user userexample username x xxx you your youremail yourmail yourname imya ivan ivanov ivanivanov vasya
    pupkin vasyapupkin
"""
_SAMPLE_PERSONS: Final = frozenset({"", *_PERSONS.split()})
_DOMAINS: Final = """
    abc bar baz company companyname domain domainname foo foobar host hostname mycompany mydomain myshop
    mysite sample server shop site somewhere test testing website yourcompany yourdomain yourshop yoursite
"""
_SAMPLE_DOMAINS: Final = frozenset(_DOMAINS.split())  # not `mail` or `email`, which have users
_EXAMPLE_LABELS: Final = frozenset({"example", "yourdomain", "yourcompany", "mydomain", "mycompany", "primer"})

_ending = re.compile(r"[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59}").fullmatch
_template = re.compile(r"[%$*…]|x{3,}|#").search
_no_letter = re.compile(r"[\W\d_]+")
_separator = re.compile(r"[-_.]+")


def is_real_address(value: str) -> bool:
    """Whether *value*, an address by its form, may have an owner."""
    person, _, domain = value.lower().rpartition("@")
    labels = domain.rstrip(".").split(".")
    ending = labels[-1]
    if not person or len(labels) == 1 or _ending(ending) is None or ending in _NO_ENDINGS or _template(value.lower()):
        return False
    if ending in _RESERVED_ENDINGS or ".".join(labels[-2:]) in _RESERVED_DOMAINS:
        return False
    if _separator.sub("", person) in _NOBODYS or _EXAMPLE_LABELS.intersection(labels):
        return False
    name = labels[-2]
    return not (name in _SAMPLE_DOMAINS and _no_letter.sub("", person) in _SAMPLE_PERSONS)
