"""All cores: the same as one, in the same order, whatever becomes of a process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.lint.bulk.chunk import Files
from altcraft_contract.lint.bulk.cutting import GROWING, Sizes, iter_chunks, iter_spans
from altcraft_contract.lint.bulk.pool import count_cores, iter_outcomes
from altcraft_contract.lint.bulk.work import Plan, check_chunk
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.payloads import Payload
from tests.lint.bulk.payloads import Deadly

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from altcraft_contract.lint.bulk.chunk import Chunk
    from altcraft_contract.lint.bulk.work import Outcome

ORDER = json.loads(load_contract().examples["request.json"])
BROKEN = json.dumps(ORDER | {"token": 1}).encode()
LARGE = 1 << 30  # so much work that it is handed out at once


def make_orders(file: Path, count: int) -> Payload:
    """An archive in which every tenth order is broken."""
    orders = (ORDER | {"external_id": f"order_{number}"} for number in range(count))
    lines = (json.dumps(order | ({} if number % 10 else {"token": 1})) for number, order in enumerate(orders))
    file.write_text("\n".join(lines))
    return Payload(str(file), file, explicit=True)


def tell(outcomes: Iterable[Outcome]) -> list[tuple[object, ...]]:
    """What was found where, in order."""
    return [
        (entry.path, entry.document, entry.first_line, [*map(str, entry.result.findings)])
        for outcome in outcomes
        for entry in outcome.entries
        if entry.result.findings
    ]


def run(chunks: Iterable[Chunk | None], *, jobs: int = 2) -> list[Outcome]:
    """Check with processes."""
    return list(iter_outcomes(chunks, Plan(LintOptions()), jobs=jobs, expected=LARGE))


def test_all_cores_find_what_one_finds(tmp_path: Path) -> None:
    """Findings, their places and their order do not depend on the number of processes, nor on the sizes of chunks."""
    payload = make_orders(tmp_path / "orders.ndjson", 500)
    one = tell(run(iter_chunks([payload], LintOptions()), jobs=1))
    assert len(one) == 500
    assert tell(run(iter_chunks([payload], LintOptions(), Sizes(3000, 50_000)))) == one
    assert tell(run(iter_chunks([payload], LintOptions(), GROWING), jobs=3)) == one


def test_what_is_there_comes_before_the_input_goes_on(tmp_path: Path) -> None:
    """Where the input has nothing more for now, what it had is told before it is asked again."""
    payload = make_orders(tmp_path / "orders.ndjson", 20)
    told = 0

    def chunks() -> Iterable[Chunk | None]:
        yield from iter_chunks([payload], LintOptions(), Sizes(4000, 4000))
        assert told < 20
        yield None
        assert told == 20

    for outcome in iter_outcomes(chunks(), Plan(LintOptions()), jobs=2, expected=LARGE):
        told += outcome.tally.documents


@pytest.mark.parametrize("deaths", [1, 99])
def test_a_process_that_dies_costs_no_other_result(tmp_path: Path, deaths: int) -> None:
    """What a dead process was about is tried again; if that one dies, too, it is told, and the rest is checked."""
    files = [tmp_path / f"order-{number}.json" for number in range(8)]
    for file in files:
        file.write_bytes(BROKEN)
    times = tmp_path / "times"
    times.write_bytes(b"x" * deaths)
    payloads = [Payload(str(file), file, explicit=True) for file in files]
    payloads[3] = Deadly(files[3], times)
    outcomes = run(Files((payload,), 100) for payload in payloads)
    assert times.stat().st_size < deaths
    found = [path for path, *_ in tell(outcomes)]
    faults = [str(remark.fault) for outcome in outcomes for remark in outcome.remarks]
    if deaths == 1:
        assert (found, faults) == ([*map(str, files)], [])
    else:
        assert found == [str(file) for file in files if file is not files[3]]
        assert len(faults) == 1
        assert "order-3.json" in faults[0]
        assert "was killed, twice" in faults[0]


def test_what_no_process_survives_counts_all_the_same(tmp_path: Path) -> None:
    """Behind lines that could not be checked the others keep their numbers."""
    payload = make_orders(tmp_path / "orders.ndjson", 60)
    assert payload.file is not None
    size = payload.file.stat().st_size
    times = tmp_path / "times"
    times.write_bytes(b"x" * 99)
    spans = list(iter_spans(payload, "json", size, size // 3 + 1))
    spans[1] = spans[1]._replace(payload=Deadly(payload.file, times))
    expected = tell([check_chunk(span, Plan(LintOptions())) for span in spans[:1]])
    outcomes = run(spans)
    found = tell(outcomes)
    assert found[: len(expected)] == expected
    assert [number for _, number, *_ in found][-1] == 60
    assert "lines that begin at bytes" in str(outcomes[1].remarks[0].fault)


def test_there_is_a_core() -> None:
    """At least one processor may be used."""
    assert count_cores() >= 1
