"""Forms: opening and answering, against ODK Web Forms' engine on the same forms and answers. `dev.py bench forms`.

Generated forms of 300 and 1,000 questions with chains of 200 calculates, a roster of 100 members, a list of 20,000
rows. The median of five shuffled rounds counts; a budget given as a time fails only beyond 1.5 times it.

The peer is `@getodk/xforms-engine` with jsdom, where node and npm are there: it is fetched once into a folder of the
user's cache (`--peer DIR` names another), never into this repository, and no part of the program needs it.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _report import finish
from lxml import etree
from platformdirs import user_cache_path

from healthvisit.forms import definition as definitions
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.session import FormSession

ROUNDS = 5
SLACK = 1.5
NOW = datetime(2024, 3, 1, 6, 30, tzinfo=UTC)
PEER = ("@getodk/xforms-engine@0.22.0", "jsdom@26.1.0")
COLD_S, CACHED_S, ANSWER_MS, ROSTER_MS, TIMES = 0.35, 0.1, 5.0, 5.0, 10.0
CHAIN = 200
MEMBERS = 100
VILLAGES = 20_000


class Form:
    """An XForm in the making."""

    def __init__(self, name):
        self.name, self.nodes, self.binds, self.body, self.lists = name, [], [], [], []

    def node(self, path, tag, *, group="", **rules):
        self.nodes.append((group, tag))
        shown = "".join(f' {key}="{text}"' for key, text in rules.items())
        self.binds.append(f'<bind nodeset="{path}"{shown}/>')

    def choices(self, name, rows):
        items = "".join(
            "<item>" + "".join(f"<{key}>{text}</{key}>" for key, text in row.items()) + "</item>" for row in rows
        )
        self.lists.append(f'<instance id="{name}"><root>{items}</root></instance>')

    def xml(self):
        groups = dict.fromkeys(group for group, _ in self.nodes)
        inner = {group: "".join(f"<{tag}/>" for owner, tag in self.nodes if owner == group) for group in groups}
        data = "".join(f"<{group}>{text}</{group}>" if group else text for group, text in inner.items())
        return (
            '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
            'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">'
            f"<h:head><h:title>{self.name}</h:title><model><instance>"
            f'<data id="{self.name}" version="1">{data}<orx:meta><orx:instanceID/></orx:meta></data></instance>'
            f"{''.join(self.lists)}{''.join(self.binds)}</model></h:head><h:body>{''.join(self.body)}</h:body></h:html>"
        )


def select(path, tag, list_name, filter_=""):
    return (
        f'<{tag} ref="{path}"><label>{path}</label><itemset nodeset="instance(\'{list_name}\')/root/item{filter_}">'
        f'<value ref="name"/><label ref="label"/></itemset></{tag}>'
    )


KINDS = ("select1", "int", "text", "select", "decimal", "date", "int", "select1", "cascade", "int")
TYPES = {"int": "int", "decimal": "decimal", "date": "date"}
TEXTS = {"decimal": "3.5", "date": "2024-02-11", "text": "words", "select": "c1 c3 c5", "cascade": ""}


def survey(count):
    """Questions of six types in groups of ten, a third asked only after an earlier answer, and chains of calculates."""
    form, dice = Form(f"survey{count}"), random.Random(1)
    form.choices("likes", [{"name": f"c{n}", "label": f"Choice {n}"} for n in range(12)])
    form.choices("places", [{"name": f"p{n}", "label": f"Place {n}", "region": f"c{n % 12}"} for n in range(240)])
    wholes, chosen, steps = [], ["/data/g0/q0"], []
    for n in range(count):
        path, kind = f"/data/g{n // 10}/q{n}", KINDS[n % 10]
        rules = {"relevant": f"{dice.choice(chosen[-20:])} != 'c{dice.randrange(12)}'"} if n % 3 == 2 else {}
        if kind == "int":
            rules["constraint"] = ". &gt;= 0 and . &lt; 120"
            wholes.append(path)
        form.node(path, f"q{n}", group=f"g{n // 10}", type=TYPES.get(kind, "string"), **rules)
        question = {
            "select1": select(path, "select1", "likes"),
            "select": select(path, "select", "likes"),
            "cascade": select(path, "select1", "places", f"[region = {chosen[-1]}]"),
        }.get(kind, f'<input ref="{path}"><label>Question {n}</label></input>')
        begin, end = f'<group ref="/data/g{n // 10}"><label>Group {n // 10}</label>', "</group>"
        form.body.append(f"{begin if n % 10 == 0 else ''}{question}{end if n % 10 == 9 else ''}")
        text = {"select1": f"c{dice.randrange(12)}", "int": str(dice.randrange(90)), **TEXTS}[kind]
        steps.append(("answer", path, text))
        if kind == "select1":
            chosen.append(path)
    for n in range(count // 4):
        value = f"if({wholes[n % len(wholes)]} &gt; 40, 2, 1)"
        value = f"/data/c{n - 1} + {value}" if n % CHAIN else value
        form.node(f"/data/c{n}", f"c{n}", type="int", calculate=value)
    steps += [("answer", path, str(dice.randrange(90))) for path in dice.sample(wholes, min(40, len(wholes)))]
    return form.xml(), steps


def roster():
    """Members with a sum over all, an index and a calculation each."""
    form = Form("roster")
    rows = (("name", "string", {}), ("age", "int", {}), ("grown", "int", {"calculate": "if(../age &gt;= 18, 1, 0)"}))
    rows += (("share", "decimal", {"calculate": "../age div /data/total"}),)
    rows += (("no", "int", {"calculate": "position(..)"}), ("why", "string", {"relevant": "../age &lt; 5"}))
    for tag, type_, rules in rows:
        form.node(f"/data/member/{tag}", tag, group="member", type=type_, **rules)
    form.node("/data/total", "total", type="int", calculate="sum(/data/member/age[. != ''])")
    form.node("/data/adults", "adults", type="int", calculate="sum(/data/member/grown)")
    asked = "".join(f'<input ref="/data/member/{tag}"><label>{tag}</label></input>' for tag in ("name", "age", "why"))
    form.body.append(
        f'<group ref="/data/member"><label>M</label><repeat nodeset="/data/member">{asked}</repeat></group>'
    )
    make = [("add", "/data/member", "")] * (MEMBERS - 1)
    fill = [("answer", f"/data/member[{n}]/age", str(n % 70)) for n in range(1, MEMBERS + 1)]
    edit = [("answer", f"/data/member[{n}]/age", str(n % 50)) for n in range(10, MEMBERS + 1, 10)]
    return form.xml(), make + fill + edit


def villages():
    """A list of 20,000 rows, narrowed by an earlier answer, and its whole without one."""
    form = Form("villages")
    form.choices("regions", [{"name": f"r{n}", "label": f"Region {n}"} for n in range(40)])
    form.choices(
        "villages", [{"name": f"v{n}", "label": f"Village {n}", "region": f"r{n % 40}"} for n in range(VILLAGES)]
    )
    for tag in ("region", "village", "any"):
        form.node(f"/data/{tag}", tag, type="string")
    form.body += [
        select("/data/region", "select1", "regions"),
        select("/data/village", "select1", "villages", "[region = /data/region]"),
        select("/data/any", "select1", "villages"),
    ]
    steps = []
    for n in range(40):
        steps += [("answer", "/data/region", f"r{n}"), ("answer", "/data/village", f"v{n + 40}")]
    return form.xml(), steps


def took_ms(work):
    begun = time.perf_counter()
    result = work()
    return (time.perf_counter() - begun) * 1e3, result


def opened(xml):
    return FormSession.open(FormDefinition.load(xml), language="en", now=NOW)


def cold(xml):
    definitions._load.cache_clear()  # a program just started has read no form
    from healthvisit.forms.xpath import parse

    parse.parse.cache_clear()
    return took_ms(partial(opened, xml))


def play(session, steps):
    """Give the answers; (kind, ms) of each, and the steps that were possible: the peer is given the same."""
    took, done = [], []
    for op, path, text in steps:
        try:
            given = text
            if op == "answer" and text == "":
                given = session.question(path).choices[0][0]
            deed = partial(session.add_repeat, path) if op == "add" else partial(session.answer, path, given)
            ms, _ = took_ms(deed)
        except (FormError, IndexError):  # hidden by an earlier answer
            continue
        took.append((op, ms))
        done.append((op, path, given))
    return took, done


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ours(cases):
    """Each form's figures: medians over the rounds, their order shuffled in each."""
    found = {name: {"cold": [], "cached": [], "p50": [], "p95": [], "total": [], "took": []} for name in cases}
    dice = random.Random(5)
    for _ in range(ROUNDS):
        for name in dice.sample(list(cases), len(cases)):
            xml, steps = cases[name]
            figures = found[name]
            figures["cold"].append(cold(xml)[0])
            ms, session = took_ms(partial(opened, xml))
            figures["cached"].append(ms)
            took, done = play(session, steps)
            answers = [ms for op, ms in took if op == "answer"]
            figures["p50"].append(percentile(answers, 0.5))
            figures["p95"].append(percentile(answers, 0.95))
            figures["total"].append(sum(ms for _, ms in took))
            figures["took"].append(took)
            figures["record"] = session.record_xml()
            figures["steps"] = done
    return {
        name: {
            key: statistics.median(values) if key in {"cold", "cached", "p50", "p95", "total"} else values
            for key, values in figures.items()
        }
        for name, figures in found.items()
    }


