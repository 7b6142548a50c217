-- Texts that try to hide a table, a call or a change, or that the server could read otherwise: as bigquery_statements.sql.

SELECT {{ table }} FROM d.t
! unknown

SELECT * FROM {{ ref('t') }}
! unknown

SELECT {% if x %} 1 {% endif %}
! unknown

SELECT ${x}
! unknown

SELECT $1
! unknown

SELECT :x
! unknown

SELECT @{x=1} 1
! unknown

SELECT * FROM d.t AS o, `o.arr`
= read table d.t, read table o.arr

SELECT * FROM `d.t`, t.arr
= read table d.t, read table t.arr

SELECT * FROM d.t AS x, t.arr
= read table d.t, read table t.arr

SELECT * FROM t.arr, d.t AS t
= read table d.t, read table t.arr

SELECT (SELECT 1 FROM `o`.arr) FROM d.t o
= read table d.t, read table o.arr

SELECT * FROM `sal\x65s.t`
! unknown

SELECT * FROM `a\`b`
! unknown

SELECT * FROM p.d.t.arr
! unknown

SELECT * FROM `google.com:p.d.t`
! unknown

SELECT * FROM `p.d.t$20240101`
= read table p.d.t$20240101

SELECT * FROM d.t$20240101
! unknown

SELECT * FROM d.__tmp1
! unknown

WITH __tmp1 AS (SELECT 1) FROM __tmp1 |> WHERE TRUE
! unknown

SELECT 1 /* a /* b */ c */
! syntax

SELECT 1 /* a /* b */ FROM d.t
= read table d.t

#legacySQL
! unknown

SELECT 1 -- legacySQL
! unknown

SELECT /* standardSQL */ 1
! unknown

SELECT 1 #   LEGACYSQL
! unknown

SELECT secret FROM d.t
= read table d.t

SELECT * FROM d.t　AS x
! unknown

WITH member AS (SELECT 'x' AS passport) SELECT passport FROM member
= read expression constants

SELECT '''a''' , "b", r'\', d FROM d.t
! syntax

SELECT 'it\'s' FROM d.t -- '
= read table d.t

SELECT 'a' /* ' */ FROM d.t
= read table d.t

SELECT `a``b` FROM d.t
! unknown

SELECT ﹪ FROM d.t
! unknown

SELECT upper‮(a) FROM d.t
! unknown

SELECT а FROM d.t
! unknown

SELECT bytes(a) FROM d.t
= read table d.t, run function bytes

SELECT numeric(a), options(a), system(a), matched(a), recursive(a), week(a) FROM d.t
! unknown

SELECT interval(a) FROM d.t
= read table d.t

SELECT * FROM upper(x)
= run function upper

SELECT * FROM d.upper(x)
= run function d.upper

SELECT d.upper(x), safe.udf(x), d.safe.upper(x)
! syntax

SELECT * EXCEPT (a) REPLACE (foo(a) AS b) FROM d.t
= read table d.t, run function foo

SELECT replace(a, 'x', 'y') FROM d.t
= read table d.t

SELECT f (a), f/**/(a) FROM d.t
= read table d.t, run function f

SELECT x.f(a) FROM d.t x
= read table d.t, run function x.f

SELECT current_user
! unknown

SELECT current_user()
! unknown

SELECT user
= read expression constants

SELECT session_user
= read expression constants

SELECT version()
= run function version

SELECT count (*) FROM d.t
= read table d.t

SELECT (SELECT x FROM d.secret) FROM d.t ORDER BY (SELECT MAX(y) FROM d.hidden) LIMIT 1
= read table d.hidden, read table d.secret, read table d.t

SELECT a FROM d.t GROUP BY (SELECT 1 FROM d.hidden)
= read table d.hidden, read table d.t

SELECT a FROM d.t JOIN d.u ON (SELECT TRUE FROM d.hidden)
= read table d.hidden, read table d.t, read table d.u

SELECT SUM(a) OVER (PARTITION BY (SELECT 1 FROM d.hidden)) FROM d.t
= read table d.hidden, read table d.t

SELECT * FROM d.t PIVOT(SUM(x) FOR y IN ((SELECT 1 FROM d.hidden)))
= read table d.hidden, read table d.t

SELECT * FROM d.t WHERE a IN (SELECT b FROM d.hidden UNION ALL SELECT c FROM d.hidden2)
= read table d.hidden, read table d.hidden2, read table d.t

