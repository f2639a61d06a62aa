"""The sealed catalog: a snapshot of the read model, so that unlocking need not open every row.

A cache. Absent, stale, garbled or put back from a copy it costs time and changes nothing else: a doubt means `None`.

Layout, big-endian: "HC", format, algorithm, generation 16, row seq u64, schema hash 8, number of parts u32; each part:
length u32, nonce 12, at most 1 MiB of ciphertext, tag 16. Each is bound to the header, the vault's id and its number.
"""

import os
import struct
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEMA_HASH_SIZE = 8

_MAGIC = (b"HC", 1, 1)
_HEAD = struct.Struct(">2sBB16sQ8sI")
_NUMBER = struct.Struct(">I")
_PART_HEAD = struct.Struct(">I12s")
_PART = 1024 * 1024
_NONCE = 12
_TAG = 16


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a catalog says about itself: which snapshot, up to which row, for which tables."""

    generation: bytes
    row_seq: int
    schema_hash: bytes


def write(path: Path, cipher: AESGCM, vault_id: bytes, stamp: Stamp, data: bytes) -> None:
    """Write the snapshot beside `path`, make it durable, then rename it into place. Raises OSError."""
    parts = -(-len(data) // _PART)
    head = _HEAD.pack(*_MAGIC, stamp.generation, stamp.row_seq, stamp.schema_hash, parts)
    fresh = path.with_suffix(".cat.new")
    view = memoryview(data)
    try:
        with fresh.open("wb") as file:
            file.write(head)
            for number in range(parts):
                nonce = os.urandom(_NONCE)
                plain = view[number * _PART : (number + 1) * _PART]
                sealed = cipher.encrypt(nonce, plain, head + vault_id + _NUMBER.pack(number))
                file.write(_PART_HEAD.pack(len(sealed), nonce))
                file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def load(
    path: Path, cipher: AESGCM, vault_id: bytes, *, generation: bytes, schema_hash: bytes
) -> tuple[bytearray, int] | None:
    """The snapshot named by `generation`, and the row seq it goes up to; `None` when it is not exactly that."""
    try:
        with path.open("rb", buffering=0) as file:
            head = file.read(_HEAD.size)
            *magic, found, row_seq, schema, parts = _HEAD.unpack(head)
            if tuple(magic) != _MAGIC or found != generation or schema != schema_hash:
                return None
            # the size comes from the file system: a planted number of parts cannot make us ask for memory
            size = path.stat().st_size - _HEAD.size - parts * _PART_HEAD.size - parts * _TAG
            data = bytearray(size)
            _fill(data, file, cipher, head + vault_id, parts)
    except (OSError, InvalidTag, ValueError, struct.error):
        return None
    return data, row_seq


def _fill(data: bytearray, file: FileIO, cipher: AESGCM, bound: bytes, parts: int) -> None:
    room, sealed = memoryview(data), bytearray(_PART + _TAG)
    for number in range(parts):
        length, nonce = _PART_HEAD.unpack(file.read(_PART_HEAD.size))
        part = memoryview(sealed)[:length]
        if file.readinto(part) != length or length < _TAG:
            raise ValueError("a part of the catalog is cut off")
        end = length - _TAG
        cipher.decrypt_into(nonce, part, bound + _NUMBER.pack(number), room[:end])
        room = room[end:]
    if room:
        raise ValueError("the catalog goes on after its last part")
