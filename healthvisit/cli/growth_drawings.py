"""Drawings of the growth report, as SVG that stands in the page: they take its colours, light or dark, and print."""

from collections.abc import Sequence
from math import exp, pi, sqrt

from healthvisit.growth.survey import Share

Curve = Sequence[tuple[float, float]]  # z and density
WIDEST_Z = 5
WIDTH, HEIGHT, LEFT, BOTTOM = 330, 170, 8, 22
TALLEST = 0.6
BAR_WIDTH, LABEL_WIDTH, LINE = 720, 230, 26
BAR_HEIGHT, TEXT_WIDTH = 14, 240
COLUMNS_HEIGHT = 120


def curves(children: Curve, girls: Curve, boys: Curve, label: str) -> str:
    """Densities of z beside the standard normal; z from -5 to 5."""
    top = max([TALLEST, *(y for _x, y in (*children, *girls, *boys))])

    def at(z: float, density: float) -> str:
        x = LEFT + (z + WIDEST_Z) / (2 * WIDEST_Z) * (WIDTH - 2 * LEFT)
        return f"{x:.1f},{(HEIGHT - BOTTOM) * (1 - density / top) + 4:.1f}"

    def line(points: Curve, kind: str) -> str:
        inside = " ".join(at(z, y) for z, y in points if abs(z) <= WIDEST_Z)
        return f'<polyline class="{kind}" points="{inside}"/>' if inside else ""

    normal = [(z / 10, exp(-((z / 10) ** 2) / 2) / sqrt(2 * pi)) for z in range(-10 * WIDEST_Z, 10 * WIDEST_Z + 1)]
    marks = []
    for z in range(-WIDEST_Z + 1, WIDEST_Z):
        x, _comma, y = at(z, 0).partition(",")
        sign = "\N{MINUS SIGN}" if z < 0 else ""
        marks.append(f'<line class="grid" x1="{x}" x2="{x}" y1="4" y2="{y}"/>')
        marks.append(f'<text x="{x}" y="{HEIGHT - 4}" text-anchor="middle">{sign}{abs(z)}</text>')
    drawn = line(normal, "normal") + line(girls, "girls") + line(boys, "boys") + line(children, "children")
    return _svg(WIDTH, HEIGHT, label, "".join(marks) + drawn)


def bars(lines: Sequence[tuple[str, Share]], percent: Sequence[str], label: str) -> str:
    """Shares as bars with their confidence intervals, one below the other; `percent` is written behind each."""
    widest = max([0.1, *(share.high for _name, share in lines)])
    room = BAR_WIDTH - LABEL_WIDTH - TEXT_WIDTH

    def x(part: float) -> float:
        return LABEL_WIDTH + part / widest * room

    drawn = []
    for number, ((name, share), said) in enumerate(zip(lines, percent, strict=True)):
        y = number * LINE + 6
        middle, low, high = y + BAR_HEIGHT / 2, f"{x(share.low):.1f}", f"{x(share.high):.1f}"
        drawn += [
            f'<text x="{LABEL_WIDTH - 8}" y="{middle + 4:.1f}" text-anchor="end">{name}</text>',
            f'<rect class="bar" x="{LABEL_WIDTH}" y="{y}" width="{x(share.share) - x(0):.1f}" height="{BAR_HEIGHT}"/>',
            f'<path class="interval" d="M{low} {middle}H{high}M{low} {middle - 4}v8M{high} {middle - 4}v8"/>',
            f'<text x="{x(share.high) + 8:.1f}" y="{middle + 4:.1f}">{said}</text>',
        ]
    return _svg(BAR_WIDTH, len(lines) * LINE + 6, label, "".join(drawn))


def columns(counts: Sequence[int], names: Sequence[str], label: str, *, width: int = WIDTH) -> str:
    """Counts as columns, with the height all would have if none were preferred."""
    top = max([1, *counts])
    step = (width - 2 * LEFT) / len(counts)
    even = sum(counts) / len(counts)

    def y(count: float) -> float:
        return (COLUMNS_HEIGHT - BOTTOM) * (1 - count / top) + 4

    drawn = []
    for at, (count, name) in enumerate(zip(counts, names, strict=True)):
        x = LEFT + at * step
        drawn.append(
            f'<rect class="bar" x="{x + step * 0.12:.1f}" y="{y(count):.1f}" width="{step * 0.76:.1f}"'
            f' height="{y(0) - y(count):.1f}"/>'
        )
        drawn.append(f'<text x="{x + step / 2:.1f}" y="{COLUMNS_HEIGHT - 4}" text-anchor="middle">{name}</text>')
    drawn.append(f'<line class="even" x1="{LEFT}" x2="{width - LEFT}" y1="{y(even):.1f}" y2="{y(even):.1f}"/>')
    return _svg(width, COLUMNS_HEIGHT, label, "".join(drawn))


def _svg(width: int, height: int, label: str, inside: str) -> str:
    size = f'viewBox="0 0 {width} {height}" style="max-width:{width}px"'
    return f'<svg {size} role="img" aria-label="{label}">{inside}</svg>'
