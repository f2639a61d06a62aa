"""Pictures of development: the part of the child's page for a term and a preterm child, the check, a result entered."""

from collections.abc import Callable
from functools import partial
from typing import Any

from healthvisit.practice.hands import Hands
from healthvisit.services import caseload
from healthvisit.services.development import checks_pack
from healthvisit.services.development_view import development_view
from healthvisit.ui.development.check_presenter import SIGNS, SKILLS

Show = Callable[[], object]
MOVEMENT, HISTORY, CHECKS = range(3)
HALF = ("yes", "not_yet", "sometimes", "not_yet", "yes")


class DevelopmentPictures:
    """Shows one state after the other in the real pages; no check is saved, and what was begun is thrown away."""

    def __init__(self, hands: Hands) -> None:
        self._hands, self._house = hands, hands.house
        self._term, self._preterm = hands.at_store(self._children)

    def all(self) -> dict[str, Show]:
        """Name to what shows it."""
        return {
            "development": partial(self._tab, self._term, MOVEMENT),
            "development-skills": partial(self._tab, self._term, HISTORY),
            "development-checks": partial(self._tab, self._term, CHECKS),
            "development-preterm": partial(self._tab, self._preterm, MOVEMENT),
            "check": self._check,
            "check-half": self._half,
            "today-check-begun": self._on_today,
            "check-red": self._red,
            "result": self._result,
            "result-numbers": self._numbers,
        }

    def _children(self, work: Any) -> tuple[str, str]:
        """A child born at term and one born early, each with the longest history there is."""
        desk, pack = self._house.desk, checks_pack()
        best: dict[bool, tuple[int, str]] = {}
        for line in caseload.families(work, desk.pack, today=desk.today()):
            for person in (p for p in line.children if p.died_on is None and line.moved_on is None):
                view = development_view(work, pack, person.id, today=desk.today())
                reference, age = view.facts.reference_days(desk.today()), view.facts.age_days(desk.today())
                rank = len(view.facts.checks) + (view.again_on is not None)
                best[reference != age] = max(best.get(reference != age, (-1, "")), (rank, person.id))
        term = best[False][1]
        return term, best.get(True, (0, term))[1]

    def _tab(self, person: str, page: int) -> None:
        self._house.child(person, "development")
        self._hands.settle()
        self._house.child_page.development.tabs.setCurrentIndex(page)

    def _check(self) -> None:
        page = self._house.check_page
        page.presenter.person = self._term
        page.presenter.throw_away()
        self._house.start_check(self._term)
        self._hands.until("a check to look at", lambda: page.presenter.draft is not None)

    def _half(self) -> None:
        self._check()
        page = self._house.check_page
        codes = list(page.lists[SKILLS].rows)
        for code, key in zip(codes, HALF, strict=False):
            page.presenter.answer(SKILLS, code, key, codes[len(HALF)])
        page.show_check()
        page.lists[SKILLS].stand_on(codes[len(HALF)])

    def _on_today(self) -> None:
        facts = self._house.check_page.presenter.facts
        self._house.today()
        self._hands.settle()
        self._house.today_page.rows.choose(facts.household.id)

    def _red(self) -> None:
        self._check()
        page = self._house.check_page
        for code in page.lists[SKILLS].rows:
            page.presenter.answer(SKILLS, code, "yes", "seizures")
        page.presenter.answer(SIGNS, "seizures", "yes", "no_reaction_to_sound")
        page.show_check()
        page.show_page(SIGNS)

    def _result(self) -> None:
        self._house.check_page.presenter.throw_away()
        choose_tool(self._hands, self._term, "asq3")

    def _numbers(self) -> None:
        choose_tool(self._hands, self._term, "mchat_r")


def choose_tool(hands: Hands, person: str, tool: str) -> None:
    """The page of a result, with a tool chosen."""
    page = hands.house.result_page
    hands.house.enter_result(person)
    hands.settle()
    at = page.which.findData(tool)
    page.which.setCurrentIndex(at)
    page.which.activated.emit(at)
