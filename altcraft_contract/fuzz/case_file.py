"""Case files: a failure in a form that can be sent again. `case.schema.json` describes it; nothing in it is secret."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from altcraft_contract import __version__
from altcraft_contract.contract import LATEST
from altcraft_contract.documents.limits import MEBIBYTE
from altcraft_contract.documents.pointer import join
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.findings import Basis
from altcraft_contract.fuzz.case import Case
from altcraft_contract.fuzz.failure import Cause
from altcraft_contract.lint.payloads import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altcraft_contract.fuzz.case import Kind, Phase
    from altcraft_contract.fuzz.failure import Failure

VERSION: Final = 1
LARGEST: Final = 64 * MEBIBYTE
SUFFIX: Final = ".json"
_SCHEMA: Final = "case.schema.json"
_PLAIN: Final = ("title", "syntax", "method", "content_type", "framing", "credentials", "own_connection", "is_odd")
_JUDGED: Final = ("expected", "rule", "place", "external_id")
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"valid-refused": "controlled", "authentication": "authentication", "repeatability": "repeat"}
)
"""Oracle to the kind of trial that it judges; the others judge any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCase:
    """A failure that can be sent again.

    Attributes:
        id: The fingerprint of its cause.
        cause: What makes it the same as another.
        kind: What the steps have to do with each other, as for `Trial`.
        phase: Phase in which it was met first.
        trial: Id of the trial in which it was met first.
        feature: Name of the mutation, edge case or relation.
        basis: Why it is a failure.
        section: Section of the vendor's page.
        message: What is wrong, in a sentence.
        expected: What was expected, in a sentence.
        steps: What was sent, with stand-ins.
        guilty: Index in *steps* of the request whose answer was wrong.
        run: Id of the run, which stands before each `external_id`.
        target: Where it was sent.
        contract: Version of the contract.
        tool: Name and version of what saved it.
        version: Of the form of the file.
    """

    id: str
    cause: Cause
    kind: Kind
    phase: Phase
    trial: str
    feature: str
    basis: Basis
    section: str
    message: str
    expected: str
    steps: tuple[Case, ...]
    guilty: int
    run: str
    target: str
    contract: str = LATEST
    tool: str = f"altcraft-contract {__version__}"
    version: int = VERSION

    @property
    def rule(self) -> str | None:
        """Id of the rule; None if the oracle judges by none."""
        return self.cause.rule or None

    @property
    def step(self) -> Case:
        """The request whose answer was wrong."""
        return self.steps[self.guilty]


def saved_case_of(failure: Failure, *, run: str, target: str) -> SavedCase:
    """The form of a failure that can be sent again.

    Args:
        failure: Of a campaign.
        run: Id of the run.
        target: Where it was sent, without credentials.
    """
    return SavedCase(
        id=failure.id,
        cause=failure.cause,
        kind=_kind_of(failure),
        phase=failure.phase,
        trial=failure.trial,
        feature=failure.feature,
        basis=failure.basis,
        section=failure.section,
        message=failure.message,
        expected=failure.expected,
        steps=tuple(step.case for step in failure.steps),
        guilty=failure.guilty % len(failure.steps),
        run=run,
        target=target,
    )


def _kind_of(failure: Failure) -> Kind:
    """What the steps have to do with each other, as the oracle looked at them."""
    if failure.cause.oracle == "syntax-parity":
        return "twins" if len({step.case.syntax for step in failure.steps}) > 1 else "variant"
    return _KINDS.get(failure.cause.oracle, "single")


def write_case_file(failure: Failure, directory: Path, *, run: str, target: str) -> Path:
    """Write the case file of a failure, whole or not at all, readable by its owner only.

    Args:
        failure: Of a campaign.
        directory: Where to put `<id>.json`; it is made if it is not there.
        run: Id of the run.
        target: Where it was sent, without credentials.

    Returns:
        The file.

    Raises:
        OSError: if it cannot be written.
    """
    text = json.dumps(case_as_json(saved_case_of(failure, run=run, target=target)), indent=2) + "\n"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{failure.id}{SUFFIX}"
    with NamedTemporaryFile("w", encoding="ascii", dir=directory, prefix=".case-", delete=False) as file:
        try:
            file.write(text)
            file.close()
            os.replace(file.name, path)  # noqa: PTH105 - a name, not a path
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return path


