"""Any form in a window's width: its pages at the left, one topic a page, deeds at the foot."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from healthvisit.forms.session import FormSession
from healthvisit.ui import theme
from healthvisit.ui.form.form_sheet import FormSheet
from healthvisit.ui.form.kinds.base import PLAIN, Ground
from healthvisit.ui.form.presenter import CHECK, FormPresenter, Slip
from healthvisit.ui.i18n import _
from healthvisit.ui.shortcuts import sequence
from healthvisit.ui.widgets.folded import Folded
from healthvisit.ui.widgets.layout import ActionBar, button, column, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, ErrorSummary
from healthvisit.ui.widgets.sections import Section, SectionList

LIST_FROM_PX, SHEET_PX, MARGIN_PX = 900, 760, 16


class FormView(QWidget):
    """Draws a `FormPresenter`. `touched`: something has to be kept; `left`: a good moment to keep it at once.

    `ended`: nothing is missing and the last deed was pressed.
    """

    touched_it = Signal()
    left = Signal()
    ended_it = Signal()

    def __init__(self, ground: Ground = PLAIN) -> None:
        super().__init__()
        self.presenter: FormPresenter | None = None
        self.title, self.place = label(role="heading"), label(role="muted", wrap=False)
        self.kept = label(role="muted", wrap=False)
        self.languages = Folded()
        self.languages.activated.connect(self._speak)
        head = horizontal(self.title, self.kept, self.place, self.languages, spacing=12)
        head.setStretchFactor(self.title, 1)
        self.sections = SectionList(_("Pages"))
        self.sections.picked.connect(self._pick)
        self.summary, self.banner = ErrorSummary(), Banner()
        self.sheet = FormSheet(ground)
        self.sheet.answered.connect(self._answer)
        self.sheet.left.connect(lambda _path: self.left.emit())
        self.sheet.moved_on.connect(self._moved_on)
        self.sheet.nowhere.connect(self._rest)
        self.checked = label()
        inside = QWidget()
        body = vertical(self.summary, self.checked, self.sheet, spacing=12)
        body.addStretch()
        body.setContentsMargins(theme.px(4), theme.px(4), theme.px(MARGIN_PX), theme.px(MARGIN_PX))
        inside.setLayout(body)
        self._area = scrolled(column(inside, SHEET_PX))
        middle = vertical(head, self.banner, self._area, spacing=10)
        middle.setStretchFactor(self._area, 1)
        self._across = horizontal(self.sections, spacing=16)
        self._across.addLayout(middle, 1)
        self.foot = ActionBar()
        self.back = button("", self._back, "secondary")
        self.undo = button("", self._undo, "quiet")
        self.foot.add_left(self.back)
        self.foot.add_left(self.undo)
        self.go_on = self.foot.set_primary("", self._go_on)
        whole = vertical(spacing=0)
        whole.addLayout(self._across, 1)
        whole.addWidget(self.foot)
        self.setLayout(whole)
        for key, deed in (("Ctrl+Z", self._undo), ("Alt+Left", self._back), ("F7", self._next_language)):
            QShortcut(sequence(key), self, deed).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(sequence("Ctrl+Shift+L"), self, self._next_language)
        self._look = theme.current()
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        edge = theme.px(MARGIN_PX)
        self._across.setContentsMargins(edge, theme.px(8), edge, 0)

    def open(self, session: FormSession, *, focus: str = "") -> None:
        """Fill in this session from now on, with the keyboard at the question `focus`."""
        self.presenter = FormPresenter(session, self)
        self.sheet.serve(self.presenter)
        self.sheet.clear()
        self.banner.clear()
        self._fill_languages()
        self._fit()
        if focus:
            self.presenter.go_to(focus)
        else:
            self.draw(moved=True, focus="")

    # -- drawing

    def draw(self, *, moved: bool = False, answered: str = "", focus: str | None = None) -> None:
        """Draw what the presenter says."""
        presenter = self._shown()
        page = presenter.page
        if moved:
            self.summary.show_problems([])
            self.sheet.show_errors({})
            self.banner.clear()
        self.title.setText(presenter.heading)
        self.place.setText(f"{presenter.number + 1} / {len(presenter.pages)}" if page else "")
        self._draw_sections()
        self._draw_foot()
        self.checked.setVisible(page is None)
        self.sheet.setVisible(page is not None)
        if page is None:
            self._draw_check()
        else:
            if answered in self.sheet.errors and not presenter.pull(answered).violation:
                self.sheet.forget_error(answered)
            self.sheet.draw_page(page.path, answered=answered)
            if focus is not None:
                self.sheet.focus_block(focus)
        if moved:
            self._area.verticalScrollBar().setValue(0)

    def _draw_sections(self) -> None:
        presenter = self.presenter
        if presenter is None or self.sections.isHidden():
            return
        states = zip(presenter.pages, presenter.states(), strict=True)
        rows = [Section(page.path, presenter.title(page), state) for page, state in states]
        rows.append(Section(CHECK, _("Check")))
        if (rows, presenter.at) != getattr(self, "_rows", None):
            self._rows = (rows, presenter.at)
            self.sections.show_sections(rows, presenter.at)

    def _draw_foot(self) -> None:
        presenter = self._shown()
        self.back.setText(_("Back"))
        self.back.setEnabled(presenter.number > 0)
        self.undo.setText(_("Undo"))
        self.undo.setToolTip("Ctrl+Z")
        self.undo.setEnabled(presenter.session.undoable is not None)
        self.go_on.setText(_("Continue") if presenter.page else _("Finish"))

    def _draw_check(self) -> None:
        presenter = self._shown()
        slips = presenter.slips()
        self.checked.setText("" if slips else _("Every question that must be answered is answered."))
        self.summary.show_problems([(slip.listed, partial(self._go_to, slip)) for slip in slips])
        if not slips:
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_slips(self, slips: Sequence[Slip]) -> None:
        """Say what is wrong on this page, above and beside the fields."""
        self.sheet.show_errors({slip.path: slip.words for slip in slips})
        self.summary.show_problems([(slip.listed, partial(self._go_to, slip)) for slip in slips])
        self._area.verticalScrollBar().setValue(0)

    def say_removed(self, words: str) -> None:
        """Say what went, with a way to take it back."""
        self.banner.say(words, "info", deed=_("Undo"), on_deed=self._undo)

    def say_kept(self, words: str) -> None:
        """Say whether what is answered is on the disk."""
        self.kept.setText(words)

    def touched(self) -> None:
        """Something changed that has to be kept."""
        self.touched_it.emit()

    def ended(self) -> None:
        """She is through."""
        self.ended_it.emit()

    def _fill_languages(self) -> None:
        catalogue = self._shown().session.definition.catalogue
        self.languages.clear()
        for code in catalogue.languages:
            self.languages.addItem(catalogue.names.get(code, code), code)
        self.languages.setCurrentIndex(self.languages.findData(self._shown().session.language))
        self.languages.setVisible(len(catalogue.languages) > 1)
        self.languages.setAccessibleName(_("Language of the questions"))
        self.languages.setToolTip(_("Language of the questions") + " (F7)")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the list of pages gives its place to the questions."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        several = self.presenter is not None and len(self.presenter.pages) > 1
        is_wide = several and self.width() >= theme.px(LIST_FROM_PX)
        if is_wide == self.sections.isHidden():
            self.sections.setVisible(is_wide)
            self._draw_sections()

    def changeEvent(self, event: QEvent) -> None:
        """The program's language or look changed: everything is drawn anew, at the same question."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange) and self.presenter is not None:
            self.restyle()
            look, self._look = self._look, theme.current()
            if event.type() == QEvent.Type.LanguageChange or look != self._look:
                self.draw(focus=self.sheet.path_with_focus() or None)

    # -- what was pressed

    def _shown(self) -> FormPresenter:
        assert self.presenter is not None, "opened with a session"
        return self.presenter

    def _answer(self, path: str, text: str) -> None:
        self._shown().answer(path, text)

    def _moved_on(self, path: str) -> None:
        """A quick question is answered: on to the next one, or to the next page after the last."""
        if not self.sheet.focus_next(path):
            self._shown().go_on()

    def _rest(self) -> None:
        """Nothing on the page takes the keyboard: Enter goes on."""
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        self.banner.clear()
        if self._shown().undo():
            self.banner.say(_("Taken back."))

    def _go_on(self) -> None:
        self.left.emit()
        self._shown().go_on()

    def _back(self) -> None:
        self.left.emit()
        self._shown().back()

    def _pick(self, page: str) -> None:
        self.left.emit()
        self._shown().pick(page)

    def _go_to(self, slip: Slip) -> None:
        errors = {slip.path: slip.words}
        self._shown().go_to(slip.path)
        self.sheet.show_errors({**self.sheet.errors, **errors})

    def _speak(self, _at: int) -> None:
        self._shown().set_language(self.languages.currentData())

    def _next_language(self) -> None:
        if self.languages.count() > 1:
            self.languages.setCurrentIndex((self.languages.currentIndex() + 1) % self.languages.count())
            self._speak(0)
