"""Two panes side by side; where the window is narrow the right one becomes a second tab, and nothing is lost."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from healthvisit.ui import theme

SIDE_BY_SIDE_PX = 1100
TAB_PX = 24  # what a tab has around its words


class _Tabs(QTabBar):
    """Tabs as wide as their words in bold: Qt measures the plain ones, and cuts the tab that is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)

    def tabSizeHint(self, index: int) -> QSize:
        made = super().tabSizeHint(index)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        wanted = QFontMetrics(bold).horizontalAdvance(self.tabText(index)) + theme.px(TAB_PX)
        return QSize(max(made.width(), wanted), made.height())


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
        self.tabs = _Tabs()
        self.tabs.addTab("")
        self.tabs.addTab("")
        self.tabs.currentChanged.connect(lambda _at: self._fit())
        self._beside: QWidget | None = None
        self._is_beside: bool | None = None
        self._left_column = QVBoxLayout()
        self._left_column.addWidget(left, 1)
        self._row = QHBoxLayout()
        self._row.addLayout(self._left_column, stretch[0])
        self._row.addWidget(right, stretch[1])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self._tab_row.addStretch()
        column.addLayout(self._tab_row)
        column.addLayout(self._row, 1)
        for pane in (left, right):
            pane.setMinimumWidth(0)
        self.setFocusProxy(left)
        self.restyle()

    def beside(self, widget: QWidget) -> None:
        """`widget` stands over the left pane; beside the tabs where there are some, so that it costs no line."""
        self._beside = widget
        QWidget.setTabOrder(widget, self._left)
        self._fit()

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
        self._left_column.setSpacing(theme.px(8))
        self._tab_row.setContentsMargins(theme.px(12), 0, theme.px(16), 0)  # a tab has 12 px of its own
        self._tab_row.setSpacing(theme.px(16))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.is_narrow
        at_right = self.tabs.currentIndex() == 1
        coming, going = (self._right, self._left) if at_right else (self._left, self._right)
        follows = narrow and going.isAncestorOf(QApplication.focusWidget() or self)
        self.tabs.setVisible(narrow)
        self._left.setVisible(not narrow or not at_right)
        self._row.setStretch(0, 0 if self._left.isHidden() else self._stretch[0])  # a hidden pane keeps no room
        self._right.setVisible(not narrow or at_right)
        if self._beside is not None:
            self._place(self._beside, narrow=narrow)
        if follows:  # else it goes to a button outside, and the next Enter presses that
            coming.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self, widget: QWidget, *, narrow: bool) -> None:
        if self._is_beside is not narrow:
            self._is_beside = narrow
            if narrow:
                self._tab_row.addWidget(widget, 4)
            else:
                self._left_column.insertWidget(0, widget)
        widget.setVisible(self._left.isVisibleTo(self))
