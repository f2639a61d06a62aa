"""Filling in a form: what follows from each answer, and what the screen is told."""

from datetime import timedelta

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.session import FormSession, Snapshot
from healthvisit.forms.views import Problem

LANGUAGES = ("Türkmen (tk)", "Русский (ru)", "English (en)")
YES_NO = [
    {
        "list_name": "yn",
        "name": name,
        **{f"label::{language}": word for language, word in zip(LANGUAGES, texts, strict=True)},
    }
    for name, texts in (("yes", ("Hawa", "Да", "Yes")), ("no", ("Ýok", "Нет", "No")))
]


def words(en, ru="", tk=""):
    """Labels in three languages."""
    return {"label::Türkmen (tk)": tk, "label::Русский (ru)": ru, "label::English (en)": en}


@pytest.fixture
def visit(opened):
    """A small visit: fever, since when, a hidden group, a weight, a note."""
    return opened(
        [
            {"type": "begin_group", "name": "ill", **words("Illness", "Болезнь", "Kesel"), "appearance": "field-list"},
            {"type": "select_one yn", "name": "fever", **words("Fever?", "Жар?", "Gyzgyn?"), "required": "yes"},
            {"type": "begin_group", "name": "more", **words("More"), "relevant": "${fever} = 'yes'"},
            {"type": "integer", "name": "days", **words("Days?"), "required": "${fever} = 'yes'",
             "constraint": ". >= 0 and . < 60", "constraint_message::English (en)": "Under 60 days",
             "constraint_message::Русский (ru)": "Меньше 60 дней"},
            {"type": "text", "name": "what", **words("What?"), "relevant": "${days} > 7"},
            {"type": "end_group"},
            {"type": "end_group"},
            {"type": "begin_group", "name": "growth", **words("Growth", "Рост", "Ösüş"), "appearance": "field-list"},
            {"type": "decimal", "name": "kg", **words("Weight"), "hint::English (en)": "In kg"},
            {"type": "calculate", "name": "grams", "calculation": "${kg} * 1000"},
            {"type": "note", "name": "said", **words("${grams} grams, ${days} days", "${grams} граммов")},
            {"type": "calculate", "name": "told", "calculation": "if(${days} != 5, 'not five', 'five')"},
            {"type": "end_group"},
        ],
        YES_NO,
        default_language="Türkmen (tk)",
    )  # fmt: skip


@pytest.fixture
def base(visit):
    """The path of the form's root."""
    return "/" + visit.definition.document.children[0].name


def test_relevance_is_inherited_and_a_hidden_answer_waits(visit, base):
    """A child hidden with its group keeps its answer, in case the group comes back, and counts as blank meanwhile."""
    visit.answer(f"{base}/ill/fever", "yes")
    visit.answer(f"{base}/ill/more/days", "9")
    assert visit.question(f"{base}/ill/more/what").relevant
    changes = visit.answer(f"{base}/ill/fever", "no")
    assert {f"{base}/ill/more", f"{base}/ill/more/days", f"{base}/ill/more/what"} <= changes.relevance
    assert visit.value(f"{base}/ill/more/days") == ""
    assert "days" not in visit.record_xml()
    changes = visit.answer(f"{base}/ill/fever", "yes")
    assert visit.value(f"{base}/ill/more/days") == "9"
    assert visit.question(f"{base}/ill/more/what").relevant


def test_a_hidden_question_reads_as_a_blank_not_as_nothing(visit, base):
    """`${q} != 'x'` holds in ODK while q is hidden; WHO's verbal autopsy depends on it."""
    assert visit.value(f"{base}/growth/told") == "not five"
    visit.answer(f"{base}/ill/fever", "yes")
    visit.answer(f"{base}/ill/more/days", "5")
    assert visit.value(f"{base}/growth/told") == "five"
    visit.answer(f"{base}/ill/fever", "no")
    assert visit.value(f"{base}/growth/told") == "not five"


