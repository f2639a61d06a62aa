"""The six motor milestones of one child: what checks show, what the caregiver says, where it stands in the windows.

A check says only that a skill was there by its day; a month that is said has 30 days. So each is a span of ages, and
late is only what is late from its earliest day on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from healthvisit.development import MotorState, PastCheck, motor_lines
from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.development import Milestone
from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import PersonId, WorkerId, new_record_id
from healthvisit.domain.person import reference_age_days
from healthvisit.domain.record import Kind
from healthvisit.packs.checks import ChecksPack, MotorWindow
from healthvisit.services.development import CheckFacts, check_facts
from healthvisit.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Attained:
    """When a milestone was reached, as (corrected) ages in days: after `low`, by `high`.

    `said_months` is the age since birth that the caregiver told; None where a check saw it.
    """

    low: int = field(repr=False)
    high: int = field(repr=False)
    said_months: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneLine:
    """One bar. `state` None: nobody has asked. `missing_at`: the age at which one not seen yet was last not there.

    `corrected`: its ages are corrected for a preterm birth.
    """

    window: MotorWindow
    state: MotorState | None = field(repr=False)
    attained: Attained | None = field(default=None, repr=False)
    missing_at: int | None = field(default=None, repr=False)
    is_reason: bool = field(default=False, repr=False)
    corrected: bool = False


def lines(
    pack: ChecksPack, facts: CheckFacts, said: Mapping[str, tuple[int, date]], *, today: date
) -> tuple[MilestoneLine, ...]:
    """A child's milestones in the order of the pack; none where the day of birth is not known.

    Args:
        pack: Its windows, each with the skills that show it.
        facts: The child with its checks.
        said: Milestone to the month that was said (completed months since birth) and the day it was said.
        today: Local calendar day.
    """
    age = facts.reference_days(today)
    past = sorted(facts.past(today), key=lambda check: check.on)
    return () if age is None else tuple(_line(facts, w, said.get(w.code), past, age) for w in pack.motor)


def _line(
    facts: CheckFacts, window: MotorWindow, said: tuple[int, date] | None, past: Sequence[PastCheck], age: int
) -> MilestoneLine:
    missing = _last_missing(facts, window, past)
    attained = _attained(facts, window, said, past)
    if attained is None and missing is None:
        return MilestoneLine(window=window, state=MotorState.BEFORE if age < window.low * DAYS_PER_MONTH else None)
    reached = {} if attained is None else {window.code: _believed(window, attained)}
    at = age if missing is None else missing
    (line,) = motor_lines([window], age_days=at, reached=reached)
    return MilestoneLine(
        window=window, state=line.state, attained=attained, missing_at=None if attained else missing,
        is_reason=line.is_reason, corrected=_is_corrected(facts, attained.high if attained else at),
    )  # fmt: skip


def _last_missing(facts: CheckFacts, window: MotorWindow, past: Iterable[PastCheck]) -> int | None:
    """The age at the last check where the milestone itself was not there yet."""
    days = [c.on for c in past if window.skills and c.answers.get(window.skills[0]) in ("not_yet", "sometimes")]
    return facts.reference_days(days[-1]) if days else None


def _attained(
    facts: CheckFacts, window: MotorWindow, said: tuple[int, date] | None, past: Iterable[PastCheck]
) -> Attained | None:
    seen = low = None
    for check in past:
        answers = [check.answers.get(code) for code in window.skills]
        if "yes" in answers:
            seen = facts.reference_days(check.on)
            break
        if answers and answers[0] in ("not_yet", "sometimes"):
            low = facts.reference_days(check.on)
    if said is not None:
        month = [reference_age_days(round(m * DAYS_PER_MONTH), facts.gestation_days) for m in (said[0], said[0] + 1)]
        if seen is None or month[0] <= seen:
            return Attained(low=month[0], high=min(month[1], seen or month[1]), said_months=said[0])
    return None if seen is None else Attained(low=low or 0, high=seen)


def _is_corrected(facts: CheckFacts, reference_days: int) -> bool:
    """Whether an age of this child is a corrected one: by then the correction had not ended."""
    early = facts.gestation_days is not None and reference_age_days(0, facts.gestation_days) < 0
    if not early or facts.gestation_days is None:
        return False
    since_birth = reference_days - reference_age_days(0, facts.gestation_days)
    return reference_age_days(since_birth, facts.gestation_days) == reference_days


def _believed(window: MotorWindow, attained: Attained) -> int:
    """A day within the span that is early or late only where all of the span is."""
    low, high = window.low * DAYS_PER_MONTH, window.high * DAYS_PER_MONTH
    if attained.high < low:
        return attained.high
    return attained.low if attained.low > high else round(min(max(attained.high, low), high) - 0.5)


def say_month(work: UnitOfWork, pack: ChecksPack, person: str, code: str, months: int | None, *, today: date) -> None:
    """Write down the age at which a milestone was reached, as the caregiver says; None takes back what was said.

    Raises:
        InputError: ``development.month_ahead`` (the child was not so old yet), ``development.unknown_item``.
    """
    if all(window.code != code for window in pack.motor):
        raise InputError("development.unknown_item", item=code)
    age = check_facts(work, person, today=today).age_days(today)
    if months is not None and (months < 0 or (age is not None and months * DAYS_PER_MONTH > age)):
        raise InputError("development.month_ahead", months=0 if age is None else int(age / DAYS_PER_MONTH))
    said = Milestone(
        id=new_record_id(work.author.now), person=PersonId(person), worker=WorkerId(work.author.worker), code=code,
        said_on=today, made_at=work.author.now, months=months,
    )  # fmt: skip
    work.put(Kind.MILESTONE, said.id, said, subject=said.person)
