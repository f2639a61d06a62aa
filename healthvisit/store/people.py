"""Lists of people and households from the read model: what Today, Families, search and look-alikes read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, and_, func, not_, null, or_, select

from healthvisit.domain.names import loose_key, strict_key
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

_HOUSEHOLD, _PERSON, _MEMBERSHIP = TABLES["household"], TABLES["person"], TABLES["membership"]
_ENROLMENT, _BIRTH, _PREGNANCY = TABLES["enrolment"], TABLES["birth"], TABLES["pregnancy"]
_VISIT, _PART, _PLANNED = TABLES["visit"], TABLES["visit_part"], TABLES["planned_contact"]

_FEW = 400

PersonRow = Row[Any]
HouseholdRow = Row[Any]


@dataclass(slots=True, kw_only=True)
class Members:
    """Households with their present members. Keys are ids."""

    households: dict[str, HouseholdRow] = field(repr=False)
    persons: dict[str, PersonRow] = field(repr=False)
    members: dict[str, list[str]] = field(repr=False)
    roles: dict[str, str] = field(repr=False)
    home: dict[str, str] = field(repr=False)
    enrolled_on: dict[str, date] = field(repr=False)
    ended_on: dict[str, date] = field(repr=False)
    births: dict[str, Row[Any]] = field(repr=False)
    pregnancies: dict[str, Row[Any]] = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Caseload(Members):
    """Everything due dates are computed from, one pass a table. Keys are ids."""

    done: dict[str, dict[str, date]] = field(repr=False)
    ahead: dict[str, list[date]] = field(repr=False)  # days after `today` of visits dated ahead
    planned: dict[str, dict[str, Row[Any]]] = field(repr=False)


def load_members(work: UnitOfWork, *, today: date, households: Collection[str] | None = None) -> Members:
    """Households with their present members, of some households or of all."""
    few = few_of(households)
    membership = select(_MEMBERSHIP.c.household, _MEMBERSHIP.c.person, _MEMBERSHIP.c.role).where(present(today))
    homes = select(*_shown(_HOUSEHOLD))
    if few is not None:
        membership = membership.where(_MEMBERSHIP.c.household.in_(few))
        homes = homes.where(_HOUSEHOLD.c.id.in_(few))
    members: dict[str, list[str]] = defaultdict(list)
    home: dict[str, str] = {}
    roles: dict[str, str] = {}
    for household, person, role in work.db.execute(membership):
        members[household].append(person)
        home[person], roles[person] = household, role
    of = partial(_of_people, work, None if few is None else set(home))
    newest = _newest(of(_ENROLMENT))
    return Members(
        households={row.id: row for row in work.db.execute(homes)},
        persons={row.id: row for row in of(_PERSON, "id")},
        members=members,
        roles=roles,
        home=home,
        enrolled_on={person: row.from_on for person, row in newest.items()},
        ended_on={person: row.to_on for person, row in newest.items() if row.to_on is not None},
        births={row.person: row for row in of(_BIRTH)},
        pregnancies={row.mother: row for row in of(_PREGNANCY, "mother") if row.ended_on is None},
    )


def load_caseload(work: UnitOfWork, *, today: date, households: Collection[str] | None = None) -> Caseload:
    """Households with their present members and what was done, of some households or of all."""
    who = load_members(work, today=today, households=households)
    persons = None if few_of(households) is None else set(who.home)
    done: dict[str, dict[str, date]] = defaultdict(dict)
    ahead: dict[str, list[date]] = defaultdict(list)
    for person, code, on in map(tuple, visits_done(work, persons)):
        if on is not None and on <= today:  # as it stood on that day, for a visit keyed in from paper
            done[person][code] = min(on, done[person].get(code, on))
        elif on is not None:
            ahead[person].append(on)
    planned: dict[str, dict[str, Row[Any]]] = defaultdict(dict)
    for row in _of_people(work, persons, _PLANNED):
        planned[row.person][row.code] = row
    return Caseload(**{f.name: getattr(who, f.name) for f in fields(who)}, done=done, ahead=ahead, planned=planned)


def died(work: UnitOfWork) -> frozenset[str]:
    """Ids of the people who died."""
    return frozenset(work.db.execute(select(_PERSON.c.id).where(_PERSON.c.died_on.is_not(None))).scalars())


def _of_people(work: UnitOfWork, persons: set[str] | None, table: Any, column: str = "person") -> list[Row[Any]]:
    """Rows of a table, of these people or of all."""
    query = select(*_shown(table))
    if persons is not None:
        query = query.where(table.c[column].in_(persons))
    return list(work.db.execute(query).all())


def few_of(households: Collection[str] | None) -> list[str] | None:
    """The households to name in a query; None reads all, which for many is as fast."""
    return None if households is None or len(households) > _FEW else list(households)


def present(today: date) -> Any:
    """The condition for memberships that last on a day."""
    return or_(_MEMBERSHIP.c.to_on.is_(None), _MEMBERSHIP.c.to_on > today)


def _shown(table: Any) -> list[Any]:
    """Columns without the folded names: long, and only looked through by a search."""
    return [column for column in table.c if column.name not in {"strict", "loose"}]


def _newest(enrolments: list[Row[Any]]) -> dict[str, Row[Any]]:
    """Each person's newest enrolment, of two from one day the open one: who came back is not gone."""
    return {row.person: row for row in sorted(enrolments, key=lambda e: (e.from_on, e.to_on or date.max))}


