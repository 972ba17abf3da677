"""A link to declare: Corinne's holder has sent one to Sonia's structure for the month of June."""

from datetime import timedelta

from django.utils import timezone

from relais.execution.models import DeclarationLink, JobContract
from relais.organisations.queries import token_hash
from tests.site.objects import Target, World, example
from tests.site.objects.hours import worksite

TOKEN = "a-link-that-only-the-tests-know"
SIGNED = {"signed_by": "Léa Martin", "signed_as": "Gérante", "confirmed": "on"}


def link(world: World) -> DeclarationLink:
    def make() -> DeclarationLink:
        site, now = worksite(world), timezone.now()
        return DeclarationLink.objects.create(
            obligation=site.obligation,
            declarant=world["sonia"].organisation,
            month="2024-06-01",
            email=f"{world.secret('address', 'fanny', 'corinne')}@example.org",
            token_hash=token_hash(TOKEN),
            sent_by_body=world["corinne"].organisation,
            sent_at=now,
            expires_at=now + timedelta(days=30),
        )

    return world.once("link", make)


@example("link-list")
def sending(world: World) -> Target:
    obligation = link(world).obligation
    JobContract.objects.filter(obligation=obligation, declared_by=world["sonia"].organisation).update(
        ends_on=None
    )
    return Target(
        {"pk": obligation.pk},
        {
            "declarant": world["sonia"].organisation.pk,
            "email": "lea@example.org",
            "month": "2024-07",
            "count": 2,
        },
    )


@example("link-withdraw")
def withdrawing(world: World) -> Target:
    return Target({"pk": link(world).pk})


@example("declaration", "declaration-receipt")
def declaring(world: World) -> Target:
    job = JobContract.objects.get(obligation=link(world).obligation, declared_by=world["sonia"].organisation)
    return Target(
        {"token": TOKEN},
        SIGNED
        | {
            "act": "submit",
            "version": 0,
            "origin": "form",
            "key": "one-page",
            "row": [f"{job.pk}:2024-06-01:2024-06-30"],
            f"hours-{job.pk}-1-30": "100",
        },
    )
