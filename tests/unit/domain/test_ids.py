"""Ids are made without asking anybody, so two laptops must never make the same one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.ids import (
    derived_id,
    is_programme_number,
    is_record_id,
    new_change_id,
    new_record_id,
    programme_number,
)

NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
DEVICES = st.binary(min_size=16, max_size=16).map(bytes.hex)


def test_a_record_id_is_a_uuid_of_version_seven():
    """Other systems recognise it, and ids sort by the time they were made."""
    made = new_record_id(NOW)
    assert is_record_id(made)
    assert (made[12], made[16] in "89ab") == ("7", True)
    assert int(made[:12], 16) == int(NOW.timestamp() * 1000)
    assert made < new_record_id(NOW + timedelta(milliseconds=1))


def test_ids_of_one_moment_differ():
    """Twins are entered in the same millisecond by a program."""
    assert len({new_record_id(NOW) for _ in range(1000)}) == 1000
    assert len({new_change_id() for _ in range(1000)}) == 1000


def test_a_derived_id_is_the_same_again_and_keeps_parts_apart():
    """A register read twice makes no second family; "a", "bc" is not "ab", "c"."""
    assert derived_id("a", "bc") == derived_id("a", "bc")
    assert derived_id("a", "bc") != derived_id("ab", "c")
    assert is_record_id(derived_id("a"))


@pytest.mark.parametrize("text", ["", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "١" * 32])
def test_other_text_is_no_record_id(text):
    """A path or a name never passes for an id."""
    assert not is_record_id(text)


@given(DEVICES, st.integers(1, 9999))
def test_a_programme_number_can_be_checked(device, serial):
    """Read over the phone, it is known to be right."""
    number = programme_number(device, serial)
    assert is_programme_number(number)
    assert is_programme_number(f" {number.lower()} ")
    assert not set(number) & set("ILOU")


@given(DEVICES, st.integers(1, 9999))
def test_one_wrong_or_two_swapped_characters_are_seen(device, serial):
    """The two slips people make when they copy by hand, at every place and with every character."""
    number = programme_number(device, serial)
    body = [i for i, c in enumerate(number[:-2]) if c != "-"]
    for at in body:
        for other in set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") - {number[at]}:
            assert not is_programme_number(number[:at] + other + number[at + 1 :])
    for left, right in pairwise(body):
        swapped = list(number)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert swapped == list(number) or not is_programme_number("".join(swapped))


@pytest.mark.parametrize("text", ["", "-", "K", "Myradowa", "K7QX-0143-"])
def test_other_text_is_no_programme_number(text):
    """A name typed into the search is searched as a name."""
    assert not is_programme_number(text)
