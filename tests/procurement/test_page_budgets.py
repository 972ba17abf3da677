"""What the pages of the register cost: the same number of queries for one thing and for three."""

from datetime import UTC, datetime

import pytest

from relais.procurement.models import (
    Amendment,
    Holder,
    ImportedFile,
    ImportRejection,
    ImportRun,
    SourceRecord,
)
from tests.procurement.factories import lay_contract
from tests.procurement.test_contract_pages import page

NOON = datetime(2024, 8, 1, 10, 0, tzinfo=UTC)


def a_run(scheme, person, files: int) -> ImportRun:
    run = ImportRun.objects.create(
        scheme=scheme,
        organisation=person.organisation,
        user=person.user,
        started_at=NOON,
        finished_at=NOON,
    )
    for number in range(files):
        file = ImportedFile.objects.create(
            run=run, name=f"{number}.json", shape="json-2022", encoding="utf-8", read=1, rejected=1
        )
        ImportRejection.objects.create(file=file, position="1 (line 1)", reason_text="The buyer is missing.")
    return run


@pytest.mark.parametrize("count", [1, 3])
def test_the_imports_and_their_report_stay_flat(client_for, clara, scheme, within_queries, count):
    runs = [a_run(scheme, clara, files=count) for _ in range(count)]
    browser = client_for(clara)
    with within_queries(12):
        browser.get(page("import-list", clara))
    with within_queries(12):
        browser.get(page("import-detail", clara, pk=runs[0].pk))
    with within_queries(12):
        answer = browser.get(page("import-rejections", clara, pk=runs[0].pk), {"format": "csv"})
        rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 1 + count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_contract_stays_flat(client_for, clara, scheme, corinne, within_queries, count):
    contract = lay_contract(scheme, clara.organisation, holder=corinne.organisation)
    for number in range(1, count + 1):
        Amendment.objects.create(contract=contract, number=number)
        Holder.objects.create(contract=contract, name=f"Cotraitant {number}", identifier=f"{number}")
        SourceRecord.objects.create(contract=contract, digest=f"{number:064d}", raw="{}", received_at=NOON)
    with within_queries(18):
        answer = client_for(clara).get(page("contract-detail", clara, pk=contract.pk))
    assert len(answer.context["amendments"]) == len(answer.context["versions"]) == count
