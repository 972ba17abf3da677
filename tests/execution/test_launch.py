from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from relais.clauses.actions import add_party, record_award
from relais.clauses.enums import Part
from relais.clauses.models import Correspondent, HoursPlan, Minutes, PlannedHours, Tender
from relais.core.hours_plan import Planned
from relais.core.months import Month
from relais.core.words import BadValue
from relais.execution.actions.launch import (
    Contact,
    Meeting,
    end_correspondent,
    name_correspondent,
    spread_hours,
    write_minutes,
    write_plan,
)
from relais.execution.actions.ledger import Wanted, record_entry
from relais.execution.enums import EntryKind
from relais.execution.forms.launch import MOST_TRADES
from relais.execution.models import Obligation
from relais.execution.queries.launch import launch_of
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.clauses.factories import (
    LAUNCHED,
    a_grid,
    a_scored_clause,
    an_award,
    an_awarded,
    an_offer,
    noon,
    score,
)

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(120)
HALVES = {"corinne": Decimal("0.5"), "cyril": Decimal("0.5")}
PAINT = {"Peinture": Decimal(2), "Sols": Decimal(1)}


@pytest.fixture
def obligation(cast):
    return an_awarded(cast, shares=HALVES).obligation


def spread(cast, obligation, trades=None, by="fanny"):
    return spread_hours(obligation, trades or PAINT, actor=cast[by].actor(DAY), at=noon(DAY))


def named(cast, obligation, whose="corinne", by=None, **fields):
    contact = Contact(
        cast[whose].organisation,
        **{"role": "clause", "name": "Élise Dubreuil", "phone": "03 00 00 00 01", **fields},
    )
    return name_correspondent(obligation, contact, actor=cast[by or whose].actor(DAY), at=noon(DAY))


def held(cast, obligation, by="fanny", **fields):
    meeting = Meeting(
        **{"held_on": DAY, "attendees": "PLIE, Bâtisseurs", "decisions": "Deux postes de peintre", **fields}
    )
    return write_minutes(obligation, meeting, actor=cast[by].actor(DAY), at=noon(DAY))


def test_the_plan_counts_what_is_owed_to_the_hundredth(cast, obligation):
    plan = spread(cast, obligation, {"A": Decimal(1), "B": Decimal(1), "C": Decimal(1)})
    hours = list(plan.lines.values_list("hours", flat=True))
    assert sum(hours) == obligation.owed == Decimal(373)
    months = sorted(set(plan.lines.values_list("month", flat=True)))
    assert (months[0], months[-1]) == (
        obligation.starts_on.replace(day=1),
        obligation.ends_on.replace(day=1),
    )


def test_the_years_that_the_offer_retained_promised_weigh_the_plan(cast):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    corinne = cast["corinne"].organisation
    years = (Decimal(400), Decimal(100))
    tender = an_offer(cast, clause, corinne.name, "500", identifier=corinne.siret, years=years)
    score(cast, tender)
    signed = an_award(cast, tender=Tender.objects.get(), hours=Decimal(500))
    record_award(clause, signed, actor=cast["clara"].actor(DAY), at=noon(DAY))
    plan = spread(cast, clause.obligation, {"Peinture": Decimal(1)})
    second = date(signed.starts_on.year + 1, signed.starts_on.month, 1)
    later = sum(plan.lines.filter(month__gt=second).values_list("hours", flat=True))
    assert later < 100 < later + sum(plan.lines.filter(month=second).values_list("hours", flat=True))


