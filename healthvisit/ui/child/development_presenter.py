"""Decides what the Development part of a child's page says: the last check, what is owed, the histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from healthvisit.development import Answer
from healthvisit.services import assessments, development, milestones
from healthvisit.services.development_view import DevelopmentView, development_view
from healthvisit.ui.dates import day
from healthvisit.ui.development import words
from healthvisit.ui.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from healthvisit.domain.development import Assessment
    from healthvisit.ui.desk import Desk

NOW = {
    Answer.YES: N_("yes"),
    Answer.SOMETIMES: N_("sometimes"),
    Answer.NOT_YET: N_("not yet"),
}


class DevelopmentScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_view(self) -> None:
        """Draw what was read."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class DevelopmentPresenter:
    """Holds the development of the child shown; an answer for a child already left is dropped."""

    def __init__(self, desk: Desk, screen: DevelopmentScreen, owner: QObject) -> None:
        self.desk, self._screen, self._owner = desk, screen, owner
        self.person = ""
        self.view: DevelopmentView | None = None
        self.checks = development.checks_pack()
        self.results_ever: tuple[tuple[Assessment, bool], ...] = ()

    def open(self, person: str) -> None:
        """Read a child."""
        if person != self.person:
            self.view, self.results_ever = None, ()
        self.person = person
        pack, today = self.checks, self.desk.today()
        if person:
            self.desk.read(
                lambda work: (development_view(work, pack, person, today=today), assessments.history_of(work, person)),
                done=lambda got: self._take(person, *got),
                failed=self._screen.show_error,
                owner=self._owner,
            )

    def _take(self, person: str, view: DevelopmentView, results: tuple[tuple[Assessment, bool], ...]) -> None:
        if person == self.person:
            self.view, self.results_ever = view, results
            self._screen.show_view()

    # words

    def owed(self, view: DevelopmentView) -> list[str]:
        """What is still owed to the child."""
        due = view.referral.due_on if view.referral else None
        said = words.owed(view.last, due, view.again_on) if view.last else []
        asked = _("Ask by {day} what came of the result of another tool.")
        return said + [asked.format(day=day(on)) for _task, on in view.follow_ups]

    def skills(self, view: DevelopmentView) -> list[tuple[str, ...]]:
        """Each skill ever answered, by area: first seen on, how it is now, lost."""
        order = [domain.code for domain in self.checks.domains]
        known = [(s, view.skills[s.code]) for s in self.checks.skills if s.code in view.skills]
        rows: list[tuple[str, ...]] = []
        for skill, held in sorted(known, key=lambda pair: (order.index(pair[0].domain), pair[0].band)):
            now = _(NOW[held.last_answer]) if held.last_answer in NOW else ""
            if held.lost_on is not None:
                now = _("lost, noticed on {day}").format(day=day(held.lost_on))
            seen = day(held.first_seen) if held.first_seen else "–"
            rows.append((words.named(self.checks.domains, skill.domain), words.own(skill.text), seen, now))
        return rows

    def history(self, view: DevelopmentView) -> list[tuple[str, ...]]:
        """The checks that stand, the newest first."""
        made: list[tuple[str, ...]] = []
        for check in view.facts.checks:
            on, age, band, result, why = words.check_line(self.checks, check, view.facts.person.born_on)
            if check.id in view.in_doubt:
                why = " ".join((_("Corrected on two computers: look at both, and correct one."), why))
            made.append((on, age, band, result, why))
        return made

    def results(self, view: DevelopmentView) -> list[tuple[str, ...]]:
        """Results of other tools that stand, the newest first: the doctor's page."""
        return [words.result_row(self.desk.library, one) for one in view.results]

    @property
    def others(self) -> list[tuple[Assessment, bool]]:
        """Results of other tools, each followed by those it replaced; D-scores have a part of their own."""
        has_part = bool(self.desk.library.keys)
        return [pair for pair in self.results_ever if pair[0].dscore is None or not has_part]

    @property
    def scored(self) -> list[tuple[Assessment, bool]]:
        """The same of D-scores."""
        return [pair for pair in self.results_ever if pair[0].dscore is not None]

    def rows_of_others(self) -> list[tuple[str, ...]]:
        """Their rows."""
        known = self.desk.library
        return [words.result_row(known, one, replaced=replaced) for one, replaced in self.others]

    @property
    def can_ask(self) -> bool:
        """Whether an instrument's questions can be asked of this child."""
        facts = self.view.facts if self.view else None
        return facts is not None and bool(assessments.to_ask(self.desk.library, facts, self.desk.today()))

    # deeds

    def seen(self) -> None:
        """The family or the doctor said that the child was seen."""
        referral = self.view.referral if self.view else None
        if referral is not None:
            today, known = self.desk.today(), referral.id
            self._save(lambda work: development.confirm_seen(work, known, today=today))

    def heard(self) -> None:
        """Somebody asked what came of the results of other tools."""
        tasks = [task for task, _on in self.view.follow_ups] if self.view else []

        def deed(work: Any) -> None:
            for task in tasks:
                development.end_task(work, task)

        self._save(deed)

    def say_month(
        self, code: str, months: int | None, done: Callable[[], object], failed: Callable[[BaseException], object]
    ) -> None:
        """The caregiver says at which age a milestone was reached."""
        person, pack, today = self.person, self.checks, self.desk.today()
        self.desk.save(
            lambda work: milestones.say_month(work, pack, person, code, months, today=today),
            done=lambda _nothing: done(),
            failed=failed,
            owner=self._owner,
        )

    def _save(self, deed: Callable[[Any], object]) -> None:
        self.desk.save(
            deed, done=lambda _made: self.open(self.person), failed=self._screen.show_error, owner=self._owner
        )
