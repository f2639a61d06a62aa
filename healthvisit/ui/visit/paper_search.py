"""Which sheet comes next: the date of the pile once, then a number or three letters, and Enter."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from healthvisit.services import caseload
from healthvisit.services.caseload import Found
from healthvisit.services.lines import PersonLine
from healthvisit.ui import words
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import Retranslated, _, ngettext
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.widgets.fields import DateField, Field, Line
from healthvisit.ui.widgets.layout import horizontal, label, vertical
from healthvisit.ui.widgets.rows import Row, RowList

SEARCH_AFTER_MS, LEAST_LETTERS = 120, 3


class PaperSearch(Retranslated, QWidget):
    """`chosen` carries the household and the day of its visit, `failed` what went wrong."""

    chosen = Signal(str, object)
    failed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._households: dict[str, Found] = {}
        self._wants_first = False
        self.date = DateField("", latest=desk.today())
        self.date.set_day(desk.today() - timedelta(days=1))
        self.search = Field("")
        self._soon = single_shot(self, SEARCH_AFTER_MS, self._find)
        self.search.edited.connect(lambda _text: self._soon.start())
        if isinstance(self.search.editor, Line):
            self.search.editor.returnPressed.connect(self._enter)
        self.list = RowList(_("Families found"))
        self.list.opened.connect(self._choose)
        self.done, self.hint = label(role="ok"), label(role="muted")
        top = horizontal(self.date, self.search, spacing=24)
        top.setStretchFactor(self.search, 1)
        column = vertical(top, self.done, self.hint, self.list, spacing=12)
        column.addStretch()
        column.setStretchFactor(self.list, 1000)
        self.setLayout(column)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.date.set_label(_("Date of the visits"))
        self.search.set_label(_("Number on the sheet, or three letters"))
        self.list.setAccessibleName(_("Families found"))
        self.hint.setText(
            _("Type the number that stands on the sheet, or three letters of a name. Enter opens the sheet.")
        )

    def open(self, signed: int) -> None:
        """Begin with the next sheet, after so many; the date stays as it was."""
        self.search.set_text("")
        self._show_rows([])
        said = ngettext("{n} sheet is typed in.", "{n} sheets are typed in.", signed).format(n=signed)
        self.done.setText(said if signed else "")

    def take_keyboard(self) -> None:
        """Typing goes to the search."""
        self.search.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_current(self) -> None:
        """Open the sheet of the family that stands out in the list."""
        key = self.list.current_key()
        if key is not None:
            self._choose(key)

    def found_by(self, household: str) -> PersonLine | None:
        """The person whose name was found, if it was a name."""
        found = self._households.get(household)
        return found.person if found is not None else None

    def stop(self) -> None:
        """A search still to come is for nobody once the page is left."""
        self._soon.stop()

    # finding

    def _enter(self) -> None:
        """Enter in the search opens the first family found, also when the search is still on its way."""
        self._wants_first = True
        self._soon.stop()
        self._find()

    def _find(self) -> None:
        desk, text = self._desk, self.search.text().strip()
        if len(text) < LEAST_LETTERS:
            self._show_rows([])
            return
        desk.read(
            lambda work: caseload.search(work, desk.pack, text, today=desk.today()),
            done=self._show_found,
            failed=self.failed.emit,
            owner=self,
        )

    def _show_found(self, found: Sequence[Found]) -> None:
        today = self._desk.today()
        self._households = {}
        for each in found:
            self._households.setdefault(each.household.id, each)
        self._show_rows(
            [
                Row(
                    key=key,
                    title=words.family_name(each.household),
                    second=", ".join(words.short_age(p, today) for p in each.household.persons),
                    chip=each.household.number,
                )
                for key, each in self._households.items()
            ]
        )
        self.search.set_error("" if self._households else _("Nothing found."))
        wanted, self._wants_first = self._wants_first, False
        if wanted and self._households:
            self._choose(next(iter(self._households)))

    def _show_rows(self, rows: Sequence[Row]) -> None:
        """An empty list would be an empty box: what to do stands in its place."""
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.hint.setVisible(not rows)

    def _choose(self, household: str) -> None:
        on = self._day()
        self.date.set_error("" if on is not None else _("Type the day of the visit: today or earlier."))
        if on is None:
            self.date.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.chosen.emit(household, on)

    def _day(self) -> date | None:
        try:
            on = self.date.read()
        except ValueError:
            return None
        return on if on is not None and on <= self._desk.today() else None
