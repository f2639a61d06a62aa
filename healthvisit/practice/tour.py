"""One scripted working day without a screen: real windows, a real office, a second laptop; pictures and `tour.json`.

Everything in `tour.json` is computed from what happened. A step that does not happen makes the command fail.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from healthvisit import growth
from healthvisit.app import Program, make_application
from healthvisit.domain.errors import HealthvisitError
from healthvisit.packs.pack import YOUNG_INFANT_UNTIL_DAYS
from healthvisit.practice import pictures, plaintext
from healthvisit.practice.hands import Hands, TourError
from healthvisit.practice.office import is_built
from healthvisit.practice.prepare import PASSPHRASE, Prepared, practice_canaries, prepare
from healthvisit.services import caseload
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.services.today import today_view
from healthvisit.settings import Paths, Preferences
from healthvisit.store import exchange

AGREED = "Her gün çaga bilen gürleşmeli; aýdym aýdyp bermeli"
HOSPITAL = "Garagum etrap hassahanasy"
COMPANION = "Garry enesi Ogulsona"
DONE_PAGE = 3
_NUMBERS = {"temperature_c10": "36,7", "breaths": "44"}


@dataclass(slots=True)
class Day:
    """What happened on the tour."""

    visits: list[tuple[str, str]] = field(default_factory=list)
    actions: list[int] = field(default_factory=list)
    waiting: int = 0
    delivered: int = 0
    seen: int = 0
    hits: int = -1
    screens: list[str] = field(default_factory=list)


def main(directory: Path) -> int:
    """Run the day; 0 when every step happened and nothing was readable, else 1 with the step's name."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    directory.mkdir(parents=True, exist_ok=True)
    day = Day()
    trouble = ""
    with tempfile.TemporaryDirectory(prefix="healthvisit-tour-") as name:
        try:
            _run(Path(name), directory, day)
        except (TourError, HealthvisitError) as error:
            trouble = str(error)
    ok = not trouble and len(day.visits) == day.delivered == day.seen == len(_KINDS) and day.hits == 0
    told = {
        "visits_signed": len(day.visits),
        "waiting_before_send": day.waiting,
        "delivered": day.delivered,
        "seen_on_second_laptop": day.seen,
        "plaintext_hits": day.hits,
        "actions_per_visit": day.actions,
        "screens": day.screens,
        "ok": ok,
    }
    if trouble:
        told["stopped_at"] = trouble
    text = json.dumps(told, indent=2)
    (directory / "tour.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 0 if ok else 1


def _run(folder: Path, directory: Path, day: Day) -> None:
    temporary = folder / "tmp"
    temporary.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)  # whatever the program writes by itself is searched too
    first, second = Paths.under(folder / "first"), Paths.under(folder / "second")
    app = make_application()
    day.screens += pictures.before_the_door(app, directory, folder / "empty")
    prepared = prepare(folder / "practice", [first, second], today=date.today())  # noqa: DTZ011 -- the local day
    try:
        Preferences(language="tk", print_language="tk", theme="light").save(first.preferences)
        program = Program(app, first, practice=True)
        program.start()
        try:
            hands = Hands(app, program)
            hands.picture(program.window, directory / "unlock.png")
            day.screens.append("unlock.png")
            hands.unlock(PASSPHRASE)
            try:
                _morning(hands, prepared, day)
            except TourError:
                hands.picture(hands.house.frame, directory / "stopped.png")
                raise
            day.screens += pictures.of_the_house(hands, directory)
            canaries = practice_canaries(prepared.made_on) | {AGREED, HOSPITAL, COMPANION} | _typed(hands, day)
            day.hits = plaintext.hits(_written(folder), canaries)
            _evening(hands, prepared, day, directory, folder)
        finally:
            program.end()
        day.hits += plaintext.hits(_written(folder), canaries)
    finally:
        prepared.office.stop()


