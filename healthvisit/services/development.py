"""A development check from its first answer to what has to follow: draft, weighing, one transaction for the save."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from healthvisit.development import Monitoring, PastCheck, Result, head_needs_review, monitor, to_ask
from healthvisit.development.monitoring import Cause
from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.development import MOST_MONTHS, CheckReason, DevelopmentCheck
from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId, derived_id, new_record_id
from healthvisit.domain.person import Precision, reference_age_days
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import Referral, ReferralStatus, Task, Urgency
from healthvisit.packs.checks import ChecksPack, Skill, load_checks
from healthvisit.services import dangers, lines
from healthvisit.services.check_drafts import CheckDraft, InVisit, drop_draft, find_draft
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.settings import resource
from healthvisit.store import checks, people, visits
from healthvisit.store.unit_of_work import UnitOfWork

REASON, AGAIN = "development", "development_again"
HEAD_SIGN = "head_growth"
_HEAD_MEASURED_WITHIN = 62
_URGENT_DAYS, _SOON_DAYS = 2, 7


def checks_pack() -> ChecksPack:
    """The checks that come with the program, read once.

    Raises:
        PackError: What is wrong with them.
    """
    return _checks_at(resource("packs/dmc"))


@cache
def _checks_at(folder: Path) -> ChecksPack:
    return load_checks(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What a check needs to know of a child. `checks` are those that stand, the newest first; `heads` are (day, z)."""

    person: PersonLine = field(repr=False)
    household: HouseholdLine = field(repr=False)
    gestation_days: int | None = field(default=None, repr=False)
    checks: tuple[DevelopmentCheck, ...] = field(default=(), repr=False)
    heads: tuple[tuple[date, float], ...] = field(default=(), repr=False)

    def age_days(self, on: date) -> int | None:
        """Days since birth; None when the day of birth is not known."""
        born = self.person.born_on
        return (on - born).days if born is not None and self.person.born_precision is Precision.DAY else None

    def reference_days(self, on: date) -> int | None:
        """The same, corrected where the child was preterm."""
        age = self.age_days(on)
        return None if age is None else reference_age_days(age, self.gestation_days)

    def past(self, on: date, without: tuple[str, ...] = ()) -> list[PastCheck]:
        """Checks up to a day as the weighing takes them, oldest first, but for those that are being corrected."""
        return [
            PastCheck(
                on=c.on, answers=c.answers, result=Result(c.result) if c.result else None,
                causes=tuple(Cause(r.cause) for r in c.reasons if r.cause in set(Cause)),
            )
            for c in reversed(self.checks)
            if c.on <= on and c.id not in without
        ]  # fmt: skip

    def head_is_a_sign(self, on: date) -> bool:
        """Whether the last head circumference, if it is of these weeks, asks for a doctor."""
        held = [(day, z) for day, z in self.heads if day <= on]
        if not held or (on - held[-1][0]).days > _HEAD_MEASURED_WITHIN:
            return False
        return head_needs_review(held[-1][1], held[-2][1] if len(held) > 1 else None)

    def together_with(self, check: str) -> tuple[str, ...]:
        """A check that stands, and any other correction of the same one: a new correction takes the place of all."""
        own = next((c for c in self.checks if c.id == check), None)
        if own is None:
            return ()
        return (own.id, *(c.id for c in self.checks if c.id != own.id and set(c.amends) & set(own.amends)))


def check_facts(work: UnitOfWork, person: str, *, today: date) -> CheckFacts:
    """What is known of a child.

    Raises:
        HealthvisitError: ``record.absent``.
    """
    home = people.home_of(work, person, today=today)
    if home is None:
        raise HealthvisitError("record.absent", record=person)
    who = people.load_members(work, today=today, households=(home,))
    line = lines.line_of(who, home, {})
    birth = who.births.get(person)
    heads = ((p.on, p.scores.get("head_for_age")) for p in visits.growth_of(work, person))
    return CheckFacts(
        person=next(p for p in line.persons if p.id == person),
        household=line,
        gestation_days=birth.gestation_days if birth else None,
        checks=tuple(checks.checks_of(work, person)),
        heads=tuple((on, float(s[0])) for on, s in heads if s is not None and s[0] is not None and not s[1]),
    )


# opening


