"""An instrument asked on the screen: private questions only alone, nothing lost, the result in words."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from healthvisit.domain.ids import new_record_id
from healthvisit.services import assessments
from healthvisit.services.assessments import Entered
from healthvisit.services.development import check_facts
from healthvisit.store import checks
from healthvisit.ui.child.view import ChildView
from healthvisit.ui.development.adult_view import AdultView
from healthvisit.ui.development.ask_view import AskView
from healthvisit.ui.development.result_view import ResultView
from tests.builders import NOW, TODAY, WORKER, a_child, a_mother, persons_of, register
from tests.ui.conftest import desk_over

MONTH = 30.4375


@pytest.fixture
def family(store):
    born = TODAY - timedelta(days=round(30 * MONTH))
    home = register(store, "Myradow", a_mother(), a_child("Aýna", born))
    return persons_of(store, home)


def opened(qtbot, make, open_it, until):
    view = make()
    qtbot.addWidget(view)
    view.resize(1190, 620)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    open_it(view)
    qtbot.waitUntil(lambda: until(view))
    return view


def asking(qtbot, desk, go, person, amends=""):
    return opened(
        qtbot, lambda: AskView(desk, go), lambda v: v.open(person, amends), lambda v: v.presenter.draft is not None
    )


def entering(qtbot, desk, go, person, amends=""):
    return opened(
        qtbot, lambda: ResultView(desk, go), lambda v: v.open(person, amends), lambda v: v.presenter.draft is not None
    )


def adult(qtbot, desk, go, person):
    return opened(
        qtbot, lambda: AdultView(desk, go), lambda v: v.show_adult(person), lambda v: v.facts_read is not None
    )


def alone(view):
    view.gate.asked.choose("yes")
    view.gate.asked.changed.emit()


def held(store, person):
    with store.reading(worker=WORKER, now=NOW) as work:
        return checks.assessments_of(work, person)


def saved(store, known=None, **facts):
    given = Entered(**{"id": new_record_id(NOW), "on": TODAY} | facts)
    with store.unit(worker=WORKER, now=NOW) as work:
        return assessments.save_result(work, known or assessments.library(), given, today=TODAY)


def choose(view, code):
    view.which.setCurrentIndex(view.which.findData(code))
    view.which.activated.emit(view.which.currentIndex())


def test_a_form_by_number_has_no_more_columns_than_have_room(qtbot, desk, go, store):
    """Answers beyond the edge of a small window could be neither seen nor clicked: nothing scrolls sideways."""
    born = TODAY - timedelta(days=round(31 * MONTH))
    child = persons_of(store, register(store, "Amanow", a_mother(), a_child("Kerim", born)))["Kerim"]
    view = entering(qtbot, desk, go, child)
    choose(view, "ecdi2030")
    columns = {}
    for width in (1700, 880, 620):
        view.resize(width, 620)
        qtbot.waitUntil(lambda width=width: view.width() == width and view.answers.isVisible())
        QApplication.processEvents()
        rows = list(view.answers.rows.values())
        columns[width] = len({row.x() for row in rows})
        room = view.answers.parentWidget().parentWidget().width()
        assert all(row.mapTo(view, row.rect().bottomRight()).x() <= view.width() for row in rows)
        assert view.answers.width() <= room
        assert len({(row.x(), row.y()) for row in rows}) == len(rows)
    assert columns[1700] > columns[880] >= columns[620] >= 1
    assert view.day.y() == view.tool.y()
    choose(view, "asq3")
    QApplication.processEvents()
    assert view.version.isVisible()
    assert view.day.y() == view.assessor.y() > view.tool.y()


# the mother's questions


def test_private_questions_are_not_drawn_before_she_is_said_to_be_alone(qtbot, desk, go, family):
    """Whoever looks over a shoulder sees neither the questions nor what they are about (DOMAIN 1.3)."""
    view = asking(qtbot, desk, go, family["Sona"])
    assert view.gate.isVisible()
    assert view.gate.asked.key() is None
    assert not view.rows.rows
    assert "PHQ" not in view.about.words()
    assert not view.main.isEnabled()
    view.gate.asked.choose("no")
    view.gate.asked.changed.emit()
    assert "Plan a moment" in view.gate.later.text()
    assert not view.rows.rows
    alone(view)
    assert [row.words.text() for row in view.rows.rows.values()] == [
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
    ]


def test_two_digits_ask_phq2_and_the_result_says_what_to_do(qtbot, desk, go, store, family):
    """From three points on: a doctor within 14 days, asked after; no diagnosis, and the answers leave the screen."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_3)
    assert view.main.hasFocus()
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    words = view.result.words()
    assert words.startswith("May need support\nWhat to do\nListen, and agree on a doctor within 14 days.")
    assert "Ask by 07.12.2026 what came of it." in words
    assert words.endswith("They are no diagnosis."), "in a small window the pane beside is a tab of its own"
    assert view.panes.tabs.tabText(0) == "Result"
    assert not view.rows.rows
    (made,) = held(store, family["Sona"])
    assert (made.tool, made.version, made.pack, made.total, made.status) == (
        "phq2", "1", "instruments@2026.1", 4, "positive",
    )  # fmt: skip
    assert made.answers == {"interest": "more_than_half", "mood": "more_than_half"}
    assert not asking(qtbot, desk, go, family["Sona"]).presenter.is_begun


