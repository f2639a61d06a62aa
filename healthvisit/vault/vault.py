"""The vault: one sealed file that holds everything a laptop knows. It knows bytes and row ids, no household.

Use it from one thread at a time: the vault lane opens it and stays its only user until it is closed there.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from healthvisit.domain.errors import StoreError
from healthvisit.vault import anchor, catalog, database, hardening, keys
from healthvisit.vault.anchor import AnchorState
from healthvisit.vault.keys import KdfCost, Keys, Secret, Slot
from healthvisit.vault.manifest import Manifest, open_manifest
from healthvisit.vault.rows import SealedRows

FILE = "vault.db"
CATALOG_FILE = "vault.cat"
ANCHOR_FILE = "vault.anchor"

_ANCHOR_EVERY_S = 1.0
_NO_CATALOG = bytes(16)


@dataclass(frozen=True, slots=True)
class SlotLabel:
    """What the unlock screen may show of a slot: a worker number, never a name."""

    sid: bytes
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class _Opened:
    connection: sqlite3.Connection
    keys: Keys
    manifest: Manifest
    slot: Slot
    secret: Secret


class Vault(SealedRows):
    """An open vault: its rows (see `SealedRows`), its people's slots, its anchor and its catalog.

    Attributes:
        id: 16 random bytes, the vault's own.
        sid: The slot it was opened with.
        worker_seed: Ed25519 seed of the worker who opened it, for signing in sync.
        rolled_back: The file is older than its anchor: it was put back from a copy. Begin a new incarnation.
        anchor_missing: There was no anchor for this vault, so whether it was put back is for the office to say.
    """

    def __init__(self, opened: _Opened, folder: Path, anchor_folder: Path, clock: Callable[[], float]) -> None:
        super().__init__(opened.connection, opened.keys, opened.manifest)
        self.id = opened.keys.vault_id
        self.sid = opened.slot.sid
        self.worker_seed = opened.secret.signing_seed
        self._db_open = True
        self._folder = folder
        self._anchor_path = anchor_folder / ANCHOR_FILE
        self._clock = clock
        found = anchor.read(self._anchor_path, self._keys.anchor, self.id)
        self.anchor_missing = found is None
        self.rolled_back = found is not None and _is_ahead(found, opened.manifest)
        self._anchor = found or AnchorState()
        self._anchor_waits: AnchorState | None = None  # given inside a transaction that may still fail
        self._anchor_due = clock()
        self._anchor_held = self.rolled_back  # until a new incarnation: else the proof would be overwritten
        with suppress(OSError):
            anchor_folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def create(
        cls,
        folder: Path,
        anchor_folder: Path,
        *,
        passphrase: str,
        label: str,
        cost: KdfCost,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Make a new vault with one slot, and open it.

        Raises:
            StoreError: `vault.exists`, `vault.cloud_folder`, `vault.network_folder`, and what the disk refuses.
        """
        hardening.refuse_shared_folder(folder)
        path = folder / FILE
        if path.exists() or path.with_name(f"{FILE}-wal").exists():
            raise StoreError("vault.exists")
        vault_id, master = os.urandom(16), os.urandom(32)
        slot, secret = keys.new_slot(vault_id, master, passphrase=passphrase, label=label, cost=cost)
        ring = keys.new_keyring(vault_id, master)
        opened_keys = keys.open_keyring(vault_id, master, ring)
        manifest = Manifest(key_epoch=max(opened_keys.epochs), keys_hash=keys.keys_hash([slot], ring))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            hardening.make_private(folder, mode=0o700)
            (folder / CATALOG_FILE).unlink(missing_ok=True)
            database.create(path, [("id", vault_id), ("manifest", manifest.seal(opened_keys))], _columns(slot), ring)
        except sqlite3.Error as error:
            database.fail(error)
        except OSError as error:
            raise database.refused(error) from error
        connection = database.connect(path)
        return cls._from(_Opened(connection, opened_keys, manifest, slot, secret), folder, anchor_folder, clock)

    @classmethod
    def open(
        cls,
        folder: Path,
        anchor_folder: Path,
        *,
        passphrase: str,
        sid: bytes | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Open the vault with one person's passphrase; with `sid`, only that person's slot is tried.

        Raises:
            StoreError: `vault.wrong_passphrase`, `vault.slot_limits`, `vault.no_memory`, `vault.keys_exchanged`,
                `vault.damaged`, `vault.altered`, and what `database.connect` and `hardening` refuse.
        """
        hardening.refuse_shared_folder(folder)
        connection = database.connect(folder / FILE)
        try:
            opened = _unlock(connection, passphrase, sid)
        except sqlite3.Error as error:
            connection.close()
            database.fail(error)
        except BaseException:
            connection.close()
            raise
        return cls._from(opened, folder, anchor_folder, clock)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether there is a vault in `folder`; it may still be damaged."""
        return (folder / FILE).is_file()

    @staticmethod
    def labels(folder: Path) -> list[SlotLabel]:
        """The slots that may be unlocked, in order of their label; works while the vault is locked.

        Raises:
            StoreError: What `database.connect` refuses; `vault.in_use` while it is open.
        """
        connection = database.connect(folder / FILE)
        try:
            slots = _slots(connection)
        except sqlite3.Error as error:
            database.fail(error)
        finally:
            connection.close()
        people = [SlotLabel(slot.sid, slot.label) for slot in slots if slot.kind == keys.PERSON]
        return sorted(people, key=lambda slot: (slot.label, slot.sid))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """As `SealedRows.transaction`; the anchor follows after the commit, at most once a second."""
        try:
            with super().transaction():
                yield
        except BaseException:
            self._anchor_waits = None
            raise
        self._move_anchor(self._anchor_waits or self._anchor)
        self._anchor_waits = None

    def note(self, *, hlc: str | None = None, device: str | None = None) -> None:
        """Keep the newest clock stamp (16 hex digits) or the device id (32) in the manifest, within a transaction."""
        if not self._writing:
            raise RuntimeError("the manifest changes inside a transaction only")
        if hlc is not None:
            self._manifest = replace(self._manifest, hlc=bytes.fromhex(hlc))
        if device is not None:
            self._manifest = replace(self._manifest, device=bytes.fromhex(device))

    @property
    def last_hlc(self) -> str:
        """The clock stamp last noted: says from which day a vault is that was put back. Zeros when there is none."""
        return self._manifest.hlc.hex()

    def verify(self) -> None:
        super().verify()
        self._require_own_slots()

    def write_anchor(self, state: AnchorState) -> None:
        """Remember sync's marker. Given inside a transaction, it counts once that has committed.

        The file follows at most once a second, and on closing. In a vault that was put back the old note stays until
        a state with another `inc` is given. `row_seq` and `sum_hash` are filled in here.
        """
        if self._writing:
            self._anchor_waits = state
        else:
            self._move_anchor(state)

    def read_anchor(self) -> AnchorState | None:
        """The note as it is on disk."""
        return anchor.read(self._anchor_path, self._keys.anchor, self.id)

    def add_slot(self, *, passphrase: str, label: str, cost: KdfCost) -> bytes:
        """Let one more person open this vault. Returns the slot's sid.

        Raises:
            StoreError: `vault.altered`, part keys: somebody planted a slot, so no key is given out.
        """
        slot, _ = keys.new_slot(self.id, self._keys.master, passphrase=passphrase, label=label, cost=cost)
        self._write_slot(slot)
        return slot.sid

    def change_passphrase(self, *, sid: bytes, old: str, new: str, cost: KdfCost) -> None:
        """Seal a slot's private key under another passphrase; nothing else is sealed again.

        Raises:
            StoreError: `vault.wrong_passphrase` for `old`; `vault.altered`, part keys.
        """
        slot = self._slot(sid)
        secret = keys.open_secret(slot, self.id, old)
        self._write_slot(keys.with_passphrase(slot, self.id, secret, passphrase=new, cost=cost))

    def check_passphrase(self, passphrase: str) -> bool:
        """Whether this is the passphrase of the person who opened the vault."""
        try:
            keys.open_secret(self._slot(self.sid), self.id, passphrase)
        except StoreError as error:
            if error.code == "vault.wrong_passphrase":
                return False
            raise
        return True

    def seal_catalog(self, data: bytes, *, schema_hash: bytes) -> None:
        """Seal the read model as it is after the last row, and delete the rows that have ended.

        Raises:
            StoreError: `vault.disk_full`, `vault.read_only`, `vault.disk_error`: the catalog before, or none, stays.
        """
        stamp = catalog.Stamp(os.urandom(16), self._manifest.row_seq, schema_hash)
        cipher = self._keys.epochs[self._manifest.key_epoch].catalog
        try:
            catalog.write(self._folder / CATALOG_FILE, cipher, self.id, stamp, data)
        except OSError as error:
            raise database.refused(error) from error
        with self.transaction():
            self._purge_ended()
            self._manifest = replace(self._manifest, generation=stamp.generation)
        self._ended.clear()

    def open_catalog(self, *, schema_hash: bytes) -> tuple[bytearray, int] | None:
        """The read model's snapshot and the row seq it goes up to; replay `rows(after=…)` on top.

        `None` when it is absent, garbled, of other tables, or not the one this vault wrote last: rebuild from all rows.
        """
        manifest = self._manifest
        if manifest.generation == _NO_CATALOG:
            return None
        found = catalog.load(
            self._folder / CATALOG_FILE,
            self._keys.epochs[manifest.key_epoch].catalog,
            self.id,
            generation=manifest.generation,
            schema_hash=schema_hash,
        )
        if found is None or not manifest.purge_seq <= found[1] <= manifest.row_seq:
            return None
        ((held,),) = self._all("SELECT (SELECT count(*) FROM rec) + (SELECT count(*) FROM quarantine)")
        return found if held == manifest.count else None

    def close(self) -> None:
        """Write the anchor and let go of the file. Closing twice does nothing."""
        if self._db_open:
            self._db_open = False
            self._anchor_due = self._clock()
            self._move_anchor(self._anchor)
            self._db.close()

    @classmethod
    def _from(cls, opened: _Opened, folder: Path, anchor_folder: Path, clock: Callable[[], float]) -> Self:
        try:
            return cls(opened, folder, anchor_folder, clock)
        except BaseException:
            opened.connection.close()
            raise

    def _move_anchor(self, state: AnchorState) -> None:
        if self._anchor_held and state.inc == self._anchor.inc:
            return
        self._anchor_held = False
        self._anchor = replace(state, row_seq=self._manifest.row_seq, sum_hash=self._manifest.sum_hash())
        if self._clock() >= self._anchor_due:
            anchor.write(self._anchor_path, self._keys.anchor, self.id, self._anchor)
            self._anchor_due = self._clock() + _ANCHOR_EVERY_S

    def _require_own_slots(self) -> None:
        # a slot written by somebody else must never be blessed with a new hash, nor receive a key
        if _keys_hash(self._db) != self._manifest.keys_hash:
            raise StoreError("vault.altered", part="keys")

    def _slot(self, sid: bytes) -> Slot:
        for slot in _slots(self._db):
            if slot.sid == sid:
                return slot
        raise LookupError(sid)

    def _write_slot(self, slot: Slot) -> None:
        self._require_own_slots()
        with self.transaction():
            self._all(
                "INSERT OR REPLACE INTO keyslot(sid, kind, label, pub, priv, mk) VALUES(?,?,?,?,?,?)", _columns(slot)
            )
            self._manifest = replace(self._manifest, keys_hash=_keys_hash(self._db))
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")  # what the old passphrase opened is not left in the log


def _is_ahead(found: AnchorState, manifest: Manifest) -> bool:
    if found.row_seq == manifest.row_seq:
        return found.sum_hash != manifest.sum_hash()
    return found.row_seq > manifest.row_seq


def _unlock(connection: sqlite3.Connection, passphrase: str, sid: bytes | None) -> _Opened:
    stored = dict(connection.execute("SELECT k, CAST(v AS BLOB) FROM vault"))
    vault_id = stored.get("id", b"")
    refusal = StoreError("vault.wrong_passphrase")
    for slot in _slots(connection):
        if slot.kind != keys.PERSON or sid not in {None, slot.sid}:
            continue
        try:
            secret = keys.open_secret(slot, vault_id, passphrase)
        except StoreError as error:
            if error.code != refusal.code:
                refusal = error  # one slot out of bounds does not shut out the others
            continue
        master = keys.open_master(slot, vault_id, secret)
        opened_keys = keys.open_keyring(vault_id, master, _keyring(connection))
        return _Opened(connection, opened_keys, open_manifest(opened_keys, stored.get("manifest")), slot, secret)
    raise refusal


def _slots(connection: sqlite3.Connection) -> list[Slot]:
    sql = (
        "SELECT CAST(sid AS BLOB), CAST(kind AS INTEGER), CAST(label AS TEXT), "
        "CAST(pub AS BLOB), CAST(priv AS BLOB), CAST(mk AS BLOB) FROM keyslot"
    )
    return [Slot(*columns) for columns in connection.execute(sql)]


def _keyring(connection: sqlite3.Connection) -> list[tuple[int, bytes]]:
    return connection.execute("SELECT epoch, CAST(dek AS BLOB) FROM keyring").fetchall()


def _keys_hash(connection: sqlite3.Connection) -> bytes:
    return keys.keys_hash(_slots(connection), _keyring(connection))


def _columns(slot: Slot) -> tuple[object, ...]:
    return (slot.sid, slot.kind, slot.label, slot.pub, slot.priv, slot.mk)
