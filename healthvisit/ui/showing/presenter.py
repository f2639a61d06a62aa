"""Decides what a family may see of its child: three words, what was agreed, when we meet again. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from healthvisit.services import caseload
from healthvisit.services.caseload import ChildView
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import gained, standing
from healthvisit.ui.dates import day_long, day_short
from healthvisit.ui.i18n import _

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.ui.desk import Desk


class ShowingScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_read(self, view: ChildView | None) -> None:
        """Draw the child, or an empty page."""


class ShowingPresenter:
    """Holds the one child shown; what cannot be read leaves the page quiet."""

    def __init__(self, desk: Desk, screen: ShowingScreen, owner: QObject) -> None:
        self.desk, self._screen, self._owner = desk, screen, owner
        self.person = ""
        self.view: ChildView | None = None

    def open(self, person: str) -> None:
        """Read a child; the page is there at once, empty until the answer comes."""
        self.person, self.view = person, None
        self._screen.show_read(None)
        pack, today = self.desk.pack, self.desk.today()
        if person:
            self.desk.read(
                lambda work: caseload.child_view(work, pack, person, today=today),
                done=lambda view: self._take(person, view),
                failed=lambda _error: self._screen.show_read(None),
                owner=self._owner,
            )

    def _take(self, person: str, view: ChildView | None) -> None:
        if person == self.person:
            self.view = view
            self._screen.show_read(view)

    def close(self) -> None:
        """Forget the child: nothing of it stays behind on a page that is hidden."""
        self.person, self.view = "", None
        self._screen.show_read(None)

    def three_words(self, view: ChildView) -> list[str]:
        """Where the child stands, whether it gains, how much."""
        return [*standing(view.growth), *filter(None, [gained(view.growth)])]

    def agreed(self, view: ChildView) -> str:
        """What was agreed at the last visit that stands."""
        last = next((v for v in view.visits if not v.void and not v.replaced), None)
        return last.agreed if last else ""

    def next_day(self, view: ChildView) -> str:
        """The day agreed, or the span of the next visit."""
        contact, today = view.person.contact, self.desk.today()
        if contact is None:
            return ""
        last = next((v.next_on for v in view.visits if v.next_on and v.next_on >= today), None)
        on = contact.agreed_on if contact.agreed_on and contact.agreed_on >= today else last
        if on is not None:
            return day_long(on)
        if contact.closes_on < today:
            return _("we arrange it today")
        return _("{visit}: {from_day} to {to_day}").format(
            visit=words.contact(self.desk.pack, contact.code),
            from_day=day_short(max(contact.opens_on, today)),
            to_day=day_long(contact.closes_on),
        )
