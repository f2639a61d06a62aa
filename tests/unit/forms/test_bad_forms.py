"""Bad input: each a named error with its place; nothing is fetched, nothing crashes, the old form stays in use."""

import io
import random
import socket
import struct
import time
import zipfile

import openpyxl
import pytest

from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.check import check
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Level
from healthvisit.forms.instance import parse_xml
from healthvisit.forms.session import FormSession
from healthvisit.forms.xlsform import compile_file
from healthvisit.settings import resource

SURVEY = [["type", "name", "label", "relevant"], ["text", "a", "A", None], ["integer", "n", "N", "${a} = 'x'"]]
SETTINGS = [["form_id", "version"], ["t", "1"]]
XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T
</h:title><model><instance><data id="t" version="1"><a/></data></instance>{instance}
<bind nodeset="/data/a" type="string"{rules}/></model></h:head>
<h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>"""


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Any call for a line fails the test."""

    def refuse(*_args, **_kw):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def workbook(tmp_path):
    """Sheets to an .xlsx file."""

    def write(name="form.xlsx", **sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in ({"survey": SURVEY, "settings": SETTINGS} | sheets).items():
            if rows is None:
                continue
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def xls(rows):
    """A workbook of one sheet as Excel 2 wrote it: the oldest that is read here, and the only one short to write."""

    def record(kind, body):
        return struct.pack("<HH", kind, len(body)) + body

    cells = [
        record(0x0004, struct.pack("<HH3sB", row, column, b"\0\0\0", len(text)) + text.encode("latin-1"))
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
        if text
    ]
    return record(0x0009, struct.pack("<HH", 2, 0x10)) + b"".join(cells) + record(0x000A, b"")


def errors(path, **kw):
    return [(str(f.place), f.kind) for f in check(path, vocabulary={}, **kw) if f.level is Level.ERROR]


def refusal(work, *arguments, **kw):
    with pytest.raises(FormError) as caught:
        work(*arguments, **kw)
    return caught.value


# -- workbooks


def test_a_workbook_compiles_and_its_cells_are_named(workbook):
    """Excel is what programme officers have."""
    definition = FormDefinition.load(compile_file(workbook()))
    assert (definition.form_id, definition.version) == ("t", "1")
    rows = [[None, "type", None, "name", "label", "relevant"], [None, "text", None, "a", "A", "1 +"]]
    assert errors(workbook(survey=rows)) == [("survey!F2", "syntax")]
    rows = [SURVEY[0], SURVEY[1], [None] * 4, ["integer", "n", "N", "nosuch()"]]
    assert errors(workbook(survey=rows)) == [("survey!D4", "unknown_function")]


def test_an_old_workbook_compiles_and_its_cells_are_named(tmp_path):
    """Offices still hold .xls files."""
    path = tmp_path / "form.xls"
    path.write_bytes(xls([[cell or "" for cell in row] for row in SURVEY]))
    assert FormDefinition.load(compile_file(path)).controls.keys() == {"/data/a", "/data/n"}
    path.write_bytes(xls([["type", "name", "label", "relevant"], ["text", "a", "A", "1 +"]]))
    assert errors(path) == [("survey!D2", "syntax")]


def packed(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return held.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600, packed(a="none"), packed(xl__workbook="<a>")],
    ids=["empty", "cut", "pdf", "ole", "zip", "no parts"],
)
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "md"])
def test_what_is_no_workbook_is_named(tmp_path, suffix, data):
    """A wrong or broken file is said to be one, whatever it is."""
    path = tmp_path / f"form.{suffix}"
    path.write_bytes(data)
    assert refusal(check, path, vocabulary={}).code == "form.broken_workbook"
    assert refusal(compile_file, path).details["reason"]


def test_a_workbook_cut_short_is_named(workbook):
    """A copy from a stick that was pulled out."""
    path = workbook()
    path.write_bytes(path.read_bytes()[:-400])
    assert refusal(compile_file, path).code == "form.broken_workbook"


def test_a_workbook_without_questions_is_named(workbook):
    """The wrong file of several."""
    assert refusal(compile_file, workbook(survey=None)).code == "form.not_a_form"
    assert refusal(check, workbook(sales=[["x"]], survey=None), vocabulary={}).code == "form.not_a_form"
    assert errors(workbook(survey=[["type", "name", "label"]])) == [("survey", "no_survey")]


def test_a_workbook_that_unfolds_beyond_measure_is_refused_at_once(tmp_path):
    """Half a megabyte of zeros must not take the memory of the laptop."""
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(packed(xl__worksheets__sheet1="0" * 150_000_000))
    begun = time.monotonic()
    assert refusal(compile_file, path).code == "form.too_large"
    assert time.monotonic() - begun < 5


