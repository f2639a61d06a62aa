"""Decides what Today shows: which rows under which filter, what an empty list says, what a try in vain sets off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Protocol

from healthvisit.domain.ids import HouseholdId
from healthvisit.services import caseload, contacts, dangers
from healthvisit.services.caseload import FamilyView, VisitLine
from healthvisit.services.lines import Group, HouseholdLine
from healthvisit.services.today import TodayRow, TodayView, lines_of, today_view
from healthvisit.ui import words
from healthvisit.ui.dates import cm_unit, day_short, kg_unit, weekday_day
from healthvisit.ui.i18n import _, ngettext
from healthvisit.ui.sync.status import files_wait_words

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.ui.desk import Desk, Go

_LINES = 60  # more than any screen shows; others are read when they come into sight

Deed = tuple[str, Callable[[], object]]


class TodayScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_list(self) -> None:
        """Draw the rows and what stands around them again."""

    def lines_came(self) -> None:
        """Rows that came into sight without their lines have them now."""

    def show_detail(self, view: FamilyView | None) -> None:
        """Draw the chosen household."""

    def show_saved(self, sentence: str) -> None:
        """Say what a save did."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class TodayPresenter:
    """Holds the rows as read, the filter, and the household chosen."""

    def __init__(self, desk: Desk, go: Go, screen: TodayScreen, owner: QObject) -> None:
        self.desk, self.go, self._screen, self._owner = desk, go, screen, owner
        self.view: TodayView | None = None
        self.place = ""
        self.only_round = False
        self.chosen: str | None = None
        self.tries = 0
        self._reading_lines = False

    @property
    def today(self) -> date:
        """The local calendar day."""
        return self.desk.today()

    def refresh(self) -> None:
        """Read everything again."""
        pack, today = self.desk.pack, self.today
        self.desk.read(
            lambda work: today_view(work, pack, today=today, lines=_LINES),
            done=self._take,
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _take(self, view: TodayView) -> None:
        self.view = view
        if self.place and self.place not in self.places():
            self.place = ""
        self._screen.show_list()

    def want_line(self, row: TodayRow) -> None:
        """Read the lines from a row on that came into sight without one; what is missed meanwhile asks again."""
        if self._reading_lines or self.view is None:
            return
        self._reading_lines = True
        rows, day = self.rows(), self.view.day
        at = next((at for at, other in enumerate(rows) if other is row), 0)
        missing = [other for other in rows[max(0, at - _LINES // 2) : at + _LINES] if other.line is None]
        self.desk.read(
            lambda work: lines_of(work, missing, today=day),
            done=lambda lines: self._take_lines(missing, lines),
            failed=self._lines_failed,
            owner=self._owner,
        )

    def _take_lines(self, rows: list[TodayRow], lines: list[HouseholdLine]) -> None:
        self._reading_lines = False
        for row, line in zip(rows, lines, strict=True):
            row.line = line
        self._screen.lines_came()

    def _lines_failed(self, error: BaseException) -> None:
        self._reading_lines = False
        self._screen.show_error(error)

    def places(self) -> list[str]:
        """Codes of the villages that have a row."""
        return sorted({row.place for row in self.view.rows if row.place}) if self.view else []

    def rows(self) -> list[TodayRow]:
        """The rows that pass the filter."""
        rows = self.view.rows if self.view else ()
        return [r for r in rows if (not self.place or r.place == self.place) and (not self.only_round or r.in_round)]

    def grouped(self) -> list[tuple[Group, list[TodayRow]]]:
        """The same under their headings, in the order of urgency."""
        rows = self.rows()
        made = [(group, [r for r in rows if r.group is group]) for group in Group]
        return [(group, lines) for group, lines in made if lines]

    def row(self, household: str | None) -> TodayRow | None:
        """One household's row."""
        return next((r for r in self.view.rows if r.id == household), None) if self.view else None

    def counts(self) -> str:
        """7 families · 1 now · 2 overdue."""
        rows = self.rows()
        late = sum(r.group is Group.OVERDUE for r in rows)
        now = sum(r.group is Group.NOW for r in rows)
        said = [ngettext("{n} family", "{n} families", len(rows)).format(n=len(rows))]
        said += [_("{n} now").format(n=now)] if now else []
        said += [_("{n} overdue").format(n=late)] if late else []
        return " · ".join(said)

    def empty(self) -> tuple[str, list[Deed]] | None:
        """What an empty list says and offers; None when there are rows, or nothing was read yet."""
        if self.view is None or self.rows():
            return None
        if not self.view.households:
            deeds: list[Deed] = [(_("New family"), self.go.new_family)]
            if not self.desk.practice:
                deeds.append((_("Bring the register from the office"), self.go.sync))
            return _("No families on this computer."), deeds
        if self.view.rows:
            return self._nothing_here(len(self.view.rows)), [(_("Show all"), self.show_all)]
        if self.view.next_on is None:
            return _("No visits due today."), [(_("All families"), self.go.families)]
        families = ngettext("{n} family", "{n} families", self.view.next_count).format(n=self.view.next_count)
        sentence = _("No visits due today. Next: {day}, {families}.").format(
            day=weekday_day(self.view.next_on), families=families
        )
        return sentence, [(_("All families"), self.go.families)]

    def _nothing_here(self, elsewhere: int) -> str:
        if self.only_round:
            return _("Nothing in your round yet. Space puts a family into it.")
        return ngettext(
            "Nothing here in {place}; {n} in other villages.", "Nothing here in {place}; {n} in other villages.",
            elsewhere,
        ).format(place=words.place(self.desk.pack, self.place), n=elsewhere)  # fmt: skip

    def show_all(self) -> None:
        """Drop the filter."""
        self.place, self.only_round = "", False
        self._screen.show_list()

    def filter(self, place: str, *, only_round: bool) -> None:
        """Show one village only, or the round only."""
        self.place, self.only_round = place, only_round
        self._screen.show_list()

    def day_end(self) -> str:
        """What stands below the list once something was signed today."""
        if self.view is None or not self.view.signed_today:
            return ""
        signed = _("Signed today {n}").format(n=self.view.signed_today)
        waiting = self.desk.sync.waiting_visits
        if not waiting and (pictures := self.desk.sync.waiting_files):
            return f"{signed} · {files_wait_words(pictures)}"
        if not waiting:
            return _("{signed} · at the office").format(signed=signed)
        if waiting >= self.view.signed_today:
            return _("{signed} · all waiting").format(signed=signed)
        return _("{signed} · {n} waiting").format(signed=signed, n=waiting)

    # one household

    def choose(self, household: str | None) -> None:
        """Read what the right pane says of a household."""
        self.chosen = household
        if household is None:
            self._screen.show_detail(None)
            return
        pack, today = self.desk.pack, self.today

        def read(work: object) -> tuple[FamilyView | None, int]:
            view = caseload.family_view(work, pack, household, today=today)  # type: ignore[arg-type]
            return view, contacts.tries(work, household, today=today)  # type: ignore[arg-type]

        self.desk.read(read, done=lambda got: self._detail(household, got), failed=self._failed, owner=self._owner)

    def _detail(self, household: str, got: tuple[FamilyView | None, int]) -> None:
        if household == self.chosen:  # a slow answer for a row already left is dropped
            self.tries = got[1]
            self._screen.show_detail(got[0])

    def last_time(self, view: FamilyView) -> tuple[str, str]:
        """What was measured at the last visit, and what was agreed."""
        last = next((v for v in view.timeline if not v.void and not v.replaced), None)
        if last is None:
            return _("first visit"), ""
        return " · ".join(filter(None, (day_short(last.on, self.today), self._measured(view, last)))), last.agreed

    def _measured(self, view: FamilyView, last: VisitLine) -> str:
        shown = self.desk.preferences.show_child_names
        said = []
        for person in view.household.persons:
            point = next((p for p in view.growth.get(person.id, ()) if p.visit == last.id), None)
            if point is None:
                continue
            numbers = [kg_unit(point.weight_g)] if point.weight_g else []
            numbers += [cm_unit(point.length_mm)] if point.length_mm else []
            who = f"{words.short_name(person, shown=shown)} " if len(view.growth) > 1 else ""
            said.append(who + ", ".join(numbers))
        return " · ".join(said)

    def start(self, household: str) -> None:
        """Begin the visit, or go on with the one begun; where only a check is begun, with that."""
        row = self.row(household)
        if row is not None and row.draft is not None:
            self.go.resume_visit(row.draft["id"])
        elif self.is_only_check(row):
            self.finish_check(household)
        else:
            self.go.start_visit(household)

    @staticmethod
    def is_only_check(row: TodayRow | None) -> bool:
        """Whether nothing but a development check begun has put a household among the started."""
        return row is not None and row.group is Group.STARTED and row.draft is None and bool(row.begun)

    def finish_check(self, household: str) -> None:
        """Go on with the development check begun first."""
        row = self.row(household)
        if row is not None and row.begun:
            self.go.start_check(row.begun[0][0])

    def begun(self, row: TodayRow) -> list[str]:
        """The checks begun in a household: whose, and since when."""
        shown = self.desk.preferences.show_child_names
        persons = {p.id: words.short_name(p, shown=shown) for p in row.line.persons} if row.line else {}
        return [
            _("{who}: development check begun on {day}").format(who=persons[person], day=day_short(on, self.today))
            for person, on in row.begun
            if person in persons
        ]

    def toggle_round(self, household: str) -> None:
        """Put a household into today's round, or take it out."""
        today = self.today
        self.desk.save(
            lambda work: contacts.put_in_round(work, household, today=today),
            done=lambda _in: self.refresh(),
            failed=self._failed,
            owner=self._owner,
        )

    def arrived(self, referral: str, *, yes: bool) -> None:
        """The family or the hospital told whether the child arrived."""
        today = self.today
        told = _("Written down: arrived.") if yes else _("Written down: not yet. It is asked again tomorrow.")
        self.desk.save(
            lambda work: dangers.confirm_arrival(work, referral, arrived=yes, today=today),
            done=lambda _none: self._done(told),
            failed=self._failed,
            owner=self._owner,
        )

    def proposal(self, reason: str) -> date | None:
        """The next day proposed for a reason."""
        return contacts.proposed_day(reason, today=self.today)

    def consequence(self, reason: str) -> str:
        """What a reason sets off, said before it is saved."""
        if reason == "not_home" and self.tries + 1 >= contacts.TRIES_BEFORE_TASK:
            return _("Not at home for the second time: your supervisor will see it.")
        if reason in ("refused", "moved", "wrong_address"):
            return _("Your supervisor will see it.")
        if reason == "child_died":
            return _("Afterwards the family opens: More, Child died asks the date and stops every reminder.")
        return ""

    def not_possible(self, reason: str, agreed_on: date | None) -> None:
        """Write down a try in vain for the chosen household."""
        household, pack, today = self.chosen, self.desk.pack, self.today
        if household is None:
            return
        self.desk.save(
            lambda work: contacts.not_possible(
                work, pack, HouseholdId(household), reason, today=today, agreed_on=agreed_on
            ),
            done=lambda told: self._tried(household, reason, agreed_on, told=told),
            failed=self._failed,
            owner=self._owner,
        )

    def _tried(self, household: str, reason: str, agreed_on: date | None, *, told: bool) -> None:
        said = [_("Written down: not possible.")]
        said += [_("Next try: {day}.").format(day=day_short(agreed_on, self.today))] if agreed_on else []
        said += [_("Your supervisor will see it.")] if told else []
        self._done(" ".join(said))
        if reason == "child_died":
            self.go.family(household)

    def _done(self, sentence: str) -> None:
        self._screen.show_saved(sentence)
        self.refresh()

    def _failed(self, error: BaseException) -> None:
        self._screen.show_error(error)
