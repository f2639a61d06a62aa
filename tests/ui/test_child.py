"""One child: words first, the chart walked by keys, the table of the same data, corrected age."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from healthvisit.domain.person import Person, Precision, Sex
from healthvisit.domain.record import Kind, decode
from healthvisit.store import visits
from healthvisit.ui import theme
from healthvisit.ui.child.growth_data import CHARTS, SPANS, chart_data, why_no_chart
from healthvisit.ui.child.growth_words import findings, gained, standing, what_to_do
from healthvisit.ui.child.view import ChildView
from tests.builders import NOW, WORKER, a_child, persons_of, register, sign_visit, visited

MEASURES = (
    ("2026-08-29", {"weight_g": "4300", "length_mm": "540", "posture": "l", "head_mm": "370"}),
    ("2026-10-09", {"weight_g": "5300", "length_mm": "585", "posture": "l", "head_mm": "385"}),
    ("2026-11-23", {"weight_g": "5850", "length_mm": "620", "posture": "l", "head_mm": "402"}),
)


def shown(qtbot, desk, go, store, child=None, measures=MEASURES, size=(1190, 600)):
    home = register(store, "Myradow", child or a_child())
    name = (child or a_child()).given_name
    for on, fields in measures:
        visited(store, home, date.fromisoformat(on), {name: fields}, agreed="breast milk only")
    person = persons_of(store, home)[name]
    view = ChildView(desk, go)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.activateWindow()
    view.show_child(person)
    qtbot.waitUntil(lambda: view.presenter.view is not None)
    return view


def test_words_come_first_and_the_z_has_a_real_minus_sign(qtbot, desk, go, store):
    """The picture in the design: as expected, −0.89, and what was gained."""
    view = shown(qtbot, desk, go, store)
    found = {f.name: (f.said, f.z) for f in findings(view.presenter.view.growth[-1])}
    assert found["Weight for age"] == ("as expected", "−0.89")
    assert set(found) == {"Weight for age", "Length for age", "Weight for length", "Head"}
    assert view.growth.gain.text() == "Since 9 Oct: +550 g in 45 days, 86 g a week · z −0.36"
    assert view.growth.numbers.text() == "5.85 kg · 62.0 cm lying · head 40.2 cm"
    assert "girl · born 18.07.2026 · 4 months 5 days" in view.facts.text()


def test_arrow_keys_walk_along_the_dots_and_the_row_follows(qtbot, desk, go, store):
    """Chart and table are one set of data, read with keys."""
    view = shown(qtbot, desk, go, store)
    view.growth.chart.setFocus()
    qtbot.keyClick(view.growth.chart, Qt.Key.Key_Home)
    assert view.growth.table.item(view.growth.table.currentRow(), 0).text() == "29.08.2026"
    qtbot.keyClick(view.growth.chart, Qt.Key.Key_Right)
    assert view.growth.table.item(view.growth.table.currentRow(), 0).text() == "09.10.2026"
    view.growth.table.setCurrentCell(0, 0)
    assert view.growth.chart.current == 2


def test_every_chart_can_be_chosen(qtbot, desk, go, store):
    """Seven charts; weight for length has its own axis, and the choice of ages goes away."""
    view = shown(qtbot, desk, go, store)
    pane, seen = view.growth, {}
    for at in range(pane.indicator.count()):
        pane.indicator.setCurrentIndex(at)
        pane.indicator.activated.emit(at)
        seen[view.presenter.indicator] = len(pane.chart.points())
        assert pane.span.isVisible() is ("for_age" in view.presenter.indicator)
    nothing = {"weight_for_height": 0, "muac_for_age": 0}
    assert (
        seen
        == dict.fromkeys(("weight_for_age", "length_for_age", "weight_for_length", "bmi_for_age", "head_for_age"), 3)
        | nothing
    )
    assert pane.no_chart.text().startswith("Nothing was measured")


def test_preterm_child_shows_both_ages_and_is_judged_by_the_corrected_one(qtbot, desk, go, store):
    """Seven weeks early is seven weeks younger for growth."""
    child = a_child(gestation_days=33 * 7)
    view = shown(qtbot, desk, go, store, child)
    assert "4 months 5 days · corrected age 2 months" in view.facts.text()
    assert any("for corrected age" in f.said for f in findings(view.presenter.view.growth[-1]))
    assert all(point.corrected_x is not None for point in view.growth.chart.points())


def test_an_impossible_weight_asks_to_measure_again_and_feeds_no_gain(qtbot, desk, go, store):
    """34 kg typed for 3,4: the tape or the date; nobody reads a gain out of it."""
    wrong = ("2026-11-23", {"weight_g": "34000", "length_mm": "620", "posture": "l"})
    view = shown(qtbot, desk, go, store, measures=(*MEASURES[:2], wrong))
    found = findings(view.presenter.view.growth[-1])
    assert next(f.said for f in found if f.indicator == "weight_for_age") == "measure again: the tape or the date?"
    assert "measure again" in view.growth.todo.text()
    assert "1000 g in 41 days" in gained(view.presenter.view.growth)


@pytest.mark.parametrize(("weight", "said"), [("4600", "Low:"), ("4200", "Very low:"), ("5850", "")])
def test_what_to_do_follows_the_finding(qtbot, desk, go, store, weight, said):
    """A low word never stands without a deed."""
    view = shown(qtbot, desk, go, store, measures=(("2026-11-23", {"weight_g": weight}),))
    assert what_to_do(findings(view.presenter.view.growth[-1])).startswith(said)


def test_low_weight_is_told_to_the_family_without_shame(qtbot, desk, go, store):
    """The mother reads "we watch it together", never "very low"."""
    view = shown(qtbot, desk, go, store, measures=(("2026-11-23", {"weight_g": "4200"}),))
    assert standing(view.presenter.view.growth) == ["We watch the weight together"]


def test_child_without_a_known_day_of_birth_has_no_curve_and_says_why(qtbot, desk, go, store):
    """No number is made up from a guessed day."""
    child = a_child(born_on=date(2026, 7, 1), born_precision=Precision.MONTH)
    view = shown(qtbot, desk, go, store, child, measures=())
    assert view.growth.no_chart.text().startswith("No curve")
    assert view.growth.chart.isHidden()
    assert "about 4 months" in view.facts.text()


def test_standing_child_is_on_the_height_chart(qtbot, desk, go, store):
    """From two years the child stands, and the table changes."""
    child = a_child("Kerim", date(2024, 3, 10), Sex.MALE)
    measures = (("2026-11-20", {"weight_g": "13500", "length_mm": "925", "posture": "h"}),)
    view = shown(qtbot, desk, go, store, child, measures)
    view.presenter.indicator = "weight_for_height"
    view.growth._show_chart(view.presenter.view)
    assert len(view.growth.chart.points()) == 1


def test_a_corrected_measuring_stays_to_be_read_struck_through(qtbot, desk, go, store):
    """Both numbers can be read; the chart believes the second."""
    home = register(store, "Myradow", a_child())
    first = visited(store, home, date(2026, 11, 23), {"Aýna": MEASURES[2][1] | {"weight_g": "8550"}})
    person = persons_of(store, home)["Aýna"]
    with store.unit(worker=WORKER, now=NOW) as work:
        (point,) = visits.growth_of(work, person)
        sign_visit(work, home, date(2026, 11, 23), {person: MEASURES[2][1]}, amends=first, part_amends=point.part)
    view = ChildView(desk, go)
    qtbot.addWidget(view)
    view.show()
    view.show_child(person)
    qtbot.waitUntil(lambda: view.presenter.view is not None)
    table = view.growth.table
    kilograms = [(table.item(row, 2).text(), table.item(row, 2).font().strikeOut()) for row in range(table.rowCount())]
    assert kilograms == [("5.85 (−0.89)", False), ("8.55 (2.18)", True)]
    assert table.item(1, table.columnCount() - 1).text() == "corrected"
    assert [p.value for p in view.growth.chart.points()] == [5.85]
    table.setCurrentCell(1, 0)
    assert view.growth.chart.current is None, "what was replaced has no dot"


def test_a_corrected_birth_date_makes_the_scores_anew_and_keeps_the_old(qtbot, desk, go, store):
    """A month off in the birth date makes a healthy child small; what was signed stays to be read."""
    home = register(store, "Myradow", a_child())
    visited(store, home, date(2026, 11, 23), {"Aýna": MEASURES[2][1]})
    person = persons_of(store, home)["Aýna"]
    with store.unit(worker=WORKER, now=NOW) as work:
        held = work.record(person)
        work.put(
            Kind.PERSON, person, decode(Person, {**held.body, "id": person, "born_on": "2026-06-18"}), subject=person
        )
    view = ChildView(desk, go)
    qtbot.addWidget(view)
    view.show_child(person)
    qtbot.waitUntil(lambda: view.presenter.view is not None)
    now, before = view.presenter.view.growth, view.presenter.view.growth_before
    assert [p.scores["weight_for_age"][0] for p in before] == ["-0.89"]
    assert float(now[0].scores["weight_for_age"][0]) < -1
    assert (now[0].standard, now[0].engine) == ("who2006", "1")


def test_a_flagged_number_is_grey_and_its_row_says_check(qtbot, desk, go, store):
    """Seen, kept, and not believed."""
    wrong = ("2026-11-23", MEASURES[2][1] | {"weight_g": "15850"})
    view = shown(qtbot, desk, go, store, measures=(*MEASURES[:2], wrong))
    table = view.growth.table
    assert table.item(0, 2).foreground().color() == theme.colour("muted")
    assert table.item(0, table.columnCount() - 1).text() == "check"
    assert [p.flagged for p in view.growth.chart.points()] == [False, False, True]
    assert view.growth.chart.points()[2].tip.endswith("check")


def test_what_changed_is_said_with_what_to_do(qtbot, desk, go, store):
    """A fall is seen before the child is thin."""
    fallen = ("2026-11-23", MEASURES[2][1] | {"weight_g": "5200", "length_mm": "570"})
    view = shown(qtbot, desk, go, store, measures=(*MEASURES[:2], fallen))
    said = view.growth.changed.text().splitlines()
    assert "Shorter than on 9 Oct. Please measure again." in said
    assert any(line.startswith("Lost 100 g since 9 Oct. Ask how the child feeds") for line in said)


def test_a_child_before_its_due_day_has_intergrowth_and_a_place_on_the_chart(qtbot, desk, go, store):
    """No WHO z before term, and no empty page either."""
    child = a_child("Maral", date(2026, 10, 19), gestation_days=31 * 7)
    measures = (("2026-11-20", {"weight_g": "2400", "length_mm": "450", "posture": "l", "head_mm": "330"}),)
    view = shown(qtbot, desk, go, store, child, measures)
    found = findings(view.presenter.view.growth[0])
    assert {f.name for f in found} == {f"{name} (INTERGROWTH-21st)" for name in ("Weight", "Length", "Head")}
    assert all(f.z for f in found)
    assert view.growth.table.item(0, view.growth.table.columnCount() - 1).text() == "INTERGROWTH-21st"
    assert "−31 d" in view.growth.table.item(0, 1).text()
    (dot,) = view.growth.chart.points()
    assert (dot.x, dot.corrected_x) == (32, -31)
    assert view.growth.chart._data.start <= -31


def test_a_length_taken_the_other_way_shows_both_values(qtbot, desk, go, store):
    """Lying at two years: what was read, and what the curve takes."""
    child = a_child("Kerim", date(2024, 9, 1), Sex.MALE)
    measures = (("2026-11-20", {"weight_g": "12500", "length_mm": "880", "posture": "l"}),)
    view = shown(qtbot, desk, go, store, child, measures)
    data = chart_data(view.presenter.view, "length_for_age", "5y")
    assert (data.points[0].value, data.points[0].judged) == (88.0, pytest.approx(87.3))
    assert "88.0 cm · counted as 87.3 cm" in data.points[0].tip
    assert chart_data(view.presenter.view, "weight_for_height", "5y").points[0].x == pytest.approx(87.3)


def test_a_school_child_is_judged_by_bmi_and_its_chart_shows_the_hand_over(qtbot, desk, go, store):
    """From five years there is no weight for height; the reference is another one."""
    child = a_child("Meret", date(2021, 2, 1), Sex.MALE)
    measures = (
        ("2025-12-01", {"weight_g": "19000", "length_mm": "1080", "posture": "h"}),
        ("2026-11-20", {"weight_g": "21000", "length_mm": "1130", "posture": "h", "head_mm": "510"}),
    )
    view = shown(qtbot, desk, go, store, child, measures)
    assert view.presenter.span == "19y"
    names = {f.name: f.said for f in findings(view.presenter.view.growth[-1])}
    assert set(names) == {"Weight for age", "Height for age", "BMI for age", "Head"}
    assert names["Head"] == "no curve at this age"
    data = chart_data(view.presenter.view, "bmi_for_age", "19y")
    assert len(data.points) == 2
    assert data.start < 1827 < data.stop
    assert chart_data(view.presenter.view, "head_for_age", "19y") is None
    assert why_no_chart(view.presenter.view, "head_for_age") == "There is no curve of this measure at these ages."


def test_the_upper_arm_is_in_words_table_and_chart(qtbot, desk, go, store):
    """From the visit through the store to every place where it is read."""
    child = a_child("Kerim", date(2025, 9, 1), Sex.MALE)
    view = shown(qtbot, desk, go, store, child, (("2026-11-20", {"weight_g": "9400", "muac_mm": "123"}),))
    assert next(f.said for f in findings(view.presenter.view.growth[0]) if f.name == "Upper arm") == "low"
    assert view.growth.numbers.text() == "9.40 kg · upper arm 12.3 cm"
    assert view.growth.table.item(0, 7).text().startswith("12.3 (−")
    assert [p.value for p in chart_data(view.presenter.view, "muac_for_age", "2y").points] == [12.3]
    assert view.presenter.view.growth[0].standard == "who2006"


def test_swelling_of_both_feet_is_severe_and_no_weight_is_judged(qtbot, desk, go, store):
    """Water weighs: the scales say nothing, the feet do."""
    view = shown(qtbot, desk, go, store, measures=(("2026-11-23", MEASURES[2][1] | {"oedema": "yes"}),))
    found = {f.name: f.kind for f in findings(view.presenter.view.growth[0])}
    assert found == {"Length for age": "as_expected", "Head": "as_expected", "Swelling of both feet": "very_low"}
    assert view.growth.todo.text().startswith("Very low")


def test_feet_that_were_not_looked_at_are_said_so(qtbot, desk, go, store):
    """Not examined is not healthy."""
    view = shown(qtbot, desk, go, store, measures=(("2026-11-23", MEASURES[2][1] | {"oedema": "not_checked"}),))
    assert view.growth.table.item(0, view.growth.table.columnCount() - 1).text() == "feet not checked"


def test_without_a_sex_it_is_said_what_is_needed_and_without_a_day_weight_for_length_is_left(qtbot, desk, go, store):
    """Nothing is guessed; what can be judged is."""
    unknown = shown(qtbot, desk, go, store, a_child(sex=Sex.UNKNOWN))
    assert "girl or a boy" in unknown.growth.no_chart.text()
    month = a_child("Jeren", date(2026, 7, 1), born_precision=Precision.MONTH)
    view = shown(qtbot, desk, go, store, month, (("2026-11-23", MEASURES[2][1]),))
    assert len(chart_data(view.presenter.view, "weight_for_length", "6m").points) == 1
    found = {f.name: f.said for f in findings(view.presenter.view.growth[0])}
    assert found["Weight for length"] == "as expected"
    assert found["Weight for age"] == "no curve: day of birth not known"


@pytest.mark.parametrize("span", list(SPANS))
@pytest.mark.parametrize("indicator", list(CHARTS))
def test_every_chart_of_every_span_can_be_drawn_or_says_why_not(qtbot, desk, go, store, span, indicator):
    """Seven charts, five spans: none crashes, none is blank without a word."""
    view = shown(qtbot, desk, go, store)
    view.presenter.indicator, view.presenter.span = indicator, span
    view.growth._show_chart(view.presenter.view)
    pane = view.growth
    assert pane.chart.isHidden() is (chart_data(view.presenter.view, indicator, span) is None)
    assert bool(pane.no_chart.text()) is (pane.chart.isHidden() or not pane.chart.points())
    view.grab()


def test_looking_closer_has_buttons_for_who_has_no_wheel(qtbot, desk, go, store):
    """What the wheel does, a click and a key do."""
    pane = shown(qtbot, desk, go, store).growth
    assert not pane.whole.isEnabled()
    qtbot.mouseClick(pane.closer, Qt.MouseButton.LeftButton)
    assert pane.chart.is_zoomed
    assert pane.whole.isEnabled()
    qtbot.mouseClick(pane.whole, Qt.MouseButton.LeftButton)
    assert not pane.chart.is_zoomed
    assert pane.closer.accessibleName() == "Look closer"


def test_another_child_shows_nothing_of_the_one_before(qtbot, desk, go, store):
    """Twins must never be mixed up, not for a moment."""
    view = shown(qtbot, desk, go, store)
    heard = []
    view.titled.connect(heard.append)
    assert "Aýna" in view.heading()
    view.show_child("f" * 32)
    assert view.heading() == "Child"
    assert heard == ["Child"]
    assert view.growth.chart.isHidden()
    qtbot.waitUntil(lambda: "not on this computer" in view.banner.text())


def test_narrow_window_keeps_chart_and_table_behind_a_tab(qtbot, desk, go, store):
    """At 125 % nothing is lost."""
    view = shown(qtbot, desk, go, store, size=(1037, 440))
    assert not view.growth.chart.isVisible()
    view.growth.tabs.setCurrentIndex(1)
    assert view.growth.chart.isVisible()
    assert view.growth.table.isVisible()
