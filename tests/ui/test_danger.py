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
from healthvisit.ui.visit.panes import DANGER, WORK
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


def ask(room):
    room.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)


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
    ask(room)
    assert in_danger(room)
    room.key(Qt.Key.Key_1)  # the child; her mother is the other
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


def test_nobody_is_preset_where_several_could_be_meant(room, store):
    """The wrong brother must not be carried to the hospital: one key more, also from the page of one of them."""
    room.open(two_children(store))
    for page in ("0/setting", "1/growth"):
        room.to(page)
        ask(room)
        pane = room.view.danger
        assert pane.presenter is None
        assert pane.heading.text() == "Danger now"
        assert pane.who.isVisible()
        assert pane.who.key() is None
        assert not pane.page.isVisible()
        room.go_on()
        assert "Choose for whom" in pane.who.error.text()
        room.key(Qt.Key.Key_2)
        assert "Kerim" in pane.heading.text()
        assert room.focus() is pane.signs.group.focusProxy()
        QTest.mouseClick(pane.other_button, Qt.MouseButton.LeftButton)
        assert pane.who.key() is None
        room.key(Qt.Key.Key_1)
        assert "Aýna" in pane.heading.text()
        room.view._back_to_visit()


def test_the_only_one_who_can_be_meant_is_not_asked_about(room, store):
    """No key is wasted where there is nothing to choose."""
    room.open(register(store, "Orazow", mother=a_mother("Orazowa", due_on=TODAY + timedelta(days=60))))
    ask(room)
    assert "Sona" in room.view.danger.heading.text()
    assert not room.view.danger.who.isVisible()


def test_a_mother_without_pages_of_her_own_can_be_in_danger_too(room, store):
    """Her child is two years old; she bleeds. Her referral is sealed, and nothing more is asked of her."""
    room.open(register(store, "Orazow", a_child("Kerim", TODAY - timedelta(days=760)), mother=a_mother("Orazowa")))
    mother = room.draft.parts[2]
    assert not mother.seen
    pages = [s.key for s in room.presenter.steps]
    ask(room)
    room.key(Qt.Key.Key_2)
    assert "mother" in room.view.danger.heading.text()
    answer(room, signs="ab_bleeding")
    room.go_on()
    answer(room, agrees="yes")
    confirm(room)
    referral, _screen = referral_of(room, mother)
    assert referral.person == mother.person.id
    room.go_on()
    assert [s.key for s in room.presenter.steps] == pages
    for there in (False, True):
        room.presenter.setting.set_present(mother.person, there=there)
        assert [s.key for s in room.presenter.steps] == pages
    assert len(room.fill().sign().parts) == 1


def test_the_keyboard_is_at_print_once_it_is_confirmed(room, store):
    """Enter must not lock the computer in the middle of an emergency."""
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="yes")
    confirm(room)
    assert room.focus() is room.view.danger.print_button
    assert not room.view.bar.back_button.isVisible(), "the main deed leads back"
    room.frame.show_page("visit")
    assert room.focus() is room.view.danger.print_button


def test_what_is_begun_for_one_of_them_is_gone_on_with(room, store):
    """She went back to the visit for a moment: the key leads to where she was."""
    room.open(two_children(store)).to("2/danger").answer(ch_convulsions="yes")
    room.view._back_to_visit()
    ask(room)
    assert "Kerim" in room.view.danger.heading.text()


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
    assert lines[2].startswith("Told to the family: give nothing by mouth")
    assert lines[3].startswith("To Mary hospital")
    assert "03 rung at 09:10" in lines[3]
    assert "A. Orazowa" in lines[4]
    assert "phone ____" in lines[4], "hers is not known: a place to write it"
    letter = referral_note(default_pack(), room.view.danger.note)
    assert page_count(letter) == 1
    assert pdf_bytes(letter).startswith(b"%PDF")
    assert "Myradowa" not in repr(letter)


def test_the_note_says_who_refused_why_and_that_nobody_was_rung(room, store):
    """The doctor rings the family: he must know whom to speak to, and that no ambulance is on its way."""
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="no")
    answer(room, reason="grandmother: no car", second_offer="yes", supervisor_told="yes")
    confirm(room)
    way = five_lines(default_pack(), room.view.danger.note)[3]
    assert way == "The family does not agree: grandmother: no car, where to: not decided yet, 03 not rung"


@pytest.mark.parametrize("code", ["tk", "ru", "en"])
def test_the_way_opens_at_its_top_on_a_small_screen(room, store, code):
    """What was seen is the first thing she reads, and nothing is cut."""
    set_language(code)
    room.frame.resize(1093, 557)
    room.open(family(store))
    room.view.turn_to_danger(room.draft.parts[1])
    answer(room, signs="ch_convulsions ch_lethargic ch_stridor ch_dehydrated ch_rash")
    room.settle()
    room.go_on()
    pane = room.view.danger
    room.qtbot.waitUntil(lambda: pane.seen.isVisible() and pane.seen.height() > 10)
    room.settle()
    assert pane._left.verticalScrollBar().value() == 0


def test_what_is_wrong_is_in_sight_beside_the_words_for_it(room, store):
    """The questions of a refusal are the last of the page: "there is a problem" beside right fields says nothing."""
    room.frame.resize(1093, 557)
    room.open(family(store)).to("1/danger").answer(ch_convulsions="yes")
    answer(room, agrees="no")
    room.go_on()
    pane = room.view.danger
    first = pane.page.stop_of(next(q.path for q in pane.presenter.questions() if q.path.endswith("/reason")))

    def in_sight():
        return not first.visibleRegion().isEmpty()

    room.qtbot.waitUntil(in_sight)
    room.settle()
    assert in_sight()
    assert not pane.summary.visibleRegion().isEmpty()


@pytest.mark.parametrize("code", ["tk", "ru", "en"])
def test_what_to_do_now_is_seen_without_scrolling_on_a_small_screen(room, store, code):
    """1366×768 at 125 %: the longest four lines, in each language, and the practice band above."""
    set_language(code)
    room.frame.resize(1093, 533)
    room.open(family(store))
    ask(room)
    room.key(Qt.Key.Key_1)
    answer(room, signs="ch_burn ch_bruise")
    pane = room.view.danger
    room.qtbot.waitUntil(lambda: pane.aid.height() > 200)
    assert len(pane.presenter.aid()) == 4
    first = pane.aid.body.itemAt(0).widget()
    assert "03" in first.text(), "the ambulance is rung first"
    room.qtbot.waitUntil(lambda: pane._right.verticalScrollBar().maximum() == 0)


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
