"""Whose next contact is when, and the same kept for every person of the laptop so that lists need not compute it."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from healthvisit.domain.person import PersonKind, Precision
from healthvisit.domain.schedule import (
    Anchor,
    Contact,
    ContactPlan,
    State,
    contacts,
    next_contact,
    plans_near,
    unchanged_until,
)
from healthvisit.packs.pack import Pack
from healthvisit.store import next_contacts, people
from healthvisit.store.people import Caseload
from healthvisit.store.unit_of_work import UnitOfWork

_GESTATION_DAYS = 280


def person_contacts(loaded: Caseload, pack: Pack, person: str, *, today: date) -> list[Contact]:
    """Every contact of a person with its state."""
    return _contacts(loaded, pack.schedule, person, _anchors(loaded, person), today)


def contacts_of(loaded: Caseload, pack: Pack, household: str, *, today: date) -> dict[str, Contact]:
    """Person id to the next contact, of those members who have one; computed afresh, for any day."""
    members = (person for person in loaded.members.get(household, ()) if person in loaded.persons)
    made = ((person, _next(loaded, pack, person, today)[0]) for person in members)
    return {person: contact for person, contact in made if contact is not None}


def bring_up_to_date(work: UnitOfWork, pack: Pack, *, today: date) -> None:
    """Compute the next contact of everybody for whom something changed, or the day came that changes it."""
    stale = next_contacts.stale(work, schedule=repr(pack.schedule), today=today)
    if not stale:
        return
    loaded = people.load_caseload(work, today=today, households=set(stale.values()))
    made = []
    for person in stale:
        contact, until = _next(loaded, pack, person, today)
        facts = {name: getattr(contact, name, None) for name in next_contacts.FACTS}
        made.append({"person": person, "from_on": today, "until_on": until, **facts})
    next_contacts.keep(work, made)


def known_contacts(
    work: UnitOfWork, *, today: date, households: Collection[str] | None = None
) -> dict[str, dict[str, Contact]]:
    """Household to person to the next contact as it was brought up to date, of some households or of all."""
    out: dict[str, dict[str, Contact]] = {}
    for row in next_contacts.held(work, today=today, households=households):
        out.setdefault(row.household, {})[row.person] = Contact(
            code=row.code, opens_on=row.opens_on, target_on=row.target_on, closes_on=row.closes_on,
            state=State(row.state), core=row.core, agreed_on=row.agreed_on,
        )  # fmt: skip
    return out


def _next(loaded: Caseload, pack: Pack, person: str, today: date) -> tuple[Contact | None, date]:
    """A person's next contact, and the last day on which it is sure to be the same if nothing is written."""
    anchors = _anchors(loaded, person)
    near = plans_near(pack.schedule, anchors, done=loaded.done.get(person, {}), today=today)
    made = _contacts(loaded, near, person, anchors, today)
    turns = [*_ends(loaded, person), *loaded.ahead.get(person, ())]
    return next_contact(made), unchanged_until(made, today=today, turns=turns)


def _anchors(loaded: Caseload, person: str) -> dict[Anchor, date]:
    """The days a person's contacts are counted from; none for who is not enrolled."""
    row = loaded.persons[person]
    anchors: dict[Anchor, date] = {}
    if person not in loaded.enrolled_on:
        return anchors
    if row.kind == PersonKind.CHILD and row.born_on is not None and row.born_precision == Precision.DAY:
        anchors[Anchor.BIRTH] = row.born_on
        birth = loaded.births.get(person)
        if birth is not None and birth.left_on is not None:
            anchors[Anchor.DISCHARGE] = birth.left_on
    pregnancy = loaded.pregnancies.get(person)
    if pregnancy is not None and pregnancy.due_on is not None:
        anchors[Anchor.LMP] = pregnancy.due_on - timedelta(days=_GESTATION_DAYS)
    return anchors


def _ends(loaded: Caseload, person: str) -> list[date]:
    return [d for d in (loaded.persons[person].died_on, loaded.ended_on.get(person)) if d is not None]


def _contacts(
    loaded: Caseload, plans: Collection[ContactPlan], person: str, anchors: Mapping[Anchor, date], today: date
) -> list[Contact]:
    if not anchors:
        return []
    return contacts(
        plans,
        anchors,
        enrolled_on=loaded.enrolled_on[person],
        done=loaded.done.get(person, {}),
        today=today,
        ended_on=min(_ends(loaded, person), default=None),
        agreed={code: p.agreed_on for code, p in loaded.planned.get(person, {}).items() if p.agreed_on},
    )
