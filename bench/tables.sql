-- to territories.Region
SELECT '00' AS code, 'Région' AS name
-- to territories.Department
SELECT code, name, '00' AS region_id FROM department
-- to organisations.Organisation
SELECT id, slug, name, search_name, '' AS siret, '2026-01-01 00:00:00' AS created_at FROM body
-- to procurement.Lot
SELECT id, {scheme} AS scheme_id, buyer_id, 'imported' AS origin, 'Opération ' || id AS object,
       'operation ' || id AS search_object, department_id
FROM obligation JOIN place USING (id)
-- to procurement.Contract
SELECT id, {scheme} AS scheme_id, buyer_id, id AS lot_id, '2026-' || id AS source_id,
       CAST(starts_on AS VARCHAR) AS notified_on, owed * 500 AS amount, id % 5 = 0 AS has_social_clause
FROM obligation
-- to clauses.Clause
SELECT id, {scheme} AS scheme_id, buyer_id, id AS lot_id, id AS contract_id, 'C-' || id AS reference,
       modality, '2019' AS regime, CAST(starts_on AS VARCHAR) AS launched_on, 'L. 2112-2' AS article,
       owed AS hours, sector, 'awarded' AS state, '2026-01-01 00:00:00' AS created_at
FROM obligation
-- to execution.Obligation
SELECT id, {scheme} AS scheme_id, id AS clause_id, buyer_id, CAST(starts_on AS VARCHAR) AS starts_on,
       CAST(starts_on + 1000 AS VARCHAR) AS ends_on, owed
FROM obligation
-- to execution.Debtor
SELECT id, obligation_id, organisation_id, '1' AS share, true AS is_lead FROM debtor
-- to execution.Entry
SELECT id, id AS obligation_id, id AS debtor_id, 1 AS number, 'initial' AS kind,
       CAST(starts_on AS VARCHAR) AS effective_on, owed AS hours, '2026-01-01 00:00:00' AS recorded_at
FROM obligation
-- to execution.Person
SELECT id, {scheme} AS scheme_id, {body} AS body_id, number, pseudonym, 'Prénom' AS first_name,
       'Nom ' || id AS last_name, 'nom ' || id AS search_name, '1990-01-01' AS birth_date, sex,
       '2026-01-01 00:00:00' AS created_at
FROM person
-- to execution.Eligibility
SELECT id, id AS person_id, category, '2016-01-01' AS proof_on, 'validated' AS state,
       '2010-01-01' AS starts_on, '2016-01-01 00:00:00' AS decided_at
FROM person
-- to execution.JobContract
SELECT job.id, person_id, job.obligation_id, person_id AS eligibility_id, organisation_id AS employer_id,
       organisation_id AS declared_by_id, debtor.id AS debtor_id, kind, mode, 'Poste' AS job,
       CAST((DATE '{first_year}-01-01' + to_months(first_month))::DATE AS VARCHAR) AS starts_on,
       '2026-01-01 00:00:00' AS recorded_at
FROM job JOIN debtor ON debtor.obligation_id = job.obligation_id
-- to execution.Statement
SELECT statement.id, statement.obligation_id, organisation_id AS declarant_id,
       CAST(month AS VARCHAR) AS month, 'form' AS origin, 'submitted' AS state,
       '2026-01-01 00:00:00' AS submitted_at
FROM statement JOIN debtor ON debtor.obligation_id = statement.obligation_id
-- to execution.StatementLine
SELECT line.id, statement.id AS statement_id, line.obligation_id, job_id AS job_contract_id,
       CAST(line.month AS VARCHAR) AS month, CAST(line.month AS VARCHAR) AS starts_on,
       CAST(line.month + 27 AS VARCHAR) AS ends_on, hours, training AS training_hours,
       hours AS counted_hours, state, '2026-01-01 00:00:00' AS declared_at
FROM line
JOIN statement ON statement.obligation_id = line.obligation_id AND statement.month = line.month
