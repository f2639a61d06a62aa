"""A child's growth in words: where the child stands, what was gained, what comes next. Words first, z beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from healthvisit.domain.measurement import Answer
from healthvisit.domain.person import Precision, reference_age_days
from healthvisit.domain.schedule import State
from healthvisit.growth import (
    LAST_DAY_2006,
    ChartIndicator,
    GrowthClass,
    Indicator,
    Posture,
    Score,
    Stature,
    classify,
    classify_muac,
    correct_length,
    gain,
)
from healthvisit.growth.lms import DAYS_PER_MONTH
from healthvisit.growth.trend import WEEK_DAYS, Point, Trend, TrendCode, intervals, trends
from healthvisit.growth.units import Unit
from healthvisit.packs.pack import Pack
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.services.measurements import ChildFacts, trend_point
from healthvisit.ui import words
from healthvisit.ui.dates import cm, day_short, kg, number, z_text
from healthvisit.ui.i18n import N_, _, ngettext

FROM_BOTTOM_UP: tuple[GrowthClass, ...] = (
    "very_low", "low", "check", "as_expected", "slightly_high", "high", "very_high"
)  # fmt: skip
POSTURES: Mapping[str | None, Posture | None] = {"l": "lying", "h": "standing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One indicator of one day: its name, what it means, the z beside it."""

    indicator: Indicator
    name: str
    kind: GrowthClass | None
    said: str = field(repr=False)
    z: str = field(repr=False)


def findings(point: GrowthPoint) -> list[Finding]:
    """What one day's measures say, one line an indicator.

    Before term WHO has no curve: INTERGROWTH-21st's stands in its place, and is named.
    """
    if point.age_days is not None and point.age_days < 0:
        return _before_term(point)
    made = []
    for indicator, name in words.INDICATORS.items():
        if indicator not in point.scores or (indicator == "bmi_for_age" and not after_five(point)):
            continue
        score = score_of(point, indicator)
        kind = class_of(point, indicator)
        if (kind is None and score.reason in (None, "bad_measure")) or score.reason == "oedema":
            continue
        if kind is None and indicator == "weight_for_length" and after_five(point):  # BMI stands in its place
            continue
        said = words.growth_class(kind, score.reason)
        if score.flagged and kind != "check":  # an arm: both are said
            said = f"{said}; {words.growth_class('check')}"
        if point.corrected and indicator != "weight_for_length" and kind is not None:
            said = _("{finding}, for corrected age").format(finding=said)
        made.append(_finding(indicator, _named(indicator, name, point), kind, said, score))
    if point.oedema == Answer.YES:
        said = words.growth_class("very_low")
        made.append(_finding("weight_for_length", _("Swelling of both feet"), "very_low", said, Score(None)))
    return made


def score_of(point: GrowthPoint, indicator: str) -> Score:
    """The score of one day as `growth` knows it; without z and reason where there is none."""
    z, flagged, reason = point.scores.get(indicator, (None, False, None))
    return Score(None if z is None else float(z), flagged, reason)  # type: ignore[arg-type]


def scored_as(indicator: ChartIndicator) -> Indicator:
    """The score behind a chart: weight for length and for height are one, judged by age."""
    return "weight_for_length" if indicator == "weight_for_height" else indicator


def judged_length(point: GrowthPoint) -> Stature | None:
    """The length as the curve takes it: 0,7 cm more or less where the child was measured in the other posture."""
    if not point.length_mm:
        return None
    return correct_length(point.length_mm, age_days=point.age_days, posture=POSTURES.get(point.posture))


def after_five(point: GrowthPoint) -> bool:
    """Whether WHO 2007 holds: BMI in place of weight for height, other cut-offs."""
    return point.age_days is not None and point.age_days > LAST_DAY_2006


def class_of(point: GrowthPoint, indicator: Indicator, score: Score | None = None) -> GrowthClass | None:
    """The class of one measure of a day; of another standard's score where one is given."""
    score = score_of(point, indicator) if score is None else score
    if indicator == "muac_for_age" and point.muac_mm:  # goes by millimetres
        return classify_muac(point.muac_mm, age_days=point.age_days) or ("check" if score.flagged else None)
    return classify(indicator, score, age_days=point.age_days)


def _finding(indicator: Indicator, name: str, kind: GrowthClass | None, said: str, score: Score) -> Finding:
    return Finding(indicator=indicator, name=name, kind=kind, said=said, z="" if score.z is None else z_text(score.z))


def _named(indicator: Indicator, name: str, point: GrowthPoint) -> str:
    stature = judged_length(point)
    if stature is not None and stature.posture == "standing":
        tall = {"weight_for_length": _("Weight for height"), "length_for_age": _("Height for age")}
        return tall.get(indicator, _(name))
    return _(name)


