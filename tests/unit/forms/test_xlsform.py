"""Compiling what authors write."""

import pytest

from healthvisit.forms.errors import FormError
from healthvisit.forms.xlsform import compile_folder, compile_markdown, main


def test_the_same_source_gives_the_same_form(markdown):
    """Stale forms are found by comparing; drafts are pinned by hash."""
    source = markdown([{"type": "text", "name": "a", "label": "A"}])
    assert compile_markdown(source) == compile_markdown(source)


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([{"type": "text", "name": "a", "label": "A ${zz}"}], {"sheet": "survey", "row": 2, "column": "label"}),
        ([{"type": "text", "name": "a", "label": "A"}, {"type": "text", "name": "a", "label": "A"}],
         {"sheet": "survey", "row": 3}),
        ([{"type": "begin_group", "name": "a", "label": "A"}], {"row": 2}),
        ([{"type": "select_one q", "name": "a", "label": "A"}], {"sheet": "choices"}),
    ],
)  # fmt: skip
def test_a_broken_sheet_is_named_with_its_cell(markdown, rows, where):
    """An author looks for the row, not through a traceback."""
    with pytest.raises(FormError) as caught:
        compile_markdown(markdown(rows))
    assert caught.value.code == "form.does_not_compile"
    assert where.items() <= caught.value.details.items()
    assert caught.value.details["reason"]


def test_text_that_is_no_sheet_is_refused():
    """A wrong file is named."""
    with pytest.raises(FormError, match=r"form\.does_not_compile"):
        compile_markdown("junk")


def test_a_stale_form_fails_the_check(markdown, tmp_path, capsys):
    """What is committed must be what its source says."""
    source = tmp_path / "visit.md"
    source.write_text(markdown([{"type": "text", "name": "a", "label": "A"}]), encoding="utf-8")
    assert main(["--check", str(tmp_path)]) == 1
    assert main(["--compile", str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    source.write_text(markdown([{"type": "text", "name": "a", "label": "B"}]), encoding="utf-8")
    assert main(["--check", str(tmp_path)]) == 1
    assert "visit.xml: stale" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rule", "code"),
    [({"relevant": "nosuch(1)"}, "form.unknown_function"), ({"relevant": "1 +"}, "form.syntax"),
     ({"relevant": "/data/typo = 1"}, "form.unresolved")],
)  # fmt: skip
def test_an_expression_the_compiler_lets_through_is_caught(markdown, tmp_path, rule, code):
    """The compiler checks no expressions; the committed form must not fail in a family's home."""
    (tmp_path / "f.md").write_text(markdown([{"type": "text", "name": "a", "label": "A", **rule}]), encoding="utf-8")
    (fault,) = compile_folder(tmp_path, write=True)
    assert code in fault
    assert not (tmp_path / "f.xml").exists()
