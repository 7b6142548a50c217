-- A statement, what reading it by the parser alone must give, a blank line. "= verb kind name, … | facts": a Reading;
-- "! doubt": unreadable. https://cloud.google.com/bigquery/docs/reference/standard-sql, tests/unit/test_bigquery_corpus.py.

SELECT 1
= read expression constants

SELECT 1 AS a, 'x' AS b, NULL, TRUE, 1.5, 1e3, 0x1F, b'x', r'\d+', """long 'text'""", DATE '2020-01-01', TIMESTAMP '2020-01-01 00:00:00+00', NUMERIC '1.5', JSON '{"a": 1}'
= read expression constants

SELECT a, COUNT(*) AS c, SUM(x) FROM `p.d.t` AS o WHERE o.id = @id GROUP BY a HAVING COUNT(*) > 1 ORDER BY c DESC NULLS LAST LIMIT 10 OFFSET 5
= read table p.d.t

SELECT * FROM t
= read table t

SELECT * FROM d.t
= read table d.t

SELECT * FROM p.d.t
= read table p.d.t

SELECT * FROM p-x.d.t
= read table p-x.d.t

SELECT * FROM `p-x`.d.t
= read table p-x.d.t

SELECT * FROM `p`.`d`.`t`
= read table p.d.t

SELECT * FROM `p-x.d`.t
= read table p-x.d.t

SELECT * FROM `d.events_*` WHERE _TABLE_SUFFIX BETWEEN '20240101' AND '20240131'
= read table d.events_*

SELECT * FROM `p.d.events_2024*`
= read table p.d.events_2024*

SELECT * FROM d.INFORMATION_SCHEMA.TABLES
= read catalog d.INFORMATION_SCHEMA.TABLES

SELECT table_name FROM p.d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'x'
= read catalog p.d.INFORMATION_SCHEMA.COLUMNS

SELECT * FROM `p.d.INFORMATION_SCHEMA.TABLES`
= read catalog p.d.INFORMATION_SCHEMA.TABLES

SELECT query FROM `region-eu`.INFORMATION_SCHEMA.JOBS
= read catalog region-eu.INFORMATION_SCHEMA.JOBS

SELECT * FROM `p`.`region-eu`.INFORMATION_SCHEMA.JOBS_BY_PROJECT
= read catalog p.region-eu.INFORMATION_SCHEMA.JOBS_BY_PROJECT

SELECT o.id, i.sku FROM d.orders o, o.items i
= read table d.orders

SELECT o.id FROM d.orders AS o, UNNEST(o.items) AS i WITH OFFSET AS n WHERE i.price > 1
= read table d.orders

SELECT o.id FROM d.orders o LEFT JOIN UNNEST(o.items) i
= read table d.orders

SELECT o.id FROM d.orders o CROSS JOIN o.items AS i
= read table d.orders

SELECT (SELECT COUNT(*) FROM o.items) FROM d.orders o
= read table d.orders

SELECT ARRAY(SELECT AS STRUCT i.sku, i.price FROM o.items i ORDER BY i.price) FROM d.orders AS o
= read table d.orders

SELECT x FROM UNNEST([1, 2, 3]) AS x
= read expression constants

SELECT x FROM UNNEST(GENERATE_ARRAY(1, 10)) AS x
= read expression constants

SELECT id FROM d.t WHERE id IN UNNEST(@ids)
= read table d.t

SELECT id FROM d.t WHERE id IN UNNEST([1, 2])
= read table d.t

SELECT id FROM d.t WHERE id IN (SELECT id FROM d.u)
= read table d.t, read table d.u

SELECT id FROM d.t WHERE EXISTS (SELECT 1 FROM d.u WHERE u.id = t.id)
= read table d.t, read table d.u

SELECT id FROM d.t WHERE a = ? AND b = ?
= read table d.t

SELECT a.x, b.y FROM d.a JOIN d.b USING (id)
= read table d.a, read table d.b

SELECT a.x, b.y FROM d.a AS a INNER JOIN d.b AS b ON a.id = b.id AND a.k = b.k
= read table d.a, read table d.b

SELECT a.x FROM d.a LEFT JOIN d.b ON a.id = b.id RIGHT JOIN d.c USING (id) FULL OUTER JOIN d.e USING (id) CROSS JOIN d.f
= read table d.a, read table d.b, read table d.c, read table d.e, read table d.f

