"""`healthvisit growth score`: every cell as WHO's rules give it, and a file that is never half written."""

import csv
import os
import subprocess
import sys
import tracemalloc
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from healthvisit.__main__ import main
from healthvisit.growth import LAST_DAY_2006
from healthvisit.growth.batch import RESULTS
from tests.unit.growth.children import COLUMNS, children
from tests.unit.growth.oracle import answer

GIRL = {"id": "1", "sex": "f", "age_days": "300", "weight_kg": "8.4", "lenhei_cm": "71.2", "measure": "l"}


def write(path, rows, *, delimiter=",", columns=None, encoding="utf-8"):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, columns, delimiter=delimiter, restval="")
        table.writeheader()
        table.writerows(rows)


def score(tmp_path, source, *more, language="en"):
    """Exit code and rows of the answer."""
    out = tmp_path / "out.csv"
    code = main(["--language", language, "growth", "score", str(source), str(out), *more])
    return code, read(out) if out.exists() else None


def read(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def scored(tmp_path, **cells):
    """The answer for one child."""
    source = tmp_path / "in.csv"
    write(source, [{**GIRL, **cells}])
    code, rows = score(tmp_path, source)
    assert code == 0
    return rows[0]


def test_thousands_of_edge_children_come_out_as_the_rules_say(tmp_path):
    """A cell that differs from WHO's is a child judged wrongly; every edge of age, length and posture is met here."""
    some = children(4000)
    source = tmp_path / "in.csv"
    write(source, some, columns=COLUMNS)
    code, rows = score(tmp_path, source)
    assert code == 0
    assert len(rows) == len(some)
    wrong = [
        (child, name, row[name], said)
        for child, row in zip(some, rows, strict=True)
        for name, said in answer(child).items()
        if row[name] != said
    ]
    assert not wrong, wrong[:3]
    assert sum(row[name] != "" for row in rows for name in row if name.startswith("z")) > 15_000


@pytest.mark.parametrize(
    ("delimiter", "encoding", "end"), [(",", "utf-8", "\n"), (";", "utf-8-sig", "\r\n"), ("\t", "utf-8", "\r\n")]
)
def test_a_table_is_answered_as_it_was_written(tmp_path, delimiter, encoding, end):
    """A spreadsheet set to Russian writes semicolons, decimal commas and a mark; it must open the answer likewise."""
    point = "." if delimiter == "," else ","
    cells = ["1", "Aşgabat", "f", "300", f"8{point}4", f"71{point}2", "l"]
    lines = [["ID", "place", "Sex", "AGE_DAYS", "Weight_kg", "LENHEI_CM", "measure"], cells]
    source = tmp_path / "in.csv"
    source.write_bytes("".join(delimiter.join(line) + end for line in lines).encode(encoding))
    assert score(tmp_path, source)[0] == 0
    answered = (tmp_path / "out.csv").read_bytes()
    assert answered.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    text = answered.decode(encoding)
    assert text.count(end) == 2
    assert text.count("\n") == 2
    head, row = (line.split(delimiter) for line in text.split(end)[:2])
    assert head[:7] == lines[0]
    assert row[:7] == cells
    assert head[7:] == [*RESULTS, "note"]
    assert row[7:10] == [f"71{point}20", "l", f"16{point}57"]
    assert row[head.index("zwei")] == f"-0{point}04"


def test_columns_may_stand_in_any_order_and_extra_ones_are_kept(tmp_path):
    """A survey brings its own columns, and needs them beside the z."""
    shuffled = {"comment": "häzir, gowy", "measure": "L", **dict(reversed(GIRL.items())), "cluster": " 7 "}
    source = tmp_path / "in.csv"
    write(source, [shuffled])
    (row,) = score(tmp_path, source)[1]
    assert {name: row[name] for name in shuffled} == shuffled
    assert list(row) == [*shuffled, *RESULTS, "note"]
    assert row["zwei"] == scored(tmp_path)["zwei"] != ""


@pytest.mark.parametrize(("born", "on"), [("2024-01-01", "2024-10-27"), ("1.1.2024", "27.10.2024")])
def test_dates_give_the_age(tmp_path, born, on):
    """300 days lie between them, in either way of writing."""
    row = {name: cell for name, cell in GIRL.items() if name != "age_days"}
    source = tmp_path / "in.csv"
    write(source, [{**row, "birth_date": born, "date": on}, {**row, "birth_date": "", "date": on}])
    with_age, without = score(tmp_path, source)[1]
    assert with_age["zwei"] == scored(tmp_path)["zwei"]
    assert (without["zwei"], without["note"]) == ("", "birth_date: age not known")
    assert without["zwfl"] == with_age["zwfl"]


def test_days_as_given_go_before_dates_and_a_blank_falls_back_on_them(tmp_path):
    """Surveys carry both; the office has often checked only one."""
    assert scored(tmp_path, birth_date="2024-01-01", date="2024-01-02")["zwei"] == scored(tmp_path)["zwei"]
    assert scored(tmp_path, age_days="", birth_date="2024-01-01", date="2024-10-27")["zwei"] == scored(tmp_path)["zwei"]


@pytest.mark.parametrize("cells", [{"sex": "F"}, {"sex": "2"}, {"sex": "2.0"}, {"sex": " f "}, {"sex": "Female"}])
def test_sex_is_understood_as_surveys_write_it(tmp_path, cells):
    """WHO's program takes these words."""
    assert scored(tmp_path, **cells)["zwei"] == scored(tmp_path)["zwei"] != ""


@pytest.mark.parametrize(
    ("cells", "blank", "note"),
    [
        ({"sex": ""}, {"len", "wei", "wfl", "bmi"}, "sex: sex needed"),
        ({"sex": "x"}, {"len", "wei", "wfl", "bmi"}, "sex: not understood (m, f)"),
        ({"age_days": ""}, {"len", "wei", "bmi"}, "age_days: age not known"),
        ({"age_days": "ten"}, {"len", "wei", "bmi"}, "age_days: not a number"),
        ({"age_days": "-1"}, {"len", "wei", "wfl", "bmi"}, "age_days: the visit is before the birth"),
        ({"weight_kg": "abc"}, {"wei", "wfl", "bmi"}, "weight_kg: not a number"),
        ({"weight_kg": ""}, {"wei", "wfl", "bmi"}, ""),
        ({"weight_kg": "NA"}, {"wei", "wfl", "bmi"}, ""),
        ({"weight_kg": "NaN"}, {"wei", "wfl", "bmi"}, "weight_kg: not a number"),
        ({"weight_kg": "inf"}, {"wei", "wfl", "bmi"}, "weight_kg: not a number"),
        ({"weight_kg": "0"}, {"wei", "wfl", "bmi"}, "weight_kg: must be above zero"),
        ({"weight_kg": "-3"}, {"wei", "wfl", "bmi"}, "weight_kg: must be above zero"),
        ({"weight_kg": "7,8,5"}, {"wei", "wfl", "bmi"}, "weight_kg: not a number"),
        ({"weight_kg": "1.007,8"}, {"wei", "wfl", "bmi"}, "weight_kg: not a number"),
        ({"weight_kg": "1e9"}, {"wei", "wfl", "bmi"}, "weight_kg: too large"),
        ({"lenhei_cm": "0"}, {"len", "wfl", "bmi"}, "lenhei_cm: must be above zero"),
        ({"age_days": "800", "lenhei_cm": "0.6"}, {"len", "wfl", "bmi"}, "lenhei_cm: must be above zero"),
        ({"lenhei_cm": "44.9"}, {"wfl"}, "zwfl: length outside the table"),
        ({"oedema": "y"}, {"wei", "wfl", "bmi"}, "zwei, zwfl, zbmi: no z with oedema, counts as severe"),
        ({"oedema": "?"}, set(), "oedema: not understood (y, n)"),
        ({"measure": "?"}, set(), "measure: not understood (l, h)"),
        ({"armc_cm": "12", "age_days": "90"}, {"ac"}, "zac: no reference before 91 days"),
        ({"age_days": "1827"}, {"wfl"}, "zwfl: no reference at this age"),
        ({"age_days": "7300"}, {"len", "wei", "wfl", "bmi"}, "zlen, zwei, zwfl, zbmi: no reference at this age"),
        (
            {"measure": "h", "age_days": "273"},
            set(),
            "measure: standing under 9 months is doubtful, length not corrected",
        ),
    ],
)
def test_what_cannot_be_used_is_named_and_the_rest_is_computed(tmp_path, cells, blank, note):
    """Each line of the bad-input table: never a z from a wrong number, never a lost one beside it."""
    row = scored(tmp_path, **cells)
    assert note in row["note"] if note else row["note"] == ""
    measured = {"len", "wei", "wfl", "bmi"} | ({"ac"} if "armc_cm" in cells else set())
    for name in measured:
        assert (row[f"z{name}"] == "") == (name in blank), name
        assert (row[f"f{name}"] == "") == (name in blank), name


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (
            {"birth_date": "2024-05", "date": "2024-10-27"},
            "birth_date: not a full date (write 2024-05-31 or 31.05.2024)",
        ),
        ({"birth_date": "2024-02-30", "date": "2024-10-27"}, "birth_date: not a full date"),
        ({"birth_date": "2024-05-01", "date": "2024-04-30"}, "date: the visit is before the birth"),
        ({"birth_date": "2024-05-01", "date": "2999-04-30"}, "date: the visit is in the future"),
    ],
)
def test_a_birth_or_visit_that_cannot_be_gives_no_age(tmp_path, cells, note):
    """A day is never guessed, and a visit of tomorrow's year is a slip."""
    row = scored(tmp_path, age_days="", **cells)
    assert note in row["note"]
    assert row["zwei"] == row["zlen"] == ""
    assert (row["zwfl"] != "") == (cells["date"] == "2024-10-27")


