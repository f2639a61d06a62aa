"""More pictures of a visit: what numbers mean, mistakes, ways of "Danger now", what was signed, corrected, moved."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from healthvisit import growth
from healthvisit.domain.visit import Visit
from healthvisit.practice.hands import Hands
from healthvisit.services import amending
from healthvisit.services.amending import SignedVisit
from healthvisit.services.dangers import Raised
from healthvisit.ui.visit.screen import Problem

Show = Callable[[], object]
MEASURES: tuple[growth.ChartIndicator, ...] = ("weight_for_age", "length_for_age", "head_for_age")
FIELDS = ("weight_g", "length_mm", "posture", "head_mm", "oedema")
AS_EXPECTED, TEN_TIMES, A_THIRD, IN_GRAMS = 1.05, 10, 0.3, 1000


class VisitPictures:
    """Shows one state after the other in the real pages; nothing of it is signed or sealed."""

    def __init__(self, hands: Hands, visit: str, open_at: Callable[[str], Show]) -> None:
        self._hands, self._visit, self._open_at = hands, visit, open_at
        self._page, self._read_page = hands.house.visit_page, hands.house.signed_page

    def all(self) -> dict[str, Show]:
        """Name to what shows it."""
        return {
            "visit-growth-typed": partial(self._numbers, AS_EXPECTED),
            "visit-growth-slip": partial(self._numbers, TEN_TIMES),
            "visit-growth-flagged": partial(self._numbers, A_THIRD),
            "visit-growth-limit": self._limit,
            "visit-errors": self._mistakes,
            "visit-danger-way": self._way,
            "visit-danger-refused": self._refused,
            "visit-danger-note": self._note,
            "visit-done": self._done,
            "signed-corrected": partial(self._read, lambda held: replace(held, replaced_by=held.visit.id)),
            "signed-correction": partial(self._read, _corrected),
            "signed-void": partial(
                self._read,
                lambda held: replace(held, void=True, replaced_by=held.visit.id, moved_to=held.household),
            ),
            "wrong-child": self._wrong_child,
        }

    def _numbers(self, times: float) -> None:
        """`times` what is usual at this age on the scales; length and head as usual."""
        self._open_at("growth")()
        part = self._page.presenter.part
        age = part.facts.age_days(self._page.presenter.draft.on)
        weight, length, head = (
            growth.curve(name, part.facts.sex, (0,), age, age + 1, 1)[0].points[0][1] for name in MEASURES
        )
        typed = {"weight_g": f"{weight * times:.2f}", "length_mm": f"{length - 1:.1f}", "head_mm": f"{head:.1f}"}
        self._answer({f: text.replace(".", ",") for f, text in typed.items()} | {"posture": "h", "oedema": "no"})

    def _answer(self, answers: dict[str, str]) -> None:
        presenter = self._page.presenter
        for field in FIELDS:
            path = next((q.path for q in presenter.questions() if q.field == field), None)
            if path is not None:
                presenter.answer(path, answers.get(field, ""))

    def _limit(self) -> None:
        """Typed in grams: no person weighs that much."""
        self._numbers(IN_GRAMS)
        self._page.presenter.go_on()

    def _mistakes(self) -> None:
        self._open_at("growth")()
        self._answer({})
        self._page.presenter.go_on()

    def _way(self) -> None:
        self._page.turn_to_danger(next(p for p in self._page.presenter.draft.parts if p.person is not None))
        asked = self._page.danger.presenter
        signs = next((q for q in asked.questions() if q.field == "signs"), None)
        if signs is not None:
            asked.answer(signs.path, " ".join(key for key, _text in signs.choices[2:4]))
            asked.go_on()
        self._page._fit_bar()  # noqa: SLF001 -- as the main deed does

    def _refused(self) -> None:
        self._way()
        asked = self._page.danger.presenter
        asked.answer(next(q.path for q in asked.questions() if q.field == "agrees"), "no")
        missing = [Problem(q.path, q.required_message, q.label) for q in asked.questions() if q.violation]
        self._page.danger.show_problems(missing)

    def _note(self) -> None:
        self._way()
        pane = self._page.danger
        at = self._hands.house.desk.now()
        pane.show_raised(
            Raised(screen="", referral="", code="7KM2QX", at=at, covered=pane.presenter.signs()), pane.presenter.now()
        )
        self._page.presenter.draft.danger = None
        self._page._fit_bar()  # noqa: SLF001 -- as the main deed does

    def _signed(self) -> Any:
        desk = self._hands.house.desk
        return self._hands.at_store(lambda work: amending.signed(work, desk.pack, self._visit, today=desk.today()))

    def _done(self) -> None:
        self._open_at("check")()
        self._page.show_signed(self._signed().visit)

    def _read(self, change: Callable[[SignedVisit], SignedVisit]) -> None:
        self._hands.house.read_visit(self._visit)
        self._hands.settle()
        self._read_page._draw(change(self._signed()))  # noqa: SLF001 -- as when it is read

    def _wrong_child(self) -> None:
        self._hands.house.read_visit(self._visit)
        self._hands.settle()
        page = self._read_page
        page.begin_moving()
        page.search.set_text("myr")
        page._find()  # noqa: SLF001 -- as after the third letter
        self._hands.settle()
        page._choose(page.list.current_key())  # noqa: SLF001 -- as Enter does


def _corrected(held: SignedVisit) -> SignedVisit:
    """As if what was agreed had been corrected."""
    visit: Visit = held.visit
    entries = tuple(
        replace(e, fields={**e.fields, "agreed": "Suw"}) if e.kind == "agreement" else e for e in visit.family.entries
    )
    before = replace(visit, family=replace(visit.family, entries=entries))
    return replace(held, visit=replace(visit, amends=visit.id, reason="typed_wrong"), before=before)
