"""From sealed rows to read-model rows: one function a kind, the same for a fresh save, a pull and a rebuild."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert_into
from sqlalchemy.exc import SQLAlchemyError

from healthvisit.domain.attachment import named_by_record
from healthvisit.domain.change import Change
from healthvisit.domain.development import Assessment, DevelopmentCheck, Milestone
from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.household import Enrolment, Household, Membership
from healthvisit.domain.measurement import Growth
from healthvisit.domain.merge import Outcome, fold
from healthvisit.domain.names import loose_key, strict_key
from healthvisit.domain.person import Birth, Person, Pregnancy
from healthvisit.domain.record import Kind, Record, decode
from healthvisit.domain.referral import PlannedContact, Referral, Task
from healthvisit.domain.visit import Visit, VisitPart
from healthvisit.store.readmodel import TABLES

CONTAINED_WHEN_PULLED = -1  # rev of an own change the office has, whose answer was lost
DEVICE_ENDED = "device.revoked"  # the one refusal that says nothing of the change: what was made here stays in sight

_UNUSABLE = (HealthvisitError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, SQLAlchemyError)

Read = Callable[[int], Mapping[str, Any]]

_NAMES_FILES = (Kind.VISIT, Kind.VISIT_PART)
_SHOWN_VOID = (Kind.VISIT, Kind.VISIT_PART)  # their rows say that they are void; of all else no list shows a void one

_HEAD = TABLES["head"]
_OWN = TABLES["own_change"]
_META = TABLES["meta"]


def project(
    connection: Connection, read: Read, seq: int, row: Mapping[str, Any], later: set[str] | None = None
) -> str | None:
    """Write what one sealed row means into the read model.

    Args:
        connection: In the read model's own transaction.
        read: Opens another sealed row by its number.
        seq: The row's number in the vault.
        row: Its payload.
        later: Takes the ids of records to `refresh` when all rows are projected. Rows replayed on top of a snapshot
            need it: until the last of them, the snapshot may name rows that others have since replaced.

    Returns:
        The kind of record that changed, if any: what screens may want to read again.
    """
    match row["t"]:
        case "change":
            return _project_change(connection, read, seq, row, later)
        case "version":
            return _project_version(connection, read, seq, row, later)
        case "draft" | "file" as kind:
            _put(connection, kind, row["row"])
            return str(kind)
        case "gone" if (kind := row.get("was")) in ("draft", "file"):
            connection.execute(delete(TABLES[kind]).where(TABLES[kind].c.id == row["id"]))
            return str(kind)
        case "gone" if row.get("was") == "version":
            connection.execute(update(_HEAD).where(_HEAD.c.record == row["id"]).values(version_seq=None, feeds=""))
            return _refresh_now_or(later, connection, read, row["id"])
    return None


def shown(connection: Connection, read: Read, record: str) -> Record | None:
    """The record as a person sees it: the pulled version with own changes that it does not contain."""
    head = connection.execute(_SELECT_HEAD, {"record": record}).one_or_none()
    return None if head is None else _fold(read, head.version_seq, head.own)


def refresh(connection: Connection, read: Read, record: str) -> str | None:
    """Bring the read-model rows of one record up to its sealed rows; rows of a hidden record go away."""
    head = connection.execute(_SELECT_HEAD, {"record": record}).one_or_none()
    if head is None:
        return None
    current = None if head.hidden else _fold(read, head.version_seq, head.own)
    if current is None:
        _erase(connection, head.kind, record)
    else:
        _write(connection, current)
    return str(head.kind)


def _refresh_now_or(later: set[str] | None, connection: Connection, read: Read, record: str) -> str | None:
    if later is None:
        return refresh(connection, read, record)
    later.add(record)
    return None


def _fold(read: Read, version_seq: int | None, own: str) -> Record | None:
    version = None if version_seq is None else _version(read(version_seq))
    changes = [Change.parse(read(int(seq))["line"].encode()) for seq in own.split(",") if seq]
    try:
        return fold(version, changes)
    except _UNUSABLE:
        # somebody else's version has a shape this program does not know: it is shown as it came, ours stays sealed
        return version


def _project_change(
    connection: Connection, read: Read, seq: int, row: Mapping[str, Any], later: set[str] | None
) -> str:
    change = Change.parse(row["line"].encode())
    outcome = row.get("outcome")
    values = {
        "chg": change.chg, "record": change.record, "kind": change.kind, "inc": row["inc"], "number": row["d"],
        "chain": row["h"], "unit": row["unit"], "row_seq": seq, "hlc": change.hlc, "outcome": outcome,
        "code": row.get("code"), "rev": row.get("rev", 0),
    }  # fmt: skip
    before = connection.execute(_SELECT_OWN, {"chg": change.chg}).scalar_one_or_none()
    _put(connection, "own_change", values)
    note_stamp(connection, change.hlc)
    head = connection.execute(_SELECT_HEAD, {"record": change.record}).one_or_none()
    own = [s for s in (head.own.split(",") if head else []) if s and s != str(before)]
    rev = values["rev"]
    contained = (
        (outcome == Outcome.QUARANTINED and row.get("code") != DEVICE_ENDED)
        or (head is not None and head.version_seq is not None and 0 < rev <= head.rev)
        or rev == CONTAINED_WHEN_PULLED
    )
    if not contained:
        own = _in_order(connection, [*own, str(seq)])
    if head is None:
        values = {"record": change.record, "kind": change.kind, "subject": change.subject, "own": ",".join(own)}
        _put(connection, "head", {"rev": 0, "void": False, "conflicts": 0, "feeds": "", "hidden": False, "hash": "",
                                  "version_seq": None, **values})  # fmt: skip
    else:
        left = head.version_seq is not None and not head.feeds and not own
        connection.execute(_UPDATE_OWN, {"b_record": change.record, "own": ",".join(own), "hidden": left})
    if later is None and head is None and not contained and change.body is not None:
        refresh_from = Record(
            kind=change.kind, id=change.record, subject=change.subject, rev=0, body=change.body, hlc={}
        )
        _write(connection, refresh_from)
    else:
        _refresh_now_or(later, connection, read, change.record)
    return change.kind


def _in_order(connection: Connection, own: list[str]) -> list[str]:
    """Own changes of a record in the order they were made: by stamp, which never falls on one device."""
    if len(own) == 1:
        return own
    found = connection.execute(select(_OWN.c.row_seq).where(_OWN.c.row_seq.in_(map(int, own))).order_by(_OWN.c.hlc))
    return [str(row_seq) for (row_seq,) in found]


def _project_version(
    connection: Connection, read: Read, seq: int, row: Mapping[str, Any], later: set[str] | None
) -> str:
    record = row["record"]
    rev = row["rev"]
    head = connection.execute(_SELECT_HEAD, {"record": record}).one_or_none()
    own: list[str] = []
    if head is not None and head.own:
        waiting = connection.execute(
            select(_OWN.c.row_seq, _OWN.c.rev).where(_OWN.c.row_seq.in_([int(s) for s in head.own.split(",")]))
        ).all()
        still = {str(r.row_seq) for r in waiting if not (0 < r.rev <= rev or r.rev == CONTAINED_WHEN_PULLED)}
        own = [s for s in head.own.split(",") if s in still]
    values = {
        "record": record, "kind": row["kind"], "subject": row.get("subject"), "version_seq": seq, "rev": rev,
        "own": ",".join(own), "void": row.get("void", False), "conflicts": len(row.get("conflicts", ())),
        "feeds": ",".join(row["feeds"]), "hidden": not row["feeds"] and not own, "hash": row.get("hash", ""),
    }  # fmt: skip
    _put(connection, "head", values)
    for stamp in row.get("hlc", {}).values():
        note_stamp(connection, stamp)
    if own or values["hidden"] or later is not None:
        _refresh_now_or(later, connection, read, record)
    elif (version := _version(row)) is not None:
        _write(connection, version)
    return str(row["kind"])


def _version(row: Mapping[str, Any]) -> Record | None:
    """A pulled version; None of one whose frame this program cannot read: it stays sealed and blocks nothing."""
    try:
        return Record.from_json(row)
    except _UNUSABLE:
        return None


def note_stamp(connection: Connection, stamp: str) -> None:
    """Remember the highest stamp made or pulled: the next one exceeds it."""
    connection.execute(_NOTE_STAMP, {"name": "hlc", "value": stamp})


def _write(connection: Connection, record: Record) -> None:
    try:
        kind = Kind(record.kind)
    except ValueError:
        return  # a newer program's kind: kept sealed, shown raw by those who know it
    shown_as = {"b_record": record.id, "void": record.void, "conflicts": len(record.conflicts)}
    connection.execute(_UPDATE_SHOWN, shown_as)
    if record.void and kind not in _SHOWN_VOID:
        _erase(connection, kind, record.id)
        return
    if (writer := _WRITERS.get(kind)) is None:
        return
    try:
        writer(connection, record)
        if kind in _NAMES_FILES:
            for sha256 in named_by_record(record.body):  # a part never changes what it names
                _put(connection, "named_file", {"record": record.id, "file": sha256})
    except _UNUSABLE:
        _erase(connection, kind, record.id)  # one bad record never blocks the rest; its sealed row stays


def _erase(connection: Connection, kind: str, record: str) -> None:
    if kind in _NAMES_FILES:
        connection.execute(delete(TABLES["named_file"]).where(TABLES["named_file"].c.record == record))
    if kind in TABLES:
        connection.execute(delete(TABLES[kind]).where(TABLES[kind].c.id == record))
    if kind == Kind.VISIT_PART:
        connection.execute(delete(TABLES["growth"]).where(TABLES["growth"].c.part == record))


def _put(connection: Connection, table: str, values: Mapping[str, Any]) -> None:
    connection.execute(_UPSERTS[table], values)


def _upsert(table: Table) -> Any:
    return insert(table).prefix_with("OR REPLACE")


_UPSERTS = {name: _upsert(table) for name, table in TABLES.items()}
_SELECT_HEAD = select(_HEAD).where(_HEAD.c.record == bindparam("record"))
_SELECT_OWN = select(_OWN.c.row_seq).where(_OWN.c.chg == bindparam("chg"))
_UPDATE_SHOWN = (
    update(_HEAD)
    .where(_HEAD.c.record == bindparam("b_record"))
    .values(void=bindparam("void"), conflicts=bindparam("conflicts"))
)
_NOTE_STAMP = upsert_into(_META)
_NOTE_STAMP = _NOTE_STAMP.on_conflict_do_update(
    index_elements=["name"], set_={"value": func.max(_META.c.value, _NOTE_STAMP.excluded.value)}
)
_UPDATE_OWN = (
    update(_HEAD)
    .where(_HEAD.c.record == bindparam("b_record"))
    .values(own=bindparam("own"), hidden=bindparam("hidden"))
)


def _made(cls: Any, record: Record) -> Any:
    return decode(cls, {**record.body, "id": record.id})


def _household(connection: Connection, record: Record) -> None:
    h: Household = _made(Household, record)
    words = f"{h.name} {h.number}"
    _put(connection, "household", {
        "id": h.id, "number": h.number, "name": h.name, "address": h.address, "place": h.place,
        "language": h.language, "note": h.note, "may_ring": h.may_ring, "two_go": h.two_go, "moved_on": h.moved_on,
        "phones": " ".join(p.number for p in h.phones), "strict": strict_key(words), "loose": loose_key(words),
    })  # fmt: skip


def _person(connection: Connection, record: Record) -> None:
    p: Person = _made(Person, record)
    words = " ".join((p.surname, p.given_name, p.patronymic, *p.aliases))
    _put(connection, "person", {
        "id": p.id, "kind": p.kind.value, "sex": p.sex.value, "surname": p.surname, "given_name": p.given_name,
        "patronymic": p.patronymic, "born_on": p.born_on, "born_precision": p.born_precision.value,
        "died_on": p.died_on, "mother": p.mother, "phones": " ".join(x.number for x in p.phones),
        "strict": strict_key(words), "loose": loose_key(words),
    })  # fmt: skip


def _birth(connection: Connection, record: Record) -> None:
    b: Birth = decode(Birth, record.body)
    _put(connection, "birth", {
        "id": record.id, "person": b.person, "gestation_days": b.gestation_days, "weight_g": b.weight_g,
        "birth_order": b.order, "birth_of": b.of, "left_on": b.left_on,
    })  # fmt: skip


def _membership(connection: Connection, record: Record) -> None:
    m: Membership = _made(Membership, record)
    _put(connection, "membership", {
        "id": m.id, "person": m.person, "household": m.household, "role": m.role.value, "from_on": m.from_on,
        "to_on": m.to_on,
    })  # fmt: skip


def _enrolment(connection: Connection, record: Record) -> None:
    e: Enrolment = _made(Enrolment, record)
    values = {"id": e.id, "person": e.person, "from_on": e.from_on, "to_on": e.to_on}
    _put(connection, "enrolment", values)


def _visit(connection: Connection, record: Record) -> None:
    v: Visit = _made(Visit, record)
    agreement = v.family.entry("agreement") or {}
    _put(connection, "visit", {
        "id": v.id, "household": v.household, "worker": v.worker, "on": v.on,
        "started_at": v.started_at.isoformat(), "signed_at": v.signed_at.isoformat() if v.signed_at else "",
        "place": v.place.value, "source": v.source.value, "amends": v.amends, "reason": v.reason,
        "next_on": v.next_on, "agreed": agreement.get("agreed", ""), "void": record.void,
    })  # fmt: skip


def _part(connection: Connection, record: Record) -> None:
    p: VisitPart = _made(VisitPart, record)
    _put(connection, "visit_part", {
        "id": p.id, "visit": p.visit, "person": p.person, "on": p.on, "code": p.code, "amends": p.amends,
        "void": record.void,
    })  # fmt: skip
    fields = p.entry("growth")
    if fields is None:
        return
    g = decode(Growth, fields)
    scores = {s.indicator: [None if s.z is None else str(s.z), s.flagged, s.why_not] for s in g.scores}
    _put(connection, "growth", {
        "part": p.id, "person": p.person, "on": g.on, "weight_g": g.weight_g, "length_mm": g.length_mm,
        "posture": g.posture.value if g.posture else None, "head_mm": g.head_mm, "muac_mm": g.muac_mm,
        "oedema": g.oedema.value if g.oedema else None, "age_days": g.age_days, "corrected": g.corrected,
        "scores": json.dumps(scores), "standard": g.standard, "engine": g.engine,
    })  # fmt: skip


def _planned(connection: Connection, record: Record) -> None:
    p: PlannedContact = _made(PlannedContact, record)
    _put(connection, "planned_contact", {
        "id": p.id, "person": p.person, "code": p.code, "agreed_on": p.agreed_on, "cancelled": p.cancelled,
        "attempts": json.dumps([[a.on.isoformat(), a.reason] for a in p.attempts]),
    })  # fmt: skip


def _pregnancy(connection: Connection, record: Record) -> None:
    p: Pregnancy = _made(Pregnancy, record)
    values = {"id": p.id, "mother": p.mother, "due_on": p.due_on, "ended_on": p.ended_on}
    _put(connection, "pregnancy", values)


def _referral(connection: Connection, record: Record) -> None:
    r: Referral = _made(Referral, record)
    _put(connection, "referral", {
        "id": r.id, "person": r.person, "household": r.household, "reason": r.reason, "urgency": r.urgency.value,
        "status": r.status.value, "made_at": r.made_at.isoformat(), "ask_on": r.ask_on, "screen": r.screen,
        "arrived": r.arrived_at is not None,
    })  # fmt: skip


def _task(connection: Connection, record: Record) -> None:
    t: Task = _made(Task, record)
    _put(connection, "task", {
        "id": t.id, "household": t.household, "person": t.person, "reason": t.reason, "due_on": t.due_on,
        "state": t.state,
    })  # fmt: skip


def _check(connection: Connection, record: Record) -> None:
    c: DevelopmentCheck = _made(DevelopmentCheck, record)
    _put(connection, "development_check", _dated(c))


def _assessment(connection: Connection, record: Record) -> None:
    a: Assessment = _made(Assessment, record)
    _put(connection, "assessment", _dated(a))


def _dated(made: DevelopmentCheck | Assessment) -> dict[str, Any]:
    return {
        "id": made.id, "person": made.person, "on": made.on, "made_at": made.made_at.isoformat(),
        "amends": ",".join(made.amends),
    }  # fmt: skip


def _milestone(connection: Connection, record: Record) -> None:
    m: Milestone = _made(Milestone, record)
    _put(connection, "milestone", {
        "id": m.id, "person": m.person, "code": m.code, "said_on": m.said_on, "made_at": m.made_at.isoformat(),
        "months": m.months,
    })  # fmt: skip


_WRITERS: dict[Kind, Callable[[Connection, Record], None]] = {
    Kind.HOUSEHOLD: _household,
    Kind.PERSON: _person,
    Kind.BIRTH: _birth,
    Kind.MEMBERSHIP: _membership,
    Kind.ENROLMENT: _enrolment,
    Kind.PREGNANCY: _pregnancy,
    Kind.VISIT: _visit,
    Kind.VISIT_PART: _part,
    Kind.PLANNED_CONTACT: _planned,
    Kind.REFERRAL: _referral,
    Kind.TASK: _task,
    Kind.DEVELOPMENT_CHECK: _check,
    Kind.ASSESSMENT: _assessment,
    Kind.MILESTONE: _milestone,
}
