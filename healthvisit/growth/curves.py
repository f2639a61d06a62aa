"""The lines behind a growth chart: the measure that has a given z at each age or length."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from healthvisit.growth import lms
from healthvisit.growth.lms import DAYS_PER_MONTH, HEIGHT_FROM_DAY, LAST_DAY_2006, Rule, Sex
from healthvisit.growth.tables import load
from healthvisit.growth.zscores import Indicator

ChartIndicator = Indicator | Literal["weight_for_height"]
Z_LINES = (-3, -2, -1, 0, 1, 2, 3)

RULES: dict[ChartIndicator, Rule] = {
    "length_for_age": lms.LENGTH,
    "weight_for_age": lms.WEIGHT,
    "weight_for_length": lms.FOR_LENGTH,
    "weight_for_height": lms.FOR_HEIGHT,
    "bmi_for_age": lms.BMI,
    "head_for_age": lms.HEAD,
    "muac_for_age": lms.MUAC,
    "triceps_for_age": lms.TRICEPS,
    "subscapular_for_age": lms.SUBSCAPULAR,
}
CHART_INDICATORS: tuple[ChartIndicator, ...] = (*get_args(Indicator), "weight_for_height")
_STEPS = {  # where the reference jumps: length to height, and WHO 2006 to WHO 2007
    "length_for_age": (HEIGHT_FROM_DAY, LAST_DAY_2006 + 1),
    "bmi_for_age": (HEIGHT_FROM_DAY, LAST_DAY_2006 + 1),
    "weight_for_age": (LAST_DAY_2006 + 1,),
}


class Line(NamedTuple):
    """One stretch of one z-line: (day or millimetre, measure in kg, cm, kg/m² or, for skinfolds, mm)."""

    z: int
    points: tuple[tuple[float, float], ...]


def extent(indicator: ChartIndicator, sex: Sex) -> tuple[int, int]:
    """First and last day (for weight-for-length and -height: millimetre) that has a reference."""
    rule = RULES[indicator]
    table = load()[f"{rule.table}_{sex}"]
    last = int(rule.months * DAYS_PER_MONTH) if rule.months else table.last
    return table.first, last


def curve(
    indicator: ChartIndicator, sex: Sex, z_lines: Sequence[int], start: int, stop: int, step: int = 7
) -> list[Line]:
    """The z-lines of a chart from `start` to `stop` (days, or millimetres of length), cut to what has a reference.

    Every `step` and both ends have a point. Where the reference jumps (length to height at day 731, WHO 2006 to 2007)
    a line ends and another of the same z begins, so that the chart shows a step and draws no slope that nobody grows.
    """
    first, last = extent(indicator, sex)
    first, last = max(first, start), min(last, stop)
    ends = [at for at in _STEPS.get(indicator, ()) if first < at <= last]
    lines = []
    for begin, end in zip([first, *ends], [*(at - 1 for at in ends), last], strict=True):
        at = [*range(begin, end, step), end] if begin <= end else []
        rows = [(x, *_row(indicator, sex, x)) for x in at]
        lines += [Line(z, tuple((x, lms.value_at(RULES[indicator], z, *row)) for x, *row in rows)) for z in z_lines]
    return [line for line in lines if line.points]


def _row(indicator: ChartIndicator, sex: Sex, at: int) -> tuple[float, float, float]:
    rule = RULES[indicator]
    if at > LAST_DAY_2006 and rule.months:
        found = lms.month_row(rule, at, sex)
        assert found is not None, "extent() ends where the reference does"
        return found
    table = load()[f"{rule.table}_{sex}"]
    return lms.row(table, at - table.first)
