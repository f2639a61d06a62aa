"""A health house's register: read in three languages, doubts named by line, never doubled."""

import json
from datetime import UTC, date, datetime

import pytest

from healthvisit.domain.errors import InputError
from healthvisit.domain.household import Enrolment, Household, Membership
from healthvisit.domain.names import strict_key
from healthvisit.domain.person import Person
from healthvisit.domain.record import decode
from healthvisit.server import lookalikes, register
from healthvisit.server.importing import import_register
from healthvisit.server.lookalikes import Candidate
from tests.server.running import Laptop

TODAY = date(2026, 11, 20)
RUSSIAN = """№ семьи;Фамилия;Имя;Отчество;Пол;Дата рождения;Мать;Адрес;Село;Телефон
12;Атаев;Аман;Мурадович;м;05.03.2026;Атаева Джемал;ул. Бахар 3;;+993 65 12-34-56
12;Атаева;Айна;;ж;11.07.2023;Атаева Джемал;ул. Бахар 3;;
13;Оразова;Огулджан;;девочка;2025-01-30;Оразова Гульшат;;Неизвестное;нет
"""


def read(text, known=(), caseload="caseload:1"):
    data = text if isinstance(text, bytes) else text.encode()
    places = {strict_key("Ak bugdaý"): "TM-A-AKB"}
    return register.read(data, caseload=caseload, today=TODAY, places=places, known=known)


def codes(got):
    return [(doubt.row, doubt.code) for doubt in got.doubts]


@pytest.mark.parametrize(
    "encode", [str.encode, lambda t: t.encode("cp1251", errors="replace"), lambda t: t.encode("utf-8-sig")]
)
def test_a_russian_register_is_read_as_saved_by_any_office_program(encode):
    """Semicolons and Windows-1251 are what offices have."""
    got = read(encode(RUSSIAN.replace("№ семьи", "номер семьи")))
    assert [(e.given_name, e.sex, e.born_on) for e in got.entries] == [
        ("Аман", "m", date(2026, 3, 5)),
        ("Айна", "f", date(2023, 7, 11)),
        ("Огулджан", "f", date(2025, 1, 30)),
    ]
    assert got.entries[0].household == got.entries[1].household != got.entries[2].household
    assert got.entries[0].mother_id == got.entries[1].mother_id
    assert got.entries[0].phone == "+99365123456"
    assert codes(got) == [(4, "register.phone_unclear"), (4, "register.village_unknown")]


def test_turkmen_and_english_headers_are_known():
    """The same line under any of the headers is the same person."""
    turkmen = """Maşgala,Familiýasy,Ady,Jynsy,Doglan güni,Ejesi,Oba
7,Atayew,Aman,oglan,05.03.2026,Atayewa Jemal,Ak bugdaý
"""
    english = """family,surname,given name,sex,birth date,mother,village
7,Atayew,Aman,boy,2026-03-05,Atayewa Jemal,Ak bugday
"""
    one, other = read(turkmen).entries[0], read(english).entries[0]
    assert (one.person, one.household, one.mother_id) == (other.person, other.household, other.mother_id)
    assert one.village == "TM-A-AKB"
    assert read(english, caseload="caseload:2").entries[0].household != one.household


def test_a_whole_name_in_one_column_is_split():
    """Many registers have one column of three words."""
    got = read("ФИО,Дата рождения,Пол\nАтаев Аман Мурадович,05.03.2026,м\n").entries[0]
    assert (got.surname, got.given_name, got.patronymic) == ("Атаев", "Аман", "Мурадович")


def test_doubtful_lines_are_named_and_the_rest_goes_on():
    """One bad line never blocks a register; no doubt says what the line says."""
    got = read(
        "surname,given name,sex,birth date,mother\n"
        "Atayew,,boy,05.03.2026,\n"
        "Atayew,Aman,boy,05.03.2030,\n"
        "Atayew,Aman,?,05.03.2026,\n"
        "Atayew,Aman,boy,31.02.2026,\n"
        "Atayew,Aman,boy,,\n"
        "\n"
        "Atayew,,boy,06.03.2026,Atayewa Jemal\n"
    )
    assert codes(got) == [
        (2, "register.name_missing"),
        (3, "register.birth_in_future"),
        (4, "register.sex_unknown"),
        (5, "register.birth_unreadable"),
        (6, "register.birth_missing"),
        (8, "register.name_missing"),
    ]
    assert [e.row for e in got.entries] == [4, 8]  # an unnamed newborn of a known mother is taken
    assert "Atayew" not in repr(got)


def test_what_is_no_register_is_told():
    """A letter saved as CSV, or a picture."""
    for data in (
        b"",
        b"Dear colleague,\nhow are you",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b'surname,birth date\n"x',
    ):
        with pytest.raises(InputError, match=r"register\.(no_columns|unreadable)"):
            read(data)


def candidate(ref, names="Atayew Aman", born_on=date(2026, 3, 5), **more):
    return Candidate(
        ref=ref, person=ref, names=names, born_on=born_on, **{"sex": "m", "mother": "Atayewa Jemal"} | more
    )