def test_decimal_commas_and_blanks_are_accepted(tmp_path):
    """As typed by hand in half of the country's tables."""
    assert scored(tmp_path, weight_kg=" 8,4 ")["zwei"] == scored(tmp_path)["zwei"]


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ({"weight_kg": "8400"}, "weight_kg: check: perhaps in grams"),
        ({"weight_kg": "18.5"}, "weight_kg: check: perhaps in pounds"),
        ({"lenhei_cm": "712"}, "lenhei_cm: check: perhaps in millimetres"),
        ({"lenhei_cm": "28"}, "lenhei_cm: check: perhaps in inches"),
        ({"lenhei_cm": "0.71"}, "lenhei_cm: check: perhaps in metres"),
    ],
)
def test_a_flagged_measure_names_the_unit_it_was_probably_taken_in(tmp_path, cells, note):
    """Flagged and computed like any other; the office sees at once what happened."""
    row = scored(tmp_path, **cells)
    assert note in row["note"]
    assert "1" in (row["fwei"], row["flen"])


def test_a_very_small_child_is_computed_like_any_other(tmp_path):
    """0.9 kg is below what is accepted at entry without asking, and a true weight all the same."""
    assert scored(tmp_path, age_days="0", weight_kg="0.9", lenhei_cm="36")["zwei"] == "-6.13"


