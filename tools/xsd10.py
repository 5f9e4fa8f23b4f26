"""Make the XSD 1.0 files of a contract version from its XSD 1.1 files.

    python tools/xsd10.py            # rewrite schemas/*/*.xsd10.xsd
    python tools/xsd10.py --check    # compare only; exit 1 on a difference

XSD 1.0 has no assertions, no list within `xs:all` and no wildcard beside elements without a namespace. So

- assertions go, and the file's leading comment names what goes with them;
- unknown elements are refused (attributes stay open);
- an object without lists keeps `xs:all`;
- an object with lists becomes a repeated choice, whose occurrences are held by other means: values by
  identity constraints on the object's element (`xs:key`: exactly one, `xs:unique`: at most one), objects
  and required lists by unrolling the choice into the orders in which they may first appear.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
RULE: Final = "urn:altcraft-contract:rule"
IMPLIED: Final = "urn:altcraft-contract:xsd10"
SCHEMAS: Final = Path(__file__).resolve().parents[1] / "schemas"
MANY: Final = {"minOccurs": "0", "maxOccurs": "unbounded"}

Node = etree._Element  # noqa: SLF001 - lxml's only name for the type of an element


@dataclass(frozen=True, slots=True)
class Loss:
    """An assertion that a 1.0 file cannot hold, by its id and the rule it belongs to."""

    rule: str
    assertion: str


@dataclass(frozen=True, slots=True)
class Member:
    """An element of an object, as the 1.1 file declares it."""

    declaration: Node
    is_value: bool

    @property
    def name(self) -> str:
        """Its tag in a document."""
        return self.declaration.get("name", "")

    @property
    def is_list(self) -> bool:
        """Whether it may repeat."""
        return self.declaration.get("maxOccurs") == "unbounded"

    @property
    def is_required(self) -> bool:
        """Whether it must be there."""
        return self.declaration.get("minOccurs") != "0"

    @property
    def is_free(self) -> bool:
        """Whether a repeated choice may hold it: an optional list, or a value counted by a constraint."""
        return not self.is_required if self.is_list else self.is_value


def main(arguments: list[str] | None = None) -> int:
    """Rewrite or compare the generated files, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    options = parser.parse_args(arguments)
    stale = {path: text for path, text in iter_generated() if not path.is_file() or path.read_bytes() != text}
    for path, text in stale.items():
        if options.check:
            sys.stderr.write(f"{path} is not what tools/xsd10.py makes of its 1.1 file: run it\n")
        else:
            path.write_bytes(text)
    return 1 if options.check and stale else 0


def iter_generated() -> Iterator[tuple[Path, bytes]]:
    """Yield the path of each 1.0 file and what should stand in it."""
    for source in sorted(SCHEMAS.glob("*/*.xsd")):
        if not source.name.endswith(".xsd10.xsd"):
            yield source.with_name(f"{source.stem}.xsd10.xsd"), make_xsd10(source)


