"""One child: words first, the chart walked by keys, the table of the same data, corrected age."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from healthvisit.domain.person import Precision, Sex
from healthvisit.ui.child.growth_words import findings, gained, standing, what_to_do
from healthvisit.ui.child.view import ChildView
from tests.builders import a_child, persons_of, register, visited

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
    assert view.growth.gain.text() == "Since 9 Oct: +550 g in 45 days, 86 g a week"
    assert view.growth.numbers.text() == "5.85 kg   62.0 cm lying   head 40.2 cm"
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


def test_another_child_shows_nothing_of_the_one_before(qtbot, desk, go, store):
    """Twins must never be mixed up, not for a moment."""
    view = shown(qtbot, desk, go, store)
    view.show_child("f" * 32)
    assert view.name.text() == ""
    assert view.growth.chart.isHidden()
    qtbot.waitUntil(lambda: "not on this computer" in view.banner.text())


def test_narrow_window_keeps_chart_and_table_behind_a_tab(qtbot, desk, go, store):
    """At 125 % nothing is lost."""
    view = shown(qtbot, desk, go, store, size=(1037, 440))
    assert not view.growth.chart.isVisible()
    view.growth.tabs.setCurrentIndex(1)
    assert view.growth.chart.isVisible()
    assert view.growth.table.isVisible()