def test_what_is_hidden_for_its_own_reason_stays_hidden_when_its_group_returns(opened):
    """A group that comes back must not bring every question with it."""
    session = opened(
        [
            {"type": "integer", "name": "a", "label": "A"},
            {"type": "integer", "name": "b", "label": "B"},
            {"type": "begin_group", "name": "g", "label": "G", "relevant": "${a} = 1"},
            {"type": "text", "name": "q", "label": "Q", "relevant": "${b} = 1"},
            {"type": "text", "name": "r", "label": "R"},
            {"type": "end_group"},
        ]
    )
    first = session.pages()[0].path
    session.answer(first, "1")
    assert [path.rpartition("/")[2] for path in session.pages()[-1].paths] == ["r"]


def test_a_calculation_rests_while_it_is_hidden(opened):
    """It runs again on becoming relevant; until then nobody pays for it, and `once()` keeps its moment."""
    calls = []
    session = opened(
        [
            {"type": "integer", "name": "n", "label": "N"},
            {"type": "calculate", "name": "c", "calculation": "count-me(${n})", "relevant": "${n} > 2"},
        ],
        functions={"count-me": lambda n: calls.append(n) or n},
    )
    path = session.pages()[0].path
    session.answer(path, "1")
    assert calls == []
    session.answer(path, "3")
    assert calls == ["3"]
    assert session.value(path.rpartition("/")[0] + "/c") == "3"


def test_a_change_names_what_must_be_drawn_again(visit, base):
    """The screen redraws these questions and no others."""
    changes = visit.answer(f"{base}/growth/kg", "3,4")
    assert changes.values == {f"{base}/growth/kg", f"{base}/growth/grams"}
    assert f"{base}/growth/said" in changes.looks
    assert not changes.relevance
    assert f"{base}/ill/fever" not in changes.paths


def test_numbers_are_stored_with_a_point_and_kept_as_typed(visit, base):
    """A visitor types 3,40; expressions and the office need 3.4; the paper trail keeps both."""
    visit.answer(f"{base}/growth/kg", "3,40")
    question = visit.question(f"{base}/growth/kg")
    assert (question.value, question.typed) == ("3.4", "3,40")
    assert visit.value(f"{base}/growth/grams") == "3400"
    assert question.violation is None


def test_a_calculation_without_a_number_is_blank(visit, base):
    """NaN in a record would be read as a value."""
    assert visit.value(f"{base}/growth/grams") == ""


@pytest.mark.parametrize(
    ("path", "text", "violation"),
    [
        ("growth/kg", "abc", "type"),
        ("growth/kg", "1.2.3", "type"),
        ("growth/kg", "1e5", "type"),
        ("growth/kg", "", None),
        ("ill/more/days", "3.5", "type"),
        ("ill/more/days", "3,0", None),
        ("ill/more/days", "60", "constraint"),
        ("ill/more/days", "-1", "constraint"),
        ("ill/more/days", "", "required"),
        ("ill/more/days", "  ", "required"),
        ("ill/more/days", "0", None),
    ],
)
def test_what_breaks_a_rule_is_kept_and_flagged(visit, base, path, text, violation):
    """A draft never loses what was typed; signing is what stops."""
    visit.answer(f"{base}/ill/fever", "yes")
    changes = visit.answer(f"{base}/{path}", text)
    question = visit.question(f"{base}/{path}")
    assert question.violation == violation
    assert question.typed.strip() == text.strip()
    assert f"{base}/{path}" in changes.paths


def test_problems_come_in_form_order_and_only_for_what_is_asked(visit, base):
    """The list leads from question to question; hidden ones are nobody's problem."""
    assert visit.problems() == [Problem(f"{base}/ill/fever", "required")]
    visit.answer(f"{base}/ill/fever", "yes")
    visit.answer(f"{base}/growth/kg", "heavy")
    assert visit.problems() == [Problem(f"{base}/ill/more/days", "required"), Problem(f"{base}/growth/kg", "type")]


def test_finalising_waits_for_the_problems(visit, base, now):
    """An unfinished form cannot slip through; a finished one carries no hidden answer."""
    with pytest.raises(FormError, match=r"form\.unfinished"):
        visit.finalise(now)
    visit.answer(f"{base}/ill/fever", "no")
    visit.finalise(now + timedelta(hours=1))
    assert "<fever>no</fever>" in visit.record_xml()
    assert "more" not in visit.record_xml()


