"""What stands where an XML document goes wrong, and what to do about it.

The words are about the form alone: they show punctuation, never anything that may be a value.
"""

from __future__ import annotations

import re
from pyexpat import ErrorString, errors
from typing import TYPE_CHECKING, Final

from altcraft_contract.documents.problem import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

_FAR: Final = 200  # characters that are looked at before a place
_CODES: Final[Mapping[str, int]] = errors.codes
_SLIPS: Final[Mapping[int, tuple[str, str]]] = {
    _CODES[name]: slip
    for name, slip in {
        errors.XML_ERROR_NO_ELEMENTS: (
            "the document ends where an end tag is expected",
            "close what is open, up to </xml>, or add what was cut off",
        ),
        errors.XML_ERROR_UNCLOSED_TOKEN: ("a tag or a comment that does not end", "add the `>` at its end"),
        errors.XML_ERROR_PARTIAL_CHAR: ("a character that does not end", "add what was cut off"),
        errors.XML_ERROR_TAG_MISMATCH: (
            "an end tag of another name than the element that is open",
            "close the inner element first, and write both tags alike, capitals too",
        ),
        errors.XML_ERROR_DUPLICATE_ATTRIBUTE: ("an attribute that the tag has already", "leave one of them out"),
        errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: (
            "something else after the end of </xml>",
            "take out what stands after it; one document holds one <xml>",
        ),
        errors.XML_ERROR_UNDEFINED_ENTITY: (
            "an entity that XML does not have",
            "write the character itself; XML has only &amp; &lt; &gt; &quot; &apos;",
        ),
        errors.XML_ERROR_BAD_CHAR_REF: ("a reference to a character that XML cannot hold", "leave it out"),
        errors.XML_ERROR_MISPLACED_XML_PI: (
            "an XML declaration that is not at the very start",
            "take out what stands before it, white space too, or the declaration",
        ),
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION: ("a CDATA section that does not end", "add `]]>` at its end"),
        errors.XML_ERROR_UNBOUND_PREFIX: (
            "a prefix without a namespace",
            "write the name without the prefix; no documented element has one",
        ),
        errors.XML_ERROR_SYNTAX: (
            "text where the element <xml> is expected",
            "take out what stands outside of <xml>",
        ),
    }.items()
}
_INVALID_TOKEN: Final = _CODES[errors.XML_ERROR_INVALID_TOKEN]


def explain_xml_slip(text: str, position: int, code: int) -> Malformed:
    """What is wrong with *text*, of which the parser says the error *code* at *position*, in characters from 0."""
    if code == _INVALID_TOKEN:
        return Malformed(position, *_invalid_token(text, position))
    detail, hint = _SLIPS.get(code, (ErrorString(code) or "not well-formed", "write it with an XML library"))
    return Malformed(position, detail, hint)


def _invalid_token(text: str, position: int) -> tuple[str, str]:
    before, character = text[max(0, position - _FAR) : position], text[position : position + 1]
    if position < _FAR and not before.strip():
        return "no element where <xml> is expected", "send XML, which begins with <xml>, or JSON as JSON"
    if character and (character < " " or character in "\ufffe\uffff"):
        return f"a character that XML cannot hold (U+{ord(character):04X})", "leave it out"
    if before.endswith("]]") and character == ">":
        return "`]]>` within a text", "write `]]&gt;`"
    if before.endswith("--") and before.rfind("<!--") > before.rfind("-->"):
        return "`--` within a comment", "take out one of the dashes"
    return _markup(before, character)


def _markup(before: str, character: str) -> tuple[str, str]:
    """What is wrong with a reference or a tag of which *before* is the end that can be read."""
    reference, tag = before.rfind("&"), before.rfind("<")
    if reference > max(before.rfind(";"), tag) and re.fullmatch(r"#?\w*", before[reference + 1 :]):
        return "`&` that begins no reference", "write &amp; for it"
    if before.endswith("<"):
        return "`<` that begins no tag", "write &lt; for it within a text, and begin a name with a letter"
    if character == "<":
        return "`<` within a tag", "end the tag before it with `>`, or write &lt; in an attribute"
    if tag <= before.rfind(">"):
        return "a character that XML does not allow there", "write it with an XML library"
    if before.endswith("="):
        return "the value of an attribute without quotes", "put it in double quotes"
    return "a character that no tag holds there", "write the name in letters, digits and `_`, and end it with `>`"
