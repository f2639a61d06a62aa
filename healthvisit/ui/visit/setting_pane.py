"""The facts of the setting above the form's own questions: day, place, who is there. These may stand as last time."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from healthvisit.domain.visit import Place
from healthvisit.packs.pack import Pack
from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, weekday_day
from healthvisit.ui.i18n import _, language
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import label, vertical


def place_names() -> dict[Place, str]:
    """Where a visit can take place, in words."""
    return {
        Place.HOME: _("home"),
        Place.HEALTH_HOUSE: _("health house"),
        Place.PHONE: _("by phone"),
        Place.OTHER: _("elsewhere"),
    }


class SettingPane(QWidget):
    """Day, place and people. `placed` and `ticked` are called with what was chosen."""

    def __init__(self, placed: Callable[[Place], object], ticked: Callable[[PersonLine, bool], object]) -> None:
        super().__init__()
        self._placed, self._ticked = placed, ticked
        self.when = label(role="muted")
        self.place = ChoiceGroup(_("Place"))
        self.people = ChoiceGroup(_("Who is there"), many=True)
        self._persons: dict[str, PersonLine] = {}
        self._there: set[str] = set()
        self.place.changed.connect(self._say_place)
        self.people.changed.connect(self._say_people)
        for group in (self.place, self.people):
            theme.set_role(group.label, "strong")
        self.setLayout(vertical(self.when, self.place, self.people, spacing=12))
        for group in (self.place, self.people):
            group.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_draft(self, draft: VisitDraft, pack: Pack) -> None:
        """Draw these facts of a draft."""
        said = [weekday_day(draft.on), clock(draft.started_at)]
        if draft.unplanned is not None:
            named = next((n for n in pack.unplanned if n.code == draft.unplanned), None)
            said.append(pack.text(named.name, language()) if named else draft.unplanned)
        self.when.setText(" · ".join(said))
        for group, text in ((self.place, _("Place")), (self.people, _("Who is there"))):
            group.label.setText(text)
            group.setAccessibleName(text)
        places = [Choice(place.value, name) for place, name in place_names().items()]
        if [made.text() for made in self.place.buttons.values()] != [choice.text for choice in places]:
            self.place.set_choices(places)
        self.place.choose(draft.place.value)
        persons = {p.id: p for p in draft.household.persons if p.died_on is None}
        people = [Choice(p.id, words.short_age(p, draft.on)) for p in persons.values()]
        if persons != self._persons or [m.text() for m in self.people.buttons.values()] != [c.text for c in people]:
            self._persons = persons
            self.people.set_choices(people)
        self._there = set(draft.present)
        self.people.choose(*self._there)

    def _say_place(self) -> None:
        self._placed(Place(self.place.key() or Place.HOME))

    def _say_people(self) -> None:
        now = set(self.people.keys())
        for key in now ^ self._there:
            self._ticked(self._persons[key], key in now)
        self._there = now
