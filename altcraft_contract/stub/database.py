"""The SQLite database of the stub, in a file: its tables, its transactions, and what may go wrong."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

_APPLICATION: Final = 0x616C7463  # "altc", told by `file` and by us
_VERSION: Final = 1
_PATIENCE: Final = 30.0  # seconds to wait for another process that writes
_RETRY: Final = 0.005  # seconds between attempts where SQLite does not wait by itself

_CREATE: Final = f"""
CREATE TABLE orders (
    number INTEGER PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    status TEXT NOT NULL,
    processing_target TEXT NOT NULL,
    time TEXT NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL
);
CREATE TABLE currency_names (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, currency INTEGER NOT NULL, UNIQUE (kind, name)
);
CREATE INDEX names_of_currency ON currency_names (currency, kind, number);
CREATE TABLE balances (
    profile TEXT NOT NULL,
    currency INTEGER NOT NULL,
    opening INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    PRIMARY KEY (profile, currency)
) WITHOUT ROWID;
CREATE INDEX balances_of_currency ON balances (currency);
CREATE TABLE issued (code TEXT PRIMARY KEY, pool_id INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX issued_by_order ON issued (number);
CREATE TABLE activated (
    code TEXT NOT NULL, pool_id INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (code, pool_id, number)
) WITHOUT ROWID;
CREATE INDEX activated_by_order ON activated (number);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
"""
TABLES: Final = ("orders", "currency_names", "balances", "issued", "activated")


class Database:
    """A connection that threads share; as a context it is a transaction.

    What is done within a transaction is undone if an exception leaves it; other threads and processes wait. A
    transaction within a transaction is part of it.

    Args:
        path: The file, made if there is none.

    Raises:
        UnreadableFile: if the file cannot be used; every method raises it, too, if the file fails later.

    Attributes:
        connection: What SQLite knows it by.
    """

    __slots__ = ("_depth", "_lock", "_path", "connection")

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = RLock()
        self._depth = 0
        self.connection = _open(path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.connection.close()

    def __enter__(self) -> None:
        self._lock.acquire()
        try:
            if not self._depth:
                self.connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
        except BaseException as error:
            self._lock.release()
            if isinstance(error, sqlite3.Error):
                raise _fault(self._path, error) from error
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._depth -= 1
            if not self._depth:
                self._end(is_good=error is None)
        except sqlite3.Error as fault:
            raise _fault(self._path, fault) from fault
        finally:
            self._lock.release()

    def _end(self, *, is_good: bool) -> None:
        try:
            if is_good:
                self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def row(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        """The first row of what a statement finds, None if it finds nothing."""
        try:
            with self._lock:
                return self.connection.execute(statement, values).fetchone()
        except sqlite3.Error as error:
            raise _fault(self._path, error) from error

    def rows(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[Any]:
        """All rows of what a statement finds."""
        try:
            with self._lock:
                return self.connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise _fault(self._path, error) from error

    def write(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Run a statement; return how many rows it wrote."""
        try:
            with self._lock:
                return self.connection.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise _fault(self._path, error) from error

    def write_all(self, statement: str, values: Iterable[tuple[Any, ...]]) -> None:
        """Run a statement once for each tuple of values."""
        try:
            with self._lock:
                self.connection.executemany(statement, values)
        except sqlite3.Error as error:
            raise _fault(self._path, error) from error


def _open(path: str) -> sqlite3.Connection:
    """Open the database, and make its tables if it is new; one that is not ours is left as it is."""
    file = Path(path).absolute()
    if not file.parent.is_dir():
        raise UnreadableFile(path, "its directory does not exist; make it, or name another file")
    if file.is_dir():
        raise UnreadableFile(path, "is a directory; name a file in it")
    try:
        connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _fault(path, error) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    connection.execute("BEGIN")  # another process may be making the tables: either none of them is seen, or all
    _check_owner(connection, path)
    connection.execute("COMMIT")
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")  # outlives a killed process; a power cut may cost the last orders
    connection.execute("BEGIN IMMEDIATE")  # also tells whether it may be written to
    if not _check_owner(connection, path):
        for statement in _CREATE.split(";"):
            connection.execute(statement)
    connection.execute("COMMIT")


def _check_owner(connection: sqlite3.Connection, path: str) -> bool:
    """Whether there is anything in the database; a fault if it is not ours."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if application != _APPLICATION and (application or version or tables):
        raise UnreadableFile(path, "is a database of another program; name another file")
    if version > _VERSION:
        reason = f"was written by a newer release (its form is {version}, this release knows {_VERSION})"
        raise UnreadableFile(path, f"{reason}; upgrade altcraft-contract, or name another file")
    return bool(tables)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; here SQLite does not wait by itself for other processes that do the same."""
    last = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(_RETRY)
        else:
            return


_REMEDIES: Final = {
    sqlite3.SQLITE_NOTADB: "is no SQLite database; name another file",
    sqlite3.SQLITE_CORRUPT: "is damaged; remove it, or name another file",
    sqlite3.SQLITE_READONLY: "is read-only; allow writing to it and to its directory, or name another file",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; allow writing to it and to its directory, or name another file",
    sqlite3.SQLITE_FULL: "cannot grow: no space is left; make room, or name another file",
    sqlite3.SQLITE_BUSY: f"has been locked for {_PATIENCE:.0f} seconds by another process; end that, or try again",
}


def _fault(path: str, error: sqlite3.Error) -> UnreadableFile:
    """What went wrong with the database, in our words."""
    code = getattr(error, "sqlite_errorcode", None)
    reason = _REMEDIES.get(code & 0xFF if code is not None else -1)
    return UnreadableFile(path, reason or f"cannot be used: {error}; remove it and start again")
