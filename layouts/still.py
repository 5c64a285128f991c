"""What stands still on a page, as one component of ready HTML.

Dash keeps a node of its own, with its place in a store, for every element that it is given: a home
has a thousand of them, of which a dozen ever change by themselves. `settled` leaves what a callback
reads or writes, what draws itself (charts) and what is typed into as it came, and turns every
other branch into one `Still`: an element whose inside is HTML, escaped as the first page is. The
browser's part of it is in `portal/assets/still.js`.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

from dash.development.base_component import Component

from kpi_engine.language import spoken
from layouts import html_text, ids

T = TypeVar("T")
P = ParamSpec("P")

_WIRED: Final = frozenset(value for value in vars(ids).values() if isinstance(value, str))
"""Ids that a callback or a script names: Dash has to know where these are."""
_WHOLE: Final = frozenset(
    {"Textarea", "Script", "Iframe", "Embed", "Object", "Base", "Link", "Meta"}
)
"""Elements that take no HTML as their inside, or that are never written as HTML."""


_KEPT: Final = 64
"""Of how many models each part keeps what it looks like: a few kilobytes each."""


class Still(Component):
    """An element that nothing changes from within.

    Args:
        tag: its name in HTML.
        attributes: its attributes, by the names that React has for them.
        html: what is inside, as HTML that is safe already; empty for an element without any.
    """

    # The name of this package, which Dash imports for each that it makes.
    _namespace = "layouts"
    _type = "Still"
    _prop_names: Final = ["tag", "attributes", "html"]  # type: ignore[misc]
    _valid_wildcard_attributes: Final[list[str]] = []  # type: ignore[misc]
    available_wildcard_properties: Final[list[str]] = []  # type: ignore[misc]
    available_properties: Final = _prop_names

    def __init__(self, tag: str, attributes: Mapping[str, Any], html: str) -> None:
        super().__init__(tag=tag, attributes=attributes, html=html)  # type: ignore[no-untyped-call]  # Dash's own


def settled(drawn: T) -> T:
    """Return a tree, or a list or tuple of trees, with all that stands still in it made so.

    What is no component (a text, a number, what Dash calls no update) comes back as it is. The
    trees themselves are changed: nobody else may hold them.
    """
    found: T = _put(*_walked(drawn))
    return found


def drawn_once(draw: Callable[P, Component]) -> Callable[P, Component]:
    """Keep what a part of a page looks like, by what it is drawn from and the language spoken.

    For parts that are looked at often: a read model is frozen and finished, so the same one is
    drawn the same whoever asks. Nothing but the arguments and the language may speak into what is
    drawn, and all of them have to be hashable. What does not stand still is drawn each time.
    """

    @lru_cache(_KEPT)
    def ready(language: str, *args: P.args, **kwargs: P.kwargs) -> Component | None:
        del language
        drawn = settled(draw(*args, **kwargs))
        return drawn if isinstance(drawn, Still) else None

    @wraps(draw)
    def kept(*args: P.args, **kwargs: P.kwargs) -> Component:
        found = ready(spoken(), *args, **kwargs)  # type: ignore[arg-type]  # hashable: see above
        return draw(*args, **kwargs) if found is None else found

    return kept


def _walked(node: Any) -> tuple[Any, bool]:  # noqa: ANN401 - whatever Dash takes as children
    """Return a node, and whether it stands still; then it is as it came."""
    if isinstance(node, (list, tuple)):
        walked = [_walked(each) for each in node]
        if all(still for _, still in walked):
            return node, True
        return type(node)(_put(*each) for each in walked), False
    if not isinstance(node, Component):
        return node, True
    if isinstance(node, Still):
        return node, True
    children, still = _walked(getattr(node, "children", None))
    if still and _may_stand(node):
        return node, True
    if children is not None:
        node.children = _put(children, still)
    return node, False


def _put(node: Any, still: bool) -> Any:  # noqa: ANN401, FBT001 - a pair of `_walked`
    if not still:
        return node
    if isinstance(node, (list, tuple)):
        return type(node)(_put(each, still) for each in node)
    return _still(node) if isinstance(node, Component) else node


def _may_stand(node: Component) -> bool:
    key = getattr(node, "id", None)
    return html_text.is_plain(node) and not isinstance(key, dict) and key not in _WIRED


def _still(node: Component) -> Component:
    if isinstance(node, Still) or node._type in _WHOLE:  # noqa: SLF001 - Dash has no other name for it
        return node
    tag, attributes = html_text.opening(node)
    return Still(tag, attributes, html_text.html(getattr(node, "children", None)))