def test_the_form_speaks_three_languages_and_falls_back(visit, base):
    """A missing translation shows the default language or any, never an empty label."""
    path = f"{base}/ill/fever"
    assert visit.question(path).label == "Fever?"
    changes = visit.set_language("ru")
    question = visit.question(path)
    assert (question.label, question.choices) == ("Жар?", (("yes", "Да"), ("no", "Нет")))
    assert path in changes.looks
    visit.set_language("tk")
    assert visit.question(path).label == "Gyzgyn?"
    assert visit.question(f"{base}/growth/kg").label == "Weight"
    assert visit.question(f"{base}/growth/kg").hint == "In kg"
    visit.set_language("fr")
    assert visit.language == "tk"


def test_words_carry_answers(visit, base):
    """A note repeats what was measured, as it is now."""
    visit.answer(f"{base}/growth/kg", "3")
    assert visit.question(f"{base}/growth/said").label == "3000 grams,  days"
    visit.set_language("ru")
    assert visit.question(f"{base}/growth/said").label == "3000 граммов"


def test_messages_follow_the_language(visit, base):
    """The reason stands beside the field in the reader's language."""
    visit.answer(f"{base}/ill/fever", "yes")
    assert visit.question(f"{base}/ill/more/days").constraint_message == "Under 60 days"
    visit.set_language("ru")
    assert visit.question(f"{base}/ill/more/days").constraint_message == "Меньше 60 дней"


def test_pages_are_field_lists_with_visible_questions_only(visit, base):
    """One topic a page; nothing hidden is drawn or computed."""
    assert [(p.title, len(p.paths)) for p in visit.pages()] == [("Illness", 1), ("Growth", 2)]
    visit.answer(f"{base}/ill/fever", "yes")
    first = visit.pages()[0]
    assert [q.path.rpartition("/")[2] for q in first.questions] == ["fever", "days"]
    assert first.questions[1].section == "More"
    assert first.questions[0].kind == "select_one"
    assert visit.pages()[1].questions[1].kind == "note"


@pytest.mark.parametrize(
    ("path", "code"),
    [("ill/more/days", "form.hidden"), ("nowhere", "form.no_question"), ("growth/said", "form.readonly"),
     ("growth/grams", "form.no_question")],
)  # fmt: skip
def test_answers_to_nothing_are_refused(visit, base, path, code):
    """An answer that would vanish is an error of the screen, said aloud."""
    with pytest.raises(FormError) as caught:
        visit.answer(f"{base}/{path}", "1")
    assert caught.value.code == code


def test_a_snapshot_brings_everything_back(visit, base, now):
    """After a crash the visitor goes on at the same question, with the same words typed."""
    visit.answer(f"{base}/ill/fever", "yes")
    visit.answer(f"{base}/ill/more/days", "70")
    visit.answer(f"{base}/growth/kg", "3,4x")
    visit.answer(f"{base}/ill/fever", "no")
    visit.set_language("ru")
    visit.focus = f"{base}/growth/kg"
    kept = Snapshot.from_json(visit.snapshot().to_json())
    assert kept == visit.snapshot()
    again = FormSession.restore(visit.definition, kept, now=now)
    assert again.snapshot() == kept
    assert (again.language, again.focus) == ("ru", f"{base}/growth/kg")
    assert again.question(f"{base}/growth/kg").typed == "3,4x"
    again.answer(f"{base}/ill/fever", "yes")
    assert again.question(f"{base}/ill/more/days").violation == "constraint"


def test_a_snapshot_of_another_form_is_refused(visit, opened, now):
    """A form in use never changes under a draft."""
    other = opened([{"type": "text", "name": "a", "label": "A"}])
    with pytest.raises(FormError) as caught:
        FormSession.restore(other.definition, visit.snapshot(), now=now)
    assert caught.value.code == "form.other_definition"


def test_a_cleared_default_stays_cleared(opened, now):
    """What the visitor took back must not return with the draft."""
    session = opened([{"type": "integer", "name": "n", "label": "N", "default": "3"}])
    (page,) = session.pages()
    assert page.questions[0].value == "3"
    session.answer(page.path, "")
    assert FormSession.restore(session.definition, session.snapshot(), now=now).value(page.path) == ""


