"""Makes matplotlib's SVG fit for a page: no addresses, no dates, no clashing ids, short numbers, colours of the page.

Charts are drawn in stand-in colours; each becomes a CSS variable here, so that they follow light and dark.
"""

import re
from html import escape
from typing import Final

INK: Final = "#010203"
MUTED: Final = "#020304"
HAIRLINE: Final = "#030405"
ACCENT: Final = "#040506"
GAIN: Final = "#050607"
LOSS: Final = "#060708"
PAPER: Final = "#070809"

_VARIABLES: Final = {
    INK: "--ink",
    MUTED: "--muted",
    HAIRLINE: "--hairline",
    ACCENT: "--accent",
    GAIN: "--gain",
    LOSS: "--loss",
    PAPER: "--paper",
}
_TAG: Final = re.compile(r"<[^>]*>")
_LONG_NUMBER: Final = re.compile(r"(\d+\.\d\d)\d+")
_ID: Final = re.compile(r' id="([^"]+)"')
_FONT: Final = re.compile(r" font-family: [^;\"]*;")
_TURN: Final = re.compile(r' transform="rotate\(-0 [^"]*"')


def inlined(drawing: str, *, name: str, title: str, description: str, css_class: str) -> str:
    """An `<svg>` element for HTML. name makes its ids unique on the page; title and description are for those who hear it."""
    body = drawing[drawing.index("<svg") :]
    view = re.search(r'viewBox="([^"]+)"', body)
    assert view is not None
    inner = body[body.index(">") + 1 : body.rindex("</svg>")]
    inner = re.sub(r"<metadata>.*?</metadata>", "", inner, flags=re.DOTALL)
    inner = re.sub(r"<!--.*?-->", "", inner, flags=re.DOTALL)
    inner = _TAG.sub(lambda tag: _LONG_NUMBER.sub(r"\1", tag[0]), inner).replace("xlink:href", "href")
    inner = _with_own_ids(inner, name)
    for colour, variable in _VARIABLES.items():
        inner = inner.replace(colour, f"var({variable})")
    inner = _TURN.sub("", _FONT.sub("", inner))
    inner = re.sub(r"\s*\n\s*", "\n", inner)
    return (
        f'<svg class="{css_class}" viewBox="{view[1]}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>{inner}</svg>'
    )


def _with_own_ids(inner: str, name: str) -> str:
    """Keeps the ids that something refers to, under a name of their own, and drops the rest."""
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', inner))
    inner = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", inner)
    return re.sub(r'(url\(#|href="#)([^")]+)', rf"\g<1>{name}-\g<2>", inner)
