"""z-scores by the WHO Child Growth Standards (2006, under 60 months) and WHO reference (2007, from 60.0 months).

Whole numbers go in: days, grams, millimetres. A `Decimal` is taken where an imported figure is finer (a length between
two rows is interpolated, a skinfold is used as it stands; an age is rounded for tables of days, a half up, and taken as
it is where months decide: 9 months, 60 months, WHO 2007).

Source: rules as WHO's program "anthro" applies them, but for its four slips (measures of zero or below, and lengths
spoilt by binary subtraction).
"""

from typing import Literal, NamedTuple

from healthvisit.growth import lms
from healthvisit.growth.lms import (
    AGE_OF_2007,
    BAD_MEASURE,
    DAYS_PER_MONTH,
    HEIGHT_FROM_DAY,
    OEDEMA,
    Age,
    Number,
    Posture,
    Score,
    Sex,
    for_age,
    for_stature,
    usable,
    whole_days,
)

ENGINE_VERSION = "1"
STANDS_FROM = 9 * DAYS_PER_MONTH  # 273.9375 days
POSTURE_MM = 7  # a child is that much longer lying than standing
HEIGHT_TABLE_FROM_MM = 870  # where neither age nor posture is known

Standard = Literal["who2006", "who2007"]
Indicator = Literal[
    "length_for_age",
    "weight_for_age",
    "weight_for_length",
    "bmi_for_age",
    "head_for_age",
    "muac_for_age",
    "triceps_for_age",
    "subscapular_for_age",
]


class Stature(NamedTuple):
    """A length or height as the tables want it: corrected for posture, with the posture it now stands for."""

    mm: Number
    posture: Posture
    corrected_by_mm: int = 0
    posture_doubtful: bool = False  # said to stand under 9 months: not corrected, ask again

    def __repr__(self) -> str:
        return f"Stature({self.posture}, corrected_by_mm={self.corrected_by_mm})"


def correct_length(length_mm: Number, *, age_days: Age | None, posture: Posture | None) -> Stature:
    """Turn a length taken standing below day 731 into a length, and one taken lying from then on into a height.

    An unknown posture is taken as the expected one. Standing under 9 months is not believed: no correction, and a
    doubt. Without an age nothing is corrected, and the posture (or 87 cm) says which table serves. From 60.0 months
    every measure counts as height, as it was taken.
    """
    if age_days is None:
        if posture is None:
            posture = "lying" if length_mm < HEIGHT_TABLE_FROM_MM else "standing"
        return Stature(length_mm, posture)
    if whole_days(age_days) < HEIGHT_FROM_DAY:
        if posture != "standing":
            return Stature(length_mm, "lying")
        if age_days < STANDS_FROM:
            return Stature(length_mm, "lying", posture_doubtful=True)
        return Stature(length_mm + POSTURE_MM, "lying", POSTURE_MM)
    if posture == "lying" and age_days < AGE_OF_2007:
        return Stature(length_mm - POSTURE_MM, "standing", -POSTURE_MM)
    return Stature(length_mm, "standing")


def length_for_age(
    length_mm: Number, *, age_days: Age | None, sex: Sex | None, posture: Posture | None = None
) -> Score:
    """Length-for-age below day 731, height-for-age from then on; see `correct_length` for what posture does."""
    return _length(_stature(length_mm, age_days, posture), age_days, sex)


def weight_for_age(weight_g: Number, *, age_days: Age | None, sex: Sex | None, oedema: bool = False) -> Score:
    """Weight-for-age, to 120 months. No z with oedema of both feet."""
    return _weight(float(weight_g / 1000) if usable(weight_g) else None, age_days, sex, oedema=oedema)


def weight_for_length(
    weight_g: Number,
    *,
    length_mm: Number,
    age_days: Age | None,
    sex: Sex | None,
    posture: Posture | None = None,
    oedema: bool = False,
) -> Score:
    """Weight-for-length (45.0 to 110.0 cm) below day 731, weight-for-height (65.0 to 120.0 cm) to 60 months.

    The range is tested after the correction for posture. Where the age is unknown the posture chooses the table.
    """
    stature = _stature(length_mm, age_days, posture)
    if stature is None or not usable(weight_g):
        return BAD_MEASURE
    return OEDEMA if oedema else for_stature(float(weight_g / 1000), stature.mm, stature.posture, age_days, sex)


def bmi_for_age(
    weight_g: Number,
    *,
    length_mm: Number,
    age_days: Age | None,
    sex: Sex | None,
    posture: Posture | None = None,
    oedema: bool = False,
) -> Score:
    """BMI-for-age, to 228 months, from the length or height corrected for posture."""
    stature = _stature(length_mm, age_days, posture)
    if stature is None or not usable(weight_g):
        return BAD_MEASURE
    return OEDEMA if oedema else for_age(lms.BMI, _bmi(float(weight_g / 1000), stature), age_days, sex)


def head_for_age(head_mm: Number, *, age_days: Age | None, sex: Sex | None) -> Score:
    """Head circumference for age, under 60 months."""
    return _taped(lms.HEAD, head_mm, age_days, sex)


def muac_for_age(muac_mm: Number, *, age_days: Age | None, sex: Sex | None) -> Score:
    """Mid-upper arm circumference for age, day 91 to 60 months."""
    return _taped(lms.MUAC, muac_mm, age_days, sex)


