"""Register families and people, find look-alikes while they are typed, record life events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from healthvisit.domain.errors import InputError
from healthvisit.domain.household import Enrolment, Household, Membership, Role
from healthvisit.domain.ids import HouseholdId, PersonId, derived_id, new_record_id, programme_number
from healthvisit.domain.names import loose_key, strict_key
from healthvisit.domain.person import (
    EARLIEST_GESTATION_DAYS,
    TERM_DAYS,
    Birth,
    Person,
    PersonKind,
    Phone,
    Precision,
    Pregnancy,
    Sex,
    require_birth_date,
)
from healthvisit.domain.record import Kind
from healthvisit.store import people
from healthvisit.store.unit_of_work import UnitOfWork

_REGION = "TM"
_POSSIBLE = 5
_NEAR_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """An adult or child as typed."""

    kind: PersonKind
    sex: Sex
    role: Role
    surname: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    patronymic: str = field(default="", repr=False)
    born_on: date | None = field(default=None, repr=False)
    born_precision: Precision = Precision.DAY
    gestation_days: int | None = field(default=None, repr=False)
    birth_weight_g: int | None = field(default=None, repr=False)
    left_on: date | None = field(default=None, repr=False)
    due_on: date | None = field(default=None, repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFamily:
    """What the three pages of "new family" ask. `children` in order of birth; twins share day and mother."""

    name: str = field(repr=False)
    place: str
    address: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    may_ring: bool | None = None
    language: str = ""
    mother: NewPerson | None = field(default=None, repr=False)
    children: tuple[NewPerson, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """Somebody already known who may be the same. `score` as DOMAIN 8.1: 8 and more likely, 5 to 7 possible."""

    person: str
    household: str
    name: str = field(repr=False)
    born_on: date | None = field(repr=False)
    score: int

    @property
    def likely(self) -> bool:
        """Whether it is probably the same child."""
        return self.score >= 8  # noqa: PLR2004 -- DOMAIN 8.1


def register_family(work: UnitOfWork, family: NewFamily, *, today: date) -> HouseholdId:
    """Store a new family with its people, enrolled from today, in one transaction.

    Raises:
        InputError: ``household.name_missing``, ``household.place_missing``, ``person.*``, ``phone.invalid``.
    """
    if not family.place:
        raise InputError("household.place_missing")
    if not family.children and family.mother is None:
        raise InputError("household.nobody")
    household = HouseholdId(new_record_id(work.author.now))
    device = work.state("device")["device"]
    home = Household(
        id=household,
        number=programme_number(device, work.next_serial()),
        name=family.name.strip(),
        address=family.address.strip(),
        place=family.place,
        note=family.note.strip(),
        may_ring=family.may_ring,
        language=family.language,
        phones=phones_of(work, family.phone),
    )
    work.put(Kind.HOUSEHOLD, household, home, subject=household)
    mother = None
    if family.mother is not None:
        mother = add_person(work, household, family.mother, today=today)
    add_children(work, household, family.children, mother=mother, today=today)
    return household


def add_children(
    work: UnitOfWork, household: HouseholdId, children: tuple[NewPerson, ...], *, mother: PersonId | None, today: date
) -> list[PersonId]:
    """Store children of one household; several born on one day of one mother are linked by their order of birth."""
    made = []
    if mother is not None:
        _end_pregnancy(work, mother, household, [c.born_on for c in children if c.born_on is not None], today=today)
    for at, child in enumerate(children):
        together = [i for i, c in enumerate(children) if c.born_on == child.born_on and c.born_on is not None]
        twin = len(together) > 1 and mother is not None
        order, of = (together.index(at) + 1, len(together)) if twin else (None, None)
        made.append(add_person(work, household, child, today=today, mother=mother, order=order, of=of))
    return made


def add_person(
    work: UnitOfWork,
    household: HouseholdId,
    new: NewPerson,
    *,
    today: date,
    mother: PersonId | None = None,
    order: int | None = None,
    of: int | None = None,
) -> PersonId:
    """Store one person with membership, birth or pregnancy, and enrolment.

    Raises:
        InputError: ``person.born_in_future``, ``person.name_missing``, ``person.sex_missing``, ``birth.gestation``,
            ``birth.left_before``.
    """
    now = work.author.now
    person = PersonId(new_record_id(now))
    if new.born_on is not None:
        require_birth_date(new.born_on, today=today)
    if new.kind is PersonKind.CHILD and new.born_on is None:
        raise InputError("person.birth_date_missing")
    if new.left_on is not None and new.born_on is not None and new.left_on < new.born_on:
        raise InputError("birth.left_before")
    record = Person(
        id=person,
        kind=new.kind,
        sex=new.sex,
        surname=new.surname.strip(),
        given_name=new.given_name.strip(),
        patronymic=new.patronymic.strip(),
        born_on=new.born_on,
        born_precision=new.born_precision,
        mother=mother,
        phones=phones_of(work, new.phone),
    )
    work.put(Kind.PERSON, person, record, subject=person)
    membership = Membership(id=new_record_id(now), person=person, household=household, role=new.role, from_on=today)
    work.put(Kind.MEMBERSHIP, membership.id, membership, subject=person)
    facts = (new.gestation_days, new.birth_weight_g, order, new.left_on)
    if new.kind is PersonKind.CHILD and any(f is not None for f in facts):
        birth = Birth(
            person=person, gestation_days=new.gestation_days, weight_g=new.birth_weight_g, order=order, of=of,
            left_on=new.left_on,
        )  # fmt: skip
        work.put(Kind.BIRTH, derived_id("birth", person), birth, subject=person)
    if new.due_on is not None:
        pregnancy = Pregnancy(id=new_record_id(now), mother=person, due_on=new.due_on)
        work.put(Kind.PREGNANCY, pregnancy.id, pregnancy, subject=person)
    if new.kind is PersonKind.CHILD or new.due_on is not None:
        enrolment = Enrolment(id=new_record_id(now), person=person, from_on=today)
        work.put(Kind.ENROLMENT, enrolment.id, enrolment, subject=person)
    return person


def name_child(work: UnitOfWork, person: PersonId, *, surname: str, given_name: str) -> None:
    """Give a newborn its name; vaccines, weights and visits stay with the same child."""
    known = work.get(Person, person)
    renamed = replace(known, surname=surname.strip() or known.surname, given_name=given_name.strip())
    work.put(Kind.PERSON, person, renamed, subject=person)


def change_household(work: UnitOfWork, household: HouseholdId, changes: Mapping[str, Any]) -> None:
    """Change address, way, phone or marks of a household; ``phone`` adds a number."""
    known = work.get(Household, household)
    facts = dict(changes)
    if phone := facts.pop("phone", ""):
        facts["phones"] = known.phones + phones_of(work, phone)
    work.put(Kind.HOUSEHOLD, household, replace(known, **facts), subject=household)


def record_death(work: UnitOfWork, person: PersonId, *, on: date, today: date) -> None:
    """A person died: every reminder stops at once."""
    if on > today:
        raise InputError("person.died_in_future")
    work.put(Kind.PERSON, person, replace(work.get(Person, person), died_on=on), subject=person)


def leave_programme(work: UnitOfWork, household: HouseholdId, *, on: date, today: date) -> None:
    """The family goes on without visits: every enrolment of its people ends, nothing is due any more."""
    if on > today:
        raise InputError("enrolment.end_in_future")
    persons = people.load_caseload(work, today=today, households=(household,)).members.get(household, ())
    for enrolment in people.open_enrolments(work, persons):
        ended = replace(work.get(Enrolment, enrolment), to_on=on, exit_reason="family_left")
        work.put(Kind.ENROLMENT, enrolment, ended, subject=ended.person)


def phones_of(work: UnitOfWork, raw: str) -> tuple[Phone, ...]:
    """A typed phone number as stored: E.164 where it is one, and what was typed.

    Raises:
        InputError: ``phone.invalid``.
    """
    raw = raw.strip()
    if not raw:
        return ()
    import phonenumbers

    try:
        parsed = phonenumbers.parse(raw, _REGION)
    except phonenumbers.NumberParseException as exc:
        raise InputError("phone.invalid") from exc
    if not phonenumbers.is_possible_number(parsed):
        raise InputError("phone.invalid")
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return (Phone(id=new_record_id(work.author.now), number=number, raw=raw),)


def look_alikes(
    work: UnitOfWork, *, surname: str, given_name: str, sex: Sex, born_on: date, place: str = "", today: date
) -> list[LookAlike]:
    """Children already known who may be the one being typed, the likeliest first.

    Source: score of DOMAIN 8.1; surnames are compared without their ending for sex.
    """
    near = timedelta(days=_NEAR_DAYS)
    rows = people.children_like(work, born_from=born_on - near, born_to=born_on + near)
    if born_on.day <= 12:  # noqa: PLR2004 -- day and month may have been swapped
        swapped = date(born_on.year, born_on.day, born_on.month)
        rows += people.children_like(work, born_from=swapped, born_to=swapped)
    loaded = people.load_caseload(work, today=today) if rows else None
    found: dict[str, LookAlike] = {}
    for row in rows:
        score = 3 if row.born_on == born_on else 1
        typed, held = f"{_stem(surname)} {given_name}", f"{_stem(row.surname)} {row.given_name}"
        if given_name and row.given_name:
            score += 4 if strict_key(typed) == strict_key(held) else 2 if loose_key(typed) == loose_key(held) else 0
        elif surname and strict_key(_stem(surname)) == strict_key(_stem(row.surname)):
            score += 2
        if sex != row.sex and Sex.UNKNOWN not in (sex, row.sex):
            score -= 3
        home = loaded.households.get(row.household) if loaded else None
        score += bool(place and home is not None and home.place == place)
        if score >= _POSSIBLE:
            name = " ".join(x for x in (row.given_name, row.surname) if x)
            found[row.id] = LookAlike(
                person=row.id, household=row.household, name=name, born_on=row.born_on, score=score
            )
    return sorted(found.values(), key=lambda a: -a.score)


def _end_pregnancy(
    work: UnitOfWork, mother: PersonId, household: HouseholdId, births: list[date], *, today: date
) -> None:
    """End the mother's pregnancy with the birth it led to; an older child registered with her leaves it as it is."""
    row = people.load_caseload(work, today=today, households=(household,)).pregnancies.get(mother)
    if row is None:
        return
    # 22 weeks at the earliest; a due day nobody wrote down was at most so far away
    earliest = (row.due_on or today) - timedelta(days=TERM_DAYS - EARLIEST_GESTATION_DAYS)
    if born := [on for on in births if on >= earliest]:
        ended = replace(work.get(Pregnancy, row.id), ended_on=min(born), outcome="live")
        work.put(Kind.PREGNANCY, row.id, ended, subject=mother)


def _stem(surname: str) -> str:
    """A surname without its ending for women."""
    for ending in ("owa", "ewa", "ова", "ева"):
        if surname.casefold().endswith(ending):
            return surname[:-1]
    return surname
