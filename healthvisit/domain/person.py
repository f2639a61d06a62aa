"""Children, caregivers and how old they are; the birth a child came from."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import PersonId

TERM_DAYS = 280
EARLIEST_GESTATION_DAYS = 22 * 7
_EVERY_MONTH_HAS = 28
_GESTATION_RANGE = range(EARLIEST_GESTATION_DAYS, 45 * 7)
EARLIEST = date(1900, 1, 1)


class PersonKind(StrEnum):
    """Who is visited: a child of the programme, or a caregiver or other adult of the household."""

    CHILD = "child"
    ADULT = "adult"


class Sex(StrEnum):
    """As on the birth paper; unknown gives no z-score."""

    FEMALE = "f"
    MALE = "m"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How well the birth date is known. Only `DAY` gives an age in days."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One number. `id` names it within its set; `raw` is what was typed."""

    id: str
    number: str = field(repr=False)
    raw: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the people of a household. A newborn may have no name yet: then `mother` gives the words for it."""

    id: PersonId
    kind: PersonKind
    sex: Sex
    surname: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    patronymic: str = field(default="", repr=False)
    born_on: date | None = field(default=None, repr=False)
    born_precision: Precision = Precision.DAY
    died_on: date | None = field(default=None, repr=False)
    mother: PersonId | None = None
    note: str = field(default="", repr=False)
    phones: tuple[Phone, ...] = field(default=(), repr=False)
    aliases: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.kind is PersonKind.ADULT and not self.name:
            raise InputError("person.name_missing")
        if self.kind is PersonKind.CHILD and not self.given_name and self.mother is None and not self.surname:
            raise InputError("person.name_missing")
        if self.born_on is not None and self.born_on < EARLIEST:
            raise InputError("person.born_too_early")
        if self.died_on and self.born_on and self.died_on < self.born_on:
            raise InputError("person.died_before_birth")

    @property
    def name(self) -> str:
        """Surname and given name as lists show them; empty for a child not yet named."""
        return " ".join(part for part in (self.surname, self.given_name) if part)

    @property
    def is_named(self) -> bool:
        """Whether the child has a given name of its own."""
        return bool(self.given_name)

    def age_days(self, on: date) -> int | None:
        """Completed days on a local calendar day; None when the day of birth is not known."""
        if self.born_on is None or self.born_precision is not Precision.DAY:
            return None
        return (on - self.born_on).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What is known of a child's birth. Sensitive. `gestation_days` 154-314, `weight_g` grams, `left_on` discharge."""

    person: PersonId
    gestation_days: int | None = field(default=None, repr=False)
    weight_g: int | None = field(default=None, repr=False)
    order: int | None = None
    of: int | None = None
    left_on: date | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.gestation_days is not None and self.gestation_days not in _GESTATION_RANGE:
            raise InputError("birth.gestation", low=22, high=44)
        if self.order is not None and (self.of is None or not 1 <= self.order <= self.of):
            raise InputError("birth.order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy:
    """A pregnancy as the schedule needs it. Sensitive. `due_on` is the expected day of birth."""

    id: str
    mother: PersonId
    due_on: date | None = field(default=None, repr=False)
    outcome: str | None = field(default=None, repr=False)
    ended_on: date | None = field(default=None, repr=False)


class CorrectionRule(NamedTuple):
    """Whose age is corrected for a preterm birth, and until which age in days (that day included).

    Guides differ: below 32 weeks or below 30, to 24 months.
    """

    preterm_days: int = 37 * 7
    very_preterm_days: int = 32 * 7
    until_days: int = 365
    very_until_days: int = 730


UK_CORRECTION = CorrectionRule()


def require_birth_date(born_on: date, *, today: date) -> None:
    """Refuse a birth date in the future.

    Raises:
        InputError: ``person.born_in_future``.
    """
    if born_on > today:
        raise InputError("person.born_in_future")


def reference_age_days(age_days: int, gestation_days: int | None, rule: CorrectionRule | None = None) -> int:
    """Age for growth and development: corrected by the weeks a preterm child came early, as long as that holds.

    Returns:
        Days; below zero until the day the child should have been born.

    Source: correction to 12 months when born at 32-36 weeks, to 24 months below 32 (DOMAIN 3.4), unless `rule` differs.
    """
    rule = rule or UK_CORRECTION
    if gestation_days is None or gestation_days >= rule.preterm_days:
        return age_days
    until = rule.very_until_days if gestation_days < rule.very_preterm_days else rule.until_days
    return age_days - (TERM_DAYS - gestation_days) if age_days <= until else age_days


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later; the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= _EVERY_MONTH_HAS:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def completed_months(born_on: date, on: date) -> tuple[int, int]:
    """Completed months and the days beyond them; ``(0, 0)`` on the day of birth."""
    months = (on.year - born_on.year) * 12 + on.month - born_on.month
    if add_months(born_on, months) > on:
        months -= 1
    return months, (on - add_months(born_on, months)).days
