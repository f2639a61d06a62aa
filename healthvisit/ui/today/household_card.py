"""The chosen household of Today, before its door: where it is, why now, what to bring, what was agreed."""

from collections.abc import Callable

from healthvisit.services.caseload import FamilyView
from healthvisit.ui import words
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.today.arrival import Arrival
from healthvisit.ui.today.presenter import TodayPresenter
from healthvisit.ui.today.said import facts_of
from healthvisit.ui.widgets.layout import Card, KeyValue, button, horizontal, label


class HouseholdCard(Retranslated, Card):
    """Everything here may be seen by others in the room. `finish` goes on with a development check begun."""

    def __init__(self, tell_arrival: Callable[[bool], object], finish_check: Callable[[], object]) -> None:
        super().__init__()
        self.number, self.where, self.marks = label(role="muted", wrap=False), label(), label(role="strong")
        self.facts = KeyValue()
        self.arrival = Arrival()
        self.arrival.told.connect(tell_arrival)
        self.finish = button("", finish_check)
        finish = horizontal(self.finish)
        finish.addStretch()
        for part in (self.number, self.where, self.marks, self.arrival, self.facts):
            self.body.addWidget(part)
        self.body.addLayout(finish)
        self.body.addStretch()
        self.retranslate()

    def retranslate(self) -> None:
        """Say what does not change with the household."""
        self.finish.setText(_("Finish the check"))

    def show_household(self, presenter: TodayPresenter, view: FamilyView) -> None:
        """Draw one."""
        line, row = view.household, presenter.row(view.household.id)
        self.set_heading(words.family_name(line))
        self.number.setText(line.number)
        ringing = words.ringing(line)
        self.where.setText("\n".join(filter(None, (words.address(presenter.desk.pack, line), line.note, ringing))))
        self.marks.setText(_("Two go together") if line.two_go else "")
        self.marks.setVisible(line.two_go)
        self.arrival.setVisible(bool(row and row.ask_arrival))
        self.arrival.say(may_ring=line.may_ring is not False)
        self.finish.setVisible(bool(row and row.begun) and not presenter.is_only_check(row))
        self.facts.set_rows(facts_of(presenter, view))