SELECT * FROM d.a, d.b WHERE a.id = b.id
= read table d.a, read table d.b

SELECT * FROM (SELECT id FROM d.t) AS s JOIN (d.a JOIN d.b USING (id)) USING (id)
= read table d.a, read table d.b, read table d.t

WITH a AS (SELECT id FROM d.t), b AS (SELECT * FROM a) SELECT * FROM b JOIN a USING (id)
= read table d.t

WITH t AS (SELECT * FROM d.t) SELECT * FROM t
= read table d.t

WITH t AS (SELECT * FROM t) SELECT * FROM t
= read table t

WITH a AS (SELECT * FROM b), b AS (SELECT 1 AS x) SELECT * FROM a
= read table b

WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n
= read expression constants

WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1 AS x) SELECT * FROM a
= read expression constants

WITH A AS (SELECT 1 AS x) SELECT * FROM a
= read expression constants

SELECT * FROM (WITH a AS (SELECT 1 AS x) SELECT * FROM a) JOIN a USING (x)
= read table a

WITH a AS (SELECT 1 AS x) SELECT * FROM d.a
= read table d.a

SELECT (WITH a AS (SELECT 1 AS x) SELECT x FROM a), (SELECT x FROM a)
= read table a

SELECT a FROM d.t UNION ALL SELECT b FROM d.u
= read table d.t, read table d.u

SELECT a FROM d.t UNION DISTINCT SELECT b FROM d.u
= read table d.t, read table d.u

(SELECT a FROM d.t) EXCEPT DISTINCT (SELECT b FROM d.u)
= read table d.t, read table d.u

SELECT a FROM d.t INTERSECT DISTINCT SELECT b FROM d.u ORDER BY 1 LIMIT 3
= read table d.t, read table d.u

WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT x FROM a
= read expression constants

(WITH a AS (SELECT 1 AS x) SELECT x FROM a) UNION ALL SELECT x FROM a
= read table a

SELECT DISTINCT a FROM d.t
= read table d.t

SELECT AS STRUCT a, b FROM d.t
= read table d.t

SELECT AS VALUE STRUCT(a AS x, b) FROM d.t
= read table d.t

SELECT * EXCEPT (secret) FROM d.t
= read table d.t

SELECT * REPLACE (a + 1 AS a) FROM d.t
= read table d.t

SELECT o.* EXCEPT (x) REPLACE (UPPER(y) AS y) FROM d.t o
= read table d.t

SELECT customer.address.city, items[OFFSET(0)].price, items[SAFE_OFFSET(1)], items[ORDINAL(1)], m['k'] FROM d.orders
= read table d.orders

SELECT CASE WHEN a > 1 THEN 'x' WHEN a IS NULL THEN 'y' ELSE 'z' END, CASE a WHEN 1 THEN 2 END FROM d.t
= read table d.t

SELECT IF(a, b, c), COALESCE(a, b), IFNULL(a, 0), NULLIF(a, 0), GREATEST(a, b), LEAST(a, b) FROM d.t
= read table d.t

SELECT CAST(a AS STRING), SAFE_CAST(b AS INT64), CAST(c AS NUMERIC(10, 2)), CAST(d AS ARRAY<STRUCT<x INT64, y STRING>>), CAST(e AS STRING FORMAT 'YYYY') FROM d.t
= read table d.t

SELECT a BETWEEN 1 AND 2, a NOT IN (1, 2), a LIKE '%x%', NOT b, a IS NOT NULL, a != b, a <> b, a || 'x', -a, a & 1, a | 1, a ^ 1, ~a, a << 1, a >> 1, a / b, b IS TRUE, b IS NOT FALSE, a IS DISTINCT FROM b FROM d.t
= read table d.t

SELECT a LIKE ANY ('x%', 'y%') FROM d.t
= read table d.t

SELECT EXTRACT(YEAR FROM d), EXTRACT(WEEK(MONDAY) FROM d), EXTRACT(DATE FROM ts AT TIME ZONE 'UTC'), DATE_TRUNC(d, MONTH), DATE_TRUNC(d, WEEK(MONDAY)), DATE_ADD(d, INTERVAL 1 DAY), DATE_SUB(d, INTERVAL 1 MONTH), DATE_DIFF(d, e, DAY), TIMESTAMP_TRUNC(ts, HOUR, 'UTC'), TIMESTAMP_ADD(ts, INTERVAL 5 MINUTE), d + INTERVAL 1 DAY, INTERVAL '1-2' YEAR TO MONTH, CURRENT_DATE(), CURRENT_TIMESTAMP, LAST_DAY(d) FROM d.t
= read table d.t

