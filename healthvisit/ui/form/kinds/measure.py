"""A measurement on one line, paired with why it was not taken."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.form.kinds.base import PLAIN, Ground, QuestionWidget
from healthvisit.ui.form.kinds.folded import WhyQuestion
from healthvisit.ui.widgets.fields import Line
from healthvisit.ui.widgets.layout import button, horizontal, label

LABEL_PX, NUMBER_PX, NARROW_PX = 190, 90, 500


class NumberQuestion(QuestionWidget):
    """A number on one line: its name, the field, the unit; at its right what it means, or why it was not measured."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        super().__init__(question, ground)
        self.label = label(role="strong")
        self.editor = Line()
        self.editor.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.editor.textEdited.connect(self._say)
        self.editor.left.connect(self._leave)
        self.unit = label(role="muted", wrap=False)
        self.remark = label(role="muted")
        self.offered = ""
        self.offer = button("", self._take)
        self.offer.hide()
        self.why: WhyQuestion | None = None
        self.hint, self.error = label(role="small"), label(role="error")
        self._side = horizontal(self.remark, self.offer, spacing=8)
        self._side.setStretchFactor(self.remark, 1)
        self._beside = QWidget()
        self._beside.setLayout(self._side)
        self._narrow = False
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(2))
        self.label.setFixedWidth(theme.px(LABEL_PX))
        self.editor.setFixedWidth(theme.px(NUMBER_PX))
        self.unit.setMinimumWidth(theme.px(28))
        for at, part in enumerate((self.label, self.editor, self.unit)):
            grid.addWidget(part, 0, at)
        grid.addWidget(self._beside, 0, 3)
        grid.setColumnStretch(3, 1)
        grid.addWidget(self.hint, 2, 0, 1, 4)
        grid.addWidget(self.error, 3, 0, 1, 4)
        self.label.setBuddy(self.editor)
        self.setFocusProxy(self.editor)
        self.set_error("")
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        text, unit = _without_unit(question)
        self.label.setText(text)
        self.unit.setText(unit)
        self.editor.setAccessibleName(question.label)
        self.hint.setText(question.hint)
        self.hint.setVisible(bool(question.hint))
        shown = question.typed
        if question.typed == question.value and not self.editor.hasFocus():
            shown = shown.replace(".", QLocale().decimalPoint())
        if self.editor.text().replace(",", ".") != shown.replace(",", "."):
            self.editor.setText(shown)

    def stops(self) -> list[QWidget]:
        return [self.editor, *([self.why.box] if self.why else []), self.offer]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, what stands beside the number stands below it."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(NARROW_PX)
        if narrow != self._narrow:
            self._narrow = narrow
            self._grid.removeWidget(self._beside)
            self._grid.addWidget(self._beside, *((1, 0, 1, 4) if narrow else (0, 3)))

    def pair(self, why: "WhyQuestion | None") -> None:
        """Draw "not measured, because" at the right of the number, while there is no number."""
        if why is not self.why:
            if self.why is not None:
                self._side.removeWidget(self.why)
                self.why.hide()
                self.why.deleteLater()
            self.why = why
            if why is not None:
                self._side.addWidget(why)
                why.show()
                QWidget.setTabOrder(self.editor, why.box)
        self.remark.setVisible(why is None)

    def set_error(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))
        theme.set_wrong(self.editor, wrong=bool(words))
        self._describe()

    def set_remark(self, words: str, tone: str = "muted") -> None:
        self.remark.setText(words)
        theme.set_role(self.remark, tone)
        self._describe()

    def set_offer(self, words: str) -> None:
        """Offer a value that was probably meant; `offer` is the button."""
        self.offer.setText(words)
        self.offer.setVisible(bool(words))

    def _take(self) -> None:
        self.editor.setText(self.offered)
        self._say(self.offered)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self) -> None:
        parts = (self.error.text(), self.unit.text(), self.remark.text(), self.hint.text())
        self.editor.setAccessibleDescription(", ".join(part for part in parts if part))


def _without_unit(question: Question) -> tuple[str, str]:
    """The label and the unit that stands in brackets at its end: the unit goes behind the field."""
    text, bracket, unit = question.label.rpartition(" (")
    return (text, unit.rstrip(")")) if bracket and question.unit and unit.endswith(")") else (question.label, "")
