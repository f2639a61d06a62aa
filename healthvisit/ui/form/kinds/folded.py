"""One of a list that is folded into one line."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.form.kinds.base import PLAIN, Framed, Ground, QuestionWidget
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.folded import Folded
from healthvisit.ui.widgets.layout import horizontal, label

WHY_PX, FOLDED_PX = 150, 320


def fill(box: Folded, question: Question, nothing: str) -> None:
    """Offer the choices with their digits after a first line for no answer, and choose what was answered."""
    with QSignalBlocker(box):
        box.clear()
        box.addItem(nothing, "")
        for number, (key, words) in enumerate(question.choices, start=1):
            box.addItem(f"{number}  {plain(words)}", key)
        box.setCurrentIndex(max(0, box.findData(question.value)))


class FoldedQuestion(Framed):
    """A question whose answers are seen when it is opened; a digit chooses."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.box = Folded()
        self.box.setMinimumWidth(theme.px(FOLDED_PX))
        self.box.activated.connect(self._choose)
        row = horizontal(self.box)
        row.addStretch()
        super().__init__(question, ground, row)
        self.setFocusProxy(self.box)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        fill(self.box, question, _("Choose"))

    def _choose(self, _at: int) -> None:
        self._say(self.box.currentData())


class WhyQuestion(QuestionWidget):
    """Why something was not measured, folded into one line; a digit chooses."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        super().__init__(question, ground)
        self.box = Folded()
        self.box.setMinimumWidth(theme.px(WHY_PX))
        self.box.activated.connect(self._choose)
        self.error = label(role="error")
        self.error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(self.box)
        column.addWidget(self.error)
        self.setFocusProxy(self.box)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.box.setAccessibleName(question.label)
        fill(self.box, question, _("Why not?"))

    def set_error(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))
        theme.set_wrong(self.box, wrong=bool(words))

    def _choose(self, _at: int) -> None:
        self._say(self.box.currentData())