SELECT a FROM d.t QUALIFY (SELECT TRUE FROM d.hidden)
= read table d.hidden, read table d.t

SELECT STRUCT((SELECT 1 FROM d.hidden) AS x), [(SELECT 2 FROM d.hidden2)]
= read table d.hidden, read table d.hidden2

SELECT CASE WHEN EXISTS (SELECT 1 FROM d.hidden) THEN 1 END
= read table d.hidden

SELECT * FROM d.t FOR SYSTEM_TIME AS OF (SELECT MAX(x) FROM d.hidden)
= read table d.hidden, read table d.t | as_it_was

SELECT * FROM UNNEST((SELECT arr FROM d.hidden)) AS x
= read table d.hidden

SELECT * FROM UNNEST(ARRAY(SELECT a FROM d.hidden))
= read table d.hidden

SELECT a FROM d.t LIMIT (SELECT 1 FROM d.hidden)
= read table d.hidden, read table d.t

FROM d.t |> WHERE EXISTS (SELECT 1 FROM d.hidden) |> EXTEND (SELECT 1 FROM d.hidden2) AS z
= read table d.hidden, read table d.hidden2, read table d.t

FROM d.t |> UNION ALL (SELECT * FROM d.hidden)
= read table d.hidden, read table d.t

FROM d.t |> AGGREGATE COUNT(*) GROUP BY (SELECT 1 FROM d.hidden)
= read table d.hidden, read table d.t

FROM d.t |> ORDER BY (SELECT 1 FROM d.hidden)
= read table d.hidden, read table d.t

FROM d.t |> LIMIT 1 |> JOIN d.hidden ON TRUE
= read table d.hidden, read table d.t

FROM d.t |> PIVOT(SUM(x) FOR y IN ('a'))
= read table d.t

FROM d.t |> TABLESAMPLE SYSTEM (1 PERCENT)
! unknown

FROM d.t |> AS x |> JOIN x.arr
! unknown

SELECT * FROM d.t TABLESAMPLE SYSTEM ((SELECT 1 FROM d.hidden) PERCENT)
= read table d.hidden, read table d.t

SELECT * FROM d.t WINDOW w AS (ORDER BY (SELECT 1 FROM d.hidden))
= read table d.hidden, read table d.t

SELECT * FROM AI.FORECAST(TABLE d.t, data_col => 'a', timestamp_col => 'b')
= read table d.t, run function AI.FORECAST

SELECT * FROM ML.FORECAST(MODEL d.m, STRUCT(3 AS horizon))
= read model d.m, run function ML.FORECAST

SELECT * FROM ML.EVALUATE(MODEL d.m)
! syntax

SELECT * FROM ML.WEIGHTS(MODEL d.m, STRUCT(TRUE AS standardize))
! syntax

SELECT * FROM ML.PREDICT(MODEL d.m, TABLE d.t)
= read model d.m, read table d.t, run function ML.PREDICT

SELECT * FROM ML.GENERATE_TEXT_EMBEDDING(MODEL d.m, TABLE d.t)
= read model d.m, read table d.t, run function ML.GENERATE_TEXT_EMBEDDING

SELECT * FROM VECTOR_SEARCH(TABLE d.t, 'e', TABLE d.q)
= read table d.q, read table d.t, run function VECTOR_SEARCH

SELECT * FROM VECTOR_SEARCH(TABLE d.t, 'e', (SELECT 1 FROM d.q), top_k => 5)
= read table d.q, read table d.t, run function VECTOR_SEARCH

SELECT * FROM countif(x)
= run function countif

SELECT * FROM d.countif(x), countif(y)
= run function countif, run function d.countif

SELECT * FROM d.t, d.f(1)
= read table d.t, run function d.f

SELECT d.upper(x), safe.udf(x) FROM d.t
= read table d.t, run function d.upper, run function safe.udf, run function udf

SELECT d.safe.upper(x)
! syntax

SELECT upper(a), d.upper(a) FROM d.t
= read table d.t, run function d.upper

SELECT week(a) FROM d.t
= read table d.t, run function WEEK

SELECT a, week(monday) FROM d.t
= read table d.t, run function WEEK

SELECT upper(week(monday)) FROM d.t
= read table d.t, run function WEEK

