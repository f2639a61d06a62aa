"""From a form to entries and back."""

import pytest

from healthvisit.forms.errors import FormError
from healthvisit.forms.mapping import Entry, check_mapping, entries, fill
from healthvisit.forms.session import FormSession

SURVEY = [
    {
        "type": "begin_group",
        "name": "growth",
        "label": "Growth",
        "appearance": "field-list",
        "bind::hv:entry": "growth",
    },
    {"type": "decimal", "name": "w", "label": "Weight", "bind::hv:field": "weight_g", "bind::hv:unit": "kg"},
    {"type": "decimal", "name": "l", "label": "Length", "bind::hv:field": "length_mm", "bind::hv:unit": "cm"},
    {"type": "calculate", "name": "has", "calculation": "if(${w} != '', 'yes', '')", "bind::hv:field": "weighed"},
    {"type": "text", "name": "remark", "label": "Remark"},
    {"type": "text", "name": "why", "label": "Why not?", "relevant": "${w} = ''", "bind::hv:field": "reason"},
    {"type": "end_group"},
]
VOCABULARY = {"growth": {"weight_g", "length_mm", "weighed", "reason"}}


@pytest.fixture
def growth(opened):
    """The group above, opened, and its path."""
    session = opened(SURVEY)
    return session, session.pages()[0].path


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("5,85", "5850"),
        ("5.85", "5850"),
        ("5", "5000"),
        ("0,001", "1"),
        ("12,345", "12345"),
        ("1,001", "1001"),
        ("4,035", "4035"),
        ("16,1", "16100"),
        (" 3,40 ", "3400"),
        (".5", "500"),
    ],
)
def test_kilograms_come_out_in_grams_exactly(growth, typed, grams):
    """1.001 * 1000 is 1000.9999999999999 in binary; a child's weight is not."""
    session, path = growth
    session.answer(f"{path}/w", typed)
    (entry,) = entries(session).entries
    assert entry.fields["weight_g"] == grams
    assert entry.units == {"weight_g": "kg"}
    assert entry.typed["weight_g"].strip() == typed.strip()


def test_a_broken_gram_is_flagged_not_rounded(growth):
    """What was typed cannot be stored; only the visitor knows what was meant."""
    session, path = growth
    session.answer(f"{path}/w", "5,8505")
    assert session.question(f"{path}/w").violation == "type"
    with pytest.raises(FormError, match=r"form\.not_whole"):
        entries(session)


def test_hidden_and_blank_answers_are_left_out(growth):
    """An entry says what was found, not what was skipped."""
    session, path = growth
    session.answer(f"{path}/why", "asleep")
    session.answer(f"{path}/remark", "calm")
    mapped = entries(session)
    assert mapped.entries == (Entry(name="growth", fields={"reason": "asleep"}),)
    assert mapped.answers == {f"{path}/remark": "calm"}
    session.answer(f"{path}/w", "4")
    assert entries(session).entries[0].fields == {"weight_g": "4000", "weighed": "yes"}


def test_filling_is_the_inverse(growth, now):
    """Amending opens the form as it was signed, with the same words typed."""
    session, path = growth
    session.answer(f"{path}/w", "5,850")
    session.answer(f"{path}/l", "61,5")
    session.answer(f"{path}/remark", "calm")
    mapped = entries(session)
    again = FormSession.open(session.definition, language="en", now=now)
    fill(again, mapped.entries, mapped.answers)
    assert entries(again) == mapped
    assert again.question(f"{path}/w").typed == "5,850"
    plain = FormSession.open(session.definition, language="en", now=now)
    fill(plain, [("growth", {"weight_g": "5850", "length_mm": "615", "elsewhere": "x"})])
    assert plain.question(f"{path}/w").value == "5.85"
    assert entries(plain).entries[0].fields == {"weight_g": "5850", "length_mm": "615", "weighed": "yes"}


def test_a_repeat_gives_an_entry_each(opened, now):
    """Two agreements made in one visit stay two."""
    session = opened(
        [
            {"type": "begin_repeat", "name": "a", "label": "A", "bind::hv:entry": "agreement"},
            {"type": "text", "name": "what", "label": "What", "bind::hv:field": "what"},
            {"type": "end_repeat"},
        ]
    )
    path = session.pages()[0].path
    session.answer(f"{path}/what", "one")
    session.add_repeat(path)
    session.answer(f"{path}[2]/what", "two")
    mapped = entries(session)
    assert [(e.position, e.fields["what"]) for e in mapped.entries] == [(1, "one"), (2, "two")]
    again = FormSession.open(session.definition, language="en", now=now)
    fill(again, mapped.entries)
    assert entries(again) == mapped