def make_xsd10(source: Path) -> bytes:
    """Make the 1.0 file of one 1.1 file."""
    schema = read_xsd(source)
    comment = describe(source, list(iter_losses(schema)), find_rules(schema, assertions=False))
    values = set(iter_value_types(schema))
    objects = [node for node in schema.iterchildren(f"{XS}complexType") if node.find(f"{XS}all") is not None]
    constraints = {node.get("name", ""): list(iter_constraints(node, values)) for node in objects}
    for declaration in list(schema.iter(f"{XS}element")):
        add_constraints(declaration, constraints.get(declaration.get("type", ""), []))
    for node in schema.iter(f"{XS}complexType"):
        etree.strip_attributes(node, "mixed")
        for assertion in node.findall(f"{XS}assert"):
            node.remove(assertion)
    for node in objects:
        rewrite_content(node, values)
    etree.strip_tags(schema, etree.Comment)
    etree.indent(schema, "  ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + comment + etree.tostring(schema, encoding="UTF-8") + b"\n"


def read_xsd(path: Path) -> Node:
    """Read a schema, without the white space between its elements."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    return etree.parse(path, parser).getroot()


def iter_losses(schema: Node) -> Iterator[Loss]:
    """Yield the assertions of a 1.1 file that no content model of the 1.0 file implies."""
    for assertion in schema.iter(f"{XS}assert"):
        if not list(iter_notes(assertion, IMPLIED)):
            yield from (Loss(rule, assertion.get("id", "")) for rule in iter_notes(assertion, RULE))


def iter_notes(component: Node, source: str) -> Iterator[str]:
    """Yield the texts of a component's `appinfo` elements of one source."""
    for note in component.iterfind(f"{XS}annotation/{XS}appinfo"):
        if note.get("source") == source and note.text:
            yield note.text.strip()


def find_rules(schema: Node, *, assertions: bool) -> set[str]:
    """Return the rules that a 1.1 file names, at its assertions or everywhere else."""
    components = (node for node in schema.iter(f"{XS}*") if (node.tag == f"{XS}assert") is assertions)
    return {rule for component in components for rule in iter_notes(component, RULE)}


def describe(source: Path, losses: list[Loss], held: set[str]) -> bytes:
    """Return the leading comment: where the file comes from and what it cannot hold."""
    whole = sorted({loss.rule for loss in losses} - held)
    partly = sorted({loss.rule for loss in losses} & held)
    lines = [
        f"Made from {source.name} by tools/xsd10.py, for processors of XSD 1.0: do not edit.",
        "",
        f"XSD 1.0 has no assertions, so these rules of {source.name} are not held here:",
        *(f"  {rule}" for rule in whole),
        *(["", "and these only in part, without the assertions named:"] if partly else []),
    ]
    for rule in partly:
        ids = ", ".join(loss.assertion for loss in losses if loss.rule == rule)
        lines += wrap(f"{rule}: {ids}", 110, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    lines += [
        "",
        "Elements that the documentation does not list are refused: XSD 1.0 cannot leave them open beside",
        "elements without a namespace. Attributes are open, as there.",
    ]
    body = "\n".join(f"  {line}".rstrip() for line in lines)
    return f"<!--\n{body}\n-->\n".encode()


def iter_value_types(schema: Node) -> Iterator[str]:
    """Yield the names of the types that hold text and no elements."""
    for node in schema.iterchildren(f"{XS}simpleType", f"{XS}complexType"):
        if node.tag == f"{XS}simpleType" or node.find(f"{XS}simpleContent") is not None:
            yield node.get("name", "")


def iter_members(node: Node, values: set[str]) -> Iterator[Member]:
    """Yield the elements that an object type declares."""
    for declaration in node.iterfind(f"{XS}all/{XS}element"):
        yield Member(declaration, declaration.get("type") in values)


def iter_constraints(node: Node, values: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what counts the values of an object with lists: kind, name and counted element."""
    members = list(iter_members(node, values))
    if not any(member.is_list for member in members):
        return
    for member in members:
        if member.is_value and not member.is_list:
            kind, says = ("key", "exactly-one") if member.is_required else ("unique", "at-most-one")
            yield kind, f"{says}.{node.get('name')}.{member.name}", member.name


def add_constraints(declaration: Node, constraints: list[tuple[str, str, str]]) -> None:
    """Give an element its identity constraints, each over the element itself alone."""
    for kind, name, field in constraints:
        constraint = etree.SubElement(declaration, f"{XS}{kind}", name=name)
        etree.SubElement(constraint, f"{XS}selector", xpath=".")
        etree.SubElement(constraint, f"{XS}field", xpath=field)


def rewrite_content(node: Node, values: set[str]) -> None:
    """Replace the content model of an object type by one of XSD 1.0."""
    content = node.find(f"{XS}all")
    if content is None:
        return
    for wildcard in content.findall(f"{XS}any"):
        content.remove(wildcard)
    members = list(iter_members(node, values))
    if not any(member.is_list for member in members):
        return
    name = node.get("name", "")
    free = f"{name}.any"
    model = etree.Element(f"{XS}sequence")
    model.extend(content.findall(f"{XS}annotation"))
    specials = [member for member in members if not member.is_free]
    model.extend(unroll(name, specials, [free]))
    node.replace(content, model)
    node.addprevious(make_group(free, "choice", [m.declaration for m in members if m.is_free]))
    for member in specials:
        node.addprevious(make_group(f"{name}.{member.name}", "sequence", [member.declaration]))


def make_group(name: str, compositor: str, declarations: list[Node]) -> Node:
    """Make a named group of element declarations that each stand once."""
    group = etree.Element(f"{XS}group", name=name)
    model = etree.SubElement(group, f"{XS}{compositor}")
    for declaration in declarations:
        etree.strip_attributes(declaration, *MANY)
        model.append(declaration)
    return group


def unroll(name: str, specials: list[Member], free: list[str]) -> Iterator[Node]:
    """Yield a deterministic model: the free groups, then whichever special element comes first and so on.

    Args:
        name: The object type's.
        specials: The elements still to come that no repeated choice can count.
        free: The groups that may stand any number of times from here on.
    """
    yield make_repeated(free)
    if not specials:
        return
    branches = []
    for special in specials:
        group = f"{name}.{special.name}"
        branch = etree.Element(f"{XS}sequence")
        etree.SubElement(branch, f"{XS}group", ref=group)
        rest = [other for other in specials if other is not special]
        branch.extend(unroll(name, rest, [*free, group] if special.is_list else free))
        branches.append(branch)
    part = branches[0]
    if len(branches) > 1:
        part = etree.Element(f"{XS}choice")
        part.extend(branches)
    if not any(special.is_required for special in specials):
        part.set("minOccurs", "0")
    yield part


def make_repeated(groups: list[str]) -> Node:
    """Make a model of any number of any of some groups."""
    if len(groups) == 1:
        return etree.Element(f"{XS}group", {"ref": groups[0], **MANY})
    choice = etree.Element(f"{XS}choice", MANY)
    for group in groups:
        etree.SubElement(choice, f"{XS}group", ref=group)
    return choice


if __name__ == "__main__":
    sys.exit(main())
