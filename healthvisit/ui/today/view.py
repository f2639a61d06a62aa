"""Today: who is to be seen, in the order of urgency; the chosen household at the right; one key begins the visit."""

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QCheckBox, QComboBox, QVBoxLayout, QWidget

from healthvisit.services.caseload import FamilyView
from healthvisit.services.lines import Group, HouseholdLine
from healthvisit.services.today import TodayRow
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, weekday_day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.i18n import Retranslated, _, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.today.arrival import Arrival
from healthvisit.ui.today.not_possible import NotPossible
from healthvisit.ui.today.presenter import Deed, TodayPresenter
from healthvisit.ui.widgets.choices import Choice
from healthvisit.ui.widgets.layout import (
    ActionBar,
    Card,
    ElidedLabel,
    KeyValue,
    button,
    horizontal,
    label,
    scrolled,
    vertical,
)
from healthvisit.ui.widgets.notices import Banner, EmptyState
from healthvisit.ui.widgets.panes import SIDE_BY_SIDE_PX, Panes
from healthvisit.ui.widgets.rows import Heading, Row, RowList, Shown

KINDS = frozenset(
    {"household", "person", "membership", "enrolment", "birth", "pregnancy", "visit", "visit_part", "planned_contact",
     "referral", "task", "draft"}
)  # fmt: skip


VILLAGE_PX, LOW_BELOW_PX = 150, 400


