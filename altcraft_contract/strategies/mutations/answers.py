"""Mutations of responses beyond single fields."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.rules.response import is_successful
from altcraft_contract.rules.rule import ABSENT
from altcraft_contract.strategies.mutations.mutation import Change, Mutation, iter_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from altcraft_contract.documents.shape import Shape


def _no_data(response: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if is_successful(response):
        yield Change("", {"/data": ABSENT})


def _incomplete_success(field: str, response: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if is_successful(response) and response["data"]["status"] == "success":
        yield Change("/data", {f"/data/{field}": ABSENT})


def _unexpected_target(response: Mapping[str, Any], _: Shape) -> Iterator[Change]:
    if is_successful(response):
        pointer = "/data/processing_target"
        yield Change(pointer, {"/data/status": "outdated", pointer: "immediate"})


def _no_currency_of_points(response: Mapping[str, Any], shape: Shape) -> Iterator[Change]:
    names = ("points_currency_iid", "points_currency_eid")
    for place in iter_places(response, shape) if is_successful(response) else ():
        if place.name == "points_info":
            yield Change(place.pointer, {f"{place.pointer}/{name}": ABSENT for name in names if name in place.value})


ANSWER_MUTATIONS: Final = (
    Mutation("response-no-data", "missing-field", _no_data, "response"),
    Mutation("no-processing-target", "missing-field", partial(_incomplete_success, "processing_target"), "response"),
    Mutation("no-external-id", "missing-field", partial(_incomplete_success, "external_id"), "response"),
    Mutation("outdated-with-target", "processing-target-unexpected", _unexpected_target, "response"),
    Mutation("response-no-currency-of-points", "points-currency-missing", _no_currency_of_points, "response"),
)
