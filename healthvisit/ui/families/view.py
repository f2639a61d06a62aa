"""Families: type three letters, Down into the table, Enter opens. Nothing found leads to a new family of this name."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from healthvisit.ui import theme
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.families.presenter import FamiliesPresenter, Line, heads, matched
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.fields import Line as LineEdit
from healthvisit.ui.widgets.layout import ActionBar, horizontal, label, vertical
from healthvisit.ui.widgets.notices import Banner, EmptyState

ROW_PX, TYPING_MS = 27, 120
WIDTHS = (18, 30, 10, 18, 12, 12)
AGE_COLUMN = 2
LOOKED_AT, STEP_PX = 40, 4  # so many rows say how wide a column is
Index = QModelIndex | QPersistentModelIndex
KINDS = frozenset({"household", "person", "membership", "enrolment", "visit", "planned_contact"})


class LineModel(QAbstractTableModel):
    """The lines found; where a name is spelled otherwise its cell says so: "Гульшат = Gülşat"."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.text = ""

    def show_lines(self, lines: list[Line], text: str) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.lines, self.text = lines, text
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(WIDTHS)

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and side == Qt.Orientation.Horizontal:
            return heads()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            found_in = 0 if line.is_household else 1
            return line.why if line.why and index.column() == found_in else line.cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (*line.cells, line.why)))
        return None


