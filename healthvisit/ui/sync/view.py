"""Sync: a delivery note at the left, what needs a decision and the history at the right; joining an office."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from healthvisit.domain.errors import HealthvisitError
from healthvisit.services.attention import AttentionCard
from healthvisit.ui import theme
from healthvisit.ui.desk import Desk, Go, SyncState
from healthvisit.ui.first_run.join_form import JoinForm
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.sync.cards import DecisionCard
from healthvisit.ui.sync.presenter import SyncPresenter
from healthvisit.ui.sync.status import entries_words, history_line, state_said, waiting_words, when_words
from healthvisit.ui.widgets.layout import ActionBar, Card, button, column, label, rule, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner

COLUMNS_FROM_PX = 900


class SyncView(Retranslated, theme.Restyled, QWidget):
    """What waits, what the office has, and what only a person can decide.

    Args:
        desk: The ground.
        go: Ways to other places.
        stop: Ends a running exchange after its step; without it there is no button.
        join: Joins with a code and a card; answer with `joined()` or `join_failed(error)`. Without it, and in
            practice, the page offers no joining.
        check_code: See `JoinForm`.
    """

    def __init__(
        self,
        desk: Desk,
        go: Go,
        *,
        stop: Callable[[], object] | None = None,
        join: Callable[[Join], object] | None = None,
        check_code: Callable[[str], object] = lambda _code: None,
    ) -> None:
        super().__init__()
        theme.set_kind(self, "page")
        self._desk, self._stop, self._join = desk, stop, join
        self._cards: list[AttentionCard] = []
        self._state = desk.sync
        self._left_s: int | None = None
        self._until: datetime | None = None
        self._presenter = SyncPresenter(desk, go)
        self._presenter.attach(self)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._build_main())
        self.pages.addWidget(self._build_join(check_code))
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(self.pages)
        desk.jobs.changed.connect(self._changed)
        self.restyle()
        self.retranslate()

    def _build_main(self) -> QWidget:
        self.banner = Banner()
        self.state, self.note = Banner(), Card()
        self.lines = [_Line(), _Line(), _Line()]
        for at, line in enumerate(self.lines):
            if at:
                self.note.body.addWidget(rule())
            self.note.body.addWidget(line)
        self.nothing_deleted = label(role="small")
        self.note.body.addWidget(self.nothing_deleted)
        self.foot = ActionBar()
        self.stop = button("", self._stop_now)
        self.foot.add(self.stop)
        self.main = self.foot.set_primary("", self._main_deed)
        left = vertical(self.state, self.note, spacing=16)
        left.addStretch()
        self.attention, self.history = Card(), Card()
        self.cards_box, self.history_box = vertical(spacing=12), vertical(spacing=8)
        self.attention.body.addLayout(self.cards_box)
        self.history.body.addLayout(self.history_box)
        right = vertical(self.attention, self.history, spacing=16)
        right.addStretch()
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.addLayout(left, 5)
        self._across.addLayout(right, 6)
        self._inside = vertical(self.banner, self._across, spacing=12)
        self._inside.addStretch()
        content = QWidget()
        content.setLayout(self._inside)
        page = QWidget()
        page.setLayout(vertical(scrolled(content), self.foot, spacing=0))
        return page

    def _build_join(self, check_code: Callable[[str], object]) -> QWidget:
        self.join_title = label(role="heading")
        self.join_banner = Banner()
        self.form = JoinForm(check_code, self._join_with)
        self._joining = vertical(self.join_title, self.join_banner, column(self.form), spacing=14)
        self._joining.addStretch()
        content = QWidget()
        content.setLayout(self._joining)
        self.bar = ActionBar()
        self.back = button("", self.show_main)
        self.bar.add_left(self.back)
        self.join_now = self.bar.set_primary("", self.form.submit)
        page = QWidget()
        page.setLayout(vertical(scrolled(content), self.bar, spacing=0))
        return page

    def restyle(self) -> None:
        """Follow the text size: what stands here begins under the page's title."""
        for inside in (self._inside, self._joining):
            inside.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), theme.px(24))
        self._across.setSpacing(theme.px(16))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.note.set_heading(_("Delivery"))
        counted = _("One visit makes several entries.")
        self.nothing_deleted.setText(counted + " " + _("Nothing is deleted here until the office's copy has it."))
        self.stop.setText(_("Stop"))
        self.attention.set_heading(_("Needs attention"))
        self.history.set_heading(_("History"))
        self.join_title.setText(_("Join the office"))
        self.back.setText(_("Back"))
        self.join_now.setText(_("Join"))
        self.show_state(self._state, self._left_s, self._until)
        self._draw_cards()

    # told by the program

    def set_state(self, state: SyncState) -> None:
        """Laptop and office stand so now."""
        self._presenter.state(state)

    def joined(self) -> None:
        """The office has taken this computer in."""
        self.join_now.setEnabled(True)
        self.show_main()
        self.banner.say(_("This computer is joined to the office now."), "ok")

    def join_failed(self, error: BaseException) -> None:
        """It did not; what was typed stays."""
        self.join_now.setEnabled(True)
        self.join_banner.clear()
        if isinstance(error, HealthvisitError) and error.code.startswith("enrol."):
            self.form.show_error(error)
        else:
            self.join_banner.say(sentence(error), "danger")
            self.join_now.setFocus()

    # pages

    def show_join(self) -> None:
        """The page with the code."""
        self.join_banner.clear()
        self.pages.setCurrentIndex(1)
        self.form.setFocus()

    def show_main(self) -> None:
        """Back to what waits."""
        self.pages.setCurrentIndex(0)
        self._focus().setFocus()

    # told by the presenter

    def show_state(self, state: SyncState, left_s: int | None, until: datetime | None) -> None:
        """The three lines, the sentence over them, and the buttons that make sense now."""
        self._state, self._left_s, self._until = state, left_s, until
        said = state_said(state, left_s=left_s, until=until, practice=self._desk.practice)
        if said.text != self.state.text() or said.kind != self.state.kind or self.state.isHidden():
            self.state.say(said.text, said.kind, closable=False)
        first, second, third = self.lines
        made = state.waiting_visits + state.waiting_families
        count = str(made) if made or not (state.waiting or state.waiting_files) else waiting_words(state)
        first.say(_("On this computer, not sent"), count, self._waiting_note(state), large=bool(made))
        second.say(_("At the office"), entries_words(state.at_office))
        third.say(_("In the office's own copy"), entries_words(state.in_copy))
        is_running = state.running is not None
        has_keyboard = QApplication.focusWidget() in (self.main, self.stop)
        may_join = self._join is not None and not self._desk.practice
        self.main.setText(_("Send now") if state.joined else _("Join with a code"))
        self.main.setVisible(not is_running and (state.joined or may_join))
        self.stop.setVisible(is_running and self._stop is not None)
        self.foot.setVisible(not (self.main.isHidden() and self.stop.isHidden()))
        self.setFocusProxy(self._focus())
        if has_keyboard:
            self._focus().setFocus()  # Send now gave way to Stop, or Stop to Send now
        self._show_history(state)

    def show_cards(self, cards: list[AttentionCard]) -> None:
        """One card each; with none, the page says so. Cards that stand already keep the keyboard."""
        if cards != self._cards:
            self._cards = cards
            had_keyboard = self.attention.isAncestorOf(QApplication.focusWidget() or self)
            self._draw_cards()
            if had_keyboard:
                (self._first_deed() or self._focus()).setFocus()

    def _first_deed(self) -> QWidget | None:
        cards = [self.cards_box.itemAt(at).widget() for at in range(self.cards_box.count())]
        return next((card.first for card in cards if isinstance(card, DecisionCard)), None)

    def _draw_cards(self) -> None:
        cards = self._cards
        _empty(self.cards_box)
        for card in cards:
            self.cards_box.addWidget(
                DecisionCard(
                    card, self._desk.pack, self._presenter.decide, self._presenter.open, today=self._desk.today()
                )
            )
        if not cards:
            self.cards_box.addWidget(label(_("Nothing needs a decision."), "muted"))

    def show_error(self, error: BaseException) -> None:
        """Say it at the top of the page."""
        self.banner.say(sentence(error), "danger")

    def show_decided(self) -> None:
        """It is on the disk."""
        self.banner.say(_("Saved on this computer. The office will hear of it."), "ok")

    def _waiting_note(self, state: SyncState) -> str:
        if not (state.waiting or state.waiting_files):
            return ""
        made = state.waiting_visits + state.waiting_families
        said = [waiting_words(state)] if made else []
        if state.oldest_waiting is not None:
            said.append(_("oldest {when}").format(when=when_words(state.oldest_waiting, self._desk.now())))
        said += [entries_words(state.waiting)] if made else []
        return " · ".join(said)

    def _show_history(self, state: SyncState) -> None:
        _empty(self.history_box)
        now = self._desk.now()
        for entry in state.history:
            self.history_box.addWidget(label(history_line(entry, now), "muted" if entry.get("code") else ""))
        if not state.history:
            self.history_box.addWidget(label(_("No exchange with the office yet."), "muted"))

    def _focus(self) -> QWidget:
        return next((made for made in (self.main, self.stop) if not made.isHidden()), self.pages)

    def _main_deed(self) -> None:
        if self._state.joined:
            self._presenter.send()
        else:
            self.show_join()

    def _join_with(self, join: Join) -> None:
        if self._join is not None:
            self.join_now.setEnabled(False)
            self.join_banner.say(_("Speaking with the office …"), closable=False)
            self._join(join)

    def _stop_now(self) -> None:
        if self._stop is not None:
            self._stop()

    def _changed(self, _kinds: object) -> None:
        if self.isVisible():
            self._presenter.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._presenter.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(COLUMNS_FROM_PX)
        self._across.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


class _Line(QWidget):
    """One line of the delivery note: what, how many, and a word on it."""

    def __init__(self) -> None:
        super().__init__()
        self.what, self.count, self.note = label(role="strong"), label(wrap=False), label(role="small")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        grid.setVerticalSpacing(theme.px(2))
        grid.addWidget(self.what, 0, 0)
        grid.addWidget(self.count, 0, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.note, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def say(self, what: str, count: str, note: str = "", *, large: bool = False) -> None:
        self.what.setText(what)
        self.count.setText(count)
        theme.set_role(self.count, "heading" if large else "muted")
        self.note.setText(note)
        self.note.setVisible(bool(note))


def _empty(box: QVBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
