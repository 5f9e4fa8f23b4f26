"""Whatever the shop sells, the bodies it builds keep the contract, as JSON and as XML."""

from decimal import Decimal

from hypothesis import strategies as st

from altcraft_contract.testing import BuilderSuite
from shop.orders import Item, Order
from shop.payload import build_request, render_xml

prices = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2)
items = st.builds(
    lambda sku, count, price, share: Item(sku, count, price, (price * share).quantize(Decimal("0.01"))),
    sku=st.sampled_from(["mug", "t-shirt", "книга"]),
    count=st.integers(1, 99),
    price=prices,
    share=st.decimals(min_value=0, max_value=1, places=2),
)
orders = st.builds(
    Order,
    number=st.integers(1).map("A-{}".format),
    email=st.just("nina@example.com"),
    items=st.lists(items, min_size=1, max_size=4).map(tuple),
    comment=st.text(max_size=20),
    coupon=st.none() | st.tuples(st.sampled_from(["SPRING", "HELLO"]), st.integers(1, 99)),
    coupon_wanted=st.none() | st.just(("welcome", "Welcome back")),
)


class TestJson(BuilderSuite):
    orders = orders

    def build(self, order):
        return build_request(order, "some-token")


class TestXml(BuilderSuite):
    orders = orders

    def build(self, order):
        return render_xml(build_request(order, "some-token"))
