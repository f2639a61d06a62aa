"""The search for names in files: it must find what is there, or its zero says nothing."""

import shutil

import pytest

from healthvisit.practice import plaintext

NAMES = {"Gurbangeldiýewa Oguljemal", "Кузнецова Алиса", "+99365123456", "18.07.2026", "Aýna"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("name", ["Кузнецова Алиса", "+99365123456", "18.07.2026"])
def test_a_name_is_found_in_every_encoding_and_in_capitals(tmp_path, encoding, name):
    """A library may write what it is given in an encoding nobody thought of."""
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "cache.bin"
    for text in (name, name.upper()):
        file.write_bytes(b"\x00\xffk" + text.encode(encoding) + b"\x01")
        assert plaintext.hits([tmp_path], NAMES) == 1
        assert list(plaintext.find([tmp_path], NAMES)) == [file]


def test_turkmen_letters_are_found_as_two_systems_write_them(tmp_path):
    """Unicode on disk, and the code page of Windows where it has the letters."""
    for encoding in ("utf-8", "utf-16-le"):
        (tmp_path / encoding).write_bytes("Gurbangeldiýewa Oguljemal".encode(encoding))
    assert plaintext.hits([tmp_path], NAMES) == 2


def test_clean_files_and_short_words_give_nothing(tmp_path):
    """Four letters are met by chance in sealed bytes; an alarm that always rings is no alarm."""
    (tmp_path / "a").write_bytes(bytes(range(256)) * 100 + "Aýna".encode())
    assert plaintext.hits([tmp_path, tmp_path / "absent"], NAMES) == 0
    assert plaintext.hits([tmp_path], []) == 0
    assert plaintext.hits([tmp_path], {""}) == 0


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_a_pdf_is_read_as_a_person_reads_it(tmp_path, qapp):
    """In a PDF text stands packed: its bytes alone would always look clean."""
    from PySide6.QtGui import QPdfWriter, QTextDocument

    file = tmp_path / "sheet.pdf"
    document = QTextDocument("Кузнецова Алиса")
    document.print_(QPdfWriter(str(file)))
    assert "Алиса".encode() not in file.read_bytes()
    assert plaintext.hits([file], NAMES) == 1
