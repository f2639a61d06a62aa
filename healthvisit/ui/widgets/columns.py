"""Things in columns of one width, as many as the author asked for or as fit."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from healthvisit.ui.widgets.layout import WidthLayout


class ColumnsLayout(WidthLayout):
    """Rows of `columns` things, all of one width; fewer where the narrowest thing would be squeezed.

    Args:
        columns: How many beside one another; 0 for as many as fit.
    """

    def __init__(self, columns: int = 0, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent, spacing)
        self._wanted = columns

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def arrange(self, rect: QRect, *, place: bool) -> int:
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
