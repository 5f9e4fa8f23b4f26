"""What to add where something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from altcraft_contract.rules.identity import IDENTIFIERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altcraft_contract.documents.shape import Shape
    from altcraft_contract.rules.rule import Breach

ALTERNATIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "profile-identifier-missing": IDENTIFIERS,
    "line-item-missing": ("product", "sku"),
    "points-currency-missing": ("points_currency_iid", "points_currency_eid"),
}
"""Rule to the fields of which one is needed."""

_ADDITIONS: Final[Mapping[str, tuple[str, str]]] = {  # for JSON, for XML
    "profile-identifier-missing": (
        "add the one that your shop knows the customer by: `profile_id`, `email` or `phone`",
        "add the one that your shop knows the customer by: `profile_id`, `email` or `phone`",
    ),
    "line-item-missing": (
        'add the id of the item, such as "sku": "mug-white"',
        "add the id of the item, such as <sku>mug-white</sku>",
    ),
    "points-currency-missing": (
        'add the currency of the points, such as "points_currency_eid": "bonus"',
        "add the currency of the points, such as <points_currency_eid>bonus</points_currency_eid>",
    ),
    "discount-amount-missing": (
        'add what is taken off, such as "amount": "300.00"',
        "add what is taken off, such as <amount>300.00</amount>",
    ),
    "points-info-missing": (
        'add the points, such as "points_info": {"points_currency_eid": "bonus", "amount": "50"}',
        "add <points_info>, with <points_currency_eid> and <amount> in it",
    ),
    "redeem-points-missing": (
        'add the points to redeem, such as "redeem_points": [{"points_currency_eid": "bonus", "amount": 50}]',
        "add <redeem_points>, with <points_currency_eid> and <amount> in it",
    ),
}


def advise_addition(rule: str, name: str | None, holder: Shape | None, *, in_xml: bool) -> str | None:
    """What to add to an object in which *rule* misses something.

    Args:
        rule: Id of the broken rule.
        name: Name of the field that is missing; None if one of several is.
        holder: The documented form of the object.
        in_xml: Whether the document is XML.
    """
    if rule in _ADDITIONS:
        return _ADDITIONS[rule][in_xml]
    shape = holder.fields.get(name) if holder is not None and name is not None else None
    if name is None or shape is None:
        return None
    sample = sample_of(shape)
    about = about_of(shape)
    if sample is None or shape.secret:
        return f"add `{name}`: {about}" if about else f"add `{name}`"
    added = f"add <{name}>{sample}</{name}>" if in_xml else f'add "{name}": {_written(sample, shape)}'
    return f"{added} ({about})" if shape.type_name == "decimal" and about else added


def about_of(shape: Shape) -> str:
    """What a documented field is, as a part of a sentence; empty if that is not said."""
    about = shape.about.removesuffix(".")
    return about[0].lower() + about[1:] if about[:2].istitle() or about[1:2] == " " else about


def sample_of(shape: Shape) -> str | None:
    """A value that a documented field may have; None if any that is made up would mislead."""
    if shape.example is not None:
        return shape.example
    if shape.values:
        return shape.values[0]
    return f"{shape.least}" if shape.least is not None and shape.least > 0 else None


def _written(sample: str, shape: Shape) -> str:
    return sample if shape.kind == "integer" else f'"{sample}"'


def point_to_slips(breaches: Sequence[Breach]) -> list[Breach]:
    """Breaches in which a missing field says to rename or to move the undocumented one that was probably meant.

    Two findings then stay two, each at its place, but the error alone tells the remedy.
    """
    slips = {(breach.meant.pointer, breach.meant.name): breach.meant.remedy for breach in breaches if breach.meant}
    return [_pointed(breach, slips) for breach in breaches] if slips else list(breaches)


def _pointed(breach: Breach, slips: Mapping[tuple[str, str], str]) -> Breach:
    absent = ALTERNATIVES.get(breach.rule) or ((breach.absent,) if breach.absent is not None else ())
    hint = next((slips[breach.pointer, name] for name in absent if (breach.pointer, name) in slips), None)
    return breach if hint is None else breach._replace(hint=hint)
