"""The Sync page over a real store: what waits in true words, decisions by keyboard, joining; and the status line."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from healthvisit.domain.change import Change
from healthvisit.domain.errors import InputError, OfficeError, OfficeUnreachableError
from healthvisit.domain.merge import Outcome
from healthvisit.domain.record import Conflict, Record
from healthvisit.services import families
from healthvisit.services.attention import AttentionCard, FieldConflict, Value
from healthvisit.store import office
from healthvisit.store.office import Answer
from healthvisit.ui import i18n, theme
from healthvisit.ui.desk import SyncState
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.first_run.view import FirstRunView
from healthvisit.ui.settings.presenter import SettingsDeeds
from healthvisit.ui.settings.view import SettingsView
from healthvisit.ui.sync.cards import DecisionCard
from healthvisit.ui.sync.presenter import SyncPresenter
from healthvisit.ui.sync.status import history_line, state_said, status_sentence
from healthvisit.ui.sync.view import SyncView
from healthvisit.ui.sync.words import field_words, subject_words, value_words
from healthvisit.ui.theme import Theme
from healthvisit.ui.unlock.view import UnlockView
from healthvisit.wire.identity import EnrolCode, parse_code
from tests.builders import GARAGUM, NOW, WORKER, a_child, default_pack, register

FRIDAY = datetime(2026, 11, 20, 11, 10, tzinfo=UTC)
STATE = SyncState(
    joined=True, waiting=9, waiting_visits=4, waiting_families=1, oldest_waiting=FRIDAY, at_office=128, in_copy=126,
    last_sent_at=FRIDAY,
)  # fmt: skip
CODE = EnrolCode(bytes(range(16)), bytes(range(12))).text()


@pytest.fixture
def joins():
    return []


@pytest.fixture
def stops():
    return []


@pytest.fixture
def view(qtbot, desk, go, joins, stops):
    made = SyncView(desk, go, stop=lambda: stops.append(1), join=joins.append, check_code=parse_code)
    qtbot.addWidget(made)
    made.resize(1190, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def type_in(text):
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def words_of(widget):
    return " | ".join(
        part.text() for part in widget.findChildren(QLabel) + widget.findChildren(QPushButton) if part.isVisible()
    )


def deed(view, text):
    found = [b for b in view.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    assert found, text
    return found[0]


def in_store(store, work_deed):
    with store.unit(worker=WORKER, now=NOW) as work:
        return work_deed(work)


def conflict_on_birth_date(store):
    """A child whose date of birth the office and this laptop see differently."""
    register(store, "Myradow", a_child())

    def act(work):
        lines = office.lines_from(work, work.chain.inc, 1, limit=500)
        office.take_answers(work, [Answer(chg=line.chg, outcome=Outcome.OK, rev=1) for line in lines])
        (person,) = work.db.exec_driver_sql("SELECT id FROM person WHERE kind = 'child'").one()
        known = work.record(person)
        lost = Conflict(name="born_on", value="2026-07-19", by=WORKER, hlc="0190000000010000", chg="1" * 32, rev=5)
        version = Record(
            kind="person", id=person, subject=person, rev=5, body=known.body, hlc={"": "0190000000000000"},
            conflicts=(lost,),
        )  # fmt: skip
        office.take_version(work, "caseload", version.to_json())
        return person

    return in_store(store, act)


def refused_address(store):
    """A new address that the office did not accept."""
    home = register(store, "Orazow", a_child("Kerim", surname="Orazow"))

    def act(work):
        families.change_household(work, home, {"address": "Bagt 3"})
        line = office.lines_from(work, work.chain.inc, work.chain.number, limit=1)[-1]
        chg = Change.parse(line.line).chg
        office.take_answers(work, [Answer(chg=chg, outcome=Outcome.QUARANTINED, code="scope.not_yours")])
        return home

    return in_store(store, act)


# the page


def test_the_three_lines_say_what_waits_and_that_nothing_is_deleted(view):
    """As on a delivery note: here, there, safe."""
    view.set_state(STATE)
    said = words_of(view)
    for part in (
        "On this computer, not sent", "4 visits, 1 new family · oldest Friday", "9 entries", "At the office",
        "128 entries", "In the office's own copy", "126 entries",
        "Nothing is deleted here until the office's copy has it.",
    ):  # fmt: skip
        assert part in said


def test_the_large_number_is_the_one_on_the_badge(view):
    """A "20" here beside "3" in the rail and "3 visits" below were three answers to one question."""
    view.set_state(STATE)
    assert view.lines[0].count.text() == "5"  # the house adds visits and new families
    view.set_state(replace(STATE, waiting=3, waiting_visits=0, waiting_families=0))
    assert view.lines[0].count.text() == "3 entries"
    view.set_state(replace(STATE, waiting=0, waiting_visits=0, waiting_families=0))
    assert view.lines[0].count.text() == "0"
    view.set_state(replace(STATE, waiting=0, waiting_visits=0, waiting_families=0, waiting_files=2))
    assert view.lines[0].count.text() == "2 pictures or files"


def test_what_stands_here_begins_under_the_title_after_the_text_has_grown(view, qapp):
    """Seven pixels off at 130 %: the margins were those of the size at the start."""
    theme.apply(qapp, Theme(text_percent=130))
    assert view._inside.contentsMargins().left() == theme.px(24)


def test_sending_is_two_keys_and_can_be_stopped(view, go, stops):
    """Ctrl+4, Enter; and the work goes on meanwhile."""
    view.set_state(STATE)
    view.setFocus()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert go.places == [("send_now",)]
    view.set_state(replace(STATE, running=(0, 0)))
    assert "Speaking with the office" in view.state.text()
    assert not view.main.isVisible()
    view.setFocus()
    press(Qt.Key.Key_Space)
    assert stops == [1]


def test_the_keyboard_stays_on_the_page_while_send_and_stop_take_turns(qtbot, view):
    """It went to Lock in the rail: the next Enter would have covered the screen."""
    view.set_state(STATE)
    view.main.setFocus()
    qtbot.waitUntil(view.main.hasFocus)
    view.set_state(replace(STATE, running=(1, 9)))
    qtbot.waitUntil(view.stop.hasFocus)
    view.set_state(STATE)
    qtbot.waitUntil(view.main.hasFocus)


def test_progress_tells_how_long_it_still_takes(view, desk):
    """A bar says nothing to somebody whose visit begins in five minutes."""
    view.set_state(replace(STATE, running=(0, 45)))
    desk.clock.moment = NOW + timedelta(seconds=10)
    view.set_state(replace(STATE, running=(15, 45)))
    assert view.state.text() == "Sending 15 of 45, about 20 s. You can go on working."


@pytest.mark.parametrize(
    ("state", "words", "kind"),
    [
        (STATE, "4 visits wait for the office.", "info"),
        (replace(STATE, waiting=0, waiting_visits=0), "Everything is at the office.", "ok"),
        (
            replace(STATE, waiting=0, waiting_visits=0, waiting_files=1),
            "1 picture or file waits for the office.",
            "info",
        ),
        (replace(STATE, trouble="office.unreachable"), "No line. Nothing is lost", "info"),
        (replace(STATE, trouble="office.captive_portal"), "wants a login page of its own; the office was not", "warn"),
        (
            replace(STATE, trouble="office.wrong_certificate"),
            "did not come from our office. Nothing was sent",
            "danger",
        ),
        (
            replace(STATE, trouble="sync.stopped", trouble_details={"sent": 12, "waiting": 33}),
            "Stopped. Arrived: 12, waiting: 33.",
            "info",
        ),
        (
            replace(STATE, joined=False),
            "not joined to an office yet. Waiting safely here: 4 visits, 1 new family.",
            "info",
        ),
        (SyncState(), "not joined to an office yet. Nothing waits.", "info"),
        (replace(STATE, trouble="program.failed"), "Something in the program failed", "warn"),
    ],
)
def test_each_state_has_its_sentence(state, words, kind):
    """What happened, and that nothing is lost; red is kept for what she must not trust."""
    said = state_said(state)
    assert words in said.text
    assert said.kind == kind


def test_a_busy_office_names_the_time(view, desk):
    """To wait without an hour would be tried again every minute."""
    view.set_state(replace(STATE, trouble="office.busy", trouble_details={"retry_after_s": 1200}))
    until = (NOW + timedelta(minutes=20)).astimezone().strftime("%H:%M")
    assert view.state.text() == f"The office asks to wait until {until}. Nothing is lost."
    desk.clock.moment = NOW + timedelta(minutes=5)
    view.set_state(replace(STATE, waiting=10, trouble="office.busy", trouble_details={"retry_after_s": 1200}))
    assert until in view.state.text()  # the time stands, whatever else changes


def test_history_is_told_in_words(qtbot, view):
    """The last exchanges, with why one did not end well."""
    at = FRIDAY.isoformat()
    entries = (
        {"at": at, "sent": 12, "received": 3, "seconds": 17.6},
        {"at": FRIDAY, "sent": 0, "received": 0, "seconds": 5, "code": "office.unreachable"},
    )
    view.set_state(replace(STATE, history=entries))
    clock = FRIDAY.astimezone().strftime("%H:%M")
    qtbot.waitUntil(lambda: f"Friday {clock} · sent 12, received 3 · 18 s" in words_of(view.history))
    assert history_line(entries[1], NOW) == f"Friday {clock} · No line · 5 s"


def test_a_conflict_is_decided_with_one_key_and_goes(qtbot, view, store):
    """Both values, one question, one deed; on the disk before the card goes."""
    person = conflict_on_birth_date(store)
    view.set_state(replace(STATE, attention=1))
    qtbot.waitUntil(lambda: "Keep mine" in words_of(view))
    said = words_of(view)
    assert "Myradowa Aýna" in said
    assert "Date of birth: two answers. Which one is right?" in said
    assert "18.07.2026" in said
    assert "19.07.2026" in said
    deed(view, "Keep mine").setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Nothing needs a decision." in words_of(view))
    assert "Saved on this computer." in view.banner.text()
    with store.reading(worker=WORKER, now=NOW) as work:
        assert work.record(person).body["born_on"] == "2026-07-19"


def test_a_refused_entry_opens_where_it_can_be_corrected(qtbot, view, store, go):
    """The reason in words and the way there."""
    home = refused_address(store)
    view.set_state(replace(STATE, attention=1))
    qtbot.waitUntil(lambda: "Open and correct" in words_of(view))
    assert "the family is not in your list" in words_of(view)
    deed(view, "Open and correct").setFocus()
    press(Qt.Key.Key_Space)
    assert go.places == [("family", home)]


def test_the_page_reads_again_when_it_is_shown_and_when_records_change(qtbot, view, store, desk):
    """A card decided on the other page must not stand here until tomorrow."""
    qtbot.waitUntil(lambda: "Nothing needs a decision." in words_of(view))
    conflict_on_birth_date(store)
    desk.jobs.report_changed({"person"})
    qtbot.waitUntil(lambda: "Take theirs" in words_of(view))


def test_a_decision_that_came_too_late_is_said(qtbot, view, store):
    """Somebody decided meanwhile: the page says so and looks again."""
    view.show_error(InputError("attention.decided"))
    assert view.banner.text() == "This was decided already. Look at what stands there now."


def test_every_word_changes_with_the_language(view):
    """Also the sentence that stands there already."""
    view.set_state(STATE)
    i18n.set_language("ru")
    i18n.set_language("en")
    assert view.main.text() == "Send now"
    assert view.state.text() == "4 visits wait for the office."


def test_columns_stand_under_one_another_where_it_is_narrow(view):
    """At 125 % with large text nothing is cut."""
    view.resize(700, 500)
    assert view._across.direction() == view._across.Direction.TopToBottom


@pytest.mark.parametrize("page", ["sync", "join", "unlock", "first run", "settings"])
def test_every_control_of_these_pages_has_a_name(qtbot, view, desk, go, page):
    """A screen reader says what the keyboard stands on."""
    deeds = SettingsDeeds(
        changed=print, change_passphrase=print, same=lambda a, b: a == b, log_text=lambda: "", version="0"
    )
    made = {
        "sync": lambda: view,
        "join": lambda: view,
        "unlock": lambda: UnlockView(["W-07", "W-12"], lambda _typed, _slot: None),
        "first run": lambda: FirstRunView(print, same=lambda a, b: a == b, number="K7", check_code=parse_code),
        "settings": lambda: SettingsView(desk, go, deeds),
    }[page]()
    if page == "join":
        view.show_join()
    qtbot.addWidget(made)
    made.show()
    for control in made.findChildren(QWidget):
        if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name).strip(), control


# joining


def test_joining_is_offered_until_joined_and_speaks_of_both_ends(view, joins):
    """Work is safe before; afterwards the page says that it worked."""
    view.set_state(replace(STATE, joined=False))
    assert view.main.text() == "Join with a code"
    view.setFocus()
    press(Qt.Key.Key_Space)
    type_in(CODE.replace(" ", ""))
    type_in("office.example")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert joins == [Join(CODE, "https://office.example")]
    assert not view.join_now.isEnabled()
    view.joined()
    assert view.pages.currentIndex() == 0
    assert "joined to the office now" in view.banner.text()


def test_what_was_typed_stays_when_joining_fails(view, joins):
    """Sixty letters are not typed twice because of a hotel's login page."""
    view.set_state(replace(STATE, joined=False))
    view.show_join()
    type_in(CODE.replace(" ", ""))
    view.join_failed(OfficeUnreachableError("office.captive_portal"))
    assert "login page" in view.join_banner.text()
    assert view.form.code() == CODE
    view.join_failed(OfficeError("enrol.code_used"))
    assert view.form.code_error.text().startswith("This code was used already")
    assert view.form.code() == CODE
    view.back.setFocus()
    press(Qt.Key.Key_Space)
    assert view.pages.currentIndex() == 0


