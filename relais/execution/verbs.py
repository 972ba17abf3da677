"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "execution.obligation.opened": _("Obligation opened"),
    "execution.entry.recorded": _("Entry recorded in the ledger"),
    "execution.obligation.resumed": _("Obligation resumed"),
    "execution.obligation.kicked_off": _("Kick-off meeting recorded"),
    "execution.obligation.contact_named": _("Correspondent of the holder named"),
    "execution.obligation.closed": _("Obligation closed"),
    "execution.obligation.reopened": _("Obligation opened again"),
    "execution.ledger.exported": _("Ledger exported"),
}
