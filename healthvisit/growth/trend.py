"""From a child's measurements, oldest first, to what changed between them and what asks for a second look.

Codes only: screens have the sentences. A flagged measure and a weight with oedema take no part. A z is compared only
with one of the same standard and the same correction of age: where WHO 2006 hands over to WHO 2007, or a preterm
child's age is corrected no longer, the curve jumps and the child does not.

Source: DOMAIN 3.4 (newborn loss, birth weight by day 14, no gain, falling one z), 3.3 (head), design/growth.md 6.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from healthvisit.growth.classify import gain
from healthvisit.growth.lms import Posture, Score
from healthvisit.growth.zscores import POSTURE_MM, Indicator, Measures, assess, standard_at

NO_GAIN_DAYS = 30
NO_GAIN_UNTIL_DAYS = 365
LOSS_UNTIL_DAYS = 28
REGAINED_BY_DAY = 14
LOSS_REVIEW_PERCENT, LOSS_URGENT_PERCENT = 7, 10
LENGTH_SHRINKS_MM, HEAD_SHRINKS_MM = 10, 5
FALL_Z, JUMP_Z, HEAD_CROSSES_Z = 1, 3, 2
WEEK_DAYS = 7

TrendCode = Literal[
    "falling",  # one z or more lower than at the last visit
    "no_gain",  # 30 days or more without gain under 12 months
    "newborn_loss",  # more than 7 % below the birth weight
    "newborn_loss_urgent",  # more than 10 %
    "birth_weight_not_regained",  # on day 14 or later
    "length_shrinks",  # by more than 1 cm
    "head_shrinks",  # by more than 0.5 cm
    "weight_jumps",  # by more than 3 z, up or down
    "head_crosses",  # two z or more, up or down
]
Ask = Literal["measure_again", "review", "urgent"]
_FALLING: tuple[Indicator, ...] = ("weight_for_age", "weight_for_length", "length_for_age")


class Point(NamedTuple):
    """What was measured on one day, and the z-scores of that day.

    Attributes:
        on: Local day of the visit.
        age_days: Age the scores were judged by; corrected where the child was preterm, None where not known.
        chronological_days: Days since birth; the same as `age_days` where nothing is corrected.
        weight_g: Grams. `length_mm`, `head_mm`: millimetres.
        posture: How the length was taken.
        oedema: Of both feet.
        scores: As stored or as computed.
    """

    on: date
    age_days: int | None
    chronological_days: int | None
    weight_g: int | None = None
    length_mm: int | None = None
    head_mm: int | None = None
    posture: Posture | None = None
    oedema: bool = False
    scores: Mapping[Indicator, Score] = {}

    def __repr__(self) -> str:
        return "Point(…)"  # what was measured belongs in no crash report


class Interval(NamedTuple):
    """What happened between two visits on which a believable weight was taken.

    `grams_per_week` is rounded, a half away from zero. `z_change` is that of weight-for-age, two decimals; None where
    the two are not comparable.
    """

    since: date
    on: date
    days: int
    grams: int
    grams_per_week: int
    z_change: float | None

    def __repr__(self) -> str:
        return f"Interval(days={self.days})"


class Trend(NamedTuple):
    """One thing that asks for a second look.

    `change` is in the unit of the code: z for "falling", "weight_jumps" and "head_crosses", grams for weights,
    millimetres for lengths; below zero where something was lost. `since` is the earlier day, None for the birth weight
    where no day of birth is known.
    """

    code: TrendCode
    ask: Ask
    on: date
    since: date | None
    change: float
    indicator: Indicator | None = None

    def __repr__(self) -> str:
        return f"Trend({self.code})"


def point(on: date, measures: Measures, *, chronological_days: int | None = None) -> Point:
    """A point from whole grams, millimetres and days, scored here."""
    age = None if measures.age_days is None else int(measures.age_days)
    return Point(
        on=on,
        age_days=age,
        chronological_days=age if chronological_days is None else chronological_days,
        weight_g=None if measures.weight_g is None else int(measures.weight_g),
        length_mm=None if measures.length_mm is None else int(measures.length_mm),
        head_mm=None if measures.head_mm is None else int(measures.head_mm),
        posture=measures.posture,
        oedema=measures.oedema,
        scores=assess(measures).scores,
    )


def intervals(points: Sequence[Point]) -> list[Interval]:
    """Gain per week and z change from one believable weight to the next; visits of one day are not compared."""
    made = []
    for last, now in _pairs(points, "weight_for_age"):
        gained = gain(now.weight_g or 0, before_g=last.weight_g or 0, days=(now.on - last.on).days)
        if gained is None:
            continue
        per_week = int((Decimal(gained.grams * WEEK_DAYS) / gained.days).to_integral_value(ROUND_HALF_UP))
        change = _z_change(last, now, "weight_for_age")
        made.append(Interval(last.on, now.on, gained.days, gained.grams, per_week, change))
    return made


def trends(points: Sequence[Point], *, birth_weight_g: int | None = None) -> list[Trend]:
    """Everything in a child's points that asks for a second look, in the order of the days.

    Args:
        points: Oldest first.
        birth_weight_g: As in the birth record; a weight of day 0 serves where it is None.
    """
    found = [*_falling(points), *_jumping(points), *_not_gaining(points), *_shrinking(points)]
    found += _newborn(points, birth_weight_g)
    return sorted(found, key=lambda trend: trend.on)


def _believable(point: Point, indicator: Indicator) -> bool:
    """Whether the measure behind `indicator` was taken and may be compared."""
    score = point.scores.get(indicator)
    if score is not None and score.flagged:
        return False
    match indicator:
        case "weight_for_age":
            return point.weight_g is not None and point.weight_g > 0 and not point.oedema
        case "length_for_age":
            return point.length_mm is not None and point.length_mm > 0
        case "head_for_age":
            return point.head_mm is not None and point.head_mm > 0
        case _:
            return score is not None


def _pairs(points: Sequence[Point], indicator: Indicator) -> Iterator[tuple[Point, Point]]:
    """Each believable point with the one before it, on an earlier day."""
    last = None
    for now in points:
        if not _believable(now, indicator):
            continue
        if last is not None and last.on < now.on:
            yield last, now
        last = now


def _z_change(last: Point, now: Point, indicator: Indicator) -> float | None:
    """Change of z; None where one is missing, or standard or correction differ."""
    before, after = (each.scores.get(indicator) for each in (last, now))
    if before is None or after is None or before.z is None or after.z is None or before.flagged or after.flagged:
        return None
    if _correction(last) != _correction(now) or standard_at(last.age_days) != standard_at(now.age_days):
        return None
    return round(after.z - before.z, 2)


def _correction(point: Point) -> int | None:
    """Days taken off the age of a preterm child."""
    if point.age_days is None or point.chronological_days is None:
        return None
    return point.chronological_days - point.age_days


def _falling(points: Sequence[Point]) -> Iterator[Trend]:
    for indicator in _FALLING:
        for last, now in _pairs(points, indicator):
            change = _z_change(last, now, indicator)
            newborn = now.chronological_days is not None and now.chronological_days < REGAINED_BY_DAY
            if change is not None and change <= -FALL_Z and not newborn:  # what newborns lose has its own rule
                yield Trend("falling", "review", now.on, last.on, change, indicator)


def _jumping(points: Sequence[Point]) -> Iterator[Trend]:
    for last, now in _pairs(points, "weight_for_age"):
        change = _z_change(last, now, "weight_for_age")
        if change is not None and abs(change) > JUMP_Z:
            yield Trend("weight_jumps", "measure_again", now.on, last.on, change, "weight_for_age")
    for last, now in _pairs(points, "head_for_age"):
        change = _z_change(last, now, "head_for_age")
        if change is not None and abs(change) >= HEAD_CROSSES_Z:
            yield Trend("head_crosses", "review", now.on, last.on, change, "head_for_age")


def _not_gaining(points: Sequence[Point]) -> Iterator[Trend]:
    weighed = [p for p in points if _believable(p, "weight_for_age")]
    for at, now in enumerate(weighed):
        if now.age_days is None or now.age_days >= NO_GAIN_UNTIL_DAYS:
            continue
        before = next((p for p in reversed(weighed[:at]) if (now.on - p.on).days >= NO_GAIN_DAYS), None)
        if before is None:
            continue
        grams = (now.weight_g or 0) - (before.weight_g or 0)
        if grams <= 0:
            yield Trend("no_gain", "review", now.on, before.on, grams, "weight_for_age")


def _newborn(points: Sequence[Point], birth_weight_g: int | None) -> Iterator[Trend]:
    weighed = [p for p in points if _believable(p, "weight_for_age") and p.chronological_days is not None]
    born = next((p for p in weighed if p.chronological_days == 0), None)
    at_birth = birth_weight_g or (born.weight_g if born is not None else None)
    if not at_birth:
        return
    for now in weighed:
        days, grams = now.chronological_days or 0, (now.weight_g or 0) - at_birth
        since = date.fromordinal(now.on.toordinal() - days)
        if days <= LOSS_UNTIL_DAYS and -grams * 100 > LOSS_URGENT_PERCENT * at_birth:
            yield Trend("newborn_loss_urgent", "urgent", now.on, since, grams, "weight_for_age")
        elif days <= LOSS_UNTIL_DAYS and -grams * 100 > LOSS_REVIEW_PERCENT * at_birth:
            yield Trend("newborn_loss", "review", now.on, since, grams, "weight_for_age")
        if days >= REGAINED_BY_DAY and grams < 0:
            yield Trend("birth_weight_not_regained", "review", now.on, since, grams, "weight_for_age")


def _shrinking(points: Sequence[Point]) -> Iterator[Trend]:
    for last, now in _pairs(points, "length_for_age"):
        change = _lying_mm(now) - _lying_mm(last)
        if -change > LENGTH_SHRINKS_MM:
            yield Trend("length_shrinks", "measure_again", now.on, last.on, change, "length_for_age")
    for last, now in _pairs(points, "head_for_age"):
        change = (now.head_mm or 0) - (last.head_mm or 0)
        if -change > HEAD_SHRINKS_MM:
            yield Trend("head_shrinks", "measure_again", now.on, last.on, change, "head_for_age")


def _lying_mm(point: Point) -> int:
    """Length as it would be lying, so that the first standing measure is no loss."""
    return (point.length_mm or 0) + (POSTURE_MM if point.posture == "standing" else 0)