def test_practice_offers_no_office(qtbot, desk, go):
    """Invented families must never reach a real office."""
    desk.practice = True
    view = SyncView(desk, go, join=lambda _join: None)
    qtbot.addWidget(view)
    view.show()
    view.set_state(replace(STATE, joined=False))
    assert "Practice never joins an office" in view.state.text()
    assert not view.main.isVisible()
    assert not view.foot.isVisible()  # an empty white bar promises a deed
    view.set_state(STATE)
    assert view.foot.isVisible()


# cards


def a_card(**facts):
    values = (
        Value(choice="standing", value="sent", is_mine=False, at=NOW),
        Value(choice="1", value="attended", is_mine=True, at=NOW),
    )
    given = {"code": "conflict", "kind": "referral", "record": "1", "family": "Orazow", "household": "h"}
    return AttentionCard(**(given | {"conflicts": (FieldConflict(name="status", values=values),)} | facts))


def test_a_day_of_another_year_is_said_with_its_year():
    """A refusal of last winter is not one of this winter."""
    card = a_card(on=date(2025, 11, 4))
    assert subject_words(card, NOW.date()) == "Referral of 4 Nov 2025 · Orazow family"


def test_sensitive_values_stand_behind_their_button_and_close_with_the_page(qtbot):
    """Others look on: the husband beside her sees that something differs, not what."""
    made = DecisionCard(
        a_card(is_sensitive=True), default_pack(), lambda *_: None, lambda _card: None, today=NOW.date()
    )
    qtbot.addWidget(made)
    made.show()
    assert "arrived" not in words_of(made)
    made.show_it.setFocus()
    made.show_it.click()
    assert "arrived" in words_of(made)
    made.hide()
    made.show()
    assert "arrived" not in words_of(made)


