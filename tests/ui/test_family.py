"""One family: people, timeline, life events. What others in the room may see, and nothing more."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from healthvisit.domain.person import Sex
from healthvisit.services import caseload
from healthvisit.ui.family.view import FamilyView
from tests.builders import TODAY, a_child, a_mother, persons_of, register, visited

LONG_AGO = datetime(2026, 7, 20, 9, tzinfo=UTC)


@pytest.fixture
def home(store):
    """Two children, one visit with a weight."""
    made = register(store, "Myradow", a_child(), a_child("Kerim", date(2024, 3, 10), Sex.MALE, "Myradow"), now=LONG_AGO)
    visited(store, made, date(2026, 10, 9), {"Aýna": {"weight_g": "5300"}}, code="M3", agreed="breast milk only")
    return made


def shown(qtbot, desk, go, household, size=(1190, 600)):
    view = FamilyView(desk, go)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.activateWindow()
    view.show_household(household)
    qtbot.waitUntil(lambda: view.presenter.view is not None)
    return view


def rows(listed):
    return [row.sentence() for row in listed._rows.rows]


def read(desk, qtbot, household):
    got = []
    desk.read(
        lambda work: caseload.family_view(work, desk.pack, household, today=TODAY), done=got.append, failed=got.append
    )
    qtbot.waitUntil(lambda: len(got) == 1)
    return got[0]


def save(view, qtbot):
    """Press the main button of the small window and wait until it is done."""
    view.banner.clear()
    view.asked.primary.click()
    qtbot.waitUntil(lambda: bool(view.banner.text()))


def test_a_narrow_page_names_what_stands_behind_its_second_tab(qtbot, desk, go, home):
    """Tasks and referrals lay behind a tab called "Timeline", and nobody looked there."""
    view = shown(qtbot, desk, go, home, size=(1037, 440))
    assert view.panes.is_narrow
    assert [view.panes.tabs.tabText(at) for at in (0, 1)] == ["Family", "Visits and tasks"]


def test_the_keyboard_follows_to_the_pane_that_is_shown(qtbot, desk, go, home):
    """It fell on "More" at the foot: the next Enter opened a menu with "Child died" in it."""
    view = shown(qtbot, desk, go, home, size=(1037, 440))
    view.setFocus()
    qtbot.waitUntil(view.people.hasFocus)
    view.panes.show_right()
    assert view.tabs.isAncestorOf(QApplication.focusWidget())
    view.panes.show_left()
    assert view.people.hasFocus()


def test_visits_of_another_year_have_their_year(qtbot, desk, go, home):
    """The timeline reaches over the winter."""
    view = shown(qtbot, desk, go, home)
    line = view.presenter.view.timeline[0]
    assert "2025" not in view.presenter.deed(line)
    assert view.presenter.deed(replace(line, on=date(2025, 10, 9))).startswith("9 Oct 2025")


def test_people_stand_children_first_with_age_weights_and_next_visit(qtbot, desk, go, home):
    """One line tells who she is and when she is seen next."""
    view = shown(qtbot, desk, go, home)
    said = rows(view.people)
    assert said[0].startswith("Aýna Myradowa, until 28 Nov, girl · 4 months 5 days · 5.30 kg")
    assert said[1].startswith("Kerim Myradow, 44 days late, boy · 32 months")
    assert said[2].startswith("Sona Myradowa, mother")


def test_timeline_says_where_a_visit_is_and_enter_opens_it(qtbot, desk, go, home):
    """Saved here and not yet at the office is said as such."""
    view = shown(qtbot, desk, go, home)
    assert "waits for the office" in rows(view.timeline)[0]
    view.timeline.setFocus()
    qtbot.keyClick(view.timeline, Qt.Key.Key_Return)
    assert go.places[0][0] == "read_visit"


def test_a_corrected_visit_shows_both_versions(qtbot, desk, go, store, home):
    """A correction hides nothing."""
    with_first = caseload_timeline(store, home)
    visited(store, home, date(2026, 10, 9), {"Aýna": {"weight_g": "5310"}}, code="M3", amends=with_first)
    view = shown(qtbot, desk, go, home)
    assert len(rows(view.timeline)) == 2
    assert sum("a newer version stands above" in row for row in rows(view.timeline)) == 1


def caseload_timeline(store, home):
    from tests.builders import NOW, WORKER

    with store.reading(worker=WORKER, now=NOW) as work:
        return caseload.timeline(work, home)[0].id


def test_child_died_asks_the_day_only_and_every_reminder_stops(qtbot, desk, go, home):
    """No question more than needed; nothing is due for this child from then on."""
    view = shown(qtbot, desk, go, home)
    child = view.people.current_key()
    view.ask_died()
    assert set(view.asked.fields) == {"who", "on"}
    view.asked.fields["who"].choose(child)
    view.asked.fields["on"].set_text("20.11.2026")
    save(view, qtbot)
    assert view.banner.text() == "Written down. All reminders for this child have stopped."
    dead = next(p for p in read(desk, qtbot, home).household.persons if p.id == child)
    assert (dead.died_on, dead.is_due) == (date(2026, 11, 20), False)
    qtbot.waitUntil(lambda: "died on 20.11.2026" in " ".join(rows(view.people)))


def test_a_day_still_to_come_is_refused_beside_its_field(qtbot, desk, go, home):
    """A slip of the year must not stop a living child's visits."""
    view = shown(qtbot, desk, go, home)
    view.ask_left()
    view.asked.fields["on"].set_text("20.11.2027")
    view.asked.primary.click()
    assert "still to come" in view.asked.fields["on"].error.text()
    assert read(desk, qtbot, home).household.due


