"""One dated edition of the programme's content: schedule, limits, danger signs, words. A record names its pack."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.measurement import Limit
from healthvisit.domain.schedule import ContactPlan

Text = Mapping[str, str]
"""One wording in every language of the pack: ``{"tk": …, "ru": …, "en": …}``."""

YOUNG_INFANT_UNTIL_DAYS = 60
MOST_FIRST_AID_LINES = 4


class PackError(HealthvisitError):
    """A pack that cannot be used: ``pack.missing``, ``pack.damaged`` or ``pack.wrong_value`` (see `load`)."""


class Group(StrEnum):
    """Whose list a danger sign stands in."""

    YOUNG_INFANT = "young_infant"
    CHILD = "child"
    PREGNANT = "pregnant"
    AFTER_BIRTH = "after_birth"


class Pace(StrEnum):
    """How soon a danger sign must be seen to; `SAME_DAY` only where no other sign says `NOW`."""

    NOW = "now"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One row of a code list."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerSign:
    """One sign. `asked` signs are questions; the others follow from numbers. `private` ones are asked only alone."""

    code: str
    group: Group
    urgency: Pace
    first_aid: tuple[str, ...]
    name: Text
    asked: bool = True
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAid:
    """One line of "Do now". It takes the place of the lines named in `instead_of`."""

    code: str
    text: Text
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number that makes a sign: both bounds belong to it; `beside` asks for one of these signs as well."""

    sign: str
    field: str
    at_least: int | None = None
    at_most: int | None = None
    from_days: int | None = None
    to_days: int | None = None
    beside: frozenset[str] = frozenset()

    def meets(self, values: Mapping[str, int | None], age_days: int | None, signs: Iterable[str]) -> bool:
        """Whether the number says so; at an unknown age every age's bound counts."""
        value = values.get(self.field)
        if value is None or (self.at_least is not None and value < self.at_least):
            return False
        if self.at_most is not None and value > self.at_most:
            return False
        if age_days is not None and self.from_days is not None and age_days < self.from_days:
            return False
        if age_days is not None and self.to_days is not None and age_days > self.to_days:
            return False
        return not self.beside or not self.beside.isdisjoint(signs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One row of the location register; `parent` is the code one level up."""

    code: str
    level: str
    name: Text
    parent: str | None = None
    urban: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The content of one edition, checked when it was loaded; see `load`.

    `limits` are hard, `warnings` the usual range inside them, both in the unit of the field's name. `visit_names` are
    safe to stand on a list that others see. Code lists (reasons, concerns, topics …) are in `lists`.
    """

    id: str
    version: str
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    approved_by: str | None
    languages: tuple[str, ...]
    schedule: tuple[ContactPlan, ...] = field(repr=False)
    visit_names: Mapping[str, Text] = field(repr=False)
    limits: Mapping[str, Limit] = field(repr=False)
    warnings: Mapping[str, Limit] = field(repr=False)
    dangers: tuple[DangerSign, ...] = field(repr=False)
    first_aid: tuple[FirstAid, ...] = field(repr=False)
    thresholds: tuple[Threshold, ...] = field(repr=False)
    lists: Mapping[str, tuple[Named, ...]] = field(repr=False)
    places: tuple[Location, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """As records name it: ``"tm-default@2026.1"``."""
        return f"{self.id}@{self.version}"

    def text(self, mapping: Text, language: str) -> str:
        """One wording; in the pack's first language where it has none in `language`."""
        return mapping.get(language) or mapping[self.languages[0]]

    @property
    def not_possible(self) -> tuple[Named, ...]:
        """Why a visit did not take place (DOMAIN 1.2)."""
        return self.lists["not_possible"]

    @property
    def unplanned(self) -> tuple[Named, ...]:
        """Why a visit was made that no schedule asked for."""
        return self.lists["unplanned"]

    def danger(self, code: str) -> DangerSign:
        """One sign.

        Raises:
            KeyError: The pack has no such sign.
        """
        return next((s for s in self.dangers if s.code == code), None) or _absent(code)

    def dangers_of(self, group: Group) -> tuple[DangerSign, ...]:
        """A group's list, those first that cannot wait."""
        return tuple(s for s in self.dangers if s.group is group)

    def place(self, code: str) -> Location | None:
        """One place of the register; None for a code this edition does not hold."""
        return next((p for p in self.places if p.code == code), None)

    def urgency_of(self, signs: Iterable[str]) -> Pace | None:
        """How soon these signs must be seen to, taken together; None for no sign."""
        paces = {self.danger(code).urgency for code in signs}
        return next((pace for pace in Pace if pace in paces), None)

    def first_aid_for(self, signs: Iterable[str]) -> list[FirstAid]:
        """What to do now for exactly these signs: three or four lines, the journey last.

        Where two lines contradict one another, the more careful one stays: a child that fits gets nothing by mouth
        even if another sign alone would allow milk.
        """
        wanted = {line for code in signs for line in self.danger(code).first_aid}
        dropped = {other for line in self.first_aid if line.code in wanted for other in line.instead_of}
        lines = [line for line in self.first_aid if line.code in wanted - dropped]
        if len(lines) > MOST_FIRST_AID_LINES:
            lines[MOST_FIRST_AID_LINES - 1 : -1] = []
        return lines

    def measured_dangers(
        self,
        age_days: int | None,
        temperature_c10: int | None = None,
        breaths: int | None = None,
        *,
        oedema: bool = False,
        wlz: Decimal | None = None,
        muac_mm: int | None = None,
    ) -> tuple[str, ...]:
        """Danger signs that follow from a child's numbers.

        Args:
            age_days: Completed days; None (birth day unknown) is taken as a child of 2 months or more.
            temperature_c10: Tenths of a degree Celsius, in the armpit.
            breaths: A minute, counted twice.
            oedema: Swelling of both feet.
            wlz: z-score of weight for length or height, not flagged.
            muac_mm: Upper arm; it says something from 6 to 59 months.

        Source: DOMAIN 1.5 (cut-offs 38.0 and 35.5 °C, breaths 60, 50, 40 as in the WHO pocket book's Turkmen edition).
        """
        values = {
            "temperature_c10": temperature_c10,
            "breaths": breaths,
            "oedema": int(oedema),
            "wlz_c100": None if wlz is None else int((wlz * 100).to_integral_value()),
            "muac_mm": muac_mm,
        }
        return self._measured(child_group(age_days), values, age_days=age_days)

    def mother_dangers(
        self,
        group: Group,
        *,
        temperature_c10: int | None = None,
        systolic: int | None = None,
        diastolic: int | None = None,
        signs: Iterable[str] = (),
    ) -> tuple[str, ...]:
        """Danger signs that follow from a mother's numbers, pressures in mmHg; `signs` are those answered yes."""
        values = {"temperature_c10": temperature_c10, "systolic": systolic, "diastolic": diastolic}
        return self._measured(group, values, signs=tuple(signs))

    def _measured(
        self,
        group: Group,
        values: Mapping[str, int | None],
        *,
        age_days: int | None = None,
        signs: tuple[str, ...] = (),
    ) -> tuple[str, ...]:
        found = {t.sign for t in self.thresholds if t.meets(values, age_days, signs)}
        return tuple(s.code for s in self.dangers_of(group) if s.code in found)


def child_group(age_days: int | None) -> Group:
    """Which list a child is asked: the young infant's up to and including day 59."""
    return Group.YOUNG_INFANT if age_days is not None and age_days < YOUNG_INFANT_UNTIL_DAYS else Group.CHILD


def _absent(code: str) -> Any:
    raise KeyError(code)
