"""A danger sign confirmed: the screen and its referral are sealed and queued at once, before the visit is signed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId, new_record_id
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import DangerScreen, Referral, ReferralStatus, Task, Urgency
from healthvisit.packs.pack import Pack
from healthvisit.store.unit_of_work import UnitOfWork

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # read aloud over a telephone: no 0/O, 1/I/L
_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerNow:
    """What the urgent page asks. `signs` maps pack code to yes, no or not_checked; at least one is yes."""

    person: PersonId
    household: HouseholdId
    signs: Mapping[str, str] = field(repr=False)
    temperature_c10: int | None = None
    breaths: int | None = None
    urgency: Urgency = Urgency.EMERGENCY
    ambulance_at: datetime | None = None
    to: str = field(default="", repr=False)
    transport: str = ""
    companion: str = field(default="", repr=False)
    family_agrees: bool = True
    refusal_reason: str = field(default="", repr=False)
    supervisor_told_at: datetime | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What was sealed: ids of screen and referral, and the code of the answer slip."""

    screen: str
    referral: str
    code: str


def raise_danger(work: UnitOfWork, pack: Pack, danger: DangerNow, *, today: date, young: bool) -> Raised:
    """Seal screen, referral and follow-up task in one transaction; it waits to be sent whatever becomes of the visit.

    Args:
        work: A writing unit of work.
        pack: Whose signs were used.
        danger: What was seen and decided.
        today: Local calendar day.
        young: Under two months: asked again after 24 hours instead of 48.

    Raises:
        InputError: ``danger.no_sign``; ``referral.refusal_needs_reason`` when the family refuses without reason or the
            supervisor was not told.
    """
    if not any(answer == "yes" for answer in danger.signs.values()):
        raise InputError("danger.no_sign")
    now, worker = work.author.now, WorkerId(work.author.worker)
    screen = DangerScreen(
        id=new_record_id(now), person=danger.person, household=danger.household, worker=worker, seen_at=now,
        pack=pack.name, signs=dict(danger.signs), temperature_c10=danger.temperature_c10, breaths=danger.breaths,
        urgency=danger.urgency,
    )  # fmt: skip
    work.put(Kind.DANGER_SCREEN, screen.id, screen, subject=danger.person)
    referral = Referral(
        id=new_record_id(now), person=danger.person, household=danger.household, worker=worker, made_at=now,
        reason="danger_signs", urgency=danger.urgency, to=danger.to, screen=screen.id,
        status=ReferralStatus.SENT if danger.family_agrees else ReferralStatus.REFUSED,
        ambulance_at=danger.ambulance_at, transport=danger.transport, companion=danger.companion,
        family_agrees=danger.family_agrees, refusal_reason=danger.refusal_reason.strip(),
        supervisor_told_at=danger.supervisor_told_at, note=danger.note, ask_on=today,
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH)),
    )  # fmt: skip
    work.put(Kind.REFERRAL, referral.id, referral, subject=danger.person)
    task = Task(
        id=new_record_id(now), person=danger.person, household=danger.household, reason="contact_after_referral",
        due_on=today + timedelta(days=1 if young else 2), owner="worker",
    )  # fmt: skip
    work.put(Kind.TASK, task.id, task, subject=danger.person)
    return Raised(screen=screen.id, referral=referral.id, code=referral.code)


def confirm_arrival(work: UnitOfWork, referral: str, *, arrived: bool, today: date) -> None:
    """The family or the hospital said whether the child arrived; "not yet" asks again tomorrow."""
    known = work.get(Referral, referral)
    if arrived:
        changed = replace(known, arrived_at=work.author.now, status=ReferralStatus.ATTENDED)
    else:
        changed = replace(known, ask_on=today + timedelta(days=1))
    work.put(Kind.REFERRAL, referral, changed, subject=known.person)


def referral_of(work: UnitOfWork, referral: str) -> tuple[Referral, DangerScreen | None]:
    """A referral with the screen it came from, for its note."""
    known = work.get(Referral, referral)
    return known, work.find(DangerScreen, known.screen) if known.screen else None
