"""Development of one person: the checks, results and milestones that stand, opened from their sealed rows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select

from healthvisit.domain.development import Assessment, DevelopmentCheck
from healthvisit.domain.record import Kind
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

_MILESTONE, _TASK, _REFERRAL = TABLES["milestone"], TABLES["task"], TABLES["referral"]
_Dated = TypeVar("_Dated", DevelopmentCheck, Assessment)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReferral:
    """A referral nobody has heard of yet: made on, to be asked for by `due_on`."""

    id: str
    made_on: date
    due_on: date | None


def checks_of(work: UnitOfWork, person: str) -> list[DevelopmentCheck]:
    """The checks that stand, the newest first; two corrections of one check both stand until one names both."""
    return _standing(work, Kind.DEVELOPMENT_CHECK, DevelopmentCheck, person)


def assessments_of(work: UnitOfWork, person: str) -> list[Assessment]:
    """The results of other tools that stand, the newest first."""
    return _standing(work, Kind.ASSESSMENT, Assessment, person)


def _standing(work: UnitOfWork, kind: Kind, cls: type[_Dated], person: str) -> list[_Dated]:
    table = TABLES[kind]
    query = (
        select(table)
        .where(table.c.person == person)
        .order_by(table.c.on.desc(), table.c.made_at.desc(), table.c.id.desc())
    )
    rows = list(work.db.execute(query))
    amended = {name for row in rows for name in row.amends.split(",") if name}
    found = (work.find(cls, row.id) for row in rows if row.id not in amended)
    return [one for one in found if one is not None]


def milestones_said(work: UnitOfWork, person: str) -> Mapping[str, tuple[int, date]]:
    """Milestone to the month said and the day it was said; the latest word counts, one taken back is left out."""
    query = select(_MILESTONE).where(_MILESTONE.c.person == person).order_by(_MILESTONE.c.made_at, _MILESTONE.c.id)
    last = {row.code: row for row in work.db.execute(query)}
    return {code: (row.months, row.said_on) for code, row in last.items() if row.months is not None}


def open_referrals(work: UnitOfWork, person: str, reason: str) -> list[OpenReferral]:
    """A person's referrals for a reason of which nobody said yet that they were followed, the newest first."""
    query = select(_REFERRAL).where(
        _REFERRAL.c.person == person, _REFERRAL.c.reason == reason, _REFERRAL.c.status == "sent",
        _REFERRAL.c.arrived.is_(False),
    )  # fmt: skip
    return [
        OpenReferral(id=r.id, made_on=datetime.fromisoformat(r.made_at).astimezone().date(), due_on=r.ask_on)
        for r in work.db.execute(query.order_by(_REFERRAL.c.made_at.desc()))
    ]


def tasks_of(work: UnitOfWork, person: str, *reasons: str) -> list[Any]:
    """A person's open tasks for some reasons, the first due first."""
    query = select(_TASK).where(_TASK.c.person == person, _TASK.c.state == "open", _TASK.c.reason.in_(reasons))
    return list(work.db.execute(query.order_by(_TASK.c.due_on)))


def due_by_household(work: UnitOfWork, today: date, *reasons: str) -> Mapping[str, list[tuple[str, date]]]:
    """Household to (person, day) of open tasks for some reasons that are due."""
    query = select(_TASK).where(_TASK.c.state == "open", _TASK.c.reason.in_(reasons), _TASK.c.due_on <= today)
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for row in work.db.execute(query.order_by(_TASK.c.due_on)):
        found[row.household].append((row.person or "", row.due_on))
    return found
