"""The chart of motor windows on a screen: up and down walk along the bars, the pointer tells what a bar is."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from healthvisit.ui import theme
from healthvisit.ui.development.motor_plot import MotorColours, MotorData, RowHit, paint_motor
from healthvisit.ui.growth_figure import PAPER_COLOURS, ChartColours
from healthvisit.ui.growth_plot import paint_tip

ROW_PX, AROUND_PX = 30, 68
PAPER = MotorColours(base=PAPER_COLOURS, bar="#E6E6E6", edge="#000000", late="#000000")


def screen_colours() -> MotorColours:
    """The chart in the look in use."""
    tokens = theme.current().tokens
    return MotorColours(
        base=ChartColours.of(tokens), bar=tokens.primary_tint, edge=tokens.control, late=tokens.warn
    )  # fmt: skip


class MotorChart(theme.Restyled, QWidget):
    """The chart. `moved` carries the bar stood on, so that the table's row can follow."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._data: MotorData | None = None
        self._current: int | None = None
        self._hovered: int | None = None
        self._hits: list[RowHit] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.restyle()

    def restyle(self) -> None:
        """Follow the look and the text size."""
        self._colours = screen_colours()
        self.setFont(theme.font(13))
        self.setMinimumSize(theme.px(300), theme.px(6 * 28 + AROUND_PX))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(610), theme.px(6 * ROW_PX + AROUND_PX))

    def show_data(self, data: MotorData) -> None:
        """Show another child's chart, or the same anew."""
        self._data, self._hovered = data, None
        self.setAccessibleName(data.title)
        self._tell()
        self.update()

    @property
    def current(self) -> int | None:
        """The bar stood on."""
        return self._current

    @property
    def told(self) -> int | None:
        """The bar whose words stand on the chart."""
        if self._hovered is not None:
            return self._hovered
        return self._current if self.hasFocus() else None

    def go(self, index: int) -> None:
        """Stand on a bar; `moved` only where the place changes."""
        if self._data is not None and 0 <= index < len(self._data.bars) and index != self._current:
            self._current = index
            self._tell()
            self.update()
            self.moved.emit(index)

    def _tell(self) -> None:
        bars = self._data.bars if self._data else ()
        said = bars[self._current].tip if self._current is not None and self._current < len(bars) else ""
        self.setAccessibleDescription(said or "; ".join(bar.tip for bar in bars))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colours.base.surface))
        if self._data is not None:
            area = QRectF(self.rect()).adjusted(8, 6, -6, -4)
            current = self._current if self.hasFocus() else None
            self._hits = paint_motor(painter, area, self.font(), self._data, self._colours, current)
            if (told := self.told) is not None and told < len(self._hits):
                inside = QRectF(self.rect()).adjusted(8, 8, -8, -8)
                hit = self._hits[told].mark
                paint_tip(painter, inside, self.font(), self._data.bars[told].tip, hit, self._colours.base)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._colours.base.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last, at = len(self._data.bars) - 1 if self._data else -1, self._current
        go = {
            Qt.Key.Key_Up: last if at is None else max(at - 1, 0),
            Qt.Key.Key_Down: 0 if at is None else min(at + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if go is None or last < 0:
            super().keyPressEvent(event)
        else:
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
        return next((at for at, hit in enumerate(self._hits) if hit.row.contains(place)), None)
