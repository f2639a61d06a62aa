"""The frame of a visit being made: who is there, who can listen, and in which language is asked."""

from datetime import datetime

from healthvisit.domain.ids import PersonId
from healthvisit.services import visits
from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui.i18n import LANGUAGES


def be_there(draft: VisitDraft, person: PersonLine, *, there: bool) -> None:
    """A child who is there is seen, and one who is not has no pages."""
    held = set(draft.present) - {person.id} | ({PersonId(person.id)} if there else set())
    draft.present = [PersonId(p.id) for p in draft.household.persons if p.id in held]
    for part in draft.parts:
        if part.person is not None and part.person.id == person.id:
            asked = visits.form_of(part.person, draft.household, draft.on) is not None
            part.seen = asked and (there or bool(part.referral))


def hear_alone(draft: VisitDraft, alone: str, *, now: datetime) -> None:
    """Private questions come and go, in the pages and in "Danger now"."""
    for part in draft.parts:
        part.hear_alone(alone, now=now)
    if draft.danger is not None:
        draft.danger.hear_alone(alone, now=now)


def word_in(draft: VisitDraft, code: str) -> None:
    """Word every question in a language."""
    for part in draft.parts:
        part.session.set_language(code)
    if draft.danger is not None:
        draft.danger.session.set_language(code)


def next_language(code: str) -> str:
    """The language after this one."""
    codes = list(LANGUAGES)
    return codes[(codes.index(code) + 1) % len(codes)] if code in codes else codes[0]


def child_for_family(draft: VisitDraft, part: PartDraft) -> PersonLine | None:
    """Whose page the family may look at: the child in hand, else the first of the visit."""
    people = [p.person for p in (part, *draft.parts) if p.person is not None]
    return next((person for person in people if person.is_child), None)
