"""What of a visit is on the screen: opening, the work, "Danger now", done; the strip above, the bar below."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from healthvisit.domain.visit import Visit
from healthvisit.services.visit_draft import PartDraft
from healthvisit.ui import theme
from healthvisit.ui.dates import clock
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.focus import InSight
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.visit.bar import Act, VisitBar
from healthvisit.ui.visit.danger_pane import DangerPane
from healthvisit.ui.visit.done_pane import DonePane
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.strip import VisitStrip
from healthvisit.ui.visit.work_pane import WorkPane
from healthvisit.ui.widgets.layout import horizontal, label, vertical
from healthvisit.ui.widgets.notices import Banner

NARROW_PX = 1150
LOADING, WORK, DANGER, DONE = range(4)


class Deeds(NamedTuple):
    """What is done when something here is pressed."""

    pick_part: Callable[[int], object]
    draw: Act
    danger: Act
    back: Act
    leave: Act
    undo: Act
    can_undo: Callable[[], bool]
    drop: Act
    go_on: Act
    sign: Act


class VisitPanes(Retranslated, QWidget):
    """Draws the visit it is given, and decides nothing."""

    def __init__(self, desk: Desk, go: Go, deeds: Deeds) -> None:
        super().__init__()
        self.strip = VisitStrip(deeds.pick_part, deeds.draw, deeds.danger)
        self.banner = Banner()
        self.loading = label(role="muted")
        self.loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.work, self.danger, self.done = WorkPane(desk), DangerPane(desk), DonePane(desk, go)
        self.stack = QStackedWidget()
        for widget in (self.loading, self.work, self.danger, self.done):
            self.stack.addWidget(widget)
        self.bar = VisitBar(
            back=deeds.back, leave=deeds.leave, undo=deeds.undo, can_undo=deeds.can_undo, drop=deeds.drop,
            go_on=deeds.go_on, sign=deeds.sign,
        )  # fmt: skip
        said = horizontal(self.banner)
        said.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(4))
        margin = QWidget()
        margin.setLayout(said)
        whole = vertical(self.strip, margin, self.stack, self.bar, spacing=0)
        whole.setStretchFactor(self.stack, 1)
        self.setLayout(whole)
        InSight(self)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.loading.setText(_("Opening the visit …"))
        self.work.sections.setAccessibleName(_("Sections"))

    @property
    def in_work(self) -> bool:
        """Whether the sections stand here."""
        return self.stack.currentIndex() == WORK

    @property
    def in_danger(self) -> bool:
        """Whether "Danger now" stands here."""
        return self.stack.currentIndex() == DANGER

    def _show(self, pane: int, *, with_bars: bool) -> None:
        for widget in (self.strip, self.bar):
            widget.setVisible(with_bars)
        self.stack.setCurrentIndex(pane)

    def wait(self) -> None:
        """A visit is on its way."""
        self._show(LOADING, with_bars=False)
        self.banner.clear()

    def show_work(self) -> None:
        """It is there, and nothing of it was saved yet."""
        self.strip.saved.setText("")
        self._show(WORK, with_bars=True)

    def show_danger(self, presenter: VisitPresenter, part: PartDraft | None) -> None:
        """Open "Danger now" for a person, or first ask for whom."""
        self.stack.setCurrentIndex(DANGER)
        self.danger.open(presenter, part)
        self.fit_bar(presenter)

    def leave_danger(self) -> None:
        """Back among the sections."""
        self.danger.leave()
        self.stack.setCurrentIndex(WORK)

    def show_done(self, visit: Visit) -> None:
        """Saved on this computer, never "sent"."""
        self.banner.clear()
        self.done.show_visit(visit)
        self._show(DONE, with_bars=False)
        self.done.take_keyboard()

    def draw(self, presenter: VisitPresenter, *, moved: bool) -> None:
        """Draw what the presenter says; `moved` when another section is shown."""
        draft = presenter.draft
        wanted = draft.focus  # a field that goes away says where the keyboard was; that is not where it is to go
        if moved and self.banner.kind != "danger" and self.banner.text():
            self.banner.clear()
        had_check = self.work.check.isAncestorOf(self.focusWidget())
        self.strip.draw(presenter, narrow=self._is_narrow())
        self.work.draw(moved=moved)
        self.fit_bar(presenter)
        self._fit()
        self.work.draw_right()
        if moved:
            self.work.middle.verticalScrollBar().setValue(0)
        if presenter.step is None and (moved or had_check):
            self._take_check()
        elif moved:
            draft.focus = wanted
            self.work.focus_open(wanted)

    def fit_bar(self, presenter: VisitPresenter) -> None:
        """Say on the bar what comes next."""
        self.strip.setVisible(not self.in_danger)
        if self.in_danger:
            self.bar.on_danger(self.danger.main_words(), back=not self.danger.is_note)
        elif presenter.step is None:
            self.bar.on_check(is_missing=self.work.check.first_line() is not None)
        else:
            self.bar.on_section(is_first=presenter.steps[0].key == presenter.draft.page)

    def say_saved(self, at: datetime) -> None:
        """A danger that was said of the last save is over."""
        if self.banner.kind == "danger" and self.banner.text():
            self.banner.clear()
        self.strip.saved.setText(_("Saved {clock}").format(clock=clock(at)))

    def say_not_saved(self, error: BaseException, again: Act) -> None:
        """What was typed stays on the page."""
        self.banner.say(sentence(error), "danger", deed=_("Try again"), on_deed=again, closable=False)
        self.strip.saved.setText(_("Not saved"))

    def take_keyboard(self, presenter: VisitPresenter | None) -> None:
        """The keyboard goes to the question where it was."""
        if self.done.visit is not None:
            self.done.take_keyboard()
        elif self.in_danger:
            self.danger.take_keyboard()
        elif presenter is not None and presenter.step is not None:
            self.work.focus_open(presenter.draft.focus)
        else:
            self._take_check()

    def _take_check(self) -> None:
        """The keyboard goes to what is missing; to the signature only when nothing is."""
        (self.work.check.first_line() or self.bar.main_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.work.draw_right()

    def _fit(self) -> None:
        """Three columns; where it is narrow the right one is a second tab, and the danger list takes both."""
        second = self.work.fit(narrow=self._is_narrow(), last_time=self.strip.last_button.isChecked())
        self.strip.last_button.setVisible(second)

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(NARROW_PX)