SELECT PARSE_DATE('%Y', a), FORMAT_DATE('%Y', d), FORMAT_TIMESTAMP('%c', ts, 'UTC'), DATE(ts), DATE(2020, 1, 1), DATETIME(ts), TIME(ts), TIMESTAMP(a), UNIX_SECONDS(ts), TIMESTAMP_SECONDS(1), FORMAT('%d', a) FROM d.t
= read table d.t

SELECT UPPER(a), lower(a), TRIM(a), LTRIM(a), RTRIM(a, 'x'), SUBSTR(a, 1, 2), REPLACE(a, 'x', 'y'), SPLIT(a, ','), CONCAT(a, b), LENGTH(a), REGEXP_CONTAINS(a, r'x'), REGEXP_EXTRACT(a, r'(x)'), REGEXP_REPLACE(a, r'x', 'y'), STRPOS(a, 'x'), STARTS_WITH(a, 'x'), LEFT(a, 1), RIGHT(a, 1), LPAD(a, 3), REVERSE(a), INITCAP(a), TO_HEX(MD5(a)), SHA256(a), TO_BASE64(b), FARM_FINGERPRINT(a) FROM d.t
= read table d.t

SELECT JSON_VALUE(j, '$.a'), JSON_QUERY(j, '$.b'), JSON_EXTRACT_SCALAR(j, '$.c'), j.a.b, j['a'], PARSE_JSON('{}'), TO_JSON_STRING(t), TO_JSON(t), JSON_OBJECT('a', 1), JSON_ARRAY(1, 2), JSON_QUERY_ARRAY(j, '$'), LAX_INT64(j.a) FROM d.t
= read table d.t

SELECT ARRAY_AGG(x ORDER BY y LIMIT 1), ARRAY_AGG(DISTINCT x IGNORE NULLS), STRING_AGG(DISTINCT x, ',' ORDER BY x), APPROX_COUNT_DISTINCT(y), APPROX_QUANTILES(x, 4), ANY_VALUE(x HAVING MAX y), COUNT(DISTINCT x), COUNTIF(x > 1), AVG(x), STDDEV(x), LOGICAL_OR(b), MAX_BY(x, y) FROM d.t
= read table d.t

SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC), SUM(x) OVER (ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), LAG(x, 1, 0) OVER w, LAST_VALUE(x IGNORE NULLS) OVER (w), PERCENTILE_CONT(x, 0.5) OVER (PARTITION BY a) FROM d.t WINDOW w AS (PARTITION BY a ORDER BY b)
= read table d.t

SELECT a FROM d.t QUALIFY RANK() OVER (PARTITION BY a ORDER BY b) = 1
= read table d.t

SELECT a, SUM(x) FROM d.t GROUP BY ROLLUP(a)
= read table d.t

SELECT a, b, SUM(x), GROUPING(a) FROM d.t GROUP BY GROUPING SETS ((a), (b), ())
= read table d.t

SELECT a, b, SUM(x) FROM d.t GROUP BY CUBE(a, b)
= read table d.t

SELECT a, SUM(x) FROM d.t GROUP BY ALL
= read table d.t

SELECT * FROM d.t PIVOT(SUM(x) FOR y IN ('a', 'b'))
= read table d.t

SELECT * FROM d.t UNPIVOT(v FOR k IN (a, b))
= read table d.t

SELECT * FROM d.t FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
= read table d.t | as_it_was

SELECT * FROM d.t TABLESAMPLE SYSTEM (10 PERCENT)
= read table d.t

SELECT [1, 2], ARRAY<INT64>[1, 2], STRUCT(1 AS a, 'x' AS b), STRUCT<a INT64, b STRING>(1, 'x'), (1, 2), ARRAY_LENGTH([1]), ARRAY_CONCAT([1], [2])
= read expression constants

SELECT NET.HOST(u), net.reg_domain(u), SAFE.PARSE_JSON(j), safe.substr(a, 0, -1), HLL_COUNT.MERGE(h) FROM d.t
= read table d.t

