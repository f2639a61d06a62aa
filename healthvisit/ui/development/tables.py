"""A table of facts: words break into lines, one column takes the room that is left, Enter opens a row."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from healthvisit.ui import theme


class FactTable(theme.Restyled, QTableWidget):
    """Rows of texts; `opened` carries a row's number."""

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self._wide = -1
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.verticalHeader().setMinimumSectionSize(theme.px(20))
        self.fit()

    def show_rows(self, heads: Sequence[str], rows: Iterable[Sequence[str]], wide: int = -1) -> None:
        """Show these; column `wide` takes the room that is left, the last one where none is named."""
        held, self._wide = list(rows), wide % len(heads)
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(list(heads))
        self.setRowCount(len(held))
        for at, cells in enumerate(held):
            for column, cell in enumerate(cells):
                self.setItem(at, column, QTableWidgetItem(cell))
        self.fit()

    def fit(self) -> None:
        """No column but the wide one so wide that nothing is left for that; rows as high as their words."""
        columns, room = self.columnCount(), self.viewport().width()
        heads = self.horizontalHeader()
        for at in range(columns):
            wanted = max(self.sizeHintForColumn(at) + 4, heads.sectionSizeHint(at))
            fixed = QHeaderView.ResizeMode.Stretch if at == self._wide else QHeaderView.ResizeMode.Fixed
            heads.setSectionResizeMode(at, fixed)
            if at != self._wide:
                self.setColumnWidth(at, min(wanted, max(heads.sectionSizeHint(at), room // max(3, columns - 1))))
        for row in range(self.rowCount()):  # Qt's own way takes the height of a hidden head into account
            self.setRowHeight(row, max(theme.px(26), self.sizeHintForRow(row) + theme.px(4)))

    def whole_height(self) -> int:
        """What every row takes, with the heads."""
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        return self.horizontalHeader().sizeHint().height() + rows + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
        else:
            super().keyPressEvent(event)
