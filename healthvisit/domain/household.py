"""People visited together, and who belongs to them since when."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId
from healthvisit.domain.person import Phone


class Role(StrEnum):
    """A person's place in a household."""

    MOTHER = "mother"
    FATHER = "father"
    CHILD = "child"
    GRANDPARENT = "grandparent"
    GUARDIAN = "guardian"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A family as visited. `number` is read aloud; `place` is a code of the location register; `note` tells the way.

    `may_ring` is unknown until asked; `two_go` is a visible mark without its reason.
    """

    id: HouseholdId
    number: str
    name: str = field(repr=False)
    address: str = field(default="", repr=False)
    place: str = ""
    urban: bool | None = None
    language: str = ""
    note: str = field(default="", repr=False)
    may_ring: bool | None = None
    two_go: bool = False
    moved_on: date | None = None
    phones: tuple[Phone, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("household.name_missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's time in a household."""

    id: str
    person: PersonId
    household: HouseholdId
    role: Role
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A person's time in the programme. The level is never shown on a screen others can see."""

    id: str
    person: PersonId
    from_on: date
    level: str = "universal"
    to_on: date | None = None
    exit_reason: str | None = None
