"""Today: who is to be seen, in the order of urgency; the chosen household at the right; one key begins the visit."""

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from healthvisit.services.caseload import FamilyView
from healthvisit.ui import theme, words
from healthvisit.ui.dates import weekday_day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.i18n import Retranslated, _, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.today.filter_bar import FilterBar
from healthvisit.ui.today.household_card import HouseholdCard
from healthvisit.ui.today.not_possible import NotPossible
from healthvisit.ui.today.presenter import Deed, TodayPresenter
from healthvisit.ui.today.said import row_of
from healthvisit.ui.widgets.choices import Choice
from healthvisit.ui.widgets.layout import (
    ActionBar,
    button,
    horizontal,
    label,
    scrolled,
    vertical,
)
from healthvisit.ui.widgets.notices import Banner, EmptyState
from healthvisit.ui.widgets.panes import SIDE_BY_SIDE_PX, Panes
from healthvisit.ui.widgets.rows import Heading, RowList, Shown

KINDS = frozenset(
    {"household", "person", "membership", "enrolment", "birth", "pregnancy", "visit", "visit_part", "planned_contact",
     "referral", "task", "draft"}
)  # fmt: skip
LOW_BELOW_PX = 400


class TodayView(Retranslated, QWidget):
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
        self.panes.beside(self.above)
        self._build_foot()
        self._page = vertical(self.banner, self.panes, self.foot, spacing=0)
        self._page.setStretch(1, 1)
        self.setLayout(self._page)
        self.setFocusProxy(self.rows)
        desk.jobs.changed.connect(self._heed)
        self.retranslate()

    def _build_list(self) -> None:
        self.above = FilterBar(lambda place, only_round: self.presenter.filter(place, only_round=only_round))
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
        self._left = QWidget()
        self._left.setLayout(vertical(self.rows, self.empty, self._end))
        self._left.setFocusProxy(self.rows)

    def _build_detail(self) -> None:
        self.card = HouseholdCard(self._tell_arrival, self._finish_check)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside the tabs counts and filters share a line; over the list the counts have one, and are never cut."""
        super().resizeEvent(event)
        self.above.lie(across=self.width() < theme.px(SIDE_BY_SIDE_PX))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self._end_not_possible()  # its reasons are of the language before
        self.rows.setAccessibleName(_("Families to visit"))
        self.send.setText(_("Send now"))
        self.not_now.setText(_("&Not possible"))
        self.sheets.setText(_("Print sheet"))
        self.open_family.setText(_("Open family"))
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
            made += [(row.id, partial(row_of, presenter, row, names=shown)) for row in rows]
        self.rows.show_rows(made)
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
        self.above.draw(presenter)

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

    # detail

    def show_detail(self, view: FamilyView | None) -> None:
        """Draw the chosen household."""
        before, self._view = self._view, view
        if before is not None and view is not None and before.household.id != view.household.id:
            self._end_not_possible()
            self.card.arrival.close_it()
        for deed in (self.start, self.not_now, self.sheets, self.open_family):
            deed.setEnabled(view is not None)
        self.card.setVisible(view is not None)
        self.foot.setVisible(view is not None and self.not_possible is None)
        row = self.presenter.row(view.household.id) if view else None
        self.start.setText(
            _("Finish the check")
            if self.presenter.is_only_check(row)
            else _("Go on with visit")
            if row and row.draft
            else _("Start visit")
        )
        if view is None:
            self._end_not_possible()
        else:
            self.card.show_household(self.presenter, view)
            self.panes.name(_("Families"), words.family_name(view.household))

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