SELECT ST_GEOGPOINT(1, 2), ST_DISTANCE(g, ST_GEOGFROMTEXT('POINT(1 2)')), ST_ASTEXT(g) FROM d.t
= read table d.t

SELECT RAND(), GENERATE_UUID()
= read expression constants

SELECT @@project_id
! unknown

SELECT COLLATE(a, 'und:ci') FROM d.t
= read table d.t

SELECT (SELECT AS STRUCT a, b).a FROM d.t
= read table d.t

SELECT t FROM d.t
= read table d.t

SELECT t.a /* c */ FROM d.t -- x
= read table d.t

SELECT a FROM d.t # note
= read table d.t

SELECT `a b`, `select` FROM d.t
= read table d.t

SELECT a `b c`, d e FROM d.t
= read table d.t

SELECT MAX(x), FROM d.t
= read table d.t

FROM d.t |> WHERE x > 1 |> SELECT x, y |> ORDER BY x |> LIMIT 10
= read table d.t

FROM d.t |> AGGREGATE SUM(x) AS s GROUP BY y
= read table d.t

FROM d.t |> EXTEND x + 1 AS z
= read table d.t

FROM d.t |> JOIN d.u USING (id) |> SELECT id
= read table d.t, read table d.u

FROM d.t AS a |> LEFT JOIN d.u AS b ON a.id = b.id
= read table d.t, read table d.u

SELECT * FROM d.t |> WHERE x > 1
= read table d.t

SELECT id FROM d.t;
= read table d.t

SELECT id FROM d.t; -- end
= read table d.t

SELECT CONTAINS_SUBSTR(a, 'x'), SEARCH(t, 'x') FROM d.t
= read table d.t

SELECT ANY_VALUE(a), MIN(a), MAX(a), VAR_POP(a), CORR(a, b) FROM d.t
= read table d.t

SELECT SAFE_DIVIDE(a, b), DIV(a, b), MOD(a, b), ROUND(a, 2), FLOOR(a), CEIL(a), ABS(a), SIGN(a), SQRT(a), POW(a, 2), LN(a), LOG(a, 2), EXP(a), TRUNC(a), IEEE_DIVIDE(a, b) FROM d.t
= read table d.t

SELECT a FROM d.t WHERE d.t.a = 1
= read table d.t

SELECT SUM(x) FILTER (WHERE y) FROM d.t
= read table d.t, run function FILTER

SELECT a FROM d.t AS o WHERE a = (SELECT MAX(u.a) FROM d.u AS u WHERE u.id = o.id)
= read table d.t, read table d.u

SELECT a FROM d.t WHERE (a, b) IN ((1, 2), (3, 4))
= read table d.t

SELECT a FROM d.t WHERE a > ALL (SELECT b FROM d.u)
= read table d.t, read table d.u

SELECT RANGE(DATE '2020-01-01', DATE '2021-01-01'), RANGE_CONTAINS(r, d), RANGE<DATE> '[2020-01-01, 2021-01-01)' FROM d.t
= read table d.t

SELECT ARRAY(SELECT x FROM UNNEST(o.arr) AS x WHERE x > 1) FROM d.t AS o
= read table d.t

SELECT PERCENTILE_DISC(x, 0.5 IGNORE NULLS) OVER () FROM d.t
= read table d.t

SELECT TIMESTAMP_DIFF(a, b, SECOND), DATETIME_TRUNC(c, DAY), TIME_ADD(e, INTERVAL 1 SECOND), DATETIME_ADD(c, INTERVAL 1 DAY), PARSE_TIMESTAMP('%s', f), STRING(ts), INT64(j), BOOL(j), FLOAT64(j) FROM d.t
= read table d.t

SELECT GENERATE_DATE_ARRAY('2020-01-01', '2020-02-01', INTERVAL 1 WEEK)
= read expression constants

SELECT CHR(65), ASCII('a'), UNICODE('a'), CODE_POINTS_TO_STRING([65]), TO_CODE_POINTS('a'), NORMALIZE('a'), BYTE_LENGTH('a'), CHAR_LENGTH('a'), INSTR('a', 'b'), REPEAT('a', 2), SOUNDEX('a'), TRANSLATE('a', 'b', 'c'), ENDS_WITH('a', 'b'), EDIT_DISTANCE('a', 'b')
= read expression constants

