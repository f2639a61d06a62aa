"""Numbers measured on a child, in integers of grams and millimetres, with what was typed beside them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from healthvisit.domain.errors import OutOfRangeError


class Posture(StrEnum):
    """How the length was taken."""

    LYING = "l"
    STANDING = "h"


class Answer(StrEnum):
    """An answer to "is this sign there?"; nothing is preset."""

    YES = "yes"
    NO = "no"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Hard limits of one number, both ends allowed, in the unit of its name.

    `preterm_low` holds instead of `low` for a child born before term, `older_high` instead of `high` from five years.
    """

    field: str
    low: int
    high: int
    preterm_low: int | None = None
    older_high: int | None = None

    def for_child(self, *, preterm: bool, older: bool) -> "Limit":
        """What holds for one child."""
        low = self.preterm_low if preterm and self.preterm_low is not None else self.low
        high = self.older_high if older and self.older_high is not None else self.high
        return Limit(field=self.field, low=low, high=high)

    def require(self, value: int) -> None:
        """Refuse a value outside.

        Raises:
            OutOfRangeError: ``measurement.out_of_range`` naming field, low and high.
        """
        if not self.low <= value <= self.high:
            raise OutOfRangeError("measurement.out_of_range", field=self.field, low=self.low, high=self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One z-score: `z` in standard deviations with two decimals, or None with the reason why there is none."""

    indicator: str
    z: Decimal | None = field(default=None, repr=False)
    flagged: bool = False
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The growth entry of a child's part: what was measured, why not, and the z-scores as computed then.

    `typed` keeps the text of each number; `standard` and `engine` name what the scores were computed with;
    `age_days` is the age used, `corrected` whether it was corrected for preterm birth. `muac_mm` is the upper arm.
    Scores of a child born before term stand beside WHO's as ``intergrowth_weight``, ``_length`` and ``_head``.
    """

    on: date
    weight_g: int | None = field(default=None, repr=False)
    length_mm: int | None = field(default=None, repr=False)
    posture: Posture | None = None
    head_mm: int | None = field(default=None, repr=False)
    muac_mm: int | None = field(default=None, repr=False)
    oedema: Answer | None = field(default=None, repr=False)
    why_not: dict[str, str] = field(default_factory=dict, repr=False)
    typed: dict[str, str] = field(default_factory=dict, repr=False)
    age_days: int | None = field(default=None, repr=False)
    corrected: bool = False
    scores: tuple[Score, ...] = field(default=(), repr=False)
    standard: str = ""
    engine: str = ""

    def __post_init__(self) -> None:
        for name in ("weight_g", "length_mm", "head_mm", "muac_mm"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise OutOfRangeError("measurement.not_positive", field=name)

    def score(self, indicator: str) -> Score | None:
        """The score of one indicator, such as ``"weight_for_age"``."""
        return next((s for s in self.scores if s.indicator == indicator), None)