def test_a_workbook_with_entities_is_refused_and_fetches_nothing(workbook):
    """The parts of a workbook are XML too."""
    path = workbook()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    evil = b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>'
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        data = parts[name]
        head = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
        with zipfile.ZipFile(path, "w") as archive:
            for other, held in (parts | {name: data[:head] + evil + data[head:]}).items():
                archive.writestr(other, held)
        assert refusal(compile_file, path).code == "form.forbidden_xml"


def test_a_workbook_for_another_fork_is_named_as_such(workbook):
    """CHT's workbooks hold a group meta; its own compiler takes them."""
    rows = [SURVEY[0], ["begin group", "meta", "M", None], ["text", "a", "A", None], ["end group", None, None, None]]
    assert errors(workbook(survey=rows)) == [("survey!B2", "reserved_meta")]
    assert refusal(compile_file, workbook(survey=rows)).details["row"] == 2


def test_an_expression_error_in_a_branch_never_taken_is_found(workbook):
    """ODK's own validator passes it, and the form fails in a family's home."""
    rows = [SURVEY[0], ["text", "a", "A", "if(false(), nosuch(1), true())"]]
    assert errors(workbook(survey=rows)) == [("survey!D2", "unknown_function")]
    assert refusal(FormDefinition.load, compile_file(workbook(survey=rows))).code == "form.unknown_function"


# -- XML


BOMB = "<!DOCTYPE a [" + "".join(
    f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol"}">' for i in range(10)
) + "]><a>&e9;</a>"  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "form.forbidden_xml"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "form.forbidden_xml"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "form.forbidden_xml"),
        ("<a>" + "<b>x</b>" * 6_500_000 + "</a>", "form.too_large"),
        ("<a>" * 100_000, "form.not_xml"),
        ("\x00\x01\x02", "form.not_xml"),
    ],
    ids=["bomb", "file entity", "remote type", "50 MB", "deep", "bytes"],
)
def test_hostile_xml_is_refused_at_once(tmp_path, data, code):
    """As a form, as a record and as a list that comes with a form."""
    begun = time.monotonic()
    (tmp_path / "form.xml").write_text(data, encoding="utf-8")
    assert refusal(parse_xml, data).code == code
    assert refusal(FormDefinition.load, data).code == code
    assert refusal(check, tmp_path / "form.xml", vocabulary={}).code == code
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "data", [BOMB, '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><root>&x;</root>', "<a>"]
)
def test_a_hostile_list_is_refused(tmp_path, now, data):
    """A list of villages comes by mail too."""
    text = XFORM.format(instance='<instance id="v" src="jr://file/v.xml"/>', rules="")
    (tmp_path / "form.xml").write_text(text, encoding="utf-8")
    (tmp_path / "v.xml").write_text(data, encoding="utf-8")
    assert [kind for _, kind in errors(tmp_path / "form.xml")] == ["broken_file"]
    with pytest.raises(FormError):
        FormSession.open(FormDefinition.load(text), language="en", now=now, files={"v.xml": data.encode()})


def test_a_form_that_cannot_be_read_leaves_the_one_in_use(now):
    """The old form stays in use."""
    good = FormDefinition.load(XFORM.format(instance="", rules=""))
    for rules in (' calculate="1 +"', ' relevant=". = 1"', ' constraint="nosuch()"'):
        refusal(FormDefinition.load, XFORM.format(instance="", rules=rules))
    session = FormSession.open(good, language="en", now=now)
    session.answer("/data/a", "x")
    assert session.value("/data/a") == "x"


def test_circles_are_refused_with_their_place():
    """The author looks for the question."""
    circle = XFORM.format(instance="", rules=' calculate="/data/a + 1" relevant="/data/a"')
    assert refusal(FormDefinition.load, circle).details["paths"] == ["/data/a"]


# -- answers