class CellDelegate(QStyledItemDelegate):
    """Draws a cell with the letters that were searched for in bold; the row that is stood on has an edge."""

    def paint(self, painter: QPainter, option: object, index: Index) -> None:
        state, rect, view = option.state, option.rect, option.widget  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, theme.colour("primary_tint" if chosen else "surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        if chosen and view is not None and view.hasFocus():
            painter.fillRect(rect.left(), rect.top(), rect.width(), 2, theme.colour("focus"))
            painter.fillRect(rect.left(), rect.bottom() - 1, rect.width(), 2, theme.colour("focus"))
        text = str(index.data() or "")
        model = index.model()
        found = matched(text, model.text) if isinstance(model, LineModel) and index.column() < 2 else None  # noqa: PLR2004
        self._text(painter, rect.adjusted(theme.px(8), 0, -theme.px(8), 0), text, found)
        painter.restore()

    @staticmethod
    def _text(painter: QPainter, room: QRect, text: str, found: tuple[int, int] | None) -> None:
        plain, bold = theme.font(15), theme.font(15, 700)
        metrics = QFontMetrics(plain)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        start, length = found or (0, 0)
        if start + length > len(shown.rstrip("…")):
            start, length = 0, 0
        at = room.left()
        for piece, font in (
            (shown[:start], plain),
            (shown[start : start + length], bold),
            (shown[start + length :], plain),
        ):
            painter.setFont(font)
            painter.setPen(theme.colour("text"))
            painter.drawText(
                QRect(at, room.top(), room.right() - at + 1, room.height()), Qt.AlignmentFlag.AlignVCenter, piece
            )
            at += QFontMetrics(font).horizontalAdvance(piece)


class LineTable(theme.Restyled, QTableView):
    """The table; Enter opens, Up from the first row goes back to the search."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = LineModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.opened: Callable[[Line], object] = str
        self.above: QWidget | None = None
        self.doubleClicked.connect(lambda index: self.opened(self.lines.lines[index.row()]))
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_PX))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.fit()

    def fit(self) -> None:
        """Share out the width by what stands in the columns.

        The age stands beside each name where families are listed, and needs no column.
        """
        self.setColumnHidden(AGE_COLUMN, not any(line.cells[AGE_COLUMN] for line in self.lines.lines))
        heads, metrics = self.horizontalHeader(), QFontMetrics(theme.font(15))
        shown = [at for at in range(len(WIDTHS)) if not self.isColumnHidden(at)]
        some = range(min(len(self.lines.lines), LOOKED_AT))
        least = {at: heads.sectionSizeHint(at) for at in shown}
        wanted = {
            at: max([least[at], *(metrics.horizontalAdvance(self._text(row, at)) + theme.px(18) for row in some)])
            for at in shown
        }
        self._share(wanted, least)

    def _text(self, row: int, column: int) -> str:
        return str(self.lines.index(row, column).data() or "")

    def _share(self, wanted: dict[int, int], least: dict[int, int]) -> None:
        """What is over goes to all by their shares; what is lacking, the widest give first, none below its head."""
        room = self.viewport().width()
        lacking = sum(wanted.values()) - room
        cap = max(wanted.values(), default=0)
        while lacking > 0 and cap > 0:  # a level that every wider column comes down to
            cap -= STEP_PX
            wanted = {at: max(least[at], min(width, cap)) for at, width in wanted.items()}
            lacking = sum(wanted.values()) - room
        spare = max(0, -lacking) if wanted else 0
        shares = sum(WIDTHS[at] for at in wanted)
        for at, width in wanted.items():
            self.setColumnWidth(at, width + spare * WIDTHS[at] // shares)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at >= 0:
            self.opened(self.lines.lines[at])
        elif event.key() == Qt.Key.Key_Up and at <= 0 and self.above is not None:
            self.above.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)


class _Search(theme.Restyled, LineEdit):
    """Down goes into the table, Enter opens the first line."""

    def __init__(self, table: LineTable) -> None:
        super().__init__()
        self._table = table
        self._sign = QAction(theme.icon("search", "muted"), "", self)  # ours: see `layout.menu_deed`
        self.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)

    def restyle(self) -> None:
        """Follow the colours."""
        self._sign.setIcon(theme.icon("search", "muted"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        lines = self._table.lines.lines
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if lines:
                self._table.opened(lines[0])
        elif event.key() == Qt.Key.Key_Down and lines:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._table.selectRow(0)
        else:
            super().keyPressEvent(event)


class FamiliesView(Retranslated, theme.Restyled, QWidget):
    """The page. `search(text)` is what the frame's search field calls at each key."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = FamiliesPresenter(desk, go, self, self)
        self.banner = Banner()
        self.table = LineTable()
        self.table.opened = self.presenter.open
        self.field = _Search(self.table)
        self.table.above = self.field
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(lambda: self.presenter.search(self.field.text()))
        self.field.textEdited.connect(lambda _text: self._typing.start())
        self.counts = label(role="muted", wrap=False)
        self.empty = EmptyState()
        self.foot = ActionBar()
        self.new = self.foot.set_primary("", lambda: self._go.new_family(self.field.text().strip()))
        top = horizontal(self.field, self.counts, spacing=12)
        top.setStretch(0, 1)
        self._inside = vertical(top, self.table, self.empty, spacing=8)
        column = vertical(self.banner, self._inside, self.foot, spacing=0)
        column.setStretch(1, 1)
        self.setLayout(column)
        self.setFocusProxy(self.field)
        self.empty.hide()
        desk.jobs.changed.connect(self._heed)
        self.restyle()
        self.retranslate()

    def restyle(self) -> None:
        """Follow the text size."""
        self._inside.setContentsMargins(theme.px(24), theme.px(8), theme.px(16), theme.px(12))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.field.setPlaceholderText(_("Name, phone or number"))
        self.field.setAccessibleName(_("Search in your families"))
        self.table.setAccessibleName(_("Families"))
        self.new.setText(_("New family"))
        self.show_lines(self.table.lines.lines)

    def search(self, text: str) -> None:
        """Look for a text typed elsewhere."""
        self.field.setText(text)
        self.presenter.search(text)

    def refresh(self) -> None:
        """Read again."""
        self.presenter.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._typing.stop()

    def _heed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and self.isVisible():
            self.refresh()

    def show_lines(self, lines: list[Line]) -> None:
        """Draw the table, or what an empty one says."""
        at = self.table.currentIndex().row()
        self.table.lines.show_lines(lines, self.presenter.text)
        self.table.fit()
        self.counts.setText(self.presenter.counts() if lines else "")
        if 0 <= at < len(lines):
            self.table.selectRow(at)
        is_empty = self.presenter.is_read and not lines
        self.table.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        self.foot.setVisible(not is_empty)  # the empty page offers the same deed
        if is_empty:
            text = self.presenter.text
            deed = _("New family with this name") if text else _("New family")
            self.empty.say(self.presenter.nothing(), [(deed, lambda: self._go.new_family(text))])

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.banner.say(sentence(error), "danger")
