"""Every page of the portal. Add a page here when you add it to this folder."""

from collections.abc import Mapping, Sequence

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from callbacks.account import ACCOUNT
from callbacks.actions import ACTION, ACTIONS, LIBRARY, NEW_ACTION
from callbacks.administration import AUDIT, PEOPLE, SIGN_IN
from callbacks.appearance import APPEARANCE
from callbacks.builder import BUILDER, CHANGE, DATA, DRAFT, HISTORY, PROPOSAL, PROPOSALS
from callbacks.company import JOURNEY, SCORECARD
from callbacks.framework import CATALOGUE, FRAMEWORK, OWNERS, REPLACED
from callbacks.framework_check import CHECK
from callbacks.homes import HOME
from callbacks.imports import IMPORTS
from callbacks.inbox import INBOX
from callbacks.kpi import KPI, KPIS
from callbacks.page import Page
from callbacks.quality import QUALITY
from callbacks.review_meeting import MEETING
from callbacks.review_papers import MINUTES, PACK
from callbacks.reviews import CYCLE, REVIEW, REVIEWS
from callbacks.targets import TARGETS

PAGES: tuple[Page, ...] = (
    HOME,
    SCORECARD,
    JOURNEY,
    REVIEWS,
    REVIEW,
    CYCLE,
    MEETING,
    TARGETS,
    KPIS,
    KPI,
    BUILDER,
    DRAFT,
    CHANGE,
    HISTORY,
    PROPOSALS,
    PROPOSAL,
    DATA,
    ACTIONS,
    NEW_ACTION,
    LIBRARY,
    ACTION,
    PACK,
    MINUTES,
    FRAMEWORK,
    OWNERS,
    CATALOGUE,
    REPLACED,
    CHECK,
    QUALITY,
    IMPORTS,
    PEOPLE,
    AUDIT,
    SIGN_IN,
    APPEARANCE,
    INBOX,
    ACCOUNT,
)


def find(path: str) -> tuple[Page, Mapping[str, str]] | None:
    """Return the page at a path and what stands in the places of its rule, or None."""
    try:
        index, args = _RULES.match(path, method="GET")
    except HTTPException:
        return None
    return PAGES[int(index)], {name: str(value) for name, value in args.items()}


def rules(listed: Sequence[Page]) -> MapAdapter:
    """Return what finds a page among those listed, by its place."""
    found = [Rule(page.path, endpoint=str(index)) for index, page in enumerate(listed)]
    return Map(found, strict_slashes=False, merge_slashes=False).bind("portal")


_RULES = rules(PAGES)
