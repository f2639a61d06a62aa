"""WHO's windows of six motor milestones as bars in months, with the child on them: one drawing for screen and paper.

A bar spans the 1st to the 99th percentile. A filled dot is a milestone reached (its span of ages as a line before it),
a hollow one a check at which it was not there yet. The child's age is a line down all bars, corrected beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from healthvisit.ui.growth_figure import ChartColours, HitPoint, plain_number

LEAST_MONTHS, MOST_MONTHS = 20, 27
NAME_SHARE = 0.27
UNSURE_MONTHS = 1.5  # length of the dotted line before a milestone of which only "by then" is known
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorBar:
    """One milestone. `low`, `high` its window; `reached` the span of ages in months; `missing` where it was not there.

    `tip` is what pointer and keys tell; `is_late` draws the mark in the colour of a warning, beside the words.
    """

    code: str
    name: str
    low: float
    high: float
    reached: tuple[float, float] | None = field(default=None, repr=False)
    missing: float | None = field(default=None, repr=False)
    is_late: bool = field(default=False, repr=False)
    tip: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorData:
    """One child's chart; every text is in the reader's language.

    `lines` are (months, words): the age it is judged by first. `title` is told to screen readers; `x_title` names the
    foot's unit.
    """

    bars: tuple[MotorBar, ...] = field(repr=False)
    lines: tuple[tuple[float, str], ...] = field(default=(), repr=False)
    title: str = field(default="", repr=False)
    x_title: str = ""
    number: Callable[[float, int], str] = field(default=plain_number, repr=False)


class MotorColours(NamedTuple):
    """What the chart is drawn with beside the growth chart's colours."""

    base: ChartColours
    bar: str
    edge: str
    late: str


class RowHit(NamedTuple):
    """Where a bar lies and where its mark is."""

    row: QRectF
    mark: HitPoint


