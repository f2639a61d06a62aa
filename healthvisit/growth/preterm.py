"""Children born before 37 weeks: corrected age beside the chronological one, and z-scores of the weeks before term.

WHO's standards begin at the day a child was due. Until then, and beside them up to 64 weeks after the last period, the
INTERGROWTH-21st standards for preterm infants serve; they are closed formulas. At birth those for newborn size serve,
of which only the closed part (24+0 to 32+6 weeks) is here.

Source: INTERGROWTH-21st: postnatal growth of preterm infants (Lancet Global Health 2015), very preterm size at birth
(Lancet 2016); limits of the correction: DOMAIN 3.4.
"""

from collections.abc import Callable
from math import log, sqrt
from typing import Literal, NamedTuple

from healthvisit.domain.errors import InputError
from healthvisit.domain.person import TERM_DAYS, CorrectionRule, reference_age_days
from healthvisit.growth.lms import BAD_MEASURE, NO_REFERENCE, SEX_UNKNOWN, Number, Score, Sex, usable

WEEK_DAYS = 7
GESTATION_WEEKS = (22, 44)
PRETERM_DAYS = 37 * WEEK_DAYS
POSTNATAL_WEEKS = (27, 64)
NEWBORN_DAYS = (24 * WEEK_DAYS, 32 * WEEK_DAYS + 6)
IMPLAUSIBLE_Z = 5  # these standards name no limits; WHO's for most indicators

Part = Literal["weight", "length", "head"]


class Ages(NamedTuple):
    """Both ages in days. `corrected` is None where nothing is corrected (any more), and below zero before term."""

    chronological: int
    corrected: int | None

    @property
    def judged(self) -> int:
        """The age to judge growth and development by."""
        return self.chronological if self.corrected is None else self.corrected


def ages(age_days: int, gestation_days: int | None, rule: CorrectionRule | None = None) -> Ages:
    """Chronological age and, while it holds, the corrected one.

    Args:
        age_days: Days since birth.
        gestation_days: Length of the pregnancy; None where it is not known.
        rule: Who is corrected and how long; DOMAIN 3.4 where left out.

    Raises:
        InputError: ``birth.gestation`` below 22+0 or from 45+0 weeks; nothing is corrected by such a figure.
    """
    require_gestation(gestation_days)
    judged = reference_age_days(age_days, gestation_days, rule)
    return Ages(age_days, None if judged == age_days else judged)


def require_gestation(gestation_days: int | None) -> None:
    """Refuse a pregnancy that nobody can have had.

    Raises:
        InputError: ``birth.gestation`` naming the weeks `low` and `high`.
    """
    low, high = GESTATION_WEEKS
    if gestation_days is not None and not low * WEEK_DAYS <= gestation_days < (high + 1) * WEEK_DAYS:
        raise InputError("birth.gestation", low=low, high=high)


def postnatal(part: Part, value: Number, *, gestation_days: int, age_days: int, sex: Sex | None) -> Score:
    """The z of a preterm child by INTERGROWTH-21st, 27 to 64 weeks after the last period; no reference outside.

    Args:
        part: Weight (`value` in grams), length or head (millimetres).
        value: The measure.
        gestation_days: Length of the pregnancy; from 37 weeks there is no reference.
        age_days: Days since birth, not corrected.
        sex: None gives no z.

    Raises:
        InputError: ``birth.gestation``.
    """
    require_gestation(gestation_days)
    if not usable(value):
        return BAD_MEASURE
    weeks = (gestation_days + age_days) / WEEK_DAYS
    if gestation_days >= PRETERM_DAYS or age_days < 0 or not POSTNATAL_WEEKS[0] <= weeks <= POSTNATAL_WEEKS[1]:
        return NO_REFERENCE
    return _scored(part, value, _POSTNATAL[part], weeks, sex)


def newborn_size(part: Part, value: Number, *, gestation_days: int, sex: Sex | None) -> Score:
    """The z of a measure at birth by INTERGROWTH-21st, 24+0 to 32+6 weeks; no reference at other weeks.

    Args:
        part: Weight (`value` in grams), length or head (millimetres).
        value: The measure, taken within a day of birth.
        gestation_days: Length of the pregnancy.
        sex: None gives no z.

    Raises:
        InputError: ``birth.gestation``.
    """
    require_gestation(gestation_days)
    if not usable(value):
        return BAD_MEASURE
    if not NEWBORN_DAYS[0] <= gestation_days <= NEWBORN_DAYS[1]:
        return NO_REFERENCE
    return _scored(part, value, _NEWBORN[part], gestation_days / WEEK_DAYS, sex)


def due_in_days(age_days: int, gestation_days: int) -> int:
    """Days until a child would have been due; 0 or below from that day on."""
    return TERM_DAYS - gestation_days - age_days


Curve = Callable[[float, int], tuple[float, float]]  # weeks and 1 for a boy, to mean and standard deviation


def _scored(part: Part, value: Number, curve: Curve, weeks: float, sex: Sex | None) -> Score:
    if sex is None:
        return SEX_UNKNOWN
    mean, deviation = curve(weeks, sex == "m")
    measure = float(value / 1000) if part == "weight" else float(value / 10)
    if part == "weight" or (part == "length" and curve is _POSTNATAL["length"]):
        measure = log(measure)
    z = round((measure - mean) / deviation, 2) + 0.0
    return Score(z, abs(z) > IMPLAUSIBLE_Z)


_POSTNATAL: dict[Part, Curve] = {  # ln kg, ln cm, cm
    "weight": lambda x, boy: (
        2.591277 - 0.01155 * sqrt(x) - 2201.705 / x**2 + 0.0911639 * boy,
        0.1470258 + 505.92394 / x**2 - 140.0576 * log(x) / x**2,
    ),
    "length": lambda x, boy: (
        4.136244 - 547.0018 / x**2 + 0.0026066 * x + 0.0314961 * boy,
        0.050489 + 310.44761 / x**2 - 90.0742 * log(x) / x**2,
    ),
    "head": lambda x, boy: (
        55.53617 - 852.0059 / x + 0.7957903 * boy,
        3.0582292 + 3910.05 / x**2 - 180.5625 / x,
    ),
}
_NEWBORN: dict[Part, Curve] = {  # ln kg, cm, cm
    "weight": lambda w, boy: (-7.00303 + 1.325911 * sqrt(w) + 0.0571937 * boy, sqrt(0.0373218)),
    "length": lambda w, boy: (1.307633 + 1.270022 * w + 0.4263885 * boy, sqrt(6.757543)),
    "head": lambda w, boy: (0.7866522 + 0.887638 * w + 0.2513385 * boy, sqrt(2.433481)),
}