def _morning(hands: Hands, prepared: Prepared, day: Day) -> None:
    """Three visits; the line is lost before the first is signed."""
    chosen = _choose(hands)
    prepared.office.stop()
    view = hands.house.visit_page
    for kind, line in chosen.items():
        hands.house.today()
        hands.settle()
        hands.house.today_page.rows.choose(line.id)
        hands.actions = 0
        hands.key(Qt.Key.Key_Return)
        hands.until("the visit opens", lambda: view.presenter is not None)
        hands.settle()
        _visit(hands, danger=kind == "danger")
        hands.until("the visit is signed", lambda: view.stack.currentIndex() == DONE_PAGE)
        day.visits.append((line.id, view.signed_id))
        day.actions.append(hands.actions)
        hands.key(Qt.Key.Key_Return, counts=False)
        hands.settle()
    hands.house.send_now()
    hands.until("no line is noticed", lambda: hands.house.desk.sync.trouble is not None)
    hands.settle()
    day.waiting = hands.house.desk.sync.waiting_visits


def _evening(hands: Hands, prepared: Prepared, day: Day, directory: Path, folder: Path) -> None:
    """The line comes back on the same data; everything is delivered; the second laptop sees it."""
    url = prepared.office.start()
    hands.at_store(lambda work: exchange.keep_url(work, url), write=True)
    house = hands.house
    hands.until("an exchange that was on its way", lambda: house.desk.sync.running is None)
    house.send_now()
    hands.until("everything is sent", lambda: house.desk.sync.running is None and house.desk.sync.waiting == 0)
    day.delivered = day.waiting - house.desk.sync.waiting_visits
    picture = directory / "second-laptop.png"
    command = [
        sys.executable, *([] if is_built() else ["-m", "healthvisit"]),
        "--second", str(folder / "second"), url, str(picture),
        *(f"{household}:{visit}" for household, visit in day.visits),
    ]  # fmt: skip
    with (folder / "second.txt").open("w", encoding="utf-8") as errors:
        done = subprocess.run(  # noqa: S603 -- our own program
            command, stdout=subprocess.PIPE, stderr=errors, text=True, check=False, cwd=Path(__file__).parents[2]
        )
    if done.returncode != 0:
        raise TourError("the second laptop")
    day.seen = len(json.loads(done.stdout.splitlines()[-1])["seen"])
    day.screens.append(picture.name)


_KINDS: dict[str, Callable[[HouseholdLine], bool]] = {
    "twins": lambda line: len([p for p in line.due if p.of and p.of > 1]) == 2,  # noqa: PLR2004 -- twins are two
    "two children": lambda line: len(line.due) == 2 and not any(p.of and p.of > 1 for p in line.due),  # noqa: PLR2004
    "danger": lambda line: len(line.due) == 1 and not any(p.pregnant for p in line.persons),
}


def _choose(hands: Hands) -> dict[str, HouseholdLine]:
    """A family with twins, one with two children, one with a child that will have a danger sign."""
    desk = hands.house.desk
    view = hands.at_store(lambda work: today_view(work, desk.pack, today=desk.today()))
    chosen: dict[str, HouseholdLine] = {}
    for kind, fits in _KINDS.items():
        free = (r.line for r in view.rows if r.line and r.draft is None and r.id not in {c.id for c in chosen.values()})
        line = next(filter(fits, free), None)
        if line is None:
            raise TourError(f"a family for {kind}")
        chosen[kind] = line
    return chosen


def _visit(hands: Hands, *, danger: bool) -> None:
    """Answer every page by keys, as a nurse in a hurry does, and sign."""
    view = hands.house.visit_page
    for _ in range(40):
        step = view.presenter.step
        if step is None:
            hands.go_on()
            return
        before = step.key
        if step.name == "setting":
            hands.digit(2)
            hands.go_on()
        elif step.name == "danger" and danger and not view.presenter.part.referral:
            hands.digit(1)
            _danger_now(hands)
            continue
        elif step.name in ("danger", "concerns"):
            hands.digit(0)
            _take_temperature(hands)
            hands.go_on()
        elif step.name == "growth":
            _measure(hands, view.presenter)
            hands.go_on()
        else:
            hands.key(Qt.Key.Key_Return, counts=False)
            _fill_agreement(hands)
            hands.go_on()
        if view.presenter.step is not None and view.presenter.step.key == before and view.stack.currentIndex() == 1:
            hands.go_on()  # a question was asked once (equal numbers of twins, a sign looked for)
            if view.presenter.step is not None and view.presenter.step.key == before and not danger:
                raise TourError(f"page {step.name}")
    raise TourError("the visit's pages")


