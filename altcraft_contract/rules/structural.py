"""Rules that a schema language can say, and those of the readers: the rows of the catalogue."""

from __future__ import annotations

from typing import Final

from altcraft_contract.rules.rule import DOCUMENTED, ERROR, EXAMPLE, INFERRED, WARNING, Rule, Sample, TextSample

RULES: Final = (
    Rule(
        "malformed",
        ERROR,
        DOCUMENTED,
        "message",
        "request body, response body",
        "The body is JSON or XML in UTF-8: well-formed, one object or one element `<xml>`, at most 128 levels deep, "
        "without NaN or Infinity, and, in XML, without a document type declaration. Nothing else of a malformed body "
        "is judged.",
        "Write the body with a JSON or XML library instead of putting text together.",
        TextSample(
            {"json": '{"external_id": "1", "token": "…"}', "xml": "<xml><external_id>1 &amp; 2</external_id></xml>"},
            {"json": '{"external_id": "1", "token": "…",}', "xml": "<xml><external_id>1 & 2</external_id></xml>"},
        ),
    ),
    Rule(
        "duplicate-field",
        ERROR,
        INFERRED,
        "message",
        "request body, response body",
        "A member of an object stands once. Which of two the server takes is nowhere said; here the last one is "
        "judged.",
        "Leave one of them out.",
        TextSample(
            {
                "json": '{"external_id": "order_1"}',
                "xml": "<xml><external_id>order_1</external_id></xml>",
            },
            {
                "json": '{"external_id": "1", "external_id": "order_1"}',
                "xml": "<xml><external_id>1</external_id><external_id>order_1</external_id></xml>",
            },
        ),
    ),
    Rule(
        "missing-field",
        ERROR,
        DOCUMENTED,
        "message",
        "all tables",
        "The tables say which fields are required. In a response these are `error` and `error_text`; `data` and its "
        "`status` when `error` is 0; `processing_target` and the order's `external_id` when the status is `success`.",
        "Add the field.",
        Sample({"/data/promocodes": [{"code": "SPRING", "pool_id": 42}]}, {"/data/promocodes": [{"code": "SPRING"}]}),
    ),
    Rule(
        "wrong-type",
        ERROR,
        DOCUMENTED,
        "message",
        "all tables",
        "Every field has a type. Prices and amounts of promotions are text, counts and points to redeem are whole "
        "numbers, and nothing may be null. In XML a whole number and a boolean have the lexical forms of XSD.",
        "Write the value in the documented type.",
        Sample({"/skip_triggers": True}, {"/skip_triggers": "yes"}),
    ),
    Rule(
        "empty-value",
        ERROR,
        INFERRED,
        "message",
        "all tables",
        "What names something cannot be empty: `token`, ids, `email`, `phone`, `endpoint`, the order's `status`, "
        "`product`, `sku`, `code`.",
        "Send the value, or leave the field out where it is optional.",
        Sample({"/data/endpoint": "shop"}, {"/data/endpoint": ""}),
    ),
    Rule(
        "empty-list",
        ERROR,
        DOCUMENTED,
        "request",
        "data object",
        "An order has at least one line.",
        "Send the order's lines.",
        Sample({"/data/lines/0/external_id": "1"}, {"/data/lines": []}, json_only=True),
    ),
    Rule(
        "unknown-value",
        ERROR,
        DOCUMENTED,
        "message",
        "requested_promotions array, response body",
        "The type of a promotion, and in a response `status` and `processing_target`, are one of the values listed.",
        "Use one of the documented values, exactly as written there.",
        Sample(
            {"/data/requested_promotions": [{"type": "message", "promotion": {"external_id": "thanks"}}]},
            {"/data/requested_promotions": [{"type": "massage", "promotion": {"external_id": "thanks"}}]},
        ),
    ),
    Rule(
        "invalid-decimal",
        ERROR,
        EXAMPLE,
        "message",
        "data object, lines array, requested_promotions array, points_info object",
        "Prices and amounts in text are plain, non-negative decimals, as in the examples: ASCII digits, optionally a "
        "point and digits. No sign, exponent, space, comma or thousands mark.",
        "Format the number without your locale, with a point.",
        Sample({"/data/delivery_cost": "300.00"}, {"/data/delivery_cost": "300,00"}),
    ),
    Rule(
        "invalid-timestamp",
        ERROR,
        DOCUMENTED,
        "request",
        "data object, points_info object",
        "Times are ISO 8601 in its extended form: `YYYY-MM-DD`, optionally `T` and a time of day, optionally `Z` or "
        "an offset. The date must exist, hours end with 23 and seconds with 59.",
        "Format the time as ISO 8601 in UTC.",
        Sample({"/data/create_time": "2026-02-18T13:01:05Z"}, {"/data/create_time": "2026-02-18 13:01:05"}),
    ),
    Rule(
        "invalid-currency",
        ERROR,
        DOCUMENTED,
        "request",
        "data object",
        "The currency is a three-letter ISO code: three capital ASCII letters.",
        "Use the code of ISO 4217, such as `RUB`.",
        Sample({"/data/currency": "RUB"}, {"/data/currency": "rub"}),
    ),
    Rule(
        "out-of-range",
        ERROR,
        INFERRED,
        "message",
        "all tables",
        "A quantity and an amount of points to redeem are at least 1, points in a response are at least 0, and every "
        "whole number fits 64 bits, signed.",
        "Send a number within the range.",
        Sample({"/data/lines/0/count": 1}, {"/data/lines/0/count": 0}),
    ),
    Rule(
        "unknown-field",
        WARNING,
        INFERRED,
        "message",
        "all tables",
        "The documentation does not mention other fields; the server probably ignores them, so that a misspelt field "
        "is lost. Custom fields may have any name.",
        "Correct the name, or put your own data into `custom_fields`.",
        Sample({"/data/delivery_cost": "300.00"}, {"/data/delivery_price": "300.00"}),
    ),
)
