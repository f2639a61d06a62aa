"""Decides what a child's page says. The words come first, the numbers beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from healthvisit.domain.schedule import State
from healthvisit.growth import ChartIndicator
from healthvisit.services import caseload
from healthvisit.services.caseload import ChildView
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import corrected_age
from healthvisit.ui.dates import day, day_short
from healthvisit.ui.i18n import N_, _

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.ui.desk import Desk, Go

STATES = {
    State.PLANNED: N_("planned"),
    State.DUE: N_("due"),
    State.OVERDUE: N_("late"),
    State.DONE_ON_TIME: N_("done"),
    State.DONE_LATE: N_("done late"),
    State.MISSED: N_("missed"),
    State.CANCELLED: N_("not needed any more"),
}


class ChildScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_read(self, view: ChildView | None) -> None:
        """Draw the child; None when this laptop does not hold it."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class ChildPresenter:
    """Holds the child shown and which chart is wanted; an answer for a child already left is dropped."""

    def __init__(self, desk: Desk, go: Go, screen: ChildScreen, owner: QObject) -> None:
        self.desk, self.go, self._screen, self._owner = desk, go, screen, owner
        self.person = ""
        self.view: ChildView | None = None
        self.indicator: ChartIndicator = "weight_for_age"
        self.span = ""

    def open(self, person: str) -> None:
        """Read a child."""
        self.person, self.view, self.span = person, None, ""
        self.indicator = "weight_for_age"
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        person, pack, today = self.person, self.desk.pack, self.desk.today()
        if person:
            self.desk.read(
                lambda work: caseload.child_view(work, pack, person, today=today),
                done=lambda view: self._take(person, view),
                failed=self._screen.show_error,
                owner=self._owner,
            )

    def _take(self, person: str, view: ChildView | None) -> None:
        if person == self.person:
            self.view = view
            self._screen.show_read(view)

    def facts(self, view: ChildView) -> str:
        """Girl · born 18.07.2026 · 4 months 5 days, and the corrected age beside it."""
        person, today = view.person, self.desk.today()
        said = [words.sex(person)]
        said += [_("born {day}").format(day=day(person.born_on))] if person.born_on else []
        if person.died_on is not None:
            return " · ".join([*filter(None, said), _("died on {day}").format(day=day(person.died_on))])
        said += [words.age(person, today), corrected_age(view, today)]
        return " · ".join(filter(None, said))

    def plan(self, view: ChildView) -> list[tuple[str, str, str]]:
        """Every contact that counts: its name, its window, where it stands."""
        rows = []
        for contact in view.contacts:
            if contact.state in STATES:
                span = f"{day(contact.opens_on)} – {day(contact.closes_on)}"
                state = _(STATES[contact.state])
                if contact.agreed_on is not None and contact.state in (State.DUE, State.OVERDUE, State.PLANNED):
                    state += " · " + _("agreed {day}").format(day=day_short(contact.agreed_on))
                rows.append((words.contact(self.desk.pack, contact.code), span, state))
        return rows
