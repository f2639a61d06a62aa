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


@pytest.mark.parametrize("name", ["form.xml", "form.md", "form.xlsx"])
@pytest.mark.parametrize("deed", ["check", "compile", "install"])
def test_a_folder_in_place_of_a_form_is_said_in_the_asked_language(tmp_path, capsys, name, deed):
    """A slip of the mouse is no breakdown, and an officer who reads Russian is not answered in English."""
    (tmp_path / name).mkdir()
    more = {"compile": ["-o", str(tmp_path / "out.xml")], "install": ["child", "--practice"]}.get(deed, [])
    assert main(["--language", "ru", "form", deed, str(tmp_path / name), *more]) in {1, 2}
    said = capsys.readouterr().err
    assert said.startswith(f"{name}: ошибка: ")
    assert "directory" not in said


def test_only_workbooks_are_compiled(tmp_path, capsys):
    """The sentence must not advise to give the very file that was given."""
    form = written(tmp_path, "<a/>", "form.xml")
    assert main(["--language", "en", "form", "compile", str(form), "-o", str(tmp_path / "out.xml")]) == 1
    assert "[not_a_workbook]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("form.xlsx", b"", "The file is empty."),
        ("form.md", b" \n", "The file is empty."),
        ("form.md", b"| \xff |", "not written in UTF-8"),
        ("form.md", b"PK\0\xff", "damaged, or it is another kind of file"),
        ("form.md", b"no table", "There are no tables here."),
        ("form.xlsx", b"\xd0\xcf\x11\xe0 and more", "protected by a password"),
        ("form.xlsx", b"PK and more", "damaged, or it is another kind of file"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_said_in_plain_words(tmp_path, capsys, name, content, said):
    """Its reader's own English ("Argument 'definition' was not recognized") helps nobody."""
    (tmp_path / name).write_bytes(content)
    assert main(["--language", "en", "form", "check", str(tmp_path / name)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "[form.broken_workbook]" in error


def test_what_the_check_calls_an_error_is_not_compiled(tmp_path, capsys):
    """A form that takes a column its list lacks opens, and shows nothing."""
    rows = "| text | a | A |\n| | select_one_from_file l.csv | b | B | x = ${a} |"
    form = written(tmp_path, GOOD.replace("label |", "label | choice_filter |").replace("| text | a | A |", rows))
    out = tmp_path / "out.xml"
    arguments = ["--language", "en", "form", "compile", str(form), "-o", str(out)]
    written(tmp_path, "name,label\nq,Q\n", "l.csv")
    assert main(arguments) == 1
    assert "survey!D3: error: The list l has no column x." in capsys.readouterr().err
    assert not out.exists()
    (tmp_path / "l.csv").unlink()
    assert main(arguments) == 0
    assert "survey!A3: warning: The file l.csv is not beside the form." in capsys.readouterr().err
    assert out.exists()


def test_a_form_without_a_question_is_not_compiled(tmp_path, capsys):
    """An empty page would be opened in a home."""
    form = written(tmp_path, GOOD.replace("| | text | a | A |\n", ""))
    assert main(["--language", "en", "form", "compile", str(form), "-o", str(tmp_path / "out.xml")]) == 1
    assert "no_survey" in capsys.readouterr().err
    assert not (tmp_path / "out.xml").exists()


def test_a_character_that_no_file_can_hold_is_named_at_its_cell(tmp_path, capsys):
    """It cannot be seen in Excel; a line of an XML the author never saw would not help."""
    form = written(tmp_path, GOOD.replace("| text | a | A |", "| text | a | A\x01 |"))
    assert main(["--language", "en", "form", "check", str(form)]) == 1
    errors = [line for line in capsys.readouterr().out.splitlines() if "error:" in line]
    assert len(errors) == 1
    assert errors[0].startswith("survey!C2: error: A character that no file can hold stands here (number 1).")


def test_a_list_without_rows_is_called_by_its_file(tmp_path, capsys):
    """The sheet choices has nothing to do with it."""
    form = written(tmp_path, GOOD.replace("| text | a | A |", "| select_one_from_file l.csv | a | A |"))
    written(tmp_path, "name,label\n", "l.csv")
    main(["--language", "en", "form", "check", str(form)])
    assert "survey!A2: warning: The file l.csv has no rows." in capsys.readouterr().out


def test_common_warnings_of_the_compiler_have_sentences_and_cells(tmp_path, capsys):
    """Its own are long, English, and name no cell."""
    rows = "| select_one l or_other | a | A | A |\n| | image | b | B | B |\n| | text | B | C | C |"
    text = GOOD.replace("| label |", "| label::en | label::ru |").replace("| text | a | A |", rows)
    text = text.replace(
        "| settings |", "| choices |\n| | list_name | name | label::en | label::ru |\n| | l | x | X | X |\n| settings |"
    )
    assert main(["--language", "ru", "form", "check", str(written(tmp_path, text))]) == 0
    out = capsys.readouterr().out
    assert "survey!A2: предупреждение: " in out
    assert "survey!B4: предупреждение: " in out
    assert "https" not in out
