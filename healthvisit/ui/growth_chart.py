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
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from healthvisit.ui import theme
from healthvisit.ui.growth_figure import (
    BY_LENGTH,
    DARK_COLOURS,
    LIGHT_COLOURS,
    PAPER_COLOURS,
    ChartColours,
    ChartData,
    ChartPoint,
    HitPoint,
    plain_number,
    x_unit,
)
from healthvisit.ui.growth_plot import draw, paint, paint_tip

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
NARROWEST, NARROWEST_CM = 28, 5  # days and centimetres that are still shown when one looks closer
CLOSER, STEP = 0.6, 0.2  # what one key leaves of the width, and how much of it an arrow moves
WHEEL_NOTCH = 120


class GrowthChart(theme.Restyled, QWidget):
    """The chart on a screen. Left and right walk along the dots, Home and End jump; the pointer tells what a dot is.

    Wheel, + and - look closer, 0 shows the whole again; Shift with an arrow, or the pressed mouse, moves along.

    Args:
        parent: As of every widget.
        colours: The theme's where left out.
        zooms: Whether one can look closer; a small chart beside a form leaves the wheel to the page it stands on.

    `moved` carries the index of the point that is stood on, so that the table's row can follow; `zoomed` whether only
    a part is shown.
    """

    moved = Signal(int)
    zoomed = Signal(bool)

    def __init__(
        self, parent: QWidget | None = None, colours: ChartColours | None = None, *, zooms: bool = True
    ) -> None:
        super().__init__(parent)
        self._data: ChartData | None = None
        self._whole: ChartData | None = None
        self._zooms = zooms
        self._area = QRectF()
        self._dragged: float | None = None
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
        """Show another chart, whole; one of the same range and measure is looked at as closely as the last.

        The place on it is kept where it has as many points.
        """
        before, whole = self._data, self._whole
        self._data = self._whole = data
        if before is not None and whole is not None and whole.child == data.child and _range(whole) == _range(data):
            self._data = data.between(before.start, before.stop)
        if before is not None and before.child != data.child:
            self._current = None
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
        self._bring_into_sight(self._data.points[index].x)
        self._tell()
        self.update()
        self.moved.emit(index)

    # looking closer

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the chart is shown."""
        return self._data is not None and self._whole is not None and _range(self._data) != _range(self._whole)

    def closer(self) -> None:
        """Look closer at the point stood on, else at the newest, else at the middle."""
        self._zoom(CLOSER)

    def further(self) -> None:
        """Show more again."""
        self._zoom(1 / CLOSER)

    def whole(self) -> None:
        """Show the whole chart again."""
        if self._whole is not None:
            self._show(self._whole.start, self._whole.stop)

    def _zoom(self, factor: float, at: float | None = None) -> None:
        data = self._data
        if data is None or not self._zooms:
            return
        if at is None:
            seen = [point.x for point in data.points if data.start <= point.x <= data.stop]
            stood_on = data.points[self._current].x if self._current is not None else None
            at = stood_on if stood_on in seen else seen[-1] if seen else (data.start + data.stop) / 2
        narrowest = NARROWEST_CM if data.indicator in BY_LENGTH else NARROWEST
        width = max((data.stop - data.start) * factor, narrowest)
        left = at - (at - data.start) * width / (data.stop - data.start)
        self._show(left, left + width)

    def _move(self, by: float) -> None:
        if self._data is not None and self.is_zoomed:
            self._show(self._data.start + by, self._data.stop + by)

    def _show(self, start: float, stop: float) -> None:
        """Show this part, kept inside the whole; whole days, so that lines are worked out once."""
        whole, before = self._whole, self._data
        if whole is None or before is None:
            return
        width = min(stop - start, whole.stop - whole.start)
        start = min(max(start, whole.start), whole.stop - width)
        begin, end = (start, start + width) if whole.indicator in BY_LENGTH else (round(start), round(start + width))
        if (begin, end) == (before.start, before.stop):
            return
        self._data = whole.between(begin, end)
        self._hovered = None
        self.update()
        self.zoomed.emit(self.is_zoomed)

    def _bring_into_sight(self, x: float) -> None:
        data = self._data
        if data is not None and self.is_zoomed and not data.start <= x <= data.stop:
            half = (data.stop - data.start) / 2
            self._show(x - half, x + half)

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
            self._hits, self._area = draw(painter, area, self.font(), self._data, self._colours, self._current)
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
        if self._zooms and self._zoomed_by_key(event):
            return
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

    def _zoomed_by_key(self, event: QKeyEvent) -> bool:
        data = self._data
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if (
            event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
            or data is None
        ):
            return False
        if shifted and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            way = 1 if event.key() == Qt.Key.Key_Right else -1
            self._move(way * STEP * (data.stop - data.start))
            return True
        deed = {"+": self.closer, "=": self.closer, "-": self.further, "_": self.further, "0": self.whole}
        if (found := deed.get(event.text())) is None:
            return False
        found()
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() / WHEEL_NOTCH
        if not self._zooms or self._data is None or not turned or not self._area.width():
            super().wheelEvent(event)
            return
        data = self._data
        across = (event.position().x() - self._area.left()) / self._area.width()
        self._zoom(CLOSER**turned, data.start + min(max(across, 0), 1) * (data.stop - data.start))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (index := self._near(event.position())) is not None:
            self.go(index)
        elif self.is_zoomed:
            self._dragged = event.position().x()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._dragged = None
        self.unsetCursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        data = self._data
        if self._dragged is not None and data is not None and self._area.width():
            days = (self._dragged - event.position().x()) / self._area.width() * (data.stop - data.start)
            if data.indicator in BY_LENGTH or abs(days) >= 1:  # less than a day is kept for the next move
                self._move(days)
                self._dragged = event.position().x()
            return
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


def _range(data: ChartData) -> tuple[str, str, float, float]:
    return data.indicator, data.sex, data.start, data.stop
