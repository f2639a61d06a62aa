"""Pictures of every screen: in the three languages, at 125 %, dark, and with larger text; and of the papers."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from healthvisit.app import Program, look
from healthvisit.practice.hands import Hands
from healthvisit.practice.pictures_development import DevelopmentPictures
from healthvisit.practice.pictures_questions import QuestionPictures
from healthvisit.practice.pictures_visit import VisitPictures
from healthvisit.services.attention import AttentionCard, FieldConflict, Value
from healthvisit.settings import Language, Paths, Preferences, TextPercent, Theme
from healthvisit.ui.desk import SyncState
from healthvisit.ui.first_run.presenter import Page
from healthvisit.ui.visit.panes import WORK

FULL, SMALL = (1366, 696), (1093, 557)  # what 1366×768 leaves of its own, and the same at 125 %


@dataclass(frozen=True, slots=True)
class Look:
    """One way to see every screen; `name` begins the pictures' names."""

    name: str
    language: Language
    size: tuple[int, int] = FULL
    theme: Theme = "light"
    text_percent: TextPercent = 100


LOOKS = (
    Look("tk", "tk"),
    Look("ru", "ru"),
    Look("en", "en"),
    Look("tk-125", "tk", SMALL),
    Look("ru-125", "ru", SMALL),
    Look("tk-dark", "tk", theme="dark"),
    Look("ru-large", "ru", text_percent=130),
)


def looks() -> tuple[Look, ...]:
    """All of them; only the first where a test asks for few."""
    return LOOKS[:1] if os.environ.get("HEALTHVISIT_TOUR_PICTURES") == "few" else LOOKS


def before_the_door(app: QApplication, directory: Path, folder: Path) -> list[str]:
    """First run, page by page, and an empty Today after it; in each language."""
    made: list[str] = []
    for language in dict.fromkeys(seen.language for seen in looks()):
        paths = Paths.under(folder / language)
        Preferences(language=language, print_language=language, theme="light").save(paths.preferences)
        program = Program(app, paths)
        program.start()
        hands = Hands(app, program)
        made += _first_run(hands, language, directory)
        hands.wait_for_today()
        for name in ("today", "families", "sync"):
            getattr(program.house, name)()
            hands.settle()
            made.append(_taken(hands, program.house.frame, directory, f"{language}-empty-{name}"))
        program.house.frame.hide()
        program.end()
    return made


def _first_run(hands: Hands, language: str, directory: Path) -> list[str]:
    """What a worker does on her first evening, page by page."""
    window = hands.program.window
    presenter = hands.program.first_run._presenter  # noqa: SLF001 -- the pages' own way on

    def taken(page: Page) -> str:
        return _taken(hands, window, directory, f"{language}-first-run-{page.value}")

    made = [taken(Page.LANGUAGE)]
    presenter.choose_language(language)
    presenter.next()
    made.append(taken(Page.PURPOSE))
    presenter.choose_purpose(practice=False)
    presenter.next()
    made.append(taken(Page.PASSPHRASE))
    presenter.next(phrase=presenter.phrase, again=presenter.phrase, label="W-03")
    made.append(taken(Page.HELP))
    presenter.next()
    made.append(taken(Page.JOIN))
    presenter.finish(None)
    return made


def of_the_house(hands: Hands, directory: Path) -> list[str]:
    """Every page behind the passphrase, in every look; an open visit among them."""
    made: list[str] = []
    house = hands.house
    subject = _subject(hands)
    kept: Preferences = house.desk.preferences
    for seen in looks():
        chosen = replace(
            kept, language=seen.language, theme=seen.theme, text_percent=seen.text_percent,
            wording_language=None, print_language=seen.language,
        )  # fmt: skip
        house.desk.preferences = chosen
        look(hands.app, chosen)
        house.frame.resize(*seen.size)
        stands = house.desk.sync
        hands.settle()
        for name, show in _places(hands, subject).items():
            house.show_sync(stands)  # in the language now chosen, and not as a picture before played it
            show()
            hands.settle()
            made.append(_taken(hands, house.frame, directory, f"{seen.name}-{name}"))
        house.show_sync(stands)
        house.frame.cover_now()
        made.append(_taken(hands, house.frame, directory, f"{seen.name}-locked"))
        house.frame.uncover()
    house.desk.preferences = kept
    look(hands.app, kept)
    house.frame.resize(*FULL)
    house.today()
    hands.settle()
    return made


def _subject(hands: Hands) -> dict[str, str]:
    """Ids of what the pictures show: a family with children, a child with a history, a signed visit."""
    from healthvisit.services import caseload

    desk = hands.house.desk

    def deed(work: Any) -> dict[str, str]:
        today = desk.today()
        best: dict[str, str] = {}
        most = -1
        for line in caseload.families(work, desk.pack, today=today):
            view = caseload.family_view(work, desk.pack, line.id, today=today)
            if view is None or not view.timeline:
                continue
            child, points = max(view.growth.items(), key=lambda pair: len(pair[1]), default=("", ()))
            if child and len(points) > most and not any(p.died_on for p in line.persons):
                most = len(points)
                best = {"family": line.id, "child": child, "visit": view.timeline[0].id}
        return best

    found: dict[str, str] = hands.at_store(deed)
    return found


