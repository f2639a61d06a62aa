"""What papers are made from: reads on the vault lane, and the choice of letters on the main thread."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from healthvisit.packs.pack import Pack
from healthvisit.services import caseload
from healthvisit.services.caseload import ChildView, FamilyView
from healthvisit.services.visits import AFTER_BIRTH_DAYS
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import borrowed
from healthvisit.ui.papers.day_list import day_list
from healthvisit.ui.papers.family_sheet import family_sheet
from healthvisit.ui.papers.growth_page import growth_page
from healthvisit.ui.papers.visit_sheet import visit_sheet
from healthvisit.ui.printing import Letter

Papers = list[tuple[str, Letter]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One household as papers need it."""

    family: FamilyView = field(repr=False)
    children: tuple[ChildView, ...] = field(repr=False)


def household_sheets(
    work: Any, pack: Pack, households: tuple[str, ...], *, today: date, wanted: frozenset[str]
) -> tuple[Household, ...]:
    """Read households and, where a sheet needs them, their children. Runs on the vault lane."""
    found = []
    for household in households:
        family = caseload.family_view(work, pack, household, today=today)
        if family is None:
            continue
        children = []
        if wanted & {"sheets", "family", "growth", "growth_a5"}:
            views = (caseload.child_view(work, pack, p.id, today=today) for p in family.household.children)
            children = [view for view in views if view is not None]
        found.append(Household(family=family, children=tuple(children)))
    return tuple(found)


def day_papers(desk: Desk, wanted: frozenset[str], got: tuple[Household, ...], *, only: str = "") -> Papers:
    """What is wanted, in the print language; of one child alone with `only`."""
    made: Papers = []
    with borrowed(desk.preferences.print_language):
        if "list" in wanted:
            lines = [home.family.household for home in got]
            made.append(("day_list", day_list(desk, lines)))
        if "sheets" in wanted:
            made += [("visit_sheet", sheet) for home in got for sheet in _sheets(desk, home)]
        if "blank" in wanted:
            made.append(("visit_sheet", visit_sheet(desk, None, None, None)))
        made += _for_family(desk, wanted, got, only)
    return made


def _sheets(desk: Desk, home: Household) -> list[Letter]:
    line = home.family.household
    views = {view.person.id: view for view in home.children}
    seen = line.due or tuple(p for p in line.children if p.died_on is None) or line.persons[:1]
    mother, born = line.mother, [p.born_on for p in line.children if p.born_on and p.died_on is None]
    if mother is not None and mother not in seen and born and (desk.today() - max(born)).days <= AFTER_BIRTH_DAYS:
        seen += (mother,)  # after a birth she is seen together with her child
    return [visit_sheet(desk, home.family, person, views.get(person.id)) for person in seen]


def _for_family(desk: Desk, wanted: frozenset[str], got: tuple[Household, ...], only: str) -> Papers:
    made: Papers = []
    for home in got:
        for view in (v for v in home.children if only in ("", v.person.id)):
            if "family" in wanted:
                made.append(("family_sheet", family_sheet(desk, home.family, view)))
            if "growth" in wanted:
                made.append(("growth_page", growth_page(desk, view)))
            if "growth_a5" in wanted:
                made.append(("growth_page", growth_page(desk, view, page="A5")))
    return made
