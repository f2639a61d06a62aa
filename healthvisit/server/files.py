"""Files that answers name: taken in pieces from who wrote the record, given to whose feeds hold it."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from healthvisit.domain.attachment import MOST_BYTES, is_sha256, named_by_record
from healthvisit.domain.errors import OfficeError
from healthvisit.domain.record import Record
from healthvisit.server.auth import Sender
from healthvisit.server.database import audit, moment, put_rows
from healthvisit.server.feeds import VERSION
from healthvisit.server.tables import TABLES
from healthvisit.wire.messages import FileHeld
from healthvisit.wire.segment import PACKED_LIMIT

_FILES, _PARTS, _USES, _ROWS = (TABLES[name] for name in ("blob", "blob_part", "blob_use", "feed_row"))
_NUMBER = re.compile(r"[0-9]{1,12}")


def note_names(db: Connection, records: Iterable[Record], device: str) -> None:
    """Write down which files these records name."""
    named = {(sha256, record.id) for record in records for sha256 in named_by_record(record.body)}
    if not named:
        return
    query = select(_USES.c.sha256, _USES.c.record).where(_USES.c.record.in_({record for _, record in named}))
    known = {(row.sha256, row.record) for row in db.execute(query)}
    put_rows(db, _USES, [{"sha256": s, "record": r, "device": device} for s, r in sorted(named - known)])


def place_of(name: str, query: Mapping[str, str]) -> tuple[str, int, int]:
    """Name, offset and size as a call gives them.

    Raises:
        OfficeError: ``wire.unreadable``; ``file.too_large`` with the limit in MB.
    """
    offset, size = query.get("offset", "0"), query.get("size", "0")
    if not is_sha256(name) or not all(_NUMBER.fullmatch(text) for text in (offset, size)):
        raise OfficeError("wire.unreadable")
    if int(size) > MOST_BYTES:
        raise OfficeError("file.too_large", limit=MOST_BYTES // 1_000_000)
    return name, int(offset), int(size)


def take(db: Connection, who: Sender, place: tuple[str, int, int], data: bytes, now: datetime) -> FileHeld:
    """One piece of a file, inside the writer's transaction; what does not continue what is held is not taken.

    Raises:
        OfficeError: ``device.revoked``; ``file.not_named``: no record that this device wrote names the file.
    """
    sha256, offset, size = place
    if who.status == "revoked":
        raise OfficeError("device.revoked")
    used = select(_USES.c.record).where(_USES.c.sha256 == sha256, _USES.c.device == who.device).limit(1)
    if db.execute(used).first() is None:
        raise OfficeError("file.not_named")
    row = db.execute(select(_FILES).where(_FILES.c.sha256 == sha256)).one_or_none()
    if row is not None and row.held < row.size and row.size != size:
        _drop(db, sha256)  # whoever began it did not have this file
        row = None
    held = 0 if row is None else row.held
    if (row is not None and held == row.size) or offset != held or (not data and size):
        return FileHeld(held=held)
    if held + len(data) > size:
        raise OfficeError("wire.unreadable")
    if row is None:
        db.execute(insert(_FILES).values(sha256=sha256, size=size, held=0, at=moment(now)))
    if data:
        db.execute(insert(_PARTS).values(sha256=sha256, offset=offset, data=data))
    held += len(data)
    db.execute(update(_FILES).where(_FILES.c.sha256 == sha256).values(held=held, at=moment(now)))
    if held == size and _hash(db, sha256) != sha256:
        _drop(db, sha256)
        audit(db, "file.wrong_hash", device=who.device)
        return FileHeld(held=0)
    return FileHeld(held=held)


def give(db: Connection, who: Sender, place: tuple[str, int, int]) -> bytes:
    """The next bytes of a file that a record of the device's feeds names; none at its end.

    Raises:
        OfficeError: ``device.revoked``; ``file.absent``: not whole here, or nobody of this device may have it.
    """
    sha256, offset, _size = place
    if who.status == "revoked":
        raise OfficeError("device.revoked")
    shown = (
        select(_USES.c.record)
        .join_from(_USES, _ROWS, _ROWS.c.record == _USES.c.record)
        .where(_USES.c.sha256 == sha256, _ROWS.c.feed.in_(who.feeds), _ROWS.c.kind == VERSION)
        .limit(1)
    )
    row = db.execute(select(_FILES).where(_FILES.c.sha256 == sha256)).one_or_none()
    if row is None or row.held < row.size or db.execute(shown).first() is None:
        raise OfficeError("file.absent")
    begun = select(_PARTS).where(_PARTS.c.sha256 == sha256, _PARTS.c.offset <= offset)
    part = db.execute(begun.order_by(_PARTS.c.offset.desc()).limit(1)).first()
    return b"" if part is None else bytes(part.data[offset - part.offset :][:PACKED_LIMIT])


def _hash(db: Connection, sha256: str) -> str:
    whole = hashlib.sha256()
    for (data,) in db.execute(select(_PARTS.c.data).where(_PARTS.c.sha256 == sha256).order_by(_PARTS.c.offset)):
        whole.update(data)
    return whole.hexdigest()


def _drop(db: Connection, sha256: str) -> None:
    for table in (_PARTS, _FILES):
        db.execute(delete(table).where(table.c.sha256 == sha256))
