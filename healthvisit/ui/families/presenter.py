"""Decides what Families shows: every family by name, or what a search finds, and why when it was spelled otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from healthvisit.domain.names import loose_key
from healthvisit.services import caseload
from healthvisit.services.caseload import Found
from healthvisit.services.lines import HouseholdLine
from healthvisit.ui import words
from healthvisit.ui.dates import day_short
from healthvisit.ui.i18n import _, ngettext, pgettext

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.ui.desk import Desk, Go


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table: what Enter opens, and its cells. `why` says how a find was spelled otherwise."""

    household: str
    person: str | None
    cells: tuple[str, ...] = field(repr=False)
    why: str = field(default="", repr=False)
    is_household: bool = True


class FamiliesScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_lines(self, lines: list[Line]) -> None:
        """Draw the table, or what an empty one says."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class FamiliesPresenter:
    """Holds the text searched for; an answer to an older text is dropped. Before `is_read` nothing is called empty."""

    def __init__(self, desk: Desk, go: Go, screen: FamiliesScreen, owner: QObject) -> None:
        self.desk, self.go, self._screen, self._owner = desk, go, screen, owner
        self.text = ""
        self.total = 0
        self.is_read = False

    def search(self, text: str) -> None:
        """Look for a text; an empty one lists every family."""
        self.text = text.strip()
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        text, pack, today = self.text, self.desk.pack, self.desk.today()
        if text:
            self.desk.read(
                lambda work: caseload.search(work, pack, text, today=today),
                done=lambda found: self._take(text, [self._found(f) for f in found]),
                failed=self._screen.show_error,
                owner=self._owner,
            )
        else:
            self.desk.read(
                lambda work: caseload.families(work, pack, today=today),
                done=lambda lines: self._take(text, [self._family(line) for line in lines]),
                failed=self._screen.show_error,
                owner=self._owner,
            )

    def _take(self, text: str, lines: list[Line]) -> None:
        if text == self.text:
            self.total, self.is_read = len(lines), True
            self._screen.show_lines(lines)

    def counts(self) -> str:
        """27 families, or how much a search found."""
        if self.text:
            return ngettext("{n} found", "{n} found", self.total).format(n=self.total)
        return ngettext("{n} family", "{n} families", self.total).format(n=self.total)

    def nothing(self) -> str:
        """What an empty table says."""
        if self.text:
            return _("Nobody called “{name}” in your families.").format(name=self.text)
        return _("No families on this computer.")

    def open(self, line: Line) -> None:
        """Enter: the child where one was found, else the family."""
        if line.person is not None:
            self.go.child(line.person)
        else:
            self.go.family(line.household)

    def _family(self, line: HouseholdLine) -> Line:
        today = self.desk.today()
        shown = self.desk.preferences.show_child_names
        children = " · ".join(words.short_age(p, today, shown=shown) for p in line.children if p.died_on is None)
        cells = (line.name, children, "", *self._rest(line, line.next_on))
        return Line(household=line.id, person=None, cells=cells)

    def _found(self, found: Found) -> Line:
        line, person, today = found.household, found.person, self.desk.today()
        if person is None:
            made = self._family(line)
            return Line(household=line.id, person=None, cells=made.cells, why=self._why(found, line.name))
        name = words.person_name(person)
        when = (person.contact.agreed_on or person.contact.target_on) if person.contact else None
        age = words.age(person, today, short=True)
        cells = (line.name, name, age, *self._rest(line, when))
        child = person.kind.value == "child"
        return Line(
            household=line.id,
            person=person.id if child else None,
            cells=cells,
            why=self._why(found, name, person.patronymic),
            is_household=False,
        )

    def _rest(self, line: HouseholdLine, when: date | None) -> tuple[str, str, str]:
        today = self.desk.today()
        ahead = _("moved") if line.moved_on else day_short(when, today) if when else ""
        seen = day_short(line.last_seen, today) if line.last_seen else ""
        return words.place(self.desk.pack, line.place), ahead, seen

    def _why(self, found: Found, name: str, hidden: str = "") -> str:
        if found.exact and _holds(name, self.text):
            return ""
        if meant := _meant(name, self.text):
            return f"{self.text} = {meant}"
        return f"{name} ({hidden})" if _meant(hidden, self.text) else ""


def heads() -> tuple[str, ...]:
    """The table's headings."""
    return (_("Family"), _("Child or adult"), _("Age"), _("Village"), pgettext("column", "Next visit"), _("Last seen"))


def matched(cell: str, text: str) -> tuple[int, int] | None:
    """Where the first word searched for stands in a cell, as (start, length); None where it is spelled otherwise."""
    for word in text.split():
        at = cell.casefold().find(word.casefold())
        if at >= 0 and len(cell.casefold()) == len(cell):
            return at, len(word)
    return None


def _holds(name: str, text: str) -> bool:
    return any(char.isdigit() for char in text) or all(word.casefold() in name.casefold() for word in text.split())


def _meant(name: str, text: str) -> str:
    """The words of a name that a text met in another spelling; none where it met none of them."""
    keys = [loose_key(word) for word in text.split()]
    met = [word for word in name.split() if any(key and key in loose_key(word) for key in keys)]
    return " ".join(met)
