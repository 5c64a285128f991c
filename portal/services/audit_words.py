"""What the events of the audit log are called where people read them."""

from collections.abc import Mapping
from typing import Final

from kpi_engine.language import mark, tr
from portal.services.auditing import Event

_EVENTS: Final[Mapping[str, str]] = {
    Event.ACTION_CHANGED: mark("action changed"),
    Event.ACTION_CREATED: mark("action created"),
    Event.BRAND_CHANGED: mark("company's appearance changed"),
    Event.BRIDGE_STORED: mark("bridge stored"),
    Event.DEFINITION_ACTIVATED: mark("definition activated"),
    Event.DEFINITION_CALLED_BACK: mark("definition called back"),
    Event.DEFINITION_CHANGED: mark("definition changed"),
    Event.DEFINITION_DECLINED: mark("definition declined"),
    Event.DEFINITION_LAPSED: mark("definition not activated on its day"),
    Event.DEFINITION_PLANNED: mark("definition activated for a later day"),
    Event.DEFINITION_PROPOSED: mark("definition proposed"),
    Event.DEFINITION_WITHDRAWN: mark("definition withdrawn"),
    Event.DENIED: mark("denied"),
    Event.EXPORTED: mark("exported"),
    Event.FACTOR_FAILED: mark("factor failed"),
    Event.FACTOR_REMOVED: mark("factor removed"),
    Event.FACTOR_RESET: mark("factor reset"),
    Event.FACTOR_SET: mark("factor set"),
    Event.GOAL_CHANGED: mark("goal changed"),
    Event.HANDED_OVER: mark("handed over"),
    Event.IMPORTED: mark("imported"),
    Event.LIFE_CHANGED: mark("life changed"),
    Event.NOTE_CHANGED: mark("note changed"),
    Event.OWNER_CHANGED: mark("owner changed"),
    Event.PASSWORD_CHANGED: mark("password changed"),
    Event.PERSON_ADDED: mark("person added"),
    Event.PERSON_CHANGED: mark("person changed"),
    Event.PERSON_DISABLED: mark("person disabled"),
    Event.PROVEN: mark("proven"),
    Event.RECOVERY_CODE_USED: mark("recovery code used"),
    Event.RECOVERY_CODES_MADE: mark("recovery codes made"),
    Event.RESTORED: mark("restored"),
    Event.REVIEW_CYCLE_CHANGED: mark("review cycle changed"),
    Event.REVIEW_MOVED: mark("review moved"),
    Event.REVIEW_PAPER_SENT: mark("review paper sent"),
    Event.ROLES_CHANGED: mark("roles changed"),
    Event.SETTINGS_CHANGED: mark("settings changed"),
    Event.SHARE_ACKNOWLEDGED: mark("share acknowledged"),
    Event.SHARES_CHANGED: mark("shares changed"),
    Event.SIGN_IN_FAILED: mark("sign in failed"),
    Event.SIGNED_IN: mark("signed in"),
    Event.SIGNED_OUT: mark("signed out"),
    Event.TARGET_CHANGED: mark("target changed"),
    Event.TASK_COMPLETED: mark("task completed"),
    Event.THROTTLED: mark("throttled"),
    Event.VIEWING_ENDED: mark("viewing ended"),
    Event.VIEWING_STARTED: mark("viewing started"),
    Event.WAIVER_CHANGED: mark("waiver changed"),
}


def called(event: str) -> str:
    """Return what an event is called; one that a later release wrote reads as it was written."""
    return tr(_EVENTS.get(event) or event.replace(".", " ").replace("_", " "))
