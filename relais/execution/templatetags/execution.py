"""`{% load execution %}`: the pages of one obligation, as tabs."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from relais.clauses.queries import WHOLE, Stand, stands_of
from relais.execution.models import Obligation
from relais.kit.templatetags.relais import tabs
from relais.organisations.enums import Capacity, Role

register = template.Library()

AT_WORK = frozenset({Capacity.FACILITATOR, Capacity.COMPANY, Capacity.STRUCTURE})
"""Who reads the people of an obligation."""
SENDERS = frozenset({Stand.FACILITATOR, Stand.HOLDER})
"""Who sends a link to declare without account."""


@register.inclusion_tag("components/tabs.html", takes_context=True)
def obligation_tabs(context: Context, obligation: Obligation) -> dict[str, Any]:
    """Those that the actor may open; the parties of the clause are read beforehand (`prefetch_related`)."""
    request = context["request"]
    here = request.resolver_match.url_name
    stands = stands_of(request.actor, obligation.clause)
    owes_or_follows = bool(stands & (WHOLE | {Stand.HOLDER}))
    pages = (
        ("obligation-detail", _("Follow-up"), True),
        ("launch-detail", _("Kick-off file"), True),
        ("owing-detail", _("Rule of owing"), owes_or_follows),
        ("month-list", _("Months"), True),
        ("obligation-people", _("People and jobs"), bool(AT_WORK & request.capacities)),
        ("link-list", _("Links to declare"), bool(stands & SENDERS) and request.actor.role != Role.READER),
        ("obligation-breaches", _("Breaches"), owes_or_follows),
        ("closing-detail", _("Closing"), owes_or_follows),
    )
    items = [
        {
            "label": label,
            "url": reverse(name, args=[request.organisation.slug, obligation.pk]),
            "current": name == here,
        }
        for name, label, may_open in pages
        if may_open
    ]
    return tabs(items, _("Pages of this obligation"))