def test_answers_are_not_printed(visit, base):
    """Snapshots and questions turn up in tracebacks; a child's answers must not."""
    visit.answer(f"{base}/growth/kg", "3,41")
    printed = repr(visit.snapshot()) + repr(visit.question(f"{base}/growth/kg")) + repr(visit.pages())
    assert "3,41" not in printed
    assert "3.41" not in printed


def test_prefill_is_frozen_at_opening(opened, now):
    """The last visit may change while this one is open; this one must not."""
    rows = {"last": [{"weight_g": "5200", "on": "2024-02-01"}, {"weight_g": "5000", "on": "2024-01-01"}]}
    survey = [
        {"type": "calculate", "name": "before", "calculation": "instance('last')/root/item[1]/weight_g"},
        {"type": "calculate", "name": "none", "calculation": "instance('unknown')/root/item[1]/weight_g"},
        {"type": "date", "name": "on", "label": "On", "default": "instance('last')/root/item[on='2024-01-01']/on"},
    ]
    session = opened(survey, prefill=rows)
    rows["last"][0]["weight_g"] = "1"
    base = session.pages()[0].path.rpartition("/")[0]
    assert session.value(f"{base}/before") == "5200"
    assert session.value(f"{base}/none") == ""
    assert session.value(f"{base}/on") == "2024-01-01"
    again = FormSession.restore(session.definition, session.snapshot(), now=now)
    assert again.value(f"{base}/before") == "5200"


def test_functions_are_handed_in(opened, define):
    """Growth knows z-scores, forms does not; both stay apart."""
    survey = [
        {"type": "decimal", "name": "kg", "label": "Kg"},
        {"type": "calculate", "name": "z", "calculation": "z-score(${kg}, 'm', 3)"},
    ]
    session = opened(survey, functions={"z-score": lambda kg, sex, age: float(kg) + age if kg and sex == "m" else None})
    path = session.pages()[0].path
    assert session.value(path.replace("/kg", "/z")) == ""
    session.answer(path, "1,5")
    assert session.value(path.replace("/kg", "/z")) == "4.5"
    definition = define(survey, functions=["z-score"])
    with pytest.raises(FormError, match=r"form\.unknown_function"):
        FormSession.open(definition, language="en", now=session._world.now)


def test_the_clock_is_an_argument(opened, now):
    """A day begins where the family lives."""
    survey = [{"type": "date", "name": "d", "label": "D", "default": "today()"}]
    late = now.replace(hour=22)
    definition = opened(survey).definition
    session = FormSession.open(definition, language="en", now=late, tz="Asia/Ashgabat")
    assert session.pages()[0].questions[0].value == "2024-03-02"
    with pytest.raises(ValueError, match="time zone"):
        FormSession.open(definition, language="en", now=late.replace(tzinfo=None))


def test_finalising_sets_the_clock_for_what_reads_it(opened, now):
    """An age computed when the form was opened may be a day old when it is signed."""
    session = opened(
        [{"type": "text", "name": "a", "label": "A"}, {"type": "calculate", "name": "day", "calculation": "today()"}]
    )
    path = session.pages()[0].path
    changes = session.finalise(now + timedelta(days=2))
    assert session.value(path.replace("/a", "/day")) == "2024-03-03"
    assert changes.values == {path.replace("/a", "/day")}


CASCADE = (
    [
        {"type": "select_one province", "name": "p", "label": "P"},
        {"type": "select_one town", "name": "t", "label": "T", "choice_filter": "province = ${p}"},
        {"type": "calculate", "name": "said", "calculation": "jr:choice-name(${t}, '${t}')"},
    ],
    [
        {"list_name": "province", "name": "ahal", "label": "Ahal"},
        {"list_name": "province", "name": "mary", "label": "Mary"},
        {"list_name": "town", "name": "anau", "label": "Anau", "province": "ahal"},
        {"list_name": "town", "name": "tejen", "label": "Tejen", "province": "ahal"},
        {"list_name": "town", "name": "bay", "label": "Bayramaly", "province": "mary"},
    ],
)


