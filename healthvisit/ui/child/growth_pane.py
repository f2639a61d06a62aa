"""A child's growth: words at the left, one chart and the table of the same data at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from healthvisit.growth import ChartIndicator
from healthvisit.packs.pack import Pack
from healthvisit.services.caseload import ChildView
from healthvisit.ui import theme
from healthvisit.ui.child.growth_data import CHARTS, SPANS, chart_data, span_for, why_no_chart
from healthvisit.ui.child.growth_table import TableRow, filled, table, table_heads
from healthvisit.ui.child.growth_words import (
    findings,
    gained,
    measured,
    next_weighing,
    told_now,
    trends_of,
    what_to_do,
    z_changed,
)
from healthvisit.ui.child.presenter import ChildPresenter
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk
from healthvisit.ui.growth_chart import GrowthChart
from healthvisit.ui.growth_figure import BY_LENGTH
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import Card, KeyValue, button, horizontal, label, scrolled
from healthvisit.ui.widgets.panes import Panes

TABLE_PX, LOW_TABLE_PX, ROW_PX, ZOOM_PX, NOTE_PX = 132, 92, 26, 40, 64
SMALL_PX = 13
LOW_PX = 440  # below it the chart needs what the table can spare
PART = Qt.ItemDataRole.UserRole


class GrowthPane(Panes):
    """Draws a `ChildView`; which chart is wanted is the presenter's."""

    def __init__(self, desk: Desk, presenter: ChildPresenter) -> None:
        self._desk, self._presenter = desk, presenter
        self.card = Card()
        self.numbers, self.found = label(role="strong"), KeyValue()
        self.todo, self.changed, self.gain, self.next = label(role="warn"), label(role="warn"), label(), label()
        for part in (self.numbers, self.found, self.todo, self.changed, self.gain, self.next):
            self.card.body.addWidget(part)
        self.card.body.addStretch()
        super().__init__(scrolled(self.card), self._build_right(), (4, 7))

    def _build_right(self) -> QWidget:
        self.indicator, self.span = QComboBox(), QComboBox()
        self.indicator.activated.connect(self._choose)
        self.span.activated.connect(self._choose)
        self.chart = GrowthChart()
        self.further, self.closer = button("−", self.chart.further), button("+", self.chart.closer)
        self.whole = button("", self.chart.whole)
        for sign in (self.further, self.closer):
            sign.setFixedWidth(theme.px(ZOOM_PX))
        self.chart.zoomed.connect(self._fit_zoom)
        self.no_chart = label(role="muted")
        self.table = Measures(0, len(table_heads()))
        self.chart.moved.connect(self._follow)
        self.table.currentCellChanged.connect(lambda row, *_more: self._stand_on(row))
        choose = horizontal(self.indicator, self.span)
        choose.addStretch()
        for deed in (self.whole, self.further, self.closer):
            choose.addWidget(deed)
        made = QWidget()
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(6))
        lines.addLayout(choose)
        lines.addWidget(self.chart, 1)
        lines.addWidget(self.no_chart)
        lines.addWidget(self.table)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.setFixedHeight(theme.px(LOW_TABLE_PX if self.height() < theme.px(LOW_PX) else TABLE_PX))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.table.setAccessibleName(_("Every measuring"))
        self.indicator.setAccessibleName(_("Which chart"))
        self.span.setAccessibleName(_("Which ages"))
        self.whole.setText(_("Whole chart"))
        self.closer.setAccessibleName(_("Look closer"))
        self.further.setAccessibleName(_("Show more"))
        self.closer.setToolTip(_("Look closer: + or the mouse wheel; Shift with an arrow moves along"))
        self.further.setToolTip(_("Show more: − or the mouse wheel; 0 shows the whole chart"))
        self.name(_("In words"), _("Chart and table"))
        self.table.setHorizontalHeaderLabels(list(table_heads()))
        self.table.fit()
        self.indicator.clear()
        for key, name in CHARTS.items():
            self.indicator.addItem(_(name), key)
        self.span.clear()
        for span, (_first, _last, name) in SPANS.items():
            self.span.addItem(_(name), span)

    def blank(self) -> None:
        """Nothing of a child stays."""
        for text in (self.numbers, self.todo, self.changed, self.gain, self.next, self.no_chart):
            text.clear()
        self.found.set_rows([])
        self.table.show_rows([])
        self.chart.hide()

    def show_child(self, view: ChildView) -> None:
        """Draw words, chart and table."""
        self._show_words(view, self._desk.pack)
        self.table.show_rows(table(view))
        self._show_chart(view)

    def _show_words(self, view: ChildView, pack: Pack) -> None:
        points = view.growth
        if points:
            found = findings(points[-1])
            self.card.set_heading(day(points[-1].on))
            self.numbers.setText(measured(points[-1]))
            self.found.set_rows((f.name, f"{f.said}   {f.z}".rstrip()) for f in found)
            self.todo.setText(what_to_do(found))
            self.changed.setText("\n".join(told_now(trends_of(view), points[-1].on)))
        else:
            self.card.set_heading(_("Not measured yet"))
            self.numbers.setText(_("The first weighing comes with the first visit."))
            self.found.set_rows([])
            self.todo.clear()
            self.changed.clear()
        self.gain.setText(" · ".join(filter(None, (gained(points), z_changed(view)))))
        self.next.setText(next_weighing(pack, view, self._desk.today()))
        for text in (self.todo, self.changed, self.gain, self.next):
            text.setVisible(bool(text.text()))

    def _show_chart(self, view: ChildView) -> None:
        presenter = self._presenter
        if not presenter.span:
            born = view.person.born_on
            presenter.span = span_for((self._desk.today() - born).days if born else None)
        self.indicator.setCurrentIndex(self.indicator.findData(presenter.indicator))
        self.span.setCurrentIndex(self.span.findData(presenter.span))
        self.span.setVisible(presenter.indicator not in BY_LENGTH)
        data = chart_data(view, presenter.indicator, presenter.span)
        for shown in (self.chart, self.whole, self.further, self.closer):
            shown.setVisible(data is not None)
        self.no_chart.setVisible(data is None or not data.points)
        if data is None:
            self.no_chart.setText(why_no_chart(view, presenter.indicator))
            return
        self.no_chart.setText(_("Nothing was measured for this chart at these ages.") if not data.points else "")
        self.chart.show_data(data)
        self._fit_zoom()

    def _fit_zoom(self) -> None:
        self.whole.setEnabled(self.chart.is_zoomed)
        self.further.setEnabled(self.chart.is_zoomed)

    def _choose(self) -> None:
        indicator: ChartIndicator = self.indicator.currentData()
        self._presenter.indicator, self._presenter.span = indicator, self.span.currentData()
        if self._presenter.view is not None:
            self._show_chart(self._presenter.view)

    def _follow(self, point: int) -> None:
        """The table's row goes with the dot."""
        self.table.choose(self.chart.points()[point].key)

    def _stand_on(self, row: int) -> None:
        part = self.table.part(row)
        at = next((i for i, p in enumerate(self.chart.points()) if part and p.key == part), None)
        if at is not None:
            self.chart.go(at)


