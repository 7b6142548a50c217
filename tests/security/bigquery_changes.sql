-- A change, what becomes of protected values in it, a blank line. "= fact, …": it may run, and people are told these;
-- "! doubt": it does not, whatever a rule says. Protected: sales.orders email, customer.phone, items.price, spent.

INSERT INTO stats.visits (country, n) VALUES ('ES', 1)
= 

INSERT INTO stats.visits (country, n) SELECT country, n FROM stats.visits
= 

INSERT INTO stats.visits (n) SELECT id FROM sales.orders
= 

INSERT INTO stats.visits (n) SELECT COUNT(*) FROM sales.orders
= 

INSERT INTO stats.visits (country) SELECT email FROM sales.orders
! launders

INSERT INTO stats.visits (country) SELECT UPPER(`EMAIL`) FROM sales.orders
! launders

INSERT INTO stats.visits (country) SELECT o.customer.phone FROM sales.orders AS o
! launders

INSERT INTO stats.visits (country) SELECT c.phone FROM (SELECT customer AS c FROM sales.orders)
! launders

INSERT INTO stats.visits (country) SELECT TO_JSON_STRING(o) FROM sales.orders AS o
! launders

INSERT INTO stats.visits (country) SELECT TO_JSON_STRING(orders) FROM sales.orders
! launders

INSERT INTO stats.visits (country) SELECT TO_JSON_STRING(`orders`) FROM `acme.sales.orders`
! launders

INSERT INTO stats.visits (country) SELECT FORMAT('%T', o) FROM sales.orders o
! launders

INSERT INTO stats.visits (n) SELECT i.price FROM sales.orders o, o.items i
! launders

INSERT INTO stats.visits (n) SELECT i.price FROM sales.orders o, UNNEST(o.items) AS i
! launders

INSERT INTO stats.visits SELECT * FROM sales.orders
! launders

INSERT INTO stats.visits SELECT o.* FROM sales.orders o
! launders

INSERT INTO stats.visits SELECT * EXCEPT (email) FROM sales.orders
! launders

INSERT INTO stats.visits SELECT * REPLACE ('x' AS email) FROM sales.orders
! launders

INSERT INTO stats.visits (country) WITH x AS (SELECT email AS e FROM sales.orders) SELECT e FROM x
! launders

INSERT INTO stats.visits (country) WITH orders AS (SELECT email FROM sales.orders) SELECT email FROM orders
! launders

INSERT INTO stats.visits (country) SELECT (SELECT MAX(email) FROM sales.orders)
! launders

INSERT INTO stats.visits (country) VALUES ((SELECT MAX(email) FROM sales.orders))
! launders

INSERT INTO stats.visits (country) SELECT AS VALUE o FROM sales.orders o
! launders

INSERT INTO stats.visits (n) SELECT id FROM sales.orders WHERE email LIKE 'a%'
! launders

INSERT INTO stats.visits (n) SELECT id FROM sales.orders ORDER BY email LIMIT 1
! launders

INSERT INTO stats.visits (n) SELECT a.id FROM sales.orders a JOIN sales.orders b USING (email)
! launders

INSERT INTO stats.visits (country) SELECT v FROM sales.orders UNPIVOT (v FOR k IN (email))
! launders

INSERT INTO stats.visits FROM sales.orders |> SELECT id
! launders

INSERT INTO stats.visits FROM sales.orders |> WHERE TRUE
! launders

INSERT INTO sales.orders (id, email) VALUES (3, 'x')
= assigns_protected

INSERT INTO sales.orders (id) VALUES (3)
= 

INSERT INTO sales.orders (id, email) SELECT n, country FROM stats.visits
= assigns_protected

INSERT INTO sales.orders SELECT * FROM sales.orders
! launders

UPDATE stats.visits SET n = n + 1 WHERE country = 'ES'
= 

UPDATE sales.orders SET email = 'x' WHERE id = 1
= assigns_protected

UPDATE sales.orders SET email = LOWER(email) WHERE id = 1
= assigns_protected

UPDATE sales.orders SET customer.phone = 'x' WHERE id = 1
= assigns_protected

UPDATE sales.orders SET customer.name = customer.phone WHERE id = 1
! launders

