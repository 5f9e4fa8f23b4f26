"""Both clients take every answer that Altcraft documents, and those that go wrong on the way."""

from contextlib import closing

from altcraft_contract.testing import ClientSuite, Confirmation, Outcome
from shop.answers import OrderOutdated, OrderRefused, OutcomeUnknown
from shop.json_client import JsonClient
from shop.xml_client import XmlClient


def report(client, order):
    """What the shop tells its customer."""
    try:
        confirmed = client.send(order)
    except OrderOutdated:
        return Outcome.OUTDATED
    except OrderRefused:
        return Outcome.REFUSED
    except OutcomeUnknown:
        return Outcome.UNKNOWN
    return Confirmation(Outcome.SUCCESS, promocodes=confirmed.coupons)


class TestJsonClient(ClientSuite):
    patience = 2.0

    def confirm(self, order):
        with closing(JsonClient(self.base_url, self.token, timeout=0.5)) as client:
            return report(client, order)


class TestXmlClient(ClientSuite):
    patience = 2.0

    def confirm(self, order):
        with closing(XmlClient(self.base_url, self.token, timeout=0.5)) as client:
            return report(client, order)
