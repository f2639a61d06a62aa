"""A danger sign confirmed: the screen and its referral are sealed and queued at once, before the visit is signed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId, derived_id, new_record_id
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import DangerScreen, Referral, ReferralStatus, Task, Urgency
from healthvisit.packs.pack import Group, Pace, Pack, child_group
from healthvisit.store.unit_of_work import UnitOfWork

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # read aloud over a telephone: no 0/O, 1/I/L
_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerNow:
    """What the urgent page asks. `signs` maps pack code to yes, no or not_checked; at least one is yes.

    Signs that follow from numbers are among them. `would_change` and `second_offer` are asked of a family that refuses;
    `replaces` is an earlier referral of this visit, which this one takes the place of.
    """

    person: PersonId
    household: HouseholdId
    signs: Mapping[str, str] = field(repr=False)
    temperature_c10: int | None = field(default=None, repr=False)
    breaths: int | None = field(default=None, repr=False)
    age_days: int | None = field(default=None, repr=False)
    ambulance_at: datetime | None = None
    to: str = field(default="", repr=False)
    transport: str = ""
    companion: str = field(default="", repr=False)
    family_agrees: bool = True
    refusal_reason: str = field(default="", repr=False)
    would_change: str = field(default="", repr=False)
    second_offer: bool = False
    supervisor_told: bool = False
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What was sealed: ids of screen and referral, the code of the answer slip, the moment, the signs it covers."""

    screen: str
    referral: str
    code: str
    at: datetime
    covered: tuple[str, ...]


def raise_danger(work: UnitOfWork, pack: Pack, danger: DangerNow, *, today: date) -> Raised:
    """Seal screen, referral and follow-up task in one transaction; it waits to be sent whatever becomes of the visit.

    A young infant is asked after again in 24 hours, others in 48.

    Args:
        work: A writing unit of work.
        pack: Whose signs were used; says how urgent they are.
        danger: What was seen and decided.
        today: Local calendar day.

    Raises:
        InputError: ``danger.no_sign``; ``referral.refusal_needs_reason`` when the family refuses without reason or the
            supervisor was not told.
    """
    covered = tuple(code for code, answer in danger.signs.items() if answer == "yes")
    if not covered:
        raise InputError("danger.no_sign")
    now, worker = work.author.now, WorkerId(work.author.worker)
    urgency = Urgency.EMERGENCY if pack.urgency_of(covered) is Pace.NOW else Urgency.URGENT
    screen = DangerScreen(
        id=new_record_id(now), person=danger.person, household=danger.household, worker=worker, seen_at=now,
        pack=pack.name, signs=dict(danger.signs), temperature_c10=danger.temperature_c10, breaths=danger.breaths,
        urgency=urgency,
    )  # fmt: skip
    referral = Referral(
        id=new_record_id(now), person=danger.person, household=danger.household, worker=worker, made_at=now,
        reason="danger_signs", urgency=urgency, to=danger.to.strip(), screen=screen.id,
        status=ReferralStatus.SENT if danger.family_agrees else ReferralStatus.REFUSED,
        ambulance_at=danger.ambulance_at, transport=danger.transport, companion=danger.companion.strip(),
        family_agrees=danger.family_agrees, refusal_reason=danger.refusal_reason.strip(),
        supervisor_told_at=now if danger.supervisor_told else None, ask_on=today,
        would_change=danger.would_change.strip(), second_offer=danger.second_offer,
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)),
    )  # fmt: skip
    work.put(Kind.DANGER_SCREEN, screen.id, screen, subject=danger.person)
    work.put(Kind.REFERRAL, referral.id, referral, subject=danger.person)
    task = Task(
        id=task_id(referral.id), person=danger.person, household=danger.household, reason="contact_after_referral",
        due_on=today + timedelta(days=1 if child_group(danger.age_days) is Group.YOUNG_INFANT else 2), owner="worker",
    )  # fmt: skip
    work.put(Kind.TASK, task.id, task, subject=danger.person)
    if danger.replaces is not None:
        _cancel(work, danger.replaces)
    return Raised(screen=screen.id, referral=referral.id, code=referral.code, at=now, covered=covered)


def _cancel(work: UnitOfWork, referral: str) -> None:
    """An earlier referral of the same visit: the newer one holds everything, so nobody is asked twice."""
    known, task = work.find(Referral, referral), work.find(Task, task_id(referral))
    if known is not None:
        work.put(Kind.REFERRAL, referral, replace(known, status=ReferralStatus.CANCELLED), subject=known.person)
    if task is not None:
        work.put(Kind.TASK, task.id, replace(task, state="done"), subject=task.person)


def task_id(referral: str) -> str:
    """The task to see a child again that follows from a referral."""
    return derived_id("contact_after_referral", referral)


def confirm_arrival(work: UnitOfWork, referral: str, *, arrived: bool, today: date) -> None:
    """The family or the hospital said whether the child arrived; "not yet" asks again tomorrow."""
    known = work.get(Referral, referral)
    if arrived:
        changed = replace(known, arrived_at=work.author.now, status=ReferralStatus.ATTENDED)
        task = work.find(Task, task_id(referral))
        if task is not None:
            work.put(Kind.TASK, task.id, replace(task, state="done"), subject=task.person)
    else:
        changed = replace(known, ask_on=today + timedelta(days=1))
    work.put(Kind.REFERRAL, referral, changed, subject=known.person)


def referral_of(work: UnitOfWork, referral: str) -> tuple[Referral, DangerScreen | None]:
    """A referral with the screen it came from, for its note."""
    known = work.get(Referral, referral)
    return known, work.find(DangerScreen, known.screen) if known.screen else None
