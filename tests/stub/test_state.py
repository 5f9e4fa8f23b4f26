"""What the stub remembers, in memory and in a file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from altcraft_contract.errors import ConfigurationFault, UnreadableFile
from altcraft_contract.stub.currencies import MOST_POINTS, Balance
from altcraft_contract.stub.memory import open_state
from altcraft_contract.stub.state import profile_hash
from altcraft_contract.stub.state_file import FileState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from altcraft_contract.stub.state import State


@pytest.fixture(params=["memory", "file"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """A state of either kind."""
    with open_state(None if request.param == "memory" else tmp_path / "state.db") as state:
        yield state


def _remember(state: State, external_id: str, answer: str = "{}") -> None:
    with state.transaction():
        number = state.next_number()
        state.issue_code(f"code of {external_id}", pool_id=1, number=number)
        state.activate_code("SPRING", pool_id=42, number=number)
        state.remember_order(
            external_id,
            number=number,
            digest=b"digest",
            status="success",
            processing_target="immediate",
            time="2026-11-24T12:00:00Z",
            answer=answer,
        )


def _link(state: State, iid: int | None, eid: str | None) -> int:
    (number,) = state.link_currencies([(iid, eid)])
    return number


@pytest.mark.parametrize("external_id", ["order_1", "заказ", "a\0b", "🎁" * 1000, " ", "'; DROP TABLE orders; --"])
def test_an_order_is_found_again(state: State, external_id: str) -> None:
    """An order is found by its very id, whatever characters that has."""
    assert state.find_order(external_id) is None
    _remember(state, external_id, '{"text": "夏"}')

    order = state.find_order(external_id)
    assert order is not None
    assert (order.number, order.answer, order.digest, order.status) == (1, '{"text": "夏"}', b"digest", "success")
    assert state.find_order(f"{external_id}x") is None


def test_a_transaction_is_all_or_nothing(state: State) -> None:
    """What an exception leaves behind is undone, in a transaction within a transaction, too."""

    def fail() -> None:
        with state.transaction():
            _remember(state, "order_1")
            state.set_balance("ann", _link(state, 1, None), Balance(1, 1))
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert state.find_order("order_1") is None
    assert state.listing() == {"orders": [], "balances": [], "codes": []}
    _remember(state, "order_1")


def test_listings_have_the_newest_orders_first(state: State) -> None:
    """A listing says what is known as JSON, the newest orders and codes first."""
    for external_id in ("order_1", "order_2"):
        _remember(state, external_id)
    state.count_repeat(1)
    profile = profile_hash("email", "ann@example.com")
    state.set_balance(profile, _link(state, 7, "bonus"), Balance(1000, MOST_POINTS))

    listing = state.listing()
    assert [(order["external_id"], order["repeats"]) for order in listing["orders"]] == [("order_2", 0), ("order_1", 1)]
    assert listing["balances"] == [
        {
            "profile": profile[:12],
            "points_currency_iid": 7,
            "points_currency_eid": "bonus",
            "balance": "9223372036854775807",
        }
    ]
    assert listing["codes"][0] == {
        "code": "code of order_2",
        "pool_id": 1,
        "external_id": "order_2",
        "kind": "issued",
    }
    assert [code["kind"] for code in listing["codes"]] == ["issued", "activated"] * 2
    assert {name: len(items) for name, items in state.listing(1).items()} == {"orders": 1, "balances": 1, "codes": 1}
    assert state.listing(-5)["orders"] == []


def test_a_code_is_issued_once(state: State) -> None:
    """A code that one order got is no other's."""
    assert state.issue_code("A", pool_id=1, number=1)
    assert not state.issue_code("A", pool_id=2, number=2)


def test_a_code_tells_who_activated_it(state: State) -> None:
    """Activating a code again tells the first order that did, and of another pool it is another code."""
    _remember(state, "order_1")
    assert state.activate_code("SPRING", pool_id=42, number=2) == "order_1"
    assert state.activate_code("SPRING", pool_id=43, number=2) is None


def test_points_are_set(state: State) -> None:
    """The points of a customer are what was set last, also under the other id of the currency."""
    profile = profile_hash("phone", "+79991234567")
    state.set_points(10, phone="+79991234567", iid=1, eid="bonus")
    state.set_points(0, phone="+79991234567", eid="bonus")

    assert state.find_balance(profile, _link(state, 1, None)) == Balance(0, 0)
    (balance,) = state.listing()["balances"]
    assert (balance["points_currency_iid"], balance["points_currency_eid"]) == (1, "bonus")