ROWS = [
    {"type": "select_one yn", "name": "s", "label": "S"},
    {"type": "integer", "name": "n", "label": "N", "relevant": "${s} != 'no'"},
    {"type": "decimal", "name": "d", "label": "D"},
    {"type": "date", "name": "day", "label": "Day"},
    {"type": "time", "name": "at", "label": "At"},
]
YN = [{"list_name": "yn", "name": "yes", "label": "Yes"}, {"list_name": "yn", "name": "no", "label": "No"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("n", "seven"), ("n", "1e5"), ("n", "7.5"), ("n", "٧"), ("n", "9" * 400), ("d", "3,4,5"), ("d", "NaN"),
        ("d", "Infinity"), ("day", "2024-02-30"), ("day", "2023-02-29"), ("day", "30.02.2024"), ("day", "0000-00-00"),
        ("day", "99999-01-01"), ("at", "25:00"), ("at", "7"), ("s", "maybe"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_kept_as_typed_and_named(opened, name, text):
    """The visitor sees what she typed and that it cannot stand; expressions see nothing wrong."""
    session = opened(ROWS, YN)
    session.answer(f"/data/{name}", text)
    question = session.question(f"/data/{name}")
    assert question.typed == text
    assert question.violation is not None
    assert [problem.path for problem in session.problems()] == [f"/data/{name}"]


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ud800", "x" * 1_000_000, "<a>&amp;", "]]>"])
def test_any_text_can_be_answered_and_written_out(opened, text):
    """What a keyboard or a paste brings must not lose the visit at its end."""
    session = opened([{"type": "text", "name": "t", "label": "T"}])
    session.answer("/data/t", text)
    parse_xml(session.record_xml())
    assert session.value("/data/t") == text.translate(dict.fromkeys((0, 0x0B, 0xD800)))
    FormSession.restore(session.definition, session.snapshot(), now=session._world.now)


def test_an_answer_to_a_hidden_question_is_refused_with_its_place(opened):
    """What does not apply is not asked, so it cannot be answered."""
    session = opened(ROWS, YN)
    session.answer("/data/s", "no")
    error = refusal(session.answer, "/data/n", "3")
    assert (error.code, error.details["path"]) == ("form.hidden", "/data/n")
    assert refusal(session.answer, "/data/typo", "3").code == "form.no_question"
    assert refusal(session.answer, "/data/s[2]", "3").code == "form.no_question"


def test_a_draft_of_another_version_is_refused(define, opened, now):
    """A draft keeps the form it was begun with; moving it is asked for by name."""
    session = opened(ROWS, YN, version="1")
    newer = define(ROWS, YN, version="2")
    error = refusal(FormSession.restore, newer, session.snapshot(), now=now)
    assert error.code == "form.other_definition"
    assert error.details["given"] == newer.sha256


def test_a_list_without_rows_offers_nothing(now):
    """It is an author's error, found by the check; a visit already begun goes on."""
    text = XFORM.format(instance='<instance id="l"><root/></instance>', rules="").replace(
        '<input ref="/data/a"><label>A</label></input>',
        '<select1 ref="/data/a"><label>A</label><itemset nodeset="instance(\'l\')/root/item[gone = 1]">'
        '<value ref="name"/><label ref="label"/></itemset></select1>',
    )
    session = FormSession.open(FormDefinition.load(text), language="en", now=now)
    assert session.question("/data/a").choices == ()
    session.answer("/data/a", "x")
    assert session.question("/data/a").violation is not None


def test_a_missing_table_reads_blank(opened):
    """The check names it; the visit goes on."""
    calculate = {"type": "calculate", "name": "c", "calculation": "pulldata('p', 'cost', 'id', ${a})"}
    session = opened([{"type": "text", "name": "a", "label": "A"}, calculate])
    session.answer("/data/a", "7")
    assert session.value("/data/c") == ""


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_to_a_form_does_more_than_a_named_error(tmp_path, seed, now):
    """Whatever arrives, the program names it or reads it."""
    dice = random.Random(seed)  # noqa: S311 - the same damage at every run
    whole = resource("forms/danger.xml").read_bytes()
    path = tmp_path / "form.xml"
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(data))
            size = dice.randrange(1, 40)
            match dice.randrange(3):
                case 0:
                    del data[at : at + size]
                case 1:
                    data[at : at + size] = dice.choice([b"'", b"(", b"[", b"/", b"<", b"${", b"&lt;", b"1 div 0"])
                case _:
                    data[at:at] = data[at : at + size]
        path.write_bytes(data)
        try:
            check(path, vocabulary={})
            FormSession.open(FormDefinition.load(data.decode(errors="replace")), language="tk", now=now)
        except HealthvisitError as error:
            assert error.code.startswith("form.")  # noqa: PT017 - most damage is not named, only some


@pytest.mark.parametrize("seed", range(3))
def test_no_damage_to_a_sheet_does_more_than_findings(tmp_path, seed):
    """Cells are moved, cut and filled with anything."""
    dice = random.Random(seed)  # noqa: S311 - the same damage at every run
    lines = resource("forms/danger.md").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "form.md"
    for _ in range(6):
        damaged = list(lines)
        for _ in range(8):
            at = dice.randrange(len(damaged))
            cells = damaged[at].split("|")
            cells[dice.randrange(len(cells))] = dice.choice(
                ["${", "${x}", "}", "begin_repeat", "end_group", "1 +", "'", "select_one", "meta", "a b", "", "${meta}"]
            )
            damaged[at] = "|".join(cells)
        path.write_text("\n".join(damaged), encoding="utf-8")
        try:
            check(path, vocabulary={})
        except FormError as error:
            assert error.code.startswith("form.")  # noqa: PT017 - most damage gives findings
