"""The growth chart: what is drawn, what the keys do, and that paper keeps the minus signs."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter, QWheelEvent

from healthvisit.ui import theme
from healthvisit.ui.growth_chart import (
    DARK_COLOURS,
    LIGHT_COLOURS,
    PAPER_COLOURS,
    ChartData,
    ChartPoint,
    GrowthChart,
    HitPoint,
    paint,
    paint_tip,
    plain_number,
    x_unit,
)

GIRL = ChartData(
    indicator="weight_for_age",
    sex="f",
    start=0,
    stop=183,
    title="Weight for age, girl",
    x_title="months",
    y_title="kg",
    points=(
        ChartPoint(x=42, value=4.3, z=-0.14, label="29.08.2026"),
        ChartPoint(x=83, value=5.3, z=-0.4, label="09.10.2026"),
        ChartPoint(x=128, value=5.85, z=-0.89, label="23.11.2026"),
    ),
)
SIZE = (610, 400)


@pytest.fixture(autouse=True)
def fonts(qapp):
    theme.load_fonts()


def drawn(data, colours=LIGHT_COLOURS, size=SIZE, current=None):
    """The picture and where its dots are."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(colours.surface))
    painter = QPainter(image)
    hits = paint(painter, QRectF(0, 0, *size), theme.font(13), data, colours, current)
    painter.end()
    return image, hits


def count(image, colour):
    """Pixels of exactly this colour."""
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.fixture
def chart(qtbot):
    widget = GrowthChart()
    qtbot.addWidget(widget)
    widget.resize(*SIZE)
    widget.show_data(GIRL)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    widget.grab()  # paints, so that the dots have their places
    return widget


@pytest.mark.parametrize("size", [(610, 400), (360, 240)])
@pytest.mark.parametrize("colours", [LIGHT_COLOURS, DARK_COLOURS, PAPER_COLOURS])
def test_every_dot_is_drawn_where_its_age_and_weight_are(size, colours):
    """A dot a millimetre off tells a mother that her child does not gain."""
    image, hits = drawn(GIRL, colours, size)
    assert [hit.point for hit in hits] == [0, 1, 2]
    assert [hit.x for hit in hits] == sorted(hit.x for hit in hits)
    assert [hit.y for hit in hits] == sorted((hit.y for hit in hits), reverse=True)
    across = (hits[1].x - hits[0].x) / (hits[2].x - hits[0].x)
    up = (hits[1].y - hits[0].y) / (hits[2].y - hits[0].y)
    assert across == pytest.approx((83 - 42) / (128 - 42))
    assert up == pytest.approx((5.3 - 4.3) / (5.85 - 4.3))
    for hit in hits:
        assert image.pixelColor(round(hit.x), round(hit.y)) == QColor(colours.dot)


def test_draft_dot_is_hollow():
    """What is not signed yet must not look like a fact."""
    draft = replace(GIRL.points[-1], draft=True)
    image, hits = drawn(replace(GIRL, points=(*GIRL.points[:-1], draft)))
    assert image.pixelColor(round(hits[-1].x), round(hits[-1].y)) == QColor(LIGHT_COLOURS.surface)


def test_implausible_weight_does_not_squeeze_the_chart():
    """34 kg in place of 3,4 kg: its mark stands at the edge, and the other dots stay where they were."""
    _, plain = drawn(GIRL)
    flagged = ChartPoint(x=150, value=34.0, z=30.0, flagged=True, label="x")
    image, hits = drawn(replace(GIRL, points=(*GIRL.points, flagged)))
    assert hits[:3] == plain
    assert 0 <= hits[3].y < min(hit.y for hit in plain)
    assert count(image, LIGHT_COLOURS.flagged) > 10


def test_dot_far_outside_the_lines_widens_the_chart():
    """A believable z of -5 must be seen as low as it is, not at an edge."""
    low = ChartPoint(x=150, value=3.5, z=-4.9, label="x")
    _, hits = drawn(replace(GIRL, points=(*GIRL.points, low)))
    assert all(0 < hit.y < SIZE[1] - 30 for hit in hits)
    assert hits[3].y > max(hit.y for hit in hits[:3])


def test_corrected_age_is_drawn_as_a_cross_left_of_the_dot():
    """A preterm child is judged by the cross; both ages are shown, joined."""
    plain, _ = drawn(GIRL)
    joined, hits = drawn(replace(GIRL, points=(*GIRL.points[:2], replace(GIRL.points[2], corrected_x=58))))
    middle = round(hits[2].x - (hits[2].x - hits[0].x) / 2)
    row = round(hits[2].y)
    assert plain.pixelColor(middle, row) != joined.pixelColor(middle, row)
    assert joined.pixelColor(middle, row).value() < 200