def test_choices_follow_the_answer_they_depend_on(opened):
    """A town of another province must not stay in the record, but comes back if the province was a slip."""
    session = opened(*CASCADE)
    province, town = (page.path for page in session.pages())
    assert session.question(town).choices == ()
    changes = session.answer(province, "ahal")
    assert town in changes.choices
    assert session.question(town).choices == (("anau", "Anau"), ("tejen", "Tejen"))
    session.answer(town, "tejen")
    assert session.value(town.rpartition("/")[0] + "/said") == "Tejen"
    session.answer(province, "mary")
    assert session.value(town) == ""
    session.answer(province, "ahal")
    assert session.value(town) == "tejen"


def test_a_choice_is_named_in_the_language_spoken(opened):
    """JavaRosa leaves the old language standing (its issue 737)."""
    session = opened(
        [
            {"type": "select_one yn", "name": "q", **words("Q")},
            {"type": "calculate", "name": "said", "calculation": "jr:choice-name(${q}, '${q}')"},
        ],
        YES_NO,
    )
    path = session.pages()[0].path
    said = path.rpartition("/")[0] + "/said"
    session.answer(path, "yes")
    assert session.value(said) == "Yes"
    changes = session.set_language("ru")
    assert session.value(said) == "Да"
    assert said in changes.values


def test_several_choices_are_one_answer(opened):
    """Expressions look inside with selected()."""
    session = opened(
        [
            {"type": "select_multiple yn", "name": "q", "label": "Q"},
            {"type": "text", "name": "why", "label": "Why", "relevant": "selected(${q}, 'no')"},
        ],
        [{"list_name": "yn", "name": "yes", "label": "Yes"}, {"list_name": "yn", "name": "no", "label": "No"}],
    )
    path = session.pages()[0].path
    session.answer(path, "yes  no")
    assert session.value(path) == "yes no"
    assert len(session.pages()) == 2


@pytest.mark.parametrize(
    ("kind", "text", "fits"),
    [("date", "2024-02-29", True), ("date", "2024-02-30", False), ("date", "yesterday", False), ("time", "23:59", True),
     ("date", "2024-02-29T10:00:00", True), ("date", "2024-02-29T10:00:00Z", False), ("time", "24:00", False),
     ("datetime", "2024-02-29T10:00:00.000+05:00", True), ("text", " x ", True)],
)  # fmt: skip
def test_days_and_times_must_exist(opened, kind, text, fits):
    """The 30th of February is a slip, not a date."""
    session = opened([{"type": "dateTime" if kind == "datetime" else kind, "name": "q", "label": "Q"}])
    (page,) = session.pages()
    session.answer(page.path, text)
    question = page.questions[0]
    assert (question.kind, question.violation is None, question.typed) == (kind, fits, text)


ROSTER = [
    {"type": "begin_repeat", "name": "m", "label": "Member"},
    {"type": "text", "name": "who", "label": "Who"},
    {"type": "integer", "name": "age", "label": "Age"},
    {"type": "calculate", "name": "minor", "calculation": "if(${age} < 18, 1, 0)"},
    {"type": "text", "name": "school", "label": "School of ${who}", "relevant": "${minor} = 1"},
    {"type": "end_repeat"},
    {"type": "calculate", "name": "minors", "calculation": "sum(${minor})"},
]


def test_each_instance_of_a_repeat_is_its_own(opened, now):
    """One member's age must not show another's questions; totals see all."""
    session = opened(ROSTER)
    member = session.pages()[0].path
    base = member.rpartition("/")[0]
    session.answer(f"{member}/age", "8")
    assert session.value(f"{base}/minors") == "1"
    changes = session.add_repeat(member)
    assert member in changes.structure
    session.answer(f"{member}[2]/age", "40")
    session.answer(f"{member}[2]/who", "B")
    assert session.question(f"{member}[1]/school").relevant
    assert not session.question(f"{member}[2]/school").relevant
    session.answer(f"{member}[2]/age", "4")
    assert session.question(f"{member}[2]/school").label == "School of B"
    assert session.value(f"{base}/minors") == "2"
    again = FormSession.restore(session.definition, session.snapshot(), now=now)
    assert again.snapshot() == session.snapshot()
    session.remove_repeat(f"{member}[1]")
    assert session.value(f"{base}/minors") == "1"
    assert session.value(f"{member}/who") == "B"
    with pytest.raises(FormError, match=r"form\.no_repeat"):
        session.remove_repeat(f"{member}[7]")


