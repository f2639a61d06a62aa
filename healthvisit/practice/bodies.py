"""What was found at invented visits: children who grow along a line of their own, signs looked for, words agreed."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Self

from healthvisit import growth
from healthvisit.domain.ids import PersonId, VisitId
from healthvisit.domain.person import TERM_DAYS, Person, Sex, reference_age_days
from healthvisit.domain.record import Privacy, encode
from healthvisit.domain.visit import Entry, FormUse, VisitPart
from healthvisit.packs.pack import Group, Pack, child_group
from healthvisit.practice import names
from healthvisit.services.measurements import ChildFacts, growth_entry
from healthvisit.settings import resource

_STANDING_FROM_DAYS = 731
_HEAD_UNTIL_DAYS = 1096
_ARM_DAYS = range(183, 1827)
_LOST_AT_FIRST_DAYS = 5
_TYPING_SLIP_G = 10_000
_GAIN_G_A_DAY = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A child with its own z-lines of weight (the arm goes with it), length and head, kept to but for chance."""

    person: Person = field(repr=False)
    gestation_days: int
    birth_weight_g: int
    weight_z: float
    length_z: float
    head_z: float

    @property
    def id(self) -> PersonId:
        return self.person.id

    @classmethod
    def draw(cls, dice: random.Random, person: Person, *, weeks: int, of: int) -> Self:
        """A child born after so many weeks as one of so many."""
        days = weeks * 7 + dice.randrange(-3, 4) if weeks * 7 < TERM_DAYS else dice.randrange(266, 288)
        weight_z = max(-2.2, min(2.0, dice.gauss(-0.2 - 0.4 * (of - 1), 0.8)))
        length_z = 0.6 * weight_z + dice.gauss(0, 0.5)
        early_g = max(0, TERM_DAYS - 14 - days) * 26
        at_birth = _at("weight_for_age", person.sex, weight_z, 0) or 3.2
        return cls(
            person=person, gestation_days=days, birth_weight_g=_rounded(at_birth * 1000 - early_g, 10),
            weight_z=weight_z, length_z=length_z, head_z=0.4 * weight_z + dice.gauss(0, 0.4),
        )  # fmt: skip

    def part(
        self, pack: Pack, dice: random.Random, *, id: str, visit: VisitId, on: date, code: str, flagged: bool = False
    ) -> VisitPart:
        """One visit's part: danger signs looked for and not there, and the day's measures.

        Args:
            pack: Its signs and limits.
            dice: Chance.
            id: Of the part.
            visit: Of the visit.
            on: Its day.
            code: The contact it does.
            flagged: The weight was typed wrong by ten kilograms, and nobody weighed again.
        """
        fields, typed = self._measures(dice, on, flagged=flagged)
        facts = ChildFacts(
            sex=self.person.sex, born_on=self.person.born_on, born_precision=self.person.born_precision,
            gestation_days=self.gestation_days,
        )  # fmt: skip
        measured = encode(growth_entry(pack, facts, fields, on=on, typed=typed))
        group = child_group(facts.age_days(on))
        found = {"temperature_c10": str(dice.randrange(363, 371))}
        if group is Group.YOUNG_INFANT:
            found["breaths"] = str(dice.randrange(36, 52))
        return VisitPart(
            id=id, visit=visit, person=self.id, form=form_use("child"), code=code,
            entries=(
                _no_danger(pack, group, found),
                Entry(kind="growth", privacy=Privacy.ORDINARY.value, fields=measured),
            ),
        )  # fmt: skip

    def _measures(self, dice: random.Random, on: date, *, flagged: bool) -> tuple[dict[str, str], dict[str, str]]:
        assert self.person.born_on is not None
        age = (on - self.person.born_on).days
        chance = dice.gauss(0, 0.12)
        fields = {"oedema": "no", "weight_g": str(self._weight_g(age, chance) + _TYPING_SLIP_G * flagged)}
        corrected = reference_age_days(age, self.gestation_days)
        length = _at("length_for_age", self.person.sex, self.length_z + chance / 3, corrected)
        head = _at("head_for_age", self.person.sex, self.head_z, corrected)
        if length is None:
            fields["length_mm_why"] = "upset"
        else:
            fields |= {"length_mm": str(round(length * 10)), "posture": "h" if age >= _STANDING_FROM_DAYS else "l"}
        if head is not None and age < _HEAD_UNTIL_DAYS:
            fields["head_mm"] = str(round(head * 10))
        arm = _at("muac_for_age", self.person.sex, 0.7 * self.weight_z + chance, corrected)
        if arm is not None and age in _ARM_DAYS:
            fields["muac_mm"] = str(round(arm * 10))
        typed = {"weight_g": _typed(fields["weight_g"], 1000, 2)}
        typed |= {name: _typed(fields[name], 10, 1) for name in ("length_mm", "head_mm", "muac_mm") if name in fields}
        return fields, typed

    def _weight_g(self, age_days: int, chance: float) -> int:
        if age_days < _LOST_AT_FIRST_DAYS:
            return _rounded(self.birth_weight_g * 0.95, 10)
        on_line = _at(
            "weight_for_age", self.person.sex, self.weight_z + chance, reference_age_days(age_days, self.gestation_days)
        )
        grams = self.birth_weight_g + (age_days - 7) * _GAIN_G_A_DAY if on_line is None else on_line * 1000
        return _rounded(grams, 10 if age_days < _STANDING_FROM_DAYS else 50)


