"""What is due when: contacts computed from a pack's schedule, births and what was done. Nothing of it is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from healthvisit.domain.person import add_months

MISSED_AFTER_DAYS = 60
SOON_DAYS = 7
_MONTH_DAYS = 30.4375
_ROUGH_DAYS = 4  # a calendar month is never further from the mean than this over five years
_DAY = timedelta(days=1)


class Anchor(StrEnum):
    """From which day a contact is counted."""

    BIRTH = "birth"
    DISCHARGE = "discharge"
    LMP = "lmp"


class State(StrEnum):
    """Where a contact stands on a given day."""

    PLANNED = "planned"
    DUE = "due"
    OVERDUE = "overdue"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    MISSED = "missed"
    CANCELLED = "cancelled"
    NOT_COUNTED = "not_counted"


OPEN_STATES = frozenset({State.DUE, State.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPlan:
    """One row of a pack's schedule: target in months or days after the anchor, window in days before and after it."""

    code: str
    anchor: Anchor
    months: int = 0
    days: int = 0
    before: int
    after: int
    core: bool = True
    comes_at: float = field(init=False, repr=False, compare=False)  # age in days from which its window may be open
    gone_at: float = field(init=False, repr=False, compare=False)  # age in days from which it can only be missed
    shift: timedelta = field(init=False, repr=False, compare=False)
    earlier: timedelta = field(init=False, repr=False, compare=False)
    later: timedelta = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rough = self.months * _MONTH_DAYS + self.days
        for name, value in (  # once a plan: lists of thousands of people ask for them again and again
            ("comes_at", rough - self.before - _ROUGH_DAYS),
            ("gone_at", rough + self.after + MISSED_AFTER_DAYS + _ROUGH_DAYS),
            ("shift", timedelta(days=self.days)),
            ("earlier", timedelta(days=self.before)),
            ("later", timedelta(days=self.after)),
        ):
            object.__setattr__(self, name, value)

    def target(self, anchor_on: date) -> date:
        """The day aimed at."""
        return (add_months(anchor_on, self.months) if self.months else anchor_on) + self.shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact of one person on a given day."""

    code: str
    opens_on: date
    target_on: date
    closes_on: date
    state: State
    core: bool = True
    agreed_on: date | None = None

    def days_late(self, today: date) -> int:
        """Days since the window closed; below zero while it is open."""
        return (today - self.closes_on).days


def contacts(
    plans: Iterable[ContactPlan],
    anchors: Mapping[Anchor, date],
    *,
    enrolled_on: date,
    done: Mapping[str, date],
    today: date,
    ended_on: date | None = None,
    agreed: Mapping[str, date] | None = None,
) -> list[Contact]:
    """Every contact of one person with its state today, in the order of their windows.

    Args:
        plans: The pack's schedule.
        anchors: Days to count from; a discharge not known falls back to the birth.
        enrolled_on: Contacts whose window closed before it are not counted.
        done: Contact code to the day of the visit that did it.
        today: Local calendar day.
        ended_on: Death or end of enrolment: nothing is due from then on.
        agreed: Contact code to a day agreed with the family.

    Overdue becomes missed when the next contact opens or 60 days after its window, so one contact a person is open.
    """
    made = []
    for plan in plans:
        anchor_on = anchors.get(plan.anchor) or (anchors.get(Anchor.BIRTH) if plan.anchor is Anchor.DISCHARGE else None)
        if anchor_on is None:
            continue
        target = plan.target(anchor_on)
        opens_on, closes_on = target - plan.earlier, target + plan.later
        made.append(
            Contact(
                code=plan.code,
                opens_on=opens_on,
                target_on=target,
                closes_on=closes_on,
                state=_state(opens_on, closes_on, enrolled_on, done.get(plan.code), today, ended_on),
                core=plan.core,
                agreed_on=(agreed or {}).get(plan.code),
            )
        )
    made.sort(key=lambda c: (c.opens_on, c.target_on))
    return _one_open(made)


def plans_near(
    plans: Iterable[ContactPlan], anchors: Mapping[Anchor, date], *, done: Mapping[str, date], today: date
) -> list[ContactPlan]:
    """The plans that can decide a person's next contact: those done, those not long closed, and the next to come.

    What is left out closed too long ago to be open, or comes after a contact that is still to come. Lists of thousands
    of people are computed with these alone; `next_contact` of them is the same as of all.
    """
    near = []
    ahead = []
    ages = {anchor: (today - on).days for anchor, on in anchors.items()}
    if Anchor.BIRTH in ages:
        ages.setdefault(Anchor.DISCHARGE, ages[Anchor.BIRTH])
    for plan in plans:
        age = ages.get(plan.anchor)
        if age is None:
            continue
        if plan.code in done or plan.comes_at <= age <= plan.gone_at:
            near.append(plan)
        elif plan.comes_at > age:
            ahead.append((plan.comes_at - age, plan))
    soonest = min((days for days, _plan in ahead), default=0)
    return near + [plan for days, plan in ahead if days <= soonest + 2 * _ROUGH_DAYS]


def unchanged_until(near: Iterable[Contact], *, today: date, turns: Iterable[date] = ()) -> date:
    """The last day on which a next contact computed today is still the same.

    Args:
        near: The contacts of `plans_near`.
        today: Local calendar day.
        turns: Other days from which something counts: an end, a visit dated ahead.
    """
    missed = timedelta(days=MISSED_AFTER_DAYS + 1)
    ahead = [*turns]
    for contact in near:
        ahead += (contact.opens_on, contact.closes_on + _DAY, contact.closes_on + missed)
    return min((day for day in ahead if day > today), default=date.max) - _DAY


def open_contact(made: Iterable[Contact]) -> Contact | None:
    """The one contact that is due or overdue."""
    return next((c for c in made if c.state in OPEN_STATES), None)


def next_contact(made: Iterable[Contact]) -> Contact | None:
    """The open contact, else the next planned one."""
    made = list(made)
    return open_contact(made) or next((c for c in made if c.state is State.PLANNED), None)


def _state(
    opens_on: date, closes_on: date, enrolled_on: date, done_on: date | None, today: date, ended_on: date | None
) -> State:
    if done_on is not None:
        return State.DONE_ON_TIME if done_on <= closes_on else State.DONE_LATE
    if closes_on < enrolled_on:
        return State.NOT_COUNTED
    if ended_on is not None and ended_on <= max(closes_on, today):
        return State.CANCELLED if ended_on <= closes_on else State.MISSED
    if today < opens_on:
        return State.PLANNED
    if today <= closes_on:
        return State.DUE
    return State.OVERDUE if (today - closes_on).days <= MISSED_AFTER_DAYS else State.MISSED


def _one_open(made: list[Contact]) -> list[Contact]:
    """An overdue contact is missed once a later one has opened; of two windows open at once the later waits."""
    out = list(made)
    opened = [i for i, c in enumerate(out) if c.state in OPEN_STATES]
    for i, later in pairwise(opened):
        if out[i].state is State.OVERDUE:
            out[i] = replace(out[i], state=State.MISSED)
        else:
            waits = State.PLANNED if out[later].state is State.DUE else State.MISSED
            out[later] = replace(out[later], state=waits)
    last_done = max((i for i, c in enumerate(out) if c.state in (State.DONE_ON_TIME, State.DONE_LATE)), default=-1)
    for i, contact in enumerate(out[: last_done + 1]):
        if contact.state in OPEN_STATES:
            out[i] = replace(contact, state=State.MISSED)
    return out
