"""The pack of development checks: skills by band, any-age flags, follow-up, ideas for the family, motor windows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from healthvisit.packs.pack import Named, Text
from healthvisit.packs.reader import (
    Accept,
    Edition,
    Problem,
    Reader,
    Spec,
    above_zero,
    code,
    codes,
    count,
    flag,
    maybe,
    need,
    one_of,
    taken,
    text,
    words,
)

KIND = "checks"
FILE = "checks.json"
FEWEST_ITEMS, MOST_ITEMS = 6, 10
RESULTS = ("red", "amber_2", "amber_1", "incomplete", "green")
ANSWERS = ("yes", "sometimes", "not_yet", "not_asked")
QUESTIONS = ("carer_concern", "hearing_worry", "vision_worry", "lost_skill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """One item of a band: what the child does, in plain words, and how to see it.

    `review_needed`: no listed expectation stands behind its age yet; a paediatrician has to look at it.
    """

    code: str
    band: int
    domain: str
    text: Text
    hint: Text
    review_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A sign that is red at any age from `from_days`. `refer_days`: seen by a doctor within; `test` names a test."""

    code: str
    refer_days: int
    text: Text
    hint: Text
    asked: bool = True
    from_days: int = 0
    test: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What a result asks for: referral within days, looking again after days, level of support, words to say."""

    code: str
    name: Text
    say: Text
    refer_days: int | None = None
    again_days: int | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One thing to do together, for a domain, from one band to another."""

    domain: str
    first: int
    last: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The numbers of the result table."""

    missing_younger: int
    not_yet: int
    sometimes_in_domain: int
    not_asked_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorWindow:
    """From the 1st to the 99th percentile of a motor milestone, months; without `alone_a_reason` lateness is none.

    `skills` are those of a check that show it: the first is the milestone itself, the others come after it.
    """

    code: str
    name: Text
    low: float
    high: float
    mean: float
    sd: float
    alone_a_reason: bool = True
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPack:
    """One edition of the checks, examined when it was loaded."""

    edition: Edition
    notice: Text
    bands: tuple[int, ...]
    thresholds: Thresholds
    domains: tuple[Named, ...] = field(repr=False)
    answers: tuple[Named, ...] = field(repr=False)
    questions: tuple[Named, ...] = field(repr=False)
    skills: tuple[Skill, ...] = field(repr=False)
    flags: tuple[Flag, ...] = field(repr=False)
    follow_ups: tuple[FollowUp, ...] = field(repr=False)
    ideas: tuple[Idea, ...] = field(repr=False)
    motor: tuple[MotorWindow, ...] = field(repr=False)
    motor_source: str

    def skills_of(self, band: int) -> tuple[Skill, ...]:
        """A band's items, in the order they are asked."""
        return tuple(skill for skill in self.skills if skill.band == band)

    def skill(self, code: str) -> Skill | None:
        """One item; None for a code this edition does not hold."""
        return next((skill for skill in self.skills if skill.code == code), None)

    def flag(self, code: str) -> Flag | None:
        """One sign; None for a code this edition does not hold."""
        return next((one for one in self.flags if one.code == code), None)

    def flags_at(self, age_days: int | None) -> tuple[Flag, ...]:
        """The signs to ask about at an age; all of them where the age is not known."""
        return tuple(one for one in self.flags if one.asked and (age_days is None or age_days >= one.from_days))

    def follow_up(self, result: str) -> FollowUp:
        """What a result asks for."""
        return next(one for one in self.follow_ups if one.code == result)

    def idea(self, domain: str, band: int) -> Idea:
        """What the family can do together for a domain at a band."""
        return next(one for one in self.ideas if one.domain == domain and one.first <= band <= one.last)


def load_checks(folder: Path) -> ChecksPack:
    """Read the checks.

    Raises:
        PackError: ``pack.missing``, ``pack.damaged`` or ``pack.wrong_value``, naming file, entry and member.
    """
    return taken(read(folder))


