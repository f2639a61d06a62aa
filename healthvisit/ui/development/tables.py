"""A table of facts: words break into lines, the last column takes what is left, Enter opens a row."""

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
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.verticalHeader().setMinimumSectionSize(theme.px(30))

    def show_rows(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show these."""
        held = list(rows)
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(list(heads))
        self.setRowCount(len(held))
        for at, cells in enumerate(held):
            for column, cell in enumerate(cells):
                self.setItem(at, column, QTableWidgetItem(cell))
        self.fit()

    def fit(self) -> None:
        """No column but the last wider than a third; the last takes the rest."""
        columns, room = self.columnCount(), self.viewport().width()
        heads = self.horizontalHeader()
        for at in range(columns - 1):
            wanted = max(self.sizeHintForColumn(at) + 4, heads.sectionSizeHint(at))
            heads.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(at, min(wanted, max(heads.sectionSizeHint(at), room // 3)))
        if columns:
            heads.setSectionResizeMode(columns - 1, QHeaderView.ResizeMode.Stretch)
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
        else:
            super().keyPressEvent(event)
