"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.core.breach import Stage as CoreStage
from relais.core.breach import Step as CoreStep
from relais.core.eligibility import Category as CoreCategory
from relais.core.ledger import EntryKind as CoreEntryKind
from relais.core.ledger import LineState as CoreLineState


class ObligationState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("obligation", "Running")
    SUSPENDED = "suspended", pgettext_lazy("obligation", "Suspended")
    FULFILLED = "fulfilled", pgettext_lazy("obligation", "Fulfilled")
    PARTIAL = "partial", pgettext_lazy("obligation", "Partly fulfilled")
    NOT_FULFILLED = "not_fulfilled", pgettext_lazy("obligation", "Not fulfilled")
    WAIVED = "waived", pgettext_lazy("obligation", "Waived")

    @property
    def tone(self) -> str:
        return OBLIGATION_TONES[self]


OBLIGATION_TONES = {
    ObligationState.ACTIVE: "good",
    ObligationState.SUSPENDED: "wait",
    ObligationState.FULFILLED: "done",
    ObligationState.PARTIAL: "warn",
    ObligationState.NOT_FULFILLED: "bad",
    ObligationState.WAIVED: "neutral",
}


CLOSED_STATES = (
    ObligationState.FULFILLED,
    ObligationState.PARTIAL,
    ObligationState.NOT_FULFILLED,
    ObligationState.WAIVED,
)


class EntryKind(models.TextChoices):
    INITIAL = CoreEntryKind.INITIAL.value, pgettext_lazy("entry", "Initial commitment")
    AMENDMENT = CoreEntryKind.AMENDMENT.value, pgettext_lazy("entry", "Amendment")
    ORDER = CoreEntryKind.ORDER.value, pgettext_lazy("entry", "Order")
    INVOICE = CoreEntryKind.INVOICE.value, pgettext_lazy("entry", "Invoice")
    TRANCHE = CoreEntryKind.TRANCHE.value, pgettext_lazy("entry", "Optional tranche")
    RENEWAL = CoreEntryKind.RENEWAL.value, pgettext_lazy("entry", "Renewal")
    SUSPENSION = CoreEntryKind.SUSPENSION.value, pgettext_lazy("entry", "Suspension")
    WAIVER = CoreEntryKind.WAIVER.value, pgettext_lazy("entry", "Waiver")
    CORRECTION = CoreEntryKind.CORRECTION.value, pgettext_lazy("entry", "Correction")
    TRANSFER = CoreEntryKind.TRANSFER.value, pgettext_lazy("entry", "Transfer between partners")
    WORKED = CoreEntryKind.WORKED.value, pgettext_lazy("entry", "Hours worked on the contract")
    TRUE_UP = CoreEntryKind.TRUE_UP.value, pgettext_lazy("entry", "Yearly true-up")


class LineState(models.TextChoices):
    DRAFT = CoreLineState.DRAFT.value, _("Draft")
    DECLARED = CoreLineState.DECLARED.value, _("Declared")
    QUERIED = CoreLineState.QUERIED.value, _("Queried")
    VALIDATED = CoreLineState.VALIDATED.value, _("Validated")
    REJECTED = CoreLineState.REJECTED.value, _("Rejected")
    LOCKED = CoreLineState.LOCKED.value, _("Locked")

    @property
    def tone(self) -> str:
        return LINE_TONES[self]


LINE_TONES = {
    LineState.DRAFT: "neutral",
    LineState.DECLARED: "wait",
    LineState.QUERIED: "warn",
    LineState.VALIDATED: "good",
    LineState.REJECTED: "bad",
    LineState.LOCKED: "done",
}


class StatementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent")


class StatementOrigin(models.TextChoices):
    FORM = "form", _("Form")
    COPY = "copy", _("Copy of the previous month")
    FILE = "file", _("File")


class Sex(models.TextChoices):
    WOMAN = "F", _("Woman")
    MAN = "M", _("Man")
    UNKNOWN = "", _("Not told")


