"""The growth chart: one drawing for screen, picture and paper.

Seven z-lines from -3 to +3, each with its number at its end and its own dash; dots not joined; the last one ringed,
with its date. A draft is hollow, an implausible z a grey triangle, a corrected age a cross joined to its dot. At two
years the lines step down, because the child now stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil, floor, log10
from typing import Literal, NamedTuple, Self

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from healthvisit.growth import HEIGHT_FROM_DAY, Z_LINES, ChartIndicator, Line, Sex, curve
from healthvisit.ui.tokens import DARK, LIGHT, Tokens

MINUS = "−"
DAYS_PER_MONTH, DAYS_PER_YEAR, DAYS_PER_WEEK = 30.4375, 365.25, 7
WEEKS_TO, MONTHS_TO = 100, 1100  # days shown: up to here the foot counts weeks, months; beyond, years
SAMPLES = 120  # points of a line
DASHES = {0: None, 1: (1.0, 3.0), 2: (7.0, 3.0), 3: (9.0, 3.0, 2.0, 3.0)}  # px; lines are told apart without colour
WIDTHS = {0: 1.0, 1: 1.2, 2: 1.4, 3: 1.6}
Unit = Literal["weeks", "months", "years", "cm"]
BAND = (-2, 2)
BY_LENGTH = ("weight_for_length", "weight_for_height")


def plain_number(value: float, decimals: int) -> str:
    """A number with a real minus sign; screens hand in their language's own."""
    return f"{value:.{decimals}f}".replace("-", MINUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """One measurement on the chart.

    Args:
        x: Age in days, or length in cm on the weight-for-length charts.
        value: kg, cm, kg/m² or mm, as the lines.
        label: The date, written as people read it; stands beside the last dot.
        tip: What the pointer or the arrow keys tell: exact age, value, z, in words.
        corrected_x: Corrected age in days, where the child was born before term.
        draft: Not signed yet.
    """

    x: float = field(repr=False)
    value: float = field(repr=False)
    z: float | None = field(default=None, repr=False)
    flagged: bool = False
    label: str = field(default="", repr=False)
    tip: str = field(default="", repr=False)
    corrected_x: float | None = field(default=None, repr=False)
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """One child's chart of one indicator; every text is already in the reader's language.

    Args:
        start: First day (or cm) shown.
        stop: Last day (or cm) shown.
        points: In order of x. One child's only.
        title: What the chart is ("Weight for age, girl"); told to screen readers, not drawn.
        x_title: Unit of the foot; see `x_unit`.
        y_title: Unit of the side ("kg").
        lying_title: Word left of the step at two years; empty draws no step mark.
        standing_title: Word right of it.
        number: Writes a number with so many decimals in the reader's language.
    """

    indicator: ChartIndicator
    sex: Sex
    start: float
    stop: float
    points: tuple[ChartPoint, ...] = field(default=(), repr=False)
    title: str = field(default="", repr=False)
    x_title: str = ""
    y_title: str = ""
    lying_title: str = ""
    standing_title: str = ""
    number: Callable[[float, int], str] = field(default=plain_number, repr=False)

    def tip(self, index: int) -> str:
        """What is said of one dot."""
        point = self.points[index]
        if point.tip:
            return point.tip
        z = "" if point.z is None else f"z {self.number(point.z, 2)}"
        return " · ".join(part for part in (point.label, f"{self.number(point.value, 2)} {self.y_title}", z) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartColours:
    """What the chart is drawn with, as ``#RRGGBB``. `lines` are those of the median, of 1, 2 and 3 SD."""

    surface: str
    band: str  # between -2 and +2
    grid: str
    text: str
    lines: tuple[str, str, str, str]
    dot: str
    flagged: str
    focus: str

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        """The chart in a theme's colours."""
        return cls(
            surface=tokens.surface,
            band=tokens.bg,
            grid=tokens.line,
            text=tokens.muted,
            lines=(tokens.muted, tokens.control, tokens.warn, tokens.danger),
            dot=tokens.primary,
            flagged=tokens.muted,
            focus=tokens.focus,
        )


LIGHT_COLOURS = ChartColours.of(LIGHT)
DARK_COLOURS = ChartColours.of(DARK)
PAPER_COLOURS = ChartColours(
    surface="#FFFFFF",
    band="#F4F4F4",
    grid="#CCCCCC",
    text="#000000",
    lines=("#000000",) * 4,
    dot="#000000",
    flagged="#666666",
    focus="#000000",
)


class HitPoint(NamedTuple):
    """Where the dot of `points[index]` was drawn, in the painter's logical units."""

    point: int
    x: float
    y: float


def x_unit(indicator: ChartIndicator, start: float, stop: float) -> Unit:
    """What the numbers at the foot count, so that the caller can name it in `x_title`."""
    if indicator in BY_LENGTH:
        return "cm"
    if stop - start <= WEEKS_TO and stop <= 2 * WEEKS_TO:
        return "weeks"
    return "months" if stop <= MONTHS_TO else "years"


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
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    plot = _Plot(painter, rect, font, data, colours)
    plot.draw_grid()
    plot.draw_lines()
    hits = plot.draw_points(current)
    painter.restore()
    return hits


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


@lru_cache(maxsize=16)
def _lines(indicator: ChartIndicator, sex: Sex, start: float, stop: float) -> list[Line]:
    """The z-lines with x in days or cm."""
    if indicator not in BY_LENGTH:
        step = max(1, round((stop - start) / SAMPLES))
        return curve(indicator, sex, Z_LINES, floor(start), ceil(stop), step)
    lines = curve(indicator, sex, Z_LINES, floor(start * 10), ceil(stop * 10), 5)
    return [Line(line.z, tuple((mm / 10, kg) for mm, kg in line.points)) for line in lines]


class _Plot:
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
        side = max(self._width(text) for _, text in self.y_ticks)
        self.area = rect.adjusted(side + 10, self.line + 4, -(self._width("+3") + 14), -(2 * self.line + 8))

    def _width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def _span(self) -> tuple[float, float]:
        """Lowest and highest value to show: all lines and every believable dot; a flagged one may lie outside."""
        values = [y for line in self.lines for _, y in line.points]
        values += [point.value for point in self.data.points if not point.flagged]
        return (min(values), max(values)) if values else (0.0, 1.0)

    def at(self, x: float, y: float) -> QPointF:
        data, area = self.data, self.area
        across = (x - data.start) / (data.stop - data.start)
        up = (y - self.low) / (self.high - self.low)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def _pen(self, colour: str, width: float = 1.0, dash: Sequence[float] | None = None) -> QPen:
        pen = QPen(QColor(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dash:
            pen.setDashPattern([part / width for part in dash])
        return pen

    def _text(self, box: QRectF, flags: Qt.AlignmentFlag, text: str, colour: str) -> None:
        self.painter.setPen(QColor(colour))
        self.painter.drawText(box, flags | Qt.TextFlag.TextDontClip, text)

    def draw_grid(self) -> None:
        """Band, gridlines, numbers and units."""
        data, area, colours, line = self.data, self.area, self.colours, self.line
        self.painter.fillRect(area, QColor(colours.surface))
        self._draw_band()
        for x, text in self._x_ticks():
            foot = self.at(x, self.low)
            self.painter.setPen(self._pen(colours.grid))
            self.painter.drawLine(foot, self.at(x, self.high))
            box = QRectF(foot.x() - 30, foot.y() + 4, 60, line)
            self._text(box, Qt.AlignmentFlag.AlignHCenter, text, colours.text)
        self.painter.setPen(self._pen(colours.grid))
        self.painter.drawLine(area.bottomLeft(), area.bottomRight())
        for y, text in self.y_ticks:
            left = self.at(data.start, y)
            self.painter.setPen(self._pen(colours.grid))
            self.painter.drawLine(left, self.at(data.stop, y))
            box = QRectF(left.x() - 106, left.y() - line / 2, 100, line)
            self._text(box, Qt.AlignmentFlag.AlignRight, text, colours.text)
        above = QRectF(area.left() - 6, area.top() - line - 6, area.width(), line)
        self._text(above, Qt.AlignmentFlag.AlignLeft, data.y_title, colours.text)
        below = QRectF(area.left(), area.bottom() + line + 5, area.width(), line)
        self._text(below, Qt.AlignmentFlag.AlignRight, data.x_title, colours.text)

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
        room = (data.stop - data.start) / length * 3.2 * self._width("0") / self.area.width()
        step = next((step for step in steps[unit] if step >= room), steps[unit][-1])
        first, last = ceil(data.start / length / step - 0.01), floor(data.stop / length / step + 0.01)
        found = []
        for index in range(first, last + 1):
            count = index * step
            words = data.number(count, 0) if count == int(count) else ""  # half a year has its line, without a number
            found.append((min(max(count * length, data.start), data.stop), words))
        return found

    def draw_lines(self) -> None:
        """The seven lines, the step at two years, and at each line's end its number."""
        self._draw_step()
        ends: dict[int, QPointF] = {}
        for line in self.lines:
            kind = abs(line.z)
            self.painter.setPen(self._pen(self.colours.lines[kind], WIDTHS[kind], DASHES[kind]))
            drawn = [self.at(*point) for point in line.points]
            self.painter.drawPolyline(QPolygonF(drawn))
            self.drawn += drawn
            ends[line.z] = drawn[-1]
        tops = _apart([ends[z].y() for z in sorted(ends, reverse=True)], 0.88 * self.line, self.area.top())
        for z, middle in zip(sorted(ends, reverse=True), tops, strict=True):
            end, colour = ends[z], self.colours.lines[abs(z)]
            self.painter.setPen(self._pen(colour, 0.8))
            self.painter.drawLine(end + QPointF(1, 0), QPointF(end.x() + 6, middle))
            text = f"+{z}" if z > 0 else plain_number(z, 0)
            box = QRectF(end.x() + 8, middle - self.line / 2, 40, self.line)
            self._text(box, Qt.AlignmentFlag.AlignVCenter, text, colour if abs(z) != 1 else self.colours.text)

    def _draw_step(self) -> None:
        data, area = self.data, self.area
        if not data.lying_title or not data.start < HEIGHT_FROM_DAY < data.stop:
            return
        top = self.at(HEIGHT_FROM_DAY, self.high)
        self.painter.setPen(self._pen(self.colours.text, 1, (2.0, 2.0)))
        self.painter.drawLine(top, self.at(HEIGHT_FROM_DAY, self.low))
        for words, flags, left in (
            (data.lying_title, Qt.AlignmentFlag.AlignRight, top.x() - 204),
            (data.standing_title, Qt.AlignmentFlag.AlignLeft, top.x() + 4),
        ):
            box = QRectF(left, area.bottom() - self.line - 2, 200, self.line)
            self._text(box, flags, words, self.colours.text)

    def draw_points(self, current: int | None) -> list[HitPoint]:
        """Dots, crosses, the ring and its date."""
        hits = []
        signed = [index for index, point in enumerate(self.data.points) if not point.draft and not point.flagged]
        for index, point in enumerate(self.data.points):
            if not self.data.start <= point.x <= self.data.stop:
                continue
            inside = min(max(point.value, self.low), self.high)  # a flagged value beyond the chart stands at its edge
            place = self.at(point.x, inside)
            hits.append(HitPoint(index, place.x(), place.y()))
            if point.corrected_x is not None and point.corrected_x >= self.data.start:
                self._draw_corrected(place, self.at(point.corrected_x, inside))
            if index == current:
                self.painter.setPen(self._pen(self.colours.focus, 2))
                self.painter.setBrush(Qt.BrushStyle.NoBrush)
                self.painter.drawEllipse(place, 12, 12)
            self._draw_dot(point, place)
        if signed and (last := next((hit for hit in hits if hit.point == signed[-1]), None)):
            self.painter.setPen(self._pen(self.colours.dot, 1.6))
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.drawEllipse(QPointF(last.x, last.y), 8, 8)
            self._draw_date(last, hits, self.data.points[last.point].label)
        return hits

    def _draw_corrected(self, dot: QPointF, cross: QPointF) -> None:
        self.painter.setPen(self._pen(self.colours.dot, 1.4))
        self.painter.drawLine(dot, cross)
        for way in (QPointF(4.5, 4.5), QPointF(4.5, -4.5)):
            self.painter.drawLine(cross - way, cross + way)

    def _draw_dot(self, point: ChartPoint, place: QPointF) -> None:
        hollow = point.draft or point.flagged
        self.painter.setPen(self._pen(self.colours.flagged if point.flagged else self.colours.dot, 1.8))
        self.painter.setBrush(QColor(self.colours.surface if hollow else self.colours.dot))
        if point.flagged:
            corners = (QPointF(0, -6), QPointF(6, 5), QPointF(-6, 5))
            self.painter.drawPolygon(QPolygonF([place + corner for corner in corners]))
        else:
            self.painter.drawEllipse(place, 4.5, 4.5)

    def _draw_date(self, ring: HitPoint, hits: list[HitPoint], text: str) -> None:
        """Beside the ring, where it covers no other dot and stays on the chart."""
        if not text:
            return
        wide, high = self._width(text) + 8, self.line + 2
        corners = [(12, -high - 4), (12, 4), (-12 - wide, -high - 4), (-12 - wide, 4), (12, -high / 2)]
        boxes = [QRectF(ring.x + right, ring.y + down, wide, high) for right, down in corners]

        def badness(box: QRectF) -> float:
            outside = wide * high - _overlap(box, self.area)
            near = sum(box.adjusted(-7, -7, 7, 7).contains(hit.x, hit.y) for hit in hits if hit != ring)
            hidden = sum(box.contains(place) for place in self.drawn)
            return outside + near * wide * high + 10 * hidden

        box = min(boxes, key=badness)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.colours.surface))
        self.painter.drawRoundedRect(box, 4, 4)
        self._text(box, Qt.AlignmentFlag.AlignCenter, text, self.colours.dot)


def _overlap(one: QRectF, other: QRectF) -> float:
    shared = one.intersected(other)
    return shared.width() * shared.height()


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