def test_a_count_makes_and_removes_instances(opened):
    """`repeat_count` decides how many are asked about."""
    session = opened(
        [
            {"type": "integer", "name": "n", "label": "N"},
            {"type": "begin_repeat", "name": "c", "label": "Child", "repeat_count": "${n}"},
            {"type": "text", "name": "who", "label": "Who"},
            {"type": "end_repeat"},
            {"type": "calculate", "name": "all", "calculation": "count(${c})"},
        ]
    )
    number = session.pages()[0].path
    base = number.rpartition("/")[0]
    for count, wanted in (("3", "3"), ("1", "1"), ("", "1"), ("0", "0"), ("2", "2")):
        session.answer(number, count)  # while the number is retyped nobody's answers go
        assert session.value(f"{base}/all") == wanted
    assert [path.rpartition("c[")[2] for path in session.pages()[1].paths] == ["1]/who", "2]/who"]


def test_opening_twice_shares_nothing(define, now):
    """Two drafts of one form can be open at once."""
    definition = define([{"type": "text", "name": "a", "label": "A"}])
    one, other = (FormSession.open(definition, language="en", now=now) for _ in range(2))
    path = one.pages()[0].path
    one.answer(path, "x")
    assert other.value(path) == ""
    assert isinstance(definition, FormDefinition)


def test_many_answers_at_once_reach_hidden_questions_too(visit, base):
    """Amending writes an old record back whatever is shown at the moment."""
    visit.put({f"{base}/ill/more/days": "9", f"{base}/ill/fever": "yes"})
    assert visit.question(f"{base}/ill/more/what").relevant
    with pytest.raises(FormError, match=r"form\.no_question"):
        visit.put({f"{base}/ill/more": "x"})


def test_a_question_that_sets_another_does_so_when_it_changes(opened):
    """`trigger` columns compile to actions."""
    session = opened(
        [
            {"type": "integer", "name": "a", "label": "A"},
            {"type": "integer", "name": "b", "label": "B", "trigger": "${a}", "calculation": "${a} * 2"},
        ]
    )
    first, second = (page.path for page in session.pages())
    session.answer(first, "4")
    assert session.value(second) == "8"
    session.answer(second, "5")
    assert session.value(second) == "5"


def test_too_many_instances_are_refused_and_counted_ones_are_not_added(opened):
    """A slip of the key must not make a million members."""
    session = opened(ROSTER)
    path = session.pages()[0].path
    with pytest.raises(FormError, match=r"form\.no_repeat"):
        session.add_repeat(path + "/who")
    counted = opened(
        [{"type": "begin_repeat", "name": "c", "label": "C", "repeat_count": "1000000"}, ROSTER[1], ROSTER[5]]
    )
    assert len(counted.pages()[0].paths) == 1000


def test_an_answer_that_left_its_list_comes_back_also_after_a_pause(opened):
    """The region was put right after the laptop was closed: the village chosen before is there again."""
    session = opened(
        [
            {"type": "select_one region", "name": "region", **words("Region")},
            {"type": "select_one village", "name": "village", **words("Village"), "choice_filter": "of = ${region}"},
        ],
        [
            *({"list_name": "region", "name": name, **words(name)} for name in ("mary", "ahal")),
            *(
                {"list_name": "village", "name": name, "of": of, **words(name)}
                for name, of in (("m1", "mary"), ("a1", "ahal"))
            ),
        ],
    )
    base = "/" + session.definition.document.children[0].name
    session.answer(f"{base}/region", "mary")
    session.answer(f"{base}/village", "m1")
    session.answer(f"{base}/region", "ahal")
    assert session.value(f"{base}/village") == ""
    kept = Snapshot.from_json(session.snapshot().to_json())
    again = FormSession.restore(session.definition, kept, now=session._world.now)
    again.answer(f"{base}/region", "mary")
    assert again.value(f"{base}/village") == "m1"
    again.undo()
    again.undo()
    assert (again.value(f"{base}/region"), again.value(f"{base}/village")) == ("mary", "m1")
