"""From paper: the date once, then each sheet on one page in its own order; Ctrl+Enter signs and clears for the next."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from healthvisit.domain.visit import Source, Visit
from healthvisit.services import caseload, visits
from healthvisit.services.caseload import Found
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, day_long
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.i18n import Retranslated, _, language, ngettext
from healthvisit.ui.messages import sentence
from healthvisit.ui.visit.danger import meant
from healthvisit.ui.visit.danger_pane import DangerPane
from healthvisit.ui.visit.keeper import SAVE_AFTER_MS
from healthvisit.ui.visit.paper_sheet import PaperSheet
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.widgets.fields import DateField, Field, Line
from healthvisit.ui.widgets.layout import ActionBar, button, horizontal, label, menu_deed
from healthvisit.ui.widgets.layout import vertical as stacked
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.rows import Row, RowList

FIND, SHEET, DANGER = range(3)
SEARCH_AFTER_MS, LEAST_LETTERS = 120, 3


class PaperView(Retranslated, QWidget):
    """Sheets of one day, one after the other. `titled` carries the words for the head."""

    titled = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter: VisitPresenter | None = None
        self.signed = 0
        self._households: dict[str, Found] = {}
        self.date = DateField("", latest=desk.today())
        self.date.set_day(desk.today() - timedelta(days=1))
        self.search = Field("")
        self._wants_first = False
        self._soon = single_shot(self, SEARCH_AFTER_MS, self._find)
        self._timer = single_shot(self, SAVE_AFTER_MS, self.flush)
        self.search.edited.connect(lambda _text: self._soon.start())
        if isinstance(self.search.editor, Line):
            self.search.editor.returnPressed.connect(self._enter)
        self.list = RowList(_("Families found"))
        self.list.opened.connect(self._open_sheet)
        self.done, self.hint = label(role="ok"), label(role="muted")
        self.banner = Banner()
        self.sheet = PaperSheet(desk)
        self.sheet.left.connect(self._left)
        self.danger = DangerPane(desk)
        self.danger.raised.connect(self._fit)
        self._build()
        self.retranslate()

    def _build(self) -> None:
        find = QWidget()
        top = horizontal(self.date, self.search, spacing=24)
        top.setStretchFactor(self.search, 1)
        column = stacked(top, self.done, self.hint, self.list, spacing=12)
        column.addStretch()
        column.setStretchFactor(self.list, 1000)
        find.setLayout(column)
        self.stack = QStackedWidget()
        for page in (find, self.sheet, self.danger):
            self.stack.addWidget(page)
        self.bar = ActionBar()
        self.back_button, self.more_button = button("", self._back), button("")
        menu = QMenu(self.more_button)
        self.drop_action = menu_deed(menu, self, self._drop)
        self.more_button.setMenu(menu)
        self.more_button.setProperty("menu", "true")
        for made in (self.back_button, self.more_button):
            self.bar.add_left(made)
        self.danger_button = button("", partial(self.command, "danger"), "danger")
        self.bar.add(self.danger_button)
        self.main_button = self.bar.set_primary("", self._main)
        inside = stacked(self.banner, self.stack, spacing=8)
        inside.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), theme.px(4))
        inside.setStretchFactor(self.stack, 1)
        whole = stacked(inside, self.bar, spacing=0)
        whole.setStretchFactor(inside, 1)
        self.setLayout(whole)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.date.set_label(_("Date of the visits"))
        self.search.set_label(_("Number on the sheet, or three letters"))
        self.list.setAccessibleName(_("Families found"))
        self.hint.setText(
            _("Type the number that stands on the sheet, or three letters of a name. Enter opens the sheet.")
        )
        self.back_button.setText(_("Back"))
        self.danger_button.setText(_("Danger now"))
        self.more_button.setText(_("More"))
        self.drop_action.setText(_("Throw this sheet away"))
        self._fit()
        if self.presenter is not None:
            self.draw()

    # finding

    def open(self) -> None:
        """Begin with the next sheet; the date stays as it was."""
        self.presenter = None
        self.stack.setCurrentIndex(FIND)
        self.search.set_text("")
        self._show_rows([])
        self.titled.emit(_("From paper"))
        said = ngettext("{n} sheet is typed in.", "{n} sheets are typed in.", self.signed).format(n=self.signed)
        self.done.setText(said if self.signed else "")
        self._fit()
        self.search.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        """Enter in the search opens the first family found, also when the search is still on its way."""
        self._wants_first = True
        self._soon.stop()
        self._find()

    def _find(self) -> None:
        desk, text = self._desk, self.search.text().strip()
        if len(text) < LEAST_LETTERS:
            self._show_rows([])
            return
        desk.read(
            lambda work: caseload.search(work, desk.pack, text, today=desk.today()),
            done=self._show_found,
            failed=self._failed,
            owner=self,
        )

    def _show_found(self, found: Sequence[Found]) -> None:
        today = self._desk.today()
        self._households = {}
        for each in found:
            self._households.setdefault(each.household.id, each)
        self._show_rows(
            [
                Row(
                    key=key,
                    title=words.family_name(each.household),
                    second=", ".join(words.short_age(p, today) for p in each.household.persons),
                    chip=each.household.number,
                )
                for key, each in self._households.items()
            ]
        )
        self.search.set_error("" if self._households else _("Nothing found."))
        wanted, self._wants_first = self._wants_first, False
        if wanted and self._households:
            self._open_sheet(next(iter(self._households)))

    def _show_rows(self, rows: Sequence[Row]) -> None:
        """An empty list would be an empty box: what to do stands in its place."""
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.hint.setVisible(not rows)

    def _open_sheet(self, household: str) -> None:
        desk, code = self._desk, self._desk.preferences.wording_language or language()
        try:
            on = self.date.read()
        except ValueError:
            on = None
        if on is None or on > desk.today():
            self.date.set_error(_("Type the day of the visit: today or earlier."))
            self.date.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.date.set_error("")
        day: date = on

        def deed(work: Any) -> VisitDraft:
            held = visits.draft_of(work, household, source=Source.PAPER, on=day)
            if held is not None:
                return visits.resume(work, desk.pack, desk.forms, held, language=code)
            return visits.begin(work, desk.pack, desk.forms, household, on=day, language=code, source=Source.PAPER)

        desk.read(
            deed,
            done=self._opened,
            failed=self._failed,
            owner=self,
        )

    def open_draft(self, draft_id: str) -> None:
        """Go on with a sheet that was half typed in; its date stays for the next ones."""
        self.open()
        desk, code = self._desk, self._desk.preferences.wording_language or language()
        desk.read(
            lambda work: visits.resume(work, desk.pack, desk.forms, draft_id, language=code),
            done=self._opened,
            failed=self._failed,
            owner=self,
        )

    # the sheet

    def _opened(self, draft: VisitDraft) -> None:
        desk = self._desk
        made: VisitPresenter

        def run(
            deed: Callable[[Any], Any], *, done: Callable[[Any], object], failed: Callable[[BaseException], object]
        ) -> None:
            def mine(report: Callable[[Any], object], value: Any) -> None:
                if self.presenter is made:
                    report(value)

            desk.save(deed, done=partial(mine, done), failed=partial(mine, failed), owner=self)

        made = VisitPresenter(
            draft, pack=desk.pack, clock=desk.clock, screen=self, run=run, clock_marked=desk.clock_marked
        )
        self.presenter = made
        self.date.set_day(draft.on)
        self.banner.clear()
        found = self._households.get(draft.household.id)
        if found is not None and found.person is not None:
            made.set_present(found.person, there=True)
        whence = _("From paper")
        self.titled.emit(f"{words.family_name(draft.household)} · {whence} · {day_long(draft.on)}")
        self.stack.setCurrentIndex(SHEET)
        self._fit()
        self.sheet.open(made)

    def draw(self, *, moved: bool = False) -> None:
        """Draw every section of the sheet."""
        del moved
        self.sheet.draw()

    def _left(self, key: str, path: str) -> None:
        if self.stack.currentIndex() == SHEET and self.presenter is not None:
            self.presenter.draft.page = key
            self.presenter.left(path)

    def flush(self) -> None:
        """Seal what is unsaved now: called on lock and close too."""
        self._timer.stop()
        if self.presenter is not None:
            self.presenter.keeper.flush()

    # Screen

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Asked for by the presenter one section at a time; the sheet shows all of them at once."""
        del problems
        self.sheet.say_problems()

    def ask_again(self, words: str) -> None:
        """Say something to look at twice."""
        self.banner.say(words, "warn")

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """What was typed stays."""
        self.banner.say(sentence(error), "danger", deed=_("Try again"), on_deed=again, closable=False)

    def show_saved(self, at: datetime) -> None:  # noqa: ARG002 -- the sheet says nothing of its drafts
        """After the commit."""
        if self.banner.kind == "danger":
            self.banner.clear()

    def show_signed(self, visit: Visit) -> None:
        """Saved; ready for the next sheet."""
        self._timer.stop()
        self.signed += 1
        at = clock(visit.signed_at) if visit.signed_at else ""
        self.open()
        self.banner.say(_("Saved on this computer, {clock}.").format(clock=at), "ok")

    def start_timer(self) -> None:
        """Soon."""
        self._timer.start()

    def turn_to_danger(self, part: PartDraft | None) -> None:
        """Open "Danger now" for a person of the sheet, or first ask for whom."""
        if self.presenter is not None and any(p.person is not None for p in self.presenter.draft.parts):
            self.stack.setCurrentIndex(DANGER)
            self.danger.open(self.presenter, part)
            self._fit()

    def turn_to_check(self, person: str) -> None:
        """A check filled in on paper is typed in on the child's page, with its day."""
        self._go.child(person, "development")

    def turn_to_questions(self, person: str) -> None:
        """Private questions are on no paper; what was asked is typed in on the adult's page."""
        self._go.adult(person)

    # deeds

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for this page."""
        if name == "back":
            self._back()
            return True
        if name == "danger" and self.presenter is not None and self.stack.currentIndex() == SHEET:
            self.turn_to_danger(meant(self.presenter.draft))
            return True
        return False

    def _main(self) -> None:
        index = self.stack.currentIndex()
        if index == FIND:
            key = self.list.current_key()
            if key is not None:
                self._open_sheet(key)
        elif index == DANGER:
            if self.danger.go_on():
                self._to_sheet()
            self._fit()
        elif self.presenter is not None and not self.sheet.say_problems():
            self.presenter.sign()

    def _back(self) -> None:
        index = self.stack.currentIndex()
        if index == FIND:
            self._go.back()
        elif index == SHEET:
            self.flush()
            self.open()
        elif not self.danger.back():
            self._to_sheet()

    def _drop(self) -> None:
        if self.presenter is not None:
            self.banner.say(
                _("Throw this sheet away? What was confirmed as a danger stays."),
                "warn",
                deed=_("Throw away"),
                on_deed=partial(self.presenter.drop, self._dropped),
            )

    def _dropped(self, _nothing: object) -> None:
        self._timer.stop()
        self.banner.clear()
        self.open()

    def _to_sheet(self) -> None:
        self.danger.leave()
        self.stack.setCurrentIndex(SHEET)
        self.draw()
        self._fit()

    def _fit(self) -> None:
        index = self.stack.currentIndex()
        danger = self.danger.main_words() or _("Back to the sheet")
        text = {FIND: _("Open"), SHEET: _("Sign, next sheet"), DANGER: danger}[index]
        self.main_button.setText(f"{text}   Ctrl+Enter")
        self.danger_button.setVisible(index == SHEET)
        self.more_button.setVisible(index == SHEET)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame gives the page the keyboard: typing goes to the search, or to where the sheet stood."""
        super().focusInEvent(event)
        index = self.stack.currentIndex()
        if index == FIND:
            self.search.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        elif index == DANGER:
            self.danger.take_keyboard()
        else:
            self.sheet.take_keyboard()

    def hideEvent(self, event: QHideEvent) -> None:
        """A search still to come is for nobody once the page is left."""
        super().hideEvent(event)
        self._soon.stop()
        self.flush()

    def _failed(self, error: BaseException) -> None:
        self.banner.say(sentence(error), "danger")
