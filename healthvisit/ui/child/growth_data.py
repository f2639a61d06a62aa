"""From a child's growth points to what the chart draws, in the reader's language."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from healthvisit.domain.person import Precision
from healthvisit.growth import ChartIndicator, Indicator, extent
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.ui import words
from healthvisit.ui.dates import age_short, day, number, z_text
from healthvisit.ui.growth_chart import ChartData, ChartPoint, x_unit
from healthvisit.ui.i18n import N_, _

SPANS: dict[str, tuple[int, str]] = {
    "6m": (183, N_("0–6 months")),
    "2y": (730, N_("0–2 years")),
    "5y": (1826, N_("0–5 years")),
}
X_TITLES = {"weeks": N_("weeks"), "months": N_("months"), "years": N_("years"), "cm": N_("cm")}
LENGTH_MARGIN_CM = 8


def span_for(age_days: int | None) -> str:
    """The shortest span that holds an age."""
    return next((key for key, (days, _name) in SPANS.items() if age_days is not None and age_days <= days), "5y")


def chart_data(view: ChildView, indicator: Indicator, span: str, *, dates: bool = True) -> ChartData | None:
    """One indicator's chart, or None where the child has no curve (sex or day of birth not known).

    Args:
        view: The child.
        indicator: Which measure.
        span: A key of `SPANS`.
        dates: Whether the last dot's date stands beside it.
    """
    person = view.person
    if person.sex not in ("f", "m") or person.born_on is None or person.born_precision is not Precision.DAY:
        return None
    sex: Literal["f", "m"] = "f" if person.sex == "f" else "m"
    drawn, by_length = _drawn(indicator, view.growth), indicator == "weight_for_length"
    held = [p for p in view.growth if _value(indicator, p) is not None and (not by_length or p.length_mm)]
    points = tuple(_point(view, indicator, p, by_length=by_length, dates=dates) for p in held)
    start, stop = _span(drawn, sex, points) if by_length else (0, SPANS[span][0])
    points = tuple(p for p in points if start <= p.x <= stop)
    return ChartData(
        indicator=drawn,
        sex=sex,
        start=start,
        stop=stop,
        points=points,
        title=f"{_(words.INDICATORS[indicator])}, {words.sex(person)}",
        x_title=_(X_TITLES[x_unit(drawn, start, stop)]),
        y_title=_("cm") if indicator in ("length_for_age", "head_for_age") else _("kg"),
        lying_title=words.posture("l"),
        standing_title=words.posture("h"),
        number=lambda value, places: number(_exact(value, places), places),
    )


def _exact(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


def _drawn(indicator: Indicator, points: Sequence[GrowthPoint]) -> ChartIndicator:
    if indicator == "weight_for_length" and points and points[-1].posture == "h":
        return "weight_for_height"
    return indicator


def _span(drawn: ChartIndicator, sex: Literal["f", "m"], points: Sequence[ChartPoint]) -> tuple[float, float]:
    first, last = (at / 10 for at in extent(drawn, sex))
    lengths = [p.x for p in points] or [first, last]
    return max(first, min(lengths) - LENGTH_MARGIN_CM), min(last, max(lengths) + LENGTH_MARGIN_CM)


def _value(indicator: Indicator, point: GrowthPoint) -> float | None:
    raw, divisor = {
        "length_for_age": (point.length_mm, 10),
        "head_for_age": (point.head_mm, 10),
    }.get(indicator, (point.weight_g, 1000))
    return None if raw is None else raw / divisor


def _point(view: ChildView, indicator: Indicator, point: GrowthPoint, *, by_length: bool, dates: bool) -> ChartPoint:
    born = view.person.born_on
    assert born is not None, "chart_data asked"
    z, flagged, _why = point.scores.get(indicator, (None, False, None))
    value = _value(indicator, point) or 0.0
    places, unit = (1, _("cm")) if indicator in ("length_for_age", "head_for_age") else (2, _("kg"))
    age = age_short(born, point.on) if point.on >= born else ""
    said = [day(point.on), age, f"{number(_exact(value, places), places)} {unit}"]
    said += [f"z {z_text(float(z))}"] if z is not None else []
    return ChartPoint(
        x=(point.length_mm or 0) / 10 if by_length else (point.on - born).days,
        value=value,
        z=None if z is None else float(z),
        flagged=flagged,
        label=day(point.on) if dates else "",
        tip=" · ".join(filter(None, said)),
        corrected_x=point.age_days if point.corrected and not by_length else None,
    )
