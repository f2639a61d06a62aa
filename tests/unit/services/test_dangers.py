"""A danger sign confirmed is sealed and waits to be sent before any visit is signed."""

from datetime import timedelta

import pytest

from healthvisit.domain.errors import InputError
from healthvisit.domain.referral import DangerScreen, Referral, ReferralStatus, Urgency
from healthvisit.services import dangers, families
from healthvisit.services.dangers import DangerNow
from healthvisit.services.lines import Group
from healthvisit.services.today import today_view
from healthvisit.store import visits
from tests.builders import NOW, TODAY, WORKER, default_pack, make_store, persons_of, register

PACK = default_pack()


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


@pytest.fixture
def home(store):
    return register(store)


def raised(store, home, **facts):
    person = persons_of(store, home)["Aýna"]
    danger = DangerNow(**({"person": person, "household": home, "signs": {"ch_convulsions": "yes"}} | facts))
    with store.unit(worker=WORKER, now=NOW) as work:
        return dangers.raise_danger(work, PACK, danger, today=TODAY)


def found(store, cls, record):
    with store.reading(worker=WORKER, now=NOW) as work:
        return work.get(cls, record)


def test_screen_referral_and_task_are_sealed_together_and_wait(store, home):
    """What cannot wait does not wait for the visit."""
    before = store.chain.number
    made = raised(store, home, age_days=128, to=" Mary hospital ", ambulance_at=NOW)
    assert store.chain.number == before + 3
    assert found(store, DangerScreen, made.screen).urgency is Urgency.EMERGENCY
    referral = found(store, Referral, made.referral)
    assert (referral.to, referral.ambulance_at, referral.status) == ("Mary hospital", NOW, ReferralStatus.SENT)
    assert len(referral.code) == 6
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [t.due_on for t in visits.open_tasks(work, home)] == [TODAY + timedelta(days=2)]
        rows = today_view(work, PACK, today=TODAY).rows
    assert rows[0].group is Group.NOW


def test_a_young_infant_is_asked_after_the_next_day(store, home):
    """Under two months things turn within a day."""
    raised(store, home, age_days=20)
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [t.due_on for t in visits.open_tasks(work, home)] == [TODAY + timedelta(days=1)]


def test_a_sign_for_the_same_day_is_urgent_but_no_emergency(store, home):
    """Pus from the ear does not ring the ambulance."""
    made = raised(store, home, signs={"ch_ear_pus": "yes"})
    assert found(store, Referral, made.referral).urgency is Urgency.URGENT


def test_without_a_sign_nothing_is_raised(store, home):
    """A key pressed by mistake makes no emergency."""
    with pytest.raises(InputError, match=r"danger.no_sign"):
        raised(store, home, signs={"ch_convulsions": "not_checked"})


@pytest.mark.parametrize("facts", [{"refusal_reason": ""}, {"refusal_reason": "father", "supervisor_told": False}])
def test_a_refusal_names_its_reason_and_that_the_supervisor_knows(store, home, facts):
    """A refusal nobody heard of would leave the child alone."""
    with pytest.raises(InputError, match=r"referral.refusal_needs_reason"):
        raised(store, home, family_agrees=False, **({"supervisor_told": True} | facts))


def test_a_refusal_told_to_the_supervisor_is_kept_with_what_would_change_it(store, home):
    """The second offer begins where the first one ended."""
    made = raised(
        store, home, family_agrees=False, refusal_reason="grandmother: no car", would_change="a car",
        second_offer=True, supervisor_told=True,
    )  # fmt: skip
    referral = found(store, Referral, made.referral)
    assert referral.status is ReferralStatus.REFUSED
    assert (referral.would_change, referral.second_offer, referral.supervisor_told_at) == ("a car", True, NOW)


def test_a_second_referral_of_one_visit_takes_the_place_of_the_first(store, home):
    """A sign found later must not make the family be asked twice."""
    first = raised(store, home)
    second = raised(store, home, signs={"ch_convulsions": "yes", "ch_poison": "yes"}, replaces=first.referral)
    assert found(store, Referral, first.referral).status is ReferralStatus.CANCELLED
    assert set(second.covered) == {"ch_convulsions", "ch_poison"}
    with store.reading(worker=WORKER, now=NOW) as work:
        assert len(visits.open_tasks(work, home)) == 1


def test_arrival_ends_the_reminder_and_not_yet_asks_again_tomorrow(store, home):
    """Somebody asks until somebody answers."""
    made = raised(store, home)
    for arrived, status, tasks in ((False, ReferralStatus.SENT, 1), (True, ReferralStatus.ATTENDED, 0)):
        with store.unit(worker=WORKER, now=NOW) as work:
            dangers.confirm_arrival(work, made.referral, arrived=arrived, today=TODAY)
            assert len(visits.open_tasks(work, home)) == tasks
        assert found(store, Referral, made.referral).status is status
    assert found(store, Referral, made.referral).ask_on == TODAY + timedelta(days=1)


def test_nobody_is_asked_after_a_child_who_died(store, home):
    """A death stops every reminder at once: "did she arrive?" must not stand in Today."""
    raised(store, home)
    person = persons_of(store, home)["Aýna"]
    with store.unit(worker=WORKER, now=NOW) as work:
        families.record_death(work, person, on=TODAY, today=TODAY)
    with store.reading(worker=WORKER, now=NOW) as work:
        for day in (TODAY, TODAY + timedelta(days=3)):
            assert today_view(work, PACK, today=day).rows == ()
