"""The harnesses of `fuzzing/`, without a fuzzer: their laws hold for what they start from, and can be broken."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from altcraft_contract.contract import load_contract
from altcraft_contract.documents.document import read_document
from altcraft_contract.lint.hosts.linting import iter_host_entries
from altcraft_contract.renderers.redaction import Redactor
from altcraft_contract.validation import check_request
from fuzzing import conversion, readers, redaction
from fuzzing.conversion import check_conversion
from fuzzing.hosts import HOSTS, check_hosts, iter_host_seeds
from fuzzing.mutating import mutate
from fuzzing.readers import check_readers
from fuzzing.redaction import NAMES, PARTS, SECRET, check_redaction, make_body
from fuzzing.seeds import iter_seeds, iter_words

if TYPE_CHECKING:
    from collections.abc import Callable

HARNESSES: dict[str, Callable[[bytes], None]] = {
    "readers": check_readers,
    "conversion": check_conversion,
    "redaction": check_redaction,
    "hosts": check_hosts,
}
FEW = 40


def few_inputs(target: str) -> list[bytes]:
    """Return some of the seeds, each whole, cut, and with a byte changed; the same in every run."""
    chance = random.Random(target)
    inputs = [b"", b"\x00", b"\xff\xfe<\x00", b"[", b"<", b"{}", b"<xml/>", b'{"token": "a"}']
    seeds = list(iter_seeds(target))
    for seed in chance.sample(seeds, min(FEW, len(seeds))):
        place = chance.randrange(len(seed))
        inputs += [seed, seed[:place], seed[:place] + bytes([chance.randrange(256)]) + seed[place + 1 :]]
    return inputs


@pytest.mark.parametrize("target", HARNESSES)
def test_the_laws_hold_for_some_inputs(target: str) -> None:
    """Each harness finds nothing in seeds, in cut ones and in damaged ones."""
    for data in few_inputs(target):
        HARNESSES[target](data)


def test_every_seed_of_redaction_holds_the_secret_under_each_name() -> None:
    """An input without damage stands for a body with the secret in it, in JSON and in XML, under each name."""
    for name in range(len(NAMES)):
        for form in (0, 1, 2, 32, 33):
            body = make_body(bytes((name, form, 0, 0, 0)) + b"before\nafter")
            assert SECRET in body
            assert NAMES[name] in body
            assert "before" in body


def test_every_kind_of_file_has_a_seed_with_a_message() -> None:
    """The seeds of the files around messages are one of each kind, and each has a message in it that is found."""
    seeds = list(iter_host_seeds())

    assert [seed[0] for seed in seeds] == list(range(len(HOSTS)))
    for host, seed in zip(HOSTS, seeds, strict=True):
        assert list(iter_host_entries(host, seed[1:], "file", unseen=lambda _: None)), host


def test_engines_that_disagree_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness of the readers fails where one engine finds what the other does not."""

    def check(body: bytes, *, engine: str, limits: object) -> object:
        return check_request(b"{}" if engine == "fast" else body, limits=limits)  # type: ignore[arg-type]  # as given

    monkeypatch.setattr(readers, "check_request", check)

    with pytest.raises(AssertionError):
        check_readers(b'{"data": {}}')


def test_what_comes_back_as_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness of conversion fails where a value is lost on the way."""
    monkeypatch.setattr(conversion, "from_xml", lambda *_, **__: {"data": {"external_id": "another"}})

    with pytest.raises(AssertionError):
        check_conversion(b'{"data": {"external_id": "order_12345"}}')


def test_a_secret_that_is_shown_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness of redaction fails where a part of the secret is left in the source."""

    class Leaking(Redactor):
        def __init__(self, text: str) -> None:
            super().__init__(text)
            self.source += PARTS[1]

    monkeypatch.setattr(redaction, "Redactor", Leaking)

    with pytest.raises(AssertionError, match="leaks"):
        check_redaction(bytes(5) + b"before\nafter")


def test_the_words_are_those_of_the_contract() -> None:
    """The dictionary has the names of the documented fields, each as libFuzzer takes it."""
    words = list(iter_words())

    assert {"external_id", "requested_promotions", "total_price"} <= set(words)
    assert all(word.isascii() and word.isprintable() and '"' not in word for word in words)
    assert json.loads(f'"{words[0]}"') == words[0]


@pytest.mark.parametrize("name", ["request.json", "request.xml"])
def test_changed_bodies_can_be_read(name: str) -> None:
    """Most bodies whose values are changed can still be read, none is longer than asked, a seed changes the same."""
    seed = load_contract().examples[name]
    bodies = [mutate(seed, 6000, number, change_bytes=lambda *_: b"bytes") for number in range(60)]
    again = [mutate(seed, 6000, number, change_bytes=lambda *_: b"bytes") for number in range(60)]

    assert bodies == again
    assert all(len(body) <= 6000 for body in bodies)
    assert len(set(bodies)) > len(bodies) // 3
    readable = [body for body in bodies if not read_document(body, load_contract().request_shape).malformed]
    assert len(readable) > len(bodies) // 3


@pytest.mark.parametrize("data", [b"", b"{", b"<xml", b"\xff", b"[" * 5000, b"null", b"[]"])
def test_bodies_that_cannot_be_changed_change_by_bytes(data: bytes) -> None:
    """Of a body that cannot be read, or has no value to change, the mutator raises nothing."""
    for number in range(20):
        assert isinstance(mutate(data, 6000, number, change_bytes=lambda data, _: data), bytes)
