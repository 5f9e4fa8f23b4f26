"""A test case, as every report in the XML of JUnit has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from altcraft_contract.renderers.xml_markup import xml_attribute, xml_content

if TYPE_CHECKING:
    from collections.abc import Iterator


class JunitCase(NamedTuple):
    """A test case.

    Attributes:
        name: What is shown; the same in every run, and no other's of its group.
        outcome: `failure`, `error` or `skipped`; empty if it passed.
        message: About the outcome, in a line.
        detail: More about it, or about what passed.
        kind: Groups outcomes.
    """

    name: str
    outcome: str = ""
    message: str = ""
    detail: str = ""
    kind: str = ""

    def render(self, group: str) -> Iterator[str]:
        """Its lines; *group* tells it from test cases of that name elsewhere."""
        yield f"    <testcase classname={xml_attribute(group)} name={xml_attribute(self.name)}"
        if self.outcome:
            kind = f" type={xml_attribute(self.kind)}" if self.kind else ""
            yield f">\n      <{self.outcome} message={xml_attribute(self.message)}{kind}>"
            yield f"{xml_content(self.detail)}</{self.outcome}>\n    </testcase>\n"
        elif self.detail:
            yield f">\n      <system-out>{xml_content(self.detail)}</system-out>\n    </testcase>\n"
        else:
            yield "/>\n"
