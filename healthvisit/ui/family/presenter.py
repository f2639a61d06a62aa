"""Decides what a family's page says: people, timeline, what is still to do; and its life events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from healthvisit.domain.ids import HouseholdId, PersonId
from healthvisit.domain.person import PersonKind
from healthvisit.services import caseload, families
from healthvisit.services.caseload import FamilyView, VisitLine
from healthvisit.services.families import NewPerson
from healthvisit.services.lines import PersonLine
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import weights
from healthvisit.ui.dates import day, day_short
from healthvisit.ui.i18n import _, ngettext

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.ui.desk import Desk, Go


Done = Callable[[], object]
Failed = Callable[[BaseException], object]


class FamilyScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_family(self, view: FamilyView | None) -> None:
        """Draw the family; None when this laptop does not hold it."""

    def show_saved(self, sentence: str) -> None:
        """Say what a save did."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class FamilyPresenter:
    """Holds the family shown; an answer for one already left is dropped."""

    def __init__(self, desk: Desk, go: Go, screen: FamilyScreen, owner: QObject) -> None:
        self.desk, self.go, self._screen, self._owner = desk, go, screen, owner
        self.household = ""
        self.view: FamilyView | None = None

    def open(self, household: str) -> None:
        """Read a family."""
        self.household, self.view = household, None
        self.refresh()

    def refresh(self) -> None:
        """Read it again."""
        household, pack, today = self.household, self.desk.pack, self.desk.today()
        if household:
            self.desk.read(
                lambda work: caseload.family_view(work, pack, household, today=today),
                done=lambda view: self._take(household, view),
                failed=self._screen.show_error,
                owner=self._owner,
            )

    def _take(self, household: str, view: FamilyView | None) -> None:
        if household == self.household:
            self.view = view
            self._screen.show_family(view)

    # words

    def closed(self, view: FamilyView) -> str:
        """Why the page is read-only, with the date; empty where it is not."""
        line = view.household
        if line.moved_on is not None:
            return _("Moved on {day}. Nothing is due here any more.").format(day=day(line.moved_on))
        children = [p for p in line.children if p.died_on is None]
        enrolled = [p for p in line.persons if p.contact is not None]
        left = max((p.left_on for p in line.persons if p.left_on), default=None)
        if left is not None and not enrolled and children:
            return _("Left the programme on {day}. Nothing is due here any more.").format(day=day(left))
        return ""

    def person_second(self, view: FamilyView, person: PersonLine) -> str:
        """One line under a name: sex, age, weights; for adults role, phone."""
        today = self.desk.today()
        if person.died_on is not None:
            return _("died on {day}").format(day=day(person.died_on))
        if person.kind is PersonKind.CHILD:
            said = [words.sex(person), words.age(person, today), weights(view.growth.get(person.id, ()))]
            if person.order is not None and person.of:
                said.append(_("child {n} of {of}").format(n=person.order, of=person.of))
            return " · ".join(filter(None, said))
        said = [_(words.ROLES[person.role]) if person.role in words.ROLES else "", words.age(person, today)]
        said += [words.phone(number) for number in person.phones]
        return " · ".join(filter(None, said))

    def person_chip(self, person: PersonLine) -> tuple[str, words.Tone]:
        """When a person is next to be seen."""
        if person.contact is None or person.died_on is not None:
            return "", "plain"
        late = person.contact.state.value == "overdue"
        return words.window(person.contact, self.desk.today()), "danger" if late else "plain"

    def deed(self, line: VisitLine) -> str:
        """9 Oct · 3-month visit."""
        named = [words.contact(self.desk.pack, code) for code in line.codes] or [_("visit")]
        return " · ".join([day_short(line.on, self.desk.today()), *named])

    def deed_second(self, line: VisitLine) -> str:
        """What stands under a visit: where it is, whether another version stands in its place, from paper."""
        said = [_("signed"), _("at the office") if line.sent or line.sent is None else _("waits for the office")]
        said += [_("corrected: a newer version stands above")] if line.replaced else []
        said += [_("correction")] if line.amends else []
        said += [_("void: recorded for the wrong child")] if line.void else []
        said += [_("from paper")] if line.source == "paper" else []
        return " · ".join(said)

    def to_do(self, view: FamilyView) -> list[tuple[str, str]]:
        """What is still to do, as (who, what): open contacts, and how much a supervisor looks at."""
        today, pack = self.desk.today(), self.desk.pack
        said = [
            (
                words.short_age(p, today),
                " · ".join((words.contact(pack, p.contact.code), words.window(p.contact, today))),
            )
            for p in view.household.persons
            if p.contact
        ]
        names = {p.id: words.short_age(p, today) for p in view.household.persons if p.died_on is None}
        again = _("Look again by {day}")
        said += [(names[who], again.format(day=day_short(on, today))) for who, on in view.again if who in names]
        if view.tasks:
            said.append((ngettext("{n} open task", "{n} open tasks", view.tasks).format(n=view.tasks), ""))
        return said

    def referrals(self, view: FamilyView) -> list[tuple[str, str]]:
        """One line a referral, as (day and who, state); what for is not said on a page that others see."""
        names, today = {p.id: words.person_name(p) for p in view.household.persons}, self.desk.today()
        said = []
        for row in view.referrals:
            on = date.fromisoformat(str(row["made_at"])[:10])
            state = _("arrived") if row["arrived"] else _("arrival not confirmed")
            said.append((" · ".join(filter(None, (day_short(on, today), names.get(str(row["person"]))))), state))
        return said

    # deeds

    def change(self, facts: Mapping[str, Any], *, done: Done, failed: Failed) -> None:
        """Change address, way, phone or marks."""
        household = HouseholdId(self.household)
        self._save(
            lambda work: families.change_household(work, household, facts), _("Saved."), done=done, failed=failed
        )

    def moved(self, on: date, *, done: Done, failed: Failed) -> None:
        """The family moved away."""
        self.change({"moved_on": on}, done=done, failed=failed)

    def left(self, on: date, *, done: Done, failed: Failed) -> None:
        """The family leaves the programme."""
        household, today = HouseholdId(self.household), self.desk.today()
        self._save(
            lambda work: families.leave_programme(work, household, on=on, today=today),
            _("Written down. Nothing is due for this family any more."),
            done=done,
            failed=failed,
        )

    def died(self, person: str, on: date, *, done: Done, failed: Failed) -> None:
        """A child died: every reminder stops. Nothing else is offered."""
        today = self.desk.today()
        self._save(
            lambda work: families.record_death(work, PersonId(person), on=on, today=today),
            _("Written down. All reminders for this child have stopped."),
            done=done,
            failed=failed,
        )

    def named(
        self,
        person: str,
        surname: str,
        given: str,
        *,
        done: Done,
        failed: Failed,
    ) -> None:
        """A newborn got its name."""
        self._save(
            lambda work: families.name_child(work, PersonId(person), surname=surname, given_name=given),
            _("Saved."),
            done=done,
            failed=failed,
        )

    def add_adult(self, adult: NewPerson, *, done: Done, failed: Failed) -> None:
        """Another adult of the family."""
        household, today = HouseholdId(self.household), self.desk.today()
        self._save(
            lambda work: families.add_person(work, household, adult, today=today), _("Saved."), done=done, failed=failed
        )

    def _save(
        self,
        deed: Callable[[Any], object],
        said: str,
        *,
        done: Done,
        failed: Failed,
    ) -> None:
        def saved(_made: object) -> None:
            done()
            self._screen.show_saved(said)
            self.refresh()

        self.desk.save(deed, done=saved, failed=failed, owner=self._owner)
