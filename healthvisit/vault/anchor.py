"""The anchor: a small sealed note outside the vault's folder of how far the vault had come.

A vault newer than its anchor is normal; one older than it was put back from a copy. The note is also sync's marker:
which incarnation and number were the last. It lies in the account's local data folder, is replaced after a commit
without fsync, and is information only: losing it never stops work.
"""

import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_HEAD = b"HA\x01"
_LAYOUT = struct.Struct(">Q32s8sQ32sH")
_SID = 16
_NONCE = 12


@dataclass(frozen=True, slots=True)
class AnchorState:
    """What the anchor holds.

    Attributes:
        inc: Incarnation, 16 hex digits.
        top_dseq: The last number given within it.
        chain: Hash of the chain at that number, 32 bytes.
        removed: Slots of people who have left; a vault put back from a copy must lose them again.
        row_seq: How far the rows had come; filled in by the vault.
        sum_hash: Hash over all rows then; filled in by the vault.
    """

    inc: str = "0" * 16
    top_dseq: int = 0
    chain: bytes = bytes(32)
    removed: tuple[bytes, ...] = ()
    row_seq: int = 0
    sum_hash: bytes = bytes(32)


def write(path: Path, cipher: AESGCM, vault_id: bytes, state: AnchorState) -> None:
    """Replace the note. A disk that refuses is passed over: the save it follows is already safe."""
    plain = _LAYOUT.pack(
        state.row_seq, state.sum_hash, bytes.fromhex(state.inc), state.top_dseq, state.chain, len(state.removed)
    ) + b"".join(state.removed)
    nonce = os.urandom(_NONCE)
    fresh = path.with_suffix(".new")
    with suppress(OSError):
        fresh.write_bytes(_HEAD + nonce + cipher.encrypt(nonce, plain, _HEAD + vault_id))
        fresh.replace(path)


def read(path: Path, cipher: AESGCM, vault_id: bytes) -> AnchorState | None:
    """The note, or `None` when there is none for this vault that can be read."""
    try:
        sealed = path.read_bytes()
        body = len(_HEAD) + _NONCE
        plain = cipher.decrypt(sealed[len(_HEAD) : body], sealed[body:], _HEAD + vault_id)
        row_seq, sum_hash, inc, top_dseq, chain, count = _LAYOUT.unpack_from(plain)
    except (OSError, InvalidTag, ValueError, struct.error):
        return None
    sids = plain[_LAYOUT.size :]
    if len(sids) != count * _SID:
        return None
    removed = tuple(sids[at : at + _SID] for at in range(0, len(sids), _SID))
    return AnchorState(inc.hex(), top_dseq, chain, removed, row_seq, sum_hash)
