"""The guide of an officer to the modalities: when each suits, its traps, an example, its article on a day.

The sentences are ours; the dates and the articles are those of the table of the law (`core.regime`), with its
marks "to verify". No database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from relais.core.duty import DerogationCase
from relais.core.regime import Article, Modality, Regime, article, regime_on, regime_start
from relais.core.words import NotInForce, Words, gettext_noop


class HasCase(Protocol):
    """Something about a derogation case."""

    @property
    def case(self) -> DerogationCase: ...


@dataclass(frozen=True, slots=True)
class Advice:
    """What an officer needs to know of a modality before choosing it."""

    when: str
    traps: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A modality on a day: its advice, and the article to cite or the sentence that says "
    "why there is none."""

    modality: Modality
    article: Article | None
    missing: Words | None

    @property
    def advice(self) -> Advice:
        return ADVICE[self.modality]

    @property
    def when(self) -> Words:
        return Words(self.advice.when)

    @property
    def traps(self) -> tuple[Words, ...]:
        return tuple(Words(trap) for trap in self.advice.traps)

    @property
    def example(self) -> Words:
        return Words(self.advice.example)


@dataclass(frozen=True, slots=True)
class Succession:
    """The articles of a modality, regime after regime; None where it did not exist."""

    modality: Modality
    articles: tuple[Article | None, ...]


def entry(modality: Modality, on: date, *, concession: bool = False) -> Entry:
    """The advice on a modality for a consultation launched that day."""
    try:
        return Entry(modality, article(modality, on, concession=concession), None)
    except NotInForce as error:
        return Entry(modality, None, error.words)


def entries(on: date, *, concession: bool = False) -> list[Entry]:
    """Every modality on a day: those that exist first, each in the order of the guide."""
    found = [entry(modality, on, concession=concession) for modality in ADVICE]
    return sorted(found, key=lambda one: one.article is None)


def successions(*, concession: bool = False) -> list[Succession]:
    """Each modality with its article under each regime, as on the last day of that regime."""
    days = [_last_day(regime) for regime in Regime]
    return [
        Succession(modality, tuple(entry(modality, day, concession=concession).article for day in days))
        for modality in ADVICE
    ]


def regimes() -> list[tuple[Regime, date]]:
    """Each regime with the first launch date that follows it."""
    return [(regime, regime_start(regime)) for regime in Regime]


def derogations[Case: HasCase](cases: Iterable[Case]) -> list[tuple[Case, Words]]:
    """Each derogation case offered, with what its file must hold."""
    return [(case, Words(DEROGATION_ADVICE[case.case])) for case in cases]


def regime_known(on: date) -> Regime | None:
    try:
        return regime_on(on)
    except NotInForce:
        return None


def _last_day(regime: Regime) -> date:
    later = [regime_start(other) for other in Regime if regime_start(other) > regime_start(regime)]
    return min(later) - timedelta(days=1) if later else regime_start(regime)