SELECT BIT_AND(a), BIT_COUNT(a), CUME_DIST() OVER (ORDER BY a), NTILE(4) OVER (ORDER BY a), DENSE_RANK() OVER (ORDER BY a), FIRST_VALUE(a) OVER (ORDER BY a), NTH_VALUE(a, 2) OVER (ORDER BY a), LEAD(a) OVER (ORDER BY a) FROM d.t
= read table d.t

SELECT o.id FROM d.orders AS o WHERE (SELECT SUM(i.price) FROM UNNEST(o.items) AS i) > 10
= read table d.orders

INSERT INTO d.t (a, b) VALUES (1, 2), (3, DEFAULT)
= insert table d.t

INSERT d.t VALUES (1, 2)
= insert table d.t

INSERT INTO d.t (a) SELECT a FROM d.u
= insert table d.t, read table d.u

INSERT INTO d.t (a) WITH x AS (SELECT a FROM d.u) SELECT a FROM x
= insert table d.t, read table d.u

INSERT INTO `p.d.t` (a) VALUES (@a)
= insert table p.d.t

UPDATE d.t SET a = 1 WHERE id = 2
= update table d.t

UPDATE d.t SET a = 1, b.c = 'x' WHERE TRUE
= update table d.t | all_rows

UPDATE d.t AS o SET a = u.b FROM d.u AS u WHERE u.id = o.id
= read table d.u, update table d.t

UPDATE d.t SET a = (SELECT MAX(b) FROM d.u) WHERE id IN (SELECT id FROM d.v)
= read table d.u, read table d.v, update table d.t

UPDATE d.t SET a = DEFAULT WHERE id = 1
= update table d.t

DELETE FROM d.t WHERE id = 1
= delete table d.t

DELETE d.t WHERE TRUE
= delete table d.t | all_rows

DELETE FROM d.t AS o WHERE NOT EXISTS (SELECT 1 FROM d.u WHERE u.id = o.id)
= delete table d.t, read table d.u

DELETE FROM d.t
= delete table d.t | no_where

MERGE INTO d.t AS t USING d.u AS u ON t.id = u.id WHEN MATCHED AND u.x > 1 THEN UPDATE SET a = u.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (id, a) WHEN NOT MATCHED BY SOURCE THEN DELETE
= delete table d.t, insert table d.t, read table d.u, update table d.t

MERGE d.t USING (SELECT * FROM d.u) AS u ON FALSE WHEN NOT MATCHED THEN INSERT ROW
= insert table d.t, read table d.u

MERGE d.t USING d.u ON t.id = u.id WHEN MATCHED THEN DELETE
= delete table d.t, read table d.u

CREATE TABLE d.t AS SELECT a, b FROM d.u
= define table d.t, read table d.u

CREATE OR REPLACE TABLE `p.d.t` PARTITION BY DATE(ts) CLUSTER BY a, b OPTIONS(description='x', labels=[('a', 'b')]) AS SELECT * FROM d.u
= define table p.d.t, read table d.u

CREATE TABLE IF NOT EXISTS d.t (a INT64) AS SELECT 1 AS a
= define table d.t

CREATE TEMP TABLE t AS SELECT a FROM d.u
= define table t, read table d.u

CREATE VIEW d.v AS SELECT a FROM d.t
= define view d.v, read table d.t

CREATE OR REPLACE VIEW d.v (a, b) OPTIONS(description='x') AS SELECT a, b FROM d.t
= define view d.v, read table d.t

CREATE MATERIALIZED VIEW d.v PARTITION BY a OPTIONS(enable_refresh=TRUE) AS SELECT a, SUM(x) AS s FROM d.t GROUP BY a
= define view d.v, read table d.t

CREATE MODEL d.m OPTIONS(model_type='linear_reg', input_label_cols=['y']) AS SELECT x, y FROM d.t
= define model d.m, read table d.t | unregistered_code

CREATE FUNCTION d.f(x INT64) RETURNS INT64 AS ((SELECT MAX(a) + x FROM d.t))
= define function d.f, read table d.t | replaces_code unregistered_code

CREATE TABLE FUNCTION d.f(x INT64) AS SELECT a FROM d.t WHERE a = x
= define function d.f, read table d.t | replaces_code unregistered_code

CREATE TABLE FUNCTION d.f(x INT64) RETURNS TABLE<a INT64> AS SELECT a FROM d.t WHERE a = x
= define function d.f, read table d.t | replaces_code unregistered_code