class Mode(models.TextChoices):
    """How the hours are performed: the holder chooses."""

    DIRECT_HIRE = "DIRECT_HIRE", _("Direct hire")
    SUPPLY_SIAE = "SUPPLY_SIAE", _("Supply by an insertion structure")
    SUPPLY_GEIQ = "SUPPLY_GEIQ", _("Supply by an employers' group")
    SUPPLY_ETT = "SUPPLY_ETT", _("Supply by an ordinary temp agency")
    SUBCONTRACT = "SUBCONTRACT", _("Subcontracting")
    COCONTRACT = "COCONTRACT", _("Co-contracting")
    OBJECT = "OBJECT", _("Insertion contract")
    RESERVED = "RESERVED", _("Reserved contract")


class JobKind(models.TextChoices):
    PERMANENT = "CDI", _("Permanent contract")
    FIXED_TERM = "CDD", _("Fixed-term contract")
    INSERTION = "CDDI", _("Insertion fixed-term contract")
    TEMP = "CTT", _("Temp assignment")
    APPRENTICESHIP = "APP", _("Apprenticeship")
    PROFESSIONALISATION = "PRO", _("Professionalisation")
    ESAT = "ESAT", _("Sheltered work support")
    OTHER = "OTHER", _("Other")


class EligibilityState(models.TextChoices):
    VALIDATED = "validated", _("Eligible")
    REFUSED = "refused", _("Not eligible")


class Category(models.TextChoices):
    """Main category of public, first family A (by structure), then family B (by person)."""

    A_EI = CoreCategory.A_EI.value, _("Employee of an insertion enterprise")
    A_ACI = CoreCategory.A_ACI.value, _("Employee of an insertion worksite")
    A_AI = CoreCategory.A_AI.value, _("Supplied by an intermediary association")
    A_ETTI = CoreCategory.A_ETTI.value, _("Supplied by an insertion temp agency")
    A_GEIQ = CoreCategory.A_GEIQ.value, _("In an employers' group pathway")
    A_EA = CoreCategory.A_EA.value, _("Employee of an adapted enterprise")
    A_EATT = CoreCategory.A_EATT.value, _("Employee of an adapted temp agency")
    A_ESAT = CoreCategory.A_ESAT.value, _("User of a sheltered workshop")
    A_REGIE = CoreCategory.A_REGIE.value, _("Employee of a neighbourhood enterprise")
    A_E2C = CoreCategory.A_E2C.value, _("Second-chance school")
    A_EPIDE = CoreCategory.A_EPIDE.value, _("Defence insertion establishment")
    A_PRISON = CoreCategory.A_PRISON.value, _("Detainee at work")
    B_DELD = CoreCategory.B_DELD.value, _("Long-term jobseeker")
    B_DETLD = CoreCategory.B_DETLD.value, _("Very long-term jobseeker")
    B_RSA = CoreCategory.B_RSA.value, _("Recipient of the RSA")
    B_ASS = CoreCategory.B_ASS.value, _("Recipient of the ASS")
    B_AAH = CoreCategory.B_AAH.value, _("Recipient of the AAH or a disability pension")
    B_RQTH = CoreCategory.B_RQTH.value, _("Recognised disabled worker")
    B_YOUTH_NOQUAL = CoreCategory.B_YOUTH_NOQUAL.value, _("Under 26 without qualification")
    B_YOUTH_INACTIVE = CoreCategory.B_YOUTH_INACTIVE.value, _("Under 26, out of education for six months")
    B_YOUTH_PROGRAMME = CoreCategory.B_YOUTH_PROGRAMME.value, _("Under 26 in a support programme")
    B_SENIOR = CoreCategory.B_SENIOR.value, _("Jobseeker over 50")
    B_PLIE = CoreCategory.B_PLIE.value, _("Participant of a local insertion plan")
    B_REFUGEE = CoreCategory.B_REFUGEE.value, _("Refugee or protected person")
    B_ASE = CoreCategory.B_ASE.value, _("Leaving child welfare")
    B_JUSTICE = CoreCategory.B_JUSTICE.value, _("Under justice control")
    B_QPV = CoreCategory.B_QPV.value, _("Resident of a priority district")
    B_FRR = CoreCategory.B_FRR.value, _("Resident of a rural revitalisation area")
    B_SINGLE_PARENT = CoreCategory.B_SINGLE_PARENT.value, _("Single parent")
    B_HOUSING = CoreCategory.B_HOUSING.value, _("Without housing")
    B_LANGUAGE = CoreCategory.B_LANGUAGE.value, _("Difficulty with French")
    B_MOBILITY = CoreCategory.B_MOBILITY.value, _("Difficulty of mobility")
    B_MOTIVATED_OPINION = CoreCategory.B_MOTIVATED_OPINION.value, _("Other, on a reasoned opinion")


