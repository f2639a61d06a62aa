"""The ground of a row that is answered by keys: a tint, or a line below it; and the ring of the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from healthvisit.ui import theme

ROUND = 6


def paint_ground(row: QWidget, tint: str) -> None:
    """Paint it in `row`'s paint event; `tint` is a colour's name, empty for none."""
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inside = row.rect().adjusted(1, 1, -1, -1)
    if tint:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tint))
        painter.drawRoundedRect(inside, ROUND, ROUND)
    else:
        painter.setPen(theme.colour("line"))
        painter.drawLine(theme.px(8), row.height() - 1, row.width() - theme.px(4), row.height() - 1)
    if row.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("focus"), 2))
        painter.drawRoundedRect(inside, ROUND, ROUND)
    painter.end()
