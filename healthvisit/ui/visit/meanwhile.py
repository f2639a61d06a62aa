"""What is done for a visit on pages of their own, development checks and private questions: read again from there."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from healthvisit.services import assessments
from healthvisit.services.check_drafts import InVisit
from healthvisit.services.development import checks_pack
from healthvisit.services.development_visit import Standing, standings
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui.desk import Deed, Desk
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.private_questions import askable, private_questions


def standings_in(draft: VisitDraft) -> Deed[Mapping[str, Standing]]:
    """How the children stand in this visit. A correction asks for no check, and nothing of a doctor again."""
    asked = {p.person.id: p.facts for p in draft.parts if p.person is not None}
    living = () if draft.amends else tuple(p for p in draft.household.children if p.died_on is None)
    children, visit = [(p.id, asked.get(p.id)) for p in living], InVisit(draft.id, draft.on)
    return lambda work: standings(work, checks_pack(), children, visit)


class Meanwhile:
    """Tells a presenter how checks and questions stand by now, as long as it is the one `shown`."""

    def __init__(
        self,
        desk: Desk,
        owner: QObject,
        *,
        shown: Callable[[], VisitPresenter | None],
        failed: Callable[[BaseException], object],
    ) -> None:
        self._desk, self._owner, self._shown, self._failed = desk, owner, shown, failed

    def read_questions(self, presenter: VisitPresenter) -> None:
        """Who was asked today; a correction asks nobody."""
        draft, known = presenter.draft, self._desk.library
        adults = [person.id for person in askable(draft)]

        def take(asked: frozenset[str]) -> None:
            if presenter is self._shown():
                presenter.take_private(private_questions(known, asked))

        if draft.amends is None and adults:
            self._desk.read(
                lambda work: assessments.asked_on(work, adults, draft.on),
                done=take,
                failed=self._failed,
                owner=self._owner,
            )

    def read_checks(self, presenter: VisitPresenter) -> None:
        """How each child stands."""

        def take(found: Mapping[str, Standing]) -> None:
            if presenter is self._shown():
                presenter.take_development(found)

        self._desk.read(standings_in(presenter.draft), done=take, failed=self._failed, owner=self._owner)
