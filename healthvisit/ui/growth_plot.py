"""The growth chart: one drawing for screen, picture and paper.

Seven z-lines from -3 to +3, each with its number at its end and its own dash; dots not joined; the last one ringed,
with its date. A draft is hollow, an implausible z a grey triangle with its word, a corrected age a cross joined to its
dot, a length that the curve takes 0,7 cm longer or shorter a bar joined to it. At two years the lines step down,
because the child now stands; at 60 months WHO 2006 hands over to WHO 2007.
"""

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from healthvisit.ui.growth_figure import LIGHT_COLOURS, ChartColours, ChartData, HitPoint
from healthvisit.ui.growth_lines import Plot
from healthvisit.ui.growth_marks import Marks


class Drawn(NamedTuple):
    """Where the dots lie, and the rectangle between the axes."""

    hits: list[HitPoint]
    area: QRectF


def paint(
    painter: QPainter,
    rect: QRectF,
    font: QFont,
    data: ChartData,
    colours: ChartColours = LIGHT_COLOURS,
    current: int | None = None,
) -> list[HitPoint]:
    """Draw the chart into `rect` and say where each dot lies.

    All sizes are logical units (px on a screen at 100 %): for paper, scale the painter. `font` needs a pixel size.

    `current` is the index of the point that the pointer or keyboard stands on.
    """
    return draw(painter, rect, font, data, colours, current).hits


def draw(
    painter: QPainter,
    rect: QRectF,
    font: QFont,
    data: ChartData,
    colours: ChartColours = LIGHT_COLOURS,
    current: int | None = None,
) -> Drawn:
    """As `paint`; says as well where the axes are."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    plot = Plot(painter, rect, font, data, colours)
    plot.draw_grid()
    plot.draw_lines()
    hits = Marks(plot).draw(current)
    painter.restore()
    return Drawn(hits, plot.area)


def paint_tip(painter: QPainter, rect: QRectF, font: QFont, text: str, hit: HitPoint, colours: ChartColours) -> None:
    """Write what is said of one dot into a box above or below it, inside `rect`.

    Drawn, and no tool tip of Qt's: the arrow keys call it as well, and it stays while one stands on the dot.
    """
    metrics = QFontMetricsF(font)
    widest = QRectF(0, 0, rect.width() - 24, rect.height())
    wrap = int(Qt.TextFlag.TextWordWrap)
    box = metrics.boundingRect(widest, wrap, text).adjusted(-8, -5, 8, 5)
    gap = metrics.height() + 14  # leaves the last dot its date
    above = hit.y - gap - box.height()
    left = min(max(hit.x - box.width() / 2, rect.left()), rect.right() - box.width())
    box.moveTo(left, above if above >= rect.top() else hit.y + gap)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(QPen(QColor(colours.text), 1))
    painter.setBrush(QColor(colours.surface))
    painter.drawRoundedRect(box, 6, 6)
    painter.drawText(box, wrap | int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()
