"""The check page: skills, signs at any age, the family's worries; at the right what it comes to, in words."""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QStackedWidget, QTabBar, QWidget

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.errors import HealthvisitError
from healthvisit.services import development
from healthvisit.services.check_drafts import InVisit
from healthvisit.ui import theme
from healthvisit.ui import words as general
from healthvisit.ui.child.growth_words import corrected_words
from healthvisit.ui.dates import clock, day, no_day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import words
from healthvisit.ui.development.answer_rows import AnswerRows
from healthvisit.ui.development.check_presenter import DONE, SIGNS, SKILLS, WORRIES, WORRY, CheckPresenter
from healthvisit.ui.development.result_panel import Block, ResultPanel
from healthvisit.ui.development.who_and_day import WhoAndDay
from healthvisit.ui.i18n import LANGUAGES, Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.fields import Field, Paragraph
from healthvisit.ui.widgets.layout import ActionBar, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.panes import Panes

SAVE_AFTER_MS, WORRY_PX = 400, 84


class CheckView(Retranslated, QWidget):
    """The page. `open(person)` begins a check or goes on with the one begun; `flush` seals what is typed."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self._from_visit = False
        self.presenter = CheckPresenter(desk, self, self)
        self._soon = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._soon.timeout.connect(self.presenter.flush)
        self.banner = Banner()
        self._build_head()
        self._build_pages()
        self.result = ResultPanel()
        self.panes = Panes(self._left, scrolled(self.result), (7, 4))
        self._build_foot()
        column = vertical(self.banner, self._head, self.panes, self.foot, spacing=0)
        column.setStretch(2, 1)
        self.setLayout(column)
        self.setFocusProxy(self.stack)
        self.retranslate()

    def _build_head(self) -> None:
        self.notice = label(role="strong")
        self._head = WhoAndDay(self._desk.today(), self.notice)
        self.name, self.facts, self.day = self._head.name, self._head.facts, self._head.day
        self.day.left.connect(self._take_day)

    def _build_pages(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for _page in (SKILLS, SIGNS, WORRIES):
            self.tabs.addTab("")
        self.tabs.tabBarClicked.connect(self.show_page)
        self.stack = QStackedWidget()
        self.lists = {page: AnswerRows() for page in (SKILLS, SIGNS, WORRIES)}
        self.keys, self.why_not = label(role="small"), label(role="muted")
        self.worry = Field("", Paragraph(3))
        self.worry.edited.connect(self._write)
        self.worry.left.connect(self.presenter.flush)
        self.worry.editor.setFixedHeight(theme.px(WORRY_PX))
        for page, rows in self.lists.items():
            content = QWidget()
            extra: tuple[QWidget, ...] = (self.worry,) if page == WORRIES else (self.why_not,) if page == SKILLS else ()
            column = vertical(*(extra if page == SKILLS else ()), rows, *(extra if page == WORRIES else ()), spacing=8)
            column.addStretch()
            column.setContentsMargins(0, 0, theme.px(12), theme.px(8))
            content.setLayout(column)
            content.setFocusProxy(rows)
            self.stack.addWidget(scrolled(content))
            rows.answered.connect(lambda code, key, focus, page=page: self.presenter.answer(page, code, key, focus))
            rows.entered.connect(self._entered)
            rows.ended.connect(self._row_ended)
        self.kept = label(role="small")
        under = horizontal(self.keys, self.kept, spacing=12)
        under.setStretch(0, 1)
        column = vertical(self.tabs, self.stack, under, spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.setStretch(1, 1)
        self._left = QWidget()
        self._left.setLayout(column)

    def _build_foot(self) -> None:
        self.foot = ActionBar()
        self.leave, self.throw = button("", self._leave), button("", self._throw_away, "quiet")
        self.back = button("", self._page_back)
        self.foot.add_left(self.leave)
        self.foot.add_left(self.throw)
        self.foot.add(self.back)
        self.main = self.foot.set_primary("", self._go_on)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.day.set_label(_("Day of the check"))
        self.worry.set_label(_("What worries the family, in their words"))
        self.worry.set_hint(_("Which skill was lost, and since when?"))
        self.throw.setText(_("Throw away"))
        self.back.setText(_("Back"))
        self.keys.setText(_("A digit answers and goes on; Delete takes an answer back"))
        self.tabs.setAccessibleName(_("Parts of the check"))
        self.panes.name(_("Questions"), _("What it comes to"))
        if self.presenter.draft is not None:
            self.show_check()
        self._dress_foot()

    # opening and leaving

    def open(self, person: str, amends: str = "", visit: InVisit | None = None) -> None:
        """Begin a check of a child, go on with the one begun, or correct one that was saved.

        Of one made in a visit the day is that visit's, and after the save one goes back there.
        """
        self._from_visit = visit is not None
        self.banner.clear()
        for text in (self.name, self.facts, self.notice, self.kept, self.why_not):
            text.clear()
        for rows in self.lists.values():
            rows.show_rows([])
        self.worry.set_text("")
        self.result.show_words("", "plain", (), "")
        self._left.setEnabled(False)
        self.panes.show_left()
        self.presenter.open(person, amends, visit)

    def flush(self) -> None:
        """Seal what is typed and not sealed yet."""
        self._soon.stop()
        self.presenter.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def _leave(self) -> None:
        self.flush()
        self._go.back()

    def _throw_away(self) -> None:
        self._soon.stop()
        if self.presenter.draft is not None and self.presenter.done is None:
            self.presenter.throw_away()
        self._go.back()

    def show_to_family(self) -> None:
        """F6 and "hide": the page for the family's eyes."""
        if self.presenter.person:
            self._go.show_to_family(self.presenter.person)

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for this page."""
        if name == "wording_language" and self.presenter.draft is not None:
            code = self.presenter.next_wording()
            self.show_check()
            self.banner.say(_("Questions are now in {language}.").format(language=LANGUAGES[code]))
            return True
        if name == "back" and self._page() in (SIGNS, WORRIES) and self.presenter.done is None:
            self._page_back()
            return True
        return False

    # drawing

    def show_check(self) -> None:
        """Draw head and rows; the keyboard goes where it was."""
        presenter = self.presenter
        facts, draft = presenter.facts, presenter.draft
        if facts is None or draft is None:
            return
        first = not self._left.isEnabled()
        self._left.setEnabled(True)
        self.day.setEnabled(draft.visit is None)
        self.name.setText(general.person_name(facts.person))
        age, corrected = facts.age_days(draft.on), facts.reference_days(draft.on)
        said = [general.age(facts.person, draft.on), corrected_words(corrected) if corrected != age else ""]
        self.facts.setText(" · ".join(filter(None, said)))
        self.notice.setText(words.own(presenter.pack.notice))
        self.day.set_day(draft.on)
        self.worry.set_text(draft.worry)
        for page, rows in self.lists.items():
            rows.show_rows(presenter.rows(page))
        self.why_not.setText(presenter.why_not())
        self.why_not.setVisible(bool(self.why_not.text()))
        self.tabs.setTabVisible(SKILLS, bool(presenter.rows(SKILLS)))
        trouble = presenter.day_trouble()
        self.main.setEnabled(trouble is None)
        if trouble is not None:
            self.banner.say(sentence(trouble), "warn")
        self.show_result()
        if first:
            self.show_page(presenter.page_of(draft.focus) if draft.focus else presenter.first_page())
            if draft.focus and presenter.is_begun:
                started = words.since(draft.started_at.astimezone().date())
                self.banner.say(_("You go on where you stopped ({since}).").format(since=started))

    def show_result(self) -> None:
        """Draw what it comes to so far, and how many rows are open."""
        presenter, made = self.presenter, self.presenter.weighed()
        if made is None or presenter.draft is None:
            return
        for page, name in zip((SKILLS, SIGNS, WORRIES), self._page_names(), strict=True):
            left = presenter.open_of(page)
            self.tabs.setTabText(page, f"{name} ({left})" if left else name)
        if not presenter.is_begun:
            hint = _("Nothing is answered yet. What it comes to appears here while you answer.")
            self.result.show_words(_("What it comes to"), "plain", [("", [hint])], words.own(presenter.pack.notice))
            return
        again = development.again_on(presenter.pack, made, presenter.draft.on)
        why = [words.reason(presenter.pack, r) for r in words.reasons_of(made)]
        blocks: list[Block] = [
            (_("Why"), [said.line() for said in why]),
            (_("What follows"), words.follows(presenter.pack, made, presenter.draft.on, again)),
            (_("Ideas for the family"), [f"{area}: {idea}" for area, idea in words.ideas(presenter.pack, made)]),
        ]
        name, tone = words.result(presenter.pack, made.result), words.tone(made.result)
        self.result.show_words(name, tone, blocks, words.own(presenter.pack.notice))

    def show_saved_at(self, at: datetime) -> None:
        """A draft is on the disk."""
        self.kept.setText(_("Saved {clock}").format(clock=clock(at)))

    def show_done(self, check: DevelopmentCheck) -> None:
        """Where it stands now, and what was planned; nothing can be answered any more."""
        self._soon.stop()
        planned = [
            _("A referral to the doctor is written down: to be seen by {day}.").format(day=day(by))
            for by in [words.refer_by(check, self._desk.today())] if by is not None and check.referral is not None
        ]  # fmt: skip
        planned += [_("Looking again is planned for {day}.").format(day=day(check.again_on))] if check.again_on else []
        self.banner.say(" ".join([_("Saved on this computer."), *planned]), "ok", closable=False)
        self._left.setEnabled(False)
        self.day.setEnabled(False)
        self.panes.show_right()
        self._dress_foot()
        self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong; what is typed stays on the page."""
        self.banner.say(sentence(error), "danger")

    @staticmethod
    def _page_names() -> tuple[str, str, str]:
        return _("Skills"), _("Signs at any age"), _("The family's worries")

    # pages

    def _page(self) -> int:
        return DONE if self.presenter.done is not None else self.stack.currentIndex()

    def show_page(self, page: int) -> None:
        """One of the lists: skills, signs, worries."""
        if page not in self.lists or self.presenter.draft is None:
            return
        self.stack.setCurrentIndex(page)
        self.tabs.setCurrentIndex(page)
        self._dress_foot()
        focus = self.presenter.draft.focus
        if page == WORRIES and focus == WORRY:
            self.worry.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.lists[page].stand_on(focus):
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress_foot(self) -> None:
        page = self._page()
        self.main.setText(
            self._way_back() if page == DONE else _("Save the check") if page == WORRIES else _("Continue")
        )
        self.leave.setText(_("Back to the visit") if self._from_visit else _("Leave, keep it"))
        self.leave.setVisible(page != DONE)
        self.throw.setVisible(page != DONE)
        self.back.setVisible(page not in (DONE, self.presenter.first_page()))

    def _way_back(self) -> str:
        return _("Back to the visit") if self._from_visit else _("To the child")

    def _page_back(self) -> None:
        self.show_page(max(self.presenter.first_page(), self.stack.currentIndex() - 1))

    def _go_on(self) -> None:
        if self.presenter.done is not None and self._from_visit:
            self._go.back()
        elif self.presenter.done is not None:
            self._go.child(self.presenter.person, "development")
        elif self.stack.currentIndex() < WORRIES:
            self._take_day()
            self.show_page(self.stack.currentIndex() + 1)
        elif self._take_day():
            self._soon.stop()
            self.banner.clear()
            self.presenter.save()

    def _row_ended(self) -> None:
        """After the last row: the words of the family, or on to the next page."""
        if self.stack.currentIndex() == WORRIES:
            self.worry.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.main.setFocus(Qt.FocusReason.TabFocusReason)

    def _entered(self, code: str) -> None:
        self.presenter.stand_on(code)
        self._soon.start()
        row = next((rows.rows[code] for rows in self.lists.values() if code in rows.rows), None)
        area = self.stack.currentWidget()
        if row is not None and isinstance(area, QScrollArea):
            area.ensureWidgetVisible(row, 0, theme.px(40))

    def _write(self, _text: str) -> None:
        if isinstance(self.worry.editor, QPlainTextEdit):
            self.presenter.write_worry(self.worry.text())
            self._soon.start()

    def _take_day(self) -> bool:
        """Take the day as typed; tells whether it can be one."""
        self.day.set_error("")
        try:
            on = self.day.read()
        except ValueError:
            self.day.set_error(no_day())
            return False
        try:
            if on is not None:
                self.presenter.set_day(on)
        except HealthvisitError as error:
            self.day.set_error(sentence(error))
            return False
        return on is not None