def test_where_nothing_is_begun_one_goes_back_and_nothing_is_said_to_be_kept(qtbot, desk, go, family):
    """A button "Leave, keep it" before the first answer makes her look for what it keeps."""
    view = asking(qtbot, desk, go, family["Sona"])
    assert view.leave.text() == "Back"
    assert not view.throw.isVisible()
    alone(view)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    assert view.leave.text() == "Leave, keep it"
    assert view.throw.isVisible()


def test_a_negative_result_asks_for_nothing(qtbot, desk, go, store, family):
    """Thank her; no task stands on a list."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    assert "Thank her" in view.result.words()
    assert held(store, family["Sona"])[0].follow_up_on is None


def test_an_open_question_is_named_and_nothing_is_saved(qtbot, desk, go, store, family):
    """Half a form has no score."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    view.main.click()
    qtbot.waitUntil(lambda: "still open: 1" in view.banner.text())
    assert view.rows.rows["mood"].hasFocus()
    assert held(store, family["Sona"]) == []


def test_what_was_answered_survives_a_lock_and_being_alone_is_asked_again(qtbot, desk, go, store, family):
    """The lock covers at once; behind it nothing private waits for whoever opens it."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    view.flush()
    assert view.gate.isVisible()
    assert not view.rows.rows
    assert adult(qtbot, desk, go, family["Sona"]).ask.text() == "Go on with the questions"
    desk.clock.day += timedelta(days=3)
    later = asking(qtbot, desk, go, family["Sona"])
    assert later.presenter.on == TODAY  # the answers were given then
    assert later.gate.asked.key() is None
    assert not later.rows.rows
    alone(later)
    assert later.rows.rows["interest"].value == "nearly_every_day"
    assert later.rows.rows["mood"].hasFocus()


def test_nothing_of_an_answer_is_readable_in_the_files(qtbot, desk, go, family, tmp_path):
    """A draft is sealed as everything else is."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    qtbot.waitUntil(lambda: "Saved" in view.kept.text())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(word in path.read_bytes() for path in files for word in (b"nearly_every_day", b"phq2", b"asked:"))


