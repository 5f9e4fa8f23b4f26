"""A shop whose orders come mostly in JSON; each user waits a second or two between two of them."""

from locust import between

from altcraft_contract.load import OrderUser


class Shop(OrderUser):
    """Nine users of ten send JSON."""

    syntax = "json"
    weight = 9
    wait_time = between(1, 2)


class Partner(OrderUser):
    """The tenth sends XML, in large orders, and wants an answer within a second."""

    syntax = "xml"
    lines = (10, 20)
    latency_limit = 1.0
    wait_time = between(1, 2)
