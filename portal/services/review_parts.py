"""What a person is to a review: who answers, owns a part or signs, and who sees what of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.security.reach import Reach, Roster, reach_of
from portal.security.roles import Role
from portal.services.review_cards import Frozen, Item, ReviewCard
from portal.workflow.review import Part

_SIGNING = frozenset({Role.LEADER, Role.EXECUTIVE})


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at a review: what they see of it, and what they may sign, by their roles."""

    actor: Actor
    reach: Reach
    """What their roles reach; what they answered for then is frozen with each item."""
    signing: Reach
    """What those of their roles reach that sign."""

    def may(self, permission: Permission) -> bool:
        """Say whether the person may do something."""
        return isinstance(may(self.actor, permission), Allowed)

    def sees(self, frozen: Frozen) -> bool:
        """Say whether an item is open to the person: theirs, or within their reach."""
        return is_theirs(self.actor, frozen) or self.reach.spans(frozen.who.kind, frozen.who.id)

    def visible(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """Return the items that the person sees."""
        return tuple(each for each in items if self.sees(each.frozen))

    def signs(self, card: ReviewCard) -> bool:
        """Say whether the person may sign in a review: by permission, and named where one is."""
        return self.may(Permission.REVIEW_SIGN) and card.signer in {None, self.actor.person}

    def parts(self, card: ReviewCard, frozen: Frozen) -> frozenset[Part]:
        """Return what the person is to one KPI of a review.

        Where nobody answers for a KPI, whoever may write and sees it does.
        """
        me = self.actor.person
        writes = self.may(Permission.REVIEW_WRITE)
        nobodys = frozen.accountable is None and not frozen.writers and self.sees(frozen)
        signs = self.signs(card) and self.signing.spans(frozen.who.kind, frozen.who.id)
        said = {
            Part.WRITER: writes and (me in {frozen.accountable, *frozen.writers} or nobodys),
            Part.CO_OWNER: writes and me in {one.person for one in frozen.co_owners},
            Part.SIGNER: signs,
        }
        return frozenset(part for part, holds in said.items() if holds)

    def review_parts(self, card: ReviewCard, items: Iterable[Item]) -> frozenset[Part]:
        """Return what the person is to a whole review: to sign it, all of it must be theirs."""
        everything = all(
            self.signing.spans(one.frozen.who.kind, one.frozen.who.id) for one in items
        )
        said = {
            Part.SIGNER: self.signs(card) and everything,
            Part.OPENER: self.may(Permission.REVIEW_OPEN),
            Part.KEEPER: self.may(Permission.FRAMEWORK_EDIT),
        }
        return frozenset(part for part, holds in said.items() if holds)


def seat_of(actor: Actor, roster: Roster) -> Seat:
    """Return the seat of a person."""
    signing = replace(actor, roles=actor.roles & _SIGNING)
    return Seat(actor, reach_of(actor, roster), reach_of(signing, roster))


def is_theirs(actor: Actor, frozen: Frozen) -> bool:
    """Say whether a person answers for an item, wholly or in part."""
    shares = (share.person for share in frozen.shares)
    return actor.person in {frozen.accountable, *frozen.writers, *shares}
