"""Things put into an order by keys, buttons or dragging."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.form.kinds.base import ENTER, PLAIN, PLAIN_KEYS, Framed, Ground
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical

ROW_PX, WIDTH_PX, MOST_ROWS = 36, 420, 8
NAME = Qt.ItemDataRole.UserRole


class RankQuestion(Framed):
    """The first in the list counts most. Nothing is answered until something was moved or the order confirmed."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.list = _Ranks()
        self.list.ordered.connect(self._answer)
        self.up = button(_("Up"), lambda: self.list.move_by(-1))
        self.down = button(_("Down"), lambda: self.list.move_by(1))
        self.keep = button(_("This order is right"), self._answer)
        self.state = label(role="small")
        beside = vertical(self.up, self.down, self.keep)
        beside.addStretch()
        row = horizontal(self.list, beside, spacing=12)
        row.addStretch()
        super().__init__(question, ground, self.state, row)
        self.setFocusProxy(self.list)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        words = dict(question.choices)
        order = [name for name in question.value.split() if name in words]
        order += [name for name in words if name not in order]
        self.list.show_order([(name, plain(words[name])) for name in order])
        self.keep.setVisible(not question.value)
        self.state.setText(
            _("1 counts most. Alt+Up and Alt+Down move a line, or drag it.")
            if question.value
            else _("Not put in order yet. Alt+Up and Alt+Down move a line, or drag it.")
        )
        self.list.setAccessibleName(plain(question.label))

    def stops(self) -> list[QWidget]:
        return [self.list, self.up, self.down, self.keep]

    def _answer(self) -> None:
        self._say(" ".join(self.list.names()))


class _Ranks(QListWidget):
    """Lines with their place; Alt+Up, Alt+Down and digits move the chosen one."""

    ordered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        theme.set_kind(self, "lines")
        self.setMinimumWidth(theme.px(WIDTH_PX))

    def show_order(self, rows: list[tuple[str, str]]) -> None:
        """Show these, first to last; the chosen line stays chosen."""
        current = self.currentItem().data(NAME) if self.currentItem() else rows[0][0] if rows else ""
        with QSignalBlocker(self):
            self.clear()
            for place, (name, words) in enumerate(rows, start=1):
                made = QListWidgetItem(f"{place}   {words}")
                made.setData(NAME, name)
                made.setSizeHint(QSize(10, theme.px(ROW_PX)))
                self.addItem(made)
                if name == current:
                    self.setCurrentItem(made)
        self.setFixedHeight(theme.px(ROW_PX) * min(len(rows), MOST_ROWS) + theme.px(8))

    def names(self) -> list[str]:
        """The names in the order shown."""
        return [str(self.item(at).data(NAME)) for at in range(self.count())]

    def move_by(self, step: int) -> None:
        """Move the chosen line up or down."""
        self._move(self.currentRow() + step)

    def _move(self, to: int) -> None:
        at = self.currentRow()
        if at >= 0 and 0 <= to < self.count() and to != at:
            with QSignalBlocker(self):
                self.insertItem(to, self.takeItem(at))
                self.setCurrentRow(to)
            self.ordered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        alt = bool(event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier))
        if alt and Qt.Key(event.key()) in steps:
            self.move_by(steps[Qt.Key(event.key())])
        elif event.modifiers() in PLAIN_KEYS and event.key() in ENTER:
            self.focusNextChild()
        elif event.modifiers() in PLAIN_KEYS and event.text().isdecimal() and event.text().isascii():
            self._move(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        QTimer.singleShot(0, self, self.ordered.emit)  # not in the middle of a drag, which still holds the line