_CUSTOMER: dict[str, Any] = {"email": "ann@example.com", "eid": "bonus"}


@pytest.mark.parametrize(
    ("points", "names", "reason"),
    [
        (-1, _CUSTOMER, "-1 points: give a whole number from 0"),
        (2**63, _CUSTOMER, "give a whole number from 0"),
        (1.0, _CUSTOMER, "1.0 points: give a whole number"),
        (True, _CUSTOMER, "True points: give a whole number"),
        (1, {"email": "a"}, "points of which currency: give iid, eid or both"),
        (1, {"eid": "bonus"}, "give one of profile_id, email, phone, not none"),
        (1, {"email": "a", "phone": "b", "eid": "bonus"}, "give one of .*, not email and phone"),
        (1, {"email": "", "eid": "bonus"}, "email is no text, or empty"),
        (1, {"email": "a", "eid": ""}, "eid='': give a text"),
        (1, {"email": "a", "iid": "1"}, "iid='1': give a whole number"),
        (1, {"email": "a", "iid": 2**63}, "give a whole number of 64 bits"),
    ],
)
def test_points_that_cannot_be_set_are_refused(points: Any, names: dict[str, Any], reason: str) -> None:
    """Whose points, of which currency and how many has to be clear, and nothing is set otherwise."""
    with open_state() as state:
        with pytest.raises(ValueError, match=reason):
            state.set_points(points, **names)
        assert state.listing()["balances"] == []


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_too_many_orders_are_forgotten_with_their_codes(tmp_path: Path, kind: str) -> None:
    """The oldest orders go with what belongs to them, and balances stay."""
    with open_state(None if kind == "memory" else tmp_path / "state.db", most_orders=3) as state:
        state.set_balance("ann", _link(state, 1, None), Balance(1, 1))
        for number in range(1, 11):
            _remember(state, f"order_{number}")
            state.count_repeat(number)
            assert state.forgotten == max(0, number - 3)

        listing = state.listing()
        assert [order["external_id"] for order in listing["orders"]] == ["order_10", "order_9", "order_8"]
        assert [code["external_id"] for code in listing["codes"]] == [
            order["external_id"] for order in listing["orders"] for _ in range(2)
        ]
        assert len(listing["balances"]) == 1
        assert state.find_order("order_7") is None
        assert state.activate_code("SPRING", pool_id=42, number=11) == "order_8"
        assert state.issue_code("code of order_7", pool_id=1, number=11)
        assert not state.issue_code("code of order_8", pool_id=1, number=11)


def test_a_file_forgets_codes_of_orders_that_are_gone(tmp_path: Path) -> None:
    """No row of a forgotten order stays in the file."""
    with FileState(tmp_path / "state.db", most_orders=3) as state:
        for number in range(1, 11):
            _remember(state, f"order_{number}")
        for table in ("orders", "issued", "activated"):
            assert state._database.row(f"SELECT COUNT(*) FROM {table}") == (3,)  # noqa: S608 - a name of ours


def test_only_memory_has_a_bound_by_default(tmp_path: Path) -> None:
    """What is in memory stays bounded, and a file keeps everything unless told otherwise."""
    with (
        open_state() as memory,
        open_state(tmp_path / "a.db") as file,
        open_state(tmp_path / "b.db", most_orders=5) as bounded,
    ):
        assert (memory.most_orders, file.most_orders, bounded.most_orders) == (20_000, None, 5)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_no_order_at_all_cannot_be_kept(tmp_path: Path, kind: str) -> None:
    """At least one order is kept, or the bound is refused."""
    with pytest.raises(ConfigurationFault, match="give 1 or more"):
        open_state(None if kind == "memory" else tmp_path / "state.db", most_orders=0)


def test_reset_forgets_everything(state: State) -> None:
    """After a reset the state is as new."""
    _remember(state, "order_1")
    state.set_balance("ann", _link(state, 1, None), Balance(1, 1))
    state.reset()

    assert state.listing() == {"orders": [], "balances": [], "codes": []}
    assert (state.find_order("order_1"), state.forgotten, state.next_number()) == (None, 0, 1)


def test_a_file_outlives_its_state(tmp_path: Path) -> None:
    """What was committed is there when the file is opened again."""
    path = tmp_path / "state.db"
    with FileState(path) as state:
        _remember(state, "order_1", "first")
    with FileState(path) as state:
        order = state.find_order("order_1")
    assert order is not None
    assert order.answer == "first"


