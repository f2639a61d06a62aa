"""Danger signs seen or measured on the pages of a visit: which have their referral, and which are new and urgent."""

from collections.abc import Iterable

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.measurement import Answer
from healthvisit.forms.views import Question
from healthvisit.packs.pack import Pace, Pack
from healthvisit.services import signing
from healthvisit.services.visit_draft import SIGN, PartDraft, VisitDraft
from healthvisit.ui.visit.steps import by_field


def open_signs(questions: Iterable[Question]) -> list[Question]:
    """Those of a page that ask for a sign and were not answered; private questions are asked by themselves."""
    return [
        q for q in questions if q.field and q.field.startswith(SIGN) and not q.value and "private" not in q.appearance
    ]


class Signs:
    """Knows which urgent signs of a visit already turned to "Danger now"."""

    def __init__(self, draft: VisitDraft, pack: Pack) -> None:
        self._draft, self._pack = draft, pack
        self._turned = {part.id: set(part.covered) for part in draft.parts}

    def of(self, part: PartDraft) -> tuple[str, ...]:
        """Codes of the signs of a part."""
        try:
            return signing.positive_signs(self._pack, part.answers(), on=self._draft.on)
        except HealthvisitError:  # a slip in a number must not silence a sign that was seen
            seen = by_field(part, "danger").items()
            return tuple(f.removeprefix(SIGN) for f, q in seen if f.startswith(SIGN) and q.value == Answer.YES)

    def waiting(self) -> list[PartDraft]:
        """The parts with a sign that stands in no referral yet."""
        return [part for part in self._draft.seen if not set(self.of(part)) <= set(part.covered)]

    def turns(self, part: PartDraft) -> bool:
        """Whether an urgent sign of a part is new; it is new once."""
        now = {code for code in self.of(part) if self._pack.danger(code).urgency is Pace.NOW}
        new = now - self._turned[part.id] - set(part.covered)
        self._turned[part.id] |= new
        return bool(new)
