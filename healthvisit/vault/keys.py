"""From a passphrase to the keys of a vault.

passphrase → Argon2id → the slot's private key → HPKE → master key → data key of each epoch → HKDF, one key a purpose.

Each person has a slot, which is a key pair: the master key is sealed to its public half, so that one person's new
passphrase, or a new master key after a colleague has left, needs nobody else's passphrase. What is read from disk is
bounded before use.
"""

import os
import struct
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from hmac import compare_digest

import cryptography.hazmat.backends.openssl.backend  # noqa: F401 -- else loaded in the middle of an unlock
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from healthvisit.domain.errors import StoreError

PERSON = 1  # keyslot.kind; 2 is a pair of recovery officers
FILE_PART = "blob"  # the kind of row that holds a part of a file

_KEY = 32
_SALT = 16
_NONCE = 12
_SUITE = b"\x01"  # ML-KEM-768 + X25519, HKDF-SHA256, AES-256-GCM; first byte of `pub` and `mk`
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184
_PRIV_HEAD = struct.Struct(">2sBBIIB16s")  # "HK", format, kdf, memory KiB, passes, lanes, salt
_PRIV_MAGIC = (b"HK", 1, 1)
_EPOCH = struct.Struct(">I")
_PART, _MARK = b"hv1 part", b"hv1 part mark"


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess at a passphrase costs (Argon2id). A slot out of bounds is refused: it could be a memory bomb."""

    memory_kib: int
    passes: int
    lanes: int

    def is_sane(self) -> bool:
        """Whether this laptop may be asked to spend it: 19 MiB to 1 GiB, 1 to 10 passes, 1 to 8 lanes."""
        return 19 * 1024 <= self.memory_kib <= 1024 * 1024 and 1 <= self.passes <= 10 and 1 <= self.lanes <= 8  # noqa: PLR2004


STANDARD = KdfCost(64 * 1024, 3, 4)  # RFC 9106, second recommended choice: never less for a real vault
LOWEST = KdfCost(19 * 1024, 1, 1)  # the least the format allows: tests only

_TURKMEN = str.maketrans("äçňöşüýž", "acnosuyz")
_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS + '~{}:"<>', _RUSSIAN_KEYS + "ёхъжэбю")
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)


def fold_passphrase(text: str) -> bytes:
    """The bytes a passphrase stands for: case, spacing, Turkmen letters do not matter. Frozen: slots depend on it."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split()).translate(_TURKMEN).encode("utf-8", "surrogatepass")


def keyboard_twin(text: str) -> str | None:
    """What the same keys give in the other layout, Latin or Russian; `None` for a phrase of both scripts or neither."""
    lower = text.lower()
    russian = any(letter in _RUSSIAN_KEYS for letter in lower)
    latin = any("a" <= letter <= "z" for letter in lower)
    if russian == latin:
        return None
    return lower.translate(_TO_LATIN if russian else _TO_RUSSIAN)


def choose_cost(
    clock: Callable[[], float] = time.perf_counter, *, limit_s: float = 0.8, steps_mib: Iterable[int] = (128, 256)
) -> KdfCost:
    """The cost for a new slot: 64 MiB, raised step by step while one derivation stays below `limit_s` here."""
    chosen = STANDARD
    for memory_mib in steps_mib:
        dearer = KdfCost(memory_mib * 1024, STANDARD.passes, STANDARD.lanes)
        begun = clock()
        try:
            _derive(b"", bytes(_SALT), dearer)
        except StoreError:
            break
        if clock() - begun >= limit_s:
            break
        chosen = dearer
    return chosen


@dataclass(frozen=True, slots=True)
class Slot:
    """One row of `keyslot`. The label is readable on disk: a worker number such as W-07, never a name."""

    sid: bytes
    kind: int
    label: str
    pub: bytes = field(repr=False)
    priv: bytes | None = field(repr=False)
    mk: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """The sealed half of a person's slot: seeds of the key pair, of the signing key, and a pin of the master key."""

    seeds: bytes
    signing_seed: bytes
    pin: bytes


