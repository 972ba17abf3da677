"""Who writes the rules of eligibility of a scheme, and why not."""

from datetime import date

from relais.core.verdict import Verdict, no
from relais.core.words import gettext_noop
from relais.execution.rules.people import writes
from relais.kit.actor import Actor
from relais.organisations.models import Scheme


def can_write_policy(actor: Actor, scheme: Scheme) -> Verdict:
    if scheme.coordinator_id != actor.organisation_id:
        return no(gettext_noop("Only the coordinator of the scheme writes its rules of eligibility."))
    return writes(actor)


def day_taken(starts_on: date) -> Verdict:
    return no(gettext_noop("Rules already start on %(starts_on)s: choose another day."), starts_on=starts_on)
