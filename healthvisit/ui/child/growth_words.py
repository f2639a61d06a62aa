"""A child's growth in words: where the child stands, what was gained, what comes next. Words first, z beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from healthvisit.domain.person import Precision, reference_age_days
from healthvisit.domain.schedule import State
from healthvisit.growth import HEIGHT_FROM_DAY, ChartIndicator, GrowthClass, Indicator, Score, classify, gain
from healthvisit.growth.trend import Trend, TrendCode
from healthvisit.growth.units import Unit
from healthvisit.packs.pack import Pack
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.ui import words
from healthvisit.ui.dates import age_short, cm, day, day_short, kg, number, z_text
from healthvisit.ui.i18n import N_, _, ngettext

FROM_BOTTOM_UP: tuple[GrowthClass, ...] = (
    "very_low", "low", "check", "as_expected", "slightly_high", "high", "very_high"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One indicator of one day: its name, what it means, the z beside it."""

    indicator: Indicator
    name: str
    kind: GrowthClass | None
    said: str = field(repr=False)
    z: str = field(repr=False)


def findings(point: GrowthPoint) -> list[Finding]:
    """What one day's measures say, one line an indicator."""
    made = []
    for indicator, name in words.INDICATORS.items():
        if indicator not in point.scores:
            continue
        z, flagged, reason = point.scores[indicator]
        score = Score(None if z is None else float(z), flagged, reason)  # type: ignore[arg-type]
        kind = classify(indicator, score, age_days=point.age_days)
        if kind is None and reason in (None, "bad_measure"):
            continue
        said = words.growth_class(kind, reason)
        if point.corrected and indicator != "weight_for_length" and kind is not None:
            said = _("{finding}, for corrected age").format(finding=said)
        made.append(
            Finding(
                indicator=indicator,
                name=_("Weight for height") if indicator == "weight_for_length" and point.posture == "h" else _(name),
                kind=kind,
                said=said,
                z="" if z is None else z_text(float(z)),
            )
        )
    return made


def measured(point: GrowthPoint) -> str:
    """5,85 kg   62,0 cm lying   40,2 cm."""
    said = [_("{kg} kg").format(kg=kg(point.weight_g))] if point.weight_g else []
    if point.length_mm:
        said.append(" ".join(filter(None, (_("{cm} cm").format(cm=cm(point.length_mm)), words.posture(point.posture)))))
    if point.head_mm:
        said.append(_("head {cm} cm").format(cm=cm(point.head_mm)))
    return "   ".join(said)


def weights(points: Sequence[GrowthPoint], most: int = 3) -> str:
    """4,30 → 5,30 → 5,85 kg."""
    held = [kg(p.weight_g) for p in points if p.weight_g][-most:]
    return _("{numbers} kg").format(numbers=" → ".join(held)) if held else ""


def gained(points: Sequence[GrowthPoint]) -> str:
    """Since 9 Oct: +550 g in 45 days, 12 g a day. Empty without two believable weights."""
    weighed = [p for p in points if p.weight_g and not _flagged(p)]
    if len(weighed) < 2:  # noqa: PLR2004 -- a gain lies between two
        return ""
    last, now = weighed[-2:]
    made = gain(now.weight_g or 0, before_g=last.weight_g or 0, days=(now.on - last.on).days)
    if made is None:
        return ""
    days = ngettext("{n} day", "{n} days", made.days).format(n=made.days)
    grams = ("+" if made.grams > 0 else "") + number(made.grams)
    return _("Since {day}: {grams} g in {days}, {rate} g a day").format(
        day=day_short(last.on), grams=grams, days=days, rate=number(made.per_day)
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
    return ""


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
    days = corrected_age_days(view, on)
    if days is None:
        return ""
    if days < 0:
        left = ngettext("{n} day", "{n} days", -days).format(n=-days)
        return _("{days} before the day it was due").format(days=left)
    months = int(days / 30.4375)
    rest = round(days - months * 30.4375)
    said = ngettext("{n} month", "{n} months", months).format(n=months) if months else ""
    said += (" " if said else "") + (ngettext("{n} day", "{n} days", rest).format(n=rest) if rest or not months else "")
    return _("corrected age {age}").format(age=said.strip())


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


def chart_of(indicator: Indicator, points: Sequence[GrowthPoint], age_days: int | None) -> ChartIndicator:
    """Weight for length becomes weight for height once the child stands."""
    if indicator != "weight_for_length":
        return indicator
    last = points[-1].age_days if points else age_days
    return "weight_for_height" if last is not None and last >= HEIGHT_FROM_DAY else "weight_for_length"


def table(points: Sequence[GrowthPoint], born_on: date | None) -> list[tuple[str, ...]]:
    """Date, age, kg, cm, head, z for weight, length and weight for length; newest first."""
    rows = []
    for p in reversed(points):
        age = age_short(born_on, p.on) if born_on and p.on >= born_on else ""
        zs = [p.scores.get(name, (None, False, None)) for name in ("weight_for_age", "length_for_age", "head_for_age")]
        shown = ["" if z is None else z_text(float(z)) + (" ?" if flagged else "") for z, flagged, _why in zs]
        rows.append(
            (
                day(p.on),
                age,
                kg(p.weight_g) if p.weight_g else "",
                cm(p.length_mm) if p.length_mm else "",
                cm(p.head_mm) if p.head_mm else "",
                *shown,
            )
        )
    return rows


def table_heads() -> tuple[str, ...]:
    """The heads of `table`."""
    return (_("Date"), _("Age"), _("kg"), _("cm"), _("Head"), _("z weight"), _("z length"), _("z head"))


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
    return _(TRENDS[trend.code]).format(
        name=_(name) if name else "",
        z=z_text(abs(trend.change)).lstrip("+"),
        grams=number(round(abs(trend.change))),
        day=day_short(trend.since) if trend.since else "",
    )
