"""The visit in the room: sections at the left, the page in the middle, last time at the right, one bar of deeds."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from healthvisit.domain.visit import Source, Visit
from healthvisit.services import attachments
from healthvisit.services.check_drafts import InVisit
from healthvisit.services.visit_draft import PartDraft
from healthvisit.ui import words
from healthvisit.ui.dates import clock, day_short
from healthvisit.ui.desk import Deed, Desk, Go
from healthvisit.ui.i18n import LANGUAGES, Retranslated, _, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.shortcuts import russian, sequence
from healthvisit.ui.visit.danger import meant
from healthvisit.ui.visit.development_section import check_to_correct
from healthvisit.ui.visit.files import vault_files
from healthvisit.ui.visit.keeper import SAVE_AFTER_MS
from healthvisit.ui.visit.meanwhile import Meanwhile
from healthvisit.ui.visit.opening import Opened, correction, kept_visit, new_visit, presenter_over
from healthvisit.ui.visit.panes import Deeds, VisitPanes
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.setting import child_for_family
from healthvisit.ui.visit.setting_pane import place_names
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.visit.whole_page import VisitPage
from healthvisit.ui.widgets.layout import vertical


class VisitView(Retranslated, QWidget):
    """One visit at a time. `titled` carries words for the head, `sheet_found` the id of a sheet half typed in."""

    titled = Signal(str)
    sheet_found = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter: VisitPresenter | None = None
        self._timer = single_shot(self, SAVE_AFTER_MS, self.flush)
        self._meanwhile = Meanwhile(desk, self, shown=lambda: self.presenter, failed=self._failed)
        self._panes = panes = VisitPanes(
            desk,
            go,
            Deeds(
                pick_part=self._pick_part, draw=self.draw, danger=partial(self.command, "danger"), back=self._back,
                leave=self._leave, undo=self._undo, can_undo=self._can_undo, drop=self._drop, go_on=self._main,
                sign=self._sign,
            ),
        )  # fmt: skip
        self.strip, self.banner, self.stack, self.bar = panes.strip, panes.banner, panes.stack, panes.bar
        self.work, self.danger, self.done = panes.work, panes.danger, panes.done
        self.work.left.connect(self._left)
        self.work.refer.connect(self.turn_to_danger)
        self.work.went.connect(self._say_removed)
        self.danger.raised.connect(self._fit_bar)
        self.setLayout(vertical(panes))
        for key in filter(None, ("Ctrl+Z", russian("Ctrl+Z"))):
            QShortcut(sequence(key), self, self._undo).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        if (presenter := self._going) is not None:
            if self._desk.preferences.wording_language is None:
                presenter.setting.set_wording(language())
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
        return self.done.visit.id if self.done.visit is not None else ""

    @property
    def _going(self) -> VisitPresenter | None:
        """The visit that can be gone on with."""
        return self.presenter if self.done.visit is None else None

    # opening and leaving

    def open_new(self, household: str, unplanned: str | None = None) -> None:
        """Begin a visit; a draft of this family that is not signed is gone on with instead."""
        self._open(new_visit(self._desk, household, unplanned))

    def open_draft(self, draft_id: str) -> None:
        """Go on where a draft stood, with the keyboard on the same question."""
        self._open(kept_visit(self._desk, draft_id))

    def open_amending(self, visit_id: str) -> None:
        """Open a signed visit for correction."""
        self._open(correction(self._desk, visit_id))

    def _open(self, deed: Deed[Opened]) -> None:
        self.flush()
        self.presenter = self.done.visit = None
        self._panes.wait()
        self._desk.read(deed, done=self._opened, failed=self._not_opened, owner=self)

    def _opened(self, held: Opened) -> None:
        draft = held.draft
        if draft.source is Source.PAPER and draft.amends is None:
            self._panes.loading.clear()
            self.sheet_found.emit(draft.id)
            return
        focus = draft.focus
        presenter = self.presenter = presenter_over(self._desk, draft, self, self)
        files = vault_files(self._desk, held.seen, lambda: attachments.answers_of(draft))
        self.work.open(presenter, held.before, files)
        self._panes.show_work()
        self._say_title()
        if draft.on != self._desk.today() and draft.amends is None:
            self.banner.say(_("This visit was begun on {day} and is not signed yet.").format(day=day_short(draft.on)))
        self._meanwhile.read_questions(presenter)
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

    def _not_opened(self, error: BaseException) -> None:
        self._panes.loading.setText(sentence(error))
        self.banner.say(sentence(error), "danger", deed=_("Back"), on_deed=self._go.back)

    def _failed(self, error: BaseException) -> None:
        self.banner.say(sentence(error), "danger")

    def flush(self) -> None:
        """Seal what is unsaved now: called on lock and close too."""
        self._timer.stop()
        if (presenter := self._going) is not None:
            path = self.work.page.path_with_focus()
            if path and presenter.step is not None:
                presenter.draft.focus = path
            presenter.keeper.flush()

    @property
    def in_visit(self) -> InVisit | None:
        """The visit that stands here and can be gone on with."""
        presenter = self._going
        return InVisit(presenter.draft.id, presenter.draft.on) if presenter is not None else None

    def _leave(self) -> None:
        self.flush()
        self._go.today()

    def _undo(self) -> None:
        if self._going is not None and self._panes.in_work and self._going.undo():
            self.banner.say(_("Taken back."))

    def _can_undo(self) -> bool:
        return self.presenter is not None and self.presenter.part.session.undoable is not None

    def _say_removed(self, words: str) -> None:
        self.banner.say(words, "info", deed=_("Undo"), on_deed=self._undo)

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
        if self.presenter is not None:
            self._panes.draw(self.presenter, moved=moved)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say them above and beside the fields."""
        self.work.show_problems(problems)

    def ask_again(self, words: str) -> None:
        """Say something to look at twice."""
        self.banner.say(words, "warn")

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """What was typed stays on the page."""
        self._panes.say_not_saved(error, again)
        self._fit_bar()

    def show_saved(self, at: datetime) -> None:
        """After the commit."""
        self._panes.say_saved(at)

    def show_signed(self, visit: Visit) -> None:
        """After the commit."""
        self._timer.stop()
        self._panes.show_done(visit)

    def start_timer(self) -> None:
        """400 ms after the last key."""
        self._timer.start()

    # danger

    def turn_to_danger(self, part: PartDraft | None) -> None:
        """Open "Danger now" for a person, or first ask for whom."""
        presenter = self.presenter
        if presenter is not None and any(p.person is not None for p in presenter.draft.parts):
            self._panes.show_danger(presenter, part)

    # development

    def turn_to_check(self, person: str) -> None:
        """The page of the check."""
        presenter = self.presenter
        if presenter is not None:
            self.flush()
            self._go.start_check(person, amends=check_to_correct(presenter.draft, person), visit=self.in_visit)

    def turn_to_questions(self, person: str) -> None:
        """The page of the private questions."""
        self.flush()
        self._go.ask(person)

    def showEvent(self, event: QShowEvent) -> None:
        """Back from a check or from questions: the list of sections says how it stands by now."""
        super().showEvent(event)
        if self._going is not None:
            self._meanwhile.read_questions(self._going)
            self._meanwhile.read_checks(self._going)

    def _open_danger(self) -> None:
        if self.presenter is not None and not self._panes.in_danger:
            self.flush()
            self.turn_to_danger(meant(self.presenter.draft))

    def _back_to_visit(self) -> None:
        self._panes.leave_danger()
        self.draw(moved=True)

    # deeds

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for a visit."""
        presenter = self._going
        if presenter is None:
            return False
        match name:
            case "danger":
                self._open_danger()
            case "check" if self._panes.in_work:
                presenter.check_of_part()
            case "wording_language":
                code = presenter.setting.next_wording()
                self.danger.draw()
                self.banner.say(_("Questions are now in {language}.").format(language=LANGUAGES[code]))
            case "hide" | "show_family":
                self._show_family(presenter)
            case "print":
                self.danger.print_note()
            case "back":
                self._back()
            case _:
                return False
        return True

    def _show_family(self, presenter: VisitPresenter) -> None:
        self.flush()
        shown = child_for_family(presenter.draft, presenter.part)
        if shown is not None:
            self._go.show_to_family(shown.id)

    def _main(self) -> None:
        presenter = self.presenter
        if presenter is None:
            return
        if self._panes.in_danger:
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
        if self._panes.in_danger:
            if not self.danger.back():
                self._back_to_visit()
            self._fit_bar()
        else:
            self.presenter.back()

    def _fit_bar(self) -> None:
        if self.presenter is not None:
            self._panes.fit_bar(self.presenter)

    def _left(self, path: str) -> None:
        if self._going is not None and self._panes.in_work:
            self._going.left(self.work.page.path_with_focus() or path)  # killed now, it reopens where she is

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """0 from the list of what is missing too: that list says to press it."""
        if event.key() == Qt.Key.Key_0 and not event.modifiers() and self._panes.in_work and self.presenter:
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame gives the page the keyboard."""
        super().focusInEvent(event)
        self._panes.take_keyboard(self.presenter)
