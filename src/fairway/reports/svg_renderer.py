"""Writes what matplotlib draws as SVG elements of a page: texts in the page's font, colours by the page's variables.

matplotlib lays a figure out and hands each path and text to the renderer. The colours that it hands over are those of the light
theme, each of which is one variable of the page. Importing this module imports matplotlib, which takes most of a second.
"""

from collections.abc import Sequence
from html import escape
from typing import Any, Final, cast

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.transforms import Affine2D

from fairway.reports.drawing import DrawingSize
from fairway.reports.theme import CSS_BACKGROUND, CSS_VARIABLES, LIGHT

_COMMANDS: Final = {1: "M", 2: "L", 3: "Q", 4: "C"}
"""Matplotlib's codes of a path's pieces; 79 closes the path."""
_CLOSE: Final = 79
_ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}
_CAPS: Final = {"projecting": "square", "round": "round"}
_VARIABLES: Final = {
    LIGHT.background: CSS_BACKGROUND,
    **{LIGHT.colours[role]: variable for role, variable in CSS_VARIABLES.items()},
}


class PageRenderer(RendererBase):
    """Collects elements while a figure is drawn. name begins their ids."""

    def __init__(self, size: DrawingSize, name: str) -> None:
        super().__init__()
        self._size, self._name = size, name
        self.elements: list[str] = []
        self._ids: dict[str, str] = {}

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size.width, self._size.height

    def draw_path(self, gc: GraphicsContextBase, path: Any, transform: Any, rgbFace: Any = None) -> None:
        data = _path_data(path, transform + _downwards(self._size), self._size if rgbFace is None else None)
        if data:
            self.elements.append(f'<path d="{data}"{self._clip(gc)} style="{_style(gc, rgbFace)}"/>')

    def draw_markers(
        self, gc: GraphicsContextBase, marker_path: Any, marker_trans: Any, path: Any, trans: Any, rgbFace: Any = None
    ) -> None:
        """One path for the symbol, and a reference to it for each place.

        The clip stands on their group: on a reference it would move with it.
        """
        data = _path_data(marker_path, marker_trans + _mirrored(), None)
        symbol, clip = self._defined(f'<path id="{{}}" d="{data}"/>'), self._clip(gc)
        self.elements.append(f'<g{clip} style="{_style(gc, rgbFace)}">')
        for vertices, _ in path.iter_segments(trans + _downwards(self._size), simplify=False):
            self.elements.append(f'<use href="#{symbol}" x="{_short(vertices[-2])}" y="{_short(vertices[-1])}"/>')
        self.elements.append("</g>")

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        if not s:
            return
        across, anchor = x, "start"
        if mtext is not None:
            across = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            anchor = _ANCHORS[mtext.get_horizontalalignment()]
        weight = f"; font-weight: {prop.get_weight()}" if prop.get_weight() == "bold" else ""
        style = f"font-size: {_short(prop.get_size())}px; text-anchor: {anchor}{weight}; fill: {_colour(gc.get_rgb())}"
        self.elements.append(f'<text style="{style}" x="{_short(across)}" y="{_short(y)}">{escape(s)}</text>')

    def _clip(self, gc: GraphicsContextBase) -> str:
        """An attribute that keeps an element within its panel; "" where it may leave it."""
        area = gc.get_clip_rectangle()
        if area is None:
            return ""
        left, low, width, height = area.bounds
        box = (
            f'x="{_short(left)}" y="{_short(self._size.height - low - height)}" width="{_short(width)}" height="{_short(height)}"'
        )
        return f' clip-path="url(#{self._defined(f"""<clipPath id="{{}}"><rect {box}/></clipPath>""")})"'

    def _defined(self, template: str) -> str:
        """The id of a definition, which is written when it is first used."""
        if template not in self._ids:
            self._ids[template] = f"{self._name}-{len(self._ids)}"
            self.elements.append(f"<defs>{template.format(self._ids[template])}</defs>")
        return self._ids[template]


def _downwards(size: DrawingSize) -> Affine2D:
    """From matplotlib's upward coordinates to SVG's downward ones."""
    return _mirrored().translate(0, size.height)


def _mirrored() -> Affine2D:
    return Affine2D().scale(1, -1)


def _path_data(path: Any, transform: Any, clip: DrawingSize | None) -> str:
    """A path's `d` attribute. A line is simplified and cut at the edges of the drawing where clip is given."""
    bounds = None if clip is None else (0.0, 0.0, clip.width, clip.height)
    pieces = path.iter_segments(transform, clip=bounds, simplify=path.should_simplify and clip is not None)
    return "".join(_piece(code, vertices) for vertices, code in pieces)


def _piece(code: int, vertices: Any) -> str:
    return "z" if code == _CLOSE else _COMMANDS[code] + " ".join(_short(float(each)) for each in vertices)


def _style(gc: GraphicsContextBase, face: Any) -> str:
    forced, parts = gc.get_forced_alpha(), [f"fill: {'none' if face is None else _colour(face)}"]
    if face is not None and not forced and len(face) == 4 and face[3] != 1:
        parts.append(f"fill-opacity: {_short(face[3])}")
    if forced and gc.get_alpha() != 1:
        parts.append(f"opacity: {_short(gc.get_alpha())}")
    if gc.get_linewidth():
        parts += _stroke(gc, has_own_opacity=not forced)
    return "; ".join(parts)


def _stroke(gc: GraphicsContextBase, *, has_own_opacity: bool) -> list[str]:
    colour: Any = gc.get_rgb()
    parts = [
        f"stroke: {_colour(colour)}",
        f"stroke-width: {_short(gc.get_linewidth())}",
        f"stroke-linejoin: {gc.get_joinstyle()}",
    ]
    if has_own_opacity and colour[3] != 1:
        parts.append(f"stroke-opacity: {_short(colour[3])}")
    offset, dashes = cast(tuple[float, Sequence[float] | None], gc.get_dashes())
    if dashes is not None:
        parts += [f"stroke-dasharray: {','.join(map(_short, dashes))}", f"stroke-dashoffset: {_short(offset)}"]
    if gc.get_capstyle() in _CAPS:
        parts.append(f"stroke-linecap: {_CAPS[gc.get_capstyle()]}")
    return parts


def _colour(rgb: Any) -> str:
    """The variable of the page that has this colour of the light theme."""
    return f"var({_VARIABLES[to_hex(rgb[:3])]})"


def _short(value: float) -> str:
    """Two decimals at most: a hundredth of a pixel cannot be seen."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
