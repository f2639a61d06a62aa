"""One meeting with a household: a frame with the family's part, and one part for each person seen."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, VisitId, WorkerId


class Place(StrEnum):
    """Where the visit took place."""

    HOME = "home"
    HEALTH_HOUSE = "health_house"
    PHONE = "phone"
    OTHER = "other"


class Source(StrEnum):
    """How the visit came into the program."""

    SCREEN = "screen"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormUse:
    """Which form definition a part was answered with: its name and the SHA-256 of the compiled form."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One block of a part: its kind, privacy class and fields as JSON values (`record.encode`)."""

    kind: str
    privacy: str
    fields: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPart:
    """What was found and done for one person, or for the family. Never changed once signed.

    `on` is the day of its visit: a part follows its person where the frame, which is the family's, does not.
    """

    id: str
    visit: VisitId
    person: PersonId | None
    form: FormUse
    on: date | None = None
    code: str | None = None
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    amends: str | None = None

    def entry(self, kind: str) -> dict[str, Any] | None:
        """The fields of the first entry of a kind."""
        return next((e.fields for e in self.entries if e.kind == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One meeting with a household. Never changed once signed: a correction is a new visit that `amends` it.

    `on` is the local calendar day of the meeting; `typed_on` differs for a visit keyed in from paper. `persons` are
    those seen, each with a part of their own in `parts`; the family's part (person None) lies in the frame.
    """

    id: VisitId
    household: HouseholdId
    worker: WorkerId
    on: date
    started_at: datetime
    pack: str
    family: VisitPart = field(repr=False)
    parts: tuple[VisitPart, ...] = field(default=(), repr=False)
    place: Place = Place.HOME
    present: tuple[PersonId, ...] = ()
    unplanned: str | None = None
    source: Source = Source.SCREEN
    typed_on: date | None = None
    signed_at: datetime | None = None
    amends: VisitId | None = None
    reason: str | None = None
    next_on: date | None = None
    clock_marked: bool = False

    def __post_init__(self) -> None:
        for moment in (self.started_at, self.signed_at):
            if moment is not None and moment.utcoffset() != timedelta(0):
                raise ValueError("moments must be in UTC")
        if self.family.person is not None or any(p.person is None for p in self.parts):
            raise ValueError("the family's part has no person, every other part has one")
        if len({p.person for p in self.parts}) != len(self.parts):
            raise ValueError("one part for each person")
        if self.signed_at is not None and self.on > self.signed_at.astimezone(UTC).date() + timedelta(days=1):
            raise InputError("visit.in_future")

    @property
    def persons(self) -> tuple[PersonId, ...]:
        """Those seen, in the order of their parts."""
        return tuple(p.person for p in self.parts if p.person is not None)