@pytest.mark.parametrize("newlines", ["\n", "\r\n"])
def test_torn_rows_are_named_and_swallow_no_other(tmp_path, newlines):
    """A quote never closed, a row too short or too long: the children after it are still scored."""
    good = "f,300,8.4,71.2"
    lines = ["sex,age_days,weight_kg,lenhei_cm", good, 'f,300,"8.4,71.2', good, "f,300", "f,300,8,4,71,2", "", good]
    source = tmp_path / "in.csv"
    source.write_bytes(newlines.join(lines).encode())
    code, rows = score(tmp_path, source)
    assert code == 0
    assert [row["zwei"] != "" for row in rows] == [True, False, True, False, False, True]
    assert [row["note"] for row in rows] == [
        "",
        "the row has fewer cells than the header",
        "",
        "the row has fewer cells than the header",
        "the row has more cells than the header",
        "",
    ]
    assert rows[4]["lenhei_cm"] == "4,71,2"


def test_a_quote_never_closed_swallows_no_long_register(tmp_path):
    """Ten thousand children after one slip of the pen are all still there."""
    source = tmp_path / "in.csv"
    source.write_bytes(b'sex,age_days,weight_kg\nf,300,"8.4\n' + b"f,300,8.4\n" * 20_000)
    code, rows = score(tmp_path, source)
    assert (code, len(rows)) == (0, 20_001)
    assert sum(row["zwei"] != "" for row in rows) >= 20_000
    source.write_bytes(b'sex,age_days,weight_kg\nf,300,"8.4\nf,300,' + b"8" * 200_000 + b"\n")
    assert score_only(source, tmp_path / "out.csv") == 2


