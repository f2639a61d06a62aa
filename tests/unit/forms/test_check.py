"""The author's check on workbooks: everything wrong in one run, each at its cell."""

import pytest

from healthvisit.forms.check import check
from healthvisit.forms.check_mend import MOST_REPAIRS
from healthvisit.forms.check_places import as_xpath
from healthvisit.forms.findings import Level, letters

VOCABULARY = {"growth": {"weight_g"}}


@pytest.fixture
def found(markdown, tmp_path):
    """Rows to what the check finds: (place, kind) of errors and warnings."""

    def run(survey, choices=(), *, level=None, functions=(), given=(), **settings):
        path = tmp_path / "form.md"
        path.write_text(markdown(survey, choices, **({"version": "1"} | settings)), encoding="utf-8")
        findings = check(path, vocabulary=VOCABULARY, functions=functions, given=given)
        return [(str(f.place), f.kind) for f in findings if (f.level is level if level else f.level is not Level.NOTE)]

    return run


A = {"type": "text", "name": "a", "label": "A"}
N = {"type": "integer", "name": "n", "label": "N"}
YN = [{"list_name": "yn", "name": "y", "label": "Yes"}]


def calculate(expression, name="c"):
    return {"type": "calculate", "name": name, "label": "", "calculation": expression}


def test_a_good_form_has_nothing_to_say(found):
    """A clean form must not teach its author to look away."""
    rows = [
        A,
        {**N, "relevant": "${a} != ''"},
        calculate("${n} * 2"),
        {"type": "select_one yn", "name": "s", "label": "S"},
    ]
    assert found(rows, YN) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([A, {**N, "relevant": "${a} ="}], ("survey!D3", "syntax")),
        ([A, {**N, "constraint": "if(false(), nosuch(1), . > 2)"}], ("survey!D3", "unknown_function")),
        ([A, {**N, "constraint": "if(true(), 1 > 2, substr())"}], ("survey!D3", "arity")),
        ([A, {**N, "constraint": "count(${a}[nosuch(.) = 1]) = 1"}], ("survey!D3", "unknown_function")),
        ([A, {**N, "constraint": "false() and regex(., '[')"}], ("survey!D3", "bad_pattern")),
        ([A, {"type": "select_one", "name": "s", "label": "S"}], ("survey!A3", "no_list")),
        ([A, {**N, "required": "/data/typo = 1"}], ("survey!D3", "unresolved")),
        ([A, {**N, "relevant": "${A} = 1"}], ("survey!D3", "unknown_name")),
        ([A, {**N, "label": "N ${typo}"}], ("survey!C3", "unknown_name")),
        ([A, {**N, "label": "N ${typo"}], ("survey!C3", "bad_reference")),
        ([calculate("${d} + 1"), calculate("${c} + 1", "d")], ("survey!D2", "cycle")),
        ([A, A], ("survey!B3", "duplicate_name")),
        ([{**A, "name": "meta"}], ("survey!B2", "reserved_meta")),
        ([{**A, "name": "a b"}], ("survey!B2", "bad_name")),
        ([A, {**A, "name": ""}], ("survey!B3", "no_name")),
        ([A, {**N, "type": ""}], ("survey!A3", "no_type")),
        ([A, {**N, "type": "nosuch"}], ("survey!A3", "unknown_type")),
        ([A, {**N, "label": ""}], ("survey!B3", "no_label")),
        ([A, {"type": "calculate", "name": "c", "label": ""}], ("survey!3", "no_calculation")),
        ([{"type": "begin_group", "name": "g", "label": "G"}, A], ("survey!A2", "unmatched_begin")),
        ([A, {"type": "end_repeat", "name": "", "label": ""}], ("survey!A3", "unmatched_end")),
        (
            [{"type": "begin_group", "name": "g", "label": "G"}, A, {"type": "end_repeat"}],
            ("survey!A4", "crossed_end"),
        ),
        ([{"type": "select_one gone", "name": "s", "label": "S"}], ("survey!A2", "empty_list")),
        ([A, calculate("pulldata('prices', 'cost', 'id', ${a})")], ("survey!D3", "missing_file")),
        ([{"type": "select_one_from_file x.csv", "name": "s", "label": "S"}], ("survey!A2", "missing_file")),
        ([A, {**N, "bind::hv:entry": "grow"}], ("survey!D3", "unknown_entry")),
        ([A, {**N, "bind::hv:entry": "growth", "bind::hv:field": "weight"}], ("survey!E3", "unknown_field")),
        (
            [A, {**N, "bind::hv:entry": "growth", "bind::hv:field": "weight_g", "bind::hv:unit": "cm"}],
            ("survey!F3", "unknown_unit"),
        ),
        ([A, {**N, "bind::hv:field": "weight_g"}], ("survey!D3", "field_without_entry")),
        ([A, {**N, "bind::hv:unit": "kg"}], ("survey!D3", "unit_without_field")),
        ([A, calculate("instance('nosuch')/root/item/x")], ("survey!D3", "unknown_list")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_an_error_is_found_at_its_cell(found, rows, expected):
    """An author looks at the cell, not through a traceback."""
    assert found(rows, level=Level.ERROR) == [expected]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([calculate("last()")], ("survey!D2", "not_in_collect")),
        ([calculate("floor(1.5)")], ("survey!D2", "not_in_collect")),
        ([calculate("ceiling(1.5)")], ("survey!D2", "not_in_collect")),
        ([calculate("substring('abc', 2)")], ("survey!D2", "not_in_collect")),
        ([A, N, calculate(r"count(${a} \| ${n})")], ("survey!D4", "not_in_collect")),
        ([A, calculate("count(//a)")], ("survey!D3", "not_in_collect")),
        ([A, calculate("/data/a[1]")], ("survey!D3", "not_in_collect")),
        ([calculate("'2024-03-01' - today()")], ("survey!D2", "text_date")),
        ([{**N, "constraint": "today() >= '2024-01-01'"}], ("survey!D2", "text_date")),
        ([A, calculate("if(${a}, 'x', 'y')")], ("survey!D3", "blank_condition")),
        ([A, {**N, "relevant": "${a}"}], ("survey!D3", "blank_condition")),
        ([A, {**N, "relevant": "${a} and true()"}], ("survey!D3", "blank_condition")),
        ([A, calculate("once(${a})")], ("survey!D3", "once_reads")),
        ([{**N, "constraint": "once(random()) > 1"}], ("survey!D2", "once_elsewhere")),
        ([A, {**N, "default": "many"}], ("survey!D3", "bad_default")),
        ([A, {**N, "type": "date", "default": "2024-02-30"}], ("survey!D3", "bad_default")),
        (
            [{"type": "begin_repeat", "name": "r", "label": "R"}, N, {"type": "end_repeat"}, calculate("sum(${n})")],
            ("survey!D5", "sum_of_blanks"),
        ),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_surprises_elsewhere_is_a_warning_at_its_cell(found, rows, expected):
    """The same form may run on ODK Collect; where that differs its author must know."""
    assert found(rows) == [expected]


@pytest.mark.parametrize(
    "row",
    [
        calculate("date('2024-03-01') - today()"),
        calculate("if(${a} != '', 'x', 'y')"),
        calculate("once(random())"),
        calculate("sum(${n}[. != ''])"),
        {**N, "name": "m", "relevant": "${a} = '2024-01-01'"},
    ],
)
def test_the_advised_way_is_not_warned_of(found, row):
    """Advice that does not end when it is followed is noise."""
    assert found([A, N, row]) == []


def test_a_sum_over_answers_that_must_be_given_is_fine(found):
    """A required answer is not blank when the record is whole."""
    repeat = [{"type": "begin_repeat", "name": "r", "label": "R"}, {**N, "required": "yes"}, {"type": "end_repeat"}]
    assert found([*repeat, calculate("sum(${n})")]) == []


def test_everything_is_found_in_one_run(found):
    """The compiler stops at its first complaint; an author with ten faults must not run the check ten times."""
    rows = [
        A,
        A,
        {**N, "relevant": "${zz} = 1", "constraint": ". >"},
        {"type": "nosuch", "name": "b", "label": "B", "relevant": "nosuch()"},
        {"type": "select_one gone", "name": "s", "label": "S", "relevant": "1 +"},
        {"type": "begin_group", "name": "meta", "label": "M"},
        {"type": "text", "name": "m", "label": "${open", "relevant": "not()"},
        {"type": "end_group"},
    ]
    assert set(found(rows, YN, level=Level.ERROR)) == {
        ("survey!B3", "duplicate_name"),
        ("survey!D4", "unknown_name"),
        ("survey!E4", "syntax"),
        ("survey!A5", "unknown_type"),
        ("survey!D5", "unknown_function"),
        ("survey!A6", "empty_list"),
        ("survey!D6", "syntax"),
        ("survey!B7", "reserved_meta"),
        ("survey!C8", "bad_reference"),
        ("survey!D8", "arity"),
    }


def test_every_circle_is_named(found):
    """Mending one must not only uncover the next."""
    rows = [calculate("${d}"), calculate("${c}", "d"), calculate("${f}", "e"), calculate("${e}", "f")]
    assert found(rows, level=Level.ERROR) == [("survey!D2", "cycle"), ("survey!D4", "cycle")]


def test_a_missing_translation_is_its_cell(found):
    """A family is asked in the language it speaks, or sees a dash."""
    rows = [
        {
            "type": "text",
            "name": "a",
            "label::Türkmen (tk)": "T",
            "label::Русский (ru)": "Р",
            "hint::Türkmen (tk)": "h",
        },
        {"type": "text", "name": "b", "label::Türkmen (tk)": "T", "label::Русский (ru)": ""},
    ]
    choices = [{"list_name": "yn", "name": "y", "label::Türkmen (tk)": "T", "label::Русский (ru)": ""}]
    rows.append({"type": "select_one yn", "name": "s", "label::Türkmen (tk)": "T", "label::Русский (ru)": "Р"})
    assert found(rows, choices) == [
        ("survey!E1", "no_translation_column"),
        ("survey!D3", "no_translation"),
        ("choices!D2", "no_translation"),
    ]


def test_lists_are_checked_for_use_names_and_columns(found):
    """A filter by a column that is not there offers nothing, for ever."""
    rows = [{"type": "select_multiple yn", "name": "s", "label": "S", "choice_filter": "region = 'x'"}]
    choices = [
        {"list_name": "yn", "name": "y", "label": "Y"},
        {"list_name": "yn", "name": "y", "label": "Y"},
        {"list_name": "yn", "name": "n o", "label": "N"},
        {"list_name": "yn", "name": "", "label": "N"},
        {"list_name": "other", "name": "x", "label": "X"},
    ]
    assert found(rows, choices) == [
        ("survey!D2", "no_such_column"),
        ("choices!B3", "duplicate_choice"),
        ("choices!B4", "blank_in_choice"),
        ("choices!B5", "choice_without_name"),
        ("choices!A6", "unused_list"),
    ]


def test_a_file_beside_the_form_is_read_for_its_columns(found, tmp_path):
    """A table is often sent again with other columns."""
    (tmp_path / "prices.csv").write_text("id,cost\n1,2\n", encoding="utf-8")
    rows = [A, calculate("pulldata('prices', 'cost', 'id', ${a})"), calculate("pulldata('prices', 'x', 'id', 1)", "d")]
    assert found(rows) == [("survey!D4", "no_such_column")]
    (tmp_path / "prices.csv").write_bytes(b"\xff\xfe\x00")
    assert ("survey!D3", "broken_file") in found(rows)
    (tmp_path / "prices.csv").write_text("id,cost\n", encoding="utf-8")
    assert ("survey!D3", "empty_list") in found(rows)


def test_a_list_in_a_file_needs_the_columns_that_are_shown(found, tmp_path):
    """A select without names to store or words to show is empty."""
    rows = [{"type": "select_one_from_file villages.csv", "name": "s", "label": "S", "parameters": "value=code"}]
    (tmp_path / "villages.csv").write_text("name,label\nv,V\n", encoding="utf-8")
    assert found(rows) == [("survey!A2", "no_such_column")]
    (tmp_path / "villages.csv").write_text("code,label\nv,V\n", encoding="utf-8")
    assert found(rows) == []


def test_pictures_are_looked_for_beside_the_form(found, tmp_path):
    """A choice that is only a picture says nothing without it."""
    rows = [{**A, "media::image": "a.jpg"}, {"type": "select_one yn", "name": "s", "label": "S"}]
    choices = [*YN, {"list_name": "yn", "name": "n", "label": "No", "media::image": "n.jpg"}]
    assert found(rows, choices) == [("survey!D2", "missing_media"), ("choices!D3", "missing_media")]
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "form-media").mkdir()
    (tmp_path / "form-media" / "n.jpg").write_bytes(b"")
    assert found(rows, choices) == []


