"""Verdicts on actions: looked for after each refresh, as pages read the numbers then."""

from portal.jobs.room import Room
from portal.services.action_judging import judge_ripe
from portal.tenancy.keys import TenantKey


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Judge what is ripe, and say how much that was."""
    del slot
    with room.database.session(tenant) as session:
        judged = judge_ripe(session, room.now())
    return f"{judged} {'action' if judged == 1 else 'actions'} judged."