def test_seven_lines_are_told_apart_without_colour():
    """A black and white printer, and one man in twelve, see no colours: dash and number must do."""
    from healthvisit.ui.growth_lines import DASHES, _lines

    assert [line.z for line in _lines("weight_for_age", "f", 0, 183)] == [-3, -2, -1, 0, 1, 2, 3]
    assert len(set(DASHES.values())) == 4


@pytest.mark.parametrize(
    ("indicator", "start", "stop", "unit"),
    [
        ("weight_for_age", 0, 91, "weeks"),
        ("weight_for_age", 0, 183, "months"),
        ("length_for_age", 0, 731, "months"),
        ("length_for_age", 0, 1826, "years"),
        ("bmi_for_age", 1827, 6939, "years"),
        ("weight_for_length", 45, 110, "cm"),
    ],
)
@pytest.mark.parametrize("sex", ["f", "m"])
@pytest.mark.parametrize("size", [(610, 400), (300, 200)])
def test_every_range_can_be_drawn(indicator, start, stop, unit, sex, size):
    """From the first weeks to nineteen years, on a page and beside a form."""
    data = ChartData(indicator=indicator, sex=sex, start=start, stop=stop, lying_title="lying", standing_title="up")
    image, hits = drawn(data, size=size)
    assert x_unit(indicator, start, stop) == unit
    assert hits == []
    assert count(image, LIGHT_COLOURS.surface) < image.width() * image.height()


def test_range_without_reference_draws_an_empty_chart():
    """Head circumference ends at five years: no line is better than a wrong one."""
    data = replace(GIRL, indicator="head_for_age", start=2000, stop=2500, points=())
    assert drawn(data)[1] == []


def test_point_outside_the_range_is_left_out():
    """Zoomed to 0-3 months, the visit at four months is not squeezed in."""
    assert [hit.point for hit in drawn(replace(GIRL, stop=91))[1]] == [0, 1]


def pdf_of(data, colours=PAPER_COLOURS):
    """The chart as a PDF."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    writer.setResolution(1200)
    painter = QPainter(writer)
    scale = writer.width() / SIZE[0]
    painter.scale(scale, scale)
    paint(painter, QRectF(0, 0, *SIZE), theme.font(13), data, colours)
    painter.end()
    return bytes(buffer.data())


def pdf_text(data, colours=PAPER_COLOURS):
    """What a reader of the PDF can copy."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    made = pdf_of(data, colours)
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=made, capture_output=True, check=True)  # noqa: S607
    return done.stdout.decode()


@pytest.mark.parametrize("colours", [LIGHT_COLOURS, PAPER_COLOURS])
def test_minus_signs_survive_in_the_pdf(colours):
    """Copied or read aloud, "−2" must not become "2": that is the difference between thin and heavy."""
    words = pdf_text(GIRL, colours).split()
    assert [word for word in words if word[0] in "+−"] == ["+3", "+2", "+1", "−1", "−2", "−3"]
    assert "23.11.2026" in words
    assert b"/Subtype /Image" not in pdf_of(GIRL, colours)  # vectors all through


def test_numbers_are_written_by_the_given_function():
    """Turkmen and Russian readers expect a comma; the chart must not print points of its own."""
    asked = []

    def number(value, decimals):
        asked.append((value, decimals))
        return plain_number(value, decimals).replace(".", ",")

    drawn(replace(GIRL, number=number))
    assert asked
    assert replace(GIRL, number=number).tip(2) == "23.11.2026 · 5,85 kg · z −0,89"


