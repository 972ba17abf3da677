-- Draw a ledger: `u` gives a number from 0 to 1 for a row and a purpose, the same at each run of a seed.
CREATE MACRO u(n, salt) AS (hash(n * 1000003 + salt * 7919 + {seed}) % 1000000007) / 1000000007.0;
CREATE MACRO pick(list, share) AS list[1 + floor(len(list) * share)::INT];

CREATE TABLE department AS
SELECT printf('%02d', i) AS code, 'Département ' || i AS name FROM range(1, {departments} + 1) t(i);

CREATE TABLE body AS
SELECT {own} + i AS id, 'corps-' || i AS slug, 'Corps ' || i AS name, 'corps ' || i AS search_name
FROM range(1, {buyers} + {companies} + 1) t(i);

-- A product of draws is skewed: the first buyers, companies and contracts hold most of the work.
CREATE TABLE obligation AS
SELECT i AS id,
       {own} + 1 + floor({buyers} * u(i, 1) * u(i, 2))::BIGINT AS buyer_id,
       pick([{modalities}], u(i, 3) * u(i, 4)) AS modality,
       pick([{sectors}], u(i, 5) * u(i, 6)) AS sector,
       DATE '{first_year}-01-01' + floor(3500 * u(i, 7))::INT AS starts_on,
       (10000 + floor(500000 * u(i, 8)))::BIGINT AS owed
FROM range(1, {obligations} + 1) t(i);

CREATE TABLE place AS
SELECT id, printf('%02d', 1 + (buyer_id * 7 + (u(id, 9) < 0.1)::INT) % {departments}) AS department_id
FROM obligation;

CREATE TABLE debtor AS
SELECT id, id AS obligation_id,
       {own} + {buyers} + 1 + floor({companies} * u(id, 10) * u(id, 11))::BIGINT AS organisation_id
FROM obligation;

CREATE TABLE person AS
SELECT i AS id, sha256('p' || i) AS pseudonym, 'P-' || i AS number,
       CASE WHEN u(i, 12) < 0.27 THEN 'F' WHEN u(i, 12) < 0.99 THEN 'M' ELSE '' END AS sex,
       pick([{categories}], u(i, 13) * u(i, 14)) AS category
FROM range(1, {people} + 1) t(i);

CREATE TABLE job AS
SELECT i AS id,
       1 + floor({people} * u(i, 15))::BIGINT AS person_id,
       1 + floor({obligations} * pow(u(i, 16), 3))::BIGINT AS obligation_id,
       pick([{modes}], u(i, 17) * u(i, 18)) AS mode,
       pick([{kinds}], u(i, 19) * u(i, 20)) AS kind,
       floor({first_months} * u(i, 21))::INT AS first_month,
       1 + floor(11 * u(i, 22))::INT AS span
FROM range(1, {jobs} + 1) t(i);

CREATE TABLE line AS
SELECT row_number() OVER (ORDER BY job_id, month) AS id, *,
       CASE WHEN u(job_id * 100 + rank, 23) < 0.1 THEN hours // 4 ELSE 0 END AS training
FROM (
    SELECT job.id AS job_id, obligation_id, rank,
           (DATE '{first_year}-01-01' + to_months(first_month + rank::INT))::DATE AS month,
           (100 + floor(15100 * u(job.id * 100 + rank, 24)))::BIGINT AS hours,
           pick([{states}], u(job.id * 100 + rank, 25)) AS state
    FROM job CROSS JOIN range(12) ranks(rank)
    WHERE rank < span
    ORDER BY job.id, rank
    LIMIT {lines}
);

CREATE TABLE statement AS
SELECT row_number() OVER (ORDER BY obligation_id, month) AS id, obligation_id, month
FROM (SELECT DISTINCT obligation_id, month FROM line);

CREATE VIEW flat AS
SELECT year(line.month)::VARCHAR AS year, line.month, obligation.buyer_id::VARCHAR AS buyer,
       place.department_id AS department, modality, sector, mode, category, sex, kind AS job_kind, pseudonym,
       line.obligation_id, debtor.organisation_id AS company, state, hours, training
FROM line
JOIN obligation ON obligation.id = line.obligation_id
JOIN place ON place.id = line.obligation_id
JOIN debtor ON debtor.obligation_id = line.obligation_id
JOIN job ON job.id = line.job_id
JOIN person ON person.id = job.person_id;