def begin(
    work: UnitOfWork, person: str, *, today: date, amends: str = "", visit: InVisit | None = None
) -> tuple[CheckFacts, CheckDraft]:
    """Open the check of a child: the one begun before, a correction of one that stands, or a new one.

    Args:
        work: What is read.
        person: The child.
        today: Local calendar day.
        amends: The check to correct.
        visit: The visit it is made in. One begun before becomes that visit's, unless the child would be asked another
            list on its day: then what was answered stays with the day it was answered on.

    Raises:
        HealthvisitError: ``record.absent``.
    """
    facts = check_facts(work, person, today=today)
    kept = find_draft(work, person)
    corrected = next((c for c in facts.checks if c.id == amends), None)
    if kept is not None and (corrected is None or corrected.id in kept.amends):
        return facts, _in_visit(facts, kept, visit)
    on = visit.on if visit else today
    draft = CheckDraft(
        id=new_record_id(work.author.now), person=person, on=on, started_at=work.author.now,
        visit=visit.id if visit else None,
    )  # fmt: skip
    if corrected is not None:
        draft = replace(
            draft, on=corrected.on, answers=dict(corrected.answers), signs=dict(corrected.signs),
            worry=corrected.worry, amends=facts.together_with(corrected.id), visit=corrected.visit,
        )  # fmt: skip
    return facts, draft


def _in_visit(facts: CheckFacts, kept: CheckDraft, visit: InVisit | None) -> CheckDraft:
    if visit is None or kept.amends:
        return kept
    moved = replace(kept, on=visit.on, visit=visit.id)
    pack = checks_pack()
    return moved if skills(pack, facts, moved) == skills(pack, facts, kept) else kept


# weighing


