"""What every benchmark ends with: its rows on the screen and in a file, and whether all budgets hold."""

import json


def finish(rows, path=None):
    """Print rows (dicts of metric, ours, peer, ratio, budget, holds); 1 when a budget is missed."""
    rows = list(rows)
    for row in rows:
        shown = {name: _plain(value) for name, value in row.items() if value is not None}
        said = shown.pop("holds")
        print(" | ".join([*(f"{name} {value}" for name, value in shown.items()), "holds" if said else "MISSED"]))
    if path:
        path.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    return 0 if all(row["holds"] for row in rows) else 1


def _plain(value):
    return f"{value:.2f}" if isinstance(value, float) else value
