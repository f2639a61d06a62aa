"""One transaction over the vault and the read model: records are put, and putting one writes its change."""

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, func, select

from healthvisit.domain.errors import HealthvisitError, StoreError
from healthvisit.domain.record import Kind, Record, body_of, decode
from healthvisit.store import journal, projection
from healthvisit.store.journal import Author, Chain, Edit
from healthvisit.store.readmodel import TABLES, open_readmodel, schema_hash
from healthvisit.vault.anchor import AnchorState
from healthvisit.vault.vault import Vault

_T = TypeVar("_T")
_OWN = TABLES["own_change"]
CATALOG_EVERY_SAVES = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnitOfWork:
    """What a service works with: put and find records, read rows, keep drafts. Lives for one transaction."""

    def __init__(self, store: "Store", connection: Connection, author: Author, *, reads_only: bool = False) -> None:
        self._store = store
        self._reads_only = reads_only
        self.db = connection
        self.author = author
        self.changed: set[str] = set()
        self._edits: list[Edit] = []

    @property
    def vault(self) -> Vault:
        """The sealed rows beneath."""
        return self._store.vault

    @property
    def chain(self) -> Chain:
        """Where this device's numbering stands."""
        return self._store.chain

    def record(self, record_id: str) -> Record | None:
        """A record as shown, from its sealed rows."""
        return projection.shown(self.db, self._store.vault.read, record_id)

    def find(self, cls: type[_T], record_id: str) -> _T | None:
        """A record as a domain value; None when absent or void."""
        record = self.record(record_id)
        return None if record is None or record.void else decode(cls, {**record.body, "id": record_id})

    def get(self, cls: type[_T], record_id: str) -> _T:
        """As `find`.

        Raises:
            HealthvisitError: ``record.absent``.
        """
        found = self.find(cls, record_id)
        if found is None:
            raise HealthvisitError("record.absent", record=record_id)
        return found

    def put(self, kind: Kind, record_id: str, value: Any, *, subject: str | None, form: str | None = None) -> None:
        """Write what is new in `value` as one change, in this transaction."""
        known = {member.name for member in fields(value)}
        edit = journal.difference(
            kind, record_id, self.record(record_id), body_of(value), subject=subject, form=form, known=known
        )
        if edit is not None:
            self._write([edit])

    def void(self, record_id: str, *, replaced_by: str | None = None) -> None:
        """Void a record as it is shown; it stays, and says what stands in its place."""
        record = self.record(record_id)
        if record is None:
            raise HealthvisitError("record.absent", record=record_id)
        self._write([journal.voiding(record, replaced_by=replaced_by)])

    def _write(self, edits: list[Edit]) -> None:
        rows, chain = journal.number_edits(self._store.chain, edits, self.author)
        unit = self._store.unit_start or rows[0][1]["d"]
        self._store.unit_start = unit
        for chg, row in rows:
            self.put_row("change", chg, row | {"unit": unit})
        self._store.chain = chain

    def put_row(self, t: str, row_id: str, payload: Mapping[str, Any]) -> None:
        """Seal one row and project it at once."""
        seq = self._store.vault.put(t, row_id, dict(payload))
        kind = projection.project(self.db, self._store.vault.read, seq, {**payload, "t": t, "id": row_id})
        if kind is not None:
            self.changed.add(kind)

    def end_row(self, t: str, row_id: str) -> None:
        """End a row: it becomes `gone` in the vault and leaves the read model."""
        self._store.vault.end(t, row_id)
        kind = projection.project(self.db, self._store.vault.read, 0, {"t": "gone", "was": t, "id": row_id})
        if kind is not None:
            self.changed.add(kind)

    def keep_derived(self) -> None:
        """Keep what a reading wrote into the read model: facts derived from others. In a unit that writes they wait."""
        if self._reads_only:
            self.db.commit()

    def state(self, name: str) -> dict[str, Any]:
        """A device fact: ``device``, ``office``, ``clock``; empty when never written."""
        return self._store.vault.get("state", name) or {}

    def put_state(self, name: str, value: Mapping[str, Any]) -> None:
        """Replace a device fact."""
        self._store.vault.put("state", name, dict(value))

    def renumber(self, inc: str, *, keep: int) -> None:
        """Give own lines of an incarnation above `keep` new numbers; lines and change ids stay, so nothing doubles.

        The current incarnation is left for a fresh one; lines of an older one go to the end of the current chain.
        """
        chain = self._store.chain
        if inc == chain.inc:
            chain = Chain(device=chain.device, inc=secrets.token_hex(8), hlc=chain.hlc)
            self.put_state("device", {**self.state("device"), "inc": chain.inc})
        query = select(_OWN.c.row_seq).where(_OWN.c.inc == inc, _OWN.c.number > keep).order_by(_OWN.c.number)
        units: dict[int, int] = {}
        for row_seq in list(self.db.execute(query).scalars()):
            held = self.vault.read(row_seq)
            unit = units.setdefault(held["unit"], chain.number + 1)
            row, chain = journal.link(chain, held["line"].encode(), unit=unit, stamp=chain.hlc)
            self.put_row("change", held["id"], row)
        self._store.chain = chain

    def skip_serials(self, lines: int) -> None:
        """Pass over the household numbers that another life of this vault may have given in so many lines.

        Every household took at least one line: none of their numbers is given again.
        """
        device = self.state("device")
        self.put_state("device", device | {"serial": int(device.get("serial", 0)) + lines})

    def next_serial(self) -> int:
        """The next household number of this device; never used again."""
        device = self.state("device")
        serial = int(device.get("serial", 0)) + 1
        self.put_state("device", device | {"serial": serial})
        return serial


