"""The visit in the room: sections at the left, the page in the middle, last time at the right, one bar of deeds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid

from healthvisit.domain.visit import Source, Visit, VisitPart
from healthvisit.services import amending, assessments, attachments, visits
from healthvisit.services.check_drafts import InVisit
from healthvisit.services.development import checks_pack
from healthvisit.services.development_visit import Standing, standings
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, day_short
from healthvisit.ui.desk import Deed, Desk, Go
from healthvisit.ui.form.attachments import Seen
from healthvisit.ui.i18n import LANGUAGES, Retranslated, _, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers import gather
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.shortcuts import russian, sequence
from healthvisit.ui.visit.danger import meant
from healthvisit.ui.visit.danger_pane import DangerPane
from healthvisit.ui.visit.done_pane import DonePane
from healthvisit.ui.visit.files import VaultFiles, seen_in
from healthvisit.ui.visit.keeper import SAVE_AFTER_MS
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.private_questions import askable, private_questions
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.setting_pane import place_names
from healthvisit.ui.visit.strip import VisitStrip
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.visit.whole_page import VisitPage
from healthvisit.ui.visit.work_pane import WorkPane
from healthvisit.ui.widgets.layout import ActionBar, button, horizontal, label, menu_deed, vertical
from healthvisit.ui.widgets.notices import Banner

NARROW_PX = 1150
LOADING, WORK, DANGER, DONE = range(4)


class VisitView(Retranslated, QWidget):
    """One visit at a time. `titled` carries words for the head, `sheet_found` the id of a sheet half typed in."""

    titled = Signal(str)
    sheet_found = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter: VisitPresenter | None = None
        self._before: tuple[VisitPart, ...] = ()
        self._signed: Visit | None = None
        self._timer = single_shot(self, SAVE_AFTER_MS, self.flush)
        self._build()
        self.retranslate()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_in_sight)

    def _build(self) -> None:
        self.strip = VisitStrip(self._pick_part, self.draw, partial(self.command, "danger"))
        self.banner = Banner()
        self.work = WorkPane(self._desk)
        self.work.left.connect(self._left)
        self.work.refer.connect(self.turn_to_danger)
        self.work.went.connect(self._say_removed)
        self.danger = DangerPane(self._desk)
        self.danger.raised.connect(self._fit_bar)
        self.loading = label(role="muted")
        self.loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.done = DonePane(self._go.today, self.print_family, self._correct)
        for widget in (self.loading, self.work, self.danger, self.done):
            self.stack.addWidget(widget)
        self._build_bar()
        whole = vertical(self.strip, self._in_margin(self.banner), self.stack, self.bar, spacing=0)
        whole.setStretchFactor(self.stack, 1)
        self.setLayout(whole)
        for key in filter(None, ("Ctrl+Z", russian("Ctrl+Z"))):
            QShortcut(sequence(key), self, self._undo).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _build_bar(self) -> None:
        self.bar = ActionBar()
        self.back_button = button("", self._back)
        self.leave_button = button("", self._leave)
        self.more_button = button("")
        self.more_menu = QMenu(self.more_button)
        self.undo_action = menu_deed(self.more_menu, self, self._undo)
        self.more_menu.aboutToShow.connect(self._fit_menu)
        self.drop_action = menu_deed(self.more_menu, self, self._drop)
        self.more_button.setMenu(self.more_menu)
        self.more_button.setProperty("menu", "true")
        for made in (self.back_button, self.leave_button, self.more_button):
            self.bar.add_left(made)
        self.main_button = self.bar.set_primary("", self._main)
        self.sign_button = button("", self._sign)
        self.bar.add(self.sign_button)

    @staticmethod
    def _in_margin(widget: QWidget) -> QWidget:
        made = QWidget()
        row = horizontal(widget)
        row.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(4))
        made.setLayout(row)
        return made

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.back_button.setText(_("Back"))
        self.leave_button.setText(_("Leave, keep it"))
        self.sign_button.setText(_("Sign"))
        self.more_button.setText(_("More"))
        self.undo_action.setText("{}\tCtrl+Z".format(_("Take back the last answer")))
        self.drop_action.setText(_("Throw this visit away"))
        self.loading.setText(_("Opening the visit …"))
        self.work.sections.setAccessibleName(_("Sections"))
        if self.presenter is not None:
            if self._desk.preferences.wording_language is None:
                self.presenter.set_wording(language())
            self._say_title()
            self.draw()
            self.danger.draw()

    @property
    def page(self) -> VisitPage:
        """The questions of the section shown."""
        return self.work.page

    @property
    def signed_id(self) -> str:
        """The visit just signed; empty before."""
        return self._signed.id if self._signed is not None else ""

    # opening and leaving

    def open_new(self, household: str, unplanned: str | None = None) -> None:
        """Begin a visit; a draft of this family that is not signed is gone on with instead."""
        desk, code = self._desk, self._wording()

        def deed(work: Any) -> tuple[VisitDraft, tuple[VisitPart, ...]]:
            held = visits.draft_of(work, household)
            if held is not None:
                return visits.resume(work, desk.pack, desk.forms, held, language=code), ()
            begun = visits.begin(
                work, desk.pack, desk.forms, household, on=desk.today(), language=code, unplanned=unplanned
            )
            return begun, ()

        self._open(deed)

    def open_draft(self, draft_id: str) -> None:
        """Go on where a draft stood, with the keyboard on the same question."""
        desk = self._desk

        def deed(work: Any) -> tuple[VisitDraft, tuple[VisitPart, ...]]:
            draft = visits.resume(work, desk.pack, desk.forms, draft_id, language=self._wording())
            return draft, amending.parts_before(work, draft.amends)

        self._open(deed)

    def open_amending(self, visit_id: str) -> None:
        """Open a signed visit for correction."""
        desk, code = self._desk, self._wording()

        def deed(work: Any) -> tuple[VisitDraft, tuple[VisitPart, ...]]:
            draft = amending.begin_amending(work, desk.pack, desk.forms, visit_id, language=code)
            return draft, amending.parts_before(work, draft.amends)

        self._open(deed)

    def _wording(self) -> str:
        return self._desk.preferences.wording_language or language()

    def _open(self, deed: Deed[tuple[VisitDraft, tuple[VisitPart, ...]]]) -> None:
        self.flush()
        self.presenter, self._signed = None, None
        self.stack.setCurrentIndex(LOADING)
        for widget in (self.strip, self.bar):
            widget.hide()
        self.banner.clear()

        def whole(work: Any) -> tuple[VisitDraft, tuple[VisitPart, ...], Mapping[str, Seen]]:
            draft, before = deed(work)
            draft.development = _standings(draft)(work)
            return draft, before, seen_in(work, draft)

        self._desk.read(whole, done=self._opened, failed=self._not_opened, owner=self)

    def _opened(self, held: tuple[VisitDraft, tuple[VisitPart, ...], Mapping[str, Seen]]) -> None:
        draft, self._before, seen = held
        if draft.source is Source.PAPER and draft.amends is None:
            self.loading.clear()
            self.sheet_found.emit(draft.id)
            return
        focus = draft.focus
        presenter = self._presenter_for(draft)
        self.presenter = presenter
        files = VaultFiles(self._desk, seen, lambda: attachments.answers_of(draft))
        self.work.open(presenter, self._before, files)
        self.strip.saved.setText("")
        self.strip.show()
        self.bar.show()
        self.stack.setCurrentIndex(WORK)
        self._say_title()
        if draft.on != self._desk.today() and draft.amends is None:
            self.banner.say(_("This visit was begun on {day} and is not signed yet.").format(day=day_short(draft.on)))
        self._read_private(presenter)
        waiting = draft.danger
        draft.focus = focus
        self.draw(moved=True)
        part = next((p for p in draft.parts if waiting is not None and p.id == waiting.part), None)
        if part is not None:
            self.turn_to_danger(part)

    def _say_title(self) -> None:
        if self.presenter is not None:
            draft = self.presenter.draft
            place, begun = place_names()[draft.place], f"{day_short(draft.on)} {clock(draft.started_at)}"
            self.titled.emit(f"{words.family_name(draft.household)} · {place} · {begun}")

    def _presenter_for(self, draft: VisitDraft) -> VisitPresenter:
        desk = self._desk

        def run(
            deed: Callable[[Any], Any], *, done: Callable[[Any], object], failed: Callable[[BaseException], object]
        ) -> None:
            def mine(report: Callable[[Any], object], value: Any) -> None:
                if self.presenter is made:  # a report of a visit that was left says nothing here
                    report(value)

            desk.save(deed, done=partial(mine, done), failed=partial(mine, failed), owner=self)

        made = VisitPresenter(
            draft, pack=desk.pack, clock=desk.clock, screen=self, run=run, clock_marked=desk.clock_marked
        )
        return made

    def _not_opened(self, error: BaseException) -> None:
        self.loading.setText(sentence(error))
        self.banner.say(sentence(error), "danger", deed=_("Back"), on_deed=self._go.back)

    def flush(self) -> None:
        """Seal what is unsaved now: called on lock and close too."""
        self._timer.stop()
        if self.presenter is not None and self._signed is None:
            path = self.work.page.path_with_focus()
            if path and self.presenter.step is not None:
                self.presenter.draft.focus = path
            self.presenter.keeper.flush()

    @property
    def in_visit(self) -> InVisit | None:
        """The visit that stands here and can be gone on with."""
        if self.presenter is None or self._signed is not None:
            return None
        return InVisit(self.presenter.draft.id, self.presenter.draft.on)

    def _leave(self) -> None:
        self.flush()
        self._go.today()

    def _undo(self) -> None:
        presenter = self.presenter
        if presenter is None or self._signed is not None or self.stack.currentIndex() != WORK:
            return
        if presenter.undo():
            self.banner.say(_("Taken back."))

    def _say_removed(self, words: str) -> None:
        self.banner.say(words, "info", deed=_("Undo"), on_deed=self._undo)

    def _fit_menu(self) -> None:
        presenter = self.presenter
        self.undo_action.setEnabled(presenter is not None and presenter.part.session.undoable is not None)

    def _drop(self) -> None:
        if self.presenter is not None:
            self.banner.say(
                _("Throw this visit away? What was confirmed as a danger stays."),
                "warn",
                deed=_("Throw away"),
                on_deed=partial(self.presenter.drop, lambda _nothing: self._go.today()),
            )

    # Screen

    def draw(self, *, moved: bool = False) -> None:
        """Draw what the presenter says."""
        presenter = self.presenter
        if presenter is None:
            return
        draft, step = presenter.draft, presenter.step
        wanted = draft.focus  # a field that goes away says where the keyboard was; that is not where it is to go
        if moved and self.banner.kind != "danger" and self.banner.text():
            self.banner.clear()
        had_check = self.work.check.isAncestorOf(self.focusWidget())
        self.strip.draw(presenter, narrow=self._is_narrow())
        self.work.draw(moved=moved)
        self._fit_bar()
        self._fit()
        self.work.draw_right()
        if moved:
            self.work.middle.verticalScrollBar().setValue(0)
        if step is None and (moved or had_check):
            self._take_check()
        elif moved:
            draft.focus = wanted
            self.work.focus_open(wanted)

    def _take_check(self) -> None:
        """The keyboard goes to what is missing; to the signature only when nothing is."""
        (self.work.check.first_line() or self.main_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say them above and beside the fields."""
        self.work.show_problems(problems)

    def ask_again(self, words: str) -> None:
        """Say something to look at twice."""
        self.banner.say(words, "warn")

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """What was typed stays on the page."""
        self.banner.say(sentence(error), "danger", deed=_("Try again"), on_deed=again, closable=False)
        self.strip.saved.setText(_("Not saved"))
        self._fit_bar()

    def show_saved(self, at: datetime) -> None:
        """After the commit."""
        if self.banner.kind == "danger" and self.banner.text():
            self.banner.clear()
        self.strip.saved.setText(_("Saved {clock}").format(clock=clock(at)))

    def show_signed(self, visit: Visit) -> None:
        """After the commit: saved on this computer, never "sent"."""
        self._signed = visit
        self._timer.stop()
        self.banner.clear()
        self.done.show_visit(visit)
        self.strip.hide()
        self.bar.hide()
        self.stack.setCurrentIndex(DONE)
        self.done.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_timer(self) -> None:
        """400 ms after the last key."""
        self._timer.start()

    # danger

    def turn_to_danger(self, part: PartDraft | None) -> None:
        """Open "Danger now" for a person, or first ask for whom."""
        presenter = self.presenter
        if presenter is not None and any(p.person is not None for p in presenter.draft.parts):
            self.stack.setCurrentIndex(DANGER)
            self.danger.open(presenter, part)
            self._fit_bar()

    # development

    def turn_to_check(self, person: str) -> None:
        """The page of the check; the one made in this visit is corrected there, not made twice."""
        presenter = self.presenter
        if presenter is not None:
            self.flush()
            standing = presenter.draft.development.get(person)
            made = standing.made if standing is not None and standing.begun_on is None else None
            self._go.start_check(person, amends=made.id if made else "", visit=self.in_visit)

    def turn_to_questions(self, person: str) -> None:
        """The page of the private questions."""
        self.flush()
        self._go.ask(person)

    def _read_private(self, presenter: VisitPresenter) -> None:
        """Who was asked today; a correction asks nobody."""
        draft, known = presenter.draft, self._desk.library
        adults = [person.id for person in askable(draft)]

        def take(asked: frozenset[str]) -> None:
            if presenter is self.presenter:
                presenter.take_private(private_questions(known, asked))

        if draft.amends is None and adults:
            self._desk.read(
                lambda work: assessments.asked_on(work, adults, draft.on), done=take,
                failed=lambda error: self.banner.say(sentence(error), "danger"), owner=self,
            )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        """Back from a check or from questions: the list of sections says how it stands by now."""
        super().showEvent(event)
        presenter = self.presenter
        if presenter is not None and self.in_visit is not None:
            self._read_private(presenter)
            self._desk.read(
                _standings(presenter.draft),
                done=lambda found: presenter.take_development(found) if presenter is self.presenter else None,
                failed=lambda error: self.banner.say(sentence(error), "danger"),
                owner=self,
            )

    def _open_danger(self) -> None:
        if self.presenter is not None and self.stack.currentIndex() != DANGER:
            self.flush()
            self.turn_to_danger(meant(self.presenter.draft))

    def _back_to_visit(self) -> None:
        self.danger.leave()
        self.stack.setCurrentIndex(WORK)
        self.draw(moved=True)

    # deeds

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for a visit."""
        if self.presenter is None or self._signed is not None:
            return False
        match name:
            case "danger":
                self._open_danger()
            case "check" if self.stack.currentIndex() == WORK:
                self.presenter.check_of_part()
            case "wording_language":
                code = self.presenter.next_wording()
                self.danger.draw()
                self.banner.say(_("Questions are now in {language}.").format(language=LANGUAGES[code]))
            case "hide" | "show_family":
                self._hide()
            case "print":
                self.danger.print_note()
            case "back":
                self._back()
            case _:
                return False
        return True

    def _hide(self) -> None:
        assert self.presenter is not None, "asked before"
        self.flush()
        own = self.presenter.part.person
        children = [p.person for p in self.presenter.draft.parts if p.person and p.person.is_child]
        shown = own if own is not None and own.is_child else next(iter(children), None)
        if shown is not None:
            self._go.show_to_family(shown.id)

    def _main(self) -> None:
        presenter = self.presenter
        if presenter is None:
            return
        if self.stack.currentIndex() == DANGER:
            if self.danger.go_on():
                self._back_to_visit()
            self._fit_bar()
        elif presenter.step is not None:
            presenter.go_on()
        elif self.work.check.first_line() is not None:
            presenter.go_to_missing()
        else:
            self._sign()

    def _sign(self) -> None:
        presenter = self.presenter
        if presenter is None:
            return
        if presenter.draft.amends is not None and not presenter.draft.reason:
            self.work.ask_reason()
        else:
            presenter.sign()

    def _back(self) -> None:
        if self.presenter is None:
            return
        if self.stack.currentIndex() == DANGER:
            if not self.danger.back():
                self._back_to_visit()
            self._fit_bar()
        else:
            self.presenter.back()

    def _fit_bar(self) -> None:
        in_danger = self.stack.currentIndex() == DANGER
        presenter = self.presenter
        if presenter is None:
            return
        is_missing = not in_danger and presenter.step is None and self.work.check.first_line() is not None
        self.sign_button.setVisible(is_missing)
        first = presenter.steps[0].key == presenter.draft.page
        self.back_button.setVisible(not self.danger.is_note if in_danger else not first)
        self.leave_button.setVisible(not in_danger)
        self.more_button.setVisible(not in_danger)
        self.strip.setVisible(not in_danger)
        if in_danger:
            self.back_button.setText(_("Back"))
            text = self.danger.main_words() or _("Back to the visit")
        elif is_missing:
            text = _("Go on to what is missing")
        else:
            text = _("Sign") if presenter.step is None else _("Continue")
        self.main_button.setText(f"{text}   Ctrl+Enter")

    def _correct(self) -> None:
        if self._signed is not None:
            self._go.amend_visit(self._signed.id)

    def print_family(self) -> None:
        """The sheet for the family, after signing."""
        visit, desk = self._signed, self._desk
        if visit is not None:
            choose_papers(
                self,
                desk,
                [PaperChoice("family", _("Family sheet (A5)"), ticked=True)],
                read=lambda work, wanted: gather.household_sheets(
                    work, desk.pack, (visit.household,), today=desk.today(), wanted=wanted
                ),
                make=partial(gather.day_papers, desk),
            )

    def _left(self, path: str) -> None:
        if self.presenter is not None and self.stack.currentIndex() == WORK and self._signed is None:
            self.presenter.left(self.work.page.path_with_focus() or path)  # killed now, it reopens where she is

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """0 from the list of what is missing too: that list says to press it."""
        if (
            event.key() == Qt.Key.Key_0
            and not event.modifiers()
            and self.stack.currentIndex() == WORK
            and self.presenter
        ):
            self.presenter.none_of_these()
        else:
            super().keyPressEvent(event)

    def _pick_part(self, number: int) -> None:
        if self.presenter is not None:
            self.presenter.pick_part(number)

    # look

    def hideEvent(self, event: QHideEvent) -> None:
        """The page is left or covered: what is unsaved is sealed at once."""
        super().hideEvent(event)
        self.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.work.draw_right()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame gives the page the keyboard: it goes to the question where it was."""
        super().focusInEvent(event)
        if self._signed is not None:
            self.done.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.stack.currentIndex() == DANGER:
            self.danger.take_keyboard()
        elif self.presenter is not None and self.presenter.step is not None:
            self.work.focus_open(self.presenter.draft.focus)
        else:
            self._take_check()

    def _fit(self) -> None:
        """Three columns; where it is narrow the right one is a second tab, and the danger list takes both."""
        second = self.work.fit(narrow=self._is_narrow(), last_time=self.strip.last_button.isChecked())
        self.strip.last_button.setVisible(second)

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(NARROW_PX)

    def _keep_in_sight(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            QTimer.singleShot(0, self, partial(_show_in_area, now))  # once the page has its new shape


def _standings(draft: VisitDraft) -> Deed[Mapping[str, Standing]]:
    """How the children stand in this visit. A correction asks for no check, and nothing of a doctor again."""
    asked = {p.person.id: p.facts for p in draft.parts if p.person is not None}
    living = () if draft.amends else tuple(p for p in draft.household.children if p.died_on is None)
    children, visit = [(p.id, asked.get(p.id)) for p in living], InVisit(draft.id, draft.on)
    return lambda work: standings(work, checks_pack(), children, visit)


def _show_in_area(widget: QWidget) -> None:
    """Scroll to a widget that has the keyboard; it may be gone by now."""
    above = widget.parentWidget() if isValid(widget) else None
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 24, 60)
            return
        above = above.parentWidget()
