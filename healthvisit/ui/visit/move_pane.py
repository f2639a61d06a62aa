"""Recorded for the wrong child: each person of the visit beside the one who was really seen."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QWidget

from healthvisit.domain.ids import PersonId
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.ui import words
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import Card, label, vertical

NOBODY = ""


def fitting(person: PersonLine, target: HouseholdLine) -> list[PersonLine]:
    """Who of a family a person's part can belong to: the living of the same kind, first those who are somebody else."""
    living = [p for p in target.persons if p.died_on is None and p.kind is person.kind]
    return sorted(living, key=lambda p: p.id == person.id)


def first_guess(seen: Sequence[PersonLine], target: HouseholdLine, found: str | None) -> dict[str, str]:
    """Each person seen to one of the family: who was searched for first, then in order; nobody twice."""
    pairs: dict[str, str] = {}
    for person in seen:
        free = [p for p in fitting(person, target) if p.id not in pairs.values()]
        free.sort(key=lambda p: p.id != found or p.id == person.id)
        pairs[person.id] = free[0].id if free else NOBODY
    return pairs


class MovePane(QWidget):
    """One choice for each person of the visit; choosing somebody who is taken changes the two over."""

    def __init__(self) -> None:
        super().__init__()
        self._column = vertical(spacing=12)
        self.setLayout(self._column)
        self.boxes: dict[str, QComboBox] = {}
        self._chosen: dict[str, str] = {}

    def show_move(
        self, seen: Sequence[PersonLine], target: HouseholdLine, guess: Mapping[str, str], *, today: date
    ) -> None:
        """Draw the pairs; `guess` is what stands there first."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chosen, self.boxes = dict(guess), {}
        card = Card(_("What moves to the {name} family").format(name=target.name))
        for person in seen:
            card.body.addWidget(self._choice(person, target, today))
        self._column.addWidget(card)
        said = _("The old visit stays readable as void and points to the new one. Scores are made anew.")
        self._column.addWidget(label(said, "muted"))
        self._column.addStretch()

    def pairs(self) -> dict[PersonId, PersonId]:
        """Each person of the visit to the one who was really seen; those left out are not there."""
        return {PersonId(old): PersonId(new) for old, new in self._chosen.items() if new != NOBODY}

    def _choice(self, person: PersonLine, target: HouseholdLine, today: date) -> Field:
        box = self.boxes[person.id] = QComboBox()
        for other in fitting(person, target):
            box.addItem(_who(other, today), other.id)
        box.addItem(_("nobody: this part is left out"), NOBODY)
        box.setCurrentIndex(box.findData(self._chosen[person.id]))
        box.activated.connect(lambda _at, key=person.id: self._choose(key))
        return Field(_("{who}: becomes the visit of").format(who=_who(person, today)), box)

    def _choose(self, key: str) -> None:
        new, old = str(self.boxes[key].currentData()), self._chosen[key]
        taken = next((k for k, held in self._chosen.items() if held == new != NOBODY and k != key), None)
        self._chosen[key] = new
        if taken is not None:
            at = self.boxes[taken].findData(old)
            self._chosen[taken] = old if at >= 0 else NOBODY
            self.boxes[taken].setCurrentIndex(self.boxes[taken].findData(self._chosen[taken]))


def _who(person: PersonLine, today: date) -> str:
    return " ".join(filter(None, (words.person_name(person), words.age(person, today, short=True))))
