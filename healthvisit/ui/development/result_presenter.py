"""Decides what the page for results of other tools asks: which tool, its areas, what it means for this age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from healthvisit.packs.instruments import Instrument, Tool
from healthvisit.services import assessments
from healthvisit.services.assessments import Entered
from healthvisit.services.development import CheckFacts
from healthvisit.services.tool_drafts import SHARED
from healthvisit.ui.development import words
from healthvisit.ui.development.check_presenter import Asked
from healthvisit.ui.development.tool_form import ToolForm, ToolScreen
from healthvisit.ui.i18n import _, ngettext

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtCore import QObject

    from healthvisit.domain.development import Assessment
    from healthvisit.ui.desk import Desk


class ResultPresenter(ToolForm):
    """Holds the person, the tool chosen and what is typed: sealed soon after each key, as typed."""

    page = "entered"

    def __init__(self, desk: Desk, screen: ToolScreen, owner: QObject) -> None:
        super().__init__(desk, screen, owner)
        self.tools: tuple[Tool | Instrument, ...] = ()

    def open(self, person: str, amends: str = "") -> None:
        """Read the person, and what was typed before; or begin anew, or a correction."""
        self.tools = ()
        super().open(person, amends)

    def _prepare(self) -> None:
        if self.facts is not None and self.draft is not None:
            known = self.desk.library
            self.tools = assessments.to_enter(known, self.facts, self.desk.today())
            named = known.tool(self.draft.tool) or known.instrument(self.draft.tool)
            self.tools += (named,) if named is not None and named not in self.tools else ()  # outgrown since
            if self.draft.tool not in {tool.code for tool in self.tools}:
                self.draft = replace(self.draft, tool=self.tools[0].code)

    def choose(self, code: str) -> None:
        """Another tool; what was typed for the one before is kept for when it is chosen again."""
        if self.draft is not None and code != self.draft.tool:
            self.draft = replace(self.draft, tool=code)
            self._dirty = self.draft.is_begun

    @property
    def tool(self) -> Tool | Instrument | None:
        """The tool chosen."""
        code = self.draft.tool if self.draft else ""
        return next((tool for tool in self.tools if tool.code == code), None)

    @property
    def is_scored_here(self) -> bool:
        """Whether the form's answers are typed in and scored by a rule."""
        return isinstance(self.tool, Instrument)

    @property
    def has_total(self) -> bool:
        """Whether the tool knows a total."""
        tool = self.tool
        return isinstance(tool, Tool) and (not tool.areas or tool.low is not None)

    @property
    def has_safety(self) -> bool:
        """Whether the tool has a question about self-harm."""
        return isinstance(self.tool, Tool) and self.tool.safety

    @property
    def answers(self) -> dict[str, str]:
        """The numbered answers of the form chosen."""
        return self.draft.answers_of(self.draft.tool) if self.draft else {}

    def rows(self) -> list[Asked]:
        """The numbered answers of a form scored here; the words stand on its paper.

        An answer the pack has no word for stands under its number on the form: yes and no are words of ours.
        """
        tool, held = self.tool, self.answers
        if not isinstance(tool, Instrument):
            return []
        own = {"yes": _("Yes"), "no": _("No")}
        return [
            Asked(
                code=item.code, text=_number_on_paper(item.code, at), hint="", value=held.get(item.code, ""),
                choices=tuple(
                    (c.code, words.own(c.name) if c.name else own.get(c.code, str(place)))
                    for place, c in enumerate(tool.scale(item.scale).choices, start=1)
                ),
            )
            for at, item in enumerate(tool.items, start=1)
        ]  # fmt: skip

    # what is typed

    def typed(self, name: str) -> str:
        """What stands in a field of the tool chosen."""
        return self.draft.typed.get(self._own(name), "") if self.draft else ""

    def _own(self, name: str) -> str:
        return name if name in SHARED or self.draft is None else f"{self.draft.tool} {name}"

    def write(self, typed: Mapping[str, str]) -> None:
        """What stands in the fields now, as typed; kept with the next `flush`."""
        if self.draft is None or self.done is not None:
            return
        now = self.draft.typed | {self._own(name): said for name, said in typed.items()}
        held = {name: said for name, said in now.items() if said}
        if held != self.draft.typed:
            self.draft, self._dirty = replace(self.draft, typed=held), True

    # words

    def about(self, on: date | None) -> list[str]:
        """What is to be known of the tool: who uses it, for which age, how many answers are open."""
        tool = self.tool
        if tool is None:
            return []
        note = tool.note if isinstance(tool, Tool) else tool.notice
        said = [words.own(note)] if note else []
        if tool.from_months is not None or tool.to_months is not None:
            low, high = tool.from_months or 0, tool.to_months
            ages = _("For children from {low} to {high} months.") if high else _("For children from {low} months.")
            said.append(ages.format(low=low, high=high))
        if on is not None and self.facts is not None and not self._fits(tool, self.facts, on):
            said.append(_("On that day the child is not of this age: please look at tool and date."))
        if isinstance(tool, Instrument) and (left := len(tool.items) - len(self.answers)):
            said.append(ngettext("{n} answer is open.", "{n} answers are open.", left).format(n=left))
        return said

    @staticmethod
    def _fits(tool: Tool | Instrument, facts: CheckFacts, on: date) -> bool:
        months = assessments.months_of(facts, on)
        return months is None or assessments.is_for_age(tool, months)

    def outcome(self, made: Assessment) -> list[str]:
        """What a saved result says, in the tool's words; of a survey's form only that it is written down."""
        _name, status, areas = words.tool_words(self.desk.library, made)
        said = [status, *areas]
        if made.safety:
            said.append(_("Do not leave this person alone. A doctor and your supervisor hear of it today."))
        tool = self.tool
        if isinstance(tool, Instrument) and made.status != assessments.RECORDED:
            months = assessments.months_of(self.facts, made.on) if self.facts else None
            age, total = None if tool.to_months is None else months, int(made.total or 0)
            cutoff = next((c for c in tool.cutoffs if c.area is None and c.holds(total, age)), None)
            said += [words.own(cutoff.say)] if cutoff else []
        return said

    # the save

    def save(self, entered: Mapping[str, object]) -> None:
        """Write the result; `entered` are the fields of `Entered` beside person, tool and answers."""
        draft = self.draft
        if draft is not None and self.done is None:
            base = Entered(
                id=draft.id, person=self.person, tool=draft.tool, on=self.desk.today(), answers=self.answers,
                amends=draft.amends,
            )  # fmt: skip
            self._write(replace(base, **entered))  # type: ignore[arg-type]  # the screen names its own fields


def _number_on_paper(code: str, at: int) -> str:
    """As it is printed on the form, where the code is that number (EC21); else its place."""
    return code if code[-1:].isdigit() and code.isupper() else str(at)