def peer_folder(asked):
    """The peer's folder, filled on first use; None and the reason where that is not possible here."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None, "node and npm are not installed here"
    folder = asked or user_cache_path("healthvisit-bench") / "forms-peer"
    if not (folder / "node_modules" / "@getodk" / "xforms-engine").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        command = [npm, "install", "--no-audit", "--no-fund", *PEER]
        if subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode:
            return None, "npm could not install it (no network?)"
    return folder, ""


def peer(folder, cases, figures, rounds):
    """The peer's figures on the steps that ours took."""
    job = [
        {"name": name, "xml": xml, "steps": figures[name]["steps"], "rounds": rounds}
        for name, (xml, _) in cases.items()
    ]
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    command = ["node", Path(__file__).with_name("forms_peer.mjs"), "job.json", "out.json"]
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "TZ": "UTC"}, stdout=sys.stderr)
    found = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return {each["name"]: each for each in found}


def fields(record):
    """Every field of a record, by path and position."""
    found = {}

    def walk(element, path):
        seen = Counter()
        for child in element:
            name = etree.QName(child).localname
            seen[name] += 1
            walk(child, f"{path}/{name}[{seen[name]}]")
        if not len(element) and "instanceID" not in path:
            found[path] = element.text or ""

    walk(etree.fromstring(record.encode()), "")
    return found


