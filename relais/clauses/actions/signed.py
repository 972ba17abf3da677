"""What an award is made of: the contract as signed, and who holds it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from relais.clauses.enums import Consortium
from relais.clauses.models import Tender
from relais.organisations.models import Organisation

WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Held:
    """A holder, its part of the hours (a fraction of one), and whether it leads the consortium.

    Without `organisation`, `name` and `siret` name a company that the scheme does not know yet.
    """

    organisation: Organisation | None
    share: Decimal = WHOLE
    is_lead: bool = True
    name: str = ""
    siret: str = ""

    @property
    def body(self) -> Organisation:
        assert self.organisation is not None, "a new company is registered before anything else"
        return self.organisation


@dataclass(frozen=True, slots=True)
class Award:
    """What the signed contract says. `source_id` is the identifier the buyer gives to the contract.

    `tender` is the offer retained, among those recorded for the consultation. `justification` says why a
    reserved contract goes to a holder that the directory of structures does not find eligible.
    """

    source_id: str
    notified_on: date
    starts_on: date
    ends_on: date
    holders: tuple[Held, ...]
    hours: Decimal
    amount: Decimal | None = None
    consortium: Consortium = Consortium.ALONE
    tender: Tender | None = None
    justification: str = ""
