"""One sealed row: bytes in, an envelope out that can be neither read, moved, altered nor put back under another number.

Layout, big-endian (docs: vault format 1)::

    0  2  "HV"        4  4  key epoch     16 16  rid               44     n  ciphertext
    2  1  format      8  8  row seq       32 12  nonce             44+n  16  tag
    3  1  algorithm

The ciphertext holds length u32, the deflated text and zeros up to a round size, so that size says little about kind.
The first 32 bytes and the vault's id are authenticated with it. Pure functions: no file, no key is kept here.
"""

import os
import struct
import zlib
from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthvisit.domain.errors import StoreError

FORMAT = 1
AES_GCM_DEFLATE = 1  # AES-256-GCM over raw deflate with DICTIONARY_1
NONCE_SIZE = 12
TAG_SIZE = 16
MAX_PLAIN = 4 * 1024 * 1024  # nothing larger is sealed, nothing larger is ever inflated
SMALLEST = 316  # header, nonce, one 256-byte block, tag

_MAGIC = b"HV"
_HEAD = struct.Struct(">2sBBIQ16s")
_BODY_AT = _HEAD.size + NONCE_SIZE
_LENGTH = struct.Struct(">I")
_BLOCK = 256
_PADME_ABOVE = 4096
_WINDOW = -12  # a 4 KiB window and memLevel 5 cost 20 us a row, the defaults 65 us, for the same size
_MEMORY_LEVEL = 5

# Frozen: sealed rows in the field cannot be read without these exact bytes; another dictionary is another algorithm
# number. The likeliest text stands last. A change's line is text inside JSON, hence the escaped quotes.
DICTIONARY_1 = (
    b'patronymic"sensitive"+9936"place":"home"surname":"given_name":"sex":"female"born_on":"20'
    b'weight_g":length_mm":head_mm":"scores":[{"indicator":"z":"-0."answers":{"entries":[{"kind":"privacy":"ordinary"'
    b'{"t":"version","id":"","v":1,"kind":"person","record":"019"subject":"rev":1,"feeds":["outcome":"ok"'
    b'{"t":"draft","id":"{"t":"change","id":"","v":1,"inc":"","d":1,"h":"","line":"{\\"chg\\":\\"\\",\\"r\\":\\"019'
    b'\\",\\"t\\":\\"visit_part\\",\\"s\\":\\"019\\",\\"op\\":\\"new\\",\\"hlc\\":\\"019\\",\\"by\\":\\"'
    b'\\",\\"pack\\":\\"\\",\\"body\\":{\\"'
)


class Why(IntEnum):
    """What is wrong with a row; the number is stored in quarantine."""

    HEADER = 1  # not an envelope, or sealed for another row, number or key epoch
    SEAL = 2  # altered, or sealed by another key
    CONTENT = 3  # opened, yet not what this format holds


class Head(NamedTuple):
    """What an envelope says about itself in clear, so that rows can be found on a destroyed disk."""

    key_epoch: int
    row_seq: int
    rid: bytes


def padded(size: int) -> int:
    """The size in bytes that `size` bytes are filled up to: steps of 256 up to 4 KiB, above by the Padmé rule.

    Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (2019), Padmé.
    """
    if size <= _PADME_ABOVE:
        return max(1, -(-size // _BLOCK)) * _BLOCK
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def seal(cipher: AESGCM, vault_id: bytes, head: Head, plain: bytes) -> bytes:
    """Seal `plain` (at most 4 MiB) for one row of one vault, under a fresh random nonce."""
    if len(plain) > MAX_PLAIN:
        raise ValueError("a row holds at most 4 MiB")
    deflate = zlib.compressobj(
        level=zlib.Z_DEFAULT_COMPRESSION, wbits=_WINDOW, memLevel=_MEMORY_LEVEL, zdict=DICTIONARY_1
    )
    packed = deflate.compress(plain) + deflate.flush()
    size = _LENGTH.size + len(packed)
    inner = _LENGTH.pack(len(packed)) + packed + bytes(padded(size) - size)
    header = _HEAD.pack(_MAGIC, FORMAT, AES_GCM_DEFLATE, *head)
    nonce = os.urandom(NONCE_SIZE)  # never a counter: a vault put back from a copy would use it twice
    return header + nonce + cipher.encrypt(nonce, inner, header + vault_id)


def unseal(ciphers: Mapping[int, AESGCM], vault_id: bytes, envelope: bytes, *, row_seq: int, rid: bytes) -> bytes:
    """Open the envelope of the row `row_seq`, `rid`.

    `ciphers` holds the cipher of each key epoch that may still be read.

    Raises:
        StoreError: `vault.row_damaged`, with `row_seq` and `why`.
    """
    head = read_head(envelope)
    if head is None or head.row_seq != row_seq or head.rid != rid or head.key_epoch not in ciphers:
        raise damaged(row_seq, Why.HEADER)
    header = envelope[: _HEAD.size]
    try:
        inner = ciphers[head.key_epoch].decrypt(envelope[_HEAD.size : _BODY_AT], envelope[_BODY_AT:], header + vault_id)
    except InvalidTag as error:
        raise damaged(row_seq, Why.SEAL) from error
    return _inflate(inner, row_seq)


def read_head(envelope: bytes) -> Head | None:
    """The clear part of an envelope, or `None` when these bytes are none of format 1."""
    if len(envelope) < SMALLEST:
        return None
    magic, form, algorithm, *rest = _HEAD.unpack_from(envelope)
    if (magic, form, algorithm) != (_MAGIC, FORMAT, AES_GCM_DEFLATE):
        return None
    return Head(*rest)


def damaged(row_seq: int, why: Why) -> StoreError:
    """The error that says a row cannot be opened; nothing of its content is in it."""
    return StoreError("vault.row_damaged", row_seq=row_seq, why=int(why))


def _inflate(inner: bytes, row_seq: int) -> bytes:
    (length,) = _LENGTH.unpack_from(inner)
    end = _LENGTH.size + length
    if len(inner) != padded(end) or any(inner[end:]):
        raise damaged(row_seq, Why.CONTENT)
    inflate = zlib.decompressobj(wbits=_WINDOW, zdict=DICTIONARY_1)
    try:
        plain = inflate.decompress(inner[_LENGTH.size : end], MAX_PLAIN + 1)
    except zlib.error as error:
        raise damaged(row_seq, Why.CONTENT) from error
    if len(plain) > MAX_PLAIN or not inflate.eof or inflate.unused_data:
        raise damaged(row_seq, Why.CONTENT)
    return plain
