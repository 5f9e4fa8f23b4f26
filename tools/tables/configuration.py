"""The JSON Schema of the configuration: what the options of the commands take, and the tables beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from altcraft_contract.cli.entry import group
from altcraft_contract.cli.options import CONFIGURED, configuration_keys
from altcraft_contract.configuration import (
    EXTEND,
    MOST_FILES,
    OVERRIDES,
    PROFILES,
    SECRETS,
    SEVERITY,
    SUPPRESS,
    VALUES,
)
from altcraft_contract.lint import overrides, suppression
from altcraft_contract.rules.catalogue import RULES, SECRET_RULES
from altcraft_contract.rules.identity import is_email, is_phone, is_profile_id
from altcraft_contract.strategies import Values
from tools.tables.markdown import read_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Schema = dict[str, Any]

ALL_RULES: Final = (*RULES, *SECRET_RULES)
ALWAYS: Final = "malformed"  # cannot be ignored, suppressed or graded
SELECTABLE: Final = tuple(rule for rule in ALL_RULES if rule != ALWAYS)
SEVERITIES: Final = ("error", "warning")
LARGEST: Final = 2**63
NAME: Final = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]+$"
TEXT: Final = {"type": "string"}
END: Final = r"$(?!\n)"
PATH: Final = r"^(?!!)(?!/*$)(?!(?:[^/]*/)*\.{1,2}(?:/|$))"
POINTER: Final = rf"^(?:/(?:\*\*?|(?:[^*/~]|~[01])*))*{END}"
PATHS_TEXT: Final = "Of the files, as a line of .gitignore, from the directory of this file on; or a list of them."


def make_schema() -> Schema:
    """Return the schema."""
    commands = {name: _command(name) for name in CONFIGURED}
    shared = {
        **_shared(commands),
        **_tables(commands["lint"]),
        **{name: {"$ref": f"#/definitions/{name}"} for name in CONFIGURED},
    }
    profile = {key: schema if "$ref" in schema else {"$ref": f"#/properties/{key}"} for key, schema in shared.items()}
    profiles = _table("Name to what `--profile NAME` lays over the rest.", {}) | {
        "additionalProperties": {"$ref": "#/definitions/profile"}
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:altcraft-contract:configuration:1",
        "title": "Configuration of altcraft-contract",
        "description": "altcraft-contract.toml, or the table [tool.altcraft-contract] of pyproject.toml.",
        "type": "object",
        "properties": {EXTEND: _extend(), **shared, PROFILES: profiles},
        "additionalProperties": False,
        "definitions": {
            **_rules(),
            **commands,
            "profile": _table("What is laid over the rest; lists of tables grow, all else is replaced.", profile),
        },
    }


def _rules() -> dict[str, Schema]:
    """Rules, once for all places where they can stand."""
    return {
        "rule": {"enum": list(ALL_RULES)},
        "rules": _one_or_several(ALL_RULES),
        "other-rule": {"enum": list(SELECTABLE)},
        "other-rules": _one_or_several(SELECTABLE),
        "severities": _table(
            "Severities instead of the rules' own.", {rule: {"enum": [*SEVERITIES]} for rule in SELECTABLE}
        ),
    }


def _refer(name: str) -> Schema:
    """A reference that can stand beside a description: draft 7 passes over what stands beside a bare one."""
    return {"allOf": [{"$ref": f"#/definitions/{name}"}]}


def _command(name: str) -> Schema:
    command = group.get_command(click.Context(group), name)
    if command is None:
        raise LookupError(name)
    properties = {key: make_option(option) for key, option in configuration_keys(command).items()}
    return _table(f"Keys for `altcraft-contract {name}` alone; they win over those at the top.", properties)


def make_option(option: click.Option) -> Schema:
    """Return the schema of the values that an option takes from a configuration."""
    schema: Schema = {"description": " ".join((option.help or "").split()), **_values_of(option)}
    default = list(option.default) if isinstance(option.default, (list, tuple)) else option.default
    if isinstance(default, (str, int, float, list)):
        schema["default"] = default
    elif option.is_flag:
        schema["default"] = False
    return schema


def _values_of(option: click.Option) -> Schema:
    if option.multiple:
        if option.metavar == "RULES":
            return _refer("other-rules" if option.name == "ignore" else "rules")
        choices = option.type.choices if isinstance(option.type, click.Choice) else ()
        return _one_or_several([str(choice) for choice in choices])
    if option.is_flag:
        return {"type": "boolean"}
    if isinstance(option.type, click.Choice):
        return {"enum": list(option.type.choices)}
    if isinstance(option.type, click.types.IntParamType):
        return {"type": "integer"} | _bounds_of(option.type)
    return {"type": "number"} | _bounds_of(option.type) if isinstance(option.type, click.FloatRange) else TEXT


def _bounds_of(kind: click.types.IntParamType | click.FloatRange) -> Schema:
    if not isinstance(kind, (click.IntRange, click.FloatRange)):
        return {}
    lowest = {"exclusiveMinimum" if kind.min_open else "minimum": kind.min}
    return {key: bound for key, bound in (lowest | {"maximum": kind.max}).items() if bound is not None}


def _one_or_several(choices: Iterable[str]) -> Schema:
    """A list of texts, or one text with commas; each of *choices*, if there are any."""
    names = list(choices)
    if not names:
        return {"anyOf": [{"type": "array", "items": TEXT}, TEXT]}
    pattern = rf"^(?:\s*(?:{'|'.join(names)})?\s*(?:,|{END}))*{END}"  # no name holds anything but letters and -
    several = {"type": "string", "pattern": pattern}
    one = {"anyOf": [{"enum": names}, several]}
    return {"anyOf": [{"type": "array", "items": one}, *one["anyOf"]]}


def _shared(commands: Mapping[str, Schema]) -> dict[str, Schema]:
    """The keys at the top: each takes what some command takes."""
    found: dict[str, dict[str, Schema]] = {}
    for name, command in commands.items():
        for key, schema in command["properties"].items():
            found.setdefault(key, {})[name] = schema
    found.pop(VALUES, None)  # at the top that is a table
    return {key: _either(schemas) for key, schemas in found.items()}


def _either(schemas: Mapping[str, Schema]) -> Schema:
    texts = {name: schema["description"] for name, schema in schemas.items()}
    kinds: list[Schema] = []
    for schema in schemas.values():
        kind = {key: value for key, value in schema.items() if key not in ("description", "default")}
        if kind not in kinds:
            kinds.append(kind)
    defaults = [schema.get("default") for schema in schemas.values()]
    is_one = len(set(texts.values())) == 1
    return {
        "description": next(iter(texts.values())) if is_one else "\n".join(f"{name}: {texts[name]}" for name in texts),
        **(kinds[0] if len(kinds) == 1 else {"anyOf": kinds}),
        **(
            {"default": defaults[0]} if defaults[0] is not None and defaults.count(defaults[0]) == len(defaults) else {}
        ),
    }


def _suppression() -> Schema:
    """A table of `suppress`, as `read_suppressions` takes it."""
    has_malformed = {"anyOf": [{"const": ALWAYS}, {"type": "array", "contains": {"const": ALWAYS}}]}
    return {
        **_known(
            suppression.KEYS,
            rule={"description": "Id of the rule, or a list of them.", **_one_or_list({"$ref": "#/definitions/rule"})},
            path={"description": PATHS_TEXT, **_one_or_list({"type": "string", "pattern": PATH})},
            pointer={
                "description": "Of the places, such as /data/lines/*/price: * is one token, ** any number of them.",
                "type": "string",
                "pattern": POINTER,
            },
            reason={"description": "Why that counts for nothing.", "type": "string", "pattern": r"\S"},
            expires={
                "description": "The last day on which it holds: a date such as 2027-01-31, without quotes.",
                "type": "string",
                "pattern": f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{END}",
            },
        ),
        "required": ["rule", "reason"],
        "if": {"properties": {"rule": has_malformed}, "required": ["rule"]},
        "then": {"required": ["path"]},
    }


def _override(lint: Schema) -> Schema:
    """A table of `overrides`, as `read_overrides` takes it."""
    options = {key: lint["properties"][key] for key in ("message", "syntax")}
    return {
        **_known(
            overrides.KEYS,
            paths={"description": PATHS_TEXT, **_one_or_list({"type": "string", "pattern": PATH})},
            select={"description": "The only rules that count there.", **_one_or_list({"$ref": "#/definitions/rule"})},
            ignore={
                "description": "Rules that do not count there either.",
                **_one_or_list({"$ref": "#/definitions/other-rule"}),
            },
            severity={"$ref": "#/definitions/severities"},
            **{key: {name: option[name] for name in ("description", "enum")} for key, option in options.items()},
        ),
        "required": ["paths"],
        "minProperties": 2,
    }


def _known(keys: Iterable[str], **properties: Schema) -> Schema:
    """A table of these properties, which are those that its reader knows."""
    if properties.keys() ^ set(keys):
        raise LookupError(properties.keys() ^ set(keys))
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _one_or_list(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _tables(lint: Schema) -> dict[str, Schema]:
    """What stands beside the options, whatever the command."""
    secret = {"allow": _texts("Texts that are no secrets, though they look like some.")}
    return {
        SEVERITY: {"$ref": "#/definitions/severities"},
        SUPPRESS: {"description": "Findings that count for nothing.", "type": "array", "items": _suppression()},
        OVERRIDES: {"description": "What is different for some files.", "type": "array", "items": _override(lint)},
        SECRETS: _table("What the search for secrets passes over.", secret),
        VALUES: _installation(),
    }


def _extend() -> Schema:
    text = (
        "A file that this one lies on, or a list of them, relative to this file; the later one wins, this one over all."
    )
    names = {"type": "array", "items": TEXT, "maxItems": MOST_FILES - 1}
    return {"description": text, "anyOf": [TEXT, names]}


def _installation() -> Schema:
    name = {"type": "string", "pattern": NAME}
    kinds = {
        "profile_ids": {"type": "string", "pattern": _whole(is_profile_id)},
        "emails": {"type": "string", "pattern": _whole(is_email)},
        "phones": {"type": "string", "pattern": _whole(is_phone)},
    }
    properties: dict[str, Schema] = {}
    for field, text in read_attributes(Values):
        schema: Schema = {"description": text, "type": "array", "items": kinds.get(field, name)}
        if field == "pools":
            codes = {"^-?[0-9]{1,19}$": {"type": "array", "items": name}}
            schema = _table(text, {}) | {"patternProperties": codes}
        elif field == "point_currencies":
            schema["items"] = _points_currency(name)
        properties |= dict.fromkeys((field.replace("_", "-"), field), schema)
    return _table("What exists on the installation, for fuzz, replay and the plugin of pytest.", properties)


def _points_currency(eid: Schema) -> Schema:
    iid = {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST - 1}
    table = _table("A currency of points.", {"iid": iid, "eid": eid})
    pair = {"type": "array", "items": [iid, eid], "minItems": 2, "maxItems": 2}
    return {"anyOf": [table | {"minProperties": 1}, pair]}


def _whole(matches: Any) -> str:
    return f"^(?:{matches.__self__.pattern}){END}"


def _texts(description: str) -> Schema:
    return {"description": description, "type": "array", "items": TEXT}


def _table(description: str, properties: dict[str, Schema]) -> Schema:
    return {"description": description, "type": "object", "properties": properties, "additionalProperties": False}
