"""A home, a backup of it that was taken in the midst of an import, and what came of it."""

import pytest

from portal.services import loads
from portal.tenancy.server import EmbeddedServer
from tests.backup.homes import OwnDesk, signed_in
from tests.kpis.desk import a_deal


@pytest.fixture(scope="session")
def new_home(tmp_path_factory):
    """Make homes that do not exist yet, and stop their servers at the end."""
    made = []

    def make():
        made.append(OwnDesk(tmp_path_factory.mktemp("homes") / "home"))
        return made[-1]

    yield make
    for desk in made:
        EmbeddedServer.of(desk.home).stop()


@pytest.fixture(scope="session")
def origin(new_home):
    """A home with two tenants; the first has a compacted version and a tail after it."""
    desk = new_home()
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=1)]}, "--as-of", "2017-04-02")
    desk.json("store", "compact", "--tenant", tenant, "--all")
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=10)]}, "--as-of", "2017-04-03")
    other = desk.tenant()
    return desk, tenant, other


@pytest.fixture(scope="session")
def token(origin):
    """Somebody is signed in."""
    desk, tenant, _ = origin
    return signed_in(desk, tenant)


@pytest.fixture(scope="session")
def saved(origin, token, tmp_path_factory):
    """A backup that was taken when an import had written all its files and not landed."""
    desk, tenant, _ = origin
    file = tmp_path_factory.mktemp("saved") / "one.tar"
    taken = []
    land = loads.land_load

    def land_later(*words):
        taken.append(desk.json("backup", file))
        return land(*words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loads, "land_load", land_later)
        late = {"opportunity": [a_deal("a", amount=500), a_deal("b", amount=500)]}
        desk.bring(tenant, late, "--as-of", "2017-04-04")
    assert taken[0]["tenants"] == {tenant: 2}
    assert desk.won(tenant) == [1000]
    return file


@pytest.fixture(scope="session")
def restored(saved, new_home):
    """A home that the backup was brought back into."""
    desk = new_home()
    desk.json("restore", saved)
    return desk
