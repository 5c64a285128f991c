"""How a tenant shows itself: a name, an accent and a logo of its own."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, Select, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.tenancy.owned import Moment, TenantOwned, of_tenant, owned_by
from portal.tenancy.stamps import Stamped


class Brand(Stamped):
    """What one tenant shows of itself; a part that is null is the product's own."""

    __tablename__ = "brand"
    __table_args__ = (
        of_tenant(),
        owned_by("person", "changed_by"),
        CheckConstraint("accent ~ '^#[0-9A-F]{6}$'", name="accent"),
    )

    shown_name: Mapped[str | None] = mapped_column(Text)
    accent: Mapped[str | None] = mapped_column(Text)
    """`#RRGGBB`, as it was given."""
    logo: Mapped[str | None] = mapped_column(Text)
    """The mark of the logo that is shown."""
    logo_width: Mapped[int | None]
    """Pixels, so that nothing jumps when the picture comes."""
    logo_height: Mapped[int | None]
    logo_ground: Mapped[str | None] = mapped_column(Text)
    """What the logo has to stand on to be seen: 'light', 'dark', or empty for either."""
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[uuid.UUID]


class BrandLogo(TenantOwned):
    """The bytes of a logo; only its own address and papers read them."""

    __tablename__ = "brand_logo"
    __table_args__ = (of_tenant(),)

    mark: Mapped[str] = mapped_column(Text, primary_key=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    """PNG."""


def its_brand() -> Select[Brand]:
    """What the session's tenant shows."""
    return select(Brand)


def its_brand_held() -> Select[Brand]:
    """The same, held against other writers until the transaction ends."""
    return select(Brand).with_for_update()


def logos() -> Select[BrandLogo]:
    """Every logo that is kept of the session's tenant."""
    return select(BrandLogo)


def logo_of(mark: str) -> Select[BrandLogo]:
    """The logo with a mark."""
    return select(BrandLogo).where(BrandLogo.mark == mark)
