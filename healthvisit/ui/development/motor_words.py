"""Motor milestones in words, and what their chart draws. Late is said in words; crawling alone alarms nobody."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from healthvisit.development import MotorState
from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.services.development_view import DevelopmentView
from healthvisit.services.milestones import MilestoneLine
from healthvisit.ui.dates import number
from healthvisit.ui.development.motor_plot import MotorBar, MotorData
from healthvisit.ui.development.words import own
from healthvisit.ui.i18n import _


def months(days: float, places: int = 0) -> str:
    """An age in months as a number: 9, or 9,2."""
    value = days / DAYS_PER_MONTH
    return number(Decimal(str(int(value)))) if not places else number(Decimal(f"{value:.{places}f}"), places)


def window(line: MilestoneLine) -> str:
    """8,2-17,6."""
    return f"{_number(line.window.low, 1)}–{_number(line.window.high, 1)}"


def said(line: MilestoneLine) -> str:
    """Where the child stands with one milestone."""
    if line.attained is not None:
        return _reached(line)
    if line.state is MotorState.BEFORE:
        return _("not expected yet")
    if line.missing_at is None:
        return _("not asked yet")
    not_there = _("not there yet at {months} months").format(months=_age(line, line.missing_at))
    if line.state is MotorState.LATE and not line.window.alone_a_reason:
        return "; ".join((not_there, _("some children never do it, and that alone is no worry")))
    if line.state is MotorState.LATE:
        return "; ".join((not_there, _("later than 99 of 100 children: look at what the check says")))
    return not_there


def _reached(line: MilestoneLine) -> str:
    held = line.attained
    assert held is not None, "asked before"
    if held.said_months is not None:
        found = _("at {months} months, as the family says").format(months=held.said_months)
        corrected = _("corrected {months} months").format(months=months(held.low))
        found += f" ({corrected})" if line.corrected else ""
    else:
        found = _("seen by {months} months").format(months=_age(line, held.high))
    if line.state is MotorState.REACHED_EARLY:
        return "; ".join((found, _("earlier than most")))
    if line.state is MotorState.REACHED_LATE and line.window.alone_a_reason:
        return "; ".join((found, _("later than 99 of 100 children, and there now")))
    return found


def _age(line: MilestoneLine, days: int) -> str:
    """11, or 11 (corrected) for a child born early."""
    return _("{months} (corrected)").format(months=months(days)) if line.corrected else months(days)


def rows(lines: Sequence[MilestoneLine]) -> list[tuple[str, ...]]:
    """The same data as the chart, as a table: milestone, window in months, this child."""
    return [(own(line.window.name), window(line), said(line)) for line in lines]


def heads() -> tuple[str, ...]:
    """The heads of `rows`."""
    return _("Milestone"), _("Window, months"), _("This child")


def chart(view: DevelopmentView, today: date) -> MotorData:
    """What the chart draws."""
    age, reference = view.facts.age_days(today), view.facts.reference_days(today)
    lines: list[tuple[float, str]] = []
    if age is not None and reference is not None and reference != age:
        corrected = _("corrected {months} months").format(months=months(max(0, reference), 1))
        lines = [(reference / DAYS_PER_MONTH, corrected)]
        lines.append((age / DAYS_PER_MONTH, _("since birth {months} months").format(months=months(age, 1))))
    elif age is not None:
        lines = [(age / DAYS_PER_MONTH, _("today {months} months").format(months=months(age, 1)))]
    return MotorData(
        bars=tuple(_bar(line) for line in view.milestones),
        lines=tuple(lines),
        title=_("Windows of motor milestones, WHO: from the 1st to the 99th of 100 children"),
        x_title=_("months; bars: from the 1st to the 99th of 100 children (WHO)"),
        number=_number,
    )


def _bar(line: MilestoneLine) -> MotorBar:
    reached = missing = None
    if line.attained is not None:
        reached = (max(0, line.attained.low) / DAYS_PER_MONTH, max(0, line.attained.high) / DAYS_PER_MONTH)
    elif line.missing_at is not None:
        missing = line.missing_at / DAYS_PER_MONTH
    name = own(line.window.name)
    late = line.window.alone_a_reason and line.state in (MotorState.LATE, MotorState.REACHED_LATE)
    return MotorBar(
        code=line.window.code, name=name, low=line.window.low, high=line.window.high, reached=reached, missing=missing,
        is_late=late, tip=f"{name}: {said(line)} · {window(line)}",
    )  # fmt: skip


def _number(value: float, places: int) -> str:
    return number(Decimal(f"{value:.{places}f}"), places)
