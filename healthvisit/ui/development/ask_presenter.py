"""Decides what the page of an instrument asks, of whom it may be asked at all, and what the answers come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from healthvisit.services import assessments
from healthvisit.services.assessments import Entered
from healthvisit.ui.development import words
from healthvisit.ui.development.check_presenter import Asked
from healthvisit.ui.development.tool_form import ToolForm, ToolScreen
from healthvisit.ui.i18n import LANGUAGES, _, ngettext

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.domain.development import Assessment
    from healthvisit.packs.instruments import Choice, Instrument
    from healthvisit.packs.pack import Text
    from healthvisit.services.tool_drafts import ToolDraft
    from healthvisit.ui.desk import Desk
    from healthvisit.ui.words import Tone


class AskScreen(ToolScreen, Protocol):
    """What the presenter asks of the screen."""

    def show_open(self) -> None:
        """Say how many answers are open."""


class AskPresenter(ToolForm):
    """Holds the instrument being asked. Every answer is on its way to the disk when its method returns."""

    page = "asked"

    def __init__(self, desk: Desk, screen: AskScreen, owner: QObject) -> None:
        super().__init__(desk, screen, owner)
        self._screen: AskScreen = screen
        self.wording = ""
        self.on: date = desk.today()

    def _prepare(self) -> None:
        self.wording = self.desk.preferences.wording_language or self.desk.preferences.language
        offered = self.offered
        if self.draft is not None:
            begun = self.draft.started_at.astimezone().date() if self.draft.is_begun else self.desk.today()
            self.on = _day_of(self.draft) or begun
            if offered and self.draft.tool not in {one.code for one in offered}:
                self.draft = replace(self.draft, tool=offered[0].code)

    # what is asked

    @property
    def offered(self) -> tuple[Instrument, ...]:
        """The instruments that can be asked of this person; one outgrown since it was begun or asked is still there."""
        if self.facts is None:
            return ()
        fitting, begun = assessments.to_ask(self.desk.library, self.facts, self.desk.today()), self.instrument
        return fitting if begun is None or begun in fitting else (*fitting, begun)

    @property
    def instrument(self) -> Instrument | None:
        """The one chosen."""
        return self.desk.library.instrument(self.draft.tool) if self.draft and self.draft.tool else None

    @property
    def is_private(self) -> bool:
        """Whether it is asked only where the person can speak alone."""
        return self.instrument is not None and self.instrument.privacy == "sensitive"

    def wording_of(self, text: Text) -> str:
        """A question in the language it is read aloud in."""
        return text.get(self.wording) or words.own(text)

    def rows(self) -> list[Asked]:
        """The questions with the answers given."""
        one, draft = self.instrument, self.draft
        if one is None or draft is None or self.facts is None:
            return []
        held = draft.answers_of(one.code)
        return [
            Asked(
                code=item.code, text=self.wording_of(item.text) if item.text else item.code, hint="",
                choices=tuple(self._choice(at, c) for at, c in enumerate(one.scale(item.scale).choices, start=1)),
                value=held.get(item.code, ""),
            )
            for item in one.asked(assessments.months_of(self.facts, self.on))
        ]  # fmt: skip

    def _choice(self, at: int, choice: Choice) -> tuple[str, str]:
        return choice.code, self.wording_of(choice.name) if choice.name else str(at)

    def left_open(self) -> str:
        """How many answers are open; of answers for a D-score none is needed."""
        left = sum(not row.value for row in self.rows())
        return ngettext("{n} answer is open.", "{n} answers are open.", left).format(n=left) if left else ""

    # answers

    def choose(self, code: str) -> None:
        """Another instrument; answers of the one before are kept for when it is chosen again."""
        if self.draft is not None and self.done is None and code != self.draft.tool:
            self.draft = replace(self.draft, tool=code)
            self._dirty = True
            self.flush()
            self._screen.show_form()

    def answer(self, code: str, key: str, focus: str = "") -> None:
        """One answer; empty takes it back. `focus` is the row the keyboard goes to."""
        super().answer(code, key, focus)
        self._screen.show_open()

    def stand_on(self, code: str) -> None:
        """The keyboard moved without an answer; kept with the next save."""
        if self.draft is not None and self.draft.focus != code:
            self.draft = replace(self.draft, focus=code)
            self._dirty = self.draft.is_begun

    def set_day(self, on: date) -> None:
        """Another day on which it was asked."""
        if self.draft is not None and self.done is None and on != self.on:
            self.on = on
            self.draft = replace(self.draft, typed={**self.draft.typed, "day": on.isoformat()})
            self._dirty = True
            self.flush()
            self._screen.show_form()

    # the save

    def save(self) -> None:
        """Score the answers by their rule and write the result."""
        draft = self.draft
        if draft is not None and self.done is None:
            self._write(
                Entered(
                    id=draft.id, person=draft.person, tool=draft.tool, on=self.on, amends=draft.amends,
                    answers=draft.answers_of(draft.tool), assessor=self.desk.worker_label,
                )
            )  # fmt: skip

    def outcome(self, made: Assessment) -> tuple[str, Tone, list[str]]:
        """What a saved result says: in a word, its colour, and what to do."""
        one = self.instrument
        if one is None or made.status == assessments.RECORDED:
            said = [words.dscore_line(made.dscore), words.made_with(made.dscore)] if made.dscore else []
            said = said or [_("No score: the key has none for this age.")] if one is not None and one.key else said
            return _("Written down"), "plain", said
        months = assessments.months_of(self.facts, made.on) if self.facts else None
        age = None if one.to_months is None else months
        cutoff = next((c for c in one.cutoffs if c.area is None and c.holds(int(made.total or 0), age)), None)
        if cutoff is None:
            return made.status, "plain", []
        return words.own(cutoff.name), "warn" if made.follow_up_on else "ok", [words.own(cutoff.say)]

    def next_wording(self) -> str:
        """Read the questions in the next language; its code."""
        codes = list(LANGUAGES)
        self.wording = codes[(codes.index(self.wording) + 1) % len(codes)]
        return self.wording


def _day_of(draft: ToolDraft) -> date | None:
    try:
        return date.fromisoformat(draft.typed.get("day", ""))
    except ValueError:
        return None