def test_arrow_keys_walk_along_the_dots(qtbot, chart):
    """Without a mouse, each dot can be reached and its row in the table follows."""
    seen = []
    chart.moved.connect(seen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        qtbot.keyClick(chart, key)
    assert seen == [0, 1, 2, 1, 0]
    assert chart.current == 0


def test_first_step_left_begins_at_the_newest(qtbot, chart):
    """The last weighing is what one looks for first."""
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.current == 2
    assert chart.told == 2


def test_screen_reader_hears_chart_and_point(qtbot, chart):
    """The picture says nothing to a person who cannot see it; its name and the point's words do."""
    assert chart.accessibleName() == "Weight for age, girl"
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.accessibleDescription() == "23.11.2026 · 5.85 kg · z −0.89"


def test_words_of_a_dot_stay_on_the_chart(chart):
    """At the chart's edge the box turns to where there is room; half a sentence is none."""
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    for x, y in ((0, 0), (300, 0), (0, 200), (300, 200), (150, 20)):
        image.fill(QColor(LIGHT_COLOURS.surface))
        painter = QPainter(image)
        words = "4 months 5 days (3 months 2 days corrected) · 5,85 kg · z −0,89"
        paint_tip(painter, QRectF(8, 8, 284, 184), theme.font(13), words, HitPoint(0, x, y), LIGHT_COLOURS)
        painter.end()
        frame = [image.pixel(at, row) for row in (0, 199) for at in range(300)]
        assert set(frame) == {QColor(LIGHT_COLOURS.surface).rgb()}


def test_pointer_tells_what_a_dot_is_and_a_click_goes_there(qtbot, chart):
    """Hovering asks, clicking chooses; beside the dots nothing happens."""
    hit = chart._hits[1]
    place = QPointF(hit.x + 5, hit.y - 5).toPoint()
    before = chart.grab().toImage()
    qtbot.mouseMove(chart, place)
    assert chart.told == 1
    assert chart.grab().toImage() != before
    with qtbot.waitSignal(chart.moved) as moved:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place)
    assert moved.args == [1]
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPointF(300, 60).toPoint())
    assert chart.current == 1


def test_table_can_move_the_chart_without_an_echo(chart):
    """Chart and table follow each other; going where one is says nothing, or they would call each other for ever."""
    seen = []
    chart.moved.connect(seen.append)
    chart.go(1)
    chart.go(1)
    chart.go(7)
    assert seen == [1]


def test_another_child_forgets_the_place(chart):
    """Points of two children are never mixed: a place beyond the new child's points is dropped."""
    chart.go(2)
    chart.show_data(replace(GIRL, title="Other", points=GIRL.points[:1]))
    assert chart.current is None
    assert chart.accessibleDescription() == ""


def test_empty_chart_takes_keys(qtbot):
    """Before the first weighing there is nowhere to go."""
    widget = GrowthChart()
    qtbot.addWidget(widget)
    widget.grab()
    qtbot.keyClick(widget, Qt.Key.Key_Right)
    assert widget.current is None


def test_dark_theme_reaches_the_chart(qtbot):
    """At night a white chart in a dark window blinds."""
    widget = GrowthChart(colours=DARK_COLOURS)
    qtbot.addWidget(widget)
    widget.resize(*SIZE)
    widget.show_data(GIRL)
    assert widget.grab().toImage().pixelColor(3, 200) == QColor(DARK_COLOURS.surface)


def shown(widget):
    """The part of the chart on the screen."""
    return widget._data.start, widget._data.stop


def test_plus_minus_and_nought_look_closer_and_back(qtbot, chart):
    """Dots of the first weeks lie on one another: a key takes her nearer, 0 takes her back."""
    told = []
    chart.zoomed.connect(told.append)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClicks(chart, "++")
    start, stop = shown(chart)
    assert stop - start < 183 * 0.5
    assert start <= 42 <= stop, "the dot she stands on stays in sight"
    qtbot.keyClicks(chart, "-")
    assert shown(chart)[1] - shown(chart)[0] > stop - start
    qtbot.keyClicks(chart, "0")
    assert shown(chart) == (0, 183)
    assert not chart.is_zoomed
    assert told == [True, True, True, False]


def test_looking_closer_ends_at_four_weeks_and_never_leaves_the_chart(qtbot, chart):
    """Nobody gets lost in an empty chart."""
    qtbot.keyClicks(chart, "+" * 20)
    assert shown(chart)[1] - shown(chart)[0] == 28
    for _ in range(40):
        qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert shown(chart) == (155, 183)
    for _ in range(80):
        qtbot.keyClick(chart, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shown(chart) == (0, 28)


def test_walking_along_the_dots_brings_each_into_sight(qtbot, chart):
    """Left and right mean the same closer up."""
    qtbot.keyClick(chart, Qt.Key.Key_End)
    qtbot.keyClicks(chart, "+++")
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    start, stop = shown(chart)
    assert start <= 42 <= stop
    assert chart.is_zoomed


def wheel(widget, notches, x):
    place = QPointF(x, 200)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 -- Qt takes no name
    )  # fmt: skip
    widget.wheelEvent(event)
    return event


def test_the_wheel_looks_closer_at_what_is_under_the_pointer(chart):
    """What she points at stays under the pointer."""
    hit = chart._hits[1]
    assert wheel(chart, 2, hit.x).isAccepted()
    chart.grab()
    assert next(h for h in chart._hits if h.point == 1).x == pytest.approx(hit.x, abs=6)
    wheel(chart, -9, hit.x)
    assert not chart.is_zoomed


