"""Two panes side by side; where the window is narrow the right one becomes a second tab, and nothing is lost."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from healthvisit.ui import theme

SIDE_BY_SIDE_PX = 1100


class Panes(theme.Restyled, QWidget):
    """Left and right pane in the ratio 5 : 6.

    Args:
        left: What the page is about; shown first where there is room for one.
        right: What belongs to it.
        stretch: The ratio of their widths.
    """

    def __init__(self, left: QWidget, right: QWidget, stretch: tuple[int, int] = (5, 6)) -> None:
        super().__init__()
        self._left, self._right, self._stretch = left, right, stretch
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab("")
        self.tabs.addTab("")
        self.tabs.currentChanged.connect(lambda _at: self._fit())
        self._row = QHBoxLayout()
        self._row.addWidget(left, stretch[0])
        self._row.addWidget(right, stretch[1])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._tab_row)
        column.addLayout(self._row, 1)
        for pane in (left, right):
            pane.setMinimumWidth(0)
        self.setFocusProxy(left)
        self.restyle()

    @property
    def is_narrow(self) -> bool:
        """Whether one pane is shown at a time."""
        return self.width() < theme.px(SIDE_BY_SIDE_PX)

    def name(self, left: str, right: str) -> None:
        """The words on the tabs."""
        self.tabs.setTabText(0, left)
        self.tabs.setTabText(1, right)

    def show_left(self) -> None:
        """Bring the left pane into sight."""
        self.tabs.setCurrentIndex(0)

    def show_right(self) -> None:
        """Bring the right pane into sight."""
        self.tabs.setCurrentIndex(1)

    def restyle(self) -> None:
        """Follow the text size."""
        self._row.setContentsMargins(theme.px(24), theme.px(8), theme.px(16), theme.px(12))
        self._row.setSpacing(theme.px(16))
        self._tab_row.setContentsMargins(theme.px(12), 0, 0, 0)  # a tab has 12 px of its own
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.is_narrow
        self.tabs.setVisible(narrow)
        self._left.setVisible(not narrow or self.tabs.currentIndex() == 0)
        self._right.setVisible(not narrow or self.tabs.currentIndex() == 1)
