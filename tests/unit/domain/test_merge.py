"""Two people, one record: nothing clinical is lost, and laptop and server come to the same."""

from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.change import Change, Op
from healthvisit.domain.merge import VOID_FIELD, Outcome, digest, fold, merge
from healthvisit.domain.record import Kind, Record, encode

MOTHER, TEAM = "w1", "w2"


def stamp(number):
    return f"{number:016x}"


def record(kind=Kind.PERSON, rev=1, **body):
    return Record(kind=kind, id="r", subject="s", rev=rev, body=body, hlc={"": stamp(1)})


def change(chg, *, by=MOTHER, hlc=2, rev=1, kind=Kind.PERSON, op=Op.EDIT, **more):
    return Change(chg=chg, record="r", kind=kind, op=op, hlc=stamp(hlc), by=by, rev=rev, **more)


def put(chg, name, seen, new, **more):
    return change(chg, put={name: [seen, new]}, **more)


def without_rev(record):
    return (record.body, record.hlc, record.void, record.conflicts)


def open_values(record):
    return sorted(str(c.value) for c in record.conflicts)


def test_a_new_record_begins_with_revision_one():
    """The author's laptop and the office count from the same number."""
    merged = merge(None, change("a", op=Op.NEW, body={"surname": "S"}, subject="h"))
    assert merged.outcome is Outcome.OK
    assert (merged.record.rev, merged.record.subject, merged.record.hlc) == (1, "h", {"": stamp(2)})


def test_the_same_new_record_again_is_nothing_and_another_is_set_aside():
    """A reply lost on the way makes no second child; two records of one id never overwrite one another."""
    made = change("a", op=Op.NEW, body={"surname": "S"})
    first = merge(None, made).record
    again = merge(first, made)
    assert (again.outcome, again.record) == (Outcome.ALREADY, first)
    other = merge(first, change("b", op=Op.NEW, body={"surname": "T"}))
    assert (other.outcome, other.code, other.record) == (Outcome.QUARANTINED, "change.record_exists", first)


def test_an_edit_without_its_record_is_kept_aside():
    """It may come before its record; it is named, not dropped."""
    merged = merge(None, put("a", "surname", "S", "T"))
    assert (merged.outcome, merged.code, merged.record) == (Outcome.QUARANTINED, "change.no_record", None)


def test_an_edit_of_another_kind_is_kept_aside():
    """A damaged id must not write a household's fields into a child."""
    merged = merge(record(surname="S"), put("a", "name", None, "x", kind=Kind.HOUSEHOLD))
    assert (merged.outcome, merged.code) == (Outcome.QUARANTINED, "change.other_kind")


def test_the_value_seen_is_replaced():
    """The plain case: what the author saw still stands."""
    merged = merge(record(surname="S"), put("a", "surname", "S", "T"))
    assert (merged.outcome, merged.record.body, merged.record.rev) == (Outcome.OK, {"surname": "T"}, 2)
    assert merged.record.hlc["surname"] == stamp(2)


def test_a_field_emptied_is_left_out():
    """Absent is left out, so both sides hash the same body."""
    assert merge(record(given_name="A", surname="S"), put("a", "given_name", "A", None)).record.body == {"surname": "S"}
    assert merge(record(surname="S"), put("a", "given_name", None, "A")).record.body["given_name"] == "A"


def test_different_fields_of_one_record_both_stand():
    """The nurse's phone and the social worker's street meet without a question."""
    both = fold(record(surname="S"), [put("a", "given_name", None, "A"), put("b", "sex", None, "f", by=TEAM)])
    assert both.body == {"surname": "S", "given_name": "A", "sex": "f"}
    assert both.conflicts == ()


def test_the_same_clinical_value_twice_is_no_conflict():
    """Two people who correct the same slip agree."""
    first = merge(record(born_on="2026-01-01"), put("a", "born_on", "2026-01-01", "2026-01-02")).record
    merged = merge(first, put("b", "born_on", "2026-01-01", "2026-01-02", by=TEAM))
    assert (merged.outcome, merged.record.conflicts) == (Outcome.MERGED, ())


def test_two_clinical_values_open_a_conflict_that_names_its_author():
    """The first stays, the second stands beside it with who and when until a person decides."""
    first = merge(record(surname="S"), put("a", "surname", "S", "T")).record
    merged = merge(first, put("b", "surname", "S", "U", by=TEAM, hlc=9))
    assert merged.outcome is Outcome.CONFLICT
    assert merged.record.body["surname"] == "T"
    (conflict,) = merged.record.conflicts
    assert (conflict.name, conflict.value, conflict.by, conflict.hlc, conflict.chg) == (
        "surname",
        "U",
        TEAM,
        stamp(9),
        "b",
    )


