"""From what was typed to a growth entry with its z-scores; pure, so that a screen can call it at every key."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from healthvisit import growth
from healthvisit.domain.errors import InputError
from healthvisit.domain.measurement import Answer, Growth, Limit, Posture, Score
from healthvisit.domain.person import Precision, reference_age_days
from healthvisit.growth import preterm
from healthvisit.growth.lms import LAST_DAY_2006
from healthvisit.growth.trend import Point
from healthvisit.growth.units import Likely, Measure, likely_unit
from healthvisit.packs.pack import Pack
from healthvisit.store.visits import GrowthPoint

_A_NUMBER = re.compile(r"\s*\d+(?:[.,]\d+)?\s*", re.ASCII)
INTERGROWTH = "intergrowth21"  # the standard of the weeks before term
POSTNATAL: Mapping[str, preterm.Part] = {
    "intergrowth_weight": "weight", "intergrowth_length": "length", "intergrowth_head": "head"
}  # fmt: skip
_POSTURE: Mapping[Posture, growth.Posture] = {Posture.LYING: "lying", Posture.STANDING: "standing"}
_MEASURES = ("weight_g", "length_mm", "head_mm", "muac_mm")
_MEASURED: Mapping[str, Measure] = {
    "weight_g": "weight", "length_mm": "length", "head_mm": "head", "muac_mm": "muac"
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What z-scores, and what changed since birth, need to know of a child."""

    sex: str
    born_on: date | None = field(repr=False)
    born_precision: Precision = Precision.DAY
    gestation_days: int | None = None
    birth_weight_g: int | None = field(default=None, repr=False)

    def age_days(self, on: date) -> int | None:
        """Completed days; None when the day of birth is not known."""
        if self.born_on is None or self.born_precision is not Precision.DAY:
            return None
        return (on - self.born_on).days

    @property
    def known_sex(self) -> growth.Sex | None:
        """The sex where it is known; without it there is no curve."""
        return "f" if self.sex == "f" else "m" if self.sex == "m" else None


def limit_for(pack: Pack, name: str, facts: ChildFacts, *, on: date) -> Limit | None:
    """The pack's hard limits of one measure for this child on a day; None where the pack has none.

    Where the age is not known at all, the limits are the widest: they refuse what cannot be, and no older child.
    """
    limit = pack.limits.get(name)
    if limit is None:
        return None
    preterm_born = facts.gestation_days is not None and facts.gestation_days < preterm.PRETERM_DAYS
    older = facts.born_on is None or (on - facts.born_on).days > LAST_DAY_2006
    return limit.for_child(preterm=preterm_born, older=older)


def growth_entry(
    pack: Pack, facts: ChildFacts, fields: Mapping[str, str], *, on: date, typed: Mapping[str, str]
) -> Growth:
    """Place one day's measures on the WHO curves.

    Args:
        pack: Its hard limits are required.
        facts: The child's sex, birth and gestation.
        fields: Field name to value in the unit of the name (``weight_g``: grams); absent is not measured.
        on: Local calendar day of the measuring.
        typed: Field name to the text as typed.

    Raises:
        OutOfRangeError: ``measurement.out_of_range`` outside the pack's hard limits.

    Source: WHO Child Growth Standards (2006), WHO reference (2007); corrected age where the child was preterm.
    """
    numbers = {name: int(fields[name]) for name in _MEASURES if fields.get(name)}
    for name, value in numbers.items():
        if (limit := limit_for(pack, name, facts, on=on)) is not None:
            limit.require(value)
    return _entry(facts, numbers, fields, on=on, typed=typed)


def _entry(
    facts: ChildFacts, numbers: Mapping[str, int], fields: Mapping[str, str], *, on: date, typed: Mapping[str, str]
) -> Growth:
    chronological = facts.age_days(on)
    age = None if chronological is None else reference_age_days(chronological, facts.gestation_days)
    posture = Posture(fields["posture"]) if fields.get("posture") else None
    oedema = Answer(fields["oedema"]) if fields.get("oedema") else None
    assessed = growth.assess(
        growth.Measures(
            sex=facts.known_sex,
            age_days=age,
            **numbers,
            posture=_POSTURE[posture] if posture else None,
            oedema=oedema is Answer.YES,
        )
    )
    before_term = _postnatal(facts, numbers, chronological)
    standard: str = assessed.standard or ""
    if age is not None and age < 0 and any(score.z is not None for score in before_term.values()):
        standard = INTERGROWTH
    return Growth(
        on=on,
        **numbers,
        posture=posture,
        oedema=oedema,
        why_not={name.removesuffix("_why"): why for name, why in fields.items() if name.endswith("_why") and why},
        typed=dict(typed),
        age_days=age,
        corrected=age != chronological,
        scores=tuple(
            Score(
                indicator=name,
                z=None if score.z is None else Decimal(f"{score.z:.2f}"),
                flagged=score.flagged,
                why_not=score.reason,
            )
            for name, score in (*assessed.scores.items(), *before_term.items())
        ),
        standard=standard,
        engine=assessed.engine,
    )


