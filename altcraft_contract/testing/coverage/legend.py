"""What counts, in the words of the reports."""

from __future__ import annotations

from typing import Final

LEGEND: Final = (
    (
        "Fields",
        (
            "Every member that the contract documents for a request or a response, by its pointer. `*` stands for any "
            "item of a list and for any key of an object with open keys: all custom fields of one object are one "
            "field, and so are all texts of one list. A field is exercised when a checked message had it, whatever its "
            "value; a field of a response, when the client was given it. The number is that of messages."
        ),
    ),
    (
        "Rules",
        (
            "A rule is exercised when it was broken or kept at least once. Broken counts findings. Kept counts "
            "messages with something that the rule speaks of and without a finding of it: what one message breaks, it "
            "does not keep. The published schemas say of which values, objects and types of promotions most rules "
            "speak. Any other rule speaks of the place where its own sample breaks it, if what stands there can be "
            "read and what it is compared with is there, too. Rules about the text of a message are kept by every "
            "well-formed body that is text; rules about a request and its response, by every exchange judged."
        ),
    ),
    ("Scenarios", "A scenario is exercised when the stub answered so. The number is that of answers."),
    (
        "Percent",
        (
            "Exercised of all, rounded down. The total counts every field, rule and scenario once. Rules that are "
            "switched off for the whole run are not counted."
        ),
    ),
)
"""Heading and text, in which what stands in back quotes is code."""