def test_a_field_of_a_newer_program_is_treated_as_clinical():
    """An old laptop never overwrites what it does not understand."""
    first = merge(record(), put("a", "blood_group", None, "A+")).record
    assert merge(first, put("b", "blood_group", None, "B+", by=TEAM)).outcome is Outcome.CONFLICT
    unknown = record(kind="scan", x=1)
    assert merge(merge(unknown, put("a", "x", 1, 2, kind="scan")).record, put("b", "x", 1, 3, kind="scan")).outcome is (
        Outcome.CONFLICT
    )


def conflicted():
    first = merge(record(surname="S"), put("a", "surname", "S", "T")).record
    return merge(first, put("b", "surname", "S", "U", by=TEAM)).record


def test_whoever_saw_the_conflict_decides_it():
    """Either value, or a third, closes it; also when it keeps what stands."""
    for decision in ("T", "U", "V"):
        merged = merge(conflicted(), put("c", "surname", "T", decision, rev=3))
        assert merged.outcome is Outcome.OK
        assert (merged.record.body["surname"], merged.record.conflicts) == (decision, ())


def test_who_has_not_seen_the_conflict_does_not_close_it():
    """The author's own next edit, made offline, leaves the other's value open."""
    merged = merge(conflicted(), put("c", "surname", "T", "W", rev=2))
    assert merged.record.body["surname"] == "W"
    assert open_values(merged.record) == ["U"]


def test_two_decisions_that_differ_open_a_conflict_again():
    """Two supervisors offline: the second is asked about, not lost."""
    decided = merge(conflicted(), put("c", "surname", "T", "U", rev=3)).record
    merged = merge(decided, put("d", "surname", "T", "V", rev=3, by=TEAM))
    assert merged.outcome is Outcome.CONFLICT
    assert (merged.record.body["surname"], open_values(merged.record)) == ("U", ["V"])


def test_the_later_edit_of_a_contact_field_wins_in_any_order():
    """Where a family lives is the newest word, whichever laptop comes to the office first."""
    base = record(Kind.HOUSEHOLD, name="F", address="old")
    early = put("a", "address", "old", "Azatlyk 14", hlc=5, kind=Kind.HOUSEHOLD)
    late = put("b", "address", "old", "Bagt 3", hlc=6, kind=Kind.HOUSEHOLD, by=TEAM)
    for order in ([early, late], [late, early]):
        shown = fold(base, order)
        assert (shown.body["address"], shown.conflicts) == ("Bagt 3", ())


def test_a_clock_that_runs_ahead_does_not_win_by_it():
    """The server's stamp takes the place of one from 2099."""
    base = record(Kind.HOUSEHOLD, name="F", address="old")
    ahead = merge(base, put("a", "address", "old", "x", hlc=10**9, kind=Kind.HOUSEHOLD), stamp=stamp(5)).record
    assert merge(ahead, put("b", "address", "old", "y", hlc=6, kind=Kind.HOUSEHOLD)).record.body["address"] == "y"


def phone(name, number="1"):
    return {"id": name, "number": number}


def test_sets_meet_element_by_element():
    """Two numbers added on two laptops are two numbers; one cut is cut, the other stays."""
    base = record(phones=[phone("1")])
    added = fold(base, [change("a", add={"phones": [phone("2")]}), change("b", add={"phones": [phone("3")]}, by=TEAM)])
    assert [p["id"] for p in added.body["phones"]] == ["1", "2", "3"]
    assert [p["id"] for p in merge(added, change("c", cut={"phones": ["2"]})).record.body["phones"]] == ["1", "3"]
    assert "phones" not in merge(base, change("c", cut={"phones": ["1"]})).record.body
    assert merge(record(aliases=["Aýna"]), change("c", add={"aliases": ["Aýna", "Айна"]})).record.body["aliases"] == [
        "Aýna",
        "Айна",
    ]


def test_an_element_replaced_under_its_own_id_is_not_lost():
    """A phone number corrected in place: cut and added in one change."""
    base = record(phones=[phone("1", "+99365000001")])
    corrected = merge(base, change("a", cut={"phones": ["1"]}, add={"phones": [phone("1", "+99365000002")]})).record
    assert corrected.body["phones"] == [phone("1", "+99365000002")]


def void(chg, seen, **more):
    return change(chg, op=Op.VOID, put={VOID_FIELD: [digest(seen.body), True]}, **more)


def test_a_record_seen_whole_is_voided_and_brought_back():
    """Recorded for the wrong child: void, and undo it."""
    base = record(surname="S")
    gone = merge(base, void("a", base))
    assert (gone.outcome, gone.record.void) == (Outcome.OK, True)
    back = merge(gone.record, change("b", op=Op.UNVOID, put={VOID_FIELD: [digest(gone.record.body), False]}))
    assert (back.outcome, back.record.void) == (Outcome.OK, False)