def test_a_form_thrown_away_leaves_nothing(qtbot, desk, go, family):
    """She changed her mind: it is as if it was never asked."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    qtbot.waitUntil(lambda: "Saved" in view.kept.text())
    view.throw.click()
    later = asking(qtbot, desk, go, family["Sona"])
    assert not later.presenter.is_begun
    assert not later.throw.isVisible()


def test_a_correction_stands_above_what_it_corrects(qtbot, desk, go, store, family):
    """Issue 4: nothing is overwritten; the old value stays visible and only its newer one counts."""
    first = saved(
        store, person=family["Sona"], tool="phq2", answers={"interest": "nearly_every_day", "mood": "not_at_all"}
    )
    page = adult(qtbot, desk, go, family["Sona"])
    page.open_found.click()
    qtbot.waitUntil(lambda: page.found is not None)
    page.correct.click()
    assert go.places[-1] == ("ask", family["Sona"], first.id)
    view = asking(qtbot, desk, go, family["Sona"], first.id)
    alone(view)
    assert view.rows.rows["interest"].value == "nearly_every_day"
    view.rows.rows["interest"].setFocus()
    qtbot.keyClick(view.rows.rows["interest"], Qt.Key.Key_1)
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    (now,) = held(store, family["Sona"])
    assert (now.amends, now.total) == ((first.id,), 0)
    with store.reading(worker=WORKER, now=NOW) as work:
        assert assessments.follow_ups(work, family["Sona"]) == ()
    qtbot.waitUntil(lambda: page.table.rowCount() == 2)
    assert "corrected since" in page.table.item(1, 3).text()
    page.table.setCurrentCell(1, 0)
    page.correct.click()
    assert "corrected already" in page.banner.text()


def test_a_correction_waits_while_other_answers_are_begun(qtbot, desk, go, store, family):
    """What was begun is not thrown over; the page says so."""
    first = saved(store, person=family["Sona"], tool="phq2", answers={"interest": "not_at_all", "mood": "not_at_all"})
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_4)
    qtbot.waitUntil(lambda: "Saved" in view.kept.text())
    other = asking(qtbot, desk, go, family["Sona"], first.id)
    assert "Other answers are begun" in other.banner.text()


def test_the_adult_s_page_shows_no_result_before_its_button_and_forgets_it(qtbot, desk, go, store, family):
    """Rule 2: Sensitive opens by its own button, and closes when the page is left."""
    saved(store, person=family["Sona"], tool="phq2", answers={"interest": "more_than_half", "mood": "several_days"})
    page = adult(qtbot, desk, go, family["Sona"])
    assert not page.part.isVisible()
    assert page.table.rowCount() == 0
    page.open_found.click()
    qtbot.waitUntil(lambda: page.table.rowCount() == 1)
    assert page.table.item(0, 2).text() == "May need support"
    assert "Ask by 07.12.2026" in page.owed.text()
    page.heard.click()
    qtbot.waitUntil(lambda: page.found is not None and not page.found.follow_ups)
    page.hide()
    assert page.found is None
    assert page.table.rowCount() == 0


def test_questions_are_read_in_another_language_by_f7(qtbot, desk, go, family):
    """A mother who speaks Russian; the program stays as it is."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    view.presenter.wording = "tk"
    assert view.command("wording_language")
    assert view.rows.rows["mood"].words.text() == "Подавленность, уныние или безнадёжность"
    assert view.lead.text().startswith("За последние 2 недели")
    assert view.main.text() == "Save the answers"


def test_a_day_to_come_is_refused_beside_its_field(qtbot, desk, go, family):
    """Asked tomorrow is a slip."""
    view = asking(qtbot, desk, go, family["Sona"])
    alone(view)
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    view.day.set_text("24.11.2026")
    view.main.click()
    qtbot.waitUntil(lambda: "still to come" in view.day.error.text())
    view.day.set_text("nonsense")
    view.main.click()
    assert "not a day" in view.day.error.text()


def test_hiding_shows_the_page_of_a_child_of_hers(qtbot, desk, go, family):
    """What comes on the screen instead is what the family may see."""
    view = asking(qtbot, desk, go, family["Sona"])
    view.show_to_family()
    assert go.places[-1] == ("show_to_family", family["Aýna"])


# results entered


def test_what_is_typed_of_a_result_survives_a_lock(qtbot, desk, go, family):
    """Version, assessor, half a number: all of it is there again, and nothing was saved."""
    view = entering(qtbot, desk, go, family["Aýna"])
    choose(view, "asq3")
    for field, text in ((view.version, "3"), (view.assessor, "Dr Orazow"), (view.day, "20.11.")):
        field.set_text(text)
        field.edited.emit(text)
    view.status.choose("below_cutoff")
    view.status.changed.emit()
    score, said = view.areas["gross_motor"]
    score.set_text("2o,")
    score.edited.emit("2o,")
    said.setCurrentIndex(1)
    said.activated.emit(1)
    view.flush()
    later = entering(qtbot, desk, go, family["Aýna"])
    assert later.which.currentData() == "asq3"
    assert [f.text() for f in (later.version, later.assessor, later.day)] == ["3", "Dr Orazow", "20.11."]
    assert later.status.key() == "below_cutoff"
    assert later.areas["gross_motor"][0].text() == "2o,"
    assert later.areas["gross_motor"][1].currentData() == "above_cutoff"
    assert "go on where you stopped" in later.banner.text()