def test_a_comment_of_two_lines_is_one_cell(tmp_path):
    """Line ends inside quotes are text."""
    assert scored(tmp_path, comment="one\ntwo")["comment"] == "one\ntwo"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"PK\x03\x04\0\0", "is not a CSV file"),
        ("sex;age_days;weight_kg\n".encode("utf-16"), "not written in UTF-8"),
        (b"sex,age_days,weight_kg,place\nf,300,8,\xcc\xe0\xf0\xfb\n", "not written in UTF-8"),
        (b"sex,age_days,weight_kg\nf,300," + b"8" * 200_000 + b"\n", "is not a CSV file"),
        (b"age_days,weight_kg\n300,8\n", "has none of these columns: sex."),
        (b"sex,weight_kg\nf,8\n", "has none of these columns: age_days."),
        (b"sex,birth_date,weight_kg\nf,2024-01-01,8\n", "has none of these columns: date."),
        (b"sex,age_days\nf,8\n", "has none of these columns: weight_kg, lenhei_cm"),
        (b"sex,age_days,weight_kg,Weight_KG\nf,300,8,8\n", "has the column weight_kg twice"),
    ],
)
def test_a_file_that_is_no_table_of_children_is_refused_in_one_sentence(tmp_path, capsys, content, said):
    """One clear sentence, exit code 2, and no answer that looks like one."""
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    code, rows = score(tmp_path, source)
    assert (code, rows) == (2, None)
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_a_header_alone_gives_a_header_alone(tmp_path):
    """An empty survey is no fault."""
    source = tmp_path / "in.csv"
    source.write_text("sex,age_days,weight_kg", encoding="utf-8")
    assert score(tmp_path, source) == (0, [])
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("sex,age_days,weight_kg,clenhei")


def test_absent_files_and_folders_are_said(tmp_path, capsys):
    """Which file it was is part of the sentence."""
    source = tmp_path / "in.csv"
    assert score(tmp_path, source)[0] == 2
    assert "in.csv could not be read" in capsys.readouterr().err
    write(source, [GIRL])
    for target in (tmp_path / "no" / "out.csv", tmp_path):
        assert main(["growth", "score", str(source), str(target)]) == 2
        assert f"{target} could not be written" in capsys.readouterr().err


def test_the_system_answers_in_the_language_asked_for(tmp_path, capsys, monkeypatch):
    """Nobody reads "No such file or directory" in Mary, nor where the folder of this account lies."""
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "in.csv"
    write(source, [GIRL])
    for arguments in (("gone.csv", "o.csv"), ("in.csv", "no/o.csv"), (".", "o.csv"), ("in.csv", "."),
                      ("in.csv", "o.csv", "--report", "no/r.html")):  # fmt: skip
        assert main(["--language", "ru", "growth", "score", *arguments]) == 2
        said = capsys.readouterr().err
        assert "Не удалось" in said
        assert not any(word in said for word in ("No such", "directory", str(tmp_path)))


def test_missing_columns_are_said_with_what_would_serve(tmp_path, capsys):
    """Who has dates of birth need not count days."""
    source = tmp_path / "in.csv"
    source.write_text("sex,weight_kg\nf,8\n", encoding="utf-8")
    assert score(tmp_path, source)[0] == 2
    said = capsys.readouterr().err
    assert "birth_date and date together serve as well." in said
    assert "The first row names the columns" in said


def test_the_input_is_never_its_own_output(tmp_path, capsys):
    """What was measured must survive, under whatever name it is reached."""
    source, link = tmp_path / "in.csv", tmp_path / "link.csv"
    write(source, [GIRL])
    before = source.read_bytes()
    link.symlink_to(source)
    for target in (source, link, tmp_path / "." / "in.csv"):
        assert main(["growth", "score", str(source), str(target)]) == 2
    assert main(["growth", "score", str(source), str(tmp_path / "o.csv"), "--report", str(source)]) == 2
    assert main(["growth", "score", str(source), str(tmp_path / "o.csv"), "--report", str(tmp_path / "o.csv")]) == 2
    assert source.read_bytes() == before
    assert "must be different files" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said(tmp_path, capsys):
    """The sentence a worker needs; no device is replaced by a file either."""
    source = tmp_path / "in.csv"
    write(source, [GIRL] * 1000)
    assert main(["growth", "score", str(source), "/dev/full"]) == 2
    assert "The disk is full" in capsys.readouterr().err
    assert not Path("/dev/full").is_file()