class Measures(QTableWidget):
    """Every column as wide as what stands in it and its head; what is left is shared out; empty ones are left out."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        across = self.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_PX))
        self.setFixedHeight(theme.px(TABLE_PX))

    def show_rows(self, rows: list[TableRow]) -> None:
        """Show these: replaced ones struck through, doubtful numbers grey; the note says the same in a word."""
        self.blockSignals(True)
        self.setRowCount(len(rows))
        plain, struck = theme.font(SMALL_PX), theme.font(SMALL_PX)  # ten columns; the smallest size there is
        struck.setStrikeOut(True)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row.cells):
                item = QTableWidgetItem(cell)
                item.setData(PART, "" if row.replaced else row.part)
                item.setToolTip(cell if column == len(row.cells) - 1 else "")
                item.setFont(struck if row.replaced and column < len(row.cells) - 1 else plain)
                if row.replaced or column in row.doubtful:
                    item.setForeground(theme.colour("muted"))
                self.setItem(at, column, item)
        self.blockSignals(False)
        shown = filled(rows)
        for column in range(self.columnCount()):
            self.setColumnHidden(column, column not in shown)
        self.setVisible(bool(rows))
        self.fit()

    def part(self, row: int) -> str:
        """Which measuring stands in a row; empty for one that was replaced."""
        item = self.item(row, 0)
        return str(item.data(PART)) if item is not None else ""

    def choose(self, part: str) -> None:
        """Make a measuring's row the current one, in silence."""
        row = next((at for at in range(self.rowCount()) if part and self.part(at) == part), None)
        if row is not None and row != self.currentRow():
            self.blockSignals(True)
            self.selectRow(row)
            self.blockSignals(False)

    def fit(self) -> None:
        """Share out the width anew; where it is short, the note is cut and told whole under the pointer."""
        heads = self.horizontalHeader()
        columns = [at for at in range(self.columnCount()) if not self.isColumnHidden(at)]
        wanted = [max(self.sizeHintForColumn(at), heads.sectionSizeHint(at)) for at in columns]
        over = sum(wanted) - self.viewport().width()
        if over > 0 and columns and columns[-1] == self.columnCount() - 1:
            wanted[-1] = max(theme.px(NOTE_PX), wanted[-1] - over)
        spare = max(0, -over) // max(1, len(wanted))
        for at, width in zip(columns, wanted, strict=True):
            self.setColumnWidth(at, width + spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
