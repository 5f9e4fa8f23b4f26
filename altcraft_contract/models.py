"""The messages as types, for type checkers: a request is an `OrderRequest`, a response an `OrderResponse`.

Made from the JSON Schemas by tools/models.py: do not edit. They say names, types and closed sets of values, and which
fields are always required. What depends on other fields, and what values look like, `check_request` says.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

__all__ = [
    "Content",
    "Contents",
    "IssuedPromocodes",
    "Line",
    "Order",
    "OrderRequest",
    "OrderResponse",
    "PointsChange",
    "PointsInfo",
    "Pool",
    "Promocode",
    "Promotion",
    "RedeemedPoints",
    "RequestedPromotion",
    "Result",
    "ResultPointsInfo",
    "ResultPromotion",
]


class Promotion(TypedDict):
    """The promotion, as the installation knows it.

    Attributes:
        external_id: Id of the promotion.
        name: Name of the promotion.
    """

    external_id: str
    name: NotRequired[str]


class PointsInfo(TypedDict):
    """Points of one currency.

    Attributes:
        points_currency_iid: Internal id of the point currency.
        points_currency_eid: External id of the point currency.
        name: Name of the point currency.
        amount: How many points.
        expiration_date: When the points expire.
    """

    points_currency_iid: NotRequired[int]
    points_currency_eid: NotRequired[str]
    name: NotRequired[str]
    amount: str
    expiration_date: NotRequired[str]


class RequestedPromotion(TypedDict):
    """One promotion to apply.

    Attributes:
        type: What the promotion does.
        promotion: The promotion, as the installation knows it.
        amount: The discount, or the number of points.
        points_info: Points of one currency.
    """

    type: Literal["discount", "accrue_points", "redeem_points", "code_issue", "message"]
    promotion: Promotion
    amount: NotRequired[str]
    points_info: NotRequired[PointsInfo]


class Line(TypedDict):
    """One item of the order.

    Attributes:
        external_id: Id of the line in the client's system.
        product: Id of the product.
        sku: Id of the SKU.
        line_number: Number of the line.
        count: How many pieces.
        base_price_per_item: Price of a piece before discounts.
        min_price_per_item: Lowest price allowed for a piece.
        final_price_per_item: Price of a piece after all discounts.
        status: Status of the line.
        custom_fields: Custom fields: the documentation leaves names and values to the installation.
        requested_promotions: The promotions applied to this line.
    """

    external_id: str
    product: NotRequired[str]
    sku: NotRequired[str]
    line_number: NotRequired[int]
    count: int
    base_price_per_item: str
    min_price_per_item: NotRequired[str]
    final_price_per_item: str
    status: NotRequired[str]
    custom_fields: NotRequired[dict[str, object]]
    requested_promotions: NotRequired[list[RequestedPromotion]]


class Promocode(TypedDict):
    """One promo code.

    Attributes:
        code: The code.
        pool_id: Id of the code's pool.
    """

    code: str
    pool_id: int


class RedeemedPoints(TypedDict):
    """Points of one currency to redeem.

    Attributes:
        points_currency_iid: Internal id of the point currency.
        points_currency_eid: External id of the point currency.
        name: Name of the point currency.
        amount: How many points.
    """

    points_currency_iid: NotRequired[int]
    points_currency_eid: NotRequired[str]
    name: NotRequired[str]
    amount: int


class Order(TypedDict):
    """The order.

    Attributes:
        endpoint: Source of the order, as configured in the Market module.
        status: Status of the order, one of those configured on the platform.
        currency: Currency of the order.
        total_price: Cost of the order before discounts.
        final_total_price: Cost of the order after all discounts.
        delivery_cost: Cost of the delivery.
        create_time: When the order was created; the server's time if absent.
        region: Region for regional prices and promotions.
        lines: The items of the order.
        promocodes: The promo codes applied.
        requested_promotions: The promotions applied to the order as a whole.
        redeem_points: The points to redeem, by point currency.
        custom_fields: Custom fields: the documentation leaves names and values to the installation.
        tags: Labels of the order.
    """

    endpoint: str
    status: str
    currency: str
    total_price: str
    final_total_price: str
    delivery_cost: NotRequired[str]
    create_time: NotRequired[str]
    region: NotRequired[str]
    lines: list[Line]
    promocodes: NotRequired[list[Promocode]]
    requested_promotions: NotRequired[list[RequestedPromotion]]
    redeem_points: NotRequired[list[RedeemedPoints]]
    custom_fields: NotRequired[dict[str, object]]
    tags: NotRequired[list[str]]


class OrderRequest(TypedDict):
    """The request.

    Attributes:
        token: API token.
        external_id: Id of the order in the client's system.
        profile_id: Id of the member's profile.
        email: E-mail address of the member.
        phone: Telephone number of the member.
        skip_triggers: Whether triggers stay silent when the order is created; false if absent.
        data: The order.
    """

    token: str
    external_id: str
    profile_id: NotRequired[str]
    email: NotRequired[str]
    phone: NotRequired[str]
    skip_triggers: NotRequired[bool]
    data: Order


class Pool(TypedDict):
    """The pool that the codes come from.

    Attributes:
        pool_id: Id of the pool.
        name: Name of the pool.
    """

    pool_id: int
    name: NotRequired[str]


class ResultPromotion(TypedDict):
    """The promotion, as the installation knows it.

    Attributes:
        external_id: Id of the promotion.
        name: Name of the promotion.
    """

    external_id: str
    name: NotRequired[str]


class IssuedPromocodes(TypedDict):
    """Codes of one pool.

    Attributes:
        codes: The codes.
        pool: The pool that the codes come from.
        promotion: The promotion, as the installation knows it.
    """

    codes: list[str]
    pool: NotRequired[Pool]
    promotion: NotRequired[ResultPromotion]


class ResultPointsInfo(TypedDict):
    """The balance of one point currency.

    Attributes:
        points_currency_iid: Internal id of the point currency.
        points_currency_eid: External id of the point currency.
        name: Name of the point currency.
        amount: The balance after the operation.
    """

    points_currency_iid: NotRequired[int]
    points_currency_eid: NotRequired[str]
    name: NotRequired[str]
    amount: str


class PointsChange(TypedDict):
    """What happened to the points of one currency.

    Attributes:
        points_info: The balance of one point currency.
        accrue_points: Points accrued.
        redeem_points: Points redeemed.
    """

    points_info: ResultPointsInfo
    accrue_points: NotRequired[int]
    redeem_points: NotRequired[int]


class Content(TypedDict):
    """One text.

    Attributes:
        type: Kind of the content; the example has text.
        message: The text.
    """

    type: str
    message: NotRequired[str]


class Contents(TypedDict):
    """Texts of one promotion.

    Attributes:
        promotion: The promotion, as the installation knows it.
        contents: The texts.
    """

    promotion: NotRequired[ResultPromotion]
    contents: NotRequired[list[Content]]


class Result(TypedDict):
    """The result of a commit.

    Attributes:
        status: success: the order was created; outdated: a price has changed since the preliminary calculation.
        processing_target: How the order is processed; only with status success.
        external_id: Id of the order, from the request.
        issued_promocodes: The promo codes issued.
        points_changes: How the balances of points changed.
        contents: Texts to show to the customer.
    """

    status: Literal["success", "outdated"]
    processing_target: NotRequired[Literal["immediate", "processed"]]
    external_id: NotRequired[str]
    issued_promocodes: NotRequired[list[IssuedPromocodes]]
    points_changes: NotRequired[list[PointsChange]]
    contents: NotRequired[list[Contents]]


class OrderResponse(TypedDict):
    """The response.

    Attributes:
        data: The result. What it must hold depends on error.
        error: 0 on success; other codes are an open set.
        error_text: What happened, in words.
    """

    data: NotRequired[Result | dict[str, object] | None]
    error: int
    error_text: str
