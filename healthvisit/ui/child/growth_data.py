"""From a child's growth points to what the chart draws, in the reader's language."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from healthvisit.domain.person import Precision
from healthvisit.growth import (
    HEIGHT_FROM_DAY,
    LAST_DAY_2006,
    ChartIndicator,
    Posture,
    Sex,
    extent,
)
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.services.lines import PersonLine
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import corrected_words, judged_length, scored_as
from healthvisit.ui.dates import age_short, cm, day, number, z_text
from healthvisit.ui.growth_chart import ChartData, ChartPoint, x_unit
from healthvisit.ui.growth_figure import BY_LENGTH, Unit
from healthvisit.ui.i18n import N_, _

CHARTS: Mapping[ChartIndicator, str] = {
    "weight_for_age": N_("Weight for age"),
    "length_for_age": N_("Length for age"),
    "weight_for_length": N_("Weight for length"),
    "weight_for_height": N_("Weight for height"),
    "bmi_for_age": N_("BMI for age"),
    "head_for_age": N_("Head for age"),
    "muac_for_age": N_("Upper arm for age"),
}
SPANS: Mapping[str, tuple[int, int, str]] = {  # first and last day; a little more where the reference steps
    "6m": (0, 183, N_("0–6 months")),
    "2y": (0, 730, N_("0–2 years")),
    "2to5": (HEIGHT_FROM_DAY - 61, LAST_DAY_2006, N_("2–5 years")),
    "5y": (0, LAST_DAY_2006, N_("0–5 years")),
    "19y": (LAST_DAY_2006 - 182, 6939, N_("5–19 years")),
}
X_TITLES: Mapping[Unit, str] = {
    "weeks": N_("weeks"), "months": N_("months"), "years": N_("years"), "cm": N_("cm")
}  # fmt: skip
Y_TITLES: Mapping[ChartIndicator, str] = {
    "length_for_age": N_("cm"), "head_for_age": N_("cm"), "muac_for_age": N_("cm"), "bmi_for_age": N_("kg/m²")
}  # fmt: skip
_BY_POSTURE: Mapping[Posture, ChartIndicator] = {"lying": "weight_for_length", "standing": "weight_for_height"}
LENGTH_MARGIN_CM = 8
WEEK_DAYS = 7


class _Value(NamedTuple):
    """Where a measuring stands on a chart, and where the curve takes it to stand, if elsewhere."""

    x: float
    value: float
    judged: float | None = None

    def __repr__(self) -> str:
        return "_Value(…)"


def span_for(age_days: int | None) -> str:
    """The shortest span from birth that holds an age; from five years that of school children."""
    if age_days is not None and age_days > LAST_DAY_2006:
        return "19y"
    return next((key for key in ("6m", "2y") if age_days is not None and age_days <= SPANS[key][1]), "5y")


def chart_data(view: ChildView, indicator: ChartIndicator, span: str, *, dates: bool = True) -> ChartData | None:
    """One indicator's chart, or None where the child has no curve (sex or day of birth not known, no such ages).

    Args:
        view: The child.
        indicator: Which measure.
        span: A key of `SPANS`.
        dates: Whether the last dot's date stands beside it.
    """
    person, by_length = view.person, indicator in BY_LENGTH
    sex: Sex | None = "f" if person.sex == "f" else "m" if person.sex == "m" else None
    if sex is None or not (by_length or knows_day(person)):
        return None
    points = tuple(_point(view, indicator, p, v, dates=dates) for p in view.growth if (v := _value(indicator, p, view)))
    first, last = extent(indicator, sex)
    if by_length:
        start, stop = _lengths(first / 10, last / 10, points)
    else:
        begin, end, _name = SPANS[span]
        start, stop = begin, min(end, last)
        if start >= stop or last <= LAST_DAY_2006 < end:
            return None
        start = begin or _before_term(points)
    unit = x_unit(indicator, start, stop)
    return ChartData(
        indicator=indicator,
        sex=sex,
        start=start,
        stop=stop,
        points=tuple(p for p in points if start <= p.x <= stop),
        child=person.id,
        title=f"{_(_named(indicator, start))}, {words.sex(person)}",
        x_title=_(X_TITLES[unit]),
        x_titles={key: _(name) for key, name in X_TITLES.items()},
        y_title=_(Y_TITLES.get(indicator, N_("kg"))),
        lying_title=words.posture("l"),
        standing_title=words.posture("h"),
        handover_titles=("WHO 2006", "WHO 2007"),
        check_title=_("check"),
        before_title=_("before the due day"),
        number=lambda value, places: number(_exact(value, places), places),
    )


def _named(indicator: ChartIndicator, start: float) -> str:
    """The chart's name; where everybody stands, length is height."""
    tall = indicator == "length_for_age" and start >= SPANS["2to5"][0]
    return N_("Height for age") if tall else CHARTS[indicator]


