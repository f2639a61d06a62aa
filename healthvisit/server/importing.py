"""The office as a writer of its own: turns a register's lines into changes and takes them in like any device's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from healthvisit.domain.change import Change, Op, chain_start, next_hlc
from healthvisit.domain.errors import OfficeError
from healthvisit.domain.household import Enrolment, Household, Membership, Role
from healthvisit.domain.ids import HouseholdId, PersonId, derived_id, new_change_id, programme_number
from healthvisit.domain.names import strict_key
from healthvisit.domain.person import Person, PersonKind, Phone, Sex
from healthvisit.domain.record import Kind, body_of
from healthvisit.packs.loader import load
from healthvisit.server import intake, register
from healthvisit.server.database import moment
from healthvisit.server.enrolment import caseload_named
from healthvisit.server.feeds import device_feed
from healthvisit.server.folder import Office
from healthvisit.server.lines import prepare
from healthvisit.server.lookalikes import Candidate
from healthvisit.server.register import Entry, Register
from healthvisit.server.tables import TABLES
from healthvisit.settings import resource
from healthvisit.wire.segment import cut

_RECORDS, _INCS, _SERVER, _MEMBERS = (TABLES[n] for n in ("record", "incarnation", "server", "member"))
_PER_SEGMENT = 200
_PACK = "packs/tm-default"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    families: int
    people: int
    records: int
    register: Register


def import_register(
    office: Office, data: bytes, *, caseload: str, now: datetime, today: date, dry_run: bool
) -> Imported:
    """Bring a register into a caseload (by name, made when absent).

    Raises:
        InputError: those of `register.read`.
        OfficeError: ``register.interrupted``: another import ran at the same time; start it again.
    """
    feed = _feed(office, caseload, dry_run=dry_run)
    with office.db.read() as db:
        known = _known(db)
    read = register.read(data, caseload=feed or caseload, today=today, places=_places(), known=known)
    read = register.without(read, (candidate.person for candidate in known))
    with office.db.read() as db:
        present = _present(db, read.entries)
    writer = _Writer(office, present, now, today)
    families = list(writer.families(read.entries))
    if not dry_run:
        writer.push(families, str(feed))
    records = [change for family in families for change in family]
    counted = {kind: sum(c.kind == kind for c in records) for kind in (Kind.HOUSEHOLD, Kind.PERSON)}
    return Imported(counted[Kind.HOUSEHOLD], counted[Kind.PERSON], len(records), read)


def _feed(office: Office, caseload: str, *, dry_run: bool) -> str | None:
    if dry_run:
        feeds = TABLES["feed"]
        with office.db.read() as db:
            return db.execute(select(feeds.c.id).where(feeds.c.kind == "caseload", feeds.c.name == caseload)).scalar()
    return office.db.write(lambda db: caseload_named(db, caseload))


def _places() -> dict[str, str]:
    pack = load(resource(_PACK))
    return {strict_key(name): place.code for place in pack.places for name in place.name.values()}


def _known(db: Connection) -> list[Candidate]:
    """Every child the office has, as the search for look-alikes sees it."""
    rows = db.execute(select(_RECORDS.c.id, _RECORDS.c.kind, _RECORDS.c.version).where(~_RECORDS.c.void))
    bodies: dict[str, dict[str, dict[str, Any]]] = {Kind.PERSON: {}, Kind.HOUSEHOLD: {}}
    for row in rows:
        if row.kind in bodies:
            bodies[row.kind][row.id] = msgspec.json.decode(row.version)["body"]
    members = select(_MEMBERS.c.person, _MEMBERS.c.household).where(_MEMBERS.c.present)
    homes = {row.person: bodies[Kind.HOUSEHOLD].get(row.household, {}) for row in db.execute(members)}
    people = bodies[Kind.PERSON]
    children = {name: body for name, body in people.items() if body.get("kind") == PersonKind.CHILD}
    return [_candidate(name, body, people, homes.get(name, {})) for name, body in children.items()]


def _candidate(name: str, body: dict[str, Any], people: dict[str, dict[str, Any]], home: dict[str, Any]) -> Candidate:
    phones = [phone.get("number", "") for phone in home.get("phones", ()) if isinstance(phone, dict)]
    born_on = str(body.get("born_on", ""))
    return Candidate(
        ref=f"person {name}",
        person=name,
        names=_names(body),
        born_on=date.fromisoformat(born_on) if born_on else None,
        sex=str(body.get("sex", "unknown")),
        mother=_names(people.get(str(body.get("mother")), {})),
        phone=phones[0] if phones else "",
        place=str(home.get("place", "")),
    )


def _names(body: dict[str, Any]) -> str:
    return f"{body.get('surname', '')} {body.get('given_name', '')}".strip()


def _present(db: Connection, entries: Iterable[Entry]) -> set[str]:
    ids = {name for e in entries for name in (e.household, e.mother_id, e.person) if name}
    return set(db.execute(select(_RECORDS.c.id).where(_RECORDS.c.id.in_(ids))).scalars())


class _Writer:
    """Makes the office's own changes, each family's together, and pushes them under the centre's key."""

    def __init__(self, office: Office, present: set[str], now: datetime, today: date) -> None:
        self._office = office
        self._present = set(present)
        self._now = now
        self._today = today
        self._device = derived_id("office", office.server_id)
        self._worker = derived_id("office-worker", office.server_id)
        self._inc = derived_id("office-inc", office.server_id)[:16]
        self._stamp = ""
        self._serial = 0
        self._mothers: set[str | None] = set()

    def families(self, entries: Iterable[Entry]) -> Iterator[list[Change]]:
        """The changes of each family that are not there yet; the first line of a family gives its address."""
        with self._office.db.read() as db:
            self._serial = db.execute(select(_SERVER.c.serial)).scalar_one()
        grouped: dict[str, list[Entry]] = {}
        for entry in entries:
            grouped.setdefault(entry.household, []).append(entry)
        self._mothers = {entry.mother_id for members in grouped.values() for entry in members}
        for members in grouped.values():
            adults_first = sorted(
                members, key=lambda e: e.is_child(self._today)
            )  # a mother's own line knows more of her
            yield [change for entry in adults_first for change in self._changes(entry)]

    def _changes(self, entry: Entry) -> Iterator[Change]:
        if entry.household not in self._present:
            self._serial += 1
            number = programme_number(self._device, self._serial)
            body = body_of(_household(entry, number))
            if entry.family:
                body["register_number"] = entry.family  # of the paper book; kept, not shown yet
            yield self._new(Kind.HOUSEHOLD, entry.household, entry.household, body)
        if entry.mother_id and entry.mother_id not in self._present:
            surname, given_name, patronymic = register.split_name(entry.mother)
            mother = Person(
                id=PersonId(entry.mother_id), kind=PersonKind.ADULT, sex=Sex.FEMALE,
                surname=surname, given_name=given_name, patronymic=patronymic,
            )  # fmt: skip
            yield from self._person(mother, entry.household, Role.MOTHER)
        if entry.person not in self._present:
            is_child = entry.is_child(self._today)
            person = Person(
                id=PersonId(entry.person), kind=PersonKind.CHILD if is_child else PersonKind.ADULT, sex=Sex(entry.sex),
                surname=entry.surname, given_name=entry.given_name, patronymic=entry.patronymic, born_on=entry.born_on,
                mother=PersonId(entry.mother_id) if entry.mother_id else None,
            )  # fmt: skip
            role = Role.CHILD if is_child else Role.MOTHER if entry.person in self._mothers else Role.OTHER
            yield from self._person(person, entry.household, role)

    def _person(self, person: Person, household: str, role: Role) -> Iterator[Change]:
        yield self._new(Kind.PERSON, person.id, person.id, body_of(person))
        joined = Membership(
            id=derived_id("register", household, person.id), person=person.id, household=HouseholdId(household),
            role=role, from_on=self._today,
        )  # fmt: skip
        yield self._new(Kind.MEMBERSHIP, joined.id, person.id, body_of(joined))
        if person.kind is PersonKind.CHILD:
            enrolled = Enrolment(
                id=derived_id("register", "enrolment", person.id), person=person.id, from_on=self._today
            )
            yield self._new(Kind.ENROLMENT, enrolled.id, person.id, body_of(enrolled))

    def _new(self, kind: Kind, record: str, subject: str, body: dict[str, Any]) -> Change:
        self._present.add(record)
        self._stamp = next_hlc(self._stamp, self._now)
        return Change(
            chg=new_change_id(), record=record, kind=kind, subject=subject, op=Op.NEW, hlc=self._stamp,
            by=self._worker, body=body,
        )  # fmt: skip

    def push(self, families: list[list[Change]], feed: str) -> None:
        """Take them in, at most some hundred changes at a time, no family cut in two."""
        self._office.db.write(lambda db: self._register_office(db, feed))
        batch: list[Change] = []
        for family in families:
            if batch and len(batch) + len(family) > _PER_SEGMENT:
                self._push(batch, feed)
                batch = []
            batch += family
        if batch:
            self._push(batch, feed)

    def _push(self, changes: list[Change], feed: str) -> None:
        with self._office.db.read() as db:
            at = db.execute(select(_INCS).where(_INCS.c.device == self._device, _INCS.c.inc == self._inc)).one_or_none()
        prev = at.last_hash if at else chain_start(self._device, self._inc)
        first = at.through + 1 if at else 1
        lines = [change.line() for change in changes]
        sign = self._office.centre.sign
        data = cut(lines, device=self._device, inc=self._inc, first=first, prev=prev, sign=sign)
        prepared = prepare(data, device=self._device, public_key=self._office.centre.public)
        answer, _ = self._office.db.write(lambda db: intake.apply(db, prepared, self._device, self._now, home=feed))
        if answer.state != "ok":
            raise OfficeError("register.interrupted")

    def _register_office(self, db: Connection, feed: str) -> None:
        db.execute(update(_SERVER).values(serial=self._serial))
        devices, people, workers = TABLES["device"], TABLES["device_person"], TABLES["worker"]
        if db.execute(select(devices.c.id).where(devices.c.id == self._device)).scalar() is None:
            at = moment(self._now)
            key = self._office.centre.public.hex()
            db.execute(insert(devices).values(id=self._device, key=key, status="office", home=feed, enrolled_at=at))
            db.execute(insert(workers).values(id=self._worker, name="office"))
            db.execute(insert(people).values(device=self._device, worker=self._worker, from_at=at))
            db.execute(insert(TABLES["feed"]).values(id=device_feed(self._device), kind="device"))


def _household(entry: Entry, number: str) -> Household:
    phones: tuple[Phone, ...] = ()
    if entry.phone_typed:
        name = derived_id("register", entry.household, "phone", entry.phone or entry.phone_typed)
        phones = (Phone(id=name, number=entry.phone, raw=entry.phone_typed),)
    return Household(
        id=HouseholdId(entry.household), number=number, address=entry.address, place=entry.village, phones=phones,
        name=entry.surname or register.split_name(entry.mother)[0] or entry.given_name,
    )  # fmt: skip