def mother_part(pack: Pack, *, id: str, visit: VisitId, person: PersonId, code: str) -> VisitPart:
    """A pregnant woman's part: signs looked for, blood pressure as it should be."""
    found = {"systolic": "115", "diastolic": "75"}
    return VisitPart(
        id=id, visit=visit, person=person, form=form_use("mother"), code=code,
        entries=(_no_danger(pack, Group.PREGNANT, found),),
    )  # fmt: skip


def family_part(dice: random.Random, *, id: str, visit: VisitId, russian: bool, months: int | None) -> VisitPart:
    """The family's part: what worried them, what was advised, what was agreed; all as fits the youngest's `months`."""
    concerns: dict[str, Any] = {"has_concern": "none"}
    if dice.random() < 0.4:  # noqa: PLR2004 -- four families in ten have one
        worry = dice.choice(names.fitting(names.WORRIES, months))
        concerns = {"has_concern": "yes", "codes": [worry.code], "text": worry.tk}
    advised = dice.sample(names.fitting(names.AGREED, months), 2)
    agreement = {
        "topics": sorted(said.code for said in advised),
        "agreed": advised[0].ru if russian else advised[0].tk,
    }
    blocks: dict[str, dict[str, Any]] = {
        "setting": {"alone": dice.choice(("yes", "no"))},
        "concerns": concerns,
        "agreement": agreement,
    }
    entries = tuple(Entry(kind=kind, privacy=Privacy.ORDINARY.value, fields=dict(f)) for kind, f in blocks.items())
    return VisitPart(id=id, visit=visit, person=None, form=form_use("family"), entries=entries)


@cache
def form_use(name: str) -> FormUse:
    """The form a part was answered with: the one this program ships."""
    return FormUse(name=name, sha256=hashlib.sha256(resource(f"forms/{name}.xml").read_bytes()).hexdigest())


def _no_danger(pack: Pack, group: Group, found: dict[str, str]) -> Entry:
    signs = {sign.code: "no" for sign in pack.dangers_of(group) if sign.asked and not sign.private}
    return Entry(kind="danger", privacy=Privacy.SENSITIVE.value, fields={**found, "signs": signs})


def _at(indicator: growth.ChartIndicator, sex: Sex, z: float, age_days: int) -> float | None:
    """The measure (kg, cm) at a z between two lines of the chart; None before term."""
    if age_days < 0 or sex is Sex.UNKNOWN:
        return None
    low = int(z // 1)
    lines = growth.curve(indicator, "f" if sex is Sex.FEMALE else "m", (low, low + 1), age_days, age_days)
    if not lines:
        return None
    below, above = lines[0].points[0][1], lines[1].points[0][1]
    return below + (above - below) * (z - low)


def _rounded(value: float, to: int) -> int:
    return round(value / to) * to


def _typed(value: str, per: int, decimals: int) -> str:
    return f"{int(value) / per:.{decimals}f}".replace(".", ",")
