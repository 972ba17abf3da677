"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "clauses.clause.written": _("Clause opened"),
    "clauses.clause.amended": _("Draft of the clause changed"),
    "clauses.clause.kept": _("Text of the clause kept"),
    "clauses.clause.reopened": _("Clause opened again"),
    "clauses.clause.abandoned": _("Clause abandoned"),
    "clauses.clause.resumed": _("Clause taken up again"),
    "clauses.clause.awarded": _("Award recorded"),
    "clauses.clause.closed": _("Clause closed"),
    "clauses.list.exported": _("List of clauses exported"),
    "clauses.party.joined": _("Body joined the clause"),
    "clauses.party.left": _("Body left the clause"),
    "clauses.proposal.made": _("Change proposed"),
    "clauses.proposal.taken": _("Proposal taken up"),
    "clauses.proposal.declined": _("Proposal declined"),
    "clauses.kit.downloaded": _("File of texts downloaded"),
    "clauses.text.loaded": _("Shipped texts loaded into the library"),
    "clauses.text.written": _("Version of a text written"),
    "clauses.text.proposed": _("Version of a text proposed"),
    "clauses.text.approved": _("Version of a text approved"),
    "clauses.text.withdrawn": _("Version of a text withdrawn"),
}
