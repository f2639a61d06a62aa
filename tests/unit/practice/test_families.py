"""The invented families: the same for one seed and day, believable, and in every state a list can show."""

from datetime import date, timedelta

import pytest

from healthvisit.domain.development import DevelopmentCheck, Milestone
from healthvisit.domain.household import Household
from healthvisit.domain.ids import is_record_id
from healthvisit.domain.measurement import Growth
from healthvisit.domain.person import Birth, Person, PersonKind, Precision, Pregnancy, completed_months
from healthvisit.domain.record import decode, encode
from healthvisit.domain.referral import PlannedContact
from healthvisit.domain.visit import Visit, VisitPart
from healthvisit.practice import families, names
from healthvisit.services import caseload, dues
from healthvisit.services.development import checks_pack
from healthvisit.services.development_view import development_view
from healthvisit.services.lines import Group
from healthvisit.services.today import today_view
from tests.builders import NOW, TODAY, default_pack, make_store

WORKER = "ab" * 16


@pytest.fixture(scope="module")
def saves():
    return families.plan(TODAY, default_pack(), worker=WORKER)


@pytest.fixture(scope="module")
def store(saves, tmp_path_factory):
    made = make_store(tmp_path_factory.mktemp("vault"))
    families.write(made, saves, default_pack(), worker=WORKER)
    yield made
    made.vault.close()


def values(saves, cls):
    return [put.value for save in saves for put in save.puts if isinstance(put.value, cls)]


def as_text(saves):
    return [(save.at, put.kind, put.id, put.subject, encode(put.value)) for save in saves for put in save.puts]


def test_one_seed_and_day_give_the_same_families_and_another_day_others(saves):
    """The tour's figures and pictures can be compared only if the families are the same."""
    assert as_text(families.plan(TODAY, default_pack(), worker=WORKER)) == as_text(saves)
    other = families.plan(TODAY + timedelta(days=1), default_pack(), worker=WORKER)
    assert {put.id for save in other for put in save.puts}.isdisjoint(put.id for save in saves for put in save.puts)


def test_today_shows_every_state(store):
    """Whoever practises must meet now, overdue, due and soon on whatever day she begins."""
    with store.reading(worker=WORKER, now=NOW) as work:
        view = today_view(work, default_pack(), today=TODAY)
    assert view.households == families.HOUSEHOLDS
    assert view.count(Group.NOW) == 1
    assert view.count(Group.OVERDUE) >= 8
    assert view.count(Group.DUE) >= 18
    assert view.count(Group.SOON) >= 6


@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 29)]
)
def test_any_day_of_the_year_will_do(day):
    """Months are of different lengths: on no day may a wished state be impossible."""
    saves = families.plan(day, default_pack(), worker=WORKER)
    assert len(values(saves, Household)) == families.HOUSEHOLDS
    assert all(save.at.date() < day for save in saves)


def test_everything_was_recorded_before_today_and_after_its_birth(saves):
    """A visit before birth or tomorrow would teach nonsense, and the office would question the laptop's clock."""
    born = {person.id: person.born_on for person in values(saves, Person)}
    known = set()
    for save in saves:
        assert save.at.date() < TODAY
        for put in save.puts:
            known.add(put.id)
            if isinstance(put.value, VisitPart):
                assert put.value.visit in known
                assert put.value.person in known
                assert born[put.value.person] is None or born[put.value.person] <= save.at.date()
    assert all(is_record_id(put.id) and is_record_id(put.subject) for save in saves for put in save.puts)
    assert len(known) == sum(len(save.puts) for save in saves)


def test_visits_lie_in_the_window_of_the_contact_they_do(store, saves):
    """Done on time is the rule in a practice caseload; otherwise every list would be red."""
    with store.reading(worker=WORKER, now=NOW) as work:
        loaded = caseload.people.load_caseload(work, today=TODAY)
        states = [
            contact.state
            for person in loaded.persons
            for contact in dues.person_contacts(loaded, default_pack(), person, today=TODAY)
        ]
    assert states.count("done_on_time") > 200
    assert states.count("done_late") == 0
    assert {visit.on.weekday() for visit in values(saves, Visit)} <= {0, 1, 2, 3, 4, 5, 6}


