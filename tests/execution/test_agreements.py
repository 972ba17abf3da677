from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from relais.core.months import Month
from relais.execution.actions.pooling import Part, answer_agreement, end_agreement, withdraw_agreement
from relais.execution.enums import AgreementState, ConsentDecision, ObligationState
from relais.execution.models import PoolingAgreement, PoolingConsent, PoolingPart
from relais.execution.queries.agreements import agreements_read, sheet_of
from relais.execution.queries.pooling import crumbs_of
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.execution.crumbs import ALL, answer, lay_crumb, lay_pair, propose
from tests.execution.worksite import noon

pytestmark = pytest.mark.django_db
REFUSED = ConsentDecision.REFUSED


@pytest.fixture
def pair(cast):
    return lay_pair(cast)


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def acting(cast, name):
    today = timezone.localdate()
    return {"actor": cast[name].actor(today), "at": noon(today)}


def next_months(count):
    first = Month.of(timezone.localdate())
    return [first.shifted(number + 1) for number in range(count)]


def test_the_shares_total_a_hundred_and_every_body_is_asked_once(cast, pair):
    third = lay_crumb(cast, 3, 77)
    agreement = propose(cast, [*pair, third])
    parts = list(agreement.parts.all())
    assert sum(part.percent for part in parts) == 100
    for part, debtor in zip(parts, [*pair, third], strict=True):
        assert sum(Decimal(hours) for hours in part.plan.values()) == part.hours == Decimal(debtor.owed)
    asked = agreement.consents.values_list("organisation__name", "part").order_by(
        "part", "organisation__name"
    )
    assert list(asked) == [
        ("Région des Trois-Vallées", "buyer"),
        ("Tremplin Intérim", "employer"),
        ("Bâtisseurs du Mad", "firm"),
        ("Peintures de l'Orne", "firm"),
    ]
    assert agreement.reference.endswith("-001")
    assert propose(cast, pair).reference.endswith("-002")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("alone", "two contracts or two companies"),
        ("more", "has 160.40 h left under PETIT-02, not 160.41 h"),
        ("late", "outside the performance"),
        ("nothing", "above zero"),
        ("suspended", "is not running"),
        ("employer", "takes part in the scheme"),
        ("unnamed", "Name the job"),
    ],
)
def test_what_cannot_be_pooled_keeps_nothing(cast, pair, change, why):
    other = pair[1]
    (month,) = next_months(1)
    plans = [{month: Decimal(100)}, {month: Decimal("160.40")}]
    more = {}
    if change == "more":
        plans[1] = {month: Decimal("160.41")}
    elif change == "late":
        plans[1] = {month.shifted(12): Decimal(10)}
    elif change == "nothing":
        plans[1] = {month: Decimal(0)}
    elif change == "suspended":
        other.obligation.state = ObligationState.SUSPENDED
        other.obligation.save()
    elif change == "employer":
        more = {"employer": "sam"}
    elif change == "unnamed":
        more = {"job": " "}
    parts = [Part(debtor, plan) for debtor, plan in zip(pair, plans, strict=True)]
    with pytest.raises(Refused, match=why):
        propose(cast, [], parts=parts[:1] if change == "alone" else parts, **more)
    assert not PoolingAgreement.objects.exists()


@pytest.mark.parametrize("by", ["corinne", "felix", "pascal", "sonia"])
def test_who_does_not_propose(cast, pair, by):
    with pytest.raises(Refused):
        propose(cast, pair, by=by)


def test_it_is_in_force_once_all_have_accepted_and_keeps_its_hours(cast, pair, fanny):
    agreement = answer(cast, propose(cast, pair), *ALL[:-1])
    assert agreement.state == AgreementState.PROPOSED
    assert len(crumbs_of(fanny.actor(), cast.scheme, most_hours=Decimal(600)).found) == 2
    answer(cast, agreement, ALL[-1])
    assert agreement.state == AgreementState.IN_FORCE
    assert agreement.settled_at
    assert crumbs_of(fanny.actor(), cast.scheme, most_hours=Decimal(600)).found == ()
    with pytest.raises(Refused, match=r"0\.00 h left"):
        propose(cast, pair)
    end_agreement(agreement, reason="La personne part en formation", **acting(cast, "corinne"))
    assert len(crumbs_of(fanny.actor(), cast.scheme, most_hours=Decimal(600)).found) == 2
    verbs = AuditEntry.objects.filter(verb__startswith="execution.agreement").values_list("verb", flat=True)
    assert sorted(set(verbs)) == [
        "execution.agreement.answered",
        "execution.agreement.ended",
        "execution.agreement.proposed",
    ]


def test_the_last_yes_is_refused_when_the_hours_are_gone(cast, pair):
    first, second = propose(cast, pair), propose(cast, pair)
    answer(cast, first, *ALL)
    answer(cast, second, *ALL[:-1])
    with pytest.raises(Refused, match=r"0\.00 h left"):
        answer(cast, second, ALL[-1])
    second.refresh_from_db()
    assert second.state == AgreementState.PROPOSED
    assert second.consents.filter(decision="").count() == 1


def test_one_refusal_refuses_the_whole_and_says_why(cast, pair):
    agreement = propose(cast, pair)
    with pytest.raises(Refused, match="Say why"):
        answer(cast, agreement, "cyril", decision=REFUSED)
    answer(cast, agreement, "cyril", decision=REFUSED, reason="Le chantier s'arrête en mars")
    assert agreement.state == AgreementState.REFUSED
    with pytest.raises(Refused, match="waits for no answer"):
        answer(cast, agreement, "corinne")


