"""The look: contrast, typeface, style sheet, icons, sizes."""

import re

import pytest
from PySide6.QtCore import QMargins
from PySide6.QtGui import QFontDatabase, QFontInfo, QRawFont
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QTabBar, QVBoxLayout, QWidget

from healthvisit.settings import resource
from healthvisit.ui import theme
from healthvisit.ui.stylesheet import SHEET, sheet
from healthvisit.ui.theme import Theme
from healthvisit.ui.tokens import DARK, EDGE_PAIRS, LIGHT, TEXT_PAIRS, contrast
from healthvisit.ui.widgets.layout import horizontal, vertical


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_and_edge_can_be_told_from_its_ground(tokens):
    """WCAG 2.2 AA: 4.5 for text, 3 for edges; readers are often over 45 and stand in bright yards."""
    named = tokens.named()
    poor = [(a, b) for a, b in TEXT_PAIRS if contrast(named[a], named[b]) < 4.5]
    poor += [(a, b) for a, b in EDGE_PAIRS if contrast(named[a], named[b]) < 3]
    assert poor == []


def test_contrast_is_that_of_the_standard():
    """A wrong formula would pass anything."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_typeface_has_four_weights_of_its_own_family(qapp):
    """Without the font's own names Qt draws 600 as 400; an Inter on the computer must not be taken for ours."""
    theme.load_fonts()
    assert {"Regular", "Medium", "SemiBold", "Bold"} <= {
        style.replace(" ", "") for style in QFontDatabase.styles(theme.FAMILY)
    }
    assert QFontInfo(theme.font(15, 600)).weight() == 600
    assert QFontInfo(theme.font()).family() == theme.FAMILY


def test_typeface_holds_turkmen_russian_and_signs(qapp):
    """A missing letter is drawn from another face, or as a box."""
    raw = QRawFont.fromFont(theme.font())
    assert all(raw.supportsCharacter(ord(letter)) for letter in "ÄäŇňÖöÜüÝýŽžŞşÇçЙйЦцЪъЫыЭэЯя−–≥≤·№")


def test_style_sheet_is_whole_in_both_looks():
    """A token that is not filled in leaves a rule that Qt drops in silence."""
    for tokens, mode in ((LIGHT, "light"), (DARK, "dark")):
        made = sheet(tokens, mode=mode, percent=130, icons=resource("icons"))
        assert "$" not in made
        assert "@" not in made
        for found in re.findall(r'url\("([^"]+)"\)', made):
            assert resource("icons").joinpath(found.rsplit("/", 1)[1]).exists()
    assert "font-size: 31px" in sheet(LIGHT, mode="light", percent=130, icons=resource("icons"))
    assert SHEET.count("{") == SHEET.count("}")


def test_drawn_signs_have_the_colours_of_their_look():
    """They cannot take a token by themselves: a changed token must be changed there too."""
    for tokens, mode in ((LIGHT, "light"), (DARK, "dark")):
        for sign, ink in (("arrow", tokens.muted), ("tick", tokens.on_primary), ("dot", tokens.on_primary)):
            assert ink.lower() in resource(f"icons/{mode}-{sign}.svg").read_text(encoding="utf-8").lower()


