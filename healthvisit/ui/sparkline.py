"""A child's last weights as a mark of 96 × 24 px for a list: where they lay from -3 to +3, and which way they go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from healthvisit.growth import standard_at
from healthvisit.services.caseload import GrowthPoint
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_words import class_of, score_of
from healthvisit.ui.dates import z_text
from healthvisit.ui.i18n import ngettext
from healthvisit.ui.tokens import Tokens
from healthvisit.ui.widgets.rows import Mark

WIDE, HIGH = 96, 24
MOST, REACH, BAND = 8, 3.5, 2  # dots; z at the edges; as expected between
EDGE, DOT, LAST = 4.0, 1.8, 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The believable weights for age of one child: (day, z, what it was judged by), oldest first; and the sentence."""

    dots: tuple[tuple[int, float, str], ...] = field(repr=False)
    said: str = field(repr=False)


def spark_of(points: Sequence[GrowthPoint]) -> Spark | None:
    """The mark of a child's growth; None without two weights that can be judged. Flagged ones take no part."""
    held = [
        (p, z) for p in points if not (score := score_of(p, "weight_for_age")).flagged and (z := score.z) is not None
    ]
    held = held[-MOST:]
    if len(held) < 2:  # noqa: PLR2004 -- one dot shows no way
        return None
    last, z = held[-1]
    said = ngettext(
        "Weight for age, {n} weighing: z {first} to {last}, {finding}",
        "Weight for age, {n} weighings: z {first} to {last}, {finding}",
        len(held),
    ).format(
        n=len(held), first=z_text(held[0][1]), last=z_text(z),
        finding=words.growth_class(class_of(last, "weight_for_age")),
    )  # fmt: skip
    dots = tuple((p.on.toordinal(), z, f"{standard_at(p.age_days)} {p.corrected}") for p, z in held)
    return Spark(dots=dots, said=said)


def mark_of(spark: Spark) -> Mark:
    """It as the mark of a list's row."""
    return Mark(WIDE, HIGH, lambda painter, box: paint_spark(painter, QRectF(box), spark), spark.said)


def paint_spark(painter: QPainter, rect: QRectF, spark: Spark, tokens: Tokens | None = None) -> None:
    """Draw it into `rect`: the band from -2 to +2, its edges and the middle, dots joined where they can be compared.

    The last dot is the large one; a z beyond -3 or +3 stands at the edge as a square.
    """
    tokens = theme.current().tokens if tokens is None else tokens
    first, last = spark.dots[0][0], spark.dots[-1][0]

    def row(z: float) -> float:
        return rect.center().y() - max(-REACH, min(REACH, z)) / REACH * rect.height() / 2

    def at(day: int, z: float) -> QPointF:
        across = (day - first) / max(1, last - first)
        return QPointF(rect.left() + EDGE + across * (rect.width() - 2 * EDGE), row(z))

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    band = QRectF(rect.left(), row(BAND), rect.width(), row(-BAND) - row(BAND))
    painter.fillRect(band, QColor(tokens.sunken))
    for edge, pen in ((BAND, QPen(QColor(tokens.control), 1, Qt.PenStyle.DashLine)), (0, QPen(QColor(tokens.line), 1))):
        painter.setPen(pen)
        for side in {edge, -edge}:
            painter.drawLine(QPointF(rect.left(), row(side)), QPointF(rect.right(), row(side)))
    painter.setPen(QPen(QColor(tokens.primary), 1.2))
    for (day, z, how), (next_day, next_z, next_how) in pairwise(spark.dots):
        if how == next_how:  # never across the 2006/2007 hand-over or the end of a correction
            painter.drawLine(at(day, z), at(next_day, next_z))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.primary))
    for index, (day, z, _how) in enumerate(spark.dots):
        size = LAST if index == len(spark.dots) - 1 else DOT
        place = at(day, z)
        if abs(z) > 3:  # noqa: PLR2004 -- the outermost line
            painter.drawRect(QRectF(place.x() - size, place.y() - size, 2 * size, 2 * size))
        else:
            painter.drawEllipse(place, size, size)
    painter.restore()


class Sparkline(theme.Restyled, QWidget):
    """The mark as a widget of its own; a screen reader hears its sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spark: Spark | None = None
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.setFixedSize(theme.px(WIDE), theme.px(HIGH))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDE), theme.px(HIGH))

    def show_spark(self, spark: Spark | None) -> None:
        """Show one; nothing stands there without."""
        self._spark = spark
        self.setAccessibleName(spark.said if spark is not None else "")
        self.setToolTip(spark.said if spark is not None else "")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._spark is not None:
            painter = QPainter(self)
            paint_spark(painter, QRectF(self.rect()), self._spark)
            painter.end()
