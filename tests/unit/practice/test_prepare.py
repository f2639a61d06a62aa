"""Practice made ready: a real office with families, and laptops of one caseload, all through the real protocol."""

from dataclasses import replace

import pytest

from healthvisit.domain.household import Household
from healthvisit.domain.record import Kind
from healthvisit.practice import families, plaintext
from healthvisit.practice.prepare import PASSPHRASE, _Laptop, practice_canaries, prepare
from healthvisit.services import access, caseload, delivery
from healthvisit.settings import Paths, Preferences
from healthvisit.store import exchange
from healthvisit.vault.keys import LOWEST
from tests.builders import NOW, default_pack
from tests.laptops import utc_now


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    folder = tmp_path_factory.mktemp("practice")
    laptops = [Paths.under(folder / "first"), Paths.under(folder / "second")]
    Preferences(language="ru").save(laptops[0].preferences)
    # switched off in the middle of an earlier first start: an office half made, a laptop that knew another one
    access.create(laptops[0].data, laptops[0].anchor, passphrase="another", label="W", now=NOW, cost=LOWEST).close()
    (folder / "practice" / "office").mkdir(parents=True)
    (folder / "practice" / "office" / "office.db").write_bytes(b"half")
    told = []
    made = prepare(folder / "practice", laptops, today=utc_now().date(), progress=lambda *step: told.append(step))
    yield folder, made, told
    made.office.stop()


def opened(paths, passphrase=PASSPHRASE):
    return _Laptop(access.open_store(paths.data, paths.anchor, passphrase=passphrase), utc_now)


def names(laptop):
    return laptop.at_store(lambda work: caseload.families(work, default_pack(), today=utc_now().date()))


def test_both_laptops_hold_the_families_and_have_nothing_to_send(practice):
    """Practice begins as a working day does: the register is there, the office has everything."""
    _, made, told = practice
    assert made.first_time
    assert told[-1] == (4, 4)
    for paths in made.laptops:
        laptop = opened(paths)
        assert len(names(laptop)) == families.HOUSEHOLDS
        note = laptop.at_store(delivery.delivery)
        assert (note.joined, note.waiting, note.attention) == (True, 0, 0)
        laptop.store.close()


def test_nothing_it_wrote_outside_the_office_can_be_read(practice):
    """P2 holds in practice too, or the tour could not show it."""
    folder, made, _ = practice
    wanted = practice_canaries(made.made_on)
    assert len(wanted) > 400
    kept = [folder / "first", folder / "second", made.office.output]
    assert plaintext.hits(kept, wanted) == 0
    assert plaintext.hits([made.office.folder], wanted) > 100  # the search does find what is there
    assert not (folder / "practice" / "maker").exists()


def test_what_she_chose_in_settings_is_left_alone(practice):
    """The language was chosen before practice was made ready, and before the vault that had to be set aside."""
    _, made, _ = practice
    assert Preferences.load(made.laptops[0].preferences).language == "ru"


def test_the_second_start_makes_nothing_anew_and_tells_the_laptops_the_address(practice):
    """What she practised yesterday is still there, also where she changed the passphrase, and it starts at once."""
    folder, made, _ = practice
    made.office.stop()
    first, second = map(opened, made.laptops)
    home = names(first)[0].id
    first.at_store(
        lambda work: work.put(Kind.HOUSEHOLD, home, replace(work.get(Household, home), note="iki it bar"), subject=home)
    )
    first.store.close()
    second.store.vault.change_passphrase(
        sid=second.store.vault.sid, old=PASSPHRASE, new="her own five words", cost=LOWEST
    )
    second.store.close()
    again = prepare(folder / "practice", made.laptops, today=utc_now().date())
    try:
        assert not again.first_time
        assert again.made_on == made.made_on
        first, second = opened(again.laptops[0]), opened(again.laptops[1], "her own five words")
        first.exchange()
        second.at_store(lambda work: exchange.keep_url(work, again.office.url))
        second.exchange()
        assert second.at_store(lambda work: work.get(Household, home)).note == "iki it bar"
        first.store.close()
        second.store.close()
    finally:
        again.office.stop()


def test_real_folders_are_refused(tmp_path):
    """Practice sets vaults aside that it cannot open: it must never be pointed at the real one."""
    with pytest.raises(ValueError, match="folders of its own"):
        prepare(tmp_path, [Paths.standard()], today=utc_now().date())
    assert list(tmp_path.iterdir()) == []