class TodayView(Retranslated, theme.Restyled, QWidget):
    """The home page. `refresh` reads again; `print_page` is what Ctrl+P does here."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = TodayPresenter(desk, go, self, self)
        self._view: FamilyView | None = None
        self.banner = Banner()
        self._build_list()
        self._build_detail()
        self.panes = Panes(self._left, self._right)
        self.panes.beside(self._above)
        self._build_foot()
        self._page = vertical(self.banner, self.panes, self.foot, spacing=0)
        self._page.setStretch(1, 1)
        self.setLayout(self._page)
        self.setFocusProxy(self.rows)
        desk.jobs.changed.connect(self._heed)
        self.restyle()
        self.retranslate()

    def _build_list(self) -> None:
        self.counts = ElidedLabel(role="small")  # never so wide that it pushes the pane beside
        self.village = QComboBox()
        self.village.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.village.activated.connect(self._filter)
        self.round_only = QCheckBox()
        self.round_only.clicked.connect(self._filter)
        self.rows = RowList("")
        self.rows.low_below_px = LOW_BELOW_PX
        self.rows.chosen.connect(self.presenter.choose)
        self.rows.opened.connect(self.presenter.start)
        self.rows.ticked.connect(self.presenter.toggle_round)
        self.empty = EmptyState()
        self.day_end = label(role="small")
        self.send = button("", self._go.send_now)
        self._end = QWidget()
        end = horizontal(self.day_end, self.send)
        end.setStretch(0, 1)
        self._end.setLayout(end)
        self._filters = horizontal(self.village, self.round_only, spacing=12)
        self._filters.insertStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.addWidget(self.counts, 1)
        self._top.addLayout(self._filters)
        self._above = QWidget()
        self._above.setLayout(self._top)
        self._left = QWidget()
        self._left.setLayout(vertical(self.rows, self.empty, self._end))
        self._left.setFocusProxy(self.rows)

    def _build_detail(self) -> None:
        self.card = Card()
        self.number = label(role="muted", wrap=False)
        self.where = label()
        self.marks = label(role="strong")
        self.facts = KeyValue()
        self.arrival = Arrival()
        self.arrival.told.connect(self._tell_arrival)
        self.finish = button("", self._finish_check)
        finish = horizontal(self.finish)
        finish.addStretch()
        for part in (self.number, self.where, self.marks, self.arrival, self.facts):
            self.card.body.addWidget(part)
        self.card.body.addLayout(finish)
        self.card.body.addStretch()
        self.not_possible: NotPossible | None = None
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card, 1)
        self._detail = column
        self._right = scrolled(inside)

    def _build_foot(self) -> None:
        self.foot = ActionBar()
        self.not_now = button("", self.ask_why_not)
        self.sheets = button("", self._print_sheets)
        self.open_family = button("", self._open_family)
        for deed in (self.open_family, self.sheets, self.not_now):
            self.foot.add(deed)
        self.start = self.foot.set_primary("", self._start)

    def restyle(self) -> None:
        """Follow the text size."""
        self.village.setFixedWidth(theme.px(VILLAGE_PX))
        self._top.setSpacing(theme.px(6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside the tabs counts and filters share a line; over the list the counts have one, and are never cut."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(SIDE_BY_SIDE_PX)
        self._top.setDirection(QBoxLayout.Direction.LeftToRight if narrow else QBoxLayout.Direction.TopToBottom)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self._end_not_possible()  # its reasons are of the language before
        self.rows.setAccessibleName(_("Families to visit"))
        self.village.setAccessibleName(_("Village"))
        self.round_only.setText(_("In my round"))
        self.send.setText(_("Send now"))
        self.not_now.setText(_("&Not possible"))
        self.sheets.setText(_("Print sheet"))
        self.open_family.setText(_("Open family"))
        self.finish.setText(_("Finish the check"))
        self.panes.name(_("Families"), _("Details"))
        self.show_list()
        self.show_detail(self._view)

    def refresh(self) -> None:
        """Read again; the row that was chosen stays chosen."""
        self.presenter.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _heed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and self.isVisible():
            self.refresh()

    # list

    def show_list(self) -> None:
        """Draw the rows and what stands around them."""
        presenter = self.presenter
        shown = self._desk.preferences.show_child_names
        made: list[Shown] = []
        for group, rows in presenter.grouped():
            made.append(Heading(_(words.GROUPS[group])))
            made += [(row.id, partial(self._row, row, names=shown)) for row in rows]
        self.rows.show_rows(made)
        self.counts.setText(presenter.counts() if presenter.view and presenter.view.households else "")
        empty = presenter.empty()
        focus = QApplication.focusWidget()
        had_focus = focus is None or self.isAncestorOf(focus)  # before it leaves a list that is hidden now
        self.rows.setVisible(empty is None)
        self.empty.setVisible(empty is not None)
        if empty is not None:
            self._show_empty(*empty, take_focus=had_focus)
        end = presenter.day_end()
        self.day_end.setText(end)
        self._end.setVisible(bool(end))
        self.send.setVisible(bool(self._desk.sync.waiting or self._desk.sync.waiting_files))
        self._show_filter()

    def lines_came(self) -> None:
        """Draw again those rows that were looked at before their lines came."""
        self.rows.make_again()

    def _show_empty(self, said: str, deeds: list[Deed], *, take_focus: bool) -> None:
        self.empty.say(said, deeds)
        self.presenter.choose(None)
        if take_focus and self.isVisible() and self.empty.buttons:
            self.empty.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def heading(self) -> str:
        """What the head says instead of the page's name."""
        return _("Today · {day}").format(day=weekday_day(self.presenter.today))

    def _show_filter(self) -> None:
        presenter = self.presenter
        places = presenter.places()
        self.village.clear()
        self.village.addItem(_("All villages"), "")
        for code in places:
            self.village.addItem(words.place(self._desk.pack, code), code)
        self.village.view().setMinimumWidth(self.village.view().sizeHintForColumn(0) + theme.px(24))
        self.village.setCurrentIndex(max(0, self.village.findData(presenter.place)))
        self.village.setVisible(len(places) > 1)
        self.round_only.setChecked(presenter.only_round)
        self.round_only.setVisible(bool(places))

    def _row(self, row: TodayRow, *, names: bool) -> Row:
        line = row.line
        if line is None:
            self.presenter.want_line(row)
            return Row(key=row.id, title="…")
        today = self.presenter.today
        chip, tone = words.chip(line, today)
        who = line.due or tuple(p for p in line.children if p.died_on is None) or line.persons
        second = [*self.presenter.begun(row), *(words.short_age(p, today, shown=names) for p in who[:3])]
        if line.group is Group.STARTED:
            second = [self._stopped(line), *self.presenter.begun(row)]
        return Row(
            key=line.id,
            title=words.family_name(line),
            second=" · ".join([*filter(None, second), words.address(self._desk.pack, line)]),
            chip=chip,
            tone=tone,
            aside=words.children_count(len(line.due)),
            bar=line.group in (Group.NOW, Group.OVERDUE),
            is_ticked=line.in_round,
        )

    @staticmethod
    def _stopped(line: HouseholdLine) -> str:
        page = words.page(line.draft_page)
        if line.draft_at is None:
            return _("stopped at {page}").format(page=page) if page else ""
        at = clock(line.draft_at)
        return (
            _("stopped at {page}, {clock}").format(page=page, clock=at)
            if page
            else _("stopped {clock}").format(clock=at)
        )

    def _filter(self) -> None:
        self.presenter.filter(self.village.currentData() or "", only_round=self.round_only.isChecked())

    # detail

    def show_detail(self, view: FamilyView | None) -> None:
        """Draw the chosen household. Everything here may be seen by others in the room."""
        before, self._view = self._view, view
        if before is not None and view is not None and before.household.id != view.household.id:
            self._end_not_possible()
            self.arrival.close_it()
        row = self.presenter.row(view.household.id) if view else None
        for deed in (self.start, self.not_now, self.sheets, self.open_family):
            deed.setEnabled(view is not None)
        self.card.setVisible(view is not None)
        self.foot.setVisible(view is not None and self.not_possible is None)
        only_check = self.presenter.is_only_check(row)
        self.start.setText(
            _("Finish the check") if only_check else _("Go on with visit") if row and row.draft else _("Start visit")
        )
        self.finish.setVisible(bool(row and row.begun) and not only_check)
        if view is None:
            self._end_not_possible()
            return
        line = view.household
        self.card.set_heading(words.family_name(line))
        self.number.setText(line.number)
        ringing = words.ringing(line)
        self.where.setText("\n".join(filter(None, (words.address(self._desk.pack, line), line.note, ringing))))
        self.marks.setText(_("Two go together") if line.two_go else "")
        self.marks.setVisible(line.two_go)
        self.arrival.setVisible(bool(row and row.ask_arrival))
        self.arrival.say(may_ring=line.may_ring is not False)
        self.facts.set_rows(self._facts(view))
        self.panes.name(_("Families"), words.family_name(line))

    def _facts(self, view: FamilyView) -> list[tuple[str, str]]:
        line, today = view.household, self.presenter.today
        names = self._desk.preferences.show_child_names
        due = line.due or tuple(p for p in line.persons if p.contact)
        row = self.presenter.row(line.id)
        planned = "\n".join(words.why_now(self._desk.pack, p, today, shown=names) for p in due)
        rows = [(_("Why now"), planned)]
        if row is not None and row.line is not None and row.group is Group.NOW:
            rows = [(_("Why now"), words.chip(row.line, today)[0]), (_("Next visit"), planned)]
        begun = self.presenter.begun(row) if row is not None else []
        rows.append((_("Not finished"), "\n".join(begun)))
        if any(p.kind.value == "child" for p in due):
            rows.append((_("Bring"), _("scales, length board, tape, the child's card")))
        last, agreed = self.presenter.last_time(view)
        rows.append((_("Last time"), last))
        if agreed:
            rows.append((_("Agreed"), agreed + "\n" + _("→ ask first how that went")))
        return [(name, fact) for name, fact in rows if fact]

    # deeds

    def _start(self) -> None:
        if (chosen := self.rows.current_key()) is not None and self.not_possible is None:
            self.presenter.start(chosen)

    def _finish_check(self) -> None:
        if self._view is not None:
            self.presenter.finish_check(self._view.household.id)

    def _open_family(self) -> None:
        if self._view is not None:
            self._go.family(self._view.household.id)

    def _tell_arrival(self, yes: bool) -> None:
        row = self.presenter.row(self._view.household.id) if self._view else None
        if row is not None and row.ask_arrival is not None:
            self.presenter.arrived(row.ask_arrival, yes=yes)

    def ask_why_not(self) -> None:
        """Open the panel for a visit that was not possible."""
        if self._view is None or self.not_possible is not None:
            return
        pack = self._desk.pack
        reasons = [Choice(reason.code, pack.text(reason.name, language())) for reason in pack.not_possible]
        whose = words.family_name(self._view.household)
        panel = self.not_possible = NotPossible(whose, self.presenter, reasons, self._save_not_possible)
        panel.left.connect(self._end_not_possible)
        self._detail.insertWidget(0, panel)
        self._page.addWidget(panel.bar)
        panel.bar.show()
        self.foot.hide()
        self.panes.show_right()
        panel.start()
        QTimer.singleShot(0, panel, lambda: self._right.verticalScrollBar().setValue(0))  # after the focus moved it

    def _save_not_possible(self, reason: str, again: date | None) -> None:
        self._end_not_possible()
        self.presenter.not_possible(reason, again)

    def _end_not_possible(self) -> None:
        panel, self.not_possible = self.not_possible, None
        if panel is not None:
            for part in (panel, panel.bar):
                part.hide()
                part.deleteLater()
            self.foot.setVisible(self._view is not None)
            self.panes.show_left()
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_page(self) -> None:
        """Ctrl+P: the day list (of the round where there is one) and the sheets for it."""
        lines = [r for r in self.presenter.rows() if r.in_round] or self.presenter.rows()
        self._papers(tuple(line.id for line in lines), "list", "sheets")

    def _print_sheets(self) -> None:
        if self._view is not None:
            self._papers((self._view.household.id,), "sheets", "blank")

    def _papers(self, households: tuple[str, ...], *kinds: str) -> None:
        offered = {
            "list": PaperChoice("list", _("Day list"), ticked=True),
            "sheets": PaperChoice("sheets", _("Visit sheets, filled in as far as known"), ticked=kinds[0] == "sheets"),
            "blank": PaperChoice("blank", _("Blank visit sheet")),
        }
        pack, today = self._desk.pack, self.presenter.today
        choose_papers(
            self, self._desk, [offered[kind] for kind in kinds],
            read=lambda work, wanted: household_sheets(work, pack, households, today=today, wanted=wanted),
            make=lambda wanted, got: day_papers(self._desk, wanted, got),
        )  # fmt: skip

    def show_saved(self, said: str) -> None:
        """Say what a save did."""
        self.banner.say(said, "ok")

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong; what was shown stays."""
        self.banner.say(sentence(error), "danger")
