"""The urgent page: for whom, at the left what is seen or the way there, at the right what to do now; then the note."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from healthvisit.domain.person import PersonKind
from healthvisit.services.dangers import DangerNow, Raised
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
from healthvisit.ui.visit.danger_signs import DangerSigns
from healthvisit.ui.visit.offering import offer
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.steps import who
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import Card, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, ErrorSummary

AID_PX, AID_LEAST_PX, AID_OF_TEN, AID_BESIDE_SIGNS_PX = 420, 300, 5, 350
MARGIN, AID_FONT_PX = 24, 16
THREE_COLUMNS_PX = 1120


class DangerPane(theme.Restyled, QWidget):
    """Draws `DangerPresenter`, once it is said for whom. `raised` tells that it is sealed and queued."""

    raised = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.presenter: DangerPresenter | None = None
        self.note: NoteFacts | None = None
        self._visit: VisitPresenter | None = None
        self.heading = label(role="heading")
        self.who = ChoiceGroup(_("For whom"))
        self.who.changed.connect(self._pick)
        self.other_button = button("", self._ask_again, "quiet")
        self.seen = label(role="strong")
        self.summary, self.banner = ErrorSummary(), Banner()
        self.page = FormPage(lambda: clock(desk.now()))
        self.page.answered.connect(self._answer)
        self.signs = DangerSigns()
        self.signs.answered.connect(self._answer)
        self.signs.ended.connect(self.page.focus_open)
        self.aid, self._note = Card(), Card()
        self.print_button = button("", self.print_note)
        self._left, self._right = (
            scrolled(_over_stretch(self.who, self.seen, self.signs, self.page)),
            scrolled(_over_stretch(self.aid)),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._work())
        printed = horizontal(self.print_button)
        printed.addStretch()
        self._stack.addWidget(scrolled(_over_stretch(self._note, printed)))
        head = horizontal(self.heading, self.other_button)
        head.setStretchFactor(self.heading, 1)
        self._column = vertical(head, self.banner, self._stack, spacing=8)
        self._column.setStretchFactor(self._stack, 1)
        self.setLayout(self._column)
        self.restyle()

    def _work(self) -> QWidget:
        """What is asked beside what to do; mistakes stay in sight while the fields below them scroll."""
        asked = vertical(self.summary, self._left)
        asked.setStretchFactor(self._left, 1)
        across = horizontal(asked, self._right, spacing=16)
        across.setStretchFactor(asked, 1)
        made = QWidget()
        made.setLayout(across)
        return made

    def restyle(self) -> None:
        """Follow the text size."""
        edge = theme.px(MARGIN)
        self._column.setContentsMargins(edge, theme.px(4), edge, theme.px(4))
        self._fit_aid()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_aid()
        if self._columns() != self.signs.columns:
            QTimer.singleShot(0, self, self.draw)  # once this is laid out

    def _fit_aid(self) -> None:
        """What to do now has its width, and with large text on a small screen leaves the questions theirs."""
        usual = AID_BESIDE_SIGNS_PX if self.presenter is not None and self.presenter.page == SEEN else AID_PX
        width = max(min(theme.px(usual), self.width() * AID_OF_TEN // 10), AID_LEAST_PX)
        self.aid.setFixedWidth(width)
        self._right.setFixedWidth(width + theme.px(16))

    def _columns(self) -> int:
        """In how many columns the signs stand; it is the same with and without what to do beside them."""
        return 3 if self.width() >= theme.px(THREE_COLUMNS_PX) else 2

    @property
    def is_note(self) -> bool:
        """Whether it is sealed and the note stands here."""
        return self.note is not None

    def open(self, visit: VisitPresenter, part: PartDraft | None) -> None:
        """Show Danger now for a person, whom others of the family can take the place of; None asks for whom first."""
        self._visit, self.note = visit, None
        self.presenter = (
            None if part is None else DangerPresenter(visit, part, form=self._desk.forms["danger"], screen=self)
        )
        self.banner.clear()
        people = [p for p in visit.draft.parts if p.person is not None]
        offer(self.who, [Choice(p.id, _named(p, visit.draft.on)) for p in people])
        self.who.choose(*([part.id] if part is not None else []))
        self.draw(moved=True)

    def _pick(self) -> None:
        visit = self._visit
        part = next((p for p in visit.draft.parts if p.id == self.who.key()), None) if visit is not None else None
        if visit is not None and part is not None:
            self.open(visit, part)

    def _ask_again(self) -> None:
        if self._visit is not None:
            self.open(self._visit, None)

    def take_keyboard(self) -> None:
        """Give the keyboard to what comes next."""
        if self.is_note:
            self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.presenter is None:
            self.who.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.presenter.page == SEEN:
            self.signs.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.page.focus_open()

    def leave(self) -> None:
        """Back to the visit: what was begun stays in its draft, unless nothing was chosen."""
        if self.presenter is not None and not self.is_note:
            self.presenter.leave()
            if self._visit is not None and not self.presenter.signs():
                self._visit.draft.danger = None

    def go_on(self) -> bool:
        """The main deed; True when it is done and the visit comes next."""
        if self.is_note:
            return True
        if self.presenter is None:
            self.who.set_error(_("Choose for whom."))
            self.take_keyboard()
        else:
            self.presenter.go_on()
        return False

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
        visit, presenter = self._visit, self.presenter
        if visit is None or self.is_note:
            return
        on_signs = presenter is None or presenter.page == SEEN
        self._stack.setCurrentIndex(0)
        self.heading.setText(
            _("Danger now")
            if presenter is None
            else _("Danger now: {who}").format(who=_named(presenter.part, visit.draft.on))
        )
        self.who.label.setText(_("For whom"))
        self.who.set_error("")
        self.who.setVisible(presenter is None)
        self.other_button.setText(_("Somebody else"))
        self.other_button.setVisible(presenter is not None and on_signs and len(self.who.buttons) > 1)
        seen = "; ".join(presenter.seen_words()) if presenter is not None else ""
        self.seen.setText(_("What is seen: {signs}").format(signs=seen))
        self.seen.setVisible(bool(seen) and not on_signs)
        if moved:
            self.summary.show_problems([])
        self._draw_questions()
        self._draw_aid()
        if moved:
            self.take_keyboard()
            QTimer.singleShot(0, self, lambda: self._left.verticalScrollBar().setValue(0))  # after the focus

    def _draw_questions(self) -> None:
        presenter = self.presenter
        questions = presenter.questions() if presenter is not None else ()
        signs = next((q for q in questions if q.kind == "select_multiple"), None)
        if signs is not None:
            self.signs.show_question(signs, self._columns())
        self.signs.setVisible(signs is not None)
        self.page.setVisible(presenter is not None)
        if presenter is not None:
            key = f"{presenter.part.id}/{presenter.page}/{language()}/{theme.current().text_percent}"
            self.page.show_page(key, [q for q in questions if q is not signs])

    def _draw_aid(self) -> None:
        """What to do for exactly these signs; until there is one, the list of signs has all the room."""
        presenter = self.presenter
        lines = presenter.aid() if presenter is not None else []
        self._fit_aid()
        self._right.setVisible(bool(lines))
        _empty(self.aid)
        self.aid.set_heading(_("Do now"))
        theme.set_kind(self.aid, "summary")
        if presenter is not None and presenter.is_urgent():
            self.aid.body.addWidget(label(_("Ring 03 now: ambulance."), "result-danger"))
        for number, line in enumerate(lines, start=1):
            made = label(f"{number}. {line}")
            made.setFont(theme.font(AID_FONT_PX, 600))
            self.aid.body.addWidget(made)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say them above and beside the fields."""
        self.page.show_errors({p.path: p.words for p in problems})
        linked = [(p.listed, stop) for p in problems if (stop := self._stop_of(p.path)) is not None]
        self.summary.show_problems(linked)
        if linked:
            first = linked[0][1]
            QTimer.singleShot(0, first, lambda: self._left.ensureWidgetVisible(first, MARGIN, self.height() // 3))

    def _stop_of(self, path: str) -> QWidget | None:
        return self.signs if path == self.signs.path else self.page.stop_of(path)

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
        self.print_button.setText(_("Print the note"))
        self._stack.setCurrentIndex(1)
        self.raised.emit()
        self.take_keyboard()

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


def _over_stretch(*items: QWidget | QLayout) -> QWidget:
    """These under one another, at the top."""
    column = vertical(*items, spacing=12)
    column.addStretch()
    made = QWidget()
    made.setLayout(column)
    return made


def _named(part: PartDraft, on: date) -> str:
    """Whose danger it is: twins by the order of birth, an adult by her place in the family."""
    person = part.person
    is_adult = person is not None and person.kind is PersonKind.ADULT
    role = _(words.ROLES[person.role]) if person is not None and is_adult and person.role in words.ROLES else ""
    return " · ".join(filter(None, (who(part, on, birth_order=True), role)))


def _empty(card: Card) -> None:
    while card.body.count():
        item = card.body.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
