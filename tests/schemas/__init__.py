"""Bodies for the tests of the published XML Schemas, with the errors that `rules.md` gives them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMAS = REPOSITORY / "schemas" / "v75"
ACCEPTANCE = REPOSITORY / "tests" / "acceptance"
MESSAGES = ("request", "response")

# The documented lists, by the path of the object they stand in.
LISTS = {
    "request": {
        ("data",): {"lines", "promocodes", "requested_promotions", "redeem_points", "tags"},
        ("data", "lines"): {"requested_promotions"},
    },
    "response": {
        ("data",): {"issued_promocodes", "points_changes", "contents"},
        ("data", "issued_promocodes"): {"codes"},
        ("data", "contents"): {"contents"},
    },
}

REQUEST = """<xml>
  <token>t</token>
  <external_id>o</external_id>
  <email>a@example.com</email>
  <skip_triggers>true</skip_triggers>
  <data>
    <endpoint>bot</endpoint>
    <status>new</status>
    <currency>EUR</currency>
    <total_price>10</total_price>
    <final_total_price>9.50</final_total_price>
    <create_time>2026-02-18T13:01:05.141Z</create_time>
    <region></region>
    <lines>
      <external_id>1</external_id>
      <sku>s</sku>
      <count>2</count>
      <base_price_per_item>5</base_price_per_item>
      <final_price_per_item>4.75</final_price_per_item>
      <requested_promotions><type>discount</type>
        <promotion><external_id>p</external_id></promotion><amount>0.50</amount></requested_promotions>
    </lines>
    <promocodes><code>C</code><pool_id>7</pool_id></promocodes>
    <redeem_points><points_currency_eid>e</points_currency_eid><amount>3</amount></redeem_points>
    <requested_promotions><type>redeem_points</type>
      <promotion><external_id>q</external_id><name></name></promotion>
      <points_info><points_currency_iid>1</points_currency_iid><amount>3</amount></points_info></requested_promotions>
    <custom_fields><colour>red</colour></custom_fields>
    <tags></tags>
  </data>
</xml>"""

RESPONSE = """<xml>
  <data>
    <status>success</status>
    <processing_target>processed</processing_target>
    <external_id>o</external_id>
    <issued_promocodes><codes>C</codes><pool><pool_id>7</pool_id><name></name></pool>
      <promotion><external_id>p</external_id></promotion></issued_promocodes>
    <points_changes>
      <points_info><points_currency_iid>1</points_currency_iid><amount>5</amount></points_info>
      <accrue_points>5</accrue_points><redeem_points>0</redeem_points></points_changes>
    <contents><promotion><external_id>q</external_id></promotion>
      <contents><type>text</type><message>m</message></contents></contents>
  </data>
  <error>0</error>
  <error_text></error_text>
