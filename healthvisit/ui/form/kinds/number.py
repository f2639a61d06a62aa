"""A number typed with a comma or a point; of a range also taken from a scale."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QLocale, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSlider, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.dates import number, parse_number
from healthvisit.ui.form.kinds.base import PLAIN, PLAIN_KEYS, Framed, Ground
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.fields import Line
from healthvisit.ui.widgets.layout import horizontal, label

NUMBER_PX, SCALE_PX, MOST_STEPS = 140, 360, 100_000


class PlainNumber(Framed):
    """What is typed stays as it was typed while the keyboard is in it."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.editor = Line()
        self.editor.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.editor.setFixedWidth(theme.px(NUMBER_PX))
        self.editor.textEdited.connect(self._say)
        self.editor.left.connect(self._leave)
        self._row = horizontal(self.editor, spacing=12)
        self._row.addStretch()
        super().__init__(question, ground, self._row)
        self.setFocusProxy(self.editor)
        if type(self) is PlainNumber:
            self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        shown = question.typed
        if question.typed == question.value and not self.editor.hasFocus():
            shown = shown.replace(".", QLocale().decimalPoint())
        if self.editor.text().replace(",", ".") != shown.replace(",", "."):
            self.editor.setText(shown)


class RangeQuestion(PlainNumber):
    """A scale with its ends, and the number beside it; nothing is chosen until it is touched."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        super().__init__(question, ground)
        self.start, self.step, self.steps_count = _steps(question)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, self.steps_count)
        self.slider.setPageStep(max(1, self.steps_count // 10))
        self.slider.setMinimumWidth(theme.px(SCALE_PX))
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderPressed.connect(self._touched)
        low, high = label(role="muted", wrap=False), label(role="muted", wrap=False)
        low.setText(number(self.start))
        high.setText(self._words(self.steps_count))
        scale = horizontal(low, self.slider, high, spacing=8)
        scale.setStretchFactor(self.slider, 1)
        if self.steps_count <= MOST_STEPS:
            self._row.insertLayout(1, scale, 3)
        else:
            self.slider.hide()
        self.show_question(question)

    def stops(self) -> list[QWidget]:
        return [self.editor, self.slider]

    def controls(self) -> list[QWidget]:
        return [self.editor, self.slider]

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        place = self._place(question.value)
        with QSignalBlocker(self.slider):
            self.slider.setValue(place or 0)
        self.slider.set_answered(answered=place is not None)
        scale = _("scale")
        self.slider.setAccessibleName(f"{plain(question.label)}: {scale}")

    def _words(self, place: int) -> str:
        return number(Decimal(format((self.start + self.step * place).normalize(), "f")))

    def _place(self, text: str) -> int | None:
        try:
            return round((Decimal(text) - self.start) / self.step) if text else None
        except InvalidOperation:
            return None

    def _touched(self) -> None:
        if not self.question.value:
            self._slid(self.slider.value())

    def _slid(self, place: int) -> None:
        with QSignalBlocker(self.editor):
            self.editor.setText(self._words(place))
        self._say(format(parse_number(self.editor.text()), "f"))


class _Slider(QSlider):
    """Pale until something was chosen; the wheel passes by, keys 0 to 9 go to tenths of the scale."""

    def set_answered(self, *, answered: bool) -> None:
        theme.set_role(self, "" if answered else "unanswered")

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() in PLAIN_KEYS and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


def _steps(question: Question) -> tuple[Decimal, Decimal, int]:
    """Start, step with its direction, and how many steps there are."""
    start, end, step = (Decimal(repr(bound)) for bound in question.bounds or (0.0, 10.0, 1.0))
    step = abs(step) or Decimal(1)
    count = int(abs(end - start) / step)
    start, step = (Decimal(format(bound.normalize(), "f")) for bound in (start, step))
    return start, step if end >= start else -step, max(1, count)