def require_day(facts: CheckFacts, on: date, *, today: date) -> None:
    """Refuse a day on which this child cannot have been checked.

    Raises:
        InputError: ``development.check_in_future``, ``development.check_before_birth``, ``development.too_old``.
    """
    if on > today:
        raise InputError("development.check_in_future")
    if facts.person.born_on is not None and on < facts.person.born_on:
        raise InputError("development.check_before_birth")
    age = facts.age_days(on)
    if age is not None and age >= MOST_MONTHS * DAYS_PER_MONTH:
        raise InputError("development.too_old", years=MOST_MONTHS // 12)


def skills(pack: ChecksPack, facts: CheckFacts, draft: CheckDraft) -> tuple[Skill, ...]:
    """The skills to ask on the day of a draft; none below the first band and where the day of birth is not known."""
    return to_ask(pack, facts.reference_days(draft.on), facts.past(draft.on, draft.amends))


def weigh(pack: ChecksPack, facts: CheckFacts, draft: CheckDraft) -> Monitoring:
    """What a draft says as it stands."""
    asked = {skill.code for skill in skills(pack, facts, draft)}
    said = [code for code, answer in draft.signs.items() if answer == "yes"]
    if facts.head_is_a_sign(draft.on) and pack.flag(HEAD_SIGN) is not None:
        said.append(HEAD_SIGN)
    return monitor(
        pack,
        age_days=facts.age_days(draft.on),
        gestation_days=facts.gestation_days,
        answers={code: answer for code, answer in draft.answers.items() if code in asked},
        flags=said,
        past=facts.past(draft.on, draft.amends),
    )


# the save


def save_check(work: UnitOfWork, pack: ChecksPack, draft: CheckDraft, *, today: date) -> DevelopmentCheck:
    """Write the check with its referral and the day to look again, and end its draft. Again is the same record.

    Raises:
        InputError: As `require_day`; ``development.nothing_answered``.
        HealthvisitError: ``record.absent``.
    """
    known = work.find(DevelopmentCheck, draft.id)
    if known is not None:
        drop_draft(work, draft.person)
        return known
    facts = check_facts(work, draft.person, today=today)
    require_day(facts, draft.on, today=today)
    made = weigh(pack, facts, draft)
    asked = {skill.code for skill in skills(pack, facts, draft)}
    check = _record(work, facts, draft, made, {c: a for c, a in draft.answers.items() if c in asked})
    check = replace(check, again_on=again_on(pack, made, draft.on))
    check = replace(check, referral=_refer(work, check, facts, today))
    work.put(Kind.DEVELOPMENT_CHECK, check.id, check, subject=check.person)
    _plan_again(work, check, facts)
    drop_draft(work, draft.person)
    return check


def _record(
    work: UnitOfWork, facts: CheckFacts, draft: CheckDraft, made: Monitoring, answers: Mapping[str, str]
) -> DevelopmentCheck:
    age, corrected = facts.age_days(draft.on), facts.reference_days(draft.on)
    return DevelopmentCheck(
        id=draft.id, person=PersonId(draft.person), household=HouseholdId(facts.household.id),
        worker=WorkerId(work.author.worker), on=draft.on, made_at=work.author.now, pack=made.pack, age_days=age,
        corrected_days=corrected if corrected != age else None, band=made.band, answers=dict(answers),
        signs=dict(draft.signs), worry=draft.worry.strip(), result=made.result.value if made.result else None,
        reasons=tuple(CheckReason(cause=r.cause.value, about=r.about) for r in made.reasons), tests=made.tests,
        refer_days=made.refer_days, amends=draft.amends, visit=draft.visit,
    )  # fmt: skip


def again_on(pack: ChecksPack, made: Monitoring, on: date) -> date | None:
    """The day to look again: as the result asks, and not later than what was left out is to be finished."""
    days = [made.again_days, pack.follow_up(Result.INCOMPLETE).again_days if made.is_incomplete else None]
    return min((on + timedelta(days=n) for n in days if n is not None), default=None)


def _refer(work: UnitOfWork, check: DevelopmentCheck, facts: CheckFacts, today: date) -> str | None:
    """The referral that stands for the check: one still open that is soon enough, else a new one in its place."""
    corrected = {c.referral for c in facts.checks if c.id in check.amends}
    waiting = checks.open_referrals(work, check.person, REASON)
    if check.refer_days is None:
        for held in waiting:
            if held.id in corrected:
                _close(work, held.id, ReferralStatus.CANCELLED)
        return None
    due = max(today, check.on + timedelta(days=check.refer_days))
    for held in waiting:
        if held.due_on is not None and held.due_on <= due:
            return held.id
    for held in waiting:
        _close(work, held.id, ReferralStatus.CANCELLED)
    return _new_referral(work, check, check.refer_days, due)


def _new_referral(work: UnitOfWork, check: DevelopmentCheck, refer_days: int, due: date) -> str:
    """The referral of a check, and the task to ask what came of it."""
    referral = Referral(
        id=derived_id("development_referral", check.id), person=check.person, household=check.household,
        worker=check.worker, made_at=work.author.now, reason=REASON, urgency=_urgency(refer_days),
        service="early_intervention" if check.result == Result.AMBER_2 else "health", ask_on=due,
    )  # fmt: skip
    work.put(Kind.REFERRAL, referral.id, referral, subject=check.person)
    task = Task(
        id=dangers.task_id(referral.id), person=check.person, household=check.household,
        reason="contact_after_referral", due_on=due, owner="worker",
    )  # fmt: skip
    work.put(Kind.TASK, task.id, task, subject=check.person)
    return referral.id


def _urgency(days: int) -> Urgency:
    return Urgency.URGENT if days <= _URGENT_DAYS else Urgency.SOON if days <= _SOON_DAYS else Urgency.ROUTINE


def confirm_seen(work: UnitOfWork, referral: str, *, today: date, said_on: date | None = None) -> None:
    """The family or the doctor said that the child was seen. Said once more, nothing is written.

    A check of the day on which it was said (today, if left out) may have leant on this referral: what it found the
    doctor has not seen yet, so it gets a referral of its own.
    """
    known = work.get(Referral, referral)
    if known.status is not ReferralStatus.SENT or known.arrived_at is not None:
        return
    dangers.confirm_arrival(work, referral, arrived=True, today=today)
    for check in checks.checks_of(work, known.person):
        own = derived_id("development_referral", check.id)
        if check.refer_days is not None and check.on >= (said_on or today) and referral == check.referral != own:
            _new_referral(work, check, check.refer_days, max(today, check.on + timedelta(days=check.refer_days)))


def _close(work: UnitOfWork, referral: str, status: ReferralStatus) -> None:
    known = work.get(Referral, referral)
    work.put(Kind.REFERRAL, referral, replace(known, status=status), subject=known.person)
    end_task(work, dangers.task_id(referral))


def end_task(work: UnitOfWork, task_id: str) -> None:
    """A task is done; one that is not there is none."""
    task = work.find(Task, task_id)
    if task is not None and task.state == "open":
        work.put(Kind.TASK, task.id, replace(task, state="done"), subject=task.person)


def _plan_again(work: UnitOfWork, check: DevelopmentCheck, facts: CheckFacts) -> None:
    """The task to look again, in the place of any older one: this check was that look.

    A correction of an older check ends only its own task: what is owed goes by the newest.
    """
    newer = any(c.on > check.on and c.id not in check.amends for c in facts.checks)
    for row in checks.tasks_of(work, check.person, AGAIN):
        if not newer or row.id in {derived_id(AGAIN, amended) for amended in check.amends}:
            end_task(work, row.id)
    if check.again_on is not None and not newer:
        task = Task(
            id=derived_id(AGAIN, check.id), person=check.person, household=check.household, reason=AGAIN,
            due_on=check.again_on, owner="worker",
        )  # fmt: skip
        work.put(Kind.TASK, task.id, task, subject=check.person)
