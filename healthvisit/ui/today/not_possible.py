"""A visit that could not be made: a digit for the reason, the next day proposed, Enter."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut

from healthvisit.ui.dates import day_long, no_day
from healthvisit.ui.i18n import _
from healthvisit.ui.shortcuts import sequence
from healthvisit.ui.today.presenter import TodayPresenter
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField
from healthvisit.ui.widgets.layout import ActionBar, Card, button, label


class NotPossible(Card):
    """The panel, with the family's name over it; `bar` is the page's foot while it stands.

    `left` when it is closed without a deed.
    """

    left = Signal()

    def __init__(
        self, whose: str, presenter: TodayPresenter, reasons: list[Choice], save: Callable[[str, date | None], object]
    ) -> None:
        super().__init__(whose)
        self._presenter, self._save = presenter, save
        self.reason = ChoiceGroup(_("Not possible today: why?"), reasons, below=False)
        self.reason.changed.connect(self._propose)
        self.again = DateField(_("Next try"), hint=_("agreed with the family, or proposed"))
        self.consequence = label(role="warn")
        self.bar = ActionBar()
        self.close_it = button(_("Cancel"), self.left.emit)
        self.bar.add(self.close_it)
        self.save = self.bar.set_primary(_("Save"), self._do)
        for part in (self.reason, self.again, self.consequence):
            self.body.addWidget(part)
        for pressed in (self.close_it, self.save):
            pressed.setAutoDefault(True)  # Enter presses it: the keys below are those of the questions
        for key, deed in (("Return", self._do), ("Enter", self._do), ("Esc", self.left.emit)):
            made = QShortcut(sequence(key), self, deed)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)  # PySide heeds no `context` given above

    def start(self) -> None:
        """Nothing is chosen; the keyboard stands at the reasons."""
        self.reason.choose()
        self.reason.set_error("")
        self.again.set_day(None)
        self.again.set_error("")
        self.consequence.hide()
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _propose(self) -> None:
        reason = self.reason.key()
        self.reason.set_error("")
        proposed = self._presenter.proposal(reason or "")
        self.again.set_day(proposed)
        self.again.set_hint(day_long(proposed) if proposed else _("no next try is proposed"))
        said = self._presenter.consequence(reason or "")
        self.consequence.setText(said)
        self.consequence.setVisible(bool(said))

    def _do(self) -> None:
        reason = self.reason.key()
        if reason is None:
            self.reason.set_error(_("Choose why."))
            return
        try:
            again = self.again.read()
        except ValueError:
            self.again.set_error(no_day())
            return
        if again is not None and again < self._presenter.today:
            self.again.set_error(_("This day is over. Type a day from today on."))
            return
        self._save(reason, again)
