"""The LMS method on WHO's tables: one figure, one age, one sex, one z-score or the reason why there is none.

Source: WHO Child Growth Standards, Methods and development (2006), chapter 7; WHO reference 2007. Nothing is looked up
in completed months.
"""

from decimal import ROUND_FLOOR, Decimal
from functools import cache
from math import exp, log
from typing import Literal, NamedTuple

from healthvisit.growth.tables import ROW_BYTES, Table, load, unpack_row

DAYS_PER_MONTH = 30.4375
HEIGHT_FROM_DAY = 731  # below it the child is measured lying, from it standing
LAST_DAY_2006 = 1826  # 59.99 months; WHO 2007 holds from the next day
AGE_OF_2007 = 60 * DAYS_PER_MONTH  # 1826.25 days: an age in fractions of a day may lie between the two

Sex = Literal["f", "m"]
Posture = Literal["lying", "standing"]
Number = int | Decimal
Age = int | Decimal  # days; a table of days is read at the whole day, months are told from the age as it is
Reason = Literal[
    "bad_measure",  # zero, below zero, or no number at all
    "sex_unknown",
    "age_unknown",
    "too_young",  # arm and skinfolds before day 91
    "out_of_table",  # length outside the table's range, after correction
    "oedema",
    "no_reference",  # no standard has this indicator at this age
    "below_zero_corrected",  # a preterm child before term
]
_new = tuple.__new__  # what Score() does, in half its time: a register makes a million of them
_MOST = 10**9  # grams typed as kilograms are still a (flagged) weight, and no float overflows on this
_LEAST = Decimal("0.001")


class Score(NamedTuple):
    """One z-score, or the reason why there is none.

    `z` has two decimals. A `flagged` z is biologically implausible ("measure again"): it is shown, but feeds no alert,
    trend or average.
    """

    z: float | None
    flagged: bool = False
    reason: Reason | None = None

    def __repr__(self) -> str:
        return f"Score(flagged={self.flagged}, reason={self.reason})"  # a z belongs in no crash report


BAD_MEASURE = Score(None, reason="bad_measure")
SEX_UNKNOWN = Score(None, reason="sex_unknown")
AGE_UNKNOWN = Score(None, reason="age_unknown")
TOO_YOUNG = Score(None, reason="too_young")
OUT_OF_TABLE = Score(None, reason="out_of_table")
OEDEMA = Score(None, reason="oedema")
NO_REFERENCE = Score(None, reason="no_reference")
BELOW_ZERO = Score(None, reason="below_zero_corrected")


class Rule(NamedTuple):
    """How one indicator is scored: its table, and where its z is restricted and flagged."""

    table: str
    restricted: bool  # beyond -3 and +3 measured in steps of the outermost SD
    low: float  # flagged below
    high: float  # flagged above
    months: int = 0  # WHO 2007 holds to this month; 0: not at all


LENGTH = Rule("lfa", restricted=False, low=-6, high=6, months=228)
WEIGHT = Rule("wfa", restricted=True, low=-6, high=5, months=120)
BMI = Rule("bmifa", restricted=True, low=-5, high=5, months=228)
FOR_LENGTH = Rule("wfl", restricted=True, low=-5, high=5)
FOR_HEIGHT = Rule("wfh", restricted=True, low=-5, high=5)
HEAD = Rule("hcfa", restricted=False, low=-5, high=5)  # L is 1: the restriction would change nothing
MUAC = Rule("acfa", restricted=True, low=-5, high=5)
TRICEPS = Rule("tsfa", restricted=True, low=-5, high=5)
SUBSCAPULAR = Rule("ssfa", restricted=True, low=-5, high=5)


def usable(value: Number) -> bool:
    """Whether `value` can be a measure at all: a finite number above zero. Whether a child can have it, the z says."""
    if type(value) is int:
        return 0 < value < _MOST
    if isinstance(value, Decimal):
        return value.is_finite() and _LEAST <= value < _MOST
    raise TypeError("a measure is an int or a Decimal")


def whole_days(age_days: Age) -> int:
    """An age that an import gives in fractions, in whole days: a half counts up (730.5 is 731)."""
    if isinstance(age_days, int):
        return age_days
    return int((age_days + Decimal("0.5")).to_integral_value(ROUND_FLOOR))


