"""A long list of equal questions in two columns: one row each, its answers as targets; arrows move, digits answer."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.answer_ground import paint_ground
from healthvisit.ui.widgets.layout import button, label

ROW_PX, TWO_COLUMNS_PX, CELL_PAD_PX, LEAST_CELL_PX = 38, 820, 10, 46


class Cell(QAbstractButton):
    """One answer of a row; a mouse target, the keyboard answers the row."""

    def __init__(self, text: str, *, grave: bool) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._grave = grave
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(max(theme.px(LEAST_CELL_PX), words + 2 * theme.px(CELL_PAD_PX)), theme.px(ROW_PX - 4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        ink = "danger" if self._grave else "primary"
        painter.setPen(QPen(theme.colour(ink if on else "control"), 1))
        painter.setBrush(theme.colour(ink if on else "surface"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(theme.font(14, 600 if on else 500))
        painter.setPen(theme.colour(("on_danger" if self._grave else "on_primary") if on else "text"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class SignRow(QWidget):
    """One question and its answers. 1, 2, 3 answer and go on; a private answer is covered once the page was left."""

    answered = Signal(str, str)
    moved = Signal(int)
    sideways = Signal(int)
    zeroed = Signal()

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.path = question.path
        self.covered = False
        self.cells: dict[str, Cell] = {}
        self.words = label()
        self.words.setFont(theme.font(15))
        self.error = False
        self.uncover = button(_("Answered. Show"), self._uncover, "quiet")
        self.uncover.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.px(8), 1, theme.px(4), 1)
        self._row.setSpacing(theme.px(4))
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.uncover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(theme.px(ROW_PX))
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        """Draw the question as it reads now."""
        self.question = question
        self.words.setText(question.label)
        self.setAccessibleName(question.label)
        if [c.text() for c in self.cells.values()] != [text for _key, text in question.choices]:
            for old in self.cells.values():
                self._row.removeWidget(old)
                old.hide()
                old.deleteLater()
            self.cells = {}
            for key, text in question.choices:
                cell = self.cells[key] = Cell(text, grave=key == "yes")
                cell.setAccessibleName(f"{question.label}: {text}")
                cell.clicked.connect(lambda _on=False, key=key: self._choose(key))
                self._row.addWidget(cell)
        for key, cell in self.cells.items():
            cell.setChecked(key == question.value)
            cell.setVisible(not self.covered)
        self.uncover.setVisible(self.covered)
        said = next((text for key, text in question.choices if key == question.value), "")
        self.setAccessibleDescription(_("Answered") if self.covered else said)

    def set_error(self, words: str) -> None:
        """Mark the row as one that still needs an answer."""
        self.error = bool(words)
        theme.set_role(self.words, "error" if words else "")
        self.update()

    def cover(self) -> None:
        """A private answer given before is hidden: the page was left since."""
        if self.question.value and "private" in self.question.appearance:
            self.covered = True
            self.show_question(self.question)

    def _uncover(self) -> None:
        self.covered = False
        self.show_question(self.question)

    def _choose(self, key: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.answered.emit(self.path, "" if key == self.question.value else key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if plain and event.text().isdecimal() and event.text().isascii() and not self.covered:
            digit = int(event.text())
            if digit == 0:
                self.zeroed.emit()
            elif digit <= len(self.cells):
                self.moved.emit(1)  # first: an answer may open another page, which then has the keyboard
                self.answered.emit(self.path, list(self.cells)[digit - 1])
        elif plain and key in steps:
            self.moved.emit(steps[key])
        elif plain and key in sides:
            self.sideways.emit(sides[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        yes = self.question.value == "yes" and not self.covered
        paint_ground(self, "danger_tint" if yes or self.error else "")


class SignGrid(QWidget):
    """The rows, in two columns where there is room, read down the first one and then the second."""

    answered = Signal(str, str)
    zeroed = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, SignRow] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(theme.px(24))
        self._columns, self._arranging = 0, False

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Draw these; rows that stay keep the keyboard."""
        wanted = [q.path for q in questions]
        if list(self.rows) != wanted:
            kept = {path: row for path, row in self.rows.items() if path in wanted}
            for path, row in self.rows.items():
                if path not in kept:
                    row.hide()
                    row.deleteLater()
            self.rows = {q.path: kept.get(q.path) or self._made(q) for q in questions}
            self._columns = 0
        for question in questions:
            self.rows[question.path].show_question(question)
        self._arrange()

    def focus_open(self) -> bool:
        """Give the keyboard to the first row without an answer; tells whether there was one."""
        row = next((r for r in self.rows.values() if not r.question.value), None)
        if row is not None:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        return row is not None

    def _made(self, question: Question) -> SignRow:
        row = SignRow(question)
        row.answered.connect(self.answered)
        row.zeroed.connect(self.zeroed)
        row.moved.connect(lambda step, row=row: self._move(row, step))
        row.sideways.connect(lambda side, row=row: self._move(row, side * self._height()))
        return row

    def _height(self) -> int:
        return -(-len(self.rows) // max(1, self._columns))

    def _move(self, row: SignRow, step: int) -> None:
        rows = list(self.rows.values())
        at = rows.index(row) + step
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)
        elif at >= len(rows) and step == 1:
            self.ended.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme.px(TWO_COLUMNS_PX) else 1
        if self._arranging or columns == self._columns or not self.rows:
            return
        self._columns, self._arranging = columns, True  # showing a row resizes this, which must not begin again
        height = self._height()
        for at, row in enumerate(self.rows.values()):
            self._grid.removeWidget(row)
            self._grid.addWidget(row, at % height, at // height)
            row.show()
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = list(self.rows.values())
        for before, after in pairwise(rows):
            QWidget.setTabOrder(before, after)
        self._arranging = False
        self._arrange()
