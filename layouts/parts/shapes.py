"""Shapes of SVG with types; their looks are classes of the style sheet."""

from collections.abc import Sequence

import dash_svg as svg
from dash.development.base_component import Component


def canvas(shapes: Sequence[Component], width: float, height: float, classes: str) -> Component:
    """Return a drawing that is stretched over what holds it."""
    drawn: Component = svg.Svg(
        list(shapes),
        viewBox=f"0 0 {width:g} {height:g}",
        preserveAspectRatio="none",
        className=classes,
    )
    return drawn


def group(*shapes: Component) -> Component:
    """Return shapes as one."""
    drawn: Component = svg.G(list(shapes))
    return drawn


def stroke(path: str, classes: str) -> Component:
    """Return a line that keeps its width when the drawing is stretched."""
    drawn: Component = svg.Path(
        d=path, className=classes, fill="none", vectorEffect="non-scaling-stroke"
    )
    return drawn


def area(path: str, classes: str) -> Component:
    """Return a filled shape."""
    drawn: Component = svg.Path(d=path, className=classes)
    return drawn
