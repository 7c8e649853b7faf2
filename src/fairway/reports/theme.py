"""How each colour role looks, light and dark. `templates/page.css` has the same colours as variables; a test compares them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fairway.reports.figure import ColourRole


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`, all different."""

    colours: Mapping[ColourRole, str]
    background: str


LIGHT: Final = Theme(
    {
        ColourRole.TEXT: "#1b2229",
        ColourRole.MUTED: "#66717c",
        ColourRole.GRID: "#e3e6e6",
        ColourRole.PRIMARY: "#14617a",
        ColourRole.GAIN: "#1f7a50",
        ColourRole.LOSS: "#b4412c",
    },
    "#fdfdfb",
)
DARK: Final = Theme(
    {
        ColourRole.TEXT: "#e4e9ec",
        ColourRole.MUTED: "#94a1ac",
        ColourRole.GRID: "#27313a",
        ColourRole.PRIMARY: "#63b8d0",
        ColourRole.GAIN: "#63c596",
        ColourRole.LOSS: "#ec8d78",
    },
    "#12171c",
)
CSS_VARIABLES: Final = {
    ColourRole.TEXT: "--ink",
    ColourRole.MUTED: "--muted",
    ColourRole.GRID: "--hairline",
    ColourRole.PRIMARY: "--accent",
    ColourRole.GAIN: "--gain",
    ColourRole.LOSS: "--loss",
}
"""The variable of `page.css` that has a role's colour."""
CSS_BACKGROUND: Final = "--paper"
