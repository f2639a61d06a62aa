"""A list of any length with a field to look through it; only the rows in sight are put into words and drawn."""

import time
from collections.abc import Collection, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from healthvisit.domain.names import loose_key, strict_key
from healthvisit.ui import theme
from healthvisit.ui.i18n import _, ngettext
from healthvisit.ui.widgets.fields import Line
from healthvisit.ui.widgets.layout import label

ROW_PX, MOST_ROWS, WIDTH_PX = 34, 6, 460
SLICE_S, SLICE_ROWS = 0.008, 200
FEW, LOOSE_FROM = 20, 3
AT_ONCE = 400  # rows laid out; more come when somebody scrolls to their end
Rows = Sequence[tuple[str, str]]
_Index = QModelIndex | QPersistentModelIndex


class Finder:
    """Looks through rows of (name, words). Words are folded a slice at a time: nothing waits for all of them."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._plain: list[str] = []
        self._strict: list[str] = []
        self._loose: list[str] = []

    @property
    def is_ready(self) -> bool:
        """Whether every row can be found."""
        return len(self._loose) == len(self.rows)

    def fold_some(self) -> None:
        """Fold for a few milliseconds."""
        until = time.perf_counter() + SLICE_S
        while not self.is_ready and time.perf_counter() < until:
            first = len(self._loose)
            for _name, words in self.rows[first : first + SLICE_ROWS]:
                self._plain.append(words.casefold())
                self._strict.append(f" {strict_key(words)}")
                self._loose.append(f" {loose_key(words)}")

    def find(self, typed: str) -> Sequence[int]:
        """Places of the rows that hold each typed word, those that begin with the first one first.

        Letters meet across Turkmen and Russian; words with digits are taken as they are. Where little is found,
        spellings that differ more are found too.
        """
        words = typed.casefold().split()
        if not words:
            return range(len(self.rows))
        found: Sequence[int] = range(len(self._strict))
        for word in words:
            folded = strict_key(word)
            if any(letter.isdigit() for letter in word) or not folded:
                found = [at for at in found if word in self._plain[at]]
            else:
                found = [at for at in found if folded in self._strict[at]]
        first = f" {strict_key(words[0])}"
        found = sorted(found, key=lambda at: first not in self._strict[at])
        loose = [f" {loose_key(word)}" for word in words]
        if len(found) < FEW and len("".join(loose)) > LOOSE_FROM and not any(letter.isdigit() for letter in typed):
            known = set(found)
            more = [at for at, key in enumerate(self._loose) if all(word in key for word in loose) and at not in known]
            found = [*found, *more]
        return found


class _Matches(QAbstractListModel):
    """The found rows; words are pulled for those that are drawn."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Rows = ()
        self.places: Sequence[int] = ()
        self.chosen: Collection[str] = ()
        self._laid_out = 0

    def show_rows(self, rows: Rows, places: Sequence[int]) -> None:
        self.beginResetModel()
        self.rows, self.places, self._laid_out = rows, places, min(AT_ONCE, len(places))
        self.endResetModel()

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and self._laid_out < len(self.places)

    def fetchMore(self, _parent: _Index) -> None:
        more = min(len(self.places), self._laid_out + AT_ONCE)
        self.beginInsertRows(QModelIndex(), self._laid_out, more - 1)
        self._laid_out = more
        self.endInsertRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._laid_out

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(10, theme.px(ROW_PX))
        name, words = self.rows[self.places[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.DecorationRole:
            return theme.icon("check", "primary") if name in self.chosen else None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return _("chosen") if name in self.chosen else ""
        return None


class SearchList(QWidget):
    """Type any part of the words, arrows move, Enter takes; `picked` carries the name, `moved_on` that Enter goes on.

    Args:
        many: The list stays open after a choice, and chosen rows have a tick.
    """

    picked = Signal(str)
    moved_on = Signal()

    def __init__(self, *, many: bool = False) -> None:
        super().__init__()
        self._many, self._words = many, ""
        self.line = Line()
        self.line.setMaximumWidth(theme.px(WIDTH_PX))
        self.line.setPlaceholderText(_("Type a part of it"))
        self.line.textEdited.connect(self._look)
        self.line.installEventFilter(self)
        self.view = QListView()
        self.view.setUniformItemSizes(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMaximumWidth(theme.px(WIDTH_PX))
        theme.set_kind(self.view, "lines")
        self._model = _Matches(self)
        self.view.setModel(self._model)
        self.view.clicked.connect(self._take)
        self.count = label(role="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        for part in (self.line, self.view, self.count):
            column.addWidget(part)
        self.setFocusProxy(self.line)
        self._finder = Finder(())
        self._fold = QTimer(self)
        self._fold.timeout.connect(self._fold_some)
        self.close_list()

    def set_rows(self, rows: Rows) -> None:
        """Look through these from now on."""
        if rows is not self._finder.rows:
            self._finder = Finder(rows)
            self._fold.start(0)
            if self.is_open:
                self._look(self.line.text())

    def show_chosen(self, names: Collection[str], words: str) -> None:
        """What is chosen; its words stand in the field while nobody types."""
        self._model.chosen, self._words = set(names), "" if self._many else words
        if not self.line.hasFocus() or not self.is_open:
            self.line.setText(self._words)
        if self._many:
            self.view.viewport().update()
        elif not names and not self._words and self.line.hasFocus():
            self.open_list()

    @property
    def is_open(self) -> bool:
        """Whether the list stands below the field."""
        return not self.view.isHidden()

    @property
    def found(self) -> int:
        """How many rows fit what is typed."""
        return len(self._model.places)

    def open_list(self) -> None:
        """Show the rows that fit what is typed; all of them where that is what is chosen."""
        typed = self.line.text()
        self._look("" if typed == self._words else typed)

    def close_list(self) -> None:
        """Fold it; what is chosen stands in the field again."""
        self.view.hide()
        self.count.hide()
        self.line.setText(self._words)

    def _look(self, typed: str) -> None:
        self._model.show_rows(self._finder.rows, self._finder.find(typed))
        rows = min(max(1, self.found), MOST_ROWS)
        self.view.setFixedHeight(rows * theme.px(ROW_PX) + theme.px(10))
        self.view.setVisible(self.found > 0)
        if self.found:
            self.view.setCurrentIndex(self._model.index(0))
        said = ngettext("{n} found", "{n} found", self.found).format(n=f"{self.found:,}".replace(",", " "))
        if not self._finder.is_ready and typed.strip():
            said = _("Looking …")
        elif not self.found:
            said = _("Nothing found. Try another part of it.")
        self.count.setText(said)
        self.count.show()

    def _fold_some(self) -> None:
        self._finder.fold_some()
        if self._finder.is_ready:
            self._fold.stop()
            if self.is_open or not self.count.isHidden():
                self._look("" if self.line.text() == self._words else self.line.text())

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            name = self._model.rows[self._model.places[index.row()]][0]
            self._words = "" if self._many else self._model.rows[self._model.places[index.row()]][1]
            self.line.clear()
            if not self._many:
                self.close_list()
            self.picked.emit(name)
            if self._many:
                self._look("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field keeps the keyboard; arrows and Enter are the list's."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn and not self._words:
            QTimer.singleShot(0, self, self._opened_by_focus)
        elif kind == QEvent.Type.FocusOut and not self.view.underMouse():
            self.close_list()
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _opened_by_focus(self) -> None:
        if self.line.hasFocus() and not self.is_open:
            self.open_list()

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: MOST_ROWS, Qt.Key.Key_PageUp: -MOST_ROWS}
        key = Qt.Key(event.key())
        if key in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if self.is_open:
                to = max(0, min(self._model.rowCount() - 1, self.view.currentIndex().row() + steps[key]))
                self.view.setCurrentIndex(self._model.index(to))
            else:
                self.open_list()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            is_typed = bool(self.line.text()) and self.line.text() != self._words
            if self.is_open and (is_typed or not self._many) and not (self._words and not is_typed):
                self._take(self.view.currentIndex())
                if self._many:
                    return True
            self.moved_on.emit()
            self.line.focusNextChild()
            return True
        if key == Qt.Key.Key_Escape and self.is_open:
            self.close_list()
            return True
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._words and self.line.text() == self._words:
            self._words = ""
            self.line.clear()
            self.picked.emit("")
            self.open_list()
            return True
        return False
