"""Draw the ground of the desktop as pictures to look at: python tests/ui/gallery.py FOLDER (offscreen)."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.focus import FocusRing
from healthvisit.ui.main_window import Frame
from healthvisit.ui.printing import Letter, pdf_bytes
from healthvisit.ui.theme import Theme
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField, NumberField, PassphraseField, PhoneField
from healthvisit.ui.widgets.layout import ActionBar, Card, KeyValue, button, label, scrolled
from healthvisit.ui.widgets.notices import EmptyState, ErrorSummary
from healthvisit.ui.widgets.rows import Heading, Row, RowList
from healthvisit.ui.widgets.sections import Section, SectionList

LONG = "Gurbangeldiýewa Oguljemal Hojamyradowna"
ROWS = (
    Heading("Now"),
    Row(key="a", title="Orazow family", second="Baby 12 days · Garagum, Bagt 3", chip="ring today", tone="primary"),
    Heading("Started, not signed"),
    Row(key="b", title="Annayew family", second="stopped at Growth, 10:42", chip="started", tone="warn"),
    Heading("Overdue"),
    Row(
        key="c",
        title="Myradow family",
        second="Aýna 4 m 5 d · Kerim 31 m · Garagum, Azatlyk 14",
        chip="14 days late",
        tone="danger",
        aside="2 children",
        bar=True,
        is_ticked=True,
    ),
    Row(
        key="d",
        title=f"{LONG} maşgalasy",
        second=f"{LONG}, Garagum oba geňeşligi, Azatlyk köçesi 14, gök derweze",
        chip="möhleti 21 gün geçen",
        tone="danger",
        aside="3 çaga",
        bar=True,
    ),
    Heading("Due this week"),
    Row(key="e", title="Ataýew maşgalasy", second="Maral 9 aý · Bagt 7", chip="28 noýabra çenli", aside="1 çaga"),
)


def today() -> QWidget:
    """List, detail, foot."""
    page = QWidget()
    rows = RowList("Families to visit")
    rows.show_rows(ROWS)
    card = Card("Myradow family")
    card.body.addWidget(label("Garagum oba, Azatlyk 14, blue gate · +993 65 12 34 56", "muted"))
    card.body.addWidget(
        KeyValue(
            [
                ("Why now", "Aýna 4 m 5 d: 4-month visit, window to 28 Nov"),
                ("Bring", "scales, length board, card; vaccines due: 3"),
                ("Last time", "9 Oct · 5,30 kg, 58,5 cm · agreed: breast milk only"),
                ("Näme üçin häzir gerek", f"{LONG}: dört aýlyk patronaž, möhleti 28-nji noýabra çenli"),
            ]
        )
    )
    card.body.addStretch()
    middle = QHBoxLayout()
    middle.setContentsMargins(24, 8, 16, 16)
    middle.setSpacing(16)
    middle.addWidget(rows, 5)
    middle.addWidget(scrolled(card), 6)
    bar = ActionBar()
    bar.add_left(button("More"))
    bar.add(button("Not possible"))
    bar.add(button("Print sheet"))
    bar.set_primary("Start visit", lambda: None)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(middle, 1)
    column.addWidget(bar)
    page.setFocusProxy(rows)
    return page


def visit(*, wrong: bool) -> QWidget:
    """Sections, questions with and without mistakes, foot."""
    page = QWidget()
    sections = SectionList("Sections")
    sections.show_sections(
        [
            Section("setting", "Setting", "done"),
            Section("danger", "Danger signs", "done"),
            Section("concerns", "Maşgalanyň aladalary we soraglary", "done"),
            Section("growth", "Growth", "started"),
            Section("vaccines", "Vaccines"),
            Section("advice", "Advice and agreement", "not_today"),
            Section("sign", "Check and sign"),
        ],
        "growth",
    )
    weight, born = NumberField("&Weight", unit="kg"), DateField("Date of birth", hint="as on the card")
    weight.set_text("5,8,5" if wrong else "5,85")
    phone, secret = PhoneField("Phone"), PassphraseField("Passphrase")
    swelling = ChoiceGroup(
        "Swelling of both feet", [Choice("y", "yes"), Choice("n", "no"), Choice("x", "not checked")], zero=True
    )
    swelling.choose("n")
    tk = ChoiceGroup(
        "Çaga haçan lukmana görkezildi we näme maslahat berildi?",
        [
            Choice("a", "Heniz görkezilmedi, ýöne maşgala ertir saglyk öýüne barmagy wada berdi"),
            Choice("b", "Şu hepde görkezildi, bejergi bellendi we maşgala ony ýerine ýetirýär"),
        ],
        below=True,
    )
    many = ChoiceGroup("Persons", [Choice("m", "mother"), Choice("g", "grandmother")], many=True)
    many.choose("m")
    summary = ErrorSummary()
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(8, 8, 24, 24)
    column.setSpacing(20)
    for part in (summary, label("Growth", "heading"), weight, born, swelling, tk, many, phone, secret):
        column.addWidget(part)
    column.addStretch()
    content.setMaximumWidth(theme.px(660))
    if wrong:
        weight.set_error("This weight is no number. Type it as on the scales, as 5,85.")
        summary.show_problems(
            [("This weight is no number. Type it as on the scales, as 5,85.", weight), ("Choose an answer", tk)]
        )
    right = Card("Last time 9 Oct")
    right.body.addWidget(label("5,30 kg  58,5 cm  38,5 cm"))
    right.body.addWidget(label("Agreed: breast milk only", "muted"))
    right.body.addWidget(label("overdue", "chip-danger", wrap=False))
    right.body.addStretch()
    middle = QHBoxLayout()
    middle.setContentsMargins(16, 8, 16, 0)
    middle.addWidget(sections)
    middle.addWidget(scrolled(content), 3)
    middle.addWidget(right, 1)
    bar = ActionBar()
    bar.add_left(button("Back"))
    bar.add_left(button("Leave, keep it"))
    bar.add(button("Danger now", kind="danger"))
    bar.set_primary("Continue", lambda: None)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addLayout(middle, 1)
    whole.addWidget(bar)
    page.setFocusProxy(bar.primary if not wrong else summary)
    return page


def frame(*, practice: bool, wrong: bool) -> Frame:
    """The window with three pages."""
    made = Frame(practice=practice)
    empty = EmptyState()
    empty.say(
        "No visits due today. Next: Thursday 26 November, 2 families.",
        [("Show week", lambda: None), ("New visit", lambda: None)],
    )
    made.add_page("today", today(), "Today", "today", 1)
    made.add_page("families", empty, "Families", "families", 2)
    made.add_page("visit", visit(wrong=wrong), "Visit open", "visit", 3)
    made.add_page("sync", QWidget(), "Sync", "sync", 4)
    made.add_page("settings", QWidget(), "Settings", "settings", 5)
    made.set_badge("sync", "5", needs_attention=wrong, note="waiting")
    made.set_badge("visit", "", note="12 min")
    made.set_worker("A. Orazowa")
    made.set_status("All work saved on this computer · 5 visits wait for the office · last sent Friday 16:10")
    return made


def shoot(app: QApplication, folder: Path) -> None:
    """Every picture."""
    looks = [("light", Theme(), 1366, 696), ("dark", Theme(dark=True), 1366, 696), ("small", Theme(), 1093, 557)]
    looks += [
        ("large", Theme(text_percent=130), 1366, 696),
        ("small-large", Theme(dark=True, text_percent=130), 1093, 557),
    ]
    for name, look, width, height in looks:
        theme.apply(app, look)
        FocusRing.follow(app)
        window = frame(practice=name in ("dark", "small"), wrong="large" in name or name == "dark")
        window.resize(width, height)
        window.show()
        window.activateWindow()
        for page in ("today", "families", "visit"):
            window.show_page(page)
            window.set_visit_mode(on=page == "visit")
            if page == "today":
                window.set_heading("Today · Monday 23 November 2026")
                if name == "large":
                    window.banner.say(
                        "Two phone numbers for the Orazow family: yours and the office's.", "warn", deed="Open"
                    )
            app.processEvents()
            window.grab().save(str(folder / f"{name}-{page}.png"))
        keys = window.show_keys()
        app.processEvents()
        keys.grab().save(str(folder / f"{name}-keys.png"))
        window.cover_now()
        window.cover.show_wrong("That did not open it. Layout: Русская. Caps Lock is off.")
        app.processEvents()
        window.grab().save(str(folder / f"{name}-cover.png"))
        window.close()
        window.deleteLater()
        app.processEvents()


def letter(folder: Path) -> None:
    """A family sheet of two pages and a chart."""
    rows = "".join(f"<tr><td>{day}.10.2026</td><td>Pentavalent {day}</td><td>−0,3</td></tr>" for day in range(10, 31))
    html = "<h2>Aýna Myradowa</h2><p>5,85 kg · z −0,89</p><img src='drawing:box' width='400' height='160'>"
    html += f"<table width='100%' cellpadding='4' border='1' cellspacing='0'>{rows}</table>"
    draw = lambda painter, rect: painter.drawEllipse(QRectF(rect))  # noqa: E731
    for page in ("A4", "A5"):
        made = Letter(
            html=html,
            page=page,
            header="Saglyk öýi 12",
            footer="healthvisit 12",
            practice=page == "A5",
            drawings={"box": draw},
            own_pages=(draw,),
        )
        (folder / f"letter-{page}.pdf").write_bytes(pdf_bytes(made))


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    shoot(application, out)
    letter(out)
