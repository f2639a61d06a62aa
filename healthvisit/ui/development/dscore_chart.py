"""D-scores over age: one line a key, never joined across keys. Information; nothing on it is a bound."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from healthvisit.ui import theme
from healthvisit.ui.dates import number

HIGH, LEFT, FOOT, TOP, RIGHT = 190, 40, 40, 12, 90
LEAST_D, LEAST_MONTHS = 20, 6  # what the axes span at least
DOT = 4.0
TWO_YEARS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class DLine:
    """Scores of one key as (months, D), oldest first, and the key's name at its end; `few` are of too few answers."""

    name: str
    points: tuple[tuple[float, float], ...] = field(repr=False)
    few: bool = False


class DScoreChart(theme.Restyled, QWidget):
    """The chart; a screen reader hears `said`, and the table below holds the same numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[DLine, ...] = ()
        self._foot = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.setFixedHeight(theme.px(HIGH))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(360), theme.px(HIGH))

    def show_lines(self, lines: Sequence[DLine], *, foot: str, said: str) -> None:
        """Draw these; `foot` names the unit below."""
        self.lines, self._foot = tuple(lines), foot
        self.setAccessibleName(said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        points = [point for line in self.lines for point in line.points]
        if not points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(13))
        plot = _Plot(painter, QRectF(self.rect()), points)
        plot.grid(self._foot)
        for line in self.lines:
            plot.line(line)
        painter.end()


class _Plot:
    def __init__(self, painter: QPainter, rect: QRectF, points: Sequence[tuple[float, float]]) -> None:
        self.painter, self.tokens = painter, theme.current().tokens
        self.area = rect.adjusted(theme.px(LEFT), theme.px(TOP), -theme.px(RIGHT), -theme.px(FOOT))
        months, scores = [m for m, _d in points], [d for _m, d in points]
        self.first, self.last = _span(months, LEAST_MONTHS, step=3)
        self.low, self.high = _span(scores, LEAST_D, step=10)

    def at(self, months: float, d: float) -> QPointF:
        across = (months - self.first) / (self.last - self.first)
        up = (d - self.low) / (self.high - self.low)
        return QPointF(self.area.left() + across * self.area.width(), self.area.bottom() - up * self.area.height())

    def grid(self, foot: str) -> None:
        painter, area, line = self.painter, self.area, self.painter.fontMetrics().height()
        painter.fillRect(area, QColor(self.tokens.surface))
        for d in range(self.low, self.high + 1, 10):
            place = self.at(self.first, d)
            painter.setPen(QPen(QColor(self.tokens.line), 1))
            painter.drawLine(place, QPointF(area.right(), place.y()))
            painter.setPen(QColor(self.tokens.muted))
            box = QRectF(0, place.y() - line / 2, area.left() - 6, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(d))
        for months in range(self.first, self.last + 1, 3 if self.last - self.first <= TWO_YEARS else 6):
            place = self.at(months, self.low)
            box = QRectF(place.x() - 30, place.y() + 4, 60, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, number(months))
        below = QRectF(area.left(), area.bottom() + line + 4, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, foot)

    def line(self, line: DLine) -> None:
        painter, places = self.painter, [self.at(*point) for point in line.points]
        painter.setPen(QPen(QColor(self.tokens.primary), 1.6))
        if not line.few:
            for one, other in pairwise(places):
                painter.drawLine(one, other)
        painter.setBrush(QColor(self.tokens.surface if line.few else self.tokens.primary))
        for place in places:
            painter.drawEllipse(place, DOT, DOT)
        if line.name:
            painter.setPen(QColor(self.tokens.text))
            high = painter.fontMetrics().height()
            box = QRectF(places[-1].x() + 8, places[-1].y() - high / 2, theme.px(RIGHT) + 200, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, line.name)


def _span(values: Sequence[float], least: int, *, step: int) -> tuple[int, int]:
    """Round bounds around the values, at least so far apart."""
    low = int(min(values) // step) * step
    high = -int(-max(values) // step) * step
    return low, max(high, low + least)
