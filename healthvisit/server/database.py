"""The office's database: one writer thread, many readers, and the marker outside it that betrays an old copy."""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    QueuePool,
    Table,
    bindparam,
    create_engine,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, OperationalError

from healthvisit.domain.errors import StoreError
from healthvisit.server.tables import METADATA, SCHEMA, TABLES

_T = TypeVar("_T")
_SERVER = TABLES["server"]
_BUSY_MS = 20_000  # another process of ours (a command beside the server) may hold the write lock


def moment(at: datetime) -> str:
    """A moment as it is stored and sent."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Database:
    """Opened on a URL such as ``sqlite:///office.db``; `close` when done.

    Raises:
        StoreError: ``server.newer_database``, ``server.database_kind``, ``server.database`` (damaged, or no database).
    """

    def __init__(self, url: str, marker: Path) -> None:
        if not url.startswith("sqlite:"):
            raise StoreError("server.database_kind")
        self._readers = _engine(url, "BEGIN", (os.cpu_count() or 1) * 2 + 2)
        self._writers = _engine(url, "BEGIN IMMEDIATE", 1)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._marker = _Marker(marker)
        try:
            with self._writers.begin() as db:
                METADATA.create_all(db)
            self._begin_history()
        except (DBAPIError, StoreError) as exc:
            self.close()
            raise exc if isinstance(exc, StoreError) else StoreError("server.database") from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._writer.shutdown()
        self._readers.dispose()
        self._writers.dispose()
        self._marker.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot."""
        with self._readers.connect() as db, db.begin():
            yield db

    def write(self, deed: Callable[[Connection], _T]) -> _T:
        """Run `deed` alone, in one transaction, on the writer's thread; it is on disk when this returns.

        A deed that changes nothing leaves no trace, and what it raises rolls it back.

        Raises:
            StoreError: ``server.disk_full``, ``server.database``.
        """
        return self._writer.submit(self._transact, deed).result()

    def _transact(self, deed: Callable[[Connection], _T]) -> _T:
        counted = None
        try:
            with self._writers.connect() as db, db.begin():
                raw: Any = db.connection.dbapi_connection
                before = raw.total_changes
                result = deed(db)
                if raw.total_changes != before:
                    count = update(_SERVER).values(commits=_SERVER.c.commits + 1)
                    counted = db.execute(count.returning(_SERVER.c.epoch, _SERVER.c.commits)).one_or_none()
        except OperationalError as exc:
            full = getattr(exc.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            raise StoreError("server.disk_full" if full else "server.database") from exc
        if counted is not None:
            self._marker.write(*counted)
        return result

    def _begin_history(self) -> None:
        """Begin a new epoch when this database is older than its marker: it was put back and nobody said so."""
        marked = self._marker.read()
        with self.read() as db:
            row = db.execute(select(_SERVER)).one_or_none()
        if row is None:
            self.write(_first_row)
            return
        if row.schema_number > SCHEMA:
            raise StoreError("server.newer_database", knows=SCHEMA, found=row.schema_number)
        if marked is None or (marked[0] == row.epoch and marked[1] <= row.commits):
            return
        self.write(lambda db: new_epoch(db, above=marked[1]))


def _first_row(db: Connection) -> None:
    db.execute(insert(_SERVER).values(server_id=secrets.token_hex(16), epoch=secrets.token_hex(16)))


def new_epoch(db: Connection, *, above: int = 0) -> None:
    """Begin another history: every laptop's cursors are reset and what the server lacks is sent again."""
    row = db.execute(select(_SERVER)).one()
    values = {"epoch": secrets.token_hex(16), "commits": max(row.commits, above)}
    db.execute(update(_SERVER).values(values))
    audit(db, "server.new_epoch", detail=f"{row.epoch} at {row.commits}, marker {above}")


def audit(db: Connection, what: str, *, device: str = "", detail: str = "") -> None:
    """Write down what an administrator may ask about: a code and ids, nothing personal."""
    at = moment(datetime.now(UTC))
    db.execute(insert(TABLES["audit"]).values(at=at, what=what, device=device, detail=detail))


def put_rows(db: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert many rows that all have the same columns."""
    if rows:
        _execute_many(db, insert(table).values({name: bindparam(name) for name in rows[0]}), rows)


def upsert(db: Connection, table: Table, keys: list[str], rows: list[dict[str, Any]]) -> None:
    """Insert rows, or change those whose keys are there."""
    if rows:
        put = sqlite.insert(table).values({name: bindparam(name) for name in rows[0]})
        changed = {name: put.excluded[name] for name in rows[0] if name not in keys}
        _execute_many(db, put.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def _execute_many(db: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    """The statement as compiled, the values as they are: handling each value again took half the time of a push."""
    compiled = statement.compile(dialect=db.dialect)
    order: list[str] | None = getattr(compiled, "positiontup", None)
    values: Any = rows if order is None else list(map(itemgetter(*order), rows))
    db.exec_driver_sql(str(compiled), values)


def _engine(url: str, begin: str, size: int) -> Engine:
    arguments = {"check_same_thread": False, "isolation_level": None}
    engine = create_engine(
        url, hide_parameters=True, poolclass=QueuePool, pool_size=size, max_overflow=0, connect_args=arguments
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for pragma in (f"busy_timeout={_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(db: Connection) -> None:
        db.exec_driver_sql(begin)

    return engine


class _Marker:
    """A small file outside the database: the epoch and number of the last commit. It may lag, never lead."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("r+b", buffering=0)

    def read(self) -> tuple[str, int] | None:
        """Epoch and commit number; None when there is none or it is damaged (the feeds' tags are the second line)."""
        self._file.seek(0)
        try:
            epoch, commits = self._file.read(100).decode().split()
            return epoch, int(commits)
        except ValueError:
            return None

    def write(self, epoch: str, commits: int) -> None:
        self._file.seek(0)
        self._file.write(f"{epoch} {commits:020d}\n".encode())

    def close(self) -> None:
        self._file.close()
