"""Processors of other makers agree on the published XML Schemas."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from altcraft_contract.validation.xsd import iter_xsd_problems, load_xsd
from tests.schemas import MESSAGES, REQUEST, RESPONSE, SCHEMAS, load_bodies

if TYPE_CHECKING:
    from collections.abc import Iterable

JAVA_SOURCE = Path(__file__).with_name("Validate.java")
BODIES = load_bodies()

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="java is not on the PATH")
needs_xmllint = pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not on the PATH")

# Where pyxsd 1.2 differs from XML Schema and from all other processors: it reads no integer of over 4300 digits.
PYXSD_DIFFERS = {"request-count-5000-zeros"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of bodies for each message, as a schema processor is handed them."""
    made = {message: tmp_path_factory.mktemp(message) for message in MESSAGES}
    for body in BODIES:
        body.write(made[body.message])
    return made


def judge_11(message: str) -> dict[str, bool]:
    """Return whether this project finds each body free of errors."""
    schema = load_xsd(SCHEMAS / f"{message}.xsd")
    bodies = [body for body in BODIES if body.message == message]
    return {body.name: not list(iter_xsd_problems(schema, body.read())) for body in bodies}


def judge_lxml(message: str, folder: Path) -> dict[str, bool]:
    """Return lxml's verdicts by the 1.0 file."""
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{message}.xsd10.xsd"))
    return {path.stem: schema.validate(etree.parse(path)) for path in folder.iterdir()}


def judge_java(version: str, schema: Path, folder: Path) -> dict[str, bool]:
    """Return the verdicts of the JDK (1.0) or of Xerces (1.1)."""
    options = ["-cp", str(find_jars())] if version == "1.1" else []
    command = ["java", *options, str(JAVA_SOURCE), version, str(schema), str(folder)]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    pairs = (line.split("\t") for line in lines)
    return {Path(name).stem: verdict == "valid" for verdict, name in pairs}


def find_jars() -> Path:
    """Return the class path of Xerces with XML Schema 1.1, or skip."""
    pytest.importorskip("xsd_validator", reason="the package xsd-validator, which holds Xerces, is not installed")
    found = importlib.util.find_spec("xsd_validator")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "resources" / "*"


def judge_xmllint(schema: Path, paths: Iterable[Path]) -> dict[str, bool]:
    """Return xmllint's verdicts."""
    command = ["xmllint", "--noout", "--schema", str(schema), *map(str, sorted(paths))]
    lines = subprocess.run(command, capture_output=True, check=False, text=True).stderr.splitlines()
    verdicts = (line.rpartition(" ") if line.endswith(" validates") else line.rpartition(" fails") for line in lines)
    return {Path(name).stem: last == "validates" for name, middle, last in verdicts if middle}


def differences(one: dict[str, bool], other: dict[str, bool]) -> set[str]:
    """Return the bodies on which two processors differ."""
    assert one.keys() == other.keys()
    return {name for name in one if one[name] is not other[name]}


@pytest.mark.parametrize("message", MESSAGES)
def test_pyxsd_agrees_on_11(message: str, folders: dict[str, Path]) -> None:
    """A second processor in Python gives the same verdict on every body but those whose reason is known."""
    pyxsd = pytest.importorskip("pyxsd", reason="pyxsd is not installed")
    schema = pyxsd.compile(SCHEMAS / f"{message}.xsd")
    # In xs:all it lets a wildcard take the second of an element that may stand once, whatever notQName says.
    bodies = [b for b in BODIES if b.message == message and "duplicate-field" not in dict(b.errors)]
    verdicts = {body.name: schema.parse(folders[message] / f"{body.name}.xml").is_valid for body in bodies}
    expected = {name: verdict for name, verdict in judge_11(message).items() if name in verdicts}
    assert differences(verdicts, expected) == verdicts.keys() & PYXSD_DIFFERS


@needs_java
@pytest.mark.parametrize("message", MESSAGES)
def test_xerces_agrees_on_11(message: str, folders: dict[str, Path]) -> None:
    """Xerces with XML Schema 1.1 gives the same verdict on every body."""
    verdicts = judge_java("1.1", SCHEMAS / f"{message}.xsd", folders[message])
    assert differences(verdicts, judge_11(message)) == set()


@needs_java
@pytest.mark.parametrize("message", MESSAGES)
def test_jdk_agrees_on_10(message: str, folders: dict[str, Path]) -> None:
    """The JDK's validator and lxml give the same verdict by the 1.0 file on every body."""
    verdicts = judge_java("1.0", SCHEMAS / f"{message}.xsd10.xsd", folders[message])
    assert differences(verdicts, judge_lxml(message, folders[message])) == set()


@needs_xmllint
@pytest.mark.parametrize("message", MESSAGES)
def test_xmllint_agrees_on_10(message: str, folders: dict[str, Path]) -> None:
    """The libxml2 of xmllint and that of lxml, of different releases, give the same verdicts by the 1.0 file."""
    verdicts = judge_xmllint(SCHEMAS / f"{message}.xsd10.xsd", folders[message].iterdir())
    assert differences(verdicts, judge_lxml(message, folders[message])) == set()


@needs_java
@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_attributes_are_open_in_java(message: str, version: str, tmp_path: Path) -> None:
    """An attribute that the documentation does not list is no error to Java, on an object and on a value."""
    root = etree.fromstring({"request": REQUEST, "response": RESPONSE}[message])
    for element in root.iter():
        element.set("note", "x")
    (tmp_path / "open.xml").write_bytes(etree.tostring(root))
    schema = SCHEMAS / (f"{message}.xsd" if version == "1.1" else f"{message}.xsd10.xsd")
    assert judge_java(version, schema, tmp_path) == {"open": True}
