"""The visit in the room, by keyboard, over a real vault: routine, interrupted, corrected, with twins, with no disk."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from healthvisit.domain.errors import StoreError
from healthvisit.domain.person import Sex
from healthvisit.domain.visit import Source
from healthvisit.services import amending, signing, visits
from healthvisit.store import drafts
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import set_language
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.visit.signed_view import LOOK, SignedVisitView
from tests.builders import (
    NOW,
    TODAY,
    WORKER,
    FixedClock,
    a_child,
    a_mother,
    default_pack,
    persons_of,
    register,
    reopen,
    visited,
)
from tests.ui.conftest import desk_over
from tests.ui.visiting import FORMS, LONG_AGO, Room, family, two_children


def at_store(store, deed):
    with store.reading(worker=WORKER, now=NOW) as work:
        return deed(work)


@pytest.fixture
def room(qtbot, desk, go):
    return Room(qtbot, desk, go)


def texts(widget):
    return "\n".join(found.text() for found in widget.findChildren(QLabel) if found.isVisible())


def test_a_routine_visit_takes_at_most_twelve_actions_by_keyboard_alone(room, store, go):
    """Twenty visits a day: each key she need not press is time with the child."""
    room.open(family(store))
    room.actions = 1  # Enter on Today
    room.key(Qt.Key.Key_1)
    room.go_on()
    assert room.page() == "1/danger"
    room.key(Qt.Key.Key_0)
    room.go_on()
    assert room.page() == "0/concerns"
    room.key(Qt.Key.Key_0)
    room.go_on()
    assert room.page() == "1/growth"
    room.type("5,85")
    room.type("62,0")
    room.key(Qt.Key.Key_1)
    room.key(Qt.Key.Key_Return, counts=False)
    room.type("40,2")
    room.key(Qt.Key.Key_2)
    room.go_on()
    assert room.page() == "0/agreement"
    room.key(Qt.Key.Key_Return, counts=False)
    QTest.keyClicks(room.focus(), "breast milk only")
    room.go_on()
    assert room.page() == "check"
    room.go_on()
    room.qtbot.waitUntil(lambda: room.view.stack.currentIndex() == 3)
    assert room.actions <= 12
    visit = room.read(lambda w: signing.visit_of(w, room.view.done.visit.id))
    growth = signing.growth_of(visit.parts[0])
    assert (growth.weight_g, growth.length_mm, growth.head_mm, growth.posture.value) == (5850, 620, 402, "l")
    assert visit.parts[0].entry("danger")["looked_for_each"] is True
    assert visit.family.entry("agreement")["agreed"] == "breast milk only"
    assert "Saved on this computer" in room.view.done.words.text()
    room.key(Qt.Key.Key_Return)
    assert go.places[-1] == ("today",)


def test_no_clinical_answer_stands_there_before_it_is_given(room, store):
    """A preset answer is an answer nobody gave."""
    room.open(family(store))
    for step in room.presenter.steps:
        room.to(step.key)
        assert [q.path for q in room.presenter.questions() if q.value and q.field != "next_on"] == []


def test_the_z_stands_beside_the_field_at_each_key(room, store):
    """She sees at the scales whether the number can be right."""
    room.open(family(store)).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    field = room.view.work.page.widgets[room.path("weight")]
    assert field.remark.text() == "As expected for her age (−0.89). Gained 550 g, 86 g a week."
    QTest.keyClick(room.focus(), Qt.Key.Key_Backspace)
    assert "(−0.96)" in field.remark.text()
    room.answer(weight="2,0")
    assert field.remark.text() == "This weight looks wrong for her age. Please weigh again."
    room.answer(weight="5,1")
    assert "Lost 200 g" in field.remark.text()


@pytest.mark.parametrize("typed", ["34", "34,0", "34.0"])
def test_a_slipped_comma_is_offered_back_and_not_signed(room, store, typed):
    """34 for 3,40: the program asks, it never guesses."""
    baby = a_child("Aýna", TODAY - timedelta(days=12))
    home = register(store, "Orazow", baby, mother=a_mother("Orazowa"))
    room.open(home).to("1/growth")
    QTest.keyClicks(room.focus(), typed)
    field = room.view.work.page.widgets[room.path("weight")]
    assert field.offer.isVisible()
    assert field.offer.text() == "3.40 kg"
    room.answer(length="51", posture="l", head="35", oedema="no")
    room.go_on()
    assert room.page() == "1/growth"
    assert "cannot be right" in texts(room.view.work.summary) + room.view.work.summary.accessibleDescription()
    QTest.mouseClick(field.offer, Qt.MouseButton.LeftButton)
    assert room.draft.parts[1].session.value(room.path("weight")) == "3.4"
    room.go_on()
    assert room.page() != "1/growth"


def beside(room, name):
    """What stands beside a field."""
    return room.view.work.page.widgets[room.path(name)].remark.text()


def opened(room, store, days, *, sex=Sex.FEMALE, gestation_days=None, weight_g=None, measures=()):
    """A child so many days old, its growth page open; `measures` are (days ago, fields)."""
    child = a_child("Aýna", TODAY - timedelta(days=days), sex, gestation_days=gestation_days, birth_weight_g=weight_g)
    home = register(store, "Orazow", child, now=LONG_AGO if days > 120 else NOW)
    for ago, fields in measures:
        visited(store, home, TODAY - timedelta(days=ago), {"Aýna": fields})
    return room.open(home).to("1/growth")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12,5", "As expected: 12.5 cm or more"),
        ("12,4", "Thin arm: under 12.5 cm"),
        ("11,5", "Thin arm: under 12.5 cm"),
        ("11,4", "Very thin arm: under 11.5 cm"),
        ("22,5", "Please measure"),
    ],
)
def test_the_upper_arm_says_its_class_at_once(room, store, typed, said):
    """Under 11.5 cm a child can die; the limits go by millimetre."""
    opened(room, store, 400).answer(muac=typed)
    assert said in beside(room, "muac")


def test_a_very_thin_arm_turns_to_danger_now(room, store):
    """It is a danger sign as a very low weight for length is."""
    opened(room, store, 400).answer(
        muac="11,4", weight_why="asleep", length_why="asleep", head_why="asleep", oedema="no"
    )
    room.go_on()
    assert room.presenter.signs.of(room.presenter.part) == ("ch_wasted",)


def test_an_upper_arm_is_signed_corrected_and_read_again(room, store, go):
    """From the tape to the signed visit and through a correction."""
    opened(room, store, 400)
    path = room.path("muac")
    room.presenter.answer(path, "13,4")
    first = room.to("0/setting").fill().sign()
    growth = signing.growth_of(first.parts[0])
    assert (growth.muac_mm, growth.typed["muac_mm"]) == (134, "13,4")
    room.view.open_amending(first.id)
    room.wait()
    room.to("1/growth").answer(muac="14,3")
    room.to("check")
    room.qtbot.waitUntil(lambda: "14.3 cm" in texts(room.view.work.check))
    assert "13.4 cm" in texts(room.view.work.check), "what stood before is still to be read"


@pytest.mark.parametrize(
    ("name", "typed", "words", "offer"),
    [
        ("weight", "18", "pounds", "8.16 kg"),
        ("length", "29", "inches", "73.7 cm"),
        ("head", "450", "millimetres", "45.0 cm"),
        ("muac", "135", "millimetres", "13.5 cm"),
        ("length", "0,74", "metres", "74.0 cm"),
    ],
)
def test_a_number_in_another_unit_is_offered_in_ours_and_left_as_it_was_typed(room, store, name, typed, words, offer):
    """An old dial counts pounds, a tailor's tape inches: the program asks."""
    opened(room, store, 400).answer(**{name: typed})
    field = room.view.work.page.widgets[room.path(name)]
    assert words in field.remark.text()
    assert field.offer.text() == offer
    assert room.draft.parts[1].session.question(room.path(name)).typed == typed
    QTest.mouseClick(field.offer, Qt.MouseButton.LeftButton)
    assert room.draft.parts[1].session.question(room.path(name)).typed == offer.split()[0]


