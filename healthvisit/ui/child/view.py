"""One child: growth in words with its chart and table, the plan of visits, the visits made."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from healthvisit.growth import Indicator
from healthvisit.services.caseload import ChildView as Child
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_data import SPANS, chart_data, span_for
from healthvisit.ui.child.growth_words import (
    findings,
    gained,
    measured,
    next_weighing,
    table,
    table_heads,
    what_to_do,
)
from healthvisit.ui.child.presenter import ChildPresenter
from healthvisit.ui.dates import day, day_short
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.growth_chart import GrowthChart
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import said, sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.widgets.layout import Card, KeyValue, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.panes import Panes
from healthvisit.ui.widgets.rows import Row, RowList

KINDS = frozenset({"person", "birth", "visit", "visit_part", "planned_contact", "enrolment"})
TABLE_PX, ROW_PX = 132, 26


class ChildView(Retranslated, QWidget):
    """The page. `show_child(id)` opens a child; `print_page` is Ctrl+P, `show_to_family` F6."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = ChildPresenter(desk, go, self, self)
        self.banner = Banner()
        self.name, self.facts = label(role="heading"), label(role="muted")
        self.show_it = button("", self.show_to_family, "primary")
        self.print_it = button("", self.print_page)
        self.family = button("", self._open_family)
        top = horizontal(self.family, self.print_it, self.show_it)
        names = vertical(self.name, self.facts, spacing=2)
        head = horizontal(names, top, spacing=16)
        head.setStretch(0, 1)
        head.setContentsMargins(theme.px(24), theme.px(4), theme.px(16), 0)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        theme.set_kind(self.tabs, "page")
        self._build_growth()
        self.plan, self.visits = RowList(""), RowList("")
        self.visits.opened.connect(go.read_visit)
        for page in (self.panes, self.plan, self.visits):
            self.tabs.addTab(page, "")
        column = vertical(self.banner, head, self.tabs, spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.setStretch(2, 1)
        self.setLayout(column)
        self.setFocusProxy(self.tabs.tabBar())
        desk.jobs.changed.connect(self._heed)
        self.retranslate()

    def _build_growth(self) -> None:
        self.card = Card()
        self.numbers, self.found = label(role="strong"), KeyValue()
        self.todo, self.gain, self.next = label(role="warn"), label(), label()
        for part in (self.numbers, self.found, self.todo, self.gain, self.next):
            self.card.body.addWidget(part)
        self.card.body.addStretch()
        self.indicator, self.span = QComboBox(), QComboBox()
        self.indicator.activated.connect(self._choose)
        self.span.activated.connect(self._choose)
        self.chart = GrowthChart()
        self.no_chart = label(role="muted")
        self.table = _Measures(0, len(table_heads()))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        across = self.table.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        self.table.verticalHeader().setDefaultSectionSize(theme.px(ROW_PX))
        self.table.setFixedHeight(theme.px(TABLE_PX))
        self.chart.moved.connect(self._follow)
        self.table.currentCellChanged.connect(lambda row, *_more: self._stand_on(row))
        choose = horizontal(self.indicator, self.span)
        choose.addStretch()
        right = QWidget()
        lines = QVBoxLayout(right)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(6))
        lines.addLayout(choose)
        lines.addWidget(self.chart, 1)
        lines.addWidget(self.no_chart)
        lines.addWidget(self.table)
        self.panes = Panes(scrolled(self.card), right, (4, 7))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.show_it.setText(_("Show to family"))
        self.print_it.setText(_("Print"))
        self.family.setText(_("Family"))
        for page, name in ((self.panes, _("Growth")), (self.plan, _("Plan")), (self.visits, _("Visits"))):
            self.tabs.setTabText(self.tabs.indexOf(page), name)
        self.plan.setAccessibleName(_("Plan"))
        self.visits.setAccessibleName(_("Visits"))
        self.table.setAccessibleName(_("Every measuring"))
        self.indicator.setAccessibleName(_("Which chart"))
        self.span.setAccessibleName(_("Which ages"))
        self.panes.name(_("In words"), _("Chart and table"))
        self.table.setHorizontalHeaderLabels(list(table_heads()))
        self.table.fit()
        self._fill_choices()
        if self.presenter.view is not None:
            self.show_read(self.presenter.view)

    def _fill_choices(self) -> None:
        self.indicator.clear()
        for key, name in words.INDICATORS.items():
            self.indicator.addItem(_(name), key)
        self.span.clear()
        for span, (_days, name) in SPANS.items():
            self.span.addItem(_(name), span)

    def show_child(self, person: str) -> None:
        """Open a child."""
        self.banner.clear()
        self._blank()
        self.tabs.setCurrentIndex(0)
        self.panes.show_left()
        self.presenter.open(person)

    def refresh(self) -> None:
        """Read again."""
        self.presenter.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _heed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and self.isVisible():
            self.refresh()

    def _blank(self) -> None:
        """Nothing of the child shown before stays while the next is read."""
        for text in (self.name, self.facts, self.numbers, self.todo, self.gain, self.next, self.no_chart):
            text.clear()
        self.found.set_rows([])
        self.table.setRowCount(0)
        self.chart.hide()
        self.plan.show_rows([])
        self.visits.show_rows([])
        for deed in (self.show_it, self.print_it, self.family):
            deed.setEnabled(False)

    # drawing

    def show_read(self, view: Child | None) -> None:
        """Draw the child."""
        if view is None:
            self._blank()
            self.banner.say(said("record.absent"), "warn")
            return
        self.name.setText(words.person_name(view.person))
        self.facts.setText(self.presenter.facts(view))
        for deed in (self.show_it, self.print_it, self.family):
            deed.setEnabled(True)
        self._show_words(view)
        self._show_table(view)
        self._show_chart(view)
        self.plan.show_rows(
            Row(key=str(at), title=name, second=span, chip=state)
            for at, (name, span, state) in enumerate(self.presenter.plan(view))
        )
        self.visits.show_rows(
            Row(key=v.id, title=" · ".join([day_short(v.on), *(words.contact(self._desk.pack, c) for c in v.codes)]),
                second=v.agreed)
            for v in view.visits
        )  # fmt: skip

    def _show_words(self, view: Child) -> None:
        points = view.growth
        if points:
            found = findings(points[-1])
            self.card.set_heading(day(points[-1].on))
            self.numbers.setText(measured(points[-1]))
            self.found.set_rows((f.name, f"{f.said}   {f.z}".rstrip()) for f in found)
            self.todo.setText(what_to_do(found))
        else:
            self.card.set_heading(_("Not measured yet"))
            self.numbers.setText(_("The first weighing comes with the first visit."))
            self.found.set_rows([])
            self.todo.clear()
        self.gain.setText(gained(points))
        self.next.setText(next_weighing(self._desk.pack, view, self._desk.today()))
        for text in (self.todo, self.gain, self.next):
            text.setVisible(bool(text.text()))

    def _show_table(self, view: Child) -> None:
        rows = table(view.growth, view.person.born_on)
        self.table.blockSignals(True)
        self.table.setRowCount(len(rows))
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                self.table.setItem(at, column, QTableWidgetItem(cell))
        self.table.blockSignals(False)
        self.table.setVisible(bool(rows))
        self.table.fit()

    def _show_chart(self, view: Child) -> None:
        presenter = self.presenter
        if not presenter.span:
            born = view.person.born_on
            presenter.span = span_for((self._desk.today() - born).days if born else None)
        self.indicator.setCurrentIndex(self.indicator.findData(presenter.indicator))
        self.span.setCurrentIndex(self.span.findData(presenter.span))
        self.span.setVisible(presenter.indicator != "weight_for_length")
        data = chart_data(view, presenter.indicator, presenter.span)
        self.chart.setVisible(data is not None)
        self.no_chart.setVisible(data is None)
        self.no_chart.setText(_("No curve: the day of birth or the sex is not known.") if data is None else "")
        if data is not None:
            self.chart.show_data(data)

    def _choose(self) -> None:
        indicator: Indicator = self.indicator.currentData()
        self.presenter.indicator, self.presenter.span = indicator, self.span.currentData()
        if self.presenter.view is not None:
            self._show_chart(self.presenter.view)

    def _follow(self, point: int) -> None:
        """The table's row goes with the dot; both hold the same dates."""
        label_of = self._label(point)
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            if item is not None and item.text() == label_of and row != self.table.currentRow():
                self.table.blockSignals(True)
                self.table.selectRow(row)
                self.table.blockSignals(False)

    def _stand_on(self, row: int) -> None:
        item = self.table.item(row, 0)
        points = self.chart.points()
        at = next((i for i, p in enumerate(points) if item is not None and p.label == item.text()), None)
        if at is not None:
            self.chart.go(at)

    def _label(self, point: int) -> str:
        points = self.chart.points()
        return points[point].label if 0 <= point < len(points) else ""

    # deeds

    def show_to_family(self) -> None:
        """F6: the page for the family's eyes."""
        if self.presenter.person:
            self._go.show_to_family(self.presenter.person)

    def _open_family(self) -> None:
        if self.presenter.view is not None:
            self._go.family(self.presenter.view.household.id)

    def print_page(self) -> None:
        """Ctrl+P: the growth charts and the family's sheet of this child."""
        view = self.presenter.view
        if view is None:
            return
        household, person, pack, today = view.household.id, view.person.id, self._desk.pack, self._desk.today()
        choices = [
            PaperChoice("growth", _("Growth charts"), ticked=True),
            PaperChoice("family", _("Family sheet (A5)")),
        ]
        choose_papers(
            self, self._desk, choices,
            read=lambda work, wanted: household_sheets(work, pack, (household,), today=today, wanted=wanted),
            make=lambda wanted, got: day_papers(self._desk, wanted, got, only=person),
        )  # fmt: skip

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.banner.say(sentence(error), "danger")


class _Measures(QTableWidget):
    """Every column as wide as what stands in it and its head; what is left is shared out."""

    def fit(self) -> None:
        """Share out the width anew."""
        heads, columns = self.horizontalHeader(), range(self.columnCount())
        wanted = [max(self.sizeHintForColumn(at), heads.sectionSizeHint(at)) for at in columns]
        spare = max(0, self.viewport().width() - sum(wanted)) // max(1, len(wanted))
        for at, width in zip(columns, wanted, strict=True):
            self.setColumnWidth(at, width + spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
