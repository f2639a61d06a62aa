"""Development: a check of the own instrument, the result of another tool, the month a milestone was reached.

Each is a record about one person, made once; a correction is a new one that `amends` it. Sensitive.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, VisitId, WorkerId

MOST_MONTHS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReason:
    """One reason of a result: its cause, and the skills or signs it is about, as the pack codes them."""

    cause: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentCheck:
    """What was asked and seen on one day, and what it came to: monitoring, not diagnosis.

    Attributes:
        pack: Edition of the checks it was weighed with.
        age_days, corrected_days: On that day; None where the day of birth is not known, or nothing is corrected.
        band: Months; None below the first one.
        answers: Skill to yes, sometimes, not_yet, not_asked.
        signs: Any-age sign or question to yes, no, not_asked.
        result, reasons: As weighed; None where there was nothing to weigh and nothing to fear.
        refer_days: A referral was required within; `referral` is the one that stands for it.
        again_on: The day to look again.
        amends: Checks this one stands in the place of: two, where two laptops had corrected one.
        visit: The visit it was made in; it is a record of its own, whatever becomes of that visit.
    """

    id: str
    person: PersonId
    household: HouseholdId
    worker: WorkerId
    on: date
    made_at: datetime
    pack: str
    age_days: int | None = None
    corrected_days: int | None = None
    band: int | None = None
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    signs: dict[str, str] = field(default_factory=dict, repr=False)
    worry: str = field(default="", repr=False)
    result: str | None = field(default=None, repr=False)
    reasons: tuple[CheckReason, ...] = field(default=(), repr=False)
    tests: tuple[str, ...] = field(default=(), repr=False)
    refer_days: int | None = field(default=None, repr=False)
    referral: str | None = None
    again_on: date | None = None
    amends: tuple[str, ...] = ()
    visit: VisitId | None = None

    def __post_init__(self) -> None:
        answered = [said for said in (*self.answers.values(), *self.signs.values()) if said != "not_asked"]
        if not answered and not self.worry:
            raise InputError("development.nothing_answered")

    @property
    def reference_days(self) -> int | None:
        """The age it was weighed at: corrected where the child was preterm."""
        return self.age_days if self.corrected_days is None else self.corrected_days


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyScore:
    """A D-score as it was made. Scores of different keys are never compared, and none is a verdict on one child.

    Attributes:
        key, reference, engine: What made it: the key and reference as their pack names them, the engine's version.
        d, sem: Points of the key's scale and their standard error; `daz` is None where the reference has none.
        n: Answers that counted.
        age_days: The age it was made for, corrected where the child was preterm.
    """

    key: str
    reference: str | None = None
    engine: str
    d: Decimal = field(repr=False)
    sem: Decimal = field(repr=False)
    daz: Decimal | None = field(default=None, repr=False)
    n: int
    age_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The result of a tool that trained people use, or of an instrument asked or filled in on paper and scored here.

    Attributes:
        tool, version: As its pack codes it; as printed on the form.
        status: A code of the tool.
        answers: Of a form scored here by its rule; item to answer.
        assessor: Who assessed, as typed.
        safety: The tool's safety item was met: a person follows it up the same day.
        dscore: Where its items are those of a D-score key.
        follow_up_on: The day by which somebody asks what came of it.
        amends: Results this one stands in the place of: two, where two laptops had corrected one.
    """

    id: str
    person: PersonId
    household: HouseholdId
    worker: WorkerId
    on: date
    made_at: datetime
    pack: str
    tool: str
    version: str
    status: str = field(repr=False)
    assessor: str = field(default="", repr=False)
    total: Decimal | None = field(default=None, repr=False)
    by_area: dict[str, Decimal] = field(default_factory=dict, repr=False)
    area_status: dict[str, str] = field(default_factory=dict, repr=False)
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    safety: bool = field(default=False, repr=False)
    dscore: KeyScore | None = field(default=None, repr=False)
    follow_up_on: date | None = None
    amends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """The age in completed months at which a motor milestone was reached, as the caregiver says. The latest counts.

    `months` None takes back what was said before.
    """

    id: str
    person: PersonId
    worker: WorkerId
    code: str
    said_on: date
    made_at: datetime
    months: int | None = field(default=None, repr=False)