def test_a_number_that_can_hardly_be_right_is_asked_about_once_and_then_taken(room, store):
    """It may be true: a second look, never a wall."""
    opened(room, store, 128).answer(weight="2,0", length="62", posture="l", head="40", oedema="no")
    room.go_on()
    assert room.page() == "1/growth"
    assert "looks wrong for her age" in room.view.banner.text()
    room.go_on()
    assert room.page() != "1/growth"


def test_one_number_outside_the_limits_does_not_silence_the_others(room, store):
    """The head is judged though the weight was mistyped."""
    opened(room, store, 128).answer(weight="60", head="40,2")
    assert "As expected" in beside(room, "head")
    assert "(" not in beside(room, "weight")


@pytest.mark.parametrize("typed", ["abc", "5,8,5", "-4", "0", "5 85", "nan", "inf"])
def test_what_is_no_measure_is_a_mistake_of_its_field_alone(room, store, typed):
    """Text, two separators, nothing or less than nothing: said beside the field, never a z."""
    opened(room, store, 128).answer(weight=typed, length="62", posture="l", head="40,2", oedema="no")
    room.go_on()
    assert room.page() == "1/growth"
    field = room.view.work.page.widgets[room.path("weight")]
    assert field.error.text()
    assert "(" not in field.remark.text()
    assert "As expected" in beside(room, "head")