def for_age(rule: Rule, value: float, age_days: Age | None, sex: Sex | None) -> Score:
    """Score `value`, in the table's unit (kg, cm, kg/m²; skinfolds mm), for an age in days."""
    if sex not in ("f", "m"):
        return SEX_UNKNOWN
    if age_days is None:
        return AGE_UNKNOWN
    if age_days < 0:
        return BELOW_ZERO
    if age_days >= AGE_OF_2007:
        lms = month_row(rule, age_days, sex)
        return NO_REFERENCE if lms is None else _scored(rule, value, *lms)
    table = table_of(rule.table, sex)
    at = (age_days if type(age_days) is int else whole_days(age_days)) - table.first
    if at < 0:
        return TOO_YOUNG
    l, m, s = unpack_row(table.packed, at * ROW_BYTES)  # noqa: E741 -- the method's own letters; row() without its call
    return _scored(rule, value, l / 1e4, m / 1e4, s / 1e5)


def for_stature(weight_kg: float, mm: Number, posture: Posture, age_days: Age | None, sex: Sex | None) -> Score:
    """Score a weight for a corrected length (`posture` lying) or height."""
    if sex not in ("f", "m"):
        return SEX_UNKNOWN
    if age_days is not None and age_days < 0:
        return BELOW_ZERO
    if age_days is not None and age_days >= AGE_OF_2007:
        return NO_REFERENCE
    rule = FOR_LENGTH if posture == "lying" else FOR_HEIGHT
    table = table_of(rule.table, sex)
    if not table.first <= mm <= table.last:
        return OUT_OF_TABLE
    at = int(mm)
    return _scored(rule, weight_kg, *row(table, at - table.first, float(mm - at)))


@cache
def table_of(name: str, sex: Sex) -> Table:
    """One table of the program's own resource."""
    return load()[f"{name}_{sex}"]


def month_row(rule: Rule, age_days: Age, sex: Sex) -> tuple[float, float, float] | None:
    """L, M and S of WHO 2007, between whole months; None where it does not reach."""
    months = float(age_days) / DAYS_PER_MONTH
    if months > rule.months:
        return None
    table = load()[f"{rule.table}5_{sex}"]
    whole = int(months)
    return row(table, whole - table.first, months - whole)


def row(table: Table, at: int, beyond: float = 0.0) -> tuple[float, float, float]:
    """L, M and S at index `at`, or linearly `beyond` it (0 to below 1) towards the next."""
    whole = table.integers(at)
    l, m, s = whole[0] / 1e4, whole[1] / 1e4, whole[2] / 1e5  # noqa: E741 -- the method's own letters
    if not beyond:
        return l, m, s
    next_l, next_m, next_s = row(table, at + 1)
    return l + (next_l - l) * beyond, m + (next_m - m) * beyond, s + (next_s - s) * beyond


def value_at(rule: Rule, z: float, l: float, m: float, s: float) -> float:  # noqa: E741
    """The measure that has this `z`: the point of a z-line, restricted beyond -3 and +3 where the rule says so."""
    if rule.restricted and abs(z) > 3:  # noqa: PLR2004
        side = 1 if z > 0 else -1
        sd3, sd2 = _sd(3 * side, l, m, s), _sd(2 * side, l, m, s)
        return sd3 + (abs(z) - 3) * (sd3 - sd2)
    return _sd(z, l, m, s)


def _scored(rule: Rule, value: float, l: float, m: float, s: float) -> Score:  # noqa: E741
    raw = ((value / m) ** l - 1) / (s * l) if l else log(value / m) / s
    if rule.restricted:
        if raw > 3:  # noqa: PLR2004
            sd3 = _sd(3, l, m, s)
            raw = 3 + (value - sd3) / (sd3 - _sd(2, l, m, s))
        elif raw < -3:  # noqa: PLR2004
            sd3 = _sd(-3, l, m, s)
            raw = -3 + (value - sd3) / (_sd(-2, l, m, s) - sd3)
    hundredths = raw * 100
    nearest = round(hundredths)
    # Dividing a whole number gives the same float as round(raw, 2) in a quarter of the time; round() judges near-ties.
    z = nearest / 100 if abs(hundredths - nearest) < 0.499999 else round(raw, 2) + 0.0  # noqa: PLR2004
    return _new(Score, (z, z < rule.low or z > rule.high, None))  # rounded first, then flagged: -6.00 is not


def _sd(k: float, l: float, m: float, s: float) -> float:  # noqa: E741
    at: float = (1 + l * s * k) ** (1 / l) if l else exp(s * k)
    return m * at