def test_a_void_against_an_unseen_edit_is_asked_about():
    """Who threw the record away had not seen the new weight."""
    base = record(surname="S")
    edited = merge(base, put("a", "surname", "S", "T")).record
    merged = merge(edited, void("b", base, by=TEAM))
    assert (merged.outcome, merged.record.void, merged.record.body["surname"]) == (Outcome.CONFLICT, False, "T")
    assert [(c.name, c.value) for c in merged.record.conflicts] == [(VOID_FIELD, True)]


def test_an_edit_of_a_voided_record_is_kept_and_asked_about():
    """The edit is applied, and a person decides whether the record comes back."""
    base = record(surname="S")
    gone = merge(base, void("a", base)).record
    merged = merge(gone, put("b", "surname", "S", "T", by=TEAM))
    assert (merged.outcome, merged.record.void, merged.record.body["surname"]) == (Outcome.CONFLICT, True, "T")
    assert [(c.name, c.value) for c in merged.record.conflicts] == [(VOID_FIELD, False)]


def test_a_question_about_a_void_is_closed_either_way():
    """Also by saying again what stands: otherwise it would stay on the list for ever."""
    base = record(surname="S")
    gone = merge(merge(base, void("a", base)).record, put("b", "surname", "S", "T", by=TEAM)).record
    stays = merge(gone, void("c", gone, rev=gone.rev))
    assert (stays.record.void, stays.record.conflicts) == (True, ())
    back = merge(gone, change("d", op=Op.UNVOID, put={VOID_FIELD: [digest(gone.body), False]}, rev=gone.rev))
    assert (back.record.void, back.record.conflicts) == (False, ())


def test_who_has_not_seen_the_edit_does_not_close_the_question_about_a_void():
    """Two people voided the same record; an edit between them still has to be decided."""
    base = record(surname="S")
    gone = merge(merge(base, void("a", base)).record, put("b", "surname", "S", "T", by=TEAM)).record
    again = merge(gone, void("c", base, by="w3"))
    assert again.outcome is Outcome.MERGED
    assert [c.value for c in again.record.conflicts] == [False]


def test_a_record_travels_as_json_and_comes_back():
    """What the server numbers is what the laptop shows, open conflicts included."""
    gone = merge(conflicted(), put("c", "surname", "T", "W", rev=2)).record
    assert Record.from_json(gone.to_json()) == gone
    assert encode(gone.to_json()) == gone.to_json()
    assert Record.from_json(record(surname="S").to_json()) == record(surname="S")


def test_a_decision_to_keep_what_stands_is_not_overruled_by_one_who_has_not_seen_it():
    """Two supervisors decide offline: the second one's other word opens a conflict, although the value is the same."""
    standing = merge(record(born_on="1"), put("a", "born_on", "0", "2")).record
    kept = merge(standing, put("b", "born_on", "1", "1", by=TEAM, rev=standing.rev)).record
    assert kept.conflicts == ()
    again = Record.from_json(kept.to_json())
    assert again == kept
    late = merge(again, put("c", "born_on", "1", "2", by=MOTHER, rev=standing.rev))
    assert late.outcome is Outcome.CONFLICT
    assert late.record.body["born_on"] == "1"
    assert open_values(late.record) == ["2"]
    own = merge(again, put("d", "born_on", "1", "3", by=TEAM, rev=standing.rev))
    assert (own.outcome, own.record.body["born_on"]) == (Outcome.OK, "3")
    seen = merge(again, put("e", "born_on", "1", "3", by=MOTHER, rev=kept.rev))
    assert seen.outcome is Outcome.OK


def test_no_value_of_a_conflict_shows_in_a_repr():
    """A conflict about a name must not put the name into a log."""
    merged = merge(record(surname="Myradowa"), put("a", "surname", "Orazowa", "Annayewa")).record
    assert not any(word in repr(merged) for word in ("Myradowa", "Orazowa", "Annayewa"))


# --- whatever two people do ------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["surname", "given_name", "sex"])
VALUES = st.none() | st.sampled_from(["a", "b", "c"])
SETS = st.sampled_from(["1", "2", "3"])


@st.composite
def day(draw, by, begin):
    """One person's offline day: edits that each saw that person's own state only."""
    shown, made = begin, []
    for number in range(draw(st.integers(1, 4))):
        put_fields = {name: [shown.body.get(name), draw(VALUES)] for name in draw(st.sets(NAMES, min_size=1))}
        phones = [phone(f"{by}{n}") for n in draw(st.sets(SETS))]
        edit = change(
            f"{by}{number}",
            by=by,
            hlc=2 + number,
            rev=begin.rev,
            put=put_fields,
            add={"phones": phones} if phones else {},
        )
        made.append(edit)
        shown = merge(shown, edit).record
    return made