def test_numbers_keyed_in_survive_another_tool_chosen_by_mistake(qtbot, desk, go, store, family):
    """Twenty digits are not typed twice."""
    young = persons_of(store, register(store, "Orazow", a_child("Maral", TODAY - timedelta(days=600))))["Maral"]
    view = entering(qtbot, desk, go, young)
    choose(view, "mchat_r")
    view.answers.stand_on("q1")
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    choose(view, "asq3")
    choose(view, "mchat_r")
    assert sum(bool(row.value) for row in view.answers.rows.values()) == 5
    view.throw.click()
    assert entering(qtbot, desk, go, young).presenter.answers == {}


def test_no_number_moves_from_one_tool_to_another(qtbot, desk, go, store, family):
    """A total of EPDS under PHQ-9, or a "no" to self-harm never said, would be a wrong record."""
    first = saved(
        store, person=family["Sona"], tool="epds", version="1987", assessor="Dr Orazow", total=Decimal(7), safety=False
    )
    view = entering(qtbot, desk, go, family["Sona"], first.id)
    assert (view.total.text(), view.safety.key(), view.version.text()) == ("7", "no", "1987")
    view.assessor.set_text("Dr Atayew")
    view.assessor.edited.emit("Dr Atayew")
    choose(view, "phq9")
    assert (view.total.text(), view.safety.key(), view.version.text(), view.status.key()) == ("", None, "", None)
    assert view.assessor.text() == "Dr Atayew"
    choose(view, "epds")
    assert (view.total.text(), view.safety.key(), view.status.key()) == ("7", "no", "negative")
    view.day.set_text("2026-13-45")
    view.day.edited.emit("2026-13-45")
    view.flush()
    assert entering(qtbot, desk, go, family["Sona"]).day.text() == "2026-13-45"


def test_epds_of_the_mother_asks_for_its_question_about_self_harm(qtbot, desk, go, store, family):
    """DOMAIN 1.7: any yes is followed the same day, whatever the total is."""
    view = entering(qtbot, desk, go, family["Sona"])
    assert {view.which.itemData(at) for at in range(view.which.count())} == {"epds", "phq9"}
    choose(view, "epds")
    for field, text in ((view.version, "1987"), (view.assessor, "Dr Orazow"), (view.total, "4")):
        field.set_text(text)
    view.main.click()
    qtbot.waitUntil(view.summary.isVisible)
    assert "self-harm" in view.summary.accessibleDescription()
    view.safety.choose("yes")
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    assert "Do not leave this person alone" in view.about.words()
    (made,) = held(store, family["Sona"])
    assert (made.status, made.safety, made.follow_up_on) == ("negative", True, TODAY)


def test_a_result_is_corrected_and_the_old_one_stays_to_be_seen(qtbot, desk, go, store, family):
    """As a check: a new record that names the old one."""
    first = saved(
        store, person=family["Aýna"], tool="denver2", version="II", assessor="Dr Orazow", status="suspect",
    )  # fmt: skip
    view = entering(qtbot, desk, go, family["Aýna"], first.id)
    assert (view.which.currentData(), view.version.text(), view.status.key()) == ("denver2", "II", "suspect")
    assert view.day.text() == "23.11.2026"
    view.status.choose("normal")
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    (now,) = held(store, family["Aýna"])
    assert (now.amends, now.status, now.assessor) == ((first.id,), "normal", "Dr Orazow")
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [(one.id, old) for one, old in assessments.history_of(work, family["Aýna"])] == [
            (now.id, False), (first.id, True),
        ]  # fmt: skip


def test_the_survey_s_form_is_keyed_in_by_number_and_is_no_verdict(qtbot, desk, go, store, family):
    """ECDI2030: a figure for the population; neither screen nor record calls this child on track or not."""
    view = entering(qtbot, desk, go, family["Aýna"])
    choose(view, "ecdi2030")
    rows = view.answers.rows
    assert next(iter(rows)) == "EC21" == rows["EC21"].words.text()
    assert list(rows["EC40"].cells) == ["not_at_all", "less", "same", "more", "a_lot_more", "dont_know"]
    assert [cell.text() for cell in rows["EC39"].cells.values()] == ["1", "2", "3", "4", "5", "Does not know"]
    view.answers.stand_on("EC21")
    for _ in range(20):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    assert "no verdict" in view.about.words()
    assert "track" not in view.about.words().lower()
    (made,) = held(store, family["Aýna"])
    assert (made.status, made.total, made.follow_up_on) == ("recorded", 19, None)


# questions for a D-score