def test_a_body_answers_once_for_itself_and_the_proposer_accepts_at_once(cast, pair):
    agreement = propose(cast, pair, by="clara", employer="corinne")
    assert agreement.consents.get(part="buyer").decision == ConsentDecision.ACCEPTED
    answer(cast, agreement, "corinne")
    own = agreement.consents.filter(organisation=cast["corinne"].organisation)
    assert set(own.values_list("part", "decision")) == {("firm", "accepted"), ("employer", "accepted")}
    with pytest.raises(Refused, match="already answered"):
        answer(cast, agreement, "corinne")
    with pytest.raises(Refused, match="is not asked"):
        answer(cast, agreement, "simon")
    answer(cast, agreement, "cyril")
    assert agreement.state == AgreementState.IN_FORCE


def test_two_people_answering_from_the_same_page_have_one_effect(cast, pair):
    agreement = propose(cast, pair)
    seen = PoolingAgreement.objects.get(pk=agreement.pk)
    answer(cast, agreement, "corinne")
    with pytest.raises(Stale):
        answer_agreement(seen, ConsentDecision.ACCEPTED, version=1, **acting(cast, "cyril"))
    assert PoolingConsent.objects.exclude(decision="").count() == 1


def test_only_the_proposer_withdraws_and_only_before_it_is_in_force(cast, pair):
    agreement = propose(cast, pair)
    with pytest.raises(Refused, match="Only the body that proposed"):
        withdraw_agreement(agreement, reason="Erreur", **acting(cast, "corinne"))
    with pytest.raises(Refused, match="in force is ended"):
        end_agreement(agreement, reason="Erreur", **acting(cast, "fanny"))
    withdraw_agreement(agreement, reason="Erreur", **acting(cast, "fanny"))
    assert agreement.state == AgreementState.WITHDRAWN


@pytest.mark.parametrize(
    ("name", "count"),
    [("fanny", 1), ("clara", 1), ("corinne", 1), ("sonia", 1), ("felix", 0), ("elodie", 0), ("sam", 0)],
)
def test_who_reads_an_agreement(cast, pair, name, count):
    propose(cast, pair)
    assert agreements_read(cast[name].actor()).count() == count


def test_from_the_sentence_to_an_agreement_in_force(cast, pair, fanny, client_for):
    browser = client_for(fanny)
    key = "-".join(str(debtor.pk) for debtor in pair)
    form_url = page_of("pooling-propose", fanny, job=key)
    assert key in browser.get(page_of("pooling-plan", fanny), {**sentence()}).content.decode()
    assert "460,4" in browser.get(form_url).content.decode()
    wrong = browser.post(form_url, {"employer": "", "job": ""})
    assert wrong.status_code == 422
    data = {"employer": cast["sonia"].organisation.pk, "job": "Peintre en bâtiment"}
    done = browser.post(form_url, data)
    agreement = PoolingAgreement.objects.get()
    assert done.url == page_of("agreement-detail", fanny, pk=agreement.pk)
    assert sum(part.hours for part in PoolingPart.objects.all()) == Decimal("460.40")
    for version, name in enumerate(ALL, 1):
        person = cast[name]
        own = client_for(person)
        assert "Votre réponse est attendue" in own.get(page_of("agreement-list", person)).content.decode()
        url = page_of("agreement-answer", person, pk=agreement.pk)
        refused = own.post(url, {"version": version, "decision": "refused", "reason": " "})
        assert refused.context["answer"].errors["reason"]
        assert own.post(url, {"version": version, "decision": "accepted"}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE
    page = browser.get(page_of("agreement-detail", fanny, pk=agreement.pk)).content.decode()
    assert page.count("Accepté") == 4


def sentence():
    return {
        "most_hours": "600",
        "radius": "30",
        "least_months": "4",
        "least_month": "104",
        "full_month": "151,67",
        "most_parts": "5",
    }


def test_a_job_that_the_search_does_not_find_is_not_proposed(cast, pair, fanny, client_for):
    browser = client_for(fanny)
    assert browser.get(page_of("pooling-propose", fanny, job="1-2-3")).status_code == 404
    key = "-".join(str(debtor.pk) for debtor in pair)
    nine = {**sentence(), "least_months": "9"}
    assert browser.get(page_of("pooling-propose", fanny, job=key), nine).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_the_agreement_is_written_in_each_kind_and_traced(cast, pair, corinne, client_for, kind):
    agreement = propose(cast, pair)
    answer(cast, agreement, "cyril", decision=REFUSED, reason="Chantier retardé")
    reply = client_for(corinne).get(page_of("agreement-file", corinne, pk=agreement.pk, kind=kind))
    assert reply.status_code == 200
    if kind == "pdf":
        assert reply.content.startswith(b"%PDF")
    else:
        part = "word/document.xml" if kind == "docx" else "content.xml"
        text = ZipFile(BytesIO(reply.content)).read(part).decode()
        for word in ("PETIT-01", "65,16", "Chantier retardé", "Tremplin Intérim", "160,40"):
            assert word in text, word
    assert AuditEntry.objects.get(verb="execution.agreement.downloaded").detail == kind
    other = page_of("agreement-file", corinne, pk=agreement.pk, kind="exe")
    assert client_for(corinne).get(other).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["agreement-list", "agreement-detail", "agreement-file", "pooling-propose"])
def test_the_pages_of_agreements_stay_flat(cast, pair, fanny, client_for, within_queries, count, name):
    for _number in range(count):
        agreement = propose(cast, pair)
    more = {
        "agreement-detail": {"pk": agreement.pk},
        "agreement-file": {"pk": agreement.pk, "kind": "docx"},
        "pooling-propose": {"job": "-".join(str(debtor.pk) for debtor in pair)},
    }
    browser = client_for(fanny)
    with within_queries(12):
        assert browser.get(page_of(name, fanny, **more.get(name, {}))).status_code == 200
    assert sheet_of(agreement).job.total == Decimal("460.40")
