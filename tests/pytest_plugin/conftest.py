"""Runs pytest in pytest, as a client repository would."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

STRICT = ("-p", "no:cacheprovider", "--strict-markers", "--strict-config", "-W", "error")
CLIENT = """
    import requests


    def confirm(url, order, token, **changes):
        order = {**order, "token": token, "data": {**order["data"], **changes}}
        return requests.post(url, json=order, timeout=10).json()
"""


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    """Runs a module of tests beside a small client, as strictly as pytest can be, in a process apart if need be."""
    pytester.makepyfile(client=dedent(CLIENT))
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")

    def run(source: str, *arguments: str, is_apart: bool = False) -> pytest.RunResult:
        pytester.makepyfile(test_client=dedent(source))
        start = pytester.runpytest_subprocess if is_apart else pytester.runpytest_inprocess
        return start(*STRICT, *arguments)

    return run
