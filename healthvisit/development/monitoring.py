"""The own development check: monitoring, not diagnosis. One result, its reasons, and what has to follow.

Source: DOMAIN 3.2 (result table) and 3.3 (any-age flags); the numbers and words are in the pack.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import ceil

from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.errors import InputError
from healthvisit.domain.person import reference_age_days
from healthvisit.packs.checks import ChecksPack, Skill

LOST_SKILL = "lost_skill"
_HEAD_LINES = range(-3, 4)
_HEAD_REFER = 3
_HEAD_CROSSED = 2


class Answer(StrEnum):
    """What was said or seen of a skill."""

    YES = "yes"
    SOMETIMES = "sometimes"
    NOT_YET = "not_yet"
    NOT_ASKED = "not_asked"


class Result(StrEnum):
    """From what cannot wait to what is well; `ChecksPack.follow_up(result)` has its words."""

    RED = "red"
    AMBER_2 = "amber_2"
    AMBER_1 = "amber_1"
    INCOMPLETE = "incomplete"
    GREEN = "green"


class Cause(StrEnum):
    """Why a result came to be."""

    FLAG = "flag"  # about: the flag's code
    LOST_SKILL = "lost_skill"  # about: skills seen earlier and not now; empty when the carer said so
    MISSING_YOUNGER = "missing_younger"  # about: skills of younger bands
    SEVERAL_NOT_YET = "several_not_yet"  # about: skills
    AGAIN = "again"  # amber 1 the second time in a row
    ONE_NOT_YET = "one_not_yet"  # about: the skill
    SEVERAL_SOMETIMES = "several_sometimes"  # about: skills of one domain
    CARER_CONCERN = "carer_concern"
    HEARING_WORRY = "hearing_worry"
    VISION_WORRY = "vision_worry"
    NOT_ASKED = "not_asked"  # about: skills still to ask


_RESULT_OF: Mapping[Cause, Result] = {
    Cause.FLAG: Result.RED,
    Cause.LOST_SKILL: Result.RED,
    Cause.MISSING_YOUNGER: Result.RED,
    Cause.SEVERAL_NOT_YET: Result.AMBER_2,
    Cause.AGAIN: Result.AMBER_2,
    Cause.ONE_NOT_YET: Result.AMBER_1,
    Cause.SEVERAL_SOMETIMES: Result.AMBER_1,
    Cause.CARER_CONCERN: Result.AMBER_1,
    Cause.HEARING_WORRY: Result.AMBER_1,
    Cause.VISION_WORRY: Result.AMBER_1,
    Cause.NOT_ASKED: Result.INCOMPLETE,
}
_TESTS = {Cause.HEARING_WORRY: "hearing", Cause.VISION_WORRY: "vision"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason; `about` names flags or skills."""

    cause: Cause
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheck:
    """An earlier check of the same child, as it stands now (an amended one is left out by the caller)."""

    on: date
    answers: Mapping[str, str] = field(repr=False)
    result: Result | None = field(default=None, repr=False)
    causes: tuple[Cause, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """What a check says.

    Attributes:
        result: None only below the first band, or without an age, when nothing gave a reason.
        band: Months; None below the first.
        reasons: All of them, the gravest first; `result` is that of the first.
        refer_days, again_days: Seen elsewhere within, looked at again after; `level` is what a supervisor may set.
        tests: "hearing", "vision".
        domains: Where the family gets an idea to play and talk (`ChecksPack.idea`).
        still_to_ask: Skills left out; with `result` other than incomplete they are still to be finished if
            `is_incomplete`.
        next_band, next_band_in_days: When the next check is due; None after the last.
    """

    result: Result | None = field(repr=False)
    band: int | None
    reasons: tuple[Reason, ...] = field(repr=False)
    refer_days: int | None = field(repr=False)
    again_days: int | None = field(repr=False)
    level: str | None = field(repr=False)
    tests: tuple[str, ...] = field(repr=False)
    domains: tuple[str, ...] = field(repr=False)
    still_to_ask: tuple[str, ...] = field(repr=False)
    is_incomplete: bool
    next_band: int | None
    next_band_in_days: int | None
    pack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillHistory:
    """One skill over the checks: first said or seen, lost (None when it came back), and the last answer."""

    first_seen: date | None = field(default=None, repr=False)
    lost_on: date | None = field(default=None, repr=False)
    last_answer: Answer = field(repr=False)


def band_at(pack: ChecksPack, age_days: int | None) -> int | None:
    """The highest band not above an age in (corrected) days; None below the first and without an age."""
    if age_days is None:
        return None
    return max((band for band in pack.bands if band * DAYS_PER_MONTH <= age_days), default=None)


def to_ask(pack: ChecksPack, age_days: int | None, past: Iterable[PastCheck] = ()) -> tuple[Skill, ...]:
    """The skills of a check: those of younger bands that were missing last time, then the band's own.

    Args:
        pack: The checks.
        age_days: Corrected where the child was preterm (`domain.person.reference_age_days`).
        past: Earlier checks, in any order.
    """
    band = band_at(pack, age_days)
    if band is None:
        return ()
    history = skill_history(past)
    missing = {item for item, skill in history.items() if skill.last_answer is Answer.NOT_YET}
    return (*(s for s in pack.skills if s.band < band and s.code in missing), *pack.skills_of(band))


def skill_history(past: Iterable[PastCheck]) -> dict[str, SkillHistory]:
    """Each skill ever answered, over checks in any order. "Not asked" says nothing."""
    made: dict[str, SkillHistory] = {}
    for check in sorted(past, key=lambda one: one.on):
        for item, answer in _answers(check.answers).items():
            if answer is Answer.NOT_ASKED:
                continue
            before = made.get(item)
            first = before.first_seen if before else None
            lost = before.lost_on if before else None
            if answer is Answer.YES:
                first, lost = first or check.on, None
            elif answer is Answer.NOT_YET and first:
                lost = lost or check.on
            made[item] = SkillHistory(first_seen=first, lost_on=lost, last_answer=answer)
    return made


def monitor(
    pack: ChecksPack,
    *,
    age_days: int | None,
    answers: Mapping[str, str],
    gestation_days: int | None = None,
    flags: Collection[str] = (),
    concerns: Collection[str] = (),
    past: Sequence[PastCheck] = (),
) -> Monitoring:
    """Weigh one check.

    Args:
        pack: The checks.
        age_days: Since birth; the band goes by the age corrected with the next.
        gestation_days: Length of the pregnancy; None: not known, no correction.
        answers: Skill to `Answer`; a skill of the band that is not named was not asked. Skills that this edition does
            not hold are let be.
        flags: Any-age signs that are there (`ChecksPack.flags`), "lost_skill" among them.
        concerns: Of "carer_concern", "hearing_worry", "vision_worry", "lost_skill" those answered yes.
        past: Earlier checks, in any order.

    Raises:
        InputError: ``development.wrong_answer``, ``development.unknown_flag`` (neither a flag of the pack nor one of
            the questions): a danger must never be dropped in silence.
    """
    age = None if age_days is None else reference_age_days(age_days, gestation_days)
    band = band_at(pack, age)
    given = _answers(answers)
    asked = [*to_ask(pack, age, past)]
    asked += [s for s in pack.skills if band is not None and s.band < band and s.code in given and s not in asked]
    signs = _signs(pack, age, {*flags, *concerns})
    reasons = _reasons(pack, band, asked, given, signs, past)
    left = tuple(s.code for s in asked if given.get(s.code, Answer.NOT_ASKED) is Answer.NOT_ASKED)
    result = _RESULT_OF[reasons[0].cause] if reasons else Result.GREEN if band is not None else None
    return _with_follow_up(pack, age, band, result, reasons, left)


def head_needs_review(now: float, before: float | None = None) -> bool:
    """Whether head circumference is a flag: z beyond -3 or +3, or two z lines crossed since an earlier measurement."""
    if abs(now) > _HEAD_REFER:
        return True
    if before is None:
        return False
    low, high = sorted((now, before))
    return sum(low < line < high for line in _HEAD_LINES) >= _HEAD_CROSSED


def _answers(raw: Mapping[str, str]) -> dict[str, Answer]:
    made = {}
    for item, answer in raw.items():
        try:
            made[item] = Answer(answer)
        except ValueError as fault:
            raise InputError("development.wrong_answer", item=item) from fault
    return made


def _signs(pack: ChecksPack, age: int | None, said: Collection[str]) -> list[str]:
    """The codes that count: a sign that is normal at this age does not."""
    known = {flag.code for flag in pack.flags} | {question.code for question in pack.questions} | {LOST_SKILL}
    for code in sorted(set(said) - known):
        raise InputError("development.unknown_flag", flag=code)
    early = {flag.code for flag in pack.flags if age is not None and age < flag.from_days}
    return [code for code in sorted(said) if code not in early]


def _reasons(
    pack: ChecksPack,
    band: int | None,
    asked: Sequence[Skill],
    given: Mapping[str, Answer],
    signs: Sequence[str],
    past: Sequence[PastCheck],
) -> list[Reason]:
    limits = pack.thresholds
    seen = {item for item, skill in skill_history(past).items() if skill.first_seen}
    lost = tuple(sorted(item for item, answer in given.items() if answer is Answer.NOT_YET and item in seen))
    missing = [s for s in asked if given.get(s.code) is Answer.NOT_YET]
    younger = tuple(s.code for s in missing if band is not None and s.band < band)
    unsure = [s for s in asked if given.get(s.code) is Answer.SOMETIMES]
    often = {d for d, n in Counter(s.domain for s in unsure).items() if n >= limits.sometimes_in_domain}
    left = tuple(s.code for s in asked if given.get(s.code, Answer.NOT_ASKED) is Answer.NOT_ASKED)
    found = {
        Cause.LOST_SKILL: (LOST_SKILL in signs or bool(lost), lost),
        Cause.MISSING_YOUNGER: (len(younger) >= limits.missing_younger, younger),
        Cause.SEVERAL_NOT_YET: (len(missing) >= limits.not_yet, tuple(s.code for s in missing)),
        Cause.ONE_NOT_YET: (0 < len(missing) < limits.not_yet, tuple(s.code for s in missing)),
        Cause.SEVERAL_SOMETIMES: (bool(often), tuple(s.code for s in unsure if s.domain in often)),
        Cause.CARER_CONCERN: (Cause.CARER_CONCERN in signs, ()),
        Cause.HEARING_WORRY: (Cause.HEARING_WORRY in signs, ()),
        Cause.VISION_WORRY: (Cause.VISION_WORRY in signs, ()),
        Cause.NOT_ASKED: (100 * len(left) > limits.not_asked_percent * len(asked), left),
    }
    flagged = [Reason(cause=Cause.FLAG, about=(c,)) for c in signs if c != LOST_SKILL and pack.flag(c)]
    reasons = flagged + [Reason(cause=cause, about=about) for cause, (holds, about) in found.items() if holds]
    if reasons and _RESULT_OF[reasons[0].cause] is Result.AMBER_1 and _was_amber(past):
        reasons.insert(0, Reason(cause=Cause.AGAIN))
    return reasons


def _was_amber(past: Iterable[PastCheck]) -> bool:
    """Whether the last finished check was amber 1, or amber 2 only because amber 1 came again."""
    done = [check for check in past if check.result not in (None, Result.INCOMPLETE)]
    last = max(done, key=lambda check: check.on, default=None)
    return last is not None and (last.result is Result.AMBER_1 or Cause.AGAIN in last.causes)


def _with_follow_up(
    pack: ChecksPack,
    age: int | None,
    band: int | None,
    result: Result | None,
    reasons: Sequence[Reason],
    left: tuple[str, ...],
) -> Monitoring:
    follow = None if result is None else pack.follow_up(result)
    flags = [flag for reason in reasons if reason.cause is Cause.FLAG for c in reason.about if (flag := pack.flag(c))]
    if any(reason.cause is Cause.LOST_SKILL for reason in reasons) and (lost := pack.flag(LOST_SKILL)):
        flags.append(lost)
    refer = follow.refer_days if follow else None
    tests = {flag.test for flag in flags} | {_TESTS.get(reason.cause) for reason in reasons}
    weak = {item for r in reasons if r.cause is not Cause.NOT_ASKED for item in r.about}
    coming = next((b for b in pack.bands if age is not None and b * DAYS_PER_MONTH > age), None)
    return Monitoring(
        result=result,
        band=band,
        reasons=tuple(reasons),
        refer_days=min((flag.refer_days for flag in flags), default=refer) if result is Result.RED else refer,
        again_days=follow.again_days if follow else None,
        level=follow.level if follow else None,
        tests=tuple(sorted(test for test in tests if test)),
        domains=tuple(d.code for d in pack.domains if any(s.domain == d.code and s.code in weak for s in pack.skills)),
        still_to_ask=left,
        is_incomplete=any(reason.cause is Cause.NOT_ASKED for reason in reasons),
        next_band=coming,
        next_band_in_days=None if coming is None or age is None else ceil(coming * DAYS_PER_MONTH) - age,
        pack=pack.edition.name,
    )