@dataclass(frozen=True, slots=True, repr=False)
class EpochKeys:
    """The keys of one key epoch, one a purpose."""

    records: AESGCM
    manifest: AESGCM
    catalog: AESGCM
    sum: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """All keys of an open vault."""

    vault_id: bytes
    master: bytes
    epochs: Mapping[int, EpochKeys]
    rid: bytes
    anchor: AESGCM

    def row_id(self, t: str, id: str) -> bytes:
        """The 16 bytes a record goes by on disk: the same each time here, unlinkable to its id elsewhere.

        A part of a file has a mark in its second half, so that a replay can pass over it: see `is_file_part`.
        """
        name = f"{t}\0{id}".encode()
        if t != FILE_PART:
            return blake2b(name, digest_size=16, key=self.rid).digest()
        half = blake2b(name, digest_size=8, key=self.rid, person=_PART).digest()
        return half + self._part_mark(half)

    def is_file_part(self, rid: bytes) -> bool:
        """Whether a row goes by the id of a file's part: known without opening it, and to nobody without the key."""
        return isinstance(rid, bytes) and compare_digest(self._part_mark(rid[:8]), rid[8:])

    def _part_mark(self, half: bytes) -> bytes:
        return blake2b(half, digest_size=8, key=self.rid, person=_MARK).digest()


def new_slot(vault_id: bytes, master: bytes, *, passphrase: str, label: str, cost: KdfCost) -> tuple[Slot, Secret]:
    """A slot for one more person, who may open the vault with `passphrase`; and its open half."""
    kem, curve = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    sid = os.urandom(16)
    pub = _SUITE + kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    secret = Secret(kem.private_bytes_raw() + curve.private_bytes_raw(), os.urandom(_KEY), _pin(master, vault_id))
    mk = _SUITE + _hpke().encrypt(master, _public_key(pub), _mk_info(vault_id, sid))
    return Slot(sid, PERSON, label, pub, _seal_secret(vault_id, sid, pub, secret, passphrase, cost), mk), secret


def with_passphrase(slot: Slot, vault_id: bytes, secret: Secret, *, passphrase: str, cost: KdfCost) -> Slot:
    """The same slot under another passphrase: the key pair stays, nothing else is sealed again."""
    priv = _seal_secret(vault_id, slot.sid, slot.pub, secret, passphrase, cost)
    return Slot(slot.sid, slot.kind, slot.label, slot.pub, priv, slot.mk)


def open_secret(slot: Slot, vault_id: bytes, passphrase: str) -> Secret:
    """Open the sealed half of a slot; a phrase typed in the wrong layout is tried once more as its twin.

    Raises:
        StoreError: `vault.wrong_passphrase`, also for a damaged slot; `vault.slot_limits`; `vault.no_memory`.
    """
    twin = keyboard_twin(passphrase)
    for text in [passphrase] if twin is None else [passphrase, twin]:
        secret = _try_secret(slot, vault_id, fold_passphrase(text))
        if secret is not None:
            return secret
    raise StoreError("vault.wrong_passphrase")


