"""Today: the order of the morning, one key to the visit, three to write down why not; nothing on it that shames."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

import healthvisit.ui
from healthvisit.domain.household import Role
from healthvisit.domain.person import PersonKind, Sex
from healthvisit.services import caseload, check_drafts, contacts, dangers, development, families
from healthvisit.services.families import NewPerson
from healthvisit.services.today import round_of, today_view
from healthvisit.store import drafts, people
from healthvisit.ui.today.said import facts_of, row_of
from healthvisit.ui.today.view import TodayView
from healthvisit.ui.widgets.rows import Heading
from tests.builders import BAGT, NOW, TODAY, WORKER, a_child, a_mother, default_pack, persons_of, register, visited

LONG_AGO = datetime(2026, 7, 20, 9, tzinfo=UTC)


@pytest.fixture
def homes(store):
    """A late family, a newborn whose arrival is to be asked, a started visit, a family due."""
    found = {"late": register(store, "Myradow", a_child("Kerim", date(2024, 3, 10), Sex.MALE), now=LONG_AGO)}
    baby = NewPerson(kind=PersonKind.CHILD, sex=Sex.MALE, role=Role.CHILD, born_on=date(2026, 11, 11))
    found["now"] = register(
        store, "Orazow", baby, mother=a_mother("Orazowa", "Jeren"), place=BAGT,
        now=datetime(2026, 11, 12, 9, tzinfo=UTC),
    )  # fmt: skip
    found["due"] = register(store, "Nuryýew", a_child("Selbi", date(2026, 7, 20)), now=LONG_AGO)
    found["started"] = register(store, "Annaýew", a_child("Maral", date(2026, 7, 19)), now=LONG_AGO)
    visited(
        store, found["due"], date(2026, 10, 9), {"Selbi": {"weight_g": "5300"}}, code="M3", agreed="breast milk only"
    )
    person = persons_of(store, found["now"])[""]
    with store.unit(worker=WORKER, now=datetime(2026, 11, 22, 9, tzinfo=UTC)) as work:
        sign = dangers.DangerNow(person=person, household=found["now"], signs={"yi_not_feeding": "yes"})
        dangers.raise_danger(work, default_pack(), sign, today=date(2026, 11, 22))
        listed = {
            "household": found["started"], "started_at": NOW.isoformat(), "saved_at": NOW.isoformat(),
            "page": "1/growth", "persons": "", "amends": None,
        }  # fmt: skip
        drafts.put_draft(work, "d" * 32, listed=listed, content={})
    return found


def shown(qtbot, desk, go, size=(1190, 600)):
    view = TodayView(desk, go)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(lambda: view.presenter.view is not None)
    view.setFocus()
    return view


def keys(view):
    return [row.text if isinstance(row, Heading) else row.key for row in view.rows._rows.rows]


def detail(view, qtbot, household):
    qtbot.waitUntil(lambda: view._view is not None and view._view.household.id == household)


def read(desk, qtbot, deed):
    got = []
    desk.read(deed, done=got.append, failed=got.append)
    qtbot.waitUntil(lambda: len(got) == 1)
    return got[0]


def test_households_stand_in_the_order_of_urgency_and_the_first_is_chosen(qtbot, desk, go, homes):
    """The morning needs no decision: danger first, then what was begun, then who waits longest."""
    view = shown(qtbot, desk, go)
    assert keys(view) == [
        "Now", homes["now"], "Started, not signed", homes["started"], "Overdue", homes["late"],
        "Due this week", homes["due"],
    ]  # fmt: skip
    detail(view, qtbot, homes["now"])


def test_enter_begins_the_visit_and_goes_on_with_one_begun(qtbot, desk, go, homes):
    """Morning is one action; a visit begun is not begun twice."""
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    qtbot.keyClick(view.rows, Qt.Key.Key_Return)
    qtbot.keyClick(view.rows, Qt.Key.Key_Down)
    qtbot.keyClick(view.rows, Qt.Key.Key_Return)
    assert go.places == [("start_visit", homes["now"]), ("resume_visit", "d" * 32)]


def test_not_possible_is_three_actions_and_the_second_not_at_home_tells_the_supervisor(qtbot, desk, go, homes):
    """Button, digit, Enter; what it sets off is said before it is saved."""
    view = shown(qtbot, desk, go)
    for attempt in (1, 2):
        view.rows.choose(homes["late"])
        detail(view, qtbot, homes["late"])
        qtbot.waitUntil(lambda before=attempt - 1: view.presenter.tries == min(before, 1))
        qtbot.mouseClick(view.not_now, Qt.MouseButton.LeftButton)
        panel = view.not_possible
        qtbot.keyClick(QApplication.focusWidget(), "1")
        assert panel.again.text() == "24.11.2026"
        assert ("supervisor" in panel.consequence.text()) is (attempt == 2)
        view.banner.clear()
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(view.banner.text()))
    assert "supervisor will see it" in view.banner.text()
    found = read(desk, qtbot, lambda work: caseload.family_view(work, desk.pack, homes["late"], today=TODAY))
    assert found.tasks == 1


def test_a_try_in_vain_without_a_reason_is_not_saved(qtbot, desk, go, homes):
    """Enter alone writes nothing down: no answer is preset."""
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    view.ask_why_not()
    qtbot.keyClick(view.not_possible.reason, Qt.Key.Key_Return)
    assert view.not_possible.reason.error.text() == "Choose why."
    assert view.banner.text() == ""


def test_arrival_not_confirmed_is_asked_again_tomorrow_and_leaves_today(qtbot, desk, go, homes):
    """After a danger sign somebody asks until the child is there."""
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    assert view.rows._rows.rows[1].chip == "ring today"
    qtbot.mouseClick(view.card.arrival.ask, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.card.arrival.not_yet, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "tomorrow" in view.banner.text())
    qtbot.waitUntil(lambda: view.presenter.row(homes["now"]).ask_arrival is None)
    tomorrow = read(desk, qtbot, lambda work: today_view(work, desk.pack, today=date(2026, 11, 24)))
    assert next(r for r in tomorrow.rows if r.id == homes["now"]).ask_arrival is not None


def test_space_puts_a_household_into_the_round_and_the_filter_shows_only_those(qtbot, desk, go, homes):
    """The day list is printed from the round."""
    view = shown(qtbot, desk, go)
    view.rows.choose(homes["due"])
    qtbot.keyClick(view.rows, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view.presenter.row(homes["due"]).in_round)
    view.above.round_only.click()
    assert keys(view) == ["Due this week", homes["due"]]
    assert read(desk, qtbot, lambda work: round_of(work, today=date(2026, 11, 24))) == frozenset()


def test_filter_that_hides_all_says_so_and_shows_all_again(qtbot, desk, go, homes):
    """An empty list is never a dead end."""
    view = shown(qtbot, desk, go)
    view.above.round_only.click()
    assert "Nothing in your round" in view.empty._words.text()
    view.empty.buttons[0].click()
    assert len(view.presenter.rows()) == 4


def test_no_family_yet_offers_to_make_one(qtbot, desk, go):
    """First morning."""
    view = shown(qtbot, desk, go)
    assert "No families on this computer" in view.empty._words.text()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is view.empty.buttons[0])
    view.empty.buttons[0].click()
    assert go.places == [("new_family",)]


def test_nothing_due_says_when_the_next_visits_are(qtbot, desk, go, store):
    """A free day is said to be one, and what comes next."""
    home = register(store, "Ataýew", a_child("Maral", date(2026, 6, 20)), now=LONG_AGO)
    visited(store, home, date(2026, 11, 20), {"Maral": {}}, code="M5")
    view = shown(qtbot, desk, go)
    assert "No visits due today. Next:" in view.empty._words.text()


def test_detail_tells_why_now_and_what_to_ask_first(qtbot, desk, go, homes):
    """What was agreed is asked first at the next visit."""
    view = shown(qtbot, desk, go)
    view.rows.choose(homes["due"])
    detail(view, qtbot, homes["due"])
    said = "\n".join(f"{name} {fact}" for name, fact in facts_of(view.presenter, view._view)).replace("\u00a0", " ")
    assert "Selbi 4 m 3 d: 4-month visit, until 30 Nov" in said
    assert "9 Oct · 5.30 kg" in said
    assert "breast milk only" in said
    assert "ask first" in said


@pytest.mark.parametrize("may_ring", [True, False])
def test_whom_to_ask_about_an_arrival_stands_behind_a_button(qtbot, desk, go, store, homes, may_ring):
    """The first row is chosen by itself, and "ask the hospital" told everybody who looks on."""
    with store.unit(worker=WORKER, now=NOW) as work:
        families.change_household(work, homes["now"], {"may_ring": may_ring})
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    assert view.card.arrival.ask.isVisible()
    assert not view.card.arrival.words.isVisible()
    qtbot.mouseClick(view.card.arrival.ask, Qt.MouseButton.LeftButton)
    assert view.card.arrival.words.isVisible()
    assert ("hospital" in view.card.arrival.words.text()) is not may_ring
    assert view.card.arrival.arrived.hasFocus()
    view.rows.choose(homes["due"])
    detail(view, qtbot, homes["due"])
    view.rows.choose(homes["now"])
    detail(view, qtbot, homes["now"])
    assert not view.card.arrival.words.isVisible()


def test_why_now_says_what_brings_a_family_to_the_top(qtbot, desk, go, homes):
    """A visit agreed for the week after is not why the first row is the first."""
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    facts = dict(facts_of(view.presenter, view._view))
    assert facts["Why now"] == "ring today"
    assert "visit" in facts["Next visit"]
    assert [b for b in view.findChildren(QPushButton) if b.property("kind") == "primary" and b.isVisible()] == [
        view.start
    ]


def test_the_panel_for_a_visit_in_vain_names_the_family_and_its_save_is_the_main_deed(qtbot, desk, go, homes):
    """The name stood below, out of sight; and Start visit stayed the main button meanwhile."""
    view = shown(qtbot, desk, go, size=(1037, 300))
    detail(view, qtbot, homes["now"])
    view.ask_why_not()
    panel = view.not_possible
    assert panel.heading.text() == "Orazow family"
    assert panel.save.isVisible()
    assert not view.start.isVisible()
    qtbot.waitUntil(lambda: view._right.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: view._right.verticalScrollBar().value() == 0)
    panel.close_it.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert view.start.isVisible()
    assert view.rows.hasFocus()
    view.ask_why_not()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert view.start.isVisible()


def test_a_small_window_shows_the_families_not_the_frame_around_them(qtbot, desk, go, homes):
    """Two of 43 families were in sight at 125 %, and none of those that were late."""
    view = shown(qtbot, desk, go, size=(1037, 400))
    detail(view, qtbot, homes["now"])
    assert view.above.counts.mapTo(view, view.above.counts.rect().center()).y() < view.rows.mapTo(view, QPoint()).y()
    late = view.rows._rows.places[homes["late"]]
    qtbot.waitUntil(lambda: view.rows.visualRect(view.rows._rows.index(late)).bottom() < view.rows.viewport().height())


def test_long_counts_do_not_push_the_other_pane(qtbot, desk, go, homes):
    """In Turkmen the list took 655 px of the 1,160 and the facts beside it broke into pieces."""
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    view.above.counts.setText("46 maşgala · häzir: 11 · möhleti geçen: 111")
    view.above.round_only.setText("Şu günki saparymda")
    qtbot.waitUntil(lambda: view._left.width() * 6 <= view._right.width() * 5 + 12)
    qtbot.waitUntil(lambda: view.above.counts.toolTip() == "")  # what is cut has one


def test_no_word_of_a_finding_stands_in_list_or_detail(qtbot, desk, go, homes):
    """The husband looks on: no sign, hospital, risk or refusal, only names, deeds and dates."""
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    said = " ".join(row.sentence() for row in view.rows._rows.rows if not isinstance(row, Heading))
    said += (
        " ".join(f"{n} {f}" for n, f in facts_of(view.presenter, view._view))
        + view.card.marks.text()
        + view.card.where.text()
    )
    said += " ".join(part.text() for part in view.findChildren(QLabel) if part.isVisible())
    said += " ".join(part.text() for part in view.findChildren(QPushButton) if part.isVisible())
    for word in ("danger", "sign", "hospital", "refus", "risk", "feed", "emergency"):
        assert word not in said.lower(), word


def test_child_names_can_be_left_out_of_the_list(qtbot, desk, go, homes):
    """In a room shared with others the list shows the family only."""
    desk.preferences = replace(desk.preferences, show_child_names=False)
    view = shown(qtbot, desk, go)
    detail(view, qtbot, homes["now"])
    said = " ".join(row.sentence() for row in view.rows._rows.rows if not isinstance(row, Heading))
    assert "Selbi" not in said
    assert "Child 4\u00a0m\u00a03\u00a0d" in said


def test_narrow_window_shows_one_pane_and_loses_no_button(qtbot, desk, go, homes):
    """At 125 % on an old laptop every deed can still be reached."""
    view = shown(qtbot, desk, go, size=(1037, 440))
    detail(view, qtbot, homes["now"])
    assert view.panes.is_narrow
    assert not view._right.isVisible()
    assert all(deed.isVisible() for deed in (view.start, view.not_now, view.sheets, view.open_family))
    view.ask_why_not()
    assert view.not_possible.isVisible()


def test_a_saved_change_elsewhere_is_shown_without_asking(qtbot, desk, go, homes):
    """After a commit the screen that shows that kind reads again."""
    view = shown(qtbot, desk, go)
    desk.save(
        lambda work: contacts.agree_day(
            work, persons_in(work, homes["due"]), "M4", date(2026, 11, 25)
        ),
        done=lambda _x: None, failed=lambda e: pytest.fail(str(e)),
    )  # fmt: skip
    qtbot.waitUntil(lambda: any("agreed 25 Nov" in r.sentence() for r in view.rows._rows.rows if hasattr(r, "key")))


def persons_in(work, household):
    loaded = people.load_caseload(work, today=TODAY, households=(household,))
    return next(p for p in loaded.members[household] if loaded.persons[p].kind == "child")


@pytest.mark.parametrize("place", ["today", "families", "family", "child", "showing"])
def test_presenters_import_no_qt(place):
    """A presenter decides, and is read and tested without a window."""
    for path in (Path(healthvisit.ui.__file__).parent / place).glob("*presenter*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {id(n) for i in ast.walk(tree) if isinstance(i, ast.If) for n in ast.walk(i)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and id(node) not in guarded:
                assert not (node.module or "").startswith("PySide6"), path.name


def test_rows_further_down_are_read_when_they_come_into_sight(qtbot, desk, go, store, monkeypatch):
    """With hundreds due she waits for the first screen only, and End shows the last family in full."""
    monkeypatch.setattr("healthvisit.ui.today.presenter._LINES", 3)
    for at in range(12):
        register(store, f"Myradow{at:02}", a_child(f"Aýna{at:02}", TODAY - timedelta(days=130 + at)))
    view = shown(qtbot, desk, go)
    rows = view.presenter.view.rows
    assert [row.line is not None for row in rows].count(True) < len(rows)
    qtbot.keyClick(view.rows, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: rows[-1].line is not None)
    last = view.rows._rows.rows[-1]
    assert rows[-1].line.name in last.title
    qtbot.waitUntil(lambda: all("…" not in row.title for row in view.rows._rows.rows if hasattr(row, "key")))


def begin_check(store, home, name, *, now=NOW):
    person = persons_of(store, home)[name]
    with store.unit(worker=WORKER, now=now) as work:
        _facts, draft = development.begin(work, person, today=now.date())
        check_drafts.keep_draft(work, replace(draft, signs={"seizures": "no"}))
    return person


def test_a_check_begun_is_a_line_and_enter_finishes_it(qtbot, desk, go, store):
    """Called away in the middle: next morning it waits where the day begins, under its own words."""
    home = register(store, "Myradow", a_child("Aýna", date(2026, 7, 18)), now=LONG_AGO)
    visited(store, home, TODAY, {"Aýna": {}}, code="M4")
    person = begin_check(store, home, "Aýna", now=datetime(2026, 11, 20, 9, tzinfo=UTC))
    view = shown(qtbot, desk, go)
    assert keys(view) == ["Started, not signed", home]
    detail(view, qtbot, home)
    assert row_of(view.presenter, view.presenter.row(home), names=True).second.startswith(
        "Aýna: development check begun on 20 Nov"
    )
    assert ("Not finished", "Aýna: development check begun on 20 Nov") in facts_of(view.presenter, view._view)
    assert view.start.text() == "Finish the check"
    assert not view.card.finish.isVisible()
    qtbot.keyClick(view.rows, Qt.Key.Key_Return)
    assert go.places == [("start_check", person)]


def test_beside_a_visit_that_is_due_the_check_begun_has_its_own_button(qtbot, desk, go, store, homes):
    """Enter begins the visit as on any other row; the check is one click beside it, also while a visit is open."""
    late, started = begin_check(store, homes["late"], "Kerim"), begin_check(store, homes["started"], "Maral")
    view = shown(qtbot, desk, go)
    assert keys(view)[-5:-2] == [homes["started"], "Overdue", homes["late"]]
    second = row_of(view.presenter, view.presenter.row(homes["late"]), names=True).second
    assert second.startswith("Kerim: development check begun on 23 Nov · Kerim 32")  # never the part that is cut
    for home, person, deed in ((homes["late"], late, "Start visit"), (homes["started"], started, "Go on with visit")):
        view.rows.choose(home)
        detail(view, qtbot, home)
        assert view.start.text() == deed
        assert view.card.finish.isVisible()
        qtbot.mouseClick(view.card.finish, Qt.MouseButton.LeftButton)
        assert go.places[-1] == ("start_check", person)
    view.rows.choose(homes["due"])
    detail(view, qtbot, homes["due"])
    assert not view.card.finish.isVisible()


def test_a_check_begun_names_no_child_where_names_are_turned_off(qtbot, desk, go, store, homes):
    """The screen of a shared room."""
    begin_check(store, homes["late"], "Kerim")
    desk.preferences = replace(desk.preferences, show_child_names=False)
    view = shown(qtbot, desk, go)
    row = view.presenter.row(homes["late"])
    assert view.presenter.begun(row) == ["Child: development check begun on 23 Nov"]
