"""The fields of the three pages: the children, the mother, the place, the birth."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from healthvisit.packs.pack import Pack
from healthvisit.ui import words
from healthvisit.ui.families.new_presenter import Problems, Typed, TypedChild
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField, Field, NumberField, PhoneField
from healthvisit.ui.widgets.layout import horizontal, label, vertical

Asked = Field | ChoiceGroup
PLACE_LEVELS = ("village", "town")


def beside(*fields: QWidget) -> QWidget:
    """Fields beside one another, their tops at one height; the last takes what room is left."""
    made = QWidget()
    row = horizontal(*fields, spacing=16)
    row.setContentsMargins(0, 0, 0, 0)
    for asked in fields:
        row.setAlignment(asked, Qt.AlignmentFlag.AlignTop)
    if any(not isinstance(asked, Field) for asked in fields):
        row.setStretch(len(fields) - 1, 1)
    made.setLayout(row)
    return made


def show_problems(fields: Mapping[str, Asked], problems: Problems) -> list[tuple[str, QWidget]]:
    """Say each problem beside its field; returns those that have a field here, in the order of the fields."""
    for name, asked in fields.items():
        asked.set_error(problems.get(name, ""))
    return [(problems[name], asked) for name, asked in fields.items() if name in problems]


class ChildrenFields(QWidget):
    """How many, and for each a name and a sex; the day they were born."""

    edited = Signal()

    def __init__(self, *, with_pregnancy: bool) -> None:
        super().__init__()
        counts = [Choice("1", _("one child")), Choice("2", _("twins")), Choice("3", _("triplets"))]
        if with_pregnancy:
            counts.append(Choice("0", _("none yet, she is pregnant")))
        self.count = ChoiceGroup(_("How many children"), counts)
        self.count.choose("1")
        self.count.changed.connect(self._recount)
        self.born = DateField(_("Date of birth"), hint=_("as on the card"))
        self.precision = ChoiceGroup(
            _("How well is it known"),
            [Choice("day", _("the day")), Choice("month", _("about: month")), Choice("year", _("about: year"))],
        )
        self.precision.changed.connect(self._hint)
        self.whose: list[QLabel] = []
        self.given: list[Field] = []
        self.surname: list[Field] = []
        self.sex: list[ChoiceGroup] = []
        self._lines = vertical(spacing=12)
        self._birth = beside(self.born, self.precision)
        column = vertical(self.count, self._lines, self._birth, spacing=16)
        column.setContentsMargins(0, 0, 0, 0)
        self.setLayout(column)
        self.born.edited.connect(self._say)
        self.setFocusProxy(self.count)
        self._recount()

    def _say(self, _text: str = "") -> None:
        self.edited.emit()

    def _hint(self) -> None:
        hints = {"day": _("as on the card"), "month": _("as 07.2026"), "year": _("as 2024")}
        self.born.set_hint(hints[self.precision.key() or "day"])
        self.edited.emit()

    def _recount(self) -> None:
        wanted = int(self.count.key() or 0)
        self._birth.setVisible(wanted > 0)
        while self._lines.count() > wanted:
            item = self._lines.takeAt(self._lines.count() - 1)
            old = item.widget() if item is not None else None
            for kept in (self.whose, self.given, self.surname, self.sex):
                kept.pop()
            if old is not None:
                old.hide()
                old.deleteLater()
        while self._lines.count() < wanted:
            self._lines.addWidget(self._child())
        for at, whose in enumerate(self.whose):
            whose.setText(_("Child {n}").format(n=at + 1) if wanted > 1 else _("Child"))
        self._tab_through()
        self.edited.emit()

    def _tab_through(self) -> None:
        """The keyboard goes as the eye does: the children, made anew with their number, then their birth."""
        stops: list[QWidget] = [*self.count.buttons.values()]
        for given, surname, sex in zip(self.given, self.surname, self.sex, strict=True):
            stops += [given.editor, surname.editor, *sex.buttons.values()]
        stops += [self.born.editor, self.born.open_calendar, *self.precision.buttons.values()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _child(self) -> QWidget:
        whose = label(role="strong")
        given = Field(_("First name"), hint=_("leave empty while not named"))
        surname = Field(_("Surname"), hint=_("empty: as the mother's"))
        sex = ChoiceGroup(_("Sex"), [Choice("f", _("girl")), Choice("m", _("boy")), Choice("unknown", _("not known"))])
        for asked in (given, surname):
            asked.edited.connect(self._say)
        sex.changed.connect(self._say)
        self.whose.append(whose)
        self.given.append(given)
        self.surname.append(surname)
        self.sex.append(sex)
        made = QWidget()
        column = vertical(whose, beside(given, surname), sex, spacing=10)
        column.setContentsMargins(0, 0, 0, 0)
        made.setLayout(column)
        return made

    def fields(self) -> dict[str, Asked]:
        """Every field under the name that problems use."""
        made: dict[str, Asked] = {}
        for at in range(len(self.given)):
            made |= {f"given{at}": self.given[at], f"sex{at}": self.sex[at]}
        return made | ({"born": self.born, "precision": self.precision} if self.given else {})

    def typed(self) -> tuple[TypedChild, ...]:
        """What is typed for each child."""
        return tuple(
            TypedChild(surname=surname.text(), given_name=given.text(), sex=sex.key() or "")
            for given, surname, sex in zip(self.given, self.surname, self.sex, strict=True)
        )

    def clear(self) -> None:
        """Empty every field; one child."""
        self.count.choose("1")
        self.precision.choose()
        self._hint()
        self.born.set_text("")
        for group in self.sex:
            group.choose()
        for asked in (*self.given, *self.surname):
            asked.set_text("")
        self._recount()


class WhereFields(QWidget):
    """Village, street, way, phone."""

    edited = Signal()

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.places = QComboBox()
        self.place = Field(_("Village or town"), self.places)
        self.address = Field(_("Street and house"))
        self.note = Field(_("How to find it"), hint=_("blue gate, behind the school"))
        self.phone = PhoneField(_("Phone"))
        self.may_ring = ChoiceGroup(
            _("May it be rung?"), [Choice("yes", _("yes")), Choice("no", _("no")), Choice("", _("not asked"))]
        )
        self.may_ring.choose("")
        for place in pack.places:
            if place.level in PLACE_LEVELS:
                self.places.addItem(words.place(pack, place.code), place.code)
        self.places.setCurrentIndex(-1)
        column = vertical(self.place, self.address, self.note, beside(self.phone, self.may_ring), spacing=16)
        column.setContentsMargins(0, 0, 0, 0)
        self.setLayout(column)
        self.place.edited.connect(lambda _text: self.edited.emit())
        self.setFocusProxy(self.place)

    def fields(self) -> dict[str, Asked]:
        """Every field under the name that problems use."""
        return {"place": self.place, "phone": self.phone}

    def choose(self, code: str) -> None:
        """Choose a village by its code; none for one the pack does not hold."""
        self.places.setCurrentIndex(self.places.findData(code))

    def clear(self) -> None:
        """Empty everything but the village: the next family often lives in the same."""
        for asked in (self.address, self.note, self.phone):
            asked.set_text("")
        self.may_ring.choose("")


class BirthFields(QWidget):
    """What the schedule and the growth curves need of the birth."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.weeks = NumberField(_("Weeks of pregnancy at birth"), unit=_("weeks"), hint=_("empty where not known"))
        self.weight = NumberField(_("Weight at birth"), unit=_("kg"))
        self.left = DateField(_("Left the maternity house on"))
        self.due = DateField(_("Day she is due"))
        self.rhythm = label(role="strong")
        self._born = QWidget()
        column = vertical(self.weeks, self.weight, self.left, spacing=16)
        column.setContentsMargins(0, 0, 0, 0)
        self._born.setLayout(column)
        whole = vertical(self._born, self.due, self.rhythm, spacing=16)
        whole.setContentsMargins(0, 0, 0, 0)
        self.setLayout(whole)
        for asked in (self.weeks, self.weight, self.left, self.due):
            asked.edited.connect(lambda _text: self.edited.emit())

    def ask(self, typed: Typed) -> None:
        """Ask what fits: the birth, or the day she is due; a weight only for one child."""
        self._born.setVisible(not typed.pregnant)
        self.due.setVisible(typed.pregnant)
        self.weight.setVisible(len(typed.children) == 1)
        self.setFocusProxy(self.due if typed.pregnant else self.weeks)

    def fields(self) -> dict[str, Asked]:
        """Every field under the name that problems use."""
        return {"weeks": self.weeks, "birth_weight": self.weight, "left": self.left, "due": self.due}

    def clear(self) -> None:
        """Empty everything."""
        for asked in (self.weeks, self.weight, self.left, self.due):
            asked.set_text("")
