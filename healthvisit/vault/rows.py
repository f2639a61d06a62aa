"""The sealed rows of one open file, under their manifest: transactions, reading, quarantine, the full check."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from healthvisit.domain.errors import StoreError
from healthvisit.vault import database, envelope
from healthvisit.vault.envelope import TAG_SIZE, Why
from healthvisit.vault.keys import FILE_PART, Keys
from healthvisit.vault.manifest import Manifest, term

GONE = "gone"
CHANGE = "change"

PART_SIZE = 512 * 1024  # bytes of a file in one row
DATA = "data"  # a file's bytes in the payload of a part

_PAYLOAD_VERSION = 1
_BATCH = 64  # rows read at once
_LARGE = 64 * 1024  # bytes of a row that is read alone
_GAP = b"\0"  # between a part's JSON, which cannot hold it, and the bytes of its file
_HIGHEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Damage:
    """A row that could not be opened. It is kept in quarantine, for a backup or the office to put right."""

    row_seq: int
    rid: bytes
    why: Why


class SealedRows:
    """Rows of an open vault. At every commit the manifest says exactly what the rows are."""

    def __init__(self, connection: sqlite3.Connection, keys: Keys, manifest: Manifest) -> None:
        self._db = connection
        self._keys = keys
        self._ciphers = {epoch: epoch_keys.records for epoch, epoch_keys in keys.epochs.items()}
        self._sum_key = keys.epochs[manifest.key_epoch].sum
        self._writing = False
        self._half_done = False
        self._ended: set[bytes] = set()  # rows that may have ended; looked at before anything is purged
        self._aside = [
            Damage(row_seq, rid, Why(why)) for row_seq, rid, why in self._all("SELECT seq, rid, why FROM quarantine")
        ]
        ((top,),) = self._all("SELECT coalesce(max(seq), 0) FROM rec")
        if top >= _HIGHEST:
            raise StoreError("vault.altered", part="rows")
        # rows above the manifest were planted or it was put back: verify says so, and no number is given twice
        self._manifest = manifest if top <= manifest.row_seq else replace(manifest, row_seq=top)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: rows and manifest become durable together when the block ends, and not at all if it raises.

        Raises:
            StoreError: `vault.disk_full`, `vault.read_only`, `vault.disk_error`: nothing of the block was saved,
                everything before it is unharmed, and saving works again when the cause is gone.
        """
        if self._writing:
            raise RuntimeError("a transaction is already open")
        before = self._manifest
        self._all("BEGIN IMMEDIATE")
        self._writing, self._half_done = True, False
        try:
            yield
            self._commit(before)
        except BaseException:
            self._manifest = before
            self._undo()
            raise
        finally:
            self._writing = False

    def put(self, t: str, id: str, payload: dict[str, Any]) -> int:
        """Seal `payload` (JSON values) as the row `t`, `id`, new or instead of the one there. Returns its row seq.

        A `change` may gain an outcome and a rev; its `line` is what was signed and never differs.
        """
        row = {"t": t, "id": id, "v": _PAYLOAD_VERSION} | payload
        if row["t"] != t or row["id"] != id:
            raise ValueError("a payload's own t and id are those of its row")
        return self._replace(self._keys.row_id(t, id), row)

    def put_part(self, id: str, data: bytes) -> int:
        """Seal at most `PART_SIZE` bytes of a file; `get(FILE_PART, id)["data"]` are they again."""
        if len(data) > PART_SIZE:
            raise ValueError("a part is larger than its row")
        row = {"t": FILE_PART, "id": id, "v": _PAYLOAD_VERSION}
        return self._replace(self._keys.row_id(FILE_PART, id), row, data)

    def end(self, t: str, id: str) -> None:
        """Let the row become `gone` under its id, so that a replay sees that it ended."""
        rid = self._keys.row_id(t, id)
        self._replace(rid, {"t": GONE, "id": id, "v": _PAYLOAD_VERSION, "was": t})
        self._ended.add(rid)

    def get(self, t: str, id: str) -> dict[str, Any] | None:
        """The payload of a living row, `None` when there is none.

        Raises:
            StoreError: `vault.row_damaged`.
        """
        rid = self._keys.row_id(t, id)
        for found in self._all("SELECT seq, rid, env FROM rec WHERE rid=?", (rid,)):
            payload = self._open(*found)
            return None if payload["t"] == GONE else payload
        for damage in self._aside:
            if damage.rid == rid:
                raise envelope.damaged(damage.row_seq, damage.why)
        return None

    def read(self, row_seq: int) -> dict[str, Any]:
        """The payload of the row with this number, `gone` rows included.

        Raises:
            StoreError: `vault.row_damaged`.
            LookupError: No row has the number (any more).
        """
        for found in self._all("SELECT seq, rid, env FROM rec WHERE seq=?", (row_seq,)):
            return self._open(*found)
        for damage in self._aside:
            if damage.row_seq == row_seq:
                raise envelope.damaged(row_seq, damage.why)
        raise LookupError(row_seq)

    def rows(self, *, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every row above `after` in seq order, `gone` rows included; damaged ones are set aside and left out.

        Large parts of files are passed over unopened: a replay learns nothing from them, and they are most of the file.
        """
        sql = "SELECT seq, rid, CASE WHEN length(env)<=? THEN env END FROM rec WHERE seq>? ORDER BY seq LIMIT ?"
        while batch := self._all(sql, (_LARGE, after, _BATCH)):
            for row_seq, rid, held in batch:
                after, env = row_seq, held
                if env is None and self._keys.is_file_part(rid):
                    continue
                if env is None:
                    ((env,),) = self._all("SELECT env FROM rec WHERE seq=?", (row_seq,))
                try:
                    payload = self._open(row_seq, rid, env)
                except StoreError:
                    continue
                if payload["t"] == GONE:
                    self._ended.add(rid)
                yield row_seq, payload

    def top_seq(self) -> int:
        """The highest number given to a row so far."""
        return self._manifest.row_seq

    @property
    def count(self) -> int:
        """How many rows there must be, `gone` ones and those in quarantine included."""
        return self._manifest.count

    def damaged(self) -> list[Damage]:
        """The rows that could not be opened so far, this time or earlier."""
        return sorted(self._aside, key=lambda damage: damage.row_seq)

    def verify(self) -> None:
        """Compare all rows, those in quarantine too, with the manifest. A byte flipped in a row is found on reading.

        Raises:
            StoreError: `vault.altered`: rows were removed, planted or put back outside the program.
        """
        every = "SELECT seq, CAST(rid AS BLOB), CAST(substr(env, -16) AS BLOB) FROM "
        count = total = 0
        try:
            for row_seq, rid, tag in self._db.execute(f"{every} rec UNION ALL {every} quarantine"):
                count += 1
                total += term(self._sum_key, rid, row_seq, tag)
        except sqlite3.Error as error:
            database.fail(error)
        if not self._manifest.holds(count, total):
            raise StoreError("vault.altered", part="rows", rows=count, expected=self._manifest.count)

    def _commit(self, before: Manifest) -> None:
        if self._half_done:
            raise RuntimeError("a refused row cannot be passed over")
        if self._manifest is not before:
            self._all("UPDATE vault SET v=? WHERE k='manifest'", (self._manifest.seal(self._keys),))
        self._all("COMMIT")

    def _replace(self, rid: bytes, row: dict[str, Any], data: bytes | None = None) -> int:
        if not self._writing:
            raise RuntimeError("rows change inside a transaction only")
        self._half_done = True
        manifest = self._without(rid, row)
        row_seq = manifest.row_seq + 1
        head = envelope.Head(manifest.key_epoch, row_seq, rid)
        plain = msgspec.json.encode(row)
        plain = plain if data is None else plain + _GAP + data
        env = envelope.seal(self._ciphers[manifest.key_epoch], self._keys.vault_id, head, plain)
        self._all("INSERT INTO rec(seq, rid, env) VALUES(?, ?, ?)", (row_seq, rid, env))
        self._manifest = manifest.with_row(term(self._sum_key, rid, row_seq, env[-TAG_SIZE:]), row_seq)
        self._half_done = False
        return row_seq

    def _without(self, rid: bytes, row: dict[str, Any]) -> Manifest:
        manifest = self._manifest
        for row_seq, _, env in self._all("SELECT seq, rid, env FROM rec WHERE rid=?", (rid,)):
            try:
                before = self._open(row_seq, rid, env)  # a damaged row goes to quarantine, it is never overwritten
            except StoreError:
                break
            if before["t"] == row["t"] == CHANGE and before.get("line") != row.get("line"):
                raise ValueError("a change's line never differs")
            manifest = self._removed(manifest, row_seq, rid, env)
        return manifest

    def _removed(self, manifest: Manifest, row_seq: int, rid: bytes, env: bytes) -> Manifest:
        self._all("DELETE FROM rec WHERE seq=?", (row_seq,))
        return manifest.without_row(term(self._sum_key, rid, row_seq, env[-TAG_SIZE:]))

    def _purge_ended(self) -> None:
        """Delete rows that have ended. The sum changes, so a number is used: one number never stands for two states."""
        manifest = self._manifest
        for rid in self._ended:
            for row_seq, _, env in self._all("SELECT seq, rid, env FROM rec WHERE rid=?", (rid,)):
                with suppress(StoreError):
                    if self._open(row_seq, rid, env)["t"] == GONE:
                        manifest = self._removed(manifest, row_seq, rid, env)
        if manifest is not self._manifest:
            self._manifest = replace(manifest, row_seq=manifest.row_seq + 1, purge_seq=self._manifest.row_seq)

    def _open(self, row_seq: int, rid: bytes, env: bytes) -> dict[str, Any]:
        try:
            return self._payload(row_seq, rid, env)
        except StoreError as error:
            self._set_aside(Damage(row_seq, rid, Why(error.details["why"])))
            raise

    def _payload(self, row_seq: int, rid: bytes, env: bytes) -> dict[str, Any]:
        if not isinstance(env, bytes):  # a planted row may hold any type
            raise envelope.damaged(row_seq, Why.HEADER)
        plain = envelope.unseal(self._ciphers, self._keys.vault_id, env, row_seq=row_seq, rid=rid)
        text, gap, data = plain.partition(_GAP)
        try:
            row = _decode(text)
        except msgspec.MsgspecError as error:
            raise envelope.damaged(row_seq, Why.CONTENT) from error
        if gap:
            row[DATA] = data
        return row

    def _set_aside(self, damage: Damage) -> None:
        if damage not in self._aside:
            self._aside.append(damage)
        if self._writing:
            self._move_aside(damage)
            return
        with suppress(StoreError):  # a full or write-protected disk: the row stays in place, and is named all the same
            self._all("BEGIN IMMEDIATE")
            try:
                self._move_aside(damage)
                self._all("COMMIT")
            except StoreError:
                self._undo()

    def _move_aside(self, damage: Damage) -> None:
        before, self._half_done = self._half_done, True
        sql = "INSERT INTO quarantine(seq, rid, env, why) SELECT seq, rid, env, ? FROM rec WHERE seq=?"
        self._all(sql, (int(damage.why), damage.row_seq))
        self._all("DELETE FROM rec WHERE seq=?", (damage.row_seq,))
        self._half_done = before

    def _undo(self) -> None:
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def _all(self, sql: str, parameters: tuple[object, ...] = ()) -> list[Any]:
        try:
            return self._db.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            database.fail(error)


_decode: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(dict[str, Any]).decode
