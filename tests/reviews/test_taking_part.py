"""Who takes part in a review without answering for any of it: told once, and listed."""

from portal.services import review_list, signal_people, signal_reminders, signals
from portal.services.desks import open_desk
from tests.actions.house import NOW, House
from tests.reviews.room import Room


def test_who_takes_part_is_reminded_once_and_listed_and_who_answers_is_not_told_twice(
    database, new_tenant
):
    room = Room(House(database, new_tenant())).fill()
    named = tuple(room.people[name].person for name in ("other", "ann", "mara"))
    room.open(participants=named)
    with room.house.session() as session:
        house = signals.house_of(session, NOW)
        readers = signal_people.readers(session, house.roster, "EUR", house.today)
        told = {
            name: [
                one.subject
                for one in signal_reminders.items(house, readers[actor.person])
                if "take part" in one.subject
            ]
            for name, actor in room.people.items()
        }
    assert [name for name, subjects in told.items() if subjects] == ["other"]
    assert told["other"] == ["October 2026 review: you take part"]
    with room.house.session() as session:
        page = review_list.read(open_desk(session, room.people["other"], NOW), {}, "")
    assert "you take part" in page.open[0].sub
