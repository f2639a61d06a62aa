"""Papers: what stands on them, what never does, one page where one page was promised."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QWidget

from healthvisit.domain.household import Role
from healthvisit.domain.person import PersonKind, Sex
from healthvisit.packs.pack import Group
from healthvisit.services.families import NewPerson
from healthvisit.ui import i18n
from healthvisit.ui.papers.choose import PaperChoice, PaperDialog
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.printing import page_count, pdf_bytes
from tests.builders import LONG_NAME, NOW, TODAY, WORKER, a_child, a_mother, register, visited

LONG_AGO = datetime(2026, 7, 20, 9, tzinfo=UTC)
EVERY = frozenset({"list", "sheets", "blank", "family", "growth"})


@pytest.fixture
def homes(store):
    """A family with a child seen twice; one that must not be rung; a pregnant mother; the longest names."""
    first = register(store, "Myradow", a_child(), now=LONG_AGO, note="blue gate")
    for on, grams in (("2026-10-09", "5300"), ("2026-11-03", "5700")):
        fields = {"weight_g": grams, "length_mm": "600", "posture": "l", "head_mm": "390"}
        visited(store, first, date.fromisoformat(on), {"Aýna": fields}, agreed="breast milk only")
    silent = register(store, "Orazow", a_child("Kerim", date(2026, 7, 19), Sex.MALE), now=LONG_AGO, may_ring=False)
    waiting = register(store, "Saparow", mother=a_mother("Saparowa", "Gözel", due_on=date(2027, 1, 30)))
    surname, given, patronymic = LONG_NAME
    twin = NewPerson(kind=PersonKind.CHILD, sex=Sex.FEMALE, role=Role.CHILD, born_on=date(2026, 10, 20))
    long = register(store, surname, twin, twin, mother=a_mother(surname, f"{given} {patronymic}"))
    return first, silent, waiting, long


def made(desk, store, homes, *wanted):
    with store.reading(worker=WORKER, now=NOW) as work:
        got = household_sheets(work, desk.pack, homes, today=TODAY, wanted=frozenset(wanted))
    return [letter for _kind, letter in day_papers(desk, frozenset(wanted), got)]


def plain(letter, tmp_path):
    """The words on the paper as a reader of the PDF finds them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf_bytes(letter))
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607


def test_day_list_has_who_where_and_what_for_and_rings_only_who_may_be_rung(desk, store, homes, tmp_path):
    """The paper that lies on a table at the health house."""
    text = plain(made(desk, store, homes, "list")[0], tmp_path)
    for expected in ("Myradow family", "blue gate", "Aýna 4 m 5 d", "do not ring", "Back at", "List left with"):
        assert expected in text, expected
    assert text.count("+993 65 12 34 56") == 3


def test_day_list_names_no_finding_and_no_level(desk, store, homes, tmp_path):
    """No weight, no sign, no class: others read it."""
    text = plain(made(desk, store, homes, "list")[0], tmp_path).lower()
    for word in ("5.70", "danger", "low", "targeted", "pregnan", "breast"):
        assert word not in text, word


def test_visit_sheet_is_one_page_and_carries_the_whole_danger_list_but_no_private_question(
    desk, store, homes, tmp_path
):
    """The doctor's list is whole; what is asked only alone is never on paper."""
    sheets = made(desk, store, homes, "sheets")
    assert [page_count(letter) for letter in sheets] == [1] * len(sheets)
    text = " ".join(plain(sheets[0], tmp_path).split())
    signs = [s for s in desk.pack.dangers if s.group is Group.CHILD and s.asked]
    assert all(" ".join(sign.name["en"].split()[:3]) in text for sign in signs)
    assert "Last time 03.11.2026: 5.70 kg" in text
    assert "breast milk only" in text
    every = " ".join(plain(letter, tmp_path) for letter in made(desk, store, homes, "sheets", "blank"))
    private = [s.name["en"] for s in desk.pack.dangers if s.private]
    assert private
    assert "Heavy bleeding" in every, "the mother's list after birth is among them"
    assert not any(" ".join(name.split()[:3]) in every for name in private)


