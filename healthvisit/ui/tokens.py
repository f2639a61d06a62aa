"""The colours, each named by what it is for, in light and dark. Contrast is checked by a test (WCAG 2.2 AA)."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One set of colours as ``#RRGGBB``. A status is always a word beside its colour."""

    bg: str
    surface: str
    sunken: str
    line: str
    control: str  # edge of what can be typed in or pressed
    text: str
    muted: str
    primary: str
    primary_hover: str
    on_primary: str
    primary_tint: str
    danger: str
    on_danger: str
    danger_tint: str
    warn: str
    warn_tint: str
    ok: str
    ok_tint: str
    focus: str

    def named(self) -> dict[str, str]:
        """Every token under its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


LIGHT = Tokens(
    bg="#F5F6F4",
    surface="#FFFFFF",
    sunken="#ECEFEC",
    line="#D5DAD6",
    control="#7C8782",
    text="#17211D",
    muted="#4F5B55",
    primary="#14605A",
    primary_hover="#0E4944",
    on_primary="#FFFFFF",
    primary_tint="#E1EFEC",
    danger="#A8201A",
    on_danger="#FFFFFF",
    danger_tint="#FBEAE8",
    warn="#8A5300",
    warn_tint="#FCF1DE",
    ok="#1E6B3A",
    ok_tint="#E4F2E7",
    focus="#B85C00",
)

DARK = Tokens(
    bg="#141816",
    surface="#1D2321",
    sunken="#171C1A",
    line="#343D39",
    control="#8A968F",
    text="#EDF1EE",
    muted="#AEB9B3",
    primary="#5FC0B4",
    primary_hover="#7FD3C8",
    on_primary="#062420",
    primary_tint="#1F3934",
    danger="#FF8A80",
    on_danger="#2B0604",
    danger_tint="#3A1F1D",
    warn="#F0B45A",
    warn_tint="#372B16",
    ok="#7FCF97",
    ok_tint="#1B3323",
    focus="#FFB454",
)

TEXT_PAIRS = (
    ("text", "bg"),
    ("text", "surface"),
    ("text", "sunken"),
    ("text", "primary_tint"),
    ("muted", "bg"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("muted", "primary_tint"),
    ("primary", "bg"),
    ("primary", "surface"),
    ("primary", "sunken"),
    ("primary", "primary_tint"),
    ("on_primary", "primary"),
    ("on_primary", "primary_hover"),
    ("danger", "bg"),
    ("danger", "surface"),
    ("danger", "danger_tint"),
    ("on_danger", "danger"),
    ("text", "danger_tint"),
    ("warn", "bg"),
    ("warn", "surface"),
    ("warn", "warn_tint"),
    ("text", "warn_tint"),
    ("ok", "surface"),
    ("ok", "ok_tint"),
    ("text", "ok_tint"),
)
"""Text and what it stands on: at least 4.5:1."""

EDGE_PAIRS = (
    ("control", "bg"),
    ("control", "surface"),
    ("focus", "bg"),
    ("focus", "surface"),
    ("focus", "sunken"),
    ("focus", "warn_tint"),
    ("primary", "sunken"),
)
"""Edges and marks and what they stand on: at least 3:1."""

BLACK_LEVEL, GAMMA, LINEAR_BELOW = 0.05, 2.4, 0.04045


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21. Source: WCAG 2.2, definition of relative luminance."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + BLACK_LEVEL) / (low + BLACK_LEVEL)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= LINEAR_BELOW else ((part + 0.055) / 1.055) ** GAMMA for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
