"""The visit in the room: sections at the left, the page in the middle, last time at the right, one bar of deeds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QStackedWidget, QTabBar, QWidget
from shiboken6 import isValid

from healthvisit.domain.visit import Place, Visit, VisitPart
from healthvisit.services import amending, visits
from healthvisit.services.caseload import PersonLine
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, day_short
from healthvisit.ui.desk import Deed, Desk, Go
from healthvisit.ui.form.page import FormPage
from healthvisit.ui.i18n import LANGUAGES, Retranslated, _, language, ngettext
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers import gather
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.visit.check_pane import FindingsPane, danger_card, missing_card
from healthvisit.ui.visit.danger import DangerPresenter
from healthvisit.ui.visit.danger_pane import DangerPane
from healthvisit.ui.visit.done_pane import DonePane
from healthvisit.ui.visit.findings import Findings, findings
from healthvisit.ui.visit.keeper import SAVE_AFTER_MS
from healthvisit.ui.visit.last_time import LastTimePane
from healthvisit.ui.visit.presenter import Problem, VisitPresenter, is_child
from healthvisit.ui.visit.remarks import growth_now
from healthvisit.ui.visit.setting_pane import SettingPane, place_names
from healthvisit.ui.visit.steps import Step, who
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import ActionBar, ElidedLabel, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, ErrorSummary
from healthvisit.ui.widgets.sections import SectionList

RIGHT_PX, MIDDLE_PX, NARROW_PX, MANY_SIGNS = 350, 700, 1150, 4
LOADING, WORK, DANGER, DONE = range(4)


class VisitView(Retranslated, QWidget):
    """One visit at a time. `titled` carries the words for the head."""

    titled = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter: VisitPresenter | None = None
        self._before: tuple[VisitPart, ...] = ()
        self._signed: Visit | None = None
        self._drawn = ""
        self._timer = single_shot(self, SAVE_AFTER_MS, self.flush)
        self._build()
        self.retranslate()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_in_sight)

    def _build(self) -> None:
        self._build_strip()
        self.banner, self.summary = Banner(), ErrorSummary()
        self.danger = DangerPane(self._desk)
        self.danger.person_picked.connect(self._danger_for)
        self.danger.raised.connect(self._fit_bar)
        self.loading = label(role="muted")
        self.loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.done = DonePane(self._go.today, self.print_family, self._correct)
        for widget in (self.loading, self._work_page(), self.danger, self.done):
            self.stack.addWidget(widget)
        self._build_bar()
        whole = vertical(self._strip, self._in_margin(self.banner), self.stack, self.bar, spacing=0)
        whole.setStretchFactor(self.stack, 1)
        self.setLayout(whole)

    def _build_strip(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.tabBarClicked.connect(self._pick_tab)
        self.saved = label(role="small", wrap=False)
        self.last_button = button("", self.draw)
        self.last_button.setCheckable(True)
        self.danger_button = button("", partial(self.command, "danger"), "danger")
        self.danger_button.setIcon(theme.icon("alert", "danger"))
        strip = horizontal(self.tabs, spacing=12)
        strip.addStretch()
        strip.addWidget(self.saved)
        strip.addWidget(self.last_button)
        strip.addWidget(self.danger_button)
        self._strip = QWidget()
        self._strip.setLayout(strip)
        strip.setContentsMargins(theme.px(16), theme.px(2), theme.px(16), theme.px(4))

    def _work_page(self) -> QWidget:
        self.heading, self.whose = label(role="heading", wrap=False), ElidedLabel(role="muted")
        self.whose.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.sections = SectionList(_("Sections"))
        self.sections.picked.connect(self._pick)
        self.setting = SettingPane(self._place, self._tick)
        self.page = FormPage()
        self.page.answered.connect(self._answer)
        self.page.left.connect(self._left)
        self.page.zeroed.connect(self._zero)
        self.check = FindingsPane()
        self.reason = ChoiceGroup("")
        self.reason.changed.connect(self._reason)
        title = horizontal(self.heading, self.whose, spacing=12)
        title.setStretchFactor(self.whose, 1)
        column = vertical(title, self.summary, self.setting, self.page, self.reason, self.check, spacing=12)
        column.addStretch()
        column.setContentsMargins(0, 0, theme.px(8), theme.px(8))
        middle = QWidget()
        middle.setLayout(column)
        self.middle = scrolled(middle)
        self.right = LastTimePane()
        self.right_scroll = scrolled(self.right)
        across = horizontal(self.sections, self.middle, self.right_scroll, spacing=16)
        across.setContentsMargins(theme.px(8), theme.px(4), theme.px(16), theme.px(4))
        across.setStretchFactor(self.middle, 1)
        work = QWidget()
        work.setLayout(across)
        return work

    def _build_bar(self) -> None:
        self.bar = ActionBar()
        self.back_button = button("", self._back)
        self.leave_button = button("", self._leave)
        self.more_button = button("")
        self.more_menu = QMenu(self.more_button)
        self.drop_action = self.more_menu.addAction("", self._drop)
        self.more_button.setMenu(self.more_menu)
        self.more_button.setProperty("menu", "true")
        for made in (self.back_button, self.leave_button, self.more_button):
            self.bar.add_left(made)
        self.main_button = self.bar.set_primary("", self._main)

    @staticmethod
    def _in_margin(widget: QWidget) -> QWidget:
        made = QWidget()
        row = horizontal(widget)
        row.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(4))
        made.setLayout(row)
        return made

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.last_button.setText(_("Last time"))
        self.danger_button.setText(_("Danger now"))
        self.danger_button.setToolTip("Ctrl+D")
        self.back_button.setText(_("Back"))
        self.leave_button.setText(_("Leave, keep it"))
        self.more_button.setText(_("More"))
        self.drop_action.setText(_("Throw this visit away"))
        self.loading.setText(_("Opening the visit …"))
        self.sections.setAccessibleName(_("Sections"))
        if self.presenter is not None:
            self._drawn = ""
            self.draw()

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
        for widget in (self._strip, self.bar):
            widget.hide()
        self.banner.clear()
        self._desk.read(deed, done=self._opened, failed=self._not_opened, owner=self)

    def _opened(self, held: tuple[VisitDraft, tuple[VisitPart, ...]]) -> None:
        draft, self._before = held
        focus = draft.focus
        presenter = self._presenter_for(draft)
        self.presenter, self._drawn = presenter, ""
        self.saved.setText("")
        self._strip.show()
        self.bar.show()
        self.stack.setCurrentIndex(WORK)
        place = place_names()[draft.place]
        self.titled.emit(
            f"{words.family_name(draft.household)} · {place} · {day_short(draft.on)} {clock(draft.started_at)}"
        )
        if draft.on != self._desk.today() and draft.amends is None:
            self.banner.say(_("This visit was begun on {day} and is not signed yet.").format(day=day_short(draft.on)))
        waiting = draft.danger
        draft.focus = focus
        self.draw(moved=True)
        part = next((p for p in draft.parts if waiting is not None and p.id == waiting.part), None)
        if part is not None:
            self.turn_to_danger(part)

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
            path = self.page.path_with_focus()
            if path and self.presenter.step is not None:
                self.presenter.draft.focus = path
            self.presenter.keeper.flush()

    def _leave(self) -> None:
        self.flush()
        self._go.today()

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
        if moved:
            self.summary.show_problems([])
            if self.banner.kind != "danger":
                self.banner.clear()
        self._draw_tabs()
        self.sections.show_sections(presenter.sections(), draft.page)
        part = presenter.part
        self.heading.setText(step.title if step else _("Check and sign"))
        self.whose.setText(who(part, draft.on) if step else "")
        self.setting.setVisible(step is not None and step.name == "setting")
        self.page.setVisible(step is not None)
        self.check.setVisible(step is None)
        self.reason.setVisible(step is None and draft.amends is not None)
        if step is None:
            self._draw_check()
        else:
            self._draw_step(step, moved=moved)
        self._fit_bar()
        self._fit()
        if not self.right_scroll.isHidden():
            self._draw_right(part)
        if moved:
            self.middle.verticalScrollBar().setValue(0)
            if step is None:
                self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                draft.focus = wanted
                self.page.focus_open(wanted)

    def _draw_step(self, step: Step, *, moved: bool) -> None:
        presenter = self.presenter
        assert presenter is not None, "drawn with one"
        if step.name == "setting":
            self.setting.show_draft(presenter.draft, self._desk.pack)
        questions = presenter.questions()
        self.page.show_page(step.key, questions)
        self.page.show_remarks(presenter.remarks())
        if moved:
            self.page.cover_private()
        for question in questions:
            if not question.violation:
                self.page.forget_error(question.path)

    def _draw_tabs(self) -> None:
        presenter = self.presenter
        assert presenter is not None, "drawn with one"
        draft = presenter.draft
        names = []
        for number, part in enumerate(draft.parts):
            if not part.seen:
                continue
            name = who(part, draft.on, birth_order=True, short=self._is_narrow()) or _("Family")
            names.append((number, name, presenter.survey.is_open(part)))
        while self.tabs.count() > len(names):
            self.tabs.removeTab(self.tabs.count() - 1)
        while self.tabs.count() < len(names):
            self.tabs.addTab("")
        for at, (number, name, opened) in enumerate(names):
            self.tabs.setTabText(at, f"{name} •" if opened else name)
            self.tabs.setTabData(at, number)
            self.tabs.setTabToolTip(at, _("{name}: something is open").format(name=name) if opened else name)
            if presenter.step is not None and presenter.step.part == number:
                self.tabs.setCurrentIndex(at)

    def _draw_check(self) -> None:
        presenter = self.presenter
        assert presenter is not None, "drawn with one"
        shown, missing, waiting = presenter.to_check()
        above: list[QWidget] = []
        if missing:
            above.append(missing_card(missing, presenter.pick))
        for part in presenter.draft.seen:
            if part.id in waiting and part.person is not None:
                name = words.short_name(part.person)
                above.append(danger_card(name, partial(self.turn_to_danger, part)))
        if self._before:
            held = presenter.draft
            old = findings(self._desk.pack, self._before, held.household.persons, on=held.on)
            shown = [*shown, *(_titled(block, _("Before the correction · {who}")) for block in old)]
            if not self.reason.buttons:
                self.reason.label.setText(_("Why is it corrected?"))
                self.reason.label.show()
                named = self._desk.pack.lists.get("corrections", ())
                self.reason.set_choices(Choice(n.code, self._desk.pack.text(n.name, language())) for n in named)
            self.reason.choose(*([held.reason] if held.reason else []))
        self.check.show_findings(shown, above)

    def _draw_right(self, part: PartDraft) -> None:
        presenter = self.presenter
        assert presenter is not None, "drawn with one"
        held = presenter.answers_of(part)
        fields = held.fields("growth") if held else {}
        now = growth_now(self._desk.pack, part.facts, fields, on=presenter.draft.on) if part.facts and fields else None
        self.right.show_part(presenter.draft, part, now)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say them above and beside the fields; a long row of unanswered signs is one sentence."""
        self.page.show_errors({p.path: p.words for p in problems})
        rows = self.page.grid.rows if self.page.grid else {}
        signs = [p.path for p in problems if p.path in rows]
        if len(signs) >= MANY_SIGNS:
            said = ngettext(
                "{n} sign still needs an answer. Press 0 when you looked for each and none is there.",
                "{n} signs still need an answer. Press 0 when you looked for each and none is there.",
                len(signs),
            ).format(n=len(signs))
            problems = [Problem(signs[0], said), *(p for p in problems if p.path not in rows)]
        linked = [(p.listed, stop) for p in problems if (stop := self.page.stop_of(p.path)) is not None]
        self.summary.show_problems(linked)
        self.middle.verticalScrollBar().setValue(0)

    def ask_again(self, words: str) -> None:
        """Say something to look at twice."""
        self.banner.say(words, "warn")

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """What was typed stays on the page."""
        self.banner.say(sentence(error), "danger", deed=_("Try again"), on_deed=again, closable=False)
        self.saved.setText(_("Not saved"))
        self._fit_bar()

    def show_saved(self, at: datetime) -> None:
        """After the commit."""
        if self.banner.kind == "danger" and self.banner.text():
            self.banner.clear()
        self.saved.setText(_("Saved {clock}").format(clock=clock(at)))

    def show_signed(self, visit: Visit) -> None:
        """After the commit: saved on this computer, never "sent"."""
        self._signed = visit
        self._timer.stop()
        self.banner.clear()
        self.done.show_visit(visit)
        self._strip.hide()
        self.bar.hide()
        self.stack.setCurrentIndex(DONE)
        self.done.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_timer(self) -> None:
        """400 ms after the last key."""
        self._timer.start()

    # danger

    def turn_to_danger(self, part: PartDraft) -> None:
        """Open "Danger now" for a person."""
        presenter = self.presenter
        if presenter is None or part.person is None:
            return
        made = DangerPresenter(presenter, part, form=self._desk.forms["danger"], screen=self.danger)
        self.stack.setCurrentIndex(DANGER)
        persons = [p.person for p in presenter.draft.parts if p.person is not None]
        self.danger.attach(made, persons)
        self._fit_bar()

    def _danger_for(self, person: str) -> None:
        if self.presenter is not None:
            part = next((p for p in self.presenter.draft.parts if p.person and p.person.id == person), None)
            if part is not None:
                self.turn_to_danger(part)

    def _open_danger(self) -> None:
        presenter = self.presenter
        if presenter is None or self.stack.currentIndex() == DANGER:
            return
        parts = [p for p in presenter.draft.parts if p.person is not None]
        own = [p for p in parts if p is presenter.part] or [p for p in parts if p.seen] or parts
        if own:
            self.flush()
            self.turn_to_danger(own[0])

    def _back_to_visit(self) -> None:
        if self.danger.presenter is not None and not self.danger.is_note:
            self.danger.presenter.leave()
            if self.presenter is not None and not self.danger.presenter.signs():
                self.presenter.draft.danger = None
        self.stack.setCurrentIndex(WORK)
        self._drawn = ""
        self.draw(moved=True)

    # deeds

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for a visit."""
        if self.presenter is None or self._signed is not None:
            return False
        match name:
            case "danger":
                self._open_danger()
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
        children = [p.person for p in self.presenter.draft.parts if p.person and is_child(p.person)]
        shown = own if own is not None and is_child(own) else next(iter(children), None)
        if shown is not None:
            self._go.show_to_family(shown.id)

    def _main(self) -> None:
        presenter = self.presenter
        if presenter is None:
            return
        if self.stack.currentIndex() == DANGER:
            if self.danger.is_note:
                self._back_to_visit()
            elif self.danger.presenter is not None:
                self.danger.presenter.go_on()
                self._fit_bar()
        elif presenter.step is None:
            if presenter.draft.amends is not None and not presenter.draft.reason:
                self.reason.set_error(_("Choose why it is corrected."))
                self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            presenter.sign()
        else:
            presenter.go_on()

    def _back(self) -> None:
        if self.presenter is None:
            return
        if self.stack.currentIndex() == DANGER:
            if self.danger.is_note or self.danger.presenter is None or not self.danger.presenter.back():
                self._back_to_visit()
            self._fit_bar()
        else:
            self.presenter.back()

    def _fit_bar(self) -> None:
        in_danger = self.stack.currentIndex() == DANGER
        presenter = self.presenter
        if presenter is None:
            return
        first = presenter.steps[0].key == presenter.draft.page
        self.back_button.setVisible(in_danger or not first)
        self.leave_button.setVisible(not in_danger)
        self.more_button.setVisible(not in_danger)
        self._strip.setVisible(not in_danger)
        if in_danger:
            self.back_button.setText(_("Back"))
            going = self.danger.presenter is not None and self.danger.presenter.page != "seen"
            text = _("Back to the visit") if self.danger.is_note else _("Confirm") if going else _("Continue")
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

    def _answer(self, path: str, text: str) -> None:
        if self.presenter is not None:
            self.presenter.answer(path, text)

    def _left(self, path: str) -> None:
        if self.presenter is not None and self.stack.currentIndex() == WORK and self._signed is None:
            self.presenter.left(path)

    def _zero(self) -> None:
        if self.presenter is not None:
            self.presenter.none_of_these()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """0 from the list of what is missing too: that list says to press it."""
        if event.key() == Qt.Key.Key_0 and not event.modifiers() and self.stack.currentIndex() == WORK:
            self._zero()
        else:
            super().keyPressEvent(event)

    def _pick(self, key: str) -> None:
        if self.presenter is not None:
            self.presenter.pick(key)

    def _pick_tab(self, at: int) -> None:
        if self.presenter is not None and at >= 0:
            self.presenter.pick_part(self.tabs.tabData(at))

    def _place(self, place: Place) -> None:
        if self.presenter is not None:
            self.presenter.set_place(place)

    def _tick(self, person: PersonLine, there: bool) -> None:
        if self.presenter is not None:
            self.presenter.set_present(person, there=there)

    def _reason(self) -> None:
        if self.presenter is not None and (code := self.reason.key()):
            self.reason.set_error("")
            self.presenter.set_reason(code)

    # look

    def hideEvent(self, event: QHideEvent) -> None:
        """The page is left or covered: what is unsaved is sealed at once."""
        super().hideEvent(event)
        self.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if self.presenter is not None and not self.right_scroll.isHidden():
            self._draw_right(self.presenter.part)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame gives the page the keyboard: it goes to the question where it was."""
        super().focusInEvent(event)
        if self._signed is not None:
            self.done.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.stack.currentIndex() == DANGER:
            self.danger.page.focus_open()
        elif self.presenter is not None and self.presenter.step is not None:
            self.page.focus_open(self.presenter.draft.focus)
        else:
            self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        """Three columns; where it is narrow the right one is a second tab, and the danger list takes both."""
        presenter = self.presenter
        wide = presenter is not None and presenter.step is not None and presenter.step.name == "danger"
        narrow = self._is_narrow()
        swapped = narrow and self.last_button.isChecked() and not wide
        self.last_button.setVisible(narrow and not wide)
        self.right_scroll.setVisible(swapped or not (narrow or wide))
        self.right_scroll.setMaximumWidth(16777215 if swapped else theme.px(RIGHT_PX))
        self.right_scroll.setMinimumWidth(0 if swapped else theme.px(RIGHT_PX))
        self.middle.setVisible(not swapped)

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(NARROW_PX)

    def _keep_in_sight(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            QTimer.singleShot(0, self, partial(_show_in_area, now))  # once the page has its new shape


def _show_in_area(widget: QWidget) -> None:
    """Scroll to a widget that has the keyboard; it may be gone by now."""
    above = widget.parentWidget() if isValid(widget) else None
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 24, 60)
            return
        above = above.parentWidget()


def _titled(block: Findings, title: str) -> Findings:
    return replace(block, title=title.format(who=block.title))