def triceps_for_age(triceps_mm: Number, *, age_days: Age | None, sex: Sex | None) -> Score:
    """Triceps skinfold for age, day 91 to 60 months; millimetres as read, with their decimals."""
    return _fold(lms.TRICEPS, triceps_mm, age_days, sex)


def subscapular_for_age(subscapular_mm: Number, *, age_days: Age | None, sex: Sex | None) -> Score:
    """Subscapular skinfold for age, day 91 to 60 months; millimetres as read, with their decimals."""
    return _fold(lms.SUBSCAPULAR, subscapular_mm, age_days, sex)


class Measures(NamedTuple):
    """What was measured on one child on one day; None is not measured. The age is the one to judge by (corrected).

    Give the parts by name. (A tuple, not a dataclass: a register scores 200,000 of these.)
    """

    sex: Sex | None
    age_days: Age | None
    weight_g: Number | None = None
    length_mm: Number | None = None
    posture: Posture | None = None
    head_mm: Number | None = None
    muac_mm: Number | None = None
    triceps_mm: Number | None = None
    subscapular_mm: Number | None = None
    oedema: bool = False

    def __repr__(self) -> str:
        return "Measures(…)"  # what was measured belongs in no crash report


class Assessment(NamedTuple):
    """Every indicator that the measures allow, and what was done to the length on the way.

    Attributes:
        scores: One `Score` for each indicator whose measures were taken.
        standard: The standard of this age; None where the age is unknown or below zero.
        stature: The length or height used, its posture and correction; None where none was taken or it is no measure.
        bmi: kg/m² of the corrected length; None where weight or length is missing.
        oedema: Makes the child severely wasted for classification, while nothing with weight has a z.
        engine: Version of these rules, to be stored beside a stored z.
    """

    scores: dict[Indicator, Score]
    standard: Standard | None
    stature: Stature | None
    bmi: float | None
    oedema: bool = False
    engine: str = ENGINE_VERSION

    def __repr__(self) -> str:
        return f"Assessment({self.standard}, engine {self.engine}, …)"


def assess(measures: Measures) -> Assessment:
    """Score everything measured on one child on one day."""
    sex, age, weight_g, length_mm, posture, head_mm, muac_mm, triceps_mm, subscapular_mm, oedema = measures
    scores: dict[Indicator, Score] = {}
    stature = bmi = None
    if length_mm is not None:
        stature = _stature(length_mm, age, posture)
        scores["length_for_age"] = _length(stature, age, sex)
    if weight_g is not None:
        weight_kg = float(weight_g / 1000) if usable(weight_g) else None
        scores["weight_for_age"] = _weight(weight_kg, age, sex, oedema=oedema)
        if length_mm is not None:
            for_length = by_bmi = BAD_MEASURE
            if stature is not None and weight_kg is not None:
                bmi = _bmi(weight_kg, stature)
                for_length = by_bmi = OEDEMA
                if not oedema:
                    for_length = for_stature(weight_kg, stature.mm, stature.posture, age, sex)
                    by_bmi = for_age(lms.BMI, bmi, age, sex)
            scores["weight_for_length"] = for_length
            scores["bmi_for_age"] = by_bmi
    if head_mm is not None:
        scores["head_for_age"] = _taped(lms.HEAD, head_mm, age, sex)
    if muac_mm is not None:
        scores["muac_for_age"] = _taped(lms.MUAC, muac_mm, age, sex)
    if triceps_mm is not None:
        scores["triceps_for_age"] = _fold(lms.TRICEPS, triceps_mm, age, sex)
    if subscapular_mm is not None:
        scores["subscapular_for_age"] = _fold(lms.SUBSCAPULAR, subscapular_mm, age, sex)
    return Assessment(scores, standard_at(age), stature, bmi, oedema)


def standard_at(age_days: Age | None) -> Standard | None:
    """Which standard holds at this age: WHO 2007 from 60.0 months. No trend may be drawn across the change."""
    if age_days is None or age_days < 0:
        return None
    return "who2006" if age_days < AGE_OF_2007 else "who2007"


def _stature(length_mm: Number, age_days: Age | None, posture: Posture | None) -> Stature | None:
    """The corrected length, or None where it is no measure before or after the correction."""
    if not usable(length_mm):
        return None
    stature = correct_length(length_mm, age_days=age_days, posture=posture)
    return stature if stature.mm > 0 else None


def _length(stature: Stature | None, age_days: Age | None, sex: Sex | None) -> Score:
    return BAD_MEASURE if stature is None else for_age(lms.LENGTH, float(stature.mm / 10), age_days, sex)


def _weight(weight_kg: float | None, age_days: Age | None, sex: Sex | None, *, oedema: bool) -> Score:
    if weight_kg is None:
        return BAD_MEASURE
    return OEDEMA if oedema else for_age(lms.WEIGHT, weight_kg, age_days, sex)


def _taped(rule: lms.Rule, mm: Number, age_days: Age | None, sex: Sex | None) -> Score:
    return for_age(rule, float(mm / 10), age_days, sex) if usable(mm) else BAD_MEASURE


def _fold(rule: lms.Rule, mm: Number, age_days: Age | None, sex: Sex | None) -> Score:
    return for_age(rule, float(mm), age_days, sex) if usable(mm) else BAD_MEASURE


def _bmi(weight_kg: float, stature: Stature) -> float:
    """kg/m², by way of centimetres as WHO's program goes, so that its last decimal is the same."""
    return weight_kg / (float(stature.mm / 10) / 100) ** 2
