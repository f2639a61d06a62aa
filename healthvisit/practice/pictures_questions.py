"""Pictures of what an instrument asks and finds, of an adult, and of development in a visit; nothing of it is saved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from healthvisit.domain.development import Assessment, DevelopmentCheck, KeyScore
from healthvisit.domain.household import Role
from healthvisit.domain.ids import HouseholdId, PersonId, derived_id
from healthvisit.domain.person import PersonKind
from healthvisit.practice.hands import Hands
from healthvisit.practice.pictures_development import choose_tool
from healthvisit.services import caseload
from healthvisit.services.development_visit import Standing
from healthvisit.services.lines import PersonLine
from healthvisit.store import checks
from healthvisit.store.checks import OpenReferral
from healthvisit.ui.development.adult_view import Found

Show = Callable[[], object]
D_SCORES = 4
SURVEY = "ecdi2030"
SURVEY_DAYS = range(24 * 31, 59 * 30)
LATER = 14  # days
POINTS = ((420, "38.4", "-0.31", 31), (240, "29.7", "0.12", 28), (120, "17.9", None, 4))
"""Age in days, D, z, answers of invented D-scores, the newest first."""


class QuestionPictures:
    """Shows one state after the other in the real pages; what was begun is thrown away."""

    def __init__(self, hands: Hands, subject: dict[str, str], open_at: Callable[[str], Show]) -> None:
        self._hands, self._house, self._subject, self._open_at = hands, hands.house, subject, open_at
        self._today = hands.house.desk.today()
        self._mother, self._of_survey, self._check = hands.at_store(self._found)

    def all(self) -> dict[str, Show]:
        """Name to what shows it."""
        return {
            "adult-results": self._results,
            "ask-gate": self._gate,
            "ask-questions": self._questions,
            "ask-result": self._answered,
            "development-dscore": self._dscore,
            "result-survey": partial(choose_tool, self._hands, self._of_survey, SURVEY),
            "visit-alone": self._alone,
            "visit-follow": self._follow,
            "visit-check-development": self._said_at_the_end,
        }

    def _found(self, work: Any) -> tuple[str, str, DevelopmentCheck]:
        """A mother, a child old enough for a survey's form, and a check after which somebody looks again."""
        desk, mother, child = self._house.desk, "", ""
        held: list[DevelopmentCheck] = []
        for line in caseload.families(work, desk.pack, today=desk.today()):
            mother = mother or next((p.id for p in line.persons if p.role == Role.MOTHER and p.died_on is None), "")
            for one in (p for p in line.children if p.died_on is None):
                held += checks.checks_of(work, one.id)
                age = (desk.today() - one.born_on).days if one.born_on else 0
                child = child or (one.id if age in SURVEY_DAYS else "")
        return mother, child, max(held, key=lambda check: (len(check.reasons), check.on))

    # an adult

    def _results(self) -> None:
        self._house.adult(self._mother)
        self._hands.settle()
        first, second = self._result("positive", 5), self._result("negative", 1)
        second = replace(second, on=self._today - timedelta(days=120), follow_up_on=None)
        task = (derived_id("picture", "task"), self._today + timedelta(days=LATER))
        found = Found(results=((first, False), (second, False)), follow_ups=(task,))
        self._house.adult_page.show_found(found)

    def _result(self, status: str, total: int) -> Assessment:
        return Assessment(
            id=derived_id("picture", status), person=self._mother, household=HouseholdId(self._subject["family"]),
            worker=self._check.worker, on=self._today, made_at=self._house.desk.now(), pack="", tool="phq2",
            version="1", status=status, total=Decimal(total), assessor=self._house.desk.worker_label,
            follow_up_on=self._today + timedelta(days=LATER),
        )  # fmt: skip

    # questions

    def _gate(self) -> None:
        page = self._house.ask_page
        self._house.ask(self._mother)
        self._hands.until("questions to look at", lambda: page.presenter.draft is not None)

    def _questions(self) -> None:
        self._gate()
        page = self._house.ask_page
        page.gate.asked.choose("yes")
        page.gate.asked.changed.emit()
        first, *more = page.rows.rows
        page.presenter.answer(first, page.rows.rows[first].asked.choices[1][0], more[0])
        page.show_form()

    def _answered(self) -> None:
        page = self._house.ask_page
        page.presenter.flush()
        page.presenter.done = self._result("positive", 4)
        page.show_done(page.presenter.done)
        self._hands.settle()
        page.presenter.done = None
        page.presenter.throw_away()

    def _dscore(self) -> None:
        self._house.child(self._of_survey, "development")
        self._hands.settle()
        pane = self._house.child_page.development
        key = self._house.desk.library.keys[0]
        made = tuple(self._scored(pane.presenter.view.facts.person, key, *point) for point in POINTS)
        pane.presenter.results_ever = tuple((one, False) for one in made)
        pane.show_view()
        pane.panes.show_right()
        pane.tabs.setCurrentIndex(D_SCORES)

    def _scored(self, person: PersonLine, key: Any, days: int, d: str, z: str | None, answers: int) -> Assessment:
        tool = next(one for one in self._house.desk.library.instruments if one.key is not None)
        score = KeyScore(
            key=key.edition.name, reference=None, engine="1", d=Decimal(d), sem=Decimal("1.2"),
            daz=None if z is None else Decimal(z), n=answers, age_days=days,
        )  # fmt: skip
        return replace(
            self._result("recorded", 0), id=derived_id("picture", d), person=PersonId(person.id), tool=tool.code,
            dscore=score, on=(person.born_on or self._today) + timedelta(days=days), follow_up_on=None,
        )  # fmt: skip

    # in a visit

    def _alone(self) -> None:
        """Others hear nothing: the private questions stand among the sections."""
        self._open_at("setting")()
        presenter = self._house.visit_page.presenter
        presenter.answer(next(q.path for q in presenter.questions() if q.field == "alone"), "yes")

    def _stand(self, standing: Standing) -> Any:
        """Let the first child of the visit stand like this."""
        self._open_at("agreement")()
        presenter = self._house.visit_page.presenter
        child = next(p.person for p in presenter.draft.seen if p.person and p.person.kind is PersonKind.CHILD)
        presenter.take_development({**presenter.draft.development, child.id: standing})
        return presenter

    def _follow(self) -> None:
        sent = OpenReferral(id="picture", made_on=self._today - timedelta(days=LATER), due_on=self._today)
        presenter = self._stand(Standing(is_due=True, referral=sent))
        presenter.go_on()

    def _said_at_the_end(self) -> None:
        made = replace(self._check, visit=self._house.visit_page.presenter.draft.id, on=self._today)
        self._stand(Standing(made=made)).pick("check")
