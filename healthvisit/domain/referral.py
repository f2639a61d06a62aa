"""Asking another service to see someone: its states, and the danger screen that makes one urgent."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId


class ReferralStatus(StrEnum):
    """DOMAIN 4.3, as far as built."""

    SENT = "sent"
    REFUSED = "refused"
    ATTENDED = "attended"
    NOT_ATTENDED = "not_attended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Urgency(StrEnum):
    """How soon."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerScreen:
    """Danger signs confirmed before the visit is signed: sealed at once, the visit's part only names it.

    `signs` maps pack code to yes, no or not_checked; `seen_at` and `ambulance_at` are UTC.
    """

    id: str
    person: PersonId
    household: HouseholdId
    worker: WorkerId
    seen_at: datetime
    pack: str
    signs: dict[str, str] = field(repr=False)
    temperature_c10: int | None = field(default=None, repr=False)
    breaths: int | None = field(default=None, repr=False)
    urgency: Urgency = Urgency.EMERGENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One request to a service, with what the family said. A refusal names its reason and that the supervisor knows."""

    id: str
    person: PersonId
    household: HouseholdId
    worker: WorkerId
    made_at: datetime
    reason: str
    urgency: Urgency
    service: str = "health"
    to: str = field(default="", repr=False)
    status: ReferralStatus = ReferralStatus.SENT
    screen: str | None = None
    ambulance_at: datetime | None = None
    transport: str = ""
    companion: str = field(default="", repr=False)
    family_agrees: bool | None = None
    refusal_reason: str = field(default="", repr=False)
    would_change: str = field(default="", repr=False)
    second_offer: bool = False
    supervisor_told_at: datetime | None = None
    note: str = field(default="", repr=False)
    ask_on: date | None = None
    arrived_at: datetime | None = None
    outcome: str | None = None
    code: str = ""

    def __post_init__(self) -> None:
        if self.status is ReferralStatus.REFUSED and (not self.refusal_reason or self.supervisor_told_at is None):
            raise InputError("referral.refusal_needs_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedContact:
    """What cannot be computed about a contact: a day agreed, attempts with their reason, cancelled."""

    id: str
    person: PersonId
    code: str
    agreed_on: date | None = None
    cancelled: str | None = None
    attempts: tuple["Attempt", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try that was not possible: `reason` is a code of DOMAIN 1.2."""

    id: str
    on: date
    reason: str
    worker: WorkerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a supervisor or worker must look at; neutral reason codes only."""

    id: str
    person: PersonId | None
    household: HouseholdId
    reason: str
    due_on: date
    owner: str = "supervisor"
    state: str = "open"
