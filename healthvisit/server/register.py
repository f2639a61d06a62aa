"""A health house's register brought into a caseload, once or twice: what is there already is not doubled."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import phonenumbers

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import derived_id
from healthvisit.domain.names import strict_key
from healthvisit.server.lookalikes import Candidate, pairs

_LARGEST = 20 * 1024 * 1024
_REGION = "TM"
_ADULT_YEARS = 18
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "family": (
        "family number", "family", "family no", "household", "household number", "maşgala belgisi", "maşgala",
        "№ maşgala", "номер семьи", "семья", "№ семьи",
    ),
    "surname": ("surname", "last name", "family name", "familiýasy", "familiýa", "фамилия"),
    "given_name": ("given name", "first name", "name", "ady", "at", "имя"),
    "patronymic": ("patronymic", "father's name", "atasynyň ady", "отчество"),
    "full_name": ("full name", "ady familiýasy", "familiýasy ady atasynyň ady", "фио", "ф.и.о."),
    "sex": ("sex", "gender", "jynsy", "jyns", "пол"),
    "born_on": (
        "birth date", "date of birth", "born", "born on", "doglan güni", "doglan senesi", "doglan wagty",
        "дата рождения",
    ),
    "mother": ("mother", "mother's name", "mother name", "ejesi", "ejesiniň ady", "мать", "фио матери"),
    "address": ("address", "street", "salgysy", "salgy", "öý salgysy", "адрес"),
    "village": ("village", "place", "oba", "şäherçe", "obasy", "село", "посёлок", "населённый пункт"),
    "phone": ("phone", "telephone", "telefon", "telefony", "телефон", "тел."),
}  # fmt: skip
_FEMALE = ("f", "female", "girl", "w", "aýal", "gyz", "gyz çaga", "a", "zenan", "ж", "жен", "женский", "девочка")
_MALE = ("m", "male", "boy", "erkek", "oglan", "oglan çaga", "er", "e", "м", "муж", "мужской", "мальчик")
_DATE_FORMS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y")


def _folded(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").replace("ё", "е").split())


_FIELD_OF = {_folded(word): name for name, words in _HEADERS.items() for word in words}
_FEMALE_WORDS, _MALE_WORDS = (frozenset(map(_folded, words)) for words in (_FEMALE, _MALE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something a person should look at: the file's line, a code, and ids or numbers, never what the line says."""

    row: int
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the register, read. Its ids are derived: the same line gives the same ids."""

    row: int
    household: str
    person: str
    mother_id: str | None
    family: str
    surname: str = field(repr=False)
    given_name: str = field(repr=False)
    patronymic: str = field(repr=False)
    sex: str
    born_on: date | None = field(repr=False)
    mother: str = field(repr=False)
    address: str = field(repr=False)
    village: str
    phone: str = field(repr=False)
    phone_typed: str = field(repr=False)

    @property
    def names(self) -> str:
        """Surname and given name."""
        return f"{self.surname} {self.given_name}".strip()

    def is_child(self, today: date) -> bool:
        """Whether the person is a child of the programme."""
        return self.born_on is not None and (today - self.born_on).days < _ADULT_YEARS * 365.25

    def candidate(self, ref: str) -> Candidate:
        """For the search for look-alikes."""
        return Candidate(
            ref=ref, person=self.person, names=self.names, born_on=self.born_on, sex=self.sex,
            mother=self.mother, phone=self.phone, place=self.village,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Register:
    """A file as read: the lines that can be taken, and what is doubtful of all."""

    entries: list[Entry]
    doubts: list[Doubt]


def read(data: bytes, *, caseload: str, today: date, places: Mapping[str, str], known: Iterable[Candidate]) -> Register:
    """Read a register.

    Args:
        data: A CSV file: UTF-8 or Windows-1251; comma, semicolon or tab; headers in Turkmen, Russian or English.
        caseload: Its feed: part of every derived id, so that two health houses' family 12 are two families.
        today: Local calendar day.
        places: Folded place name to code of the location register.
        known: Persons the office already has.

    Raises:
        InputError: ``register.unreadable``, ``register.too_big``, ``register.no_columns``.
    """
    entries, doubts = [], []
    for number, row in _rows(data):
        entry, found = _entry(number, row, caseload, today, places)
        doubts += [Doubt(row=number, code=code) for code in found]
        if entry is not None:
            entries.append(entry)
    entries, again = _told_apart(entries)
    doubts += again
    entries = _with_mothers_lines(entries, today)
    candidates = [entry.candidate(f"row {entry.row}") for entry in entries]
    for mine, other, points in pairs(candidates, known):
        detail = f"{other.ref}, score {points}"
        doubts.append(Doubt(row=int(mine.ref[4:]), code="register.looks_like", detail=detail))
    return Register(entries, sorted(doubts, key=lambda d: (d.row, d.code)))


def _told_apart(entries: list[Entry]) -> tuple[list[Entry], list[Doubt]]:
    """Two lines that would be one person: a named one is taken once, newborns without a name are two (twins)."""
    kept: list[Entry] = []
    doubts = []
    first: dict[str, int] = {}
    for entry in entries:
        if entry.person not in first:
            first[entry.person] = entry.row
            kept.append(entry)
            continue
        doubts.append(Doubt(row=entry.row, code="register.same_child", detail=f"row {first[entry.person]}"))
        if not entry.given_name:
            number = sum(
                not e.given_name and e.born_on == entry.born_on for e in kept if e.household == entry.household
            )
            kept.append(replace(entry, person=derived_id("register", entry.person, str(number))))
    return kept, doubts


def _with_mothers_lines(entries: list[Entry], today: date) -> list[Entry]:
    """A mother who has a line of her own in the family is that person, not a second one."""
    own = {
        (e.household, frozenset(strict_key(e.names).split())): e.person
        for e in entries
        if e.sex != "m" and not e.is_child(today)
    }
    words = (frozenset(strict_key(" ".join(split_name(e.mother)[:2])).split()) for e in entries)
    return [
        replace(e, mother_id=own.get((e.household, named), e.mother_id)) if e.mother else e
        for e, named in zip(entries, words, strict=True)
    ]


def _rows(data: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(data) > _LARGEST:
        raise InputError("register.too_big", limit=_LARGEST)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
    head = text.partition("\n")[0]
    delimiter = max(";\t,", key=head.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as exc:
        raise InputError("register.unreadable") from exc
    fields = [_FIELD_OF.get(_folded(name)) for name in (table[0] if table else [])]
    if "born_on" not in fields or not {"surname", "given_name", "full_name"} & set(fields):
        raise InputError("register.no_columns")
    named = (
        (n, {f: " ".join(c.split()) for f, c in zip(fields, row, strict=False) if f}) for n, row in _numbered(table)
    )
    return [(n, row) for n, row in named if any(row.values())]


def _numbered(table: list[list[str]]) -> Iterable[tuple[int, list[str]]]:
    return enumerate(table[1:], start=2)


def _entry(
    number: int, row: dict[str, str], caseload: str, today: date, places: Mapping[str, str]
) -> tuple[Entry | None, list[str]]:
    doubts = []
    surname, given_name, patronymic = _name_of(row)
    mother = row.get("mother", "")
    born_on, fault = _birth_date(row.get("born_on", ""), today)
    if not given_name:
        doubts.append("register.name_missing")
    if fault:
        doubts.append(fault)
    sex = _sex(row.get("sex", ""))
    if sex == "unknown":
        doubts.append("register.sex_unknown")
    phone, typed = _phone(row.get("phone", ""))
    if typed and not phone:
        doubts.append("register.phone_unclear")
    village = places.get(strict_key(row.get("village", "")), "")
    if row.get("village") and not village:
        doubts.append("register.village_unknown")
    address = ", ".join(part for part in ("" if village else row.get("village", ""), row.get("address", "")) if part)
    usable = (given_name or (mother and surname)) and born_on is not None
    if not usable:
        return None, doubts
    family = row.get("family", "")
    who = strict_key(f"{surname} {given_name}")
    if family:
        home: tuple[str, ...] = ("no", family)
    elif mother or row.get("address"):
        home = ("at", strict_key(mother or surname), strict_key(address + row.get("village", "")))
    else:  # a surname and a village make no family: half a village has the same
        home = ("alone", who, str(born_on), strict_key(row.get("village", "")))
    household = derived_id("register", caseload, *home)
    made = Entry(
        row=number, household=household, person=derived_id("register", household, who, str(born_on)),
        mother_id=derived_id("register", household, "mother", strict_key(mother)) if mother else None,
        family=family, surname=surname, given_name=given_name, patronymic=patronymic, sex=sex, born_on=born_on,
        mother=mother, address=address, village=village, phone=phone, phone_typed=typed,
    )  # fmt: skip
    return made, doubts


def _name_of(row: dict[str, str]) -> tuple[str, str, str]:
    whole = split_name(row.get("full_name", ""))
    parts = tuple(row.get(name, "") for name in ("surname", "given_name", "patronymic"))
    return parts if any(parts[:2]) else whole  # type: ignore[return-value]  # three of them


def split_name(whole: str) -> tuple[str, str, str]:
    """Surname, given name, patronymic of a name written in that order; a single word is a given name."""
    words = whole.split()
    if len(words) == 1:
        return "", words[0], ""
    return (words[0], words[1], " ".join(words[2:])) if words else ("", "", "")


def _birth_date(text: str, today: date) -> tuple[date | None, str | None]:
    for form in _DATE_FORMS:
        try:
            # Naive on purpose: a calendar day.
            born_on = datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        if born_on > today:
            return None, "register.birth_in_future"
        return (born_on, None) if born_on.year >= 1900 else (None, "register.birth_unreadable")  # noqa: PLR2004
    return None, "register.birth_unreadable" if text else "register.birth_missing"


def _sex(text: str) -> str:
    word = _folded(text).rstrip(".")
    return "f" if word in _FEMALE_WORDS else "m" if word in _MALE_WORDS else "unknown"


def _phone(text: str) -> tuple[str, str]:
    """(E.164 or empty, as typed)."""
    try:
        parsed = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return "", text
    if not phonenumbers.is_possible_number(parsed):
        return "", text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), text


def without(register: Register, persons: Iterable[str]) -> Register:
    """The register without lines whose person is there already; each of them a doubt ``register.already``."""
    there = set(persons)
    doubts = [Doubt(row=e.row, code="register.already") for e in register.entries if e.person in there]
    return replace(
        register,
        entries=[e for e in register.entries if e.person not in there],
        doubts=sorted(register.doubts + doubts, key=lambda d: (d.row, d.code)),
    )