def _places(hands: Hands, subject: dict[str, str]) -> dict[str, Callable[[], object]]:
    house = hands.house
    page = house.visit_page

    def in_visit(step: str) -> Callable[[], None]:
        def show() -> None:
            if house.frame.page() != "visit" or page.presenter is None or page.signed_id:
                house.start_visit(subject["family"])
                hands.until("a visit to look at", lambda: page.presenter is not None)
                hands.settle()
            presenter = page.presenter
            keys = [s.key for s in presenter.steps if s.name == step]
            page.stack.setCurrentIndex(WORK)
            presenter.setting.set_wording(house.desk.preferences.language)
            presenter.pick(keys[0] if keys else "check")

        return show

    def danger() -> None:
        in_visit("growth")()
        page.turn_to_danger(next(p for p in page.presenter.draft.parts if p.person is not None))

    def attention() -> None:
        house.sync()
        hands.settle()
        house.sync_page.show_cards(_cards(subject))

    def trouble(state: SyncState) -> Callable[[], None]:
        def show() -> None:
            house.sync()
            hands.settle()
            house.sync_page.show_cards([])
            house.show_sync(state)  # page, status line and badge say the same
            house.sync_page.show_state(state, 20, house.desk.now() + timedelta(minutes=16))

        return show

    def not_possible() -> None:
        house.today()
        hands.settle()
        house.today_page.ask_why_not()

    def to_do() -> None:
        house.today_page._end_not_possible()  # noqa: SLF001 -- as Cancel does
        house.family(subject["family"])
        hands.settle()
        house.family_page.panes.show_right()
        house.family_page.tabs.setCurrentIndex(1)

    return {
        "today": house.today,
        "not-possible": not_possible,
        "family-to-do": to_do,
        "families": house.families,
        "search": lambda: house.families("myr"),
        "nothing-found": lambda: house.families("zzzz"),
        "family": lambda: house.family(subject["family"]),
        "child": lambda: house.child(subject["child"]),
        "new-family": house.new_family,
        "new-family-where": lambda: house.new_family_page._show_page(1),  # noqa: SLF001 -- as Continue does
        "new-family-birth": lambda: house.new_family_page._show_page(2),  # noqa: SLF001
        "add-children": lambda: house.add_children(subject["family"]),
        "signed-visit": lambda: house.read_visit(subject["visit"]),
        "paper": house.from_paper,
        "sync": house.sync,
        "sync-attention": attention,
        **{f"sync-{name}": trouble(state) for name, state in _troubles(house.desk.sync).items()},
        "settings": lambda: house.frame.show_page("settings"),
        "visit-setting": in_visit("setting"),
        "visit-danger-signs": in_visit("danger"),
        "visit-growth": in_visit("growth"),
        "visit-agreement": in_visit("agreement"),
        "visit-check": in_visit("check"),
        "visit-danger-now": danger,
        **DevelopmentPictures(hands).all(),
        **QuestionPictures(hands, subject, in_visit).all(),
        **VisitPictures(hands, subject["visit"], in_visit).all(),
        "show-to-family": lambda: house.show_to_family(subject["child"]),
    }


def _troubles(state: SyncState) -> dict[str, SyncState]:
    """How an exchange may stand or end."""
    quiet = replace(state, running=None, trouble=None, trouble_details=None)
    return {
        "sending": replace(quiet, running=(12, 45)),
        "stopped": replace(quiet, trouble="sync.stopped", trouble_details={"sent": 12, "waiting": 33}),
        "busy": replace(quiet, trouble="office.busy", trouble_details={"retry_after_s": 960}),
        "login-page": replace(quiet, trouble="office.captive_portal"),
        "wrong-certificate": replace(quiet, trouble="office.wrong_certificate"),
        "not-joined": replace(quiet, joined=False),
    }


def _cards(subject: dict[str, str]) -> list[AttentionCard]:
    """Two answers to one question, and a visit the office did not accept."""
    on = date(2026, 11, 4)
    phones = tuple(
        Value(choice=number, value=[{"number": number}], is_mine=mine, at=datetime(2026, 11, 4, 9, tzinfo=UTC))
        for number, mine in (("+993 65 12 34 56", True), ("+993 64 77 00 11", False))
    )
    two = FieldConflict(name="phones", values=phones)
    asks = AttentionCard(
        code="conflict", kind="household", record="a", family="Orazow", household=subject["family"], conflicts=(two,),
    )  # fmt: skip
    refused = AttentionCard(
        code="visit.before_birth", kind="visit", record="b", family="Orazow", on=on, visit=subject["visit"],
    )  # fmt: skip
    return [asks, refused]


def _taken(hands: Hands, widget: Any, directory: Path, name: str) -> str:
    hands.app.processEvents()
    hands.picture(widget, directory / f"{name}.png")
    return f"{name}.png"
