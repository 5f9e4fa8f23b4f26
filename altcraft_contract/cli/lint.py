"""`altcraft-contract lint`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from altcraft_contract.cli.completing import complete_names
from altcraft_contract.cli.lint_reports import COMMANDLINE, OrderedCommand, plan_reports
from altcraft_contract.cli.options import (
    COLOR,
    CONFIG,
    CONTRACT,
    FAIL_ON,
    IGNORE,
    SELECT,
    argument,
    configuration,
    option,
    refuse_overwriting,
    selection,
)
from altcraft_contract.contract import LATEST, load_contract
from altcraft_contract.documents.limits import MEBIBYTE, Limits
from altcraft_contract.lint.lint_options import CHECKS, MOST_SAMPLED, LintOptions
from altcraft_contract.lint.payloads import STANDARD_INPUT
from altcraft_contract.renderers import FORMATS, SUMMARY_RENDERERS
from altcraft_contract.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def _split_checks(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    checks = tuple(check.strip() for value in values for check in value.split(",") if check.strip())
    for check in checks:
        if check not in CHECKS:
            raise click.BadParameter(f"{check!r}: expected one of {', '.join(CHECKS)}", ctx, parameter)
    return checks or ("contract",)


@click.command(
    "lint",
    cls=OrderedCommand,
    short_help="Check payload files.",
    epilog="""
