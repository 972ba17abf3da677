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
    "execution.person.registered": _("Person registered"),
    "execution.person.corrected": _("Identity corrected"),
    "execution.person.read": _("File of a person opened"),
    "execution.people.exported": _("People exported"),
    "execution.eligibility.decided": _("Eligibility decided"),
    "execution.job.recorded": _("Job recorded"),
    "execution.job.ended": _("End of a job recorded"),
    "execution.statement.drafted": _("Draft of a statement kept"),
    "execution.statement.sent": _("Monthly statement sent"),
    "execution.line.answered": _("Question about hours answered"),
    "execution.line.corrected": _("Hours corrected"),
    "execution.line.claimed_twice": _("Same hours claimed twice, refused"),
    "execution.lines.validated": _("Hours validated"),
    "execution.lines.queried": _("Question asked about hours"),
    "execution.lines.rejected": _("Hours rejected"),
    "execution.month.closed": _("Month closed"),
}
