"""After signing: saved on this computer, never "sent"; Enter goes to the next family."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from healthvisit.domain.visit import Visit
from healthvisit.ui import theme
from healthvisit.ui.dates import clock
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.papers import gather
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical


class EnterButton(QPushButton):
    """A button that Enter presses while it has the keyboard."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)


class DonePane(Retranslated, QWidget):
    """What was saved and when, and what can be done with it. `visit` is the one just signed."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.visit: Visit | None = None
        self.words, self.note = label(role="title"), label(role="muted")
        self.next_button = EnterButton()
        self.next_button.setAutoDefault(False)
        theme.set_kind(self.next_button, "primary")
        self.next_button.clicked.connect(lambda _checked=False: go.today())
        self.print_button, self.correct_button = button("", self.print_family), button("", self._correct)
        deeds = horizontal(self.next_button, self.print_button, self.correct_button, spacing=12)
        deeds.addStretch()
        column = vertical(self.words, self.note, deeds, margins=24, spacing=16)
        column.addStretch()
        self.setLayout(column)
        self.retranslate()

    def show_visit(self, visit: Visit) -> None:
        """Say when it was saved."""
        self.visit = visit
        self.retranslate()

    def take_keyboard(self) -> None:
        """Enter goes to the next family."""
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_family(self) -> None:
        """The sheet for the family."""
        visit, desk = self.visit, self._desk
        if visit is not None:
            choose_papers(
                self,
                desk,
                [PaperChoice("family", _("Family sheet (A5)"), ticked=True)],
                read=lambda work, wanted: gather.household_sheets(
                    work, desk.pack, (visit.household,), today=desk.today(), wanted=wanted
                ),
                make=partial(gather.day_papers, desk),
            )

    def _correct(self) -> None:
        if self.visit is not None:
            self._go.amend_visit(self.visit.id)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        at = self.visit.signed_at if self.visit is not None else None
        self.words.setText(_("Saved on this computer, {clock}.").format(clock=clock(at) if at else ""))
        self.note.setText(_("It waits to be sent when there is a line."))
        self.next_button.setText(_("Next family   Enter"))
        self.print_button.setText(_("Print for family"))
        self.correct_button.setText(_("Correct"))