def test_with_three_sides_each_button_names_its_value(qtbot):
    """Mine and theirs cannot tell three apart."""
    values = tuple(Value(choice=str(n), value=f"2026-07-{n}", is_mine=n == 18, at=None) for n in (18, 19, 20))
    card = a_card(kind="person", who="Aýna", conflicts=(FieldConflict(name="born_on", values=values),))
    decided = []
    made = DecisionCard(card, default_pack(), lambda *what: decided.append(what), lambda _card: None, today=NOW.date())
    qtbot.addWidget(made)
    made.show()
    assert [b.text() for b in made.buttons] == ["Keep “18.07.2026”", "Keep “19.07.2026”", "Keep “20.07.2026”"]
    made.buttons[2].click()
    assert decided == [(card, "born_on", "20")]


def test_two_lists_may_be_kept_both(qtbot):
    """Two phone numbers can both be right."""
    one, two = [{"id": "1", "number": "+99365123456"}], [{"id": "2", "number": "+99364777777"}]
    values = (Value(choice="standing", value=one, is_mine=False), Value(choice="1", value=two, is_mine=True))
    card = a_card(kind="household", conflicts=(FieldConflict(name="phones", values=values),))
    made = DecisionCard(card, default_pack(), lambda *_: None, lambda _card: None, today=NOW.date())
    qtbot.addWidget(made)
    made.show()
    assert [b.text() for b in made.buttons] == ["Keep mine", "Take theirs", "Keep both"]
    assert "+99365123456" in words_of(made)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("born_on", "2026-07-18", "18.07.2026"),
        ("arrived_at", "2026-07-18T10:00:00Z", "18.07.2026"),
        ("sex", "f", "girl or woman"),
        ("gestation_days", 210, "30 weeks"),
        ("gestation_days", 211, "30 weeks 1 day"),
        ("weight_g", 3400, "3.40\u00a0kg"),
        ("family_agrees", False, "No"),
        ("void", True, "void"),
        ("aliases", ["Aý", "Aýjan"], "Aý, Aýjan"),
        ("address", "", "nothing"),
        ("died_on", None, "nothing"),
        ("something_new", "kept as it is", "kept as it is"),
    ],
)
def test_values_are_words(name, value, words):
    """Dates and codes as she would write them; what a newer program wrote is shown, not hidden."""
    assert value_words(name, value, default_pack()) == words


