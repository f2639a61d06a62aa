"""Development in a visit: how each child stands on its day, and what was said of a doctor who was to see the child."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from healthvisit.development import band_at
from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.person import reference_age_days
from healthvisit.domain.record import Kind, Privacy
from healthvisit.domain.referral import Referral, ReferralStatus, Task
from healthvisit.domain.visit import Entry, VisitPart
from healthvisit.packs.checks import ChecksPack
from healthvisit.services.check_drafts import InVisit, find_draft
from healthvisit.services.dangers import task_id
from healthvisit.services.development import AGAIN, REASON, confirm_seen
from healthvisit.services.measurements import ChildFacts
from healthvisit.store import checks
from healthvisit.store.checks import OpenReferral
from healthvisit.store.unit_of_work import UnitOfWork

ENTRY = "development_referrals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a child's development stands on the day of a visit.

    Attributes:
        band: Months of the list for that day; None where none fits.
        is_young: No list has begun yet: the signs asked at every visit are enough. So for one too old for a visit.
        begun_on: A check was begun then and is not saved.
        made: The check made in this visit.
        is_due: The list of this age was not asked yet, or it is time to look again.
        referral: One made before this day of which nobody has heard yet.
    """

    band: int | None = None
    is_young: bool = False
    begun_on: date | None = None
    made: DevelopmentCheck | None = field(default=None, repr=False)
    is_due: bool = False
    referral: OpenReferral | None = None

    @property
    def state(self) -> Literal["done", "started", "todo", "not_today"]:
        """As the list of sections says it."""
        if self.begun_on is not None:
            return "started"
        return "done" if self.made is not None else "todo" if self.is_due else "not_today"

    @property
    def is_offered(self) -> bool:
        """Whether a check has its place in the visit."""
        return not self.is_young or self.begun_on is not None or self.made is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What the family said of a child sent to a doctor."""

    referral: str
    person: str
    seen: bool = field(repr=False)


def standings(
    work: UnitOfWork, pack: ChecksPack, children: Iterable[tuple[str, ChildFacts | None]], visit: InVisit
) -> dict[str, Standing]:
    """How the children of a household stand on the day of a visit.

    Args:
        work: What is read.
        pack: The checks.
        children: Each with what is known of the age; None for one who is too old for a visit's form.
        visit: The visit.
    """
    return {person: _standing(work, pack, person, facts, visit) for person, facts in children}


def _standing(work: UnitOfWork, pack: ChecksPack, person: str, facts: ChildFacts | None, visit: InVisit) -> Standing:
    age = facts.age_days(visit.on) if facts else None
    band = band_at(pack, None if age is None or facts is None else reference_age_days(age, facts.gestation_days))
    waiting = [r for r in checks.open_referrals(work, person, REASON) if r.made_on < visit.on]
    draft = find_draft(work, person)
    held = [c for c in checks.checks_of(work, person) if c.on <= visit.on]
    again = checks.tasks_of(work, person, AGAIN)
    asked = any(c.band == band or (c.band or 0) > (band or 0) for c in held)
    return Standing(
        band=band,
        is_young=facts is None or (age is not None and band is None),
        begun_on=draft.started_at.astimezone().date() if draft is not None and draft.is_begun else None,
        made=next((c for c in held if c.visit == visit.id), None),
        is_due=not asked or bool(again and again[0].due_on <= visit.on),
        referral=waiting[0] if waiting else None,
    )


def made_in(work: UnitOfWork, persons: Iterable[str], *visits: str | None) -> dict[str, DevelopmentCheck]:
    """The check that stands of each child, where one was made in a visit or in the one it corrects."""
    held = ((person, check) for person in persons for check in checks.checks_of(work, person))
    return {person: check for person, check in held if check.visit is not None and check.visit in visits}


def entry_of(followed: Iterable[Followed]) -> Entry | None:
    """The answers as the family's part of a visit keeps them; None where nothing was asked."""
    asked = [{"referral": f.referral, "person": f.person, "seen": f.seen} for f in followed]
    return Entry(kind=ENTRY, privacy=Privacy.SENSITIVE.value, fields={"asked": asked}) if asked else None


def followed_in(fields: Mapping[str, Any] | None) -> tuple[Followed, ...]:
    """The inverse of `entry_of`."""
    return tuple(Followed(**asked) for asked in (fields or {}).get("asked", ()))


def take_back(work: UnitOfWork, family: VisitPart, *, since: datetime) -> VisitPart:
    """A visit was recorded for the wrong family: what was closed by it is open again, and its part says nothing of it.

    Args:
        work: A writing unit of work.
        family: The family's part.
        since: When the visit began; what was closed before was not closed by it.
    """
    for one in followed_in(family.entry(ENTRY)):
        known, task = work.find(Referral, one.referral), work.find(Task, task_id(one.referral))
        if one.seen and known is not None and known.arrived_at is not None and known.arrived_at >= since:
            opened = replace(known, arrived_at=None, status=ReferralStatus.SENT)
            work.put(Kind.REFERRAL, known.id, opened, subject=known.person)
            if task is not None:
                work.put(Kind.TASK, task.id, replace(task, state="open"), subject=task.person)
    return replace(family, entries=tuple(e for e in family.entries if e.kind != ENTRY))


def follow(work: UnitOfWork, followed: Iterable[Followed], *, on: date, today: date) -> None:
    """Close what a doctor has seen; one closed since, or gone, is let be. `on` is the day of the visit."""
    for one in followed:
        if one.seen and work.find(Referral, one.referral) is not None:
            confirm_seen(work, one.referral, today=today, said_on=on)
