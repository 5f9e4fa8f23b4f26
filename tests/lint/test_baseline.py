"""The baseline of the linter: what it knows again, what it adds and takes out, and what it is no file for."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.conversion import to_xml
from altcraft_contract.errors import UnreadableFile
from altcraft_contract.findings import with_findings
from altcraft_contract.fuzz.baseline import load_baseline
from altcraft_contract.lint.baseline import FORM, Baseline, KnownFinding
from altcraft_contract.lint.exemption import Exemptions
from altcraft_contract.lint.lint_options import LintOptions
from altcraft_contract.renderers.fingerprint import Fingerprints, fingerprints_of
from altcraft_contract.rules.selection import RuleSelection
from tests.lint.runs import entries_of, request
from tests.validation.messages import mutated, odd_xml

if TYPE_CHECKING:
    from pathlib import Path

    from altcraft_contract.contract import Message
    from altcraft_contract.renderers.report import Entry

DAY = date(2026, 2, 18)
BROKEN = request(one=1, other=2, total_price="1,5", tags=["a", 5])


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a broken file in it."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "a.json").write_text(json.dumps(BROKEN), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(
    *paths: str, known: str = "known.toml", options: LintOptions | None = None, **settings: Any
) -> tuple[list[Entry], list[str]]:
    """One run of the linter: its entries after the baseline, and what it told."""
    exemptions = Exemptions(baseline=Baseline(known, today=DAY, **settings))
    entries = list(exemptions.watch(entries_of(*(paths or ("orders/a.json",)), options=options)))
    return entries, list(exemptions.finish())


def left(entries: list[Entry]) -> list[str]:
    """Pointers of the findings that count."""
    return [finding.pointer for entry in entries for finding in entry.result.findings]


def test_what_is_written_down_counts_for_nothing_afterwards(directory: Path) -> None:
    """A run that updates has no findings left, and neither has the next one that reads what it wrote."""
    entries, told = run(updates=True)
    again, nothing = run()

    assert told == ["wrote known.toml: 4 added, 0 taken out, 0 kept"]
    assert nothing == []
    for [entry] in (entries, again):
        assert entry.result.ok
        assert [finding.kind for finding in entry.suppressed] == ["baseline"] * 4
    assert tomllib.loads((directory / "known.toml").read_text("utf-8"))["known"][0] == {
        "id": fingerprints_of(again[0]._replace(result=next(entries_of("orders/a.json")).result, fingerprints=()))[0],
        "rule": "invalid-decimal",
        "path": "orders/a.json",
        "place": "/data/total_price",
        "reason": "",
        "since": DAY,
    }


def test_reasons_and_days_stay(directory: Path) -> None:
    """An update adds what is new, and leaves alone what is known."""
    run(updates=True)
    file = directory / "known.toml"
    file.write_text(file.read_text("utf-8").replace('reason = ""', 'reason = "old till"', 1), encoding="utf-8")
    (directory / "orders" / "a.json").write_text(json.dumps({**BROKEN, "new": 1}), encoding="utf-8")

    entries, told = run(updates=True)

    assert told == ["wrote known.toml: 1 added, 0 taken out, 4 kept"]
    assert sorted(finding.reason for finding in entries[0].suppressed) == ["", "", "", "", "old till"]
    assert sorted(entry.reason for entry in FORM.load(file).values()) == ["", "", "", "", "old till"]


def test_nothing_is_written_if_nothing_changes(directory: Path) -> None:
    """A file that is as it should be keeps its bytes, whatever its form; one that is missing is made."""
    (directory / "good.json").write_text(json.dumps(request()), encoding="utf-8")

    assert run("good.json", updates=True)[1] == ["wrote known.toml: 0 added, 0 taken out, 0 kept"]
    (directory / "known.toml").write_text("version = 1 # mine", encoding="utf-8")
    assert run("good.json", updates=True, prunes=True)[1] == []
    assert (directory / "known.toml").read_text("utf-8") == "version = 1 # mine"


def test_new_findings_count_unless_they_are_written_down(directory: Path) -> None:
    """What is not in the baseline counts, and the rest does not."""
    run(updates=True)
    (directory / "orders" / "a.json").write_text(json.dumps({**BROKEN, "new": 1}), encoding="utf-8")

    assert left(run()[0]) == ["/new"]


def test_what_is_gone_is_told_and_taken_out(directory: Path) -> None:
    """What was not met in a file that was checked, or whose file is no more, is told, and taken out on demand."""
    orders = directory / "orders"
    (orders / "b.json").write_text(json.dumps(request(more=1)), encoding="utf-8")
    (orders / "c.json").write_text(json.dumps(request(most=1)), encoding="utf-8")
    run("orders/a.json", "orders/b.json", "orders/c.json", updates=True)
    (orders / "a.json").write_text(json.dumps(request(one=1, other=2)), encoding="utf-8")
    (orders / "c.json").unlink()

    remark = "3 findings of the baseline were not met again in the files checked; --baseline-prune takes them out"
    assert run()[1] == [remark]
    assert run(prunes=True)[1] == ["wrote known.toml: 0 added, 3 taken out, 3 kept"]
    assert {entry.path for entry in FORM.load("known.toml").values()} == {"orders/a.json", "orders/b.json"}
    assert run()[1] == []
    assert left(run("orders/a.json", "orders/b.json")[0]) == []


def test_one_that_is_gone_is_told_as_one(directory: Path) -> None:
    """The remark has the right number."""
    run(updates=True)
    (directory / "orders" / "a.json").write_text(json.dumps({**BROKEN, "data": {**BROKEN["data"], "tags": []}}))

    assert run()[1] == [
        "1 finding of the baseline was not met again in the files checked; --baseline-prune takes it out"
    ]


def test_what_could_not_be_met_is_not_gone(directory: Path) -> None:
    """Rules that are left out, files that became unreadable as messages, and runs that were stopped, prove nothing."""
    run(updates=True)
    ignoring = LintOptions(rules=RuleSelection(ignore=["unknown-field"]))
    assert run(options=ignoring, prunes=True, is_checked=ignoring.rules.counts)[1] == []
    (directory / "orders" / "a.json").write_text("{", encoding="utf-8")
    assert run(prunes=True)[1] == []
    (directory / "orders" / "a.json").write_text(json.dumps(request()), encoding="utf-8")
    exemptions = Exemptions(baseline=Baseline("known.toml", prunes=True))
    list(exemptions.watch(entries_of("orders/a.json")))
    assert list(exemptions.finish(is_finished=False)) == []
    assert run(prunes=True)[1] == ["wrote known.toml: 0 added, 4 taken out, 0 kept"]


def test_paths_do_not_depend_on_the_working_directory(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is told again from another directory, by another name, with a baseline in a directory of its own."""
    (directory / "ci").mkdir()
    run(known="ci/known.toml", updates=True)
    monkeypatch.chdir(directory / "orders")

    for path in ("a.json", "./../orders/a.json", str(directory / "orders" / "a.json")):
        assert left(run(path, known="../ci/known.toml")[0]) == []
    assert {entry.path for entry in FORM.load("../ci/known.toml").values()} == {"../orders/a.json"}


