"""From what was typed to a growth entry with its z-scores; pure, so that a screen can call it at every key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from healthvisit import growth
from healthvisit.domain.measurement import Answer, Growth, Posture, Score
from healthvisit.domain.person import Precision, reference_age_days
from healthvisit.packs.pack import Pack

_POSTURE: Mapping[Posture, growth.Posture] = {Posture.LYING: "lying", Posture.STANDING: "standing"}
_MEASURES = ("weight_g", "length_mm", "head_mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFacts:
    """What z-scores need to know of a child."""

    sex: str
    born_on: date | None = field(repr=False)
    born_precision: Precision = Precision.DAY
    gestation_days: int | None = None

    def age_days(self, on: date) -> int | None:
        """Completed days; None when the day of birth is not known."""
        if self.born_on is None or self.born_precision is not Precision.DAY:
            return None
        return (on - self.born_on).days


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
        if name in pack.limits:
            pack.limits[name].require(value)
    chronological = facts.age_days(on)
    age = None if chronological is None else reference_age_days(chronological, facts.gestation_days)
    posture = Posture(fields["posture"]) if fields.get("posture") else None
    oedema = Answer(fields["oedema"]) if fields.get("oedema") else None
    sex: Literal["f", "m"] | None = "f" if facts.sex == "f" else "m" if facts.sex == "m" else None
    assessed = growth.assess(
        growth.Measures(
            sex=sex,
            age_days=age,
            weight_g=numbers.get("weight_g"),
            length_mm=numbers.get("length_mm"),
            posture=_POSTURE[posture] if posture else None,
            head_mm=numbers.get("head_mm"),
            oedema=oedema is Answer.YES,
        )
    )
    return Growth(
        on=on,
        weight_g=numbers.get("weight_g"),
        length_mm=numbers.get("length_mm"),
        posture=posture,
        head_mm=numbers.get("head_mm"),
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
            for name, score in assessed.scores.items()
        ),
        standard=assessed.standard or "",
        engine=assessed.engine,
    )


def likely_weight_g(typed: str, facts: ChildFacts, *, on: date) -> int | None:
    """A weight that was probably meant when the typed one is impossible: "34", "34,0" or "3400" for 3,40 kg.

    Returns:
        Grams to offer, never to guess; None when the typed value is plausible or nothing plausible fits.
    """
    try:
        value = Decimal(typed.strip().replace(",", "."))
    except ArithmeticError:
        return None
    if not value.is_finite() or value <= 0 or _plausible(int(value * 1000), facts, on):
        return None
    for factor in (10, 100, 1000):
        grams = int(value * 1000) // factor
        if _plausible(grams, facts, on):
            return grams
    return None


def _plausible(weight_g: int, facts: ChildFacts, on: date) -> bool:
    age = facts.age_days(on)
    if age is None or facts.sex not in ("f", "m") or weight_g <= 0:
        return False
    sex: Literal["f", "m"] = "f" if facts.sex == "f" else "m"
    score = growth.weight_for_age(weight_g, age_days=age, sex=sex)
    return score.z is not None and not score.flagged
