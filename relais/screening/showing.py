"""How the sheet is told: its facts, its calculation as a sentence, its path."""

from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from relais.core.calibration import Formula
from relais.kit.actor import Actor
from relais.kit.components import Fact
from relais.kit.words import day, euros
from relais.procurement.enums import LotNature, Origin
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.enums import OpportunityState
from relais.screening.forms import NumbersForm
from relais.screening.models import Opportunity
from relais.screening.queries.sheet import Sheet

PATH = (
    OpportunityState.DETECTED,
    OpportunityState.UNDER_ANALYSIS,
    OpportunityState.RETAINED,
    OpportunityState.DRAFTED,
    OpportunityState.LAUNCHED,
    OpportunityState.AWARDED,
)
ENDS = (OpportunityState.REJECTED, OpportunityState.DEROGATED, OpportunityState.UNSUCCESSFUL)


@dataclass(frozen=True, slots=True)
class Part:
    """A number of the sentence: the sign before it, the field, and the words after it."""

    sign: str
    field: BoundField
    words: str = ""


def sentence_of(form: NumbersForm) -> list[Part]:
    """The calculation as a sentence with editable numbers, by the formula chosen."""
    by_formula = {
        Formula.LABOUR_HOURS: [
            Part("", form["worked"], _("of labour")),
            Part("×", form["effort"], _("of insertion effort")),
        ],
        Formula.COEFFICIENT: [
            Part("", form["amount"]),
            Part("÷ 10 000 ×", form["coefficient"], _("per 10,000 €")),
        ],
        Formula.FRAMEWORK: [Part("", form["coefficient"], _("per 10,000 € ordered"))],
        Formula.FINANCIAL: [
            Part("", form["amount"]),
            Part("×", form["labour"], _("of labour")),
            Part("×", form["effort"], _("of insertion effort")),
            Part("÷", form["cost"]),
        ],
    }
    chosen = form["formula"].value()
    return by_formula[Formula(chosen) if chosen in set(Formula) else Formula.FINANCIAL]


def unshown(form: NumbersForm) -> list[BoundField]:
    """The numbers that the present formula does not use: kept, out of sight."""
    seen = {part.field.name for part in sentence_of(form)} | {"formula", "months", "rounding", "modality"}
    formula = form["formula"].value()
    if formula == Formula.FRAMEWORK:
        seen.add("orders")
    if formula == Formula.FINANCIAL:
        seen.add("transferred")
    if formula in (Formula.FINANCIAL, Formula.LABOUR_HOURS):
        seen.add("season")
    return [field for field in form if field.name not in seen]


def facts_shown(sheet: Sheet) -> list[Fact]:
    """What is known of the lot, each thing with where it comes from."""
    lot, contract = sheet.lot, sheet.contract
    source, kind = _source(sheet)
    found = [Fact(_("Buyer"), lot.buyer.name, source, kind=kind)]
    if lot.number:
        found.append(Fact(_("Lot number"), lot.number, source, kind=kind))
    found += [
        Fact(_("CPV code"), lot.cpv or _("unknown"), source, kind=kind),
        Fact(_("Nature"), _nature(sheet), "" if lot.nature else _("from the CPV code"), kind=kind),
        Fact(_("Amount excluding tax"), _amount(sheet), source, kind=kind),
        Fact(_("Duration"), _duration(lot), source, kind=kind),
        Fact(_("Place"), str(lot.commune or lot.department or _("unknown")), source, kind=kind),
    ]
    if sheet.facts.launched_on:
        found.append(Fact(_("Launch date"), day(sheet.facts.launched_on), source, kind=kind))
    if contract and contract.notified_on:
        found.append(Fact(_("Notification date"), day(contract.notified_on), source, kind=kind))
    if sheet.facts.whole_value is not None:
        text = _("the procedure, all lots together")
        found.append(Fact(_("Estimated value"), euros(sheet.facts.whole_value), text, kind=kind))
    if contract:
        found.append(Fact(_("Social consideration"), _published(sheet), source, kind=kind))
    return found


def _source(sheet: Sheet) -> tuple[str, str]:
    contract = sheet.contract
    if contract and sheet.lot.origin == Origin.IMPORTED:
        key = {"contract": contract.source_id, "day": day(contract.published_on)}
        return _("contract %(contract)s, published on %(day)s") % key, "reported"
    if sheet.lot.origin != Origin.TYPED:
        return _("file of the purchase plan"), "reported"
    return _("typed by the buyer"), "reported"


def _nature(sheet: Sheet) -> str:
    lot = sheet.lot
    if lot.nature:
        return str(LotNature(lot.nature).label)
    from relais.screening.recognition import nature_of_cpv  # only here is the code read again

    nature = nature_of_cpv(lot.cpv)
    return str(LotNature(nature.lower()).label) if nature else _("unknown")


def _amount(sheet: Sheet) -> str:
    amount = sheet.facts.amount
    if amount is None:
        return _("unknown")
    return euros(amount) if sheet.facts.amount_counts else f"{euros(amount)} ({_('implausible')})"


def _duration(lot: Lot) -> str:
    if lot.duration_months is None:
        return _("unknown")
    return _("%(months)s months") % {"months": lot.duration_months}


def _published(sheet: Sheet) -> str:
    contract = sheet.contract
    assert contract is not None
    kinds = [
        (contract.has_social_clause, _("social clause")),
        (contract.has_social_criterion, _("social criterion")),
        (contract.is_reserved, _("reserved contract")),
    ]
    said = [words for there, words in kinds if there]
    if said:
        return ", ".join(said)
    return _("none") if contract.social_published else _("not published")


def stages_of(state: OpportunityState) -> list[dict[str, Any]]:
    """The path of the opportunity, with where it stands; an end outside the path replaces what follows."""
    path = list(PATH)
    if state in ENDS:
        last = OpportunityState.LAUNCHED if state == ENDS[-1] else OpportunityState.UNDER_ANALYSIS
        after = PATH.index(last)
        path = [*PATH[: after + 1], state]
    at = path.index(state)
    standing = ["done" if place < at else "current" if place == at else "todo" for place in range(len(path))]
    return [
        {"label": step.label, "state": how, "detail": ""} for step, how in zip(path, standing, strict=True)
    ]


def moves_of(actor: Actor, lot: Lot, sheet: Opportunity | None) -> list[dict[str, Any]]:
    """The steps that may be told next, for who may tell them."""
    if sheet is None:
        return []
    names = {
        OpportunityState.LAUNCHED: pgettext("act", "The consultation is launched"),
        OpportunityState.AWARDED: pgettext("act", "The lot is awarded"),
        OpportunityState.UNSUCCESSFUL: pgettext("act", "The consultation is unsuccessful"),
    }
    return [
        {"state": state.value, "label": names[state], "asks_day": state == OpportunityState.LAUNCHED}
        for state in rules.NEXT_STATES.get(OpportunityState(sheet.state), ())
        if rules.can_move_on(actor, lot, sheet, state)
    ]