GRANT `roles/bigquery.dataViewer` ON TABLE d.t TO 'user:a@b.c'
= grant table d.t

GRANT `roles/bigquery.dataViewer`, `roles/bigquery.admin` ON SCHEMA d TO 'user:a@b.c', 'allUsers'
= grant schema d

REVOKE `roles/bigquery.dataViewer` ON VIEW d.v FROM 'user:a@b.c'
= grant view d.v

EXPORT DATA OPTIONS(uri='gs://x/*.csv', format='CSV', overwrite=TRUE) AS SELECT a FROM d.t
= read table d.t, run statement EXPORT DATA

EXPORT DATA WITH CONNECTION `p.eu.c` OPTIONS(uri='https://x', format='CLOUD_BIGTABLE') AS SELECT a FROM d.t
= read table d.t, run statement EXPORT DATA

TRUNCATE TABLE d.t
= delete table d.t | no_where

CREATE TABLE d.t (a INT64 NOT NULL, b STRUCT<x STRING>, c ARRAY<INT64>) PARTITION BY DATE(ts) OPTIONS(description='x')
= define table d.t

CREATE TABLE d.t LIKE d.u
= define table d.t, read table d.u

CREATE OR REPLACE TABLE d.t COPY d.u
= define table d.t, read table d.u

CREATE TABLE d.t CLONE d.u FOR SYSTEM_TIME AS OF TIMESTAMP '2020-01-01'
= define table d.t, read table d.u

CREATE SNAPSHOT TABLE d.s CLONE d.u OPTIONS(expiration_timestamp=TIMESTAMP '2030-01-01')
= define table d.s, read table d.u

CREATE EXTERNAL TABLE d.t OPTIONS(uris=['gs://x'], format='CSV')
= define table d.t

CREATE EXTERNAL TABLE d.t WITH CONNECTION `p.eu.c` OPTIONS(uris=['gs://x'])
= define table d.t

CREATE SCHEMA IF NOT EXISTS d OPTIONS(location='EU')
= define schema d

CREATE SEARCH INDEX i ON d.t(ALL COLUMNS)
= define table d.t

CREATE VECTOR INDEX i ON d.t(e) OPTIONS(index_type='IVF')
= define table d.t

CREATE ROW ACCESS POLICY p ON d.t GRANT TO ('user:a@b.c') FILTER USING (x = 1)
= grant table d.t

CREATE OR REPLACE ROW ACCESS POLICY p ON d.t GRANT TO ('allUsers') FILTER USING (TRUE)
= grant table d.t

DROP ROW ACCESS POLICY IF EXISTS p ON d.t
= grant table d.t

DROP ALL ROW ACCESS POLICIES ON d.t
= grant table d.t

CREATE FUNCTION d.f(x INT64) AS (x + 1)
= define function d.f | replaces_code unregistered_code

CREATE OR REPLACE FUNCTION d.f(x INT64) RETURNS INT64 LANGUAGE js AS "return x"
= define function d.f | replaces_code unregistered_code

CREATE FUNCTION d.f(x INT64) RETURNS INT64 REMOTE WITH CONNECTION `p.eu.c` OPTIONS (endpoint='https://x')
= define function d.f | replaces_code unregistered_code

CREATE TEMP FUNCTION f(x INT64) AS (x + 1)
= define function f | replaces_code unregistered_code

CREATE AGGREGATE FUNCTION d.f(x INT64) AS (SUM(x))
= define function d.f | replaces_code unregistered_code

CREATE PROCEDURE d.p(x INT64) BEGIN SELECT 1; DELETE FROM d.t WHERE TRUE; END
= define function d.p | replaces_code unregistered_code

CREATE OR REPLACE PROCEDURE d.p() BEGIN IF TRUE THEN SELECT 1; END IF; END;
= define function d.p | replaces_code unregistered_code

CREATE MODEL d.m REMOTE WITH CONNECTION `p.eu.c` OPTIONS(endpoint='gemini')
= define model d.m | unregistered_code

ALTER TABLE d.t ADD COLUMN x INT64
= define table d.t

ALTER TABLE d.t DROP COLUMN x
= define table d.t

ALTER TABLE d.t RENAME TO u
= define table d.t

