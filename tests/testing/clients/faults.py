"""What each faulty client fails, and how the failure begins."""

from __future__ import annotations

from typing import Final

_OUTDATED: Final = "test_outdated_order_is_calculated_again"
_ERROR: Final = "test_error_in_the_answer_is_no_success"
_HTTP: Final = "test_error_of_http_is_no_success"
_STATUS: Final = "test_unknown_status_is_no_success[unknown-status]"
_LOST: Final = "test_lost_answer_leaves_the_outcome_unknown"
_TWICE: Final = "test_order_is_not_committed_twice"
_SUCCESS: Final = "test_confirmed_order_is_a_success"
_LISTS: Final = "test_lists_are_read_whatever_their_length"
_CONTRACT: Final = "test_request_keeps_the_contract"
_VALUES: Final = "test_request_says_what_the_order_says"
TIME_TEST: Final = "test_client_gives_up_in_time"
_LOGGED: Final = "test_token_is_not_logged"

_HTML_PAGE: Final = "HTTP 502 with the HTML page of a gateway"
_PLAIN_TEXT: Final = "HTTP 200 with plain text in place of the answer"
_STATUS_ALONE: Final = "the answer outdated with nothing but the status"
_NONE_GROUP: Final = "the client crashes (AttributeError: 'NoneType' object has no attribute 'group') on"
_INDICES: Final = "the client crashes (TypeError: string indices must be integers"
_MISREAD: Final = "the client misreads the promo codes of the answer: 1 issued, 14 reported"
_SECOND: Final = ": a blind second commit"

