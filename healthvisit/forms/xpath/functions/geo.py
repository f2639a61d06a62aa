"""Functions on places: points written `latitude longitude [altitude accuracy]`, several divided by semicolons."""

import math
from itertools import pairwise

from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import Value, text_of, to_text

_DIGITS = 2  # of metres and square metres
_EARTH_M = 6_378_100.0  # the radius ODK's tools use

Point = tuple[float, float]


def _points(value: Value) -> list[Point] | None:
    texts = [text_of(node) for node in value] if isinstance(value, list) else [to_text(value)]
    return points_of(";".join(texts))


def points_of(text: str) -> list[Point] | None:
    """Latitude and longitude in degrees; None when one point cannot be read."""
    points: list[Point] = []
    for part in text.split(";"):
        if not part.strip():
            continue
        try:
            latitude, longitude = (float(word) for word in part.split()[:2])
        except ValueError:
            return None
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees
            return None
        points.append((latitude, longitude))
    return points


def _apart(one: Point, other: Point) -> float:
    (lat1, lon1), (lat2, lon2) = (map(math.radians, one), map(math.radians, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def _distance(_: Context, *values: Value) -> float:
    """Metres along the line."""
    points: list[Point] = []
    for value in values:
        found = _points(value)
        if found is None:
            raise XPathError("form.not_a_place", "distance")
        points.extend(found)
    return round(sum((_apart(one, other) for one, other in pairwise(points)), 0.0), _DIGITS)


def _area(_: Context, value: Value) -> float:
    """Square metres inside the closed line, on a sphere."""
    points = _points(value)
    if points is None or len(points) < 3:  # noqa: PLR2004 - a surface needs three corners
        return 0.0
    ring = [*points, points[0]] if points[0] != points[-1] else points
    total = sum(
        math.radians(b[1] - a[1]) * (2 + math.sin(math.radians(a[0])) + math.sin(math.radians(b[0])))
        for a, b in pairwise(ring)
    )
    return round(abs(total * _EARTH_M**2 / 2), _DIGITS)


def _geofence(_: Context, point: Value, shape: Value) -> bool:
    """Whether the point lies inside the closed line (counting crossings); a line left open has no inside."""
    spot, ring = _points(point), _points(shape)
    if not spot or not ring or ring[0] != ring[-1]:
        return False
    (y, x), inside = spot[0], False
    for (y1, x1), (y2, x2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


TABLE = {
    "distance": Function(_distance, 1, None),
    "area": Function(_area, 1, 1),
    "geofence": Function(_geofence, 2, 2),
}
