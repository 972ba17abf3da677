"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import Eligible, Part
from relais.clauses.models import Clause
from relais.kit.trail import fields_of

VERBS = {
    "clauses.clause.written": _("Clause opened"),
    "clauses.clause.amended": _("Draft of the clause changed"),
    "clauses.clause.kept": _("Text of the clause kept"),
    "clauses.clause.reopened": _("Clause opened again"),
    "clauses.clause.abandoned": _("Clause abandoned"),
    "clauses.clause.resumed": _("Clause taken up again"),
    "clauses.clause.awarded": _("Award recorded"),
    "clauses.holder.checked": _("Holders of a reserved contract checked"),
    "clauses.clause.closed": _("Clause closed"),
    "clauses.grid.written": _("Scoring grid written"),
    "clauses.tender.recorded": _("Offer recorded"),
    "clauses.tender.corrected": _("Offer corrected"),
    "clauses.tender.set_aside": _("Offer set aside"),
    "clauses.tender.taken_back": _("Offer put back in the ranking"),
    "clauses.tender.scored": _("Offer scored"),
    "clauses.tender.retained": _("Offer retained"),
    "clauses.analysis.exported": _("Analysis of the offers exported"),
    "clauses.list.exported": _("List of clauses exported"),
    "clauses.party.joined": _("Body joined the clause"),
    "clauses.party.left": _("Body left the clause"),
    "clauses.proposal.made": _("Change proposed"),
    "clauses.proposal.taken": _("Proposal taken up"),
    "clauses.proposal.declined": _("Proposal declined"),
    "clauses.kit.downloaded": _("File of texts downloaded"),
    "clauses.library.opened": _("Approved texts opened to the public"),
    "clauses.library.closed": _("Approved texts closed to the public"),
    "clauses.text.loaded": _("Shipped texts loaded into the library"),
    "clauses.text.added": _("Text added to the library"),
    "clauses.text.written": _("Version of a text written"),
    "clauses.text.proposed": _("Version of a text proposed"),
    "clauses.text.approved": _("Version of a text approved"),
    "clauses.text.withdrawn": _("Version of a text withdrawn"),
}

PAGES = {
    "clause-create": "clauses.clause.written",
    "clause-edit": "clauses.clause.amended",
    "clause-keep": "clauses.clause.kept",
    "clause-return": "clauses.clause.reopened",
    "clause-abandon": "clauses.clause.abandoned",
    "clause-resume": "clauses.clause.resumed",
    "clause-award": "clauses.clause.awarded",
    "clause-export": "clauses.list.exported",
    "clause-analysis": _("Analysis of the offers"),
    "analysis-print": _("Analysis of the offers to print"),
    "analysis-export": "clauses.analysis.exported",
    "grid-write": "clauses.grid.written",
    "tender-add": "clauses.tender.recorded",
    "tender-correct": "clauses.tender.corrected",
    "tender-score": "clauses.tender.scored",
    "tender-aside": "clauses.tender.set_aside",
    "tender-back": "clauses.tender.taken_back",
    "party-add": "clauses.party.joined",
    "party-end": "clauses.party.left",
    "proposal-add": "clauses.proposal.made",
    "proposal-answer": _("Answer to a proposal"),
    "clause-list": _("List of clauses"),
    "clause-detail": _("File of a clause"),
    "clause-print": _("Clause to print"),
}
DETAILS = {
    "clauses.clause.amended": (fields_of(Clause),),
    "clauses.party.joined": (Part,),
    "clauses.party.left": (Part,),
    "clauses.holder.checked": (Eligible,),
}
KEYS = {"contract": _("contract"), "texts": _("texts")}
