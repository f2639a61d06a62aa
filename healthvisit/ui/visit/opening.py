"""How a visit comes to a screen: begun, gone on with, corrected, or a paper sheet; read whole on the vault lane."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QObject

from healthvisit.domain.visit import Source, VisitPart
from healthvisit.services import amending, visits
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui.desk import Deed, Desk
from healthvisit.ui.form.attachments import Seen
from healthvisit.ui.i18n import language
from healthvisit.ui.visit.files import seen_in
from healthvisit.ui.visit.meanwhile import standings_in
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Screen


class Opened(NamedTuple):
    """A draft, the parts of the visit that it corrects, and the files that its answers name."""

    draft: VisitDraft
    before: tuple[VisitPart, ...]
    seen: Mapping[str, Seen]


def new_visit(desk: Desk, household: str, unplanned: str | None) -> Deed[Opened]:
    """Begin a visit; a draft of this family that is not signed is gone on with instead."""
    code = wording(desk)

    def deed(work: Any) -> Opened:
        held = visits.draft_of(work, household)
        if held is not None:
            return _whole(work, visits.resume(work, desk.pack, desk.forms, held, language=code))
        begun = visits.begin(
            work, desk.pack, desk.forms, household, on=desk.today(), language=code, unplanned=unplanned
        )
        return _whole(work, begun)

    return deed


def kept_visit(desk: Desk, draft: str) -> Deed[Opened]:
    """Go on where a draft stood."""
    code = wording(desk)

    def deed(work: Any) -> Opened:
        held = visits.resume(work, desk.pack, desk.forms, draft, language=code)
        return _whole(work, held, amending.parts_before(work, held.amends))

    return deed


def correction(desk: Desk, visit: str) -> Deed[Opened]:
    """Open a signed visit for correction."""
    code = wording(desk)

    def deed(work: Any) -> Opened:
        begun = amending.begin_amending(work, desk.pack, desk.forms, visit, language=code)
        return _whole(work, begun, amending.parts_before(work, begun.amends))

    return deed


def sheet_of(desk: Desk, household: str, on: date) -> Deed[VisitDraft]:
    """A paper sheet of a day: the one half typed in, or a new one."""
    code = wording(desk)

    def deed(work: Any) -> VisitDraft:
        held = visits.draft_of(work, household, source=Source.PAPER, on=on)
        if held is not None:
            return visits.resume(work, desk.pack, desk.forms, held, language=code)
        return visits.begin(work, desk.pack, desk.forms, household, on=on, language=code, source=Source.PAPER)

    return deed


def kept_sheet(desk: Desk, draft: str) -> Deed[VisitDraft]:
    """Go on with a sheet that was half typed in."""
    code = wording(desk)
    return lambda work: visits.resume(work, desk.pack, desk.forms, draft, language=code)


def wording(desk: Desk) -> str:
    """The language in which is asked."""
    return desk.preferences.wording_language or language()


def _whole(work: Any, draft: VisitDraft, before: tuple[VisitPart, ...] = ()) -> Opened:
    draft.development = standings_in(draft)(work)
    return Opened(draft, before, seen_in(work, draft))


class VisitScreen(Screen, Protocol):
    """A page that shows one visit at a time."""

    presenter: VisitPresenter | None


def presenter_over(desk: Desk, draft: VisitDraft, screen: VisitScreen, owner: QObject) -> VisitPresenter:
    """The presenter of a draft; `owner` is the page. What is saved of a visit that was left says nothing there."""

    def run(
        deed: Callable[[Any], Any], *, done: Callable[[Any], object], failed: Callable[[BaseException], object]
    ) -> None:
        def mine(report: Callable[[Any], object], value: Any) -> None:
            if screen.presenter is made:
                report(value)

        desk.save(deed, done=partial(mine, done), failed=partial(mine, failed), owner=owner)

    made = VisitPresenter(
        draft, pack=desk.pack, clock=desk.clock, screen=screen, run=run, clock_marked=desk.clock_marked
    )
    return made
