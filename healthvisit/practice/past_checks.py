"""Development checks made at invented visits: most as expected, some with something to look at again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from healthvisit.development import PastCheck, band_at, monitor, to_ask
from healthvisit.domain.development import CheckReason, DevelopmentCheck, Milestone
from healthvisit.domain.ids import HouseholdId, WorkerId, derived_id
from healthvisit.domain.person import TERM_DAYS, Precision, reference_age_days
from healthvisit.domain.referral import Referral, Task, Urgency
from healthvisit.practice.bodies import Body
from healthvisit.services import dangers
from healthvisit.services.development import AGAIN, REASON, checks_pack

LAST_CHECKS = 3
WORRIES = ("Beýleki çagalardan giç gürleýär öýdýäris", "Heniz özi ýöränok, elinden tutmaly")
_AFTERNOON = time(10, 0)  # UTC
_SITS, _CRAWLS, _WALKS = (5, 8), (7, 11), (10, 15)  # months
_MONTH = 30.4375
_STILL_TO_COME = 28  # days within which a check is looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check with what followed from it."""

    at: datetime
    check: DevelopmentCheck = field(repr=False)
    referral: Referral | None = field(default=None, repr=False)
    task: Task | None = field(default=None, repr=False)


def checks_at(
    body: Body, days: list[date], *, household: HouseholdId, worker: WorkerId, today: date, missing: int
) -> Iterator[Checked]:
    """Checks at the last visits of a child whose day of birth is known.

    Args:
        body: The child.
        days: Its visits, oldest first.
        household: Where.
        worker: By whom.
        today: What would be owed by then is left out: practice begins with its lists in order.
        missing: How many skills the last check does not find yet.
    """
    pack, person = checks_pack(), body.person
    if person.born_on is None or person.born_precision is not Precision.DAY:
        return
    past: list[PastCheck] = []
    born = person.born_on
    one_a_band = {band_at(pack, reference_age_days((on - born).days, body.gestation_days)): on for on in days}
    for on in list(one_a_band.values())[-LAST_CHECKS:]:
        age = (on - born).days
        reference = reference_age_days(age, body.gestation_days)
        asked = to_ask(pack, reference, past)
        if not asked:
            continue
        followed = missing if on == days[-1] and (today - on).days < _STILL_TO_COME else 0
        answers = {skill.code: "yes" for skill in asked} | {s.code: "not_yet" for s in asked[-followed:] if followed}
        signs = {flag.code: "no" for flag in pack.flags_at(reference)} | {q.code: "no" for q in pack.questions}
        signs["carer_concern"] = "yes" if followed else "no"
        made = monitor(
            pack, age_days=age, gestation_days=body.gestation_days, answers=answers, past=past,
            flags=[code for code, said in signs.items() if said == "yes"],
        )  # fmt: skip
        check = DevelopmentCheck(
            id=derived_id("check", person.id, on.isoformat()), person=person.id, household=household, worker=worker,
            on=on, made_at=datetime.combine(on, _AFTERNOON, tzinfo=UTC), pack=made.pack, age_days=age,
            corrected_days=reference if reference != age else None, band=made.band, answers=answers, signs=signs,
            worry=WORRIES[followed % len(WORRIES)] if followed else "",
            result=made.result.value if made.result else None,
            reasons=tuple(CheckReason(cause=r.cause.value, about=r.about) for r in made.reasons), tests=made.tests,
            refer_days=made.refer_days,
            again_on=None if made.again_days is None else on + timedelta(days=made.again_days),
            referral=None if made.refer_days is None else derived_id("check referral", person.id, on.isoformat()),
        )  # fmt: skip
        past.append(PastCheck(on=on, answers=answers, result=made.result))
        yield _with_follow_up(check)


def _with_follow_up(check: DevelopmentCheck) -> Checked:
    """As the service writes it: a referral to be asked for, or the day to look again."""
    referral = task = None
    if check.referral is not None and check.refer_days is not None:
        due = check.on + timedelta(days=check.refer_days)
        referral = Referral(
            id=check.referral, person=check.person, household=check.household, worker=check.worker,
            made_at=check.made_at, reason=REASON, urgency=Urgency.ROUTINE, service="early_intervention", ask_on=due,
        )  # fmt: skip
        task = _task(check, dangers.task_id(referral.id), "contact_after_referral", due)
    elif check.again_on is not None:
        task = _task(check, derived_id(AGAIN, check.id), AGAIN, check.again_on)
    return Checked(at=check.made_at, check=check, referral=referral, task=task)


def _task(check: DevelopmentCheck, id: str, reason: str, due_on: date) -> Task:
    return Task(
        id=id, person=check.person, household=check.household, reason=reason, due_on=due_on, owner="worker"
    )  # fmt: skip


def milestones_said(dice: random.Random, body: Body, on: date, worker: WorkerId) -> Iterator[Milestone]:
    """What the mother remembers on a day: since when it sits, crawls, walks; nothing that is still to come."""
    person, early = body.person, round(max(0, TERM_DAYS - body.gestation_days) / _MONTH)
    assert person.born_on is not None, "asked before"
    for code, (low, high) in (("sits", _SITS), ("crawls", _CRAWLS), ("walks", _WALKS)):
        months = dice.randrange(low, high + 1) + early
        if (months + 1) * _MONTH < (on - person.born_on).days:
            at = datetime.combine(on, _AFTERNOON, tzinfo=UTC)
            yield Milestone(
                id=derived_id("milestone", person.id, code), person=person.id, worker=worker, code=code, said_on=on,
                made_at=at, months=months,
            )  # fmt: skip