@pytest.mark.parametrize("typed", ["5,85", "5.85", " 5,85 "])
def test_comma_point_and_blanks_are_all_a_weight(room, store, typed):
    """Three keyboards, one number."""
    opened(room, store, 128).answer(weight=typed)
    assert "(−0.89)" in beside(room, "weight")


@pytest.mark.parametrize(
    ("days", "posture", "said"),
    [
        (200, "h", "Was it really standing?"),
        (500, "h", "counted as 75.7 cm lying"),
        (800, "l", "counted as 74.3 cm standing"),
        (500, "l", ""),
    ],
)
def test_the_other_posture_is_said_with_the_length_that_counts(room, store, days, posture, said):
    """0.7 cm is a third of a z: nobody may wonder where it went."""
    opened(room, store, days).answer(length="75", posture=posture)
    assert said in beside(room, "length")
    assert ("counted as" in beside(room, "length")) is ("counted as" in said)


@pytest.mark.parametrize(
    ("days", "answers", "name", "said"),
    [
        (400, {"length": "139", "posture": "l", "weight": "10"}, "length", "looks wrong for her age"),
        (10, {"length": "44", "posture": "l", "weight": "2,4"}, "length", "no curve for this length"),
        (400, {"weight": "8", "oedema": "yes"}, "weight", "not judged: swelling of both feet"),
        (1830, {"weight": "17"}, "weight", "As expected for her age"),
    ],
)
def test_where_there_is_no_curve_it_is_said_and_never_called_normal(room, store, days, answers, name, said):
    """No reference is no finding."""
    opened(room, store, days).answer(**answers)
    assert said in beside(room, name)


def test_without_a_sex_there_is_no_z_and_the_number_is_kept(room, store):
    """The entry is worth more than its judgement."""
    opened(room, store, 128, sex=Sex.UNKNOWN).answer(weight="5,85")
    assert beside(room, "weight") == "no curve: sex not known"
    assert room.draft.parts[1].answers().fields("growth")["weight_g"] == "5850"


HEALTHY = {"weight_g": "5300", "length_mm": "600", "posture": "l", "head_mm": "390"}


@pytest.mark.parametrize(
    ("answers", "name", "said"),
    [
        ({"weight": "5,3"}, "weight", "No weight gained since"),
        ({"weight": "5,0"}, "weight", "Lost 300 g since"),
        ({"length": "59,5", "posture": "l"}, "length", "lower by"),
        ({"length": "58,9", "posture": "l"}, "length", "Shorter than on"),
        ({"head": "38,4"}, "head", "The head is smaller than on"),
        ({"weight": "5,9"}, "weight", "Gained 600 g"),
    ],
)
def test_what_changed_since_last_time_stands_beside_the_field_with_what_to_do(room, store, answers, name, said):
    """A single z looks well while the child fails."""
    opened(room, store, 128, measures=((35, HEALTHY),)).answer(**answers)
    assert said in beside(room, name)


@pytest.mark.parametrize(
    ("days", "weight", "said"),
    [
        (4, "3,10", "more than 7 %"),
        (4, "3,00", "more than 10 %"),
        (15, "3,35", "below the birth weight"),
        (4, "3,20", "(−"),
    ],
)
def test_what_a_newborn_lost_is_told_by_its_birth_weight(room, store, days, weight, said):
    """The first weeks' alarm is a loss of weight, not a z."""
    opened(room, store, days, weight_g=3400).answer(weight=weight)
    assert said in beside(room, "weight")


def test_a_flagged_number_feeds_no_alarm(room, store):
    """A slip of last month must not make this month's child lose weight."""
    slip = HEALTHY | {"weight_g": "15300"}
    opened(room, store, 128, measures=((70, HEALTHY | {"weight_g": "4700"}), (35, slip))).answer(weight="5,85")
    assert "Gained 1150 g" in beside(room, "weight")
    assert "jumped" not in beside(room, "weight")


def test_a_child_before_its_due_day_is_judged_by_intergrowth_and_it_is_said(room, store):
    """Thirty weeks, four weeks old: WHO's curve would call it starved."""
    opened(room, store, 28, sex=Sex.MALE, gestation_days=210).answer(weight="2,1")
    said = beside(room, "weight")
    assert "by INTERGROWTH-21st (" in said
    assert "42 days before the day it was due" in room.view.work.whose.text()


