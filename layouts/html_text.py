"""A tree of components as escaped HTML text: what the browser shows before any script has run.

Only what is listed here comes out: elements of `dash.html`, links as anchors, graphs as empty boxes
of their height, and what is ready HTML. Attributes that a browser would run are never written.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from html import escape
from typing import Any, Final

from dash.development.base_component import Component

_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})
_CUT: Final = frozenset({"script", "iframe", "embed", "object", "base", "link", "meta"})
_ELEMENTS: Final = "dash_html_components"
_SKIPPED: Final = frozenset({"children", "n_clicks", "n_clicks_timestamp", "key", "loading_state"})
_WILD: Final = ("data-", "aria-")
_RENAMED: Final = {
    "className": "class",
    "htmlFor": "for",
    "tabIndex": "tabindex",
    "colSpan": "colspan",
}
_KEPT_CASE: Final = frozenset({"viewBox", "preserveAspectRatio", "pathLength", "patternUnits"})
_ADDRESSES: Final = frozenset(
    {"href", "src", "action", "formAction", "xlinkHref", "poster", "cite", "data", "srcSet"}
)
_SAFE_ADDRESS: Final = re.compile(
    r"(?:https?://|mailto:|[/?#]|[\w.-]+(?:[/?#]|$))(?!\s*javascript:)", re.IGNORECASE
)
_LOOSE_CSS: Final = re.compile(r"[;{}\\@<]|/\*|url\(|expression\(", re.IGNORECASE)
"""What ends a declaration, or fetches or runs something: no measure or colour holds it."""
_NAME: Final = re.compile(r"[A-Za-z][\w-]*")
_CAPITAL: Final = re.compile(r"([A-Z])")
_UNITLESS: Final = frozenset(
    {"flex", "flexGrow", "flexShrink", "fontWeight", "lineHeight", "opacity", "order", "zIndex"}
)

Node = Component | str | int | float | None | list[Any] | tuple[Any, ...]


Put = Callable[[str], None]


def html(node: Node) -> str:
    """Return the text of a component and all within it."""
    written: list[str] = []
    _write(node, written.append)
    return "".join(written)


def _write(node: Node, put: Put) -> None:
    if isinstance(node, str):
        put(escape(node, quote=False))
    elif isinstance(node, Component):
        _draw(node, put)
    elif isinstance(node, (list, tuple)):
        for each in node:
            _write(each, put)
    elif node is not None and not isinstance(node, bool):
        put(str(node))


def opening(node: Component) -> tuple[str, dict[str, Any]]:
    """Return the tag of what is plain, and those of its attributes that may be written.

    The attributes keep the names and values that React has for them.
    """
    tag, props = _opened(node)
    return tag, {
        name: _declared(value) if isinstance(value, Mapping) else value
        for name, value in props.items()
        if _attribute(name, value)
    }


def is_plain(node: Component) -> bool:
    """Whether a component is no more than its HTML: an element, a link, a hidden field."""
    kind = node._type  # noqa: SLF001 - Dash has no other name for it
    hidden = kind == "Input" and getattr(node, "type", None) == "hidden"
    return node._namespace == _ELEMENTS or kind == "Link" or hidden  # noqa: SLF001 - nor for it


def _draw(node: Component, put: Put) -> None:
    kind = node._type  # noqa: SLF001 - Dash has no other name for it
    if kind == "Still":
        held = vars(node)
        _element(held["tag"], held["attributes"], put, held["html"])
    elif kind == "Loading":
        _write(getattr(node, "children", None), put)
    elif node._namespace == _ELEMENTS or kind in _CORE:  # noqa: SLF001 - nor for it
        tag, props = _opened(node)
        _element(tag, props, put)


def _opened(node: Component) -> tuple[str, Mapping[str, Any]]:
    # What Dash's own way to ask for them returns, in the same order, at a third of its time.
    given: Mapping[str, Any] = vars(node)
    props = {name: given[name] for name in given["_prop_names"] if name in given}
    props |= {name: given[name] for name in given if name.startswith(_WILD)}
    namespace, kind = node._namespace, node._type  # noqa: SLF001 - Dash has no other name for them
    return (_tag(kind), props) if namespace == _ELEMENTS else _CORE[kind](props)


@cache
def _tag(kind: str) -> str:
    return kind.removesuffix("El").lower()


def _element(tag: str, props: Mapping[str, Any], put: Put, inside: str = "") -> None:
    if tag in _CUT:
        return
    put(f"<{tag}")
    for name, value in props.items():
        if attribute := _attribute(name, value):
            put(attribute)
    put(">")
    if tag not in _VOID:
        put(inside)
        _write(props.get("children"), put)
        put(f"</{tag}>")


def _attribute(name: str, value: object) -> str:
    if value is None or value is False or name in _SKIPPED:
        return ""
    written = _written(name)
    if not written or (name in _ADDRESSES and not _is_safe(value)):
        return ""
    if isinstance(value, Mapping):
        return f' {written}="{escape(_style(value))}"' if name == "style" else ""
    return f' {written}="{escape("" if value is True else str(value))}"'


@lru_cache(1024)
def _written(name: str) -> str:
    """The attribute of a property; empty for what is none, or would be run by a browser."""
    if not _NAME.fullmatch(name):
        return ""
    if name in _RENAMED:
        return _RENAMED[name]
    if name in _KEPT_CASE or name.startswith(_WILD):
        return name
    written = _dashed(name) if name in _DASHED else name.lower()
    return "" if written.startswith("on") else written


_DASHED: Final = frozenset(
    {
        "clipPath",
        "clipRule",
        "dominantBaseline",
        "fillOpacity",
        "fillRule",
        "fontFamily",
        "fontSize",
        "fontStyle",
        "fontWeight",
        "letterSpacing",
        "markerEnd",
        "markerMid",
        "markerStart",
        "paintOrder",
        "pointerEvents",
        "shapeRendering",
        "stopColor",
        "stopOpacity",
        "strokeDasharray",
        "strokeDashoffset",
        "strokeLinecap",
        "strokeLinejoin",
        "strokeMiterlimit",
        "strokeOpacity",
        "strokeWidth",
        "textAnchor",
        "textDecoration",
        "textRendering",
        "vectorEffect",
        "wordSpacing",
    }
)


def _dashed(name: str) -> str:
    return name if name.startswith("--") else _CAPITAL.sub(r"-\1", name).lower()


def _style(style: Mapping[str, Any]) -> str:
    declared = _declared(style).items()
    return ";".join(f"{_dashed(name)}:{_measure(name, value)}" for name, value in declared)


def _declared(style: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of a style is no more than a measure or a colour for one property."""
    return {
        name: value
        for name, value in style.items()
        if not _LOOSE_CSS.search(f"{name}:{value}") and ":" not in name
    }