def test_a_colon_makes_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is a path, also where SQLite would take it for something else."""
    monkeypatch.chdir(tmp_path)
    FileState(":memory:").close()
    assert (tmp_path / ":memory:").is_file()


def _write_database(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _make_newer(path: Path) -> None:
    FileState(path).close()
    _write_database(path, "PRAGMA user_version = 2")


def _cut_off(path: Path) -> None:
    with FileState(path) as state:
        for number in range(100):
            _remember(state, f"order_{number}", "x" * 1000)
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_text("item,price\n" * 1000), "is no SQLite database; name another file"),
        (lambda path: _write_database(path, "CREATE TABLE cats (name)"), "another program; name another file"),
        (lambda path: _write_database(path, "PRAGMA application_id = 7"), "another program; name another file"),
        (_make_newer, "newer release .* upgrade altcraft-contract"),
        (lambda path: path.mkdir(), "is a directory; name a file in it"),
        (_cut_off, "is damaged; remove it"),
    ],
    ids=["no-database", "another-database", "another-application", "newer", "directory", "damaged"],
)
def test_a_file_that_is_not_ours_is_refused(tmp_path: Path, make: Any, reason: str) -> None:
    """What cannot be used is told with a remedy, and is left as it is."""
    path = tmp_path / "state.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(UnreadableFile, match=reason) as caught:
        FileState(path)
    assert caught.value.path == str(path)
    assert before is None or path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["state.db"]


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    """No directory is made unasked."""
    with pytest.raises(UnreadableFile, match="directory does not exist; make it"):
        FileState(tmp_path / "missing" / "state.db")


def test_an_empty_file_is_a_new_state(tmp_path: Path) -> None:
    """A file without content, as `mktemp` makes it, is taken."""
    path = tmp_path / "state.db"
    path.touch()
    with FileState(path) as state:
        _remember(state, "order_1")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
@pytest.mark.parametrize("is_new", [True, False])
def test_a_read_only_place_is_told(tmp_path: Path, is_new: bool) -> None:
    """A file, or the directory for one, that may not be written to is told with a remedy."""
    path = tmp_path / "state.db"
    if not is_new:
        FileState(path).close()
        path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("whoever runs this may write anywhere")
        with pytest.raises(UnreadableFile, match="allow writing to it and to its directory"):
            FileState(path)
    finally:
        tmp_path.chmod(0o755)


def test_a_fault_of_the_file_is_ours(tmp_path: Path) -> None:
    """What SQLite says never crosses the border."""
    state = FileState(tmp_path / "state.db")
    state.close()
    for use in (lambda: state.find_order("x"), state.reset, lambda: state.count_repeat(1), state.listing):
        with pytest.raises(UnreadableFile, match=r"state\.db: cannot be used"):
            use()


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """A database that cannot grow is told with a remedy, and what did not fit is undone."""
    with FileState(tmp_path / "state.db") as state:
        _remember(state, "order_1")
        pages = state._database.connection.execute("PRAGMA page_count").fetchone()[0]
        state._database.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UnreadableFile, match="no space is left; make room"):
            _remember(state, "order_2", "x" * 100_000)
        assert state.find_order("order_2") is None


def test_the_file_knows_no_customer(tmp_path: Path) -> None:
    """A customer stands in the file as a hash only."""
    path = tmp_path / "state.db"
    with FileState(path) as state:
        profile = profile_hash("email", "ann@example.com")
        state.set_balance(profile, _link(state, 1, None), Balance(1, 1))
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"ann" not in content
    assert profile.encode() in content


def test_kinds_of_identifiers_are_apart() -> None:
    """The same text as an e-mail address and as a profile id is two customers."""
    hashes = {profile_hash("email", "a"), profile_hash("phone", "a"), profile_hash("email", "b")}
    assert {len(profile) for profile in hashes} == {32}
    assert len(hashes) == 3


_OPENING = """
import sys
from altcraft_contract.stub.state_file import FileState
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    FileState(sys.argv[1]).close()
"""


def test_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Of processes that make one file together none fails."""
    command = [sys.executable, "-c", _OPENING, str(tmp_path / "state.db")]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:  # all wait for their line, which does not come before all are ready
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0] * 4


def test_threads_share_a_state(state: State) -> None:
    """Threads that read and write at once lose nothing."""

    def remember(name: str) -> None:
        for number in range(50):
            _remember(state, f"{name}_{number}")
            assert state.find_order(f"{name}_{number}") is not None

    threads = [Thread(target=remember, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(state.listing(1000)["orders"]) == state.next_number() - 1 == 200
