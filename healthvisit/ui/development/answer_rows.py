"""Questions under one another: the words, how to see it, and the answers as targets. Digits answer and go on."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.development.check_presenter import Asked
from healthvisit.ui.form.sign_grid import Cell
from healthvisit.ui.widgets.answer_ground import paint_ground
from healthvisit.ui.widgets.layout import horizontal, label, vertical

_GROUND = {"not_yet": "warn_tint", "sometimes": "warn_tint"}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}


class AnswerRow(QWidget):
    """One question. 1, 2, 3, 4 answer; arrows and Enter move; a second press takes the answer back."""

    answered = Signal(str)
    moved = Signal(int)
    entered = Signal()

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self.words, self.hint = label(asked.text), label(asked.hint, "small")
        self.cells = {key: Cell(text, grave=asked.is_sign and key == "yes") for key, text in asked.choices}
        row = horizontal(vertical(self.words, self.hint, spacing=1), *self.cells.values(), spacing=4)
        row.setStretch(0, 1)
        row.setContentsMargins(theme.px(8), theme.px(5), theme.px(4), theme.px(5))
        self.setLayout(row)
        self.hint.setVisible(bool(asked.hint))  # not before it has a parent: it would open as a window of its own
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(asked.text)
        for key, cell in self.cells.items():
            cell.setAccessibleName(f"{asked.text}: {cell.text()}")
            cell.clicked.connect(lambda _on=False, key=key: self._press(key))
        self.show_value(asked.value)

    def show_value(self, value: str) -> None:
        """Draw the answer."""
        self.value = value
        for key, cell in self.cells.items():
            cell.setChecked(key == value)
        said = next((text for key, text in self.asked.choices if key == value), "")
        self.setAccessibleDescription(". ".join(filter(None, (said, self.asked.hint))))
        self.update()

    def _press(self, key: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.answered.emit("" if key == self.value else key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        text, key = event.text(), Qt.Key(event.key())
        if plain and text.isdecimal() and text.isascii():
            if 1 <= int(text) <= len(self.cells):
                self.answered.emit(list(self.cells)[int(text) - 1])
                self.moved.emit(1)
        elif plain and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self.value:
            self.answered.emit("")
        elif plain and key in _STEPS:
            self.moved.emit(_STEPS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self, "danger_tint" if self.asked.is_sign and self.value == "yes" else _GROUND.get(self.value, ""))


class AnswerRows(QWidget):
    """The rows of one page, down one column, or down as many (at most `columns`) as have room beside one another.

    `answered` carries code, answer and the row the keyboard goes to; `ended` follows the last.
    """

    answered = Signal(str, str, str)
    entered = Signal(str)
    ended = Signal()

    def __init__(self, columns: int = 1) -> None:
        super().__init__()
        self.rows: dict[str, AnswerRow] = {}
        self._most, self._columns = columns, 1
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(theme.px(24))

    def show_rows(self, asked: Sequence[Asked]) -> None:
        """Ask these; rows that read the same stay, with the keyboard in them."""
        if [(r.asked.code, r.asked.text, r.asked.hint, r.asked.choices) for r in self.rows.values()] != [
            (a.code, a.text, a.hint, a.choices) for a in asked
        ]:
            self._make(asked)
        for one in asked:
            self.rows[one.code].show_value(one.value)

    def _make(self, asked: Sequence[Asked]) -> None:
        for old in self.rows.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = {one.code: AnswerRow(one) for one in asked}
        for code, row in self.rows.items():
            row.answered.connect(lambda key, code=code: self._answer(code, key))
            row.moved.connect(lambda step, code=code: self._move(code, step))
            row.entered.connect(lambda code=code: self.entered.emit(code))
            self._grid.addWidget(row)
            row.show()  # at once: the keyboard goes to no hidden row
        self._columns = 0
        self._arrange()
        for before, after in pairwise(self.rows.values()):
            QWidget.setTabOrder(before, after)

    def _arrange(self) -> None:
        widths, gap = [row.minimumSizeHint().width() for row in self.rows.values()], self._grid.horizontalSpacing()
        columns = self._most
        while columns > 1 and sum(_widths(widths, columns)) + gap * (columns - 1) > self.width():
            columns -= 1
        if columns == self._columns:
            return
        self._columns = columns
        height = -(-len(self.rows) // columns)
        for at, row in enumerate(self.rows.values()):
            self._grid.addWidget(row, at % height, at // height)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        wanted = super().minimumSizeHint()
        widest = max((row.minimumSizeHint().width() for row in self.rows.values()), default=0)
        return QSize(min(wanted.width(), widest), wanted.height())  # rows go below one another where room is short

    def _answer(self, code: str, key: str) -> None:
        self.rows[code].show_value(key)
        self.answered.emit(code, key, self._after(code) if key else code)

    def _after(self, code: str) -> str:
        codes = list(self.rows)
        return codes[min(codes.index(code) + 1, len(codes) - 1)]

    def _move(self, code: str, step: int) -> None:
        codes = list(self.rows)
        at = codes.index(code) + step
        if 0 <= at < len(codes):
            self.rows[codes[at]].setFocus(Qt.FocusReason.TabFocusReason)
        elif at == len(codes):
            self.ended.emit()

    def stand_on(self, code: str) -> bool:
        """Give the keyboard to a row, or to the first without an answer; tells whether there was one."""
        row = self.rows.get(code) or next((r for r in self.rows.values() if not r.value), None)
        row = row or next(iter(self.rows.values()), None)
        if row is not None:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        return row is not None


def _widths(rows: Sequence[int], columns: int) -> list[int]:
    """What each column takes where the rows go down one after the other."""
    height = max(1, -(-len(rows) // columns))
    return [max(rows[at : at + height]) for at in range(0, len(rows), height)]
