"""A tree of components as escaped HTML text: what the browser shows before any script has run.

Only what is listed here comes out: elements of `dash.html` and `dash_svg`, links as anchors, graphs
as empty boxes of their height. Attributes that a browser would run are never written.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, Final

from dash.development.base_component import Component

_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})
_CUT: Final = frozenset({"script", "iframe", "embed", "object", "base", "link", "meta"})
_SKIPPED: Final = frozenset({"children", "n_clicks", "n_clicks_timestamp", "key", "loading_state"})
_RENAMED: Final = {
    "className": "class",
    "htmlFor": "for",
    "tabIndex": "tabindex",
    "colSpan": "colspan",
}
_KEPT_CASE: Final = frozenset({"viewBox", "preserveAspectRatio", "pathLength", "patternUnits"})
_ADDRESSES: Final = frozenset({"href", "src", "action", "formAction"})
_SAFE_ADDRESS: Final = re.compile(
    r"(?:https?://|mailto:|[/?#]|[\w.-]+(?:[/?#]|$))(?!\s*javascript:)", re.IGNORECASE
)
_NAME: Final = re.compile(r"[A-Za-z][\w-]*")
_CAPITAL: Final = re.compile(r"([A-Z])")
_UNITLESS: Final = frozenset(
    {"flex", "flexGrow", "flexShrink", "fontWeight", "lineHeight", "opacity", "order", "zIndex"}
)

Node = Component | str | int | float | None | list[Any] | tuple[Any, ...]


def html(node: Node) -> str:
    """Return the text of a component and all within it."""
    return "".join(_parts(node))


def _parts(node: Node) -> Iterable[str]:
    if node is None or isinstance(node, bool):
        return
    if isinstance(node, (list, tuple)):
        for each in node:
            yield from _parts(each)
    elif isinstance(node, Component):
        yield from _drawn(node)
    else:
        yield escape(str(node), quote=False)


def _drawn(node: Component) -> Iterable[str]:
    told: dict[str, Any] = node.to_plotly_json()
    kind, props = told["type"], told["props"]
    if told["namespace"] in {"dash_html_components", "dash_svg"}:
        return _element(_tag(kind, told["namespace"]), props)
    draw = _CORE.get(kind)
    return draw(props) if draw else ()


def _tag(kind: str, namespace: str) -> str:
    if namespace == "dash_svg":
        return kind[0].lower() + kind[1:]
    return kind.removesuffix("El").lower()


def _element(tag: str, props: Mapping[str, Any]) -> Iterable[str]:
    if tag in _CUT:
        return
    yield f"<{tag}{''.join(_attributes(props))}>"
    if tag not in _VOID:
        yield from _parts(props.get("children"))
        yield f"</{tag}>"


def _attributes(props: Mapping[str, Any]) -> Iterable[str]:
    for name, value in props.items():
        if name in _SKIPPED or value is None or value is False or not _NAME.fullmatch(name):
            continue
        written = _written(name)
        if written.startswith("on") or (name in _ADDRESSES and not _is_safe(value)):
            continue
        text = _style(value) if name == "style" else "" if value is True else str(value)
        yield f' {written}="{escape(text)}"'


def _written(name: str) -> str:
    if name in _RENAMED:
        return _RENAMED[name]
    if name in _KEPT_CASE or name.startswith(("data-", "aria-")):
        return name
    return _dashed(name) if name in _DASHED else name.lower()


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
    return ";".join(f"{_dashed(name)}:{_measure(name, value)}" for name, value in style.items())


def _measure(name: str, value: object) -> str:
    plain = name in _UNITLESS or name.startswith("--") or not isinstance(value, (int, float))
    return str(value) if plain or value == 0 else f"{value}px"


def _is_safe(address: object) -> bool:
    text = str(address)
    return text == "" or bool(_SAFE_ADDRESS.match(text) and "javascript:" not in text.lower())


def _link(props: Mapping[str, Any]) -> Iterable[str]:
    kept = ("children", "href", "className", "title", "id", "target", "style")
    return _element("a", {name: props[name] for name in kept if name in props})


def _graph(props: Mapping[str, Any]) -> Iterable[str]:
    box = {"className": f"dash-graph {props.get('className') or ''}".rstrip()}
    if "style" in props:
        box["style"] = props["style"]
    return _element("div", box)


def _input(props: Mapping[str, Any]) -> Iterable[str]:
    names = ("type", "name", "value", "placeholder", "className", "id", "maxLength", "required")
    return _element("input", {name: props[name] for name in names if name in props})


def _held(props: Mapping[str, Any]) -> Iterable[str]:
    return _parts(props.get("children"))


_CORE: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]]] = {
    "Link": _link,
    "Graph": _graph,
    "Input": _input,
    "Loading": _held,
}
