"""Records as FHIR R4 QuestionnaireResponses."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from healthvisit.forms.fhir import questionnaire_response, write_response

AUTHORED = datetime(2024, 3, 1, 11, 30, tzinfo=timezone(timedelta(hours=5)))
CANONICAL = "https://example.org/Questionnaire/t"
ROWS = [
    {"type": "begin_group", "name": "g", "label::Türkmen (tk)": "Topar", "label::English (en)": "Group"},
    {"type": "text", "name": "t", "label::Türkmen (tk)": "Tekst", "label::English (en)": "Text"},
    {"type": "integer", "name": "i", "label::Türkmen (tk)": "i", "label::English (en)": "i"},
    {"type": "decimal", "name": "d", "label::Türkmen (tk)": "d", "label::English (en)": "d"},
    {"type": "date", "name": "day", "label::Türkmen (tk)": "day", "label::English (en)": "day"},
    {"type": "time", "name": "at", "label::Türkmen (tk)": "at", "label::English (en)": "at"},
    {"type": "datetime", "name": "moment", "label::Türkmen (tk)": "m", "label::English (en)": "m"},
    {"type": "acknowledge", "name": "ok", "label::Türkmen (tk)": "ok", "label::English (en)": "ok"},
    {"type": "select_one yn", "name": "one", "label::Türkmen (tk)": "one", "label::English (en)": "one"},
    {"type": "select_multiple yn", "name": "many", "label::Türkmen (tk)": "many", "label::English (en)": "many"},
    {"type": "note", "name": "n", "label::Türkmen (tk)": "n", "label::English (en)": "n"},
    {"type": "end_group"},
    {"type": "begin_repeat", "name": "r", "label::Türkmen (tk)": "R", "label::English (en)": "R"},
    {"type": "integer", "name": "x", "label::Türkmen (tk)": "x", "label::English (en)": "x"},
    {"type": "end_repeat"},
    {"type": "text", "name": "h", "label::Türkmen (tk)": "h", "label::English (en)": "h", "relevant": "${t} = 'x'"},
    {"type": "calculate", "name": "c", "calculation": "${i} * 2"},
]
CHOICES = [
    {"list_name": "yn", "name": "y", "label::Türkmen (tk)": "Hawa", "label::English (en)": "Yes"},
    {"list_name": "yn", "name": "n", "label::Türkmen (tk)": "Ýok", "label::English (en)": "No"},
]


@pytest.fixture
def session(opened):
    return opened(ROWS, CHOICES, language="tk", version="3", default_language="Türkmen (tk)")


def response(session, **kw):
    return questionnaire_response(session, canonical=CANONICAL, authored=AUTHORED, **kw)


def answers(session):
    """Of every item: its linkId with its answers."""
    found = {}

    def walk(items):
        for item in items:
            assert ("item" in item) != ("answer" in item)
            found.setdefault(item["linkId"], []).extend(item.get("answer", ()))
            walk(item.get("item", ()))

    walk(response(session).get("item", ()))
    return found


def test_the_head_names_form_version_status_and_moment(session):
    """R4 requires the status; without the version nobody knows what was asked."""
    found = response(session, status="amended", subject="Patient/7")
    assert found["resourceType"] == "QuestionnaireResponse"
    assert found["questionnaire"] == f"{CANONICAL}|3"
    assert (found["status"], found["authored"]) == ("amended", "2024-03-01T11:30:00+05:00")
    assert found["subject"] == {"reference": "Patient/7"}
    assert found["identifier"]["system"] == "urn:ietf:rfc:3986"
    assert found["identifier"]["value"].startswith("urn:uuid:")


def test_a_record_without_answers_has_no_items(session):
    """FHIR allows no empty list."""
    assert "item" not in response(session)


@pytest.mark.parametrize(
    ("name", "typed", "answer"),
    [
        ("t", "  söz ", {"valueString": "söz"}),
        ("t", "a\x0bb", {"valueString": "ab"}),
        ("i", "7", {"valueInteger": 7}),
        ("i", "3000000000", {"valueDecimal": 3000000000}),
        ("d", "3,40", {"valueDecimal": 3.4}),
        ("d", "5", {"valueDecimal": 5}),
        ("day", "2024-02-29", {"valueDate": "2024-02-29"}),
        ("at", "09:05", {"valueTime": "09:05:00"}),
        ("at", "09:05:07.250+05:00", {"valueTime": "09:05:07.250"}),
        ("moment", "2024-03-01T09:05:00", {"valueDateTime": "2024-03-01T09:05:00+05:00"}),
        ("moment", "2024-03-01T09:05:00.500Z", {"valueDateTime": "2024-03-01T09:05:00.500+00:00"}),
        ("ok", "OK", {"valueBoolean": True}),
        ("one", "n", {"valueCoding": {"system": f"{CANONICAL}#/data/g/one", "code": "n", "display": "Ýok"}}),
    ],
)  # fmt: skip
def test_each_kind_of_answer_has_its_type(session, name, typed, answer):
    """The type is what a receiving system computes with."""
    session.answer(f"/data/g/{name}", typed)
    assert answers(session)[f"/data/g/{name}"] == [answer]


def test_several_choices_are_several_answers_in_the_records_language(session):
    """One question, one item, many answers."""
    session.answer("/data/g/many", "y n")
    session.set_language("en")
    found = [answer["valueCoding"]["display"] for answer in answers(session)["/data/g/many"]]
    assert found == ["Yes", "No"]


def test_a_repeat_is_one_item_an_instance(session):
    """Positions are told by order, not by name."""
    while len(session.instances_at("/data/r")) < 2:
        session.add_repeat("/data/r")
    session.answer("/data/r[1]/x", "1")
    session.answer("/data/r[2]/x", "2")
    items = [item for item in response(session)["item"] if item["linkId"] == "/data/r"]
    assert [item["item"][0]["answer"] for item in items] == [[{"valueInteger": 1}], [{"valueInteger": 2}]]
    assert {item["item"][0]["linkId"] for item in items} == {"/data/r/x"}


def test_groups_and_questions_carry_their_words(session):
    """A reader without the form still knows what was asked."""
    session.answer("/data/g/t", "x")
    (group,) = [item for item in response(session)["item"] if item["linkId"] == "/data/g"]
    assert group["text"] == "Topar"
    assert group["item"][0]["text"] == "Tekst"


def test_hidden_answers_notes_and_meta_stay_here(session):
    """What does not apply was not answered."""
    session.answer("/data/g/t", "x")
    session.answer("/data/h", "secret")
    session.answer("/data/g/t", "y")
    assert not {"/data/h", "/data/g/n", "/data/meta", "/data/meta/instanceID"} & answers(session).keys()


def test_what_the_form_worked_out_is_there(session):
    """A z-score is worth more than what it was made of."""
    session.answer("/data/g/i", "21")
    (item,) = [item for item in response(session)["item"] if item["linkId"] == "/data/c"]
    assert item == {"linkId": "/data/c", "answer": [{"valueString": "42"}]}


def test_a_moment_without_zone_is_refused(session):
    """FHIR wants a zone wherever there are hours."""
    with pytest.raises(ValueError, match="time zone"):
        questionnaire_response(session, canonical=CANONICAL, authored=AUTHORED.replace(tzinfo=None))


def test_it_is_written_as_json(session, tmp_path):
    """Readable by any program, whole or not at all."""
    session.answer("/data/g/t", "söz")
    found = questionnaire_response(session, canonical=CANONICAL, authored=AUTHORED.astimezone(UTC))
    write_response(tmp_path / "r.json", found)
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8")) == found