def test_a_plan_changed_by_hand_is_kept_only_whole(cast, obligation):
    plan = spread(cast, obligation, {"Peinture": Decimal(1)})
    known = [Planned(Month.of(line.month), line.trade, line.hours) for line in plan.lines.all()]
    short = [*known[:-1], Planned(known[-1].month, "Peinture", known[-1].hours - Decimal("0.01"))]
    actor, at = cast["fanny"].actor(DAY), noon(DAY)
    with pytest.raises(Refused, match=r"0\.01 h are missing"):
        write_plan(obligation, short, actor=actor, at=at, version=plan.version)
    moved = [Planned(Month(2026, 1), "Peinture", Decimal(373))]
    write_plan(obligation, moved, actor=actor, at=at, version=plan.version)
    assert PlannedHours.objects.get().hours == Decimal(373)
    with pytest.raises(Stale):
        write_plan(obligation, known, actor=actor, at=at, version=plan.version)
    wrong = [Planned(Month(2026, 1), "A", Decimal(-1)), Planned(Month(2026, 2), "A", Decimal(374))]
    with pytest.raises(Refused, match="cannot be negative"):
        write_plan(obligation, wrong, actor=actor, at=at)


def test_a_plan_without_any_trade_stores_nothing(cast, obligation):
    with pytest.raises(BadValue):
        spread(cast, obligation, {"Peinture": Decimal(0)})
    assert not HoursPlan.objects.exists()


def test_an_amendment_after_the_plan_is_told_on_the_file(cast, fanny, obligation):
    spread(cast, obligation)
    more = Wanted(kind=EntryKind.AMENDMENT, hours=Decimal(27), effective_on=DAY, document="Avenant n° 1")
    record_entry(obligation, more, actor=cast["clara"].actor(DAY), at=noon(DAY))
    assert launch_of(obligation, fanny.actor(DAY)).plan_gap == Decimal(27)


def test_the_months_of_an_extension_are_there_to_be_planned(cast, fanny, obligation, client_for):
    spread(cast, obligation, {"Peinture": Decimal(1)})
    later = Month.of(obligation.ends_on).shifted(2)
    Obligation.objects.filter(pk=obligation.pk).update(ends_on=later.first_day)
    url = page_of("launch-plan", fanny, pk=obligation.pk)
    browser = client_for(fanny)
    form = browser.get(url).context["form"]
    data = {name: str(form[name].value()) for name in form.fields}
    planned = [name for name in data if name.endswith("_0")]
    first, last = planned[0], planned[-1]
    assert last == f"h_{later.year}_{later.number:02d}_0"
    moved = Decimal(data[first])
    assert browser.post(url, {**data, first: "0", last: str(moved)}).status_code == 302
    assert PlannedHours.objects.get(month=later.first_day).hours == moved


def test_a_trade_is_added_to_the_plan_by_hand(cast, fanny, obligation, client_for):
    spread(cast, obligation, {"Peinture": Decimal(1)})
    url, browser = page_of("launch-plan", fanny, pk=obligation.pk), client_for(fanny)
    form = browser.get(url).context["form"]
    data = {name: str(form[name].value()) for name in form.fields}
    first = next(name for name in data if name.startswith("h_"))
    moved = {**data, first: "0", f"{first[:-1]}1": data[first]}
    for name, word in (("", "Indiquez le métier"), ("PEINTURE", "figure déjà")):
        wrong = browser.post(url, {**moved, "added": name})
        assert wrong.status_code == 422
        assert word in summary_of(wrong)
    assert browser.post(url, {**moved, "added": " Sols "}).status_code == 302
    added = PlannedHours.objects.exclude(trade="Peinture")
    assert {line.trade for line in added} == {"Sols"}
    assert sum(line.hours for line in added) == Decimal(data[first])
    spread(cast, obligation, {f"Métier {rank}": Decimal(1) for rank in range(MOST_TRADES)})
    assert "added" not in browser.get(url).context["form"].fields


def test_each_body_names_its_own_and_the_facilitator_anybodys(cast, obligation):
    named(cast, obligation)
    named(cast, obligation, "cyril", by="fanny", email="chantier@example.org", phone="")
    with pytest.raises(Refused, match="your own body only"):
        named(cast, obligation, "cyril", by="corinne")
    with pytest.raises(Refused, match="e-mail address or a telephone"):
        named(cast, obligation, phone="")
    obligation.refresh_from_db()
    assert obligation.contact_name == "Élise Dubreuil"
    assert Correspondent.objects.count() == 2


