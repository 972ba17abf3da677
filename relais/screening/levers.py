"""By which legal means a lot would serve insertion, and the article to cite on its day. No database."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from relais.core.regime import Article, Modality, Regime, article, modalities_on, regime_on
from relais.core.words import NotInForce, Words, gettext_noop
from relais.screening.facts import Assumptions, LotFacts, Parameters, Reason
from relais.screening.recognition import TradeValues, has

INSERTION = (
    "marché d'insertion",
    "insertion et de qualification",
    "qualification et d'insertion",
    "insertion et qualification professionnelle",
    "support d'insertion",
    "appui à l'insertion",
    "chantier d'insertion",
    "action d'insertion",
    "prestation d'insertion",
    "insertion par l'activité économique",
    "insertion sociale et professionnelle",
    "insertion professionnelle des bénéficiaires",
    "démarche d'insertion",
)
RESERVED = (
    "marché réservé",
    "lot réservé",
    "réservé aux",
    "réservé à des",
    "réservé en application",
    "réservée aux",
)
DISABILITY = (
    "handicap",
    "handicapées",
    "esat",
    "entreprises adaptées",
    "entreprise adaptée",
    "secteur adapté",
    "stpa",
)
IAE = (
    "siae",
    "structures d'insertion",
    "structure d'insertion",
    "insertion par l'activité économique",
    "iae",
)


def choose_lever(
    facts: LotFacts,
    parameters: Parameters,
    numbers: Assumptions,
    trade: TradeValues | None,
    text: str,
    hours: Decimal | None,
) -> tuple[Modality | None, Reason]:
    """The modality proposed and its reason, among those that exist on the day of the consultation."""
    available = _available(facts.day, facts.concession)
    if (facts.reserved or has(text, RESERVED)) and (found := _reservation(text, available)):
        return _says(found, gettext_noop("The lot is announced as reserved."))
    if not facts.concession and has(text, INSERTION) and Modality.INSERTION_SERVICE in available:
        return _says(
            Modality.INSERTION_SERVICE,
            gettext_noop("Insertion is the object of the lot: insertion services."),
        )
    floors = parameters.floors
    short, few = floors.missing_months(numbers.duration_months) > 0, floors.missing_hours(hours) > 0
    if (few or short) and trade and trade.is_reservable and (found := _reservation(text, available)):
        return _says(
            found,
            gettext_noop(
                "Too small for a floor of hours, but insertion structures often do this work: reserve it."
            ),
        )
    if few:
        text = gettext_noop(
            "No lever: %(lacking)s h lacking to reach the least of %(least)s h. "
            "Group lots, or do without a clause."
        )
        lacking = floors.missing_hours(hours)
        return None, Reason("lever", Words(text, {"lacking": lacking, "least": floors.hours}))
    if short:
        text = gettext_noop(
            "No lever: performance lasts less than %(least)s months, too short to hire and support somebody."
        )
        return None, Reason("lever", Words(text, {"least": floors.months}))
    if numbers.labour_share < parameters.rule("low_labour").threshold:
        return _says(None, gettext_noop("No lever: too little labour in the price."))
    return _by_posts(parameters, trade, hours, available)


def _by_posts(
    parameters: Parameters, trade: TradeValues | None, hours: Decimal | None, available: tuple[Modality, ...]
) -> tuple[Modality | None, Reason]:
    closed = trade is not None and trade.openness < parameters.rule("criterion_openness").threshold
    if closed and Modality.AWARD_CRITERION in available:
        return _says(
            Modality.AWARD_CRITERION,
            gettext_noop(
                "Few posts are open: a weighted criterion, linked to the subject, suits better than hours."
            ),
        )
    many = hours is not None and hours >= parameters.rule("mixed_hours").threshold
    if many and Modality.MIXED in available:
        return _says(
            Modality.MIXED,
            gettext_noop("Many hours: a floor of hours, and a criterion on the quality of the proposal."),
        )
    if Modality.EXEC_CONDITION in available:
        return _says(
            Modality.EXEC_CONDITION, gettext_noop("A performance condition suits: a floor of hours for all.")
        )
    return _says(None, gettext_noop("No modality is known for a consultation launched that day."))


def _says(lever: Modality | None, text: str) -> tuple[Modality | None, Reason]:
    return lever, Reason("lever", Words(text))


@lru_cache(maxsize=4096)
def _available(day: date, concession: bool) -> tuple[Modality, ...]:
    try:
        return modalities_on(day, concession=concession)
    except NotInForce:
        return ()


def _reservation(text: str, available: tuple[Modality, ...]) -> Modality | None:
    """The reservation the words call for, among those of the day; both sectors when they say nothing."""
    disability, insertion = has(text, DISABILITY), has(text, IAE)
    if disability and not insertion:
        wanted = [Modality.RESERVED_DISABILITY, Modality.RESERVED_MIXED]
    elif insertion and not disability:
        wanted = [Modality.RESERVED_IAE, Modality.RESERVED_MIXED]
    else:
        wanted = [Modality.RESERVED_MIXED, Modality.RESERVED_IAE, Modality.RESERVED_DISABILITY]
    return next((modality for modality in wanted if modality in available), None)


def regime_of(facts: LotFacts) -> tuple[Regime | None, list[Reason]]:
    said = []
    if facts.launched_on is None:
        if facts.notified_on is not None:
            text = gettext_noop(
                "The launch date is not published: the notification date, %(day)s, stands for it. "
                "The consultation was launched earlier: check the regime near a change of law."
            )
        else:
            text = gettext_noop(
                "The launch date is unknown: the law of %(day)s is used. Enter the launch date."
            )
        said.append(Reason("launch", Words(text, {"day": facts.day})))
    try:
        return regime_on(facts.day), said
    except NotInForce as error:
        return None, [*said, Reason("regime", error.words)]


@lru_cache(maxsize=4096)
def _cited(modality: Modality, day: date, concession: bool) -> Article | Words:
    try:
        return article(modality, day, concession=concession)
    except NotInForce as error:
        return error.words


def article_of(modality: Modality | None, facts: LotFacts) -> tuple[Article | None, list[Reason]]:
    if modality is None:
        return None, []
    found = _cited(modality, facts.day, facts.concession)
    if isinstance(found, Words):
        return None, [Reason("article", found)]
    return found, []