SELECT DATE_TRUNC(d, WEEK), DATE_TRUNC(d, WEEK(MONDAY)), EXTRACT(WEEK FROM d), EXTRACT(WEEK(SUNDAY) FROM d) FROM t
= read table t

SELECT [(SELECT 2 FROM d.hidden2)]
= read table d.hidden2

CREATE VIEW d.v OPTIONS(description='x') AS SELECT a FROM d.t
= define view d.v, read table d.t

MERGE INTO d.t AS t USING d.u AS u ON t.id = u.id WHEN NOT MATCHED THEN INSERT (id, a) VALUES (id, a)
= insert table d.t, read table d.u

SELECT bignumeric(a) FROM d.t
= read table d.t, run function bignumeric

SELECT numeric(a) FROM d.t
= read table d.t, run function numeric

SELECT decimal(a) FROM d.t
= read table d.t, run function decimal

SELECT bigdecimal(a) FROM d.t
= read table d.t, run function bigdecimal

SELECT offset(a) FROM d.t
= read table d.t, run function offset

SELECT ordinal(a) FROM d.t
= read table d.t, run function ordinal

SELECT safe_offset(a) FROM d.t
= read table d.t, run function safe_offset

SELECT safe_ordinal(a) FROM d.t
= read table d.t, run function safe_ordinal

SELECT matched(a) FROM d.t
= read table d.t, run function matched

SELECT pivot(a) FROM d.t
! unknown

SELECT unpivot(a) FROM d.t
! unknown

SELECT sets(a) FROM d.t
= read table d.t, run function sets

SELECT system(a) FROM d.t
= read table d.t, run function system

SELECT values(a) FROM d.t
= read table d.t, run function values

SELECT table(a) FROM d.t
= read table d.t, run function table

SELECT extend(a) FROM d.t
= read table d.t, run function extend

SELECT aggregate(a) FROM d.t
= read table d.t, run function aggregate

SELECT insert(a) FROM d.t
! syntax

SELECT insert(a, 1, 2, 'x') FROM d.t
! unknown

SELECT options(a) FROM d.t
= read table d.t, run function options

SELECT returns(a) FROM d.t
= read table d.t, run function returns

SELECT percent(a) FROM d.t
! unknown

SELECT list(a), map(a) FROM d.t
! unknown

SELECT date(a), `date`(a), d.date(a) FROM d.t
= read table d.t, run function d.date

SELECT any(a), some(a), all(a) FROM d.t
= read table d.t, run function all, run function some

SELECT x.* FROM d.t AS x
= read table d.t

SELECT columns(a) FROM d.t
! unknown

SELECT a.b.c.d.e.f(1) FROM d.t
= read table d.t, run function a.b.c.d.e.f

SELECT nullable(a) FROM d.t
= read table d.t, run function nullable

SELECT vector(a) FROM d.t
= read table d.t, run function vector

SELECT int(a) FROM d.t
= read table d.t, run function int

SELECT object(a) FROM d.t
= read table d.t, run function object

SELECT text(a) FROM d.t
= read table d.t, run function text

SELECT INTERVAL f(1) DAY FROM d.t
= read table d.t, run function f

SELECT CAST(a AS foo) FROM d.t
! syntax

SELECT CAST(a AS foo.bar) FROM d.t
! syntax

SELECT CAST(a AS STRING(10)) FROM d.t
= read table d.t

SELECT a::int64 FROM d.t
! unknown

SELECT NEW x(1) FROM d.t
! syntax

SELECT WITH(a AS 1, a + 1)
! syntax

SELECT a -> b FROM d.t
= read table d.t

SELECT ARRAY_FILTER(a, e -> e > (SELECT 1 FROM d.hidden)) FROM d.t
= read table d.hidden, read table d.t

SELECT f(x => 1) FROM d.t
= read table d.t, run function f

SELECT * FROM d.t AS OF (1)
= read table d.t

SELECT * FROM d.t USE INDEX (x)
! syntax

SELECT * FROM LATERAL d.t
! unknown

SELECT * FROM d.t LATERAL VIEW explode(x) y AS z
! unknown

SELECT * FROM d.t MATCH_RECOGNIZE (PARTITION BY a ORDER BY b MEASURES 1 AS x PATTERN (A) DEFINE A AS TRUE)
! syntax

SELECT TOP 5 a FROM d.t
! syntax