def test_a_partner_reads_its_own_correspondents_and_those_it_must_call(cast, obligation):
    add_party(
        obligation.clause,
        cast["sonia"].organisation,
        Part.STRUCTURE,
        actor=cast["clara"].actor(DAY),
        at=noon(DAY),
        starts_on=DAY,
    )
    for whose in ("corinne", "cyril", "fanny", "sonia"):
        named(cast, obligation, whose, name=f"Contact de {whose}")
    named(cast, obligation, "clara", by="fanny", name="Contact de clara")

    def read(person):
        found = launch_of(obligation, cast[person].actor(DAY)).correspondents
        return sorted(one.name.rpartition(" ")[2] for one in found)

    assert read("fanny") == read("clara") == ["clara", "corinne", "cyril", "fanny", "sonia"]
    assert read("corinne") == ["clara", "corinne", "fanny"]
    assert read("sonia") == ["clara", "fanny", "sonia"]


def test_a_correspondent_taken_off_is_called_no_more(cast, obligation):
    one = named(cast, obligation)
    with pytest.raises(Refused, match="your own body only"):
        end_correspondent(obligation, one, actor=cast["cyril"].actor(DAY), at=noon(DAY))
    end_correspondent(obligation, one, actor=cast["corinne"].actor(DAY), at=noon(DAY))
    assert launch_of(obligation, cast["corinne"].actor(DAY)).correspondents == ()
    one.refresh_from_db()
    with pytest.raises(Refused, match="in charge no more"):
        end_correspondent(obligation, one, actor=cast["corinne"].actor(DAY), at=noon(DAY))


def test_the_minutes_record_the_day_and_a_correction_keeps_the_former_ones(cast, fanny, obligation):
    held(cast, obligation)
    obligation.refresh_from_db()
    assert obligation.kicked_off_on == DAY
    held(cast, obligation, decisions="Trois postes", held_on=DAY - timedelta(1))
    obligation.refresh_from_db()
    assert obligation.kicked_off_on == DAY - timedelta(1)
    launch = launch_of(obligation, fanny.actor(DAY))
    assert (launch.minutes.decisions, launch.former[0].decisions) == (
        "Trois postes",
        "Deux postes de peintre",
    )
    with pytest.raises(Refused, match="who was present"):
        held(cast, obligation, attendees=" ")
    with pytest.raises(Refused, match="once held"):
        held(cast, obligation, held_on=DAY + timedelta(1))
    assert Minutes.objects.count() == 2


@pytest.mark.parametrize("by", ["corinne", "pascal", "sam"])
def test_who_does_not_write_the_plan_nor_the_minutes(cast, obligation, by):
    for act in (spread, held):
        with pytest.raises(Refused, match="facilitator of this clause or its buyer"):
            act(cast, obligation, by=by)


