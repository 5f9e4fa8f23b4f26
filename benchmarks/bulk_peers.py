"""Loops over an archive with one document on each line, as anyone would write them: each in a process of its own.

    python benchmarks/bulk_peers.py NAME FILE [COUNT]

Prints how many documents there were, how many of them the loop found broken, and the seconds from the first line that
was read to the last verdict. What loads and compiles is not in these.
"""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from altcraft_contract.contract import load_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    IsBroken = Callable[[bytes], Any]


def make_jsonschema() -> IsBroken:
    """jsonschema, which finds all errors."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - each process loads one library

    iter_errors = Draft202012Validator(load_contract().request_schema).iter_errors
    return lambda line: sum(1 for _ in iter_errors(json.loads(line)))


def make_jsonschema_rs() -> IsBroken:
    """jsonschema-rs, which gives a verdict, behind the quickest parser."""
    import orjson  # noqa: PLC0415 - as above
    from jsonschema_rs import Draft202012Validator  # noqa: PLC0415 - as above

    is_valid, parse = Draft202012Validator(dict(load_contract().request_schema)).is_valid, orjson.loads
    return lambda line: not is_valid(parse(line))


def make_xmlschema() -> IsBroken:
    """xmlschema, which finds all errors."""
    from xmlschema import XMLSchema11  # noqa: PLC0415 - as above

    iter_errors = XMLSchema11(str(load_contract().xsd_path("request"))).iter_errors
    return lambda line: sum(1 for _ in iter_errors(ET.fromstring(line)))  # noqa: S314 - written by the benchmark


def make_lines() -> IsBroken:
    """Nothing but to read the lines."""
    return lambda _: False


def make_json() -> IsBroken:
    """The parser of the standard library."""
    return _parse_by(json.loads)


def make_orjson() -> IsBroken:
    """The quickest parser."""
    import orjson  # noqa: PLC0415 - as above

    return _parse_by(orjson.loads)


def make_jiter() -> IsBroken:
    """The parser that we use, as we use it."""
    import jiter  # noqa: PLC0415 - as above

    parse = jiter.from_json
    return _parse_by(lambda line: parse(line, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys"))


def make_lxml() -> IsBroken:
    """The parser of libxml2, which builds a tree."""
    from lxml import etree  # noqa: PLC0415 - as above

    return _parse_by(etree.fromstring)


def make_expat() -> IsBroken:
    """Expat, which calls nothing."""

    def parse(line: bytes) -> None:
        expat.ParserCreate().Parse(line, True)  # noqa: FBT003 - Expat's

    return _parse_by(parse)


def _parse_by(parse: Callable[[bytes], object]) -> IsBroken:
    """Parse and find nothing."""

    def run(line: bytes) -> bool:
        parse(line)
        return False

    return run


MAKERS: Final = {
    "jsonschema": make_jsonschema,
    "jsonschema-rs": make_jsonschema_rs,
    "xmlschema": make_xmlschema,
    "lines": make_lines,
    "json": make_json,
    "orjson": make_orjson,
    "jiter": make_jiter,
    "lxml": make_lxml,
    "expat": make_expat,
}


def main(arguments: list[str]) -> None:
    """Run the loop and print what came of it."""
    name, file, *rest = arguments
    is_broken = MAKERS[name]()
    count = int(rest[0]) if rest else None
    records = broken = 0
    with Path(file).open("rb") as lines:
        begin = perf_counter()
        for line in islice(lines, count):
            records += 1
            if is_broken(line):
                broken += 1
        seconds = perf_counter() - begin
    print(json.dumps({"records": records, "broken": broken, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1:])
