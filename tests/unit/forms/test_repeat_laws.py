"""Repeats inside repeats: computing what changed ends where computing everything ends, and undo is exact."""

import contextlib
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import path_of
from healthvisit.forms.session import FormSession, Snapshot

NOW = datetime(2024, 3, 1, tzinfo=UTC)

READS = (
    "../a * 2", "/data/o/i/a + 1", "sum(/data/o/i/a)", "sum(../../i/a)", "count(/data/o/i)", "count(../../i)",
    "position(..)", "position(../..) * 10 + position(..)", "/data/k", "../../n", "/data/o/n",
    "/data/o[position() = position(current()/../..) - 1]/n", "../../i[position() = position(current()/..) - 1]/a",
    "indexed-repeat(/data/o/n, /data/o, 1)", "count(/data/o[n = current()/../../n])", "../../../o[last()]/n",
    "../preceding-sibling::i[1]/a", "count(/data/c)", "sum(/data/c/x)", "coalesce(../b, ../a)", "string-length(../b)",
    "concat(../../n, '-', ../a)", "if(../a > 1, sum(/data/o/i/b), ../../n)", "../s", "selected(../s, 'p')",
)  # fmt: skip
SHOWS = (
    "", "../a != 1", "../../n > 1", "/data/k > 1", "position(..) mod 2 = 1", "sum(../../i/a) < 5", "count(/data/o) > 1",
)  # fmt: skip
WHOLE = ("", "/data/k != 1", "/data/k != 2")


@st.composite
def forms(draw):
    """Rooms (o) with beds (i), a counted repeat (c), a list that depends on the room; expressions drawn."""
    binds = {
        "/data/k": {"type": "int"},
        "/data/o": {"relevant": draw(st.sampled_from(WHOLE))},
        "/data/o/n": {"type": "int"},
        "/data/o/i/a": {"type": "int"},
        "/data/o/i/b": {"type": "int", "relevant": draw(st.sampled_from(SHOWS))},
        "/data/o/i/d": {"calculate": draw(st.sampled_from(READS))},
        "/data/o/i/e": {"calculate": draw(st.sampled_from((*READS, "../d", "count(/data/o/i[d = current()/../d])")))},
        "/data/o/t": {"calculate": draw(st.sampled_from(("sum(../i/a)", "count(../i[b > 0])", "position(..)")))},
        "/data/u": {"calculate": draw(st.sampled_from(("sum(/data/o/i/a)", "count(/data/o)", "sum(/data/o/t)")))},
        "/data/c/x": {"calculate": draw(st.sampled_from(("position(..)", "/data/k * 2", "count(../../c)")))},
    }  # fmt: skip
    written = "".join(
        f"<bind nodeset={quoteattr(path)} "
        + " ".join(f"{name}={quoteattr(value)}" for name, value in rules.items() if value)
        + "/>"
        for path, rules in binds.items()
    )
    list_ = "".join(
        f"<item><name>{name}</name><g>{group}</g></item>" for name, group in (("p", 1), ("q", 1), ("r", 2), ("s", 3))
    )
    pick = (
        '<select1 ref="/data/o/i/s"><label/><itemset nodeset="instance(\'l\')/root/item[g = current()/../../n]">'
        '<value ref="name"/></itemset></select1>'
    )
    asked = "".join(f'<input ref="{path}"><label/></input>' for path in ("/data/o/i/a", "/data/o/i/b"))
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance><data id="p"><k/>'
        "<o><n/><i><a/><b>4</b><s/><d/><e/></i><t/></o><c><x/></c><u/></data></instance>"
        f'<instance id="l"><root>{list_}</root></instance>{written}</model></h:head><h:body>'
        '<input ref="/data/k"><label/></input><group ref="/data/o"><repeat nodeset="/data/o">'
        '<input ref="/data/o/n"><label/></input>'
        f'<group ref="/data/o/i"><repeat nodeset="/data/o/i">{asked}{pick}</repeat></group></repeat></group>'
        '<group ref="/data/c"><repeat nodeset="/data/c" jr:count="/data/k"><input ref="/data/c/x"><label/></input>'
        "</repeat></group></h:body></h:html>"
    )


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("k", "n", "a", "b", "s", "add o", "add i", "remove o", "remove i")),
        st.integers(0, 5),
        st.sampled_from(("", "0", "1", "2", "3", "7", "p", "q", "r")),
    ),
    max_size=18,
)


def do(session, kind, place, text):
    """One deed on the `place`-th node it can be done to; False where there is none."""
    what, _, name = kind.partition(" ")
    path = {"k": "/data/k", "n": "/data/o/n", "o": "/data/o", "i": "/data/o/i"}.get(name or kind, f"/data/o/i/{kind}")
    nodes = session.instances_at(path.rpartition("/")[0] if what == "add" else path)
    if not nodes:
        return False
    node = nodes[place % len(nodes)]
    try:
        if what == "add":
            session.add_repeat(f"{path_of(node)}/{name}")
        elif what == "remove":
            session.remove_repeat(path_of(node))
        else:
            session.answer(path_of(node), text)
    except FormError:
        return False
    return True


def played(xform, deeds):
    """A session after some deeds; None for a form that is refused."""
    definition = load(xform)
    if definition is None:
        return None
    session = FormSession.open(definition, language="", now=NOW)
    for deed in deeds:
        do(session, *deed)
    return session


def state(session):
    """All that a person or an expression can see."""
    return [(path_of(n), n.text, n.typed, n.hidden) for n in session.document.walk() if n.name], session.problems()


@settings(deadline=None, max_examples=150)
@given(xform=forms(), deeds=DEEDS)
def test_any_deeds_end_as_if_computed_from_scratch(xform, deeds):
    """Narrow recomputation may leave nothing stale, in whichever repeat it is read."""
    session = played(xform, deeds)
    if session is None:
        return
    before = state(session)
    session._record.everything()
    session._record.settle()
    assert state(session) == before
    assert state(FormSession.restore(session.definition, session.snapshot(), now=NOW)) == before


@settings(deadline=None, max_examples=150)
@given(xform=forms(), deeds=DEEDS)
def test_undo_returns_exactly_the_state_before(xform, deeds):
    """A wrong instance removed comes back with every answer, and so on back to the empty form."""
    definition = load(xform)
    if definition is None:
        return
    session = FormSession.open(definition, language="", now=NOW)
    states = [state(session)]
    for deed in deeds:
        steps = len(session._undo)
        do(session, *deed)
        if len(session._undo) > steps:
            states.append(state(session))
        else:
            assert state(session) == states[-1]
    for wanted in reversed(states[:-1]):
        assert session.undoable is not None
        session.undo()
        assert state(session) == wanted
    assert session.undoable is None


@settings(deadline=None, max_examples=150)
@given(xform=forms(), deeds=DEEDS)
def test_a_draft_opened_again_takes_back_the_same_steps(xform, deeds):
    """A power cut between the wrong key and Ctrl+Z costs nothing."""
    session = played(xform, deeds)
    if session is None:
        return
    text = session.snapshot().to_json()
    again = FormSession.restore(session.definition, Snapshot.from_json(text), now=NOW)
    assert again.snapshot().to_json() == text
    while session.undoable is not None:
        assert again.undoable == session.undoable
        assert state(session) == state(again)
        session.undo()
        again.undo()
    assert again.undoable is None
    assert state(session) == state(again)


def load(xform):
    """Some drawn expressions need each other; such a form is refused, which another test looks at."""
    with contextlib.suppress(FormError):
        return FormDefinition.load(xform)
    return None
