"""A failure as a complete pytest test, ready to be pasted: it stays red until the mistake is mended."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.documents.json_value import read_json_value
from altcraft_contract.documents.mapping import read_value
from altcraft_contract.findings import Severity
from altcraft_contract.renderers.redaction import redact_text
from altcraft_contract.rules.catalogue import RULES
from altcraft_contract.rules.selection import ALL_RULES, RuleSelection
from altcraft_contract.testing.assertions.judging import judge_message
from altcraft_contract.testing.assertions.violation import places_of
from altcraft_contract.testing.ready_test.disguises import Disguise
from altcraft_contract.testing.ready_test.explanations import without_our_lines
from altcraft_contract.testing.ready_test.literals import WIDTH, NotWritable, evaluate, write_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from altcraft_contract.contract import Message, Syntax
    from altcraft_contract.findings import Finding
    from altcraft_contract.testing.assertions.judging import Content, Judgement
    from altcraft_contract.testing.ready_test.disguises import Manner
    from altcraft_contract.testing.ready_test.literals import Source
    from altcraft_contract.validation import Engine

TITLE: Final = "# Ready to paste as a test: red until the mistake is mended."
LARGEST: Final = 20_000  # characters of a ready test
_MANNERS: Final[tuple[Manner, ...]] = ("stand-in", "shape")
_STEP: Final = "    "
_no_name = re.compile(r"\W+")


class ReadyTest(str):
    """A ready test as the note of an exception, which the plugin shows in a section of its own."""

    __slots__ = ()


def take_ready_tests(error: BaseException) -> list[str]:
    """The ready tests that are notes of *error*, or of the exceptions of a group, each once.

    They are taken away, and with them the lines of this package that Hypothesis names as an explanation.
    """
    found: dict[str, None] = {}
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        found |= dict.fromkeys(take_ready_tests(inner))
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list):
        # Plain texts: pytest-xdist sends nothing else.
        found |= dict.fromkeys(str(note) for note in notes if isinstance(note, ReadyTest))
        notes[:] = without_our_lines([note for note in notes if not isinstance(note, ReadyTest)])
    return list(found)


class _Written(NamedTuple):
    """Values as source, without secrets; the remark is None if the source makes just what was given."""

    sources: tuple[Source, ...]
    remark: str | None


def render_ready_test(
    body: Content,
    *,
    message: Message = "request",
    syntax: Syntax | None = None,
    rules: RuleSelection = ALL_RULES,
    engine: Engine = "fast",
    token_in_header: bool = False,
) -> str:
    """Render a test of one body that breaks the contract.

    Args:
        body: `bytes` or `str` as sent, or the parsed JSON form.
        message: `request` or `response`.
        syntax: `json` or `xml`; None tells it by the first character.
        rules: Which rules count.
        engine: `fast` or `reference`.
        token_in_header: Whether the token is no part of the body.

    Returns:
        Python source of a module with one test, without secrets; where they are replaced, a comment says so.
    """
    judgement = judge_message(message, body, syntax=syntax, rules=rules, engine=engine, token_in_header=token_in_header)
    return str(ready_test_of([judgement]))


def ready_test_of(judgements: Sequence[Judgement]) -> ReadyTest:
    """The test that asserts what *judgements* found broken: those of one message, or of an exchange."""
    subject = judgements[-1]
    messages = [judgement for judgement in judgements if judgement.label != "exchange"]

    def find(values: Sequence[Any]) -> object:
        found = [places_of(judgement.check(value)) for judgement, value in zip(messages, values, strict=True)]
        return [*found, *(places_of(subject.check(*reversed(values))) for _ in values[1:])]

    assertion = f"assert_valid_{subject.label}"
    imports = {f"from altcraft_contract.testing import {assertion}"}
    try:
        written = _write_safely([_plain(judgement) for judgement in messages], find, depth=2)
    except NotWritable as fault:
        return ReadyTest(f"# No ready test: {redact_text(str(fault))} has no literal.")
    options = _options(subject.options, imports)
    call = _call(assertion, [*(source.expression for source in written.sources), *options])
    statements = [*([f"# {written.remark}"] if written.remark else []), call]
    findings = [finding for judgement in judgements for finding in judgement.result.findings]
    name, law = _title(subject.label, findings)
    return _module(name, law, statements, imports.union(*(source.imports for source in written.sources)))


def ready_builder_test(
    suite: type,
    order: object,
    findings: Sequence[Finding],
    find: Callable[[Any], object],
    options: Iterable[str],
    *,
    is_method: bool = False,
) -> ReadyTest:
    """The test that has an order built again.

    Args:
        suite: The class whose `build` is called.
        order: What it is given.
        findings: What was found in the body; empty if there was no body, because building failed.
        find: What comes of building another order, to be compared.
        options: Names of the attributes of *suite* that are arguments of the assertion.
        is_method: Whether the test has to stand in *suite*, as a method, to be set up.
    """
    depth = len(_path_of(suite)) + 1 if is_method else 1
    imports = {"from altcraft_contract.testing import assert_valid_request"}
    builder, statements = ("self", []) if is_method else ("suite", _instance_of(suite, imports))
    try:
        written = _write_safely([order], lambda values: find(values[0]), depth=depth, before=len("order = "))
        imports |= written.sources[0].imports
        expression, remark = written.sources[0].expression, written.remark
    except NotWritable as fault:
        expression, remark = "...", f"Make the order that is shown above: {redact_text(str(fault))} has no literal."
    arguments = [f"{builder}.build(order)", *(f"{name}={builder}.{name}" for name in options)]
    statements += [f"# {remark}"] if remark else []
    statements += [f"order = {expression}", _call("assert_valid_request", arguments, depth)]
    name, law = _title("builder", findings)
    if is_method:
        return _method(suite, name, law, statements, imports)
    return _module(name, law, statements, imports)


def _path_of(suite: type) -> list[str]:
    """Names of the classes around *suite*, and its own."""
    return suite.__qualname__.rpartition("<locals>.")[2].split(".")


def _instance_of(suite: type, imports: set[str]) -> list[str]:
    """Statements that make an instance of *suite*; what they need is added to *imports*."""
    if "<" in suite.__qualname__ or suite.__module__ == "__main__":
        name = _path_of(suite)[-1]
        return [f"# Put this where {name} is known: it cannot be imported.", f"suite = {name}()"]
    imports.add(f"import {suite.__module__}")
    return [f"suite = {suite.__module__}.{suite.__qualname__}()"]


def _plain(judgement: Judgement) -> Any:
    """The body as its JSON form, where that has the same findings; else as text; else as bytes."""
    content = judgement.content
    if isinstance(content, Mapping):
        return read_value(content).value or dict(content)
    if judgement.result.syntax == "json":
        value = read_json_value(content if isinstance(content, bytes) else content.encode(errors="surrogatepass"))
        if value is not None and places_of(judgement.check(value)) == places_of(judgement.result):
            return value
    if isinstance(content, bytes):
        with suppress(UnicodeDecodeError):
            return content.decode()
    return content


def _write_safely(
    values: Sequence[Any], find: Callable[[Sequence[Any]], object], *, depth: int, before: int = 0
) -> _Written:
    """Write *values* without their secrets, so that *find* finds the same in what is written, if that can be.

    Raises:
        NotWritable: if they cannot be written at all.
    """
    expected, attempts = find(values), []
    for manner in _MANNERS:
        disguise = Disguise(values, manner)
        sources = tuple(_write(value, disguise, depth=depth, before=before) for value in values)
        if find([evaluate(source) for source in sources]) == expected:
            return _Written(sources, "Secrets are replaced by what belongs to nobody." if disguise.used else None)
        attempts.append(sources)
    return _Written(attempts[0], "Secrets are replaced, and that changes what is found: put back your own.")


def _write(value: Any, disguise: Disguise, *, depth: int, before: int) -> Source:
    if isinstance(value, str):
        return write_value(disguise.document(value), depth=depth, before=before)
    if isinstance(value, bytes):
        text = disguise.document(value.decode("utf-8", "surrogateescape"))
        return write_value(text.encode("utf-8", "surrogateescape"), depth=depth, before=before)
    return write_value(value, depth=depth, before=before + len(_STEP) * depth, disguise=disguise.scalar)


def _options(options: Mapping[str, Any], imports: set[str]) -> Iterator[str]:
    """Keyword arguments of the assertion; what they need is added to *imports*."""
    for name, value in options.items():
        if not isinstance(value, RuleSelection):
            yield f"{name}={write_value(value).expression}"
        elif value.ignore or value.severity:
            imports.add("from altcraft_contract.validation import RuleSelection")
            severity = {rule: str(severity) for rule, severity in value.severity.items()}
            fields = {"select": list(value.select), "ignore": list(value.ignore), "severity": severity}
            given = [f"{field}={write_value(content).expression}" for field, content in fields.items() if content]
            yield f"rules=RuleSelection({', '.join(given)})"
        else:
            yield f"rules={write_value(list(value.select)).expression}"


def _call(function: str, arguments: Sequence[str], depth: int = 1) -> str:
    """A call, *depth* levels deep: on one line, if it has room."""
    flat = f"{function}({', '.join(arguments)})"
    if len(_STEP) * depth + len(flat) <= WIDTH and "\n" not in flat:
        return flat
    inside = "".join(f"{_STEP * (depth + 1)}{argument},\n" for argument in arguments)
    return f"{function}(\n{inside}{_STEP * depth})"


def _title(subject: str, findings: Sequence[Finding]) -> tuple[str, str]:
    """Name of the test and the law that it states: that of the first error."""
    errors = [finding.rule for finding in findings if finding.severity is Severity.ERROR]
    if not errors:
        return f"test_{subject}_makes_a_valid_body", "The order is built, and the body keeps the contract."
    verb = "makes" if subject == "builder" else "has"
    return f"test_{subject}_{verb}_no_{_no_name.sub('_', errors[0])}", RULES[errors[0]].statement


def _module(name: str, law: str, statements: Sequence[str], imports: Iterable[str]) -> ReadyTest:
    function = _function(f"{name}()", law, statements, depth=1)
    return _limited(f"{TITLE}\n{_sorted_imports(imports)}\n\n\n{function}\n")


def _method(suite: type, name: str, law: str, statements: Sequence[str], imports: Iterable[str]) -> ReadyTest:
    """A test as a method: it has its imports within, so that there is one piece to paste."""
    own = f"from {suite.__module__} import "
    wanted = _sorted_imports(statement for statement in imports if not statement.startswith(own))
    body = [*wanted.splitlines(), "", *statements]
    place = f"# It is a method: put it into {suite.__qualname__}, where `build` has what is set up for it."
    method = _function(f"{name}(self)", law, body, depth=len(_path_of(suite)) + 1)
    return _limited(f"{TITLE}\n{place}\n{method}\n")


def _function(signature: str, law: str, statements: Sequence[str], *, depth: int) -> str:
    """A function whose body is *depth* levels deep; further lines of a statement are indented already."""
    indent = _STEP * depth
    lines = textwrap.wrap(law.replace("\\", "\\\\"), WIDTH - len(indent) - 3)
    docstring = (
        f'"""{law}"""' if len(indent) + len(law) + 6 <= WIDTH else "\n".join([f'"""{lines[0]}', *lines[1:], '"""'])
    )
    head = f"{_STEP * (depth - 1)}def {signature} -> None:"
    body = [indent + statement if statement else "" for statement in statements]
    return "\n".join([head, textwrap.indent(docstring, indent), *body])


def _limited(source: str) -> ReadyTest:
    if len(source) > LARGEST:
        return ReadyTest(f"# No ready test: it would have {len(source):,} characters.")
    return ReadyTest(source)


def _sorted_imports(imports: Iterable[str]) -> str:
    """Those of the standard library first, then the others; names of one module together."""
    groups: tuple[list[str], list[str]] = ([], [])
    names: dict[str, list[str]] = {}
    for statement in sorted(imports, key=lambda statement: (statement.startswith("from"), statement)):
        head, _, name = statement.partition(" import ")
        if head not in names:
            groups[head.split()[1].partition(".")[0] not in sys.stdlib_module_names].append(head)
        names.setdefault(head, []).append(name)
    return "\n\n".join(
        "\n".join(f"{head} import {', '.join(names[head])}" if names[head] != [""] else head for head in group)
        for group in groups
        if group
    )