def test_children_grow_along_a_line_of_their_own(saves):
    """A chart of leaping points would teach to ignore the chart: only the planned slip is flagged."""
    lines: dict[str, list[float]] = {}
    flagged = 0
    for part in values(saves, VisitPart):
        if (fields := part.entry("growth")) is None:
            continue
        grown = decode(Growth, fields)
        flagged += any(score.flagged for score in grown.scores)
        score = grown.score("weight_for_age")
        if score is not None and score.z is not None and not score.flagged and (grown.age_days or 0) > 20:
            lines.setdefault(part.person, []).append(float(score.z))
    assert flagged == 1
    assert len(lines) >= 45
    assert all(max(zs) - min(zs) < 1.2 for zs in lines.values())
    assert all(-3.2 < z < 3 for zs in lines.values() for z in zs)


def test_the_promised_kinds_of_family_are_there(saves):
    """Newborn without a name, twins, early-born, pregnant, after birth, two go together, tries in vain."""
    persons, births = values(saves, Person), values(saves, Birth)
    children = [person for person in persons if person.kind is PersonKind.CHILD]
    ages = [(TODAY - child.born_on).days for child in children]
    assert sum(not child.given_name for child in children) == 3  # one alone, and a pair of twins
    assert sum(birth.of == 2 for birth in births) == 6
    assert sum(birth.gestation_days < 37 * 7 for birth in births) == 2
    assert len(values(saves, Pregnancy)) == 5
    assert sum(age <= 42 for age in ages) >= 5
    assert max(ages) > 4 * 365
    assert sum(child.born_precision is Precision.MONTH for child in children) == 1
    homes = values(saves, Household)
    assert sum(home.two_go for home in homes) == 1
    assert sum(home.moved_on is not None for home in homes) == 1
    assert {home.language for home in homes} == {"tk", "ru"}
    assert len({home.number for home in homes}) == len(homes)
    assert all(phone.number.startswith("+9936") and len(phone.number) == 12 for home in homes for phone in home.phones)
    reasons = sorted(tuple(a.reason for a in planned.attempts) for planned in values(saves, PlannedContact))
    assert reasons == [("not_home",), ("not_home", "not_home"), ("refused",)]


def test_some_children_were_checked_and_some_have_something_to_look_at_again(saves, store):
    """Whoever practises must meet a history, a result as expected, and one that asks for something, on any day."""
    checks = values(saves, DevelopmentCheck)
    results = [check.result for check in checks]
    assert len(checks) >= 30
    assert results.count("green") >= 20
    assert {"amber_1", "amber_2"} <= set(results)
    assert "red" not in results
    assert all(check.referral for check in checks if check.refer_days)
    assert any(milestone.code == "walks" for milestone in values(saves, Milestone))
    with store.reading(worker=WORKER, now=NOW) as work:
        for check in checks:
            view = development_view(work, checks_pack(), check.person, today=TODAY)
            assert view.last is not None
            assert view.again_on is None or view.again_on >= TODAY


def test_what_was_agreed_and_what_worried_them_fits_the_age_of_the_youngest(saves):
    """Words like "only breast milk" at eleven months taught whoever practises the wrong thing."""
    born = {person.id: person.born_on for person in values(saves, Person)}
    parts = {}
    for part in values(saves, VisitPart):
        parts.setdefault(part.visit, []).append(part.person)
    agreed = {text: said for said in names.AGREED for text in (said.tk, said.ru)}
    codes = {said.code: said for said in names.AGREED}
    for visit in values(saves, Visit):
        ages = [
            completed_months(born[p], visit.on)[0] for p in parts[visit.id] if born.get(p) and p != visit.present[0]
        ]
        months = min(ages, default=None)
        fields = {entry.kind: entry.fields for entry in visit.family.entries}
        assert agreed[fields["agreement"]["agreed"]].fits(months), (months, fields["agreement"])
        assert all(codes[code].fits(months) for code in fields["agreement"]["topics"])
    assert set(codes) <= {topic.code for topic in default_pack().lists["topics"]}


@pytest.mark.parametrize("months", [None, *range(61)])
def test_every_age_has_two_things_to_agree_on_and_a_worry(months):
    """The dice need two at any age."""
    assert len(names.fitting(names.AGREED, months)) >= 2
    assert names.fitting(names.WORRIES, months)


def test_canaries_name_people_phones_days_and_words_and_no_codes(saves):
    """What is looked for in every file must be what a stranger could read a family from."""
    found = families.canaries(saves)
    home, person = values(saves, Household)[3], values(saves, Person)[3]
    assert {home.name, home.phones[0].number, home.phones[0].raw, home.address} <= found
    assert {person.surname, person.given_name, f"{person.born_on:%d.%m.%Y}", person.born_on.isoformat()} <= found
    assert any(text.startswith("Diňe ene süýdi") for text in found)
    assert found.isdisjoint({"", "yes", "no", "none", "growth", "feeding", "EBF"})