def summary_of(response):
    """What the summary of the errors says."""
    return BeautifulSoup(response.content.decode(), "html.parser").select_one(".error-summary ul").get_text()


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def test_the_kick_off_goes_from_the_plan_to_the_file(cast, fanny, obligation, client_for):
    browser = client_for(fanny)

    def url(name):
        return page_of(name, fanny, pk=obligation.pk)

    assert browser.get(url("launch-plan")).url == url("launch-spread")
    trades = {"trade_1": "Peinture", "share_1": "60", "trade_2": "Sols", "share_2": "30"}
    refused = browser.post(url("launch-spread"), trades)
    assert refused.status_code == 422
    assert "90" in refused.content.decode()
    assert browser.post(url("launch-spread"), {**trades, "share_2": "40"}).status_code == 302
    page = browser.get(url("launch-plan"))
    form = page.context["form"]
    data = {name: str(form[name].value()) for name in form.fields}
    first = next(name for name in data if name.startswith("h_"))
    wrong = browser.post(url("launch-plan"), {**data, first: "1 234,5"})
    assert wrong.status_code == 422
    assert "1 234,5" in wrong.content.decode()
    assert "de trop" in summary_of(wrong)
    letters = browser.post(url("launch-plan"), {**data, first: "douze"})
    assert "douze" in letters.content.decode()
    assert letters.context["form"][first].label in summary_of(letters)
    assert browser.post(url("launch-plan"), data).status_code == 302
    minutes = {"held_on": "2025-06-20", "attendees": "PLIE", "decisions": "Deux postes", "next_steps": ""}
    assert browser.post(url("launch-minutes"), minutes).status_code == 302
    contact = {"organisation": str(fanny.organisation.pk), "role": "clause", "member": str(fanny.user.pk)}
    assert browser.post(url("correspondent-add"), contact).status_code == 302
    for name in ("launch-detail", "launch-print"):
        shown = browser.get(url(name)).content.decode()
        for word in ("Sols", "Deux postes", "fanny@example.org", "186,5"):
            assert word in shown, (name, word)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "name"),
        ({"name": "Élise"}, "email"),
        ({"name": "Élise", "email": "pas une adresse"}, "email"),
        ({"name": "Élise", "member": "own"}, "name"),
        ({"member": "own", "organisation": "other"}, "member"),
    ],
)
def test_what_is_wrong_in_a_correspondent_is_told_at_its_field(
    cast, fanny, obligation, client_for, data, field
):
    body = {"other": cast["corinne"].organisation.pk}.get(data.get("organisation"), fanny.organisation.pk)
    member = fanny.user.pk if "member" in data else ""
    sent = {**data, "organisation": str(body), "member": str(member), "role": "clause"}
    answer = client_for(fanny).post(page_of("correspondent-add", fanny, pk=obligation.pk), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Correspondent.objects.exists()


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf"])
def test_the_file_is_written_in_each_kind_and_traced(cast, fanny, obligation, client_for, kind):
    spread(cast, obligation)
    held(cast, obligation)
    named(cast, obligation)
    answer = client_for(fanny).get(page_of("launch-file", fanny, pk=obligation.pk, kind=kind))
    assert answer.status_code == 200
    if kind == "pdf":
        assert answer.content.startswith(b"%PDF")
    else:
        part = "word/document.xml" if kind == "docx" else "content.xml"
        text = ZipFile(BytesIO(answer.content)).read(part).decode()
        for word in ("Deux postes de peintre", "Élise Dubreuil", "Sols"):
            assert word in text
    assert AuditEntry.objects.get(verb="execution.launch.downloaded").detail == kind


def test_a_partner_does_not_find_the_share_of_the_other_in_its_file(cast, corinne, obligation, client_for):
    named(cast, obligation, "cyril", name="Contact de Cyril")
    content = client_for(corinne).get(page_of("launch-file", corinne, pk=obligation.pk, kind="docx")).content
    text = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    assert "Bâtisseurs du Mad" in text
    assert "Contact de Cyril" not in text
    assert "Peintures de l" not in text


def test_an_unknown_kind_of_file_is_not_found(fanny, obligation, client_for):
    answer = client_for(fanny).get(page_of("launch-file", fanny, pk=obligation.pk, kind="exe"))
    assert answer.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["launch-detail", "launch-print", "launch-plan", "launch-file"])
def test_the_pages_of_the_kick_off_stay_flat(
    cast, fanny, obligation, client_for, within_queries, count, name
):
    spread(cast, obligation, {f"Métier {number}": Decimal(1) for number in range(count)})
    for number in range(count):
        named(cast, obligation, name=f"Contact {number}")
        held(cast, obligation)
    extra = {"kind": "docx"} if name == "launch-file" else {}
    browser = client_for(fanny)
    with within_queries(12):
        assert browser.get(page_of(name, fanny, pk=obligation.pk, **extra)).status_code == 200


@pytest.mark.parametrize("name", ["launch-spread", "launch-minutes", "correspondent-add"])
def test_the_forms_of_the_kick_off_keep_their_budget(fanny, obligation, client_for, within_queries, name):
    browser = client_for(fanny)
    with within_queries(12):
        assert browser.get(page_of(name, fanny, pk=obligation.pk)).status_code == 200