def test_family_sheet_is_one_small_page_in_the_language_of_prints(desk, store, homes, tmp_path):
    """One A5 that hangs on a kitchen wall; the screen's language stays as it was."""
    desk.preferences = replace(desk.preferences, print_language="ru")
    letter = made(desk, store, homes[:1], "family")[0]
    assert (letter.page, page_count(letter)) == ("A5", 1)
    assert i18n.language() == "en"
    text = plain(letter, tmp_path)
    first_sign = desk.pack.dangers_of(Group.CHILD)[0].name["ru"]
    assert " ".join(first_sign.split()[:2]) in text
    assert "5,70" in text


def test_family_sheet_says_no_z_and_nothing_sensitive(desk, store, homes, tmp_path):
    """Birth weight, weeks, scores stay with the nurse."""
    text = plain(made(desk, store, homes[:1], "family")[0], tmp_path)
    for word in ("z ", "low", "A87W", "weeks"):
        assert word not in text, word


def test_growth_charts_keep_their_minus_signs_and_the_table(desk, store, homes, tmp_path):
    """On paper a lost minus turns −2 into +2."""
    text = plain(made(desk, store, homes[:1], "growth")[0], tmp_path)
    assert "−" in text
    assert "03.11.2026" in text
    assert "Length for age, girl" in text


@pytest.mark.parametrize("wanted", ["growth", "growth_a5"])
def test_growth_charts_come_on_both_sizes_with_no_heading_left_alone(desk, store, homes, tmp_path, wanted):
    """A4 for the file, A5 for the card: a chart's name at the foot of one page and the chart on the next is lost."""
    letter = made(desk, store, homes[:1], wanted)[0]
    assert letter.page == ("A5" if wanted == "growth_a5" else "A4")
    text = plain(letter, tmp_path)
    assert page_count(letter) == 1 + len(letter.own_pages)
    for name in ("Weight for age, girl", "Length for age, girl", "Weight for length, girl", "Head for age, girl"):
        assert name in text, name
    assert "Upper arm for age" not in text, "nothing was measured for it"
    assert "5.70 (" in text
    assert text.count("−3") == 4


def test_longest_names_stay_on_one_page(desk, store, homes):
    """Gurbangeldiýewa Oguljemal Hojamyradowna has twins."""
    sheets = made(desk, store, homes[3:], "sheets", "family")
    assert [page_count(letter) for letter in sheets] == [1] * 5  # two children, their mother, two family sheets


def test_papers_of_practice_are_marked(store, jobs, homes, tmp_path):
    """Invented families must not be looked for."""
    from tests.ui.conftest import desk_over

    desk = desk_over(store, jobs, practice=True)
    for letter in made(desk, store, homes[:1], *EVERY):
        assert letter.practice


def test_saving_as_files_numbers_them_and_names_nobody(qtbot, desk, store, homes, tmp_path):
    """A file name is read by anyone; the number is noted."""
    folder = tmp_path / "stick"
    folder.mkdir()
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    dialog = PaperDialog(
        page,
        desk,
        [PaperChoice("list", "Day list", ticked=True), PaperChoice("family", "Sheet", ticked=True)],
        read=lambda work, wanted: household_sheets(work, desk.pack, homes[:1], today=TODAY, wanted=wanted),
        make=lambda wanted, got: day_papers(desk, wanted, got),
    )
    dialog.open()
    with qtbot.waitSignal(dialog.accepted):
        dialog.save_to(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["healthvisit-1.pdf", "healthvisit-2.pdf"]
    got = []
    desk.read(lambda work: work.state("prints"), done=got.append, failed=got.append)
    qtbot.waitUntil(lambda: len(got) == 1)
    assert [entry["kind"] for entry in got[0]["log"]] == ["day_list", "family_sheet"]


def test_a_full_stick_is_said_and_the_window_stays(qtbot, desk, homes, tmp_path):
    """Nothing half-written, and a second try is one press away."""
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    dialog = PaperDialog(
        page,
        desk,
        [PaperChoice("list", "Day list", ticked=True)],
        read=lambda work, wanted: household_sheets(work, desk.pack, homes[:1], today=TODAY, wanted=wanted),
        make=lambda wanted, got: day_papers(desk, wanted, got),
    )
    dialog.open()
    dialog.save_to(tmp_path / "not-there")
    qtbot.waitUntil(lambda: "could not be written" in dialog.said.text())
    assert dialog.isVisible()