def test_two_groups_of_one_name_are_one_entry_but_not_two_values(opened):
    """An entry may run over two pages; a field answered twice differently has no true value."""
    rows = [
        {"type": "begin_group", "name": g, "label": g, "bind::hv:entry": "e"} | {} if kind == "b" else
        {"type": "text", "name": f"{g}q", "label": "Q", "bind::hv:field": "f"} if kind == "q" else {"type": "end_group"}
        for g in ("one", "two") for kind in "bqe"
    ]  # fmt: skip
    session = opened(rows)
    first, second = (page.paths[0] for page in session.pages())
    session.answer(first, "x")
    session.answer(second, "x")
    assert len(entries(session).entries) == 1
    session.answer(second, "y")
    with pytest.raises(FormError, match=r"form\.field_twice"):
        entries(session)


@pytest.mark.parametrize(
    ("vocabulary", "change", "code"),
    [
        (VOCABULARY, {}, None),
        ({}, {}, "form.unknown_entry"),
        ({"growth": {"weight_g"}}, {}, "form.unknown_field"),
        (VOCABULARY, {"bind::hv:unit": "stone"}, "form.unknown_unit"),
        (VOCABULARY, {"bind::hv:unit": "cm"}, "form.unknown_unit"),
        (VOCABULARY, {"bind::hv:field": ""}, "form.unit_without_field"),
    ],
)
def test_an_answer_nobody_receives_is_refused(define, vocabulary, change, code):
    """A misspelt field would lose every answer given to it."""
    definition = define([SURVEY[0], {**SURVEY[1], **change}, *SURVEY[2:]])
    if code is None:
        check_mapping(definition, vocabulary)
        return
    with pytest.raises(FormError) as caught:
        check_mapping(definition, vocabulary)
    assert caught.value.code == code


def test_a_field_outside_an_entry_is_refused(define):
    """A field belongs to something."""
    definition = define([{"type": "text", "name": "a", "label": "A", "bind::hv:field": "f"}])
    with pytest.raises(FormError, match=r"form\.field_without_entry"):
        check_mapping(definition, {"e": {"f"}})


def test_degrees_come_out_in_tenths_and_weeks_in_days(opened):
    """Units that are no metric family scale as exactly."""
    session = opened(
        [
            {"type": "begin_group", "name": "g", "label": "G", "bind::hv:entry": "e"},
            {"type": "decimal", "name": "t", "label": "T", "bind::hv:field": "temperature_c10", "bind::hv:unit": "C"},
            {"type": "decimal", "name": "w", "label": "W", "bind::hv:field": "since_days", "bind::hv:unit": "weeks"},
            {"type": "end_group"},
        ]
    )
    path = session.pages()[0].path
    session.answer(f"{path}/t", "37,5")
    session.answer(f"{path}/w", "1,5")
    (entry,) = entries(session).entries
    assert entry.fields == {"temperature_c10": "375", "since_days": "10.5"}


HOME = [
    {"type": "text", "name": "whose", "label": "Whose home"},
    {"type": "begin_repeat", "name": "member", "label": "Member"},
    {"type": "text", "name": "called", "label": "Called"},
    {"type": "begin_repeat", "name": "paper", "label": "Paper"},
    {"type": "text", "name": "number", "label": "Number"},
    {"type": "end_repeat"},
    {"type": "end_repeat"},
]


def test_answers_in_repeats_come_back_where_they_were(opened):
    """A signed form of an office's own is opened for correction with every member and every paper."""
    session = opened(HOME)
    top = "/" + session.definition.document.children[0].name
    session.add_repeat(f"{top}/member")
    session.add_repeat(f"{top}/member[2]/paper")
    session.add_repeat(f"{top}/member[2]/paper")
    for path, text in {
        "whose": "hers", "member[1]/called": "A", "member[2]/called": "B", "member[2]/paper[1]/number": "1",
        "member[2]/paper[2]/number": "2",
    }.items():  # fmt: skip
        session.answer(f"{top}/{path}", text)
    answers = entries(session).answers
    again = FormSession.open(session.definition, language="", now=session._world.now)
    fill(again, [], answers)
    assert entries(again).answers == answers
    assert again.undoable is None


def test_entries_of_one_name_go_into_one_instance_each(opened):
    """Two doses given are two entries; opening them for correction must not make one of them."""
    rows = [
        {"type": "begin_repeat", "name": "dose", "label": "Dose", "bind::hv:entry": "dose"},
        {"type": "text", "name": "what", "label": "What", "bind::hv:field": "vaccine"},
        {"type": "end_repeat"},
    ]
    session = opened(rows)
    fill(session, [("dose", {"vaccine": "a"}), ("dose", {"vaccine": "b"})])
    assert [dict(entry.fields) for entry in entries(session).entries] == [{"vaccine": "a"}, {"vaccine": "b"}]
