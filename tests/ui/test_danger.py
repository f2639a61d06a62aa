"""Danger now: from a sign to a sealed referral before anything else, by keyboard."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from healthvisit.domain.referral import ReferralStatus
from healthvisit.services import dangers
from healthvisit.store import drafts, visits
from healthvisit.ui.i18n import set_language
from healthvisit.ui.papers.referral_note import five_lines, referral_note
from healthvisit.ui.printing import page_count, pdf_bytes
from healthvisit.ui.visit.view import DANGER, WORK
from tests.builders import NOW, TODAY, WORKER, a_child, a_mother, default_pack, register
from tests.ui.visiting import Room, family, two_children


def at_store(store, deed):
    with store.reading(worker=WORKER, now=NOW) as work:
        return deed(work)


@pytest.fixture
def room(qtbot, desk, go):
    return Room(qtbot, desk, go)


def in_danger(room):
    return room.view.stack.currentIndex() == DANGER


def answer(room, **answers):
    presenter = room.view.danger.presenter
    for name, text in answers.items():
        path = next(q.path for q in presenter.questions() if q.path.endswith("/" + name))
        presenter.answer(path, text)


def confirm(room):
    room.go_on()
    room.qtbot.waitUntil(lambda: room.view.danger.is_note)


def referral_of(room, part):
    return room.read(lambda w: dangers.referral_of(w, part.referral))


def test_an_urgent_sign_turns_to_danger_now_with_what_to_do_for_exactly_it(room, store):
    """A program that asks and stays silent does harm."""
    room.open(family(store)).to("1/danger")
    for _ in range(2):
        room.key(Qt.Key.Key_2)
    room.key(Qt.Key.Key_1)  # fits
    assert in_danger(room)
    assert room.view.danger.presenter.signs() == ("ch_convulsions",)
    aid = room.view.danger.presenter.aid()
    assert aid[0].startswith("Give nothing by mouth")
    assert aid[-1].startswith("Go to the hospital now")


def test_the_whole_of_danger_now_is_done_by_keyboard_and_sealed_before_the_visit(room, store):
    """Stamp, where, who, how, yes: sealed and queued, the visit still open."""
    room.open(family(store)).to("1/danger")
    room.key(Qt.Key.Key_1)  # cannot drink
    before = store.chain.number
    assert (
        room.focus()
        is room.view.danger.page.widgets[
            next(q.path for q in room.view.danger.presenter.questions() if q.path.endswith("ambulance_at"))
        ].stop()
    )
    room.key(Qt.Key.Key_Return)  # rung, stamped
    room.key(Qt.Key.Key_Return, counts=False)
    room.type("Mary hospital")
    room.type("grandmother")
    room.key(Qt.Key.Key_1)
    room.key(Qt.Key.Key_Return, counts=False)
    room.key(Qt.Key.Key_1)
    confirm(room)
    part = room.draft.parts[1]
    referral, screen = referral_of(room, part)
    assert (referral.to, referral.companion, referral.transport) == ("Mary hospital", "grandmother", "ambulance")
    assert referral.ambulance_at is not None
    assert screen.signs == {"ch_cannot_drink": "yes"}
    assert store.chain.number == before + 3
    room.go_on()
    assert room.view.stack.currentIndex() == WORK
    assert part.answers().signs()["ch_cannot_drink"] == "yes"


def test_it_opens_from_any_page_before_any_answer(room, store):
    """The child is blue in the doorway: Ctrl+D, and what was chosen there is answered in the visit too."""
    room.open(family(store))
    room.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert in_danger(room)
    answer(room, signs="ch_blue_lips", temperature="36,2", breaths="44")
    room.go_on()
    answer(room, agrees="yes")
    confirm(room)
    room.go_on()
    part = room.draft.parts[1]
    assert part.answers().signs()["ch_blue_lips"] == "yes"
    assert part.answers().fields("danger")["temperature_c10"] == "362"
    room.to("1/danger")
    room.key(Qt.Key.Key_0)
    assert part.answers().signs()["ch_blue_lips"] == "yes"
    assert part.answers().signs()["ch_poison"] == "no"
    assert part.looked
    room.to("0/setting")
    visit = room.fill().sign()
    danger = visit.parts[0].entry("danger")
    assert danger["referral"] == part.referral
    assert "looked_for_each" not in danger


def test_a_number_turns_there_when_its_field_is_left_and_not_while_it_is_typed(room, store):
    """38,5 in a newborn is a sign; 3 and 38 on the way to 38,2 of a year-old are not."""
    home = register(store, "Orazow", a_child("Aýna", TODAY - timedelta(days=20)), mother=a_mother("Orazowa"))
    room.open(home).to("1/danger")
    room.key(Qt.Key.Key_0)
    room.view.work.page.widgets[room.path("temperature")].editor.setFocus()
    QTest.keyClicks(room.focus(), "38,5")
    assert not in_danger(room)
    room.key(Qt.Key.Key_Return)
    assert in_danger(room)
    assert "yi_fever" in room.view.danger.presenter.signs()


def test_swollen_feet_found_at_the_scales_turn_there_too(room, store):
    """The sign is in the growth page; the referral is the same."""
    room.open(family(store)).to("1/growth")
    room.answer(weight="5,85", length="62", posture="l", head="40", oedema="yes")
    assert in_danger(room)
    answer(room, agrees="yes")
    confirm(room)
    assert "ch_feet_swollen" in room.draft.parts[1].covered


def test_a_sign_without_referral_is_not_signed_by_the_screen(room, store):
    """Back to the visit is always possible; signing without a referral is not."""
    room.open(family(store)).fill()
    room.to("1/danger").answer(ch_convulsions="yes")
    assert in_danger(room)
    room.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)  # to what is seen
    room.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)  # to the visit
    assert room.view.stack.currentIndex() == WORK
    room.to("check")
    room.qtbot.waitUntil(lambda: "without a referral" in room.view.work.check.text())
    room.go_on()
    assert in_danger(room)


def test_a_sign_for_the_same_day_asks_for_a_referral_without_taking_the_page(room, store):
    """Pus from the ear waits until the questions are done, and not longer."""
    room.open(family(store)).to("1/danger").answer(ch_ear_pus="yes")
    assert not in_danger(room)
    room.presenter.none_of_these()
    room.to("check")
    room.qtbot.waitUntil(lambda: "without a referral" in room.view.work.check.text())


def test_a_family_that_refuses_is_asked_who_why_and_whether_the_supervisor_knows(room, store):
    """A refusal is a decision somebody must be able to stand by."""
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="no")
    room.go_on()
    assert not room.view.danger.is_note
    answer(room, reason="grandmother: no car", would_change="a car", second_offer="yes", supervisor_told="yes")
    confirm(room)
    referral, _screen = referral_of(room, room.draft.parts[1])
    assert referral.status is ReferralStatus.REFUSED
    assert (referral.refusal_reason, referral.would_change) == ("grandmother: no car", "a car")
    assert referral.supervisor_told_at == NOW


def test_a_refusal_the_supervisor_does_not_know_of_is_not_taken(room, store):
    """The sentence says what is missing; what was written stays."""
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="no")
    answer(room, reason="no car", second_offer="yes", supervisor_told="no")
    room.go_on()
    room.qtbot.waitUntil(lambda: "supervisor" in room.view.danger.banner.text())
    assert room.draft.parts[1].referral is None
    told = {q.path.rpartition("/")[2]: q.value for q in room.view.danger.presenter.questions()}
    assert (told["reason"], told["supervisor_told"]) == ("no car", "no")


def test_danger_now_begun_and_not_confirmed_comes_back_after_a_crash(room, store, desk):
    """The battery went while the nurse ran for the telephone."""
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, to="Mary hospital")
    room.view.flush()
    room.saved()
    held = room.read(drafts.list_drafts)[0]["id"]
    room.view.open_draft(held)
    room.wait()
    assert in_danger(room)
    assert room.view.danger.presenter.signs() == ("ch_convulsions",)
    answered = {q.path.rpartition("/")[2]: q.value for q in room.view.danger.presenter.questions()}
    assert answered["to"] == "Mary hospital"


def test_with_two_children_it_is_said_for_whom(room, store):
    """The wrong brother must not be carried to the hospital."""
    room.open(two_children(store))
    room.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    pane = room.view.danger
    assert pane.who.isVisible()
    assert "Aýna" in pane.heading.text()
    pane.who.buttons[room.draft.parts[2].person.id].click()
    assert "Kerim" in pane.heading.text()


def test_the_referral_is_there_though_the_visit_is_thrown_away(room, store):
    """What was confirmed does not depend on the visit."""
    home = family(store)
    room.open(home).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="yes")
    confirm(room)
    room.go_on()
    room.presenter.drop(lambda _nothing: None)
    room.saved()
    assert [r.urgency for r in room.read(lambda w: visits.referrals_of(w, home))] == ["emergency"]


def test_the_note_has_five_lines_that_can_be_copied_and_one_page_that_can_be_printed(room, store):
    """No printer in the yard: five lines by hand are enough for the doctor."""
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="yes", to="Mary hospital", ambulance_at="09:10")
    confirm(room)
    lines = five_lines(default_pack(), room.view.danger.note)
    assert len(lines) == 5
    assert lines[0].startswith("Aýna Myradowa, girl, 4 months 5 days")
    assert "Fits, now or in this illness" in lines[1]
    assert "Give nothing by mouth" in lines[2]
    assert "Mary hospital" in lines[3]
    assert "03 rung at 09:10" in lines[3]
    assert "A. Orazowa" in lines[4]
    letter = referral_note(default_pack(), room.view.danger.note)
    assert page_count(letter) == 1
    assert pdf_bytes(letter).startswith(b"%PDF")
    assert "Myradowa" not in repr(letter)


@pytest.mark.parametrize("code", ["tk", "ru", "en"])
def test_what_to_do_now_is_seen_without_scrolling_on_a_small_screen(room, store, code):
    """1366×768 at 125 %: the longest four lines, in each language, and the practice band above."""
    set_language(code)
    room.frame.resize(1093, 533)
    room.open(family(store))
    room.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    answer(room, signs="ch_burn ch_bruise")
    pane = room.view.danger
    room.qtbot.waitUntil(lambda: pane.aid.height() > 200)
    assert len(pane.presenter.aid()) == 4
    assert pane._right.verticalScrollBar().maximum() == 0


def test_a_private_sign_is_not_offered_any_more_once_others_listen(room, store):
    """Somebody came in: what was asked alone is neither on the page nor on the urgent one."""
    home = register(store, "Orazow", a_child("", TODAY - timedelta(days=12), surname=""), mother=a_mother("Orazowa"))
    room.open(home)
    mother = next(p for p in room.draft.parts if p.form.name == "mother")

    def offered():
        room.view.turn_to_danger(mother)
        room.view.danger.back()
        (signs,) = (q for q in room.view.danger.presenter.questions() if q.field == "signs")
        return "ab_harm" in dict(signs.choices)

    room.answer(alone="yes")
    assert offered()
    answer(room, signs="ab_fits")
    room.view._back_to_visit()
    room.to("0/setting").answer(alone="no")
    assert not offered()


def test_a_slip_in_a_number_silences_no_sign(room, store):
    """38,55 is no temperature; the fits beside it are fits all the same."""
    room.open(family(store)).to("1/danger").answer(temperature="38,55")
    room.answer(ch_convulsions="yes")
    assert in_danger(room)
    assert room.view.danger.presenter.signs() == ("ch_convulsions",)
    room.view.danger.back()
    answer(room, temperature="38,55")
    assert room.view.danger.presenter.signs() == ("ch_convulsions",)
    assert room.view.danger.presenter.aid()[0].startswith("Give nothing by mouth")
