"""Recorded for the wrong child: each person of the visit, what was found, and the one who was really seen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from healthvisit.domain.ids import PersonId
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.ui import theme, words
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.findings import Findings
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import Card, KeyValue, horizontal, label, vertical

OPEN, NOBODY = "", "-"
"""Not said yet; said that this part is left out."""
CHOICE_PX, ALIKE_DAYS = 440, 31
Rows = Iterable[tuple[str, str]]


def fitting(person: PersonLine, target: HouseholdLine) -> list[PersonLine]:
    """Who of a family a person's part can belong to: the living of the same kind, first those who are somebody else."""
    living = [p for p in target.persons if p.died_on is None and p.kind is person.kind]
    return sorted(living, key=lambda p: p.id == person.id)


def first_guess(seen: Sequence[PersonLine], target: HouseholdLine, found: Sequence[str]) -> dict[str, str]:
    """The one person who was searched for, where only one of those seen can have been meant; else nothing is said."""
    pairs = dict.fromkeys((p.id for p in seen), OPEN)
    meant = [p for p in seen if len(found) == 1 and found[0] in {other.id for other in fitting(p, target)}]
    if len(meant) == 1 and found[0] != meant[0].id:
        pairs[meant[0].id] = found[0]
    return pairs


class MovePane(QWidget):
    """One choice for each person of the visit; choosing somebody who is taken changes the two over."""

    def __init__(self) -> None:
        super().__init__()
        self._column = vertical(spacing=12)
        self.setLayout(self._column)
        self.boxes: dict[str, QComboBox] = {}
        self.warnings: dict[str, QLabel] = {}
        self._fields: dict[str, Field] = {}
        self._chosen: dict[str, str] = {}
        self._people: dict[str, PersonLine] = {}
        self._on = date.min

    def show_move(
        self,
        seen: Mapping[PersonLine, Rows],
        family: Findings,
        target: HouseholdLine,
        guess: Mapping[str, str],
        *,
        on: date,
    ) -> None:
        """Draw each person with what was found; `guess` is who stands there first. Ages are of the day of the visit."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chosen, self._on = dict(guess), on
        self._people = {p.id: p for p in (*target.persons, *seen)}
        self.boxes, self.warnings, self._fields = {}, {}, {}
        title = label(_("What moves to the {name} family").format(name=target.name), "heading")
        self._column.addWidget(title)
        for person, rows in seen.items():
            self._column.addWidget(self._card(person, rows, target))
        if family.rows:
            moved = Card(family.title)
            moved.body.addWidget(KeyValue(family.rows))
            self._column.addWidget(moved)
        said = _("The old visit stays to be read: void, and it points to the new one. Scores will be made anew.")
        self._column.addWidget(label(said, "muted"))
        self._column.addStretch()
        for key in self.boxes:
            self._compare(key)

    def first(self) -> QWidget | None:
        """The first choice: to be made, or to be looked at."""
        return next(iter(self.boxes.values()), None)

    def is_complete(self) -> bool:
        """Whether it is said of everybody; where it is not, that is asked for."""
        for key, field in self._fields.items():
            field.set_error(_("Choose who was seen, or leave this part out.") if self._chosen[key] == OPEN else "")
        still = next((key for key, new in self._chosen.items() if new == OPEN), None)
        if still is not None:
            self.boxes[still].setFocus(Qt.FocusReason.OtherFocusReason)
        return still is None

    def pairs(self) -> dict[PersonId, PersonId]:
        """Each person of the visit to the one who was really seen; those left out are not there."""
        return {PersonId(old): PersonId(new) for old, new in self._chosen.items() if new not in (OPEN, NOBODY)}

    def _card(self, person: PersonLine, rows: Rows, target: HouseholdLine) -> Card:
        box = self.boxes[person.id] = QComboBox()
        box.addItem(_("Choose"), OPEN)
        for other in fitting(person, target):
            box.addItem(self._who(other), other.id)
        box.addItem(_("nobody: this part is left out"), NOBODY)
        box.setCurrentIndex(box.findData(self._chosen[person.id]))
        box.activated.connect(lambda _at, key=person.id: self._choose(key))
        field = self._fields[person.id] = Field(
            _("Written for {who}; really seen was:").format(who=self._who(person)), box
        )
        warning = self.warnings[person.id] = label(role="warn")
        choice = QWidget()
        choice.setMaximumWidth(theme.px(CHOICE_PX))
        column = vertical(field, warning, spacing=8)
        column.addStretch()
        choice.setLayout(column)
        found = KeyValue(rows or [(_("Nothing was recorded."), "")])
        across = horizontal(choice, found, spacing=24)
        across.setStretchFactor(choice, 1)
        across.setStretchFactor(found, 1)
        across.setAlignment(found, Qt.AlignmentFlag.AlignTop)
        made = Card()
        made.body.addLayout(across)
        return made

    def _choose(self, key: str) -> None:
        new, old = str(self.boxes[key].currentData()), self._chosen[key]
        taken = next((k for k, held in self._chosen.items() if held == new not in (OPEN, NOBODY) and k != key), None)
        self._chosen[key] = new
        if taken is not None:
            self._chosen[taken] = old if self.boxes[taken].findData(old) >= 0 else OPEN
            self.boxes[taken].setCurrentIndex(self.boxes[taken].findData(self._chosen[taken]))
            self._compare(taken)
        self._compare(key)
        self._fields[key].set_error("")

    def _compare(self, key: str) -> None:
        """Say where the two can hardly be mistaken for one another: the family found may be the wrong one again."""
        person, other = self._people[key], self._people.get(self._chosen[key])
        differs = other is not None and _differ(person, other)
        self.warnings[key].setVisible(differs)
        if other is not None and differs:
            said = _("Not alike: {one} was written down, {other} is chosen. Look again.")
            self.warnings[key].setText(said.format(one=self._is(person), other=self._is(other)))

    def _who(self, person: PersonLine) -> str:
        return ", ".join(filter(None, (words.person_name(person), self._is(person))))

    def _is(self, person: PersonLine) -> str:
        return " ".join(filter(None, (words.sex(person), words.age(person, self._on, short=True))))


def _differ(one: PersonLine, other: PersonLine) -> bool:
    if one.sex in ("f", "m") and other.sex in ("f", "m") and one.sex != other.sex:
        return True
    born = one.born_on, other.born_on
    return born[0] is not None and born[1] is not None and abs((born[0] - born[1]).days) > ALIKE_DAYS
