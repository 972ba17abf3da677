"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from relais.execution.enums import (
    AnswerState,
    BreachAct,
    BreachKind,
    CauseKind,
    ConsentDecision,
    EligibilityState,
    EntryKind,
    JobKind,
    Mode,
    ObligationState,
    Side,
)
from relais.execution.owing_enums import CallKind, Liability, OptionKind, RuleKind

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

VERBS |= {
    "execution.breach.opened": _("Breach observed"),
    "execution.breach.moved": _("Step of a breach taken"),
    "execution.breach.letter": _("Letter of a breach downloaded"),
    "execution.breaches.exported": _("Breaches exported"),
    "execution.terms.recorded": _("Terms on penalties recorded"),
    "execution.cause.told": _("Cause outside the company put forward"),
    "execution.cause.answered": _("Cause outside the company answered"),
    "execution.waiver.proposed": _("Waiver of hours proposed"),
    "execution.waiver.decided": _("Waiver of hours decided"),
}
PAGES |= {
    "breach-list": _("Breaches"),
    "breach-export": "execution.breaches.exported",
    "obligation-breaches": _("Breaches of an obligation"),
    "breach-observe": "execution.breach.opened",
    "breach-detail": _("File of a breach"),
    "breach-letter": "execution.breach.letter",
    "breach-warn": "execution.breach.moved",
    "breach-reply": "execution.breach.moved",
    "breach-propose": "execution.breach.moved",
    "breach-decide": "execution.breach.moved",
    "breach-account": "execution.breach.moved",
    "cause-tell": "execution.cause.told",
    "cause-answer": "execution.cause.answered",
    "terms-record": "execution.terms.recorded",
    "waiver-propose": "execution.waiver.proposed",
    "waiver-decide": "execution.waiver.decided",
}
DETAILS |= {
    "execution.breach.opened": (BreachKind,),
    "execution.breach.moved": (BreachAct,),
    "execution.breach.letter": (BreachAct,),
    "execution.cause.told": (CauseKind,),
    "execution.cause.answered": (AnswerState,),
    "execution.waiver.decided": (AnswerState,),
}
VERBS |= {
    "execution.account.dated": _("Day of the final account recorded"),
    "execution.evaluation.given": _("Evaluation of the clause given"),
    "execution.certificate.downloaded": _("Certificate of a company downloaded"),
}
PAGES |= {
    "closing-detail": _("Closing of an obligation"),
    "account-date": "execution.account.dated",
    "evaluation-give": "execution.evaluation.given",
    "closing-certificate": "execution.certificate.downloaded",
}
DETAILS |= {"execution.evaluation.given": (Side,)}
VERBS |= {
    "execution.rule.set": _("Rule of owing written"),
    "execution.call.recorded": _("Order or invoice recorded"),
    "execution.call.corrected": _("Order or invoice corrected"),
    "execution.call.cancelled": _("Order or invoice cancelled"),
    "execution.calls.imported": _("File of orders or invoices recorded"),
    "execution.calls.exported": _("Orders and invoices exported"),
    "execution.worked.declared": _("Hours worked on the contract declared"),
    "execution.true_up.done": _("Year settled with the rule of owing"),
    "execution.option.planned": _("Tranche or renewal written down"),
    "execution.option.taken": _("Tranche or renewal taken up"),
    "execution.option.left": _("Tranche or renewal left aside"),
    "execution.amendment.proposed": _("Amendment proposed"),
    "execution.amendment.accepted": _("Amendment accepted"),
    "execution.amendment.refused": _("Amendment refused"),
    "execution.amendment.withdrawn": _("Proposed amendment withdrawn"),
    "execution.liability.set": _("Liability of the consortium written down"),
}
PAGES |= {
    "owing-detail": _("Rule of owing"),
    "rule-add": "execution.rule.set",
    "worked-add": "execution.worked.declared",
    "true-up": "execution.true_up.done",
    "option-add": "execution.option.planned",
    "option-take": "execution.option.taken",
    "option-leave": "execution.option.left",
    "call-list": _("Orders and invoices"),
    "call-export": "execution.calls.exported",
    "call-add": "execution.call.recorded",
    "call-import": "execution.calls.imported",
    "call-correct": "execution.call.corrected",
    "call-cancel": "execution.call.cancelled",
    "amendment-add": "execution.amendment.proposed",
    "amendment-answer": _("Answer to a proposed amendment"),
    "amendment-withdraw": "execution.amendment.withdrawn",
    "liability-set": "execution.liability.set",
}
DETAILS |= {
    "execution.rule.set": (RuleKind,),
    "execution.call.recorded": (CallKind,),
    "execution.option.planned": (OptionKind,),
    "execution.liability.set": (Liability,),
}
KEYS |= {"call": _("order or invoice"), "option": _("tranche or renewal")}
VERBS |= {
    "execution.agreement.proposed": _("Pooling agreement proposed"),
    "execution.agreement.answered": _("Pooling agreement answered"),
    "execution.agreement.withdrawn": _("Pooling agreement withdrawn"),
    "execution.agreement.ended": _("Pooling agreement ended"),
    "execution.agreement.downloaded": _("Pooling agreement downloaded"),
}
PAGES |= {
    "pooling-plan": _("Pool small obligations"),
    "pooling-propose": "execution.agreement.proposed",
    "agreement-list": _("Pooling agreements"),
    "agreement-detail": _("Pooling agreement"),
    "agreement-file": "execution.agreement.downloaded",
    "agreement-answer": "execution.agreement.answered",
    "agreement-withdraw": "execution.agreement.withdrawn",
    "agreement-end": "execution.agreement.ended",
}
DETAILS |= {"execution.agreement.answered": (ConsentDecision,)}
KEYS |= {"parts": _("contracts")}
VERBS |= {
    "execution.pair.settled": _("Pair of records settled"),
    "execution.pair.undone": _("Decision on a pair of records undone"),
    "execution.person.archived": _("File of a person archived"),
    "execution.person.anonymised": _("Person made anonymous"),
    "execution.person.extended": _("File of a person kept longer"),
    "execution.step.recorded": _("Step of a pathway recorded"),
    "execution.policy.written": _("Rules of eligibility written"),
}
PAGES |= {
    "duplicate-list": _("Records that may be one person"),
    "pair-settle": "execution.pair.settled",
    "pair-undo": "execution.pair.undone",
    "retention-list": _("Keeping of files"),
    "retention-extend": "execution.person.extended",
    "ending-list": _("Ends to come"),
    "person-path": _("Pathway of a person"),
    "path-step-add": "execution.step.recorded",
    "eligibility-rules": _("Rules of eligibility"),
    "eligibility-rules-add": "execution.policy.written",
    "execution.hours_file.received": _("File of hours received"),
    "execution.hours_file.confirmed": _("File of hours stored"),
    "execution.hours_file.dropped": _("File of hours given up"),
    "execution.layout.taught": _("Layout of a file of hours taught"),
}
PAGES |= {
    "hours-file-list": "execution.hours_file.received",
    "hours-file": "execution.hours_file.confirmed",
    "hours-file-teach": "execution.layout.taught",
    "hours-file-drop": "execution.hours_file.dropped",
}
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