class Store:
    """An open vault with its read model. Created and used on the vault lane only."""

    def __init__(self, vault: Vault, engine: Engine, raw: sqlite3.Connection, chain: Chain) -> None:
        self.vault = vault
        self.chain = chain
        self.unit_start = 0
        self.rolled_back = False
        self._engine = engine
        self._raw = raw
        self._saves = 0

    @classmethod
    def open(cls, vault: Vault) -> "Store":
        """Open the read model from the sealed catalog and the rows since, or rebuild it from all rows."""
        catalog = vault.open_catalog(schema_hash=schema_hash())
        engine, raw, after = _from_catalog(catalog)
        device = vault.get("state", "device")
        if device is None:
            raise StoreError("vault.no_device")
        try:
            _replay(engine, vault, after)
        except (LookupError, HealthvisitError, ValueError):
            if after == 0:
                raise
            engine, raw = open_readmodel()
            _replay(engine, vault, 0)
        store = cls(vault, engine, raw, Chain(device=device["device"], inc=device["inc"]))
        store._find_chain()
        store._heed_anchor()
        return store

    @contextmanager
    def unit(self, *, worker: str, now: datetime, pack: str | None = None) -> Iterator[UnitOfWork]:
        """A transaction in vault and read model: the vault commits first; an exception rolls both back."""
        chain, self.unit_start = self.chain, 0
        with self._engine.connect() as connection, connection.begin() as read_model:
            work = UnitOfWork(self, connection, Author(worker=worker, now=now, pack=pack))
            try:
                with self.vault.transaction():
                    yield work
            except BaseException:
                read_model.rollback()
                self.chain = chain
                raise
        if self.chain is not chain:
            self._mark()
            self._saves += 1
            if self._saves % CATALOG_EVERY_SAVES == 0:
                with suppress(StoreError):  # the save is done; without its cache the next start is slower, nothing else
                    self.seal_catalog()

    @contextmanager
    def reading(self, *, worker: str, now: datetime) -> Iterator[UnitOfWork]:
        """A unit that only reads: no transaction in the vault."""
        with self._engine.connect() as connection:
            yield UnitOfWork(self, connection, Author(worker=worker, now=now), reads_only=True)

    def seal_catalog(self) -> None:
        """Write the read model sealed beside the vault, so that the next start is fast."""
        self.vault.seal_catalog(self._raw.serialize(), schema_hash=schema_hash())

    def close(self) -> None:
        """Seal the catalog, mark the anchor, close both."""
        try:
            self.seal_catalog()
            self._mark()
        finally:
            self._engine.dispose()
            self._raw.close()
            self.vault.close()

    def _mark(self) -> None:
        chain = self.chain
        self.vault.write_anchor(AnchorState(inc=chain.inc, top_dseq=chain.number, chain=bytes.fromhex(chain.last)))

    def _find_chain(self) -> None:
        with self._engine.connect() as connection:
            top = connection.execute(
                select(_OWN.c.number, _OWN.c.chain)
                .where(_OWN.c.inc == self.chain.inc)
                .order_by(_OWN.c.number.desc())
                .limit(1)
            ).one_or_none()
            meta = TABLES["meta"]
            stamp = connection.execute(select(meta.c.value).where(meta.c.name == "hlc")).scalar_one_or_none() or ""
        if top is not None:
            self.chain = Chain(
                device=self.chain.device, inc=self.chain.inc, number=top.number, last=top.chain, hlc=stamp
            )
        else:
            self.chain = replace(self.chain, hlc=stamp)

    def _heed_anchor(self) -> None:
        """A vault older than its anchor was put back: number again what the office may not have, under a new name."""
        if self.vault.rolled_back:
            self.rolled_back = True
            keep = self._done_through()
            note = self.vault.read_anchor()
            lost = max(0, note.top_dseq - self.chain.number) if note is not None else 0
            with self._engine.connect() as connection, connection.begin(), self.vault.transaction():
                work = UnitOfWork(self, connection, Author(worker="", now=EPOCH))
                work.skip_serials(lost)
                work.renumber(self.chain.inc, keep=keep)
            self._mark()

    def _done_through(self) -> int:
        with self._engine.connect() as connection:
            waiting = connection.execute(
                select(func.min(_OWN.c.number)).where(_OWN.c.inc == self.chain.inc, _OWN.c.outcome.is_(None))
            ).scalar_one_or_none()
        return self.chain.number if waiting is None else waiting - 1


def _from_catalog(catalog: tuple[bytes | bytearray, int] | None) -> tuple[Engine, sqlite3.Connection, int]:
    if catalog is not None:
        try:
            return *open_readmodel(catalog[0]), catalog[1]
        except (sqlite3.Error, OverflowError):
            pass  # the catalog is a cache: without it the start is slower, nothing else
    return *open_readmodel(), 0


def _replay(engine: Engine, vault: Vault, after: int) -> None:
    later: set[str] | None = set() if after else None
    with engine.connect() as connection, connection.begin():
        for seq, row in vault.rows(after=after):
            # a row that needs a damaged one is left out: the vault names the damage, and the rest works
            with suppress(StoreError), connection.begin_nested():
                projection.project(connection, vault.read, seq, row, later)
        for record in later or ():
            with suppress(StoreError), connection.begin_nested():
                projection.refresh(connection, vault.read, record)
