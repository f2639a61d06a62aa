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