</xml>"""


@dataclass(frozen=True, slots=True)
class Body:
    """A well-formed body and the errors it has, as sorted pairs of rule and pointer."""

    name: str
    message: str
    text: str | bytes = field(repr=False)
    errors: tuple[tuple[str, str], ...]

    def read(self) -> ET.Element:
        """Build what a schema processor is handed: no attribute, no comment, no element in a namespace."""
        root = ET.fromstring(self.text)  # noqa: S314 - our own test data
        _strip(root)
        return root

    def write(self, folder: Path) -> Path:
        """Write what a schema processor is handed, for a processor that reads files."""
        path = folder / f"{self.name}.xml"
        text = ET.tostring(self.read(), encoding="unicode").replace("\r", "&#13;")
        path.write_text(text, encoding="utf-8", newline="")
        return path


def load_bodies() -> list[Body]:
    """Return the XML bodies of the acceptance set that reach a schema processor, then our own corners."""
    bodies = []
    for line in (ACCEPTANCE / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        errors = tuple(sorted((rule, at) for severity, rule, at in case["findings"] if severity == "error"))
        if case["syntax"] == "xml" and "malformed" not in {rule for rule, _ in errors}:
            text = (ACCEPTANCE / "cases" / case["file"]).read_bytes()
            bodies.append(Body(case["file"].removesuffix(".xml"), case["message"], text, errors))
    return bodies + list(iter_corners())


def iter_corners() -> Iterator[Body]:
    """Yield the corners: one of the two clean bodies with one replacement each."""
    for message, base, corners in (
        ("request", REQUEST, REQUEST_CORNERS),
        ("response", RESPONSE, RESPONSE_CORNERS),
    ):
        yield Body(f"{message}-clean", message, base, ())
        for name, (old, new, *errors) in corners.items():
            if base.count(old) != 1:
                msg = f"{name}: the replaced text stands {base.count(old)} times in the {message}"
                raise ValueError(msg)
            pairs = tuple(sorted((rule, at) for rule, _, at in (error.partition(" ") for error in errors)))
            yield Body(f"{message}-{name}", message, base.replace(old, new), pairs)


def find_pointers(root: ET.Element, message: str) -> dict[ET.Element, str]:
    """Return the JSON Pointer of every element."""
    found = {root: ""}
    open_objects: list[tuple[ET.Element, tuple[str, ...]]] = [(root, ())]
    while open_objects:
        parent, path = open_objects.pop()
        seen: dict[str, int] = {}
        for child in parent:
            index = seen.get(child.tag, 0)
            seen[child.tag] = index + 1
            is_list = child.tag in LISTS[message].get(path, ())
            found[child] = f"{found[parent]}/{child.tag}" + (f"/{index}" if is_list else "")
            open_objects.append((child, (*path, child.tag)))
    return found


def _strip(element: ET.Element) -> None:
    element.attrib.clear()
    before: ET.Element | None = None
    for child in list(element):
        if not child.tag.startswith("{"):
            _strip(child)
            before = child
            continue
        if before is None:
            element.text = (element.text or "") + (child.tail or "")
        else:
            before.tail = (before.tail or "") + (child.tail or "")
        element.remove(child)


# Name of the case: what is replaced, by what, and the errors then ("rule pointer").
REQUEST_CORNERS: dict[str, tuple[str, ...]] = {
    "root-empty": (
        REQUEST,
        "<xml/>",
        "missing-field ",
        "missing-field ",
        "missing-field ",
        "profile-identifier-missing ",
    ),
    "root-text": (REQUEST, "<xml>text</xml>", "wrong-type "),
    "root-no-break-space": ("<xml>", "<xml>\xa0", "wrong-type "),
    "root-text-and-much-else": ("<token>t</token>", "x<token/><token/><count>x</count>", "wrong-type "),
    "no-identifier": ("<email>a@example.com</email>", "", "profile-identifier-missing "),
    "empty-identifier-is-there": ("<email>a@example.com</email>", "<email></email>", "empty-value /email"),
    "identifier-with-child-is-there": (
        "<email>a@example.com</email>",
        "<phone><a/></phone>",
        "wrong-type /phone",
    ),
    "token-space": ("<token>t</token>", "<token> </token>"),
    "token-child-and-text": ("<token>t</token>", "<token>t<b/>t</token>", "wrong-type /token"),
    "token-empty-child": ("<token>t</token>", "<token><b/></token>", "wrong-type /token"),
    "boolean-one": (">true<", ">1<"),
    "boolean-space": (">true<", "> false\n<"),
    "boolean-empty": (">true<", "><", "wrong-type /skip_triggers"),
    "boolean-yes": (">true<", ">yes<", "wrong-type /skip_triggers"),
    "boolean-no-break-space": (">true<", ">true\xa0<", "wrong-type /skip_triggers"),
    "boolean-child": (">true<", ">true<b/><", "wrong-type /skip_triggers"),
    "count-plus": ("<count>2<", "<count>+1<"),
    "count-zeros": ("<count>2<", "<count>0002<"),
    "count-5000-zeros": ("<count>2<", f"<count>{'0' * 5000}2<"),
    "count-5000-zeros-only": ("<count>2<", f"<count>{'0' * 5000}<", "out-of-range /data/lines/0/count"),
    "count-white-space": ("<count>2<", "<count>\t\n&#13; 2 <"),
    "count-greatest": ("<count>2<", "<count>9223372036854775807<"),
    "count-beyond": ("<count>2<", "<count>9223372036854775808<", "out-of-range /data/lines/0/count"),
    "count-zero": ("<count>2<", "<count>0<", "out-of-range /data/lines/0/count"),
    "count-5000-digits": ("<count>2<", f"<count>{'7' * 5000}<", "out-of-range /data/lines/0/count"),
    "count-minus-5000-digits": ("<count>2<", f"<count> -{'7' * 5000}<", "out-of-range /data/lines/0/count"),
    "count-5000-letters": ("<count>2<", f"<count>{'7' * 5000}x<", "wrong-type /data/lines/0/count"),
    "count-empty": ("<count>2<", "<count><", "wrong-type /data/lines/0/count"),
    "count-blank": ("<count>2<", "<count> <", "wrong-type /data/lines/0/count"),
    "count-fraction": ("<count>2<", "<count>2.0<", "wrong-type /data/lines/0/count"),
    "count-two-signs": ("<count>2<", "<count>+-2<", "wrong-type /data/lines/0/count"),
    "count-arabic": ("<count>2<", "<count>\u0662<", "wrong-type /data/lines/0/count"),
    "count-underscore": ("<count>2<", "<count>1_0<", "wrong-type /data/lines/0/count"),
    "count-no-break-space": ("<count>2<", "<count>2\xa0<", "wrong-type /data/lines/0/count"),
    "count-next-line": ("<count>2<", "<count>\x852<", "wrong-type /data/lines/0/count"),
    "count-line-separator": ("<count>2<", "<count>2\u2028<", "wrong-type /data/lines/0/count"),
    "count-child": ("<count>2<", "<count>x<b/><", "wrong-type /data/lines/0/count"),
    "line-number-least": ("<count>2", "<line_number>-9223372036854775808</line_number><count>2"),
    "line-number-below": (
        "<count>2",
        "<line_number>-9223372036854775809</line_number><count>2",
        "out-of-range /data/lines/0/line_number",
    ),
    "redeem-amount-zero": (
        "<amount>3</amount></redeem_points>",
        "<amount>-0</amount></redeem_points>",
        "out-of-range /data/redeem_points/0/amount",
    ),
    "redeem-amount-decimal": (
        "<amount>3</amount></redeem_points>",
        "<amount>3.5</amount></redeem_points>",
        "wrong-type /data/redeem_points/0/amount",
    ),
    "pool-beyond": (
        "<pool_id>7<",
        "<pool_id>99999999999999999999<",
        "out-of-range /data/promocodes/0/pool_id",
    ),
    **{
        f"price-{name}": (">9.50<", f">{value}<", "invalid-decimal /data/final_total_price")
        for name, value in {
            "empty": "",
            "blank": " ",
            "space-before": " 1",
            "line-feed": "2500.00\n",
            "return": "1&#13;",
            "minus": "-1",
            "plus": "+1",
            "comma": "1,5",
            "thousands": "1 000",
            "exponent": "1e3",
            "point": ".",
            "point-first": ".5",
            "point-last": "5.",
            "arabic": "\u0662\u0665",
            "fullwidth": "\uff11",
            "line-separator": "1\u2028",
            "next-line": "1\x85",
            "infinity": "INF",
        }.items()
    },
    "price-long": (">9.50<", f">{'0' * 6000}.{'9' * 6000}<"),
    "price-child": (">9.50<", "><b/><", "wrong-type /data/final_total_price"),
    **{
        f"currency-{name}": (">EUR<", f">{value}<", "invalid-currency /data/currency")
        for name, value in {
            "empty": "",
            "small": "eur",
            "two": "EU",
            "four": "EURO",
            "line-feed": "EUR\n",
            "cyrillic": "\u0415UR",
        }.items()
    },
    **{
        f"time-{name}": ("2026-02-18T13:01:05.141Z", value)
        for name, value in {
            "day": "2026-02-18",
            "minutes": "2026-02-18T00:00",
            "seconds": "2026-02-18T23:59:59",
            "leap": "2024-02-29",
            "leap-century": "2000-02-29T00:00Z",
            "offset": "2026-02-18T13:01+23:59",
            "minus-zero": "2026-02-18T13:01-00:00",
            "year-one": "0001-01-01",
            "year-last": "9999-12-31T23:59:59.999999999999Z",
        }.items()
    },
    **{
        f"time-{name}": ("2026-02-18T13:01:05.141Z", value, "invalid-timestamp /data/create_time")
        for name, value in {
            "empty": "",
            "space": "2026-02-18 13:01",
            "line-feed": "2026-02-18\n",
            "small": "2026-02-18t13:01:05z",
            "february-30": "2026-02-30",
            "no-leap": "2026-02-29",
            "no-leap-century": "1900-02-29",
            "april-31": "2026-04-31",
            "month-13": "2026-13-01",
            "day-zero": "2026-01-00",
            "year-zero": "0000-02-29",
            "hour-24": "2026-02-18T24:00:00",
            "second-60": "2026-02-18T23:59:60Z",
            "minute-60": "2026-02-18T23:60Z",
            "offset-24": "2026-02-18T13:01+24:00",
            "offset-short": "2026-02-18T13:01+03",
            "offset-bare": "2026-02-18T13:01+0300",
            "day-offset": "2026-02-18+03:00",
            "epoch": "1771419665",
            "basic": "20260218T130105Z",
            "comma": "2026-02-18T13:01:05,1Z",
            "no-digits": "2026-02-18T13:01:05.Z",
            "arabic": "\u0662026-02-18",
            "year-five": "12026-02-18",
            "hour-only": "2026-02-18T13",
        }.items()
    },
    "empty-order-values": (
        "<endpoint>bot</endpoint>\n    <status>new</status>",
        "<endpoint/><status/>",
        "empty-value /data/endpoint",
        "empty-value /data/status",
    ),
    "empty-line-status": ("<count>2", "<status></status><count>2"),
    "empty-code": ("<code>C<", "<code><", "empty-value /data/promocodes/0/code"),
    "empty-eid": (">e<", "><", "empty-value /data/redeem_points/0/points_currency_eid"),
    "empty-promotion-id": (
        ">p<",
        "><",
        "empty-value /data/lines/0/requested_promotions/0/promotion/external_id",
    ),
    "data-empty": (
        REQUEST[REQUEST.index("<data>") : REQUEST.index("</xml>")],
        "<data> </data>",
        *["missing-field /data"] * 6,
    ),
    "data-text": (
        REQUEST[REQUEST.index("<data>") : REQUEST.index("</xml>")],
        "<data>text</data>",
        "wrong-type /data",
    ),
    "data-text-beside": ("<endpoint>bot</endpoint>", "and<endpoint>bot</endpoint>", "wrong-type /data"),
    "data-no-break-space": ("<endpoint>bot</endpoint>", "<endpoint></endpoint>\u3000", "wrong-type /data"),
    "data-twice-last-good": ("<data>", "<data><lines/>x</data><data>", "duplicate-field /data"),
    "data-twice-last-bad": ("</data>", "</data><data>x</data>", "duplicate-field /data", "wrong-type /data"),
    "line-empty": (
        "</lines>",
        "</lines><lines/>",
        *["missing-field /data/lines/1"] * 4,
        "line-item-missing /data/lines/1",
    ),
    "line-blank": (
        "</lines>",
        "</lines><lines>\n</lines>",
        *["missing-field /data/lines/1"] * 4,
        "line-item-missing /data/lines/1",
    ),
    "line-text": ("</lines>", "</lines><lines>x</lines>", "wrong-type /data/lines/1"),
    "line-text-beside": ("<sku>s</sku>", "x<sku></sku>", "wrong-type /data/lines/0"),
    "line-without-item": ("<sku>s</sku>", "", "line-item-missing /data/lines/0"),
    "line-empty-item-is-there": ("<sku>s</sku>", "<product/>", "empty-value /data/lines/0/product"),
    "line-item-object-is-there": ("<sku>s</sku>", "<sku><a>b</a></sku>", "wrong-type /data/lines/0/sku"),
    "lines-wrapped": ("<sku>s</sku>", "<item><sku>s</sku></item>", "line-item-missing /data/lines/0"),
    "lines-far-apart": (
        "<tags></tags>",
        "<tags/><lines/><tags/>",
        *["missing-field /data/lines/1"] * 4,
        "line-item-missing /data/lines/1",
    ),
    "count-twice-last-good": (
        "<count>2<",
        "<count>x</count><count>2<",
        "duplicate-field /data/lines/0/count",
    ),
    "count-twice-last-bad": (
        "<count>2<",
        "<count>2</count><count>x<",
        "duplicate-field /data/lines/0/count",
        "wrong-type /data/lines/0/count",
    ),
    "count-thrice": (
        "<count>2<",
        "<count>x</count><count>y</count><count>0<",
        "duplicate-field /data/lines/0/count",
        "out-of-range /data/lines/0/count",
    ),
    "sku-twice-last-object": (
        "<sku>s</sku>",
        "<sku>s</sku><sku><a/></sku>",
        "duplicate-field /data/lines/0/sku",
        "wrong-type /data/lines/0/sku",
    ),
    "two-fields-twice": (
        "<count>2<",
        "<sku/><count/><sku>t</sku><count>2<",
        "duplicate-field /data/lines/0/count",
        "duplicate-field /data/lines/0/sku",
    ),
    "unknown-twice": ("<count>2<", "<a/><a><count>x</count>x</a><count>2<"),
    "unknown-called-xml": ("<token>t</token>", "<token>t</token><xml><token/></xml>"),
    "tag-wrapped": ("<tags></tags>", "<tags><tag>a</tag></tags>", "wrong-type /data/tags/0"),
    "tags-two": ("<tags></tags>", "<tags>a</tags><tags>a</tags>"),
    "custom-empty": ("<colour>red</colour>", ""),
    "custom-free": ("<colour>red</colour>", "<a>x<b/><b/>y</a><count>x</count><xml/>"),
    "custom-text": ("<colour>red</colour>", "red", "wrong-type /data/custom_fields"),
    "custom-no-break-space": ("<colour>red</colour>", "<a/>\xa0", "wrong-type /data/custom_fields"),
    "custom-text-and-twice": ("<colour>red</colour>", "<a/>x<a/>", "wrong-type /data/custom_fields"),
    "custom-twice": ("<colour>red</colour>", "<a/><b/><a/>", "duplicate-field /data/custom_fields/a"),
    "custom-two-names-thrice": (
        "<colour>red</colour>",
        "<a/><b/><a/><b/><a/><b/>",
        "duplicate-field /data/custom_fields/a",
        "duplicate-field /data/custom_fields/b",
    ),
    "custom-case": ("<colour>red</colour>", "<a/><A/>"),
    "custom-fields-twice": (
        "<custom_fields>",
        "<custom_fields><a/><a/></custom_fields><custom_fields>",
        "duplicate-field /data/custom_fields",
    ),
    "custom-of-a-line": (
        "<count>2",
        "<custom_fields><a/><a/></custom_fields><count>2",
        "duplicate-field /data/lines/0/custom_fields/a",
    ),
    "custom-of-a-line-text": (
        "<count>2",
        "<custom_fields>x</custom_fields><count>2",
        "wrong-type /data/lines/0/custom_fields",
    ),
    "redemption-in-data": (
        REQUEST[REQUEST.index("<redeem_points>") : REQUEST.index("<requested_promotions><type>redeem")],
        "",
        "redeem-points-missing /data",
    ),
    "redemption-empty-is-there": (
        "<redeem_points><points_currency_eid>e</points_currency_eid><amount>3</amount></redeem_points>",
        "<redeem_points/>",
        "missing-field /data/redeem_points/0",
        "points-currency-missing /data/redeem_points/0",
    ),
    "redemption-text-is-there": (
        "<redeem_points><points_currency_eid>e</points_currency_eid><amount>3</amount></redeem_points>",
        "<redeem_points>x</redeem_points>",
        "wrong-type /data/redeem_points/0",
    ),
    "promotion-empty": (
        "</lines>",
        "</lines><requested_promotions/>",
        *["missing-field /data/requested_promotions/0"] * 2,
    ),
    "promotion-text": (
        "</lines>",
        "</lines><requested_promotions>x</requested_promotions>",
        "wrong-type /data/requested_promotions/0",
    ),
    "promotion-reference-text": (
        "<promotion><external_id>p</external_id></promotion>",
        "<promotion>p</promotion>",
        "wrong-type /data/lines/0/requested_promotions/0/promotion",
    ),
    "promotion-reference-empty": (
        "<promotion><external_id>p</external_id></promotion>",
        "<promotion/>",
        "missing-field /data/lines/0/requested_promotions/0/promotion",
    ),
    "type-unknown": (
        "<type>discount</type>",
        "<type>bonus</type>",
        "unknown-value /data/lines/0/requested_promotions/0/type",
    ),
    "type-twice-last-empty": (
        "</promotion><amount>0.50</amount>",
        "</promotion><type/>",
        "duplicate-field /data/lines/0/requested_promotions/0/type",
        "unknown-value /data/lines/0/requested_promotions/0/type",
    ),
    "type-space": (
        "<type>redeem_points<",
        "<type> redeem_points<",
        "unknown-value /data/requested_promotions/0/type",
    ),
    "type-object-asks-nothing": (
        "<type>discount</type>\n        <promotion><external_id>p</external_id></promotion><amount>0.50</amount>",
        "<type>discount<b/></type><promotion><external_id>p</external_id></promotion>",
        "wrong-type /data/lines/0/requested_promotions/0/type",
    ),
    "type-twice-first-discount": (
        "<amount>0.50</amount>",
        "<type>message</type>",
        "duplicate-field /data/lines/0/requested_promotions/0/type",
    ),
    "type-twice-last-discount": (
        "</promotion><amount>0.50</amount>",
        "</promotion><type>discount</type>",
        "duplicate-field /data/lines/0/requested_promotions/0/type",
        "discount-amount-missing /data/lines/0/requested_promotions/0",
    ),
    "discount-without-amount": (
        "<amount>0.50</amount>",
        "",
        "discount-amount-missing /data/lines/0/requested_promotions/0",
    ),
    "discount-object-amount-is-there": (
        "<amount>0.50</amount>",
        "<amount><a/></amount>",
        "wrong-type /data/lines/0/requested_promotions/0/amount",
    ),
    "points-without-info": (
        "<points_info><points_currency_iid>1</points_currency_iid><amount>3</amount></points_info>",
        "",
        "points-info-missing /data/requested_promotions/0",
    ),
    "points-info-empty": (
        "<points_info><points_currency_iid>1</points_currency_iid><amount>3</amount></points_info>",
        "<points_info/>",
        "missing-field /data/requested_promotions/0/points_info",
        "points-currency-missing /data/requested_promotions/0/points_info",
    ),
    "points-info-twice": (
        "<points_info>",
        "<points_info>x</points_info><points_info/><points_info>",
        "duplicate-field /data/requested_promotions/0/points_info",
    ),
    "points-info-unasked-is-judged": (
        "</promotion><amount>0.50</amount>",
        "</promotion><amount>1</amount><points_info/>",
        "missing-field /data/lines/0/requested_promotions/0/points_info",
        "points-currency-missing /data/lines/0/requested_promotions/0/points_info",
    ),
    "points-info-amount-empty": (
        "<points_currency_iid>1</points_currency_iid><amount>3<",
        "<points_currency_iid>1</points_currency_iid><amount><",
        "invalid-decimal /data/requested_promotions/0/points_info/amount",
    ),
    "promocode-text": ("</promocodes>", "</promocodes><promocodes>C</promocodes>", "wrong-type /data/promocodes/1"),
    "promocode-empty": (
        "</promocodes>",
        "</promocodes><promocodes/>",
        *["missing-field /data/promocodes/1"] * 2,
    ),
    "sequence-of-mistakes": (
        "<count>2</count>",
        "<count/><custom_fields>x</custom_fields>",
        "wrong-type /data/lines/0/count",
        "wrong-type /data/lines/0/custom_fields",
    ),
    "type-hidden-by-xsi": (
        "<count>2<",
        '<count xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="text">x<',
        "wrong-type /data/lines/0/count",
    ),
    "nil-hidden-by-xsi": (
        "<count>2<",
        '<count xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"><',
        "wrong-type /data/lines/0/count",
    ),
}
# The only redemption stands on the line of these, which hides it when nothing in it is judged.
_NO_REDEMPTION = REQUEST[REQUEST.index("<promocodes>") : REQUEST.index("<custom_fields>")]
_LINE_END = "<amount>0.50</amount></requested_promotions>\n    </lines>\n    "
_ON_LINE = (
    "<amount>0.50</amount></requested_promotions><requested_promotions>{}<promotion><external_id>p</external_id></promotion>"
    "<points_info><points_currency_eid>e</points_currency_eid><amount>1</amount></points_info></requested_promotions>{}</lines>"
)
REQUEST_CORNERS |= {
    "redemption-on-line": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("<type>redeem_points</type>", ""),
        "redeem-points-missing /data",
    ),
    "redemption-on-line-of-wrong-type": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("<type>redeem_points</type>", "x"),
        "wrong-type /data/lines/0",
    ),
    "redemption-on-promotion-of-wrong-type": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("x<type>redeem_points</type>", ""),
        "wrong-type /data/lines/0/requested_promotions/1",
    ),
    "redemption-type-with-space": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("<type>redeem_points </type>", ""),
        "unknown-value /data/lines/0/requested_promotions/1/type",
    ),
    "redemption-type-object": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("<type>redeem_points<b/></type>", ""),
        "wrong-type /data/lines/0/requested_promotions/1/type",
    ),
    "redemption-type-discarded": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("<type>redeem_points</type><type>message</type>", ""),
        "duplicate-field /data/lines/0/requested_promotions/1/type",
    ),
    "redemption-type-last": (
        _LINE_END + _NO_REDEMPTION,
        _ON_LINE.format("<type>message</type><type>redeem_points</type>", ""),
        "duplicate-field /data/lines/0/requested_promotions/1/type",
        "redeem-points-missing /data",
    ),
}

_DATA = RESPONSE[RESPONSE.index("<data>") : RESPONSE.index("<error>")]
_POINTS = "<points_info><points_currency_iid>1</points_currency_iid><amount>5</amount></points_info>"
RESPONSE_CORNERS: dict[str, tuple[str, ...]] = {
    "root-empty": (RESPONSE, "<xml/>", "missing-field ", "missing-field "),
    "root-text": (RESPONSE, "<xml>x</xml>", "wrong-type "),
    "root-text-beside": ("<error>0</error>", "x<error>0</error><data/>", "wrong-type "),
    "no-data": (_DATA, "", "missing-field "),
    "no-data-no-text": (
        _DATA + "<error>0</error>\n  <error_text></error_text>",
        "<error>0</error>",
        *["missing-field "] * 2,
    ),
    "error-plus": ("<error>0<", "<error>+0<"),
    "error-zeros-bad-data": (_DATA + "<error>0<", "<data/><error>-000 <", "missing-field /data"),
    "error-two-words": (_DATA + "<error>0<", "<data/><error>0 0<", "wrong-type /error"),
    "error-no-break-space": (_DATA + "<error>0<", "<data/><error>0\xa0<", "wrong-type /error"),
    "error-empty": (_DATA + "<error>0<", "<data/><error><", "wrong-type /error"),
    "error-object": (_DATA + "<error>0<", "<data/><error>0<b/><", "wrong-type /error"),
    "error-5000-zeros": (_DATA + "<error>0<", f"<data/><error>{'0' * 5000}<", "missing-field /data"),
    "error-beyond": (
        _DATA + "<error>0<",
        "<data>x</data><error>99999999999999999999<",
        "out-of-range /error",
        "wrong-type /data",
    ),
    "error-5000-digits": (_DATA + "<error>0<", f"<data/><error>{'1' * 5000}<", "out-of-range /error"),
    "error-absent-data-unjudged": (
        "<error>0</error>",
        "<data>text</data>",
        "missing-field ",
        "duplicate-field /data",
    ),
    "error-absent-data-text": (_DATA + "<error>0</error>", "<data>text</data>", "missing-field "),
    "error-absent-data-mixed": (
        _DATA + "<error>0</error>",
        "<data>text<a/></data>",
        "missing-field ",
        "wrong-type /data",
    ),
    "error-word-data-text": (_DATA + "<error>0<", "<data>text</data><error>no<", "wrong-type /error"),
    "error-twice-last-zero": (
        _DATA + "<error>0<",
        "<data/><error>400</error><error>0<",
        "duplicate-field /error",
        "missing-field /data",
    ),
    "error-twice-last-other": (
        _DATA + "<error>0<",
        "<data/><error>0</error><error>400<",
        "duplicate-field /error",
    ),
    "error-text-object": (
        "<error_text></error_text>",
        "<error_text><a/></error_text>",
        "wrong-type /error_text",
    ),
    "refused-data-free": (
        _DATA + "<error>0<",
        "<data><status/><status>x</status><pool><pool_id>x<b/></pool_id></pool></data><error>400<",
    ),
    "refused-data-text": (_DATA + "<error>0<", "<data>x</data><error>400<", "wrong-type /data"),
    "refused-data-mixed": (_DATA + "<error>0<", "<data><a/>x</data><error>-1<", "wrong-type /data"),
    "refused-data-no-break-space": (_DATA + "<error>0<", "<data>\xa0</data><error>-1<", "wrong-type /data"),
    "refused-data-twice": (_DATA + "<error>0<", "<data>x</data><data/><error>400<", "duplicate-field /data"),
    "refused-no-data": (_DATA + "<error>0<", "<error>400<"),
    "data-empty": (_DATA, "<data/>", "missing-field /data"),
    "data-text": (_DATA, "<data>x</data>", "wrong-type /data"),
    "data-mixed-nothing-below": ("<status>success</status>", "x<status/><status/>", "wrong-type /data"),
    "data-twice-last-good": ("<data>", "<data>x<status/></data><data>", "duplicate-field /data"),
    "data-twice-last-bad": (
        "</data>",
        "</data><data><status>success</status></data>",
        "duplicate-field /data",
        *["missing-field /data"] * 2,
    ),
    "status-missing": ("<status>success</status>", "", "missing-field /data"),
    "status-unknown-requires-nothing": (
        _DATA,
        "<data><status>ok</status></data>",
        "unknown-value /data/status",
    ),
    "status-empty": (_DATA, "<data><status/></data>", "unknown-value /data/status"),
    "status-space": (_DATA, "<data><status>success </status></data>", "unknown-value /data/status"),
    "status-object-requires-nothing": (
        _DATA,
        "<data><status>success<b/></status></data>",
        "wrong-type /data/status",
    ),
    "status-twice-last-outdated": (
        _DATA,
        "<data><status>success</status><status>outdated</status></data>",
        "duplicate-field /data/status",
    ),
    "status-twice-last-success": (
        _DATA,
        "<data><status>outdated</status><status>success</status></data>",
        "duplicate-field /data/status",
        *["missing-field /data"] * 2,
    ),
    "success-without-both": (_DATA, "<data><status>success</status></data>", *["missing-field /data"] * 2),
    "outdated-bare": (_DATA, "<data><status>outdated</status></data>"),
    "outdated-with-target": (
        ">success<",
        ">outdated<",
        "processing-target-unexpected /data/processing_target",
    ),
    "outdated-with-unknown-target": (
        _DATA,
        "<data><status>outdated</status><processing_target/></data>",
        "processing-target-unexpected /data/processing_target",
        "unknown-value /data/processing_target",
    ),
    "outdated-with-object-target": (
        _DATA,
        "<data><status>outdated</status><processing_target><a/></processing_target></data>",
        "processing-target-unexpected /data/processing_target",
        "wrong-type /data/processing_target",
    ),
    "outdated-with-two-targets": (
        _DATA,
        "<data><status>outdated</status><processing_target/><processing_target>processed</processing_target></data>",
        "processing-target-unexpected /data/processing_target",
        "duplicate-field /data/processing_target",
    ),
    "target-unknown": (">processed<", ">later<", "unknown-value /data/processing_target"),
    "order-id-empty": (">o<", "><", "empty-value /data/external_id"),
    "order-id-object": (">o<", "><a/><", "wrong-type /data/external_id"),
    "order-id-twice": (">o<", "></external_id><external_id>o<", "duplicate-field /data/external_id"),
    "lists-absent": (RESPONSE[RESPONSE.index("<issued") : RESPONSE.index("</data>")], ""),
    "issued-empty": (
        "</issued_promocodes>",
        "</issued_promocodes><issued_promocodes/>",
        "missing-field /data/issued_promocodes/1",
    ),
    "issued-text": (
        "</issued_promocodes>",
        "</issued_promocodes><issued_promocodes>x</issued_promocodes>",
        "wrong-type /data/issued_promocodes/1",
    ),
    "issued-mixed-nothing-below": (
        "<codes>C</codes><pool><pool_id>7</pool_id>",
        "x<pool><pool_id>x</pool_id>",
        "wrong-type /data/issued_promocodes/0",
    ),
    "codes-object": (
        "<codes>C</codes>",
        "<codes/><codes><code>C</code></codes>",
        "wrong-type /data/issued_promocodes/0/codes/1",
    ),
    "pool-empty": (
        "<pool><pool_id>7</pool_id><name></name></pool>",
        "<pool/>",
        "missing-field /data/issued_promocodes/0/pool",
    ),
    "pool-text": (
        "<pool><pool_id>7</pool_id><name></name></pool>",
        "<pool>7</pool>",
        "wrong-type /data/issued_promocodes/0/pool",
    ),
    "pool-twice": ("<pool>", "<pool>x</pool><pool>", "duplicate-field /data/issued_promocodes/0/pool"),
    "pool-id-empty": ("<pool_id>7<", "<pool_id><", "wrong-type /data/issued_promocodes/0/pool/pool_id"),
    "pool-id-word": ("<pool_id>7<", "<pool_id>7.0<", "wrong-type /data/issued_promocodes/0/pool/pool_id"),
    "pool-id-arabic": (
        "<pool_id>7<",
        "<pool_id>\u0667<",
        "wrong-type /data/issued_promocodes/0/pool/pool_id",
    ),
    "pool-id-no-break-space": (
        "<pool_id>7<",
        "<pool_id>7\xa0<",
        "wrong-type /data/issued_promocodes/0/pool/pool_id",
    ),
    "pool-id-white-space": ("<pool_id>7<", "<pool_id>\n +07&#13;\t<"),
    "pool-id-least": ("<pool_id>7<", "<pool_id>-9223372036854775808<"),
    "pool-id-below": (
        "<pool_id>7<",
        "<pool_id>-9223372036854775809<",
        "out-of-range /data/issued_promocodes/0/pool/pool_id",
    ),
    "pool-id-5000-digits": (
        "<pool_id>7<",
        f"<pool_id>{'7' * 5000}<",
        "out-of-range /data/issued_promocodes/0/pool/pool_id",
    ),
    "pool-id-5000-zeros": ("<pool_id>7<", f"<pool_id>{'0' * 5000}<"),
    "pool-id-twice": (
        "<pool_id>7<",
        "<pool_id>x</pool_id><pool_id>7<",
        "duplicate-field /data/issued_promocodes/0/pool/pool_id",
    ),
    "pool-name-object": (
        "<name></name>",
        "<name><a/></name>",
        "wrong-type /data/issued_promocodes/0/pool/name",
    ),
    "promotion-empty": (
        "<promotion><external_id>p</external_id></promotion>",
        "<promotion/>",
        "missing-field /data/issued_promocodes/0/promotion",
    ),
    "promotion-id-empty": (">q<", "><", "empty-value /data/contents/0/promotion/external_id"),
    "promotion-id-object": (">p<", "><a/><", "wrong-type /data/issued_promocodes/0/promotion/external_id"),
    "promotion-id-twice": (
        ">p<",
        "></external_id><external_id>p<",
        "duplicate-field /data/issued_promocodes/0/promotion/external_id",
    ),
    "promotion-text": (
        "<promotion><external_id>q</external_id></promotion>",
        "<promotion>q</promotion>",
        "wrong-type /data/contents/0/promotion",
    ),
    "promotion-twice": (
        "<promotion><external_id>q<",
        "<promotion/><promotion><external_id>q<",
        "duplicate-field /data/contents/0/promotion",
    ),
    "change-empty": (
        "</points_changes>",
        "</points_changes><points_changes/>",
        "missing-field /data/points_changes/1",
    ),
    "change-text": (
        "</points_changes>",
        "</points_changes><points_changes>x</points_changes>",
        "wrong-type /data/points_changes/1",
    ),
    "points-empty": (
        _POINTS,
        "<points_info/>",
        "missing-field /data/points_changes/0/points_info",
        "points-currency-missing /data/points_changes/0/points_info",
    ),
    "points-text": (_POINTS, "<points_info>x</points_info>", "wrong-type /data/points_changes/0/points_info"),
    "points-twice-last-good": (
        _POINTS,
        "<points_info/>" + _POINTS,
        "duplicate-field /data/points_changes/0/points_info",
    ),
    "points-twice-last-bad": (
        _POINTS,
        _POINTS + "<points_info>x</points_info>",
        "duplicate-field /data/points_changes/0/points_info",
        "wrong-type /data/points_changes/0/points_info",
    ),
    "points-eid-empty": (
        "<points_currency_iid>1</points_currency_iid>",
        "<points_currency_eid/>",
        "empty-value /data/points_changes/0/points_info/points_currency_eid",
    ),
    "points-iid-word": (
        "<points_currency_iid>1<",
        "<points_currency_iid>one<",
        "wrong-type /data/points_changes/0/points_info/points_currency_iid",
    ),
    "points-iid-twice": (
        "<points_currency_iid>1<",
        "<points_currency_iid>x</points_currency_iid><points_currency_iid>1<",
        "duplicate-field /data/points_changes/0/points_info/points_currency_iid",
    ),
    "balance-line-feed": (
        "<amount>5<",
        "<amount>5\n<",
        "invalid-decimal /data/points_changes/0/points_info/amount",
    ),
    "balance-empty": ("<amount>5<", "<amount><", "invalid-decimal /data/points_changes/0/points_info/amount"),
    "balance-arabic": (
        "<amount>5<",
        "<amount>\u0665<",
        "invalid-decimal /data/points_changes/0/points_info/amount",
    ),
    "balance-object": (
        "<amount>5<",
        "<amount>5<b/><",
        "wrong-type /data/points_changes/0/points_info/amount",
    ),
    "balance-long": ("<amount>5<", f"<amount>{'5' * 6000}.0<"),
    "accrue-minus": (
        "<accrue_points>5<",
        "<accrue_points>-1<",
        "out-of-range /data/points_changes/0/accrue_points",
    ),
    "accrue-minus-zero": ("<accrue_points>5<", "<accrue_points>-0<"),
    "accrue-minus-5000-digits": (
        "<accrue_points>5<",
        f"<accrue_points>-{'7' * 5000}<",
        "out-of-range /data/points_changes/0/accrue_points",
    ),
    "accrue-decimal": (
        "<accrue_points>5<",
        "<accrue_points>5.0<",
        "wrong-type /data/points_changes/0/accrue_points",
    ),
    "redeem-beyond": (
        "<redeem_points>0<",
        "<redeem_points>9223372036854775808<",
        "out-of-range /data/points_changes/0/redeem_points",
    ),
    "redeem-twice": (
        "<redeem_points>0<",
        "<redeem_points>x</redeem_points><redeem_points>0<",
        "duplicate-field /data/points_changes/0/redeem_points",
    ),
    "content-empty": ("</contents></contents>", "</contents></contents><contents/>"),
    "content-text": (
        "</contents></contents>",
        "</contents></contents><contents>x</contents>",
        "wrong-type /data/contents/1",
    ),
    "content-item-empty": (
        "</contents></contents>",
        "</contents><contents/></contents>",
        "missing-field /data/contents/0/contents/1",
    ),
    "content-item-text": (
        "</contents></contents>",
        "</contents><contents>x</contents></contents>",
        "wrong-type /data/contents/0/contents/1",
    ),
    "content-type-open": (">text<", "><"),
    "content-type-object": (">text<", "><a/><", "wrong-type /data/contents/0/contents/0/type"),
    "content-type-twice": (">text<", ">a</type><type>b<", "duplicate-field /data/contents/0/contents/0/type"),
    "unknown-everywhere": (
        "<codes>C</codes>",
        "<codes>C</codes><a>x<codes><b/></codes></a><status/><points_info>x</points_info>",
    ),
}
