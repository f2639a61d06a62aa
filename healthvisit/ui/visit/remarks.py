"""What the numbers of a visit mean, in words beside the fields: worked out at every key, nothing stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from healthvisit.domain.measurement import Growth, Limit
from healthvisit.growth import GrowthClass, Indicator, gain
from healthvisit.growth.classify import MUAC_LOW_BELOW_MM, MUAC_SEVERE_BELOW_MM
from healthvisit.growth.trend import WEEK_DAYS, Trend, trends
from healthvisit.packs.pack import Pack
from healthvisit.services.caseload import GrowthPoint
from healthvisit.services.measurements import (
    ChildFacts,
    growth_entry,
    likely_measure,
    likely_weight_g,
    limit_for,
    point_of,
    rescored,
    trend_point,
)
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import (
    UNITS,
    class_of,
    judged_length,
    score_of,
    told_now,
)
from healthvisit.ui.dates import cm, day_short, kg, number, parse_number, z_text
from healthvisit.ui.form.page import Remark
from healthvisit.ui.i18n import _

MEASURES: Mapping[str, Indicator] = {
    "weight_g": "weight_for_age", "length_mm": "length_for_age", "head_mm": "head_for_age", "muac_mm": "muac_for_age"
}  # fmt: skip
TREND_FIELDS: Mapping[Indicator | None, str] = {"length_for_age": "length_mm", "head_for_age": "head_mm"}
TOLD_BY_TREND = ("no_gain", "newborn_loss", "newborn_loss_urgent", "birth_weight_not_regained", "weight_jumps")
POSTNATAL: Mapping[str, str] = {
    "weight_g": "intergrowth_weight", "length_mm": "intergrowth_length", "head_mm": "intergrowth_head"
}  # fmt: skip


def growth_now(pack: Pack, facts: ChildFacts, fields: Mapping[str, str], *, on: date) -> Growth | None:
    """The growth entry as it would be signed, of the numbers that can be signed; None where nothing was answered."""
    held = {
        name: text for name, text in fields.items()
        if text and (name not in MEASURES or _can_be(limit_for(pack, name, facts, on=on), text))
    }  # fmt: skip
    return growth_entry(pack, facts, held, on=on, typed={}) if held else None


def growth_remarks(
    pack: Pack, facts: ChildFacts, fields: Mapping[str, str], typed: Mapping[str, str], *, on: date,
    before: Sequence[GrowthPoint] = (),
) -> dict[str, Remark]:  # fmt: skip
    """Field to what its number means.

    Args:
        pack: Hard limits, and the usual range inside them.
        facts: The child.
        fields: Numbers in the unit of the field's name.
        typed: The same as typed.
        on: Day of the visit.
        before: Earlier measurements, oldest first.
    """
    made = growth_now(pack, facts, fields, on=on)
    remarks: dict[str, Remark] = {}
    if made is not None:
        earlier = [rescored(p, facts) for p in before if p.on < on]
        points = [trend_point(p, facts) for p in (*earlier, point_of(made))]
        found = [t for t in trends(points, birth_weight_g=facts.birth_weight_g) if t.on == on]
        held = {f: _remark(pack, f, made, facts, earlier, found) for f in MEASURES if getattr(made, f) is not None}
        remarks |= {field: remark for field, remark in held.items() if remark is not None}
    for field, text in typed.items():
        if field in MEASURES and (offer := _offer(field, text, fields.get("posture", ""), facts, on)) is not None:
            remarks[field] = offer
    return remarks


def measures_typed(typed: Mapping[str, str]) -> dict[str, str]:
    """Fields in the unit of their names from what was typed, those that are numbers: one slip silences no other."""
    found = {name: text for name, text in typed.items() if name in ("posture", "oedema")}
    for name in MEASURES:
        value = _in_unit(name, typed.get(name, ""))
        if value is not None and value == int(value):
            found[name] = str(int(value))
    return found


def _in_unit(field: str, typed: str) -> Decimal | None:
    try:
        return parse_number(typed) * (1000 if field == "weight_g" else 10)
    except ValueError:
        return None


def doubtful(pack: Pack, facts: ChildFacts, fields: Mapping[str, str], *, on: date) -> list[str]:
    """Sentences about numbers that can hardly be right: to be looked at once more before going on."""
    made = growth_now(pack, facts, fields, on=on)
    if made is None:
        return []
    names: tuple[Indicator, ...] = ("weight_for_age", "length_for_age", "head_for_age", "muac_for_age")
    found: list[Indicator] = [n for n in names if (score := made.score(n)) is not None and score.flagged]
    fits = made.score("weight_for_length")
    if not found and fits is not None and fits.flagged:
        found.append("weight_for_length")
    return [flagged_words(name, facts.sex) for name in found]


def _can_be(limit: Limit | None, text: str) -> bool:
    return text.isdecimal() and (limit is None or limit.low <= int(text) <= limit.high)


def _offer(field: str, typed: str, posture: str, facts: ChildFacts, on: date) -> Remark | None:
    """The comma or the unit that was probably meant, to be taken by a click; never changed by itself."""
    if field == "weight_g" and (likely := likely_weight_g(typed, facts, on=on)) is not None:
        offered = kg(likely)
        return Remark(
            words=_("This weight cannot be right at this age. Did you mean this?"), tone="error",
            offer=(_("{number} kg").format(number=offered), offered),
        )  # fmt: skip
    value = _in_unit(field, typed)
    found = likely_measure(field, value, facts, on=on, posture=posture) if value is not None and value > 0 else None
    if found is None:
        return None
    grams = round(found.value, -1)  # no dial shows less than 10 g
    text = kg(grams) if field == "weight_g" else cm(found.value)
    shown = kilograms(grams) if field == "weight_g" else centimetres(found.value)
    said = " ".join((flagged_words(MEASURES[field], facts.sex), _(UNITS[found.unit])))
    return Remark(words=said, tone="warn", offer=(shown, text))


def kilograms(weight_g: int) -> str:
    """5850 is "5,85 kg"."""
    return _("{number} kg").format(number=kg(weight_g))


def centimetres(length_mm: int) -> str:
    """620 is "62,0 cm"."""
    return _("{number} cm").format(number=cm(length_mm))


def flagged_words(indicator: Indicator, sex: str) -> str:
    """What a number that cannot be right asks for."""
    hers = sex == "f"
    match indicator:
        case "weight_for_age":
            return (
                _("This weight looks wrong for her age. Please weigh again.")
                if hers
                else _("This weight looks wrong for his age. Please weigh again.")
            )
        case "length_for_age":
            return (
                _("This length looks wrong for her age. Please measure again.")
                if hers
                else _("This length looks wrong for his age. Please measure again.")
            )
        case "head_for_age":
            return (
                _("This number looks wrong for her age. Please measure the head again.")
                if hers
                else _("This number looks wrong for his age. Please measure the head again.")
            )
        case "muac_for_age":
            return (
                _("This number looks wrong for her age. Please measure the arm again.")
                if hers
                else _("This number looks wrong for his age. Please measure the arm again.")
            )
        case _:
            return _("Weight and length do not fit together. Please measure both again.")


def class_words(kind: GrowthClass, sex: str) -> str:
    """As expected for her age; low for his age."""
    hers = sex == "f"
    sentences: dict[GrowthClass, str] = {
        "as_expected": _("As expected for her age") if hers else _("As expected for his age"),
        "low": _("Low for her age") if hers else _("Low for his age"),
        "very_low": _("Very low for her age") if hers else _("Very low for his age"),
        "slightly_high": _("A little high for her age") if hers else _("A little high for his age"),
        "high": _("High for her age") if hers else _("High for his age"),
        "very_high": _("Very high for her age") if hers else _("Very high for his age"),
        "check": "",
    }
    return sentences[kind]


def judged(field: str, made: Growth, sex: str) -> tuple[str, GrowthClass | None]:
    """What one number of an entry means: the sentence with its z, and the class; empty where there is no curve to say.

    Before term by INTERGROWTH-21st, which is named; the arm by its millimetres.
    """
    point, indicator = point_of(made), MEASURES[field]
    score = score_of(point, indicator)
    if score.flagged:
        kind = class_of(point, indicator)
        thin = [f"{arm_words(kind)}."] if field == "muac_mm" and kind in ("very_low", "low") else []
        return " ".join((*thin, flagged_words(indicator, sex))), "check"  # a doubtful tape hides no thin arm
    if score.reason == "oedema":
        return words.growth_class(None, "oedema"), None
    if score.reason == "below_zero_corrected":
        return _before_term(field, point, sex)
    kind = class_of(point, indicator)
    if kind is None or score.z is None:
        return words.growth_class(None, score.reason), kind
    finding = arm_words(kind) if field == "muac_mm" else class_words(kind, sex)
    said = _("{finding} ({z}).").format(finding=finding, z=z_text(score.z))
    if made.corrected:
        said = _("{finding} ({z}), by corrected age.").format(finding=finding, z=z_text(score.z))
    return said, kind


def arm_words(kind: GrowthClass) -> str:
    """The class of an arm, with the limit it goes by."""
    severe, low = cm(MUAC_SEVERE_BELOW_MM), cm(MUAC_LOW_BELOW_MM)
    if kind == "very_low":
        return _("Very thin arm: under {cm} cm").format(cm=severe)
    if kind == "low":
        return _("Thin arm: under {cm} cm").format(cm=low)
    return _("As expected: {cm} cm or more").format(cm=low)


def posture_words(made: Growth) -> str:
    """What was made of the way a length was taken; empty where it is the usual one."""
    stature = judged_length(point_of(made))
    if stature is None:
        return ""
    if stature.posture_doubtful:
        return _("Under 9 months a child is measured lying. Was it really standing?")
    if stature.corrected_by_mm:
        counted = centimetres(int(stature.mm))
        if stature.posture == "lying":
            return _("Measured standing before 2 years: counted as {length} lying.").format(length=counted)
        return _("Measured lying from 2 years on: counted as {length} standing.").format(length=counted)
    return ""


def _before_term(field: str, point: GrowthPoint, sex: str) -> tuple[str, GrowthClass | None]:
    score = score_of(point, POSTNATAL.get(field, ""))
    kind = class_of(point, MEASURES[field], score)
    if score.z is None or kind is None:
        return words.growth_class(None, "below_zero_corrected"), None
    if kind == "check":
        return flagged_words(MEASURES[field], sex), kind
    return _("{finding}, by INTERGROWTH-21st ({z}).").format(finding=class_words(kind, sex), z=z_text(score.z)), kind


def _remark(
    pack: Pack, field: str, made: Growth, facts: ChildFacts, before: Sequence[GrowthPoint], found: Sequence[Trend]
) -> Remark | None:
    said, kind = judged(field, made, facts.sex)
    if kind == "check":
        return Remark(words=said, tone="warn")
    own = [t for t in found if TREND_FIELDS.get(t.indicator, "weight_g") == field]
    since, lost = ("", False) if any(t.code in TOLD_BY_TREND for t in own) else _since(field, made, before)
    more = [posture_words(made), _weight_for_length(made)] if field == "length_mm" else []
    more += [_unusual(pack, field, getattr(made, field)), *told_now(own, made.on)]
    parts = [said, since, *filter(None, more)]
    tone = "ok" if kind == "as_expected" else "warn" if kind or made.oedema == "yes" else "muted"
    return Remark(words=" ".join(filter(None, parts)), tone="warn" if lost or any(more) else tone)


def _unusual(pack: Pack, field: str, value: int) -> str:
    usual = pack.warnings.get(field)
    if usual is None or usual.low <= value <= usual.high:
        return ""
    return _("This is unusual. Please measure once more.")


def _weight_for_length(made: Growth) -> str:
    point = point_of(made)
    if score_of(point, "weight_for_age").flagged or score_of(point, "length_for_age").flagged:
        return ""  # the one that is doubtful has said so
    kind, score = class_of(point, "weight_for_length"), score_of(point, "weight_for_length")
    if kind in (None, "as_expected") or score.reason == "oedema":
        return words.growth_class(None, score.reason) if score.reason == "out_of_table" else ""
    if kind == "check" or score.z is None or kind is None:
        return flagged_words("weight_for_length", "")
    return _("Weight for length: {finding} ({z}).").format(finding=words.growth_class(kind), z=z_text(score.z))


def _since(field: str, made: Growth, before: Sequence[GrowthPoint]) -> tuple[str, bool]:
    """What was gained or lost since last time, and whether that is a reason to look twice."""
    if field != "weight_g" or made.weight_g is None or made.oedema == "yes":
        return "", False
    last = next((p for p in reversed(before) if p.weight_g and not score_of(p, "weight_for_age").flagged), None)
    gained = None if last is None else gain(made.weight_g, before_g=last.weight_g or 0, days=(made.on - last.on).days)
    if gained is None or last is None:
        return "", False
    if gained.grams < 0:
        return _("Lost {grams} g since {day}.").format(grams=-gained.grams, day=day_short(last.on)), True
    per_week = int((Decimal(gained.grams * WEEK_DAYS) / gained.days).to_integral_value(ROUND_HALF_UP))
    said = _("Gained {grams} g, {rate} g a week.").format(grams=number(gained.grams), rate=number(per_week))
    return said, False