def test_the_invented_key_is_asked_in_practice_only(qtbot, desk, go, store, jobs, family):
    """No child is ever scored by a demonstration."""
    view = asking(qtbot, desk, go, family["Aýna"])
    assert "no questions for this person" in view.banner.text()
    practice = desk_over(store, jobs, practice=True)
    view = asking(qtbot, practice, go, family["Aýna"])
    assert not view.gate.isVisible()
    assert 8 <= len(view.rows.rows) <= 12
    for _ in range(6):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    (made,) = held(store, family["Aýna"])
    assert (made.status, made.dscore.key, made.dscore.reference, made.dscore.engine, made.dscore.n) == (
        "recorded", "demo", "demo-children", "1", 6,
    )  # fmt: skip
    assert f"D {made.dscore.d:.1f}" in view.result.words()
    assert "key demo, reference demo-children, engine 1" in view.result.words()


def scored(store, person, known, back, yes, **facts):
    """Answers for the invented key, some days ago."""
    day = TODAY - timedelta(days=back)
    with store.reading(worker=WORKER, now=NOW) as work:
        months = assessments.months_of(check_facts(work, person, today=TODAY), day)
    asked = known.instrument("dscore_demo").asked(months)
    answers = {item.code: "yes" if at < yes else "no" for at, item in enumerate(asked)} if yes else {}
    return saved(store, known, person=person, tool="dscore_demo", on=day, **({"answers": answers} | facts))


def development_of(qtbot, desk, go, person):
    def made():
        return ChildView(desk, go)

    view = opened(
        qtbot, made, lambda v: v.show_child(person, "development"), lambda v: v.development.presenter.view is not None
    )
    return view.development


def test_d_scores_stand_with_all_that_made_them_and_their_line(qtbot, desk, go, store, jobs, family):
    """Issue 4, item 8: D, z for age, answers, key, reference, engine; information, named as a demonstration."""
    practice = desk_over(store, jobs, practice=True)
    known = practice.library
    for back, yes in ((200, 5), (100, 6), (0, 7)):
        scored(store, family["Aýna"], known, back, yes)
    one = known.instrument("dscore_demo").asked(30)[0].code
    newest = scored(store, family["Aýna"], known, 10, 1, answers={one: "yes"})
    pane = development_of(qtbot, practice, go, family["Aýna"]).dscores
    assert "Information, not a diagnosis" in pane.notice.text()
    assert "demonstration" in pane.notice.text()
    rows = [[pane.table.item(row, at).text() for at in range(6)] for row in range(pane.table.rowCount())]
    assert [row[0] for row in rows] == ["23.11.2026", "13.11.2026", "15.08.2026", "07.05.2026"]
    assert rows[0][5] == "demo · demo-children · engine 1"
    assert rows[1][4:] == ["1", "demo · demo-children · engine 1 · few answers: not on the line"]
    assert [(line.name, len(line.points), line.few) for line in pane.chart.lines] == [("demo", 3, False), ("", 1, True)]
    assert pane.chart.accessibleName().startswith("D-score over age: ")
    pane.ask.click()
    assert go.places[-1] == ("ask", family["Aýna"])
    pane.table.setCurrentCell(1, 0)
    pane.correct.click()
    assert go.places[-1] == ("ask", family["Aýna"], newest.id)


def test_scores_of_different_keys_are_never_joined(qtbot, desk, go, store, jobs, family):
    """Keys are not comparable: a line across them would be a child that fell behind, or leapt, on paper only."""
    practice = desk_over(store, jobs, practice=True)
    known = practice.library
    other = replace(known, keys=(replace(known.keys[0], key="other"),), packs=(_for_key(known.packs[-1], "other"),))
    for back, with_key in ((200, known), (150, other), (100, known), (0, other)):
        scored(store, family["Aýna"], with_key, back, 6)
    chart = development_of(qtbot, practice, go, family["Aýna"]).dscores.chart
    assert {line.name: len(line.points) for line in chart.lines} == {"demo": 2, "other": 2}
    assert not chart.grab().isNull()


def _for_key(pack, key):
    return replace(pack, instruments=tuple(replace(one, key=key) if one.key else one for one in pack.instruments))


def test_without_a_key_nothing_of_it_is_shown(qtbot, desk, go, family):
    """No key installed, no practice: no part of that name."""
    pane = development_of(qtbot, desk, go, family["Aýna"])
    assert [pane.tabs.isTabVisible(at) for at in range(pane.tabs.count())] == [True] * 4 + [False]