def read_case_file(path: str | os.PathLike[str]) -> SavedCase:
    """Read a case file.

    Raises:
        UnreadableFile: if it cannot be read, is none, or is one of another version.
    """
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a path of any kind
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(name, reason_of(error)) from None
    if len(content) > LARGEST:
        raise UnreadableFile(name, f"it is no case file: it is larger than {LARGEST // MEBIBYTE} MiB")
    try:
        return case_of_json(json.loads(content))
    except _Unfit as unfit:
        raise UnreadableFile(name, f"it is no case file: {unfit}") from None
    except (ValueError, RecursionError):
        raise UnreadableFile(name, "it is no case file: it is not JSON") from None


class _Unfit(ValueError):
    """Something in the file is not as the form says; the message lacks only its name."""


def case_as_json(case: SavedCase) -> dict[str, Any]:
    """The JSON form of a case, as `case.schema.json` describes it."""
    return {
        "version": case.version,
        "tool": case.tool,
        "contract": case.contract,
        "target": case.target,
        "run": case.run,
        "id": case.id,
        "kind": case.kind,
        "phase": case.phase,
        "trial": case.trial,
        "feature": case.feature,
        "failure": {
            **case.cause._asdict(),
            "basis": str(case.basis),
            "section": case.section,
            "message": case.message,
            "expected": case.expected,
            "guilty": case.guilty,
        },
        "steps": [_step_as_json(step) for step in case.steps],
    }


def _step_as_json(step: Case) -> dict[str, Any]:
    members = asdict(step)
    return {
        **{name: members[name] for name in (*_PLAIN, *_JUDGED)},
        "headers": [list(header) for header in step.headers],
        "body": _body_as_json(step.body),
    }


def _body_as_json(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}


def case_of_json(value: Any) -> SavedCase:
    """The case of a JSON form.

    Raises:
        ValueError: if it is none.
    """
    _check(value)
    failure = value["failure"]
    steps = tuple(_step_of(step) for step in value["steps"])
    if type(failure["guilty"]) is not int or not 0 <= failure["guilty"] < len(steps):
        raise _Unfit("/failure/guilty is not the index of a step")
    plain = ("id", "kind", "phase", "trial", "feature", "run", "target", "contract", "tool", "version")
    return SavedCase(
        **{name: value[name] for name in plain},
        **{name: failure[name] for name in ("section", "message", "expected", "guilty")},
        cause=Cause(*(failure[name] for name in Cause._fields)),
        basis=Basis(failure["basis"]),
        steps=steps,
    )


def _step_of(step: dict[str, Any]) -> Case:
    headers = tuple((name, content) for name, content in step["headers"])
    return Case(**{name: step[name] for name in (*_PLAIN, *_JUDGED)}, headers=headers, body=_body_of(step["body"]))


def _body_of(body: dict[str, str]) -> bytes:
    try:
        return body["text"].encode() if "text" in body else b64decode(body["base64"], validate=True)
    except ValueError:
        raise _Unfit("the body of a step is neither text nor base64") from None


def _check(value: Any) -> None:
    """Refuse what is not as the schema says.

    Raises:
        _Unfit: with the first thing that is wrong; nothing of the file is shown.
    """
    version = value.get("version", VERSION) if isinstance(value, dict) else VERSION
    if version != VERSION or isinstance(version, bool):
        raise _Unfit(f"its version is not {VERSION}; another version of altcraft-contract wrote it")
    fault = next(_validator().iter_errors(value), None)
    if fault is None:
        return
    place = join(fault.instance_path) or "the document"
    missing = getattr(fault.kind, "property", None)
    if missing is not None:
        raise _Unfit(f"{place} has no member {missing!r}")
    is_unknown = fault.kind.name == "additionalProperties"
    raise _Unfit(f"{place} has a member that there is not" if is_unknown else f"{place} is not what belongs there")


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((Path(__file__).parent / _SCHEMA).read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, mask="…")
