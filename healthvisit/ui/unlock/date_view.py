"""The page that asks for the date when the computer's clock cannot be believed."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QLayout, QLineEdit, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.dates import day_long, no_day, weekday_day
from healthvisit.ui.i18n import Retranslated, _, ngettext
from healthvisit.ui.unlock.presenter import DatePresenter, DateQuestion, Doubt
from healthvisit.ui.widgets.fields import DateField
from healthvisit.ui.widgets.layout import Card, button, horizontal, label, rule, vertical
from healthvisit.ui.widgets.notices import announce

CARD_PX = 480


class DateView(Retranslated, QWidget):
    """The question for the date of today."""

    def __init__(self, question: DateQuestion, done: Callable[[date], object]) -> None:
        super().__init__()
        self._presenter = DatePresenter(question, done)
        self._presenter.attach(self)
        self._is_typing = False
        self.card = Card()
        self.why, self.note = label(), label(role="small")
        self.day = DateField("")
        self.yes = button("", self._presenter.yes, "primary")
        self.no = button("", self._presenter.no)
        self.take = button("", self._take, "primary")
        for part in (self.why, self.day):
            self.card.body.addWidget(part)
        self.card.body.addLayout(right(self.no, self.yes, self.take))
        self.card.body.addWidget(rule())
        self.card.body.addWidget(self.note)
        self.card.body.setSpacing(theme.px(14))
        if isinstance(self.day.editor, QLineEdit):
            self.day.editor.returnPressed.connect(self._take)
        self.setLayout(centred(self.card))
        self.retranslate()
        if question.doubt is Doubt.IMPOSSIBLE:
            self.ask_day()
        else:
            self._show()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        question = self._presenter.question
        day = weekday_day(question.today)
        self.card.set_heading(_("Which day is today?") if self._is_typing else _("Is today {day}?").format(day=day))
        self.why.setText(self._reason(question))
        self.day.set_label(_("Today is"))
        self.yes.setText(_("Yes"))
        self.no.setText(_("No, another day"))
        self.take.setText(_("This is today"))
        self.note.setText(_("The program keeps this date by itself and marks it. The computer's clock is left alone."))

    def give_focus(self) -> None:
        """Put the keyboard where the answer is given."""
        (self.day.editor if self._is_typing else self.yes).setFocus()

    def ask_day(self) -> None:
        """Let her type the day."""
        self._is_typing = True
        self._show()
        self.retranslate()
        self.give_focus()

    def show_impossible(self) -> None:
        """Such a day cannot be today."""
        self._wrong(_("Please check the year."))

    def show_before_work(self) -> None:
        """Say that signed work lies after this day; the same answer again is taken."""
        last = self._presenter.question.last_work
        said = _("Your last signed work is of {day}. If today is really before it, choose this once more.")
        self._wrong(said.format(day=day_long(last) if last else ""))

    def _wrong(self, said: str) -> None:
        if self._is_typing:
            self.day.set_error(said)
        else:
            self.why.setText(said)
        announce(self.card)

    def _take(self) -> None:
        try:
            typed = self.day.read()
        except ValueError:
            typed = None
        if typed is None:
            self.day.set_error(no_day())
            self.day.editor.setFocus()
            return
        self.day.set_error("")
        self._presenter.day(typed)

    def _show(self) -> None:
        self.yes.setVisible(not self._is_typing)
        self.no.setVisible(not self._is_typing)
        self.day.setVisible(self._is_typing)
        self.take.setVisible(self._is_typing)

    def _reason(self, question: DateQuestion) -> str:
        if question.doubt is Doubt.IMPOSSIBLE:
            said = _("The computer's clock says {day}: its battery may be empty.")
            return said.format(day=day_long(question.today))
        if question.doubt is Doubt.BEFORE_WORK and question.last_work:
            said = _("The computer's clock stands before your last signed work of {day}.")
            return said.format(day=day_long(question.last_work))
        many = ngettext(
            "This work was last opened {n} day ago.", "This work was last opened {n} days ago.", question.days_ago
        )
        return many.format(n=question.days_ago)


def right(*buttons: QWidget) -> QLayout:
    """Buttons at the right end of a line."""
    row = horizontal()
    row.addStretch()
    for made in buttons:
        row.addWidget(made)
    return row


def centred(*parts: QWidget) -> QVBoxLayout:
    """Parts under one another in the middle of the page, a little above its centre."""
    for part in parts:
        part.setMaximumWidth(theme.px(CARD_PX))
    across = horizontal(margins=16)
    across.addStretch(1)
    across.addLayout(vertical(*parts, spacing=16), 1000)
    across.addStretch(1)
    column = vertical(spacing=0)
    column.addStretch(2)
    column.addLayout(across)
    column.addStretch(3)
    return column
