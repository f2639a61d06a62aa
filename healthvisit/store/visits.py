"""Lists of signed visits, measurements, referrals and tasks from the read model."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from healthvisit.store.people import few_of
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

_VISIT, _PART, _GROWTH = TABLES["visit"], TABLES["visit_part"], TABLES["growth"]
_REFERRAL, _TASK, _OWN = TABLES["referral"], TABLES["task"], TABLES["own_change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPoint:
    """One growth entry; `scores` maps indicator to (z as text or None, flagged, why there is none).

    `replaced` tells that a correction stands in its place.
    """

    part: str
    visit: str
    on: date
    weight_g: int | None = field(repr=False)
    length_mm: int | None = field(repr=False)
    posture: str | None
    head_mm: int | None = field(repr=False)
    oedema: str | None = field(repr=False)
    age_days: int | None = field(repr=False)
    corrected: bool
    scores: Mapping[str, tuple[str | None, bool, str | None]] = field(repr=False)
    muac_mm: int | None = field(default=None, repr=False)
    standard: str = ""
    engine: str = ""
    replaced: bool = False


def growth_of(work: UnitOfWork, person: str) -> list[GrowthPoint]:
    """A child's valid growth entries, oldest first; amended and void ones are left out."""
    return [point for point in growth_ever(work, person) if not point.replaced]


def growth_ever(work: UnitOfWork, person: str) -> list[GrowthPoint]:
    """A child's growth entries, oldest first, with those that were corrected since; void ones are left out."""
    later = _PART.alias()
    replaced = (
        select(later.c.id).where(later.c.amends == _PART.c.id, later.c.void.is_(False)).exists().label("replaced")
    )
    query = (
        select(_GROWTH, _PART.c.visit, replaced)
        .join(_PART, _PART.c.id == _GROWTH.c.part)
        .join(_VISIT, _VISIT.c.id == _PART.c.visit, isouter=True)  # the frame may stay with the family a child left
        .where(_GROWTH.c.person == person, _PART.c.void.is_(False), _VISIT.c.void.is_not(True))
        .order_by(_GROWTH.c.on)
    )
    return [
        GrowthPoint(
            part=r.part, visit=r.visit, on=r.on, weight_g=r.weight_g, length_mm=r.length_mm, posture=r.posture,
            head_mm=r.head_mm, oedema=r.oedema, age_days=r.age_days, corrected=r.corrected,
            scores={name: (z, flagged, why) for name, (z, flagged, why) in json.loads(r.scores).items()},
            muac_mm=r.muac_mm, standard=r.standard, engine=r.engine, replaced=bool(r.replaced),
        )
        for r in work.db.execute(query)
    ]  # fmt: skip


def visits_of(work: UnitOfWork, household: str) -> list[Row[Any]]:
    """A household's signed visits, the newest first, amended ones included."""
    query = select(_VISIT).where(_VISIT.c.household == household)
    return list(work.db.execute(query.order_by(_VISIT.c.on.desc(), _VISIT.c.signed_at.desc())))


def parts_of(work: UnitOfWork, visits: list[str]) -> list[Row[Any]]:
    """The parts of some visits."""
    return list(work.db.execute(select(_PART).where(_PART.c.visit.in_(visits))))


def parts_with_frame(work: UnitOfWork, person: str) -> list[Row[Any]]:
    """A person's parts with day, worker and household of their visit, the newest first."""
    query = (
        select(_PART, _VISIT.c.on, _VISIT.c.worker, _VISIT.c.household, _VISIT.c.signed_at)
        .join(_VISIT, _VISIT.c.id == _PART.c.visit)
        .where(_PART.c.person == person)
    )
    return list(work.db.execute(query.order_by(_VISIT.c.on.desc())))


def last_seen(work: UnitOfWork, households: Collection[str] | None = None) -> dict[str, date]:
    """Household id to the day of its last valid visit, of some households or of all."""
    query = select(_VISIT.c.household, func.max(_VISIT.c.on).label("on")).where(_VISIT.c.void.is_(False))
    few = few_of(households)
    if few is not None:
        query = query.where(_VISIT.c.household.in_(few))
    return {row.household: row.on for row in work.db.execute(query.group_by(_VISIT.c.household))}


def signed_on(work: UnitOfWork, day: date) -> list[Row[Any]]:
    """Visits of one day that stand."""
    return list(work.db.execute(select(_VISIT).where(_VISIT.c.on == day, _VISIT.c.void.is_(False))))


def referrals_of(work: UnitOfWork, household: str | None = None) -> list[Row[Any]]:
    """Referrals of a household, or all."""
    query = select(_REFERRAL)
    if household is not None:
        query = query.where(_REFERRAL.c.household == household)
    return list(work.db.execute(query.order_by(_REFERRAL.c.made_at.desc())))


def open_tasks(work: UnitOfWork, household: str | None = None) -> list[Row[Any]]:
    """Open tasks of a household, or all."""
    query = select(_TASK).where(_TASK.c.state == "open")
    if household is not None:
        query = query.where(_TASK.c.household == household)
    return list(work.db.execute(query))


def sending_states(work: UnitOfWork, records: list[str]) -> dict[str, str | None]:
    """Record id to the outcome of its newest own change: None while it waits; absent when it is not ours."""
    query = select(_OWN.c.record, _OWN.c.outcome).where(_OWN.c.record.in_(records)).order_by(_OWN.c.hlc)
    return {row.record: row.outcome for row in work.db.execute(query)}
