"""A co-owner's word stands beside the answer that it was said to."""

from portal.services import review_said, review_writing
from portal.services.desks import open_desk
from portal.services.review_writing import Typed
from portal.workflow.review import ItemMove
from tests.actions.house import NOW, at
from tests.reviews.room import FULL, SHARED


def test_it_says_that_the_answer_was_edited_since_only_where_it_was(room):
    """The word itself moves the answer on: it read "the answer was edited since" at once."""

    def told():
        item = room.item(SHARED)
        (share,) = [one for one in item.frozen.shares if one.person == room.people["sam"].person]
        with room.house.session() as session:
            desk = open_desk(session, room.people["chief"], NOW)
            return review_said._of_co_owner(desk, item, share).foot

    room.save("mara", SHARED, FULL)
    room.move("mara", SHARED, ItemMove.ASK)
    room.speak("sam", SHARED, "reason", text="Not so.")
    assert "edited since" not in told()
    with room.house.session() as session:
        typed = Typed(room.item(SHARED).answer.version, {"words": FULL["words"]}, {"words": "New."})
        seat = room.seat(session, "mara")
        review_writing.save(session, seat, room.place(SHARED), typed, at(hours=5))
    assert "edited since" in told()