ALTER TABLE IF EXISTS d.t SET OPTIONS(description='x')
= define table d.t

ALTER TABLE d.t ALTER COLUMN x SET DATA TYPE NUMERIC
= define table d.t

ALTER VIEW d.v SET OPTIONS(description='x')
= define view d.v

ALTER MATERIALIZED VIEW d.v SET OPTIONS(description='x')
= define view d.v

ALTER SCHEMA d SET OPTIONS(description='x')
= define schema d

UNDROP SCHEMA d
= define schema d

DROP TABLE d.t
= define table d.t

DROP TABLE IF EXISTS `p.d.t`
= define table p.d.t

DROP VIEW d.v
= define view d.v

DROP MATERIALIZED VIEW d.v
= define view d.v

DROP SNAPSHOT TABLE d.s
= define table d.s

DROP EXTERNAL TABLE d.t
= define table d.t

DROP SCHEMA d CASCADE
= define schema d

DROP FUNCTION d.f
= define function d.f | replaces_code unregistered_code

DROP TABLE FUNCTION d.f
= define function d.f | replaces_code unregistered_code

DROP PROCEDURE d.p
= define function d.p | replaces_code unregistered_code

DROP MODEL d.m
= define model d.m | unregistered_code

DROP SEARCH INDEX i ON d.t
= define table d.t

LOAD DATA INTO d.t FROM FILES(format='CSV', uris=['gs://x'])
= insert table d.t

LOAD DATA OVERWRITE d.t (a INT64) FROM FILES(format='CSV', uris=['gs://x'])
= delete table d.t, insert table d.t | all_rows

EXPORT MODEL d.m OPTIONS(uri='gs://x')
= run model d.m

CALL d.p(1, 'x')
= run function d.p | unregistered_code

CALL `p.d.proc`()
= run function p.d.proc | unregistered_code

ASSERT EXISTS(SELECT 1 FROM d.t) AS 'x'
= control statement ASSERT

RAISE USING MESSAGE = 'x'
= control statement RAISE

RETURN
= control statement RETURN

SET x = 5
= control statement SET

SET @@dataset_id = 'x'
= control statement SET

BEGIN TRANSACTION
= control statement BEGIN

BEGIN
= control statement BEGIN

COMMIT TRANSACTION
= control statement COMMIT

ROLLBACK
= control statement ROLLBACK

SELECT * FROM EXTERNAL_QUERY('p.eu.c', 'DELETE FROM t')
= run function EXTERNAL_QUERY

SELECT * FROM ML.PREDICT(MODEL d.m, TABLE d.t)
= read model d.m, read table d.t, run function ML.PREDICT

SELECT * FROM ML.PREDICT(MODEL d.m, (SELECT a FROM d.t))
= read model d.m, read table d.t, run function ML.PREDICT

SELECT * FROM ML.GENERATE_TEXT(MODEL d.m, TABLE d.t, STRUCT(1 AS x))
= read model d.m, read table d.t, run function ML.GENERATE_TEXT

SELECT * FROM AI.FORECAST(TABLE d.t, data_col => 'a', timestamp_col => 'b')
= read table d.t, run function AI.FORECAST

SELECT AI.GENERATE('x')
= run function AI.GENERATE

SELECT AI.GENERATE_BOOL('x', connection_id => 'p.eu.c').result FROM d.t
= read table d.t, run function AI.GENERATE_BOOL

SELECT * FROM VECTOR_SEARCH(TABLE d.t, 'e', TABLE d.q)
= read table d.q, read table d.t, run function VECTOR_SEARCH

SELECT * FROM d.tvf(1)
= run function d.tvf

SELECT * FROM p.d.tvf(1) AS x JOIN d.t USING (id)
= read table d.t, run function p.d.tvf

SELECT d.udf(a), p.d.udf(a), p-x.d.udf(a), `p.d.udf`(a), foo(a) FROM d.t
= read table d.t, run function d.udf, run function foo, run function p-x.d.udf, run function p.d.udf

SELECT KEYS.NEW_KEYSET('AEAD_AES_GCM_256'), DETERMINISTIC_ENCRYPT(k, a, ''), AEAD.DECRYPT_STRING(k, a, '') FROM d.t
= read table d.t, run function AEAD.DECRYPT_STRING, run function DETERMINISTIC_ENCRYPT, run function KEYS.NEW_KEYSET