def _measure(name: str, value: object) -> str:
    plain = name in _UNITLESS or name.startswith("--") or not isinstance(value, (int, float))
    return str(value) if plain or value == 0 else f"{value}px"


def _is_safe(address: object) -> bool:
    text = str(address)
    return text == "" or bool(_SAFE_ADDRESS.match(text) and "javascript:" not in text.lower())


Opened = tuple[str, Mapping[str, Any]]


def _link(props: Mapping[str, Any]) -> Opened:
    kept = ("children", "href", "className", "title", "id", "target", "style")
    # By the mark the page's script knows that this leads to another page of the portal.
    return "a", {**{name: props[name] for name in kept if name in props}, "data-go": True}


def _graph(props: Mapping[str, Any]) -> Opened:
    box = {"className": f"dash-graph {props.get('className') or ''}".rstrip()}
    if "style" in props:
        box["style"] = props["style"]
    return "div", box


def _input(props: Mapping[str, Any]) -> Opened:
    names = ("type", "name", "value", "placeholder", "className", "id", "maxLength", "required")
    return "input", {name: props[name] for name in names if name in props}


def _area(props: Mapping[str, Any]) -> Opened:
    names = ("id", "name", "className", "rows", "maxLength", "placeholder", "title", "required")
    told = {name: props[name] for name in names if name in props}
    return "textarea", {**told, "children": props.get("value") or ""}


_CORE: Final[Mapping[str, Callable[[Mapping[str, Any]], Opened]]] = {
    "Link": _link,
    "Graph": _graph,
    "Input": _input,
    "Textarea": _area,
}
