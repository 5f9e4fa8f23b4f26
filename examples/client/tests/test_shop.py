"""The shop's own tests: the fixtures of altcraft-contract stand in for Altcraft."""

from decimal import Decimal

import pytest

from shop.answers import OrderOutdated, OutcomeUnknown
from shop.json_client import JsonClient
from shop.orders import Item, Order
from shop.xml_client import XmlClient

ORDER = Order("A-1", "nina@example.com", (Item("mug", 2, Decimal("19.90"), Decimal("17.90")),))


@pytest.fixture(params=[JsonClient, XmlClient])
def client(request, altcraft_stub):
    client = request.param(altcraft_stub.base_url, altcraft_stub.token)
    yield client
    client.close()


def test_an_order_is_confirmed(client, altcraft_stub):
    client.confirm(ORDER)
    assert altcraft_stub.journal[0].external_id == "A-1"


def test_an_outdated_order_is_calculated_anew(client, altcraft_stub):
    altcraft_stub.set_prices({"mug": "21.00"})
    with pytest.raises(OrderOutdated):
        client.confirm(ORDER)


@pytest.mark.altcraft_scenarios("http-502-html", "connection-reset", "empty-body")
@pytest.mark.usefixtures("altcraft_scenario")
def test_what_nobody_knows_is_not_sent_again(client, altcraft_stub):
    with pytest.raises(OutcomeUnknown):
        client.confirm(ORDER)
    assert altcraft_stub.journal.received == 1


def test_a_coupon_reaches_the_customer(client):
    confirmed = client.confirm(Order(**{**vars(ORDER), "coupon_wanted": ("welcome", "Welcome back")}))
    assert len(confirmed.coupons) == 1


@pytest.mark.altcraft_live
def test_an_order_is_confirmed_on_staging_too(client):
    client.confirm(ORDER)


def test_wherever_a_call_goes_it_is_checked(altcraft_capture):
    """No server is needed to see that a request is right."""
    with pytest.raises(OutcomeUnknown):
        JsonClient("http://127.0.0.1:9", "some-token").confirm(ORDER)
    (call,) = altcraft_capture.calls
    assert call.exception == "ConnectionError"
