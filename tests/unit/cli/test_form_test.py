"""`healthvisit form test`: an author's expectations against the engine."""

import json

import pytest

from healthvisit.__main__ import main

FORM = """
| survey |
| | type | name | label | relevant | required | constraint |
| | select_one_from_file places.csv | place | Place | | | |
| | integer | n | How many | | yes | . < 5 |
| | begin_repeat | r | R | | | |
| | text | x | X ${n} | ${n} > 1 | | |
| | end_repeat | | | | | |
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Steps to exit code and lines."""
    (tmp_path / "form.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "places.csv").write_text("name,label\na,Aa\nb,Bb\n", encoding="utf-8")

    def go(steps, **more):
        script = tmp_path / "script.json"
        data = {"files": {"places.csv": "places.csv"}, "scripts": [{"name": "one", "steps": steps}], **more}
        script.write_text(json.dumps(data), encoding="utf-8")
        code = main(["form", "test", str(tmp_path / "form.md"), str(script)])
        out = capsys.readouterr()
        return code, out.out.splitlines(), out.err

    return go


def test_a_script_that_holds_says_so_in_one_line(run):
    """What an author reads in the evening before sending the form out."""
    code, lines, _ = run(
        [
            {"op": "check", "expect": {
                "/data/place": {"choices": ["a", "b"], "labels": ["Aa", "Bb"], "value": ""},
                "/data/n": {"required": True, "violation": "required"},
                "/data/r": {"count": 1}, "/data/r[1]/x": {"relevant": False, "label": "X"},
            }},
            {"op": "answer", "ref": "/data/n[1]", "value": 7, "expect": {
                "/data/n": {"value": "7", "violation": "constraint"}, "/data/r/x": {"relevant": True, "label": "X 7"}}},
            {"op": "add", "ref": "/data/r", "expect": {"/data/r": {"count": 2}}},
            {"op": "remove", "ref": "/data/r[1]", "expect": {"/data/r": {"count": 1}, "/data/r[2]": {"count": 0}}},
        ]
    )  # fmt: skip
    assert (code, lines) == (0, ["15 passed, 0 failed"])


def test_each_broken_expectation_is_one_line(run):
    """The line names the step, the question, what was wanted and what was found."""
    code, lines, _ = run([{"op": "check", "expect": {"/data/n": {"value": "3"}, "/data/nowhere": {"relevant": True}}}])
    assert code == 1
    assert lines[0] == 'one, step 1 (check): /data/n: value: expected "3", found ""'
    assert "no such node" in lines[1]
    assert lines[-1] == "0 passed, 2 failed"


@pytest.mark.parametrize(
    "steps", [{}, [{"op": "jump"}], [{"op": "answer"}], [{"expect": {"/data/n": {"colour": 1}}}], [{"expect": 3}]]
)
def test_a_script_that_is_none_is_said_with_its_place(run, steps):
    """A slip in the script is not a fault of the form."""
    code, lines, said = run(steps)
    assert (code, lines) == (1, [])
    assert "script" in said
    assert "Traceback" not in said


def test_a_language_is_meant_by_its_name(tmp_path, capsys):
    """The author writes "Русский (ru)", as in the workbook."""
    (tmp_path / "form.md").write_text(
        "| survey |\n| | type | name | label::English (en) | label::Русский (ru) |\n| | text | q | Name | Имя |\n",
        encoding="utf-8",
    )
    steps = [
        {"op": "language", "value": name, "expect": {"/data/q": {"label": label}}}
        for name, label in (("Русский (ru)", "Имя"), ("English (en)", "Name"), ("ru", "Имя"))
    ]
    (tmp_path / "s.json").write_text(json.dumps({"scripts": [{"steps": steps}]}), encoding="utf-8")
    assert main(["form", "test", str(tmp_path / "form.md"), str(tmp_path / "s.json")]) == 0
    assert capsys.readouterr().out == "3 passed, 0 failed\n"


def test_a_missing_list_is_named(run):
    """The author sees which file is not where the script says."""
    code, _, said = run([], files={"places.csv": "elsewhere.csv"})
    assert code == 1
    assert "places.csv" in said


FILLED = [
    {"op": "answer", "ref": "/data/place", "value": "b"},
    {"op": "answer", "ref": "/data/n", "value": 3},
    {"op": "answer", "ref": "/data/r[1]/x", "value": "as typed"},
]


@pytest.fixture
def export(tmp_path, capsys):
    """Steps and further arguments to exit code, what was written and what was said."""
    (tmp_path / "form.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "places.csv").write_text("name,label\na,Aa\nb,Bb\n", encoding="utf-8")

    def go(steps, *arguments):
        script, out = tmp_path / "script.json", tmp_path / "out"
        data = {"files": {"places.csv": "places.csv"}, "now": "2024-03-01T08:00:00Z", "scripts": [{"steps": steps}]}
        script.write_text(json.dumps(data), encoding="utf-8")
        code = main(["form", "export", str(tmp_path / "form.md"), str(script), "-o", str(out), *arguments])
        return code, out.read_text(encoding="utf-8") if out.exists() else None, capsys.readouterr().err

    return go


def test_a_filled_record_goes_out_as_a_submission_with_the_same_number_each_time(export):
    """Sent twice by mistake it is one record for the other system."""
    code, xml, _ = export(FILLED)
    assert code == 0
    assert "<n>3</n>" in xml
    assert "<x>as typed</x>" in xml
    assert "instanceID>uuid:" in xml
    assert export(FILLED)[1] == xml
    assert export([*FILLED, {"op": "answer", "ref": "/data/n", "value": 4}])[1] != xml


def test_a_filled_record_goes_out_as_a_questionnaire_response(export):
    """A system that speaks FHIR learns which question's codes the answers are."""
    code, text, _ = export(FILLED, "--fhir", "urn:example:form")
    found = json.loads(text)
    assert (code, found["resourceType"], found["status"]) == (0, "QuestionnaireResponse", "completed")
    place = next(item for item in found["item"] if item["linkId"] == "/data/place")
    assert place["answer"] == [
        {"valueCoding": {"system": "urn:example:form#/data/place", "code": "b", "display": "Bb"}}
    ]


def test_an_unfinished_record_goes_nowhere(export):
    """What lacks an answer that must be given is not handed on, and an earlier file stands as it was."""
    code, xml, said = export(FILLED[:1])
    assert (code, xml) == (1, None)
    assert said.splitlines()[0] == "/data/n: required"
    assert "Answers that are missing or break a rule: 1." in said
    code, xml, said = export([{"op": "answer", "ref": "/data/nowhere", "value": "x"}])
    assert (code, xml) == (1, None)
    assert "/data/nowhere" in said


def test_lists_beside_the_form_need_not_be_named(run):
    """`form check` and `form show` find them there."""
    code, lines, said = run([{"op": "check", "expect": {"/data/place": {"choices": ["a", "b"]}}}], files={})
    assert (code, lines, said) == (0, ["1 passed, 0 failed"], "")


def test_a_list_that_is_nowhere_is_named(tmp_path, capsys):
    """An empty list would be taken for a fault of the form."""
    (tmp_path / "form.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "s.json").write_text('{"scripts": [{"steps": [{"op": "check"}]}]}', encoding="utf-8")
    assert main(["--language", "en", "form", "test", str(tmp_path / "form.md"), str(tmp_path / "s.json")]) == 0
    assert capsys.readouterr().err.startswith("form.md: warning: The file places.csv is not beside the form.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"scripts": [', "Сценарий не годится в этом месте: строка 1; там нужно: JSON в UTF-8."),
        (b"\xff\xfe", "JSON в UTF-8"),
        (b"[]", "начало"),
        (b'{"now": "9999-12-31T23:59:59Z", "scripts": []}', "now"),
        (b'{"now": "0001-01-01T00:00:00Z", "scripts": []}', "now"),
    ],
)
def test_what_is_wrong_with_a_script_is_said_of_the_script_in_the_asked_language(tmp_path, capsys, content, said):
    """The form is not at fault, and its author does not look there."""
    (tmp_path / "form.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "s.json").write_bytes(content)
    assert main(["--language", "ru", "form", "test", str(tmp_path / "form.md"), str(tmp_path / "s.json")]) in {1, 2}
    error = capsys.readouterr().err
    assert error.startswith("s.json: ошибка: ")
    assert said in error


def test_a_member_that_nothing_reads_is_named(run):
    """`"expects"` would test nothing and pass."""
    code, lines, said = run([{"op": "check", "expects": {"/data/n": {"value": "7"}}}], file={})
    assert (code, lines) == (0, ["0 passed, 0 failed"])
    assert [line.partition(" is not known")[0] for line in said.splitlines()] == [
        "script.json: warning: file",
        "script.json: warning: scripts[0].steps[0].expects",
    ]


def test_broken_expectations_and_refused_steps_are_said_in_the_asked_language(tmp_path, capsys):
    """Expected and found stand as they are; the words between them do not stay English."""
    (tmp_path / "form.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "places.csv").write_text("name,label\na,Aa\n", encoding="utf-8")
    steps = [
        {"op": "check", "expect": {"/data/n": {"value": "3"}, "/data/x": {"relevant": True}}},
        {"op": "answer", "ref": "/data/nowhere", "value": "1"},
    ]
    (tmp_path / "s.json").write_text(json.dumps({"scripts": [{"steps": steps}]}), encoding="utf-8")
    assert main(["--language", "ru", "form", "test", str(tmp_path / "form.md"), str(tmp_path / "s.json")]) == 1
    out = capsys.readouterr().out
    assert '"3"' in out
    assert "[form.no_question]" in out
    *said, total = out.splitlines()
    assert not any(word in line for line in said for word in ("expected", "found", "step", "such"))
    assert total == "0 passed, 3 failed"  # other programs read it: the same in every language


def test_the_file_that_cannot_be_read_is_the_one_named(tmp_path, capsys):
    """An author looks at the file that the line begins with."""
    (tmp_path / "form.md").mkdir()
    (tmp_path / "s.json").write_text('{"scripts": []}', encoding="utf-8")
    assert main(["--language", "en", "form", "test", str(tmp_path / "form.md"), str(tmp_path / "s.json")]) == 2
    assert capsys.readouterr().err == "form.md: error: This cannot be read: it is a folder.\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| text | meta | A | | | |", "survey!B3: ошибка: Имя meta зарезервировано"),
        ("| text | n | A | | | |", "survey!B3: ошибка: "),
        ("| text | a | A | ${a} = 1 | | |", "survey!D3: ошибка: "),
    ],
)
def test_a_form_with_errors_is_refused_as_the_check_refuses_it(tmp_path, capsys, row, said):
    """The compiler's English names no cell."""
    head = "| survey |\n| | type | name | label | relevant | required | constraint |\n| | text | n | N | | | |\n| "
    (tmp_path / "form.md").write_text(f"{head}{row}\n", encoding="utf-8")
    (tmp_path / "s.json").write_text('{"scripts": [{"steps": []}]}', encoding="utf-8")
    for deed in (["test"], ["export", "-o", str(tmp_path / "out")]):
        assert main(["--language", "ru", "form", *deed, str(tmp_path / "form.md"), str(tmp_path / "s.json")]) == 1
        assert capsys.readouterr().err.startswith(said)
    assert not (tmp_path / "out").exists()