def test_places_and_fields_are_named():
    """A location code says nothing; a field nobody knows is shown by its own name."""
    pack = default_pack()
    assert value_words("place", GARAGUM, pack) == pack.text(pack.place(GARAGUM).name, "en")
    assert field_words("born_on") == "Date of birth"
    assert field_words("something_new") == "something_new"
    assert subject_words(a_card(on=NOW.date()), NOW.date()) == "Referral of 23 Nov · Orazow family"
    assert subject_words(a_card(kind="new_kind", family=""), NOW.date()) == "Entry"
    assert subject_words(a_card(kind="household"), NOW.date()) == "Orazow family"


def test_a_visit_that_is_still_shown_is_corrected_itself(desk, go):
    """The nearest place first; without any there is no dead button."""
    presenter = SyncPresenter(desk, go)
    presenter.open(a_card(visit="v1"))
    presenter.open(a_card())
    presenter.open(a_card(household=None))
    assert go.places == [("amend_visit", "v1"), ("family", "h")]


# the status line


def test_the_status_line_says_what_is_saved_waits_and_was_sent():
    """One sentence, always true."""
    clock = FRIDAY.astimezone().strftime("%H:%M")
    assert status_sentence(STATE, NOW) == (
        f"All work saved on this computer · 4 visits wait for the office · last sent Friday {clock}",
        "quiet",
    )


