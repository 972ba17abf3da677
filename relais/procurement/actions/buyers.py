"""The buyers named by files: found by SIRET, registered when unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from relais.organisations.enums import BuyerNature, Capacity
from relais.organisations.identifiers import free_slug
from relais.organisations.models import CapacityHeld, Organisation
from relais.territories.models import Commune, Epci

NATURES = (
    ("200", BuyerNature.MUNICIPALITY),
    ("21", BuyerNature.MUNICIPALITY),
    ("24", BuyerNature.MUNICIPALITY),
    ("25", BuyerNature.MUNICIPALITY),
    ("22", BuyerNature.DEPARTMENT),
    ("23", BuyerNature.REGION),
    ("26", BuyerNature.HOSPITAL),
    ("11", BuyerNature.STATE),
    ("12", BuyerNature.STATE),
    ("17", BuyerNature.STATE),
)
"""What the first digits of a public SIREN say; the others say nothing for sure."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    siret: str
    name: str
    since: date


class NamesBuyer(Protocol):
    """What is read of a record to know its buyer."""

    @property
    def buyer_id(self) -> str: ...
    @property
    def buyer_name(self) -> str: ...
    @property
    def notified_on(self) -> date | None: ...


class Buyers:
    """Organisations by SIRET, for the length of one import; a few queries for each batch."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.ids: dict[str, int] = {}
        self.slugs: set[str] | None = None

    def resolve(self, records: Iterable[NamesBuyer]) -> None:
        """Make sure that `ids` knows the buyer of every record."""
        wanted: dict[str, _Wanted] = {}
        for record in records:
            if record.buyer_id in self.ids:
                continue
            since = min(record.notified_on or self.today, self.today)
            before = wanted.get(record.buyer_id)
            wanted[record.buyer_id] = _Wanted(
                record.buyer_id,
                (before.name if before else "") or record.buyer_name,
                min(before.since, since) if before else since,
            )
        if not wanted:
            return
        self._find(wanted)
        self._register([item for siret, item in wanted.items() if siret not in self.ids])

    def _find(self, wanted: dict[str, _Wanted]) -> None:
        found = Organisation.objects.filter(siret__in=wanted).only("pk", "siret", "name")
        for organisation in found:
            self.ids[organisation.siret] = organisation.pk
            name = wanted[organisation.siret].name
            if name and organisation.name == placeholder(organisation.siret):
                organisation.name = name
                organisation.save(update_fields=["name", "search_name"])

    def _register(self, missing: list[_Wanted]) -> None:
        if not missing:
            return
        if self.slugs is None:
            self.slugs = set(Organisation.objects.values_list("slug", flat=True))
        sirens = {item.siret[:9] for item in missing}
        communes = {
            row.siren: row for row in Commune.objects.filter(siren__in=sirens).only("siren", "code", "name")
        }
        epcis = dict(Epci.objects.filter(siren__in=sirens).values_list("siren", "name"))
        organisations = []
        for item in missing:
            siren = item.siret[:9]
            commune = communes.get(siren)
            name = item.name or (commune.name if commune else epcis.get(siren, "")) or placeholder(item.siret)
            slug = free_slug(name, self.slugs)
            self.slugs.add(slug)
            organisations.append(
                Organisation(
                    slug=slug, name=name[:200], siret=item.siret, commune=commune, buyer_nature=_nature(siren)
                )
            )
        for organisation in Organisation.objects.bulk_create(organisations):
            self.ids[organisation.siret] = organisation.pk
        CapacityHeld.objects.bulk_create(
            CapacityHeld(organisation_id=self.ids[item.siret], capacity=Capacity.BUYER, starts_on=item.since)
            for item in missing
        )


def placeholder(siret: str) -> str:
    """The name of a buyer that no file and no list names, until one does. French: it is data, not a label."""
    return f"Acheteur {siret}"


def _nature(siren: str) -> str:
    return next((nature.value for start, nature in NATURES if siren.startswith(start)), "")
