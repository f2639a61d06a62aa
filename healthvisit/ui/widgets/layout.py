"""How things stand on a page: texts, cards, rows of facts, the bar of deeds at the foot, lines that wrap."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWidgetItem,
)

from healthvisit.ui import theme
from healthvisit.ui.shortcuts import sequence

Box = TypeVar("Box", QVBoxLayout, QHBoxLayout)
COLUMN_PX = 640
FOOT_PX = 56


def label(text: str = "", role: str = "", *, wrap: bool = True) -> QLabel:
    """A text in one of the theme's roles; it breaks into lines rather than being cut, and is never read as HTML."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        theme.set_role(made, role)
    if role.startswith("chip"):
        made.setWordWrap(False)
        made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def button(text: str, on_click: Callable[[], object] | None = None, kind: str = "secondary") -> QPushButton:
    """A push button: primary, secondary, danger or quiet. The owner of `on_click` has to live as long as the button."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    theme.set_kind(made, kind)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def rule() -> QFrame:
    """A thin line across."""
    made = QFrame()
    theme.set_kind(made, "rule")
    return made


def vertical(*items: QWidget | QLayout, margins: int = 0, spacing: int = 8) -> QVBoxLayout:
    """Things under one another; sizes as thought of at 100 %."""
    made = QVBoxLayout()
    return _filled(made, items, margins, spacing)


def horizontal(*items: QWidget | QLayout, margins: int = 0, spacing: int = 8) -> QHBoxLayout:
    """Things beside one another; sizes as thought of at 100 %."""
    made = QHBoxLayout()
    return _filled(made, items, margins, spacing)


def _filled(box: Box, items: Iterable[QWidget | QLayout], margins: int, spacing: int) -> Box:
    edge = theme.px(margins)
    box.setContentsMargins(edge, edge, edge, edge)
    box.setSpacing(theme.px(spacing))
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)
    return box


def column(content: QWidget, width: int = COLUMN_PX) -> QWidget:
    """`content` in a column no wider than `width`, at the left."""
    content.setMaximumWidth(theme.px(width))
    made = QWidget()
    inside = horizontal(content, spacing=0)
    inside.addStretch()
    inside.setStretchFactor(content, 1000)
    made.setLayout(inside)
    return made


def scrolled(content: QWidget) -> QScrollArea:
    """`content` that scrolls up and down, never sideways; the field with the keyboard stays in sight."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    area.setWidget(content)
    return area


class ElidedLabel(QLabel):
    """One line that ends in "…" where it is too long, and then shows the whole text as a tooltip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            theme.set_role(self, role)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("M…"), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        self.style().drawItemText(
            painter, room, int(self.alignment()), self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_all()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._say_all()

    def _say_all(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(self.text() if cut else "")


class Card(QFrame):
    """A white box with an optional heading; put things into `body`."""

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "card")
        self.heading = label(heading, "heading")
        self.body = vertical(spacing=8)
        self.setLayout(vertical(self.heading, self.body, margins=16, spacing=12))
        self.heading.setVisible(bool(heading))  # not before it has a parent: it would open as a window of its own

    def set_heading(self, text: str) -> None:
        self.heading.setText(text)
        self.heading.setVisible(bool(text))


class KeyValue(QWidget):
    """Rows of a fact's name and the fact: both break into lines."""

    def __init__(self, rows: Iterable[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.set_rows(rows)

    def set_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0).widget()
            if item is not None:
                item.hide()
                item.deleteLater()
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(6))
        for at, (name, fact) in enumerate(rows):
            name_label, fact_label = label(name, "muted", wrap=False), label(fact)
            self._grid.addWidget(name_label, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(fact_label, at, 1, Qt.AlignmentFlag.AlignTop)


def menu_deed(menu: QMenu, owner: QWidget, on_click: Callable[[], object]) -> QAction:
    """A line of a menu, owned by the page that keeps it: PySide lets go of one that the menu made by itself.

    Then the next switch of the language meets what is no longer there, and ends the program.
    """
    made = QAction(owner)
    made.triggered.connect(on_click)
    menu.addAction(made)
    return made


class ActionBar(theme.Restyled, QFrame):
    """The foot of a page with deeds: the one main button at the right, others left of it, ways out at the far left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "foot")
        self._left, self._right = horizontal(), horizontal()
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._left)
        self._row.addStretch()
        self._row.addLayout(self._right)
        self.primary: QPushButton | None = None
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self._row.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        self._row.setSpacing(theme.px(8))
        self.setMinimumHeight(theme.px(FOOT_PX))

    def add_left(self, widget: QWidget) -> None:
        """A way out (Back, Leave), or "More"."""
        self._left.addWidget(widget)

    def add(self, widget: QWidget) -> None:
        """A secondary deed, left of the main one; last added stands nearest to it."""
        self._right.insertWidget(self._right.count() - (1 if self.primary else 0), widget)

    def set_primary(self, text: str, on_click: Callable[[], object]) -> QPushButton:
        """The main deed, also on Ctrl+Enter."""
        self.primary = button(text, on_click, "primary")
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(sequence(key), self.primary, self.primary.click)
        self._right.addWidget(self.primary)
        return self.primary


class KeptItem(QWidgetItem):
    """A widget in a `WidthLayout`. What it says of its size is kept until the layout is laid out anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._hint: QSize | None = None
        self._least: QSize | None = None
        self._heights: dict[int, int] = {}

    def forget(self) -> None:
        """Something changed: ask the widget again."""
        self._hint = self._least = None
        self._heights.clear()

    def sizeHint(self) -> QSize:
        if self._hint is None:
            self._hint = super().sizeHint()
        return self._hint

    def minimumSize(self) -> QSize:
        if self._least is None:
            self._least = super().minimumSize()
        return self._least

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]


class WidthLayout(QLayout):
    """A layout whose height follows from its width; `arrange` says how."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width: a page asks many times for each that it draws
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(theme.px(spacing))

    def arrange(self, rect: QRect, *, place: bool) -> int:
        """Put the things into `rect`, or with `place` False only say the height they take."""
        raise NotImplementedError

    def addWidget(self, widget: QWidget) -> None:
        """Add it with an item made here.

        Of one that Qt makes and deletes PySide may keep the shell, take it for the next item that Qt makes at the same
        address, and end the program: seen with cards on Sync when the language changed.
        """
        self.addChildWidget(widget)
        self.addItem(KeptItem(widget))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._heights.clear()

    def invalidate(self) -> None:
        self._heights.clear()
        for item in self._items:
            if isinstance(item, KeptItem):
                item.forget()
        super().invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self.arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self.arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size


class FlowLayout(WidthLayout):
    """Things in a line that goes on below when the width is used up; none is squeezed."""

    def arrange(self, rect: QRect, *, place: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            wanted = item.sizeHint()
            size = QSize(min(wanted.width(), rect.width()), wanted.height())
            if item.hasHeightForWidth():
                size.setHeight(item.heightForWidth(size.width()))
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, line = x + size.width() + self.spacing(), max(line, size.height())
        return y + line - rect.y()