def _before_term(point: GrowthPoint) -> list[Finding]:
    names: dict[str, tuple[Indicator, str]] = {
        "intergrowth_weight": ("weight_for_age", _("Weight (INTERGROWTH-21st)")),
        "intergrowth_length": ("length_for_age", _("Length (INTERGROWTH-21st)")),
        "intergrowth_head": ("head_for_age", _("Head (INTERGROWTH-21st)")),
    }
    made = []
    for key, (indicator, name) in names.items():
        score = score_of(point, key)
        kind = class_of(point, indicator, score)
        if kind is not None:
            made.append(_finding(indicator, name, kind, words.growth_class(kind), score))
    if not made and point.weight_g:
        said = words.growth_class(None, score_of(point, "weight_for_age").reason)
        made.append(_finding("weight_for_age", _("Weight for age"), None, said, Score(None)))
    return made


def measured(point: GrowthPoint) -> str:
    """5,85 kg · 62,0 cm lying · head 40,2 cm."""
    said = [_("{kg} kg").format(kg=kg(point.weight_g))] if point.weight_g else []
    if point.length_mm:
        said.append(" ".join(filter(None, (_("{cm} cm").format(cm=cm(point.length_mm)), words.posture(point.posture)))))
    if point.head_mm:
        said.append(_("head {cm} cm").format(cm=cm(point.head_mm)))
    if point.muac_mm:
        said.append(_("upper arm {cm} cm").format(cm=cm(point.muac_mm)))
    return " · ".join(said)


def weights(points: Sequence[GrowthPoint], most: int = 3) -> str:
    """4,30 → 5,30 → 5,85 kg."""
    held = [kg(p.weight_g) for p in points if p.weight_g][-most:]
    return _("{numbers} kg").format(numbers=" → ".join(held)) if held else ""


def gained(points: Sequence[GrowthPoint]) -> str:
    """Since 9 Oct: +550 g in 45 days, 86 g a week. Empty without two believable weights."""
    weighed = [p for p in points if p.weight_g and not _flagged(p) and p.oedema != Answer.YES]
    if len(weighed) < 2:  # noqa: PLR2004 -- a gain lies between two
        return ""
    last, now = weighed[-2:]
    made = gain(now.weight_g or 0, before_g=last.weight_g or 0, days=(now.on - last.on).days)
    if made is None:
        return ""
    days = ngettext("{n} day", "{n} days", made.days).format(n=made.days)
    grams = ("+" if made.grams > 0 else "") + number(made.grams)
    per_week = int((Decimal(made.grams * WEEK_DAYS) / made.days).to_integral_value(ROUND_HALF_UP))
    return _("Since {day}: {grams} g in {days}, {rate} g a week").format(
        day=day_short(last.on), grams=grams, days=days, rate=number(per_week)
    )


def _flagged(point: GrowthPoint) -> bool:
    return point.scores.get("weight_for_age", (None, False, None))[1]


def what_to_do(found: Sequence[Finding]) -> str:
    """One sentence for what cannot stay as it is; empty where all is as expected."""
    kinds = {f.kind for f in found}
    if "check" in kinds:
        return _("A number does not fit: measure again, and look at the date of birth.")
    if "very_low" in kinds:
        return _("Very low: look for danger signs and swelling of both feet, and refer to the doctor.")
    if "low" in kinds:
        return _("Low: ask how the child feeds, weigh again in two weeks.")
    if any(f.indicator == "head_for_age" and f.kind in ("high", "very_high") for f in found):
        return _("Large head: measure it once more, and refer to the doctor.")
    if kinds & {"high", "very_high"}:
        return _("High: ask what the child eats and drinks, weigh again at the next visit.")
    return ""


def trends_of(view: ChildView) -> list[Trend]:
    """What changed between a child's visits and asks for a second look, oldest first."""
    return trends(_compared(view), birth_weight_g=view.birth_weight_g)


def z_changed(view: ChildView) -> str:
    """How the z of weight for age changed between the last two weighings; empty where they cannot be compared."""
    held = intervals(_compared(view))
    change = held[-1].z_change if held else None
    if change is None:
        return ""
    return _("z {change}").format(change=("+" if change > 0 else "") + z_text(change))


def _compared(view: ChildView) -> list[Point]:
    person = view.person
    facts = ChildFacts(
        sex=person.sex, born_on=person.born_on, born_precision=person.born_precision,
        gestation_days=view.gestation_days,
    )  # fmt: skip
    return [trend_point(p, facts) for p in view.growth]


def told_now(found: Iterable[Trend], on: date) -> list[str]:
    """The sentences of what a day's measures asked for, each once: what must be done first stands first."""
    order = {"urgent": 0, "measure_again": 1, "review": 2}
    today = sorted((t for t in found if t.on == on), key=lambda t: order[t.ask])
    told = {t.code for t in today}
    return list(dict.fromkeys(trend_said(t) for t in today if not _says_another(t, told)))


def _says_another(trend: Trend, told: set[TrendCode]) -> bool:
    """Whether another sentence says the same, more plainly: who gains nothing falls, and so on."""
    match trend.code:
        case "falling":
            return trend.indicator == "weight_for_age" and bool(told & {"no_gain", "weight_jumps"})
        case "birth_weight_not_regained":
            return bool(told & {"newborn_loss", "newborn_loss_urgent"})
    return False


