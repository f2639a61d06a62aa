"""How a visit ends: it is signed, or its draft is thrown away. After either the draft does not come back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from healthvisit.packs.pack import Pack
from healthvisit.services import signing, visits
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui.visit.keeper import DraftKeeper, Run
from healthvisit.ui.visit.screen import Clock, Screen


class Ending:
    """Signs once, however often it is asked to; where it fails the draft is kept again."""

    def __init__(
        self,
        draft: VisitDraft,
        keeper: DraftKeeper,
        *,
        pack: Pack,
        clock: Clock,
        clock_marked: bool,
        run: Run,
        screen: Screen,
    ) -> None:
        self._draft, self._keeper, self._pack, self._run, self._screen = draft, keeper, pack, run, screen
        self._clock, self._clock_marked = clock, clock_marked
        self.is_signing = False

    def sign(self, again: Callable[[], object]) -> None:
        """Sign what stands in the draft; `again` is offered where it cannot be saved."""
        if self.is_signing:
            return
        self.is_signing = True
        self._keeper.end()
        answers, today, pack, marked = self._draft.answers(), self._clock.today(), self._pack, self._clock_marked
        self._run(
            lambda work: signing.sign_visit(work, pack, answers, today=today, clock_marked=marked),
            done=self._screen.show_signed,
            failed=partial(self._not_ended, again),
        )

    def drop(self, done: Callable[[Any], object]) -> None:
        """Throw the draft away."""
        self._keeper.end()
        draft = self._draft.id
        self._run(
            lambda work: visits.drop_draft(work, draft), done=done,
            failed=partial(self._not_ended, partial(self.drop, done)),
        )  # fmt: skip

    def _not_ended(self, again: Callable[[], object], error: BaseException) -> None:
        self.is_signing = False
        self._keeper.go_on()
        self._screen.show_error(error, again)