def knows_day(person: PersonLine) -> bool:
    """Whether the very day of birth is known; a guessed one has no curve."""
    return person.born_on is not None and person.born_precision is Precision.DAY


def why_no_chart(view: ChildView, indicator: ChartIndicator) -> str:
    """Why `chart_data` gave nothing, and what to do."""
    if view.person.sex not in ("f", "m"):
        return _("No curve: it is not known whether this is a girl or a boy. Write it down in the family's page.")
    if indicator not in BY_LENGTH and not knows_day(view.person):
        return _("No curve: the day of birth is not known. Weight for length can be shown without it.")
    return _("There is no curve of this measure at these ages.")


def _exact(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


def _lengths(first: float, last: float, points: Sequence[ChartPoint]) -> tuple[float, float]:
    lengths = [p.x for p in points] or [first, last]
    return max(first, min(lengths) - LENGTH_MARGIN_CM), min(last, max(lengths) + LENGTH_MARGIN_CM)


def _before_term(points: Sequence[ChartPoint]) -> int:
    """The week before term that a child's first cross stands in; 0 for others."""
    earliest = min((p.corrected_x for p in points if p.corrected_x is not None), default=0)
    return int(min(0, earliest // WEEK_DAYS * WEEK_DAYS))


def _value(indicator: ChartIndicator, point: GrowthPoint, view: ChildView) -> _Value | None:
    """Where a measuring stands on a chart; None where it has no place there."""
    stature, born = judged_length(point), view.person.born_on
    if indicator in BY_LENGTH:
        late = point.age_days is not None and point.age_days > LAST_DAY_2006
        if stature is None or not point.weight_g or late or _BY_POSTURE[stature.posture] != indicator:
            return None
        return _Value(float(stature.mm) / 10, point.weight_g / 1000)
    if born is None or point.on < born:
        return None
    x, kilograms = (point.on - born).days, point.weight_g / 1000 if point.weight_g else None
    metres = float(stature.mm) / 1000 if stature is not None else None
    value: float | None
    match indicator:
        case "weight_for_age":
            value = kilograms
        case "bmi_for_age":
            value = kilograms / metres**2 if kilograms and metres else None
        case _:
            taken = {"length_for_age": point.length_mm, "head_for_age": point.head_mm, "muac_for_age": point.muac_mm}
            held = taken.get(indicator)
            value = held / 10 if held else None
    moved = indicator == "length_for_age" and stature is not None and stature.corrected_by_mm
    return None if value is None else _Value(x, value, metres * 100 if moved and metres else None)


def _point(view: ChildView, indicator: ChartIndicator, point: GrowthPoint, value: _Value, *, dates: bool) -> ChartPoint:
    z, flagged, _why = point.scores.get(scored_as(indicator), (None, False, None))
    return ChartPoint(
        x=value.x,
        value=value.value,
        judged=value.judged,
        z=None if z is None else float(z),
        flagged=flagged,
        label=day(point.on) if dates else "",
        tip=" · ".join(filter(None, _said(view, indicator, point, value))),
        corrected_x=point.age_days if point.corrected and indicator not in BY_LENGTH else None,
        key=point.part,
        child=view.person.id,
    )


def _said(view: ChildView, indicator: ChartIndicator, point: GrowthPoint, value: _Value) -> list[str]:
    """Date, exact ages, value, z: what the pointer and the arrow keys tell of a dot."""
    born = view.person.born_on
    z, flagged, _why = point.scores.get(scored_as(indicator), (None, False, None))
    unit = _(Y_TITLES.get(indicator, N_("kg")))
    places = 1 if indicator in Y_TITLES else 2
    said = [day(point.on), age_short(born, point.on) if born is not None and knows_day(view.person) else ""]
    said.append(corrected_words(point.age_days) if point.corrected and point.age_days is not None else "")
    said.append(f"{number(_exact(value.value, places), places)} {unit}")
    if indicator in BY_LENGTH:
        of_length = _("cm")
        said.append(f"{number(_exact(value.x, 1), 1)} {of_length}")
    if value.judged is not None:
        said.append(_("counted as {cm} cm").format(cm=cm(round(value.judged * 10))))
    said.append("" if z is None else f"z {z_text(float(z))}")
    said.append(_("check") if flagged else "")
    return said
