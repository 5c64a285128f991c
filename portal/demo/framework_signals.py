"""Looks through the numbers of the demo once, so that people find in their inbox what is new."""

from portal.demo.companies import Company
from portal.services import signals
from portal.services.office import Office


def tell(office: Office, company: Company) -> None:
    """Tell everybody of a company what its numbers say; last, when all else is made."""
    with office.database.session(company.key) as session:
        signals.look(session, office.now())