def test_a_child_born_early_has_its_corrected_age_beside_the_z(room, store):
    """Which age was judged is never a riddle."""
    opened(room, store, 128, gestation_days=33 * 7).answer(weight="5,2")
    assert beside(room, "weight").endswith("by corrected age.")
    assert "· corrected age 2 months" in room.view.work.whose.text()


def test_a_number_outside_the_limits_names_its_range_beside_the_field(room, store):
    """What is wrong and what to do, where it is."""
    room.open(family(store)).to("1/growth")
    room.answer(weight="60", length="62", posture="l", head="40", oedema="no")
    room.go_on()
    assert room.page() == "1/growth"
    said = "Must be from 500 g to 45 kg. Please weigh again."
    assert room.view.work.page.widgets[room.path("weight")].error.text() == said
    assert room.view.work.summary.isVisible()
    assert room.view.work.summary.hasFocus()
    room.key(Qt.Key.Key_Return)
    assert room.focus() is room.view.work.page.widgets[room.path("weight")].editor
    QTest.keyClick(room.focus(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(room.focus(), "5,85")
    assert not room.view.work.page.widgets[room.path("weight")].error.isVisible()


def test_a_number_that_looks_wrong_gets_no_tick(room, store):
    """To be weighed again and green for done: the page would say two things."""
    room.open(family(store)).to("1/growth")
    room.answer(weight="5,85", length="62", posture="l", head="40", oedema="no")

    def state():
        return next(s.state for s in room.presenter.sections() if s.key == "1/growth")

    room.to("0/agreement")
    assert state() == "done"
    room.to("1/growth").answer(weight="2,0")
    room.to("0/agreement")
    assert state() == "started"


def test_what_was_not_measured_is_wrong_at_its_number(room, store):
    """She types the weight there; the reason why not is the way out beside it."""
    room.open(family(store)).to("1/growth").answer(length="62", posture="l", head="40", oedema="no")
    room.go_on()
    page = room.view.work.page
    assert "Measure" in page.widgets[room.path("weight")].error.text()
    assert page.widgets[room.path("weight")].editor.property("wrong") == "true"
    assert page.widgets[room.path("weight_why")].box.property("wrong") != "true"
    room.key(Qt.Key.Key_Return)
    assert room.focus() is page.widgets[room.path("weight")].editor
    room.answer(head="40,1")
    assert page.widgets[room.path("weight")].error.isVisible(), "it is still missing"
    room.answer(weight_why="no_equipment")
    assert not page.widgets[room.path("weight")].error.isVisible()


def test_not_measured_needs_its_reason_and_takes_it_by_a_digit(room, store):
    """An empty field is a question, a reason is an answer."""
    room.open(family(store)).to("1/growth")
    why = room.view.work.page.widgets[room.path("weight_why")]
    why.box.setFocus()
    room.key(Qt.Key.Key_5)
    assert room.draft.parts[1].answers().fields("growth")["weight_g_why"] == "no_equipment"
    room.answer(weight="5,85")
    assert "weight_g_why" not in room.draft.parts[1].answers().fields("growth")


def test_enter_in_the_last_field_never_signs(room, store):
    """Enter goes on to the next field; signing is a deed of its own."""
    room.open(family(store)).fill()
    room.to("1/growth")
    for _ in range(12):
        room.key(Qt.Key.Key_Return)
    room.saved()
    assert room.view.done.visit is None


def test_the_draft_is_saved_soon_after_the_last_key_and_says_when(room, store):
    """What was answered is on the disk before she looks up."""
    room.open(family(store))
    room.key(Qt.Key.Key_1)
    room.qtbot.waitUntil(lambda: room.view.strip.saved.text() == f"Saved {NOW.astimezone():%H:%M}")
    assert len(room.read(drafts.list_drafts)) == 1


def test_a_killed_program_reopens_at_the_same_question(qtbot, store, go, tmp_path):
    """A flat battery in the middle of a visit: two keys later she is where she was."""
    jobs = Jobs()
    room = Room(qtbot, desk_over(store, jobs, forms=FORMS), go).open(family(store)).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    room.key(Qt.Key.Key_Return)
    QTest.keyClicks(room.focus(), "62")
    room.view.flush()
    jobs.close()  # the lane ends what waits; nothing else of the program is asked
    store.vault.close()
    again, jobs = reopen(tmp_path / "data"), Jobs()
    held = at_store(again, drafts.list_drafts)[0]["id"]
    room = Room(qtbot, desk_over(again, jobs, forms=FORMS), go)
    room.view.open_draft(held)
    room.wait()
    assert room.page() == "1/growth"
    assert room.focus() is room.view.work.page.widgets[room.path("length")].editor
    assert room.view.work.page.widgets[room.path("weight")].editor.text() == "5,85"
    jobs.close()
    again.vault.close()


def test_starting_again_goes_on_with_the_visit_that_is_open(room, store):
    """One family, one open visit: nothing is asked twice."""
    home = family(store)
    room.open(home)
    room.key(Qt.Key.Key_1)
    room.view.flush()
    first = room.draft.id
    room.saved()
    room.view.open_new(home)
    room.wait()
    assert room.draft.id == first
    assert room.presenter.alone == "yes"


def on_full_disk(store, jobs, full):
    """A desk whose disk is full while `full[0]`."""
    real = desk_over(store, jobs, forms=FORMS)

    def writer(deed):
        if full[0]:
            raise StoreError("vault.disk_full")
        return real._writer(deed)

    return Desk(
        jobs=jobs, pack=default_pack(), forms=FORMS, clock=FixedClock(), preferences=real.preferences, practice=False,
        reader=real._reader, writer=writer,
    )  # fmt: skip


def test_a_full_disk_keeps_what_was_typed_and_saves_when_there_is_room(qtbot, store, jobs, go):
    """She is told what to do, and nothing on the page is lost."""
    full = [True]
    desk = on_full_disk(store, jobs, full)
    room = Room(qtbot, desk, go).open(family(store)).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    qtbot.waitUntil(lambda: "the disk is full" in room.view.banner.text())
    assert room.view.work.page.widgets[room.path("weight")].editor.text() == "5,85"
    full[0] = False
    QTest.mouseClick(room.view.banner.deed, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.view.strip.saved.text().startswith("Saved "))
    assert not room.view.banner.isVisible()
    held = room.read(drafts.list_drafts)[0]["id"]
    draft = room.read(lambda w: visits.resume(w, default_pack(), FORMS, held))
    assert draft.parts[1].answers().fields("growth")["weight_g"] == "5850"
    jobs.close()


def test_a_private_question_is_not_drawn_unless_the_mother_is_alone(room, store):
    """A husband beside her must not even see that it could be asked."""
    home = register(store, "Orazow", a_child("", TODAY - timedelta(days=12), surname=""), mother=a_mother("Orazowa"))
    room.open(home)
    mother = next(n for n, p in enumerate(room.draft.parts) if p.form.name == "mother")
    for alone, drawn in (("no", False), ("yes", True)):
        room.to("0/setting").answer(alone=alone)
        room.to(f"{mother}/danger")
        assert ("Thoughts of harming" in texts(room.view.work.page)) is drawn
    room.key(Qt.Key.Key_0)
    row = next(r for path, r in room.view.work.page.grid.rows.items() if path.endswith("ab_harm"))
    assert row.question.value == "", "0 never answers a private question"
    room.answer(ab_harm="no")
    room.to("0/concerns")
    room.to(f"{mother}/danger")
    row = next(r for path, r in room.view.work.page.grid.rows.items() if path.endswith("ab_harm"))
    assert not any(cell.isVisible() for cell in row.cells.values())


def test_twins_have_tabs_of_their_own_and_equal_numbers_are_asked_about_once(room, store):
    """A weight written for the wrong twin is the likeliest slip of the morning."""
    born = TODAY - timedelta(days=12)
    twins = [a_child("", born, surname=""), a_child("", born, surname="")]
    room.open(register(store, "Annayew", *twins, mother=a_mother("Annayewa", "Jeren")))
    names = [room.view.strip.tabs.tabText(at) for at in range(room.view.strip.tabs.count())]
    assert "first born" in names[1]
    assert "second born" in names[2]
    assert names[1] != names[2]
    for number in (1, 2):
        room.to(f"{number}/growth").answer(weight="2,9", length="48", posture="l", head="34", oedema="no")
    room.go_on()
    assert room.page() == "2/growth"
    assert "same numbers" in room.view.banner.text()
    room.go_on()
    assert room.page() != "2/growth"


def test_a_child_who_is_not_there_has_no_pages(room, store):
    """The brother at his grandmother's does not hold up the visit."""
    room.open(two_children(store))
    assert "2/growth" in {s.key for s in room.presenter.steps}
    room.view.work.setting.people.buttons[room.draft.parts[2].person.id].click()
    assert "2/growth" not in {s.key for s in room.presenter.steps}
    assert room.view.strip.tabs.count() == 2
    assert len(room.fill().sign().parts) == 1


def test_the_wording_changes_and_the_program_keeps_its_language(room, store):
    """The mother speaks Russian, the nurse reads English."""
    room.open(family(store)).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    room.key(Qt.Key.Key_F7)
    labels = texts(room.view.work.page)
    assert "Agramy" in labels
    assert room.view.bar.back_button.text() == "Back"
    assert room.view.work.page.widgets[room.path("weight")].editor.text() == "5,85"


def test_the_program_changes_its_language_in_the_middle_of_a_visit(room, store):
    """Nothing typed is lost by it."""
    room.open(family(store)).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    set_language("ru")
    assert room.view.work.page.widgets[room.path("weight")].editor.text() == "5,85"


def test_hide_shows_the_child_to_the_family_with_the_draft_saved(room, store, go):
    """One key, and nothing of the visit is on the screen."""
    home = family(store)
    aina = persons_of(store, home)["Aýna"]
    room.open(home).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    room.key(Qt.Key.Key_F12)
    assert go.places[-1] == ("show_to_family", aina)
    room.saved()
    assert len(room.read(drafts.list_drafts)) == 1


def test_coming_back_to_the_visit_the_keyboard_is_at_the_same_question(room, store):
    """She looked at another page and goes on typing where she was."""
    room.frame.add_page("other", QLabel("other"), "Other")
    room.open(family(store)).to("1/growth")
    room.key(Qt.Key.Key_Return)
    room.key(Qt.Key.Key_Return)
    room.frame.show_page("other")
    room.frame.show_page("visit")
    assert room.focus() is room.view.work.page.widgets[room.path("length")].editor


def test_leaving_keeps_the_visit_and_throwing_it_away_needs_a_second_yes(room, store, go):
    """No deed that cannot be taken back is one click."""
    room.open(family(store))
    room.key(Qt.Key.Key_1)
    QTest.mouseClick(room.view.bar.leave_button, Qt.MouseButton.LeftButton)
    assert go.places[-1] == ("today",)
    room.saved()
    assert len(room.read(drafts.list_drafts)) == 1
    room.view.bar.drop_action.trigger()
    room.saved()
    assert len(room.read(drafts.list_drafts)) == 1
    QTest.mouseClick(room.view.banner.deed, Qt.MouseButton.LeftButton)
    room.saved()
    assert room.read(drafts.list_drafts) == []


def test_a_signed_visit_is_corrected_with_a_reason_and_shows_what_stood_before(room, store, go):
    """Both versions stay; the z is made anew and the old one can be read."""
    room.open(family(store)).fill()
    first = room.sign()
    room.view.open_amending(first.id)
    room.wait()
    room.to("1/growth").answer(weight="5,58")
    room.to("check")
    room.qtbot.waitUntil(lambda: "−0.89" in texts(room.view.work.check))
    room.go_on()
    assert room.view.work.reason.error.isVisible()
    room.key(Qt.Key.Key_1)
    room.go_on()
    room.qtbot.waitUntil(lambda: room.view.stack.currentIndex() == 3)
    second = room.view.done.visit
    assert (second.amends, second.reason) == (first.id, "typed_wrong")
    page = SignedVisitView(room.desk, go)
    room.qtbot.addWidget(page)
    page.show()
    page.open(second.id)
    room.qtbot.waitUntil(lambda: "5.58 kg" in page.pane.text())
    said = page.pane.text()
    assert said.index("Corrected · Aýna Myradowa") < said.index("before: 5.85 kg") < said.index("62.0 cm"), "first"
    assert page.focusWidget() is page.back_button
    assert page.correct_button.isVisible()
    assert not page.main_button.isVisible(), "a page only to be read has no main deed"
    page.open(first.id)
    room.qtbot.waitUntil(lambda: "corrected later" in page.banner.text())
    assert page.focusWidget() is page.main_button
    page.main_button.click()
    assert go.places[-1] == ("read_visit", second.id)


def test_a_signed_visit_fills_a_wide_window_and_breaks_into_one_column(qtbot, room, store, go):
    """Half an empty screen beside a page that scrolls is room wasted."""
    room.open(family(store)).fill()
    signed = room.sign()
    page = SignedVisitView(room.desk, go)
    qtbot.addWidget(page)
    page.show()
    for width, columns in ((1190, 2), (700, 1), (1190, 2)):
        page.resize(width, 600)
        page.open(signed.id)
        qtbot.waitUntil(lambda: "5.85 kg" in page.pane.text())
        qtbot.waitUntil(lambda c=columns: len({card.x() for card in page.pane.cards}) == c)


def test_a_visit_of_the_wrong_child_is_found_looked_at_and_moved(room, store, go):
    """Story of every morning with two Aýnas in one street."""
    home = family(store)
    other = register(store, "Orazow", a_child("Meret", surname="Orazow"))
    room.open(home).fill()
    first = room.sign()
    page = SignedVisitView(room.desk, go)
    room.qtbot.addWidget(page)
    page.show()
    page.open(first.id)
    room.qtbot.waitUntil(lambda: "5.85 kg" in page.pane.text())
    page.wrong_child.trigger()
    QTest.keyClicks(page.search.editor, "mer")
    room.qtbot.waitUntil(lambda: page.list.current_key() == other)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert page.stack.currentIndex() == LOOK
    (box,) = page.moves.boxes.values()
    assert "Meret" in box.currentText()
    assert page.focusWidget() is box
    assert "5.85 kg" in texts(page.moves), "what moves is looked at"
    page.main_button.click()
    room.qtbot.waitUntil(lambda: bool(go.places) and go.places[-1][0] == "read_visit")
    moved = room.read(lambda w: amending.signed(w, default_pack(), go.places[-1][1], today=TODAY))
    assert moved.household.id == other
    assert room.read(lambda w: w.record(first.id)).void
    page.open(first.id)
    room.qtbot.waitUntil(lambda: "points to the visit of the Orazow family" in page.banner.text())
    room.qtbot.waitUntil(lambda: "5.85 kg" in page.pane.text())  # it stays readable
    assert not page.correct_button.isVisible(), "what is void is not corrected"
    assert not page.more_button.isVisible()
    page.main_button.click()
    assert go.places[-1] == ("read_visit", moved.visit.id)


def test_she_says_who_was_really_seen_and_nobody_is_taken_twice(room, store, go):
    """Twins mixed up: the two change places; a child nobody saw is left out."""
    home = two_children(store)
    other = register(store, "Meredow", a_child("Meret", surname="Meredow"), a_child("Selbi", surname="Meredowa"))
    room.open(home).fill()
    signed = room.sign()
    page = SignedVisitView(room.desk, go)
    room.qtbot.addWidget(page)
    page.show()
    page.open(signed.id)
    room.qtbot.waitUntil(lambda: "5.85 kg" in page.pane.text())
    page.begin_moving()
    QTest.keyClicks(page.search.editor, "mer")
    room.qtbot.waitUntil(lambda: page.list.current_key() == other)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    one, two = page.moves.boxes.values()
    assert [one.currentText(), two.currentText()] == ["Choose", "Choose"], "two can be meant: nobody is preset"
    page.main_button.click()
    assert "Choose who was seen" in texts(page.moves)
    before = [one.itemText(1), one.itemText(2)]
    for box, name in ((one, before[0]), (two, before[1]), (one, before[1])):
        box.setCurrentText(name)
        box.activated.emit(box.currentIndex())
    assert [one.currentText(), two.currentText()] == before[::-1]
    kerim = list(page.moves.warnings.values())[1]
    assert "boy 30 m was written down, girl 4 m 5 d is chosen" in kerim.text().replace("\xa0", " ")
    one.setCurrentIndex(one.count() - 1)
    one.activated.emit(one.currentIndex())
    (left,) = page.moves.pairs().values()
    page.main_button.click()
    room.qtbot.waitUntil(lambda: bool(go.places) and go.places[-1][0] == "read_visit")
    moved = room.read(lambda w: amending.signed(w, default_pack(), go.places[-1][1], today=TODAY))
    assert moved.visit.persons == (left,)


def test_a_sheet_half_typed_in_is_not_opened_in_the_room(qtbot, room, store):
    """It belongs to "from paper"; a visit begun now is a visit of its own."""
    home = family(store)
    sheet = room.read(
        lambda w: visits.begin(w, default_pack(), FORMS, home, on=TODAY, language="en", source=Source.PAPER)
    )
    with store.unit(worker=WORKER, now=NOW) as work:
        visits.save_draft(work, sheet.content())
    with qtbot.waitSignal(room.view.sheet_found) as found:
        room.view.open_draft(sheet.id)
    assert found.args == [sheet.id]
    assert room.presenter is None
    room.open(home)
    assert room.draft.id != sheet.id
    assert room.draft.source is Source.SCREEN


def test_nothing_of_another_family_stays_when_the_next_visit_opens(room, store):
    """In the room nothing of another family is on the screen."""
    first, second = family(store), two_children(store)
    room.open(first).to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    room.open(second)
    room.qtbot.waitUntil(lambda: room.draft.household.id == second)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    room.to("1/growth")
    assert "Myradow" not in texts(room.frame)
    assert "5.30" not in texts(room.frame)


@pytest.mark.parametrize("days", [12, 128])
def test_the_whole_danger_list_is_seen_without_scrolling(room, store, days):
    """What is below the edge is not looked for."""
    home = register(store, "Orazow", a_child("Aýna", TODAY - timedelta(days=days)), mother=a_mother("Orazowa"))
    room.open(home).to("1/danger")
    grid = room.view.work.page.grid
    room.qtbot.waitUntil(lambda: grid._columns == 2 and not room.view.work.right_scroll.isVisible())
    room.qtbot.waitUntil(lambda: room.view.work.middle.verticalScrollBar().maximum() == 0)
    assert len(grid.rows) >= 16


def test_everything_still_fits_with_large_text_on_a_small_screen(room, store):
    """At 125 % no deed is lost: the right pane becomes a second tab, the bar keeps its buttons."""
    room.frame.resize(1093, 557)
    room.open(family(store, agreed="breast milk only"))
    assert room.view.strip.last_button.isVisible()
    assert not room.view.work.right_scroll.isVisible()
    room.view.strip.last_button.click()
    assert room.view.work.right_scroll.isVisible()
    assert room.view.bar.main_button.isVisible()
    assert room.view.width() <= 1093


def test_none_of_these_is_a_button_too_and_goes_once_each_sign_is_answered(room, store):
    """Who does not know the key 0 would press "no" nineteen times, or nothing."""
    room.open(family(store))
    room.view.presenter.pick("1/danger")
    none = room.view.work.none
    room.qtbot.waitUntil(none.isVisible)
    assert "0" in none.text()
    room.qtbot.mouseClick(none, Qt.MouseButton.LeftButton)
    room.qtbot.waitUntil(lambda: not none.isVisible())
    assert not room.view.presenter.has_open_signs()


def test_one_key_takes_back_the_last_answer_wherever_it_was_given(room, store):
    """A slip of the finger is put right before it is forgotten, also the one key that answered every sign."""
    room.open(family(store)).to("1/danger")
    room.key(Qt.Key.Key_0)
    room.go_on()
    room.to("1/growth")
    QTest.keyClicks(room.focus(), "5,85")
    room.key(Qt.Key.Key_Return, counts=False)
    undo(room)
    assert room.presenter.part.session.value(room.path("weight")) == ""
    weight = room.view.work.page.widgets[room.path("weight")]
    assert room.focus() is weight.editor
    assert weight.editor.text() == ""
    assert room.view.banner.text() == "Taken back."
    undo(room)
    assert room.page() == "1/danger"
    assert room.presenter.has_open_signs()
    assert not room.presenter.part.looked
    undo(room)
    assert room.page() == "1/danger"  # nothing is left to take back, and nothing happens
    assert [p.session.undoable for p in room.presenter.draft.parts] == [None] * len(room.presenter.draft.parts)


def test_what_a_correction_begins_with_cannot_be_taken_back(room, store):
    """Ctrl+Z in a visit opened for correction must not empty it."""
    visit = room.open(family(store)).fill().sign()
    room.view.open_amending(visit.id)
    room.wait()
    assert room.draft.amends == visit.id
    assert not room.presenter.undo()
    assert all(p.session.undoable is None for p in room.presenter.draft.parts)


def undo(room):
    QTest.keyClick(room.focus(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_visit_that_could_not_be_thrown_away_is_still_kept_and_can_be_thrown_away_again(qtbot, store, jobs, go):
    """The disk was full at that moment: what is typed next is kept, and the second try works."""
    full = [False]
    room = Room(qtbot, on_full_disk(store, jobs, full), go).open(family(store)).to("1/growth")
    QTest.keyClicks(room.focus(), "5")
    room.presenter.keeper.flush()
    qtbot.waitUntil(lambda: room.view.strip.saved.text().startswith("Saved "))
    full[0] = True
    room.view._drop()
    room.view.banner.deed.click()
    qtbot.waitUntil(lambda: "the disk is full" in room.view.banner.text())
    assert room.presenter.keeper.is_dirty
    full[0] = False
    room.view.banner.deed.click()
    qtbot.waitUntil(lambda: go.places[-1:] == [("today",)])
    assert room.read(drafts.list_drafts) == []
    jobs.close()


def test_another_language_on_the_saved_page_shows_no_page_of_the_visit(room, store):
    """What is signed is not gone on with."""
    room.open(family(store)).fill().sign()
    set_language("ru")
    room.view.retranslate()
    set_language("en")
    room.view.retranslate()
    assert not room.view.strip.isVisible()