def test_an_old_answer_stays_when_the_new_one_cannot_be_made(tmp_path):
    """Never half a file: the old one whole, or the new one whole."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"sex,age_days,weight_kg\n" + b"f,300,8\n" * 50_000 + b"\xff\n")
    out.write_text("old", encoding="utf-8")
    assert main(["growth", "score", str(source), str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_new_answer_takes_the_old_ones_place_at_once(tmp_path):
    """Who has the old file open keeps reading the old one: nothing is written into it."""
    source, out, other_name = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "kept.csv"
    write(source, [GIRL])
    out.write_text("old", encoding="utf-8")
    other_name.hardlink_to(out)
    assert score_only(source, out) == 0
    assert other_name.read_text(encoding="utf-8") == "old"
    assert len(read(out)) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_killed_run_leaves_the_old_answer(tmp_path):
    """Power goes at any moment."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    os.mkfifo(source)
    out.write_text("old", encoding="utf-8")
    command = [sys.executable, "-m", "healthvisit", "growth", "score", str(source), str(out)]
    with subprocess.Popen(command) as run, source.open("wb", buffering=0) as feed:
        feed.write(b"sex,age_days,weight_kg\n" + b"f,300,8\n" * 5000)
        run.kill()
    assert out.read_text(encoding="utf-8") == "old"


def test_children_are_not_held_in_memory(tmp_path):
    """A register of any length is scored in the room of a few rows."""
    source = tmp_path / "in.csv"
    source.write_bytes(b"sex,age_days,weight_kg\n" + b"f,300,8.4\n" * 30_000)
    tracemalloc.start()
    assert score_only(source, tmp_path / "out.csv") == 0
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000


def score_only(source, out):
    return main(["growth", "score", str(source), str(out)])


def test_who_example_survey_comes_out_as_who_published_it(tmp_path):
    """WHO's own example, through the whole command: the nearest thing to a judge."""
    text = (files("pygrowup") / "test_datasets" / "MySurvey_z_st.csv").read_text(encoding="utf-8")
    survey = [row for row in csv.DictReader(text.splitlines()) if not (_days(row) or 0) > LAST_DAY_2006]
    source = tmp_path / "in.csv"
    names = {
        "sex": "GENDER", "weight_kg": "WEIGHT", "lenhei_cm": "HEIGHT", "measure": "measure", "headc_cm": "HEAD",
        "armc_cm": "MUAC", "triskin_mm": "TRI", "subskin_mm": "SUB", "oedema": "oedema",
    }  # fmt: skip
    write(
        source,
        [{"age_days": row["age.days"], **{ours: _read(row[its]) for ours, its in names.items()}} for row in survey],
    )
    code, rows = score(tmp_path, source)
    assert code == 0
    cells = 0
    for given, row in zip(survey, rows, strict=True):
        for name in ("len", "wei", "wfl", "bmi", "hc", "ac", "ts", "ss"):
            z = given[f"z{name}"]
            assert row[f"z{name}"] == ("" if z in ("", "NA") else f"{float(z):.2f}"), (given["id"], name)
            assert row[f"f{name}"] == ("" if z in ("", "NA") else given[f"f{name}"]), (given["id"], name)
            cells += z not in ("", "NA")
    assert cells > 2500


def _days(row):
    return int(row["age.days"]) if row["age.days"] not in ("", "NA") else None


def _read(text):
    """A figure of that survey, spoilt by single precision there, as it was measured."""
    try:
        return str(round(Decimal(text), 4).normalize())
    except ArithmeticError:
        return text


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal of its own")
def test_a_bar_is_drawn_on_a_terminal_and_only_there(tmp_path):
    """A long register must not look like a hung program; a log file wants no bar."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"sex,age_days,weight_kg\n" + b"f,300,8.4\n" * 9000)
    command = [sys.executable, "-m", "healthvisit", "--language", "en", "growth", "score", str(source), str(out)]
    ours, theirs = os.openpty()
    run = subprocess.run(command, stderr=theirs, stdout=subprocess.PIPE, check=True, text=True)
    os.close(theirs)
    drawn = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "#" in drawn
    assert "%" in drawn
    assert run.stdout == "9000 children scored. 0 rows with a note.\n"
    assert subprocess.run(command, capture_output=True, check=True).stderr == b""