def found(one, other):
    return [points for _, _, points in lookalikes.pairs([one], [other])]


def test_the_score_of_look_alikes():
    """DOMAIN 8.1: spelling, a swapped date, twins, siblings."""
    one = candidate("1")
    assert found(one, candidate("2")) == [10]
    assert found(one, candidate("2", names="Атаев Аман", mother="Атаева Джемал")) == [6]
    assert found(candidate("1", phone="+1", place="x"), candidate("2", phone="+1", place="x")) == [13]
    assert found(one, candidate("2", born_on=date(2026, 5, 3))) == [8]
    assert found(one, candidate("2", sex="f")) == [7]
    assert found(one, candidate("2", names="Atayew Merdan")) == []  # a twin
    assert found(one, candidate("2", names="Atayew Merdan", born_on=date(2024, 3, 5))) == []  # a brother
    assert found(one, candidate("2", mother="", born_on=None)) == []  # a common name alone


def test_an_imported_register_is_pulled_by_the_caseloads_laptop_and_never_doubled(own_office, tmp_path):
    """The same road as any device's changes, beside the running server; a dry run changes nothing."""
    file = tmp_path / "book.csv"
    file.write_text(RUSSIAN, encoding="utf-8")
    words = ("register", "import", str(file), "--caseload", "Oba")
    dry = own_office.command(*words, "--dry-run")
    assert dry.stdout.splitlines()[-1] == "would bring 2 families, 5 people; doubts: 2"
    assert "row 4: register.village_unknown" in dry.stdout.splitlines()
    laptop = Laptop(own_office, own_office.code())
    assert laptop.pull() == []
    done = own_office.command(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "brought 2 families, 5 people; doubts: 2"
    laptop.pull()
    kinds = [v["kind"] for v in laptop.versions.values()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"household": 2, "person": 5, "membership": 5, "enrolment": 3}
    types = {"household": Household, "person": Person, "membership": Membership, "enrolment": Enrolment}
    for version in laptop.versions.values():
        decode(types[version["kind"]], version["body"] | {"id": version["record"]})
    before = dict(laptop.versions)

    def again(text):
        with own_office.opened() as office:
            now = datetime.now(UTC)
            done = import_register(office, text.encode(), caseload="Oba", now=now, today=now.date(), dry_run=False)
        return done.families, done.people, {doubt.code for doubt in done.register.doubts}

    doubts = {"register.already", "register.phone_unclear", "register.village_unknown"}
    assert again(RUSSIAN) == (0, 0, doubts)
    assert again(RUSSIAN + "12;Атаев;Мерген;;м;01.11.2026;Атаева Джемал;;;\n") == (0, 1, doubts)
    laptop.pull()
    assert {name: laptop.versions[name] for name in before} == before
    assert len(laptop.versions) == len(before) + 3
    assert "Атаев" not in dry.stdout + done.stdout


def test_twins_without_a_name_are_two_children_and_a_line_twice_is_one():
    """A second newborn must not vanish because the first has no name either; both cases are shown to a person."""
    got = read(
        "family,surname,given name,sex,birth date,mother\n"
        "7,Atayew,,boy,06.03.2026,Atayewa Jemal\n"
        "7,Atayew,,girl,06.03.2026,Atayewa Jemal\n"
        "7,Atayew,Aman,boy,05.03.2023,Atayewa Jemal\n"
        "7,Atayew,Aman,boy,05.03.2023,Atayewa Jemal\n"
    )
    assert [(e.row, e.sex) for e in got.entries] == [(2, "m"), (3, "f"), (4, "m")]
    assert len({e.person for e in got.entries}) == 3
    assert [(d.row, d.detail) for d in got.doubts if d.code == "register.same_child"] == [(3, "row 2"), (5, "row 4")]


def test_one_surname_in_one_village_is_no_family():
    """Without family number, mother and street nobody knows who lives together."""
    got = read("surname,given name,birth date,village\nAtayew,Aman,05.03.2023,Oba\nAtayew,Merdan,01.02.2024,Oba\n")
    assert got.entries[0].household != got.entries[1].household


def test_a_mother_with_a_line_of_her_own_is_not_doubled(own_office):
    """She is the adult of that line, with her birth date, and the mother of her children."""
    text = (
        "family,surname,given name,sex,birth date,mother\n"
        "7,Atayew,Aman,boy,05.03.2026,Atayewa Jemal\n"
        "7,Atayewa,Jemal,f,01.02.1998,\n"
    )

    def brought():
        with own_office.opened() as office:
            now = datetime.now(UTC)
            return import_register(office, text.encode(), caseload="Oba", now=now, today=now.date(), dry_run=False)

    first, second = brought(), brought()
    assert (first.people, second.people, second.records) == (2, 0, 0)
    with own_office.opened() as office, office.db.read() as db:
        bodies = [json.loads(v)["body"] for (v,) in db.exec_driver_sql("SELECT version FROM record")]
    assert sorted(b["role"] for b in bodies if "role" in b) == ["child", "mother"]
    assert sorted(b["born_on"] for b in bodies if "kind" in b) == ["1998-02-01", "2026-03-05"]
