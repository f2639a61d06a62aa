"""What is seen, all signs at once: nobody searches or scrolls while a child fights for breath."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.visit.offering import offer
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.columns import ColumnsLayout
from healthvisit.ui.widgets.layout import vertical

BETWEEN_PX = 5


class DangerSigns(QWidget):
    """The list of one question with several answers, in columns. `answered` carries its path and the signs chosen."""

    answered = Signal(str, str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.path, self.columns = "", 0
        self._offered: tuple[object, ...] = ()
        self._column = vertical(spacing=0)
        self.setLayout(self._column)
        self.group = ChoiceGroup("", many=True)
        self._column.addWidget(self.group)

    def show_question(self, question: Question, columns: int) -> None:
        """Draw the question as it reads now."""
        self.path, self.columns = question.path, columns
        offered = (question.path, tuple(question.choices), columns, theme.current())
        if offered != self._offered:
            self._offered = offered
            self._make(question, columns)
        chosen = question.value.split()
        if list(self.keys()) != chosen:
            self.group.choose(*chosen)

    def keys(self) -> Sequence[str]:
        """The signs chosen."""
        return self.group.keys()

    def _make(self, question: Question, columns: int) -> None:
        old = self.group
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        layout = ColumnsLayout(columns)
        made = self.group = _Ticks(question.label, many=True, layout=layout)
        layout.setSpacing(theme.px(BETWEEN_PX))
        offer(made, [Choice(key, text) for key, text in question.choices])
        made.changed.connect(lambda: self.answered.emit(self.path, " ".join(self.keys())))
        made.ended.connect(self.ended)
        self._column.addWidget(made)
        made.show()
        self.setFocusProxy(made)


class _Ticks(ChoiceGroup):
    """Enter goes on to what is measured, not to the next of twenty signs."""

    ended = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.ended.emit()
        else:
            super().keyPressEvent(event)
