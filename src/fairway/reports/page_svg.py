"""Draws a figure as `<svg>` elements of a page, with a title and a description for screen readers."""

from collections.abc import Callable
from html import escape

from fairway.reports.drawing import NARROW, WIDE, DrawingSize, drawn_figure, settings
from fairway.reports.figure import Figure
from fairway.reports.theme import LIGHT


def page_elements(build: Callable[[int], Figure], *, wide: DrawingSize = WIDE, narrow: DrawingSize = NARROW) -> str:
    """A figure for wide screens and again for narrow ones; the page's CSS shows one of them. The same figure gives the same text.

    build makes the figure with at most so many points in a line.
    """
    return page_element(build(wide.points_max), wide, "wide") + page_element(build(narrow.points_max), narrow, "narrow")


def page_element(figure: Figure, size: DrawingSize, css_class: str) -> str:
    """The figure as one `<svg>` element. Its ids begin with the figure's name and css_class."""
    from fairway.reports.svg_renderer import PageRenderer

    name = f"{figure.name}-{css_class}"
    renderer = PageRenderer(size, name)
    with settings():
        drawn_figure(figure, size, LIGHT).draw(renderer)
    box = f'viewBox="0 0 {size.width} {size.height}"'
    head = f'<svg class="chart {css_class}" {box} role="img" aria-labelledby="{name}-t {name}-d">'
    texts = f'<title id="{name}-t">{escape(figure.title)}</title><desc id="{name}-d">{escape(figure.description)}</desc>'
    return "\n".join([f"{head}{texts}", *renderer.elements, "</svg>"])
