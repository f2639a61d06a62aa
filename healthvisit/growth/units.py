"""The unit a flagged measure was probably taken in: grams typed as kilograms, pounds, inches, millimetres, metres.

A suggestion to be confirmed, never a correction: the measure as typed stays beside it.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

from healthvisit.growth.lms import Age, Number, Posture, Score, Sex
from healthvisit.growth.zscores import head_for_age, length_for_age, muac_for_age, weight_for_age

Measure = Literal["weight", "length", "head", "muac"]
Unit = Literal["g", "lb", "mm", "in", "m"]

_OF_WEIGHT: dict[Unit, Decimal] = {"g": Decimal("0.001"), "lb": Decimal("0.45359237")}
_OF_TAPE: dict[Unit, Decimal] = {"mm": Decimal("0.1"), "in": Decimal("2.54")}
_IN_UNIT: dict[Measure, dict[Unit, Decimal]] = {
    "weight": _OF_WEIGHT,
    "length": {**_OF_TAPE, "m": Decimal(100)},
    "head": _OF_TAPE,
    "muac": _OF_TAPE,
}


class Likely(NamedTuple):
    """A unit that makes the number plausible, and the number in whole grams or millimetres then."""

    unit: Unit
    value: int

    def __repr__(self) -> str:
        return f"Likely({self.unit})"


def likely_unit(
    measure: Measure, value: Number, *, age_days: Age | None, sex: Sex | None, posture: Posture | None = None
) -> Likely | None:
    """The unit that was probably meant by an implausible measure.

    Args:
        measure: What was measured.
        value: As it would be if typed in the right unit: grams for a weight, millimetres for the others.
        age_days: The age to judge by.
        sex: None gives None.
        posture: Of a length.

    Returns:
        The unit whose z lies nearest to the median and is not flagged; None where the measure is plausible as typed,
        cannot be judged at all, or fits in no unit.
    """

    def scored(number: Number) -> Score:
        if measure == "length":
            return length_for_age(number, age_days=age_days, sex=sex, posture=posture)
        return _SCORES[measure](number, age_days=age_days, sex=sex)

    if not scored(value).flagged:
        return None
    found = []
    for unit, factor in _IN_UNIT[measure].items():
        meant = int((value * factor).to_integral_value())
        z, flagged, _reason = scored(meant)
        if z is not None and not flagged:
            found.append((abs(z), Likely(unit, meant)))
    return min(found)[1] if found else None


_SCORES: dict[Measure, Callable[..., Score]] = {
    "weight": weight_for_age, "head": head_for_age, "muac": muac_for_age
}  # fmt: skip