def test_the_pressed_mouse_moves_the_chart_along(qtbot, chart):
    """As on a map; on the whole chart there is nowhere to go."""
    start, stop = QPoint(400, 60), QPoint(200, 60)
    for zooms, moves in ((0, False), (2, True)):
        qtbot.keyClicks(chart, "+" * zooms)
        qtbot.keyClicks(chart, "")
        chart.grab()
        before = shown(chart)
        qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=stop)
        qtbot.mouseMove(chart, start)
        qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=start)
        assert (shown(chart) != before) is moves
        assert shown(chart)[1] - shown(chart)[0] == before[1] - before[0]


def test_a_small_chart_leaves_the_wheel_to_its_page(qtbot):
    """Beside a form the wheel scrolls the form."""
    widget = GrowthChart(zooms=False)
    qtbot.addWidget(widget)
    widget.resize(*SIZE)
    widget.show_data(GIRL)
    widget.grab()
    assert not wheel(widget, 2, 300).isAccepted()
    qtbot.keyClicks(widget, "+")
    assert not widget.is_zoomed


def test_the_same_chart_read_again_stays_as_close_and_another_childs_is_whole(qtbot, chart):
    """A save in the background must not throw her back; a sister's chart begins anew."""
    qtbot.keyClicks(chart, "++")
    before = shown(chart)
    chart.show_data(replace(GIRL, points=GIRL.points[:2]))
    assert shown(chart) == before
    sister = tuple(replace(point, child="b") for point in GIRL.points)
    chart.go(1)
    chart.show_data(replace(GIRL, points=sister, child="b"))
    assert shown(chart) == (0, 183)
    assert chart.current is None


def test_a_chart_refuses_the_points_of_two_children():
    """Twins: a dot of the one on the chart of the other is a wrong weight for both."""
    with pytest.raises(ValueError, match="one child"):
        replace(GIRL, points=(*GIRL.points, replace(GIRL.points[0], child="other")))


def test_a_length_counted_shorter_shows_both_values():
    """Measured lying at two: the dot is what was read, the bar what the curve takes."""
    near = ChartData(indicator="length_for_age", sex="f", start=700, stop=760, lying_title="lying", standing_title="up")
    point = ChartPoint(x=740, value=86.0, label="x")
    plain, hits = drawn(replace(near, points=(point,)))
    both, same = drawn(replace(near, points=(replace(point, judged=85.3),)))
    assert hits == same
    assert plain != both
    column = [both.pixelColor(round(hits[0].x), round(hits[0].y) + down).red() for down in range(10, 22)]
    assert min(column) < QColor(LIGHT_COLOURS.dot).red() + 60


def test_the_hand_over_at_sixty_months_is_drawn_and_named():
    """The curve jumps there by up to 0.19 z, and the child does not."""
    older = ChartData(indicator="bmi_for_age", sex="m", start=1600, stop=2600, handover_titles=("WHO 2006", "WHO 2007"))
    text = pdf_text(older)
    assert "WHO 2006" in text
    assert "WHO 2007" in text
    assert "WHO" not in pdf_text(replace(older, indicator="head_for_age", start=0, stop=1826))
    assert "WHO" not in pdf_text(replace(older, start=0, stop=1700))


def test_a_doubtful_value_has_its_word_beside_it():
    """Grey alone says nothing to who sees no grey."""
    flagged = ChartPoint(x=120, value=34.0, z=30.0, flagged=True, label="x")
    text = pdf_text(replace(GIRL, points=(*GIRL.points, flagged), check_title="check"))
    assert text.split().count("check") == 1


def test_weeks_before_term_have_their_place_and_no_numbers():
    """A child of 34 weeks stands left of its due day, where there is no curve yet."""
    early = ChartPoint(x=28, value=2.1, corrected_x=-42, label="x")
    data = replace(GIRL, start=-49, points=(early,), before_title="before the due day")
    hits = drawn(data)[1]
    assert len(hits) == 1
    words = pdf_text(data)
    assert "before the due day" in words
    numbers = [word for word in words.split() if word.lstrip("−").isdigit()]
    assert sorted(word for word in numbers if word[0] == "−") == ["−1", "−2", "−3"], "the lines' own numbers alone"


def test_skinfold_charts_can_be_drawn():
    """Not asked at home; an import may bring them."""
    for name in ("triceps_for_age", "subscapular_for_age"):
        data = ChartData(indicator=name, sex="f", start=91, stop=1826, y_title="mm")
        assert "−3" in pdf_text(data)


def test_chart_data_does_not_show_the_child():
    """A crash report prints arguments."""
    assert not any(word in repr(GIRL) for word in ("5.85", "23.11", "-0.89", "128"))