SELECT a FROM d.t CONNECT BY x
! unknown

SELECT a FROM d.t START WITH x
! syntax

SELECT a FROM d.t SETTINGS x = 1
! syntax

SELECT a FROM d.t DISTRIBUTE BY x
! unknown

SELECT a FROM d.t FORMAT JSON
! syntax

WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a
! unknown

WITH a(x) AS (SELECT 1) SELECT * FROM a
= run function a

SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS(epsilon=1) COUNT(*) FROM d.t
! syntax

SELECT WITH AGGREGATION_THRESHOLD OPTIONS(threshold=1) COUNT(*) FROM d.t
! syntax

SELECT ARRAY(DELETE FROM d.t WHERE TRUE) FROM d.t |> AGGREGATE SUM(x) AS s GROUP BY y
! unknown

FROM d.t |> SELECT (SELECT y FROM d.x) AS z, x |> SELECT x
= read table d.t, read table d.x

SELECT (SELECT y FROM d.x) AS x FROM d.t |> AGGREGATE COUNT(*)
! unknown

SELECT (SELECT y FROM `d.x`, d.u) AS x FROM d.t |> AGGREGATE COUNT(*)
! unknown

FROM d.t |> SELECT (SELECT 1 FROM t) AS z |> SELECT d
= read table d.t, read table t

RETURN UNION ALL SELECT 1
! unknown

SELECT 1 UNION ALL RETURN
! syntax

WITH a AS (RETURN) SELECT * FROM a
! unknown

SELECT 1 UNION ALL VALUES (1)
! syntax

SELECT 1 UNION ALL TABLE d.t
! syntax

WITH a AS (TABLE d.t) SELECT * FROM a
! syntax

(RETURN)
! unknown

(CALL)
! unknown

foo(1)
! unknown

(d.f(1))
! unknown

d.f(1) UNION ALL SELECT 1
! unknown

SELECT * FROM (d.f(1))
= run function d.f

SELECT * FROM (VALUES (1))
! unknown

SELECT * FROM (foo)
= read table foo

INSERT INTO d.t TABLE d.u
! unknown

INSERT INTO d.t FROM d.u |> WHERE TRUE
= insert table d.t, read table d.u

(SELECT 1)
= read expression constants

((SELECT a FROM d.t)) UNION ALL (SELECT 1) ORDER BY 1
= read table d.t

SELECT * FROM d.t AS o, (SELECT * FROM o.arr) AS x
= read table d.t, read table o.arr

SELECT * FROM d.t AS o JOIN (d.u JOIN (SELECT * FROM o.arr) USING (a)) USING (a)
= read table d.t, read table d.u, read table o.arr

SELECT * FROM d.t AS o, d.f((SELECT 1 FROM o.arr))
= read table d.t, read table o.arr, run function d.f

SELECT * FROM d.t o JOIN o.arr AS i ON TRUE
= read table d.t

SELECT * FROM d.t o LEFT JOIN (o.arr AS i JOIN d.u ON TRUE) ON TRUE
= read table d.t, read table d.u, read table o.arr

SELECT secret FROM d.t
! unknown

WITH member AS (SELECT 'x' AS passport) SELECT passport FROM member
! unknown

SELECT ' ' FROM d.t
= read table d.t

SELECT a FROM `d.täble`
= read table d.täble

SELECT * FROM `p.d.`
! unknown

SELECT * FROM `..`
! unknown

SELECT * FROM d.`t‮`
! unknown

SELECT `net.host`(a), `upper`(a), `safe.upper`(a) FROM d.t
= read table d.t, run function net.host, run function safe.upper

SELECT f(?) FROM d.t WHERE a = @a
! parameters

SELECT @@session_id, @@x.y
! unknown

SELECT * FROM d.t AS a, d.u AS b, a.items, b.items
= read table d.t, read table d.u

SELECT * FROM d.t, `t`.arr
= read table d.t, read table t.arr

SELECT (SELECT 1 FROM (SELECT * FROM o.arr)) FROM d.t o
= read table d.t

WITH x AS (SELECT * FROM o.arr) SELECT * FROM d.t o
= read table d.t, read table o.arr

SELECT * FROM d.t o WHERE EXISTS (WITH y AS (SELECT 1 FROM o.arr) SELECT * FROM y)
= read table d.t, read table o.arr