FAULTS: Final = {
    "empty_answer_is_refusal": {
        f"{_LOST}[empty-body]": "the client takes HTTP 200 without a body for a refusal",
        f"{_LOST}[not-json]": f"the client takes {_PLAIN_TEXT} for a refusal",
    },
    "float_prices": {
        f"{_CONTRACT}[documented-example]": (
            "the client's request breaks the contract with the order documented-example: "
            "wrong-type: `total_price` is the number 2500.0, expected a string"
        ),
    },
    "html_crash": {
        f"{_HTTP}[http-502-html]": f"{_NONE_GROUP} {_HTML_PAGE}",
        f"{_LOST}[empty-body]": f"{_NONE_GROUP} HTTP 200 without a body",
        f"{_LOST}[not-json]": f"{_NONE_GROUP} {_PLAIN_TEXT}",
    },
    "html_is_success": {
        f"{_HTTP}[http-502-html]": f"the client takes {_HTML_PAGE} for a confirmed order",
        f"{_LOST}[empty-body]": "the client takes HTTP 200 without a body for a confirmed order",
        f"{_LOST}[not-json]": f"the client takes {_PLAIN_TEXT} for a confirmed order",
    },
    "http_200_is_success": {
        f"{_OUTDATED}[outdated]": "the client takes the answer outdated for a confirmed order",
        f"{_OUTDATED}[outdated-minimal]": f"the client takes {_STATUS_ALONE} for a confirmed order",
        f"{_ERROR}[error-400]": "the client takes the refusal error 400 (incorrect request) for a confirmed order",
        f"{_ERROR}[error-401]": "the client takes the refusal error 401 (token required) for a confirmed order",
        f"{_ERROR}[error-402]": "the client takes the refusal error 402 (tariff limit reached) for a confirmed order",
        f"{_ERROR}[error-403]": "the client takes the refusal error 403 for a confirmed order",
        f"{_ERROR}[error-unknown]": "the client takes the refusal error 1999, a code that no page names, for a",
        _STATUS: "the client takes the unknown status partially_confirmed for a confirmed order",
        f"{_LOST}[empty-body]": "the client takes HTTP 200 without a body for a confirmed order",
        f"{_LOST}[not-json]": f"the client takes {_PLAIN_TEXT} for a confirmed order",
    },
    "impatient_after_429": {
        "test_retry_waits_as_long_as_it_is_told[http-429]": "the client sends the order again 0.0 s after HTTP 429",
    },
    "missing_lists": {
        f"{_SUCCESS}[missing-arrays]": "the client crashes (KeyError: 'issued_promocodes') on a success without",
    },
    "no_timeout": {
        TIME_TEST: "the client has no timeout, or one over 3 s: it waited for the answer until it came",
    },
    "null_lists": {
        f"{_SUCCESS}[null-arrays]": (
            "the client crashes (TypeError: 'NoneType' object is not iterable) on a success with null in place of"
        ),
    },
    "one_code_is_letters": {
        **{
            f"{_SUCCESS}[{scenario}]": _MISREAD
            for scenario in ("success", "processed", "extra-fields", "points-as-strings", "wrong-content-type")
        },
        f"{_LISTS}[one-item]": _MISREAD,
    },
    "one_item_is_no_list": {
        **{
            f"{_SUCCESS}[{scenario}]": _INDICES
            for scenario in (
                *("success", "processed", "extra-fields", "points-as-strings"),
                *("wrong-content-type", "huge-response"),
            )
        },
        f"{_LISTS}[one-item]": _INDICES,
        f"{_LISTS}[two-items]": "the client misreads the promo codes of the answer: 2 issued, 28 reported",
        _STATUS: _INDICES,
    },
    "optional_field_required": {
        f"{_CONTRACT}[{order}]": (
            f"the client crashes (KeyError: 'profile_id') on the order {order}, before it has sent a request"
        )
        for order in ("no-optional-fields", "customer-by-phone")
    },
    "outdated_is_success": {
        f"{_OUTDATED}[outdated]": "the client takes the answer outdated for a confirmed order",
        f"{_OUTDATED}[outdated-minimal]": f"the client takes {_STATUS_ALONE} for a confirmed order",
    },
    "outdated_sent_again": {
        f"{_TWICE}[outdated]": f"the client sends the order 2 times after the answer outdated{_SECOND}",
        f"{_TWICE}[outdated-minimal]": f"the client sends the order 2 times after {_STATUS_ALONE}{_SECOND}",
    },
    "prices_through_floats": {
        f"{_VALUES}[large-prices]": (
            'the client changes the order large-prices: /data/total_price: "12347678901234567.88" was given, '
            '"12347678901234568.00" was sent'
        ),
        f"{_VALUES}[dinar-with-three-decimals]": (
            'the client changes the order dinar-with-three-decimals: /data/total_price: "12.345" was given'
        ),
    },
    "retry_loop": {
        f"{_TWICE}[http-500]": f"the client sends the order 2 times after HTTP 500{_SECOND}",
        f"{_TWICE}[http-502-html]": f"the client sends the order 2 times after {_HTML_PAGE}{_SECOND}",
        f"{_TWICE}[connection-reset]": "the client sends the order 2 times after a connection that is reset before",
        f"{_TWICE}[truncated-body]": "the client sends the order 2 times after an answer that ends in its middle",
        f"{_TWICE}[empty-body]": f"the client sends the order 2 times after HTTP 200 without a body{_SECOND}",
        f"{_TWICE}[not-json]": f"the client sends the order 2 times after {_PLAIN_TEXT}{_SECOND}",
        TIME_TEST: "the client sends the order 2 times after an answer that does not come in time",
    },
    "retrying_adapter": {
        f"{_TWICE}[http-500]": f"the client sends the order 2 times after HTTP 500{_SECOND}",
        f"{_TWICE}[http-502-html]": f"the client sends the order 2 times after {_HTML_PAGE}{_SECOND}",
        f"{_TWICE}[connection-reset]": "the client sends the order 2 times after a connection that is reset before",
        TIME_TEST: "the client sends the order 2 times after an answer that does not come in time",
    },
    "timeout_is_refusal": {
        TIME_TEST: "the client takes an answer that does not come in time for a refusal",
    },
    "hard_coded_token": {
        f"{_CONTRACT}[documented-example]": (
            "the client's request breaks the contract with the order documented-example: token: Wrong token"
        ),
    },
    "promotions_dropped": {
        f"{_VALUES}[documented-example]": (
            "the client changes the order documented-example: /data/lines/0/requested_promotions: "
            "2 items were given, nothing was sent"
        ),
    },
    "refusal_logged": {
        _LOGGED: "the client puts the token into its log (shop, ERROR)",
    },
    "retry_in_background": {
        f"{_TWICE}[connection-reset]": "the client sends the order 2 times after a connection that is reset before",
    },
    "token_in_user_part": {
        "test_token_is_not_in_the_url": "the client puts the token into the user part of the URL",
    },
    "token_in_exception": {
        TIME_TEST: "the client puts the token into an exception",
        _LOGGED: "the client puts the token into an exception",
    },
    "token_in_url": {
        "test_token_is_not_in_the_url": "the client puts the token into the query of the URL",
    },
    "token_logged": {
        TIME_TEST: "the client puts the token into its log (shop.altcraft, DEBUG)",
        _LOGGED: "the client puts the token into its log (shop.altcraft, DEBUG)",
    },
    "token_on_kept_stream": {
        TIME_TEST: "the suite's stub: the token has been given away",
        _LOGGED: "the suite's stub: the token has been given away",
    },
    "token_printed": {
        _LOGGED: "the client puts the token into what it prints",
    },
    "unescaped_xml": {
        f"{_CONTRACT}[awkward-characters]": (
            "the client's request breaks the contract with the order awkward-characters: "
            "malformed: `&` that begins no reference"
        ),
    },
    "unknown_status_is_success": {
        _STATUS: "the client takes the unknown status partially_confirmed for a confirmed order",
    },
    "wrong_path": {
        "test_request_reaches_the_endpoint": (
            "no request for an order reached POST /api/v1.1/market/orders/preorder_commit: "
            "it went to POST /api/v1/market/orders/preorder_commit"
        ),
    },
}
"""Faulty client to the tests that fail, each with the beginning of its first line."""
