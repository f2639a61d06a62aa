"""Records become JSON values and come back the same, also years later and from a newer program."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.household import Household
from healthvisit.domain.measurement import Answer, Growth, Posture, Score
from healthvisit.domain.person import Person, PersonKind, Phone, Sex
from healthvisit.domain.record import SORTS, Kind, Merge, Privacy, body_of, decode, encode, sort_of
from healthvisit.domain.referral import Referral, ReferralStatus, Urgency
from healthvisit.domain.visit import Entry, FormUse, Visit, VisitPart

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
PHONES = (Phone(id="1", number="+99365000001", raw="65 00 00 01"),)


def test_a_household_comes_back_the_same():
    """What is stored is what was typed; what was left empty takes no room."""
    household = Household(id="h", number="K7QX-0001-R", name="Myradow", phones=PHONES, may_ring=False)
    body = body_of(household)
    assert "id" not in body
    assert "urban" not in body
    assert decode(Household, body | {"id": "h"}) == household


def test_growth_comes_back_the_same():
    """Decimals stay exact, enums and dates become their types again."""
    growth = Growth(
        on=date(2026, 11, 23),
        weight_g=5850,
        posture=Posture.LYING,
        oedema=Answer.NOT_CHECKED,
        typed={"weight_g": "5,85"},
        scores=(Score(indicator="wfa", z=Decimal("-0.89")), Score(indicator="wfl", why_not="no_length")),
    )
    value = encode(growth)
    assert value["on"] == "2026-11-23"
    assert value["scores"][0]["z"] == "-0.89"
    assert decode(Growth, value) == growth


def test_a_signed_visit_comes_back_the_same():
    """Frame, family part and parts, each with its entries."""
    form = FormUse(name="child", sha256="0" * 64)
    entry = Entry(kind="growth", privacy=Privacy.ORDINARY, fields={"weight_g": 5850, "why_not": {"head_mm": "asleep"}})
    part = VisitPart(id="p", visit="v", person="c", form=form, code="M4", entries=(entry,), answers={"/data/x": "1"})
    visit = Visit(
        id="v",
        household="h",
        worker="w",
        on=date(2026, 11, 23),
        started_at=NOW,
        signed_at=NOW + timedelta(minutes=30),
        pack="tm-default@2026.1",
        family=VisitPart(id="f", visit="v", person=None, form=form),
        parts=(part,),
    )
    assert encode(visit)["signed_at"] == "2026-11-23T09:42:00Z"
    assert decode(Visit, encode(visit)) == visit
    assert visit.persons == ("c",)


def test_a_referral_comes_back_the_same():
    """The answer of the hospital closes exactly what was sent."""
    referral = Referral(
        id="r", person="c", household="h", worker="w", made_at=NOW, reason="yi_cold", urgency=Urgency.EMERGENCY
    )
    assert decode(Referral, encode(referral)) == referral


def test_a_moment_is_stored_in_utc():
    """Two laptops of two time zones order their entries alike."""
    ashgabat = timezone(timedelta(hours=5))
    assert encode(datetime(2026, 11, 23, 14, 12, tzinfo=ashgabat)) == "2026-11-23T09:12:00Z"


def test_members_of_a_newer_program_are_left_alone():
    """An old laptop can still show the record."""
    person = decode(Person, {"id": "c", "kind": "child", "sex": "f", "surname": "S", "blood_group": "A+"})
    assert person == Person(id="c", kind=PersonKind.CHILD, sex=Sex.FEMALE, surname="S")


@pytest.mark.parametrize(
    "value",
    [
        {"id": "c", "kind": "child"},
        {"id": "c", "kind": "pet", "sex": "f", "surname": "S"},
        {"id": "c", "kind": "child", "sex": "f", "surname": 7},
        {"id": "c", "kind": "child", "sex": "f", "surname": "S", "born_on": "31.12.2026"},
        {"id": "c", "kind": "child", "sex": "f", "surname": "S", "phones": 3},
        {"id": "c", "kind": "child", "sex": "f", "surname": "S", "phones": [{"number": "1"}]},
        {"id": "c", "kind": "child", "sex": "f", "surname": "S", "phones": ["+993"]},
        [],
        None,
    ],
)
def test_values_that_make_no_record_are_named(value):
    """One damaged record is set aside with its kind, and tells nothing of its content."""
    with pytest.raises(HealthvisitError) as caught:
        decode(Person, value)
    assert caught.value.code == "record.unreadable"
    assert caught.value.details == {"kind": "Person"}


def test_a_number_is_never_taken_for_true():
    """`urban: 1` of a foreign program is refused, not guessed; and `true` is no weight."""
    for cls, value in (
        (Household, {"id": "h", "number": "n", "name": "F", "urban": 1}),
        (Growth, {"on": "2026-11-23", "weight_g": True}),
    ):
        with pytest.raises(HealthvisitError):
            decode(cls, value)


def test_what_cannot_be_encoded_is_our_mistake():
    """A float would not come back the same everywhere."""

    @dataclass
    class Odd:
        weight_kg: float

    with pytest.raises(TypeError):
        encode(Odd(3.4))


@given(st.text(min_size=1).filter(str.strip), st.none() | st.dates(), st.frozensets(st.text()))
def test_any_words_survive(name, day, aliases):
    """Every script and every day."""
    person = Person(id="a", kind=PersonKind.ADULT, sex=Sex.UNKNOWN, surname=name, died_on=day, aliases=tuple(aliases))
    assert decode(Person, encode(person)) == person


def test_every_kind_stands_in_the_table():
    """A kind without a privacy class would have nobody to say who may see it."""
    assert set(SORTS) == set(Kind)
    assert sort_of(Kind.PERSON).merge_of("surname") is Merge.CLINICAL
    assert sort_of(Kind.HOUSEHOLD).merge_of("phones") is Merge.SET


def test_an_unknown_kind_is_sensitive_and_clinical():
    """What a newer program wrote is neither shown around nor overwritten."""
    assert sort_of("scan").privacy is Privacy.SENSITIVE
    assert sort_of("scan").merge_of("anything") is Merge.CLINICAL


def test_a_refusal_names_its_reason_and_that_the_supervisor_knows():
    """A family may say no; a danger sign never ends in silence."""
    fields = {"id": "r", "person": "c", "household": "h", "worker": "w", "made_at": NOW, "reason": "yi_cold"}
    fields |= {"urgency": Urgency.EMERGENCY, "status": ReferralStatus.REFUSED}
    for missing in ({"refusal_reason": "x"}, {"supervisor_told_at": NOW}):
        with pytest.raises(InputError) as caught:
            Referral(**fields, **missing)
        assert caught.value.code == "referral.refusal_needs_reason"
    assert Referral(**fields, refusal_reason="x", supervisor_told_at=NOW).refusal_reason == "x"


def test_a_visit_cannot_be_wrong_once_it_exists():
    """One part a person, the family's without one, nothing signed about tomorrow."""
    form = FormUse(name="f", sha256="0" * 64)
    family = VisitPart(id="f", visit="v", person=None, form=form)
    part = VisitPart(id="p", visit="v", person="c", form=form)
    good = {"id": "v", "household": "h", "worker": "w", "on": NOW.date(), "started_at": NOW, "pack": "p@1"}
    Visit(**good, family=family, parts=(part,), signed_at=NOW)
    for wrong in ({"family": part}, {"family": family, "parts": (family,)}, {"family": family, "parts": (part, part)}):
        with pytest.raises(ValueError, match="part"):
            Visit(**good, **wrong)
    with pytest.raises(InputError) as caught:
        Visit(**(good | {"on": NOW.date() + timedelta(days=2)}), family=family, signed_at=NOW)
    assert caught.value.code == "visit.in_future"
    with pytest.raises(ValueError, match="UTC"):
        Visit(**(good | {"started_at": NOW.astimezone(timezone(timedelta(hours=5)))}), family=family)
