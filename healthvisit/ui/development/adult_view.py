"""One adult: who it is, and the ways to questions and results. What was found is read by its own button only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from healthvisit.domain.development import Assessment
from healthvisit.services import assessments
from healthvisit.services.development import CheckFacts, check_facts
from healthvisit.services.tool_drafts import is_begun
from healthvisit.ui import theme
from healthvisit.ui import words as general
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import words
from healthvisit.ui.development.tables import FactTable
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical
from healthvisit.ui.widgets.notices import Banner


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The Sensitive part: results with those they replaced, and the days on which somebody asks what came of one."""

    results: tuple[tuple[Assessment, bool], ...] = field(repr=False)
    follow_ups: tuple[tuple[str, date], ...] = ()


def read_found(work: Any, person: str) -> Found:
    """What was found with an adult."""
    return Found(results=assessments.history_of(work, person), follow_ups=assessments.follow_ups(work, person))


class AdultView(Retranslated, QWidget):
    """The page. `show_adult(id)` opens an adult; results are forgotten when the page is left."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.person = ""
        self.facts_read: CheckFacts | None = None
        self.found: Found | None = None
        self._begun = False
        self.banner = Banner()
        self.name, self.facts, self.about = label(role="heading"), label(role="muted"), label(role="muted")
        self.ask, self.enter = button("", self._ask, "primary"), button("", self._enter)
        self.open_found = button("", self._read_found)
        self.family = button("", self._open_family)
        deeds = horizontal(self.ask, self.enter, self.open_found)
        deeds.addStretch()
        head = horizontal(vertical(self.name, self.facts, spacing=2), self.family, spacing=16)
        head.setStretch(0, 1)
        self.owed, self.table = label(role="strong"), FactTable()
        self.correct, self.heard = button("", self._correct), button("", self._heard)
        self.table.opened.connect(lambda _row: self._correct())
        above, below = horizontal(self.owed, self.heard, spacing=12), horizontal(self.correct)
        above.setStretch(0, 1)
        below.addStretch()
        self._closed = vertical(above, self.table, below)
        self._closed.setStretch(1, 1)
        self.part = QWidget()
        self.part.setLayout(self._closed)
        inside = vertical(head, self.about, deeds, self.part, spacing=10)
        inside.setContentsMargins(theme.px(24), theme.px(4), theme.px(16), theme.px(8))
        inside.setStretch(3, 1)
        inside.addStretch()
        column = vertical(self.banner, inside, spacing=0)
        column.setStretch(1, 1)
        self.setLayout(column)
        self.setFocusProxy(self.ask)
        desk.jobs.changed.connect(self._heed)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.enter.setText(_("Enter a result"))
        self.open_found.setText(_("Show results"))
        self.correct.setText(_("Correct this result"))
        self.heard.setText(_("I asked what came of it"))
        self.family.setText(_("Family"))
        self.table.setAccessibleName(_("Results"))
        self.about.setText(_("Results open only by their own button, and close when this page is left."))
        self._draw()

    # opening and leaving

    def show_adult(self, person: str) -> None:
        """Open an adult; nothing of another stays while this one is read."""
        self.person, self.facts_read, self.found = person, None, None
        self.banner.clear()
        self._draw()
        today = self._desk.today()
        self._read(lambda work: (check_facts(work, person, today=today), is_begun(work, person, "asked")), self._take)

    def _read(self, deed: Callable[[Any], Any], take: Callable[[Any], None]) -> None:
        person = self.person

        def done(got: Any) -> None:
            if person == self.person:
                take(got)

        self._desk.read(deed, done=done, failed=self.show_error, owner=self)

    def _take(self, got: tuple[CheckFacts, bool]) -> None:
        self.facts_read, self._begun = got
        self._draw()
        self.ask.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def flush(self) -> None:
        """What was found leaves the screen: the page is left or covered."""
        self.found = None
        self._draw()

    def _heed(self, kinds: frozenset[str]) -> None:
        if self.found is not None and kinds & {"assessment", "task"}:
            self._read_found()

    # drawing

    def _draw(self) -> None:
        facts, today = self.facts_read, self._desk.today()
        self.ask.setText(_("Go on with the questions") if facts is not None and self._begun else _("Ask questions"))
        living = facts is not None and facts.person.died_on is None
        for deed in (self.ask, self.enter, self.open_found, self.family):
            deed.setEnabled(facts is not None)
        for deed in (self.ask, self.enter):
            deed.setEnabled(living)
        self.part.setVisible(self.found is not None)
        self.open_found.setVisible(self.found is None)
        if facts is None:
            self.name.clear()
            self.facts.clear()
            return
        person = facts.person
        self.name.setText(general.person_name(person))
        role = _(general.ROLES[person.role]) if person.role in general.ROLES else ""
        said = [role, general.age(person, today), *(general.phone(number) for number in person.phones)]
        self.facts.setText(" · ".join(filter(None, said)))
        if self.found is not None:
            self._draw_found(self.found)
        else:
            self.table.show_rows(words.result_heads(), [], wide=3)

    def _draw_found(self, found: Found) -> None:
        known, asks = self._desk.library, _("Ask by {day} what came of it.")
        rows = [words.result_row(known, one, replaced=replaced) for one, replaced in found.results]
        self.table.show_rows(words.result_heads(), rows, wide=3)
        days = sorted({on for _task, on in found.follow_ups})
        self.owed.setText("\n".join(asks.format(day=day(on)) for on in days))
        self.owed.setVisible(bool(found.follow_ups))
        self.heard.setVisible(bool(found.follow_ups))
        self.correct.setVisible(bool(rows))
        if not rows:
            self.owed.setText(_("No results yet."))
            self.owed.show()

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.banner.say(sentence(error), "danger")

    # deeds

    def _ask(self) -> None:
        self._go.ask(self.person)

    def _enter(self) -> None:
        self._go.enter_result(self.person)

    def _open_family(self) -> None:
        if self.facts_read is not None:
            self._go.family(self.facts_read.household.id)

    def _read_found(self) -> None:
        person = self.person
        self._read(lambda work: read_found(work, person), self.show_found)

    def show_found(self, found: Found) -> None:
        """Draw the results that were asked for."""
        self.found = found
        self._draw()
        if self.table.rowCount():
            self.table.setCurrentCell(0, 0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _correct(self) -> None:
        row = self.table.currentRow()
        if self.found is None or not 0 <= row < len(self.found.results):
            return
        one, replaced = self.found.results[row]
        if replaced:
            self.banner.say(_("This one was corrected already. Correct the newer one above it."), "warn")
            return
        known = self._desk.library.instrument(one.tool)
        if known is not None and known.wording == "full":
            self._go.ask(self.person, amends=one.id)
        else:
            self._go.enter_result(self.person, amends=one.id)

    def _heard(self) -> None:
        person = self.person
        self._desk.save(
            lambda work: assessments.heard(work, person), done=lambda _nothing: self._read_found(),
            failed=self.show_error, owner=self,
        )  # fmt: skip

    def show_to_family(self) -> None:
        """F6 and "hide": the page for the family's eyes, of a child of hers."""
        children = self.facts_read.household.children if self.facts_read is not None else ()
        child = next((p.id for p in children if p.died_on is None), "")
        if child:
            self._go.show_to_family(child)
