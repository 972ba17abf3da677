"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from relais.execution.enums import EligibilityState, EntryKind, JobKind, Mode, ObligationState

VERBS = {
    "execution.obligation.opened": _("Obligation opened"),
    "execution.entry.recorded": _("Entry recorded in the ledger"),
    "execution.obligation.resumed": _("Obligation resumed"),
    "execution.obligation.kicked_off": _("Kick-off meeting recorded"),
    "execution.obligation.contact_named": _("Correspondent of the holder named"),
    "execution.correspondent.named": _("Correspondent named"),
    "execution.correspondent.ended": _("Correspondent taken off"),
    "execution.plan.kept": _("Plan of hours kept"),
    "execution.minutes.written": _("Minutes of the kick-off written"),
    "execution.launch.downloaded": _("Kick-off file downloaded"),
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

PAGES = {
    "clause-follow": _("Follow-up of an obligation"),
    "obligation-detail": _("Follow-up of an obligation"),
    "obligation-print": _("Follow-up of an obligation"),
    "ledger-export": "execution.ledger.exported",
    "entry-add": "execution.entry.recorded",
    "transfer-add": _("Hours transferred between holders"),
    "kick-off": "execution.obligation.kicked_off",
    "contact-name": "execution.obligation.contact_named",
    "launch-detail": _("Kick-off file"),
    "launch-print": _("Kick-off file"),
    "launch-file": "execution.launch.downloaded",
    "launch-spread": "execution.plan.kept",
    "launch-plan": "execution.plan.kept",
    "launch-minutes": "execution.minutes.written",
    "correspondent-add": "execution.correspondent.named",
    "correspondent-end": "execution.correspondent.ended",
    "obligation-resume": "execution.obligation.resumed",
    "obligation-close": "execution.obligation.closed",
    "obligation-reopen": "execution.obligation.reopened",
    "hours-home": _("Hours"),
    "person-list": _("List of people"),
    "person-export": "execution.people.exported",
    "person-create": "execution.person.registered",
    "person-detail": "execution.person.read",
    "person-edit": "execution.person.corrected",
    "person-eligibility": "execution.eligibility.decided",
    "person-job": "execution.job.recorded",
    "job-end": "execution.job.ended",
    "obligation-people": _("People of a clause"),
    "statement-list": _("Statements to send"),
    "statement-receipt": _("Receipt of a statement"),
    "statement-edit": "execution.statement.sent",
    "statement-check": _("Check of a statement"),
    "statement-file": _("File of hours read"),
    "statement-template": _("Template of a file of hours"),
    "statement-validate": "execution.lines.validated",
    "validation-queue": _("Hours to validate"),
    "line-validate": "execution.lines.validated",
    "line-query": "execution.lines.queried",
    "line-reject": "execution.lines.rejected",
    "line-answer": "execution.line.answered",
    "line-correct": "execution.line.corrected",
    "month-list": _("Months of an obligation"),
    "month-detail": _("Hours of a month"),
    "month-close": "execution.month.closed",
}
DETAILS = {
    "execution.entry.recorded": (EntryKind,),
    "execution.obligation.resumed": (EntryKind,),
    "execution.obligation.closed": (ObligationState,),
    "execution.eligibility.decided": (EligibilityState,),
    "execution.job.recorded": (JobKind, Mode),
}
KEYS = {"decision": _("decision"), "line": _("line"), "obligation": _("obligation")}

# Links to declare, attestations, evidence, confirmation by the holder.
VERBS |= {
    "execution.link.sent": _("Link to declare sent"),
    "execution.link.withdrawn": _("Link to declare withdrawn"),
    "execution.link.drafted": _("Draft kept by a link"),
    "execution.link.used": _("Statement sent by a link"),
}
PAGES |= {
    "link-list": "execution.link.sent",
    "link-withdraw": "execution.link.withdrawn",
    "declaration": "execution.link.used",
    "declaration-receipt": _("Receipt of a statement"),
}
KEYS |= {"link": _("link")}