@pytest.mark.parametrize(
    ("state", "part"),
    [
        (SyncState(), "not joined to an office yet"),
        (replace(STATE, running=(12, 45)), "sending 12 of 45"),
        (replace(STATE, trouble="office.unreachable"), "no line"),
        (replace(STATE, trouble="office.busy"), "the office is busy"),
        (replace(STATE, trouble="sync.stopped"), "stopped"),
        (replace(STATE, trouble="office.captive_portal"), "the office was not reached: see Sync"),
        (replace(STATE, waiting_visits=0), "1 new family waits for the office"),
        (replace(STATE, waiting_visits=0, waiting_families=0), "9 entries wait for the office"),
        (replace(STATE, waiting=0, waiting_visits=0, waiting_files=2), "2 pictures or files wait for the office"),
        (replace(STATE, last_sent_at=NOW - timedelta(minutes=5)), "last sent " + "%H:%M"),
        (replace(STATE, last_sent_at=NOW - timedelta(days=40)), "last sent 14 Oct"),
    ],
)
def test_the_status_line_claims_nothing_else(state, part):
    """Each state adds its words, and none that is not so."""
    text, level = status_sentence(state, NOW)
    assert (NOW - timedelta(minutes=5)).astimezone().strftime(part) in text
    assert text.startswith("All work saved on this computer")
    assert level == "quiet"


def test_the_status_line_is_amber_from_seven_days_and_red_only_when_a_save_failed():
    """Offline is the normal state: grey. What waits a week needs a road; a failed save needs her now."""
    week = replace(STATE, oldest_waiting=NOW - timedelta(days=7))
    assert status_sentence(week, NOW)[1] == "warn"
    assert status_sentence(replace(week, oldest_waiting=NOW - timedelta(days=6, hours=23)), NOW)[1] == "quiet"
    assert status_sentence(replace(week, waiting=0, waiting_visits=0), NOW)[1] == "quiet"
    assert status_sentence(week, NOW, save_failed="Cannot save: the disk is full.") == (
        "Cannot save: the disk is full.",
        "danger",
    )
    assert status_sentence(replace(STATE, trouble="office.wrong_certificate"), NOW)[1] == "quiet"