def visits_done(work: UnitOfWork, people: set[str] | None) -> list[Row[Any]]:
    """(person, code, on) of every valid part that fulfilled a contact; amended and void ones do not count."""
    later = select(_PART.c.amends).where(_PART.c.amends.is_not(None), _PART.c.void.is_(False))
    query: Select[Any] = (
        select(_PART.c.person, _PART.c.code, func.coalesce(_VISIT.c.on, _PART.c.on).label("on"))
        .join(_VISIT, _VISIT.c.id == _PART.c.visit, isouter=True)  # the frame may stay with the family a child left
        .where(_PART.c.code.is_not(None), _PART.c.void.is_(False), _VISIT.c.void.is_not(True), _PART.c.id.not_in(later))
    )
    if people is not None:
        query = query.where(_PART.c.person.in_(people))
    return list(work.db.execute(query).all())


def names_of(work: UnitOfWork, ids: Iterable[str]) -> Mapping[str, PersonRow]:
    """Person rows by id."""
    query = select(_PERSON).where(_PERSON.c.id.in_(list(ids)))
    return {row.id: row for row in work.db.execute(query)}


def home_of(work: UnitOfWork, person: str, *, today: date) -> str | None:
    """The household a person belongs to today; None when this laptop does not hold it."""
    query = (
        select(_MEMBERSHIP.c.household)
        .join(_HOUSEHOLD, _HOUSEHOLD.c.id == _MEMBERSHIP.c.household)
        .join(_PERSON, _PERSON.c.id == _MEMBERSHIP.c.person)
        .where(_MEMBERSHIP.c.person == person, present(today))
    )
    found = work.db.execute(query).first()
    return None if found is None else str(found.household)


def open_enrolments(work: UnitOfWork, persons: Iterable[str]) -> list[str]:
    """Ids of the enrolments of these people that have not ended."""
    query = select(_ENROLMENT.c.id).where(_ENROLMENT.c.person.in_(list(persons)), _ENROLMENT.c.to_on.is_(None))
    return list(work.db.execute(query).scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A person or household found; `exact` when the strict spelling meets. `person` is None for the household."""

    household: str
    person: str | None
    exact: bool


def search(work: UnitOfWork, text: str, *, limit: int = 100) -> list[Match]:
    """Households and people whose name holds every word of `text` in any spelling, or phone or number its digits.

    Exact spelling comes first; of both, first where every word typed begins a word of the name.
    """
    words = text.split()
    if not words:
        return []
    matches: dict[tuple[str, str | None], Match] = {}
    for exact, fold in ((True, strict_key), (False, loose_key)):
        keys = [k for k in map(fold, words) if k]
        if not keys or (not exact and all(len(k) < 2 for k in keys)):  # noqa: PLR2004 -- one loose letter finds all
            continue
        found = _named(work, keys, "strict" if exact else "loose", limit)
        for _inside, household, person in sorted(found, key=itemgetter(0)):
            matches.setdefault((household, person), Match(household=household, person=person, exact=exact))
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 3:  # noqa: PLR2004 -- three digits, as three letters
        phones = select(_HOUSEHOLD.c.id).where(
            or_(_HOUSEHOLD.c.phones.contains(digits), _HOUSEHOLD.c.number.contains(digits))
        )
        for row in work.db.execute(phones.limit(limit)):
            matches.setdefault((row.id, None), Match(household=row.id, person=None, exact=True))
    return sorted(matches.values(), key=lambda m: not m.exact)[:limit]


def _named(work: UnitOfWork, keys: list[str], column: str, limit: int) -> list[Any]:
    """(stands inside a word, household, person) of the people, then of the households, whose folded name holds keys."""

    def inside(table: Any) -> Any:
        begun = and_(*((" " + table.c[column]).contains(" " + key, autoescape=True) for key in keys))
        return not_(begun).label("inside")

    def holds(table: Any) -> Any:
        return and_(*(table.c[column].contains(key, autoescape=True) for key in keys))

    people = (
        select(inside(_PERSON), _MEMBERSHIP.c.household, _PERSON.c.id)
        .join(_MEMBERSHIP, _MEMBERSHIP.c.person == _PERSON.c.id)
        .where(holds(_PERSON))
    )
    homes = select(inside(_HOUSEHOLD), _HOUSEHOLD.c.id, null()).where(holds(_HOUSEHOLD))
    return [row for query in (people, homes) for row in work.db.execute(query.order_by("inside").limit(limit))]


def children_like(work: UnitOfWork, *, born_from: date, born_to: date) -> list[Row[Any]]:
    """Children born in a span of days, with their household: candidates for look-alikes."""
    query = (
        select(_PERSON, _MEMBERSHIP.c.household)
        .join(_MEMBERSHIP, _MEMBERSHIP.c.person == _PERSON.c.id)
        .where(_PERSON.c.kind == "child", _PERSON.c.born_on.between(born_from, born_to))
    )
    return list(work.db.execute(query))