def _danger_now(hands: Hands) -> None:
    """Ring, where to, who goes along, the family agrees; sealed before anything else."""
    pane = hands.house.visit_page.danger
    hands.until("Danger now", lambda: pane.presenter is not None and not pane.is_note)
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_Return, counts=False)
    hands.type(HOSPITAL)
    hands.type(COMPANION)
    hands.digit(1)
    hands.key(Qt.Key.Key_Return, counts=False)
    hands.digit(1)
    hands.go_on()
    hands.until("the referral is sealed", lambda: pane.is_note)
    hands.go_on()


def _take_temperature(hands: Hands) -> None:
    """Under two months temperature and breaths are asked for, or why they were not taken."""
    presenter = hands.house.visit_page.presenter
    facts = presenter.part.facts
    age = facts.age_days(presenter.draft.on) if facts is not None else None
    if age is None or age >= YOUNG_INFANT_UNTIL_DAYS:
        return
    for question in presenter.questions():
        if question.field in _NUMBERS and not question.value:
            _to(hands, question.path)
            hands.type(_NUMBERS[question.field], enter=False)


def _measure(hands: Hands, presenter: Any) -> None:
    """Weight, length and head near what the child had last time, or near the standard's middle."""
    part = presenter.part
    person: PersonLine = part.person
    age = (presenter.draft.on - person.born_on).days if person.born_on else 0
    order = person.order or 1
    values = {
        "weight_g": f"{_middle('weight_for_age', person.sex, age) + order * 0.05:.2f}",
        "length_mm": f"{_middle('length_for_age', person.sex, age) + order * 0.3:.1f}",
        "head_mm": f"{_middle('head_for_age', person.sex, age) + order * 0.1:.1f}",
    }
    for name in ("weight_g", "length_mm", "posture", "head_mm", "oedema"):  # posture is asked once there is a length
        path = next((q.path for q in presenter.questions() if q.field == name), None)
        if path is None:
            continue
        _to(hands, path)
        if name in values:
            hands.type(values[name].replace(".", ","), enter=False)
        else:
            hands.digit(1 if name == "posture" and age < growth.HEIGHT_FROM_DAY else 2)


def _fill_agreement(hands: Hands) -> None:
    presenter = hands.house.visit_page.presenter
    for group in hands.house.visit_page.work.follow.groups.values():
        if group.key() is None:  # a child sent to a doctor: not yet
            group.setFocus()
            hands.digit(2)
    for question in presenter.questions():
        if question.field == "agreed":
            _to(hands, question.path)
            hands.type(AGREED, enter=False)
        elif question.field == "last_time" and not question.value:
            _to(hands, question.path)
            hands.digit(1)


def _to(hands: Hands, path: str) -> None:
    """Tab and Enter lead there; the tour goes at once."""
    stop = hands.house.visit_page.page.stop_of(path)
    if stop is None:
        raise TourError("a question of the page")
    stop.setFocus()
    hands.app.processEvents()


def _middle(indicator: growth.ChartIndicator, sex: str, age_days: int) -> float:
    lines = growth.curve(indicator, "f" if sex == "f" else "m", (0,), age_days, age_days + 1, 1)
    return float(lines[0].points[0][1])


def _typed(hands: Hands, day: Day) -> set[str]:
    """Names and birth dates of the families visited."""
    desk = hands.house.desk
    words: set[str] = set()
    for household, _visit_id in day.visits:
        view = hands.at_store(partial(caseload.family_view, pack=desk.pack, household=household, today=desk.today()))
        for person in view.household.persons:
            words |= set(person.name.split()) | {view.household.name}
            if person.born_on is not None:
                words |= {person.born_on.isoformat(), f"{person.born_on:%d.%m.%Y}"}
    return words


def _written(folder: Path) -> list[Path]:
    """Everything the desktop processes wrote, and what the server printed; its database aside."""
    office = folder / "practice" / "office"
    return [p for p in sorted(folder.rglob("*")) if p.is_file() and not (p.is_relative_to(office) and ".db" in p.name)]
