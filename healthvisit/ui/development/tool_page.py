"""What the two pages of instruments do alike: leave, throw away, seal soon, hide, say when it was saved."""

from datetime import datetime
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from healthvisit.ui.dates import clock
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import words
from healthvisit.ui.development.tool_form import ToolForm
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import ActionBar, button, label
from healthvisit.ui.widgets.notices import Banner

SAVE_AFTER_MS = 400
Form = TypeVar("Form", bound=ToolForm)


class ToolPage(Retranslated, QWidget, Generic[Form]):
    """A page over a `ToolForm`; `flush` seals what is typed and not sealed yet."""

    presenter: Form

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self._soon = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._soon.timeout.connect(self._seal)
        self.banner, self.kept = Banner(), label(role="small")
        self.foot = ActionBar()
        self.leave, self.throw = button("", self._leave), button("", self._throw_away, "quiet")
        self.foot.add_left(self.leave)
        self.foot.add_left(self.throw)

    def retranslate(self) -> None:
        """Say the deeds at the foot in the language in use."""
        self.throw.setText(_("Throw away"))
        self._dress_ways_out()

    def _dress_ways_out(self) -> None:
        """Where nothing is begun there is nothing to keep or to throw away."""
        begun = self.presenter.is_begun
        self.leave.setText(_("Leave, keep it") if begun else _("Back"))
        self.throw.setVisible(begun)

    def _seal(self) -> None:
        self.presenter.flush()

    def flush(self) -> None:
        """Seal what is typed and not sealed yet."""
        self._soon.stop()
        self._seal()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def _leave(self) -> None:
        self.flush()
        self._go.back()

    def _throw_away(self) -> None:
        self._soon.stop()
        self.presenter.throw_away()
        self._go.back()

    def show_to_family(self) -> None:
        """F6 and "hide": the page for the family's eyes; for an adult, that of a child of the family."""
        child = self.presenter.child_of_family()
        if child:
            self._go.show_to_family(child)

    def show_saved_at(self, at: datetime) -> None:
        """A draft is on the disk."""
        self.kept.setText(_("Saved {clock}").format(clock=clock(at)))

    def _say_where_it_stands(self, waits: str) -> None:
        """That it goes on where it stopped, or in `waits` that another form has to be finished first."""
        draft = self.presenter.draft
        if self.presenter.is_another:
            self.banner.say(waits, "warn")
        elif draft is not None and draft.is_begun and not draft.amends:
            started = words.since(draft.started_at.astimezone().date())
            self.banner.say(_("You go on where you stopped ({since}).").format(since=started))
