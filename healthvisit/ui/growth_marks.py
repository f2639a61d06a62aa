"""The points of a growth chart: dots, crosses, what was taken off, the ring and its date."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPolygonF

from healthvisit.ui.growth_figure import ChartPoint, HitPoint
from healthvisit.ui.growth_lines import Plot


class Marks:
    """Draws the points of a chart onto its plot."""

    def __init__(self, plot: Plot) -> None:
        self.plot, self.painter = plot, plot.painter
        self.data, self.colours = plot.data, plot.colours

    def draw(self, current: int | None) -> list[HitPoint]:
        """Dots, crosses, the ring and its date."""
        hits = []
        signed = [index for index, point in enumerate(self.data.points) if not point.draft and not point.flagged]
        for index, point in enumerate(self.data.points):
            if not self.data.start <= point.x <= self.data.stop:
                continue
            inside = min(
                max(point.value, self.plot.low), self.plot.high
            )  # a flagged value beyond the chart stands at its edge
            place = self.plot.at(point.x, inside)
            hits.append(HitPoint(index, place.x(), place.y()))
            judged = inside if point.judged is None else min(max(point.judged, self.plot.low), self.plot.high)
            if point.corrected_x is not None and point.corrected_x >= self.data.start:
                self._draw_corrected(place, self.plot.at(point.corrected_x, judged))
            elif point.judged is not None:
                self._draw_judged(place, self.plot.at(point.x, judged))
            if index == current:
                self.painter.setPen(self.plot.pen(self.colours.focus, 2))
                self.painter.setBrush(Qt.BrushStyle.NoBrush)
                self.painter.drawEllipse(place, 12, 12)
            self._draw_dot(point, place)
        if signed and (last := next((hit for hit in hits if hit.point == signed[-1]), None)):
            self.painter.setPen(self.plot.pen(self.colours.dot, 1.6))
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.drawEllipse(QPointF(last.x, last.y), 8, 8)
            self._draw_date(last, hits, self.data.points[last.point].label)
        return hits

    def _draw_corrected(self, dot: QPointF, cross: QPointF) -> None:
        self.painter.setPen(self.plot.pen(self.colours.dot, 1.4))
        self.painter.drawLine(dot, cross)
        for way in (QPointF(4.5, 4.5), QPointF(4.5, -4.5)):
            self.painter.drawLine(cross - way, cross + way)

    def _draw_judged(self, dot: QPointF, bar: QPointF) -> None:
        self.painter.setPen(self.plot.pen(self.colours.dot, 1.4))
        self.painter.drawLine(dot, bar)
        self.painter.drawLine(bar - QPointF(8, 0), bar + QPointF(8, 0))

    def _draw_check(self, place: QPointF) -> None:
        """The word beside a value that nobody believes yet: grey alone says nothing."""
        words = self.data.check_title
        wide, line = self.plot.width_of(words), self.plot.line
        left = place.x() + 10 if place.x() + 10 + wide <= self.plot.area.right() else place.x() - 10 - wide
        top = min(max(place.y() - line / 2, self.plot.area.top()), self.plot.area.bottom() - line)
        box = QRectF(left, top, wide, line)
        self.plot.text(box, Qt.AlignmentFlag.AlignLeft, words, self.colours.flagged)

    def _draw_dot(self, point: ChartPoint, place: QPointF) -> None:
        hollow = point.draft or point.flagged
        self.painter.setPen(self.plot.pen(self.colours.flagged if point.flagged else self.colours.dot, 1.8))
        self.painter.setBrush(QColor(self.colours.surface if hollow else self.colours.dot))
        if point.flagged:
            corners = (QPointF(0, -6), QPointF(6, 5), QPointF(-6, 5))
            self.painter.drawPolygon(QPolygonF([place + corner for corner in corners]))
            self._draw_check(place)
        else:
            self.painter.drawEllipse(place, 4.5, 4.5)

    def _draw_date(self, ring: HitPoint, hits: list[HitPoint], text: str) -> None:
        """Beside the ring, where it covers no other dot and stays on the chart."""
        if not text:
            return
        wide, high = self.plot.width_of(text) + 8, self.plot.line + 2
        corners = [(12, -high - 4), (12, 4), (-12 - wide, -high - 4), (-12 - wide, 4), (12, -high / 2)]
        boxes = [QRectF(ring.x + right, ring.y + down, wide, high) for right, down in corners]

        def badness(box: QRectF) -> float:
            outside = wide * high - _overlap(box, self.plot.area)
            near = sum(box.adjusted(-7, -7, 7, 7).contains(hit.x, hit.y) for hit in hits if hit != ring)
            hidden = sum(box.contains(place) for place in self.plot.drawn)
            return outside + near * wide * high + 10 * hidden

        box = min(boxes, key=badness)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.colours.surface))
        self.painter.drawRoundedRect(box, 4, 4)
        self.plot.text(box, Qt.AlignmentFlag.AlignCenter, text, self.colours.dot)


def _overlap(one: QRectF, other: QRectF) -> float:
    shared = one.intersected(other)
    return shared.width() * shared.height()
