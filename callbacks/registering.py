"""The list of callbacks is a list."""

from dash import Dash

from callbacks import appearance, homes, kpi, palette, review_meeting, reviews, routing, targets
from callbacks.edge import Edge


def register_all(app: Dash, edge: Edge) -> None:
    """Register every callback. Add a module here when you add it to this folder."""
    for module in (appearance, homes, kpi, palette, review_meeting, reviews, routing, targets):
        module.register(app, edge)
