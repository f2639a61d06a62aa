"""Development on the child's page: words, what is owed, histories, motor windows, results of other tools."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from healthvisit.domain.ids import new_record_id
from healthvisit.services import assessments, development, milestones
from healthvisit.services.assessments import Entered
from healthvisit.store import checks
from healthvisit.ui import theme
from healthvisit.ui.child.view import ChildView
from healthvisit.ui.development.motor_chart import PAPER, screen_colours
from healthvisit.ui.development.motor_plot import MotorBar, MotorData, paint_motor
from healthvisit.ui.development.result_view import ResultView
from healthvisit.ui.papers.choose import PaperDialog
from tests.builders import NOW, TODAY, WORKER, a_child, persons_of, register

PACK = development.checks_pack()
MONTH = 30.4375


def child(store, months=18.4, **facts):
    born = TODAY - timedelta(days=round(months * MONTH))
    home = register(store, "Myradow", a_child("Aýna", born, **facts))
    return persons_of(store, home)["Aýna"]


def checked(store, person, ago=0, signs=None, amends="", **others):
    with store.unit(worker=WORKER, now=NOW) as work:
        facts, draft = development.begin(work, person, today=TODAY - timedelta(days=ago), amends=amends)
        answers = {s.code: "yes" for s in development.skills(PACK, facts, draft)} | others
        draft = replace(draft, answers=answers, signs=signs or {})
        return development.save_check(work, PACK, draft, today=TODAY)


def said(store, person, code, months):
    with store.unit(worker=WORKER, now=NOW) as work:
        milestones.say_month(work, PACK, person, code, months, today=TODAY)


def shown(qtbot, desk, go, person, size=(1190, 620)):
    view = ChildView(desk, go)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.activateWindow()
    view.show_child(person, "development")
    qtbot.waitUntil(lambda: view.development.presenter.view is not None)
    return view.development


def cells(table):
    return [[table.item(row, at).text() for at in range(table.columnCount())] for row in range(table.rowCount())]


def test_a_child_never_checked_says_so_and_offers_the_check(qtbot, desk, go, store):
    """An empty page says what comes next."""
    person = child(store)
    pane = shown(qtbot, desk, go, person)
    assert pane.last.words().startswith("Not checked yet")
    assert "not a diagnosis" in pane.last.words()
    pane.start.click()
    assert go.places[-1] == ("start_check", person)


def test_the_last_check_stands_in_words_with_what_is_owed(qtbot, desk, go, store):
    """The worker reads what to do before any number."""
    person = child(store)
    checked(store, person, 0, m18_walks_alone="not_yet", m18_stands_alone="not_yet")
    pane = shown(qtbot, desk, go, person)
    words = pane.last.words()
    assert words.startswith("To a specialist\nStill owed\nAsk by 23.12.2026 whether a doctor has seen the child.")
    assert "2 skills are not there yet: Stands alone; Walks alone" in words
    pane.seen.click()
    qtbot.waitUntil(lambda: pane.presenter.view.referral is None)
    assert "Still owed" not in pane.last.words()


def test_histories_are_tables_of_skills_and_of_checks(qtbot, desk, go, store):
    """First seen on, still not yet, lost: with the names of the areas."""
    person = child(store)
    checked(store, person, 130)
    checked(store, person, 0, m18_walks_alone="not_yet")
    with store.unit(worker=WORKER, now=NOW) as work:
        facts, draft = development.begin(work, person, today=TODAY)
        lost = {s.code: "yes" for s in development.skills(PACK, facts, draft)} | {"m14_walks_holding": "not_yet"}
        development.save_check(work, PACK, replace(draft, answers=lost), today=TODAY)
    pane = shown(qtbot, desk, go, person)
    skills = {row[1]: row for row in cells(pane.skills)}
    assert skills["Walks holding on"] == ["Large movements", "Walks holding on", "16.07.2026", "yes"]
    assert [row[2:4] for row in cells(pane.checks)][-1] == ["14 months", "As expected"]
    pane.checks.setCurrentCell(2, 0)
    qtbot.keyClick(pane.checks, Qt.Key.Key_Return)
    oldest = pane.presenter.view.facts.checks[2].id
    assert go.places[-1] == ("start_check", person, oldest)


def test_a_lost_skill_is_named_as_lost(qtbot, desk, go, store):
    """It stands in the history until it is there again."""
    person = child(store, 19)
    checked(store, person, 20)
    checked(store, person, 0, m18_walks_alone="not_yet")
    pane = shown(qtbot, desk, go, person)
    row = next(row for row in cells(pane.skills) if row[1] == "Walks alone")
    assert row[3] == "lost, noticed on 23.11.2026"
    assert pane.last.words().startswith("To a doctor")


def test_later_than_99_of_100_is_said_in_words_and_crawling_alarms_nobody(qtbot, desk, go, store):
    """Never by colour alone; crawling late or never is no worry by itself."""
    person = child(store)
    checked(store, person, 0, m18_walks_alone="not_yet")
    said(store, person, "crawls", 15)
    pane = shown(qtbot, desk, go, person)
    rows = {row[0]: row[1:] for row in cells(pane.milestones)}
    late = "not there yet at 18 months; later than 99 of 100 children: look at what the check says"
    assert rows["Walks alone"] == ["8.2–17.6", late]
    assert rows["Crawls on hands and knees"] == ["5.2–13.5", "at 15 months, as the family says"]
    bars = {bar.code: bar for bar in pane.chart._data.bars}
    assert [code for code, bar in bars.items() if bar.is_late] == ["walks"]
    assert f"Movement\nWalks alone: {late}" in pane.last.words()
    assert "Crawls" not in pane.last.words()


def test_arrow_keys_walk_along_the_bars_and_the_row_follows(qtbot, desk, go, store):
    """Chart and table are one set of data; a screen reader hears the bar stood on."""
    person = child(store)
    said(store, person, "sits", 6)
    pane = shown(qtbot, desk, go, person)
    qtbot.waitUntil(pane.window().isActiveWindow)
    pane.chart.setFocus()
    qtbot.keyClick(pane.chart, Qt.Key.Key_Home)
    assert pane.milestones.currentRow() == 0
    assert pane.chart.accessibleDescription().startswith("Sits without support: at 6 months")
    qtbot.keyClick(pane.chart, Qt.Key.Key_Down)
    assert pane.milestones.currentRow() == 1
    pane.milestones.setCurrentCell(5, 0)
    assert (pane.chart.current, pane.chart.told) == (5, 5)
    pane.chart.grab()
    row = pane.chart._hits[2].row
    qtbot.mouseMove(pane.chart, row.center().toPoint())
    assert pane.chart.told in (2, 5)  # an offscreen pointer may not move; the keyboard's bar stays


def test_a_preterm_child_has_both_ages_on_the_chart(qtbot, desk, go, store):
    """The corrected age is the line it is judged by, the other stands beside it."""
    person = child(store, 14.2, gestation_days=210)
    pane = shown(qtbot, desk, go, person)
    words = [words for _months, words in pane.chart._data.lines]
    assert words == ["corrected 11.9 months", "since birth 14.2 months"]


def test_the_month_the_family_says_is_asked_in_a_small_form(qtbot, desk, go, store):
    """Nine months, as she says; what cannot be is said beside the field."""
    person = child(store)
    pane = shown(qtbot, desk, go, person)
    pane.milestones.setCurrentCell(5, 0)
    pane.ask_month()
    ask = pane.asked
    assert ask.fields["which"].editor.currentText() == "Walks alone"
    months = ask.fields["months"]
    for typed, wrong in (("nine", "not a number"), ("25", "not so old yet: 18")):
        months.set_text(typed)
        ask.primary.click()
        qtbot.waitUntil(lambda wrong=wrong: wrong in months.error.text())
    months.set_text("13")
    ask.primary.click()
    qtbot.waitUntil(lambda: pane.presenter.view.said == {"walks": 13})


def test_nothing_of_it_stays_when_another_part_or_page_is_opened(qtbot, desk, go, store):
    """Sensitive: it is read by its own tab and forgotten with it."""
    person = child(store)
    checked(store, person, 0, m18_walks_alone="not_yet")
    pane = shown(qtbot, desk, go, person)
    page = pane.window()
    page.tabs.setCurrentIndex(0)
    assert pane.presenter.view is None
    assert pane.last.words().strip() == ""
    assert cells(pane.skills) == []
    page.tabs.setCurrentWidget(pane)
    qtbot.waitUntil(lambda: pane.presenter.view is not None)
    page.hide()
    assert pane.presenter.view is None


def test_two_corrections_of_one_check_are_both_shown_until_one_names_both(qtbot, desk, go, store):
    """Two laptops corrected the same check: neither is lost, a person looks at both."""
    person = child(store)
    first = checked(store, person, 0, m18_walks_alone="not_yet")
    with store.unit(worker=WORKER, now=NOW) as work:
        _facts, draft = development.begin(work, person, today=TODAY, amends=first.id)
        here, there = replace(draft, worry="here"), replace(draft, id=new_record_id(NOW), worry="there")
        for one in (here, there):
            development.save_check(work, PACK, one, today=TODAY)
    pane = shown(qtbot, desk, go, person)
    rows = cells(pane.checks)
    assert len(rows) == 2
    assert all("Corrected on two computers" in row[4] for row in rows)
    last = checked(store, person, amends=pane.presenter.view.facts.checks[0].id)
    assert set(last.amends) == {here.id, there.id}
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [c.id for c in checks.checks_of(work, person)] == [last.id]


def test_results_of_other_tools_stand_in_their_own_table(qtbot, desk, go, store):
    """Tool, version, date, scores by area, who assessed."""
    person = child(store)
    given = Entered(
        id=new_record_id(NOW), person=person, tool="asq3", on=TODAY, version="3", assessor="Dr Orazow",
        status="below_cutoff", by_area={"gross_motor": Decimal(20)}, area_status={"gross_motor": "below_cutoff"},
    )  # fmt: skip
    with store.unit(worker=WORKER, now=NOW) as work:
        assessments.save_result(work, assessments.library(), given, today=TODAY)
    pane = shown(qtbot, desk, go, person)
    assert cells(pane.results) == [
        ["23.11.2026", "ASQ-3 3", "Below the cut-off", "Gross motor: 20, Below the cut-off", "Dr Orazow"]
    ]
    assert "Ask by 23.12.2026 what came of the result of another tool." in pane.last.words() or pane.heard.isVisible()
    pane.heard.click()
    qtbot.waitUntil(lambda: not pane.presenter.view.follow_ups)


def test_the_page_for_the_doctor_is_a_vector_pdf_with_the_windows(qtbot, desk, go, store, tmp_path):
    """Ctrl+P from this part: its paper alone; the chart is drawn, no picture; the name is in no file name."""
    person = child(store)
    checked(store, person, 0, m18_walks_alone="not_yet")
    said(store, person, "sits", 6)
    pane = shown(qtbot, desk, go, person)
    page = pane.window()
    qtbot.waitUntil(lambda: page.presenter.view is not None)
    page.print_page()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, PaperDialog) and w.isVisible())
    assert list(dialog.papers.buttons) == ["development"]
    dialog.save_to(tmp_path)
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("*.pdf"))))
    (file,) = tmp_path.glob("*.pdf")
    content = file.read_bytes()
    assert file.name == "healthvisit-1.pdf"
    assert {int(width) for width in re.findall(rb"/Width (\d+)", content)} <= {1}  # the chart's place is kept by a dot
    assert len(content) > 8000


# the chart itself


def bars(**facts):
    return MotorData(bars=(MotorBar(code="walks", name="Walks", low=8.2, high=17.6, **facts),), lines=((10, "10"),))


def drawn(data, colours):
    image = QImage(600, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    hits = paint_motor(painter, QRectF(0, 0, 600, 200), theme.font(13), data, colours)
    painter.end()
    return image, hits


@pytest.mark.parametrize("colours", [PAPER, None])
def test_the_mark_stands_at_the_age_and_the_bar_in_its_window(qtbot, colours):
    """One drawing for screen and paper; months are where they belong."""
    _image, (hit,) = drawn(bars(reached=(9.0, 10.0)), colours or screen_colours())
    _image, (later,) = drawn(bars(missing=18.5), colours or screen_colours())
    assert later.mark.x > hit.mark.x
    assert hit.row.contains(QPointF(hit.mark.x, hit.mark.y))
    blank, _hits = drawn(bars(), PAPER)
    marked, _hits = drawn(bars(reached=(9.0, 10.0)), PAPER)
    assert blank != marked


# the page for results


def result_page(qtbot, desk, go, person):
    view = ResultView(desk, go)
    qtbot.addWidget(view)
    view.resize(1190, 600)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.open(person)
    qtbot.waitUntil(lambda: view.presenter.facts is not None)
    return view


def choose(view, code):
    view.which.setCurrentIndex(view.which.findData(code))
    view.which.activated.emit(view.which.currentIndex())


def test_a_result_is_entered_by_keys_and_says_where_it_stands(qtbot, desk, go, store):
    """Tool, version, who, result, a score: saved, and asked after in 30 days."""
    person = child(store)
    view = result_page(qtbot, desk, go, person)
    choose(view, "asq3")
    view.version.set_text("3")
    view.assessor.set_text("Dr Orazow")
    view.status.choose("below_cutoff")
    view.areas["gross_motor"][0].set_text("20,5")
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    assert view.banner.text() == "Saved on this computer. Somebody is to ask by 23.12.2026 what came of it."
    assert view.presenter.done.by_area == {"gross_motor": Decimal("20.5")}
    view.main.click()
    assert go.places == [("child", person, "development")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "3", "Dr", "above_cutoff"), "The day is missing"),
        (("31.31.2026", "3", "Dr", "above_cutoff"), "This is not a day"),
        (("24.11.2026", "3", "Dr", "above_cutoff"), "still to come"),
        (("01.01.2020", "3", "Dr", "above_cutoff"), "before the birth"),
        (("23.11.2026", "", "Dr", "above_cutoff"), "Version"),
        (("23.11.2026", "3", "", "above_cutoff"), "Who assessed"),
        (("23.11.2026", "3", "Dr", ""), "Result"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_and_nothing_is_saved(qtbot, desk, go, store, typed, said):
    """Each mistake in a sentence that leads to its field."""
    view = result_page(qtbot, desk, go, child(store))
    choose(view, "asq3")
    for field, text in zip((view.day, view.version, view.assessor), typed, strict=False):
        field.set_text(text)
    view.status.choose(*filter(None, typed[3:]))
    view.main.click()
    qtbot.waitUntil(view.summary.isVisible)
    assert said in view.summary.accessibleDescription()
    assert view.presenter.done is None


def test_a_score_that_is_no_number_or_out_of_bounds_is_refused(qtbot, desk, go, store):
    """61 of 60 points would stand in the record for years."""
    view = result_page(qtbot, desk, go, child(store))
    choose(view, "asq3")
    view.version.set_text("3")
    view.assessor.set_text("Dr Orazow")
    view.status.choose("above_cutoff")
    score = view.areas["communication"][0]
    score.set_text("much")
    view.main.click()
    assert "not a number" in score.error.text()
    score.set_text("61")
    view.main.click()
    qtbot.waitUntil(lambda: "from 0 to 60" in view.banner.text())


def test_m_chat_r_is_typed_by_numbers_alone_and_scored(qtbot, desk, go, store):
    """Twenty digits; no question's words stand in the program; an open form has no score."""
    view = result_page(qtbot, desk, go, child(store, 20))
    choose(view, "mchat_r")
    rows = view.answers.rows
    assert [row.words.text() for row in rows.values()] == [str(n) for n in range(1, 21)]
    assert "20 answers are open." in view.about.words()
    view.main.click()
    qtbot.waitUntil(lambda: "still open: 20" in view.banner.text())
    view.answers.stand_on("q1")
    for _ in range(20):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    assert view.main.hasFocus()
    assert "open" not in view.about.words().replace("Not open", "")
    view.main.click()
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    assert view.presenter.done.total == 3
    assert "Medium likelihood" in view.about.words()


def test_a_tool_for_another_age_is_said_before_anything_is_typed(qtbot, desk, go, store):
    """M-CHAT-R is for 16 to 30 months."""
    view = result_page(qtbot, desk, go, child(store, 8))
    choose(view, "mchat_r")
    assert "not of this age" in view.about.words()
    assert view.which.findData("phq2") == -1
    assert view.which.findData("ecdi2030") == -1
