"""Hello and pull: what the centre says of a device, and pages of its feeds."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, select, update

from healthvisit.domain.change import chain_start
from healthvisit.domain.errors import OfficeError
from healthvisit.server.auth import Sender
from healthvisit.server.database import audit, moment
from healthvisit.server.feeds import device_feed, drifted, epoch_of, page, start_of
from healthvisit.server.folder import Office
from healthvisit.server.tables import TABLES
from healthvisit.wire.messages import FeedEnd, FeedState, Held, Hello, HelloNotes, Pull, PullEnd, Statement, Top

_DEVICES, _INCS, _CHANGES, _FEEDS = (TABLES[n] for n in ("device", "incarnation", "change", "feed"))
CLOCK_SLACK_S = 300
MAX_ROWS = 2000
_STATEMENTS = 1 << 40
MAX_BYTES = 4 * 1024 * 1024


def hello(office: Office, who: Sender, ask: Hello, now: datetime) -> tuple[Statement, HelloNotes]:
    """Say what is held of a device's lines and how its feeds stand; note what it tells of itself."""
    off_s = _clock_off(ask.clock, now)
    newest = office.card().card.n
    return office.db.write(lambda db: _hello(db, who, ask, now, off_s, (office.server_id, newest)))


def _hello(
    db: Connection, who: Sender, ask: Hello, now: datetime, off_s: int, office: tuple[str, int]
) -> tuple[Statement, HelloNotes]:
    seen = {"seen_at": moment(now), "clock_off_s": off_s, "unsent": ask.unsent, "app": ask.app[:40]}
    changed = update(_DEVICES).where(_DEVICES.c.id == who.device)
    told = min(max(0, ask.n), _STATEMENTS)  # a laptop that has heard more than we know of: we were put back from a copy
    above = case((_DEVICES.c.statement_n < told, told), else_=_DEVICES.c.statement_n) + 1
    n = db.execute(changed.values(statement_n=above, **seen).returning(_DEVICES.c.statement_n))
    epoch = epoch_of(db)
    server_id, newest_card = office
    statement = Statement(
        server_id=server_id,
        epoch=epoch,
        n=n.scalar_one(),
        device=who.device,
        status=who.status,
        incs=[_held(db, who.device, top) for top in ask.incs],
        feeds=_feed_states(db, who, ask, epoch),
    )
    notices = []
    if abs(off_s) > CLOCK_SLACK_S:
        notices.append("clock.off")
        audit(db, "device.clock_off", device=who.device, detail=f"{off_s} s")
    if 0 < ask.card < newest_card:
        notices.append("card.newer")
    return statement, HelloNotes(time=moment(now), notices=notices, clock_off_s=off_s)


def _clock_off(clock: str, now: datetime) -> int:
    """Seconds a laptop's clock is ahead; 0 when it did not say."""
    try:
        told = datetime.fromisoformat(clock)
    except ValueError:
        return 0
    return int((told.replace(tzinfo=told.tzinfo or UTC) - now).total_seconds())


def _held(db: Connection, device: str, top: Top) -> Held:
    """What is held of one incarnation. No backup is kept yet, so nothing is safe and laptops keep everything."""
    query = select(_INCS).where(_INCS.c.device == device, _INCS.c.inc == top.inc)
    row = db.execute(query).one_or_none()
    try:
        start = chain_start(device, top.inc)
    except ValueError as exc:
        raise OfficeError("wire.unreadable") from exc
    through = row.through if row else 0
    at = max(0, min(through, top.top))
    return Held(
        inc=top.inc,
        through=through,
        hash=(row.last_hash if row else start).hex(),
        at=at,
        at_hash=(_chain_at(db, row, at) if row and at else start).hex(),
        safe_through=0,
        safe_hash=start.hex(),
    )


def _chain_at(db: Connection, inc: Any, dseq: int) -> bytes:
    query = select(_CHANGES.c.hash).where(_CHANGES.c.inc_id == inc.id, _CHANGES.c.dseq == dseq)
    found: bytes = db.execute(query).scalar_one()
    return found


def _feed_states(db: Connection, who: Sender, ask: Hello, epoch: str) -> list[FeedState]:
    asked = {feed.feed: feed for feed in ask.feeds}
    states = []
    for row in db.execute(select(_FEEDS).where(_FEEDS.c.id.in_(who.feeds)).order_by(_FEEDS.c.id)).all():
        state = "ok"
        if row.id in asked:
            start = start_of(db, epoch, asked[row.id])
            state = "reset" if start is None or drifted(db, asked[row.id], start) else "ok"
        states.append(FeedState(feed=row.id, kind=row.kind, name=row.name, state=state))
    gone = [feed for feed in asked if feed not in who.feeds]
    return states + [FeedState(feed=feed, kind="", name="", state="gone") for feed in gone]


def pull(office: Office, who: Sender, ask: Pull) -> tuple[list[bytes], PullEnd]:
    """Rows after the cursors as lines, from one snapshot.

    Raises:
        OfficeError: ``device.revoked``.
    """
    if who.status == "revoked":
        raise OfficeError("device.revoked")
    rows, size = max(1, min(ask.rows, MAX_ROWS)), max(1, min(ask.bytes, MAX_BYTES))
    lines: list[bytes] = []
    ends = []
    with office.db.read() as db:
        epoch = epoch_of(db)
        # The device's own feed goes first: what became of a change is known before the versions that contain it.
        for feed in sorted(ask.feeds, key=lambda f: f.feed != device_feed(who.device)):
            start = start_of(db, epoch, feed) if feed.feed in who.feeds else None
            if start is None:
                state = "reset" if feed.feed in who.feeds else "gone"
                ends.append(FeedEnd(feed=feed.feed, state=state))
            elif rows > 0 and size > 0:
                taken, end, length = page(db, feed.feed, start, rows=rows, size=size)
                lines += taken
                rows, size = rows - len(taken), size - length
                ends.append(end)
            else:
                ends.append(FeedEnd(feed=feed.feed, cursor=feed.cursor, more=True))
    return lines, PullEnd(epoch=epoch, feeds=ends)
