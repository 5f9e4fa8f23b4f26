"""Telephone numbers that belong to nobody, by the plans that set them aside."""

from __future__ import annotations

from typing import Final, NamedTuple


class ReservedRange(NamedTuple):
    """Numbers that are given to no subscriber.

    Attributes:
        digits: A regular expression for the whole number, from the country code on, without `+`.
        purpose: What they are kept for.
        source: Who says so, and where.
    """

    digits: str
    purpose: str
    source: str


_OFCOM: Final = "Ofcom, Telephone numbers for use in TV and radio drama programmes"
_ACMA: Final = "ACMA, Phone numbers for use in TV shows, films and creative works"
_BNETZA: Final = "Bundesnetzagentur, Mitteilung 148/2021, Rufnummern für Medienproduktionen"
_ARCEP: Final = "Arcep, plan de numérotation: numéros pour les œuvres audiovisuelles"
_NANPA: Final = "NANPA, 555 line numbers; ATIS-0300115"

RESERVED_RANGES: Final = (
    ReservedRange(r"1[0-9]{3}55501[0-9]{2}", "fiction in North America", _NANPA),
    ReservedRange(r"1555[0-9]{7}", "no area code of North America", _NANPA),
    ReservedRange(
        r"1[01][0-9]{9}", "no area code of North America", "ITU-T E.164 and the NANP: codes begin with 2 to 9"
    ),
    ReservedRange(r"7[012][0-9]{9}", "no code of Russia or Kazakhstan", "the numbering plan of the country code 7"),
    ReservedRange(r"44(?:113|114|115|116|117|118|121|131|141|151|161)4960[0-9]{3}", "drama, large cities", _OFCOM),
    ReservedRange(r"442079460[0-9]{3}", "drama, London", _OFCOM),
    ReservedRange(r"441914980[0-9]{3}", "drama, Tyneside", _OFCOM),
    ReservedRange(r"442896496[0-9]{3}", "drama, Northern Ireland", _OFCOM),
    ReservedRange(r"442920180[0-9]{3}", "drama, Cardiff", _OFCOM),
    ReservedRange(r"441632960[0-9]{3}", "drama, no area", _OFCOM),
    ReservedRange(r"447700900[0-9]{3}", "drama, mobile", _OFCOM),
    ReservedRange(r"448081570[0-9]{3}", "drama, free of charge", _OFCOM),
    ReservedRange(r"449098790[0-9]{3}", "drama, premium rate", _OFCOM),
    ReservedRange(r"443069990[0-9]{3}", "drama, the whole of the United Kingdom", _OFCOM),
    ReservedRange(r"61[2378](?:5550|7010)[0-9]{4}", "fiction in Australia", _ACMA),
    ReservedRange(r"61491570(?:006|110|156|157|158|159|313|737)", "fiction in Australia, mobile", _ACMA),
    ReservedRange(r"61491571(?:266|491|804)|61491572(?:549|665|983)", "fiction in Australia, mobile", _ACMA),
    ReservedRange(r"49(?:3023125|6990009|4066969|2214710|8999998)[0-9]{3}", "media productions in Germany", _BNETZA),
    ReservedRange(r"49(?:17139200[0-9]{2}|176040690[0-9]{2})", "media productions in Germany, mobile", _BNETZA),
    ReservedRange(r"33(?:19900|26191|35301|46571|53649|63998)[0-9]{4}", "fiction in France", _ARCEP),
)
