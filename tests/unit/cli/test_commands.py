"""Commands as an author calls them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from healthvisit.__main__ import main
from healthvisit.settings import Paths, resource

ROOT = Path(__file__).parents[3]


def test_a_good_pack_is_said_to_be_in_order_in_the_asked_language(capsys: pytest.CaptureFixture[str]) -> None:
    """An author who reads Russian is answered in Russian."""
    assert main(["--language", "en", "pack", "check", str(resource("packs/tm-default"))]) == 0
    assert capsys.readouterr().out == "The pack is in order.\n"


def test_a_form_compiles_to_the_named_file(tmp_path: Path) -> None:
    """What the program opens is what the author compiled."""
    out = tmp_path / "child.xml"
    assert main(["form", "compile", str(resource("forms/child.md")), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("<?xml")


def test_a_form_that_is_none_is_named_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A half-written file must not be taken for a form."""
    source, out = tmp_path / "bad.md", tmp_path / "bad.xml"
    source.write_text("no table here", encoding="utf-8")
    assert main(["form", "compile", str(source), "-o", str(out)]) == 1
    assert "form." in capsys.readouterr().err
    assert not out.exists()


def test_a_form_of_an_office_is_installed_refused_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer puts the ministry's questions into visits, and takes them out again."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    target = Paths.standard().forms / "child.xml"
    words = ["--language", "en", "form"]
    own = resource("forms/child.md").read_text(encoding="utf-8")
    theirs, poor = tmp_path / "theirs.md", tmp_path / "poor.md"
    theirs.write_text(own.replace("| Weight (kg) |", "| Weight today (kg) |"), encoding="utf-8")
    poor.write_text("| survey |\n| | type | name | label |\n| | text | a | A |\n", encoding="utf-8")
    assert main([*words, "install", str(theirs), "child"]) == 0
    assert "Weight today (kg)" in target.read_text(encoding="utf-8")
    capsys.readouterr()
    assert main([*words, "install", str(poor), "child"]) == 1
    said = capsys.readouterr().err
    assert "growth.weight_g" in said
    assert "the form used until now stays in use" in said
    assert "Weight today (kg)" in target.read_text(encoding="utf-8")
    with_list = own.replace(
        "| choices |", "| | select_one_from_file villages.csv | village | Oba | Oba | Oba |\n| choices |"
    )
    theirs.write_text(with_list, encoding="utf-8")
    (tmp_path / "villages.csv").write_text("name,label\na,A\n", encoding="utf-8")
    assert main([*words, "install", str(theirs), "child"]) == 1  # in a home the list would be empty
    assert "The list villages.csv is a file of its own" in capsys.readouterr().err
    assert "Weight today (kg)" in target.read_text(encoding="utf-8")
    assert main([*words, "remove", "child"]) == 0
    assert not target.exists()
    assert main([*words, "remove", "child"]) == 0


@pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
def test_a_console_without_turkmen_letters_breaks_nothing(tmp_path: Path, encoding: str) -> None:
    """On an older system the answer has gaps; it is no breakdown of the program."""
    form = tmp_path / "form.md"
    form.write_text("| survey |\n| | type | name | label |\n| | text | a | ${b} |\n", encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "healthvisit", "--language", "tk", "form", "check", str(form)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert b"[unknown_name]" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_has_read_enough_is_no_breakdown(tmp_path: Path) -> None:
    """`form check … | head` is how a long list is looked at."""
    form, rows = tmp_path / "form.md", "".join(f"| | text | q{n} | ${{no{n}}} |\n" for n in range(1500))
    form.write_text(f"| survey |\n| | type | name | label |\n{rows}", encoding="utf-8")
    command = [sys.executable, "-m", "healthvisit", "form", "check", str(form)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 1