def test_the_standard_input_is_never_gone() -> None:
    """What was found in the standard input stays as long as nobody looks there again."""
    entries = [entry._replace(path="<stdin>") for entry in entries_of("orders/a.json")]
    exemptions = Exemptions(baseline=Baseline("known.toml", updates=True))
    list(exemptions.watch(entries))
    list(exemptions.finish())

    assert run(prunes=True)[1] == []


def test_like_findings_are_told_apart_by_their_number() -> None:
    """Two findings that are alike need two entries: a third one is new."""
    [entry] = entries_of("orders/a.json")
    twice, thrice = (entry._replace(result=with_findings(entry.result, entry.result.findings[:1] * n)) for n in (2, 3))
    baseline = Baseline("known.toml", updates=True)

    assert baseline.reasons(twice, [True] * 2) == ["", ""]
    baseline.finish()
    assert Baseline("known.toml").reasons(thrice, [True] * 3) == ["", "", None]


def test_secrets_do_not_stand_in_it(directory: Path) -> None:
    """Neither the name of a field nor that of a file brings an address or a token into the baseline."""
    token = "f3b1c09e7a5d4c2f8e6b0a9d7c5e3f10"  # noqa: S105 - made up
    document = {**request(**{"anna@example.com": 1, token: 2, "x" * 9999: 3}), "token": token}
    (directory / "olga@example.com.json").write_text(json.dumps(document), encoding="utf-8")

    run("olga@example.com.json", updates=True)

    written = (directory / "known.toml").read_text("utf-8")
    assert "example.com" not in written
    assert token not in written
    assert len(written) < 2000
    assert left(run("olga@example.com.json")[0]) == []


def test_what_the_configuration_suppresses_is_not_added() -> None:
    """Findings that do not count anyway need no baseline; those in it already are still there."""
    baseline = Baseline("known.toml", updates=True)
    [entry] = entries_of("orders/a.json")

    assert baseline.reasons(entry, [False, True, False, True]) == [None, "", None, ""]
    assert str(baseline.finish()).endswith("2 added, 0 taken out, 0 kept")


def reversed_keys(value: Any) -> Any:
    """*value* with the members of every object in reverse order."""
    if isinstance(value, dict):
        return {name: reversed_keys(member) for name, member in reversed(value.items())}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def found_in(folder: Path, name: str, data: bytes) -> list[str]:
    """Fingerprints of what is found in a file, sorted."""
    path = folder / name
    path.write_bytes(data)
    made = Fingerprints()
    return sorted(found for entry in entries_of(path) for found in made.of(entry, name))


