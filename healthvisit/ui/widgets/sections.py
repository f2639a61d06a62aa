"""The sections of a visit at the left: a sign and a word for the state of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import N_, Retranslated, _
from healthvisit.ui.widgets.rows import Index, Option, Row, RowList

State = Literal["done", "started", "todo", "not_today"]
STATES: dict[str, tuple[str, str, str]] = {
    "done": ("circle-check", "ok", N_("done")),
    "started": ("circle-dot", "primary", N_("started")),
    "todo": ("circle", "muted", N_("to do")),
    "not_today": ("circle-minus", "muted", N_("not today")),
}
SECTION_PX, LIST_PX, LEFT_PX, RIGHT_PX = 52, 230, 40, 8
WRAPPED = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its key, its title in the visitor's language, its state."""

    key: str
    title: str
    state: State = "todo"


class SectionList(Retranslated, RowList):
    """Sections to go to; `picked` names the one that was clicked or opened with Enter."""

    picked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        theme.set_kind(self, "sections")
        self._sections: tuple[Section, ...] = ()
        self.setItemDelegate(_SectionDelegate(self))
        self.opened.connect(self.picked)
        self.clicked.connect(lambda index: self._name(self.picked, index))
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.setFixedWidth(theme.px(LIST_PX))
        super().restyle()

    def retranslate(self) -> None:
        """Say the states in the language in use."""
        self.show_sections(self._sections)

    def show_sections(self, sections: Iterable[Section], current: str | None = None) -> None:
        """Show these, with `current` as the one being worked on."""
        self._sections = tuple(sections)
        self.show_rows(
            Row(
                key=section.key,
                title=section.title,
                second=_(STATES[section.state][2]),
                aside=section.state,
                spoken=_("{section}, {state}").format(section=section.title, state=_(STATES[section.state][2])),
            )
            for section in self._sections
        )
        if current is not None:
            self.choose(current)


class _SectionDelegate(QStyledItemDelegate):
    """Draws sign, title and state; a long title takes a second line rather than being cut."""

    def sizeHint(self, option: Option, index: Index) -> QSize:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else theme.px(LIST_PX)
        lines = QFontMetrics(theme.font(13)).height() + self._title_height(width, index.data()) + theme.px(16)
        return QSize(width, max(theme.px(SECTION_PX), lines))

    @staticmethod
    def _title_height(width: int, spoken: str) -> int:
        room = QRect(0, 0, width - theme.px(LEFT_PX + RIGHT_PX) - 4, 10_000)
        title = spoken.rsplit(", ", 1)[0]
        return QFontMetrics(theme.font(15, 600)).boundingRect(room, WRAPPED, title).height()

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, Row):
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect = option.rect.adjusted(2, 2, -2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = option.widget
        focused = chosen and isinstance(view, QListView) and view.hasFocus()
        painter.setPen(QPen(theme.colour("focus"), 2) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("primary_tint") if chosen else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        self._content(painter, rect, row, chosen=chosen)
        painter.restore()

    @staticmethod
    def _content(painter: QPainter, rect: QRect, row: Row, *, chosen: bool) -> None:
        sign, ink, _word = STATES[row.aside]
        size = theme.px(20)
        mark = theme.pixmap(sign, ink, size, painter.device().devicePixelRatioF())
        room = rect.adjusted(theme.px(LEFT_PX), theme.px(6), -theme.px(RIGHT_PX), -theme.px(6))
        painter.drawPixmap(rect.left() + theme.px(10), room.top() + 1, mark)
        painter.setFont(theme.font(15, 600 if chosen else 500))
        painter.setPen(theme.colour("text"))
        painter.drawText(room, WRAPPED, row.title)
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("muted"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignBottom), row.second)
