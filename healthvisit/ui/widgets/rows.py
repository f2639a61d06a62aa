"""A list of large rows: who, why, when; drawn from frozen values, read aloud as one sentence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QToolTip,
    QWidget,
)

from healthvisit.ui import theme

Tone = Literal["plain", "primary", "warn", "danger", "ok"]
Index = QModelIndex | QPersistentModelIndex
Option = Any  # QStyleOptionViewItem, whose stub knows neither rect nor state
INK: dict[str, tuple[str, str]] = {
    "plain": ("muted", "sunken"),
    "primary": ("primary", "primary_tint"),
    "warn": ("warn", "warn_tint"),
    "danger": ("danger", "danger_tint"),
    "ok": ("ok", "ok_tint"),
}
ROW_PX, HEADING_PX, NARROW_PX = 68, 36, 400
LOW_ROW_PX, LOW_HEADING_PX = 54, 28


@dataclass(frozen=True, slots=True)
class Mark:
    """A small drawing at the end of a row's second line: its size at 100 %, what draws it, and the same in words."""

    wide: int
    high: int
    draw: Callable[[QPainter, QRect], object] = field(repr=False)
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a bold title, a second line, a word with its colour at the right, what stands below that word.

    Args:
        key: What `chosen`, `opened` and `ticked` name.
        bar: A bar at the left edge in the tone's colour.
        is_ticked: Shows a tick before the title.
        mark: A drawing at the end of the second line, where there is room for it.
        spoken: The row as a screen reader says it; title, word, second line and aside when left out.
    """

    key: str
    title: str = field(repr=False)
    second: str = field(default="", repr=False)
    chip: str = field(default="", repr=False)
    tone: Tone = "plain"
    aside: str = field(default="", repr=False)
    bar: bool = False
    is_ticked: bool = False
    mark: Mark | None = None
    spoken: str = field(default="", repr=False)

    def sentence(self) -> str:
        drawn = self.mark.said if self.mark is not None else ""
        return self.spoken or ", ".join(filter(None, (self.title, self.chip, self.second, self.aside, drawn)))


@dataclass(frozen=True, slots=True)
class Heading:
    """A small heading between rows; the keyboard passes over it."""

    text: str


Shown = Heading | Row | tuple[str, Callable[[], Row]]
"""What a list is given: a heading, a row, or a key with what makes its row when it comes into sight."""


class RowModel(QAbstractListModel):
    """The rows; DisplayRole is what is spoken, UserRole the row itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Shown] = []
        self._made: dict[int, Row] = {}
        self._places: dict[str, int] = {}

    def show_rows(self, rows: Iterable[Shown]) -> None:
        self.beginResetModel()
        self._shown, self._made = list(rows), {}
        keys = (row.key if isinstance(row, Row) else row[0] if isinstance(row, tuple) else None for row in self._shown)
        self._places = {key: at for at, key in enumerate(keys) if key is not None}
        self.endResetModel()

    @property
    def rows(self) -> tuple[Row | Heading, ...]:
        """Every row, made."""
        return tuple(self.row(at) for at in range(len(self._shown)))

    @property
    def places(self) -> Mapping[str, int]:
        """Key to place, in the order shown."""
        return self._places

    def row(self, at: int) -> Row | Heading:
        """One row, made now if it was not looked at before."""
        found = self._shown[at]
        if not isinstance(found, tuple):
            return found
        if at not in self._made:
            self._made[at] = found[1]()
        return self._made[at]

    def make_again(self) -> None:
        """Make the rows anew that were looked at: what they are made from changed."""
        if self._made:
            self._made = {}
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def is_heading(self, at: int) -> bool:
        """Whether a heading stands there."""
        return isinstance(self._shown[at], Heading)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.UserRole:
            return self.row(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.row(index.row())
            return row.sentence() if isinstance(row, Row) else row.text
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and not self.is_heading(index.row()):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


class RowList(theme.Restyled, QListView):
    """Rows to choose from: up and down move, Enter opens, Space ticks."""

    chosen = Signal(str)
    opened = Signal(str)
    ticked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        theme.set_kind(self, "rows")
        self._rows = RowModel(self)
        self.setModel(self._rows)
        self.low_below_px = 0
        """Below this height the rows are lower, so that a few more are in sight; 0 for never."""
        self._drawn = RowDelegate(self, self._rows)
        self.setItemDelegate(self._drawn)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(lambda index: self._name(self.opened, index))
        self.selectionModel().currentChanged.connect(lambda now, _before: self._name(self.chosen, now))

    def restyle(self) -> None:
        """Follow the text size."""
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.viewport().height() < theme.px(self.low_below_px)
        if low is not self._drawn.low:
            self._drawn.low = low
            self.scheduleDelayedItemsLayout()

    def show_rows(self, rows: Iterable[Shown]) -> None:
        """Show these; the row that was chosen stays chosen, else the first one is."""
        before = self.current_key()
        self._rows.show_rows(rows)
        places = self._rows.places
        if places:
            self.choose(before if before is not None and before in places else next(iter(places)))

    def make_again(self) -> None:
        """See `RowModel.make_again`."""
        self._rows.make_again()

    def choose(self, key: str) -> None:
        """Make the row `key` the current one and bring it into sight; an unknown key does nothing."""
        at = self._rows.places.get(key)
        if at is not None:
            self.setCurrentIndex(self._rows.index(at))
            if at and all(map(self._rows.is_heading, range(at))):
                self.scrollToTop()  # the first row's heading is read too

    def current_key(self) -> str | None:
        """The key of the chosen row."""
        row = self.currentIndex().data(Qt.ItemDataRole.UserRole)
        return row.key if isinstance(row, Row) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._name(self.opened, self.currentIndex())
        elif plain and event.key() == Qt.Key.Key_Space:
            self._name(self.ticked, self.currentIndex())
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _name(signal: object, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, Row):
            signal.emit(row.key)  # type: ignore[attr-defined]


class RowDelegate(QStyledItemDelegate):
    """Draws a row of 68 px; the word moves to the second line where the list is narrow."""

    def __init__(self, view: QWidget, model: RowModel) -> None:
        super().__init__(view)
        self._model = model
        self._cut: set[str] = set()
        self.low = False

    def sizeHint(self, _option: Option, index: Index) -> QSize:
        heading = self._model.is_heading(index.row())  # asked of every row: not through Qt's variants
        full, low = (HEADING_PX, LOW_HEADING_PX) if heading else (ROW_PX, LOW_ROW_PX)
        return QSize(1, theme.px(low if self.low else full))  # as wide as the list, without another layout

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading):
            self._heading(painter, option.rect, row)
        else:
            self._ground(painter, option, row)
            self._row(painter, option.rect, row)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: Option, index: Index) -> bool:
        row = index.data(Qt.ItemDataRole.UserRole)
        if event.type() == QEvent.Type.ToolTip and isinstance(row, Row) and row.key in self._cut:
            QToolTip.showText(event.globalPos(), f"{row.title}\n{row.second}".strip(), view)
            return True
        return super().helpEvent(event, view, option, index)

    @staticmethod
    def _heading(painter: QPainter, rect: QRect, heading: Heading) -> None:
        font = theme.font(13, 600)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        room = rect.adjusted(theme.px(16), theme.px(8), -theme.px(16), 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), heading.text)
        after = room.left() + QFontMetrics(font).horizontalAdvance(heading.text) + theme.px(12)
        painter.setPen(QPen(theme.colour("line"), 1))
        if after < room.right():
            painter.drawLine(after, room.center().y() + 1, room.right(), room.center().y() + 1)

    @staticmethod
    def _ground(painter: QPainter, option: Option, row: Row) -> None:
        rect, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("primary_tint"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("bg"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        if row.bar:
            painter.fillRect(rect.left(), rect.top(), theme.px(4), rect.height() - 1, theme.colour(INK[row.tone][0]))
        view = option.widget
        if state & QStyle.StateFlag.State_Selected and isinstance(view, QWidget) and view.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -3), 6, 6)

    def _row(self, painter: QPainter, rect: QRect, row: Row) -> None:
        edge = theme.px(6 if self.low else 11)
        room = rect.adjusted(theme.px(16), edge, -theme.px(16), -edge)
        half = room.height() // 2
        first, second = room.adjusted(0, 0, 0, -half), room.adjusted(0, room.height() - half, 0, 0)
        if row.is_ticked:
            size = theme.px(18)
            mark = theme.pixmap("circle-check", "primary", size, painter.device().devicePixelRatioF())
            painter.drawPixmap(first.left(), first.center().y() - size // 2, mark)
            first.setLeft(first.left() + size + theme.px(6))
        narrow = rect.width() < theme.px(NARROW_PX)
        if row.mark is not None and not narrow:
            second.setRight(self._mark(painter, second, row.mark) - theme.px(12))
        if row.chip and not narrow:
            first.setRight(self._chip(painter, first, row) - theme.px(8))
        beside = row.chip if narrow and row.chip else row.aside
        if beside and narrow and row.chip:
            second.setRight(self._chip(painter, second, row) - theme.px(8))
        elif beside:
            aside = second.adjusted(second.width() * 2 // 5, 0, 0, 0)  # the second line keeps two fifths at least
            width = self._text(painter, aside, beside, theme.font(13), "muted", Qt.AlignmentFlag.AlignRight)
            second.setRight(second.right() - min(width, aside.width()) - theme.px(12))
        wanted = self._text(painter, first, row.title, theme.font(15, 600), "text")
        wanted_second = self._text(painter, second, row.second, theme.font(13), "muted")
        self._cut.discard(row.key)
        if wanted > first.width() or wanted_second > second.width():
            self._cut.add(row.key)

    @staticmethod
    def _text(
        painter: QPainter,
        room: QRect,
        text: str,
        font: QFont,
        ink: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> int:
        """Draw in one line, cut with "…" where needed; returns the width the whole text wants."""
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        return metrics.horizontalAdvance(text)

    @staticmethod
    def _mark(painter: QPainter, room: QRect, mark: Mark) -> int:
        """Draw the mark at the right; returns where it begins."""
        wide, high = theme.px(mark.wide), theme.px(mark.high)
        box = QRect(room.right() - wide + 1, room.center().y() - high // 2, wide, high)
        mark.draw(painter, box)
        return box.left()

    @staticmethod
    def _chip(painter: QPainter, room: QRect, row: Row) -> int:
        """Draw the word at the right; returns where it begins."""
        ink, ground = INK[row.tone]
        font = theme.font(13, 600)
        metrics = QFontMetrics(font)
        pad = theme.px(8)
        text = metrics.elidedText(row.chip, Qt.TextElideMode.ElideRight, room.width() * 2 // 3)
        width, height = metrics.horizontalAdvance(text) + 2 * pad, metrics.height() + theme.px(4)
        box = QRect(room.right() - width + 1, room.center().y() - height // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        return box.left()