def open_master(slot: Slot, vault_id: bytes, secret: Secret) -> bytes:
    """The master key out of a slot whose private key is open.

    Raises:
        StoreError: `vault.wrong_passphrase` for a damaged slot, or one copied from another vault;
            `vault.keys_exchanged` when the master key is not the one this person has used before.
    """
    private = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(secret.seeds[:_MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(secret.seeds[_MLKEM_SEED:]),
    )
    if slot.mk[:1] != _SUITE:
        raise StoreError("vault.wrong_passphrase")
    try:
        master = _hpke().decrypt(slot.mk[1:], private, _mk_info(vault_id, slot.sid))
    except (InvalidTag, ValueError) as error:
        raise StoreError("vault.wrong_passphrase") from error
    if not compare_digest(_pin(master, vault_id), secret.pin):
        # HPKE does not say who sealed: anybody who can write the file could plant a master key of his own
        raise StoreError("vault.keys_exchanged")
    return master


def new_keyring(vault_id: bytes, master: bytes) -> list[tuple[int, bytes]]:
    """Rows of `keyring` for a new vault: the key that never changes (0) and the first data key (1), wrapped."""
    wrap = AESGCM(derived(master, vault_id, b"hv1/wrap"))
    rows = []
    for epoch in (0, 1):
        nonce = os.urandom(_NONCE)
        rows.append((epoch, nonce + wrap.encrypt(nonce, os.urandom(_KEY), vault_id + _EPOCH.pack(epoch))))
    return rows


def open_keyring(vault_id: bytes, master: bytes, rows: Iterable[tuple[int, bytes]]) -> Keys:
    """Unwrap every key of the ring and derive one key a purpose.

    Raises:
        StoreError: `vault.damaged`, part keyring.
    """
    wrap = AESGCM(derived(master, vault_id, b"hv1/wrap"))
    try:
        ring = {epoch: wrap.decrypt(dek[:_NONCE], dek[_NONCE:], vault_id + _EPOCH.pack(epoch)) for epoch, dek in rows}
        root = ring.pop(0)
    except (InvalidTag, ValueError, KeyError, struct.error) as error:
        raise StoreError("vault.damaged", part="keyring") from error
    return Keys(
        vault_id=vault_id,
        master=master,
        epochs={epoch: _epoch_keys(dek, vault_id) for epoch, dek in ring.items()},
        rid=derived(root, vault_id, b"hv1/rid"),
        anchor=AESGCM(derived(root, vault_id, b"hv1/anchor")),
    )


def keys_hash(slots: Iterable[Slot], keyring: Iterable[tuple[int, bytes]]) -> bytes:
    """BLAKE2b-256 of all key rows in canonical order; the manifest holds it, so a planted slot is noticed."""
    digest = blake2b(digest_size=_KEY)
    for slot in sorted(slots, key=lambda slot: slot.sid):
        for part in (slot.sid, str(slot.kind).encode(), slot.label.encode(), slot.pub, slot.priv or b"", slot.mk):
            digest.update(_EPOCH.pack(len(part)) + part)
    for epoch, dek in sorted(keyring):
        for part in (str(epoch).encode(), dek):
            digest.update(_EPOCH.pack(len(part)) + part)
    return digest.digest()


def derived(key: bytes, vault_id: bytes, label: bytes) -> bytes:
    """HKDF-SHA256 with the vault's id as salt: one 32-byte key for one purpose."""
    return HKDF(SHA256(), _KEY, salt=vault_id, info=label).derive(key)


def _epoch_keys(dek: bytes, vault_id: bytes) -> EpochKeys:
    return EpochKeys(
        records=AESGCM(derived(dek, vault_id, b"hv1/rec")),
        manifest=AESGCM(derived(dek, vault_id, b"hv1/man")),
        catalog=AESGCM(derived(dek, vault_id, b"hv1/cat")),
        sum=derived(dek, vault_id, b"hv1/sum"),
    )


def _seal_secret(vault_id: bytes, sid: bytes, pub: bytes, secret: Secret, passphrase: str, cost: KdfCost) -> bytes:
    if not cost.is_sane():
        raise ValueError("a slot of this cost could not be opened again")
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    head = _PRIV_HEAD.pack(*_PRIV_MAGIC, cost.memory_kib, cost.passes, cost.lanes, salt)
    kek = AESGCM(_derive(fold_passphrase(passphrase), salt, cost))
    return (
        head + nonce + kek.encrypt(nonce, secret.seeds + secret.signing_seed + secret.pin, head + vault_id + sid + pub)
    )


def _try_secret(slot: Slot, vault_id: bytes, folded: bytes) -> Secret | None:
    priv = slot.priv or b""
    size = _PRIV_HEAD.size
    if len(priv) != size + _NONCE + 5 * _KEY + 16:
        return None
    *magic, memory_kib, passes, lanes, salt = _PRIV_HEAD.unpack_from(priv)
    cost = KdfCost(memory_kib, passes, lanes)
    if tuple(magic) != _PRIV_MAGIC:
        return None
    if not cost.is_sane():
        raise StoreError("vault.slot_limits", memory_kib=memory_kib, passes=passes, lanes=lanes)
    kek = AESGCM(_derive(folded, salt, cost))
    try:
        plain = kek.decrypt(
            priv[size : size + _NONCE], priv[size + _NONCE :], priv[:size] + vault_id + slot.sid + slot.pub
        )
    except InvalidTag:
        return None
    return Secret(plain[: 3 * _KEY], plain[3 * _KEY : 4 * _KEY], plain[4 * _KEY :])


def _derive(folded: bytes, salt: bytes, cost: KdfCost) -> bytes:
    try:
        return Argon2id(
            salt=salt, length=_KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        ).derive(folded)
    except MemoryError as error:
        raise StoreError("vault.no_memory", memory_kib=cost.memory_kib) from error


def _public_key(pub: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(pub[1 : 1 + _MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(pub[1 + _MLKEM_PUBLIC :]),
    )


def _hpke() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _mk_info(vault_id: bytes, sid: bytes) -> bytes:
    return b"hv1/mk" + vault_id + sid


def _pin(master: bytes, vault_id: bytes) -> bytes:
    return blake2b(b"hv1/pin" + vault_id, digest_size=_KEY, key=master).digest()