DELETE FROM d.t o WHERE EXISTS (SELECT 1 FROM o.arr)
= delete table d.t

UPDATE d.t o SET a = (SELECT 1 FROM o.arr) WHERE TRUE
= update table d.t | all_rows

UPDATE d.t AS o SET a = 1 FROM o.arr WHERE TRUE
= read table o.arr, update table d.t | all_rows

INSERT INTO d.t (a) SELECT a FROM t.arr
= insert table d.t, read table t.arr

MERGE d.t AS t USING t.arr AS u ON TRUE WHEN MATCHED THEN DELETE
= delete table d.t, read table t.arr

MERGE d.t AS t USING d.u AS u ON EXISTS (SELECT 1 FROM u.arr) WHEN MATCHED AND EXISTS (SELECT 1 FROM d.hidden) THEN UPDATE SET a = (SELECT 1 FROM d.deeper) WHEN NOT MATCHED THEN INSERT (a) VALUES ((SELECT 1 FROM d.deepest))
= insert table d.t, read table d.deeper, read table d.deepest, read table d.hidden, read table d.u, update table d.t

CREATE TABLE d.t (a INT64 DEFAULT (d.f(1)))
= define table d.t

CREATE TABLE d.t (a INT64) AS FROM d.u |> WHERE TRUE
= define table d.t, read table d.u

CREATE VIEW d.v AS FROM d.u |> WHERE TRUE
= define view d.v, read table d.u

CREATE ROW ACCESS POLICY p ON d.t GRANT TO ('x') FILTER USING (a IN (SELECT a FROM d.hidden))
! unknown

CALL d.p((SELECT a FROM d.hidden))
! unknown

ALTER TABLE d.t ALTER COLUMN a SET DEFAULT (SELECT 1 FROM d.hidden)
! unknown

TRUNCATE TABLE d.t, d.u
! unknown

DROP TABLE d.t, d.u
! unknown

DROP TABLE d.t AS SELECT 1
! unknown

DROP TABLE `d.t` CASCADE
! unknown

GRANT `roles/x` ON PROJECT p TO 'user:x'
! unknown

SELECT 1 AS `a\`; DROP TABLE d.t --`
! unknown

SELECT 'a\'; DROP TABLE d.t; --' AS x
= read expression constants

SELECT """a"; DROP TABLE d.t; """ AS x
= read expression constants

SELECT r'a\'; DROP TABLE d.t; --' AS x
= read expression constants

SELECT a, @@last_job_id FROM d.t
! unknown

SELECT a FROM d.t WHERE b = @@error.message
! unknown

SELECT * FROM EXTERNAL_QUERY('p.eu.c', (SELECT MAX(q) FROM d.t))
= read table d.t, run function EXTERNAL_QUERY

WITH d AS (SELECT 1 AS t) SELECT * FROM d.t
= read table d.t

SELECT * FROM d.t, UNNEST(t.arr) AS x, x.y
= read table d.t, read table x.y

SELECT ARRAY(FROM d.secret |> SELECT a)
= read table d.secret

FROM d.t |> EXTEND (SELECT MAX(x) FROM d.secret) AS m
= read table d.secret, read table d.t

FROM d.t |> , d.secret
= read table d.secret, read table d.t

SELECT a.SUBSTR(1) FROM d.t
= read table d.t, run function a.SUBSTR

SELECT (a).d.f() FROM d.t
= read table d.t, run function d.f

SELECT d/**/.f(a) FROM d.t
= read table d.t, run function d.f

SELECT SAFE.d.f(a) FROM d.t
= read table d.t, run function SAFE.d.f

SELECT a FROM d.t PIVOT (SUM(a) FOR b IN (SELECT x FROM d.secret))
= read table d.secret, read table d.t

SELECT a FROM d.t WINDOW w AS (ORDER BY (SELECT 1 FROM d.secret))
= read table d.secret, read table d.t

SELECT AI.IF('x', a) FROM d.t
= read table d.t, run function AI.IF

SELECT a FROM d.t FOR SYSTEM_TIME AS OF (SELECT MAX(x) FROM d.secret)
= read table d.secret, read table d.t | as_it_was

CREATE EXTERNAL SCHEMA d OPTIONS (x = 1)
! unknown

ALTER PROJECT p SET OPTIONS (x = 1)
! unknown