def read(folder: Path) -> tuple[ChecksPack | None, list[Problem]]:
    """The pack, and everything that is wrong with it."""
    reader = Reader(folder)
    edition = reader.edition(KIND)
    about = reader.one("check.json", _ABOUT)
    motor = reader.make("motor.json", "windows", _WINDOW, MotorWindow)
    domains, answers, questions = (
        reader.make(FILE, name, _NAMED, Named) for name in ("domains", "answers", "questions")
    )
    flags = reader.make(FILE, "flags", _FLAG, Flag)
    follow_ups = reader.make(FILE, "results", _RESULT, FollowUp)
    skills = reader.make("skills.json", "skills", _SKILL, Skill)
    ideas = reader.make("ideas.json", "ideas", _IDEA, Idea)
    if reader.problems or edition is None:
        return None, reader.problems
    pack = ChecksPack(
        edition=edition,
        motor=motor,
        domains=domains,
        answers=answers,
        questions=questions,
        flags=flags,
        follow_ups=follow_ups,
        skills=skills,
        ideas=ideas,
        **about,
    )
    for file, member, entries in _faults(pack):
        reader.wrong(file, member, entries)
    return pack, reader.problems


def _faults(pack: ChecksPack) -> Iterable[tuple[str, str, Iterable[str]]]:
    """File, member and entries of what one row alone cannot show."""
    domains = [domain.code for domain in pack.domains]
    sizes = {band: len(pack.skills_of(band)) for band in pack.bands}
    covered = {(d, b) for i in pack.ideas for d in [i.domain] for b in pack.bands if i.first <= b <= i.last}
    yield FILE, "results", _missing(RESULTS, pack.follow_ups)
    yield FILE, "answers", _missing(ANSWERS, pack.answers)
    yield FILE, "questions", _missing(QUESTIONS, pack.questions)
    yield "skills.json", "band", (s.code for s in pack.skills if s.band not in pack.bands)
    yield "skills.json", "domain", (s.code for s in pack.skills if s.domain not in domains)
    yield "skills.json", "skills", (str(b) for b, size in sizes.items() if not FEWEST_ITEMS <= size <= MOST_ITEMS)
    yield "ideas.json", "domain", sorted({idea.domain for idea in pack.ideas if idea.domain not in domains})
    yield "ideas.json", "ideas", (f"{d} {b}" for d in domains for b in pack.bands if (d, b) not in covered)
    yield "motor.json", "skills", (w.code for w in pack.motor if any(pack.skill(s) is None for s in w.skills))
    yield "motor.json", "high", (w.code for w in pack.motor if not w.low < w.mean < w.high)


def _missing(wanted: Iterable[str], rows: Iterable[Any]) -> list[str]:
    return sorted(set(wanted) ^ {row.code for row in rows})


def _months(value: Any) -> tuple[int, ...]:
    need(right=isinstance(value, list) and bool(value) and value == sorted(set(value)))
    return tuple(count(month) for month in value)


def _thresholds(value: Any) -> Thresholds:
    names = set(Thresholds.__dataclass_fields__)
    need(right=isinstance(value, dict) and value.keys() == names)
    return Thresholds(**{name: count(value[name]) for name in names})


_else_zero: Accept = lambda value: 0 if value is None else count(value)  # noqa: E731
_ABOUT: Spec = {"notice": text, "bands": _months, "thresholds": _thresholds, "motor_source": words}
_NAMED: Spec = {"code": code, "name": text}
_FLAG: Spec = {
    "code": code,
    "refer_days": count,
    "from_days": _else_zero,
    "asked": maybe(flag),
    "test": maybe(one_of("hearing", "vision")),
    "text": text,
    "hint": text,
}
_RESULT: Spec = {
    "code": one_of(*RESULTS),
    "refer_days": maybe(count),
    "again_days": maybe(count),
    "level": maybe(code),
    "name": text,
    "say": text,
}
_SKILL: Spec = {
    "code": code,
    "band": count,
    "domain": code,
    "review_needed": maybe(flag),
    "text": text,
    "hint": text,
}
_IDEA: Spec = {"domain": code, "first": count, "last": count, "text": text}
_WINDOW: Spec = {
    "code": code,
    "low": above_zero,
    "high": above_zero,
    "mean": above_zero,
    "sd": above_zero,
    "alone_a_reason": maybe(flag),
    "skills": lambda value: () if value is None else codes(value),
    "name": text,
}