def test_left_the_programme_ends_what_is_due_and_the_page_says_so(qtbot, desk, go, home):
    """It is a right; nothing is due any more and the page is closed for new visits."""
    view = shown(qtbot, desk, go, home)
    view.ask_left()
    save(view, qtbot)
    qtbot.waitUntil(lambda: "Left the programme" in view.banner.text())
    assert not view.start.isEnabled()
    assert read(desk, qtbot, home).household.due == ()


def test_moved_closes_the_page_with_the_date(qtbot, desk, go, home):
    """A family that moved is not looked for again."""
    view = shown(qtbot, desk, go, home)
    view.ask_moved()
    save(view, qtbot)
    qtbot.waitUntil(lambda: "Moved on 23.11.2026" in view.banner.text())
    assert not view.start.isEnabled()


def test_a_newborn_gets_its_name_later_and_keeps_its_visits(qtbot, desk, go, store):
    """Late naming changes the name, never the child."""
    home = register(store, "Orazow", a_child("", date(2026, 11, 11), surname=""), mother=a_mother("Orazowa", "Jeren"))
    child = persons_of(store, home)[""]
    view = shown(qtbot, desk, go, home)
    assert rows(view.people)[0].startswith("Baby of Jeren Orazowa")
    assert view.name_it.isVisible()
    view._name_child()
    view.asked.fields["given"].set_text("Selbi")
    view.asked.fields["surname"].set_text("Orazowa")
    save(view, qtbot)
    named = read(desk, qtbot, home).household.children[0]
    assert (named.id, named.name) == (child, "Orazowa Selbi")


def test_a_wrong_phone_is_said_beside_its_field_and_nothing_is_lost(qtbot, desk, go, home):
    """The rest of what was typed stays."""
    view = shown(qtbot, desk, go, home)
    view._edit()
    view.asked.fields["address"].set_text("Bagt 5")
    view.asked.fields["phone"].set_text("12")
    view.asked.primary.click()
    asked = view.asked
    qtbot.waitUntil(lambda: bool(asked.fields["phone"].error.text()))
    assert asked.fields["address"].text() == "Bagt 5"
    asked.fields["phone"].set_text("")
    save(view, qtbot)
    assert read(desk, qtbot, home).household.address == "Bagt 5"


def test_another_family_shows_nothing_of_the_one_before(qtbot, desk, go, store, home):
    """While the next is read, the page is empty: the room may have changed."""
    other = register(store, "Ataýew", a_child("Maral", date(2026, 6, 1), surname="Ataýewa"))
    view = shown(qtbot, desk, go, home)
    view.show_household(other)
    assert view.name.text() == ""
    assert rows(view.people) == rows(view.timeline) == []
    qtbot.waitUntil(lambda: view.name.text() == "Ataýew family")


def test_enter_on_a_child_opens_it_and_start_begins_the_visit(qtbot, desk, go, home):
    """Keys alone lead everywhere."""
    view = shown(qtbot, desk, go, home)
    view.people.setFocus()
    qtbot.keyClick(view.people, Qt.Key.Key_Return)
    qtbot.keyClick(view.people, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [place[0] for place in go.places] == ["child", "start_visit"]