@given(value=st.one_of(mutated("request"), mutated("response")))
def test_fingerprints_survive_another_form_of_json(value: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """White space and the order of members make no difference."""
    folder = tmp_path_factory.mktemp("forms")
    forms = [
        json.dumps(value, separators=(",", ":")),
        json.dumps(value, indent=4, ensure_ascii=False),
        json.dumps(reversed_keys(value), indent="\t"),
    ]

    found = [found_in(folder, "a.json", form.encode("utf-8", "surrogatepass")) for form in forms]

    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("message", ["request", "response"])
@given(data=st.data())
def test_fingerprints_survive_another_form_of_xml(
    message: Message, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Indentation makes no difference."""
    folder = tmp_path_factory.mktemp("forms")
    indented = data.draw(odd_xml(message))
    plain = re.sub(r"(</[^<>]*>|/>)[ \n]+(?=<)", r"\1", indented)  # white space within an element may be its value

    assert found_in(folder, "a.xml", plain.encode()) == found_in(folder, "a.xml", f"\n{indented}\n".encode())


def test_fingerprints_of_both_syntaxes_and_records_survive_a_formatter(directory: Path) -> None:
    """One baseline knows a file again that was minified, indented, or given blank lines."""
    record = json.dumps(BROKEN)
    (directory / "a.ndjson").write_text(f"{record}\n{record}\n", encoding="utf-8")
    (directory / "a.xml").write_bytes(to_xml(request(one="1", total_price="x")))
    run("orders/a.json", "a.ndjson", "a.xml", updates=True)

    (directory / "orders" / "a.json").write_text(json.dumps(reversed_keys(BROKEN), indent=3), encoding="utf-8")
    (directory / "a.ndjson").write_text(
        f"\n{json.dumps(BROKEN, separators=(',', ':'))}\n \n\n{record}", encoding="utf-8"
    )
    (directory / "a.xml").write_bytes(to_xml(request(one="1", total_price="x")).replace(b"\n", b"\n\n   "))

    entries, remarks = run("orders/a.json", "a.ndjson", "a.xml")
    assert left(entries) == []
    assert remarks == []


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    known=st.lists(
        st.builds(KnownFinding, id=texts, rule=texts, path=texts, place=texts, reason=texts, since=st.dates()),
        max_size=4,
    )
)
def test_there_and_back_is_identity(known: list[KnownFinding], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is known, and for whatever reason, is read as it was written."""
    path = tmp_path_factory.mktemp("baseline") / "known.toml"

    FORM.write(path, known)

    assert FORM.load(path) == {entry.id: entry for entry in known}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"= 1", "not TOML: "),
        (b"\xff", "not TOML: "),
        (b"version = 1\x00", "not TOML: "),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"1" * 5000, "not TOML: "),
        (b"", "expected version = 1 at its top"),
        (b"version = true", "expected version = 1 at its top"),
        (b"version = 1.0", "expected version = 1 at its top"),
        (b"version = 2", "expected version = 1 at its top, found 2: a later release wrote it"),
        (b"version = 1\n" + b"a" * 5000 + b" = 1", "unknown key 'aaa"),
        (b'version = 1\n[[known]]\nid = "1"', "entry 1 of known: expected rule to be a text"),
        (b'version = 1\n[[known]]\noracle = "1"', "it was written by `altcraft-contract fuzz`; name another file"),
    ],
)
def test_what_is_no_baseline_is_told(content: bytes, reason: str, directory: Path) -> None:
    """A file of another form is a fault of one line that is not long."""
    (directory / "known.toml").write_bytes(content)

    with pytest.raises(UnreadableFile) as caught:
        Baseline("known.toml")

    assert caught.value.reason.startswith(f"it is no baseline: {reason}")
    assert "\n" not in caught.value.reason
    assert len(caught.value.reason) < 200


def test_the_fuzzer_refuses_it(directory: Path) -> None:
    """The baseline of the linter is none of the fuzzer, which says so."""
    run(updates=True)

    with pytest.raises(UnreadableFile, match="it was written by `altcraft-contract lint`; name another file"):
        load_baseline(directory / "known.toml")


@pytest.mark.parametrize(
    ("path", "settings", "reason"),
    [
        ("none.toml", {}, "there is no such baseline; --baseline-update makes it"),
        ("none.toml", {"prunes": True}, "there is no such baseline; --baseline-update makes it"),
        ("none/known.toml", {"updates": True}, "cannot be written: there is no such directory; make it first"),
        ("orders", {}, "is a directory"),
        ("a\0b", {"updates": True}, "a path cannot hold a NUL character"),
    ],
)
def test_what_cannot_be_read_or_written_is_told_before_the_run(
    path: str, settings: dict[str, Any], reason: str
) -> None:
    """Faults of the file come before anything is checked."""
    with pytest.raises(UnreadableFile) as caught:
        Baseline(path, **settings)

    assert caught.value.reason == reason


def test_documents_may_be_added_above(directory: Path) -> None:
    """What is known of a record stays known when others come before it; another mistake of the kind is new."""
    wrong, right = (json.dumps(request(currency=currency)) for currency in ("rub", "RUB"))
    known = found_in(directory, "a.ndjson", f"{wrong}\n".encode())
    assert found_in(directory, "a.ndjson", f"{right}\n{right}\n{wrong}\n".encode()) == known
    more = found_in(directory, "a.ndjson", f"{wrong}\n{right}\n{wrong}\n".encode())
    assert len(set(more)) == 2
    assert set(known) < set(more)