def differing(mine, his):
    """Fields that do not end alike, and how many there are."""
    ours, theirs = fields(mine), fields(his)
    paths = ours.keys() | theirs.keys()
    return sorted(path for path in paths if not alike(ours.get(path, ""), theirs.get(path, ""))), len(paths)


def alike(one, other):
    """The peer writes a decimal's nought as 0.0."""
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def row(metric, ours_ms, *, budget_ms=None, peer_ms=None, times=None):
    """One line; `budget_ms` fails beyond 1.5 times it, `times` is how much faster than the peer ours must be."""
    ratio = peer_ms / ours_ms if peer_ms else None
    found = {"metric": metric, "ours": f"{ours_ms:.2f} ms"}
    if peer_ms:
        found |= {"peer": f"{peer_ms:.1f} ms", "ratio": round(ratio, 1)}
    words = [f"<= {budget_ms:g} ms" if budget_ms else "", f">= {times:g} x" if times and peer_ms else ""]
    found["budget"] = ", ".join(word for word in words if word) or "none"
    is_fast = budget_ms is None or ours_ms <= budget_ms * SLACK
    found["holds"] = is_fast and (not times or not peer_ms or ratio >= times)
    return found


def rows(folder, *, peer_rounds):
    cases = {f"survey{count}": survey(count) for count in (300, 1000)} | {"roster": roster(), "villages": villages()}
    got = ours(cases)
    theirs = peer(folder, cases, got, peer_rounds) if folder else {}
    for count in (300, 1000):
        name = f"survey{count}"
        mine, his = got[name], theirs.get(name)
        answers = [ms for _, ms in his["took"]] if his else []
        yield row(
            f"{count} questions, open cold",
            mine["cold"],
            budget_ms=COLD_S * 1e3 if count == 1000 else None,
            peer_ms=min(his["open"]) if his else None,
            times=TIMES,
        )
        yield row(
            f"{count} questions, open cached", mine["cached"], budget_ms=CACHED_S * 1e3 if count == 1000 else None
        )
        yield row(f"{count} questions, answer p50", mine["p50"], peer_ms=percentile(answers, 0.5) if his else None)
        yield row(
            f"{count} questions, answer p95",
            mine["p95"],
            budget_ms=ANSWER_MS,
            peer_ms=percentile(answers, 0.95) if his else None,
        )
        yield row(
            f"{count} questions, all {len(mine['steps'])} answers",
            mine["total"],
            peer_ms=sum(answers) if his else None,
            times=TIMES,
        )
    yield from roster_rows(got["roster"], theirs.get("roster"))
    yield from village_rows(cases["villages"][0], got["villages"], theirs.get("villages"))
    for name, his in theirs.items():
        other, count = differing(got[name]["record"], his["record"])
        said = f"{name}: fields that end differently from the peer, of {count}"
        yield {"metric": said, "ours": str(len(other)), "budget": "0", "holds": not other, "which": other[:5] or None}


