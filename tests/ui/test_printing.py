"""Letters: what the text layer says, pages, headers, what describes the file."""

import shutil
import subprocess

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtPrintSupport import QPrinter

from healthvisit.ui.printing import Letter, PrintError, page_count, pdf_bytes, save_pdf, to_printer

SIGNS = "−0,3 – −2,15 ≥ 2 ≤ 3 ± 1 — A-B"
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def text_of(path) -> str:
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True).stdout  # noqa: S607


@needs_poppler
def test_pdf_keeps_every_minus_sign(qapp, tmp_path):
    """With the font's `calt` feature −0,3 is copied and read aloud as 0,3: a z-score must never lose its sign."""
    path = save_pdf(Letter(html=f"<p>{SIGNS}</p><p><b>{SIGNS}</b></p>"), tmp_path, 12)
    assert path.name == "healthvisit-12.pdf"
    assert text_of(path).count(SIGNS) == 2


@needs_poppler
def test_pages_are_numbered_and_carry_header_and_footer(qapp, tmp_path):
    """A loose second page has to say what it belongs to."""
    letter = Letter(
        html="".join(f"<p>Aýna {n}.</p>" for n in range(90)), page="A5", header="Saglyk öýi 12", footer="healthvisit 7"
    )
    pages = text_of(save_pdf(letter, tmp_path, 7)).split("\f")[:-1]
    assert len(pages) == page_count(letter) > 1
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page
        assert "Saglyk öýi 12" in page
        assert "healthvisit 7" in page
    assert all(any(f"Aýna {n}." in page for page in pages) for n in range(90))


@needs_poppler
def test_practice_stands_across_every_page(qapp, tmp_path):
    """A practice sheet must not be taken for a real one."""
    letter = Letter(html="<p>Aýna</p>" * 90, practice=True, own_pages=(lambda *_: None,))
    pages = text_of(save_pdf(letter, tmp_path, 1)).split("\f")[:-1]
    assert all("PRACTICE" in "".join(page.split()) for page in pages)
    assert "PRACTICE" not in "".join(text_of(save_pdf(Letter(html="<p>Aýna</p>"), tmp_path, 2)).split())


def test_nothing_that_describes_the_file_names_a_person(qapp):
    """Titles stand in lists of files and in what describes the PDF."""
    made = pdf_bytes(Letter(html="<title>Gurbangeldiýewa</title><h1>Gurbangeldiýewa</h1>", header="Gurbangeldiýewa"))
    for name in ("Gurbangeldi", "Gurbangeldiýewa"):
        assert name.encode() not in made
        assert name.encode("utf-16-be") not in made
    assert made.startswith(b"%PDF-")


def test_drawings_stand_where_the_text_leaves_room(qapp):
    """The chart is a vector at its place, also behind a table and on its own page."""
    seen = []
    letter = Letter(
        html="<p>A</p><table><tr><td>x</td><td><img src='drawing:chart' width='300' height='200'></td></tr></table>",
        drawings={"chart": lambda _painter, rect: seen.append(QRectF(rect))},
        own_pages=(lambda _painter, rect: seen.append(QRectF(rect)),),
    )
    assert len(pdf_bytes(letter)) < 20_000
    place, whole = seen
    assert (place.width(), place.height()) == (300, 200)
    assert place.left() > 0
    assert place.top() > 10
    assert whole.width() > 600


def test_full_disk_leaves_no_half_file(qapp, tmp_path):
    """Half a letter in a folder is a letter somebody will read."""
    with pytest.raises(PrintError) as told:
        save_pdf(Letter(html="<p>Aýna</p>"), tmp_path / "missing", 3)
    assert told.value.code == "print.cannot_save"
    assert told.value.details == {"number": 3}


@needs_poppler
def test_printer_gets_the_same_sheet_under_a_neutral_name(qapp, tmp_path):
    """The queue of a shared printer shows the name of the job to everyone."""
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    to_printer(Letter(html=f"<p>{SIGNS}</p>", page="A5"), printer, 9)
    assert printer.docName() == "healthvisit 9"
    assert SIGNS in text_of(tmp_path / "out.pdf")
