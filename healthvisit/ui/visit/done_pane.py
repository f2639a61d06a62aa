"""After signing: saved on this computer, never "sent"; Enter goes to the next family."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from healthvisit.domain.visit import Visit
from healthvisit.ui import theme
from healthvisit.ui.dates import clock
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical


class EnterButton(QPushButton):
    """A button that Enter presses while it has the keyboard."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)


class DonePane(Retranslated, QWidget):
    """What was saved and when, and what can be done with it."""

    def __init__(
        self, go_on: Callable[[], object], print_it: Callable[[], object], correct: Callable[[], object]
    ) -> None:
        super().__init__()
        self._at = ""
        self.words, self.note = label(role="title"), label(role="muted")
        self.next_button = EnterButton()
        self.next_button.setAutoDefault(False)
        theme.set_kind(self.next_button, "primary")
        self.next_button.clicked.connect(lambda _checked=False: go_on())
        self.print_button, self.correct_button = button("", print_it), button("", correct)
        deeds = horizontal(self.next_button, self.print_button, self.correct_button, spacing=12)
        deeds.addStretch()
        column = vertical(self.words, self.note, deeds, margins=32, spacing=16)
        column.addStretch()
        self.setLayout(column)
        self.retranslate()

    def show_visit(self, visit: Visit) -> None:
        """Say when it was saved."""
        self._at = clock(visit.signed_at) if visit.signed_at else ""
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.words.setText(_("Saved on this computer, {clock}.").format(clock=self._at))
        self.note.setText(_("It waits to be sent when there is a line."))
        self.next_button.setText(_("Next family   Enter"))
        self.print_button.setText(_("Print for family"))
        self.correct_button.setText(_("Correct"))