def test_a_fault_in_the_words_of_a_choice_is_its_cell(found):
    """Choices say what was answered before, too."""
    rows = [A, {"type": "select_one yn", "name": "s", "label": "S"}]
    choices = [*YN, {"list_name": "yn", "name": "n", "label": "No ${gone}"}]
    assert found(rows, choices) == [("choices!C3", "unknown_name")]


def test_what_the_program_hands_in_is_known(found):
    """The person and the last visit come with no file, z-scores with no definition."""
    rows = [
        {"type": "xml-external", "name": "person", "label": ""},
        {**A, "relevant": "instance('person')/root/item/sex = 'f'"},
        calculate("z-score(1)"),
    ]
    assert found(rows, given=("person",), functions=("z-score",)) == []
    assert found(rows) == [("survey!A2", "missing_file"), ("survey!E4", "unknown_function")]


def test_a_form_without_a_name_or_version_is_warned_of(found):
    """Records name the form and version they were made with."""
    assert found([A], form_id="", version="") == [("settings!2", "no_form_id"), ("settings!2", "no_version")]


def test_the_mapping_columns_need_their_namespace(found):
    """Without it the compiler writes XML that nothing can read."""
    rows = [{**N, "bind::hv:entry": "growth", "bind::hv:field": "nosuch"}]
    assert found(rows, namespaces="") == [("survey!E2", "unknown_field"), ("settings!C2", "no_namespace")]