class BreachStage(models.TextChoices):
    """Where a breach stands."""

    OBSERVED = CoreStage.OBSERVED.value, pgettext_lazy("breach", "Observed")
    REMINDER = CoreStage.REMINDER.value, pgettext_lazy("breach", "Reminder sent")
    MEETING = CoreStage.MEETING.value, pgettext_lazy("breach", "Meeting held")
    NOTICE_PROPOSED = CoreStage.NOTICE_PROPOSED.value, pgettext_lazy("breach", "Formal notice proposed")
    NOTICE = CoreStage.NOTICE.value, pgettext_lazy("breach", "Formal notice sent")
    HEARD = CoreStage.HEARD.value, pgettext_lazy("breach", "Company heard")
    PENALTY_PROPOSED = CoreStage.PENALTY_PROPOSED.value, pgettext_lazy("breach", "Penalty proposed")
    PENALTY_DECIDED = CoreStage.PENALTY_DECIDED.value, pgettext_lazy("breach", "Penalty decided")
    ACCOUNTED = CoreStage.ACCOUNTED.value, pgettext_lazy("breach", "Taken into account")
    WAIVER_PROPOSED = CoreStage.WAIVER_PROPOSED.value, pgettext_lazy("breach", "Waiver proposed")
    WAIVED = CoreStage.WAIVED.value, pgettext_lazy("breach", "Penalty waived")
    REGULARISED = CoreStage.REGULARISED.value, pgettext_lazy("breach", "Regularised")

    @property
    def tone(self) -> str:
        return STAGE_TONES[self]


STAGE_TONES = {
    BreachStage.OBSERVED: "warn",
    BreachStage.REMINDER: "warn",
    BreachStage.MEETING: "warn",
    BreachStage.NOTICE_PROPOSED: "wait",
    BreachStage.NOTICE: "bad",
    BreachStage.HEARD: "warn",
    BreachStage.PENALTY_PROPOSED: "wait",
    BreachStage.PENALTY_DECIDED: "bad",
    BreachStage.ACCOUNTED: "done",
    BreachStage.WAIVER_PROPOSED: "wait",
    BreachStage.WAIVED: "neutral",
    BreachStage.REGULARISED: "good",
}


class BreachAct(models.TextChoices):
    """What is done in a breach."""

    OBSERVED = CoreStep.OBSERVED.value, pgettext_lazy("step", "Gap observed")
    REMINDER = CoreStep.REMINDER.value, pgettext_lazy("step", "Reminder")
    MEETING = CoreStep.MEETING.value, pgettext_lazy("step", "Meeting")
    NOTICE_PROPOSED = CoreStep.NOTICE_PROPOSED.value, pgettext_lazy("step", "Formal notice proposed")
    NOTICE = CoreStep.NOTICE.value, pgettext_lazy("step", "Formal notice")
    REPLY = CoreStep.REPLY.value, pgettext_lazy("step", "Reply of the company")
    NO_REPLY = CoreStep.NO_REPLY.value, pgettext_lazy("step", "No reply in time")
    ADVICE = CoreStep.ADVICE.value, pgettext_lazy("step", "Opinion of the facilitator")
    PENALTY_PROPOSED = CoreStep.PENALTY_PROPOSED.value, pgettext_lazy("step", "Penalty proposed")
    PENALTY_DECIDED = CoreStep.PENALTY_DECIDED.value, pgettext_lazy("step", "Penalty decided")
    WAIVER_PROPOSED = CoreStep.WAIVER_PROPOSED.value, pgettext_lazy("step", "Waiver of the penalty proposed")
    WAIVED = CoreStep.WAIVED.value, pgettext_lazy("step", "Penalty waived")
    RETURNED = CoreStep.RETURNED.value, pgettext_lazy("step", "Proposal sent back")
    REGULARISED = CoreStep.REGULARISED.value, pgettext_lazy("step", "Regularised")
    ACCOUNTED = CoreStep.ACCOUNTED.value, pgettext_lazy("step", "Taken into account")


