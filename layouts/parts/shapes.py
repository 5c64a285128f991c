"""Shapes of SVG with types; their looks are classes of the style sheet.

They never change by themselves, so each is ready HTML: Dash brings no components for them.
"""

from collections.abc import Sequence

from layouts.html_text import html
from layouts.still import Still


def canvas(shapes: Sequence[Still], width: float, height: float, classes: str) -> Still:
    """Return a drawing that is stretched over what holds it."""
    box = f"0 0 {width:g} {height:g}"
    told = {"viewBox": box, "preserveAspectRatio": "none", "className": classes}
    return Still("svg", told, html(list(shapes)))


def group(*shapes: Still) -> Still:
    """Return shapes as one."""
    return Still("g", {}, html(list(shapes)))


def stroke(path: str, classes: str) -> Still:
    """Return a line that keeps its width when the drawing is stretched."""
    told = {"d": path, "className": classes, "fill": "none", "vectorEffect": "non-scaling-stroke"}
    return Still("path", told, "")


def area(path: str, classes: str) -> Still:
    """Return a filled shape."""
    return Still("path", {"d": path, "className": classes}, "")
