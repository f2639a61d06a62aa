"""Decides what the page for results of other tools asks: which tool, its areas, what it means for this age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.ids import new_record_id
from healthvisit.packs.instruments import Instrument, Tool
from healthvisit.services import assessments, development
from healthvisit.services.assessments import Entered
from healthvisit.services.development import CheckFacts
from healthvisit.ui.development import words
from healthvisit.ui.development.check_presenter import Asked
from healthvisit.ui.i18n import _, ngettext

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtCore import QObject

    from healthvisit.domain.development import Assessment
    from healthvisit.ui.desk import Desk


class ResultScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_child(self) -> None:
        """Draw the child and the tools."""

    def show_saved(self, made: Assessment) -> None:
        """The result is saved."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class ResultPresenter:
    """Holds the child, the tool chosen and the answers of a form scored here."""

    def __init__(self, desk: Desk, screen: ResultScreen, owner: QObject) -> None:
        self.desk, self._screen, self._owner = desk, screen, owner
        self.pack = assessments.instruments_pack()
        self.tools: tuple[Tool | Instrument, ...] = assessments.tools_for_child(self.pack)
        self.person = ""
        self.facts: CheckFacts | None = None
        self.tool: Tool | Instrument = self.tools[0]
        self.answers: dict[str, str] = {}
        self.done: Assessment | None = None
        self._id = ""

    def open(self, person: str) -> None:
        """Read a child; a result is entered anew."""
        self.person, self.facts, self.done, self.answers = person, None, None, {}
        self._id = new_record_id(self.desk.now())
        today = self.desk.today()
        self.desk.read(
            lambda work: development.check_facts(work, person, today=today),
            done=lambda facts: self._take(person, facts),
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _take(self, person: str, facts: CheckFacts) -> None:
        if person == self.person:
            self.facts = facts
            self._screen.show_child()

    def choose(self, code: str) -> None:
        """Another tool; answers of the one before are not its."""
        self.tool, self.answers = next(tool for tool in self.tools if tool.code == code), {}

    @property
    def is_scored_here(self) -> bool:
        """Whether the form's answers are typed in and scored by a rule."""
        return isinstance(self.tool, Instrument)

    @property
    def has_total(self) -> bool:
        """Whether the tool knows a total."""
        tool = self.tool
        return isinstance(tool, Tool) and (not tool.areas or tool.low is not None)

    def rows(self) -> list[Asked]:
        """The numbered answers of a form scored here; the words stand on its paper."""
        if not isinstance(self.tool, Instrument):
            return []
        choices = (("yes", _("Yes")), ("no", _("No")))
        return [
            Asked(code=item.code, text=str(at), hint="", choices=choices, value=self.answers.get(item.code, ""))
            for at, item in enumerate(self.tool.items, start=1)
        ]

    def answer(self, code: str, key: str) -> None:
        """One numbered answer; empty takes it back."""
        self.answers.pop(code, None)
        if key:
            self.answers[code] = key

    # words

    def about(self, on: date | None) -> list[str]:
        """What is to be known of the tool: who uses it, for which age, how many answers are open."""
        tool = self.tool
        note = tool.note if isinstance(tool, Tool) else tool.notice
        said = [words.own(note)] if note else []
        if tool.from_months is not None or tool.to_months is not None:
            low, high = tool.from_months or 0, tool.to_months
            ages = _("For children from {low} to {high} months.") if high else _("For children from {low} months.")
            said.append(ages.format(low=low, high=high))
        if on is not None and not self._fits(on):
            said.append(_("On that day the child is not of this age: please look at tool and date."))
        if isinstance(tool, Instrument) and (left := len(tool.items) - len(self.answers)):
            said.append(ngettext("{n} answer is open.", "{n} answers are open.", left).format(n=left))
        return said

    def _fits(self, on: date) -> bool:
        age = self.facts.age_days(on) if self.facts else None
        if age is None:
            return True
        months = int(age / DAYS_PER_MONTH)
        return (self.tool.from_months or 0) <= months and (self.tool.to_months is None or months <= self.tool.to_months)

    def outcome(self, made: Assessment) -> list[str]:
        """What a saved result says, in the tool's words."""
        _name, status, areas = words.tool_words(self.pack, made)
        said = [status, *areas]
        if isinstance(self.tool, Instrument):
            age = self.facts.age_days(made.on) if self.facts else None
            months = None if age is None else int(age / DAYS_PER_MONTH)
            total = int(made.total or 0)
            cutoff = next((c for c in self.tool.cutoffs if c.area is None and c.holds(total, months)), None)
            said += [words.own(cutoff.say)] if cutoff else []
        return said

    # the save

    def save(self, entered: Mapping[str, object]) -> None:
        """Write the result; `entered` are the fields of `Entered` beside child, tool and answers."""
        today = self.desk.today()
        base = Entered(id=self._id, person=self.person, tool=self.tool.code, on=today, answers=dict(self.answers))
        given, pack = replace(base, **entered), self.pack  # type: ignore[arg-type]  # the screen names its own fields
        self.desk.save(
            lambda work: assessments.save_result(work, pack, given, today=today),
            done=self._saved,
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _saved(self, made: Assessment) -> None:
        if made.id == self._id:
            self.done = made
            self._screen.show_saved(made)
