"""Lines of the trail in words: acts, pages, codes, figures, reasons; and their order, by an index."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils.translation import override

from relais.kit.models import AuditEntry, Outcome
from relais.kit.refusals import Told, collected, detail_of, tell
from relais.kit.trail import act_label, detail_label, verbs_of
from relais.organisations import queries

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def entry(verb: str, detail: str, outcome: Outcome = Outcome.DONE) -> AuditEntry:
    return AuditEntry(at=NOON, verb=verb, outcome=outcome, detail=detail)


@pytest.mark.parametrize(
    ("verb", "detail", "said"),
    [
        ("screening.scheme.screened", "read=92 screened=0", "lus\u00a0: 92 · évalués\u00a0: 0"),
        ("screening.opportunity.rejected", "few_hours", "Trop peu d’heures"),
        (
            "execution.entry.recorded",
            "INITIAL n=1 hours=1250.50",
            "numéro\u00a0: 1 · heures\u00a0: 1\u202f250,5",
        ),
        ("execution.job.recorded", "P-00012 PRO DIRECT_HIRE", "P-00012 · "),
        ("execution.month.closed", "month=2024-03 lines=3", "mois\u00a0: mars 2024 · lignes\u00a0: 3"),
        ("organisations.membership.role_changed", "before=officer after=manager", "avant\u00a0: "),
        ("organisations.policy.set", "effort value=0.07 from=2026-01-01", "valeur\u00a0: 0,07"),
        ("procurement.contract.corrected", "amount", "montant"),
        (
            "organisations.trail.exported",
            "q=eau+vive&format=csv",
            "mots cherchés\u00a0: eau vive · ",
        ),
        ("never.named", "=HYPERLINK(evil) 2024-99-99", "=HYPERLINK(evil) · 2024-99-99"),
    ],
)
def test_codes_and_figures_are_told_in_french(verb, detail, said):
    with override("fr"):
        assert said in detail_label(entry(verb, detail))


def test_no_code_of_a_list_is_left_as_it_is_kept():
    with override("fr"):
        said = detail_label(entry("execution.job.recorded", "P-00012 PRO DIRECT_HIRE"))
        assert ("PRO" in said.split(" · "), "DIRECT_HIRE" in said) == (False, False)
        assert "EXEC_CONDITION" not in detail_label(entry("screening.opportunity.retained", "EXEC_CONDITION"))


def test_a_refusal_says_the_act_the_numbers_and_the_reason_without_its_values():
    reason = "Hours of %(month)s still wait for a decision: validate or reject them first."
    refused = entry("month-close", f"POST pk=12 month=2024-03 | {reason}", Outcome.REFUSED)
    with override("fr"):
        assert act_label(refused) == "Mois clos"
        said = detail_label(refused)
        assert "…" in said
        assert "%(" not in said
        assert "POST" not in said
        assert said.endswith("numéro\u00a0: 12 · mois\u00a0: mars 2024")
    with override("en"):
        assert detail_label(entry("clause-keep", "GET 404 pk=3", Outcome.REFUSED)).endswith("number: 3")


def test_an_address_nobody_named_is_told_as_a_page():
    with override("en"):
        assert act_label(entry("never-named", "GET 404", Outcome.REFUSED)) == "Page “never named”"


def test_an_act_is_found_with_the_pages_that_do_it():
    assert set(verbs_of("execution.month.closed")) == {"execution.month.closed", "month-close"}


def test_reasons_are_kept_for_one_answer_only():
    tell(None)
    with collected() as told:
        tell(None, about="thing")
    assert told == [Told(None, "thing")]
    assert detail_of("GET 404", None) == "GET 404"


def test_the_newest_line_is_the_latest_even_when_it_was_written_first(carole):
    body = carole.organisation.pk
    for hours in (0, -2, 1):
        at = NOON + timedelta(hours=hours)
        AuditEntry.objects.create(at=at, verb=str(hours), outcome=Outcome.DONE, organisation_id=body)
    assert [line.verb for line in queries.trail(carole.actor())] == ["1", "0", "-2"]


def test_the_trail_is_read_through_its_indexes(carole):
    AuditEntry.objects.bulk_create(
        AuditEntry(at=NOON, verb="x", outcome=Outcome.DONE, organisation_id=number) for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = queries.trail(carole.actor())[:50].explain()
    assert "SCAN kit_auditentry" not in plan.replace("SCAN kit_auditentry USING INDEX", "")
    assert "Seq Scan on kit_auditentry" not in plan
    whole = AuditEntry.objects.all()[:50].explain()
    assert "kit_audit_newest" in whole
    assert "TEMP B-TREE" not in whole