\b
Examples:
  altcraft-contract lint orders/
  altcraft-contract lint order.json --format json --output findings.json
  altcraft-contract lint --fix orders/
  curl -s https://example.com/order | altcraft-contract lint -

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or unreadable input, 130 interrupted. Every option can
be set by ALTCRAFT_CONTRACT_<OPTION> or in [tool.altcraft-contract] of pyproject.toml.
""",
)
@argument("paths", metavar="PATH...", nargs=-1)
@option(
    "--message",
    type=click.Choice(["request", "response", "auto"]),
    default="auto",
    show_default=True,
    help="What the files hold; auto: a body with error or error_text at the top is a response.",
)
@option(
    "--syntax",
    type=click.Choice(["json", "xml", "ndjson", "xml-lines", "auto"]),
    default="auto",
    show_default=True,
    help="auto: by content, then by suffix (.ndjson, .jsonl). ndjson and xml-lines have a document a line.",
)
@option(
    "--extract",
    is_flag=True,
    help="Check the messages within Markdown, .http, Postman, HAR, VCR, OpenAPI and Python files, too; "
    "--message and --syntax are not about these.",
)
@option(
    "--check",
    "checks",
    metavar="WHAT",
    multiple=True,
    callback=_split_checks,
    shell_complete=complete_names(CHECKS),
    help="contract, secrets, or both, separated by a comma.  [default: contract]",
)
@SELECT
@IGNORE
@FAIL_ON
@option(
    "--engine",
    type=click.Choice(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="reference judges the same from the published schemas, with jsonschema and xmlschema.",
)
@option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    multiple=True,
    help=f"How to write the findings: {', '.join(FORMATS)}; may be given again, each with an --output of its own.  "
    "[default: text]",
)
@option(
    "--output",
    "-o",
    metavar="FILE",
    multiple=True,
    help="Where to write them, instead of the standard output: those of the --format before it.",
)
@CONTRACT
@option("--baseline", metavar="FILE", help="Findings that are known, and count for nothing.")
@option("--baseline-update", is_flag=True, help="Add what is new to --baseline; it makes no exit code 1.")
@option("--baseline-prune", is_flag=True, help="Take out of --baseline what is gone.")
@option("--fix", is_flag=True, help="Mend what can be mended without a loss, then check.")
@option("--fix-only", is_flag=True, help="Mend, and do not check.")
@option("--diff", is_flag=True, help="Show what --fix would do, and change nothing.")
@option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="How many processes check large inputs.  [default: one a core]",
)
@option(
    "--cluster",
    metavar="ADDRESS",
    help="Check on a cluster of Dask, whose scheduler is at ADDRESS, such as tcp://scheduler:8786.",
)
@option("--sample", type=click.IntRange(1, MOST_SAMPLED), metavar="N", help="Check N documents, taken at random.")
@option("--max-findings", type=click.IntRange(1), metavar="N", help="Stop after N findings; exit code 1.")
@option("--summary", is_flag=True, help="Count by rule, by place and by day, instead of telling each finding.")
@option("--column", metavar="NAME", help="The column of Parquet and Arrow files that holds the messages.")
@option("--max-size", type=click.IntRange(1, 1024), default=64, show_default=True, help="Largest document, in MiB.")
@option("--stdin-filename", metavar="NAME", default="<stdin>", help="What to call the standard input in findings.")
@option("--allow-empty", is_flag=True, help="Exit code 0 if there is nothing to check, instead of 2.")
@COLOR
@option("--quiet", "-q", is_flag=True, help="Findings only, no summary.")
@option("--verbose", "-v", is_flag=True, help="Tell what each rule says, and which files were skipped.")
@CONFIG
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> int:
    """Check payload files against the documented contract.

    PATH is a file, a directory, a URL such as s3://bucket/orders/*.ndjson.gz, or - for the standard input. Directories
    are searched for .json, .xml, .ndjson and .jsonl, for the same compressed as .gz or .zst, and for tables (.parquet,
    .arrow, .feather); files there that are no messages of this contract are skipped. A file named by itself is always
    checked.
    """
    if not paths:
        raise click.UsageError("no PATH given: name files, directories, or - for the standard input", ctx)
    inputs = [*paths, *filter(None, [options["baseline"]])]
    for output in options["output"]:
        refuse_overwriting(ctx, output, inputs)
        if output == options["baseline"]:
            raise click.UsageError(f"--output {output} is the baseline, too; name another file", ctx)
    rules = selection(ctx, options["select"], options["ignore"])
    _check_combination(ctx, paths, options)
    _check_selected(ctx, options)
    reports = plan_reports(ctx, options["format_"], options["output"])
    contract = load_contract(options["contract"])
    if contract.name != LATEST:
        from altcraft_contract.validation.checking import prepare  # noqa: PLC0415 - what is ours is known to be usable

        prepare(contract, options["engine"])
    lint_options = LintOptions(
        options["message"],
        options["syntax"],
        options["engine"],
        rules,
        Limits(max_bytes=options["max_size"] * MEBIBYTE),
        checks=options["checks"],
        extract=options["extract"],
        column=options["column"],
        contract=contract.name,
    )
    from altcraft_contract.cli.lint_run import LintRun  # noqa: PLC0415 - `--help` and wrong usage do not need it

    return LintRun(paths, lint_options, reports, options=options, loaded=configuration(ctx), given=_given(ctx)).run()


def _check_combination(ctx: click.Context, paths: Collection[str], options: dict[str, Any]) -> None:
    """Refuse options that contradict each other.

    Raises:
        click.UsageError: if some do.
    """
    for name in ("baseline-update", "baseline-prune"):
        if options[name.replace("-", "_")] and options["baseline"] is None:
            raise click.UsageError(f"--{name} needs --baseline FILE", ctx)
    if options["summary"] and not set(options["format_"] or ("text",)) & SUMMARY_RENDERERS.keys():
        raise click.UsageError(f"--summary is for --format {', '.join(SUMMARY_RENDERERS)}: add one of them", ctx)
    if options["sample"] is not None:
        _check_sample(ctx, options)
    _check_cluster(ctx, paths, options)
    fixes = [f"--{name}" for name in ("diff", "fix-only", "fix") if options[name.replace("-", "_")]]
    if fixes[:1] == ["--diff"] and len(fixes) > 1:
        raise click.UsageError(f"--diff shows what {fixes[1]} would do: give one of them", ctx)
    if fixes and "contract" not in options["checks"]:
        raise click.UsageError(f"{fixes[0]} mends what --check contract finds: add it", ctx)
    if fixes[:1] in (["--diff"], ["--fix-only"]):
        for name in {"format_", "output"} & _given(ctx):
            raise click.UsageError(f"{fixes[0]} writes no report: leave --{name.strip('_')} out", ctx)
    if fixes and fixes[0] != "--diff" and STANDARD_INPUT in paths:
        raise click.UsageError(f"{fixes[0]} cannot mend the standard input; name files, or look at --diff", ctx)


def _check_sample(ctx: click.Context, options: dict[str, Any]) -> None:
    """Refuse what a sample cannot do.

    Raises:
        click.UsageError: if that is wanted.
    """
    if options["baseline_prune"]:
        raise click.UsageError("--baseline-prune takes out what is gone: no sample can tell, leave --sample out", ctx)
    if options["cluster"] is not None:
        raise click.UsageError("--sample reads the input on this machine: leave --cluster out", ctx)


def _check_cluster(ctx: click.Context, paths: Collection[str], options: dict[str, Any]) -> None:
    """Refuse what a cluster cannot do.

    Raises:
        click.UsageError: if that is wanted.
    """
    if options["cluster"] is None:
        return
    if STANDARD_INPUT in paths:
        raise click.UsageError("--cluster is for files that its workers can read: name some, not -", ctx)
    if "jobs" in _given(ctx):
        raise click.UsageError("--jobs is about processes of this machine: leave it out, or --cluster", ctx)


def _check_selected(ctx: click.Context, options: dict[str, Any]) -> None:
    """Refuse to look for nothing.

    Raises:
        click.UsageError: if none of the selected rules is checked in this run.
    """
    remedies = {_why_unseen(rule, options) for rule in options["select"]}
    if remedies and None not in remedies:
        raise click.UsageError(
            f"none of the selected rules is looked for: {'; '.join(sorted(map(str, remedies)))}", ctx
        )


def _why_unseen(rule: str, options: dict[str, Any]) -> str | None:
    """Why a rule is not looked for, and what to do; None if it is."""
    if rule not in RULES:
        return None if "secrets" in options["checks"] else f"{rule} needs --check secrets"
    if "contract" not in options["checks"]:
        return f"{rule} needs --check contract"
    is_unseen = RULES[rule].scope == "exchange" and not options["extract"]
    return (
        f"{rule} is about a request and its response together, which --extract finds in recordings"
        if is_unseen
        else None
    )


def _given(ctx: click.Context, *sources: click.core.ParameterSource) -> frozenset[str]:
    """The options that were given on the command line, or by one of *sources* besides."""
    return frozenset(name for name in ctx.params if ctx.get_parameter_source(name) in (COMMANDLINE, *sources))
