"""The conformance suite, driven over clients with one fault each and over clients without any."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Final, NamedTuple

# What inner runs import is imported here once: each of them would load it anew.
import aiohttp
import httpx
import pytest
import requests
import urllib3
from lxml import etree

from altcraft_contract.stub import SCENARIOS
from altcraft_contract.testing import ClientSuite
from altcraft_contract.testing.client_suite.expectations import EXPECTATIONS
from altcraft_contract.testing.client_suite.orders import ORDERS
from altcraft_contract.validation import check_request

if TYPE_CHECKING:
    from collections.abc import Callable

_LOADED: Final = (aiohttp, etree, httpx, requests, urllib3)
CLIENTS: Final = Path(__file__).parents[1] / "testing" / "clients"
TOKEN: Final = "stub-token-7f3a91c2"  # noqa: S105 - the made-up one of the plugin

# How the adapters of the tests tell what the clients return; most clients return the text of an outcome.
_AS_TEXT: Final = "return client.confirm(order, self.base_url, self.token)"
_AS_DICTIONARY: Final = """
    result = client.confirm(order, self.base_url, self.token)
    return Confirmation(result["outcome"], result["codes"])
"""
_READERS: Final = {
    "requests_json": """
        words = {"confirmed": Outcome.SUCCESS, "outdated": Outcome.OUTDATED, "refused": Outcome.REFUSED}
        return words.get(client.confirm(order, self.base_url, self.token), Outcome.UNKNOWN)
    """,
    "httpx_json": """
        try:
            return Confirmation(Outcome.SUCCESS, client.confirm(order, self.base_url, self.token))
        except client.Outdated:
            return Outcome.OUTDATED
        except client.Refused:
            return Outcome.REFUSED
    """,
    "aiohttp_json": """
        outcome, codes = await client.confirm(order, self.base_url, self.token)
        return Confirmation(outcome, codes)
    """,
    "urllib3_xml": """
        try:
            return Outcome.SUCCESS if client.confirm(order, self.base_url, self.token) else Outcome.REFUSED
        except client.ShopError as error:
            return error.args[0]
    """,
    "http_200_is_success": """
        is_confirmed = client.confirm(order, self.base_url, self.token)
        return Outcome.SUCCESS if is_confirmed else Outcome.UNKNOWN
    """,
    "html_is_success": """
        answers = {True: Outcome.SUCCESS, None: Outcome.OUTDATED, False: Outcome.REFUSED}
        return answers[client.confirm(order, self.base_url, self.token)]
    """,
    "empty_answer_is_refusal": """
        answers = {True: Outcome.SUCCESS, "outdated": Outcome.OUTDATED, False: Outcome.REFUSED}
        return answers[client.confirm(order, self.base_url, self.token)]
    """,
    **dict.fromkeys(
        ("httpclient_xml", "missing_lists", "null_lists", "one_item_is_no_list", "one_code_is_letters"), _AS_DICTIONARY
    ),
}