def next_weighing(pack: Pack, view: ChildView, today: date) -> str:
    """Next: 5-month visit, 8 Dec to 28 Dec."""
    ahead = view.person.contact
    if ahead is None:
        ahead = next((c for c in view.contacts if c.state is State.PLANNED), None)
    if ahead is None:
        return ""
    if ahead.closes_on < today:
        when = words.window(ahead, today)
    else:
        when = _("{from_day} to {to_day}").format(from_day=day_short(ahead.opens_on), to_day=day_short(ahead.closes_on))
    return _("Next: {visit}, {when}").format(visit=words.contact(pack, ahead.code), when=when)


def corrected_age_days(view: ChildView, on: date) -> int | None:
    """Age in days as corrected for a preterm birth; None where it is not corrected or the day of birth not known."""
    born = view.person.born_on
    if born is None or view.person.born_precision is not Precision.DAY:
        return None
    age = (on - born).days
    corrected = reference_age_days(age, view.gestation_days)
    return None if corrected == age else corrected


def corrected_age(view: ChildView, on: date) -> str:
    """Corrected age in words, for a child born before term."""
    return corrected_words(corrected_age_days(view, on))


def corrected_words(days: int | None) -> str:
    """The same from the corrected age in days; empty for None."""
    if days is None:
        return ""
    if days < 0:
        left = ngettext("{n} day", "{n} days", -days).format(n=-days)
        return _("{days} before the day it was due").format(days=left)
    months = int(days / DAYS_PER_MONTH)
    rest = round(days - months * DAYS_PER_MONTH)
    said = ngettext("{n} month", "{n} months", months).format(n=months) if months else ""
    said += (" " if said else "") + (ngettext("{n} day", "{n} days", rest).format(n=rest) if rest or not months else "")
    return _("corrected age {age}").format(age=said.strip())


def corrected_short(days: int) -> str:
    """The same for a table: 2 m 17 d; below zero before the day it was due."""
    if days < 0:
        return _("{days} d").format(days=f"−{-days}")
    months = int(days / DAYS_PER_MONTH)
    rest = round(days - months * DAYS_PER_MONTH)
    return _("{months} m {days} d").format(months=months, days=rest) if months else _("{days} d").format(days=rest)


def standing(points: Sequence[GrowthPoint]) -> list[str]:
    """For the family: where the child is and whether it gains, in words that nobody needs to be ashamed of."""
    weighed = [p for p in points if p.weight_g and not _flagged(p)]
    if not weighed:
        return []
    kinds = {f.kind for f in findings(weighed[-1]) if f.indicator == "weight_for_age"}
    said = [_("Weight as expected for the age") if kinds == {"as_expected"} else _("We watch the weight together")]
    if len(weighed) > 1:
        more = (weighed[-1].weight_g or 0) > (weighed[-2].weight_g or 0)
        said.append(_("Gains weight") if more else _("No gain since last time: we weigh again soon"))
    return said


TRENDS: dict[TrendCode, str] = {
    "falling": N_("{name}: lower by {z} z since {day}. Ask how the child feeds and whether it was ill."),
    "no_gain": N_("No weight gained since {day}. Ask how the child feeds, weigh again in two weeks."),
    "newborn_loss": N_("Lost {grams} g since birth, more than 7 %. Watch a feed, weigh again soon."),
    "newborn_loss_urgent": N_("Lost {grams} g since birth, more than 10 %. Send to the doctor today."),
    "birth_weight_not_regained": N_("Still {grams} g below the birth weight. Watch a feed, and refer to the doctor."),
    "length_shrinks": N_("Shorter than on {day}. Please measure again."),
    "head_shrinks": N_("The head is smaller than on {day}. Please measure again."),
    "weight_jumps": N_("The weight has jumped since {day}. Is it the right child? Please weigh again."),
    "head_crosses": N_("The head has crossed two lines since {day}. Refer to the doctor."),
}
LOST = N_("Lost {grams} g since {day}. Ask how the child feeds, weigh again in two weeks.")
UNITS: dict[Unit, str] = {
    "g": N_("Was this typed in grams?"),
    "lb": N_("Was this weighed in pounds?"),
    "mm": N_("Was this typed in millimetres?"),
    "in": N_("Was this measured in inches?"),
    "m": N_("Was this typed in metres?"),
}


def trend_said(trend: Trend) -> str:
    """What changed since an earlier visit, and what to do."""
    name = words.INDICATORS.get(trend.indicator, "") if trend.indicator else ""
    lost = trend.code == "no_gain" and trend.change < 0
    return _(LOST if lost else TRENDS[trend.code]).format(
        name=_(name) if name else "",
        z=z_text(abs(trend.change)).lstrip("+"),
        grams=number(round(abs(trend.change))),
        day=day_short(trend.since) if trend.since else "",
    )
