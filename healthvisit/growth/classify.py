"""What a measurement means in one word, and what was gained since the last one. Codes only: screens have the sentences.

Cut-offs: DOMAIN 3.4 (WHO 2006 under 60 months, WHO 2007 from then on; arm circumference by millimetre).
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from healthvisit.growth.lms import AGE_OF_2007, DAYS_PER_MONTH, Age, Number, Score
from healthvisit.growth.zscores import Assessment, Indicator, Measures, assess

GrowthClass = Literal[
    "very_low",  # severe stunting, underweight, wasting, thinness; small head to refer; arm below 115 mm
    "low",  # stunting, underweight, wasting, thinness; small head to review; arm 115 to 124 mm
    "as_expected",
    "slightly_high",  # under 60 months: above +1, risk of overweight
    "high",  # overweight; large head to review
    "very_high",  # obese; very tall; large head to refer
    "check",  # implausible: measure again, look at date and unit
]
WEIGHT_BASED: frozenset[Indicator] = frozenset({"weight_for_age", "weight_for_length", "bmi_for_age"})
MUAC_FROM_MONTH = 6
MUAC_SEVERE_BELOW_MM = 115
MUAC_LOW_BELOW_MM = 125

# What is above +1, +2 and +3; what is below -2 and -3 is the same for all.
_HIGH: dict[Indicator, tuple[GrowthClass, GrowthClass, GrowthClass]] = {
    "length_for_age": ("as_expected", "as_expected", "very_high"),
    "weight_for_age": ("as_expected", "as_expected", "as_expected"),  # says nothing about overweight
    "weight_for_length": ("slightly_high", "high", "very_high"),
    "bmi_for_age": ("slightly_high", "high", "very_high"),
    "head_for_age": ("as_expected", "high", "very_high"),
}
_BMI_2007: tuple[GrowthClass, GrowthClass, GrowthClass] = ("high", "very_high", "very_high")


class Gain(NamedTuple):
    """What was gained between two weighings; `per_day` is rounded, a half away from zero."""

    grams: int
    days: int
    per_day: int

    def __repr__(self) -> str:
        return f"Gain(days={self.days})"


def classify(indicator: Indicator, score: Score, *, age_days: Age | None) -> GrowthClass | None:
    """The class of one z-score; None where there is no z or no agreed cut-off (arm by z, skinfolds).

    Oedema is severe wasting whatever the scales say. A flagged z is never more than "check".
    """
    if score.reason == "oedema":
        return "very_low"
    z = score.z
    if z is None or indicator not in _HIGH:
        return None
    if score.flagged:
        return "check"
    if z < -3:  # noqa: PLR2004
        return "very_low"
    if z < -2:  # noqa: PLR2004
        return "low"
    after_five = age_days is not None and age_days >= AGE_OF_2007
    high = _BMI_2007 if after_five and indicator == "bmi_for_age" else _HIGH[indicator]
    above = (z > 1) + (z > 2) + (z > 3)  # noqa: PLR2004
    return high[above - 1] if above else "as_expected"


def classify_muac(muac_mm: Number, *, age_days: Age | None) -> GrowthClass | None:
    """The class of an arm circumference, 6 to 59 months; it goes by millimetres and needs no z.

    So a doubtful tape (flagged z) does not hide a severe one: both are said.
    """
    if age_days is None or not MUAC_FROM_MONTH * DAYS_PER_MONTH <= age_days < AGE_OF_2007 or not muac_mm > 0:
        return None
    if muac_mm < MUAC_SEVERE_BELOW_MM:
        return "very_low"
    return "low" if muac_mm < MUAC_LOW_BELOW_MM else "as_expected"


def classes(measures: Measures, assessment: Assessment | None = None) -> dict[Indicator, GrowthClass]:
    """The class of every indicator of one child that has one; indicators without a class are left out."""
    assessment = assess(measures) if assessment is None else assessment
    found: dict[Indicator, GrowthClass] = {}
    for indicator, score in assessment.scores.items():
        if indicator == "muac_for_age" and measures.muac_mm is not None:
            kind = classify_muac(measures.muac_mm, age_days=measures.age_days)
        else:
            kind = classify(indicator, score, age_days=measures.age_days)
        if kind is not None:
            found[indicator] = kind
    if measures.oedema:  # also where nothing was weighed
        found["weight_for_length"] = "very_low"
    return found


def gain(weight_g: int, *, before_g: int, days: int) -> Gain | None:
    """Grams gained since a weighing `days` ago; None on the same day or in the wrong order."""
    if days <= 0:
        return None
    grams = weight_g - before_g
    return Gain(grams, days, int((Decimal(grams) / days).to_integral_value(ROUND_HALF_UP)))
