"""The ground of a growth chart: where things lie, gridlines, the seven lines, where the reference changes."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from healthvisit.growth import HEIGHT_FROM_DAY, LAST_DAY_2006, Z_LINES, ChartIndicator, Line, Sex, curve
from healthvisit.ui.growth_figure import BY_LENGTH, ChartColours, ChartData, plain_number, x_unit

DAYS_PER_MONTH, DAYS_PER_YEAR, DAYS_PER_WEEK = 30.4375, 365.25, 7
SAMPLES = 120  # points of a line
DASHES = {0: None, 1: (1.0, 3.0), 2: (7.0, 3.0), 3: (9.0, 3.0, 2.0, 3.0)}  # px; lines are told apart without colour
WIDTHS = {0: 1.0, 1: 1.2, 2: 1.4, 3: 1.6}
BAND = (-2, 2)
STANDS = ("length_for_age", "bmi_for_age")  # whose curves step where a child is measured standing
HANDED_OVER = ("length_for_age", "weight_for_age", "bmi_for_age")  # whose curves go on after 60 months


@lru_cache(maxsize=64)  # looking closer asks for many windows
def _lines(indicator: ChartIndicator, sex: Sex, start: float, stop: float) -> list[Line]:
    """The z-lines with x in days or cm."""
    if indicator not in BY_LENGTH:
        step = max(1, round((stop - start) / SAMPLES))
        return curve(indicator, sex, Z_LINES, floor(start), ceil(stop), step)
    lines = curve(indicator, sex, Z_LINES, floor(start * 10), ceil(stop * 10), 5)
    return [Line(line.z, tuple((mm / 10, kg) for mm, kg in line.points)) for line in lines]


class Plot:
    """Geometry of one drawing: what lies where in the rectangle."""

    def __init__(self, painter: QPainter, rect: QRectF, font: QFont, data: ChartData, colours: ChartColours) -> None:
        self.painter, self.data, self.colours = painter, data, colours
        self.metrics = QFontMetricsF(font)
        self.line = self.metrics.height()
        self.drawn: list[QPointF] = []  # where lines pass, for the date to keep clear of
        self.lines = _lines(data.indicator, data.sex, data.start, data.stop)
        self.low, self.high = self._span()
        self.y_step = _nice((self.high - self.low) / max(3.0, (rect.height() - 3 * self.line) / (2.4 * self.line)))
        fine = self.y_step / 5  # ends nearer to the lines than a gridline's distance: small charts need their height
        self.low, self.high = floor(self.low / fine) * fine, ceil(self.high / fine) * fine
        self.decimals = max(0, -floor(log10(self.y_step)))
        first, last = ceil(self.low / self.y_step - 0.01), floor(self.high / self.y_step + 0.01)
        self.y_ticks = [
            (at * self.y_step, data.number(at * self.y_step, self.decimals)) for at in range(first, last + 1)
        ]
        side = max(self.width_of(text) for _, text in self.y_ticks)
        self.area = rect.adjusted(side + 10, self.line + 4, -(self.width_of("+3") + 14), -(2 * self.line + 8))

    def width_of(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def _span(self) -> tuple[float, float]:
        """Lowest and highest value to show: all lines and every believable dot; a flagged one may lie outside."""
        data = self.data
        values = [y for line in self.lines for _, y in line.points]
        seen = [p for p in data.points if not p.flagged and data.start <= p.x <= data.stop]
        values += [value for p in seen for value in (p.value, p.judged) if value is not None]
        return (min(values), max(values)) if values else (0.0, 1.0)

    def at(self, x: float, y: float) -> QPointF:
        data, area = self.data, self.area
        across = (x - data.start) / (data.stop - data.start)
        up = (y - self.low) / (self.high - self.low)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def pen(self, colour: str, width: float = 1.0, dash: Sequence[float] | None = None) -> QPen:
        pen = QPen(QColor(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dash:
            pen.setDashPattern([part / width for part in dash])
        return pen

    def text(self, box: QRectF, flags: Qt.AlignmentFlag, text: str, colour: str) -> None:
        self.painter.setPen(QColor(colour))
        self.painter.drawText(box, flags | Qt.TextFlag.TextDontClip, text)

    def draw_grid(self) -> None:
        """Band, gridlines, numbers and units."""
        data, area, colours, line = self.data, self.area, self.colours, self.line
        self.painter.fillRect(area, QColor(colours.surface))
        self._draw_band()
        self._draw_before()
        for x, text in self._x_ticks():
            foot = self.at(x, self.low)
            self.painter.setPen(self.pen(colours.grid))
            self.painter.drawLine(foot, self.at(x, self.high))
            box = QRectF(foot.x() - 30, foot.y() + 4, 60, line)
            self.text(box, Qt.AlignmentFlag.AlignHCenter, text, colours.text)
        self.painter.setPen(self.pen(colours.grid))
        self.painter.drawLine(area.bottomLeft(), area.bottomRight())
        for y, text in self.y_ticks:
            left = self.at(data.start, y)
            self.painter.setPen(self.pen(colours.grid))
            self.painter.drawLine(left, self.at(data.stop, y))
            box = QRectF(left.x() - 106, left.y() - line / 2, 100, line)
            self.text(box, Qt.AlignmentFlag.AlignRight, text, colours.text)
        above = QRectF(area.left() - 6, area.top() - line - 6, area.width(), line)
        self.text(above, Qt.AlignmentFlag.AlignLeft, data.y_title, colours.text)
        below = QRectF(area.left(), area.bottom() + line + 5, area.width(), line)
        self.text(below, Qt.AlignmentFlag.AlignRight, data.x_title, colours.text)

    def _draw_before(self) -> None:
        """The weeks before a child was due: no curve there, and the words say why."""
        words = self.data.before_title
        if not words or self.data.start >= 0 or self.data.stop <= 0:
            return
        edge = self.at(0, self.low)
        room = QRectF(self.area.left(), self.area.top(), edge.x() - self.area.left(), self.area.height())
        self.painter.fillRect(room, QColor(self.colours.band))
        self.painter.setPen(self.pen(self.colours.text, 1, (2.0, 2.0)))
        self.painter.drawLine(edge, self.at(0, self.high))
        wide = self.width_of(words)
        box = QRectF(room.left() + 4, room.top() + 2, wide, self.line)
        if wide + 8 <= room.width():
            self.text(box, Qt.AlignmentFlag.AlignLeft, words, self.colours.text)
        elif wide < (self.area.right() - edge.x()) * 0.6:  # beside a narrow strip, where the lines are still low
            self.text(box.translated(room.width(), 0), Qt.AlignmentFlag.AlignLeft, words, self.colours.text)

    def _draw_band(self) -> None:
        """Shade from -2 to +2: where most children are."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.colours.band))
        low, high = ([line.points for line in self.lines if line.z == edge] for edge in BAND)
        for under, over in zip(low, high, strict=True):
            self.painter.drawPolygon(QPolygonF([self.at(*point) for point in (*under, *reversed(over))]))

    def _x_ticks(self) -> list[tuple[float, str]]:
        """Where vertical gridlines stand and what they say; as many as have room."""
        data = self.data
        unit = x_unit(data.indicator, data.start, data.stop)
        length = {"cm": 1.0, "weeks": DAYS_PER_WEEK, "months": DAYS_PER_MONTH, "years": DAYS_PER_YEAR}[unit]
        steps = {"months": (1, 2, 3, 6, 12), "weeks": (1, 2, 4), "years": (0.5, 1, 2, 5), "cm": (1, 2, 5, 10, 20)}
        room = (data.stop - data.start) / length * 3.2 * self.width_of("0") / self.area.width()
        step = next((step for step in steps[unit] if step >= room), steps[unit][-1])
        first, last = ceil(data.start / length / step - 0.01), floor(data.stop / length / step + 0.01)
        found = []
        for index in range(first, last + 1):
            count = index * step
            whole = count == int(count) and count >= 0  # half a year, and weeks before term, have their line alone
            words = data.number(count, 0) if whole else ""
            found.append((min(max(count * length, data.start), data.stop), words))
        return found

    def draw_lines(self) -> None:
        """The seven lines, where they step, and at each line's end its number."""
        ends: dict[int, QPointF] = {}
        for line in self.lines:
            kind = abs(line.z)
            self.painter.setPen(self.pen(self.colours.lines[kind], WIDTHS[kind], DASHES[kind]))
            drawn = [self.at(*point) for point in line.points]
            self.painter.drawPolyline(QPolygonF(drawn))
            self.drawn += drawn
            ends[line.z] = drawn[-1]
        self._draw_steps()
        tops = _apart([ends[z].y() for z in sorted(ends, reverse=True)], 0.88 * self.line, self.area.top())
        for z, middle in zip(sorted(ends, reverse=True), tops, strict=True):
            end, colour = ends[z], self.colours.lines[abs(z)]
            self.painter.setPen(self.pen(colour, 0.8))
            self.painter.drawLine(end + QPointF(1, 0), QPointF(end.x() + 6, middle))
            text = f"+{z}" if z > 0 else plain_number(z, 0)
            box = QRectF(end.x() + 8, middle - self.line / 2, 40, self.line)
            self.text(box, Qt.AlignmentFlag.AlignVCenter, text, colour if abs(z) != 1 else self.colours.text)

    def _draw_steps(self) -> None:
        data = self.data
        if data.lying_title and data.indicator in STANDS:
            foot = self.area.bottom() - self.line - 2
            self._draw_step(HEIGHT_FROM_DAY, foot, data.lying_title, data.standing_title)
        if data.handover_titles is not None and data.indicator in HANDED_OVER:
            self._draw_step(LAST_DAY_2006 + 1, self.area.top() + 2, *data.handover_titles)

    def _draw_step(self, day: int, row: float, before: str, after: str) -> None:
        """A line down the chart, and in one row a word on each side that has room for it."""
        data, area = self.data, self.area
        if not data.start < day < data.stop:
            return
        top = self.at(day, self.high)
        self.painter.setPen(self.pen(self.colours.text, 1, (2.0, 2.0)))
        self.painter.drawLine(top, self.at(day, self.low))
        for words, left, room in (
            (before, top.x() - 4 - self.width_of(before), top.x() - area.left()),
            (after, top.x() + 4, area.right() - top.x()),
        ):
            if self.width_of(words) + 6 <= room:
                box = QRectF(left, row, self.width_of(words), self.line)
                self.painter.fillRect(box, QColor(self.colours.surface))
                self.text(box, Qt.AlignmentFlag.AlignLeft, words, self.colours.text)


def _nice(rough: float) -> float:
    """The next step of 1, 2 or 5 times a power of ten."""
    power: float = 10.0 ** floor(log10(rough))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= rough * 0.999)


def _apart(wanted: list[float], gap: float, top: float) -> list[float]:
    """Places as near as may be to the `wanted` ones (rising), each `gap` or more from the last, none above `top`."""
    placed = list(wanted)
    for _ in range(50):
        for at in range(len(placed) - 1):
            push = max(0.0, (gap - (placed[at + 1] - placed[at])) / 2)
            placed[at] -= push
            placed[at + 1] += push
    down = max(0.0, top - placed[0]) if placed else 0.0
    return [place + down for place in placed]
