"""What the configuration says to count for nothing."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.lint.exemption import Exemptions
from altcraft_contract.lint.suppression import Suppressions, read_suppressions
from altcraft_contract.renderers.fingerprint import fingerprints_of
from altcraft_contract.renderers.report import Suppressed
from tests.lint.runs import entries_of, request

DAY = date(2026, 10, 31)


@pytest.fixture(autouse=True)
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a file that has two unknown fields, and one that is broken."""
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(request(one=1, other=2)), encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "good.json").write_text(json.dumps(request()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def suppressions(text: str, *, is_partial: bool = False, today: date = DAY) -> Suppressions:
    """What a configuration in the working directory says."""
    entries = read_suppressions(tomllib.loads(text)["suppress"], Path.cwd() / "pyproject.toml")
    return Suppressions(entries, today=today, is_partial=is_partial, is_checked=lambda rule: rule != "not-at-all")


def entry(rule: str = "unknown-field", **members: str) -> str:
    """An entry of the configuration."""
    lines = {"rule": rule if rule[:1] in '[1"' else f'"{rule}"', "reason": '"an old till"', **members}
    return "[[suppress]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        ({}, []),
        ({"path": '"orders/**"'}, []),
        ({"path": '["x", "orders"]'}, []),
        ({"path": '"*.xml"'}, ["/data/one", "/data/other"]),
        ({"pointer": '"/data/one"'}, ["/data/other"]),
        ({"pointer": '"/data/*"'}, []),
        ({"pointer": '""'}, ["/data/one", "/data/other"]),
        ({"path": '"a.json"', "pointer": '"/**/other"'}, ["/data/one"]),
        ({"rule": '["wrong-type", "unknown-field"]'}, []),
        ({"rule": '"wrong-type"'}, ["/data/one", "/data/other"]),
        ({"expires": "2026-10-31"}, []),
        ({"expires": "2026-10-30"}, ["/data/one", "/data/other"]),
    ],
)
def test_what_fits_counts_for_nothing(members: dict[str, str], kept: list[str]) -> None:
    """A finding is suppressed exactly if rule, path, pointer and day all fit."""
    exemptions = Exemptions(suppressions(entry(**members)))
    [found] = entries_of("orders/a.json")

    changed = exemptions.apply(found)

    assert [finding.pointer for finding in changed.result.findings] == kept
    assert {finding.finding.pointer for finding in changed.suppressed} | set(kept) == {"/data/one", "/data/other"}
    assert all(finding[1:3] == ("configuration", "an old till") for finding in changed.suppressed)


def test_fingerprints_are_those_of_the_whole_document() -> None:
    """What is kept and what is suppressed have the fingerprints that they had together."""
    [found] = entries_of("orders/a.json")
    before = dict(zip([finding.pointer for finding in found.result.findings], fingerprints_of(found), strict=True))

    changed = Exemptions(suppressions(entry(pointer='"/data/one"'))).apply(found)

    assert changed.fingerprints == (before["/data/other"],)
    assert changed.suppressed == (
        Suppressed(found.result.findings[0], "configuration", "an old till", before["/data/one"]),
    )


def test_a_broken_file_is_good_once_that_is_suppressed() -> None:
    """A document without any other error is good after its only one was suppressed."""
    [found] = entries_of("orders/broken.json")

    changed = Exemptions(suppressions(entry("malformed", path='"broken.json"'))).apply(found)

    assert not found.result.ok
    assert changed.result.ok
    assert changed.result.findings == ()


def test_what_does_not_change_is_passed_on() -> None:
    """A document without findings, or with none that is suppressed, is the same afterwards."""
    entries = list(entries_of("orders/good.json", "orders/a.json"))
    exemptions = Exemptions(suppressions(entry("wrong-type")))

    assert all(after is before for after, before in zip(exemptions.watch(entries), entries, strict=True))


NAME = "suppress 1 in pyproject.toml (rule {})"


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (entry(), None),
        (entry(path='"orders/a.json"'), None),
        (entry("wrong-type", path='"orders/a.json"'), "suppressed nothing; take it out"),
        (
            entry("wrong-type", path='"orders/"'),
            "suppressed nothing in the files checked; take it out if they were all",
        ),
        (entry("wrong-type"), "suppressed nothing in the files checked; take it out if they were all"),
        (entry("wrong-type", path='"orders/good.json"'), None),
        (entry("wrong-type", path='"old/**"'), "is about no file: there is no old; take it out"),
        (entry("wrong-type", path='["old/**", "orders/b.json"]'), "is about no file: there is no old; take it out"),
        (entry("wrong-type", path='["old/**", "orders/**"]', pointer='"/x"'), "suppressed nothing in the files"),
        (entry(expires="2026-10-30"), "expired on 2026-10-30; mend the finding or take it out"),
        (entry("wrong-type", path='"b"', expires="2026-10-30"), "expired on 2026-10-30; mend the finding"),
    ],
)
def test_what_is_of_no_use_is_told(text: str, remark: str | None) -> None:
    """What has expired is told always; what suppressed nothing if it was about a file that was checked, or is gone."""
    current = suppressions(text)
    list(Exemptions(current).watch(entries_of("orders/a.json")))

    remarks = list(current.iter_remarks())

    assert len(remarks) == (remark is not None)
    if remark is not None:
        rule = "wrong-type" if "wrong-type" in text else "unknown-field"
        assert remarks[0].startswith(f"{NAME.format(rule)} {remark}")