def test_a_question_that_cannot_be_answered_here_is_a_note(found):
    """It is no fault: another program may ask it."""
    rows = [A, {"type": "geopoint", "name": "g", "label": "G"}, {"type": "audio", "name": "s", "label": "S"},
            {"type": "barcode", "name": "b", "label": "B"},
            {"type": "image", "name": "d", "label": "D", "appearance": "draw"}]  # fmt: skip
    notes = found(rows, level=Level.NOTE)
    assert [place for place, kind in notes if kind == "not_answered_here"] == [f"survey!A{row}" for row in (3, 4, 5, 6)]


def test_positions_in_an_expression_are_the_authors_own(markdown, tmp_path):
    """The compiled expression is longer than what the author wrote."""
    path = tmp_path / "f.md"
    path.write_text(markdown([A, {**N, "relevant": "${a} = = 2"}]), encoding="utf-8")
    (fault,) = [f for f in check(path, vocabulary={}) if f.kind == "syntax"]
    assert (fault.details["position"], fault.details["near"]) == (8, "= 2")
    assert as_xpath("${a} + 1") == "/aaa + 1"


def test_a_form_full_of_faults_ends(found):
    """A workbook of a hundred wrong rows is answered, not chewed on for ever."""
    wrong = {"type": "nosuch", "label": "Q", "relevant": "1 +"}
    faults = found([{**wrong, "name": f"q{number}"} for number in range(100)], level=Level.ERROR)
    assert [kind for _, kind in faults].count("unknown_type") == 100
    assert [kind for _, kind in faults].count("syntax") == 100
    faults = found(
        [{**wrong, "type": "text", "name": f"q {number}"} for number in range(MOST_REPAIRS + 1)], level=Level.ERROR
    )
    assert [kind for _, kind in faults].count("syntax") == MOST_REPAIRS + 1


@pytest.mark.parametrize(("at", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_do(at, name):
    """The address must be the one in the author's window."""
    assert letters(at) == name


def test_a_fault_of_the_compilers_making_is_not_added_to_the_authors(found):
    """An XForm compiled in spite of an error may be broken by the mending; the author has one thing to put right."""
    assert found([A, {**N, "save_to": "n"}]) == [("survey!D3", "compiler")]


def test_a_choice_without_words_is_its_cell(found):
    """Nobody can choose a blank."""
    rows = [A, {"type": "select_one yn", "name": "s", "label": "S"}]
    assert ("choices!C3", "choice_without_label") in found(rows, [*YN, {"list_name": "yn", "name": "n", "label": ""}])
