"""An alert on the worksite of the region: a contract that is failing, awake and put off."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from relais.core.words import Words
from relais.insight.actions.agenda import open_agenda
from relais.insight.actions.handovers import hand_over
from relais.insight.models import Alert, HandOver
from relais.insight.queries.load import open_cases
from tests.site.objects import Target, World, example
from tests.site.objects.hours import worksite


def an_alert(world: World, **changes: Any) -> Alert:
    """Told to the buyer and to Fanny; its words are for these bodies only."""
    obligation = worksite(world).obligation
    secret = world.secret("alert", "clara", "fanny")
    return Alert.objects.create(
        **{
            "scheme": obligation.scheme,
            "code": "AL03",
            "level": "critical",
            "rank": 1,
            "key": str(obligation.pk),
            "obligation": obligation,
            "lot": obligation.clause.lot,
            "buyer": obligation.buyer,
            "facilitator": world["fanny"].organisation,
            "owner": obligation.buyer,
            "words": Words(secret).as_dict(),
            "act": Words("Act").as_dict(),
            "page": "obligation-detail",
            "place": {"pk": obligation.pk},
            "opened_on": world.today,
            "acted_on": world.today,
            **changes,
        }
    )


@example("alert-detail")
def awake(world: World) -> Target:
    return Target({"pk": world.once("alert", lambda: an_alert(world)).pk})


@example("alert-note")
def noted(world: World) -> Target:
    return Target({"pk": an_alert(world).pk}, {"text": "Appel au titulaire"})


@example("alert-snooze")
def to_snooze(world: World) -> Target:
    until = (world.today + timedelta(10)).isoformat()
    return Target({"pk": an_alert(world).pk}, {"until": until, "reason": "Chantier arrêté", "version": 1})


@example("alert-wake")
def asleep(world: World) -> Target:
    alert = an_alert(
        world,
        snoozed_until=world.today + timedelta(10),
        snooze_reason="Chantier arrêté",
        snoozed_at=timezone.now(),
    )
    return Target({"pk": alert.pk}, {"version": 1})


@example("alert-rules")
def rules(world: World) -> Target:
    return Target(
        {"scheme": world.cast.scheme.slug},
        {
            "level": "warning",
            "days": 20,
            "to": "coordinator",
            "starts_on": world.today.isoformat(),
            "source": "Vote",
        },
    )


@example("reminders")
def reminded(world: World) -> Target:
    return Target({}, {"rhythm": "daily", "language": "fr"})


@example("agenda-feed")
def agenda(world: World) -> Target:
    return Target({"token": open_agenda(world["fanny"].user, at=timezone.now())})


def a_hand_over(world: World) -> HandOver:
    """Fanny's body hands the worksite over to Felix's from tomorrow; the note is for them and the region."""
    work = worksite(world)
    (case,) = open_cases(world.cast.scheme, world["fanny"].organisation.pk, world.today)[:1]
    assert case.clause_id == work.obligation.clause_id
    return hand_over(
        world.cast.scheme,
        from_body=world["fanny"].organisation,
        to_body=world["felix"].organisation,
        starts_on=world.today + timedelta(1),
        note=world.secret("hand-over", "clara", "fanny", "felix"),
        parties=[case.pk],
        link=lambda done: f"/{done.pk}/",
        actor=world["carole"].actor(world.today),
        at=timezone.now(),
    )


@example("hand-over-detail", "hand-over-undo")
def handed(world: World) -> Target:
    return Target({"pk": world.once("hand-over", lambda: a_hand_over(world)).pk})


@example("hand-over")
def to_hand_over(world: World) -> Target:
    worksite(world)
    (case,) = open_cases(world.cast.scheme, world["fanny"].organisation.pk, world.today)[:1]
    return Target(
        {"scheme": world.cast.scheme.slug, "body": world["fanny"].organisation.pk},
        {
            "to_body": world["felix"].organisation.pk,
            "starts_on": (world.today + timedelta(1)).isoformat(),
            "note": "Suite",
            "party": [case.pk],
        },
    )
