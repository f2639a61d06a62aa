"""`form check` and `form compile` as an author calls them."""

import pytest

from healthvisit.__main__ import main
from healthvisit.cli import form_words
from healthvisit.domain.errors import HealthvisitError
from healthvisit.settings import resource

GOOD = """| survey |
| | type | name | label |
| | text | a | A |
| settings |
| | form_id | version |
| | f | 1 |
"""


def written(tmp_path, text, name="form.md"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_clean_form_ends_with_0(tmp_path, capsys):
    """Warnings are allowed."""
    assert main(["--language", "en", "form", "check", str(written(tmp_path, GOOD))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 errors, 0 warnings"


def test_each_problem_is_one_line_with_its_cell(tmp_path, capsys):
    """An author reads down the list and finds the cells."""
    rows = "| text | a | A |\n| | text | d | ${b} |\n| | nosuch | c | C |"
    path = written(tmp_path, GOOD.replace("label |", "label::en |").replace("| text | a | A |", rows))
    assert main(["--language", "en", "form", "check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "survey!C3: error: No question is named b. [unknown_name]",
        "survey!A4: error: There is no question type nosuch. [unknown_type]",
        "form.md: note: The languages of the form: en (1). [languages]",
        "2 errors, 0 warnings",
    ]


@pytest.mark.parametrize("name", ["family", "child", "mother", "danger"])
@pytest.mark.parametrize("suffix", ["md", "xml"])
def test_the_programs_own_forms_are_clean(name, suffix, capsys):
    """What we ask of others we do."""
    assert main(["--language", "en", "form", "check", str(resource(f"forms/{name}.{suffix}"))]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("form.md", "no table", "form.broken_workbook"),
        ("form.xlsx", "not a workbook", "form.broken_workbook"),
        ("form.xls", "not a workbook", "form.broken_workbook"),
        ("form.txt", "text", "form.not_a_form"),
        ("form.xml", "<a/>", "form.not_a_form"),
        ("form.xml", "<a>", "form.not_xml"),
    ],
)
def test_what_is_no_form_ends_with_2(tmp_path, capsys, name, text, code):
    """A wrong file is no form with faults."""
    assert main(["--language", "en", "form", "check", str(written(tmp_path, text, name))]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{name}: error: ")
    assert f"[{code}]" in said


def test_a_file_that_is_not_there_ends_with_2(tmp_path, capsys):
    """A slip in the name is said so."""
    assert main(["form", "check", str(tmp_path / "gone.md")]) == 2
    assert main(["form", "compile", str(tmp_path / "gone.md"), "-o", str(tmp_path / "out.xml")]) == 2
    assert capsys.readouterr().err.count("gone.md: ") == 2


def test_a_refused_form_leaves_the_earlier_output_as_it_was(tmp_path, capsys):
    """The form in use stays in use."""
    out = written(tmp_path, "earlier", "out.xml")
    bad = written(tmp_path, GOOD.replace("| text | a | A |", "| text | a | A |\n| | text | a | B |"))
    assert main(["--language", "en", "form", "compile", str(bad), "-o", str(out)]) == 1
    assert "survey!B3: error: The name a stands in row 2 already." in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["form.md", "out.xml"]


def test_an_expression_the_compiler_lets_through_stops_compiling(tmp_path, capsys):
    """A form that cannot be opened is not written."""
    bad = written(tmp_path, GOOD.replace("| label |", "| label | relevant |").replace("| A |", "| A | if(1 |"))
    assert main(["--language", "en", "form", "compile", str(bad), "-o", str(tmp_path / "out.xml")]) == 1
    assert "survey!D2: error: " in capsys.readouterr().err
    assert not (tmp_path / "out.xml").exists()


def test_a_folder_that_is_not_there_is_said_so(tmp_path, capsys):
    """An output that cannot be written is not half written."""
    form = written(tmp_path, GOOD)
    assert main(["form", "compile", str(form), "-o", str(tmp_path / "gone" / "out.xml")]) == 2
    assert "out.xml: " in capsys.readouterr().err


def test_a_function_handed_in_can_be_named(tmp_path):
    """The cht pack and z-scores are no functions of ODK's."""
    form = written(
        tmp_path, GOOD.replace("| label |", "| label | relevant |").replace("| A |", "| A | z-score(1) > 2 |")
    )
    assert main(["form", "check", str(form)]) == 1
    assert main(["form", "check", "--function", "z-score", str(form)]) == 0
    assert main(["form", "compile", "--function", "z-score", str(form), "-o", str(tmp_path / "out.xml")]) == 0


@pytest.mark.parametrize("kind", sorted(form_words.SENTENCES))
def test_every_sentence_can_be_said_with_little_known(kind):
    """A finding whose details are missing must not hide the finding."""
    assert form_words.sentence(kind, {})


def test_a_kind_without_a_sentence_is_still_said():
    """A fault found by a newer part of the program is named."""
    assert "brand_new" in form_words.error_line(HealthvisitError("form.brand_new"), "f.md")
