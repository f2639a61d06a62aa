"""Growth by WHO's standards: z-scores, classes, gain and chart lines. Pure Python, whole numbers in.

    >>> from healthvisit.growth import Measures, assess, classes
    >>> aina = Measures(sex="f", age_days=128, weight_g=5850, length_mm=620, posture="lying")
    >>> assess(aina).scores["weight_for_age"].z
    -0.89
    >>> classes(aina)["weight_for_age"]
    'as_expected'

`assess` scores everything measured on one day; the functions named after the indicators score one. A `Score` holds `z`
(two decimals), `flagged`, and where there is no z the `reason`. `classify` gives the class code a screen translates,
`gain` the grams since the last weighing, `curve` the lines of a chart. Ages are days (corrected where the child was
preterm), weights grams, lengths and circumferences millimetres.

By their own names: `preterm` (both ages, INTERGROWTH-21st), `trend` (what changed between visits), `units` (the unit
that was probably meant), `sheet`, `batch` and `survey` (a table of children, row by row, and the figures of all).
"""

from healthvisit.growth.classify import Gain, GrowthClass, classes, classify, classify_muac, gain
from healthvisit.growth.curves import CHART_INDICATORS, Z_LINES, ChartIndicator, Line, curve, extent
from healthvisit.growth.lms import HEIGHT_FROM_DAY, LAST_DAY_2006, Age, Number, Posture, Reason, Score, Sex, whole_days
from healthvisit.growth.tables import GrowthError, load
from healthvisit.growth.zscores import (
    ENGINE_VERSION,
    Assessment,
    Indicator,
    Measures,
    Standard,
    Stature,
    assess,
    bmi_for_age,
    correct_length,
    head_for_age,
    length_for_age,
    muac_for_age,
    standard_at,
    subscapular_for_age,
    triceps_for_age,
    weight_for_age,
    weight_for_length,
)

__all__ = [
    "CHART_INDICATORS",
    "ENGINE_VERSION",
    "HEIGHT_FROM_DAY",
    "LAST_DAY_2006",
    "Z_LINES",
    "Age",
    "Assessment",
    "ChartIndicator",
    "Gain",
    "GrowthClass",
    "GrowthError",
    "Indicator",
    "Line",
    "Measures",
    "Number",
    "Posture",
    "Reason",
    "Score",
    "Sex",
    "Standard",
    "Stature",
    "assess",
    "bmi_for_age",
    "classes",
    "classify",
    "classify_muac",
    "correct_length",
    "curve",
    "extent",
    "gain",
    "head_for_age",
    "length_for_age",
    "load",
    "muac_for_age",
    "standard_at",
    "subscapular_for_age",
    "triceps_for_age",
    "weight_for_age",
    "weight_for_length",
    "whole_days",
]
