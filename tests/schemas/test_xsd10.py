"""The generated XSD 1.0 files, with lxml."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from xmlschema.validators import XMLSchemaDecodeError, XsdAssert

from altcraft_contract.validation.xsd import iter_xsd_problems, load_xsd
from tests.schemas import MESSAGES, REPOSITORY, REQUEST, RESPONSE, SCHEMAS, Body, load_bodies

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType
    from xml.etree import ElementTree as ET

    from xmlschema import XMLSchema11
    from xmlschema.validators import XsdElement

TOOL = REPOSITORY / "tools" / "xsd10.py"


def load_tool() -> ModuleType:
    """Import the script, which is in no package."""
    spec = importlib.util.spec_from_file_location("xsd10", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["xsd10"] = module
    spec.loader.exec_module(module)
    return module


xsd10 = load_tool()
BODIES = load_bodies()


@pytest.fixture(scope="module")
def full() -> dict[str, XMLSchema11]:
    """The 1.1 file of each message."""
    return {message: load_xsd(SCHEMAS / f"{message}.xsd") for message in MESSAGES}


@pytest.fixture(scope="module")
def reduced() -> dict[str, etree.XMLSchema]:
    """The 1.0 file of each message."""
    return {message: etree.XMLSchema(etree.parse(SCHEMAS / f"{message}.xsd10.xsd")) for message in MESSAGES}


def has_unknown(element: ET.Element, declaration: XsdElement) -> bool:
    """Tell whether an element that the 1.1 file leaves open stands somewhere: 1.0 refuses it."""
    content = getattr(declaration.type, "content", None)
    known = {child.name: child for child in getattr(content, "elements", []) if child.name}
    if not known:
        return False
    return any(child.tag not in known or has_unknown(child, known[child.tag]) for child in element)


def breaks_what_10_holds(schema: XMLSchema11, body: Body) -> bool:
    """Tell whether the 1.1 file finds something in a body beside the assertions that the 1.0 file lost."""
    lost = {loss.assertion for loss in xsd10.iter_losses(xsd10.read_xsd(SCHEMAS / f"{body.message}.xsd"))}
    root = body.read()
    # xmlschema alone cannot read an integer of 5000 zeros, and takes a no-break space for white space around one.
    errors = [error for error in schema.iter_errors(root) if not isinstance(error, XMLSchemaDecodeError)]
    if not errors:
        return bool(list(iter_xsd_problems(schema, root)))
    asserts = [error.validator for error in errors if isinstance(error.validator, XsdAssert)]
    return len(asserts) < len(errors) or any(broken.elem.get("id") not in lost for broken in asserts)


def test_committed_files_are_what_the_tool_makes() -> None:
    """The 1.0 files in the repository equal what the 1.1 files give today."""
    made = dict(xsd10.iter_generated())
    assert {path.name for path in made} == {f"{message}.xsd10.xsd" for message in MESSAGES}
    assert [path.name for path, text in made.items() if path.read_bytes() != text] == []


def test_check_tells_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--check writes nothing and exits with 1 on a difference; without it the file is rewritten."""
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / "request.xsd").write_bytes((SCHEMAS / "request.xsd").read_bytes())
    monkeypatch.setattr(xsd10, "SCHEMAS", tmp_path)
    target = folder / "request.xsd10.xsd"
    assert xsd10.main(["--check"]) == 1
    assert not target.exists()
    assert xsd10.main([]) == 0
    assert xsd10.main(["--check"]) == 0
    assert target.read_bytes() == (SCHEMAS / "request.xsd10.xsd").read_bytes()


def test_tool_runs_as_a_script() -> None:
    """`python tools/xsd10.py --check` is how CI runs it."""
    assert subprocess.run([sys.executable, TOOL, "--check"], check=False).returncode == 0


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
def test_verdict_is_that_of_11_without_lost_assertions(
    full: dict[str, XMLSchema11], reduced: dict[str, etree.XMLSchema], body: Body
) -> None:
    """A body is refused exactly if it breaks a rule that the 1.0 file claims to hold, or has unknown elements."""
    root = body.read()
    schema = full[body.message]
    expected = not breaks_what_10_holds(schema, body) and not has_unknown(root, schema.elements["xml"])
    tree = etree.fromstring(etree.tostring(as_lxml(root)))
    assert reduced[body.message].validate(tree) is expected


def as_lxml(root: ET.Element) -> etree._Element:
    """Copy a tree into lxml without writing it as text."""
    copy = etree.Element(root.tag)
    copy.text, copy.tail = root.text, root.tail
    copy.extend(as_lxml(child) for child in root)
    return copy


@pytest.mark.parametrize("message", MESSAGES)
def test_comment_names_every_loss(message: str) -> None:
    """The leading comment names each lost rule, and each lost assertion of a rule that is held in part."""
    schema = xsd10.read_xsd(SCHEMAS / f"{message}.xsd")
    comment = (SCHEMAS / f"{message}.xsd10.xsd").read_text(encoding="utf-8").partition("-->")[0]
    held = xsd10.find_rules(schema, assertions=False)
    words = comment.replace(",", " ").replace(":", " ").split()
    for loss in xsd10.iter_losses(schema):
        assert (loss.assertion if loss.rule in held else loss.rule) in words


@pytest.mark.parametrize("message", MESSAGES)
def test_attributes_are_open(reduced: dict[str, etree.XMLSchema], message: str) -> None:
    """An attribute that the documentation does not list is no error, on an object and on a value."""
    root = etree.fromstring({"request": REQUEST, "response": RESPONSE}[message])
    for element in root.iter():
        element.set("note", "x")
    assert reduced[message].validate(root)


def test_any_order_of_an_order_is_valid(reduced: dict[str, etree.XMLSchema]) -> None:
    """Wherever lines and custom_fields stand among the others, the order is valid."""
    root = etree.fromstring(REQUEST)
    data = root.find("data")
    assert data is not None
    for _ in range(len(data)):
        data.append(data[0])
        assert reduced["request"].validate(root)
        for child in reversed(data):
            data.append(child)
        assert reduced["request"].validate(root)