INTERNAL_ACTS = (
    BreachAct.NOTICE_PROPOSED,
    BreachAct.ADVICE,
    BreachAct.PENALTY_PROPOSED,
    BreachAct.WAIVER_PROPOSED,
    BreachAct.RETURNED,
)
"""What the company does not read: it reads what was decided, and answers that."""


class BreachKind(models.TextChoices):
    HOURS = "hours", pgettext_lazy("breach", "Hours missing")
    DOCUMENTS = "documents", pgettext_lazy("breach", "Statements or documents missing")


class CauseKind(models.TextChoices):
    """Why hours are missing that the holder does not answer for."""

    NO_CANDIDATE = "no_candidate", pgettext_lazy("cause", "No candidate proposed")
    SITE_STOPPED = "site_stopped", pgettext_lazy("cause", "Site or service stopped")
    BUYER = "buyer", pgettext_lazy("cause", "Act of the buyer")
    FORCE = "force", pgettext_lazy("cause", "Event nobody could prevent")
    OTHER = "other", pgettext_lazy("cause", "Other cause outside the company")


class AnswerState(models.TextChoices):
    """What became of something put to somebody else's decision."""

    WAITING = "waiting", pgettext_lazy("answer", "Waiting")
    ACCEPTED = "accepted", pgettext_lazy("answer", "Accepted")
    REFUSED = "refused", pgettext_lazy("answer", "Refused")

    @property
    def tone(self) -> str:
        return {"waiting": "wait", "accepted": "good", "refused": "bad"}[self.value]


class Side(models.TextChoices):
    """From where a contract is evaluated at its end."""

    BUYER = "buyer", pgettext_lazy("side", "Buyer")
    FACILITATOR = "facilitator", pgettext_lazy("side", "Facilitator")
    COMPANY = "company", pgettext_lazy("side", "Company")


class Mark(models.IntegerChoices):
    """The four marks of an evaluation."""

    GOOD = 4, pgettext_lazy("mark", "Yes")
    FAIR = 3, pgettext_lazy("mark", "Rather yes")
    POOR = 2, pgettext_lazy("mark", "Rather no")
    BAD = 1, pgettext_lazy("mark", "No")

    @property
    def tone(self) -> str:
        return {4: "good", 3: "info", 2: "warn", 1: "bad"}[self.value]


class AgreementState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("agreement", "Proposed")
    IN_FORCE = "in_force", pgettext_lazy("agreement", "In force")
    REFUSED = "refused", pgettext_lazy("agreement", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "Withdrawn")
    ENDED = "ended", pgettext_lazy("agreement", "Ended")

    @property
    def tone(self) -> str:
        return AGREEMENT_TONES[self]


AGREEMENT_TONES = {
    AgreementState.PROPOSED: "wait",
    AgreementState.IN_FORCE: "good",
    AgreementState.REFUSED: "bad",
    AgreementState.WITHDRAWN: "neutral",
    AgreementState.ENDED: "done",
}


class ConsentPart(models.TextChoices):
    """As what a body must accept an agreement."""

    FIRM = "firm", _("Company that owes the hours")
    BUYER = "buyer", _("Buyer")
    EMPLOYER = "employer", _("Employer")


class ConsentDecision(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("agreement", "Accepted")
    REFUSED = "refused", pgettext_lazy("agreement", "Refused")

    @property
    def tone(self) -> str:
        return "good" if self == ConsentDecision.ACCEPTED else "bad"


class StepKind(models.TextChoices):
    """Steps of a pathway that no clause pays."""

    PASS = "pass", _("PASS IAE")
    TRAINING = "training", _("Training")
    PREPARATION = "preparation", _("Preparation")
    IMMERSION = "immersion", _("Immersion")


class EndKind(models.TextChoices):
    """What ends for a person and calls for an act."""

    ELIGIBILITY = "eligibility", _("Eligibility")
    PASS = "pass", _("PASS IAE")
    JOB = "job", _("Job")
