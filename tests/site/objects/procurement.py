from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from relais.organisations.models import Organisation
from relais.procurement.actions import state_of
from relais.procurement.enums import Origin, SameGround
from relais.procurement.models import (
    Contract,
    ImportedFile,
    ImportRejection,
    ImportRun,
    Lot,
    Notice,
    SameLot,
    SourceRecord,
)
from tests.procurement.decp_examples import contract as published
from tests.procurement.decp_examples import file_2022
from tests.procurement.factories import lay_contract, lay_notice
from tests.site.objects import Target, World, example


class Fresh(SimpleUploadedFile):
    """A file that can be sent many times."""

    def read(self, *args: int) -> bytes:
        self.seek(0)
        return super().read(*args)


def town(world: World) -> Organisation:
    body = world["benoit"].organisation
    assert body is not None
    return body


def imported(world: World) -> Contract:
    """A contract of the town, imported by the region, held by Corinne's company; and what the town keeps."""
    scheme = world.cast.scheme
    found = lay_contract(scheme, town(world), holder=world["corinne"].organisation)
    SourceRecord.objects.create(contract=found, digest="0" * 64, raw="{}", received_at=timezone.now())
    lay_contract(scheme, town(world), source_id="T-1", object=world.canary(town(world)), origin=Origin.TYPED)
    return found


def typed(world: World) -> dict[str, object]:
    return {
        "source_id": "2024-S-001",
        "kind": "contract",
        "object": "Nettoyage des écoles",
        "notified_on": "2024-09-02",
        "amount": "90 000",
        "scheme": world.cast.scheme.pk,
    }


@example("contract-list", "contract-export")
def lists(world: World) -> Target:
    world.once("contract", lambda: imported(world))
    return Target()


@example("contract-detail")
def a_contract(world: World) -> Target:
    return Target({"pk": world.once("contract", lambda: imported(world)).pk})


@example("contract-source")
def a_version(world: World) -> Target:
    contract = world.once("contract", lambda: imported(world))
    return Target({"pk": contract.pk, "version": contract.sources.get().pk})


@example("contract-create")
def entering(world: World) -> Target:
    return Target(data=typed(world))


@example("contract-correct")
def correcting(world: World) -> Target:
    contract = world.once("contract", lambda: imported(world))
    values = {**typed(world), "source_id": contract.source_id, "reason": "Montant de l'acte d'engagement"}
    return Target({"pk": contract.pk}, {**values, "seen": state_of(contract)})


@example("contract-import")
def importing(world: World) -> Target:
    return Target(
        data={
            "scheme": world.cast.scheme.pk,
            "documents": Fresh("decp.json", file_2022(published()), "application/json"),
        }
    )


@example("import-list")
def imports(world: World) -> Target:
    world.once("run", lambda: run(world))
    return Target()


@example("import-detail", "import-rejections")
def an_import(world: World) -> Target:
    return Target({"pk": world.once("run", lambda: run(world)).pk})


def run(world: World) -> ImportRun:
    """An import of the region, with a file, a refusal, and the region's own word in the file's name."""
    clara = world["clara"]
    assert clara.organisation is not None
    made = ImportRun.objects.create(
        scheme=world.cast.scheme,
        organisation=clara.organisation,
        user=clara.user,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    file = ImportedFile.objects.create(
        run=made,
        name=f"{world.canary(clara.organisation)}.json",
        shape="json-2022",
        encoding="utf-8",
        read=1,
        rejected=1,
    )
    ImportRejection.objects.create(file=file, position="1 (line 1)", reason_text="The buyer is missing.")
    return made


def published_notice(world: World) -> Notice:
    """A notice of the town, imported by the region."""
    found = lay_notice(world.cast.scheme, town(world))
    found.versions.create(
        key=found.key, number=found.number, digest="0" * 64, raw="<x/>", received_at=timezone.now()
    )
    return found


@example("notice-list", "notice-export")
def notices(world: World) -> Target:
    world.once("notice", lambda: published_notice(world))
    return Target()


@example("notice-detail")
def a_notice(world: World) -> Target:
    return Target({"pk": world.once("notice", lambda: published_notice(world)).pk})


@example("notice-source")
def a_notice_version(world: World) -> Target:
    notice = world.once("notice", lambda: published_notice(world))
    return Target({"pk": notice.pk, "version": notice.versions.get().pk})


def matched(world: World) -> SameLot:
    """A lot that the town announced, and the contract it seems to have become."""
    scheme = world.cast.scheme
    call = Lot.objects.create(
        scheme=scheme, buyer=town(world), origin=Origin.IMPORTED, object="Réfection de la halle aux grains"
    )
    contract = lay_contract(scheme, town(world), source_id="H-1", object="Réfection de la halle aux grains")
    return SameLot.objects.create(
        scheme=scheme,
        call_lot=call,
        contract=contract,
        awarded_lot=contract.lot,
        ground=SameGround.OBJECT,
        proposed_at=timezone.now(),
    )


@example("same-lot-list")
def pairs(world: World) -> Target:
    world.once("pair", lambda: matched(world))
    return Target()


@example("same-lot-settle")
def a_pair(world: World) -> Target:
    return Target({"pk": world.once("pair", lambda: matched(world)).pk}, {"act": "refuse"})