def test_kind_and_role_change_how_a_widget_is_drawn(qtbot):
    """Qt does not look at a changed property by itself."""
    button, title = QPushButton("Sign"), QLabel("Today")
    for widget in (button, title):
        qtbot.addWidget(widget)
        widget.show()
    theme.set_kind(button, "primary")
    theme.set_role(title, "title")
    middle = button.grab().toImage().pixelColor(6, button.height() // 2)
    assert middle.name().upper() == LIGHT.primary
    assert title.font().pixelSize() == 24


def test_look_changes_while_the_program_runs(qtbot, qapp):
    """A bright yard at noon, a dark room at night, another pair of eyes: no restart."""
    seen = []

    class Watcher(theme.Restyled, QLabel):
        def restyle(self):
            seen.append(theme.current())

    label = Watcher("Şu gün")
    qtbot.addWidget(label)
    label.show()
    theme.apply(qapp, Theme(dark=True, text_percent=130))
    assert seen[-1] == Theme(dark=True, text_percent=130)
    assert label.font().pixelSize() == 20
    assert qapp.palette().window().color().name().upper() == DARK.bg
    assert theme.px(68) == 88


def test_a_page_that_stands_keeps_its_edges_with_another_text_size(qtbot, qapp):
    """Half of a page in its old margins and half in new ones stands 7 px out of line with its title."""
    theme.apply(qapp, Theme())
    page = QWidget()
    qtbot.addWidget(page)
    inner, grid = horizontal(QLabel("a"), spacing=12), QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    whole = vertical(inner, grid, spacing=8)
    whole.setContentsMargins(24, 4, 16, 0)
    page.setLayout(whole)
    theme.apply(qapp, Theme(text_percent=130))
    assert whole.contentsMargins() == QMargins(31, 5, 21, 0)
    assert (whole.spacing(), inner.spacing(), grid.horizontalSpacing(), grid.verticalSpacing()) == (10, 16, 21, 8)
    theme.apply(qapp, Theme())
    assert whole.contentsMargins() == QMargins(24, 4, 16, 0)
    assert (whole.spacing(), inner.spacing(), grid.horizontalSpacing(), grid.verticalSpacing()) == (8, 12, 16, 6)


def test_text_size_is_one_of_three():
    """A size nobody looked at is a size at which something is cut."""
    with pytest.raises(ValueError, match="text_percent"):
        Theme(text_percent=200)


@pytest.mark.parametrize("file", sorted(resource("icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_can_be_drawn(qapp, file):
    """A drawing Qt cannot read is an empty button."""
    image = theme.pixmap(file.stem, "text", 24).toImage()
    assert any(image.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24))


def test_focus_ring_stands_outside_a_primary_button(qtbot):
    """Inside it has 1.6:1 and cannot be seen."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(20, 20, 20, 20)
    button, other = QPushButton("Sign"), QPushButton("Back")
    theme.set_kind(button, "primary")
    column.addWidget(button)
    column.addWidget(other)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    image = page.grab().toImage()
    at, middle = button.geometry(), button.geometry().center().y()
    assert image.pixelColor(at.left() - 3, middle).name().upper() == LIGHT.focus
    assert image.pixelColor(at.left() - 1, middle).name().upper() == LIGHT.bg
    assert image.pixelColor(at.left() + 3, middle).name().upper() == LIGHT.primary
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert page.grab().toImage().pixelColor(at.left() - 3, middle).name().upper() == LIGHT.bg


def test_focus_ring_goes_with_a_page_that_goes(qtbot):
    """A ring that outlived its button would draw on nothing."""
    for _round in range(20):
        page = QWidget()
        button = QPushButton("Sign", page)
        QVBoxLayout(page).addWidget(button)
        page.show()
        page.activateWindow()
        button.setFocus()
        qtbot.waitUntil(button.hasFocus)
        page.close()
        page.deleteLater()
        with qtbot.waitSignal(page.destroyed):
            pass


def test_focus_ring_is_whole_where_a_button_fills_what_it_stands_in(qtbot):
    """A ring cut off at two sides looks like a fault of the screen."""
    page, inner = QWidget(), QWidget()
    QVBoxLayout(page).setContentsMargins(20, 20, 20, 20)
    QVBoxLayout(inner).setContentsMargins(0, 0, 0, 0)
    page.layout().addWidget(inner)
    button = QPushButton("Sign")
    inner.layout().addWidget(button)
    qtbot.addWidget(page)
    page.resize(300, 200)
    page.show()
    page.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    at = button.mapTo(page, button.rect().center())
    assert page.grab().toImage().pixelColor(at.x() - button.width() // 2 - 3, at.y()).name().upper() == LIGHT.focus
    page.layout().setContentsMargins(40, 20, 20, 20)  # what it stands in moves, the button in it does not
    page.layout().activate()
    at = button.mapTo(page, button.rect().center())
    assert page.grab().toImage().pixelColor(at.x() - button.width() // 2 - 3, at.y()).name().upper() == LIGHT.focus


def test_a_tab_with_the_keyboard_does_not_frame_the_whole_bar(qtbot):
    """The frame went across the page, as if the page itself were chosen."""
    bar = QTabBar()
    bar.addTab("Growth")
    bar.addTab("Plan")
    bar.setExpanding(False)
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    bar.show()
    bar.activateWindow()
    bar.setFocus()
    qtbot.waitUntil(bar.hasFocus)
    image = bar.grab().toImage()
    focus = [x for x in range(600) if image.pixelColor(x, bar.tabRect(0).bottom() - 1).name().upper() == LIGHT.focus]
    assert focus
    assert max(focus) <= bar.tabRect(0).right()
