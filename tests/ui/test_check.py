"""Check and sign: what was found and left out in sentences, and nothing private."""

from datetime import timedelta

import pytest

from tests.builders import TODAY, a_child, a_mother, register
from tests.ui.visiting import Room, family


@pytest.fixture
def room(qtbot, desk, go):
    return Room(qtbot, desk, go)


def said(room):
    room.to("check")
    room.qtbot.waitUntil(lambda: bool(room.view.work.check.text()))
    return room.view.work.check.text()


def test_check_says_what_was_found_agreed_and_when_next(room, store):
    """The last look before the signature: a wrong number stands out in a sentence."""
    text = said(room.open(family(store)).fill())
    assert "looked for each: none of these" in text
    assert "5.85 kg · As expected for her age (−0.89)" in text
    assert "62.0 cm lying" in text
    assert "breast milk only" in text
    assert "18 December 2026" in text


@pytest.mark.parametrize("typed", ["5482,5", "0,01", "5,85678", "5,8,5"])
def test_the_last_page_opens_with_a_number_that_cannot_be_and_leads_to_it(room, store, typed):
    """Grams typed as kilograms: the page says where to put it right, and still shows what was agreed."""
    room.open(family(store)).fill()
    room.to("1/growth").answer(weight=typed)
    text = said(room)
    assert room.view.work.check.first_line().text().startswith("Growth: ")
    assert "breast milk only" in text
    assert typed.partition(",")[0] + " kg" not in text
    room.presenter.sign()
    assert room.page() == "1/growth", "nothing is signed with it"


def test_check_says_what_was_left_out_and_why(room, store):
    """A blank nobody explains is a blank nobody sees."""
    room.open(family(store)).fill()
    room.to("1/growth").answer(head="", head_why="upset")
    room.to("1/danger").answer(ch_pallor="not_checked")
    text = said(room)
    assert "Head: Child cries and does not settle" in text
    assert "1 danger sign not checked" in text
    assert "looked for each" not in text


def test_what_is_missing_stands_above_with_a_way_there(room, store):
    """She signs at the kitchen table: one click to the open question."""
    room.open(family(store)).fill()
    room.to("0/concerns").answer(has_concern="")
    assert "Family's concerns: 1 answer missing" not in said(room), "a link is a button"
    room.presenter.sign()
    assert room.page() == "0/concerns"
    assert room.view.work.summary.isVisible()


def test_the_keyboard_is_at_what_is_missing_and_sign_comes_after(room, store):
    """Seven sections open and the key for Sign under the thumb: an empty visit is signed, or refused in red."""
    room.open(family(store)).fill()
    room.to("0/concerns").answer(has_concern="")
    room.to("check")
    line = room.view.work.check.first_line()
    assert room.focus() is line
    assert "Family's concerns" in line.text()
    assert room.view.bar.main_button.text().startswith("Go on to what is missing")
    assert room.view.bar.sign_button.isVisible()
    room.frame.show_page("visit")
    assert room.focus() is line
    room.view.draw()
    assert room.focus() is room.view.work.check.first_line(), "drawn again, the keyboard stays there"
    room.go_on()
    assert room.page() == "0/concerns"
    room.answer(has_concern="none")
    room.to("check")
    assert room.focus() is room.view.bar.main_button
    assert room.view.bar.main_button.text().startswith("Sign")
    assert not room.view.bar.sign_button.isVisible()


def test_what_was_never_opened_is_not_called_a_mistake(room, store):
    """She is led there; red is for what was left unanswered after it was seen."""
    room.open(family(store)).answer(alone="no")
    room.to("check")
    room.go_on()
    assert room.page() == "1/danger"
    assert not room.view.work.summary.isVisible()
    room.to("check")
    room.view.bar.sign_button.click()
    assert room.view.work.summary.isVisible()


def test_a_private_answer_is_never_said_there(room, store):
    """The mother-in-law reads along."""
    home = register(store, "Orazow", a_child("", TODAY - timedelta(days=12), surname=""), mother=a_mother("Orazowa"))
    room.open(home)
    room.answer(alone="yes")
    mother = next(n for n, p in enumerate(room.draft.parts) if p.form.name == "mother")
    room.to(f"{mother}/danger").answer(ab_harm="not_checked")
    room.presenter.none_of_these()
    text = said(room)
    assert "looked for each: none of these" in text
    assert "harm" not in text
    assert "not checked" not in text


def test_the_right_pane_holds_last_time_and_the_dot_that_is_not_saved_yet(room, store):
    """What was agreed is asked about first; the new weight is a hollow dot."""
    room.open(family(store, agreed="a glass of water at each feed")).to("1/growth")
    room.answer(weight="5,85")
    pane = room.view.work.right
    assert pane.card.heading.text() == "Last time 9 Oct"
    assert [p.draft for p in pane.chart._data.points] == [False, True]
    room.to("1/danger")
    assert not room.view.work.right_scroll.isVisible(), "the whole list needs the room"
