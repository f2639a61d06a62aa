"""Find and list: who is due today, the families, one family, one child. Reads only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from healthvisit.domain.names import strict_key
from healthvisit.domain.person import PersonKind, Precision
from healthvisit.domain.schedule import (
    OPEN_STATES,
    SOON_DAYS,
    Anchor,
    Contact,
    State,
    contacts,
    next_contact,
    plans_near,
)
from healthvisit.packs.pack import Pack
from healthvisit.store import drafts, people, visits
from healthvisit.store.people import Caseload
from healthvisit.store.unit_of_work import UnitOfWork
from healthvisit.store.visits import GrowthPoint

_GESTATION_DAYS = 280


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
        return _next_on(p.contact for p in self.persons if p.contact)

    @property
    def children(self) -> tuple[PersonLine, ...]:
        """Its children, the youngest first."""
        return tuple(p for p in self.persons if p.kind is PersonKind.CHILD)

    @property
    def mother(self) -> PersonLine | None:
        """Its mother, where one is known."""
        return next((p for p in self.persons if p.role == "mother" and p.died_on is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayView:
    """The home screen: rows in order of urgency; `next_rows` is what comes after when nothing is due."""

    day: date
    rows: tuple[HouseholdLine, ...] = field(repr=False)
    households: int
    next_on: date | None
    next_count: int
    signed_today: int

    def count(self, group: Group) -> int:
        """How many rows stand in a group."""
        return sum(row.group is group for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A search result; `exact` False means found by another spelling."""

    household: HouseholdLine = field(repr=False)
    person: PersonLine | None = field(repr=False)
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """One deed of the timeline. `sent` is None when the visit came from the office or another laptop."""

    id: str
    on: date
    worker: str = field(repr=False)
    codes: tuple[str, ...]
    persons: tuple[str, ...]
    source: str
    amends: str | None
    replaced: bool
    void: bool
    agreed: str = field(repr=False)
    next_on: date | None
    sent: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """One family: people, timeline, open referrals."""

    household: HouseholdLine = field(repr=False)
    timeline: tuple[VisitLine, ...] = field(repr=False)
    referrals: tuple[Mapping[str, object], ...] = field(repr=False)
    tasks: int
    growth: Mapping[str, tuple[GrowthPoint, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildView:
    """One child: facts, growth points oldest first, every contact with its state, visits."""

    person: PersonLine = field(repr=False)
    household: HouseholdLine = field(repr=False)
    gestation_days: int | None = field(repr=False)
    birth_weight_g: int | None = field(repr=False)
    growth: tuple[GrowthPoint, ...] = field(repr=False)
    contacts: tuple[Contact, ...] = field(repr=False)
    visits: tuple[VisitLine, ...] = field(repr=False)


def today_view(work: UnitOfWork, pack: Pack, *, today: date) -> TodayView:
    """Who is to be seen: confirmed dangers first, then started visits, overdue, due, soon."""
    loaded = people.load_caseload(work, today=today)
    drafted = {d["household"]: d for d in reversed(drafts.list_drafts(work)) if d["amends"] is None}  # the newest
    seen = visits.last_seen(work)
    asked, owed = _urgent(work, loaded, seen, today)
    chosen = round_of(work, today=today)
    rows = []
    ahead = []
    for home in loaded.households.values():  # a line is built only for who stands in a group: of thousands few do
        made = _next_contacts(loaded, pack, home.id, today)
        group, sort_on = _group(made.values(), today)
        next_on = _next_on(made.values())
        if next_on is not None and next_on > today and not home.moved_on:
            ahead.append(next_on)
        if home.id in asked or home.id in owed:
            group, sort_on = Group.NOW, today
        elif home.id in drafted:
            group = Group.STARTED
        if group is None or (home.moved_on and group is not Group.NOW):
            continue
        row = household_line(
            loaded, pack, home.id, today=today, made=made, group=group, sort_on=sort_on, last_seen=seen.get(home.id),
            in_round=home.id in chosen, ask_arrival=asked.get(home.id), follow_up=home.id in owed,
            **_draft_facts(drafted.get(home.id)),
        )  # fmt: skip
        rows.append(row)
    order = {group: place for place, group in enumerate(Group)}
    rows.sort(key=lambda r: (order[r.group or Group.SOON], r.sort_on or date.max, r.place, strict_key(r.address)))
    soonest = min(ahead, default=None)
    return TodayView(
        day=today,
        rows=tuple(rows),
        households=len(loaded.households),
        next_on=soonest,
        next_count=ahead.count(soonest) if soonest else 0,
        signed_today=len(visits.signed_on(work, today)),
    )


def families(work: UnitOfWork, pack: Pack, *, today: date) -> list[HouseholdLine]:
    """Every family of this laptop by name."""
    loaded = people.load_caseload(work, today=today)
    seen = visits.last_seen(work)
    lines = [household_line(loaded, pack, h, today=today, last_seen=seen.get(h)) for h in loaded.households]
    return sorted(lines, key=lambda line: (strict_key(line.name), line.number))


def search(work: UnitOfWork, pack: Pack, text: str, *, today: date) -> list[Found]:
    """People and families by any letters of a name, a phone or a number; exact spelling first."""
    typed = "".join(text.split())
    if len(typed) > 1 and len(strict_key(typed)) == 1:  # "zzzz" folds to one letter, which half the names hold
        return []
    matches = people.search(work, text)
    found = dict.fromkeys(m.household for m in matches)
    if not found:
        return []
    loaded = people.load_caseload(work, today=today, household=next(iter(found)) if len(found) == 1 else None)
    seen = visits.last_seen(work)
    lines = {
        h: household_line(loaded, pack, h, today=today, last_seen=seen.get(h)) for h in found if h in loaded.households
    }
    out = []
    for match in matches:
        if match.household not in lines:
            continue
        line = lines[match.household]
        person = next((p for p in line.persons if p.id == match.person), None)
        if match.person is None or person is not None:
            out.append(Found(household=line, person=person, exact=match.exact))
    return out


def family_view(work: UnitOfWork, pack: Pack, household: str, *, today: date) -> FamilyView | None:
    """One family; None when this laptop does not hold it."""
    loaded = people.load_caseload(work, today=today, household=household)
    if household not in loaded.households:
        return None
    drafted = [d for d in drafts.list_drafts(work, household=household) if d["amends"] is None]
    facts = _draft_facts(drafted[0] if drafted else None)
    line = household_line(loaded, pack, household, today=today, **facts)
    return FamilyView(
        household=line,
        timeline=tuple(timeline(work, household)),
        referrals=tuple(dict(r._mapping) for r in visits.referrals_of(work, household)),  # noqa: SLF001
        tasks=len(visits.open_tasks(work, household)),
        growth={p.id: tuple(visits.growth_of(work, p.id)) for p in line.persons if p.kind is PersonKind.CHILD},
    )


def child_view(work: UnitOfWork, pack: Pack, person: str, *, today: date) -> ChildView | None:
    """One child; None when this laptop does not hold it."""
    home = people.home_of(work, person, today=today)
    if home is None:
        return None
    loaded = people.load_caseload(work, today=today, household=home)
    line = household_line(loaded, pack, home, today=today)
    birth = loaded.births.get(person)
    return ChildView(
        person=next(p for p in line.persons if p.id == person),
        household=line,
        gestation_days=birth.gestation_days if birth else None,
        birth_weight_g=birth.weight_g if birth else None,
        growth=tuple(visits.growth_of(work, person)),
        contacts=tuple(person_contacts(loaded, pack, person, today=today)),
        visits=tuple(v for v in timeline(work, home) if person in v.persons),
    )


def timeline(work: UnitOfWork, household: str) -> list[VisitLine]:
    """A family's visits, newest first; both versions of a corrected one."""
    rows = visits.visits_of(work, household)
    ids = [r.id for r in rows]
    parts = visits.parts_of(work, ids)
    sent = visits.sending_states(work, ids)
    amended = {r.amends for r in rows if r.amends and not r.void}
    return [
        VisitLine(
            id=r.id, on=r.on, worker=r.worker,
            codes=tuple(dict.fromkeys(p.code for p in parts if p.visit == r.id and p.code)),
            persons=tuple(p.person for p in parts if p.visit == r.id),
            source=r.source, amends=r.amends, replaced=r.id in amended, void=r.void, agreed=r.agreed,
            next_on=r.next_on, sent=(sent[r.id] is not None) if r.id in sent else None,
        )
        for r in rows
    ]  # fmt: skip


def round_of(work: UnitOfWork, *, today: date) -> frozenset[str]:
    """The households put into the round of a day; yesterday's round is over."""
    held = work.state("round")
    return frozenset(held["households"]) if held.get("on") == today.isoformat() else frozenset()


def person_contacts(loaded: Caseload, pack: Pack, person: str, *, today: date, near: bool = False) -> list[Contact]:
    """Every contact of a person with its state; `near` only those that can be the next one."""
    row = loaded.persons[person]
    anchors: dict[Anchor, date] = {}
    birth = loaded.births.get(person)
    if row.kind == PersonKind.CHILD and row.born_on is not None and row.born_precision == Precision.DAY:
        anchors[Anchor.BIRTH] = row.born_on
        if birth is not None and birth.left_on is not None:
            anchors[Anchor.DISCHARGE] = birth.left_on
    pregnancy = loaded.pregnancies.get(person)
    if pregnancy is not None and pregnancy.due_on is not None:
        anchors[Anchor.LMP] = pregnancy.due_on - timedelta(days=_GESTATION_DAYS)
    enrolled_on = loaded.enrolled_on.get(person)
    if not anchors or enrolled_on is None:
        return []
    ends = [d for d in (row.died_on, loaded.ended_on.get(person)) if d is not None]
    agreed = {code: p.agreed_on for code, p in loaded.planned.get(person, {}).items() if p.agreed_on}
    done = loaded.done.get(person, {})
    return contacts(
        plans_near(pack.schedule, anchors, done=done, today=today) if near else pack.schedule,
        anchors,
        enrolled_on=enrolled_on,
        done=done,
        today=today,
        ended_on=min(ends, default=None),
        agreed=agreed,
    )


def household_line(
    loaded: Caseload,
    pack: Pack,
    household: str,
    *,
    today: date,
    made: Mapping[str, Contact] | None = None,
    **facts: Any,
) -> HouseholdLine:
    """A household as lists show it, children first by age.

    Args:
        loaded: What holds the household.
        pack: Its schedule.
        household: Id.
        today: Local calendar day.
        made: Its people's next contacts, where they are known already.
        facts: Further fields of the line: its group, when it was last seen, its draft.
    """
    row = loaded.households[household]
    nexts = _next_contacts(loaded, pack, household, today) if made is None else made
    persons = [
        _person_line(loaded, person, nexts.get(person))
        for person in loaded.members.get(household, ())
        if person in loaded.persons
    ]
    persons.sort(key=lambda p: (p.kind is not PersonKind.CHILD, p.born_on is None, -_ordinal(p.born_on), p.order or 0))
    return HouseholdLine(
        id=row.id, number=row.number, name=row.name, place=row.place, address=row.address, note=row.note,
        phones=tuple(row.phones.split()), may_ring=row.may_ring, two_go=row.two_go, moved_on=row.moved_on,
        persons=tuple(persons), language=row.language, **facts,
    )  # fmt: skip


def _urgent(
    work: UnitOfWork, loaded: Caseload, seen: Mapping[str, date], today: date
) -> tuple[dict[str, str], set[str]]:
    """Households whose arrival is to be asked (with the referral), and those owed a contact after a referral.

    Nobody is asked after a person who died.
    """
    dead = {row.id for row in loaded.persons.values() if row.died_on is not None}
    asked: dict[str, str] = {}
    made_on: dict[str, date] = {}
    for r in visits.referrals_of(work):
        made_on.setdefault(r.person, datetime.fromisoformat(r.made_at).astimezone().date())
        waits = r.urgency == "emergency" and not r.arrived and r.status in ("sent", "refused") and r.person not in dead
        if waits and (r.ask_on is None or r.ask_on <= today):
            asked.setdefault(r.household, r.id)
    owed = set()
    for task in visits.open_tasks(work):
        if task.reason == "contact_after_referral" and task.due_on <= today and task.person not in dead:
            last, made = seen.get(task.household), made_on.get(task.person or "")
            if last is None or made is None or last <= made:
                owed.add(task.household)
    return asked, owed


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _next_contacts(loaded: Caseload, pack: Pack, household: str, today: date) -> dict[str, Contact]:
    """Person id to the next contact, of those members who have one."""
    members = (person for person in loaded.members.get(household, ()) if person in loaded.persons)
    made = ((p, next_contact(person_contacts(loaded, pack, p, today=today, near=True))) for p in members)
    return {person: contact for person, contact in made if contact is not None}


def _next_on(made: Iterable[Contact]) -> date | None:
    return min((contact.agreed_on or contact.target_on for contact in made), default=None)


def _person_line(loaded: Caseload, person: str, contact: Contact | None) -> PersonLine:
    row = loaded.persons[person]
    birth = loaded.births.get(person)
    mother = loaded.persons.get(row.mother) if row.mother else None
    return PersonLine(
        id=row.id, kind=PersonKind(row.kind), role=loaded.roles.get(person, "other"), sex=row.sex,
        name=" ".join(x for x in (row.surname, row.given_name) if x) if row.given_name or not row.mother else "",
        surname=row.surname, given_name=row.given_name, patronymic=row.patronymic, phones=tuple(row.phones.split()),
        born_on=row.born_on, born_precision=Precision(row.born_precision), left_on=loaded.ended_on.get(person),
        order=birth.birth_order if birth and (birth.birth_of or 1) > 1 else None,
        of=birth.birth_of if birth else None,
        mother_name=" ".join(x for x in (mother.given_name, mother.surname) if x) if mother else "",
        died_on=row.died_on, contact=contact,
        pregnant=person in loaded.pregnancies,
    )  # fmt: skip


def _group(made: Collection[Contact], today: date) -> tuple[Group | None, date | None]:
    due = [contact for contact in made if contact.state in OPEN_STATES]
    if due:
        late = any(contact.state is State.OVERDUE for contact in due)
        return (Group.OVERDUE if late else Group.DUE), min(contact.closes_on for contact in due)
    if made and min(contact.opens_on for contact in made) <= today + timedelta(days=SOON_DAYS):
        return Group.SOON, _next_on(made)
    return None, None


def _draft_facts(draft: Mapping[str, str] | None) -> dict[str, Any]:
    if draft is None:
        return {}
    return {
        "draft": draft["id"],
        "draft_page": draft["page"],
        "draft_at": datetime.fromisoformat(draft["saved_at"]),
    }


__all__ = [
    "ChildView",
    "FamilyView",
    "Found",
    "Group",
    "GrowthPoint",
    "HouseholdLine",
    "PersonLine",
    "TodayView",
    "VisitLine",
    "child_view",
    "families",
    "family_view",
    "household_line",
    "person_contacts",
    "round_of",
    "search",
    "timeline",
    "today_view",
]
