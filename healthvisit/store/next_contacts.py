"""Next contacts kept in the read model: whose is out of date, and what is held.

The database itself drops what a write makes untrue (triggers of `readmodel`); days and schedules are looked at here.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select

from healthvisit.store.people import present
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

FACTS = ("code", "opens_on", "target_on", "closes_on", "state", "core", "agreed_on")
"""What is kept of a contact, named as its fields."""

_HELD, _MEMBERSHIP, _PERSON, _META = (TABLES[name] for name in ("next_contact", "membership", "person", "meta"))
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


def held(work: UnitOfWork, *, today: date) -> list[Row[Any]]:
    """(household, person, then `FACTS`) of every present member who has a next contact."""
    query = (
        select(_MEMBERSHIP.c.household, _HELD.c.person, *(_HELD.c[name] for name in FACTS))
        .join(_HELD, _HELD.c.person == _MEMBERSHIP.c.person)
        .where(present(today), _HELD.c.code.is_not(None))
    )
    return list(work.db.execute(query).all())