@st.composite
def two_days(draw):
    """A record, two days on it, and the two in an order that keeps each person's own."""
    base = record(surname="S", given_name="G")
    days = [draw(day(MOTHER, base)), draw(day(TEAM, base))]
    rest, mixed = [list(d) for d in days], []
    while any(rest):
        turn = draw(st.sampled_from([r for r in rest if r]))
        mixed.append(turn.pop(0))
    return base, days, mixed


@given(two_days())
def test_in_any_order_no_clinical_value_is_lost(case):
    """The last value each person left stands, is an open conflict, or was seen by who replaced it."""
    base, days, mixed = case
    shown = fold(base, mixed)
    for mine, theirs in (days, days[::-1]):
        last = {name: new for edit in mine for name, (_, new) in edit.put.items()}
        for name, value in last.items():
            kept = [shown.body.get(name), *(c.value for c in shown.conflicts if c.name == name)]
            seen = [edit.put[name][0] for edit in theirs if name in edit.put]
            assert value in kept or value in seen, name
    expected = {p["id"] for mine in days for edit in mine for p in edit.add.get("phones", ())}
    assert {p["id"] for p in shown.body.get("phones", ())} == expected


@given(two_days())
def test_merging_the_last_change_twice_changes_nothing(case):
    """A push whose answer was lost is sent again."""
    base, _, mixed = case
    shown = fold(base, mixed)
    assert without_rev(merge(shown, mixed[-1]).record) == without_rev(shown)


@given(two_days())
def test_one_persons_own_day_never_clashes_with_itself(case):
    """Own unsent changes on the pulled version: the laptop shows what was typed last."""
    base, (mine, _), _ = case
    shown = fold(base, mine)
    assert shown.conflicts == ()
    last = {name: new for edit in mine for name, (_, new) in edit.put.items()}
    assert {name: shown.body.get(name) for name in last} == last
    assert shown.rev == base.rev  # what was seen of the office: own edits on top do not count


@given(two_days())
def test_the_same_changes_give_the_same_record(case):
    """Laptop and server run one function: equal input, equal output, and the input is left alone."""
    base, _, mixed = case
    before = dict(base.body)
    assert fold(base, mixed) == fold(base, mixed)
    assert base.body == before


def test_own_unsent_edits_do_not_claim_to_have_seen_a_conflict_at_the_office():
    """P5: a day of offline edits counts no revisions up; else the last of them closes a question nobody looked at."""
    pulled = record(rev=3, surname="S")
    mine = [put(f"m{n}", "given_name", f"A{n}", f"A{n + 1}", rev=3, hlc=5 + n) for n in range(4)]
    mine[0] = put("m0", "given_name", None, "A1", rev=3, hlc=5)
    shown = fold(pulled, mine)
    assert (shown.rev, shown.body["given_name"]) == (3, "A4")
    office = merge(pulled, put("t", "surname", "R", "T", by=TEAM, rev=2, hlc=3)).record
    assert open_values(office) == ["T"]
    office = fold(office, mine)
    after = merge(office, put("last", "surname", "S", "U", rev=shown.rev, hlc=20)).record
    assert (after.body["surname"], open_values(after)) == ("U", ["T"])


def test_who_wrote_a_value_may_decide_about_it_before_the_office_has_answered():
    """The decision made offline on an own clash closes it at the office, whatever number the clash has there."""
    office = record(rev=9, surname="T")
    clash = put("a", "surname", "S", "U", rev=3, hlc=4)
    office = merge(office, clash).record
    assert open_values(office) == ["U"]
    assert merge(office, put("b", "surname", "T", "U", rev=3, hlc=5)).record.conflicts == ()
    assert open_values(merge(office, put("b", "surname", "T", "V", rev=3, hlc=5, by=TEAM)).record) == ["U"]


def test_one_contact_planned_on_two_laptops_is_one_record_with_both_tries():
    """Its id is derived, so both make it anew; the second one's try in vain must not be set aside."""

    def made(chg, hlc, by, **body):
        body = {"person": "p", "code": "M4", **body}
        return change(chg, op=Op.NEW, kind=Kind.PLANNED_CONTACT, hlc=hlc, by=by, rev=0, body=body)

    tries = [{"id": n, "on": "2026-11-20", "reason": "not_home", "worker": n} for n in (MOTHER, TEAM)]
    first = merge(None, made("a", 2, MOTHER, attempts=tries[:1], agreed_on="2026-11-24")).record
    both = merge(first, made("b", 3, TEAM, attempts=tries[1:], agreed_on="2026-11-25"))
    assert both.outcome in (Outcome.OK, Outcome.MERGED)
    assert (both.record.body["attempts"], both.record.body["agreed_on"]) == (tries, "2026-11-25")
    other = merge(first, change("c", op=Op.NEW, kind=Kind.PLANNED_CONTACT, body={"person": "q", "code": "M4"}))
    assert other.code == "change.record_exists"
