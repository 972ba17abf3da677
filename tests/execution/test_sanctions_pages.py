from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from relais.execution.enums import BreachAct, BreachStage
from relais.execution.models import Breach, Obligation
from relais.execution.queries.equal_treatment import bands, watched
from relais.kit.models import AuditEntry
from tests.execution.road import HEARD, WARNED, breach_after, observed, running, take

pytestmark = pytest.mark.django_db
A = BreachAct


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def obligation(cast, today):
    return running(cast, today)


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def test_a_breach_goes_from_the_gap_to_the_formal_notice_on_its_pages(
    cast, fanny, obligation, today, client_for
):
    def send(by, page, data, status=302, **kwargs):
        person = cast[by]
        answer = client_for(person).post(page_of(page, person, **kwargs), data)
        assert answer.status_code == status, answer.content.decode()[-3000:]
        return answer

    on = today.isoformat()
    debtor = obligation.debtors.get()
    typed = {"debtor": str(debtor.pk), "kind": "hours", "on": on, "text": "Aucune heure en quatre mois"}
    send("fanny", "breach-observe", typed, pk=obligation.pk)
    breach = Breach.objects.get()
    url = page_of("breach-warn", fanny, pk=breach.pk, step="rappel")
    form = client_for(fanny).get(url).context["form"]
    plan = {name: str(form[name].value()) for name in form.fields if name.startswith("h_")}
    assert sum(map(Decimal, plan.values())) == breach.missing
    reminder = {"on": on, "text": "Rappel", "due_on": (today + timedelta(10)).isoformat(), **plan}
    wrong = send("fanny", "breach-warn", {**reminder, min(plan): "0"}, 422, pk=breach.pk, step="rappel")
    assert "mettez-les" in wrong.content.decode()
    send("fanny", "breach-warn", reminder, pk=breach.pk, step="rappel")
    send("fanny", "breach-warn", {"on": on, "text": "Présents"}, pk=breach.pk, step="reunion")
    asked = {"on": on, "text": "Rattraper les heures"}
    send("paula", "breach-propose", asked, pk=breach.pk, step="mise-en-demeure")
    signed = {"choice": "notice", "on": on, "reference": "RAR 1A 234", "due_on": on}
    refused = send("carole", "breach-decide", signed, 422, pk=breach.pk)
    assert "15" in refused.content.decode()
    signed["due_on"] = (today + timedelta(20)).isoformat()
    send("carole", "breach-decide", signed, pk=breach.pk)
    shown = client_for(cast["corinne"]).get(page_of("breach-detail", cast["corinne"], pk=breach.pk))
    assert "RAR 1A 234" in shown.content.decode()
    assert "Mise en demeure proposée" not in shown.content.decode()
    send("corinne", "breach-reply", {"on": on, "text": "Chantier arrêté"}, pk=breach.pk)
    breach.refresh_from_db()
    assert breach.stage == BreachStage.HEARD
    waits = client_for(cast["paula"]).get(page_of("breach-detail", cast["paula"], pk=breach.pk))
    assert "court jusqu" in waits.content.decode()


def test_an_unknown_step_or_letter_is_not_found(cast, fanny, paula_breach, client_for):
    browser = client_for(fanny)
    pk = paula_breach.pk
    for url in (
        page_of("breach-warn", fanny, pk=pk, step="punition"),
        page_of("breach-letter", fanny, pk=pk, number=12, kind="pdf"),
        page_of("breach-letter", fanny, pk=pk, number=1, kind="exe"),
        page_of("breach-letter", fanny, pk=pk, number=4, kind="pdf"),
    ):
        assert browser.get(url).status_code == 404


@pytest.fixture
def paula_breach(cast, obligation, today):
    """Decided, with each of its letters."""
    acts = (*HEARD, A.PENALTY_PROPOSED, A.PENALTY_DECIDED, A.ACCOUNTED)
    return breach_after(cast, obligation, today, *acts)


def test_each_step_has_its_letter_with_the_figures_and_the_working(cast, fanny, paula_breach, client_for):
    browser = client_for(fanny)
    words = {
        1: "aucune sanction",
        2: "Plan de rattrapage",
        3: "Compte rendu",
        5: "mis en demeure",
        8: "calcul de la pénalité",
        9: "Réf. 12",
    }
    for number, word in words.items():
        answer = browser.get(page_of("breach-letter", fanny, pk=paula_breach.pk, number=number, kind="docx"))
        text = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
        assert word in text, number
        if number == 8:
            for figure in ("4 500", "45", "Heures retenues pour la pénalité"):
                assert figure in text.replace("\u202f", " "), figure
    for kind, start in (("pdf", b"%PDF"), ("odt", b"PK")):
        content = browser.get(
            page_of("breach-letter", fanny, pk=paula_breach.pk, number=8, kind=kind)
        ).content
        assert content.startswith(start)
    assert AuditEntry.objects.filter(verb="execution.breach.letter").count() == len(words) + 2


def test_equal_gaps_are_compared_and_a_gap_without_step_is_told(cast, clara, today, client_for):
    contracts = [running(cast, today) for _ in range(3)]
    breach = breach_after(cast, contracts[0], today, *WARNED)
    observed(cast, contracts[1], today)
    rows = watched(clara.actor(today), today)
    assert [row.breach.stage if row.breach else None for row in rows].count(None) == 1
    alone = next(row for row in rows if row.breach is None)
    starts_on, ends_on = contracts[2].starts_on, contracts[2].ends_on
    assert alone.since == starts_on + timedelta(-(-((ends_on - starts_on).days + 1) // 4) - 1)
    (band,) = bands(rows)
    assert (band.without, dict(band.stages), band.is_uneven) == (
        1,
        {BreachStage.OBSERVED: 1, BreachStage.NOTICE: 1},
        True,
    )
    take(cast, breach, A.REGULARISED, today)
    Obligation.objects.filter(pk=contracts[2].pk).update(state="suspended")
    assert len(watched(clara.actor(today), today)) == 2
    browser = client_for(clara)
    kept = browser.get(page_of("breach-list", clara) + "?stage=observed").content.decode()
    assert "M-" in kept
    assert (
        "Aucun écart à suivre"
        in browser.get(page_of("breach-list", clara) + "?stage=waived").content.decode()
    )
    assert browser.get(page_of("breach-export", clara) + "?format=xlsx").content.startswith(b"PK")


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_of_breaches_stay_flat(cast, clara, today, client_for, within_queries, count):
    breaches = [breach_after(cast, running(cast, today), today, *HEARD[:count]) for _ in range(count)]
    browser = client_for(clara)
    pk = breaches[0].pk
    urls = [
        page_of("breach-list", clara),
        page_of("breach-export", clara),
        page_of("obligation-breaches", clara, pk=breaches[0].obligation_id),
        page_of("breach-detail", clara, pk=pk),
        page_of("breach-letter", clara, pk=pk, number=1, kind="docx"),
        page_of("terms-record", clara, pk=breaches[0].obligation_id),
        page_of("cause-tell", clara, pk=pk),
    ]
    for url in urls:
        with within_queries(12):
            assert browser.get(url).status_code == 200, url