def test_single_files_do_not_tell_what_others_need() -> None:
    """Where files are named one by one, only what is about one of them can be unused."""
    text = entry("wrong-type") + entry("wrong-type", path='"orders/**"') + entry("wrong-type", path='"orders/a.json"')
    current = suppressions(text, is_partial=True)
    list(Exemptions(current).watch(entries_of("orders/a.json")))

    assert [remark.partition(" in ")[0] for remark in current.iter_remarks()] == ["suppress 3"]


def test_what_was_not_looked_for_is_not_unused() -> None:
    """A suppression of rules that the run leaves out is not called unused."""
    entries = read_suppressions(tomllib.loads(entry("wrong-type"))["suppress"], Path("pyproject.toml"))
    current = Suppressions(entries, is_checked=lambda rule: rule != "wrong-type")
    list(Exemptions(current).watch(entries_of("orders/a.json")))

    assert not list(current.iter_remarks())


def test_of_two_that_fit_the_first_gives_the_reason_and_both_are_used() -> None:
    """Entries may overlap."""
    current = suppressions(entry(reason='"first"') + entry(reason='"second"'))
    [changed] = Exemptions(current).watch(entries_of("orders/a.json"))

    assert {finding.reason for finding in changed.suppressed} == {"first"}
    assert not list(current.iter_remarks())


def test_paths_are_those_of_the_configuration(orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Patterns begin at the directory of the configuration, wherever the program runs and however a file is named."""
    current = suppressions(entry(path='"/orders/a.json"'))
    monkeypatch.chdir(orders)

    for name in ("a.json", "../orders/a.json", str(orders / "a.json")):
        [changed] = Exemptions(current).watch(entries_of(name))
        assert len(changed.suppressed) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("suppress = 1", "suppress is no list of tables: each entry begins with [[tool.altcraft-contract.suppress]]"),
        ("suppress = [1]", "suppress is no list of tables: "),
        ("[suppress]", "suppress is no list of tables: "),
        (entry(paths='"a"'), "suppress 1: unknown key 'paths'; did you mean 'path'?"),
        (entry(zzz="1"), "suppress 1: unknown key 'zzz'; known are rule, path, pointer, reason, expires"),
        ('[[suppress]]\nreason = "x"', "suppress 1: rule is missing: expected the id of a rule"),
        (entry(rule="[]"), "suppress 1: rule = []: names nothing"),
        (entry(rule="1"), "suppress 1: rule = 1: expected the id of a rule, or a list of them"),
        (entry("unknown-feild"), "suppress 1: unknown rule 'unknown-feild'; did you mean 'unknown-field'?"),
        (entry("x" * 9999), "suppress 1: unknown rule 'x"),
        (entry("malformed"), "suppress 1: malformed needs a path: "),
        (entry() + '[[suppress]]\nrule = "wrong-type"', "suppress 2: say why in reason"),
        (entry(reason='" "'), "suppress 1: say why in reason"),
        (entry(reason="1"), "suppress 1: reason = 1: expected why that counts for nothing"),
        (entry(path='"../a"'), "suppress 1: path = '../a': expected a way down"),
        (entry(path="{}"), "suppress 1: path = {}: expected a pattern of paths, or a list of them"),
        (entry(pointer='"a"'), "suppress 1: pointer = 'a': a pointer begins with /"),
        (entry(pointer="1"), "suppress 1: pointer = 1: expected a pattern of pointers"),
        (entry(expires='"2027-01-31"'), "suppress 1: expires = '2027-01-31': expected a date such as 2027-01-31"),
        (entry(expires="2027-01-31T00:00:00"), "suppress 1: expires = datetime.datetime(2027, 1, 31, 0, 0): expected"),
    ],
)
def test_what_is_wrong_is_told(text: str, reason: str) -> None:
    """The fault names the entry, what is wrong and what to do, in one line that is not long."""
    with pytest.raises(ConfigurationFault) as caught:
        suppressions(text)

    assert caught.value.reason.startswith(reason)
    assert "\n" not in caught.value.reason
    assert len(caught.value.reason) < 300


def test_rules_about_secrets_can_be_suppressed() -> None:
    """Rules of both kinds have names that an entry may give."""
    assert str(
        read_suppressions(tomllib.loads(entry("secret-token"))["suppress"], Path("altcraft-contract.toml"))[0]
    ) == ("suppress 1 in altcraft-contract.toml (rule secret-token)")
