"""One question of a form as widgets: choice, number, day, text, note. What is typed stays as it was typed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import ClassVar

from PySide6.QtCore import QEvent, QLocale, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.dates import day, no_day, no_number, parse_day
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField, Field, Line, Paragraph
from healthvisit.ui.widgets.layout import button, horizontal, label

LABEL_PX, NUMBER_PX, WHY_PX, NARROW_PX = 190, 90, 150, 500
NUMBERS = frozenset({"integer", "decimal", "range"})
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def sentence(question: Question) -> str:
    """What is wrong with an answer, in the form's language where the form has the words."""
    match question.violation:
        case None:
            return ""
        case "required":
            return question.required_message or _("Please answer this question.")
        case "constraint":
            return question.constraint_message or _("This answer does not fit the question.")
        case "type":
            if question.kind in NUMBERS:
                return no_number()
            return no_day() if question.kind == "date" else _("Please type it again.")


class QuestionWidget(QWidget):
    """A question; `answered` carries its path and the text to store, `left` its path when the keyboard leaves it."""

    answered = Signal(str, str)
    left = Signal(str)
    zeroed = Signal()

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.path = question.path
        self.question = question

    def show_question(self, question: Question) -> None:
        """Draw the question as it reads now; what stands in a field with the keyboard is left alone."""
        self.question = question

    def set_error(self, words: str) -> None:
        """Say a mistake beside the question, or take it away."""

    def set_remark(self, words: str, tone: str = "muted") -> None:
        """Say what an answer means, beside it."""

    def stop(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self.focusProxy() or self

    def _say(self, text: str) -> None:
        self.answered.emit(self.path, text)

    def _leave(self) -> None:
        self.left.emit(self.path)


class ChoiceQuestion(QuestionWidget):
    """One or several of a list, as large targets; a digit chooses."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.group = ChoiceGroup("", many=question.kind == "select_multiple", zero=True)
        self.group.changed.connect(self._choose)
        self.group.zeroed.connect(self._zero)
        self.group.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.group)
        self.setFocusProxy(self.group)
        self._words: tuple[tuple[str, str], ...] = ()
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.group.label.setText(question.label)
        self.group.label.setVisible(bool(question.label))
        theme.set_role(self.group.label, "strong")
        self.group.setAccessibleName(question.label)
        self.group.set_hint(question.hint)
        if question.choices != self._words:
            self._words = question.choices
            self.group.set_choices(Choice(key, text) for key, text in question.choices)
        chosen = question.value.split() if question.kind == "select_multiple" else [question.value]
        if list(self.group.keys()) != [key for key, _text in question.choices if key in chosen]:
            self.group.choose(*chosen)

    def set_error(self, words: str) -> None:
        self.group.set_error(words)

    def stop(self) -> QWidget:
        chosen = self.group.key()
        return self.group.buttons[chosen] if chosen else self.group.focusProxy() or self.group

    def _choose(self) -> None:
        self._say(" ".join(self.group.keys()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the next question, not to the next of many answers."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in ENTER:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            last = next(reversed(self.group.buttons.values()), None)
            if plain and last is not None:
                last.setFocus(Qt.FocusReason.TabFocusReason)
                last.focusNextChild()
                return True
        return super().eventFilter(watched, event)

    def _zero(self) -> None:
        if any(key == "none" for key in self.group.buttons):
            self.group.choose("none")
            self._choose()
        else:
            self.zeroed.emit()


class TextQuestion(QuestionWidget):
    """Words: one line, or several where the form says so."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.field = Field("", Paragraph(2) if "multiline" in question.appearance else None)
        if isinstance(self.field.editor, Paragraph):
            self.field.editor.setMaximumHeight(theme.px(84))
        self.field.edited.connect(self._say)
        self.field.left.connect(self._leave)
        theme.set_role(self.field.label, "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self.setFocusProxy(self.field.editor)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.field.set_label(question.label)
        self.field.set_hint(question.hint)
        if self.field.text() != question.typed:
            with QSignalBlocker(self.field.editor):
                self.field.set_text(question.typed)

    def set_error(self, words: str) -> None:
        self.field.set_error(words)


class _Stamp(QPushButton):
    """Enter and Space put the time, and the keyboard goes on."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*ENTER, Qt.Key.Key_Space) and not event.modifiers():
            self.click()
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class StampQuestion(TextQuestion):
    """A moment that one key puts: the button beside it writes the time of now (``set_clock`` hands in the clock)."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.field.editor.setMaximumWidth(theme.px(NUMBER_PX))
        self.stamp = _Stamp(_("Put the time now"))
        self.stamp.setAutoDefault(False)
        theme.set_kind(self.stamp, "danger")
        self.stamp.clicked.connect(self._stamp)
        self.field.beside.addWidget(self.stamp)
        self.field.beside.addStretch()
        self.clock: Callable[[], str] = str

    def stop(self) -> QWidget:
        return self.stamp

    def _stamp(self) -> None:
        self.field.set_text(self.clock())
        self._say(self.field.text())


class DateQuestion(QuestionWidget):
    """A day, typed in any of the usual ways; stored as ISO."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.field = DateField("")
        theme.set_role(self.field.label, "strong")
        self.field.edited.connect(self._read)
        self.field.left.connect(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self.setFocusProxy(self.field.editor)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.field.set_label(question.label)
        self.field.set_hint(question.hint)
        if self._stored(self.field.text()) != question.typed:
            shown = question.typed
            with suppress(ValueError):
                shown = day(date.fromisoformat(question.typed))
            self.field.set_text(shown)

    def set_error(self, words: str) -> None:
        self.field.set_error(words)

    def _read(self, typed: str) -> None:
        self._say(self._stored(typed))

    @staticmethod
    def _stored(typed: str) -> str:
        try:
            return parse_day(typed).isoformat()
        except ValueError:
            return typed


class NumberQuestion(QuestionWidget):
    """A number on one line: its name, the field, the unit; at its right what it means, or why it was not measured."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
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


class WhyQuestion(QuestionWidget):
    """Why something was not measured, folded into one line; a digit chooses."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.box = _Folded()
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
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(_("Not measured – why"), "")
            for number, (key, words) in enumerate(question.choices, start=1):
                self.box.addItem(f"{number}  {words}", key)
            self.box.setCurrentIndex(max(0, self.box.findData(question.value)))

    def set_error(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))
        theme.set_wrong(self.box, wrong=bool(words))

    def _choose(self, _at: int) -> None:
        self._say(self.box.currentData())


class _Folded(QComboBox):
    """Enter goes on, a digit chooses, the wheel passes by."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and not self.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in ENTER:
            self.focusNextChild()
        elif plain and event.text().isdecimal() and event.text().isascii():
            if int(event.text()) < self.count():
                self.setCurrentIndex(int(event.text()))
                self.activated.emit(int(event.text()))
        else:
            super().keyPressEvent(event)


class NoteQuestion(QuestionWidget):
    """Words to read."""

    KIND: ClassVar[str] = "note"

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.text = label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.text.setText(question.label)


def widget_for(question: Question) -> QuestionWidget:
    """The widget that a question's kind and appearance ask for."""
    if question.kind == "note" or question.readonly:
        return NoteQuestion(question)
    if question.kind == "select_one" and "minimal" in question.appearance:
        return WhyQuestion(question)
    if question.kind in ("select_one", "select_multiple"):
        return ChoiceQuestion(question)
    if question.kind in NUMBERS:
        return NumberQuestion(question)
    if question.kind == "date":
        return DateQuestion(question)
    return StampQuestion(question) if "stamp" in question.appearance else TextQuestion(question)


def _without_unit(question: Question) -> tuple[str, str]:
    """The label and the unit that stands in brackets at its end: the unit goes behind the field."""
    text, bracket, unit = question.label.rpartition(" (")
    return (text, unit.rstrip(")")) if bracket and question.unit and unit.endswith(")") else (question.label, "")