def paint_motor(
    painter: QPainter, rect: QRectF, font: QFont, data: MotorData, colours: MotorColours, current: int | None = None
) -> list[RowHit]:
    """Draw the bars into `rect`; says where each lies. Logical units; for paper, scale the painter."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    plot = _Plot(painter, rect, font, data, colours)
    plot.grid()
    hits = [plot.bar(at, bar, is_current=at == current) for at, bar in enumerate(data.bars)]
    plot.ages()
    painter.restore()
    return hits


class _Plot:
    def __init__(self, painter: QPainter, rect: QRectF, font: QFont, data: MotorData, colours: MotorColours) -> None:
        self.painter, self.data, self.colours = painter, data, colours
        self.metrics = QFontMetricsF(font)
        self.line = self.metrics.height()
        beyond = [m for bar in data.bars for m in (bar.reached or ()) + ((bar.missing,) if bar.missing else ())]
        ages = [months for months, _words in data.lines]
        self.stop = min(MOST_MONTHS, max(LEAST_MONTHS, ceil(max([*beyond, *ages], default=0)) + 1))
        names = rect.width() * NAME_SHARE
        self.spans = self.metrics.horizontalAdvance("00.0–00.0") + 12
        self.names = QRectF(rect.left(), rect.top(), names - 6, rect.height())
        names += self.spans
        head = self.line * len(data.lines) + 6
        self.area = rect.adjusted(names, head, -self.metrics.horizontalAdvance("00") - 4, -(2 * self.line + 8))
        self.row = self.area.height() / max(1, len(data.bars))

    def x(self, months: float) -> float:
        return self.area.left() + min(max(months, 0.0), self.stop) / self.stop * self.area.width()

    def _pen(self, colour: str, width: float = 1.0, dash: tuple[float, float] | None = None) -> QPen:
        pen = QPen(QColor(colour), width)
        if dash:
            pen.setDashPattern([part / width for part in dash])
        return pen

    def grid(self) -> None:
        area, base = self.area, self.colours.base
        self.painter.fillRect(area, QColor(base.surface))
        for months in range(0, self.stop + 1, 2):
            at = self.x(months)
            self.painter.setPen(self._pen(base.grid))
            self.painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            self.painter.setPen(QColor(base.text))
            box = QRectF(at - 20, area.bottom() + 4, 40, self.line)
            self.painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, self.data.number(months, 0))
        below = QRectF(area.left(), area.bottom() + self.line + 4, area.width(), self.line)
        self.painter.drawText(below, Qt.AlignmentFlag.AlignRight, self.data.x_title)

    def bar(self, at: int, bar: MotorBar, *, is_current: bool) -> RowHit:
        base, top = self.colours.base, self.area.top() + at * self.row
        middle, half = top + self.row / 2, min(self.row * 0.30, self.line * 0.62)
        self.painter.setPen(QColor(base.dot if is_current else base.text))
        self.painter.drawText(QRectF(self.names.left(), top, self.names.width(), self.row), _WRAP, bar.name)
        span = f"{self.data.number(bar.low, 1)}–{self.data.number(bar.high, 1)}"
        self.painter.drawText(
            QRectF(self.names.right() + 6, top, self.spans - 14, self.row),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, span,
        )  # fmt: skip
        self.painter.setPen(self._pen(base.grid))
        self.painter.drawLine(QPointF(self.names.left(), top + self.row), QPointF(self.area.right(), top + self.row))
        box = QRectF(self.x(bar.low), middle - half, self.x(bar.high) - self.x(bar.low), 2 * half)
        self.painter.setPen(self._pen(base.focus if is_current else self.colours.edge, 2 if is_current else 1.2))
        self.painter.setBrush(QColor(self.colours.bar))
        self.painter.drawRoundedRect(box, 4, 4)
        mark = self._mark(bar, middle)
        place = QPointF(box.center().x(), middle) if mark is None else mark
        row = QRectF(self.names.left(), top, self.area.right() - self.names.left(), self.row)
        return RowHit(row, HitPoint(at, place.x(), place.y()))

    def _mark(self, bar: MotorBar, middle: float) -> QPointF | None:
        ink = self.colours.late if bar.is_late else self.colours.base.dot
        if bar.reached is not None:
            low, high = bar.reached
            place = QPointF(self.x(high), middle)
            start = QPointF(self.x(low or max(0.0, high - UNSURE_MONTHS)), middle)
            self.painter.setPen(self._pen(ink, 2.4, None if low else (2.0, 3.0)))
            self.painter.drawLine(start, place)
            self._dot(place, ink, ink)
            return place
        if bar.missing is not None:
            place = QPointF(self.x(bar.missing), middle)
            self._dot(place, ink, self.colours.base.surface)
            return place
        return None

    def _dot(self, place: QPointF, edge: str, ground: str) -> None:
        self.painter.setPen(self._pen(edge, 2))
        self.painter.setBrush(QColor(ground))
        self.painter.drawEllipse(place, 5.5, 5.5)

    def ages(self) -> None:
        """The child's age down all bars, its words above; the first is the one that is judged by."""
        area, base = self.area, self.colours.base
        for at, (months, words) in enumerate(self.data.lines):
            x, top = self.x(months), area.top() - self.line * (at + 1) - 2
            self.painter.setPen(self._pen(base.dot, 1.8 if at == 0 else 1.2, None if at == 0 else (4.0, 3.0)))
            self.painter.drawLine(QPointF(x, top + self.line), QPointF(x, area.bottom()))
            wide = self.metrics.horizontalAdvance(words)
            left = x - (wide / 2 if len(self.data.lines) == 1 else wide + 3 if at == 0 else -3)
            left = min(max(self.names.left(), left), area.right() + 18 - wide)
            self.painter.setPen(QColor(base.dot))
            self.painter.drawText(QRectF(left, top, wide + 4, self.line), Qt.AlignmentFlag.AlignLeft, words)
