"""A household and its people as lists show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from healthvisit.domain.person import PersonKind, Precision
from healthvisit.domain.schedule import OPEN_STATES, Contact
from healthvisit.packs.pack import Pack
from healthvisit.services import dues
from healthvisit.store.people import Caseload, Members


class Group(StrEnum):
    """Where a household stands in Today, in this order."""

    NOW = "now"
    STARTED = "started"
    OVERDUE = "overdue"
    DUE = "due"
    SOON = "soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person as lists show them. `name` is empty for a newborn: then `mother_name` and `order` give the words."""

    id: str
    kind: PersonKind
    role: str
    sex: str
    name: str = field(repr=False)
    surname: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    patronymic: str = field(default="", repr=False)
    born_on: date | None = field(repr=False)
    born_precision: Precision
    order: int | None = None
    of: int | None = None
    mother_name: str = field(default="", repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    died_on: date | None = field(default=None, repr=False)
    left_on: date | None = None
    contact: Contact | None = None
    pregnant: bool = False

    @property
    def is_due(self) -> bool:
        """Whether a contact is open."""
        return self.contact is not None and self.contact.state in OPEN_STATES

    @property
    def is_child(self) -> bool:
        """Whether somebody is visited as a child."""
        return self.kind is PersonKind.CHILD


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdLine:
    """One row of Today or Families: a household with its people; `due` are those with an open contact.

    `ask_arrival` is the referral whose arrival nobody confirmed yet, `follow_up` a contact owed today after one.
    """

    id: str
    number: str
    name: str = field(repr=False)
    place: str
    address: str = field(repr=False)
    note: str = field(repr=False)
    phones: tuple[str, ...] = field(repr=False)
    may_ring: bool | None
    two_go: bool
    moved_on: date | None
    persons: tuple[PersonLine, ...] = field(repr=False)
    language: str = ""
    in_round: bool = False
    ask_arrival: str | None = None
    follow_up: bool = False
    group: Group | None = None
    sort_on: date | None = None
    last_seen: date | None = None
    draft: str | None = None
    draft_page: str = ""
    draft_at: datetime | None = None

    @property
    def due(self) -> tuple[PersonLine, ...]:
        """People with an open contact, the longest waiting first."""
        waiting = [p for p in self.persons if p.is_due and p.contact]
        return tuple(sorted(waiting, key=lambda p: p.contact.closes_on if p.contact else date.max))

    @property
    def next_on(self) -> date | None:
        """The next day somebody of the household is to be seen."""
        days = (p.contact.agreed_on or p.contact.target_on for p in self.persons if p.contact)
        return min(days, default=None)

    @property
    def children(self) -> tuple[PersonLine, ...]:
        """Its children, the youngest first."""
        return tuple(p for p in self.persons if p.is_child)

    @property
    def mother(self) -> PersonLine | None:
        """Its mother, where one is known."""
        return next((p for p in self.persons if p.role == "mother" and p.died_on is None), None)


def household_line(loaded: Caseload, pack: Pack, household: str, *, today: date, **facts: Any) -> HouseholdLine:
    """A household with its next contacts computed for any day; `facts` are further fields of the line."""
    return line_of(loaded, household, dues.contacts_of(loaded, pack, household, today=today), **facts)


def line_of(who: Members, household: str, made: Mapping[str, Contact], **facts: Any) -> HouseholdLine:
    """A household as lists show it, children first by age.

    Args:
        who: What holds the household.
        household: Id.
        made: Its people's next contacts.
        facts: Further fields of the line: its group, when it was last seen, its draft.
    """
    row = who.households[household]
    persons = [_person_line(who, p, made.get(p)) for p in who.members.get(household, ()) if p in who.persons]
    persons.sort(key=lambda p: (p.kind is not PersonKind.CHILD, p.born_on is None, -_ordinal(p.born_on), p.order or 0))
    return HouseholdLine(
        id=row.id, number=row.number, name=row.name, place=row.place, address=row.address, note=row.note,
        phones=tuple(row.phones.split()), may_ring=row.may_ring, two_go=row.two_go, moved_on=row.moved_on,
        persons=tuple(persons), language=row.language, **facts,
    )  # fmt: skip


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _person_line(who: Members, person: str, contact: Contact | None) -> PersonLine:
    row = who.persons[person]
    birth = who.births.get(person)
    mother = who.persons.get(row.mother) if row.mother else None
    return PersonLine(
        id=row.id, kind=PersonKind(row.kind), role=who.roles.get(person, "other"), sex=row.sex,
        name=" ".join(x for x in (row.surname, row.given_name) if x) if row.given_name or not row.mother else "",
        surname=row.surname, given_name=row.given_name, patronymic=row.patronymic, phones=tuple(row.phones.split()),
        born_on=row.born_on, born_precision=Precision(row.born_precision), left_on=who.ended_on.get(person),
        order=birth.birth_order if birth and (birth.birth_of or 1) > 1 else None,
        of=birth.birth_of if birth else None,
        mother_name=" ".join(x for x in (mother.given_name, mother.surname) if x) if mother else "",
        died_on=row.died_on, contact=contact,
        pregnant=person in who.pregnancies,
    )  # fmt: skip
