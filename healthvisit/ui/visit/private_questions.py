"""An instrument's private questions among the sections of a visit: there only while the two can talk alone.

The section says "Questions" and no more; the page behind it asks once again whether they are alone. Texts only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from healthvisit.domain.household import Role
from healthvisit.domain.person import PersonKind
from healthvisit.packs.library import Library
from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui.widgets.sections import State

KEY, ALONE = "asked/", "yes"


def key_of(person: str) -> str:
    """The key of an adult's questions in the list of sections."""
    return f"{KEY}{person}"


def person_of(key: str) -> str:
    """Whose questions a key of that list means; empty for any other section."""
    return key.removeprefix(KEY) if key.startswith(KEY) else ""


@dataclass(slots=True, kw_only=True)
class PrivateQuestions:
    """`due_at` are the visits at which a pack wants them asked, `asked` the adults asked on the day of this visit."""

    due_at: frozenset[str]
    asked: frozenset[str] = field(default=frozenset(), repr=False)

    def offered(self, draft: VisitDraft, alone: str) -> list[tuple[PersonLine, State]]:
        """The mother and other adults seen, with how their questions stand; nobody while others can hear."""
        if alone != ALONE:
            return []
        is_due = any(part.code in self.due_at for part in draft.seen)
        return [(person, self._state(person.id, is_due=is_due)) for person in askable(draft)]

    def _state(self, person: str, *, is_due: bool) -> State:
        return "done" if person in self.asked else "todo" if is_due else "not_today"


def askable(draft: VisitDraft) -> list[PersonLine]:
    """The mother of the household, with or without a part of her own, and other adults seen."""
    seen = {part.person.id for part in draft.seen if part.person is not None}
    adults = (p for p in draft.household.persons if p.kind is PersonKind.ADULT and p.died_on is None)
    return [person for person in adults if person.role == Role.MOTHER or person.id in seen]


def private_questions(known: Library, asked: Iterable[str]) -> PrivateQuestions | None:
    """What a visit offers; None where no pack has questions for an adult."""
    own = [one for one in known.instruments if one.about == "carer" and one.wording == "full"]
    if not own:
        return None
    return PrivateQuestions(due_at=frozenset(code for one in own for code in one.at_visits), asked=frozenset(asked))
