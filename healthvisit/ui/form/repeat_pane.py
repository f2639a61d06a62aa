"""A repeat as a list: one line an instance, of which one is open below; add, remove, and ask before answers go."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.form.blocks import Instances
from healthvisit.ui.form.kinds.base import ENTER, PLAIN_KEYS
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import button, horizontal, label
from healthvisit.ui.widgets.notices import Banner

ROW_PX, MOST_ROWS = 36, 6
EDGE_PX = 2  # as wide as with the keyboard in it
Summary = Callable[[int], str]
_Index = QModelIndex | QPersistentModelIndex


class _Lines(QAbstractListModel):
    """Number and first answers of each instance; words are pulled for the lines that are drawn."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.count = 0
        self.summary: Summary = str

    def show_count(self, count: int) -> None:
        """So many instances, whose answers may have changed."""
        if count > self.count:
            self.beginInsertRows(QModelIndex(), self.count, count - 1)
            self.count = count
            self.endInsertRows()
        elif count < self.count:
            self.beginRemoveRows(QModelIndex(), count, self.count - 1)
            self.count = count
            self.endRemoveRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self.count

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(10, theme.px(ROW_PX))
        return self.summary(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


class _List(QListView):
    """Arrows open an instance, Enter goes into it, Insert adds one, Delete removes it."""

    entered_it = Signal()
    inserted = Signal()
    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.modifiers() in PLAIN_KEYS and key in ENTER:
            self.entered_it.emit()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.inserted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Minus):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


class RepeatPane(QWidget):
    """`picked` carries path and place of the instance to open, `added` the path, `removed` path and place.

    `entered`: the keyboard is to go into the open instance.
    """

    picked = Signal(str, int)
    entered = Signal(str)
    added = Signal(str)
    removed = Signal(str, int)

    def __init__(self, block: Instances, summary: Summary) -> None:
        super().__init__()
        self.path = block.path
        self.heading, self.none = label(role="strong"), label(role="muted")
        self.list = _List()
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.set_kind(self.list, "lines")
        self._model = _Lines(self)
        self.list.setModel(self._model)
        self.list.selectionModel().currentChanged.connect(self._pick)
        self.list.clicked.connect(self._pick)
        self.list.entered_it.connect(lambda: self.entered.emit(self.path))
        self.list.inserted.connect(self._add)
        self.list.deleted.connect(self.ask_removal)
        self.add, self.remove = button("", self._add), button("", self.ask_removal)
        self.asked = Banner()
        deeds = horizontal(self.add, self.remove)
        deeds.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        for part in (self.heading, self.none, self.list, self.asked):
            column.addWidget(part)
        column.addLayout(deeds)
        self._is_drawing = False
        self.show_block(block, summary)

    def show_block(self, block: Instances, summary: Summary) -> None:
        """Draw the repeat as it is now."""
        changed = block.opened != getattr(self, "block", block).opened or len(block.sections) != self._model.count
        self.block, count, name = block, len(block.sections), plain(block.label)
        self.heading.setText(f"{name} · {count}")
        self.heading.setVisible(bool(name))
        self.none.setText(_("None yet."))
        self.none.setVisible(not count)
        self._model.summary = summary
        self._is_drawing = True
        self._model.show_count(count)
        self.list.setVisible(count > 0)
        self.list.setFixedHeight(theme.px(ROW_PX) * min(max(1, count), MOST_ROWS) + 2 * EDGE_PX)
        if count:
            at = self._model.index(block.opened)
            self.list.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(at)
        self._is_drawing = False
        self.list.viewport().update()
        self.list.setAccessibleName(name or _("Entries"))
        self.add.setText(_("Add: {name}").format(name=name) if name else _("Add"))
        self.remove.setText(_("Remove number {n}").format(n=block.opened + 1))
        self.add.setVisible(block.can_change)
        self.remove.setVisible(block.can_change and count > 0)
        if changed and not self.asked.isHidden():
            self.asked.clear()

    def ask_removal(self) -> None:
        """Remove the open instance; once it holds answers, only after asking."""
        if not self.block.can_change or not self.block.sections:
            return
        at = self.block.opened
        if not self._holds_answers(at):
            self.removed.emit(self.path, at)
            return
        what = self._model.summary(at).partition(" ")[2].strip()
        said = _("Number {n} is removed with its answers: {what}").format(n=at + 1, what=what)
        self.asked.say(said, "warn", deed=_("Remove"), on_deed=lambda: self._remove(at))
        self.asked.deed.setFocus(Qt.FocusReason.OtherFocusReason)

    holds_answers: Callable[[int], bool] | None = None

    def _holds_answers(self, at: int) -> bool:
        return self.holds_answers is None or self.holds_answers(at)

    def _remove(self, at: int) -> None:
        self.asked.clear()
        self.removed.emit(self.path, at)

    def _add(self) -> None:
        if self.block.can_change:
            self.added.emit(self.path)

    def _pick(self, index: QModelIndex) -> None:
        if not self._is_drawing and index.isValid() and index.row() != self.block.opened:
            self.picked.emit(self.path, index.row())

    def stops(self) -> list[QWidget]:
        """Where the Tab key halts, in order."""
        return [self.list, self.add, self.remove]
