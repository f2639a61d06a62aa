"""What the page of an instrument and the page of a result share: person, sealed draft, the one save."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from healthvisit.domain.person import PersonKind
from healthvisit.services import assessments
from healthvisit.services.tool_drafts import drop_tool_drafts, keep_tool

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import QObject

    from healthvisit.domain.development import Assessment
    from healthvisit.services.assessments import Entered
    from healthvisit.services.development import CheckFacts
    from healthvisit.services.tool_drafts import Page, ToolDraft
    from healthvisit.ui.desk import Desk


class ToolScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_form(self) -> None:
        """Draw the person and what is typed or answered."""

    def show_saved_at(self, at: datetime) -> None:
        """A draft is on the disk."""

    def show_done(self, made: Assessment) -> None:
        """The result is saved."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class ToolForm:
    """Holds the person and the form begun; what was typed is on its way to the disk when `flush` returns."""

    page: Page

    def __init__(self, desk: Desk, screen: ToolScreen, owner: QObject) -> None:
        self.desk, self._screen, self._owner = desk, screen, owner
        self.person, self.wanted = "", ""
        self.facts: CheckFacts | None = None
        self.draft: ToolDraft | None = None
        self.done: Assessment | None = None
        self._dirty = False

    def open(self, person: str, amends: str = "") -> None:
        """Read the person, and the form begun; or begin one, or a correction of a result."""
        self.person, self.wanted, self.facts, self.draft, self.done = person, amends, None, None, None
        self._dirty = False
        today, page = self.desk.today(), self.page
        self.desk.read(
            lambda work: assessments.begin(work, person, page, today=today, amends=amends),
            done=lambda got: self._take(person, *got),
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _take(self, person: str, facts: CheckFacts, draft: ToolDraft) -> None:
        if person == self.person:
            self.facts, self.draft = facts, draft
            self._prepare()
            self._screen.show_form()

    def _prepare(self) -> None:
        """What a page makes ready once person and draft are known."""

    @property
    def is_child(self) -> bool:
        """Whether the page is about a child."""
        return self.facts is not None and self.facts.person.kind is PersonKind.CHILD

    @property
    def is_another(self) -> bool:
        """Whether a form begun before stands here instead of the correction asked for."""
        return bool(self.wanted) and self.draft is not None and self.wanted not in self.draft.amends

    @property
    def is_begun(self) -> bool:
        """Whether there is something to throw away."""
        return self.draft is not None and self.done is None and self.draft.is_begun

    def answer(self, code: str, key: str, focus: str = "") -> None:
        """One answer; empty takes it back."""
        if self.draft is None or self.done is not None:
            return
        name = f"{self.draft.tool} {code}"
        held = {k: said for k, said in self.draft.answers.items() if k != name} | ({name: key} if key else {})
        self.draft, self._dirty = replace(self.draft, answers=held, focus=focus), True
        self.flush()

    def flush(self) -> None:
        """Seal what is not sealed yet."""
        draft, dirty, self._dirty = self.draft, self._dirty, False
        if draft is not None and dirty and self.done is None:
            self.desk.save(
                lambda work: keep_tool(work, draft),
                done=self._screen.show_saved_at,
                failed=self._screen.show_error,
                owner=self._owner,
            )

    def throw_away(self) -> None:
        """Drop the draft; nothing of it is kept."""
        draft, self.draft, self._dirty = self.draft, None, False
        if draft is not None and self.done is None:
            self.desk.save(
                lambda work: drop_tool_drafts(work, draft.person, draft.id), done=lambda _nothing: None,
                failed=self._screen.show_error, owner=self._owner,
            )  # fmt: skip

    def _write(self, given: Entered) -> None:
        """Save the result, in one transaction."""
        known, today = self.desk.library, self.desk.today()
        self.desk.save(
            lambda work: assessments.save_result(work, known, given, today=today),
            done=self._saved,
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _saved(self, made: Assessment) -> None:
        if self.draft is not None and made.id == self.draft.id:
            self.done, self._dirty = made, False
            self._screen.show_done(made)

    def child_of_family(self) -> str:
        """Whose page the family may see when this one is hidden; empty where there is no child."""
        if self.is_child or self.facts is None:
            return self.person
        return next((p.id for p in self.facts.household.children if p.died_on is None), "")
