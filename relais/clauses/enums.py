"""Closed lists of the room; the modalities and regimes are those of `core.regime`, with their labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relais.core.general_conditions import Ccag as CoreCcag
from relais.core.regime import Modality as CoreModality
from relais.core.regime import Regime as CoreRegime
from relais.core.reserved import Eligible as CoreEligible
from relais.core.scoring_grid import Method


class Modality(models.TextChoices):
    EXEC_CONDITION = CoreModality.EXEC_CONDITION.value, _("Performance condition")
    RESERVED_DISABILITY = CoreModality.RESERVED_DISABILITY.value, _("Reservation, disability")
    RESERVED_IAE = CoreModality.RESERVED_IAE.value, _("Reservation, insertion")
    RESERVED_MIXED = CoreModality.RESERVED_MIXED.value, _("Reservation, disability and insertion")
    RESERVED_PRISON = CoreModality.RESERVED_PRISON.value, _("Reservation, prison work")
    RESERVED_ESS = CoreModality.RESERVED_ESS.value, _("Reservation, social economy")
    INSERTION_SERVICE = CoreModality.INSERTION_SERVICE.value, _("Insertion services contract")
    AWARD_CRITERION = CoreModality.AWARD_CRITERION.value, _("Award criterion")
    MIXED = CoreModality.MIXED.value, _("Condition and criterion")


class Regime(models.TextChoices):
    CMP2006 = CoreRegime.CMP2006.value, _("Public contracts code of 2006")
    ORD2015 = CoreRegime.ORD2015.value, _("Ordinance of 2015")
    CCP2019 = CoreRegime.CCP2019.value, _("Public procurement code")
    CCP2026 = CoreRegime.CCP2026.value, _("Public procurement code, with the duty of 2026")


class ClauseState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("clause", "Being written")
    WRITTEN = "written", pgettext_lazy("clause", "Written")
    AWARDED = "awarded", pgettext_lazy("clause", "Awarded")
    CLOSED = "closed", pgettext_lazy("clause", "Closed")
    ABANDONED = "abandoned", pgettext_lazy("clause", "Abandoned")

    @property
    def tone(self) -> str:
        return CLAUSE_TONES[self]


CLAUSE_TONES = {
    ClauseState.DRAFT: "wait",
    ClauseState.WRITTEN: "info",
    ClauseState.AWARDED: "good",
    ClauseState.CLOSED: "done",
    ClauseState.ABANDONED: "neutral",
}

CRITERION_MODALITIES = (Modality.AWARD_CRITERION, Modality.MIXED)
"""Modalities whose hours are proposed by the tenderer, at least in part, and weigh in the ranking."""
RESERVED_MODALITIES = (
    Modality.RESERVED_DISABILITY,
    Modality.RESERVED_IAE,
    Modality.RESERVED_MIXED,
    Modality.RESERVED_PRISON,
    Modality.RESERVED_ESS,
)


class Part(models.TextChoices):
    """The part a body takes in a clause."""

    FACILITATOR = "facilitator", _("Facilitator")
    HOLDER = "holder", _("Holder")
    PARTNER = "partner", _("Co-contractor")
    SUBCONTRACTOR = "subcontractor", _("Subcontractor")
    STRUCTURE = "structure", _("Insertion structure")


HOLDING_PARTS = (Part.HOLDER, Part.PARTNER)
"""Parts that come with the award, and only with it."""


class Consortium(models.TextChoices):
    """How the holders are bound to each other."""

    ALONE = "alone", _("One holder")
    JOINT = "joint", _("Joint consortium")
    SEVERAL = "several", _("Several consortium")


class ProposalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("proposal", "Waiting for an answer")
    TAKEN = "taken", pgettext_lazy("proposal", "Taken up")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")

    @property
    def tone(self) -> str:
        return {"open": "wait", "taken": "good", "declined": "neutral"}[self.value]


class KitDocument(models.TextChoices):
    """The documents of a consultation that say something of insertion, in the order of the kit."""

    NOTICE = "notice", _("Notice")
    RULES = "rules", _("Tender rules (RC)")
    GRID = "grid", _("Scoring grid of the criterion")
    CONDITIONS = "conditions", _("Special conditions (CCAP)")
    SPECIFICATION = "specification", _("Specification of the insertion service")
    COMMITMENT = "commitment", _("Annex to the commitment form (AE)")


class Ccag(models.TextChoices):
    """Standard general conditions that the contract refers to."""

    WORKS = CoreCcag.WORKS.value, _("CCAG works")
    FCS = CoreCcag.FCS.value, _("CCAG supplies and services")
    PI = CoreCcag.PI.value, _("CCAG intellectual services")
    TIC = CoreCcag.TIC.value, _("CCAG information technology")
    MI = CoreCcag.MI.value, _("CCAG industrial contracts")
    MOE = CoreCcag.MOE.value, _("CCAG project management")
    NONE = CoreCcag.NONE.value, _("No CCAG")


class TextState(models.TextChoices):
    """Where a version of a text stands."""

    DRAFT = "draft", pgettext_lazy("text", "Draft")
    PROPOSED = "proposed", pgettext_lazy("text", "Proposed")
    APPROVED = "approved", pgettext_lazy("text", "Approved")
    WITHDRAWN = "withdrawn", pgettext_lazy("text", "Withdrawn")

    @property
    def tone(self) -> str:
        return {"draft": "wait", "proposed": "info", "approved": "good", "withdrawn": "neutral"}[self.value]


class ScoringMethod(models.TextChoices):
    """How the points of a sub-criterion are given."""

    VOLUME = Method.VOLUME.value, _("In proportion to the best volume")
    JUDGED = Method.JUDGED.value, _("Judged, with a reason in writing")


class TenderState(models.TextChoices):
    """Where an offer stands in the analysis of the social criterion."""

    RECEIVED = "received", pgettext_lazy("tender", "Received")
    ASIDE = "aside", pgettext_lazy("tender", "Set aside")
    RETAINED = "retained", pgettext_lazy("tender", "Retained")

    @property
    def tone(self) -> str:
        return {"received": "info", "aside": "neutral", "retained": "good"}[self.value]


class Eligible(models.TextChoices):
    """What the directory of structures says of the holder of a reserved contract."""

    YES = CoreEligible.YES.value, pgettext_lazy("holder", "Eligible")
    NO = CoreEligible.NO.value, pgettext_lazy("holder", "Not eligible")
    UNKNOWN = CoreEligible.UNKNOWN.value, pgettext_lazy("holder", "To be proved")

    @property
    def tone(self) -> str:
        return {"YES": "good", "NO": "bad", "UNKNOWN": "warn"}[self.value]


class CorrespondentRole(models.TextChoices):
    """What a correspondent answers for, about a clause."""

    CLAUSE = "clause", pgettext_lazy("correspondent", "Social clause")
    SITE = "site", pgettext_lazy("correspondent", "Works or service on site")
    RECRUITMENT = "recruitment", pgettext_lazy("correspondent", "Recruitment")
    STATEMENTS = "statements", pgettext_lazy("correspondent", "Statements of hours")
    MANAGEMENT = "management", pgettext_lazy("correspondent", "Management")
