"""What a page is to the portal: an address, a permission, and a function that draws it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dash.development.base_component import Component

from callbacks.edge import Edge
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.security.roles import Role


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody is: the address, taken apart and bounded."""

    path: str
    args: Mapping[str, str]
    """What stands in the places of the page's path."""
    query: Mapping[str, str]
    """The last value of each name."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `show` asks a service and hands the answer to a layout."""

    path: str
    """In Werkzeug's syntax of rules: '/kpis/<key>'."""
    permission: Permission
    name: str
    """For the browser's title and the navigation."""
    show: Callable[[Edge, Actor, Visit], Component]
    icon: str = ""
    in_navigation: bool = False
    roles: frozenset[Role] = frozenset(Role)
    """In whose navigation it stands; the permission alone says who may open it."""
