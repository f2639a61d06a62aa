"""Computing only what changed must end where computing everything ends."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession

NOW = datetime(2024, 3, 1, tzinfo=UTC)
COUNT = 6

rules = st.sampled_from(
    ["", "{a} > {b}", "{a} != ''", "{a} + {b}", "if({a} > 2, {b}, {a} * 2)", "coalesce({a}, {b})", "not({a} = {b})"]
)


@st.composite
def forms(draw):
    """A form of six questions in two groups and a repeat, each rule looking only at earlier questions: no circles."""
    binds, nodes, body = [], [], []
    for number in range(COUNT):
        group = "g" if number < COUNT // 2 else "h"
        path = f"/data/{group}/q{number}"
        if number:
            others = [f"/data/{'g' if n < COUNT // 2 else 'h'}/q{n}" for n in range(number)]
            fill = {"a": draw(st.sampled_from(others)), "b": draw(st.sampled_from(others))}
            relevant, calculate = draw(rules).format(**fill), draw(st.just("") | rules).format(**fill)
        else:
            relevant = calculate = ""
        attributes = "".join(
            f' {name}="{value.replace(">", "&gt;")}"'
            for name, value in (("relevant", relevant), ("calculate", calculate)) if value
        )  # fmt: skip
        binds.append(f'<bind nodeset="{path}" type="int"{attributes}/>')
        nodes.append((group, f"<q{number}/>"))
        if not calculate:
            body.append(path)
    first = draw(st.sampled_from(["/data/g/q0 != 1", "/data/g/q1 > 1", "true()"]))
    binds.append(f'<bind nodeset="/data/h" relevant="{first.replace(">", "&gt;")}"/>')
    binds.append('<bind nodeset="/data/r/m" type="int" calculate="../n * /data/g/q0"/>')
    binds.append('<bind nodeset="/data/total" type="int" calculate="sum(/data/r/m)"/>')
    data = "".join(f"<{g}>{''.join(n for h, n in nodes if h == g)}</{g}>" for g in "gh")
    inputs = "".join(f'<input ref="{path}"><label/></input>' for path in body)
    roster = '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/n"><label/></input></repeat></group>'
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance>'
        f'<data id="p">{data}<r><n/><m/></r><total/></data></instance>{"".join(binds)}</model></h:head>'
        f"<h:body>{inputs}{roster}</h:body></h:html>"
    ), body


deeds = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "0", "1", "2", "3", "7", "x"])), max_size=25)


@settings(deadline=None, max_examples=120)
@given(form=forms(), steps=deeds)
def test_any_sequence_of_answers_ends_as_if_computed_from_scratch(form, steps):
    """An answer that leaves something stale would put a wrong number into a child's record."""
    xform, questions = form
    definition = FormDefinition.load(xform)
    session = FormSession.open(definition, language="", now=NOW)
    for place, text in steps:
        if place == 9:
            session.add_repeat("/data/r")
        elif place == 8 and len(session.instances_at("/data/r")) > 1:
            session.remove_repeat("/data/r[1]")
        elif place == 7:
            session.answer([p for page in session.pages() for p in page.paths if "/r" in p][-1], text)
        else:
            path = questions[place % len(questions)]
            if session.question(path).relevant:
                session.answer(path, text)
    scratch = FormSession.restore(definition, session.snapshot(), now=NOW)
    assert state(scratch) == state(session)
    assert scratch.problems() == session.problems()


def state(session):
    """Every node: its text, what was typed, whether it is hidden."""
    return [(node.name, node.text, node.typed, node.hidden) for node in session._world.document.walk()]


def test_the_text_of_a_group_follows_every_answer_in_it():
    """A summary of a whole group would else show what was there when the form was opened."""
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance>'
        '<data id="p"><sum/><g><a>2</a><twice/></g></data></instance><bind nodeset="/data/sum" calculate="/data/g"/>'
        '<bind nodeset="/data/g/twice" calculate="../a * 2"/></model></h:head><h:body><input ref="/data/g/a"/></h:body>'
        "</h:html>"
    )
    session = FormSession.open(FormDefinition.load(xml), language="", now=NOW)
    assert session.value("/data/sum") == "24"
    session.answer("/data/g/a", "3")
    assert session.value("/data/sum") == "36"
