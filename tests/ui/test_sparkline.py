"""The mark of a child's last weights in a list: small, true, and said in words."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from healthvisit.store.visits import GrowthPoint
from healthvisit.ui.sparkline import HIGH, WIDE, Sparkline, paint_spark, spark_of
from healthvisit.ui.tokens import DARK, LIGHT

BORN = date(2026, 7, 18)


def point(days, z, *, flagged=False, corrected=False):
    scores = {"weight_for_age": (None if z is None else str(z), flagged, None)}
    return GrowthPoint(
        part=str(days), visit="", on=BORN + timedelta(days=days), weight_g=5000, length_mm=None, posture=None,
        head_mm=None, oedema=None, age_days=days, corrected=corrected, scores=scores,
    )  # fmt: skip


POINTS = (point(42, -0.14), point(83, -0.4), point(128, -0.89))


def drawn(spark, tokens=LIGHT):
    image = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.surface))
    painter = QPainter(image)
    paint_spark(painter, QRectF(0, 0, WIDE, HIGH), spark, tokens)
    painter.end()
    return image


def inked(image, column, tokens=LIGHT):
    """Rows of a column in the dots' colour, or nearly so where a line has soft edges."""
    wanted = QColor(tokens.primary)

    def near(ink):
        return abs(ink.red() - wanted.red()) + abs(ink.green() - wanted.green()) < 90

    return [row for row in range(HIGH) if near(image.pixelColor(column, row))]


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_last_dot_stands_at_its_z_in_both_themes(tokens):
    """The list is read at a glance, by day and by night."""
    rows = inked(drawn(spark_of(POINTS), tokens), WIDE - 5, tokens)
    middle = HIGH / 2 + 0.89 / 3.5 * HIGH / 2
    assert rows
    assert abs(sum(rows) / len(rows) - middle) < 1.5


def test_it_is_said_in_a_sentence():
    """Who cannot see the mark hears it."""
    assert spark_of(POINTS).said == "Weight for age, 3 weighings: z −0.14 to −0.89, as expected"


def test_a_flagged_weight_takes_no_part():
    """A slip of the keyboard is no fall."""
    assert len(spark_of((*POINTS[:2], point(100, 8.8, flagged=True), POINTS[2])).dots) == 3


def test_one_weight_shows_no_way():
    """A dot by itself says neither up nor down."""
    assert spark_of(POINTS[:1]) is None
    assert spark_of((point(3, None), POINTS[0])) is None


def test_dots_of_two_standards_are_not_joined():
    """At 60 months the curve jumps, and the child does not."""
    joined = drawn(spark_of((point(1600, 0.4), point(1700, 0.4))))
    apart = drawn(spark_of((point(1700, 0.4), point(1900, 0.4))))
    assert inked(joined, WIDE // 2)
    assert not inked(apart, WIDE // 2)


def test_a_z_beyond_three_stays_on_the_mark():
    """It is drawn at the edge as a square, not beyond the row."""
    image = drawn(spark_of((point(42, -4.5), point(83, -4.8))))
    assert max(inked(image, WIDE - 5)) == HIGH - 1


def test_the_widget_says_and_forgets(qtbot):
    """Nothing of the child before stays."""
    widget = Sparkline()
    qtbot.addWidget(widget)
    widget.show_spark(spark_of(POINTS))
    assert "3 weighings" in widget.accessibleName()
    assert widget.grab().toImage() != Sparkline().grab().toImage()
    widget.show_spark(None)
    assert widget.accessibleName() == ""


def test_no_measure_stands_in_its_repr():
    """A crash report prints arguments."""
    assert "0.89" not in repr(spark_of(POINTS))
