"""The SQLite file below the vault: its tables, the way it is opened, and what its errors mean.

A connection may be used from any one thread at a time: the vault lane makes it and keeps it, and nobody locks.
"""

import errno
import os
import sqlite3
from pathlib import Path
from typing import NoReturn

from healthvisit.domain.errors import StoreError
from healthvisit.vault.hardening import make_private

APPLICATION_ID = 0x48563031  # "HV01"
USER_VERSION = 1
WAIT_S = 0.5  # how long another process, such as the one we were restarted from, may take to let go

_TABLES = (
    "CREATE TABLE vault(k TEXT PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE keyslot(sid BLOB PRIMARY KEY CHECK(length(sid)=16), kind INTEGER NOT NULL CHECK(kind IN (1,2)), "
        "label TEXT NOT NULL DEFAULT '', pub BLOB NOT NULL, priv BLOB, mk BLOB NOT NULL, "
        "CHECK((kind=1)=(priv IS NOT NULL))) WITHOUT ROWID"
    ),
    "CREATE TABLE keyring(epoch INTEGER PRIMARY KEY, dek BLOB NOT NULL)",
    (
        "CREATE TABLE rec(seq INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE CHECK(length(rid)=16), "
        "env BLOB NOT NULL CHECK(length(env)>=316))"
    ),
    "CREATE TABLE quarantine(qid INTEGER PRIMARY KEY, seq INTEGER, rid BLOB, env BLOB, why INTEGER NOT NULL)",
)
_CODES = {
    sqlite3.SQLITE_BUSY: "vault.in_use",
    sqlite3.SQLITE_LOCKED: "vault.in_use",
    sqlite3.SQLITE_FULL: "vault.disk_full",
    sqlite3.SQLITE_READONLY: "vault.read_only",
    sqlite3.SQLITE_PERM: "vault.read_only",
    sqlite3.SQLITE_AUTH: "vault.read_only",
    sqlite3.SQLITE_CANTOPEN: "vault.cannot_open",
    sqlite3.SQLITE_IOERR: "vault.disk_error",
    sqlite3.SQLITE_CORRUPT: "vault.damaged",
    sqlite3.SQLITE_NOTADB: "vault.damaged",
}


def fail(error: sqlite3.Error) -> NoReturn:
    """Raise what a person can be told about `error`; one that only a bug can cause rises as it is."""
    code = _CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if code is None:
        raise error
    raise StoreError(code) from error


def refused(error: OSError) -> StoreError:
    """What a person can be told when the disk refuses a file beside the database."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError("vault.disk_full")
    return StoreError(
        "vault.read_only" if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) else "vault.disk_error"
    )


def create(
    path: Path, stored: list[tuple[str, bytes]], slot: tuple[object, ...], keyring: list[tuple[int, bytes]]
) -> None:
    """Make a whole new file under another name, then rename it: a half-made vault never stands in its place."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size=4096")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={USER_VERSION}")
        connection.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            connection.execute(table)
        connection.executemany("INSERT INTO vault(k, v) VALUES(?, ?)", stored)
        connection.execute("INSERT INTO keyslot(sid, kind, label, pub, priv, mk) VALUES(?, ?, ?, ?, ?, ?)", slot)
        connection.executemany("INSERT INTO keyring(epoch, dek) VALUES(?, ?)", keyring)
        connection.execute("COMMIT")
    finally:
        connection.close()
    make_private(fresh, mode=0o600)
    fresh.replace(path)
    _sync_folder(path.parent)


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing vault file for this process alone, after checking that it is one and holds nothing planted.

    Raises:
        StoreError: `vault.absent`, `vault.in_use`, `vault.not_ours`, `vault.newer`, `vault.schema`, `vault.damaged`,
            `vault.read_only`, `vault.cannot_open`, `vault.disk_error`.
    """
    if not path.is_file():
        raise StoreError("vault.absent")
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=WAIT_S,
            check_same_thread=False,
        )
        connection.text_factory = _lenient
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        fail(error)
    return connection


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # Windows makes a rename durable with the file
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _lenient(text: bytes) -> str:
    return text.decode(errors="replace")  # a planted label must not stop the unlock screen


def _prepare(connection: sqlite3.Connection) -> None:
    # temp_store: a big ORDER BY would spill readable rows into a temporary file. trusted_schema: nothing planted runs.
    for pragma in (
        "locking_mode=EXCLUSIVE",
        "temp_store=MEMORY",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "foreign_keys=ON",
        "synchronous=FULL",
        "fullfsync=1",
        "checkpoint_fullfsync=1",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise StoreError("vault.not_ours")
    version = _pragma(connection, "user_version")
    if version != USER_VERSION:
        raise StoreError("vault.newer" if version > USER_VERSION else "vault.not_ours", version=version)
    if _schema(connection) != _expected_schema():
        raise StoreError("vault.schema")
    connection.execute("PRAGMA journal_mode=WAL")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str, str, str | None]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()


def _expected_schema() -> list[tuple[str, str, str, str | None]]:
    pattern = sqlite3.connect(":memory:")
    try:
        for table in _TABLES:
            pattern.execute(table)
        return _schema(pattern)
    finally:
        pattern.close()
