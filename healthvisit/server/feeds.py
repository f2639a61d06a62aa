"""Numbered lists that laptops follow: giving numbers, cursors, and one page of rows.

One row a record and feed, moved to a new number with each version. The counter row of a feed is taken last in its
transaction, feeds in the order of their ids, so that no number commits before a lower one (measured: none lost).
"""

import hashlib
import secrets
from collections import defaultdict
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from healthvisit.domain.record import Record
from healthvisit.server.database import upsert
from healthvisit.server.tables import TABLES
from healthvisit.wire.messages import ChangeAnswer, FeedCursor, FeedEnd, Row

_FEEDS, _ROWS, _TAGS, _RECORDS = (TABLES[name] for name in ("feed", "feed_row", "feed_tag", "record"))
_SERVER = TABLES["server"]
VERSION, LEAVE, OUTCOME = "ver", "leave", "outcome"
_SUM_BITS = 256


def device_feed(device: str) -> str:
    """The feed of what concerns one device alone."""
    return f"dev:{device}"


class Numbering:
    """The rows one transaction will add or move; `write` gives them their numbers, last of all."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, tuple[str, bytes | None]]] = defaultdict(dict)

    def version(self, feed: str, record: str) -> None:
        self._rows[feed][record] = (VERSION, None)

    def leave(self, feed: str, record: str) -> None:
        self._rows[feed][record] = (LEAVE, None)

    def outcome(self, device: str, answer: ChangeAnswer) -> None:
        """Tell a device what became of one of its changes."""
        self._rows[device_feed(device)][answer.chg] = (OUTCOME, msgspec.json.encode(answer))

    def write(self, db: Connection) -> None:
        """Number and store."""
        for feed in sorted(self._rows):
            rows = self._rows[feed]
            count = update(_FEEDS).where(_FEEDS.c.id == feed).values(head=_FEEDS.c.head + len(rows))
            head = db.execute(count.returning(_FEEDS.c.head)).scalar_one()
            start = head - len(rows) + 1
            values = [
                {"feed": feed, "record": record, "seq": seq, "kind": kind, "body": body}
                for seq, (record, (kind, body)) in enumerate(rows.items(), start)
            ]
            upsert(db, _ROWS, ["feed", "record"], values)
            # At the first number of the batch: a cursor anywhere in it then tells this history from another.
            db.execute(insert(_TAGS).values(feed=feed, seq=start, tag=secrets.token_hex(8)))


@dataclass(frozen=True, slots=True)
class Position:
    """A cursor taken apart: ``epoch.seq.tag``."""

    epoch: str
    seq: int
    tag: str

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """None when it is no cursor of ours."""
        epoch, _, rest = text.partition(".")
        seq, _, tag = rest.partition(".")
        return cls(epoch, int(seq), tag) if seq.isascii() and seq.isdigit() and len(seq) < 19 else None  # noqa: PLR2004

    def text(self) -> str:
        return f"{self.epoch}.{self.seq}.{self.tag}"


def epoch_of(db: Connection) -> str:
    """The history this database belongs to."""
    epoch: str = db.execute(select(_SERVER.c.epoch)).scalar_one()
    return epoch


def start_of(db: Connection, epoch: str, asked: FeedCursor) -> Position | None:
    """Where a pull goes on; None when the cursor is of another history and the feed must be reset.

    Source: other epoch, number beyond the head, or another tag at or below it (4.5 of the sync design).
    """
    if asked.cursor is None:
        return Position(epoch, 0, "")
    at = Position.parse(asked.cursor)
    if at is None or at.epoch != epoch:
        return None
    head = db.execute(select(_FEEDS.c.head).where(_FEEDS.c.id == asked.feed)).scalar() or 0
    return at if at.seq <= head and at.tag == _tag(db, asked.feed, at.seq) else None


def _tag(db: Connection, feed: str, seq: int) -> str:
    query = select(_TAGS.c.tag).where(_TAGS.c.feed == feed, _TAGS.c.seq <= seq).order_by(_TAGS.c.seq.desc()).limit(1)
    return db.execute(query).scalar() or ""


def page(db: Connection, feed: str, start: Position, *, rows: int, size: int) -> tuple[list[bytes], FeedEnd, int]:
    """Rows after `start` as lines, where the feed stands then, and the bytes taken; at most `rows` and about `size`."""
    query = (
        select(_ROWS.c.seq, _ROWS.c.kind, _ROWS.c.record, _ROWS.c.body, _RECORDS.c.rev, _RECORDS.c.version)
        .join_from(_ROWS, _RECORDS, _RECORDS.c.id == _ROWS.c.record, isouter=True)
        .where(_ROWS.c.feed == feed, _ROWS.c.seq > start.seq)
        .order_by(_ROWS.c.seq)
        .limit(rows + 1)
    )
    lines: list[bytes] = []
    at, taken, more = start.seq, 0, False
    for seq, kind, record, body, rev, version in db.execute(query):
        if len(lines) == rows or (lines and taken >= size):
            more = True
            break
        content = version if kind == VERSION else body
        row = Row(feed=feed, seq=seq, kind=kind, record=record)
        if content is not None:
            row.body = msgspec.Raw(content)
            row.rev = rev or 0
        lines.append(msgspec.json.encode(row))
        at, taken = seq, taken + len(lines[-1])
    cursor = Position(start.epoch, at, _tag(db, feed, at)).text()
    return lines, FeedEnd(feed=feed, cursor=cursor, more=more), taken


def daily_sum(db: Connection, feed: str) -> tuple[int, str]:
    """Count and sum mod 2^256 of the SHA-256 of every live version, in hex: equal where both sides hold the same."""
    query = select(_RECORDS.c.version).join_from(_ROWS, _RECORDS, _RECORDS.c.id == _ROWS.c.record)
    total = count = 0
    for (version,) in db.execute(query.where(_ROWS.c.feed == feed, _ROWS.c.kind == VERSION)):
        total += int.from_bytes(hashlib.sha256(version).digest())
        count += 1
    return count, f"{total % (1 << _SUM_BITS):064x}"


def drifted(db: Connection, asked: FeedCursor, at: Position) -> bool:
    """Whether a laptop that stands at the feed's head holds other versions than the feed: a bug or a bad disk."""
    if asked.count is None or asked.total is None:
        return False
    head = db.execute(select(func.coalesce(_FEEDS.c.head, 0)).where(_FEEDS.c.id == asked.feed)).scalar()
    return at.seq == head and (asked.count, asked.total) != daily_sum(db, asked.feed)


def version_bytes(record: Record) -> bytes:
    """A record as it is stored and pulled."""
    return msgspec.json.encode(record.to_json())