def roster_rows(mine, his):
    add = [statistics.fmean(ms for op, ms in took if op == "add") for took in mine["took"]]
    edit = [statistics.median(ms for _, ms in took[-10:]) for took in mine["took"]]
    his_add = [ms for op, ms in his["took"] if op == "add"] if his else []
    yield row(
        f"make a roster of {MEMBERS} members",
        statistics.median(add) * (MEMBERS - 1),
        peer_ms=sum(his_add) if his else None,
    )
    yield row(
        "one edit in that roster",
        statistics.median(edit),
        budget_ms=ROSTER_MS,
        peer_ms=statistics.median(ms for _, ms in his["took"][-10:]) if his else None,
    )
    worst = [max(ms for _, ms in took[-10:]) for took in mine["took"]]
    yield row(
        "the slowest edit in it",
        statistics.median(worst),
        peer_ms=max(ms for _, ms in his["took"][-10:]) if his else None,
    )


def village_rows(xml, mine, his):
    peer_open = min(his["open"]) if his else None
    yield row(f"a list of {VILLAGES:,} rows, open cold", mine["cold"], peer_ms=peer_open)
    yield row(f"a list of {VILLAGES:,} rows, open cached", mine["cached"])
    answers = [ms for _, ms in his["took"]] if his else []
    peer_p95 = percentile(answers, 0.95) if his else None
    yield row("answer what narrows it, p95", mine["p95"], budget_ms=ANSWER_MS, peer_ms=peer_p95)
    yield row("the first such answer", statistics.median(took[0][1] for took in mine["took"]))
    session = opened(xml)
    session.answer("/data/region", "r7")
    first = [took_ms(lambda: session.question("/data/village").choices)[0] for _ in range(ROUNDS)]
    yield row(f"offer {VILLAGES // 40} of them", statistics.median(first))
    whole = [took_ms(lambda: session.question("/data/any").choices) for _ in range(ROUNDS)]
    yield row("offer all of them, first time", whole[0][0])
    yield row("offer all of them, again", statistics.median(ms for ms, _ in whole[1:]))
    choices = whole[0][1]
    typed = [took_ms(lambda: [c for c in choices if "ge 123" in c[1].casefold()])[0] for _ in range(ROUNDS)]
    yield row("look through all of them for what was typed", statistics.median(typed))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the rows to this file as well")
    parser.add_argument("--peer", metavar="DIR", type=Path, help="where the peer is, or is to be, installed")
    parser.add_argument("--no-peer", action="store_true", help="measure ours alone")
    parser.add_argument(
        "--peer-rounds", type=int, default=2, help="how often the peer opens each form; the best counts"
    )
    options = parser.parse_args()
    folder, why = (None, "not asked for") if options.no_peer else peer_folder(options.peer)
    found = list(rows(folder, peer_rounds=options.peer_rounds))
    if folder is None:
        found.append({"metric": f"against @getodk/xforms-engine: skipped, {why}", "holds": True})
    return finish(found, options.json)


if __name__ == "__main__":
    sys.exit(main())
