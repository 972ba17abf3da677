-- to territories.Region
SELECT '00' AS code, 'Région' AS name WHERE {first} = 1
-- to territories.Department
SELECT printf('%02d', i) AS code, 'Département ' || i AS name, '00' AS region_id
FROM range(1, 11) t(i) WHERE {first} = 1
-- to organisations.Organisation
SELECT {body} + i AS id, 'acheteur-' || i AS slug, 'Acheteur ' || i AS name, 'acheteur ' || i AS search_name,
       '' AS siret, '2026-01-01 00:00:00' AS created_at
FROM range(1, 401) t(i) WHERE {first} = 1
-- to procurement.Lot
SELECT i AS id, {scheme} AS scheme_id, {body} + 1 + hash(i) % 400 AS buyer_id, 'imported' AS origin,
       'Entretien du site ' || i AS object, 'entretien du site ' || i AS search_object,
       printf('%02d', 1 + hash(i + 7) % 10) AS department_id
FROM range({first}, {last}) t(i)
-- to procurement.Contract
SELECT i AS id, {scheme} AS scheme_id, {body} + 1 + hash(i) % 400 AS buyer_id, i AS lot_id,
       '2026-' || i AS source_id, CAST(DATE '2008-06-01' + (hash(i + 1) % 6000)::INT AS VARCHAR) AS notified_on,
       (4000000 + hash(i + 2) % 90000000)::BIGINT AS amount, hash(i + 3) % 10 = 0 AS has_social_clause
FROM range({first}, {last}) t(i)
-- to screening.ScreeningResult
SELECT i AS id, {scheme} AS scheme_id, i AS lot_id, (hash(i + 4) % 101)::INT AS score,
       (100 * (hash(i + 5) % 2000))::BIGINT AS hours, (4000000 + hash(i + 2) % 90000000)::BIGINT AS amount,
       true AS is_awarded, '' AS fingerprint, '2026-01-01' AS as_of, '2026-01-01 00:00:00' AS computed_at
FROM range({first}, {last}) t(i)
