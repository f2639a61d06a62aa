"""The unit of transport, the same on the line, through a hub and on a stick: numbered lines under one signature.

A segment is a zstd frame of JSON lines: a header ``{"v","device","inc","from","to","prev","last","sig"}``, then the
changes' own lines, whose bytes never change. `prev` and `last` are links of the device's hash chain (`domain.change`),
so that the one signature proves every line, its number and what went before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from healthvisit.domain.change import chain_next, chain_start, line_hash
from healthvisit.domain.errors import OfficeError
from healthvisit.wire.identity import verify
from healthvisit.wire.packing import LEVEL_UP, pack, unpack

VERSION = 1
MAX_CHANGES = 500
PACKED_LIMIT = 256 * 1024
PLAIN_LIMIT = 4 * 1024 * 1024
_LABEL = b"hv1-seg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who sends which numbers. `device` is 32 hex digits, `inc` 16; `prev` and `last` are h_{first-1} and h_{to}."""

    device: str
    inc: str
    first: int
    to: int
    prev: bytes
    last: bytes
    sig: bytes
    v: int = VERSION

    def signed_bytes(self) -> bytes:
        """What the device's key signs: a label and fields of fixed length, big-endian."""
        numbers = self.first.to_bytes(8) + self.to.to_bytes(8)
        return _LABEL + bytes.fromhex(self.device) + bytes.fromhex(self.inc) + numbers + self.prev + self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment as read: `hashes[i]` is the chain after `lines[i]`, which has the number ``header.first + i``."""

    header: Header
    lines: list[bytes] = field(repr=False)
    hashes: list[bytes] = field(repr=False)


class _Head(msgspec.Struct):
    v: int
    device: str
    inc: str
    first: int = msgspec.field(name="from")
    to: int
    prev: str
    last: str
    sig: str


def cut(
    lines: Sequence[bytes],
    *,
    device: str,
    inc: str,
    first: int,
    prev: bytes,
    sign: Callable[[bytes], bytes],
    level: int = LEVEL_UP,
) -> bytes:
    """Make a segment of lines that follow one another.

    Args:
        lines: Lines of changes, without their newline, at least one. Never end a cut inside one save.
        device: 32 hex digits.
        inc: 16 hex digits.
        first: Number of the first line, from 1.
        prev: The chain before it: h_{first-1}, 32 bytes.
        sign: The device key's `sign`.
        level: zstd level; 19 for a stick.

    Raises:
        OfficeError: ``wire.too_big``: cut fewer lines (a single save beyond the caps cannot travel).
    """
    if not lines or len(lines) > MAX_CHANGES:
        raise OfficeError("wire.too_big", limit=MAX_CHANGES)
    last = prev
    for number, line in enumerate(lines, first):
        last = chain_next(last, number, line_hash(line))
    to = first + len(lines) - 1
    unsigned = Header(device=device, inc=inc, first=first, to=to, prev=prev, last=last, sig=b"")
    sig = sign(unsigned.signed_bytes())
    head = _Head(v=VERSION, device=device, inc=inc, first=first, to=to, prev=prev.hex(), last=last.hex(), sig=sig.hex())
    plain = [msgspec.json.encode(head), *lines]
    if sum(map(len, plain)) + len(plain) > PLAIN_LIMIT:
        raise OfficeError("wire.too_big", limit=PLAIN_LIMIT)
    data = pack(plain, level=level)
    if len(data) > PACKED_LIMIT:
        raise OfficeError("wire.too_big", limit=PACKED_LIMIT)
    return data


def read(data: bytes, *, public_key: bytes | None) -> Segment:
    """Check a segment and take it apart. Nothing of it is used unless all of it holds.

    Args:
        data: As it came.
        public_key: The sending device's key, 32 bytes. None checks all but the signature (for tools and tests).

    Raises:
        OfficeError: ``wire.too_big``, ``wire.unreadable``, ``wire.newer`` (details `speaks`), ``wire.bad_chain``,
            ``wire.bad_signature``.
    """
    head_line, *lines = unpack(data, packed_limit=PACKED_LIMIT, plain_limit=PLAIN_LIMIT)
    header = _read_header(head_line)
    if len(lines) > MAX_CHANGES:
        raise OfficeError("wire.too_big", limit=MAX_CHANGES)
    if header.to - header.first + 1 != len(lines):
        raise OfficeError("wire.bad_chain")
    if header.first == 1 and header.prev != chain_start(header.device, header.inc):
        raise OfficeError("wire.bad_chain")
    hashes = []
    link = header.prev
    for number, line in enumerate(lines, header.first):
        link = chain_next(link, number, _hash_of(line))
        hashes.append(link)
    if link != header.last:
        raise OfficeError("wire.bad_chain")
    if public_key is not None and not verify(public_key, header.sig, header.signed_bytes()):
        raise OfficeError("wire.bad_signature")
    return Segment(header=header, lines=lines, hashes=hashes)


def _hash_of(line: bytes) -> bytes:
    try:
        return line_hash(line)
    except (ValueError, RecursionError) as exc:
        raise OfficeError("wire.unreadable") from exc


def _read_header(line: bytes) -> Header:
    require_version(line)
    try:
        head = msgspec.json.decode(line, type=_Head)
        header = Header(
            v=head.v,
            device=head.device,
            inc=head.inc,
            first=head.first,
            to=head.to,
            prev=bytes.fromhex(head.prev),
            last=bytes.fromhex(head.last),
            sig=bytes.fromhex(head.sig),
        )
        sizes = (len(bytes.fromhex(head.device)), len(bytes.fromhex(head.inc)), len(header.prev), len(header.last))
    except ValueError as exc:  # msgspec's errors are ValueErrors too
        raise OfficeError("wire.unreadable") from exc
    if sizes != (16, 8, 32, 32) or not 1 <= head.first <= head.to < 1 << 63:
        raise OfficeError("wire.unreadable")
    return header


class _Versioned(msgspec.Struct):
    v: int


def require_version(line: bytes) -> None:
    """Refuse what a newer program says before reading the rest of it: older versions are read for 18 months and more.

    Raises:
        OfficeError: ``wire.newer`` (details `speaks`: the versions this side knows) or ``wire.unreadable``.
    """
    try:
        v = msgspec.json.decode(line, type=_Versioned).v
    except (ValueError, RecursionError) as exc:
        raise OfficeError("wire.unreadable") from exc
    if v > VERSION:
        raise OfficeError("wire.newer", speaks=[VERSION])