SELECT SESSION_USER()
= run function SESSION_USER

SELECT ERROR(a) FROM d.t
= read table d.t, run function ERROR

CREATE VIEW d.v AS SELECT d.udf(a) AS b FROM d.t
= define view d.v, read table d.t, run function d.udf

INSERT INTO d.t (a) SELECT d.udf(a) FROM d.u
= insert table d.t, read table d.u, run function d.udf

EXECUTE IMMEDIATE 'DROP TABLE d.t'
! several

EXECUTE IMMEDIATE CONCAT('DROP TABLE ', x) USING 1
! several

DECLARE x INT64 DEFAULT 1
! several

BEGIN SELECT 1; END
! several

BEGIN DROP TABLE d.t; END
! several

IF TRUE THEN DROP TABLE d.t; END IF
! several

LOOP SELECT 1; END LOOP
! several

WHILE TRUE DO SELECT 1; END WHILE
! several

FOR r IN (SELECT 1) DO DROP TABLE d.t; END FOR
! several

REPEAT SELECT 1; UNTIL TRUE END REPEAT
! several

CASE WHEN TRUE THEN DROP TABLE d.t; END CASE
! several

SELECT 1; DROP TABLE d.t
! several

SELECT 1;; SELECT 2
! several

CREATE TEMP FUNCTION f(x INT64) AS (x); SELECT f(1)
! several

CREATE PROCEDURE d.p() BEGIN SELECT 1; END; DROP TABLE d.t
! several

CREATE PROCEDURE d.p() BEGIN SELECT 1; END; BEGIN DROP TABLE d.t; END
! several

BEGIN TRANSACTION; DELETE FROM d.t WHERE TRUE; COMMIT TRANSACTION
! several

EXPLAIN SELECT 1
! unknown

EXPLAIN DELETE FROM d.t WHERE TRUE
! unknown

SHOW TABLES
! unknown

DESCRIBE d.t
! unknown

foo
! unknown

VALUES (1)
! unknown

CREATE ASSIGNMENT `p.r.a` OPTIONS(x=1)
! unknown

CREATE CAPACITY `p.r.a` OPTIONS(x=1)
! unknown

ALTER PROJECT p SET OPTIONS(x=1)
! unknown

SELECT * FROM APPENDS(TABLE d.t)
! syntax

SELECT * FROM CHANGES(TABLE d.t, NULL, NULL)
! syntax

SELECT * FROM GRAPH_TABLE(g MATCH (a) RETURN a.x)
! syntax

;
! syntax

-- nothing
! syntax

/* only a comment */
! syntax

SELEC 1
! unknown

SELECT FROM
! syntax

SELECT * FROM t WHERE a = 'x
! syntax

DELETE FROM d.t WHERE id = 1; DELETE FROM d.u WHERE TRUE
! several

FROM d.t |> DROP x |> WHERE y
! syntax

FROM d.t |> SET x = 1
! syntax

FROM d.t |> RENAME x AS y
! syntax

FROM d.t |> CALL d.tvf(1)
! syntax

FROM d.t |> INSERT INTO d.u
! syntax

FROM d.t |> EXPORT DATA OPTIONS(uri='gs://x')
! syntax

WITH x AS (DELETE FROM d.t WHERE TRUE) SELECT 1
! unknown

SELECT ARRAY(DELETE FROM d.t WHERE TRUE)
! unknown

SELECT * FROM (DELETE FROM d.t WHERE TRUE)
! syntax

SELECT (DROP TABLE d.t)
! syntax

SELECT * INTO d.t FROM d.u
! unknown

SELECT * FROM d.t FOR UPDATE
! unknown

INSERT INTO d.t (a) VALUES ((SELECT MAX(a) FROM d.u))
= insert table d.t, read table d.u

COPY d.t FROM 'x'
! unknown

USE d
! unknown

KILL 5
! unknown

ANALYZE d.t
! unknown

GRANT SELECT ON d.t TO x
! unknown

PRAGMA x
! unknown

ATTACH DATABASE x
! unknown

COMMENT ON TABLE d.t IS 'x'
! unknown

CACHE TABLE d.t
! unknown

REFRESH TABLE d.t
! unknown

MERGE INTO d.t USING d.u ON TRUE WHEN MATCHED THEN DO NOTHING
! unknown

LOCK TABLE d.t
! unknown

VACUUM
! unknown
