"""The growth chart on a screen: what the pointer and the arrow keys do on it."""

from math import hypot

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from healthvisit.ui import theme
from healthvisit.ui.growth_plot import (
    DARK_COLOURS,
    LIGHT_COLOURS,
    PAPER_COLOURS,
    ChartColours,
    ChartData,
    ChartPoint,
    HitPoint,
    paint,
    paint_tip,
    plain_number,
    x_unit,
)

__all__ = [
    "DARK_COLOURS",
    "LIGHT_COLOURS",
    "PAPER_COLOURS",
    "ChartColours",
    "ChartData",
    "ChartPoint",
    "GrowthChart",
    "HitPoint",
    "paint",
    "paint_tip",
    "plain_number",
    "x_unit",
]

REACH = 14  # px within which the pointer finds a dot


class GrowthChart(theme.Restyled, QWidget):
    """The chart on a screen. Left and right walk along the dots, Home and End jump; the pointer tells what a dot is.

    `moved` carries the index of the point that is stood on, so that the table's row can follow.
    """

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None, colours: ChartColours | None = None) -> None:
        super().__init__(parent)
        self._data: ChartData | None = None
        self._given = colours
        self._current: int | None = None
        self._hovered: int | None = None
        self._hits: list[HitPoint] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 200)
        self.restyle()

    def restyle(self) -> None:
        self._colours = self._given or ChartColours.of(theme.current().tokens)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(610, 400)

    def show_data(self, data: ChartData) -> None:
        """Show another chart; the place on it is kept where it has as many points."""
        self._data = data
        if self._current is not None and self._current >= len(data.points):
            self._current = None
        self._hovered = None
        self.setAccessibleName(data.title)
        self._tell()
        self.update()

    def points(self) -> tuple[ChartPoint, ...]:
        """The points shown."""
        return self._data.points if self._data is not None else ()

    @property
    def current(self) -> int | None:
        """Index of the point stood on."""
        return self._current

    @property
    def told(self) -> int | None:
        """Index of the point whose words stand on the chart: under the pointer, or stood on by the keyboard."""
        if self._hovered is not None:
            return self._hovered
        return self._current if self.hasFocus() else None

    def go(self, index: int) -> None:
        """Stand on a point, as when its row in the table is chosen. Says `moved` only where the place changes."""
        if self._data is None or not 0 <= index < len(self._data.points) or index == self._current:
            return
        self._current = index
        self._tell()
        self.update()
        self.moved.emit(index)

    def _tell(self) -> None:
        """Give a screen reader the words of the point stood on."""
        at = self._current
        self.setAccessibleDescription("" if self._data is None or at is None else self._data.tip(at))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colours.surface))
        if self._data is not None:
            area = QRectF(self.rect()).adjusted(4, 4, -4, -4)
            self._hits = paint(painter, area, self.font(), self._data, self._colours, self._current)
        if (told := self.told) is not None and self._data is not None:
            hit = next((hit for hit in self._hits if hit.point == told), None)
            if hit is not None:
                area = QRectF(self.rect()).adjusted(8, 8, -8, -8)
                paint_tip(painter, area, self.font(), self._data.tip(told), hit, self._colours)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._colours.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self._data.points) if self._data else 0
        at = self._current
        go = {
            Qt.Key.Key_Left: count - 1 if at is None else max(at - 1, 0),
            Qt.Key.Key_Right: 0 if at is None else min(at + 1, count - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }.get(Qt.Key(event.key()))
        if go is None or not count:
            super().keyPressEvent(event)
            return
        self.go(go)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (index := self._near(event.position())) is not None:
            self.go(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._near(event.position()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def _near(self, place: QPointF) -> int | None:
        """The dot under the pointer, or near enough."""
        distances = [(hypot(hit.x - place.x(), hit.y - place.y()), hit.point) for hit in self._hits]
        distance, index = min(distances, default=(REACH + 1, 0))
        return index if distance <= REACH else None