ADVICE: Mapping[Modality, Advice] = {
    Modality.EXEC_CONDITION: Advice(
        when=gettext_noop(
            "The usual way: there is labour open to people with little qualification, for long "
            "enough to hire "
            "and support somebody, and the same hours can be asked of every tenderer."
        ),
        traps=(
            gettext_noop("Write hours, per lot, not a share of the amount: hours are counted and proved."),
            gettext_noop(
                "It does not weigh in the ranking: an offer that refuses it is irregular, an offer that "
                "promises more is not better ranked."
            ),
            gettext_noop(
                "Link it to the subject of the contract and state it in the notice or in the documents."
            ),
            gettext_noop("Where staff is taken over, ask the hours on the posts newly filled only."),
        ),
        example=gettext_noop(
            "Painting of a school, eight months of work: 170 hours for people sent by the facilitator, hired "
            "directly or lent by a structure, as the holder chooses."
        ),
    ),
    Modality.AWARD_CRITERION: Advice(
        when=gettext_noop(
            "Few posts are open to little qualified people, or companies can make very different proposals: "
            "tutoring, training, length of the contracts. The quality of the insertion offer weighs "
            "in the ranking."
        ),
        traps=(
            gettext_noop(
                "Weight it and say how it is graded: a criterion without a grid cannot be defended."
            ),
            gettext_noop(
                "Grade what is proposed for this contract, never the general social policy of the company."
            ),
            gettext_noop(
                "What the winner promised must be written in the contract, or nobody will follow it."
            ),
        ),
        example=gettext_noop(
            "Maintenance of heating plants: 10 points on the support of the people hired, from a form that "
            "asks for the tutor, the training and the length of the jobs."
        ),
    ),
    Modality.MIXED: Advice(
        when=gettext_noop(
            "Many hours and companies able to do better than the minimum: a floor for all, and a "
            "criterion on "
            "the quality of what is proposed beyond it."
        ),
        traps=(
            gettext_noop("Keep the two apart: the floor is never graded, the criterion never replaces it."),
            gettext_noop("Do not grade the number of hours alone: it leads to promises that are not kept."),
        ),
        example=gettext_noop(
            "Building of a school for two million euros: 1,400 hours asked of all, and 5 points on the "
            "pathways proposed to the people."
        ),
    ),
    Modality.RESERVED_IAE: Advice(
        when=gettext_noop(
            "Insertion structures do this work, there are enough of them around to compete, and the need is "
            "small enough, or split, for one of them to answer."
        ),
        traps=(
            gettext_noop("Cite the article in the notice: without it the reservation does not stand."),
            gettext_noop(
                "Check the offer first: a reserved contract without tender loses months. The context of the "
                "sheet counts the structures around."
            ),
            gettext_noop(
                "At least half of the workers are people in difficulty: ask for the agreement with the State."
            ),
            gettext_noop("Look at the share of its turnover: a structure must not depend on one contract."),
        ),
        example=gettext_noop(
            "Upkeep of the green spaces of ten schools: three lots by area, one of them reserved for "
            "insertion structures."
        ),
    ),
    Modality.RESERVED_DISABILITY: Advice(
        when=gettext_noop(
            "Adapted companies and sheltered workshops do this work: laundry, packing, green spaces, data "
            "entry, catering trays."
        ),
        traps=(
            gettext_noop(
                "Cite the article in the notice, and ask for the agreement of the EA or of the ESAT."
            ),
            gettext_noop(
                "Users of an ESAT are not employees: hours are attested by the ESAT, not by a payslip."
            ),
            gettext_noop("It is counted apart from the hours of insertion clauses."),
        ),
        example=gettext_noop("Laundry of the boarding schools, reserved for adapted companies and ESAT."),
    ),
    Modality.RESERVED_MIXED: Advice(
        when=gettext_noop(
            "Structures of both sectors do this work and none of the two is enough alone to compete."
        ),
        traps=(
            gettext_noop("Say in the notice that both sectors may answer, and cite the article of both."),
            gettext_noop("Follow each holder by the rules of its own sector: proofs are not the same."),
        ),
        example=gettext_noop("Sorting and reuse of furniture, open to insertion structures, EA and ESAT."),
    ),
    Modality.INSERTION_SERVICE: Advice(
        when=gettext_noop(
            "What is bought is insertion itself: support, training, a job; the work done is only its medium."
        ),
        traps=(
            gettext_noop(
                "If the work is the real need, this is not the right contract: reserve it, or write a clause."
            ),
            gettext_noop(
                "Pay the support, not the square metres: the price and the follow-up bear on the pathways."
            ),
            gettext_noop(
                "Ask for results on people: attendance, skills, exits, without any name in the file."
            ),
        ),
        example=gettext_noop(
            "Upkeep of river banks as a medium for the support of twelve people over a year."
        ),
    ),
    Modality.RESERVED_PRISON: Advice(
        when=gettext_noop(
            "The work can be done in a penal establishment: packing, digitisation, metalwork, laundry."
        ),
        traps=(
            gettext_noop(
                "At least half of the workers are detainees: the operator proves it with the establishment."
            ),
            gettext_noop(
                "Plan the time of deliveries and controls: workshops follow the hours of the prison."
            ),
        ),
        example=gettext_noop("Digitisation of archives by a workshop in a prison."),
    ),
    Modality.RESERVED_ESS: Advice(
        when=gettext_noop(
            "Health, social or cultural services that social-economy enterprises provide: the law lists them."
        ),
        traps=(
            gettext_noop(
                "Only the services of the list: read it before anything else, with the limits of length "
                "and of "
                "former contracts."
            ),
            gettext_noop(
                "It reserves for a form of enterprise, not for people: no hours of insertion follow."
            ),
        ),
        example=gettext_noop("Cultural mediation in a district, reserved for social-economy enterprises."),
    ),
}
"""In the order of the guide: the four historical ways and their successors, then the newer reservations."""

DEROGATION_ADVICE: Mapping[DerogationCase, str] = {
    DerogationCase.IMMEDIATE_SOLUTION: gettext_noop(
        "Keep the proof that the solution exists as it is: catalogue, market sounding, date."
    ),
    DerogationCase.NO_LINK: gettext_noop(
        "Say why no post, training or work of this contract can serve employment: a supply without any "
        "service, for instance."
    ),
    DerogationCase.RESTRICTS_COMPETITION: gettext_noop(
        "Show it with facts: number of possible tenderers, answers to a sounding, technical "
        "constraint. A fear "
        "is not enough."
    ),
    DerogationCase.SHORT_WORKS: gettext_noop(
        "Works only: the planning shows the length. Look at grouping lots before giving up."
    ),
}
