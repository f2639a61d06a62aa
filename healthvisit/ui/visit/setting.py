"""The frame of a visit being made: where, who is there, who can listen, and in which language is asked."""

from collections.abc import Callable
from datetime import datetime

from healthvisit.domain.ids import PersonId
from healthvisit.domain.visit import Place
from healthvisit.services import visits
from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui.i18n import LANGUAGES
from healthvisit.ui.visit.keeper import DraftKeeper
from healthvisit.ui.visit.steps import Survey


class Setting:
    """Changes the frame of a draft; what was changed is drawn and kept."""

    def __init__(self, draft: VisitDraft, survey: Survey, keeper: DraftKeeper, draw: Callable[[], object]) -> None:
        self._draft, self._survey, self._keeper, self._draw = draft, survey, keeper, draw

    def set_place(self, place: Place) -> None:
        """Where the visit takes place."""
        self._draft.place = place
        self._keeper.touch()

    def set_reason(self, code: str) -> None:
        """Why a signed visit is corrected."""
        self._draft.reason = code
        self._keeper.touch()

    def set_present(self, person: PersonLine, *, there: bool) -> None:
        """Who is there; a child who is there is seen, and one who is not has no pages."""
        draft = self._draft
        held = set(draft.present) - {person.id} | ({PersonId(person.id)} if there else set())
        draft.present = [PersonId(p.id) for p in draft.household.persons if p.id in held]
        for part in draft.parts:
            if part.person is not None and part.person.id == person.id:
                asked = visits.form_of(part.person, draft.household, draft.on) is not None
                part.seen = asked and (there or bool(part.referral))
        self._survey.look()
        self._keeper.touch()
        self._draw()

    def set_wording(self, code: str) -> None:
        """Word every question in this language."""
        for part in self._draft.parts:
            part.session.set_language(code)
        if self._draft.danger is not None:
            self._draft.danger.session.set_language(code)
        self._survey.look()

    def next_wording(self) -> str:
        """The questions in the next language; the program keeps its own. Returns the code."""
        codes, now = list(LANGUAGES), self._draft.parts[0].session.language
        code = codes[(codes.index(now) + 1) % len(codes)] if now in codes else codes[0]
        self.set_wording(code)
        self._keeper.touch()
        self._draw()
        return code


def hear_alone(draft: VisitDraft, alone: str, *, now: datetime) -> None:
    """Private questions come and go, in the pages and in "Danger now"."""
    for part in draft.parts:
        part.hear_alone(alone, now=now)
    if draft.danger is not None:
        draft.danger.hear_alone(alone, now=now)


def child_for_family(draft: VisitDraft, part: PartDraft) -> PersonLine | None:
    """Whose page the family may look at: the child in hand, else the first of the visit."""
    people = [p.person for p in (part, *draft.parts) if p.person is not None]
    return next((person for person in people if person.is_child), None)
