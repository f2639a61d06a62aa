"""Things in columns of one width, as many as the author asked for or as fit."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from healthvisit.ui import theme


class ColumnsLayout(QLayout):
    """Rows of `columns` things, all of one width; fewer where the narrowest thing would be squeezed.

    Args:
        columns: How many beside one another; 0 for as many as fit.
    """

    def __init__(self, columns: int = 0, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width: a page asks many times for each that it draws
        self._wanted = columns
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme.px(spacing))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._heights.clear()

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        if not self._items:
            return 0
        gap = self.spacing()
        least = max(item.minimumSize().width() for item in self._items)
        fitting = max(1, (rect.width() + gap) // (least + gap))
        widest = max(item.sizeHint().width() for item in self._items)
        wanted = self._wanted or max(1, (rect.width() + gap) // (widest + gap))
        columns = min(wanted, fitting, len(self._items))
        width = (rect.width() - gap * (columns - 1)) // columns
        y = rect.y()
        for first in range(0, len(self._items), columns):
            row = self._items[first : first + columns]
            heights = [i.heightForWidth(width) if i.hasHeightForWidth() else i.sizeHint().height() for i in row]
            if place:
                for at, item in enumerate(row):
                    item.setGeometry(QRect(rect.x() + at * (width + gap), y, width, max(heights)))
            y += max(heights) + gap
        return y - gap - rect.y()
