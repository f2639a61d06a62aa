"""The one style sheet, filled in from the tokens. `$name` is a colour, `@12` a size that follows the text size."""

import re
from pathlib import Path
from string import Template

from healthvisit.ui.tokens import Tokens

SHEET = """
QMainWindow, QDialog, QWidget[kind="page"] { background: $bg; }
QToolTip { background: $surface; color: $text; border: 1px solid $control; padding: @4; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: @24; font-weight: 600; }
QLabel[role="heading"] { font-size: @18; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: @13; }
QLabel[role="error"] { color: $danger; font-weight: 500; }
QLabel[role="ok"] { color: $ok; font-weight: 500; }
QLabel[role="warn"] { color: $warn; font-weight: 500; }
QLabel[role|="result"] { font-size: @18; font-weight: 600; }
QLabel[role="result-danger"] { color: $danger; }
QLabel[role="result-warn"] { color: $warn; }
QLabel[role="result-ok"] { color: $ok; }
QLabel[role|="chip"] { font-size: @13; font-weight: 600; padding: @2 @8; border-radius: @6;
    background: $sunken; color: $muted; }
QLabel[role="chip-primary"] { background: $primary_tint; color: $primary; }
QLabel[role="chip-danger"] { background: $danger_tint; color: $danger; }
QLabel[role="chip-warn"] { background: $warn_tint; color: $warn; }
QLabel[role="chip-ok"] { background: $ok_tint; color: $ok; }
QFrame[kind="card"] { background: $surface; border: 1px solid $line; border-radius: @8; }
QFrame[kind="foot"] { background: $surface; border: 0; border-top: 1px solid $line; }
QFrame[kind="head"] { background: $bg; border: 0; }
QFrame[kind="rule"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }
QFrame[kind="rail"] { background: $sunken; border: 0; border-right: 1px solid $line; }
QFrame[kind="rail-practice"] { background: $warn_tint; border: 0; border-right: 1px solid $warn; }
QLabel[kind="practice"] { background: $warn_tint; color: $warn; font-size: @13; font-weight: 600;
    border-bottom: 1px solid $warn; }
QFrame[kind="banner-info"] { background: $sunken; border: 1px solid $line; border-left: 4px solid $muted; }
QFrame[kind="banner-ok"] { background: $ok_tint; border: 1px solid $line; border-left: 4px solid $ok; }
QFrame[kind="banner-warn"] { background: $warn_tint; border: 1px solid $line; border-left: 4px solid $warn; }
QFrame[kind="banner-danger"] { background: $danger_tint; border: 1px solid $line; border-left: 4px solid $danger; }
QFrame[kind="summary"] { background: $danger_tint; border: 2px solid $danger; border-radius: @8; }
QFrame[kind="summary"]:focus { border: 4px solid $focus; }
QLabel[kind="status"] { background: $sunken; color: $muted; font-size: @13; border-top: 1px solid $line; }
QLabel[kind="status-warn"] { background: $warn_tint; color: $warn; font-size: @13; border-top: 1px solid $line; }
QLabel[kind="status-danger"] { background: $danger_tint; color: $danger; font-size: @13; font-weight: 600;
    border-top: 1px solid $danger; }
QPushButton { background: $surface; border: 1px solid $control; border-radius: @6; font-weight: 500;
    padding: 0 @14; min-height: @36; outline: 0; icon-size: @18; }
QPushButton:hover, QPushButton:pressed { background: $primary_tint; border-color: $primary; }
QPushButton:disabled { color: $muted; background: $sunken; border-color: $line; }
QPushButton[kind="primary"] { background: $primary; color: $on_primary; border-color: $primary; font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $primary_hover; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $muted; border-color: $line; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger; }
QPushButton[kind="danger"]:hover, QPushButton[kind="danger"]:pressed { background: $danger; color: $on_danger; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $primary; padding: 0 @8;
    icon-size: @22; }
QPushButton[kind="quiet"]:hover { background: $primary_tint; border-color: transparent; }
QPushButton[kind="more"] { color: $primary; padding: 0; min-width: @22; max-width: @22; min-height: @20;
    max-height: @20; border-radius: @11; font-weight: 600; }
QPushButton[kind="link"] { background: transparent; border: 0; color: $danger; text-align: left; padding: 0 @2;
    min-height: @28; text-decoration: underline; }
QPushButton[kind|="rail"] { background: transparent; border: 0; border-left: 4px solid transparent; border-radius: 0;
    text-align: left; padding: 0 @8 0 @12; min-height: @44; max-height: @44;
    icon-size: @20; }
QPushButton[kind|="rail"]:hover { background: $surface; }
QPushButton[kind|="rail"]:checked { background: $surface; color: $primary; border-left-color: $primary;
    font-weight: 600; }
QPushButton[kind="rail-narrow"] { text-align: center; padding: 0 4px 0 0; }
QPushButton::menu-indicator { image: url("$icons/$mode-arrow.svg"); width: @16; height: @16;
    subcontrol-origin: padding; subcontrol-position: center right; right: @8; }
QPushButton[menu="true"] { padding-right: @30; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QSpinBox { background: $surface; color: $text;
    border: 1px solid $control; border-radius: @6; padding: 1px @8; selection-background-color: $primary;
    selection-color: $on_primary; }
QLineEdit, QComboBox, QDateEdit, QSpinBox { min-height: @34; }
QPlainTextEdit, QTextEdit { padding: @6 @8; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {
    border: 2px solid $focus; padding: 0 @7; }
QPlainTextEdit:focus, QTextEdit:focus { padding: @5 @7; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border: 2px solid $danger; padding: 0 @7; }
QLineEdit[wrong="true"]:focus, QComboBox[wrong="true"]:focus { border-color: $focus; }
QLineEdit:disabled, QComboBox:disabled, QLineEdit:read-only { background: $sunken; color: $muted;
    border-color: $line; }
QComboBox::drop-down { border: 0; width: @28; }
QComboBox::down-arrow { image: url("$icons/$mode-arrow.svg"); width: @16; height: @16; }
QComboBox QAbstractItemView, QMenu { background: $surface; color: $text; border: 1px solid $control;
    selection-background-color: $primary_tint; selection-color: $text; outline: 0; }
QMenu { padding: @4; }
QMenu::item { padding: @8 @20; border-radius: @4; }
QMenu::item:selected { background: $primary_tint; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: @4 @8; }
QCheckBox, QRadioButton { spacing: @8; min-height: @32; outline: 0; }
QCheckBox::indicator, QRadioButton::indicator { width: @18; height: @18; border: 2px solid $control;
    background: $surface; border-radius: @4; }
QRadioButton::indicator { border-radius: @11; }
QCheckBox::indicator:checked { background: $primary; border-color: $primary; image: url("$icons/$mode-tick.svg"); }
QRadioButton::indicator:checked { background: $primary; border-color: $primary; image: url("$icons/$mode-dot.svg"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $sunken; }
QAbstractItemView { background: $surface; border: 1px solid $line; border-radius: @8; outline: 0; }
QListView[kind="lines"]::item { padding: 0 @8; border-left: 4px solid transparent; }
QListView[kind="lines"]::item:selected { background: $primary_tint; color: $text; border-left-color: $primary; }
QListView[kind="lines"]:focus { border: 2px solid $focus; }
QListView[kind="rows"] { background: $surface; }
QListView[kind="sections"] { background: transparent; border: 0; }
QTableView { gridline-color: $line; selection-background-color: $primary_tint; selection-color: $text;
    alternate-background-color: $bg; }
QTableView::item { padding: 0 @5; border: 0; }
QTableView::item:focus { border: 2px solid $focus; }
QHeaderView { background: transparent; border: 0; }
QHeaderView::section { background: $surface; color: $muted; font-size: @13; font-weight: 600; border: 0;
    border-bottom: 1px solid $control; padding: @6 @8; }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }
QTabWidget[kind="page"]::tab-bar { left: @12; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; border: 0; border-bottom: 3px solid transparent;
    padding: @8 @12; font-weight: 500; }
QTabBar::tab:selected { color: $primary; border-bottom-color: $primary; font-weight: 600; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected:focus { color: $text; border-bottom-color: $focus; background: $primary_tint; }
QTabBar, QTabBar::tab { outline: 0; }
QScrollArea { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: @10; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: @10; margin: 2px; }
QScrollBar::handle { background: $control; border-radius: 3px; min-height: @32; min-width: @32; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none;
    border: 0; width: 0; height: 0; }
QProgressBar { background: $sunken; border: 1px solid $line; border-radius: @4; min-height: @8; max-height: @8; }
QProgressBar::chunk { background: $primary; border-radius: @4; }
QSlider::groove:horizontal { background: $line; height: @6; border-radius: 3px; }
QSlider::sub-page:horizontal { background: $primary; border-radius: 3px; }
QSlider[role="unanswered"]::sub-page:horizontal { background: $line; }
QSlider::handle:horizontal { background: $surface; border: 2px solid $primary; width: @18; margin: -@8 0;
    border-radius: @10; }
QSlider[role="unanswered"]::handle:horizontal { border-color: $control; }
QSlider:focus::handle:horizontal { border-color: $focus; }
QSlider:horizontal { min-height: @26; }
QSplitter::handle { background: transparent; }
QCalendarWidget QToolButton { background: transparent; color: $text; border: 0; padding: @6; font-weight: 600; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $sunken; }
"""

SIZE = re.compile(r"@(\d+)")


def sheet(tokens: Tokens, *, mode: str, percent: int, icons: Path) -> str:
    """The style sheet for one look.

    Args:
        tokens: The colours.
        mode: ``"light"`` or ``"dark"``: which of the two drawn sets of arrow, tick and dot.
        percent: Text size in percent; every `@` size follows it.
        icons: Folder of the drawn signs.
    """
    sized = SIZE.sub(lambda found: f"{round(int(found[1]) * percent / 100)}px", SHEET)
    return Template(sized).substitute(tokens.named(), mode=mode, icons=icons.as_posix())