def _postnatal(facts: ChildFacts, numbers: Mapping[str, int], chronological: int | None) -> dict[str, growth.Score]:
    """The z by INTERGROWTH-21st of a child born before term, for the weeks that it reaches; empty for others."""
    weeks = facts.gestation_days
    if weeks is None or chronological is None or weeks >= preterm.PRETERM_DAYS:
        return {}
    made: dict[str, growth.Score] = {}
    for name, part in POSTNATAL.items():
        value = numbers.get("weight_g" if part == "weight" else f"{part}_mm")
        try:
            score = None if value is None else preterm.postnatal(
                part, value, gestation_days=weeks, age_days=chronological, sex=facts.known_sex
            )  # fmt: skip
        except InputError:  # a length of pregnancy that nobody can have had says nothing of the child
            return {}
        if score is not None and score.reason != "no_reference":
            made[name] = score
    return made


def rescored(point: GrowthPoint, facts: ChildFacts) -> GrowthPoint:
    """The entry with its scores made anew from the raw numbers; the same object where nothing changes by it.

    Birth, sex and length of pregnancy may be corrected after a visit was signed, and the rules get better: what is
    shown follows, what is stored stays as it was signed.
    """
    numbers = {name: value for name in _MEASURES if (value := getattr(point, name)) is not None}
    fields = {name: value for name in ("posture", "oedema") if (value := getattr(point, name))}
    made = _entry(facts, numbers, fields, on=point.on, typed={})
    scores = _scores(made)
    kept = {name: held for name, held in point.scores.items() if name in scores}
    if kept == scores and made.age_days == point.age_days:
        return point
    return replace(
        point, scores=scores, age_days=made.age_days, corrected=made.corrected, standard=made.standard,
        engine=made.engine,
    )  # fmt: skip


def history(ever: Iterable[GrowthPoint], facts: ChildFacts) -> tuple[tuple[GrowthPoint, ...], tuple[GrowthPoint, ...]]:
    """What counts of a child's growth entries, and what stood there before: both oldest first.

    The second part holds entries that a correction replaced, and the scores as they were signed where birth, sex or
    pregnancy were corrected since.
    """
    now, before = [], []
    for point in ever:
        if point.replaced:
            before.append(point)
            continue
        made = rescored(point, facts)
        now.append(made)
        if made is not point and _told(made) != _told(point):
            before.append(replace(point, replaced=True))
    return tuple(now), tuple(before)


def trend_point(point: GrowthPoint, facts: ChildFacts) -> Point:
    """A growth entry as `growth.trend` compares it."""
    scores = {
        name: growth.Score(None if z is None else float(z), flagged, why)  # type: ignore[arg-type]
        for name, (z, flagged, why) in point.scores.items()
        if name not in POSTNATAL
    }
    return Point(
        on=point.on, age_days=point.age_days, chronological_days=facts.age_days(point.on), weight_g=point.weight_g,
        length_mm=point.length_mm, head_mm=point.head_mm, oedema=point.oedema == Answer.YES.value,
        posture=_POSTURE[Posture(point.posture)] if point.posture else None,
        scores=scores,  # type: ignore[arg-type]
    )  # fmt: skip


def point_of(made: Growth) -> GrowthPoint:
    """An entry not signed yet, as the read model would hold it."""
    return GrowthPoint(
        part="", visit="", on=made.on, weight_g=made.weight_g, length_mm=made.length_mm, posture=made.posture,
        head_mm=made.head_mm, muac_mm=made.muac_mm, oedema=made.oedema, age_days=made.age_days,
        corrected=made.corrected, standard=made.standard, engine=made.engine,
        scores=_scores(made),
    )  # fmt: skip


def likely_measure(
    field: str, value: growth.Number, facts: ChildFacts, *, on: date, posture: str = ""
) -> Likely | None:
    """The unit a flagged measure was probably taken in, to be offered; see `growth.units`.

    Args:
        field: ``weight_g``, ``length_mm``, ``head_mm`` or ``muac_mm``.
        value: In the unit of the field's name.
        facts: The child.
        on: Day of the measuring.
        posture: Of a length, where it is known.
    """
    chronological = facts.age_days(on)
    age = None if chronological is None else reference_age_days(chronological, facts.gestation_days)
    lies = _POSTURE[Posture(posture)] if posture else None
    return likely_unit(_MEASURED[field], value, age_days=age, sex=facts.known_sex, posture=lies)


def _scores(made: Growth) -> dict[str, tuple[str | None, bool, str | None]]:
    return {s.indicator: (None if s.z is None else str(s.z), s.flagged, s.why_not) for s in made.scores}


def _told(point: GrowthPoint) -> dict[str, tuple[str | None, bool]]:
    """The scores that a table shows."""
    return {name: (z, flagged) for name, (z, flagged, _why) in point.scores.items() if name not in POSTNATAL}


def likely_weight_g(typed: str, facts: ChildFacts, *, on: date) -> int | None:
    """A weight that was probably meant when the typed one is impossible: "34", "34,0" or "3400" for 3,40 kg.

    Returns:
        Grams to offer, never to guess; None when the typed value is plausible or nothing plausible fits.
    """
    if not _A_NUMBER.fullmatch(typed):
        return None
    value = Decimal(typed.strip().replace(",", "."))
    if value <= 0 or _plausible(int(value * 1000), facts, on):
        return None
    for factor in (10, 100, 1000):
        grams = int(value * 1000) // factor
        if _plausible(grams, facts, on):
            return grams
    return None


def _plausible(weight_g: int, facts: ChildFacts, on: date) -> bool:
    age, sex = facts.age_days(on), facts.known_sex
    if age is None or sex is None or weight_g <= 0:
        return False
    score = growth.weight_for_age(weight_g, age_days=age, sex=sex)
    return score.z is not None and not score.flagged
