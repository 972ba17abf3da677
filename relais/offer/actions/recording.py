"""Record a structure by hand, and write what it does."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from relais.kit import audit
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.offer.enums import SourceList
from relais.offer.models import Structure, StructureActivity
from relais.offer.rules import can_keep_structures, known_activities, whole_turnover
from relais.organisations.models import Organisation
from relais.territories.models import Commune


@transaction.atomic
def record_structure(
    organisation: Organisation,
    *,
    activities: Collection[str],
    capacities: Collection[str],
    actor: Actor,
    at: datetime,
    commune: Commune | None = None,
    places: int | None = None,
) -> Structure:
    """Enter a body of the scheme in the directory of structures, with what it does.

    `capacities` are those of the actor's body; the commune is the body's own when none is given. A second
    call for the same body only writes its activities.
    """
    require(can_keep_structures(actor, capacities))
    require(known_activities(activities))
    structure = Structure.objects.filter(organisation=organisation).order_by("pk").first()
    if structure is None:
        commune = commune or organisation.commune
        structure = Structure.objects.create(
            organisation=organisation,
            kind=organisation.structure_kind,
            name=organisation.name,
            siret=organisation.siret,
            has_valid_siret=bool(organisation.siret),
            commune=commune,
            department_id=commune.department_id if commune else None,
            town=commune.name if commune else "",
            places=places,
            source=SourceList.TYPED,
            as_of=timezone.localdate(at),
            recorded_at=at,
        )
        audit.record("offer.structure.recorded", structure, actor=actor, at=at)
    _write(structure, activities)
    return structure


@transaction.atomic
def set_activities(
    structure: Structure, codes: Collection[str], *, capacities: Collection[str], actor: Actor, at: datetime
) -> None:
    """Write what a structure does; the imports never replace it afterwards."""
    require(can_keep_structures(actor, capacities))
    require(known_activities(codes))
    _write(structure, codes)
    audit.record("offer.activities.set", structure, actor=actor, at=at, detail=", ".join(sorted(set(codes))))


@transaction.atomic
def set_turnover(
    structure: Structure,
    *,
    turnover: Decimal | None,
    year: int | None,
    capacities: Collection[str],
    actor: Actor,
    at: datetime,
) -> None:
    """Write the yearly turnover a structure told, in euros, and its year; None for both forgets it.

    No list gives it, so no import replaces it.
    """
    require(can_keep_structures(actor, capacities))
    require(whole_turnover(turnover, year))
    Structure.objects.filter(pk=structure.pk).update(turnover=turnover, turnover_year=year)
    structure.refresh_from_db(fields=["turnover", "turnover_year"])
    audit.record("offer.turnover.set", structure, actor=actor, at=at, detail=f"year={year or '-'}")


def _write(structure: Structure, codes: Collection[str]) -> None:
    StructureActivity.objects.filter(structure=structure).delete()
    StructureActivity.objects.bulk_create(
        StructureActivity(structure=structure, activity=code, by_hand=True) for code in sorted(set(codes))
    )
