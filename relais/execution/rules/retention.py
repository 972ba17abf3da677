"""Who may keep the file of a person longer, how long, and why not."""

from datetime import date

from relais.core.months import add_months
from relais.core.retention import CLOCKS
from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.execution.models import Person
from relais.execution.rules.people import follows
from relais.kit.actor import Actor
from relais.organisations.enums import Role


def can_extend(actor: Actor, person: Person) -> Verdict:
    """The responsible of the body that follows the person."""
    if actor.role != Role.MANAGER:
        return no(gettext_noop("Only a manager of your organisation keeps a file longer."))
    if person.anonymised_on is not None:
        return no(gettext_noop("This record is anonymous: it no longer tells who it was about."))
    return follows(actor, person)


def extension_verdict(until: date, reason: str, on: date) -> Verdict:
    """A reason, and a day to come within the longest extension."""
    longest = add_months(on, CLOCKS["extension_months"].at(on))
    if not on < until <= longest:
        return no(gettext_noop("Choose a day after today and until %(longest)s."), longest=longest)
    if not reason.strip():
        return no(gettext_noop("Say why the file is kept longer: the person may ask you."))
    return YES