UPDATE sales.orders SET customer.phone = email WHERE id = 1
! launders

UPDATE sales.orders SET email = CONCAT(email, customer.phone) WHERE id = 1
! launders

UPDATE sales.orders SET id = spent WHERE TRUE
! launders

UPDATE sales.orders SET id = 5 WHERE email = 'a@acme.test'
= predicate_on_protected

UPDATE sales.orders AS o SET id = 5 WHERE TO_JSON_STRING(o) LIKE '%x%'
= predicate_on_protected

UPDATE sales.orders AS o SET email = TO_JSON_STRING(o) WHERE TRUE
! launders

UPDATE stats.visits v SET country = o.email FROM sales.orders o WHERE o.id = v.n
! launders

UPDATE stats.visits v SET email = o.email FROM sales.orders o WHERE o.id = v.n
! launders

UPDATE stats.visits v SET country = 'x' FROM sales.orders o WHERE o.id = v.n AND o.email = 'y'
= predicate_on_protected

UPDATE stats.visits v SET country = s.x FROM (SELECT id, email AS x FROM sales.orders) s WHERE s.id = v.n
! launders

UPDATE stats.visits v SET n = 1 WHERE v.n IN (SELECT id FROM sales.orders)
= 

UPDATE stats.visits v SET n = 1 WHERE EXISTS (SELECT * FROM sales.orders o WHERE o.id = v.n)
= predicate_on_protected

UPDATE stats.visits v SET country = (SELECT MAX(email) FROM sales.orders) WHERE TRUE
! launders

DELETE FROM sales.orders WHERE id = 1
= 

DELETE FROM sales.orders WHERE spent > 100000
= predicate_on_protected

DELETE FROM sales.orders o WHERE o IS NULL
= predicate_on_protected

DELETE FROM stats.visits WHERE country IN (SELECT email FROM sales.orders)
= predicate_on_protected

TRUNCATE TABLE sales.orders
= 

MERGE stats.visits t USING (SELECT 1 AS k) s ON t.n = s.k WHEN MATCHED THEN DELETE
= 

MERGE sales.orders t USING stats.visits s ON t.id = s.n WHEN MATCHED THEN UPDATE SET email = s.country
= assigns_protected

MERGE sales.orders t USING stats.visits s ON t.email = s.country WHEN MATCHED THEN DELETE
= predicate_on_protected

MERGE sales.orders t USING stats.visits s ON t.id = s.n WHEN MATCHED AND t.spent > 9 THEN DELETE
= predicate_on_protected

MERGE sales.orders t USING stats.visits s ON t.id = s.n WHEN NOT MATCHED THEN INSERT (id, email) VALUES (n, country)
= assigns_protected

MERGE sales.orders t USING stats.visits s ON FALSE WHEN NOT MATCHED THEN INSERT ROW
= assigns_protected

MERGE stats.visits t USING sales.orders s ON t.n = s.id WHEN NOT MATCHED THEN INSERT (country) VALUES (email)
! launders

MERGE stats.visits t USING sales.orders s ON t.n = s.id WHEN NOT MATCHED THEN INSERT ROW
! launders

MERGE stats.visits t USING sales.orders s ON t.n = s.id WHEN MATCHED THEN DELETE
! launders

CREATE TABLE stats.copy AS SELECT email FROM sales.orders
! launders

CREATE TABLE stats.copy AS SELECT id FROM sales.orders
= 

CREATE OR REPLACE TABLE stats.copy AS (SELECT * FROM sales.orders)
! launders

CREATE TABLE stats.copy (a INT64, b STRING)
= 

CREATE VIEW stats.v AS SELECT id FROM sales.orders
! launders

CREATE MATERIALIZED VIEW stats.v AS SELECT id FROM sales.orders
! launders

CREATE VIEW stats.v AS SELECT n FROM stats.visits
= 

CREATE FUNCTION stats.f() AS ((SELECT MAX(email) FROM sales.orders))
! launders

CREATE FUNCTION stats.f(x INT64) AS (x + 1)
= 

CREATE SNAPSHOT TABLE stats.s CLONE sales.orders
! launders

CREATE SNAPSHOT TABLE stats.s CLONE stats.visits
= 

