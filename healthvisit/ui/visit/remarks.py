"""What the numbers of a visit mean, in words beside the fields: worked out at every key, nothing stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.measurement import Growth
from healthvisit.growth import GrowthClass, Indicator, Score, classify, gain
from healthvisit.packs.pack import Pack
from healthvisit.services.caseload import GrowthPoint
from healthvisit.services.measurements import ChildFacts, growth_entry, likely_weight_g
from healthvisit.ui import words
from healthvisit.ui.dates import cm, day_short, kg, z_text
from healthvisit.ui.form.page import Remark
from healthvisit.ui.i18n import _

SHRUNK_MM = 10  # DOMAIN 8.3: shorter by more than this is a slip of the tape
MEASURES: Mapping[str, Indicator] = {
    "weight_g": "weight_for_age", "length_mm": "length_for_age", "head_mm": "head_for_age"
}  # fmt: skip


def growth_now(pack: Pack, facts: ChildFacts, fields: Mapping[str, str], *, on: date) -> Growth | None:
    """The growth entry as it would be signed; None while a number is outside the limits."""
    try:
        return growth_entry(pack, facts, fields, on=on, typed={})
    except (HealthvisitError, ValueError):
        return None


def growth_remarks(
    pack: Pack, facts: ChildFacts, fields: Mapping[str, str], typed: Mapping[str, str], *, on: date,
    before: Sequence[GrowthPoint] = (),
) -> dict[str, Remark]:  # fmt: skip
    """Field to what its number means.

    Args:
        pack: Hard limits.
        facts: The child.
        fields: Numbers in the unit of the field's name.
        typed: The same as typed.
        on: Day of the visit.
        before: Earlier measurements, oldest first.
    """
    made = growth_now(pack, facts, fields, on=on)
    remarks = {} if made is None else {f: r for f in MEASURES if (r := _remark(f, made, facts, before)) is not None}
    likely = likely_weight_g(typed.get("weight_g", ""), facts, on=on)
    if likely is not None:
        offered = kg(likely)
        remarks["weight_g"] = Remark(
            words=_("This weight cannot be right at this age. Did you mean this?"), tone="error",
            offer=(_("{number} kg").format(number=offered), offered),
        )  # fmt: skip
    return remarks


def kilograms(weight_g: int) -> str:
    """5850 is "5,85 kg"."""
    return _("{number} kg").format(number=kg(weight_g))


def centimetres(length_mm: int) -> str:
    """620 is "62,0 cm"."""
    return _("{number} cm").format(number=cm(length_mm))


def class_of(made: Growth, indicator: Indicator) -> tuple[GrowthClass | None, Decimal | None, str | None]:
    """Class, z and the reason why there is none, of one indicator of an entry."""
    score = made.score(indicator)
    if score is None:
        return None, None, None
    scored = Score(None if score.z is None else float(score.z), score.flagged, score.why_not)  # type: ignore[arg-type]
    return classify(indicator, scored, age_days=made.age_days), score.z, score.why_not


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


def _remark(field: str, made: Growth, facts: ChildFacts, before: Sequence[GrowthPoint]) -> Remark | None:
    indicator = MEASURES[field]
    if getattr(made, field) is None:
        return None
    kind, z, reason = class_of(made, indicator)
    if kind == "check":
        return Remark(words=flagged_words(indicator, facts.sex), tone="warn")
    tone = "ok" if kind == "as_expected" else "warn" if kind else "muted"
    said = words.growth_class(kind, reason)
    if kind is not None and z is not None:
        said = _("{finding} ({z}).").format(finding=class_words(kind, facts.sex), z=z_text(float(z)))
        if made.corrected:
            said = _("{finding} Corrected age.").format(finding=said)
    since, bad = _since(field, made, before)
    fits = _weight_for_length(made) if field == "length_mm" else ""
    return Remark(words=" ".join(filter(None, (said, since, fits))), tone="warn" if bad or fits else tone)


def _weight_for_length(made: Growth) -> str:
    kind, z, _reason = class_of(made, "weight_for_length")
    if kind in (None, "as_expected"):
        return ""
    if kind == "check" or z is None or kind is None:
        return flagged_words("weight_for_length", "")
    return _("Weight for length: {finding} ({z}).").format(finding=words.growth_class(kind), z=z_text(float(z)))


def _since(field: str, made: Growth, before: Sequence[GrowthPoint]) -> tuple[str, bool]:
    """What was gained or lost since last time, and whether that is a reason to look twice."""
    now = getattr(made, field)
    last = next((p for p in reversed(before) if getattr(p, field) is not None and p.on < made.on), None)
    if last is None or field == "head_mm":
        return "", False
    if field == "length_mm":
        shrunk = last.length_mm is not None and last.length_mm - now > SHRUNK_MM
        since = _("Last time {length} cm: please measure again.").format(length=cm(last.length_mm or 0))
        return (since, True) if shrunk else ("", False)
    gained = gain(now, before_g=last.weight_g or 0, days=(made.on - last.on).days)
    if gained is None:
        return "", False
    if gained.grams < 0:
        lost = _("Lost {grams} g since {day}.").format(grams=-gained.grams, day=day_short(last.on))
        return lost, True
    return _("Gained {grams} g.").format(grams=gained.grams), False
