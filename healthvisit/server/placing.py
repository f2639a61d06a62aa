"""Which caseload a record is in: with its household, with the person it is about, or waiting with who sent it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, or_, select, update

from healthvisit.domain.record import Kind, Record
from healthvisit.server.auth import Sender
from healthvisit.server.database import moment, put_rows, upsert
from healthvisit.server.feeds import VERSION, Numbering
from healthvisit.server.tables import TABLES

_CASELOADS, _MEMBERS, _RECORDS, _ROWS = (TABLES[n] for n in ("caseload", "member", "record", "feed_row"))
_OWN_SUBJECT = (Kind.HOUSEHOLD, Kind.PERSON)


def subject_of(kind: str, record: str, subject: str | None) -> str | None:
    """Whom a record is about; a household and a person are about themselves."""
    return record if subject is None and kind in _OWN_SUBJECT else subject


class Scope:
    """Who may write what: decided by the server's own tables, never by what a change says of itself."""

    def __init__(
        self, db: Connection, claimed: Iterable[str | None], held: Mapping[str, str | None], late: datetime
    ) -> None:
        self._subject_of = held
        subjects = {s for s in (*claimed, *held.values()) if s is not None}
        query = select(_CASELOADS.c.subject, _CASELOADS.c.feed).where(
            _CASELOADS.c.subject.in_(subjects), or_(_CASELOADS.c.to_at.is_(None), _CASELOADS.c.to_at > moment(late))
        )
        self._feeds: dict[str, set[str]] = {}
        for subject, feed in db.execute(query):
            self._feeds.setdefault(subject, set()).add(feed)
        waiting = [record for record, subject in held.items() if subject not in self._feeds]
        rows = select(_ROWS.c.record, _ROWS.c.feed).where(_ROWS.c.record.in_(waiting), _ROWS.c.kind == VERSION)
        self._waits_in: dict[str, set[str]] = {}
        for record, feed in db.execute(rows) if waiting else ():
            self._waits_in.setdefault(record, set()).add(feed)

    def allows(self, who: Sender, record: str, claimed: str | None) -> bool:
        """Whether a device may write a record: `claimed` counts only for one the server has never seen."""
        subject = self._subject_of.get(record, claimed)
        feeds = self._feeds.get(subject or "") or self._waits_in.get(record)
        return feeds is None or not feeds.isdisjoint(who.feeds)


def place(db: Connection, touched: Mapping[str, Record], known: set[str], home: str, numbering: Numbering) -> None:
    """Put every touched record into its feed, and move what follows a household or a person.

    Args:
        db: The writer's connection; records and projections of this push are already stored.
        touched: New and changed records by id.
        known: Ids of those that were there before.
        home: Caseload of what is in none.
        numbering: Takes the rows.
    """
    subjects = {name: subject_of(record.kind, name, record.subject) for name, record in touched.items()}
    wanted = _wanted(db, touched, home)
    at = _current(db, {s for s in (*subjects.values(), *wanted) if s is not None})
    moved = {subject: feed for subject, feed in wanted.items() if at.get(subject) != feed}
    _move(db, moved, numbering)
    at |= moved
    strays = [name for name in touched if name in known and subjects[name] not in at]
    where = _rows_of(db, strays)
    for name in touched:
        for feed in where.get(name) or [at.get(subjects[name] or "", home)]:
            numbering.version(feed, name)


def _wanted(db: Connection, touched: Mapping[str, Record], home: str) -> dict[str, str]:
    """Caseloads of the households and people whose place this push may have changed."""
    households = [name for name, record in touched.items() if record.kind == Kind.HOUSEHOLD]
    placed = _current(db, households)
    wanted = {name: home for name in households if name not in placed}
    # A membership moves its own subject and nobody else, whatever person it names.
    memberships = [
        record
        for record in touched.values()
        if record.kind == Kind.MEMBERSHIP and record.body.get("person") == record.subject
    ]
    _project(db, memberships)
    people = {str(record.subject) for record in memberships}
    if wanted:
        query = select(_MEMBERS.c.person).where(_MEMBERS.c.household.in_(wanted), _MEMBERS.c.present)
        people |= set(db.execute(query).scalars())
    if not people:
        return wanted
    query = select(_MEMBERS).where(_MEMBERS.c.person.in_(people), _MEMBERS.c.present)
    rows = db.execute(query.order_by(_MEMBERS.c.from_on, _MEMBERS.c.id)).all()
    homes = _current(db, {row.household for row in rows}) | wanted
    # The latest present membership counts; a person without one stays where the last one left them.
    return wanted | {row.person: homes[row.household] for row in rows if row.household in homes}


def _project(db: Connection, memberships: Iterable[Record]) -> None:
    values = [
        {
            "id": record.id,
            "person": record.subject,
            "household": str(record.body.get("household")),
            "from_on": str(record.body.get("from_on", "")),
            "present": not record.void and record.body.get("to_on") is None,
        }
        for record in memberships
    ]
    upsert(db, _MEMBERS, ["id"], values)


def _current(db: Connection, subjects: Iterable[str]) -> dict[str, str]:
    wanted = list(subjects)
    if not wanted:
        return {}
    query = select(_CASELOADS.c.subject, _CASELOADS.c.feed).where(
        _CASELOADS.c.subject.in_(wanted), _CASELOADS.c.to_at.is_(None)
    )
    return {row.subject: row.feed for row in db.execute(query)}


def _move(db: Connection, moved: Mapping[str, str], numbering: Numbering) -> None:
    """Rewrite the caseload of subjects: everything about them leaves its old feed and enters the new one."""
    if not moved:
        return
    at = moment(datetime.now(UTC))
    open_rows = (_CASELOADS.c.subject.in_(moved), _CASELOADS.c.to_at.is_(None))
    db.execute(update(_CASELOADS).where(*open_rows).values(to_at=at))
    put_rows(db, _CASELOADS, [{"subject": s, "feed": feed, "from_at": at} for s, feed in moved.items()])
    query = (
        select(_ROWS.c.feed, _ROWS.c.record, _RECORDS.c.subject)
        .join_from(_ROWS, _RECORDS, _RECORDS.c.id == _ROWS.c.record)
        .where(_RECORDS.c.subject.in_(moved), _ROWS.c.kind == VERSION)
    )
    for feed, record, subject in db.execute(query).all():
        if feed != moved[subject]:
            numbering.leave(feed, record)
            numbering.version(moved[subject], record)


def _rows_of(db: Connection, records: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if records:
        query = select(_ROWS.c.record, _ROWS.c.feed).where(_ROWS.c.record.in_(records), _ROWS.c.kind == VERSION)
        for record, feed in db.execute(query):
            found.setdefault(record, []).append(feed)
    return found
