"""What people do with clauses, one function per verb."""

from relais.clauses.actions.award import record_award
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
from relais.clauses.actions.opening import close_library, open_library
from relais.clauses.actions.parties import (
    add_party,
    answer_proposal,
    assign_facilitator,
    end_party,
    propose_change,
)
from relais.clauses.actions.placing import Placing
from relais.clauses.actions.signed import Award, Held
from relais.clauses.actions.texts import (
    add_text,
    approve_shipped,
    approve_version,
    body_verdict,
    load_library,
    propose_version,
    withdraw_version,
    write_version,
)

__all__ = [
    "Award",
    "Held",
    "Placing",
    "Terms",
    "abandon_clause",
    "add_party",
    "add_text",
    "amend_draft",
    "answer_proposal",
    "approve_shipped",
    "approve_version",
    "assign_facilitator",
    "body_verdict",
    "close_clause",
    "close_library",
    "end_party",
    "load_library",
    "mark_written",
    "open_library",
    "propose_change",
    "propose_version",
    "record_award",
    "resume_clause",
    "return_to_draft",
    "terms_of",
    "withdraw_version",
    "write_clause",
    "write_version",
]
