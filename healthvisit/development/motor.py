"""WHO's windows of achievement of six gross motor milestones: where a child stands, and what a chart needs.

Source: WHO Multicentre Growth Reference Study 2006 (Acta Paediatrica Suppl 450:86-95); the figures are in the pack.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from healthvisit.packs.checks import MotorWindow

DAYS_PER_MONTH = 30.4375


class MotorState(StrEnum):
    """Where a child stands with one milestone."""

    BEFORE = "before"  # not yet seen, the window has not opened
    OPEN = "open"  # not yet seen, inside the window
    LATE = "late"  # not yet seen, later than 99 % of healthy children
    REACHED = "reached"  # seen inside the window, or at an unknown age
    REACHED_EARLY = "reached_early"
    REACHED_LATE = "reached_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorLine:
    """One bar of the chart: the window in months, the child's point on it (None: not seen, or nobody knows when).

    `is_reason` says that lateness alone asks for a closer look: never so for crawling, which some never do.
    """

    code: str
    low: float
    high: float
    state: MotorState = field(repr=False)
    at_months: float | None = field(repr=False)
    is_reason: bool = field(repr=False)


def motor_lines(
    windows: Iterable[MotorWindow],
    *,
    age_days: int,
    reached: Mapping[str, int | None],
) -> tuple[MotorLine, ...]:
    """A child's milestones, in the order of the pack.

    Args:
        windows: `ChecksPack.motor`.
        age_days: Today's age, corrected where the child was preterm.
        reached: Milestone to the (corrected) age in days at which it was first seen; None where that is not known.
            A milestone that is not named was not seen yet.
    """
    return tuple(_line(window, age_days / DAYS_PER_MONTH, reached) for window in windows)


def _line(window: MotorWindow, months: float, reached: Mapping[str, int | None]) -> MotorLine:
    days = reached.get(window.code)
    at = None if days is None else days / DAYS_PER_MONTH
    if window.code not in reached:
        state = _place(window, months, MotorState.BEFORE, MotorState.OPEN, MotorState.LATE)
    elif at is None:
        state = MotorState.REACHED
    else:
        state = _place(window, at, MotorState.REACHED_EARLY, MotorState.REACHED, MotorState.REACHED_LATE)
    return MotorLine(
        code=window.code,
        low=window.low,
        high=window.high,
        state=state,
        at_months=at,
        is_reason=window.alone_a_reason and state is MotorState.LATE,
    )


def _place(window: MotorWindow, months: float, *states: MotorState) -> MotorState:
    return states[0 if months < window.low else 1 if months <= window.high else 2]
