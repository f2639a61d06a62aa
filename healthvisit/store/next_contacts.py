"""Next contacts kept in the read model: whose is out of date, and what is held.

The database itself drops what a write makes untrue (triggers of `readmodel`); days and schedules are looked at here.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select

from healthvisit.domain.schedule import OPEN_STATES, State
from healthvisit.store.people import few_of, present
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

FACTS = ("code", "opens_on", "target_on", "closes_on", "state", "core", "agreed_on")
"""What is kept of a contact, named as its fields."""

_HELD, _META = TABLES["next_contact"], TABLES["meta"]
_HOUSEHOLD, _MEMBERSHIP, _PERSON = TABLES["household"], TABLES["membership"], TABLES["person"]
_SCHEDULE = "next_contact.schedule"


def stale(work: UnitOfWork, *, schedule: str, today: date) -> Mapping[str, str]:
    """Person to household of those present members whose next contact is not known for `today`.

    Args:
        work: Its transaction.
        schedule: What contacts are computed from; when it changed since, nothing held is true.
        today: Local calendar day.
    """
    mark = hashlib.sha256(schedule.encode()).hexdigest()
    if work.db.execute(select(_META.c.value).where(_META.c.name == _SCHEDULE)).scalar_one_or_none() != mark:
        work.db.execute(delete(_HELD))
        work.db.execute(insert(_META).prefix_with("OR REPLACE"), {"name": _SCHEDULE, "value": mark})
    unknown = or_(_HELD.c.person.is_(None), _HELD.c.from_on > today, _HELD.c.until_on < today)
    query = (
        select(_MEMBERSHIP.c.person, _MEMBERSHIP.c.household)
        .join(_PERSON, _PERSON.c.id == _MEMBERSHIP.c.person)
        .join(_HELD, _HELD.c.person == _MEMBERSHIP.c.person, isouter=True)
        .where(present(today), unknown)
    )
    return dict(map(tuple, work.db.execute(query)))


def keep(work: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep next contacts: dicts of `person`, `from_on`, `until_on` and `FACTS`."""
    work.db.execute(insert(_HELD).prefix_with("OR REPLACE"), [dict(row) for row in rows])
    work.keep_derived()


def held(work: UnitOfWork, *, today: date, households: Collection[str] | None = None) -> list[Row[Any]]:
    """(household, person, then `FACTS`) of present members who have a next contact, of some households or of all."""
    query = (
        select(_MEMBERSHIP.c.household, _HELD.c.person, *(_HELD.c[name] for name in FACTS))
        .join(_HELD, _HELD.c.person == _MEMBERSHIP.c.person)
        .where(present(today), _HELD.c.code.is_not(None))
    )
    few = few_of(households)
    if few is not None:
        query = query.where(_MEMBERSHIP.c.household.in_(few))
    return list(work.db.execute(query).all())


def by_household(work: UnitOfWork, *, today: date) -> list[Row[Any]]:
    """One row a household: (id, place, address, moved_on, late, closes_on, opens_on, next_on).

    `late` counts the overdue, `closes_on` is the first to close of those open, `opens_on` the first to open of all,
    `next_on` the first day agreed or aimed at. The last three are None where there is none.
    """
    open_now = _HELD.c.state.in_(OPEN_STATES)
    query = (
        select(
            _HOUSEHOLD.c.id,
            _HOUSEHOLD.c.place,
            _HOUSEHOLD.c.address,
            _HOUSEHOLD.c.moved_on,
            func.count(_HELD.c.person).filter(_HELD.c.state == State.OVERDUE).label("late"),
            func.min(_HELD.c.closes_on).filter(open_now).label("closes_on"),
            func.min(_HELD.c.opens_on).label("opens_on"),
            func.min(func.coalesce(_HELD.c.agreed_on, _HELD.c.target_on)).label("next_on"),
        )
        .join(_MEMBERSHIP, and_(_MEMBERSHIP.c.household == _HOUSEHOLD.c.id, present(today)), isouter=True)
        .join(_HELD, and_(_HELD.c.person == _MEMBERSHIP.c.person, _HELD.c.code.is_not(None)), isouter=True)
        .group_by(_HOUSEHOLD.c.id)
    )
    return list(work.db.execute(query).all())
