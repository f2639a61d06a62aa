"""Questions that share their answers, as the rows of one table: the words of the answers stand once, above."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from healthvisit.forms.views import Question, words_of
from healthvisit.ui import theme
from healthvisit.ui.form.kinds.base import ENTER, PLAIN, PLAIN_KEYS, Ground, QuestionWidget, set_words
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import label

WORDS_SHARE, ROW_PX, MARK_PX, EDGE_PX = 4, 42, 20, 8
ASKED, OFFERED = 5, 7  # how a row is shared between what is asked and the answers


class TableHead(QWidget):
    """The words of the answers, each above its column, with the digit that chooses it."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.path = question.path
        self._title = label(role="strong")
        self._row = _halves(self, self._title)
        self._words: list[QLabel] = []
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        """Write the answers as they read now."""
        set_words(self._title, question.label.strip())
        said = [plain(words) for _name, words in question.choices]
        while len(self._words) < len(said):
            made = label(role="small")
            made.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            made.setMinimumWidth(1)
            self._words.append(made)
            self._row.addWidget(made, 1)
        for at, made in enumerate(self._words):
            made.setVisible(at < len(said))
            made.setText(f"{said[at]}\n{at + 1}" if at < len(said) else "")


class TableRow(QuestionWidget):
    """One question: digits choose and go on, arrows move the choice, Delete takes it back."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        super().__init__(question, ground)
        self.words, self.error = label(), label(role="error")
        self.error.hide()
        asked = QVBoxLayout()
        asked.setSpacing(0)
        asked.addWidget(self.words)
        asked.addWidget(self.error)
        self._cells = _Cells()
        self._cells.pressed = self._press
        _halves(self, asked).addWidget(self._cells, 1)
        self.setMinimumHeight(theme.px(ROW_PX))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        set_words(self.words, question.label, marked=question.required and self.ground.marks)
        self._names = [name for name, _words in question.choices]
        self._many = question.kind == "select_multiple"
        chosen = question.value.split() if self._many else [question.value]
        self._cells.show_marks([name in chosen for name in self._names], round_marks=not self._many)
        said = ", ".join(plain(words_of(question.choices, name) or name) for name in chosen if name)
        offered = "; ".join(f"{n} {plain(words)}" for n, (_name, words) in enumerate(question.choices, start=1))
        self.setAccessibleName(plain(question.label))
        parts = (self.error.text(), said or _("no answer"), offered, plain(question.hint))
        self.setAccessibleDescription(", ".join(part for part in parts if part))

    def set_error(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))
        self.show_question(self.question)

    def stop(self) -> QWidget:
        return self

    def stops(self) -> list[QWidget]:
        return [self]

    def can_be_answered(self) -> bool:
        return True

    def _press(self, at: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(at)

    def _choose(self, at: int) -> None:
        if not 0 <= at < len(self._names):
            return
        name = self._names[at]
        if self._many:
            chosen = set(self.question.value.split()) ^ {name}
            self._say(" ".join(n for n in self._names if n in chosen))
        else:
            self._say(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_plain = event.key(), event.modifiers() in PLAIN_KEYS
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if is_plain and event.text().isdecimal() and event.text().isascii() and event.text() != "0":
            self._choose(int(event.text()) - 1)
            if not self._many and int(event.text()) <= len(self._names):
                self.focusNextChild()
        elif is_plain and key in (*ENTER, Qt.Key.Key_Down):
            self.focusNextChild()
        elif is_plain and key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif is_plain and key in sides and not self._many:
            now = self._names.index(self.question.value) if self.question.value in self._names else -1
            self._choose(max(0, now + sides[Qt.Key(key)]))
        elif is_plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._say("")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit(self.path)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


class _Cells(QWidget):
    """The marks of one row, painted: a table of forty rows is forty widgets, not four hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: Callable[[int], object] = int
        self._on: Sequence[bool] = ()
        self._round = True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_marks(self, on: Sequence[bool], *, round_marks: bool) -> None:
        """Draw a mark for each answer, filled where it is chosen."""
        self._on, self._round = on, round_marks
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(MARK_PX) * len(self._on), theme.px(ROW_PX))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._on:
            self.pressed(int(event.position().x() * len(self._on) // max(1, self.width())))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = theme.px(MARK_PX)
        for at, on in enumerate(self._on):
            left, right = at * self.width() // len(self._on), (at + 1) * self.width() // len(self._on)
            box = QRect((left + right - size) // 2, (self.height() - size) // 2, size, size)
            painter.setPen(QPen(theme.colour("primary" if on else "control"), 2))
            painter.setBrush(theme.colour("primary" if on and not self._round else "surface"))
            if self._round:
                painter.drawEllipse(box)
            else:
                painter.drawRoundedRect(box, 4, 4)
            if on and self._round:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("primary"))
                painter.drawEllipse(box.adjusted(size // 4, size // 4, -(size // 4), -(size // 4)))
            elif on:
                painter.drawPixmap(box, theme.pixmap("check", "on_primary", size, self.devicePixelRatioF()))
        painter.end()


def _halves(row: QWidget, asked: QWidget | QVBoxLayout) -> QHBoxLayout:
    """Share a row between what is asked, at the left, and the layout that comes back."""
    left = QWidget()
    inside = QVBoxLayout(left)
    inside.setContentsMargins(0, theme.px(4), 0, theme.px(4))
    if isinstance(asked, QWidget):
        inside.addWidget(asked)
    else:
        inside.addLayout(asked)
    left.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    right = QWidget()
    right.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    answers = QHBoxLayout(right)
    answers.setContentsMargins(0, 0, 0, 0)
    answers.setSpacing(0)
    across = QHBoxLayout(row)
    across.setContentsMargins(theme.px(EDGE_PX), 0, theme.px(EDGE_PX), 0)
    across.setSpacing(theme.px(EDGE_PX))
    across.addWidget(left, ASKED)
    across.addWidget(right, OFFERED)
    return answers
