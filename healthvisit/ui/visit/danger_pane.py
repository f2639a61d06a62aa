"""The urgent page: at the left what is seen or the way there, at the right what to do now; then the note."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from healthvisit.services.dangers import DangerNow, Raised
from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import PartDraft
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock
from healthvisit.ui.desk import Desk
from healthvisit.ui.form.page import FormPage
from healthvisit.ui.i18n import _, borrowed, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.referral_note import NoteFacts, five_lines, referral_note
from healthvisit.ui.visit.danger import SEEN, DangerPresenter
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.steps import who
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import Card, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, ErrorSummary

AID_PX, AID_LEAST_PX, AID_OF_TEN = 420, 300, 5
MARGIN, AID_FONT_PX = 24, 16


class DangerPane(theme.Restyled, QWidget):
    """Draws `DangerPresenter`. `person_picked` names whom it is for, `raised` tells that it is sealed and queued."""

    person_picked = Signal(str)
    raised = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.presenter: DangerPresenter | None = None
        self.note: NoteFacts | None = None
        self._visit: VisitPresenter | None = None
        self._several = False
        self.heading = label(role="heading")
        self.who = ChoiceGroup(_("For whom"))
        self.who.changed.connect(lambda: self.person_picked.emit(self.who.key() or ""))
        self.seen = label(role="strong")
        self.summary, self.banner = ErrorSummary(), Banner()
        self.page = FormPage(lambda: clock(desk.now()))
        self.page.answered.connect(self._answer)
        self.aid = Card()
        left = QWidget()
        asked = vertical(self.who, self.seen, self.summary, self.page, spacing=12)
        asked.addStretch()
        left.setLayout(asked)
        self._left = scrolled(left)
        beside = QWidget()
        aid = vertical(self.aid)
        aid.addStretch()
        beside.setLayout(aid)
        self._right = scrolled(beside)
        work = QWidget()
        across = horizontal(self._left, self._right, spacing=16)
        across.setStretchFactor(self._left, 1)
        work.setLayout(across)
        self._note = Card()
        self._stack = QStackedWidget()
        self._stack.addWidget(work)
        note = QWidget()
        below = vertical(self._note)
        below.addStretch()
        note.setLayout(below)
        self._stack.addWidget(scrolled(note))
        self._column = vertical(self.heading, self.banner, self._stack, spacing=8)
        self._column.setStretchFactor(self._stack, 1)
        self.setLayout(self._column)
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        edge = theme.px(MARGIN)
        self._column.setContentsMargins(edge, theme.px(4), edge, theme.px(4))
        self._fit_aid()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_aid()

    def _fit_aid(self) -> None:
        """What to do now has its width, and with large text on a small screen leaves the questions theirs."""
        width = max(min(theme.px(AID_PX), self.width() * AID_OF_TEN // 10), AID_LEAST_PX)
        self.aid.setFixedWidth(width)
        self._right.setFixedWidth(width + theme.px(16))

    @property
    def is_note(self) -> bool:
        """Whether it is sealed and the note stands here."""
        return self.note is not None

    def open(self, visit: VisitPresenter, part: PartDraft, persons: Sequence[PersonLine]) -> None:
        """Show Danger now for a person; others of the visit can be chosen instead."""
        self._visit = visit
        presenter = DangerPresenter(visit, part, form=self._desk.forms["danger"], screen=self)
        self.presenter, self.note = presenter, None
        self.banner.clear()
        self.who.set_choices(Choice(p.id, words.short_age(p, presenter.draft.on)) for p in persons)
        person = presenter.part.person
        if person is not None:
            self.who.choose(person.id)
        self._several = len(persons) > 1
        self.draw(moved=True)

    def leave(self) -> None:
        """Back to the visit: what was begun stays in its draft, unless nothing was chosen."""
        if self.presenter is not None and not self.is_note:
            self.presenter.leave()
            if self._visit is not None and not self.presenter.signs():
                self._visit.draft.danger = None

    def go_on(self) -> bool:
        """The main deed; True when it is done and the visit comes next."""
        if self.presenter is not None and not self.is_note:
            self.presenter.go_on()
            return False
        return True

    def back(self) -> bool:
        """A step back; False when there is none, and the visit comes next."""
        return not self.is_note and self.presenter is not None and self.presenter.back()

    def main_words(self) -> str:
        """What the main deed is called; empty once it leads back to the visit."""
        if self.is_note:
            return ""
        return _("Confirm") if self.presenter is not None and self.presenter.page != SEEN else _("Continue")

    def draw(self, *, moved: bool = False) -> None:
        """Draw again."""
        presenter = self.presenter
        if presenter is None or presenter.part.person is None or self.is_note:
            return
        self._stack.setCurrentIndex(0)
        person = presenter.part.person
        self.heading.setText(_("Danger now: {who}").format(who=who(presenter.part, presenter.draft.on)))
        self.who.label.setText(_("For whom"))
        self.who.setVisible(self._several and presenter.page == SEEN)
        seen = "; ".join(presenter.seen_words())
        self.seen.setText(_("What is seen: {signs}").format(signs=seen))
        self.seen.setVisible(bool(seen) and presenter.page != SEEN)
        if moved:
            self.summary.show_problems([])
        self.page.show_page(
            f"{person.id}/{presenter.page}/{language()}/{theme.current().text_percent}", presenter.questions()
        )
        self._draw_aid()
        if moved:
            self._left.verticalScrollBar().setValue(0)
            self.page.focus_open()

    def _draw_aid(self) -> None:
        lines = self.presenter.aid() if self.presenter else []
        _empty(self.aid)
        self.aid.set_heading(_("Do now"))
        theme.set_kind(self.aid, "summary" if lines else "card")
        if not lines:
            self.aid.body.addWidget(label(_("Choose what you see, and the first steps stand here."), "muted"))
        for number, line in enumerate(lines, start=1):
            made = label(f"{number}. {line}")
            made.setFont(theme.font(AID_FONT_PX, 600))
            self.aid.body.addWidget(made)
        if lines:
            self.aid.body.addWidget(label(_("Ambulance: ring 03. The note can wait, the child cannot."), "muted"))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say them above and beside the fields."""
        self.page.show_errors({p.path: p.words for p in problems})
        linked = [(p.listed, stop) for p in problems if (stop := self.page.stop_of(p.path)) is not None]
        self.summary.show_problems(linked)

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """It could not be saved; what was typed stays."""
        self.banner.say(sentence(error), "danger", deed=_("Try again"), on_deed=again, closable=False)

    def show_raised(self, raised: Raised, danger: DangerNow) -> None:
        """It is sealed and queued: the note, to print or to copy by hand."""
        presenter = self.presenter
        if presenter is None or presenter.part.person is None:
            return
        self.banner.clear()
        self.note = NoteFacts(
            person=presenter.part.person, household=presenter.draft.household, danger=danger, raised=raised,
            sender=self._desk.worker_label,
        )  # fmt: skip
        _empty(self._note)
        self._note.set_heading(_("The note: print it, or copy these five lines by hand"))
        for number, line in enumerate(five_lines(self._desk.pack, self.note), start=1):
            made = label(f"{number}. {line}")
            made.setFont(theme.font(17, 500))
            made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._note.body.addWidget(made)
        said = _("Saved and waiting to be sent, {clock}. It does not wait for the visit.").format(
            clock=clock(raised.at)
        )
        self._note.body.addWidget(label(said, "ok"))
        row = horizontal(button(_("Print the note"), self.print_note))
        row.addStretch()
        self._note.body.addLayout(row)
        self._stack.setCurrentIndex(1)
        self.raised.emit()

    def print_note(self) -> None:
        """Print the note, or save it where she chooses."""
        note = self.note
        if note is not None:
            with borrowed(self._desk.preferences.print_language):
                letter = referral_note(self._desk.pack, note, practice=self._desk.practice)
            choose_papers(
                self,
                self._desk,
                [PaperChoice("referral_note", _("Referral note (A5)"), ticked=True)],
                read=lambda _work, _wanted: None,
                make=lambda _wanted, _held: [("referral_note", letter)],
            )

    def _answer(self, path: str, text: str) -> None:
        if self.presenter is not None:
            self.presenter.answer(path, text)
            if not self.presenter.session.question(path).violation:
                self.page.forget_error(path)


def _empty(card: Card) -> None:
    while card.body.count():
        item = card.body.takeAt(0)
        inner = item.layout() if item else None
        widgets = [item.widget()] if item else []
        if inner is not None:
            within = [inner.itemAt(at) for at in range(inner.count())]
            widgets += [held.widget() for held in within if held is not None]
        for widget in widgets:
            if widget is not None:
                widget.hide()
                widget.deleteLater()
