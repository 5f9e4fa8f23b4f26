"""Samples: as many documents as wanted, each as likely as any other, under their own numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.lint.bulk.chunk import Files, Remarks, Texts
from altcraft_contract.lint.bulk.sampling import sample_chunks
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.lint.payloads import Payload
from tests.lint.bulk.payloads import Kept

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = LintOptions(syntax="ndjson")


def sample(data: bytes, count: int, seed: int = 0) -> list[tuple[int, int, bytes]]:
    """Number, line and text of the records in a sample."""
    chunks = sample_chunks([Kept(data)], OPTIONS, count, seed=seed)
    return [tuple(text) for chunk in chunks if isinstance(chunk, Texts) for text in chunk.texts]  # type: ignore[misc]


@given(records=st.integers(0, 60), count=st.integers(1, 40), seed=st.integers(0, 5))
def test_a_sample_is_a_part_of_the_input_in_its_order(records: int, count: int, seed: int) -> None:
    """It has as many documents as wanted, or all; none twice, each with its number, its line and its text."""
    data = b"".join(b'\n{"n": %d}\r\n' % number for number in range(records))
    found = sample(data, count, seed)
    assert len(found) == min(count, records)
    assert found == sorted(set(found))
    assert all(line == 2 * number and text == b'{"n": %d}' % (number - 1) for number, line, text in found)
    assert found == sample(data, count, seed)


def test_every_document_is_as_likely() -> None:
    """Over many seeds each record is taken about as often as any other."""
    data = b"{}\n" * 20
    taken = Counter(number for seed in range(2000) for number, _, _ in sample(data, 4, seed))
    assert set(taken) == set(range(1, 21))
    assert all(300 < times < 500 for times in taken.values())  # 400 each, 18 being the standard deviation


def test_files_are_sampled_too(tmp_path: Path) -> None:
    """A file that holds one document is one of those that may be taken, and is read again when it is checked."""
    files = [tmp_path / f"order-{number}.json" for number in range(10)]
    for file in files:
        file.write_text("{}")
    payloads = [Payload(str(file), file, explicit=True) for file in files]
    payloads.append(Payload("gone.json", tmp_path / "gone.json", explicit=True))
    chunks = list(sample_chunks(payloads, LintOptions(), 4))
    assert sum(isinstance(chunk, Files) for chunk in chunks) == 4
    assert sum(isinstance(chunk, Remarks) for chunk in chunks) == 1
