"""A segment's lines read and checked, before any database is asked."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from healthvisit.domain.change import Change, Op, line_hash
from healthvisit.domain.errors import OfficeError
from healthvisit.domain.ids import is_record_id
from healthvisit.wire import segment

_HLC_DIGITS = 16
_KIND_LENGTH = 40
_REV_LIMIT = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line as read: `code` says why it cannot be used; `body` are a new record's own bytes."""

    n: int
    chg: str
    line: bytes = field(repr=False)
    line_hash: bytes
    hash: bytes
    change: Change | None = field(default=None, repr=False)
    body: bytes = field(default=b"", repr=False)
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A segment whose signature and chain hold, with its lines read."""

    header: segment.Header
    items: list[Item]


class _Named(msgspec.Struct):
    chg: str
    body: msgspec.Raw = msgspec.Raw()


class _Line(msgspec.Struct):
    """The members of `domain.change.Change`, checked while they are decoded.

    msgspec refuses what some laptop's reader could not take: numbers out of range, half a surrogate pair, bad UTF-8.
    """

    chg: str
    r: str
    t: str
    op: Op
    hlc: str
    by: str
    s: str | None = None
    rev: int = 0
    form: str | None = None
    pack: str | None = None
    set: dict[str, tuple[Any, Any]] = {}
    add: dict[str, list[Any]] = {}
    cut: dict[str, list[str]] = {}
    body: dict[str, Any] | None = None

    def change(self) -> Change:
        return Change(
            chg=self.chg,
            record=self.r,
            kind=self.t,
            op=self.op,
            hlc=self.hlc,
            by=self.by,
            subject=self.s,
            rev=self.rev,
            form=self.form,
            pack=self.pack,
            put={name: list(pair) for name, pair in self.set.items()},
            add=self.add,
            cut=self.cut,
            body=self.body,
        )


_NAMED, _LINE = msgspec.json.Decoder(_Named), msgspec.json.Decoder(_Line)


def prepare(data: bytes, *, device: str, public_key: bytes) -> Prepared:
    """Read a segment of one device.

    Raises:
        OfficeError: those of `wire.segment.read`, and ``auth.other_device``.
    """
    read = segment.read(data, public_key=public_key)
    if read.header.device != device:
        raise OfficeError("auth.other_device")
    numbered = zip(read.lines, read.hashes, strict=True)
    return Prepared(
        header=read.header, items=[_item(n, line, link) for n, (line, link) in enumerate(numbered, read.header.first)]
    )


def _item(n: int, line: bytes, link: bytes) -> Item:
    hashed = line_hash(line)
    given: dict[str, Any] = {"n": n, "line": line, "line_hash": hashed, "hash": link}
    chg = hashed.hex()[:32]  # of a line that does not name itself
    try:
        named = _NAMED.decode(line)
        if not is_record_id(named.chg):
            return Item(chg=chg, code="change.bad_id", **given)
        chg = named.chg
        if b'"gone":' in line[:64]:
            return Item(chg=chg, code="change.gone", **given)
        change = _LINE.decode(line).change()
    except (ValueError, RecursionError):
        return Item(chg=chg, code="change.unreadable", **given)
    return Item(chg=chg, change=change, body=bytes(named.body), code=_fault(change), **given)


def _fault(change: Change) -> str | None:
    """What keeps a readable change from being used, whatever stands in the database."""
    names = [change.record, change.by, *([change.subject] if change.subject is not None else ())]
    if not all(map(is_record_id, names)):
        return "change.bad_id"
    if len(change.hlc) != _HLC_DIGITS or not set(change.hlc) <= set("0123456789abcdef"):
        return "change.bad_stamp"
    if not 0 <= change.rev < _REV_LIMIT or not 0 < len(change.kind) <= _KIND_LENGTH:
        return "change.unreadable"
    return None
