"""Growth: what a child and a whole register cost beside pygrowup2, and loading beside numpy. `dev.py bench growth`.

The median of five shuffled rounds counts. A budget given as a time fails only beyond 1.5 times it.
"""

import argparse
import csv
import importlib.util
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pygrowup
from _report import finish

from healthvisit import growth

ROUNDS = 5
CHILD_US = 15.0
SLACK = 1.5
PEER_TIMES = 20.0
PEER_SEX = {"f": "female", "m": "male"}
REGISTER = (
    "id", "sex", "age_days", "weight_kg", "lenhei_cm", "measure", "headc_cm", "armc_cm", "triskin_mm", "subskin_mm",
    "oedema",
)  # fmt: skip
BATCH_ROWS = 100_000
BATCH_CPU_S = 4.0
BATCH_ROUNDS = 3
ENGINE = "import healthvisit.growth as g; g.weight_for_age(5000, age_days=100, sex='f')"


def children(count):
    """Plausible children of all ages under five, the same at every run."""
    dice = random.Random(4)
    return [
        {
            "sex": dice.choice("fm"),
            "age_days": (age := dice.randint(91, 1826)),
            "weight_g": round(5000 + age * 6.5 + dice.gauss(0, 900)),
            "length_mm": round(600 + age * 0.26 + dice.gauss(0, 25)),
            "posture": "lying" if age < 731 else "standing",
            "head_mm": round(410 + age * 0.05),
            "muac_mm": round(135 + age * 0.015),
            "triceps_mm": Decimal(dice.randint(60, 110)) / 10,
            "subscapular_mm": Decimal(dice.randint(50, 90)) / 10,
        }
        for _ in range(count)
    ]


def ours_whole(some):
    for child in some:
        growth.assess(growth.Measures(**child))


def ours_weight(some):
    for child in some:
        growth.weight_for_age(child["weight_g"], age_days=child["age_days"], sex=child["sex"])


def peer_weight(some):
    for child in some:
        seen = pygrowup.Observation(PEER_SEX[child["sex"]], age_in_days=child["age_days"])
        seen.wfa(Decimal(child["weight_g"]) / 1000)


def peer_whole(some):
    for child in some:
        seen = pygrowup.Observation(PEER_SEX[child["sex"]], age_in_days=child["age_days"])
        kg, cm = Decimal(child["weight_g"]) / 1000, Decimal(child["length_mm"]) / 10
        lying = child["posture"] == "lying"
        seen.wfa(kg)
        seen.lhfa(cm, recumbent=lying)
        (seen.wfl if lying else seen.wfh)(kg, cm)
        seen.bmifa(kg / (cm / 100) ** 2)
        seen.hcfa(Decimal(child["head_mm"]) / 10)
        seen.acfa(Decimal(child["muac_mm"]) / 10)
        seen.tsfa(child["triceps_mm"])
        seen.ssfa(child["subscapular_mm"])


def per_child_us(work, some):
    begun = time.process_time()
    work(some)
    return (time.process_time() - begun) / len(some) * 1e6


def start_ms(code):
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parent.parent)
    return (time.perf_counter() - begun) * 1e3


