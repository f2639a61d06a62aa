"""The manifest: what all rows together must be, sealed in the transaction that changes them.

A keyed multiset hash grows and shrinks with each row, so that a deleted, planted, doubled or put-back row is noticed
without reading the others. It is itself an envelope, with row id zero, under a key of its own.
"""

import struct
from dataclasses import dataclass, replace
from hashlib import blake2b

from healthvisit.domain.errors import StoreError
from healthvisit.vault import envelope
from healthvisit.vault.keys import Keys

NO_ROW = bytes(16)

_FORMAT = 1
_LAYOUT = struct.Struct(">BQQ32sQI32s16s8s16s")
_MODULUS = 1 << 256
_TERM = struct.Struct(">16sQ16s")


def term(sum_key: bytes, rid: bytes, row_seq: int, tag: bytes) -> int:
    """One row's part of the sum. It never leaves the sealed manifest: known terms would let rows be exchanged."""
    return int.from_bytes(blake2b(_TERM.pack(rid, row_seq, tag), digest_size=32, key=sum_key).digest())


@dataclass(frozen=True, slots=True, repr=False)
class Manifest:
    """The state of all rows at one commit.

    Attributes:
        row_seq: The highest number ever given; none is given twice.
        count: Rows held, those in quarantine included.
        msum: Sum modulo 2^256 of every row's `term`.
        purge_seq: Ended rows up to here were deleted: a catalog older than this would show them again.
        key_epoch: The key epoch new rows are sealed under.
        keys_hash: BLAKE2b-256 of the key rows.
        generation: Names the one catalog file that counts; zeros for none.
        hlc: The newest clock stamp among the rows, 8 bytes; says how old a vault is that was put back.
        device: The device this vault is to the office; zeros before there is one.
    """

    key_epoch: int
    keys_hash: bytes
    row_seq: int = 0
    count: int = 0
    msum: int = 0
    purge_seq: int = 0
    generation: bytes = bytes(16)
    hlc: bytes = bytes(8)
    device: bytes = bytes(16)

    def with_row(self, added: int, row_seq: int) -> "Manifest":
        return replace(self, row_seq=row_seq, count=self.count + 1, msum=(self.msum + added) % _MODULUS)

    def without_row(self, removed: int) -> "Manifest":
        return replace(self, count=self.count - 1, msum=(self.msum - removed) % _MODULUS)

    def holds(self, count: int, total: int) -> bool:
        """Whether this is the manifest of `count` rows whose terms add up to `total`."""
        return (count, total % _MODULUS) == (self.count, self.msum)

    def sum_hash(self) -> bytes:
        """BLAKE2b-256 of the sum: fit to leave the vault, in the anchor."""
        return blake2b(self.msum.to_bytes(32), digest_size=32).digest()

    def seal(self, keys: Keys) -> bytes:
        plain = _LAYOUT.pack(
            _FORMAT,
            self.row_seq,
            self.count,
            self.msum.to_bytes(32),
            self.purge_seq,
            self.key_epoch,
            self.keys_hash,
            self.generation,
            self.hlc,
            self.device,
        )
        head = envelope.Head(self.key_epoch, self.row_seq, NO_ROW)
        return envelope.seal(keys.epochs[self.key_epoch].manifest, keys.vault_id, head, plain)


def open_manifest(keys: Keys, sealed: bytes | None) -> Manifest:
    """The manifest of an open vault.

    Raises:
        StoreError: `vault.damaged`, part manifest. It is never made anew from rows: that would hide a loss.
    """
    head = envelope.read_head(sealed or b"")
    if sealed is None or head is None:
        raise StoreError("vault.damaged", part="manifest")
    ciphers = {epoch: epoch_keys.manifest for epoch, epoch_keys in keys.epochs.items()}
    try:
        plain = envelope.unseal(ciphers, keys.vault_id, sealed, row_seq=head.row_seq, rid=NO_ROW)
        form, row_seq, count, msum, purge_seq, key_epoch, keys_hash, generation, hlc, device = _LAYOUT.unpack(plain)
    except (StoreError, struct.error) as error:
        raise StoreError("vault.damaged", part="manifest") from error
    if form != _FORMAT or (key_epoch, row_seq) != (head.key_epoch, head.row_seq):
        raise StoreError("vault.damaged", part="manifest")
    return Manifest(key_epoch, keys_hash, row_seq, count, int.from_bytes(msum), purge_seq, generation, hlc, device)