CREATE SEARCH INDEX i ON sales.orders (ALL COLUMNS)
! launders

CREATE OR REPLACE TABLE sales.orders (id INT64)
= tags_must_be_reviewed

ALTER TABLE sales.orders RENAME COLUMN email TO mail
= tags_must_be_reviewed

ALTER TABLE sales.orders RENAME TO old
= tags_must_be_reviewed

ALTER TABLE stats.visits ADD COLUMN more STRING
= 

DROP TABLE sales.orders
= tags_must_be_reviewed

DROP SCHEMA sales CASCADE
= tags_must_be_reviewed

DROP SCHEMA stats
= 

DROP VIEW IF EXISTS stats.v
= 

CREATE TABLE stats.copy LIKE sales.orders
! closed

CREATE TABLE stats.copy COPY sales.orders
! closed

CREATE TABLE stats.copy CLONE sales.orders
! closed

CREATE TEMP TABLE x AS SELECT 1 AS a
! closed

CREATE TEMP TABLE x (a INT64)
! closed

CREATE TEMP FUNCTION f(x INT64) AS (x)
! closed

CREATE EXTERNAL TABLE stats.e OPTIONS (format = 'CSV', uris = ['gs://b/x'])
! closed

CREATE MODEL stats.m OPTIONS (model_type = 'linear_reg') AS SELECT n FROM stats.visits
! closed

CREATE PROCEDURE stats.p() BEGIN SELECT 1; END
! closed

CREATE ROW ACCESS POLICY p ON stats.visits GRANT TO ('user:a@b.c') FILTER USING (TRUE)
! closed

DROP ROW ACCESS POLICY p ON stats.visits
! closed

DROP ALL ROW ACCESS POLICIES ON stats.visits
! closed

GRANT `roles/bigquery.dataViewer` ON TABLE stats.visits TO 'allUsers'
! closed

REVOKE `roles/bigquery.dataViewer` ON TABLE stats.visits FROM 'allUsers'
! closed

CALL stats.p(1)
! closed

EXPORT DATA OPTIONS (uri = 'gs://b/*', format = 'CSV') AS SELECT n FROM stats.visits
! closed

EXPORT MODEL stats.m
! closed

LOAD DATA INTO stats.visits FROM FILES (format = 'CSV', uris = ['gs://b/x'])
! closed

ASSERT TRUE
! closed

SET @@query_label = 'a:b'
! closed

BEGIN TRANSACTION
! closed

COMMIT TRANSACTION
! closed

DROP MODEL stats.m
! closed

UNDROP SCHEMA stats
! closed

CREATE VECTOR INDEX i ON stats.visits (n)
! closed

EXECUTE IMMEDIATE 'DROP TABLE stats.visits'
! several

DECLARE x INT64; SELECT x
! several

BEGIN DROP TABLE stats.visits; END
! several

IF TRUE THEN DROP TABLE stats.visits; END IF
! several

UPDATE stats.visits SET n = stats.f(n) WHERE TRUE
! function

INSERT INTO stats.visits (n) SELECT n FROM EXTERNAL_QUERY('acme.eu.pg', 'SELECT 1 AS n')
! function

INSERT INTO stats.visits (n) SELECT n FROM ML.PREDICT(MODEL stats.m, TABLE stats.visits)
! function

INSERT INTO stats.visits (country) SELECT AI.GENERATE('x')
! function

SELECT AI.GENERATE('x')
! function

SELECT * FROM EXTERNAL_QUERY('acme.eu.pg', 'SELECT 1 AS n')
! function

SELECT * FROM ML.PREDICT(MODEL stats.m, (SELECT 1 AS a))
! function

SELECT * FROM stats.f(1)
! function

SELECT KEYS.NEW_KEYSET('AEAD_AES_GCM_256')
! function

SELECT SESSION_USER()
! function

DELETE FROM `stats.*` WHERE TRUE
! closed

DELETE FROM sales.Orders WHERE TRUE
! protected

INSERT INTO `sales.orders$20240101` (id) VALUES (1)
! protected

UPDATE _hidden.anon SET a = 1 WHERE TRUE
! closed

DROP SCHEMA _hidden
! closed
