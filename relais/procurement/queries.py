"""What the pages of the room read."""

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.procurement.models import (
    Contract,
    ContractFlag,
    ContractQuerySet,
    Holder,
    ImportedFile,
    ImportRun,
    Lot,
    SourceRecord,
)
from relais.territories.models import Department

SORTS = {
    "buyer": "buyer__search_name",
    "object": "lot__search_object",
    "notified": "notified_on",
    "amount": "amount",
}


def contracts_read_by(actor: Actor) -> ContractQuerySet:
    """The contracts of a list, with what a row shows: two more queries however many rows."""
    return (
        Contract.objects.visible_to(actor)
        .select_related("buyer", "lot__department")
        .prefetch_related(
            Prefetch("holders", Holder.objects.select_related("organisation")),
            Prefetch("flags", ContractFlag.objects.order_by("code", "pk")),
        )
    )


def sorted_contracts(contracts: ContractQuerySet, asked: str) -> ContractQuerySet:
    """Sorted as the address asks, newest notification first otherwise; what is unknown comes last."""
    key = asked.removeprefix("-")
    if key not in SORTS:
        key, asked = "notified", "-notified"
    column = F(SORTS[key])
    order = column.desc(nulls_last=True) if asked.startswith("-") else column.asc(nulls_last=True)
    return contracts.order_by(order, "-pk")


def departments_of_contracts(actor: Actor) -> QuerySet[Department]:
    """The departments where a contract one reads is performed."""
    lots = Lot.objects.visible_to(actor).filter(department_id=OuterRef("pk"))
    return Department.objects.filter(Exists(lots))


def contract_in_full(actor: Actor) -> ContractQuerySet:
    """A contract with everything its page shows."""
    return (
        Contract.objects.visible_to(actor)
        .select_related("buyer", "scheme", "lot__department", "lot__commune")
        .prefetch_related(
            Prefetch("holders", Holder.objects.select_related("organisation")),
            "amendments",
            "subcontracting_acts__organisation",
            Prefetch("flags", ContractFlag.objects.order_by("code", "pk")),
            Prefetch("sources", SourceRecord.objects.select_related("file__run").defer("raw")),
        )
    )


def siblings_of(contract: Contract, actor: Actor) -> QuerySet[Contract]:
    """The other lots published under the same identifier."""
    same = Contract.objects.visible_to(actor).filter(
        scheme_id=contract.scheme_id, buyer_id=contract.buyer_id, source_id=contract.source_id
    )
    return same.exclude(pk=contract.pk).select_related("lot").order_by("rank")


def coordinated_schemes(actor: Actor) -> list[Scheme]:
    """The schemes that the actor's body coordinates."""
    return list(Scheme.objects.filter(coordinator_id=actor.organisation_id).order_by("name"))


def schemes_joined(actor: Actor) -> list[Scheme]:
    """The schemes that the actor's body coordinates or takes part in."""
    return list(Scheme.objects.visible_to(actor).order_by("name"))


def imports_read_by(actor: Actor) -> QuerySet[ImportRun]:
    """The imports of a list, each with its files."""
    files = ImportedFile.objects.order_by("pk")
    return (
        ImportRun.objects.visible_to(actor)
        .select_related("scheme", "user")
        .prefetch_related(Prefetch("files", files))
    )