def write_register(path, count):
    """A register of plausible children, as a survey's CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(REGISTER)
        for number, child in enumerate(children(count)):
            grams, mm, head, arm = (child[name] for name in ("weight_g", "length_mm", "head_mm", "muac_mm"))
            row = [
                number,
                child["sex"],
                child["age_days"],
                grams / 1000,
                mm / 10,
                child["posture"][0].replace("s", "h"),
            ]
            table.writerow([*row, head / 10, arm / 10, child["triceps_mm"], child["subscapular_mm"], "n"])


def batch_cpu_s(source, out, *more):
    """CPU seconds of `growth score` as a program of its own, its start included."""
    before = os.times()
    command = [sys.executable, "-m", "healthvisit", "growth", "score", source, out, *more]
    subprocess.run(command, check=True, cwd=Path(__file__).resolve().parent.parent, stdout=subprocess.DEVNULL)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def batch_rows():
    """A register through the command, alone and with its report; the peer's time is that of its own calls alone."""
    with tempfile.TemporaryDirectory() as folder:
        source, out, page = (str(Path(folder, name)) for name in ("in.csv", "out.csv", "page.html"))
        write_register(Path(source), BATCH_ROWS)
        alone = statistics.median(batch_cpu_s(source, out) for _ in range(BATCH_ROUNDS))
        reported = statistics.median(batch_cpu_s(source, out, "--report", page) for _ in range(BATCH_ROUNDS))
    peer = per_child_us(peer_whole, children(400)) * BATCH_ROWS / 1e6
    budget = f"<= {BATCH_CPU_S:g} s of CPU, fails beyond {BATCH_CPU_S * SLACK:g}"
    yield row(
        f"{BATCH_ROWS:,} children from CSV to CSV, pygrowup2's calls beside it",
        alone,
        peer,
        budget,
        holds=alone <= BATCH_CPU_S * SLACK,
        unit="s",
    )
    yield row(f"{BATCH_ROWS:,} children with --report", reported, None, "none", holds=True, unit="s")


def measured(tasks):
    """Each task's median over five rounds, their order shuffled in each."""
    found = {name: [] for name in tasks}
    dice = random.Random(5)
    for _ in range(ROUNDS):
        for name in dice.sample(list(tasks), len(tasks)):
            found[name].append(tasks[name]())
    return {name: statistics.median(values) for name, values in found.items()}


def row(metric, ours, peer, budget, *, holds, unit="us"):
    ratio = round(peer / ours, 1) if peer else None
    peer = None if peer is None else f"{peer:.1f} {unit}"
    return {
        "metric": metric,
        "ours": f"{ours:.2f} {unit}",
        "peer": peer,
        "ratio": ratio,
        "budget": budget,
        "holds": holds,
    }


def rows():
    many, some = children(4000), children(400)
    for work in (ours_whole, peer_whole):  # tables loaded, caches warm
        work(some)
    tasks = {
        "ours whole": lambda: per_child_us(ours_whole, many),
        "peer whole": lambda: per_child_us(peer_whole, some),
        "ours weight": lambda: per_child_us(ours_weight, many),
        "peer weight": lambda: per_child_us(peer_weight, some),
        "python": lambda: start_ms("pass"),
        "engine": lambda: start_ms(ENGINE),
        "peer engine": lambda: start_ms("import pygrowup; pygrowup.Observation('female', age_in_days=100).wfa(5)"),
    }
    has_numpy = importlib.util.find_spec("numpy") is not None
    if has_numpy:
        tasks["numpy"] = lambda: start_ms("import numpy")
    got = measured(tasks)
    engine = max(got["engine"] - got["python"], 0.01)
    peer_engine = got["peer engine"] - got["python"]
    whole, weight = got["ours whole"], got["ours weight"]
    yield row(
        "all eight indicators of a child, pygrowup2 beside it",
        whole,
        got["peer whole"],
        f"<= {CHILD_US:g} us, fails beyond {CHILD_US * SLACK:g}",
        holds=whole <= CHILD_US * SLACK,
    )
    yield row(
        "weight-for-age, pygrowup2 beside it",
        weight,
        got["peer weight"],
        f">= {PEER_TIMES:g} x",
        holds=got["peer weight"] / weight >= PEER_TIMES,
    )
    yield row("import and first z, pygrowup2 beside it", engine, peer_engine, "none", holds=True, unit="ms")
    if has_numpy:
        numpy = got["numpy"] - got["python"]
        yield row(
            "import and first z, numpy's import beside it", engine, numpy, "< half", holds=engine < numpy / 2, unit="ms"
        )
    else:
        words = "skipped: numpy is not installed here (the program does without it)"
        yield {"metric": f"import and first z against numpy's import: {words}", "holds": True}
    yield from batch_rows()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the rows to this file as well")
    options = parser.parse_args()
    found = list(rows())
    return finish(found, options.json)


if __name__ == "__main__":
    sys.exit(main())
