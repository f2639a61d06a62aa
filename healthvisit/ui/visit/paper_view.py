"""From paper: the date once, then each sheet on one page in its own order; Ctrl+Enter signs and clears for the next."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from healthvisit.domain.visit import Visit
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, day_long
from healthvisit.ui.desk import Deed, Desk, Go
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.visit.danger import meant
from healthvisit.ui.visit.danger_pane import DangerPane
from healthvisit.ui.visit.keeper import SAVE_AFTER_MS
from healthvisit.ui.visit.opening import kept_sheet, presenter_over, sheet_of
from healthvisit.ui.visit.paper_search import PaperSearch
from healthvisit.ui.visit.paper_sheet import PaperSheet
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.widgets.layout import ActionBar, button, menu_deed
from healthvisit.ui.widgets.layout import vertical as stacked
from healthvisit.ui.widgets.notices import Banner

FIND, SHEET, DANGER = range(3)


class PaperView(Retranslated, QWidget):
    """Sheets of one day, one after the other. `titled` carries the words for the head."""

    titled = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter: VisitPresenter | None = None
        self.signed = 0
        self._timer = single_shot(self, SAVE_AFTER_MS, self.flush)
        self.banner = Banner()
        self.finding = PaperSearch(desk)
        self.finding.chosen.connect(self._open_sheet)
        self.finding.failed.connect(self._failed)
        self.sheet = PaperSheet(desk)
        self.sheet.left.connect(self._left)
        self.danger = DangerPane(desk)
        self.danger.raised.connect(self._fit)
        self._build()
        self.retranslate()

    def _build(self) -> None:
        self.stack = QStackedWidget()
        for page in (self.finding, self.sheet, self.danger):
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
        self.back_button.setText(_("Back"))
        self.danger_button.setText(_("Danger now"))
        self.more_button.setText(_("More"))
        self.drop_action.setText(_("Throw this sheet away"))
        self._fit()
        if self.presenter is not None:
            self.draw()

    # the sheet

    def open(self) -> None:
        """Begin with the next sheet; the date stays as it was."""
        self.presenter = None
        self.stack.setCurrentIndex(FIND)
        self.finding.open(self.signed)
        self.titled.emit(_("From paper"))
        self._fit()
        self.finding.take_keyboard()

    def open_draft(self, draft_id: str) -> None:
        """Go on with a sheet that was half typed in; its date stays for the next ones."""
        self.open()
        self._read(kept_sheet(self._desk, draft_id))

    def _open_sheet(self, household: str, on: date) -> None:
        self._read(sheet_of(self._desk, household, on))

    def _read(self, deed: Deed[VisitDraft]) -> None:
        self._desk.read(deed, done=self._opened, failed=self._failed, owner=self)

    def _opened(self, draft: VisitDraft) -> None:
        presenter = self.presenter = presenter_over(self._desk, draft, self, self)
        self.finding.date.set_day(draft.on)
        self.banner.clear()
        found = self.finding.found_by(draft.household.id)
        if found is not None:
            presenter.setting.set_present(found, there=True)
        whence = _("From paper")
        self.titled.emit(f"{words.family_name(draft.household)} · {whence} · {day_long(draft.on)}")
        self.stack.setCurrentIndex(SHEET)
        self._fit()
        self.sheet.open(presenter)

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
            self.finding.choose_current()
        elif index == DANGER:
            if self.danger.go_on():
                self._to_sheet()
            self._fit()
        elif self.presenter is not None and not self.sheet.say_problems():
            if asked := self.presenter.doubts():
                self.ask_again(asked)
            else:
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
            self.finding.take_keyboard()
        elif index == DANGER:
            self.danger.take_keyboard()
        else:
            self.sheet.take_keyboard()

    def hideEvent(self, event: QHideEvent) -> None:
        """A search still to come is for nobody once the page is left."""
        super().hideEvent(event)
        self.finding.stop()
        self.flush()

    def _failed(self, error: BaseException) -> None:
        self.banner.say(sentence(error), "danger")
