"""What people do with clauses, one function per verb."""

from relais.clauses.actions.award import Award, Held, record_award
from relais.clauses.actions.drafting import (
    Terms,
    abandon_clause,
    amend_draft,
    close_clause,
    mark_written,
    resume_clause,
    return_to_draft,
    terms_of,
    write_clause,
)
from relais.clauses.actions.parties import (
    add_party,
    answer_proposal,
    assign_facilitator,
    end_party,
    propose_change,
)

__all__ = [
    "Award",
    "Held",
    "Terms",
    "abandon_clause",
    "add_party",
    "amend_draft",
    "answer_proposal",
    "assign_facilitator",
    "close_clause",
    "end_party",
    "mark_written",
    "propose_change",
    "record_award",
    "resume_clause",
    "return_to_draft",
    "terms_of",
    "write_clause",
]
